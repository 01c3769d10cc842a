"""Who falls out, and at which step: of those who ordered, by group and by period of the law.

How many users of each sex, education, age and status there are was published; who of them was
refused, lost, did not pay or did not start was not. So every row by group is an assumed pattern,
and says so. Where places are scarce nobody published who gets in: there that of everybody is, too.
"""

from collections.abc import Collection

import polars as pl

from loopbaan.lab.orders import AGE_BANDS
from loopbaan.lab.population import DIMENSIONS
from loopbaan.law.transitions import Status

PUBLISHED, ASSUMED = "published margin", "assumed pattern"
EVERYBODY = "all"
# Of which groups users were counted: what `reached` tells of them rests on it.
GROUPS = {
    "education": PUBLISHED,
    "sex": PUBLISHED,
    "age_band": PUBLISHED,
    "status": PUBLISHED,
    "health_limitation": ASSUMED,
    "digital_skill": ASSUMED,
    "origin": ASSUMED,
}
UNDER_WAY = (Status.RECEIVED, Status.GRANTED, Status.ISSUED, Status.STARTED)
# The steps, in the order in which one can fall out; together with `under_way` and `finished` they
# add up to `orders`. `gave_up` are those of the refused, lost or withdrawn who do not come back.
STEPS = {
    "refused": (Status.REFUSED,),
    "lost": (Status.LOST,),
    "withdrew": (Status.WITHDRAWN,),
    "waits": (Status.WAITING,),
    "did_not_pay": (Status.LAPSED,),
    "did_not_start": (Status.LAPSED_UNSTARTED,),
    "did_not_finish": (Status.CLOSED_EARLY,),
    "under_way": UNDER_WAY,
    "finished": (Status.CLOSED,),
}
COUNTED = ("orders", "persons", *STEPS, "gave_up", "persons_started")


def report(orders: pl.DataFrame, scarce: Collection[str]) -> pl.DataFrame:
    """Return a row for each period, dimension and category: orders and persons by step.

    `scarce` are the periods of the law with a cap.
    """
    together = _flags(orders).group_by("period", *GROUPS).agg(pl.col(COUNTED).sum())
    return by_group(together, [pl.col(COUNTED).sum()], scarce)


def by_group(orders: pl.DataFrame, counts: list[pl.Expr], scarce: Collection[str]) -> pl.DataFrame:
    """Return counts by period for everybody, and for each category of each of `GROUPS`."""
    parts = [orders.group_by("period").agg(counts).with_columns(**_named(EVERYBODY, "", PUBLISHED))]
    for name in GROUPS:
        counted = orders.group_by("period", name).agg(counts)
        words = pl.col(name).cast(pl.String)
        parts.append(counted.with_columns(**_named(name, words, ASSUMED)).drop(name))
    labels = ["period", "dimension", "category", "evidence"]
    rest = [name for name in parts[0].columns if name not in labels]
    together = pl.concat([part.select(*labels, *rest) for part in parts]).with_columns(
        evidence=pl.when(pl.col("period").is_in(list(scarce)))
        .then(pl.lit(ASSUMED))
        .otherwise("evidence")
    )
    return in_order(together)


def in_order(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table by period and group in the order in which they are told."""
    return table.sort("period", _rank("dimension", _DIMENSIONS), _rank("category", _CATEGORIES))


_DIMENSIONS = (EVERYBODY, *GROUPS)
_CATEGORIES = tuple(
    dict.fromkeys(
        word for name in GROUPS for word in (AGE_BANDS if name == "age_band" else DIMENSIONS[name])
    )
)


def _named(dimension: str, category: str | pl.Expr, evidence: str) -> dict[str, pl.Expr]:
    words = pl.lit(category) if isinstance(category, str) else category
    return {
        "period": pl.col("period").cast(pl.String),
        "dimension": pl.lit(dimension),
        "category": words,
        "evidence": pl.lit(evidence),
    }


def _rank(name: str, words: tuple[str, ...]) -> pl.Expr:
    ranks = {word: place for place, word in enumerate(words)}
    return pl.col(name).replace_strict(ranks, default=-1, return_dtype=pl.Int32)


def _flags(orders: pl.DataFrame) -> pl.DataFrame:
    """Return for each order, by a 1, what counts of it.

    A person counts with the first order of a period, and with the first voucher started of it.
    """
    outcome, started = pl.col("outcome"), pl.col("started_on").is_not_null()
    who = pl.col("period").to_physical().cast(pl.Int64) * (1 << 32) + pl.col("person")
    flags = {
        "orders": pl.lit(value=True),
        "persons": who.is_first_distinct(),
        **{
            step: outcome.is_in([str(status) for status in statuses])
            for step, statuses in STEPS.items()
        },
        "gave_up": pl.col("gave_up"),
        "persons_started": started & pl.when(started).then(who).is_first_distinct(),
    }
    return orders.select("period", *GROUPS, *(flags[name].alias(name) for name in COUNTED))
