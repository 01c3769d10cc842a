"""What the vouchers of each year cost whom: the worker, who else pays, and the government."""

import polars as pl

from loopbaan.law.payout import PAYERS

EVERYBODY = "all"


def report(years: pl.DataFrame) -> pl.DataFrame:
    """Return a row a year and a payer, and one for all together, by the year of the start.

    `years` is the table `by_year`. `percent` is the payer's part of the whole, `euro_a_voucher`
    what the payer pays for one started voucher; both are empty in a year without one.
    """
    cents = [pl.col(f"{payer}_cents").alias(payer) for payer in PAYERS]
    started = pl.col("started_first") + pl.col("started_second")
    paid = years.select("year", started.alias("vouchers").cast(pl.Int64), *cents)
    whole = pl.sum_horizontal(PAYERS)
    long = paid.with_columns(whole.alias(EVERYBODY), whole=whole).unpivot(
        [*PAYERS, EVERYBODY],
        index=("year", "vouchers", "whole"),
        variable_name="payer",
        value_name="cents",
    )
    rank = {payer: place for place, payer in enumerate((*PAYERS, EVERYBODY))}
    is_any = pl.col("vouchers") > 0
    return long.select(
        "year",
        "payer",
        pl.col("cents").cast(pl.Int64),
        percent=pl.when(pl.col("whole") > 0).then(100 * pl.col("cents") / pl.col("whole")).round(2),
        euro_a_voucher=pl.when(is_any).then(pl.col("cents") / pl.col("vouchers") / 100).round(2),
    ).sort("year", pl.col("payer").replace_strict(rank, return_dtype=pl.Int32))
