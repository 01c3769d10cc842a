"""Who comes to order a first voucher in a month: jumps from actor to actor over the population.

Each cell draws at the highest rate of anyone in it, and each who is drawn is accepted in proportion
to their own: by exact age, wage and work. Nobody else is looked at.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import hazards, keyed
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.hazards import AGES
from loopbaan.lab.keyed import Floats, Persons
from loopbaan.lab.population import (
    BAND_MONTHS,
    CELLS,
    DIMENSIONS,
    FIRST_BAND,
    NON_EU,
    SELF_EMPLOYED,
    Population,
    cell_columns,
)

SAMPLE = 100_000  # workers on whom ratios and level are fitted: enough, and the same for any size
DRAW_OF_MONTH = 1
# The dimensions of a cell by the names of the ratios: their categories and which one is the base.
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "sex": DIMENSIONS["sex"],
    "education": DIMENSIONS["education"],
    "self_employed": ("no", "yes"),
    "non_eu": ("no", "yes"),
    "health_limitation": DIMENSIONS["health_limitation"],
    "burnout_symptoms": DIMENSIONS["burnout_symptoms"],
    "workable_job": DIMENSIONS["workable_job"],
    "job_search_intent": DIMENSIONS["job_search_intent"],
    "age": AGES,
}
_BASE_OF = {
    "sex": "man",
    "education": "mid",
    "self_employed": "no",
    "non_eu": "no",
    "health_limitation": "none",
    "burnout_symptoms": "no",
    "workable_job": "workable",
    "job_search_intent": "not_actively_looking",
    "age": "40-49",
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Relative rates, with mean 1 over those entitled in mid-2018: that of a cell x that of an age.

    `factors` holds the refitted factor of each category of each dimension.
    """

    of_cell: Floats
    of_age: Floats
    factors: dict[str, Floats]


def sample(population: Population) -> Persons:
    """Return evenly spread workers: rows are sorted by cell, so every cell is there in its part."""
    step = max(len(population) // SAMPLE, 1)
    return np.arange(0, len(population), step, dtype=np.int32)


def is_at_work(population: Population, rows: Persons, month: int) -> NDArray[np.bool_]:
    """Whether some workers are at work in a month."""
    since = (np.int16(month) - population.gap_from[rows]).view(np.uint16)
    here: NDArray[np.bool_] = since >= population.gap_months[rows]
    here &= population.entered[rows] <= month
    here &= population.left[rows] > month
    return here


def fit(population: Population, behaviour: Behaviour, entitled: Persons) -> Rates:
    """Return the rates under which the ratios come out on those entitled in mid-2018."""
    groups = _groups(population, entitled)
    sizes = tuple(len(categories) for categories in _CATEGORIES.values())
    cell = np.zeros(len(entitled), np.int32)
    for codes, size in zip(groups.values(), sizes, strict=True):
        cell = cell * np.int32(size) + codes.astype(np.int32)
    workers = np.bincount(cell, minlength=math.prod(sizes)).astype(float)
    of_dimension = np.unravel_index(np.arange(math.prod(sizes)), sizes)
    factors = hazards.refit(
        workers,
        dict(zip(_CATEGORIES, of_dimension, strict=True)),
        _ratios(behaviour),
        {name: _CATEGORIES[name].index(_BASE_OF[name]) for name in _CATEGORIES},
    )
    of_cell = np.ones(CELLS)
    for name, code in cell_columns(np.arange(CELLS)).items():
        if name in factors:
            of_cell *= factors[name][code]
    return Rates(of_cell, factors["age"], factors)


def rate_of(population: Population, rates: Rates, rows: Persons) -> Floats:
    """Return the relative rates of some workers in mid-2018."""
    rate = np.ones(len(rows))
    for name, codes in _groups(population, rows).items():
        rate *= rates.factors[name][codes]
    return rate


def callers(
    population: Population,
    rates: Rates,
    *,
    seed: int,
    month: int,
    level: float,
    by_quintile: Floats,
    by_education: Floats,
) -> Persons:
    """Return the workers who would like a first voucher in a month: those of working age by rate.

    `level` is the month's mean rate of those entitled; `by_quintile` and `by_education` what price
    and way of allocating do to it. The draw itself is made at a level rounded up, so that a small
    change of an assumption keeps everybody else where they are.
    """
    cells = _cell_rates(rates, month, by_education)
    most_price = float(by_quintile.max())
    wanted = level * most_price
    drawn_at = 2 ** (math.ceil(2 * math.log2(wanted)) / 2) if wanted > 0 else 0.0
    starts = population.cell_starts
    ends = np.cumsum(np.diff(starts) * cells) * drawn_at
    rows = points(keyed.stream(seed, month, DRAW_OF_MONTH), ends, starts)
    rows = rows[is_at_work(population, rows, month)]
    education = population.education[rows]
    own = rates.of_age[hazards.age_group(population.born[rows], month)]
    own *= by_quintile[population.wage_quintile[rows]] * by_education[education] * level
    own *= rates.of_cell[np.searchsorted(starts, rows, side="right") - 1]
    cell_most = (cells * drawn_at)[np.searchsorted(starts, rows, side="right") - 1]
    chance = keyed.uniform(seed, "call", month, rows)
    return np.compress(chance * cell_most < own, rows)


def _cell_rates(rates: Rates, month: int, by_education: Floats) -> Floats:
    """Return the highest relative rate in each cell: its own, at the age in it that acts most."""
    columns = cell_columns(np.arange(CELLS))
    oldest = (BAND_MONTHS * (FIRST_BAND + columns["birth_band"])).astype(np.int16)
    youngest = (oldest + BAND_MONTHS - 1).astype(np.int16)
    of_age = np.maximum(
        rates.of_age[hazards.age_group(oldest, month)],
        rates.of_age[hazards.age_group(youngest, month)],
    )
    highest: Floats = rates.of_cell * of_age * by_education[columns["education"]]
    return highest


def points(stream: np.random.Generator, ends: Floats, starts: NDArray[np.int64]) -> Persons:
    """Return the rows on which a stream of points falls: so many expected by each cell's `ends`."""
    total = float(ends[-1])
    points = np.sort(stream.random(stream.poisson(total)) * total)
    cell = np.searchsorted(ends, points, side="right")
    begins = np.concatenate([[0.0], ends[:-1]])[cell]
    size = np.diff(starts)[cell]
    within = (points - begins) / (ends[cell] - begins)
    rows = starts[cell] + np.minimum((within * size).astype(np.int64), size - 1)
    is_new = np.diff(rows, prepend=-1) != 0
    found: Persons = rows[is_new].astype(np.int32)
    return found


def _groups(population: Population, rows: Persons) -> dict[str, NDArray[np.integer]]:
    """Return the category of some workers in each dimension of the ratios, in mid-2018."""
    found: dict[str, NDArray[np.integer]] = {
        name: getattr(population, name)[rows] for name in _CATEGORIES if hasattr(population, name)
    }
    found["self_employed"] = (population.status[rows] == SELF_EMPLOYED).view(np.uint8)
    found["non_eu"] = (population.origin[rows] == NON_EU).view(np.uint8)
    found["age"] = hazards.age_group(population.born[rows], hazards.REFERENCE)
    return {name: found[name] for name in _CATEGORIES}


def _ratios(behaviour: Behaviour) -> dict[str, Floats]:
    published = hazards.ratios(behaviour)
    return {
        name: np.array([published[name].get(category, 1.0) for category in categories])
        for name, categories in _CATEGORIES.items()
    }
