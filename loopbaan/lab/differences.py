"""From which day laws differ in what anybody feels."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook

Law = tuple[Rulebook, str]  # the law of a scenario, and the reading of it
_OF_A_CAP = (
    *("cap_counts", "lapsed_place_returns", "cap_shared_by_vouchers", "allocation", "release"),
    *("carry_over", "running_first", "reserved_percent", "weight_favoured"),
    *("favours_low_education", "favours_limited_health", "favours_non_eu_origin"),
    *("memory", "memory_weight_per_loss", "memory_weight_most"),
)


def first_day(laws: Sequence[Law], last: date) -> date | None:
    """Return the first day, until the last, on which one of these laws is not as the others."""
    days = {day for law, reading in laws for day in law.change_days(reading)}
    for day in sorted(day for day in days if day <= last):
        one, *others = [_felt(law.on(day, date.max, reading)) for law, reading in laws]
        if any(other != one for other in others):
            return day
    return None


def changes(law: Law, since: date, last: date) -> list[date]:
    """Return the days after `since`, until the last, from which a law is not as it was before."""
    book, reading = law
    found = []
    before = _felt(book.on(since, date.max, reading))
    for day in sorted(day for day in book.change_days(reading) if since < day <= last):
        now = _felt(book.on(day, date.max, reading))
        if now != before:
            found.append(day)
        before = now
    return found


def _felt(policy: Policy) -> dict[str, Any]:
    """Return the numbers that somebody feels: without a cap nobody asks how places are given."""
    left_out = ("rulebook_hash", "reading", *(_OF_A_CAP if policy.cap_per_month is None else ()))
    numbers = dataclasses.asdict(policy)
    return {name: number for name, number in numbers.items() if name not in left_out}
