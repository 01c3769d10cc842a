"""The terms of a worker: to pay, to contest, to start; and the day on which who waits is reminded.

Array-first, as `ordering`: days in, the last day (or that of the reminder) out. The term of a
centre's money stands in `payout`, those of a talk in `guidance`.
"""

import numpy as np

from loopbaan.law.months import Days, add_months
from loopbaan.law.policy import Policy


def pay_by(policy: Policy, requested_on: Days) -> Days:
    """Return the last day on which the payment may be booked (S47)."""
    return requested_on + np.int32(policy.payment_days)


def reminded_to_pay_on(policy: Policy, requested_on: Days) -> Days | None:
    """Return the day on which who did not pay is reminded (grade D); None: nobody is."""
    if policy.payment_reminder_days is None:
        return None
    return requested_on + np.int32(policy.payment_reminder_days)


def contest_by(policy: Policy, refused_on: Days) -> Days:
    """Return the last day on which a refusal can be contested (S42, S48)."""
    return refused_on + np.int32(policy.contest_days)


def start_by(policy: Policy, issued_on: Days) -> Days:
    """Return the last day on which a voucher can be started (S42, S44, S21)."""
    return add_months(issued_on, policy.start_months)


def reminded_to_start_on(policy: Policy, start_by: Days) -> Days | None:
    """Return the day on which who did not start is reminded (grade D); None: nobody is."""
    if policy.start_reminder_days is None:
        return None
    return start_by - np.int32(policy.start_reminder_days)
