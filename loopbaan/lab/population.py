"""The invented workers of Flanders: all who ever work between July 2013 and December 2027.

Nobody in here is real. A row holds what a worker is like, and the months of birth, entry, one pause
and end, so that a run never ages anybody. Rows are sorted by behaviour cell: who behave alike lie
together. Months are counted from January 1900.
"""

import hashlib
import json
import math
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.adapters import towns
from loopbaan.lab import lives, margins, stocks, traits
from loopbaan.lab.chance import Chance
from loopbaan.lab.lives import RUNS_ON
from loopbaan.lab.margins import IN_2015, TODAY
from loopbaan.law.career import RUNS_ON as NO_END
from loopbaan.law.career import Spells
from loopbaan.law.months import first_of
from loopbaan.law.policy import KINDS

Months = NDArray[np.int16]
Codes = NDArray[np.uint8]

DIMENSIONS = margins.dimensions()
CELL_DIMENSIONS = (
    "sex",
    "education",
    "self_employed",
    "non_eu",
    "health_limitation",
    "burnout_symptoms",
    "workable_job",
    "job_search_intent",
    "birth_band",
)
BAND_MONTHS = 60
FIRST_BAND = 12 * stocks.FIRST_YEAR // BAND_MONTHS
BANDS = (12 * (stocks.FIRST_YEAR + stocks.YEARS) - 1) // BAND_MONTHS - FIRST_BAND + 1
CELL_SIZES = (2, 3, 2, 2, 2, 2, 2, 2, BANDS)
CELLS = math.prod(CELL_SIZES)
SELF_EMPLOYED = DIMENSIONS["status"].index("self_employed_main")
NON_EU = DIMENSIONS["origin"].index("non_eu")
# How a register calls the work of each status.
KIND_OF = {"self_employed_main": "self_employed", "interim": "agency"}
LIFE = ("born", "entered", "left", "gap_from", "gap_months")
LEAST_SHARE = 0.00001  # some forty people
MOST_SEED = 1 << 63


class NoPopulation(ValueError):
    """A population that cannot be built or read; the message says what to do."""


@dataclass(frozen=True)
class Population:
    """One element a worker, sorted by cell; read-only, and mapped from disk when read back.

    `born`, `entered`, `left` and `gap_from` are months; `left` is the first one no longer at work
    (`RUNS_ON`: none), `gap_from` the first of one pause of `gap_months` (`RUNS_ON`: none). `place`
    is a row of `places.csv`. The others are codes into `DIMENSIONS`. `cell_starts` (CELLS + 1)
    tells where the rows of each cell begin.
    """

    born: Months
    entered: Months
    left: Months
    gap_from: Months
    gap_months: Codes
    sex: Codes
    education: Codes
    status: Codes
    sector: Codes
    residence: Codes
    work_place: Codes
    work_time: Codes
    origin: Codes
    health_limitation: Codes
    sick_with_contract: Codes
    workable_job: Codes
    burnout_symptoms: Codes
    job_search_intent: Codes
    digital_skill: Codes
    wage_quintile: Codes
    place: NDArray[np.uint16]
    cell_starts: NDArray[np.int64]
    hash: str
    seed: int
    share: float

    def __len__(self) -> int:
        return len(self.born)

    @property
    def nbytes(self) -> int:
        """Return the bytes of all columns together."""
        return sum(column.nbytes for _, column in self.columns())

    def columns(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield the name and the values of every column."""
        for name in COLUMNS:
            yield name, getattr(self, name)

    def rows(self, rows: slice | NDArray[np.integer]) -> dict[str, NDArray[np.generic]]:
        """Return every column of some workers."""
        return {name: column[rows] for name, column in self.columns()}


COLUMNS = tuple(
    field.name
    for field in fields(Population)
    if field.name not in ("cell_starts", "hash", "seed", "share")
)


def build(seed: int, share: float = 1.0) -> Population:
    """Invent the workers from a seed; a share of 0.01 makes one in a hundred of them.

    Raises:
        NoPopulation: the seed or the share cannot be used.

    """
    _check(seed, share)
    chance = Chance(seed)
    drawn = lives.draw(chance, share)
    months = {name: getattr(drawn, name) for name in LIFE}
    sex, education = (code.astype(np.uint8)[drawn.group] for code in stocks.group_codes())
    columns = {
        "sex": sex,
        "education": education,
        "at_work": _at_work(months, IN_2015) * np.uint8(2) + _at_work(months, TODAY),
        "age_band": traits.age_band(drawn.born),
    }
    traits.draw(chance, columns)
    place = _places(chance, columns["residence"])
    return _sorted({**months, **columns, "place": place}, seed, float(share))


def _check(seed: int, share: float) -> None:
    if not 0 <= seed < MOST_SEED:
        raise NoPopulation(f"seed {seed}: expected a whole number from 0 up, as in --seed 1")
    if not LEAST_SHARE <= share <= 1:
        raise NoPopulation(
            f"share {share:g}: expected a part of all workers, above 0 and up to 1 (everybody)"
            f" and at least {LEAST_SHARE:f}, as in --share 0.01"
        )


def _sorted(columns: dict[str, Any], seed: int, share: float) -> Population:
    """Return the population with its rows sorted by cell; the columns handed in are used up."""
    cell = _cells(columns)
    order = np.argsort(cell, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=CELLS))])
    digest = hashlib.sha256()
    kept: dict[str, Any] = {}
    for name in COLUMNS:
        column = columns.pop(name)[order]
        column.flags.writeable = False
        digest.update(f"{name} {column.dtype.str} {len(column)}\n".encode())
        digest.update(column)
        kept[name] = column
    starts.flags.writeable = False
    return Population(**kept, cell_starts=starts, hash=digest.hexdigest(), seed=seed, share=share)


def _cells(columns: dict[str, Any]) -> NDArray[np.uint16]:
    assert CELLS < 1 << 16, "a cell has a number of 16 bits"
    parts = {
        **columns,
        "self_employed": columns["status"] == SELF_EMPLOYED,
        "non_eu": columns["origin"] == NON_EU,
        "birth_band": columns["born"] // BAND_MONTHS - FIRST_BAND,
    }
    cell = np.zeros(len(columns["born"]), np.uint16)
    for name, size in zip(CELL_DIMENSIONS, CELL_SIZES, strict=True):
        cell *= np.uint16(size)
        cell += parts[name].astype(np.uint16)
    return cell


def cell_columns(cells: NDArray[np.integer]) -> dict[str, NDArray[np.int64]]:
    """Return the code of each cell dimension, for the numbers of some cells.

    A birth band runs from month `BAND_MONTHS * (FIRST_BAND + code)` on.
    """
    codes = np.unravel_index(np.asarray(cells, np.int64), CELL_SIZES)
    return dict(zip(CELL_DIMENSIONS, codes, strict=True))


def _places(chance: Chance, residence: Codes) -> NDArray[np.uint16]:
    """Return a town for each, within the province, by the number of its inhabitants."""
    table = list(margins.rows("places"))
    provinces = DIMENSIONS["residence"]
    code = np.array([provinces.index(row["province"]) for row in table])
    people = np.array([float(row["population"]) for row in table])
    order = np.argsort(code, kind="stable")
    share = people[order] / np.bincount(code, people)[code[order]]
    ends = np.cumsum(share)  # each province ends on a whole number
    drawn = np.searchsorted(ends, residence + chance.each(len(residence)).astype(np.float64))
    first = np.searchsorted(code[order], np.arange(len(provinces)))
    last = np.append(first[1:], len(table)) - 1
    return order[np.clip(drawn, first[residence], last[residence])].astype(np.uint16)


def employed(population: Population, month: int) -> NDArray[np.bool_]:
    """Return who is at work in a month."""
    return _at_work({name: getattr(population, name) for name in LIFE}, month)


def _at_work(columns: dict[str, NDArray[np.int16]], month: int) -> NDArray[np.bool_]:
    # Before a pause the months since its start are negative: as unsigned numbers they are large.
    since = (np.int16(month) - columns["gap_from"]).view(np.uint16)
    here: NDArray[np.bool_] = since >= columns["gap_months"]
    here &= columns["entered"] <= month
    here &= columns["left"] > month
    return here


_KIND = np.array(
    [KINDS.index(KIND_OF.get(name, "employee")) for name in DIMENSIONS["status"]], np.uint8
)


def careers(population: Population, rows: slice | NDArray[np.integer]) -> Spells:
    """Return the spells of some workers, as the registers know them: one or two each.

    A career begins on a day of its month that follows from the worker's number; a pause and an end
    fall on the first of theirs.
    """
    picked = np.arange(len(population))[rows] if isinstance(rows, slice) else rows
    entered, left = population.entered[picked], population.left[picked]
    gap_from, gap_months = population.gap_from[picked], population.gap_months[picked]
    back = gap_from.astype(np.int32) + gap_months
    has_gap = gap_from != RUNS_ON
    two = has_gap & (back < left)
    counts = 1 + two.astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    first, second = offsets[:-1], offsets[1:][two] - 1

    starts_on, ends_on = (np.empty(offsets[-1], np.int32) for _ in range(2))
    day = (picked.astype(np.uint32) * np.uint32(2654435769) >> np.uint32(16)) % np.uint32(28)
    starts_on[first] = first_of(entered) + day.astype(np.int32)
    ends_on[first] = _last_day(np.where(has_gap, gap_from, left))
    starts_on[second] = first_of(back[two])
    ends_on[second] = _last_day(left[two])
    kind = np.repeat(_KIND[population.status[picked]], counts)
    return Spells(offsets, starts_on, ends_on, kind, np.zeros(len(kind), np.bool_))


def _last_day(month: Months) -> NDArray[np.int32]:
    """Return the day before the first of a month; a career that runs on has no end."""
    runs_on = month == RUNS_ON
    return np.where(runs_on, NO_END, first_of(np.where(runs_on, 0, month)) - 1).astype(np.int32)


# --- kept on disk --------------------------------------------------------------------------------


def write(population: Population, folder: Path) -> None:
    """Write a population to a new folder, one file a column; no half of one ever stands there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".half-", dir=folder.parent))
    try:
        for name, column in (*population.columns(), ("cell_starts", population.cell_starts)):
            np.save(half / f"{name}.npy", column)
        about = {"hash": population.hash, "seed": population.seed, "share": population.share}
        (half / "population.json").write_text(json.dumps(about) + "\n", "utf-8")
        half.chmod(0o755)
        # Whoever was first with the same folder has the same population.
        if not folder.exists():
            half.replace(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def read(folder: Path) -> Population:
    """Read a population back, mapped from disk: it costs memory as far as it is looked at.

    Raises:
        NoPopulation: the folder holds none, or half of one.

    """
    try:
        about = json.loads((folder / "population.json").read_text("utf-8"))
        columns = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in (*COLUMNS, "cell_starts")
        }
        found = Population(**columns, **about)
    except (OSError, ValueError, TypeError) as error:
        raise NoPopulation(
            f"{folder}: holds no population ({error}); take the folder away and build it again"
        ) from None
    if {len(column) for _, column in found.columns()} != {int(found.cell_starts[-1])}:
        raise NoPopulation(f"{folder}: is damaged; take the folder away and build it again")
    return found


def population(seed: int, share: float, cache: Path) -> Population:
    """Return the population, read back from the cache if it was built before.

    The folder's name holds the seed, the share and a digest of the facts and of the code that draws
    them: what was built from other facts is not found.
    """
    _check(seed, share)
    folder = cache / f"population-{_made_of()}-{seed}-{float(share)!r}"
    if not folder.exists():
        write(build(seed, share), folder)
    return read(folder)


def _made_of() -> str:
    digest = hashlib.sha256(np.__version__.encode())
    home = Path(__file__).parent
    modules = ("chance", "fitting", "lives", "margins", "population", "stocks", "traits")
    files = [home / f"{name}.py" for name in modules]
    for file in sorted([*files, home / "lives.yaml", *margins.DATA.glob("*.csv"), towns.FILE]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
