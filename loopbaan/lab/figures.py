"""Every figure of a run as one long table, so that many runs can be laid over each other.

A figure stands for everybody: what a part of the population counted is weighted up.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from loopbaan.lab import outcomes as outcome_tables
from loopbaan.lab.outcomes import Outcomes

KEYS = ("table", "when", "dimension", "category", "figure")
VALUE = "value"
SCHEMA = {**dict.fromkeys(KEYS, pl.String), VALUE: pl.Float64}
# Left out: a row an order, and a row a centre, which another seed invents anew.
_LEFT_OUT = (outcome_tables.ORDERS, "centres")
_WHEN = ("year", "month", "period")
_NOTES = ("evidence", "source", "grade", "unit", "allocation", "title", "note", "marked")
_DAY = "sold_out_on"
# Whole numbers that count no person, order or cent. Those of the centres are empty below everybody.
_NOT_WEIGHTED = (
    *("sold_out_day", "sold_out_minute"),
    *("centres_with_vouchers", "under_break_even", "at_risk"),
    *("published", "run", "places_without_a_centre"),
)
_WITH_ENDS = {"outcome", "unit", "low", "central", "high"}
_OF_ALL = "effects"  # on all who started; any other such table tells of one user
_WEIGHTED_UNITS = ("persons", "euro", "cases")
# A band of a ratio is no ratio of bands, so the ratios that are told are figures themselves.
_RATIOS = {
    "waiting": ("wishes", ("got_a_place", "still_wait", "never")),
    "falling_out": (
        "orders",
        ("refused", "lost", "withdrew", "waits", "gave_up")
        + ("did_not_pay", "did_not_start", "did_not_finish"),
    ),
}


def of(run: Outcomes, persons_a_row: float) -> pl.DataFrame:
    """Return all figures of a run: `SCHEMA`, a row each, without those that came out empty."""
    parts = [
        _flat(name, table, persons_a_row)
        for name, table in run.tables.items()
        if name not in _LEFT_OUT and table.height
    ]
    return pl.concat([_empty(), *parts])


def of_series(name: str, values: Iterator[tuple[str, str, float]]) -> pl.DataFrame:
    """Return figures that are given one by one: which, when, and the value."""
    rows = [(name, when, "", "", figure, value) for figure, when, value in values]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return table.with_columns(pl.col(VALUE).round_sig_figs(10))


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def _flat(name: str, table: pl.DataFrame, persons_a_row: float) -> pl.DataFrame:
    if set(table.columns) >= _WITH_ENDS:
        table = _middle(table, _WEIGHTED_UNITS if name == _OF_ALL else ())
    if _DAY in table.columns:
        table = table.with_columns(pl.col(_DAY).dt.day().alias("sold_out_day")).drop(_DAY)
    table = _with_ratios(name, table)
    values: list[str] = []
    keys: list[str] = []
    for column, dtype in table.schema.items():
        if column in _NOTES:
            continue
        (values if dtype.is_numeric() and column not in _WHEN else keys).append(column)
    weighted = [
        pl.col(column).cast(pl.Float64) * (persons_a_row if _is_weighted(table, column) else 1.0)
        for column in values
    ]
    long = table.select(*_key_columns(keys), *weighted).unpivot(
        values, index=("when", "dimension", "category"), variable_name="figure", value_name=VALUE
    )
    # A weighted count of a part may be off in the last bit of a sum: ten digits are enough.
    long = long.filter(pl.col(VALUE).is_finite()).with_columns(
        pl.col(VALUE).round_sig_figs(10), table=pl.lit(name)
    )
    return long.select(*SCHEMA)


def _key_columns(keys: list[str]) -> list[pl.Expr]:
    """Return when, dimension and category; what else names a row becomes dimension and category."""
    when = next((name for name in _WHEN if name in keys), None)
    rest = [name for name in keys if name not in _WHEN]
    if "dimension" in rest and "category" in rest:
        dimension, names = pl.col("dimension").cast(pl.String), ["category"]
        names += [name for name in rest if name not in ("dimension", "category")]
    else:
        dimension, names = pl.lit(" ".join(rest)), rest
    category = [pl.col(name).cast(pl.String) for name in names]
    return [
        (pl.col(when).cast(pl.String) if when else pl.lit("")).alias("when"),
        dimension.alias("dimension"),
        (pl.concat_str(category, separator=" ") if category else pl.lit("")).alias("category"),
    ]


def _is_weighted(table: pl.DataFrame, column: str) -> bool:
    return table.schema[column].is_integer() and column not in _NOT_WEIGHTED


def _middle(table: pl.DataFrame, weighted: Sequence[str]) -> pl.DataFrame:
    """Return outcomes that have ends of their own as one row: that band gives way to the runs'.

    What is in a unit that is weighted is made whole, as every count is.
    """
    columns = {
        row["outcome"]: pl.Series(
            [row["central"]],
            dtype=pl.Int64 if row["unit"] in weighted else pl.Float64,
            strict=False,
        )
        for row in table.to_dicts()
    }
    return pl.DataFrame(columns)


def _with_ratios(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Add the ratios that are told, and the vouchers that were started, first and second."""
    if {"started_first", "started_second"} <= set(table.columns):
        table = table.with_columns(started=pl.col("started_first") + pl.col("started_second"))
    whole, parts = _RATIOS.get(name, ("", ()))
    if whole not in table.columns:
        return table
    shares = [
        (pl.col(part) / pl.col(whole)).alias(f"{part}_share")
        for part in parts
        if part in table.columns
    ]
    if {"persons_started", "persons"} <= set(table.columns):
        ratio = pl.col("persons_started") / pl.col("persons")
        shares.append(ratio.alias("persons_started_share"))
    return table.with_columns(shares)
