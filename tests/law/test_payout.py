"""What a centre is owed: every cent of every talk, the share first, the government the rest."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law import payout
from tests.law.cast import BOOK

RATES = (13_750_000, 14_025_600, 15_000_000)
talks = st.lists(st.tuples(st.integers(1, 240), st.sampled_from(RATES)), min_size=1, max_size=8)


def _half_up(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))


def _claims(vouchers: list[list[tuple[int, int]]], share: int) -> payout.Claims:
    flat = [(place, *talk) for place, each in enumerate(vouchers) for talk in each]
    voucher, minutes, rate = (np.array(column) for column in zip(*flat, strict=True))
    parts = np.array([[share, 1_000, 0, 500]] * len(vouchers))
    return payout.claims(minutes, rate, voucher, parts, vat_percent=21)


@given(st.lists(talks, min_size=1, max_size=4), st.sampled_from((0, 4_000, 4_500, 9_000)))
def test_the_claims_of_a_voucher_add_up_to_its_minutes_times_the_fee_to_the_cent(
    vouchers: list[list[tuple[int, int]]], share: int
) -> None:
    claims = _claims(vouchers, share)
    owner = np.repeat(np.arange(len(vouchers)), [len(each) for each in vouchers])
    for place, each in enumerate(vouchers):
        own = owner == place
        exact = sum(Fraction(minutes * rate, 60_000) for minutes, rate in each)
        fee, vat = claims.fee_cents[own].sum(), claims.vat_cents[own].sum()
        assert fee == _half_up(exact)
        assert vat == _half_up(Fraction(int(fee) * 21, 100))
        split = claims.split_cents[own].sum(axis=0)
        assert split.sum() == fee + vat
        assert split[0] == min(share, fee + vat)
        assert split[4] == max(0, fee + vat - share - 1_500)


@given(st.lists(talks, min_size=1, max_size=4))
def test_no_talk_is_owed_less_than_nothing_by_anybody(
    vouchers: list[list[tuple[int, int]]],
) -> None:
    claims = _claims(vouchers, 4_500)
    for column in (claims.fee_cents, claims.vat_cents, claims.split_cents):
        assert (column >= 0).all()


@given(talks)
def test_claiming_talk_by_talk_or_together_comes_to_the_same(each: list[tuple[int, int]]) -> None:
    whole = _claims([each], 4_500)
    first = _claims([each[:1]], 4_500)
    assert whole.fee_cents[0] == first.fee_cents[0]
    assert whole.split_cents[0].tolist() == first.split_cents[0].tolist()


def test_a_voucher_that_is_used_whole_is_split_as_it_was_when_ordered() -> None:
    policy = replace(BOOK.on(date(2025, 4, 1)), employer_cents=2_250)
    claims = payout.claims(
        np.array([90, 60, 90]),
        np.full(3, policy.fee_millicents_per_hour),
        np.zeros(3, np.int64),
        np.array([payout.parts(policy)]),
        policy.vat_percent,
    )
    at_order = payout.split_cents(policy, np.array([240]))[0]
    assert claims.split_cents.sum(axis=0).tolist() == at_order.tolist()


def test_the_fee_of_a_talk_is_that_of_its_day() -> None:
    claims = _claims([[(60, 14_025_600), (60, 15_000_000)]], 4_000)
    assert claims.fee_cents.tolist() == [14_026, 15_000]


def test_four_hours_of_2020_are_678_euro_83_and_of_2024_726_euro() -> None:
    minutes = np.array([240, 180])
    # The press of 2019 counted the VAT on the unrounded fee: 678.84 - 40 is its "640" (S9).
    assert payout.value_cents(BOOK.on(date(2020, 1, 1)), minutes).tolist() == [67_883, 50_913]
    assert payout.value_cents(BOOK.on(date(2024, 1, 1)), minutes).tolist() == [72_600, 54_450]


@given(
    st.integers(0, 100_000),
    st.lists(st.integers(0, 60_000), min_size=3, max_size=3),
    st.integers(1, 600),
)
def test_the_split_adds_up_to_the_value_and_nobody_pays_below_zero(
    share: int, others: list[int], minutes: int
) -> None:
    employer, fund, union = others
    policy = replace(
        BOOK.on(date(2025, 4, 1)),
        share_cents=share,
        employer_cents=employer,
        sector_fund_cents=fund,
        union_cents=union,
    )
    row = payout.split_cents(policy, np.array([minutes]))[0]
    assert row.sum() == payout.value_cents(policy, np.array([minutes]))[0]
    assert (row >= 0).all()
    assert row[0] == min(share, row.sum())


def test_in_force_everybody_has_the_same_share():
    for policy in BOOK.timeline(date.max).policies:
        assert set(payout.shares_cents(policy)) == {policy.share_cents}


def test_a_share_by_wage_is_that_of_the_fifth_and_who_is_in_none_has_the_whole_one():
    policy = replace(
        BOOK.on(date(2026, 3, 2)), share_low_wage_cents=2_250, share_middle_wage_cents=4_500
    )
    fifths = np.array([1, 2, 3, 4, 5, 0], np.uint8)
    shares = np.array(payout.shares_cents(policy))
    group = payout.wage_groups(policy, fifths)
    assert shares[group].tolist() == [2_250, 2_250, 4_500, 4_500, 9_000, 9_000]
    assert shares[payout.wage_groups(policy, None)] == 9_000
    for share in shares:
        split = payout.split_cents(policy, np.array([240]), int(share))
        assert split[0].tolist() == [share, 0, 0, 0, 72_600 - share]
