"""`loopbaan decide` on Parquet: its types and its faults."""

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.command.cast import AN, bram, write_parquet

ROW = b"an,2025-02-10,flanders\n"


def _answers(said):
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_file_that_is_no_parquet_or_half_of_one_is_refused_with_a_sentence(loopbaan):
    good = write_parquet("x.parquet", AN).read_bytes()
    for content in (b"", b"hello", ROW):
        Path("bad.parquet").write_bytes(content)
        said = loopbaan("decide", "bad.parquet")
        assert (said.code, said.err) == (2, "bad.parquet: is no Parquet file\n")
    for content in (b"PAR1", good[:200], good[:-40], good[:-8] + b"\xff" * 8):
        Path("bad.parquet").write_bytes(content)
        said = loopbaan("decide", "bad.parquet")
        assert (said.code, len(said.faults)) == (2, 1)
        assert said.err.startswith("bad.parquet: cannot be read as Parquet: ")


def test_a_parquet_at_which_its_reader_panics_is_damaged(loopbaan, monkeypatch):
    def panics(*_, **__):
        raise pl.exceptions.PanicException("called unwrap on an Err value")

    monkeypatch.setattr(pl, "scan_parquet", panics)
    said = loopbaan("decide", write_parquet("x.parquet", AN), "--out", "out.parquet")
    sentence = "x.parquet: cannot be read as Parquet: it is damaged"
    assert (said.code, said.faults) == (2, [sentence])
    assert [path.name for path in Path().iterdir()] == ["x.parquet"]


def test_a_parquet_without_a_column_or_without_rows_is_refused(loopbaan):
    frame = pl.read_parquet(write_parquet("x.parquet", AN))
    frame.drop("lives_in").write_parquet("x.parquet")
    said = loopbaan("decide", "x.parquet")
    assert said.code == 2
    assert said.err.startswith("x.parquet: column is missing: lives_in; needed are id, lives_in,")
    frame.head(0).write_parquet("x.parquet")
    said = loopbaan("decide", "x.parquet")
    assert (said.code, said.err) == (2, "x.parquet: has no rows below its header\n")


def test_a_parquet_may_have_moments_categories_and_numbers_as_ids(loopbaan):
    frame = pl.read_parquet(write_parquet("x.parquet", AN)).with_columns(
        id=pl.lit(7, pl.Int16),
        ordered_on=pl.lit(datetime(2025, 2, 10, 12)),  # noqa: DTZ001 (Parquet has such moments)
        lives_in=pl.col("lives_in").cast(pl.Categorical),
    )
    frame.write_parquet("x.parquet")
    (answer,) = _answers(loopbaan("decide", "x.parquet", "--json"))
    assert (answer["id"], answer["may_order"], answer["first_day"]) == ("7", True, "2025-02-10")


def test_a_day_that_is_null_among_the_days_of_vouchers_is_told(loopbaan):
    started = pl.Series([[date(2020, 1, 6), None]], dtype=pl.List(pl.Date))
    frame = pl.read_parquet(write_parquet("x.parquet", AN))
    frame.with_columns(vouchers_started_on=started).write_parquet("x.parquet")
    said = loopbaan("decide", "x.parquet")
    assert said.code == 2
    assert "row 1 (an): vouchers_started_on: expected a day that exists" in said.err


@pytest.mark.parametrize("name", ["w[1].parquet", "*.parquet"])
def test_the_name_of_a_parquet_is_no_pattern(loopbaan, name):
    write_parquet("w1.parquet", bram())
    said = loopbaan("decide", write_parquet(name, AN), "--json")
    assert [each["id"] for each in _answers(said)] == ["an"]
