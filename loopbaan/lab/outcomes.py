"""What a run yields: tables by subject, the stamps that tell one run from another, and files.

Two runs with the same stamps give the same bytes: no file holds a time of day or a place.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from loopbaan.lab import (
    access,
    break_even,
    budget,
    counting,
    effects,
    falling_out,
    orders,
    published,
    reached,
    risks,
    suppression,
    unequal,
    waiting,
)
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.centres import Centres
from loopbaan.lab.events import Events
from loopbaan.lab.population import Population
from loopbaan.law.checks import DEFAULT_READING, UnreadableFile
from loopbaan.law.months import calendar_day, first_of
from loopbaan.law.rulebook import Rulebook

ABOUT = "run.json"
SUMMARY = "summary.txt"
# One row an order is by far the largest; the others fit a screen or a sheet.
ORDERS = "orders"
TABLES = (
    "by_month",
    "by_year",
    "published",
    "sold_out",
    "waiting",
    "falling_out",
    "centres",
    "centres_by_month",
    "effects",
    "break_even",
    "budget",
    "reached",
    "access",
    "unequal",
)
SHEET = "by_year"  # also written as CSV: what stands beside a scenario as its expected table

Stamps = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Outcomes:
    """The tables of a run by name; `about` has its title and its stamps."""

    about: dict[str, str | int | float]
    tables: dict[str, pl.DataFrame]

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.tables[name]

    @cached_property
    def opened(self) -> dict[str, pl.DataFrame]:
        """The tables by group as they may leave the house together: without their small cells."""
        return suppression.open_tables(self.tables)


def of(
    events: Events,
    population: Population,
    rulebook: Rulebook,
    behaviour: Behaviour,
    centres: Centres,
    *,
    about: Stamps,
    reading: str = DEFAULT_READING,
) -> Outcomes:
    """Count the outcomes of a run."""
    first, last = (_first_day(month) for month in (events.first_month, events.last_month))
    frame = orders.frame(events, population, rulebook, reading)
    scarce = scarce_periods(rulebook, reading)
    months = counting.by_month(frame, first, last)
    years = counting.by_year(months, frame)
    by_centre, at_risk = risks.report(frame, centres, behaviour, first, last, population.share)
    tables = {
        ORDERS: frame,
        "by_month": months,
        "by_year": years,
        "published": published.comparison(years, population.share),
        "sold_out": counting.sold_out(frame, months, rulebook, reading, population.share),
        "waiting": waiting.report(frame, scarce),
        "falling_out": falling_out.report(frame, scarce),
        "centres": by_centre,
        "centres_by_month": at_risk,
        "effects": effects.bands(frame, behaviour),
        "break_even": break_even.report(frame, behaviour),
        "budget": budget.report(years),
        "reached": reached.report(frame, scarce),
        "unequal": unequal.report(frame, scarce),
        "access": access.report(frame, centres, behaviour, first, last, population.share),
    }
    return Outcomes(dict(about), tables)


def scarce_periods(rulebook: Rulebook, reading: str) -> tuple[str, ...]:
    """Return the first days of the periods of the law that have a cap."""
    days = rulebook.change_days(reading)
    known = date.max
    return tuple(
        day.isoformat()
        for day in days
        if rulebook.on(day, known, reading).cap_per_month is not None
    )


def write(outcomes: Outcomes, folder: Path, summary: str) -> None:
    """Write every table as Parquet, the stamps, the summary and one sheet; whole or not at all.

    Raises:
        UnreadableFile: the folder holds something that is no run.

    """
    with _whole(folder) as part:
        for name, table in outcomes.tables.items():
            table.write_parquet(part / f"{name}.parquet", compression="lz4", statistics=False)
        outcomes[SHEET].write_csv(part / f"{SHEET}.csv")
        text = json.dumps(outcomes.about, indent=1, ensure_ascii=False)
        (part / ABOUT).write_text(text + "\n", "utf-8")
        (part / SUMMARY).write_text(summary, "utf-8")


def read(folder: Path) -> Outcomes:
    """Read a run back that was written, without its orders.

    Raises:
        UnreadableFile: the folder holds no run, or half of one.

    """
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UnreadableFile(
            f"{folder}: holds no run ({error}); make one with loopbaan lab run NAME --out {folder}"
        ) from None
    return Outcomes(about, tables)


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant, and put it in its place once it is whole.

    A run that stands there already is replaced; anything else is left alone.
    """
    place = folder.resolve()
    refuse_a_folder_that_is_no_run(place)
    part = place.with_name(f".{place.name}.{os.getpid()}")
    part.mkdir(parents=True)
    old = place.with_name(f".{place.name}.{os.getpid()}.old")
    try:
        yield part
        if place.exists():
            place.replace(old)
        part.replace(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def refuse_a_folder_that_is_no_run(folder: Path) -> None:
    """Refuse to write where something else stands.

    Raises:
        UnreadableFile: with the sentence that says so.

    """
    if folder.exists() and not folder.is_dir():
        raise UnreadableFile(f"{folder}: is a file; name a new folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / ABOUT).exists():
        raise UnreadableFile(f"{folder}: holds something that is no run; name a new folder")


def _first_day(month: int) -> date:
    return calendar_day(int(first_of(month)))
