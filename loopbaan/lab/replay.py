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

from loopbaan.lab import bands, ensemble, population, scenario, stamps, targets
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
A_MINUTE, MINUTES = 4, 15  # ticks a minute, and the minutes that are told tick by tick
DAY, MONTH = MINUTES * A_MINUTE + 1, MINUTES * A_MINUTE + 2  # the two ticks after them
GROUPS = tuple((each, at_screen) for each in DIMENSIONS["education"] for at_screen in (True, False))
# The lines that are told: everybody, by education, and by being free to sit at a screen. Never by
# both at once: such a cell would hold few people.
LINES: dict[str, tuple[int, ...]] = {
    "all": tuple(range(len(GROUPS))),
    **{
        each: tuple(place for place, group in enumerate(GROUPS) if group[0] == each)
        for each in DIMENSIONS["education"]
    },
    "screen": tuple(place for place, group in enumerate(GROUPS) if group[1]),
    "no_screen": tuple(place for place, group in enumerate(GROUPS) if not group[1]),
}
EACH = 10  # places a square stands for
RACE = "first_come"
_LATER = 1e9

Counts = NDArray[np.float64]
Ends = tuple[float, float, float]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """How a month goes under one rule. Counts are persons, as for everybody; maybe a mean of runs.

    `wanted` has an element a group of `GROUPS`: who wanted a place in April and had the right;
    `came` and `placed` are ticks × groups: who stood in line, and who had a place. `gone` is the
    minute, however late, at which the first found no place; none without a race, with places left,
    or of a mean.
    """

    rule: str
    places: float
    wanted: Counts
    came: Counts
    placed: Counts
    is_race: bool
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

    def squares(self) -> list[tuple[int, str]]:
        """Return a square for each ten places: the tick at which it is given, and the education.

        Each next square is of the education that is owed most by then.
        """
        found: list[tuple[int, str]] = []
        names = DIMENSIONS["education"]
        by_education = np.array([self.placed_by(each) for each in names]).T
        drawn = np.zeros(len(names))
        for tick, placed in enumerate(by_education):
            while len(found) < round(placed.sum() / EACH):
                owed = int(np.argmax(placed / EACH - drawn))
                drawn[owed] += 1
                found.append((tick, names[owed]))
        return found


@dataclass(frozen=True)
class Gone:
    """When the places were gone: low, middle and high, over the `times` of `runs` they were."""

    times: int
    runs: int
    ends: Ends | None  # none where too few were gone at all


@dataclass(frozen=True)
class Morning:
    """The course under each rule, in the mean of all runs, and the bands of what they come to.

    `bands` has low, middle and high of `of_100` for each rule and line, `wanted` those of how many
    wanted a place; `gone` when the places were gone, under each rule that is a race.
    `about` has the stamps of each scenario.
    """

    courses: tuple[Course, ...]
    bands: dict[tuple[str, str], Ends]
    wanted: dict[tuple[str, str], Ends]
    gone: dict[str, Gone]
    seeds: tuple[int, ...]
    commit: str
    about: tuple[dict[str, str | int | float], ...]

    def of_100(self, course: Course, line: str) -> float:
        """Return how many of 100 of a line had a place in the end: the middle of all runs."""
        return self.bands[course.rule, line][1]


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
    """Play every rule to the end of April 2025 `runs` times, at least `bands.FEWEST`.

    Each run has its own seed and its own draw of every assumption, the same under every rule.
    """
    assert runs >= bands.FEWEST, "a page of fewer runs would tell of the people of one"
    say = tell or (lambda _: None)
    people = population.population(PEOPLE_SEED, share, cache)
    until = [replace(each, last=ENDS) for each in chosen]
    seeds = tuple(range(seed, seed + runs))
    jobs = [
        Job(each, number, 1, share, PEOPLE_SEED, people.hash, cache.resolve())
        for number in seeds
        for each in until
    ]
    found: dict[str, list[Course]] = {each.name: [] for each in until}
    with nullcontext(executor) if executor else ensemble.workers() as pool:
        for place, own in enumerate(pool.map(member, jobs), 1):
            found[own.rule].append(own)
            say(f"{place} of {len(jobs)} runs")
    places = {each.name: float(_cap(each)) for each in until}
    courses = tuple(_mean(each, places[rule]) for rule, each in found.items())
    pairs = [(rule, line) for rule in found for line in LINES]
    return Morning(
        courses,
        {
            (rule, line): _quantiles([own.of_100(line) for own in found[rule]])
            for rule, line in pairs
        },
        {
            (rule, line): _quantiles([_wanted(own, line, places[rule]) for own in found[rule]])
            for rule, line in pairs
        },
        {rule: _gone(each) for rule, each in found.items() if each[0].is_race},
        seeds,
        commit,
        tuple(stamps.of(each, people) for each in chosen),
    )


def _cap(chosen: Scenario) -> int:
    """Return the places of April 2025."""
    cap = scenario.rulebook(chosen).on(OPENS, ENDS, chosen.reading).cap_per_month
    assert cap is not None, "a rule gives out scarce places"
    return cap


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
    month = run.outcomes["sold_out"].row(by_predicate=pl.col("month") == OPENS, named=True)
    return Course(
        rule=run.name,
        places=month["places"] * size,
        wanted=np.bincount(group, minlength=len(GROUPS)).astype(np.float64) * size,
        came=_by_tick(came, group, ticks) * size,
        placed=_by_tick(placed_at, group, ticks) * size,
        is_race=month["allocation"] == RACE,
        gone=_gone_at(orders) if month["allocation"] == RACE else None,
    )


def _gone_at(orders: pl.DataFrame) -> float | None:
    """Return the minute at which the places of April were gone, as the score card counts it."""
    is_it = ("sold_out_minutes", f"{OPENS:%Y-%m}")
    target = next(each for each in targets.read() if (each.series, each.period) == is_it)
    found = [value for _, _, value in targets.counted(orders, 1.0, [target])]
    return found[0] if found else None


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


def _wanted(own: Course, line: str, places: float) -> float:
    return own.wanted_by(line) * places / own.places


def _mean(runs: Sequence[Course], places: float) -> Course:
    """Return what happens on average.

    Few invented workers have a whole number of places, so each run stands for as many people as
    have just these `places`.
    """
    wanted, came, placed = (
        np.mean([getattr(own, name) * places / own.places for own in runs], axis=0)
        for name in ("wanted", "came", "placed")
    )
    return Course(runs[0].rule, places, wanted, came, placed, runs[0].is_race, gone=None)


def _quantiles(values: Sequence[float]) -> Ends:
    low, middle, high = np.quantile(np.array(values), (bands.LOW, 0.5, bands.HIGH))
    return float(low), float(middle), float(high)


def _gone(runs: Sequence[Course]) -> Gone:
    minutes = [own.gone for own in runs if own.gone is not None]
    ends = _quantiles(minutes) if len(minutes) >= bands.FEWEST else None
    return Gone(len(minutes), len(runs), ends)
