"""The published first and second vouchers beside those of a run, with the error as it comes out."""

import csv
from pathlib import Path

import polars as pl

TABLE = Path(__file__).with_name("data") / "vouchers_by_year.csv"
SERIES = {"voucher1_used": "started_first", "voucher2_used": "started_second"}
FITTED = range(2014, 2020)  # the years that assumptions may be fitted on; nothing later is shown


def comparison(years: pl.DataFrame, share: float) -> pl.DataFrame:
    """Return a row a year and a series: published, run (as for everybody), and the error in %."""
    counted = {row["year"]: row for row in years.to_dicts()}
    rows = []
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year, name = int(row["year"]), SERIES.get(row["series"])
            if name is None or year not in FITTED or year not in counted:
                continue
            published, run = int(row["value"]), round(counted[year][name] / share)
            error = round(100 * (run - published) / published, 1)
            rows.append((year, row["series"], published, run, error, row["source"], row["grade"]))
    schema = {
        "year": pl.Int32,
        "series": pl.String,
        "published": pl.Int32,
        "run": pl.Int32,
        "error_percent": pl.Float64,
        "source": pl.String,
        "grade": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("series", "year")
