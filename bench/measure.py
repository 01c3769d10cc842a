"""How a figure is measured: trials of both sides shuffled in one run, median and spread."""

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TRIALS, MOST_ROUNDS, WIDE = 5, 3, 0.3


@dataclass(frozen=True)
class Figure:
    """One measured figure. Ratios bind; a figure in seconds does not."""

    name: str
    value: float
    unit: str
    goal: float | None
    spread: str = ""
    at_least: bool = False  # the goal is a least, not a most

    @property
    def holds(self) -> bool:
        """Whether the figure is within its goal."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def binds(self) -> bool:
        """Whether missing the goal is a failure: for ratios, which mean the same everywhere."""
        return self.unit == "ratio" and self.goal is not None

    def record(self) -> dict[str, Any]:
        """Return the figure as it stands in build/bench.json."""
        value = round(self.value, 4)
        return {
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "goal": self.goal,
            "at_least": self.at_least,
            "holds": self.holds,
        }

    def line(self) -> str:
        """Return the figure as it is printed."""
        least = "≥ " if self.at_least else ""
        goal = "" if self.goal is None else f"goal {least}{self.goal:g}"
        verdict = "" if self.goal is None else ("holds" if self.holds else "MISSED")
        return (
            f"{self.name:<58}{self.value:>9.3g} {self.unit:<8}{goal:<11}{verdict:<8}{self.spread}"
        )


def seconds(sides: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the seconds of each trial of each side, shuffled; again while a spread is wide."""
    for _ in range(MOST_ROUNDS):
        turns = [name for name in sides for _ in range(TRIALS)]
        random.Random(7).shuffle(turns)
        for call in sides.values():
            call()  # once unmeasured, so that nobody pays for first touches and imports
        found: dict[str, list[float]] = {name: [] for name in sides}
        for name in turns:
            started = time.perf_counter()
            sides[name]()
            found[name].append(time.perf_counter() - started)
        if all(_spread(each) <= WIDE for each in found.values()):
            break
    return found


def ratio(
    name: str, found: Mapping[str, list[float]], side: str, to: str, goal: float | None = None
) -> Figure:
    """Return the ratio of the medians of two sides, with the spread of both."""
    value = statistics.median(found[side]) / statistics.median(found[to])
    spread = f"[{_range(found[side])} / {_range(found[to])}]"
    return Figure(name, value, "ratio", goal, spread)


def _spread(values: list[float]) -> float:
    return (max(values) - min(values)) / statistics.median(values)


def _range(values: list[float]) -> str:
    return f"{min(values) * 1e3:.4g}-{max(values) * 1e3:.4g} ms"
