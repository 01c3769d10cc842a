"""One run from a scenario to its outcomes: the population, the law, the world, the tables."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from loopbaan import __version__
from loopbaan.lab import bands, centres, outcomes, population, scenario, world
from loopbaan.lab import fitted as fits
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.outcomes import ORDERS, Outcomes
from loopbaan.lab.population import Population
from loopbaan.lab.scenario import Scenario
from loopbaan.law.rulebook import Rulebook

CHECKOUT = Path(__file__).parents[2]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """A scenario that was played, and what came of it."""

    scenario: Scenario
    outcomes: Outcomes


def run(
    name: str | Path, *, seed: int = 1, share: float | None = None, cache: Path | None = None
) -> pl.DataFrame:
    """Play a scenario, by its name or its file, and return one row an order, with who ordered.

    `share` is the part of the population that is invented (0.01: one in a hundred); left out, it is
    the scenario's, which is everybody unless it says otherwise.
    """
    return play(scenario.load(name), seed=seed, share=share, cache=cache).outcomes[ORDERS]


def play(
    chosen: Scenario,
    *,
    seed: int,
    share: float | None = None,
    cache: Path | None = None,
    commit: str = __version__,
    tell: Tell | None = None,
) -> Run:
    """Play a scenario and count its outcomes. The same seed, code, law and facts: the same bytes.

    Raises:
        NoPopulation: the seed or the share cannot be used.

    """
    say = tell or (lambda _: None)
    part = chosen.population_percent / 100 if share is None else share
    say(f"population: seed {seed}, share {part:g}")
    people = population.population(seed, part, cache or default_cache())
    rulebook = scenario.rulebook(chosen)
    behaviour, law = in_the_middle(chosen, people)
    people = bands.weighted(people, behaviour)
    firms = centres.build(seed, behaviour)
    say(f"{chosen.name}: {len(people):,} workers, {chosen.first:%Y-%m} to {chosen.last:%Y-%m}")
    events = world.run(
        people,
        behaviour,
        law,
        seed=seed,
        first=chosen.first,
        last=chosen.last,
        centres=firms,
        reading=chosen.reading,
        tell=tell,
    )
    about = _about(chosen, people, rulebook, seed, commit)
    say(f"{chosen.name}: counting {len(events):,} orders")
    counted = outcomes.of(
        events, people, law, behaviour, firms, about=about, reading=chosen.reading
    )
    return Run(chosen, counted)


def in_the_middle(chosen: Scenario, people: Population) -> tuple[Behaviour, Rulebook]:
    """Return what a run of a scenario assumes with every assumption in the middle.

    That is draw 0 of an ensemble: what was fitted has its fitted value, and the law is as it looks
    to workers of whom the central share has the years.
    """
    drawn = bands.draw(0, bands.CENTRAL, fits.fitted().values)
    law = bands.law_of(scenario.rulebook(chosen), drawn, people)
    return bands.behaviour(chosen.behaviour, drawn), law


def _about(
    chosen: Scenario, people: Population, rulebook: Rulebook, seed: int, commit: str
) -> dict[str, str | int | float]:
    """Return what a run rests on: with the same five stamps it gives the same bytes."""
    return {
        "scenario": chosen.name,
        "title": chosen.title,
        "author": chosen.author,
        "source": chosen.source,
        "note": chosen.note.strip(),
        "first": f"{chosen.first:%Y-%m}",
        "last": f"{chosen.last:%Y-%m}",
        "share": people.share,
        "workers": len(people),
        "seed": seed,
        "commit": commit,
        "rulebook": rulebook.hash,
        "scenario_hash": chosen.hash,
        "population": people.hash,
    }


def default_cache() -> Path:
    """Return where populations are kept: in the checkout, else in the user's own cache."""
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".lab"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopbaan"
