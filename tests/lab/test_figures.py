"""Every figure of a run in one table: named by its row, and weighted if it counts somebody."""

from datetime import date

import polars as pl
import pytest

from loopbaan.lab import figures
from loopbaan.lab.outcomes import Outcomes


def _flat(**tables: pl.DataFrame) -> pl.DataFrame:
    return figures.of(Outcomes({}, tables), 50.0)


def _value(found: pl.DataFrame, **key: str) -> float:
    rows = found.filter(*(pl.col(name) == word for name, word in key.items()))
    return float(rows["value"].item())


def test_counts_and_cents_are_weighted_and_what_counts_nobody_is_not():
    years = pl.DataFrame({"year": [2025], "orders": [3], "government_cents": [200]})
    centres = pl.DataFrame({"month": [date(2026, 12, 1)], "at_risk": [4], "income_cents": [7]})
    found = _flat(by_year=years, centres_by_month=centres)
    assert _value(found, table="by_year", when="2025", figure="orders") == 150
    assert _value(found, figure="government_cents") == 10_000
    assert _value(found, when="2026-12-01", figure="at_risk") == 4
    assert _value(found, figure="income_cents") == 350


def test_a_day_and_a_minute_are_figures_where_there_are_any():
    table = pl.DataFrame(
        {
            "month": [date(2025, 4, 1), date(2025, 5, 1)],
            "allocation": ["first_come", "first_come"],
            "places": [20, 20],
            "sold_out_on": [date(2025, 4, 3), None],
            "sold_out_minute": [7, None],
        }
    )
    found = _flat(sold_out=table)
    assert _value(found, when="2025-04-01", figure="sold_out_day") == 3
    assert _value(found, when="2025-04-01", figure="sold_out_minute") == 7
    assert _value(found, when="2025-04-01", figure="places") == 1_000
    assert found.filter(pl.col("when") == "2025-05-01")["figure"].to_list() == ["places"]


def test_a_share_is_a_figure_of_its_own():
    table = pl.DataFrame(
        {
            "period": ["2025-03-01"],
            "dimension": ["education"],
            "category": ["low"],
            "wishes": [8],
            "got_a_place": [2],
        }
    )
    found = _flat(waiting=table)
    key = {"dimension": "education", "category": "low"}
    assert _value(found, figure="got_a_place_share", **key) == 0.25
    assert _value(found, figure="wishes", **key) == 400


@pytest.mark.parametrize(("name", "cases"), [("effects", 600.0), ("break_even", 12.0)])
def test_of_a_band_within_a_run_the_middle_counts(name, cases):
    table = pl.DataFrame(
        {
            "outcome": ["avoided", "symptoms"],
            "unit": ["cases", "standard deviations"],
            "low": [1.0, -0.4],
            "central": [12.0, -0.2],
            "high": [30.0, 0.0],
            "evidence": ["x", "x"],
        }
    )
    found = _flat(**{name: table})
    assert _value(found, figure="avoided") == cases
    assert _value(found, figure="symptoms") == -0.2


def test_what_else_names_a_row_becomes_its_dimension_and_category():
    table = pl.DataFrame({"year": [2025], "payer": ["worker"], "cents": [5], "percent": [6.5]})
    found = _flat(budget=table)
    key = {"when": "2025", "dimension": "payer", "category": "worker"}
    assert _value(found, figure="cents", **key) == 250
    assert _value(found, figure="percent", **key) == 6.5
    orders = pl.DataFrame({"person": [1]})
    assert _flat(orders=orders).is_empty()
