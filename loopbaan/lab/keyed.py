"""Chance that belongs to a person: the same seed, purpose, month and person give the same number.

A changed assumption then moves only those whom it concerns, and two runs can be told apart person
by person. Nothing is stored: the number is the hash of a key and the row (splitmix64's finish).
"""

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

Persons = NDArray[np.int32]
Floats = NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform(seed: int, purpose: str, month: int, persons: Persons) -> Floats:
    """Return a number above 0 and below 1 for each person. For a lasting trait the month is 0."""
    key = hashlib.blake2b(f"{seed}/{purpose}/{month}".encode(), digest_size=8).digest()
    mixed = persons.astype(np.uint64) * _STEP
    mixed ^= np.uint64(int.from_bytes(key, "little"))
    mixed ^= mixed >> np.uint64(30)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def logistic_quantile(chances: Floats) -> Floats:
    """Return where a standard logistic lies below with these chances: close to a bell, and cheap.

    Divided by 1.702 it stays within a hundredth of the normal distribution.
    """
    quantiles: Floats = np.log(chances / (1 - chances))
    return quantiles


def lognormal(chances: Floats, median: float, spread: float) -> Floats:
    """Return delays with a median, whose logarithm has about the spread of a normal one."""
    delays: Floats = median * np.exp(spread * logistic_quantile(chances) / 1.702)
    return delays


def spread_that_misses(share: float, median: float, limit: float) -> float:
    """Return the spread at which a share of delays with this median misses the limit."""
    if limit <= median or not 0 < share < 0.5:
        return 1.0
    return math.log(limit / median) / (math.log((1 - share) / share) / 1.702)


def stream(seed: int, month: int, purpose: int) -> np.random.Generator:
    """Return the stream of a month, for draws that belong to nobody yet."""
    return np.random.Generator(np.random.SFC64([seed, month, purpose]))
