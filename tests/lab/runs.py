"""Runs of a small part of everybody, each played once however many tests look at it."""

import copy
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from loopbaan.lab import behaviour, population, scenario, world
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.events import Events
from loopbaan.lab.population import Population
from loopbaan.law import rulebook
from loopbaan.law.rulebook import Rulebook

SEED, SHARE = 1, 0.05
_known: dict[tuple[Any, ...], Events] = {}


@cache
def people(share: float = SHARE) -> Population:
    """One in twenty, or another part."""
    return population.build(SEED, share)


def assume(changes: Mapping[str, float | str] | None = None) -> Behaviour:
    return behaviour.load(changes=changes)


@cache
def scenario_law(name: str) -> Rulebook:
    """The law of a scenario of the house."""
    return scenario.rulebook(scenario.load(name))


@cache
def law(*changes: tuple[str, str, Any]) -> Rulebook:
    """The law with some numbers changed from a day on: number, day, value; known from the start."""
    content = copy.deepcopy(rulebook.current().content)
    for name, since, value in changes:
        own = {"from": since, "announced": "2013-05-17", "value": value, "source": ["SEED"]}
        number = content["numbers"][name]
        number["lines"] = [line for line in number["lines"] if line["from"] < since]
        number["lines"].append({**own, "grade": "D"})
    return rulebook.of(content)


def play(
    first: str,
    last: str,
    *,
    changes: Mapping[str, float | str] | None = None,
    book: Rulebook | None = None,
    share: float = SHARE,
    seed: int = SEED,
) -> Events:
    """Play some months, from the first day to the last."""
    chosen = book or rulebook.current()
    key = (first, last, tuple(sorted((changes or {}).items())), chosen.hash, share, seed)
    if key not in _known:
        _known[key] = world.run(
            people(share),
            assume(changes),
            chosen,
            seed=seed,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
        )
    return _known[key]
