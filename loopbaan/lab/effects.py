"""What guidance may do to those who use it: a band that holds zero, and never a claim.

No causal evidence exists for this scheme. Every row says so, and the break-even stands beside it:
how many avoided cases of long sickness would pay for the vouchers, whatever really happens.

The effects are stated on the hours of both vouchers. Who had fewer has a part of them: all of it
with seven hours, `effect_hours_curve` of it with the four of the first, and along a power of the
hours between and below. Below four hours nobody has measured anything: that is our own line (D).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab.behaviour import NAMES, Behaviour, assumptions
from loopbaan.lab.keyed import Floats
from loopbaan.law import rulebook as rulebooks

LABEL = "no causal evidence"
ARITHMETIC = "arithmetic, whatever the effect is"
COUNTED = "count of the run"
STATED_ON = date(2024, 1, 1)  # the law of two vouchers, on whose hours the effects are stated
LATER_MONTHS = 24
_CENTS = 100

Ends = Mapping[str, float]


def bands(orders: pl.DataFrame, behaviour: Behaviour) -> pl.DataFrame:
    """Return a row for each effect on all who started: low, central and high, with the label.

    The central value is that of the run, the ends are those of the assumptions; a product takes the
    small ends of all its factors together, and the large ones.
    """
    minutes = minutes_of_users(orders)
    paid = int(orders["government_cents"].sum()) / _CENTS
    ends = _ends(behaviour)
    # Who had half of the talks gets part of the effect: as if there were so many whole users.
    full = [float(strength(minutes, end["effect_hours_curve"]).sum()) for end in ends]
    mean = [each / max(len(minutes), 1) for each in full]
    cases = [
        -end["effect_long_sickness_relative"] * end["baseline_long_sickness_user_24m"] * count
        for end, count in zip(ends, full, strict=True)
    ]
    benefit, state = (
        [end[name] * end["mean_duration_long_sickness_years"] for end in ends]
        for name in ("benefit_year_long_sickness", "state_cost_year_long_sickness")
    )
    fade = [0.5 ** (LATER_MONTHS / end["effect_fade_half_life_months"]) for end in ends]
    content = _products(mean, ends, "effect_job_satisfaction_sd")
    symptoms = _products(mean, ends, "effect_burnout_symptoms_sd")
    turned_away = _turned_away(orders)
    rows: list[tuple[Any, ...]] = [
        ("users", "persons", [len(minutes)] * 3, COUNTED),
        ("government_paid", "euro", [paid] * 3, COUNTED),
        ("would_have_found_equal_help", "persons", _times(len(minutes), ends, "deadweight_share")),
        ("pay_the_full_price", "persons", _times(turned_away, ends, "full_price_buyers_share")),
        ("more_job_changes_in_a_year", "persons", _products(full, ends, "effect_job_change_12m")),
        ("job_satisfaction_after_a_year", "standard deviations", content),
        ("job_satisfaction_after_three_years", "standard deviations", _by(content, fade)),
        ("burnout_symptoms", "standard deviations", symptoms),
        ("avoided_long_sickness", "cases", cases),
        ("benefits_saved", "euro", _by(cases, benefit)),
        ("saved_by_the_state", "euro", _by(cases, state)),
        # A dear case needs few of them, so the ends change places.
        ("break_even_long_sickness", "cases", [paid / each for each in state[::-1]], ARITHMETIC),
    ]
    return pl.DataFrame([_row(*row) for row in rows], schema=_SCHEMA, orient="row")


def minutes_of_users(orders: pl.DataFrame) -> NDArray[np.int64]:
    """Return the minutes of talk of each person who started, of all vouchers together."""
    users = orders.filter(pl.col("started_on").is_not_null()).group_by("person")
    return users.agg(pl.col("used_minutes").cast(pl.Int64).sum())["used_minutes"].to_numpy()


def strength(minutes: NDArray[np.integer], curve: float) -> Floats:
    """Return the part of an effect that so many minutes of talk have: 1 from seven hours on.

    `curve` is the part that the first voucher alone has (`effect_hours_curve`).
    """
    first, whole = _stated_minutes()
    power = np.log(curve) / np.log(first / whole)
    part: Floats = (np.minimum(minutes, whole) / whole) ** power
    return part


@cache
def _stated_minutes() -> tuple[int, int]:
    """Return the minutes of the first voucher, and of both."""
    policy = rulebooks.current().on(STATED_ON)
    assert policy.second_voucher_minutes is not None, "that law had two vouchers"
    return (
        policy.first_voucher_minutes,
        policy.first_voucher_minutes + policy.second_voucher_minutes,
    )


_SCHEMA = {
    "outcome": pl.String,
    "unit": pl.String,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
    "evidence": pl.String,
}


def _row(
    name: str, unit: str, values: list[float], evidence: str = LABEL
) -> tuple[str, str, float, float, float, str]:
    digits = 3 if unit == "standard deviations" else 0
    low, central, high = (round(value, digits) + 0.0 for value in values)
    return name, unit, low, central, high, evidence


def _ends(behaviour: Behaviour) -> tuple[Ends, Ends, Ends]:
    """Return the small end, the run's value and the large end of each assumption.

    An effect that is negative is smallest near zero.
    """
    rows = assumptions()
    central = {name: getattr(behaviour, name) for name in NAMES}
    low = {name: min(rows[name].low, rows[name].high, key=abs) for name in NAMES}
    high = {name: max(rows[name].low, rows[name].high, key=abs) for name in NAMES}
    return low, central, high


def _turned_away(orders: pl.DataFrame) -> int:
    """Return how many persons were refused or gave up, and never started a voucher."""
    started = pl.col("started_on").is_not_null().any()
    away = (pl.col("outcome") == "refused").any() | pl.col("gave_up").any()
    return int(orders.group_by("person").agg(away=away & ~started)["away"].sum())


def _times(count: int, ends: tuple[Ends, ...], name: str) -> list[float]:
    return [count * end[name] for end in ends]


def _products(counts: list[float], ends: tuple[Ends, ...], name: str) -> list[float]:
    return [count * end[name] for count, end in zip(counts, ends, strict=True)]


def _by(first: list[float], second: list[float]) -> list[float]:
    return [one * other for one, other in zip(first, second, strict=True)]
