"""Vouchers, persons and money by month and by year, and when the places of a month were gone."""

from datetime import date

import polars as pl

from loopbaan.lab.orders import SPENT
from loopbaan.lab.waiting import PLACED
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Status

COUNTED = (
    "orders",
    "refused",
    "lost",
    "gave_up",
    "granted",
    "paid",
    "lapsed",
    "lapsed_unstarted",
    "started_first",
    "started_second",
    "closed",
    "closed_early",
)


def by_month(orders: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return a row a month: what happened in it, and what the vouchers started in it cost whom.

    An order counts in the month of the order, the decision, the payment, the start and the closing;
    money in the month of the start. `waiting` is the line at the end of the month.
    """
    months = pl.DataFrame(
        {"month": pl.date_range(first, last, "1mo", eager=True)}, schema={"month": pl.Date}
    )
    for counted in _counted(orders):
        months = months.join(counted, on="month", how="left", maintain_order="left")
    counts = pl.col(*COUNTED, "came", "went").fill_null(0).cast(pl.Int32)
    money = pl.col(SPENT).fill_null(0).cast(pl.Int64)
    months = months.with_columns(counts, money)
    waiting = (pl.col("came") - pl.col("went")).cum_sum().alias("waiting")
    return months.with_columns(waiting).select("month", *COUNTED, "waiting", *SPENT)


def by_year(months: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Return the months added up by year, and the persons who ordered and who started."""
    year = pl.col("month").dt.year().alias("year")
    years = months.group_by(year).agg(
        pl.col(*COUNTED, *SPENT).sum(), pl.col("waiting").last().alias("waiting")
    )
    for name, day in (("persons_ordered", "ordered_on"), ("persons_started", "started_on")):
        persons = (
            orders.filter(pl.col(day).is_not_null())
            .group_by(pl.col(day).dt.year().alias("year"))
            .agg(pl.col("person").n_unique().cast(pl.Int32).alias(name))
        )
        years = years.join(persons, on="year", how="left")
    counted = pl.col("persons_ordered", "persons_started").fill_null(0)
    ordered = ("year", *COUNTED, "waiting", "persons_ordered", "persons_started", *SPENT)
    return years.with_columns(counted).select(ordered).sort("year")


def sold_out(
    orders: pl.DataFrame, months: pl.DataFrame, rulebook: Rulebook, reading: str, share: float
) -> pl.DataFrame:
    """Return a row for each month with a cap: its places, who came, and when they were gone.

    `sold_out_on` and `sold_out_minute` are the first moment at which an order that the law allows
    found no place, where first come is first served; empty where places were left, or drawn. A
    place that comes free later does not change it. `came_too_late` counts who lost in the month.
    `places` are those of the part of the population that was played.
    """
    rows = []
    lost = _lost(orders)
    for month, counted, granted, waiting in months.select(
        "month", "orders", "granted", "waiting"
    ).iter_rows():
        policy = rulebook.on(max(month, rulebook.first_day), _next(month), reading)
        if policy.cap_per_month is None:
            continue
        late = lost.filter(pl.col("decided_on").is_between(month, _next(month), closed="left"))
        is_race = policy.allocation == "first_come" and late.height > 0
        day, minute = late.row(0) if is_race else (None, None)
        counts = (round(policy.cap_per_month * share), counted, granted, late.height, waiting)
        rows.append((month, policy.allocation, *counts, day, minute))
    return pl.DataFrame(rows, schema=_SOLD_OUT, orient="row")


_SOLD_OUT = {
    "month": pl.Date,
    "allocation": pl.String,
    "places": pl.Int32,
    "orders": pl.Int32,
    "got_a_place": pl.Int32,
    "came_too_late": pl.Int32,
    "waiting": pl.Int32,
    "sold_out_on": pl.Date,
    "sold_out_minute": pl.Int32,
}


def _lost(orders: pl.DataFrame) -> pl.DataFrame:
    """Return the day and minute at which each order that lost found no place, the first one first.

    Who lost on a later day than that of the order, as after a contest, ran no race that day.
    """
    is_same_day = pl.col("decided_on") == pl.col("ordered_on")
    return (
        orders.filter(pl.col("outcome") == str(Status.LOST))
        .select("decided_on", minute=pl.when(is_same_day).then("minute").cast(pl.Int32))
        .sort("decided_on", "minute", nulls_last=True)
    )


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _counted(orders: pl.DataFrame) -> list[pl.DataFrame]:
    """Return what is counted, by the month of each day that counts."""
    outcome, voucher = pl.col("outcome"), pl.col("voucher")
    is_placed = outcome.is_in([str(status) for status in PLACED])
    # Who stands in line: eligible, not yet decided at the end of the month.
    waited = (pl.col("decided_on").dt.truncate("1mo") > pl.col("ordered_on").dt.truncate("1mo")) | (
        outcome == str(Status.WAITING)
    )
    by_day = {
        "ordered_on": {"orders": pl.len(), "came": waited.sum()},
        "decided_on": {
            "refused": (outcome == str(Status.REFUSED)).sum(),
            "lost": (outcome == str(Status.LOST)).sum(),
            "gave_up": pl.col("gave_up").sum(),
            "granted": is_placed.sum(),
            "lapsed": (outcome == str(Status.LAPSED)).sum(),
            "lapsed_unstarted": (outcome == str(Status.LAPSED_UNSTARTED)).sum(),
            "went": (waited & (outcome != str(Status.WAITING))).sum(),
        },
        "paid_on": {"paid": pl.len()},
        "started_on": {
            "started_first": (voucher == 1).sum(),
            "started_second": (voucher == 2).sum(),
            **{name: pl.col(name).sum() for name in SPENT},
        },
        "closed_on": {
            "closed": (outcome == str(Status.CLOSED)).sum(),
            "closed_early": (outcome == str(Status.CLOSED_EARLY)).sum(),
        },
    }
    return [
        orders.filter(pl.col(day).is_not_null())
        .group_by(pl.col(day).dt.truncate("1mo").alias("month"))
        .agg(**counts)
        for day, counts in by_day.items()
    ]
