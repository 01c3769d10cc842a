"""One member of an ensemble: a seed and one draw of every assumption, and what comes of it.

A pure function of its job, so any executor gives the same bytes.
"""

import functools
import io
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from loopbaan.lab import (
    bands,
    centres,
    figures,
    outcomes,
    population,
    scenario,
    stamps,
    targets,
    world,
)
from loopbaan.lab import fitted as fits
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.population import Population
from loopbaan.lab.scenario import Scenario
from loopbaan.law.checks import UnreadableFile

PEOPLE_SEED = 1  # one population for all: its assumptions are weights and shifts
TARGETS = "targets"  # the table of what is held against published figures


@dataclass(frozen=True)
class Job:
    """One member: all that its figures follow from."""

    scenario: Scenario
    seed: int
    draw: int
    share: float
    people_seed: int
    people_hash: str
    cache: Path
    code: str = field(default_factory=stamps.code_hash)

    @property
    def name(self) -> str:
        """Return the name of the member's file."""
        return file_name(self.seed, self.draw)


def member(job: Job) -> bytes:
    """Play one member and return its figures as Parquet. The same job gives the same bytes.

    Raises:
        UnreadableFile: this worker has other code, or built another population.

    """
    counted, _ = played(job)
    size = 1 / float(counted.about["share"])
    beside = targets.counted(counted[outcomes.ORDERS], size, targets.read())
    return in_bytes(pl.concat([figures.of(counted, size), figures.of_series(TARGETS, beside)]))


def played(job: Job, commit: str = "") -> tuple[Outcomes, Behaviour]:
    """Play one seed and one draw of a scenario; return what came of it, and what was assumed.

    Raises:
        UnreadableFile: this worker has other code, or built another population.

    """
    if job.code != stamps.code_hash():
        raise UnreadableFile("a worker runs other code than who asked; give it the same release")
    people = _people(job)
    drawn = bands.draw(job.seed, job.draw, fits.fitted().values)
    assumed = bands.behaviour(job.scenario.behaviour, drawn)
    law = scenario.rulebook(job.scenario)
    stamp = law.hash
    law = bands.law_of(law, drawn, people)
    people = bands.weighted(people, assumed)
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
    about = {**_about(job, people), "commit": commit, "rulebook": stamp}
    counted = outcomes.of(
        events, people, law, assumed, firms, about=about, reading=job.scenario.reading
    )
    return counted, assumed


def _about(job: Job, people: Population) -> dict[str, str | int | float]:
    return {
        "scenario": job.scenario.name,
        "title": job.scenario.title,
        "author": job.scenario.author,
        "source": job.scenario.source,
        "share": people.share,
        "workers": len(people),
        "seed": job.seed,
        "scenario_hash": job.scenario.hash,
        "population": people.hash,
    }


def file_name(seed: int, number: int) -> str:
    """Return the name under which a member is kept."""
    return f"seed-{seed:05d}-draw-{number:03d}.parquet"


def in_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet that is the same whenever it is written."""
    into = io.BytesIO()
    table.write_parquet(into, compression="zstd", statistics=False)
    return into.getvalue()


@functools.lru_cache(maxsize=2)
def _people_of(seed: int, share: float, cache: Path) -> Population:
    return population.population(seed, share, cache)


def _people(job: Job) -> Population:
    people = _people_of(job.people_seed, job.share, job.cache)
    if people.hash != job.people_hash:
        raise UnreadableFile(
            f"{job.cache}: this worker built another population than the one that asked;"
            " give it the same release of loopbaan and of NumPy"
        )
    return people
