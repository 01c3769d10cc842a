"""Which assumption matters: what is planted is found, and accident is not taken for it."""

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import sensitivity
from loopbaan.lab.ensemble import Ensemble, band
from loopbaan.lab.sensitivity import Headline, rank_correlation, report

MEMBERS = 80
KEY = {"table": "by_year", "when": "2026", "dimension": "", "category": "", "figure": "started"}
HEADLINE = (Headline("by_year", "started"),)
DRAWN = ("price_elasticity", "retry_decay", "deadweight_share", "season_amplitude")


def _planted(slope: float, members: int = MEMBERS) -> Ensemble:
    chance = np.random.default_rng(7)
    draws = {name: chance.random(members) for name in DRAWN}
    values = 1_000 + slope * np.exp(draws["retry_decay"]) + 10 * chance.standard_normal(members)
    table = pl.DataFrame({**KEY, "value": values, "member": np.arange(members)})
    return Ensemble({"scarce": ""}, band(table), pl.DataFrame({"seed": 1, **draws}), table)


def test_the_assumption_that_was_planted_stands_first():
    found = report(_planted(100), HEADLINE)
    assert found["assumption"].to_list()[0] == "retry_decay"
    first = sensitivity.most(found).to_dicts()
    assert [row["assumption"] for row in first] == ["retry_decay"]
    assert first[0]["rank_correlation"] > 0.9
    assert first[0]["at_low"] < first[0]["at_high"]
    assert first[0]["grade"] == "D"


def test_a_negative_one_is_negative():
    found = report(_planted(-100), HEADLINE).to_dicts()[0]
    assert found["rank_correlation"] < -0.9
    assert found["at_low"] > found["at_high"]


def test_accident_is_not_taken_for_a_reason():
    assert sensitivity.most(report(_planted(0), HEADLINE)).is_empty()


def test_nothing_is_said_with_too_few_runs_or_without_draws():
    assert report(_planted(100, 5), HEADLINE).is_empty()
    found = _planted(100)
    same = Ensemble(found.about, found.bands, found.draws.select("seed"), found.values)
    assert report(same, HEADLINE).is_empty()


def test_ranks_share_their_mean_where_values_are_equal():
    one = np.array([1.0, 2.0, 2.0, 3.0])
    assert rank_correlation(one, one**3) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    assert rank_correlation(one, np.ones(4)) == 0
    # By hand: ranks 1, 2.5, 2.5, 4 and 2, 1, 3, 4.
    other = np.array([2.0, 1.0, 3.0, 4.0])
    assert rank_correlation(one, other) == pytest.approx(3.0 / np.sqrt(4.5 * 5), rel=1e-9)


def test_of_periods_only_those_with_a_cap_are_told():
    rows = [{**KEY, "table": "waiting", "when": when} for when in ("2020-01-01", "2025-03-01")]
    kept = Headline("waiting", "started").rows(pl.DataFrame(rows), ["2025-03-01"])
    assert kept["when"].to_list() == ["2025-03-01"]
