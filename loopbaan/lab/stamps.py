"""What tells one ensemble from another: law, people, assumptions, code."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

from loopbaan.lab import fitted as fits
from loopbaan.lab import scenario
from loopbaan.lab.behaviour import BEHAVIOUR_FILE
from loopbaan.lab.outcomes import scarce_periods
from loopbaan.lab.population import Population
from loopbaan.lab.scenario import Scenario

_HOUSE = Path(__file__).parents[1]


def of(chosen: Scenario, people: Population) -> dict[str, str | int | float]:
    """Return what two runs must share to be laid over each other."""
    law = scenario.rulebook(chosen)
    return {
        "scenario": chosen.name,
        "title": chosen.title,
        "author": chosen.author,
        "source": chosen.source,
        "first": f"{chosen.first:%Y-%m}",
        "last": f"{chosen.last:%Y-%m}",
        "share": people.share,
        "workers": len(people),
        "scenario_hash": chosen.hash,
        "rulebook": law.hash,
        "population": people.hash,
        "assumptions": hashlib.sha256(BEHAVIOUR_FILE.read_bytes()).hexdigest(),
        "fitted": fits.fitted().hash,
        "code": code_hash(),
        "scarce": " ".join(scarce_periods(law, chosen.reading)),
    }


def lines(seeds: str, commit: str, people: Population, chosen: Sequence[Scenario]) -> list[str]:
    """Return the stamps of a page about several scenarios: what is one for all, then each one's."""
    own = [
        (f"{each.name}", f"scenario_hash {each.hash}  rulebook {scenario.rulebook(each).hash}")
        for each in chosen
    ]
    width = max(14, *(len(name) for name, _ in own))
    shared = (("seed", seeds), ("commit", commit), ("population", people.hash))
    return [f"{name:<{width}} {value}" for name, value in (*shared, *own)]


@functools.cache
def code_hash() -> str:
    """Return a digest of the code and the facts that a member follows from."""
    digest = hashlib.sha256()
    for room in ("lab", "law", "adapters/gazetteer"):
        for file in sorted((_HOUSE / room).rglob("*")):
            if file.suffix in (".py", ".yaml", ".csv") and "scenarios" not in file.parts:
                digest.update(f"{file.relative_to(_HOUSE)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
