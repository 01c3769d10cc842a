"""Who gets a place when places are scarce: the quota, and first come, first served."""

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.policy import Policy

Counts = NDArray[np.integer]
Flags = NDArray[np.bool_]


def places(policy: Policy, eligible: Counts, taken: Counts) -> Counts:
    """Return how many orders get a place now, one element a month: min(eligible, cap - taken).

    What was given before the cap was known stands and counts, so `taken` may exceed the cap; then
    no place is left. Without a cap everyone eligible gets one. Source: SEED, S22; the details D.
    """
    if policy.cap_per_month is None:
        return eligible
    return np.minimum(eligible, np.maximum(policy.cap_per_month - taken, 0))


def taken(policy: Policy, granted: Counts, lapsed: Counts) -> Counts:
    """Return how many places of the month count as taken.

    A place that lapsed unpaid or unstarted goes to somebody else only if the policy says so
    (grade D: no source tells).
    """
    return granted - lapsed if policy.lapsed_place_returns else granted


def first_come(eligible: Flags, places: int) -> Flags:
    """Return who gets a place, the orders standing in the order in which they arrived."""
    return eligible & (np.cumsum(eligible) <= places)
