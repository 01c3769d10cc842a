"""The invented workers for others: one table in Parquet, with what its columns mean, and the fit.

The description follows CSV on the Web (W3C), whose words for a table serve a Parquet file as well.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab import margins
from loopbaan.lab.closeness import MOST_GAP, Line, experience, fit, given
from loopbaan.lab.lives import RUNS_ON
from loopbaan.lab.population import DIMENSIONS, NoPopulation, Population
from loopbaan.law.rulebook import Rulebook

TABLE = "population.parquet"
DESCRIPTION = "csv-metadata.json"
BEGAN = -840  # January 1900, in months since January 1970


MEANING = {
    "worker": "number of the invented worker, from 0",
    "born": "first day of the month of birth",
    "entered": "first day of the month in which work began",
    "left": "first day of the first month no longer at work; empty: still at work after 2027",
    "gap_from": "first day of the first month of a career break; empty: none",
    "gap_months": "length of the career break in months; 0: none",
    "sex": "sex",
    "education": "highest diploma: low (no upper secondary), mid, high (higher education)",
    "status": "status of the main activity",
    "sector": "sector of the main activity",
    "residence": "province of residence, or Brussels",
    "work_place": "region of the place of work",
    "work_time": "full time or part time",
    "origin": "origin: Belgian, other EU, outside the EU",
    "health_limitation": "hindered in daily life by a handicap or a lasting health problem",
    "sick_with_contract": "ill, and for how long, while under contract or registered",
    "workable_job": "whether the job is workable (workability monitor)",
    "burnout_symptoms": "whether there are symptoms of burn-out",
    "job_search_intent": "whether the worker actively looks for another job",
    "digital_skill": "digital skill",
    "wage_quintile": "quintile of the full-time wage: q1 lowest",
    "place": "town of residence, by the weights of GeoNames (CC BY 4.0)",
}
_DATATYPES = {"worker": "integer", "gap_months": "integer"}
_DATES = ("born", "entered", "left", "gap_from")


def report(population: Population, rulebook: Rulebook) -> Iterator[str]:
    """Yield the fit as lines to print: every margin; then what is told and binds nobody."""
    yield f"population {population.hash}"
    yield f"seed {population.seed}, share {population.share:g}: {len(population):,} workers"
    yield ""
    yield "Margins (wanted, got, gap in percentage points; sizes in persons and percent)"
    yield from (_text(line) for line in fit(population))
    yield ""
    yield "Conditionals, today: they contradict the margins, and bind nobody"
    yield from (_text(line) for line in given(population))
    yield ""
    yield "Experience as the law counts it, beside a model of it, and shares with a band"
    yield from (_text(line) for line in experience(population, rulebook))
    far = too_far(population)
    yield ""
    yield (
        f"{len(far)} of the margins are more than half a percentage point off"
        if far
        else "every margin is within half a percentage point"
    )


def too_far(population: Population) -> list[Line]:
    """Return the margins that are more than half a percentage point off."""
    return [line for line in fit(population) if abs(line.gap) > MOST_GAP]


def _text(line: Line) -> str:
    is_size = line.dimension == "size"
    figure = "{:>12,.0f}" if is_size else "{:>12.4f}"
    figures = figure.format(line.wanted) + figure.format(line.got)
    name = f"{line.dimension}: {line.category}"
    return f"  {line.year}  {name:<66}{figures}{100 * line.gap:>+9.3f}"


def publish(population: Population, folder: Path) -> None:
    """Write the workers and what the columns mean to a new folder, or an empty one.

    Raises:
        NoPopulation: something stands there already.

    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise NoPopulation(f"{folder}: holds something: name a new folder")
    with _whole(folder) as part:
        frame(population).write_parquet(part / TABLE, compression="zstd", statistics=False)
        text = json.dumps(_description(population), indent=1, ensure_ascii=False)
        (part / DESCRIPTION).write_text(text + "\n", "utf-8")


def frame(population: Population, rows: slice = slice(None)) -> pl.DataFrame:
    """Return workers as a frame: dates for months, words for codes."""
    numbers = np.arange(len(population), dtype=np.uint32)[rows]
    found: list[pl.Series] = [pl.Series("worker", numbers)]
    for name, column in population.rows(rows).items():
        if name in _DATES:
            found.append(_dates(name, column))
        elif name in DIMENSIONS:
            found.append(_words(name, column, DIMENSIONS[name]))
        elif name == "place":
            found.append(_words(name, column, _places()))
        else:
            found.append(pl.Series(name, column))
    return pl.DataFrame(found)


def _dates(name: str, months: NDArray[Any]) -> pl.Series:
    day = (months.astype(np.int64) + BEGAN).astype("datetime64[M]").astype("datetime64[D]")
    return pl.Series(name, np.where(months == RUNS_ON, np.datetime64("NaT"), day))


def _words(name: str, codes: NDArray[Any], words: Sequence[str]) -> pl.Series:
    return pl.Series(name, codes).cat.to(pl.Enum(words))


def _places() -> list[str]:
    """Return the name of every place; one that exists twice is told apart by its number."""
    table = [(row["name"], row["geoname_id"]) for row in margins.rows("places")]
    names = [name for name, _ in table]
    return [name if names.count(name) == 1 else f"{name} ({number})" for name, number in table]


def _description(population: Population) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": TABLE,
        "dc:title": "Invented workers of Flanders, 2013-2027",
        "dc:description": (
            "Everybody who ever works between July 2013 and December 2027 in an invented Flanders,"
            " drawn from published margins. No row describes a real person."
        ),
        "dc:identifier": population.hash,
        "dc:provenance": f"seed {population.seed}, share {population.share:g}",
        "tableSchema": {"columns": [_column(name) for name in MEANING], "primaryKey": "worker"},
    }


def _column(name: str) -> dict[str, Any]:
    datatype: Any = "date" if name in _DATES else _DATATYPES.get(name, "string")
    words = DIMENSIONS.get(name)
    if words is not None:
        datatype = {"base": "string", "format": "|".join(words)}
    return {"name": name, "datatype": datatype, "dc:description": MEANING[name]}


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant, and put it in its place once it is whole."""
    place = folder.resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}")
    part.mkdir(parents=True)
    try:
        yield part
        part.replace(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
