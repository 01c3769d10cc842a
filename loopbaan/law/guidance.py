"""What a voucher buys, and what starts, consumes, closes, lapses and moves it.

Array-first; every reason against is a bit of `Objection`. A voucher is tested at its order and at
its start, never again: who loses the job in between keeps it (S4, S44).
"""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from loopbaan.law import ordering, terms
from loopbaan.law.months import Days, add_months, first_within
from loopbaan.law.policy import Policy

Flags = NDArray[np.bool_]
Minutes = NDArray[np.integer]
Cents = NDArray[np.integer]


class Objection(IntFlag):
    """Why a voucher cannot be started, or a talk not be registered on it."""

    LAPSED = 1  # not started in time
    CENTRE_NOT_RECOGNISED = 2
    NOT_OWN_INITIATIVE = 4  # somebody else steers: an employer may pay, not decide
    PART_OF_OTHER_GUIDANCE = 8  # outplacement, treatment, training
    SINGLE_TEST = 16  # one test or method is no guidance
    NOT_A_TALK = 32  # preparation and reporting are inside the fee
    TOO_MANY_MINUTES = 64  # more than the voucher has left
    EXTRA_CHARGE = 128  # tools, tests and reports are inside the fee

    @property
    def code(self) -> str:
        """The stable code of one objection."""
        assert self.name is not None, "a code belongs to one objection, not to a set of them"
        return self.name.lower()


def against_start(
    policy: Policy,
    *,
    issued_on: Days,
    on: Days,
    centre_recognised: Flags,
    own_initiative: Flags,
    part_of_other_guidance: Flags,
    single_test: Flags,
) -> NDArray[np.uint16]:
    """Return what speaks against starting a voucher on a day (S21; definition S6).

    The start uses the right. Who pays the share is nobody's concern; who steers is.
    """
    is_defined = policy.guidance_definition is not None
    return _bits(
        len(issued_on),
        (Objection.LAPSED, on > terms.start_by(policy, issued_on)),
        (Objection.CENTRE_NOT_RECOGNISED, ~centre_recognised),
        (Objection.NOT_OWN_INITIATIVE, ~own_initiative & is_defined),
        (Objection.PART_OF_OTHER_GUIDANCE, part_of_other_guidance & is_defined),
        (Objection.SINGLE_TEST, single_test & is_defined),
    )


def against_talk(
    policy: Policy,
    *,
    minutes: Minutes,
    minutes_left: Minutes,
    is_conversation: Flags,
    charged_cents: Cents,
) -> NDArray[np.uint16]:
    """Return what speaks against registering minutes on a started voucher (S15).

    No deadline to finish was found (S44): the day of a talk is no objection.
    """
    is_talk = is_conversation | policy.preparation_counts
    return _bits(
        len(minutes),
        (Objection.NOT_A_TALK, ~is_talk),
        (Objection.TOO_MANY_MINUTES, minutes > minutes_left),
        (Objection.EXTRA_CHARGE, charged_cents > policy.extra_charge_cents),
    )


def silent_by(policy: Policy, registered_on: Days) -> Days | None:
    """Return the last day to answer before silence confirms (grade D); None: it never does."""
    if policy.silence_confirms_after_days is None:
        return None
    return registered_on + np.int32(policy.silence_confirms_after_days)


def reminded_on(policy: Policy, registered_on: Days) -> Days:
    """Return the days on which a silent worker is reminded, evenly spread: a column a reminder."""
    count, days = policy.silence_reminders, policy.silence_confirms_after_days or 0
    after = [days * place // (count + 1) for place in range(1, count + 1)]
    return registered_on[:, np.newaxis] + np.array(after, np.int32)


def answer_days(policy: Policy) -> int:
    """Return the days that a silent worker has from the last reminder on (grade D)."""
    count, days = policy.silence_reminders, policy.silence_confirms_after_days or 0
    return days - days * count // (count + 1)


def may_close(policy: Policy, *, minutes_left: Minutes, has_plan: Flags) -> Flags:
    """Whether a voucher can be closed: its minutes are used up, and the plan is there (S58)."""
    closable: Flags = (minutes_left == 0) & (has_plan | (not policy.plan_required))
    return closable


def second_minutes(
    policy: Policy, *, last_started_on: Days, previous_started_on: Days, on: Days
) -> Minutes:
    """Return what a second voucher gives where that is what comes next on a day; else 0 (S5, S30).

    It is none where the vouchers started before leave no room, and where the last one lies so far
    back that the next is a first one again. Whether somebody may order, `ordering` says.
    """
    since = first_within(on, policy.look_back_years)
    is_second = (last_started_on >= since) & (policy.vouchers_per_look_back == 2)
    full = ordering.fails_look_back(policy, last_started_on, previous_started_on, since)
    full = full | ordering.fails_lifetime(policy, last_started_on)
    return np.where(is_second & ~full, policy.second_voucher_minutes or 0, 0)


def aftercare_until(policy: Policy, closed_on: Days) -> Days:
    """Return the last day of free aftercare at the same centre (S37); the day itself without."""
    return add_months(closed_on, policy.aftercare_months or 0)


def lost_minutes(policy: Policy, bought: Minutes, confirmed: Minutes) -> Minutes:
    """Return the minutes that a voucher loses when it is closed (S44)."""
    left = bought - confirmed
    return left if policy.closing_early_loses_rest else np.zeros_like(left)


def refund_cents(paid_cents: Cents, started: Flags) -> Cents:
    """Return what goes back to the worker when a voucher lapses: all if not started (S44)."""
    return np.where(started, 0, paid_cents)


def may_move(policy: Policy, *, recognition_withdrawn: Flags) -> Flags:
    """Whether the minutes left may go to another centre (grade D; S57 for the bond, S8).

    A voucher is bound to its centre; the authority may move a worker whose centre lost its
    recognition, so that nobody loses minutes silently.
    """
    return (recognition_withdrawn & policy.authority_may_move) | policy.worker_may_move


def _bits(count: int, *found: tuple[Objection, Flags]) -> NDArray[np.uint16]:
    against = np.zeros(count, np.uint16)
    for bit, applies in found:
        against |= np.multiply(applies, np.uint16(bit), dtype=np.uint16)
    return against
