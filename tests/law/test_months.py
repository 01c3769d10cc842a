"""Terms end on the same day number or the last of the month; the look-back is their inverse."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law.months import (
    add_months,
    add_years,
    calendar_day,
    day_number,
    first_within,
)
from tests.law.cast import plain_term

days = st.dates(date(1950, 1, 1), date(2120, 12, 31))


def _number(day: date) -> np.ndarray:
    return np.array([day_number(day)], np.int32)


@given(days)
def test_a_day_and_its_number_are_one(day: date) -> None:
    assert calendar_day(day_number(day)) == day
    assert day_number(day) == np.datetime64(day).astype(int)


@given(days, st.integers(-300, 600))
def test_a_term_ends_on_the_same_day_number_or_the_last_of_the_month(day: date, count: int) -> None:
    assert calendar_day(add_months(_number(day), count)[0]) == plain_term(day, count)


@given(days, st.integers(1, 12))
def test_a_start_is_within_the_look_back_until_the_years_are_over(day: date, years: int) -> None:
    first = calendar_day(first_within(_number(day), years)[0])
    assert day < plain_term(first, 12 * years)
    assert day >= plain_term(first - timedelta(days=1), 12 * years)


def test_a_start_on_29_february_is_six_years_old_on_28_february() -> None:
    assert calendar_day(add_years(_number(date(2016, 2, 29)), 6)[0]) == date(2022, 2, 28)
