"""Who may order, which voucher it is, what it costs whom, and the first day on which it is a yes.

Array-first: every fact is a column with one element a worker (one worker is a column of one),
every reason against is a bit of `Refusal`. Source: BVR 17 May 2013 and its changes, articles not
seen; the source of every number stands in `policy.yaml`, that of every reason in `docs/law.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.law import payout
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import NO_DAY, Days, add_months, add_years, day_number, first_within
from loopbaan.law.periods import Period, Rows, periods
from loopbaan.law.policy import Policy
from loopbaan.law.refusals import PASSING, Refusal
from loopbaan.law.rulebook import Rulebook, Timeline

HOMES = ("flanders", "brussels", "wallonia", "eea", "elsewhere")
WORKPLACES = (*HOMES, "none")
ACTIVITIES = ("employee", "self_employed", "agency", "none")
FLANDERS, BRUSSELS, WALLONIA, EEA, ELSEWHERE, NO_WORKPLACE = range(6)
NO_ACTIVITY = ACTIVITIES.index("none")
PAYERS = payout.PAYERS

LOOK_AHEAD_YEARS = 10  # how far the answer "from which day?" is sought; not a number of the law
# Rows that are decided at a time: what a rule reads and writes then stays in the processor's cache.
BLOCK = 16_384
_NEVER = np.int32(2**31 - 1)
_KINDS = 3  # no voucher, a first one, a second one

Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]
Counts = NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the law looks at, one element a worker; 24 bytes each.

    Places and activities are indices in `WORKPLACES` and `ACTIVITIES`. The days are those on which
    the latest and the next to latest voucher were started, `NO_DAY` if there is none. The fifth of
    all wages (1 to 5, 0 unknown) may be left out: in force no share depends on it.
    """

    lives_in: Codes
    moved_from_eea: Flags
    works_in: Codes
    activity: Codes
    experience_days: NDArray[np.int32]
    experience_months: NDArray[np.int16]
    months_worked_in_last_24: NDArray[np.int8]
    agency_weeks_unbroken: NDArray[np.int16]
    last_started_on: Days
    previous_started_on: Days
    last_voucher_closed: Flags
    open_order: Flags
    in_dutch: Flags
    wage_quintile: Codes | None = None

    def __len__(self) -> int:
        return len(self.lives_in)

    def rows(self, rows: Rows) -> "Facts":
        """Return the facts of some rows."""
        found: dict[str, Any] = {name: getattr(self, name) for name in _FACTS}
        for name, column in found.items():
            found[name] = None if column is None else column[rows]
        return Facts(**found)


_FACTS = tuple(each.name for each in fields(Facts))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is decided, one element a worker.

    `voucher` is 0, and `minutes` and `share_cents` are 0, where the order is refused; `split_cents`
    has a column for each of `PAYERS`; `first_day` is `NO_DAY` where no day is in sight.
    """

    reasons: NDArray[np.uint16]
    voucher: Codes
    minutes: NDArray[np.int16]
    share_cents: NDArray[np.int32]
    split_cents: NDArray[np.int32]
    first_day: Days

    @property
    def may_order(self) -> Flags:
        """Whether nothing speaks against the order. A cap is no reason: it is allocation's."""
        is_free: Flags = self.reasons == 0
        return is_free


def decide(
    rulebook: Rulebook,
    facts: Facts,
    *,
    ordered_on: date | Days,
    known_on: date | Days | None = None,
    reading: str = DEFAULT_READING,
) -> Decisions:
    """Decide a batch: every reason, the voucher, its minutes, the share, the split, the first day.

    `ordered_on` and `known_on` are one day, or one a row; `known_on` is the order day if not given.

    Raises:
        UnknownLaw: no law holds on an order day, as far as was known, or there is no such reading.

    """
    count = len(facts)
    days = _days(ordered_on)
    known = None if known_on is None else _days(known_on)
    out = Decisions(
        reasons=np.empty(count, np.uint16),
        voucher=np.empty(count, np.uint8),
        minutes=np.empty(count, np.int16),
        share_cents=np.empty(count, np.int32),
        split_cents=np.empty((count, len(PAYERS)), np.int32),
        first_day=np.empty(count, np.int32),
    )
    for period in periods(rulebook, days, known, reading, count):
        for rows, part in _blocks(period.rows):
            own = facts if part.stop - part.start == count else facts.rows(rows)
            _decide(period, own, _part(period.ordered_on, part), out, rows)
    return out


def reasons(policy: Policy, facts: Facts, ordered_on: date | Days) -> NDArray[np.uint16]:
    """Return every reason against each order, as bits of `Refusal`, under one policy.

    `ordered_on` is one day, or one a row.
    """
    days, count = _days(ordered_on), len(facts)
    against = np.empty(count, np.uint16)
    for rows, part in _blocks(slice(0, count)):
        against[rows] = _reasons(policy, facts.rows(rows), _part(days, part))
    return against


def fails_residence(lives_in: Codes, moved_from_eea: Flags, works_in: Codes) -> Flags:
    """Whether home and place of work together give no right.

    Yes if home is Flanders or Brussels, wherever the work; or if the work is there and home is in
    the EEA, or in Wallonia after moving from the EEA (VDAB's examples, S5).
    """
    moves_freely = (lives_in == EEA) | ((lives_in == WALLONIA) & moved_from_eea)
    fails: Flags = ~(_in_flanders(lives_in) | (_in_flanders(works_in) & moves_freely))
    return fails


def fails_activity(activity: Codes) -> Flags:
    """Whether the worker is not at work on the order day (S5, S39). On leave is at work."""
    fails: Flags = activity == NO_ACTIVITY
    return fails


def fails_experience(
    policy: Policy,
    experience_days: Counts,
    experience_months: Counts,
    months_worked_in_last_24: Counts,
    agency_weeks_unbroken: Counts,
) -> Flags:
    """Whether the experience is too short, by whichever of the numbers hold under the policy.

    Until 2019 months in the last 24, fewer with unbroken agency weeks (S4); since 2020 days over
    the whole career (S8, S23), or months under the reading of that name.
    """
    fails = np.zeros(len(experience_days), np.bool_)
    if policy.least_months_worked_in_last_24 is not None:
        least = least_recent_months(policy, agency_weeks_unbroken)
        fails |= months_worked_in_last_24 < least
    if policy.least_experience_days is not None:
        fails |= experience_days < policy.least_experience_days
    if policy.least_experience_months is not None:
        fails |= experience_months < policy.least_experience_months
    return fails


def least_recent_months(policy: Policy, agency_weeks_unbroken: Counts) -> Counts:
    """Return the months in the last 24 that each worker needs: fewer after agency weeks."""
    least = np.full(len(agency_weeks_unbroken), policy.least_months_worked_in_last_24, np.int8)
    if policy.least_agency_weeks_unbroken is not None:
        eased = agency_weeks_unbroken >= policy.least_agency_weeks_unbroken
        least[eased] = np.minimum(least[eased], policy.least_months_with_agency_weeks or 0)
    return least


def fails_look_back(
    policy: Policy, last_started_on: Days, previous_started_on: Days, since: Days
) -> Flags:
    """Whether the vouchers started since a day (`since`) leave no room for one more (S5).

    Where a lifetime maximum holds, that is the reason and this is none.
    """
    if policy.lifetime_vouchers is not None:
        return np.zeros(len(last_started_on), np.bool_)
    decisive = previous_started_on if policy.vouchers_per_look_back == 2 else last_started_on
    fails: Flags = decisive >= since
    return fails


def fails_lifetime(policy: Policy, last_started_on: Days) -> Flags:
    """Whether a voucher was ever started while one in a lifetime is the most (S30, reading A)."""
    if policy.lifetime_vouchers is None:
        return np.zeros(len(last_started_on), np.bool_)
    fails: Flags = last_started_on != NO_DAY
    return fails


def fails_closing(policy: Policy, last_started_on: Days, last_voucher_closed: Flags) -> Flags:
    """Whether the latest started voucher, however old, is not closed (S42, S38)."""
    if not policy.closed_before_next:
        return np.zeros(len(last_started_on), np.bool_)
    fails: Flags = (last_started_on != NO_DAY) & ~last_voucher_closed
    return fails


def first_days(
    timeline: Timeline,
    place: int,
    facts: Facts,
    ordered_on: Days,
    *,
    waiting_for: Refusal = PASSING,
) -> Days:
    """Return the first day on which the reasons `waiting_for` are gone when only time moves.

    Between two changes of the law every such reason can only pass, so the day is the latest of the
    days on which each passes, in the first stretch of the timeline that reaches it. `place` is that
    of the order day's policy; `NO_DAY` where no day is found within ten years.
    """
    found = np.full(len(facts), NO_DAY, np.int32)
    last = add_years(ordered_on, LOOK_AHEAD_YEARS)
    horizon = last.max()
    stands_still = fails_activity(facts.activity)
    experienced_on, least = found, None
    for i in range(place, len(timeline.policies)):
        starts = day_number(timeline.starts[i])
        if starts > horizon:
            break
        policy = timeline.policies[i]
        day = np.maximum(ordered_on, np.int32(starts))
        if waiting_for & Refusal.EXPERIENCE:
            if least != _least(policy):  # it seldom changes, and counting on takes time
                least = _least(policy)
                experienced_on = _experienced_on(policy, facts, ordered_on, stands_still)
            day = np.maximum(day, experienced_on)
        if waiting_for & (Refusal.RECENT_VOUCHERS | Refusal.LIFETIME):
            day = np.maximum(day, _rested_on(policy, facts))
        until = last
        if i + 1 < len(timeline.starts):
            until = np.minimum(last, np.int32(day_number(timeline.starts[i + 1]) - 1))
        found = np.where((found == NO_DAY) & (day <= until), day, found)
    return found


def _decide(period: Period, facts: Facts, ordered_on: Days, out: Decisions, rows: Rows) -> None:
    policy = period.policy
    against = _reasons(policy, facts, ordered_on)
    granted = against == 0
    voucher = granted.view(np.uint8)
    if policy.vouchers_per_look_back == 2:
        since = first_within(ordered_on, policy.look_back_years)
        voucher = voucher + (granted & (facts.last_started_on >= since))
    first_day = np.where(granted, ordered_on, NO_DAY)
    passing = np.flatnonzero(~granted & ((against & ~np.uint16(PASSING)) == 0))
    if len(passing):
        own = facts if len(passing) == len(facts) else facts.rows(passing)
        first_day[passing] = first_days(
            period.timeline, period.place, own, _part(ordered_on, passing)
        )
    minutes, split = _bought(policy)
    bought = voucher + _KINDS * payout.wage_groups(policy, facts.wage_quintile)
    out.reasons[rows] = against
    out.voucher[rows] = voucher
    out.first_day[rows] = first_day
    out.minutes[rows] = minutes.take(bought)
    out.share_cents[rows] = split[:, 0].take(bought)
    out.split_cents[rows] = split.take(bought, axis=0)


def _blocks(rows: Rows) -> Iterator[tuple[Rows, slice]]:
    """Yield rows a block at a time, and where the block stands among them."""
    count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
    for start in range(0, count, BLOCK):
        part = slice(start, min(start + BLOCK, count))
        if isinstance(rows, slice):
            yield slice(rows.start + part.start, rows.start + part.stop), part
        else:
            yield rows[part], part


def _reasons(policy: Policy, facts: Facts, ordered_on: Days) -> NDArray[np.uint16]:
    last, previous = facts.last_started_on, facts.previous_started_on
    since = first_within(ordered_on, policy.look_back_years)
    against = np.zeros(len(facts), np.uint16)
    for bit, fails in (
        (Refusal.RESIDENCE, fails_residence(facts.lives_in, facts.moved_from_eea, facts.works_in)),
        (Refusal.ACTIVITY, fails_activity(facts.activity)),
        (
            Refusal.EXPERIENCE,
            fails_experience(
                policy,
                facts.experience_days,
                facts.experience_months,
                facts.months_worked_in_last_24,
                facts.agency_weeks_unbroken,
            ),
        ),
        (Refusal.RECENT_VOUCHERS, fails_look_back(policy, last, previous, since)),
        (Refusal.LIFETIME, fails_lifetime(policy, last)),
        (Refusal.FIRST_NOT_CLOSED, fails_closing(policy, last, facts.last_voucher_closed)),
        (Refusal.OPEN_ORDER, facts.open_order),
        (Refusal.LANGUAGE, ~facts.in_dutch),
    ):
        against |= np.multiply(fails, np.uint16(bit), dtype=np.uint16)
    return against


def _in_flanders(place: Codes) -> Flags:
    is_there: Flags = (place == FLANDERS) | (place == BRUSSELS)
    return is_there


def _least(policy: Policy) -> tuple[int | None, ...]:
    """Return the numbers on which the experience rests."""
    return (
        policy.least_experience_days,
        policy.least_experience_months,
        policy.least_months_worked_in_last_24,
        policy.least_months_with_agency_weeks,
        policy.least_agency_weeks_unbroken,
    )


def _experienced_on(policy: Policy, facts: Facts, ordered_on: Days, stands_still: Flags) -> Days:
    """Return the day on which the experience suffices, if the worker stays at work."""
    day = ordered_on
    if policy.least_months_worked_in_last_24 is not None:
        least = least_recent_months(policy, facts.agency_weeks_unbroken)
        missing = least - facts.months_worked_in_last_24.astype(np.int32)
        day = np.maximum(day, add_months(ordered_on, np.maximum(missing, 0)))
    if policy.least_experience_months is not None:
        missing = policy.least_experience_months - facts.experience_months.astype(np.int32)
        day = np.maximum(day, add_months(ordered_on, np.maximum(missing, 0)))
    if policy.least_experience_days is not None:
        day = np.maximum(day, ordered_on + (policy.least_experience_days - facts.experience_days))
    return np.where(stands_still & (day > ordered_on), _NEVER, day)


def _rested_on(policy: Policy, facts: Facts) -> Days:
    """Return the day on which earlier vouchers leave room again; `_NEVER` after a lifetime's."""
    if policy.lifetime_vouchers is not None:
        return np.where(facts.last_started_on == NO_DAY, NO_DAY, _NEVER)
    is_pair = policy.vouchers_per_look_back == 2
    started = facts.previous_started_on if is_pair else facts.last_started_on
    is_started = started != NO_DAY
    ends = add_years(np.where(is_started, started, np.int32(0)), policy.look_back_years)
    return np.where(is_started, ends, NO_DAY)


@lru_cache(maxsize=64)
def _bought(policy: Policy) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """Return the minutes, and the split over payers, of no voucher, a first and a second one.

    Three rows (`_KINDS`) for each of `payout.shares_cents`.
    """
    minutes = np.array([0, policy.first_voucher_minutes, policy.second_voucher_minutes or 0])
    shares = payout.shares_cents(policy)
    split = np.concatenate([payout.split_cents(policy, minutes, share) for share in shares])
    return np.tile(minutes, len(shares)).astype(np.int16), split.astype(np.int32)


def _days(days: date | Days) -> Days:
    return np.array([day_number(days)], np.int32) if isinstance(days, date) else days


def _part(days: Days, rows: Rows) -> Days:
    return days if len(days) == 1 else days[rows]
