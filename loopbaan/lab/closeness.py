"""How close the invented workers come to what was published: margins, conditionals, experience.

Margins bind: half a percentage point at most. Conditionals contradict the margins, and careers have
no published table: their gaps are told, and bind nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import margins, traits
from loopbaan.lab.margins import DATES, FIRST, LAST, TODAY
from loopbaan.lab.population import DIMENSIONS, Population, careers, employed
from loopbaan.law.career import count
from loopbaan.law.months import calendar_day, first_of
from loopbaan.law.rulebook import Rulebook

MOST_GAP = 0.005  # half a percentage point
MODEL_YEAR = 2023  # of seniority.csv


@dataclass(frozen=True)
class Line:
    """One figure beside the wanted one: shares, but for sizes, which are persons."""

    year: int
    dimension: str
    category: str
    wanted: float
    got: float

    @property
    def gap(self) -> float:
        """Return the difference; of a size, as a share of the wanted one."""
        gap = self.got - self.wanted
        return gap / self.wanted if self.dimension == "size" else gap


def fit(population: Population) -> list[Line]:
    """Return every margin of mid-2015 and of today beside what came out, after the sizes."""
    found = list(_sizes(population))
    for year, month in DATES.items():
        here = np.flatnonzero(employed(population, month))
        for (of_year, dimension), margin in margins.margins().items():
            if of_year == year:
                shares = _shares(population, dimension, here, month)
                for name, wanted in margin.shares.items():
                    got = sum(shares.get(member, 0.0) for member in margin.members[name])
                    found.append(Line(year, dimension, name, wanted, got))
    return found


def _sizes(population: Population) -> Iterator[Line]:
    for month in (FIRST, *DATES.values(), LAST):
        got = int(employed(population, month).sum()) / population.share
        yield Line(1900 + month // 12, "size", "at work", margins.total(month), got)


def _shares(
    population: Population, dimension: str, here: NDArray[np.int64], month: int
) -> dict[str, float]:
    """Return the share of each category among the workers `here`; ages in the bands of today."""
    if dimension != "age":
        codes = getattr(population, dimension)[here]
        return _counted(codes, DIMENSIONS[dimension])
    ages = (month - population.born[here]) // 12
    shares = np.bincount(ages, minlength=100) / len(ages)
    bands = {band for year in DATES for band in margins.margins()[year, "age"].shares}
    found = {}
    for band in bands:
        first, _, last = band.replace("+", "-99").partition("-")
        found[band] = float(shares[int(first) : int(last) + 1].sum())
    return found


def _counted(codes: NDArray[np.uint8], names: tuple[str, ...]) -> dict[str, float]:
    shares = np.bincount(codes, minlength=len(names)) / max(len(codes), 1)
    return dict(zip(names, shares.tolist(), strict=True))


def given(population: Population) -> list[Line]:
    """Return the published conditionals beside what came out today; `category` names the group."""
    here = np.flatnonzero(employed(population, TODAY))
    found = []
    for conditional in margins.conditionals():
        _, groups = traits.groups(conditional)
        name, codes = _given_codes(population, conditional.given, here)
        part = DIMENSIONS[conditional.dimension].index(conditional.category)
        is_part = getattr(population, conditional.dimension)[here] == part
        what = f"{conditional.dimension} {conditional.category}"
        for (group, wanted), members in zip(conditional.shares.items(), groups, strict=True):
            rows = np.isin(codes, members)
            got = float(is_part[rows].mean()) if rows.any() else 0.0
            year = conditional.years[group]
            found.append(Line(year, what, f"{name} {group}", wanted, got))
    return found


def _given_codes(
    population: Population, name: str, here: NDArray[np.int64]
) -> tuple[str, NDArray[np.integer]]:
    if name == "age":
        return name, traits.age_band(population.born[here])
    return name, getattr(population, {"residence_region": "residence"}.get(name, name))[here]


def experience(population: Population, rulebook: Rulebook) -> list[Line]:
    """Return years of experience, as the law counts them at mid-2023, beside the model's.

    Last come the shares that two rules of experience leave: checks with a band, in
    `parameters.csv`.
    """
    month = 12 * (MODEL_YEAR - 1900) + 6
    here = np.flatnonzero(employed(population, month))
    day = first_of(np.array([month]))
    policy = rulebook.on(calendar_day(day[0]))
    sums = count(policy, careers(population, here), day)
    years = sums.experience_days / 365.25
    bounds = [*_BOUNDS.values(), np.inf]
    wanted = {
        row["experience"]: float(row["share"])
        for row in margins.rows("seniority")
        if row["age"] == "all"
    }
    found = []
    for place, name in enumerate(_BOUNDS):
        got = float(((years >= bounds[place]) & (years < bounds[place + 1])).mean())
        found.append(Line(MODEL_YEAR, "experience", name, wanted[name], got))
    checks = {row["name"]: float(row["central"]) for row in margins.rows("parameters")}
    shares = {
        "eligible_share_84_months": sums.experience_days >= (policy.least_experience_days or 0),
        "eligible_share_12_in_24": sums.months_worked_in_last_24 >= 12,
    }
    for name, is_enough in shares.items():
        found.append(Line(MODEL_YEAR, "check", name, checks[name], float(is_enough.mean())))
    later = employed(population, month + 12)[here]
    name = "exit_from_work_rate_year"
    found.append(Line(MODEL_YEAR, "check", name, checks[name], 1 - float(later.mean())))
    return found


_BOUNDS = {
    "under_1y": 0,
    "1_to_under_2y": 1,
    "2_to_under_5y": 2,
    "5_to_under_7y": 5,
    "7_to_under_10y": 7,
    "10_to_under_15y": 10,
    "15_to_under_20y": 15,
    "20_to_under_30y": 20,
    "30y_and_more": 30,
}
