"""Money as the law rounds it: whole cents, half a cent up."""

import numpy as np
from numpy.typing import NDArray

Cents = NDArray[np.int64]

MILLICENTS_PER_CENT = 1_000
MINUTES_PER_HOUR = 60


def half_up(amount: NDArray[np.int64], divisor: int) -> Cents:
    """Return amount / divisor in whole units, half a unit up; the amount is not negative."""
    assert np.all(amount >= 0), "only what is owed is rounded, and nobody owes less than nothing"
    return (2 * amount + divisor) // (2 * divisor)


def fee_cents(minutes_times_rate: NDArray[np.int64]) -> Cents:
    """Return the fee in cents, VAT excluded, of minutes x millicents per hour ."""
    return half_up(minutes_times_rate, MINUTES_PER_HOUR * MILLICENTS_PER_CENT)


def vat_cents(fee: Cents, vat_percent: int) -> Cents:
    """Return the VAT on a fee in cents."""
    return half_up(fee * vat_percent, 100)
