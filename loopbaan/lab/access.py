"""Places without a centre within reach: towns, and the part of the people who live in them.

How far people go is an assumption with a band (`access_radius_km`), so every row stands at its low,
central and high end. A centre has one seat here, where the real ones have several locations, so the
table compares measures and months; it does not tell where to build. At risk is not closed: the rows
that leave those centres out say what would be if all of them stopped.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab import margins, risks
from loopbaan.lab.behaviour import Behaviour, assumptions
from loopbaan.lab.centres import Centres
from loopbaan.lab.choice import distances_km
from loopbaan.lab.keyed import Floats

RADIUS = "access_radius_km"
ALL, WITHOUT_THOSE_AT_RISK = "all centres", "without those at risk"
DECEMBER, YEAR = 12, 12


def report(
    orders: pl.DataFrame,
    firms: Centres,
    behaviour: Behaviour,
    first: date,
    last: date,
    share: float,
) -> pl.DataFrame:
    """Return a row for each December, for all centres or without those at risk, and each radius.

    Both percentages are of all places of `places.csv`: of the towns, and of their inhabitants. Who
    is at risk is told of everybody only, so of a smaller `share` there are only the rows of all.
    """
    band = assumptions()[RADIUS]
    reach = {"low": band.low, "central": getattr(behaviour, RADIUS), "high": band.high}
    is_told = risks.is_told(share)
    is_at_risk = risks.at_risk(orders, firms, first, last)
    people = np.array([float(row["population"]) for row in margins.rows("places")])
    distance = distances_km()
    rows: list[tuple[date, str, str, float, int, float, float]] = []
    for place in range(len(is_at_risk)):
        month = (first.month - 1 + place) % YEAR + 1
        if month != DECEMBER:
            continue
        day = date(first.year + (first.month - 1 + place) // YEAR, month, 1)
        for which, stays in ((ALL, True), (WITHOUT_THOSE_AT_RISK, ~is_at_risk[place])):
            if which != ALL and not is_told:
                continue
            nearest = _nearest_km(distance, firms.place[np.broadcast_to(stays, len(firms))])
            for end, radius in reach.items():
                rows.append((day, which, end, radius, *_without(nearest, radius, people)))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def places(
    orders: pl.DataFrame,
    firms: Centres,
    behaviour: Behaviour,
    months: tuple[date, date],
    day: date,
    share: float,
) -> Iterator[tuple[str, float, list[str]]]:
    """Yield which centres, how far people go, and the names of the places that have none there.

    Of one month; `months` are the first and the last of the run. For all centres, and without those
    at risk where that is told; at the low, the central and the high end of the reach.
    """
    band = assumptions()[RADIUS]
    reach = (band.low, getattr(behaviour, RADIUS), band.high)
    distance, names = distances_km(), [row["name"] for row in margins.rows("places")]
    found = {ALL: _nearest_km(distance, firms.place)}
    if risks.is_told(share):
        first, last = months
        number = (day.year - first.year) * YEAR + day.month - first.month
        stays = ~risks.at_risk(orders, firms, first, last)[number]
        found[WITHOUT_THOSE_AT_RISK] = _nearest_km(distance, firms.place[stays])
    for which, nearest in found.items():
        for radius in reach:
            yield which, radius, [names[place] for place in np.flatnonzero(nearest > radius)]


_SCHEMA = {
    "month": pl.Date,
    "centres": pl.String,
    "radius": pl.String,
    "radius_km": pl.Float64,
    "places_without_a_centre": pl.Int32,
    "places_percent": pl.Float64,
    "inhabitants_percent": pl.Float64,
}


def _without(nearest_km: Floats, radius_km: float, people: Floats) -> tuple[int, float, float]:
    is_far = nearest_km > radius_km
    of_people = 100 * float(people[is_far].sum() / people.sum())
    return int(np.count_nonzero(is_far)), round(100 * float(is_far.mean()), 2), round(of_people, 2)


def _nearest_km(distance: Floats, seats: NDArray[np.integer]) -> Floats:
    """Return the distance from each place to the nearest of these seats."""
    if not len(seats):
        return np.full(len(distance), np.inf)
    nearest: Floats = distance[:, np.unique(seats).astype(np.int64)].min(axis=1)
    return nearest
