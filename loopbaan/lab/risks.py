"""The centres' income from vouchers, and how many of them are at risk when it falls.

A centre is under break-even when what its vouchers left over half a year, after the coaches, does
not pay for its fixed costs: those of its usual part of the best year of the last three. It is at
risk when that lasts longer than its reserves, which last the longer the more it earns elsewhere.
At risk is not closed, and some always are. Costs and reserves are published nowhere (grade D).

All of this is told of everybody only. A small centre has some twenty vouchers a year; in a part of
the workers it goes months without one, and would stand at risk by that alone.
"""

from datetime import date
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.orders import SPENT

Floats = NDArray[np.floating]

YEAR, SMOOTHED = 12, 6  # months that make a normal income, and months over which it is looked at
REMEMBERED = 36  # months back in which a better year still sets the costs
FALL_OF_ASSUMPTION = 0.74  # the fall in income for which stopping and leaving were assumed
EVERYBODY_FROM = 0.9  # of everybody: a drawn size of the scope is some percent off, and no less
OF_EVERYBODY = (
    "centres_with_vouchers",
    "under_break_even",
    "at_risk",
    "may_stop_within_a_year",
    "coaches_who_may_leave",
)


class Firms(Protocol):
    """What is asked of the centres, one element a centre."""

    @property
    def coach_share(self) -> Floats: ...
    @property
    def fixed_cost_share(self) -> Floats: ...
    @property
    def voucher_income_share(self) -> Floats: ...
    @property
    def reserve_months(self) -> Floats: ...
    @property
    def coaches(self) -> NDArray[np.integer]: ...


def report(
    orders: pl.DataFrame,
    firms: Firms,
    behaviour: Behaviour,
    first: date,
    last: date,
    share: float,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the vouchers and income of each centre by year, and the centres at risk by month.

    The income of a voucher counts in the month of its start, VAT included. `share` is the part of
    everybody that ordered: of a smaller one `OF_EVERYBODY` stays empty.
    """
    begun = _begun(orders)
    by_centre = (
        begun.group_by("centre", pl.col("started_on").dt.year().alias("year"))
        .agg(pl.len().cast(pl.Int32).alias("vouchers"), pl.col("income_cents").sum())
        .sort("centre", "year")
    )
    income = _income(begun, firms, first, last)
    days = pl.date_range(first, last, "1mo", eager=True)
    by_month = _by_month(income, firms, behaviour, days)
    if not is_told(share):
        empty = (pl.lit(None, by_month.schema[name]).alias(name) for name in OF_EVERYBODY)
        by_month = by_month.with_columns(empty)
    return by_centre, by_month


def is_told(share: float) -> bool:
    """Whether so large a part of everybody ordered that each centre has the vouchers it has."""
    return share >= EVERYBODY_FROM


def at_risk(orders: pl.DataFrame, firms: Firms, first: date, last: date) -> NDArray[np.bool_]:
    """Return which centres are at risk: a row a month from the first to the last, a column each."""
    return _standing(_income(_begun(orders), firms, first, last), firms)[-1]


def _begun(orders: pl.DataFrame) -> pl.DataFrame:
    """Return the orders that earned a centre something, with what they earned."""
    begun = orders.filter(pl.col("started_on").is_not_null() & pl.col("centre").is_not_null())
    return begun.with_columns(income_cents=pl.sum_horizontal(SPENT).cast(pl.Int64))


def _income(begun: pl.DataFrame, firms: Firms, first: date, last: date) -> Floats:
    """Return the income of each centre in each month."""
    months = (last.year - first.year) * YEAR + last.month - first.month + 1
    started = begun["started_on"]
    since = (started.dt.year() - first.year) * YEAR + started.dt.month() - first.month
    count = len(firms.coach_share)
    cell = since.to_numpy().astype(np.int64) * count + begun["centre"].to_numpy()
    paid = begun["income_cents"].to_numpy()
    return np.bincount(cell, paid, months * count).reshape(months, count).astype(np.float64)


def _standing(
    income: Floats, firms: Firms
) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the usual income, the present one, who is under break-even, and who is at risk."""
    market = income.sum(axis=1, keepdims=True)
    part = np.cumsum(income, axis=0) / np.maximum(np.cumsum(market, axis=0), 1)
    normal = _best_lately(_trailing(market, YEAR)) * part
    lately = _trailing(income, SMOOTHED)
    needed = normal * firms.fixed_cost_share / (1 - firms.coach_share)
    is_under = (lately < needed) & (normal > 0)
    months_under = _run_lengths(is_under)
    is_at_risk = months_under > firms.reserve_months / firms.voucher_income_share
    return normal, lately, is_under, is_at_risk


def _by_month(income: Floats, firms: Firms, behaviour: Behaviour, days: pl.Series) -> pl.DataFrame:
    normal, lately, is_under, is_at_risk = _standing(income, firms)
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = np.where(normal > 0, 1 - np.minimum(lately / normal, 1), 0)
    weight = np.minimum(fall / FALL_OF_ASSUMPTION, 1)
    stops = behaviour.centre_stop_share_if_income_minus_74 * (weight * is_under).sum(axis=1)
    leaves = behaviour.coach_drift_share * (weight * is_under * firms.coaches).sum(axis=1)
    return pl.DataFrame(
        {
            "month": days,
            "centres_with_vouchers": (income > 0).sum(axis=1).astype(np.int32),
            "income_cents": income.sum(axis=1).astype(np.int64),
            "under_break_even": is_under.sum(axis=1).astype(np.int32),
            "at_risk": is_at_risk.sum(axis=1).astype(np.int32),
            "may_stop_within_a_year": np.round(stops, 1),
            "coaches_who_may_leave": np.round(leaves, 1),
        }
    )


def _trailing(income: Floats, months: int) -> Floats:
    """Return the mean of the last so many months; 0 until there are so many."""
    total = np.cumsum(income, axis=0)
    mean = np.zeros_like(income)
    mean[months - 1 :] = total[months - 1 :]
    mean[months:] -= total[:-months]
    return mean / months


def _best_lately(income: Floats) -> Floats:
    """Return the highest value of the last months that are remembered."""
    best = [income[max(0, month - REMEMBERED) : month + 1].max() for month in range(len(income))]
    return np.array(best)[:, np.newaxis]


def _run_lengths(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each month how many months in a row, up to it, a flag was set."""
    lengths = np.zeros(flags.shape, np.int64)
    for month in range(len(flags)):
        before = lengths[month - 1] if month else 0
        lengths[month] = np.where(flags[month], before + 1, 0)
    return lengths
