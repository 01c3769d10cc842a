"""Plays what a report tells: each scenario once in the middle, and many times for the bands.

The same seeds and draws are played under every scenario, so that a difference between two of them
is taken run by run, in the same world.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from loopbaan.lab import (
    bands,
    ensemble,
    member,
    outcomes,
    population,
    scenario,
    targets,
)
from loopbaan.lab.member import PEOPLE_SEED, Job
from loopbaan.lab.report import window
from loopbaan.lab.report.content import Band
from loopbaan.lab.report.window import Played, Window
from loopbaan.lab.scenario import Scenario

Tell = Callable[[str], None]
AS_IT_WAS = "cap-1000"  # the law as it really was: held against what was published
TARGET = "target:"  # begins the name of a figure that was published: series and period follow
_DIGITS = 10  # significant: the last bits of a sum may differ from machine to machine


@dataclass(frozen=True)
class Cast:
    """All that a report tells of: the runs, the months that count, and the figures by scenario.

    The first scenario is told about, the others are what it is compared with: `scenarios` and
    `runs` stand in the same order.
    """

    scenarios: tuple[Scenario, ...]
    runs: tuple[Played, ...]
    months: Window
    central: Mapping[str, Mapping[str, float]]
    members: Mapping[str, Sequence[Mapping[str, float]]]
    seeds: Sequence[int]

    @property
    def first(self) -> Played:
        """The run that is told about."""
        return self.runs[0]

    @property
    def other(self) -> Played | None:
        """The run with which it is compared in one sentence."""
        return self.runs[1] if len(self.runs) > 1 else None

    def band(self, run: Played, figure: str) -> Band:
        """Return a figure of a run with its band."""
        return window.band(self.members[run.name], self.central[run.name], figure)

    def values(self, run: Played, figure: str) -> list[float]:
        """Return a figure of a run in each of the runs that have it; of few runs, in the one."""
        members = self.members[run.name]
        each = [self.central[run.name]] if len(members) < bands.FEWEST else members
        return [own[figure] for own in each if figure in own]

    def count(self, run: Played, figure: str) -> Band:
        """Return how many there are of a group: of many runs in tens, so that none is of few."""
        band = self.band(run, figure)
        if band.low is None or band.high is None:
            return band
        return Band(round(band.central, -1), round(band.low, -1), round(band.high, -1))

    @cached_property
    def opened(self) -> Mapping[str, tuple[pl.DataFrame, pl.DataFrame]]:
        """Who falls out and who waits, by scenario: the central run, as it may leave the house."""
        return {run.name: window.opened(run, self.months) for run in self.runs}

    @property
    def one_run(self) -> str:
        """The key of the words that say where the figures come from."""
        return "one_run" if len(self.seeds) < bands.FEWEST else "many_runs"

    def difference(self, figure: str) -> Band:
        """Return how much more the first run has than the one that it is compared with."""
        assert self.other is not None
        names = self.first.name, self.other.name
        ours, theirs = (self.members[name] for name in names)
        central = self.central[names[0]], self.central[names[1]]
        return window.difference((ours, theirs), central, figure)


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
) -> Cast:
    """Play every scenario at its central values, and with `runs` seeds and draws."""
    say = tell or (lambda _: None)
    people = population.population(PEOPLE_SEED, share, cache)
    central = [
        Job(each, seed, bands.CENTRAL, share, PEOPLE_SEED, people.hash, cache.resolve())
        for each in chosen
    ]
    told = []
    for job in central:
        say(f"{job.scenario.name}: central values")
        told.append(played(job, commit))
    months = window.window(told, [(scenario.rulebook(each), each.reading) for each in chosen])
    jobs = [replace(job, seed=seed + number, draw=1) for number in range(runs) for job in central]
    members: dict[str, list[dict[str, float]]] = {each.name: [] for each in chosen}
    with nullcontext(executor) if executor or not jobs else ensemble.workers() as pool:
        found = pool.map(figures, jobs, [months] * len(jobs)) if pool else ()
        for place, (job, own) in enumerate(zip(jobs, found, strict=True), 1):
            members[job.scenario.name].append(own)
            say(f"{place} of {len(jobs)} runs for the bands")
    return Cast(
        tuple(chosen),
        tuple(told),
        months,
        {run.name: _figures(run, months) for run in told},
        members,
        tuple(seed + number for number in range(runs)),
    )


def figures(job: Job, months: Window) -> dict[str, float]:
    """Play one member of the ensemble and return its figures."""
    return _figures(played(job, ""), months)


def played(job: Job, commit: str) -> Played:
    """Play one seed and one draw of a scenario."""
    return Played(*member.played(job, commit))


def _figures(run: Played, months: Window) -> dict[str, float]:
    found = window.of(run, months)
    if run.name == AS_IT_WAS:
        orders = run.outcomes[outcomes.ORDERS]
        for series, period, value in targets.counted(orders, 1 / run.share, targets.read()):
            found[f"{TARGET}{series}|{period}"] = value
    return {name: float(f"{value:.{_DIGITS}g}") for name, value in found.items()}
