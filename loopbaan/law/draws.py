"""Chance that anybody can recompute: a ticket for each order, from a seed that is published.

The ticket of order N is the first eight bytes of BLAKE2b over the decimal digits of N, with the
seed as its key. Nothing else goes in: not who ordered, nor when, nor by which channel.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Tickets = NDArray[np.uint64]
SHORTEST, LONGEST = 1, 64  # bytes of a key, as BLAKE2b takes them; none would be no secret at all


def tickets(seed: bytes, numbers: NDArray[np.int64]) -> Tickets:
    """Return the ticket of each order number; the smallest tickets win a draw.

    Raises:
        ValueError: the seed is empty or longer than 64 bytes.

    """
    if not SHORTEST <= len(seed) <= LONGEST:
        message = f"the seed of a draw has {SHORTEST} to {LONGEST} bytes, not {len(seed)}"
        raise ValueError(message)
    drawn = [
        blake2b(b"%d" % number, key=seed, digest_size=8).digest() for number in numbers.tolist()
    ]
    return np.frombuffer(b"".join(drawn), ">u8").astype(np.uint64)


def weighted_keys(tickets: Tickets, weights: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the key of each ticket in a weighted draw, -ln(1 - t) / weight; the smallest win.

    t is the ticket as a part of one: its first 53 bits over 2^53. The winners are those whom one
    would draw one after the other, each time with chances in proportion to the weights of who is
    left. With equal weights the order is that of the tickets. Source: Efraimidis and Spirakis
    (2006), keys of exponential variates.
    """
    parts = (tickets >> np.uint64(11)).astype(np.float64) * 2.0**-53
    keys: NDArray[np.float64] = -np.log1p(-parts) / weights
    return keys
