"""Silence and its reminders: evenly over the term, and none where silence says nothing."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law import guidance, payout, terms
from loopbaan.law.months import NO_DAY, calendar_day, day_number
from tests.law.cast import BOOK

POLICY = BOOK.on(date(2026, 3, 2))
DAYS = np.array([day_number(date(2026, 3, 2)), day_number(date(2026, 3, 30))], np.int32)


def test_two_reminders_stand_at_a_third_and_two_thirds_of_the_term() -> None:
    found = [[calendar_day(day) for day in row] for row in guidance.reminded_on(POLICY, DAYS)]
    assert found == [
        [date(2026, 3, 6), date(2026, 3, 11)],
        [date(2026, 4, 3), date(2026, 4, 8)],
    ]


@given(st.integers(1, 365), st.integers(0, 9))
def test_reminders_come_in_order_and_before_the_last_day(days: int, count: int) -> None:
    policy = replace(POLICY, silence_confirms_after_days=days, silence_reminders=count)
    reminded, last = guidance.reminded_on(policy, DAYS), guidance.silent_by(policy, DAYS)
    assert last is not None
    assert reminded.shape == (2, count)
    assert (np.diff(reminded, axis=1) >= 0).all()
    assert (reminded < last[:, np.newaxis]).all()


def test_who_does_not_pay_or_start_is_reminded_in_time_or_not_at_all() -> None:
    asked_on, start_by = DAYS[:1], DAYS[1:]
    to_pay = terms.reminded_to_pay_on(POLICY, asked_on)
    to_start = terms.reminded_to_start_on(POLICY, start_by)
    assert to_pay is not None
    assert to_start is not None
    assert calendar_day(to_pay[0]) == date(2026, 3, 12)
    assert calendar_day(to_start[0]) == date(2026, 3, 16)
    assert to_pay[0] < terms.pay_by(POLICY, asked_on)[0]
    policy = replace(POLICY, payment_reminder_days=None, start_reminder_days=None)
    assert terms.reminded_to_pay_on(policy, asked_on) is None
    assert terms.reminded_to_start_on(policy, start_by) is None


def test_without_a_term_silence_confirms_nothing_and_nothing_is_late() -> None:
    policy = replace(POLICY, silence_confirms_after_days=None, payout_days=None)
    assert guidance.silent_by(policy, DAYS) is None
    assert payout.pay_by(policy, DAYS) is None


def test_a_plan_is_needed_only_where_the_law_says_so() -> None:
    values = {"minutes_left": np.zeros(2, int), "has_plan": np.array([True, False])}
    assert guidance.may_close(POLICY, **values).tolist() == [True, False]
    free = replace(POLICY, plan_required=False)
    assert guidance.may_close(free, **values).tolist() == [True, True]


def test_a_second_voucher_comes_next_only_while_the_first_counts() -> None:
    days = {"now": date(2026, 3, 2), "started": date(2024, 5, 1), "long ago": date(2019, 12, 1)}
    numbers = {name: day_number(day) for name, day in days.items()}
    last = np.array([numbers["started"], numbers["long ago"], NO_DAY, numbers["started"]], np.int32)
    previous = np.array([NO_DAY, NO_DAY, NO_DAY, numbers["long ago"]], np.int32)
    policy = BOOK.on(date(2025, 10, 1))
    on = np.full(4, numbers["now"], np.int32)
    given = guidance.second_minutes(
        policy, last_started_on=last, previous_started_on=previous, on=on
    )
    second = policy.second_voucher_minutes
    assert second is not None
    assert given.tolist() == [second, 0, 0, second]
    none = replace(policy, vouchers_per_look_back=1)
    given = guidance.second_minutes(none, last_started_on=last, previous_started_on=previous, on=on)
    assert given.tolist() == [0, 0, 0, 0]
