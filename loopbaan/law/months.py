"""Days, months and years as the law counts them: Europe/Brussels calendar days, array-first.

A day is a whole number of days since 1 January 1970 (int32). A term of N months or years ends on
the same day number, or on the last day of the month if there is none; that day still counts.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]

NO_DAY = np.int32(-(2**31))  # there is no such day: never started, never again
_EPOCH = date(1970, 1, 1).toordinal()

# The calendar as two tables: the first day of each month from 1900 to 2200, and the month of each
# day. Looking up is ten times as fast as NumPy's own conversion from days to months.
_FIRST_OF = np.arange("1900-01", "2200-02", dtype="datetime64[M]").astype("datetime64[D]")
_FIRST_OF = _FIRST_OF.view(np.int64).astype(np.int32)
_DAY_ONE = _FIRST_OF[0]
_MONTH_OF = np.repeat(np.arange(len(_FIRST_OF) - 1, dtype=np.int16), np.diff(_FIRST_OF))


def day_number(day: date) -> int:
    """Return the number of a calendar day."""
    return day.toordinal() - _EPOCH


def calendar_day(number: int) -> date:
    """Return the calendar day of a number."""
    return date.fromordinal(int(number) + _EPOCH)


def first_of(month: int | NDArray[np.integer]) -> Days:
    """Return the first day of months, counted from January 1900 (0)."""
    first: Days = _FIRST_OF.take(month)
    return first


def month_of(days: Days) -> NDArray[np.int16]:
    """Return the months, counted from January 1900 (0), in which days lie."""
    return _month(days)


def add_months(days: Days, months: int | NDArray[np.integer]) -> Days:
    """Return the days on which terms of so many months end (months may be negative).

    `days` and `months` broadcast. The calendar reaches from 1900 to 2200.
    """
    month = _month(days)
    target = month + np.asarray(months, np.int32)
    in_month = days - _FIRST_OF.take(month)
    ends: Days = np.minimum(_FIRST_OF.take(target) + in_month, _FIRST_OF.take(target + 1) - 1)
    return ends


def add_years(days: Days, years: int) -> Days:
    """Return the days on which terms of so many years end."""
    return add_months(days, 12 * years)


def first_within(days: Days, years: int) -> Days:
    """Return, for each day, the earliest start that still lies less than so many years back.

    A start lies within the look-back if the day comes before the start plus the years. The inverse
    of that addition: the day after, so many years earlier; where that has no such day number (29
    February), the first of the next month.
    """
    after = days + np.int32(1)
    month = _month(after)
    first: Days = after - _FIRST_OF.take(month) + _FIRST_OF.take(month - 12 * years)
    return first


def _month(days: Days) -> NDArray[np.int16]:
    assert days.min(initial=_DAY_ONE) >= _DAY_ONE, "the calendar begins in 1900"
    month: NDArray[np.int16] = _MONTH_OF.take(days - _DAY_ONE)
    return month
