"""Who is reached, year by year: persons who started, their vouchers and talks, and what they paid.

Users by wage, health, digital skill and origin are published nowhere: those rows are an assumed
pattern and say so, as all rows do from the first year with a cap on.
"""

from collections.abc import Collection
from datetime import date

import polars as pl

from loopbaan.lab.falling_out import ASSUMED, EVERYBODY, GROUPS, PUBLISHED
from loopbaan.lab.orders import AGE_BANDS
from loopbaan.lab.population import DIMENSIONS

REACHED = {**GROUPS, "wage_quintile": ASSUMED}
COUNTED = ("persons_started", "vouchers", "used_minutes", "worker_cents")


def report(orders: pl.DataFrame, scarce: Collection[str]) -> pl.DataFrame:
    """Return a row for each year, dimension and category: who started a voucher in that year.

    `scarce` are the first days of the periods of the law with a cap. Who changes group within a
    year (an age, when they order) counts once, with the first voucher of that year.
    """
    begun = orders.filter(pl.col("started_on").is_not_null()).select(
        pl.col("started_on").dt.year().alias("year"),
        pl.col("person").is_first_distinct().over(pl.col("started_on").dt.year()).alias("is_new"),
        "used_minutes",
        "worker_cents",
        *REACHED,
    )
    counts = {
        "persons_started": pl.col("is_new").sum().cast(pl.Int64),
        "vouchers": pl.len().cast(pl.Int64),
        "used_minutes": pl.col("used_minutes").cast(pl.Int64).sum(),
        "worker_cents": pl.col("worker_cents").cast(pl.Int64).sum(),
    }
    parts = [begun.group_by("year").agg(**counts).with_columns(**_named(EVERYBODY, "", PUBLISHED))]
    for name, evidence in REACHED.items():
        words = pl.col(name).cast(pl.String)
        counted = begun.group_by("year", name).agg(**counts)
        parts.append(counted.with_columns(**_named(name, words, evidence)).drop(name))
    labels = ("year", "dimension", "category", "evidence")
    together = pl.concat([part.select(*labels, *COUNTED) for part in parts])
    since = min((date.fromisoformat(day).year for day in scarce), default=None)
    if since is not None:
        is_assumed = pl.col("year") >= since
        evidence_ = pl.when(is_assumed).then(pl.lit(ASSUMED)).otherwise("evidence")
        together = together.with_columns(evidence=evidence_)
    return together.sort("year", _rank("dimension", _NAMES), _rank("category", _WORDS))


_NAMES = (EVERYBODY, *REACHED)
_WORDS = tuple(dict.fromkeys(word for name in REACHED for word in DIMENSIONS.get(name, AGE_BANDS)))


def _named(dimension: str, category: str | pl.Expr, evidence: str) -> dict[str, pl.Expr]:
    words = pl.lit(category) if isinstance(category, str) else category
    return {"dimension": pl.lit(dimension), "category": words, "evidence": pl.lit(evidence)}


def _rank(name: str, words: tuple[str, ...]) -> pl.Expr:
    ranks = {word: place for place, word in enumerate(words)}
    return pl.col(name).replace_strict(ranks, default=-1, return_dtype=pl.Int32)
