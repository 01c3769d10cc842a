"""How long people wait for a place: from the first order to the one that got a place.

Who loses and comes back waits on; a new wish, after a place or years later, begins anew. Refused
orders count no wait: no place was asked of the law.
"""

from collections.abc import Collection

import polars as pl

from loopbaan.lab.falling_out import GROUPS, by_group
from loopbaan.law.transitions import Status

STEPS = (0, 7, 31, 62, 92, 183)
BINS = (
    "same_day",
    "within_a_week",
    "within_a_month",
    "within_two_months",
    "within_three_months",
    "within_half_a_year",
    "longer",
)
PLACED = (
    Status.GRANTED,
    Status.LAPSED,
    Status.ISSUED,
    Status.LAPSED_UNSTARTED,
    Status.STARTED,
    Status.CLOSED,
    Status.CLOSED_EARLY,
)


def report(orders: pl.DataFrame, scarce: Collection[str]) -> pl.DataFrame:
    """Return a row for each period, dimension and category: wishes by what they waited, in days.

    `scarce` are the periods of the law with a cap.
    """
    return by_group(wishes(orders), _counts(), scarce)


def wishes(orders: pl.DataFrame) -> pl.DataFrame:
    """Return one row a wish: the orders of one person that follow from one another.

    `days` is the wait for the place, empty where none came; `period` and who it is are those of the
    first order.
    """
    columns = ("order", "person", "period", "attempt", "ordered_on", "decided_on", *GROUPS)
    in_line = (
        orders.filter(~_is_one_of((Status.REFUSED,)))
        .select(*columns, has_place=_is_one_of(PLACED), waits=_is_one_of((Status.WAITING,)))
        .sort("person", "ordered_on", "order")
    )
    # A wish begins with an attempt that does not follow on the one before.
    follows = (pl.col("person") == pl.col("person").shift()) & (
        pl.col("attempt") > pl.col("attempt").shift()
    )
    begins = ~follows.fill_null(value=False)
    numbered = in_line.with_columns(begins=begins, wish=begins.cum_sum())
    came_to = numbered.group_by("wish", maintain_order=True).agg(
        placed_on=pl.col("decided_on").filter("has_place").max(),
        tries=pl.len(),
        waits=pl.col("waits").last(),
    )
    firsts = numbered.filter("begins").select("person", "period", "ordered_on", *GROUPS)
    days = (pl.col("placed_on") - pl.col("ordered_on")).dt.total_days().cast(pl.Int32)
    return firsts.hstack(came_to).with_columns(days=days)


def _is_one_of(statuses: tuple[Status, ...]) -> pl.Expr:
    return pl.col("outcome").is_in([str(status) for status in statuses])


def _counts() -> list[pl.Expr]:
    days = pl.col("days")
    edges = (-1, *STEPS)
    bins = [
        ((days > low) & (days <= high)).sum().alias(name)
        for low, high, name in zip(edges, STEPS, BINS, strict=False)
    ]
    return [
        pl.len().alias("wishes"),
        days.is_not_null().sum().alias("got_a_place"),
        (days.is_null() & pl.col("waits")).sum().alias("still_wait"),
        (days.is_null() & ~pl.col("waits")).sum().alias("never"),
        days.mean().round(2).alias("mean_days"),
        days.median().alias("median_days"),
        days.quantile(0.9, "higher").alias("nine_in_ten_days"),
        *bins,
        (days > STEPS[-1]).sum().alias(BINS[-1]),
    ]
