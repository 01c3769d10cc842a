"""Which groups lose more often than everybody else: a stated threshold, so that nobody chooses it.

In each period with a cap every person counts once, with the first order there that the law allows:
it got a place, or it did not. A group is marked when all three hold:

* it has at least `LEAST_PERSONS` persons in line, and so have the others;
* its ratio to the others is at least `THRESHOLD` in losing, or at most 1 / `THRESHOLD` in winning
  (where nearly everybody loses, only winning can tell);
* the 99 % intervals of both ratios leave out 1 (of the one that exists, where nobody lost or won).
  The 99 % hold for all groups of the period together: each single interval is as much wider as
  there are groups (Bonferroni).

So where no group is treated otherwise, at most one report in a hundred marks any at all; the ratio
keeps out what is certain and small. A mark says that a group loses more often, and not why.
"""

from collections import Counter
from collections.abc import Collection
from statistics import NormalDist

import numpy as np
import polars as pl

from loopbaan.lab.falling_out import ASSUMED, EVERYBODY, GROUPS
from loopbaan.lab.waiting import PLACED
from loopbaan.law.transitions import Status

THRESHOLD = 1.25
LEAST_PERSONS = 30
CERTAINTY = 0.99
COUNTED = ("in_line", "with_a_place", "without_a_place")
WORKED_OUT = (
    "loses_percent",
    "others_lose_percent",
    "losing_ratio",
    "losing_low",
    "losing_high",
    "winning_ratio",
    "winning_low",
    "winning_high",
    "marked",
)


def report(orders: pl.DataFrame, scarce: Collection[str]) -> pl.DataFrame:
    """Return a row for each period with a cap, dimension and category: who loses how often.

    `others` are all who are in line in the same period and not in the group. Both ratios have the
    interval of the logarithm of a ratio of two shares.
    """
    first = _first_in_line(orders, scarce)
    count = [
        pl.len().cast(pl.Int64).alias("in_line"),
        pl.col("is_placed").cast(pl.Int64).sum().alias("with_a_place"),
    ]
    whole = first.group_by("period").agg(count)
    parts = [whole.with_columns(dimension=pl.lit(EVERYBODY), category=pl.lit(""))]
    for name in GROUPS:
        counted = first.group_by("period", name).agg(count)
        category = pl.col(name).cast(pl.String)
        parts.append(counted.with_columns(dimension=pl.lit(name), category=category).drop(name))
    keys = ("period", "dimension", "category")
    together = pl.concat([part.select(*keys, "in_line", "with_a_place") for part in parts])
    others = together.join(whole, on="period", suffix="_of_all")
    found = _compared(others.sort("period", _rank(), "category"))
    return found.with_columns(evidence=pl.lit(ASSUMED)).select(
        *keys, "evidence", *COUNTED, *WORKED_OUT
    )


def marked(table: pl.DataFrame, period: str | None = None) -> list[tuple[str, str]]:
    """Return the groups that lose more often by the threshold, in all periods or in one."""
    own = table if period is None else table.filter(pl.col("period") == period)
    return own.filter("marked").select("dimension", "category").unique(maintain_order=True).rows()


def _first_in_line(orders: pl.DataFrame, scarce: Collection[str]) -> pl.DataFrame:
    """Return the first order of each person in each period with a cap that the law allows."""
    outcome = pl.col("outcome")
    in_line = orders.filter(
        pl.col("period").cast(pl.String).is_in(list(scarce))
        & (outcome != str(Status.REFUSED))
        & (outcome != str(Status.RECEIVED))
    )
    return (
        in_line.sort("ordered_on", "order")
        .unique(["period", "person"], keep="first", maintain_order=True)
        .select(
            pl.col("period").cast(pl.String),
            *GROUPS,
            is_placed=outcome.is_in([str(status) for status in PLACED]),
        )
    )


def _compared(table: pl.DataFrame) -> pl.DataFrame:
    lines, won = (table[name].to_numpy() for name in ("in_line", "with_a_place"))
    others = table["in_line_of_all"].to_numpy() - lines
    others_won = table["with_a_place_of_all"].to_numpy() - won
    is_group = (table["dimension"] != EVERYBODY).to_numpy()
    enough = is_group & (np.minimum(lines, others) >= LEAST_PERSONS)
    wide = _widths(table["period"].to_list(), enough)
    losing = _ratio(lines - won, lines, others - others_won, others, enough, wide)
    winning = _ratio(won, lines, others_won, others, enough, wide)
    with np.errstate(invalid="ignore", divide="ignore"):
        percents = [100 * (lines - won) / lines, 100 * (others - others_won) / others]
        is_marked = (losing[0] >= THRESHOLD) | (winning[0] <= 1 / THRESHOLD)
        is_marked &= ~(losing[1] <= 1) & ~(winning[2] >= 1)
    values = dict(zip(WORKED_OUT, [*percents, *losing, *winning], strict=False))
    return table.with_columns(
        (pl.col("in_line") - pl.col("with_a_place")).alias("without_a_place"),
        *(pl.Series(name, each).round(3).fill_nan(None) for name, each in values.items()),
        pl.Series("marked", is_marked),
    )


def _widths(periods: list[str], enough: np.ndarray) -> np.ndarray:
    """Return how many spreads wide each interval is, by the groups compared in its period."""
    groups = Counter(period for period, is_in in zip(periods, enough, strict=True) if is_in)
    bell = NormalDist()
    widths = {
        period: bell.inv_cdf(1 - (1 - CERTAINTY) / 2 / count) for period, count in groups.items()
    }
    return np.array([widths.get(period, 0.0) for period in periods])


def _ratio(
    part: np.ndarray,
    whole: np.ndarray,
    other: np.ndarray,
    others: np.ndarray,
    enough: np.ndarray,
    wide: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ratio of two shares and its 99 % interval; nothing where there are too few."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (part / whole) / (other / others)
        spread = np.sqrt(1 / part - 1 / whole + 1 / other - 1 / others)
        known = enough & (part > 0) & (other > 0)
        ends = (ratio, ratio * np.exp(-wide * spread), ratio * np.exp(wide * spread))
    return tuple(np.where(known, end, np.nan) for end in ends)  # type: ignore[return-value]


def _rank() -> pl.Expr:
    ranks = {name: place for place, name in enumerate((EVERYBODY, *GROUPS))}
    return pl.col("dimension").replace_strict(ranks, return_dtype=pl.Int32)
