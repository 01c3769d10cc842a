"""Plays what a report tells: each scenario once in the middle, and many times for the bands.

The same seeds and draws are played under every scenario, so that a difference between two of them
is taken run by run, in the same world.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from loopbaan.lab import bands, centres, ensemble, outcomes, population, scenario, targets, world
from loopbaan.lab import fitted as fits
from loopbaan.lab.ensemble import PEOPLE_SEED
from loopbaan.lab.report import window
from loopbaan.lab.report.content import Band
from loopbaan.lab.report.window import Played, Window
from loopbaan.lab.scenario import Scenario

Tell = Callable[[str], None]
AS_IT_WAS = "cap-1000"  # the law as it really was: held against what was published
TARGET = "target:"  # begins the name of a figure that was published: series and period follow
_DIGITS = 10  # significant: the last bits of a sum may differ from machine to machine


@dataclass(frozen=True)
class Job:
    """One run: all that its figures follow from. Draw 0 has every assumption in the middle."""

    scenario: Scenario
    seed: int
    draw: int
    share: float
    people_hash: str
    cache: Path


@dataclass(frozen=True)
class Cast:
    """All that a report tells of: the runs, the months that count, and the figures by scenario.

    The first scenario is told about, the others are what it is compared with.
    """

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
        Job(each, seed, bands.CENTRAL, share, people.hash, cache.resolve()) for each in chosen
    ]
    told = []
    for job in central:
        say(f"{job.scenario.name}: central values")
        told.append(played(job, commit))
    months = window.window(told)
    jobs = [replace(job, seed=seed + number, draw=1) for number in range(runs) for job in central]
    members: dict[str, list[dict[str, float]]] = {each.name: [] for each in chosen}
    with nullcontext(executor) if executor or not jobs else ensemble.workers() as pool:
        found = pool.map(figures, jobs, [months] * len(jobs)) if pool else ()
        for place, (job, own) in enumerate(zip(jobs, found, strict=True), 1):
            members[job.scenario.name].append(own)
            say(f"{place} of {len(jobs)} runs for the bands")
    return Cast(
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
    people = population.population(PEOPLE_SEED, job.share, job.cache)
    assert people.hash == job.people_hash, "the cache holds another population"
    drawn = bands.draw(job.seed, job.draw, fits.fitted().values)
    assumed = bands.behaviour(job.scenario.behaviour, drawn)
    law = scenario.rulebook(job.scenario)
    stamp = law.hash
    if drawn.entitled is not None:
        law = bands.shifted(law, bands.shift_days(people, drawn.entitled))
    people = bands.weighted(people, drawn.weight)
    firms = centres.build(job.seed, assumed)
    events = world.run(
        people,
        assumed,
        law,
        seed=job.seed,
        first=job.scenario.first,
        last=job.scenario.last,
        centres=firms,
        reading=job.scenario.reading,
    )
    about: dict[str, str | int | float] = {
        "scenario": job.scenario.name,
        "title": job.scenario.title,
        "author": job.scenario.author,
        "source": job.scenario.source,
        "share": people.share,
        "workers": len(people),
        "seed": job.seed,
        "commit": commit,
        "rulebook": stamp,
        "scenario_hash": job.scenario.hash,
        "population": people.hash,
    }
    return Played(
        outcomes.of(events, people, law, assumed, firms, about=about, reading=job.scenario.reading),
        assumed,
    )


def _figures(run: Played, months: Window) -> dict[str, float]:
    found = window.of(run, months)
    if run.name == AS_IT_WAS:
        orders = run.outcomes[outcomes.ORDERS]
        for series, period, value in targets.counted(orders, 1 / run.share, targets.read()):
            found[f"{TARGET}{series}|{period}"] = value
    return {name: float(f"{value:.{_DIGITS}g}") for name, value in found.items()}
