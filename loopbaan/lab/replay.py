"""The first of April 2025, replayed: who wanted a place, who had one, and when, under four rules.

The same people, law and chance under every rule, from 2013 on; only how places are given out in
March and April 2025 differs, and what people do because of it. Who is ready, how fast and who is at
a screen was counted nowhere: the direction is that of other countries, the size is assumed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab import bands, ensemble, population
from loopbaan.lab.member import PEOPLE_SEED, Job
from loopbaan.lab.outcomes import ORDERS
from loopbaan.lab.population import DIMENSIONS
from loopbaan.lab.race import DESK_SECTORS
from loopbaan.lab.report import members
from loopbaan.lab.report.window import Played
from loopbaan.lab.scenario import Scenario
from loopbaan.lab.waiting import PLACED

RULES = ("cap-1000", "draw-1000", "reserved-30", "waiting-list")
OPENS, ENDS = date(2025, 4, 1), date(2025, 4, 30)
# Published: Business AM, 1 April 2025. Nothing in the laboratory was set by it.
PUBLISHED_MINUTES = 7.5
A_MINUTE, MINUTES = 4, 15  # ticks a minute, and the minutes that are told tick by tick
DAY, MONTH = MINUTES * A_MINUTE + 1, MINUTES * A_MINUTE + 2  # the two ticks after them
GROUPS = tuple((each, at_screen) for each in DIMENSIONS["education"] for at_screen in (True, False))
# The lines that are told: everybody, by education, by being free to sit at a screen, and by both.
LINES: dict[str, tuple[int, ...]] = {
    "all": tuple(range(len(GROUPS))),
    **{
        each: tuple(place for place, group in enumerate(GROUPS) if group[0] == each)
        for each in DIMENSIONS["education"]
    },
    "screen": tuple(place for place, group in enumerate(GROUPS) if group[1]),
    "no_screen": tuple(place for place, group in enumerate(GROUPS) if not group[1]),
    **{
        f"{each}_{'screen' if at_screen else 'no_screen'}": (place,)
        for place, (each, at_screen) in enumerate(GROUPS)
    },
}
EACH = 10  # places a square stands for
LOW_END, HIGH_END, FEWEST = 0.1, 0.9, 4
_LATER = 1e9

Counts = NDArray[np.float64]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """How a month goes under one rule. Counts are persons, as for everybody; maybe a mean of runs.

    `wanted` has an element a group of `GROUPS`: who wanted a place in April and had the right;
    `came` and `placed` are ticks × groups: who stood in line, and who had a place. `gone` is the
    minute at which the last place was given, if they were gone within the minutes that are told.
    """

    rule: str
    places: float
    wanted: Counts
    came: Counts
    placed: Counts
    gone: float | None

    def wanted_by(self, line: str) -> float:
        """Return how many of a line wanted a place."""
        return float(self.wanted[list(LINES[line])].sum())

    def placed_by(self, line: str) -> Counts:
        """Return how many of a line had a place, by tick."""
        found: Counts = self.placed[:, list(LINES[line])].sum(axis=1)
        return found

    def of_100(self, line: str) -> float:
        """Return how many of 100 of a line who wanted a place had one at the end of the month."""
        return float(100 * self.placed_by(line)[-1] / max(self.wanted_by(line), 1e-9))

    def squares(self) -> list[tuple[int, int]]:
        """Return a square for each ten places: the tick at which it is given, and to which group.

        Each next square is of the group that is owed most by then.
        """
        found: list[tuple[int, int]] = []
        drawn = np.zeros(len(GROUPS))
        for tick, placed in enumerate(self.placed):
            while len(found) < round(placed.sum() / EACH):
                group = int(np.argmax(placed / EACH - drawn))
                drawn[group] += 1
                found.append((tick, group))
        return found


@dataclass(frozen=True)
class Morning:
    """The course under each rule, in the mean of all runs, and the bands of what they come to.

    `bands` has low, middle and high of `of_100` for each rule and line, `gone` the two ends for
    each rule. Both are empty with fewer than `FEWEST` runs; the courses are then those of one run
    with every assumption in the middle.
    """

    courses: tuple[Course, ...]
    bands: dict[tuple[str, str], tuple[float, float, float]]
    gone: dict[str, tuple[float, float]]
    runs: int
    about: dict[str, str | int | float]

    def of_100(self, course: Course, line: str) -> float:
        """Return how many of 100 of a line had a place in the end: the middle of all runs."""
        ends = self.bands.get((course.rule, line))
        return ends[1] if ends else course.of_100(line)


def play(
    chosen: Sequence[Scenario],
    *,
    seed: int,
    runs: int,
    share: float,
    cache: Path,
    commit: str,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> Morning:
    """Play every rule to the end of April 2025, once in the middle and `runs` times for bands."""
    say = tell or (lambda _: None)
    people = population.population(PEOPLE_SEED, share, cache)
    until = [replace(each, last=ENDS) for each in chosen]
    jobs = [
        Job(each, seed, bands.CENTRAL, share, PEOPLE_SEED, people.hash, cache.resolve())
        for each in until
    ]
    central = []
    for job in jobs:
        say(f"{job.scenario.name}: every assumption in the middle")
        central.append(members.played(job, commit))
    more = [replace(job, seed=seed + number, draw=1) for number in range(runs) for job in jobs]
    found: dict[str, list[Course]] = {job.scenario.name: [] for job in jobs}
    with nullcontext(executor) if executor or not more else ensemble.workers() as pool:
        played = pool.map(member, more) if pool else ()
        for place, own in enumerate(played, 1):
            found[own.rule].append(own)
            say(f"{place} of {len(more)} runs for the bands")
    is_banded = runs >= FEWEST
    middle = [course(run) for run in central]
    return Morning(
        tuple(_mean(found[own.rule], own.places) if is_banded else own for own in middle),
        {
            (rule, line): _quantiles([own.of_100(line) for own in each])
            for rule, each in found.items()
            for line in LINES
            if is_banded
        },
        _gone({rule: [own.gone for own in each] for rule, each in found.items()}),
        runs,
        dict(central[0].outcomes.about),
    )


def member(job: Job) -> Course:
    """Play one rule with one seed and one draw."""
    return course(members.played(job, ""))


def course(run: Played) -> Course:
    """Count the course of April 2025 in a run."""
    orders = run.outcomes[ORDERS]
    is_placed = pl.col("outcome").is_in([str(status) for status in PLACED])
    in_april = pl.col("ordered_on").is_between(OPENS, ENDS)
    # Who waited since March stands in line at the opening.
    waited = (pl.col("ordered_on") < OPENS) & (
        (pl.col("decided_on") >= OPENS) | (pl.col("outcome") == "waiting")
    )
    own = orders.filter((in_april | waited) & (pl.col("outcome") != "refused"))
    own = own.with_columns(
        waited=waited,
        placed=is_placed & pl.col("decided_on").is_between(OPENS, ENDS),
        at_screen=pl.col("sector").cast(pl.String).is_in(DESK_SECTORS),
    )
    group = np.array(own["education"].to_physical()) * 2 + ~own["at_screen"].to_numpy()
    came = _came(own)
    placed_at = np.where(own["placed"].to_numpy(), _placed(own, came), _LATER)
    ticks = np.append(np.arange(DAY) / A_MINUTE, (1_440.0, _LATER / 2))
    size = 1 / run.share
    gone = placed_at[placed_at < MINUTES]
    left = (placed_at < _LATER).sum() - len(gone)
    return Course(
        rule=run.name,
        places=run.outcomes["sold_out"].filter(pl.col("month") == OPENS)["places"][0] * size,
        wanted=np.bincount(group, minlength=len(GROUPS)).astype(np.float64) * size,
        came=_by_tick(came, group, ticks) * size,
        placed=_by_tick(placed_at, group, ticks) * size,
        gone=float(gone.max()) if len(gone) > left and gone.max() > 0 else None,
    )


def _came(own: pl.DataFrame) -> Counts:
    """Return the minute of each in line: those of one minute lie evenly in it.

    0: stood in line already; 1,440: later on the first day, or on it at no counted minute.
    """
    minute = own["minute"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    on_first = (own["ordered_on"] == OPENS).to_numpy()
    came = np.where(on_first, 1_440.0, _LATER / 2)
    races = on_first & np.isfinite(minute)
    rows = np.flatnonzero(races)
    for each in np.unique(minute[rows]):
        here = rows[minute[rows] == each]
        came[here] = each + (np.arange(len(here)) + 0.5) / len(here)
    return np.where(own["waited"].to_numpy(), 0.0, came)


def _placed(own: pl.DataFrame, came: Counts) -> Counts:
    """Return the minute at which each who has a place gets it: on coming, or when it is decided."""
    decided = own["decided_on"]
    on_first = (decided == OPENS).fill_null(value=False).to_numpy()
    return np.where(on_first, came, np.where(came < 1_440, _LATER / 2, np.maximum(came, 1_440.5)))


def _by_tick(minutes: Counts, group: NDArray[np.integer], ticks: Counts) -> Counts:
    """Return how many of each group are there by each tick."""
    return np.array(
        [np.bincount(group[minutes <= tick], minlength=len(GROUPS)) for tick in ticks], float
    )


def _mean(runs: Sequence[Course], places: float) -> Course:
    """Return what happens on average; the places were gone at the middle of the minutes, if ever.

    Few invented workers have a whole number of places, so each run stands for as many people as
    have just these `places`.
    """
    gone = [own.gone for own in runs if own.gone is not None]
    sizes = [places / own.places for own in runs]
    return Course(
        rule=runs[0].rule,
        places=places,
        wanted=np.mean([own.wanted * size for own, size in zip(runs, sizes, strict=True)], axis=0),
        came=np.mean([own.came * size for own, size in zip(runs, sizes, strict=True)], axis=0),
        placed=np.mean([own.placed * size for own, size in zip(runs, sizes, strict=True)], axis=0),
        gone=float(np.median(gone)) if gone else None,
    )


def _quantiles(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(np.array(values), (LOW_END, 0.5, HIGH_END))
    return float(low), float(middle), float(high)


def _gone(minutes: dict[str, list[float | None]]) -> dict[str, tuple[float, float]]:
    found = {}
    for rule, each in minutes.items():
        there = [minute for minute in each if minute is not None]
        if len(there) >= FEWEST:
            low, _, high = _quantiles(there)
            found[rule] = (low, high)
    return found
