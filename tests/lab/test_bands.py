"""Draws from the bands: their ends, what is held, and the two that are a weight and a shift."""

import numpy as np
import pytest

from loopbaan.lab import bands, behaviour, rights
from loopbaan.law.rulebook import current
from tests.lab import runs

ROWS = behaviour.assumptions()


@pytest.mark.parametrize("name", bands.drawn())
def test_a_tenth_of_the_draws_lies_outside_each_end_of_a_band(name):
    row = ROWS[name]
    drawn = np.array([bands.quantile(row, chance) for chance in np.linspace(0.0005, 0.9995, 1_000)])
    assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([row.low, row.high], rel=0.02, abs=5e-3)
    assert (np.diff(drawn) >= 0).all()


@pytest.mark.parametrize("name", bands.drawn())
def test_no_draw_leaves_its_unit(name):
    row = ROWS[name]
    ends = [bands.quantile(row, chance) for chance in (1e-12, 1 - 1e-12)]
    if row.unit in ("share", "share per month"):
        assert 0 <= ends[0] < ends[1] < 1 or row.high == 1
    if row.unit in ("ratio", "odds ratio", "minutes", "weeks"):
        assert ends[0] > 0
    if row.unit == "elasticity":
        assert ends[1] < 0
    for end in ends:
        if name in behaviour.NAMES:
            behaviour.load(changes={name: end})


def test_a_band_of_a_ratio_is_even_in_its_logarithm():
    row = ROWS["relative_hazard_job_search"]  # 1.8, 3 and 5: 3 is their middle as a ratio
    assert bands.quantile(row, 0.5) == pytest.approx(3, rel=0.005)
    below, above = (bands.quantile(row, chance) for chance in (0.3, 0.7))
    assert below * above == pytest.approx(9, rel=0.01)


def test_a_draw_is_the_same_every_time_and_another_for_another_seed_or_number():
    one = bands.draw(3, 1, {})
    assert bands.draw(3, 1, {}) == one
    assert bands.draw(4, 1, {}).values != one.values
    assert bands.draw(3, 2, {}).values != one.values


def test_effects_retries_and_deadweight_are_of_one_draw():
    values = bands.draw(1, 1, {}).values
    together = {name for name in behaviour.NAMES if name.startswith(("effect_", "retry_"))}
    assert together | {"deadweight_share"} <= set(values)


def test_number_nought_is_the_central_value_of_everything():
    drawn = bands.draw(7, bands.CENTRAL, {})
    assert drawn.values[bands.SCOPE] == ROWS[bands.SCOPE].value
    assert drawn.entitled == ROWS[bands.ENTITLED].value
    assert bands.behaviour({}, drawn) == behaviour.load()


def test_what_was_fitted_keeps_its_value_and_the_wish_makes_up_for_what_is_lost_on_the_way():
    fitted = {"second_voucher_share": 0.5, "first_order_hazard_month_aware": 0.003}
    drawn = bands.draw(5, 1, fitted)
    assert drawn.values["second_voucher_share"] == 0.5
    b, middle = bands.behaviour({}, drawn), behaviour.load()

    def kept(each: behaviour.Behaviour) -> float:
        in_error = each.refused_share * each.false_refusal_share
        in_error /= 1 - each.refused_share * (1 - each.false_refusal_share)
        return (1 - each.unpaid_share) * (1 - each.unstarted_share) * (1 - in_error)

    level = b.first_order_hazard_month_aware * kept(b)
    assert level == pytest.approx(0.003 * kept(middle))
    assert b.unpaid_share != middle.unpaid_share


def test_what_a_scenario_sets_stays_set():
    drawn = bands.draw(1, 1, {})
    assert bands.behaviour({"retry_next_month": 0.5}, drawn).retry_next_month == 0.5


def test_the_size_is_a_weight_and_the_cap_goes_with_it():
    people = runs.people()
    size = 1.03 * ROWS[bands.SCOPE].value
    heavier = bands.weighted(people, behaviour.load(changes={bands.SCOPE: size}))
    assert heavier.share == pytest.approx(people.share / 1.03)
    assert heavier.hash == people.hash


@pytest.mark.parametrize("share", [0.78, 0.83, 0.87])
def test_the_entitled_share_comes_out_by_a_shift_of_everybodys_experience(share):
    people = runs.people()
    law = bands.shifted(current(), bands.shift_days(people, share))
    rows = np.flatnonzero(rights.take_up.is_at_work(people, np.arange(len(people)), bands.SHARE_IN))
    day = np.full(len(rows), bands.first_of(bands.SHARE_IN), np.int32)
    given = rights.facts(people, rights.Histories(), law, rows.astype(np.int32), day, "A")
    asked = law.on(bands.calendar_day(int(day[0]))).least_experience_days
    assert asked is not None
    assert (given.experience_days >= asked).mean() == pytest.approx(share, abs=0.005)


def test_a_law_that_nobody_shifts_is_the_law_itself():
    assert bands.shifted(current(), 0) is current()
