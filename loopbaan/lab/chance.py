"""Chance that is spread evenly: in each run of 256 rows, every 256th part is drawn once.

Shares of many rows then come out much closer than by throwing a coin for each: a population of one
in a hundred keeps the margins of the whole. Nothing is hidden: a seed gives the stream.
"""

import numpy as np
from numpy.typing import NDArray

RUN = 256


class Chance:
    """A seeded stream of numbers from 0 up to 1."""

    def __init__(self, seed: int) -> None:
        self._stream = np.random.Generator(np.random.SFC64(seed))

    def one(self) -> float:
        """Return one number."""
        return float(self._stream.random())

    def each(self, count: int) -> NDArray[np.float32]:
        """Return a number for each of `count` rows, evenly spread over rows that lie together."""
        runs = -(-count // RUN)
        places = np.broadcast_to(np.arange(RUN, dtype=np.uint8), (runs, RUN))
        places = self._stream.permuted(places, axis=1).ravel()[:count]
        within = self._stream.random(count, dtype=np.float32)
        # 24 bits hold the place and 16 bits of what is within: never quite 1.
        drawn = (places.astype(np.float32) + np.floor(within * 65536) / 65536) / RUN
        return drawn.astype(np.float32)

    def bell(self, count: int) -> NDArray[np.float32]:
        """Return bell-shaped numbers (mean 0, spread 1): twelve even ones added up, less six."""
        total = np.zeros(count, np.float32)
        for _ in range(4):
            total += self._stream.random(count, dtype=np.float32)
        return (total - 2) * np.float32(np.sqrt(3))
