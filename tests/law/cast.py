"""The standing cast and its facts, and an oracle: the same law written a second time, plainly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from loopbaan.law import rulebook
from loopbaan.law.months import NO_DAY, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Facts
from loopbaan.law.policy import Policy

BOOK = rulebook.current()


@dataclass(frozen=True)
class Person:
    """A worker in plain Python; An, who may order on any day of the scheme."""

    lives_in: str = "flanders"
    moved_from_eea: bool = False
    works_in: str = "flanders"
    activity: str = "employee"
    experience_days: int = 4_000
    experience_months: int = 131
    months_worked_in_last_24: int = 24
    agency_weeks_unbroken: int = 0
    started_on: tuple[date, ...] = ()
    last_voucher_closed: bool = True
    open_order: bool = False
    in_dutch: bool = True


AN = Person()
BRAM = replace(AN, experience_days=2_072, experience_months=68)


def facts_of(people: list[Person]) -> Facts:
    """Return people as the arrays that the law reads."""
    starts = [sorted(person.started_on) for person in people]
    last = [day_number(days[-1]) if days else NO_DAY for days in starts]
    previous = [day_number(days[-2]) if len(days) > 1 else NO_DAY for days in starts]

    def column(name: str, kind: Any, words: tuple[str, ...] = ()) -> Any:
        values = [getattr(person, name) for person in people]
        return np.array([words.index(value) for value in values] if words else values, kind)

    return Facts(
        lives_in=column("lives_in", np.uint8, HOMES),
        moved_from_eea=column("moved_from_eea", np.bool_),
        works_in=column("works_in", np.uint8, WORKPLACES),
        activity=column("activity", np.uint8, ACTIVITIES),
        experience_days=column("experience_days", np.int32),
        experience_months=column("experience_months", np.int16),
        months_worked_in_last_24=column("months_worked_in_last_24", np.int8),
        agency_weeks_unbroken=column("agency_weeks_unbroken", np.int16),
        last_started_on=np.array(last, np.int32),
        previous_started_on=np.array(previous, np.int32),
        last_voucher_closed=column("last_voucher_closed", np.bool_),
        open_order=column("open_order", np.bool_),
        in_dutch=column("in_dutch", np.bool_),
    )


def plain_term(day: date, months: int) -> date:
    """Return the end of a term, counted with the calendar of the standard library."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def plain_refusals(policy: Policy, person: Person, day: date) -> set[str]:
    """Return the reasons against an order, each by its own plain condition."""
    there = ("flanders", "brussels")
    free = person.lives_in == "eea" or (person.lives_in == "wallonia" and person.moved_from_eea)
    recent = [d for d in person.started_on if day < plain_term(d, 12 * policy.look_back_years)]
    once = policy.lifetime_vouchers is not None
    found: Mapping[str, bool] = {
        "residence": not (person.lives_in in there or (person.works_in in there and free)),
        "activity": person.activity == "none",
        "experience": not _is_experienced(policy, person),
        "recent_vouchers": not once and len(recent) >= policy.vouchers_per_look_back,
        "lifetime": once and bool(person.started_on),
        "first_not_closed": bool(person.started_on) and not person.last_voucher_closed,
        "open_order": person.open_order,
        "language": not person.in_dutch,
    }
    return {code for code, applies in found.items() if applies}


def plain_first_day(person: Person, day: date, known_on: date, reading: str) -> date | None:
    """Return the first day of a yes by trying every day of the next ten years."""
    tried = day
    while tried <= plain_term(day, 120):
        later = grown(person, day, tried)
        if not plain_refusals(BOOK.on(tried, known_on, reading), later, tried):
            return tried
        tried += timedelta(days=1)
    return None


def grown(person: Person, since: date, day: date) -> Person:
    """Return the same worker on a later day, when only the calendar moved."""
    if person.activity == "none":
        return person
    months = 0
    while plain_term(since, months + 1) <= day:
        months += 1
    return replace(
        person,
        experience_days=person.experience_days + (day - since).days,
        experience_months=person.experience_months + months,
        months_worked_in_last_24=min(24, person.months_worked_in_last_24 + months),
    )


def _is_experienced(policy: Policy, person: Person) -> bool:
    if policy.least_months_worked_in_last_24 is not None:
        least = policy.least_months_worked_in_last_24
        weeks = policy.least_agency_weeks_unbroken
        if weeks is not None and person.agency_weeks_unbroken >= weeks:
            least = policy.least_months_with_agency_weeks or least
        return person.months_worked_in_last_24 >= least
    if policy.least_experience_months is not None:
        return person.experience_months >= policy.least_experience_months
    return person.experience_days >= (policy.least_experience_days or 0)
