"""What the counts up to 2019 say of assumptions that no source gives: fitted inside their bands.

Only rows of `calibration_targets.csv` that say `calibrate` are read, and nothing counted in 2020 or
later. The same law, population and rows give the same values: no chance is left once the seeds are
given. Counts tell awareness and wish apart only as a product, so the ceiling of awareness keeps its
central value and the wish of those who know takes the rest.

The method is Gauss and Newton's, damped: each assumption is moved a little in turn, and all are
then moved together to where the errors, each in its tolerance, should be least.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab import orders, targets, world
from loopbaan.lab.behaviour import Assumption
from loopbaan.lab.population import Population
from loopbaan.lab.targets import LAST_FITTED, Target
from loopbaan.law.rulebook import Rulebook

Floats = NDArray[np.float64]
Tell = Callable[[str], None]

# Each is moved in its logarithm but for the two shares of second vouchers.
FREE = (
    "first_order_hazard_month_aware",
    "awareness_2013",
    "awareness_half_years",
    "second_voucher_share",
    "second_voucher_trend_per_year",
)
HELD = ("awareness_ceiling",)
_LINEAR = ("second_voucher_share", "second_voucher_trend_per_year")
_STEP = 0.06  # of a logarithm, or of the width of a band
_DAMPING = 1e-3
_PARTS = (1.0, 0.4)  # of the way: where the errors bend, the whole of it may be too far
_DIGITS = 4
SEEDS = (1, 2)
ROUNDS = 5


@dataclass(frozen=True)
class Fit:
    """Fitted values, and what each row then comes to. `misfit` is the mean squared scaled error."""

    values: dict[str, float]
    misfit: float
    rows: list[dict[str, Any]]


def fit(
    population: Population,
    rulebook: Rulebook,
    *,
    seeds: Sequence[int] = SEEDS,
    rounds: int = ROUNDS,
    path: Path = targets.FILE,
    tell: Tell | None = None,
) -> Fit:
    """Fit the free assumptions on the rows that may be fitted; the others keep central values."""
    wanted = targets.to_fit(path)
    rows = behaviours.assumptions()
    assert {name for name, row in rows.items() if row.role == "calibrate"} == {*FREE, *HELD}
    bands = [rows[name] for name in FREE]
    ends = np.array([[_inward(row, row.low), _inward(row, row.high)] for row in bands]).T
    say = tell or (lambda _: None)

    def errors(at: Floats) -> Floats:
        found = modelled(population, rulebook, _values(at, bands), wanted, seeds)
        return scaled(wanted, found)

    best = np.array([_inward(row, row.value) for row in bands])
    found = errors(best)
    say(f"before: misfit {_misfit(found):.3f}")
    for number in range(1, rounds + 1):
        goal = _move(best, found, errors, ends)
        for part in _PARTS:
            moved = best + part * (goal - best)
            after = errors(moved)
            say(f"round {number}: misfit {_misfit(after):.3f}")
            if _misfit(after) < _misfit(found):
                break
        else:
            break
        best, found = moved, after
    values = {name: float(f"{value:.{_DIGITS}g}") for name, value in _values(best, bands).items()}
    held = {name: rows[name].value for name in HELD}
    came = modelled(population, rulebook, values, wanted, seeds)
    return Fit({**values, **held}, _misfit(scaled(wanted, came)), _told(wanted, came))


def modelled(
    population: Population,
    rulebook: Rulebook,
    values: Mapping[str, float],
    wanted: Sequence[Target],
    seeds: Sequence[int],
) -> dict[tuple[str, str], float]:
    """Return what some values of the assumptions come to: the mean over the seeds."""
    assumed = behaviours.load(changes=dict(values))
    sums: dict[tuple[str, str], float] = {}
    for seed in seeds:
        events = world.run(population, assumed, rulebook, seed=seed, last=LAST_FITTED)
        frame = orders.frame(events, population, rulebook)
        for series, period, value in targets.counted(frame, 1 / population.share, wanted):
            key = (series, period)
            sums[key] = sums.get(key, 0.0) + value / len(seeds)
    return sums


def scaled(wanted: Sequence[Target], found: Mapping[tuple[str, str], float]) -> Floats:
    """Return each row's error as a multiple of its tolerance."""
    return np.array([_error(row, found[row.series, row.period]) for row in wanted])


def _error(row: Target, value: float) -> float:
    assert row.tolerance is not None, "a row that is fitted has a tolerance"
    if row.kind == "factor":
        return math.log(max(value, 1e-9) / row.value) / math.log(row.tolerance)
    off = value - row.value
    return off / (row.tolerance * (row.value if row.kind == "relative" else 1.0))


def _move(best: Floats, found: Floats, errors: Callable[[Floats], Floats], ends: Floats) -> Floats:
    """Return where the errors should be least, were they straight lines; inside the bands."""
    slopes = np.empty((len(found), len(best)))
    for place in range(len(best)):
        step = _STEP if FREE[place] not in _LINEAR else _STEP * float(np.ptp(ends[:, place]))
        step = -step if best[place] + step > ends[1, place] else step
        there = best.copy()
        there[place] += step
        slopes[:, place] = (errors(there) - found) / step
    free = np.ones(len(best), np.bool_)
    moved = best.copy()
    for _ in range(len(best)):
        part = slopes[:, free]
        rest = found + slopes[:, ~free] @ (moved - best)[~free]
        normal = part.T @ part
        normal += _DAMPING * np.diag(np.diag(normal) + 1e-12)
        moved[free] = best[free] - np.linalg.solve(normal, part.T @ rest)
        outside = (moved < ends[0]) | (moved > ends[1])
        moved = np.clip(moved, ends[0], ends[1])
        if not outside.any():
            break
        # What runs into the end of its band stays there, and the others are solved again.
        free &= ~outside
        if not free.any():
            break
    return moved


def _inward(row: Assumption, value: float) -> float:
    return value if row.name in _LINEAR else math.log(value)


def _values(at: Floats, bands: Sequence[Assumption]) -> dict[str, float]:
    return {
        row.name: float(value if row.name in _LINEAR else math.exp(value))
        for row, value in zip(bands, at, strict=True)
    }


def _misfit(errors: Floats) -> float:
    return float(np.mean(errors**2))


def _told(wanted: Sequence[Target], found: Mapping[tuple[str, str], float]) -> list[dict[str, Any]]:
    return [
        {
            "series": row.series,
            "period": row.period,
            "published": row.value,
            "fitted": float(f"{found[row.series, row.period]:.{_DIGITS + 1}g}"),
            "error_in_tolerances": round(_error(row, found[row.series, row.period]), 2),
        }
        for row in wanted
    ]
