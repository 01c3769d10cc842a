"""Which centre a worker goes to: a large one rather than a small one, a near one rather than a far.

The pull of a centre is its size, halved with each `access_radius_km` of distance (grade D,
own_distance): simple on purpose, because no source tells who goes where.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import keyed, margins
from loopbaan.lab.keyed import Floats, Persons
from loopbaan.lab.population import Population

_KM_A_DEGREE = 111.2


class Centres(Protocol):
    """What a choice looks at: one element a centre; `place` is a row of `places.csv`."""

    @property
    def size(self) -> Floats: ...
    @property
    def place(self) -> NDArray[np.uint16]: ...


def choose(
    centres: Centres, radius_km: float, population: Population, seed: int, persons: Persons
) -> NDArray[np.int16]:
    """Return the centre to which each goes: the same at every voucher."""
    pull = centres.size * 2 ** (-distances_km()[:, centres.place] / radius_km)
    summed = np.cumsum(pull, axis=1)
    # Place after place on one line: a place and a chance are one number to look up.
    line = (summed / summed[:, -1:] + np.arange(len(summed))[:, np.newaxis]).ravel()
    place = population.place[persons].astype(np.int64)
    drawn = place + keyed.uniform(seed, "centre", 0, persons)
    count = len(centres.size)
    found = np.searchsorted(line, drawn, side="right") - place * count
    chosen: NDArray[np.int16] = np.clip(found, 0, count - 1).astype(np.int16)
    return chosen


def distances_km() -> Floats:
    """Return the distance between each two places, as the crow flies."""
    table = list(margins.rows("places"))
    north = np.array([float(row["latitude"]) for row in table])
    east = np.array([float(row["longitude"]) for row in table]) * np.cos(np.radians(north.mean()))
    distance: Floats = _KM_A_DEGREE * np.hypot(
        north[:, np.newaxis] - north, east[:, np.newaxis] - east
    )
    return distance
