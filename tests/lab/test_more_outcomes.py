"""Budget, break-even, who is reached, places without a centre, and the effects as graded."""

import dataclasses
from datetime import date

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import (
    access,
    bands,
    behaviour,
    break_even,
    budget,
    centres,
    effects,
    figures,
    graded,
    outcomes,
    risks,
)
from loopbaan.lab.behaviour import load
from loopbaan.lab.effects import LABEL
from loopbaan.lab.explained import FIGURES
from loopbaan.lab.falling_out import ASSUMED
from loopbaan.law.payout import PAYERS
from loopbaan.law.wording import LANGS
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
    # One of 300 minutes and one of 120, where the evidence is of 420: 0.15 (0 to 1.2).
    minutes = effects.minutes_of_users(told["orders"])
    part = [float(effects.strength(minutes, curve).mean()) for curve in (0.55, 0.75, 0.95)]
    avoided = _row(table, outcome="cases_avoided_in_a_hundred_users")
    assert [avoided[end] for end in ("low", "central", "high")] == pytest.approx(
        [0.0, 0.15 * part[1], 1.2 * part[2]], abs=0.001
    )
    saved = _row(table, outcome="saved_by_the_state_for_a_user")
    assert [saved[end] for end in ("low", "central", "high")] == pytest.approx(
        [0, 103 * part[1], 2_184 * part[2]], abs=1
    )
    for row in table.filter(pl.col("evidence") == LABEL).to_dicts():
        assert row["low"] == 0


def test_seven_hours_have_the_whole_effect_four_a_part_and_one_less():
    minutes = np.array([0, 60, 240, 300, 420, 480])
    part = effects.strength(minutes, 0.75)
    assert part[2] == pytest.approx(0.75)
    assert part.tolist()[4:] == [1.0, 1.0]
    assert part[0] == 0.0
    assert (np.diff(part[:5]) > 0).all()
    assert part[1] < 0.5


def test_both_tables_take_the_same_part_of_the_effect_for_the_same_hours(told):
    """Fewer hours do not look better in the break-even than among the effects."""
    frame = told["orders"]
    many = pl.concat(
        [frame.with_columns(person=pl.col("person") + 10 * copy) for copy in range(2_000)]
    )
    users = frame.filter(pl.col("started_on").is_not_null())["person"].n_unique()
    for end in ("central", "high"):
        both = effects.bands(many, load()), break_even.report(many, load())
        cases = _row(both[0], outcome="avoided_long_sickness")[end]
        hundred = _row(both[1], outcome="cases_avoided_in_a_hundred_users")[end]
        assert 100 * cases / (2_000 * users) == pytest.approx(hundred, rel=0.02)
    short = frame.with_columns(used_minutes=pl.col("used_minutes") // 2)
    halved = break_even.report(short, load())
    less = _row(halved, outcome="cases_avoided_in_a_hundred_users")["central"]
    assert less < _row(told["break_even"], outcome="cases_avoided_in_a_hundred_users")["central"]


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
    table = access.report(pl.DataFrame(), firms, load(), date(2026, 1, 1), date(2026, 12, 1), 1.0)
    gone = table.filter(pl.col("centres") == access.WITHOUT_THOSE_AT_RISK)
    assert gone["inhabitants_percent"].to_list() == [100.0] * 3
    assert _row(table, centres=access.ALL, radius="high")["places_without_a_centre"] < 5


def test_the_radius_is_the_assumption_and_its_band(firms, told):
    assert behaviour.assumptions()[access.RADIUS].low == 10
    wide = load(changes={access.RADIUS: 55.0})
    table = access.report(told["orders"], firms, wide, FIRST, LAST, 1.0)
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


def test_who_is_at_risk_is_told_of_everybody_only_for_a_part_thins_the_small_centres(firms):
    """In one order of a hundred a small centre goes months without a voucher."""
    found = {
        share: outcomes.of(
            events(*STORY),
            dataclasses.replace(population(), share=share),
            BOOK,
            load(),
            firms,
            about={"share": share},
        )
        for share in (1.0, 0.05)
    }
    whole, part = (each["centres_by_month"] for each in found.values())
    for column in risks.OF_EVERYBODY:
        assert whole[column].null_count() == 0
        assert part[column].null_count() == part.height
    assert part["income_cents"].null_count() == 0
    assert set(found[0.05]["access"]["centres"]) == {access.ALL}
    told = figures.of(found[0.05], 20.0)
    assert not set(told["figure"]) & set(risks.OF_EVERYBODY)
    assert set(risks.OF_EVERYBODY) <= set(figures.of(found[1.0], 1.0)["figure"])


def test_a_drawn_size_of_the_scope_is_still_everybody():
    for seed in range(1, 200):
        assumed = bands.behaviour({}, bands.draw(seed, 1, {}))
        assert risks.is_told(bands.weighted(population(), assumed).share)
    assert not risks.is_told(0.05)


def test_what_is_explained_of_centres_at_risk_is_what_is_counted():
    words = {"nl": {6: "zes maanden inkomen"}, "en": {6: "six months of income"}}
    told = FIGURES["centres_at_risk"]
    for lang in LANGS:
        assert told.formula[lang].startswith(words[lang][risks.SMOOTHED])
    assert {name for name in told.assumptions if name.endswith("_large")}
