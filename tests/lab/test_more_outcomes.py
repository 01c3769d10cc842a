"""Budget, break-even, who is reached, places without a centre, and the effects as graded."""

from datetime import date

import polars as pl
import pytest

from loopbaan.lab import access, behaviour, budget, centres, graded, outcomes, risks
from loopbaan.lab.behaviour import load
from loopbaan.lab.effects import LABEL
from loopbaan.lab.falling_out import ASSUMED
from loopbaan.law.payout import PAYERS
from tests.lab.story import BOOK, STORY, events, population

FIRST, LAST = date(2013, 7, 1), date(2027, 12, 1)


@pytest.fixture(scope="module")
def firms():
    return centres.build(1, load())


@pytest.fixture(scope="module")
def told(firms):
    return outcomes.of(events(*STORY), population(), BOOK, load(), firms, about={})


def _row(table: pl.DataFrame, **wanted: object) -> dict[str, object]:
    for name, value in wanted.items():
        table = table.filter(pl.col(name) == value)
    (row,) = table.to_dicts()
    return row


def test_the_budget_of_a_year_adds_up_to_what_all_payers_pay(told):
    rows = told["budget"].filter(pl.col("year") == 2019)
    assert rows["payer"].to_list() == [*PAYERS, budget.EVERYBODY]
    assert rows["cents"].to_list()[:-1] == [4_000 + 4_000, 0, 0, 0, 62_550 + 12_638]
    assert rows["cents"].to_list()[-1] == sum(rows["cents"].to_list()[:-1])
    assert rows["euro_a_voucher"].to_list()[0] == 40.0
    assert abs(sum(rows["percent"].to_list()[:-1]) - 100) < 0.05
    nobody = told["budget"].filter(pl.col("year") == 2014)
    assert nobody["cents"].to_list() == [0] * (len(PAYERS) + 1)
    assert nobody["euro_a_voucher"].null_count() == len(nobody)


def test_the_break_even_is_the_evidence_s_arithmetic_and_holds_the_whole_band(told):
    table = told["break_even"]
    each = _row(table, outcome="public_cost_of_a_user")["central"]
    need = _row(table, outcome="cases_that_pay_for_a_hundred_users")
    assert [need[end] for end in ("low", "central", "high")] == pytest.approx(
        [100 * each / 182_000, 100 * each / 68_400, 100 * each / 26_000], abs=0.002
    )
    avoided = _row(table, outcome="cases_avoided_in_a_hundred_users")
    assert [avoided[end] for end in ("low", "central", "high")] == [0.0, 0.15, 1.2]
    saved = _row(table, outcome="saved_by_the_state_for_a_user")
    assert [saved[end] for end in ("low", "central", "high")] == [0, 103, 2_184]
    for row in table.filter(pl.col("evidence") == LABEL).to_dicts():
        assert row["low"] == 0


def test_a_person_is_reached_once_a_year_and_every_group_adds_up(told):
    reached = told["reached"]
    everybody = _row(reached, year=2019, dimension="all")
    assert (everybody["persons_started"], everybody["vouchers"]) == (1, 2)
    assert (everybody["used_minutes"], everybody["worker_cents"]) == (300, 8_000)
    for dimension in reached["dimension"].unique():
        own = reached.filter(pl.col("dimension") == dimension)
        assert own["vouchers"].sum() == 3
    assert _row(reached, year=2019, dimension="wage_quintile")["evidence"] == ASSUMED
    assert set(reached.filter(pl.col("year") >= 2025)["evidence"]) == {ASSUMED}


def test_a_wider_reach_leaves_fewer_places_without_a_centre(told):
    december = told["access"].filter(pl.col("month") == date(2026, 12, 1))
    assert december.height == 6
    for which in (access.ALL, access.WITHOUT_THOSE_AT_RISK):
        rows = december.filter(pl.col("centres") == which)
        assert rows["radius_km"].to_list() == [10.0, 20.0, 30.0]
        places = rows["places_without_a_centre"].to_list()
        assert places == sorted(places, reverse=True)


def test_without_a_single_centre_every_place_is_without_one(firms, monkeypatch):
    def everyone(_orders, centres_, *_days):
        months = 12
        return pl.Series([True]).to_numpy().repeat(months * len(centres_)).reshape(months, -1)

    monkeypatch.setattr(risks, "at_risk", everyone)
    table = access.report(pl.DataFrame(), firms, load(), date(2026, 1, 1), date(2026, 12, 1))
    gone = table.filter(pl.col("centres") == access.WITHOUT_THOSE_AT_RISK)
    assert gone["inhabitants_percent"].to_list() == [100.0] * 3
    assert _row(table, centres=access.ALL, radius="high")["places_without_a_centre"] < 5


def test_the_radius_is_the_assumption_and_its_band(firms, told):
    assert behaviour.assumptions()[access.RADIUS].low == 10
    wide = load(changes={access.RADIUS: 55.0})
    table = access.report(told["orders"], firms, wide, FIRST, LAST)
    central = table.filter(pl.col("radius") == "central")
    assert set(central["radius_km"]) == {55.0}


def test_the_effects_stand_in_the_order_of_their_soundness_and_nothing_is_made_of_satisfaction():
    table = graded.table()
    assert table["quality"].to_list() == sorted(table["quality"].to_list(), reverse=True)
    assert table.height == 25
    for outcome in graded.RESTS_ON:
        assert graded.qualities(outcome)
    assert graded.qualities("avoided_long_sickness") == (graded.NOTHING_FOUND,)
    assert graded.qualities("burnout_symptoms") == (4, 5)
    assert graded.found_none("more_job_changes_in_a_year")
    assert not graded.found_none("burnout_symptoms")
    satisfied = _row(table, outcome="satisfaction_with_guidance")
    assert satisfied["quality"] == 1
    assert "satisfaction_with_guidance" not in {
        n for names in graded.RESTS_ON.values() for n in names
    }
    assert _row(table, outcome="loopbaancheque_on_sickness")["estimate"] is None
