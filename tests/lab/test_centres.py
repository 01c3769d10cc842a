"""The invented centres: a few large, most small, as far as was published."""

import dataclasses

import numpy as np
import pytest

from loopbaan.lab import behaviour, centres, margins

NUMBERS = behaviour.load()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_few_firms_take_most(seed):
    found = centres.build(seed, NUMBERS)
    assert len(found) == 251
    assert found.size.sum() == pytest.approx(1)
    assert (np.diff(found.size) <= 0).all()
    # Published: 0.34 and 0.80; one lognormal lies between the two.
    assert 0.30 < found.size[:7].sum() < 0.45
    assert 0.70 < found.size[:42].sum() < 0.85


def test_coaches_add_up_and_every_centre_has_one():
    found = centres.build(1, NUMBERS)
    assert found.coaches.min() == 1
    assert 2_000 < found.coaches.sum() < 2_500


def test_cost_and_reserve_follow_the_assumptions():
    found = centres.build(1, NUMBERS)
    assert found.coach_share[41] == NUMBERS.centre_coach_share_large
    assert found.coach_share[42] == NUMBERS.centre_coach_share_small
    assert found.voucher_income_share[0] == NUMBERS.centre_voucher_income_share_large
    assert found.voucher_income_share[-1] == NUMBERS.centre_voucher_income_share_small
    assert (found.fixed_cost_share == NUMBERS.centre_fixed_cost_share).all()
    assert found.reserve_months.mean() == pytest.approx(NUMBERS.centre_reserve_months, rel=0.1)
    assert (found.reserve_months >= 0).all()


def test_a_wider_spread_makes_the_large_larger():
    wide = dataclasses.replace(NUMBERS, centre_size_sigma=1.9)
    narrow = dataclasses.replace(NUMBERS, centre_size_sigma=1.5)
    largest = [centres.build(1, numbers).size[:7].sum() for numbers in (narrow, wide)]
    assert largest[0] < largest[1]


def test_seats_lie_where_people_work_and_follow_the_seed():
    found = centres.build(1, NUMBERS)
    provinces = np.array([row["province"] for row in margins.rows("places")])[found.place]
    shares = margins.margins()[2025, "residence"].shares
    for name, share in shares.items():
        assert (provinces == name).mean() == pytest.approx(share, abs=0.02), name
    assert (centres.build(1, NUMBERS).place == found.place).all()
    assert (centres.build(2, NUMBERS).place != found.place).any()
