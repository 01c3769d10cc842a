"""A measure on one worker in a hundred, some runs within two seconds, for who asks in a browser.

The years before a measure are the same under every measure, so they are played once for each seed
and kept. From there each run is the run of `ensemble`: the same seed, draw, people and chance, and
so the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from loopbaan.lab import (
    bands,
    counting,
    differences,
    ensemble,
    falling_out,
    figures,
    orders,
    population,
    scenario,
    stamps,
    suppression,
    world,
)
from loopbaan.lab import fitted as fits
from loopbaan.lab.card import LAST
from loopbaan.lab.events import COLUMNS, Events
from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.instruments import BASELINE, UNTIL
from loopbaan.lab.member import PEOPLE_SEED
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.scenario import Scenario
from loopbaan.lab.state import World
from loopbaan.law.checks import day_of
from loopbaan.law.months import day_number
from loopbaan.law.rulebook import Rulebook

SHARE, SEEDS = 0.01, 10
KNOWN = day_of(UNTIL) or date.min  # the last day that is the same under every measure
FIRST_TOLD, LAST_TOLD = date(2025, 4, 1), date(2026, 3, 31)  # whose orders are told by group
YEARS = (2025, 2026)
BY_YEAR = (
    *("orders", "refused", "lost", "started", "persons_started"),
    *("government_cents", "worker_cents"),
)
STEPS = ("refused", "lost", "did_not_pay", "did_not_start")


class NotQuick(ValueError):
    """A scenario that changes what was before: it is played from the beginning, or not here."""


@dataclass(frozen=True)
class Kept:
    """One seed at the end of February 2025, and by how many days its workers have more years."""

    world: World
    shift: int


class Quick:
    """Who answers: it keeps the people, and the world of each seed before the measure."""

    def __init__(self, cache: Path, seeds: int = SEEDS) -> None:
        self.people = population.population(PEOPLE_SEED, SHARE, cache)
        self.seeds = range(1, seeds + 1)
        self._base = scenario.load(BASELINE)
        self._kept: dict[int, Kept] = {}

    def warm(self) -> None:
        """Play what is the same under every measure."""
        for seed in self.seeds:
            self._start(seed)

    def answer(self, chosen: Scenario) -> dict[str, Any]:
        """Play a scenario and return what a page tells of it, with its stamps.

        Raises:
            NotQuick: it changes what was before the measure.

        """
        asked = replace(chosen, last=day_of(f"{LAST}-01") or chosen.last)
        law = scenario.rulebook(asked)
        base = scenario.rulebook(self._base)
        refuse_another_past(asked, law, base)
        both = ((law, asked.reading), (base, self._base.reading))
        begins = differences.first_day(both, date.max)
        if begins is not None and begins > asked.last.replace(day=31):
            raise NotQuick(f"{asked.name}: begins on {begins}, after what is played here")
        told = [self._member(seed, asked, law) for seed in self.seeds]
        marks = stamps.of(asked, self.people)
        return {
            "stamps": {name: marks[name] for name in _STAMPS},
            "changes": [
                f"{day}" for day in differences.changes(both[0], KNOWN, asked.last.replace(day=31))
            ],
            "seeds": len(self.seeds),
            "share": SHARE,
            "years": _by_year([member.years for member in told]),
            "steps": _steps([member.groups for member in told]),
            "groups": by_group([member.groups for member in told]),
        }

    def _start(self, seed: int) -> Kept:
        if seed not in self._kept:
            drawn = bands.draw(seed, 1, fits.fitted().values)
            assumed = bands.behaviour(self._base.behaviour, drawn)
            shift = bands.shift_days(self.people, drawn.entitled)
            last = world.month_number(day_of(f"{LAST}-01") or world.LAST_DAY)
            begun = world.begin(
                bands.weighted(self.people, assumed),
                assumed,
                bands.shifted(scenario.rulebook(self._base), shift),
                seed=seed,
                last_month=last,
            )
            for month in range(world.month_number(world.FIRST_DAY), world.month_number(KNOWN) + 1):
                world.step(begun, month)
            # A copy has no more room than it needs.
            self._kept[seed] = Kept(begun.under(begun.rulebook, begun.reading), shift)
        return self._kept[seed]

    def _member(self, seed: int, asked: Scenario, law: Rulebook) -> "_Member":
        kept = self._start(seed)
        going = kept.world.under(bands.shifted(law, kept.shift), asked.reading)
        first, last = (world.month_number(day) for day in (world.FIRST_DAY, asked.last))
        for month in range(world.month_number(KNOWN) + 1, last + 1):
            world.step(going, month)
        events = _lately(going.log.finish(first, last))
        return _counted(events, going, asked.reading)


_STAMPS = ("scenario_hash", "rulebook", "population", "assumptions", "fitted", "code")


@dataclass(frozen=True)
class _Member:
    """What one run counted: figures by year, and who fell out of the orders of one year."""

    years: pl.DataFrame
    groups: pl.DataFrame


def refuse_another_past(chosen: Scenario, law: Rulebook, base: Rulebook) -> None:
    """Refuse a scenario whose law, as it was known, or behaviour differs before the measure.

    Raises:
        NotQuick: it does.

    """
    days = sorted({day for each in (law, base) for day in each.news_days if day <= KNOWN})
    if chosen.behaviour or any(
        _known(law, day, chosen.reading) != _known(base, day, base.readings[0]) for day in days
    ):
        raise NotQuick(
            f"{chosen.name}: changes what was before {KNOWN}; play it from the beginning"
        )


def _known(law: Rulebook, day: date, reading: str) -> tuple[Any, ...]:
    """Return the law as known on a day, without its name."""
    timeline = law.timeline(day, reading)
    return timeline.starts, [replace(p, rulebook_hash="", reading="") for p in timeline.policies]


def _lately(events: Events) -> Events:
    """Return the orders of which something happened in the years that are told."""
    since = day_number(date(YEARS[0], 1, 1))
    is_told = np.any([getattr(events, name) >= since for name in orders.DAYS], axis=0)
    return replace(events, **{name: getattr(events, name)[is_told] for name in COLUMNS})


def _counted(events: Events, played: World, reading: str) -> _Member:
    people, law = played.population, played.rulebook
    frame = orders.frame(events, people, law, reading)
    months = counting.by_month(frame, date(YEARS[0], 1, 1), date(YEARS[-1], 12, 1))
    years = Outcomes({}, {"by_year": counting.by_year(months, frame)})
    # The orders of one year, as if it were one period of the law.
    own = frame.filter(pl.col("ordered_on").is_between(FIRST_TOLD, LAST_TOLD))
    period = f"{FIRST_TOLD}"
    own = own.with_columns(period=pl.lit(period, dtype=pl.Enum([period])))
    is_scarce = law.on(FIRST_TOLD, LAST_TOLD, reading).cap_per_month is not None
    groups = falling_out.report(own, [period] if is_scarce else [])
    return _Member(figures.of(years, 1 / people.share), groups)


def _by_year(members: Sequence[pl.DataFrame]) -> list[dict[str, Any]]:
    """Return the band of each figure of each year, as an ensemble has it."""
    found = ensemble.band(pl.concat(members))
    wanted = pl.col("figure").is_in(BY_YEAR), pl.col("when").is_in([str(y) for y in YEARS])
    return found.filter(*wanted).select("when", "figure", *ENDS).to_dicts()


def _steps(members: Sequence[pl.DataFrame]) -> list[dict[str, Any]]:
    """Return of 100 orders how many end at each step, for everybody."""
    rows = [each.filter(pl.col("dimension") == EVERYBODY).to_dicts()[0] for each in members]
    return [
        {"step": step, **_ends([100 * row[step] / max(row["orders"], 1) for row in rows])}
        for step in STEPS
    ]


def by_group(members: Sequence[pl.DataFrame]) -> list[dict[str, Any]]:
    """Return of 100 who ordered how many started, by group; nothing where that would tell few.

    A group is told only if the counts of all runs together can be published with it.
    """
    keys = ("dimension", "category", "evidence")
    pooled = falling_out.in_order(pl.concat(members).group_by("period", *keys).sum())
    opened = suppression.protect(pooled, suppression.FALLING_OUT)
    values: dict[tuple[str, str], list[float]] = {}
    for member in members:
        for dimension, category, persons, started in member.select(_PARTS).iter_rows():
            values.setdefault((dimension, category), []).append(100 * started / persons)
    hidden = {
        (dimension, category): persons is None or started is None
        for dimension, category, persons, started in opened.select(_PARTS).iter_rows()
    }
    found = []
    for row in pooled.select(keys).to_dicts():
        key = row["dimension"], row["category"]
        is_told = not hidden.get(key, True) and len(values[key]) >= bands.FEWEST
        found.append({**row, **(_ends(values[key]) if is_told else dict.fromkeys(ENDS))})
    return found


_PARTS = ("dimension", "category", "persons", "persons_started")
ENDS = ("low", "central", "high")


def _ends(values: Sequence[float]) -> dict[str, float]:
    low, central, high = np.quantile(values, (bands.LOW, 0.5, bands.HIGH)).round(6).tolist()
    return {"low": low, "central": central, "high": high}
