"""What a month looks like to those who might order: the law as known each day, price, news, notice.

A known worsening makes people hurry before it and leaves a dip after it; a surprise that places are
scarce makes news; a narrowed condition tells others "not for you". What was not announced moves
nobody.
"""

import math
from dataclasses import dataclass

import numpy as np

from loopbaan.lab import hazards
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.keyed import Floats
from loopbaan.law import payout
from loopbaan.law.months import Days, calendar_day, day_number, first_of
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook

_DAYS_IN_YEAR = 365
_DAYS_IN_WEEK = 7
_LOW, _EDUCATIONS = 0, 3
DRAWS = ("draw", "weighted_draw")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the law for the worse: the day it holds from, and the first day it was known."""

    since: int
    known: int
    narrows: bool
    makes_scarce: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """One month. `policies` and `weights` have an element a day: the law as known that day, and how
    much is ordered against a normal day. `level` is the mean rate of those entitled.
    """

    month: int
    days: Days
    policies: tuple[Policy, ...]
    weights: Floats
    level: float
    by_quintile: Floats
    by_education: Floats

    @property
    def is_draw(self) -> bool:
        """Whether it is known from the first day that places of the month are drawn."""
        opening = self.policies[0]
        return opening.cap_per_month is not None and opening.allocation in DRAWS

    @property
    def is_scarce(self) -> bool:
        """Whether a cap is known on some day of the month."""
        return any(each.cap_per_month is not None for each in self.policies)


def changes(rulebook: Rulebook, reading: str) -> tuple[Change, ...]:
    """Return every change for the worse, in the order in which they became known."""
    found: dict[int, Change] = {}
    for known in rulebook.news_days:
        timeline = rulebook.timeline(known, reading)
        pairs = zip(timeline.policies, timeline.policies[1:], strict=False)
        for start, (before, after) in zip(timeline.starts[1:], pairs, strict=True):
            narrows, scarce = narrower(before, after), scarcer(before, after)
            since = day_number(start)
            if since not in found and (narrows or scarce or dearer(before, after)):
                found[since] = Change(since, day_number(known), narrows, scarce)
    return tuple(found.values())


def dearer(before: Policy, after: Policy) -> bool:
    """Whether less is bought, or for more by anybody."""
    less = hazards.minutes_offered(after) < hazards.minutes_offered(before)
    shares = zip(payout.shares_cents(before), payout.shares_cents(after), strict=True)
    return less or any(later > earlier for earlier, later in shares)


def narrower(before: Policy, after: Policy) -> bool:
    """Whether a condition shuts out workers who had the right."""
    asks_career = (after.least_experience_days or 0) > (before.least_experience_days or 0) or (
        (after.least_experience_months or 0) > (before.least_experience_months or 0)
    )
    asks_recent = (after.least_months_worked_in_last_24 or 0) > (
        before.least_months_worked_in_last_24 or 0
    )
    fewer = after.vouchers_per_look_back < before.vouchers_per_look_back
    once = after.lifetime_vouchers is not None and before.lifetime_vouchers is None
    return asks_career or asks_recent or fewer or once


def scarcer(before: Policy, after: Policy) -> bool:
    """Whether places become fewer."""
    if after.cap_per_month is None:
        return False
    return before.cap_per_month is None or after.cap_per_month < before.cap_per_month


def look(
    behaviour: Behaviour,
    rulebook: Rulebook,
    changes_: tuple[Change, ...],
    month: int,
    *,
    reference_cents: int,
    reading: str,
) -> Outlook:
    """Return the outlook of a month."""
    days = np.arange(int(first_of(month)), int(first_of(month + 1)), dtype=np.int32)
    calendar = [calendar_day(int(day)) for day in days]
    policies = tuple(rulebook.on(day, day, reading) for day in calendar)
    weights = day_factors(behaviour, changes_, days)
    prices: Floats = np.zeros(hazards.QUINTILES)
    known: dict[int, tuple[float, Floats]] = {}
    for place, policy in enumerate(policies):
        if id(policy) not in known:
            known[id(policy)] = (
                hazards.hours_factor(behaviour, policy),
                hazards.price_factors(behaviour, policy, reference_cents),
            )
        hours, price = known[id(policy)]
        weights[place] *= hours
        prices += price
    return Outlook(
        month=month,
        days=days,
        policies=policies,
        weights=weights,
        level=hazards.level(behaviour, month) * float(weights.mean()),
        by_quintile=prices / len(days),
        by_education=_entry(behaviour, policies[0]),
    )


def day_factors(behaviour: Behaviour, changes_: tuple[Change, ...], days: Days) -> Floats:
    """Return how much is ordered on each day against a normal one, for what is known by then."""
    factor = np.ones(len(days))
    rate = math.log(4) / (behaviour.front_load_decay_weeks * _DAYS_IN_WEEK)
    extra = behaviour.front_load_total_share * _DAYS_IN_YEAR
    for change in changes_:
        known = days >= change.known
        ahead = change.since - days
        rush = extra * rate * np.exp(-rate * np.abs(ahead))
        notice = max(change.since - change.known, 0)
        moved = behaviour.post_change_dip_share * -math.expm1(-rate * notice)
        factor += np.where(known & (ahead > 0), rush, 0)
        factor -= np.where(ahead <= 0, rush * moved, 0)
    factor = np.maximum(factor, 0.02)
    for change in changes_:
        since_news = days - change.known
        if change.makes_scarce and change.since - change.known < _DAYS_IN_WEEK:
            is_news = (since_news >= 0) & (since_news < _DAYS_IN_WEEK)
            factor *= np.where(is_news, behaviour.news_shock_multiplier_week1, 1)
        if change.narrows:
            first_year = (days >= change.since) & (days < change.since + _DAYS_IN_YEAR)
            factor *= np.where(first_year, 1 - behaviour.condition_spillover_first_year, 1)
    return factor


def _entry(behaviour: Behaviour, policy: Policy) -> Floats:
    """Return, by education, how many enter a draw for each who would order."""
    entry = np.ones(_EDUCATIONS)
    if policy.cap_per_month is not None and policy.allocation in DRAWS:
        entry[:] = behaviour.draw_entry_ratio * behaviour.race_share_present_at_opening
        entry[_LOW] = (
            behaviour.draw_entry_ratio_low_education * behaviour.race_share_present_at_opening
        )
    return entry
