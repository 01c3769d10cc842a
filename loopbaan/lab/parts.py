"""The part of each instrument in a mixed measure: what it adds, over every order of adding.

Two instruments together seldom save what they save apart: who is priced out cannot lose a place. So
every mix of them is played, and each gets the mean of what it adds over all orders in which they
can come (Shapley). The parts add up to the whole, and none depends on who is named first.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import factorial

import polars as pl

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import RulebookError
from loopbaan.law.policy import BOUNDS
from loopbaan.law.rulebook import Rulebook, faults_between_numbers

MOST = 6  # instruments in one measure: sixty-four mixes
# Numbers that are one instrument: they only make sense together.
INSTRUMENTS: dict[str, tuple[str, ...]] = {
    "share": (
        "share_cents",
        "share_low_wage_cents",
        "share_middle_wage_cents",
        "low_wage_quintile",
        "middle_wage_quintile",
    ),
    "other payers": ("employer_cents", "sector_fund_cents", "union_cents"),
    "hours of the first voucher": ("first_voucher_minutes", "extra_minutes"),
    "second voucher and how often": (
        "second_voucher_minutes",
        "vouchers_per_look_back",
        "look_back_years",
        "lifetime_vouchers",
        "closed_before_next",
    ),
    "experience": (
        "least_months_worked_in_last_24",
        "least_months_with_agency_weeks",
        "least_agency_weeks_unbroken",
        "least_experience_days",
        "least_experience_months",
        "experience_year_days",
    ),
    "fee": ("fee_millicents_per_hour", "vat_percent"),
    "cap": (
        "cap_per_month",
        "cap_counts",
        "lapsed_place_returns",
        "cap_shared_by_vouchers",
        "release",
        "carry_over",
    ),
    "who gets a place": (
        "allocation",
        "running_first",
        "reserved_percent",
        "weight_favoured",
        "favours_low_education",
        "favours_limited_health",
        "favours_non_eu_origin",
        "memory",
        "memory_weight_per_loss",
        "memory_weight_most",
    ),
}
_PLACES = {*INSTRUMENTS["cap"], *INSTRUMENTS["who gets a place"]}
_NAMED = {key for keys in INSTRUMENTS.values() for key in keys}
OTHER = "other numbers"

Values = dict[str, int]  # what a mix yields, by measure
Play = Callable[[Rulebook], Values]
Mix = frozenset[str]


class TooMany(ValueError):
    """A measure has more instruments than can be mixed in every way."""


def instruments(
    base: Rulebook, law: Rulebook, reading: str, until: date
) -> dict[str, tuple[str, ...]]:
    """Return the instruments in which two laws differ up to a day, each with its numbers.

    Numbers about places count on days with a cap alone: without one they change nothing.
    """
    days = [day for day in _days(base, law, reading) if day <= until]
    differ = set()
    for day in days:
        mine, other = (book.on(day, day, reading) for book in (base, law))
        has_cap = mine.cap_per_month is not None or other.cap_per_month is not None
        differ |= {
            key
            for key in BOUNDS
            if getattr(mine, key) != getattr(other, key) and (has_cap or key not in _PLACES)
        }
    found = {name: keys for name, keys in INSTRUMENTS.items() if any(key in differ for key in keys)}
    rest = tuple(sorted(differ - _NAMED))
    return found | ({OTHER: rest} if rest else {})


def of(
    base: Rulebook, law: Rulebook, reading: str, until: date, play: Play
) -> tuple[pl.DataFrame, dict[Mix, Values]]:
    """Return a row for each measure and instrument, and what every mix of them yields.

    `alone` is what the instrument changes by itself, `part` its part in the whole, `last` what it
    changes when all others are there already. The parts of a measure add up to `whole`. What
    changes after `until` is left as it is in the base.

    Raises:
        TooMany: there are more than `MOST` instruments.

    """
    found = instruments(base, law, reading, until)
    if len(found) > MOST:
        names = ", ".join(found)
        raise TooMany(f"{len(found)} instruments ({names}); at most {MOST} can be mixed")
    played: dict[Mix, Values] = {}
    for size in range(len(found) + 1):
        for names_ in combinations(found, size):
            keys = [key for name in names_ for key in found[name]]
            played[frozenset(names_)] = play(mixed(base, law, keys))
    nobody, all_ = frozenset[str](), frozenset(found)
    rows = []
    for measure, before in played[nobody].items():
        values = {mix: Fraction(value[measure] - before) for mix, value in played.items()}
        for name, part in shapley(tuple(found), values).items():
            alone, last = values[frozenset({name})], values[all_] - values[all_ - {name}]
            ends = (float(each) for each in (alone, part, last, values[all_]))
            rows.append((measure, name, *ends))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row"), played


_SCHEMA = {
    "measure": pl.String,
    "instrument": pl.String,
    "alone": pl.Float64,
    "part": pl.Float64,
    "last": pl.Float64,
    "whole": pl.Float64,
}


def shapley(names: Sequence[str], values: Mapping[Mix, Fraction]) -> dict[str, Fraction]:
    """Return the part of each name, exactly; `values` has every mix of them."""
    count = len(names)
    parts = dict.fromkeys(names, Fraction(0))
    for name in names:
        others = [other for other in names if other != name]
        for size in range(count):
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for chosen in combinations(others, size):
                mix = frozenset(chosen)
                parts[name] += weight * (values[mix | {name}] - values[mix])
    return parts


def mixed(base: Rulebook, law: Rulebook, keys: Sequence[str]) -> Rulebook:
    """Return a law with some numbers of one book and the others of another.

    Raises:
        RulebookError: the numbers do not go together.

    """
    content = copy.deepcopy(base.content)
    content["sources"] |= law.content["sources"]
    content["texts"] |= law.content["texts"]
    for key in keys:
        content["numbers"][key] = law.content["numbers"][key]
    made = rulebooks.of(content)
    if faults := faults_between_numbers(made):
        raise RulebookError(faults)
    return made


def _days(base: Rulebook, law: Rulebook, reading: str) -> list[date]:
    """Return every day on which something changes in either law, or becomes known."""
    days = {*base.change_days(reading), *law.change_days(reading), *base.news_days, *law.news_days}
    first = max(base.first_day, law.first_day)
    return sorted(day for day in days if day >= first)
