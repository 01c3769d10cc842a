"""The centres of the demo besides those of the cast: where they are, how large, who guides there.

Invented as the workers are: no statistic of Flanders. A few are large and most are small, and they
stand where people live (`adapters/towns`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from loopbaan.adapters.towns import towns

MOST = 250  # with Centrum De Brug among them
FIRST_RECOGNITION, RECOGNITION_DAYS = date(2022, 1, 3), 880
SPREAD = 1.2  # of the lognormal by which centres differ in size
_SORTS = "Centrum Loopbaanhuis Loopbaanpunt Atelier Huis Praktijk Werf Studio Kantoor".split()
_NAMES = (
    "De Vuurtoren, Het Kompas, De Wissel, De Zeilen, De Sprong, Het Anker, De Loods, De Sleutel,"
    " Het Roer, De Kade, De Ladder, Het Venster, De Spil, De Weide, De Haven, Het Spoor, De Pont,"
    " De Beuk, De Linde, Het Baken, De Draad, De Werf, Het Getij, De Horizon, De Schakel,"
    " De Vlieger, De Wending, Het Palet"
).split(", ")
_STREETS = "Kerkstraat Stationsstraat Molenstraat Dorpsstraat Nieuwstraat Veldstraat Markt".split()
_THEMES = ("direction", "balance", "growth", "return", "business", "end")
_LANGUAGES = (("nl",), ("nl",), ("nl",), ("nl", "en"), ("nl", "fr"), ("nl", "en", "fr"))


@dataclass(frozen=True)
class Site:
    """A location of a centre: a town of the gazetteer, a street, and how many places are free."""

    town: int
    street: str
    free_places: int


@dataclass(frozen=True)
class Practice:
    """An invented centre. `weight` is its share of the vouchers, `coaches` who guides there."""

    kbo: str
    name: str
    email: str
    vat: str
    themes: tuple[str, ...]
    languages: tuple[str, ...]
    recognised_on: date
    sites: tuple[Site, ...]
    coaches: int
    weight: float


def practices(seed: int, count: int) -> list[Practice]:
    """Return so many centres, the largest first."""
    assert 0 < count < MOST, "the names are not enough for more"
    chance = np.random.default_rng((seed, 250))
    found = towns()
    numbers = np.array(list(found))
    people = np.array([town.population for town in found.values()], np.float64)
    weights = np.sort(np.exp(chance.normal(0.0, SPREAD, count)))[::-1]
    weights /= weights.sum()
    names = _names(chance)
    return [
        _practice(chance, place, next(names), float(weight), numbers, people / people.sum())
        for place, weight in enumerate(weights)
    ]


def _names(chance: np.random.Generator) -> Iterator[str]:
    every = [f"{sort} {name}" for sort in _SORTS for name in _NAMES]
    assert len(every) >= MOST, "each centre has a name of its own"
    yield from (every[place] for place in chance.permutation(len(every)))


def _practice(
    chance: np.random.Generator,
    place: int,
    name: str,
    weight: float,
    numbers: np.ndarray,
    people: np.ndarray,
) -> Practice:
    sites = 1 + min(3, int(weight * 200))
    places = chance.choice(numbers, sites, replace=False, p=people).tolist()
    themes = chance.choice(len(_THEMES), int(chance.integers(1, 5)), replace=False)
    return Practice(
        kbo=_kbo(place),
        name=name,
        email=f"centrum{place + 1}@centrum.example",
        vat="exempt" if chance.random() < 0.3 else "liable",
        themes=tuple(_THEMES[each] for each in np.sort(themes)),
        languages=_LANGUAGES[int(chance.integers(len(_LANGUAGES)))],
        recognised_on=FIRST_RECOGNITION + timedelta(days=int(chance.integers(0, RECOGNITION_DAYS))),
        sites=tuple(_site(chance, town) for town in places),
        coaches=1 + min(5, int(weight * 300)),
        weight=weight,
    )


def _site(chance: np.random.Generator, town: int) -> Site:
    street = _STREETS[int(chance.integers(len(_STREETS)))]
    return Site(town, f"{street} {int(chance.integers(1, 140))}", int(chance.integers(0, 7)))


def _kbo(place: int) -> str:
    """Return a number that fits by its check digits; none so high was given to anybody."""
    digits = 19_990_000 + place
    return f"{digits:08d}{97 - digits % 97:02d}"
