"""Break-even instead of a claimed return: how many avoided cases would pay for the vouchers.

No causal estimate of long sickness exists for this scheme. So the question is turned round: what a
user costs, what a case costs the state, and how many cases in a hundred users would have to be
avoided. Beside it stands what the assumptions give for the hours that were had, the whole band of
it, and zero is inside.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab import effects
from loopbaan.lab.behaviour import Behaviour, assumptions
from loopbaan.lab.effects import ARITHMETIC, COUNTED, LABEL

ASSUMED_COST = "assumption with a band"
CASE = ("state_cost_year_long_sickness", "mean_duration_long_sickness_years")
CURVE = "effect_hours_curve"
AVOIDED = ("baseline_long_sickness_user_24m", "effect_long_sickness_relative")
_HUNDRED = 100


def report(orders: pl.DataFrame, behaviour: Behaviour) -> pl.DataFrame:
    """Return a row a measure: low, central and high, for one user or a hundred.

    The low end of a need is that of the dearest case, its high end that of the cheapest. Both ends
    take all assumptions of a product together, so they lie further out than an 80 % band.
    """
    began = orders.filter(pl.col("started_on").is_not_null())
    minutes = effects.minutes_of_users(orders)
    users = len(minutes)
    paid = int(began["government_cents"].cast(pl.Int64).sum()) / 100
    each = paid / users if users else 0.0
    case = _product(behaviour, CASE)
    whole, parts = _product(behaviour, AVOIDED), _strengths(behaviour, minutes)
    avoided = tuple(part * effect for part, effect in zip(parts, whole, strict=True))
    cases = tuple(_HUNDRED * part for part in avoided)
    saved = tuple(part * cost for part, cost in zip(avoided, case, strict=True))
    rows: list[tuple[Any, ...]] = [
        ("public_cost_of_a_user", "euro", (each, each, each), COUNTED),
        ("cost_of_a_case_to_the_state", "euro", case, ASSUMED_COST),
        (
            "cases_that_pay_for_a_hundred_users",
            "cases in 100 users",
            tuple(_HUNDRED * each / cost for cost in reversed(case)),
            ARITHMETIC,
        ),
        ("cases_avoided_in_a_hundred_users", "cases in 100 users", cases, LABEL),
        ("saved_by_the_state_for_a_user", "euro", saved, LABEL),
        (
            "part_of_the_cost_that_comes_back",
            "share",
            tuple(part / each if each else 0.0 for part in saved),
            LABEL,
        ),
    ]
    found = [
        (name, unit, *(round(value, 0 if unit == "euro" else 3) + 0.0 for value in ends), evidence)
        for name, unit, ends, evidence in rows
    ]
    return pl.DataFrame(found, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "outcome": pl.String,
    "unit": pl.String,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
    "evidence": pl.String,
}


def _strengths(behaviour: Behaviour, minutes: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the mean part of the effect that the users' hours have, at both ends and as it is."""
    band = assumptions()[CURVE]
    curves = (band.low, getattr(behaviour, CURVE), band.high)
    sums = [float(effects.strength(minutes, curve).sum()) for curve in curves]
    low, central, high = (each / max(len(minutes), 1) for each in sums)
    return low, central, high


def _product(behaviour: Behaviour, names: tuple[str, ...]) -> tuple[float, float, float]:
    """Return the product of some assumptions, all at their small ends, as they are, and large."""
    rows = assumptions()
    low = central = high = 1.0
    for name in names:
        ends = sorted((rows[name].low, rows[name].high), key=abs)
        low, high = low * abs(ends[0]), high * abs(ends[1])
        central *= abs(getattr(behaviour, name))
    return low, central, high
