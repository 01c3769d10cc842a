"""What becomes of a granted order: paid, started, closed, and the wish for a next voucher.

Every delay belongs to a person, so nothing has to be carried from month to month: at the grant all
later days are known. The law says by when to pay and to start, and what speaks against it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import hazards, keyed
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.events import CODE
from loopbaan.lab.keyed import Floats, Persons
from loopbaan.law import guidance, terms
from loopbaan.law.money import MINUTES_PER_HOUR
from loopbaan.law.months import NO_DAY, Days, add_years, month_of
from loopbaan.law.periods import periods
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Act, Status, outcomes

DAYS_IN_WEEK, DAYS_IN_MONTH, DAYS_IN_YEAR = 7, 30.44, 365.25
# "Mostly within half a year": three quarters of second vouchers (data/SOURCES.md, crevits_2020).
_SECOND_WITHIN_MONTHS, _SECOND_LATER = 6.0, 0.25
_TREND_UNTIL = 2019

assert outcomes(Status.GRANTED, Act.PAY) == (Status.ISSUED,)
assert outcomes(Status.GRANTED, Act.LAPSE) == (Status.LAPSED,)
assert outcomes(Status.ISSUED, Act.START) == (Status.STARTED,)
assert outcomes(Status.ISSUED, Act.LAPSE) == (Status.LAPSED_UNSTARTED,)
assert outcomes(Status.STARTED, Act.CLOSE) == (Status.CLOSED,)
assert outcomes(Status.STARTED, Act.CLOSE_EARLY) == (Status.CLOSED_EARLY,)


@dataclass(frozen=True, slots=True)
class Journey:
    """One element a granted order. `until` is the first day on which it is open no more."""

    outcome: NDArray[np.uint8]
    paid_on: Days
    started_on: Days
    closed_on: Days
    until: Days
    used_minutes: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Delays:
    """The spreads at which the published shares miss the terms of mid-2018."""

    pay_rate: float
    start_spread: float
    second_spread: float
    contest_rate: float


def delays(behaviour: Behaviour, reference: Policy) -> Delays:
    """Return how delays are spread, fitted on the terms of the reference policy."""
    pay_rate = -np.log(max(behaviour.unpaid_share, 1e-9)) / (reference.payment_days + 1)
    to_start = reference.start_months * DAYS_IN_MONTH + 1 / pay_rate
    return Delays(
        pay_rate=float(pay_rate),
        start_spread=keyed.spread_that_misses(
            behaviour.unstarted_share, behaviour.start_delay_weeks_median * DAYS_IN_WEEK, to_start
        ),
        second_spread=keyed.spread_that_misses(
            _SECOND_LATER, behaviour.second_voucher_gap_months_median, _SECOND_WITHIN_MONTHS
        ),
        contest_rate=float(
            -np.log(max(1 - behaviour.contest_share, 1e-9)) / (reference.contest_days + 1)
        ),
    )


def follow(
    rulebook: Rulebook,
    behaviour: Behaviour,
    spread: Delays,
    *,
    seed: int,
    persons: Persons,
    ordered_on: Days,
    granted_on: Days,
    minutes: NDArray[np.int16],
    reading: str,
) -> Journey:
    """Follow granted orders to their end."""
    month = int(month_of(granted_on[:1])[0]) if len(granted_on) else 0
    draw = {
        name: keyed.uniform(seed, name, month, persons)
        for name in ("pay", "start", "early", "used")
    }
    wait = np.minimum(-np.log1p(-draw["pay"]) / spread.pay_rate, 400)
    paid_on = granted_on + wait.astype(np.int32)
    pay_by = _pay_by(rulebook, granted_on, reading)
    is_paid = paid_on <= pay_by
    median = behaviour.start_delay_weeks_median * DAYS_IN_WEEK
    talk = np.minimum(keyed.lognormal(draw["start"], median, spread.start_spread), 2_000)
    started_on = np.maximum(ordered_on + talk.astype(np.int32), paid_on)
    start_by, objection = _start(rulebook, paid_on, started_on, reading)
    starts = is_paid & (objection == 0)
    used, closes_after, is_early = _talks(behaviour, draw, minutes)
    closed_on = started_on + closes_after
    outcome = np.where(is_early, CODE[Status.CLOSED_EARLY], CODE[Status.CLOSED])
    outcome = np.where(starts, outcome, CODE[Status.LAPSED_UNSTARTED])
    until = np.where(starts, started_on, np.where(is_paid, start_by, pay_by) + 1)
    return Journey(
        outcome=np.where(is_paid, outcome, CODE[Status.LAPSED]).astype(np.uint8),
        paid_on=np.where(is_paid, paid_on, NO_DAY),
        started_on=np.where(starts, started_on, NO_DAY),
        closed_on=np.where(starts, closed_on, NO_DAY),
        until=until.astype(np.int32),
        used_minutes=np.where(starts, used, 0).astype(np.int16),
    )


def seconds(
    rulebook: Rulebook,
    behaviour: Behaviour,
    spread: Delays,
    *,
    seed: int,
    persons: Persons,
    journey: Journey,
    ordered_on: Days,
    attrition: float,
    waits_for_closing: bool,
    reading: str,
) -> tuple[NDArray[np.bool_], Days]:
    """Return who of those with a first voucher wants a second, and on which day they order it.

    The share is of vouchers used, so it is divided by what is kept from order to start. Nobody
    plans a second voucher that the law, as known at the start of the first, will not offer; and
    where the first must be closed before the next (`waits_for_closing`), they wait for that.
    """
    started = journey.started_on
    year = 1900 + month_of(np.maximum(started, 0)).astype(np.int32) // 12
    share = behaviour.second_voucher_share + behaviour.second_voucher_trend_per_year * (
        np.minimum(year, _TREND_UNTIL) - _TREND_UNTIL
    )
    month = int(month_of(ordered_on[:1])[0]) if len(ordered_on) else 0
    gap = keyed.lognormal(
        keyed.uniform(seed, "gap", month, persons),
        behaviour.second_voucher_gap_months_median * DAYS_IN_MONTH,
        spread.second_spread,
    )
    earliest = journey.closed_on if waits_for_closing else started
    due = np.maximum(ordered_on + np.minimum(gap, 1_500).astype(np.int32), earliest + 1)
    wants = (started != NO_DAY) & (
        keyed.uniform(seed, "second", month, persons) < np.clip(share, 0, 1) / attrition
    )
    rows = np.flatnonzero(wants)
    if len(rows):
        wants[rows] = _offers_second(rulebook, started[rows], due[rows], reading)
    return wants, due


def returns(
    behaviour: Behaviour, policy: Policy, *, seed: int, persons: Persons, started_on: Days
) -> Days:
    """Return the day on which former users order again after the look-back; `NO_DAY` if not soon.

    In each year after the right returned the same share of those left does.
    """
    is_user = started_on != NO_DAY
    back = add_years(np.where(is_user, started_on, 0), policy.look_back_years)
    rate = -np.log1p(-min(behaviour.repeat_after_six_years, 0.999999)) / DAYS_IN_YEAR
    chance = keyed.uniform(seed, "return", 0, persons)
    wait = np.minimum(-np.log1p(-chance) / max(rate, 1e-12), 50 * DAYS_IN_YEAR)
    return np.where(is_user, back + wait.astype(np.int32), NO_DAY)


def attrition(behaviour: Behaviour, register_error: float) -> float:
    """Return the share of orders with the right that become a started voucher."""
    kept = (1 - behaviour.unpaid_share) * (1 - behaviour.unstarted_share)
    return max(kept * (1 - register_error), 1e-9)


def _talks(
    behaviour: Behaviour, draw: dict[str, Floats], minutes: NDArray[np.int16]
) -> tuple[NDArray[np.int16], NDArray[np.int32], NDArray[np.bool_]]:
    """Return confirmed minutes, days from first to last talk, and whether it was closed early.

    An hour a talk; a talk that is missed is held later, so it only takes time. Who closes early has
    had at least one talk and has at least one left.
    """
    planned = np.maximum(minutes // MINUTES_PER_HOUR, 1)
    is_early = (draw["early"] < behaviour.early_close_share) & (planned > 1)
    held = np.where(is_early, 1 + (draw["used"] * (planned - 1)).astype(np.int16), planned)
    used = np.where(is_early, held * MINUTES_PER_HOUR, minutes)
    weeks = (held - 1) / max(1 - behaviour.no_show_share, 0.01) * behaviour.weeks_between_talks
    return used.astype(np.int16), (weeks * DAYS_IN_WEEK).astype(np.int32), is_early


def _pay_by(rulebook: Rulebook, granted_on: Days, reading: str) -> Days:
    last = np.empty(len(granted_on), np.int32)
    for period in periods(rulebook, granted_on, None, reading, len(granted_on)):
        last[period.rows] = terms.pay_by(period.policy, period.ordered_on)
    return last


def _start(
    rulebook: Rulebook, issued_on: Days, on: Days, reading: str
) -> tuple[Days, NDArray[np.uint16]]:
    """Return the last day to start, and what speaks against the day, by the law of the issue."""
    last = np.empty(len(on), np.int32)
    against = np.zeros(len(on), np.uint16)
    for period in periods(rulebook, issued_on, None, reading, len(on)):
        issued = np.broadcast_to(period.ordered_on, len(on[period.rows]))
        yes = np.ones(len(issued), np.bool_)
        last[period.rows] = terms.start_by(period.policy, issued)
        against[period.rows] = guidance.against_start(
            period.policy,
            issued_on=issued,
            on=on[period.rows],
            centre_recognised=yes,
            own_initiative=yes,
            part_of_other_guidance=~yes,
            single_test=~yes,
        )
    return last, against


def _offers_second(
    rulebook: Rulebook, known_on: Days, due: Days, reading: str
) -> NDArray[np.bool_]:
    """Whether the law of each due day, as known when the first voucher started, has a second."""
    offers = np.zeros(len(due), np.bool_)
    for period in periods(rulebook, due, known_on, reading, len(due)):
        offers[period.rows] = hazards.may_have_second(period.policy)
    return offers
