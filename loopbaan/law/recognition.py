"""When a coach may guide with vouchers, and when a centre that stops must wait. Minimal so far."""

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.months import NO_DAY, Days, add_months, add_years, day_number
from loopbaan.law.policy import Policy

Flags = NDArray[np.bool_]


def recognised_until(policy: Policy, recognised_on: Days) -> Days:
    """Return the last day of a recognition (S6, S19): the term's last day still counts."""
    return add_years(recognised_on, policy.recognition_years)


def must_wait(policy: Policy, *, withdrawn: Flags, stopped_before_decision: Flags) -> Flags:
    """Whether a centre gets a waiting term before it may ask for recognition again (S8).

    Since 2020 also the one that stops by itself just before the withdrawal.
    """
    return withdrawn | (stopped_before_decision & bool(policy.own_stop_waits))


def may_guide(policy: Policy, *, qualified: Flags, centre_recognised_on: Days, on: Days) -> Flags:
    """Whether a coach may guide on a day, qualified or not (S18, S20, S64).

    The rule waits for the minister's decision that enough routes exist; from then on centres
    recognised since 2024 have a transition, all older ones until the last day of 2029.
    """
    if policy.qualification_latest_on is None:
        return np.ones_like(qualified)
    latest = np.int32(day_number(policy.qualification_latest_on))
    in_force = policy.qualification_in_force_on
    if in_force is None:
        return qualified | (on <= latest)
    transition = add_months(
        np.array([day_number(in_force)], np.int32), policy.qualification_transition_months or 0
    )
    old = (
        NO_DAY
        if policy.qualification_old_until is None
        else day_number(policy.qualification_old_until)
    )
    until = np.where(centre_recognised_on <= old, latest, np.minimum(transition, latest))
    return qualified | (on <= until)
