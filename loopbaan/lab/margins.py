"""The published facts about the working population, as the tables of `data/` hold them.

Margins are shares of the persons at work in scope: at mid-2015, and today (mid-2025). A dimension
that has no margin of 2015 takes today's. The survey of 2015 leaves Brussels out, and its list of
sectors is a shorter one; the crosswalk stands here. Sources: `data/SOURCES.md`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loopbaan.adapters import towns

DATA = Path(__file__).with_name("data")
FIRST, LAST = 1362, 1535  # 2013-07 and 2027-12, in months since 1900-01
IN_2015, TODAY = 1386, 1506  # July of 2015 and of 2025
DATES = {2015: IN_2015, 2025: TODAY}
PERSONS = "persons"
AGES = ("15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64")
LAST_AGE = 74  # nobody of 75 or more is at work here

# In code order, as `population_margins.csv` lists them. Age is no column: it follows from `born`.
COLUMNS = (
    "sex",
    "education",
    "status",
    "sector",
    "residence",
    "work_place",
    "work_time",
    "origin",
    "health_limitation",
    "sick_with_contract",
    "workable_job",
    "burnout_symptoms",
    "job_search_intent",
    "digital_skill",
    "wage_quintile",
)

# The ten sections of 2015 and today's sixteen sectors, in the groups that both can tell apart.
# Today's six small sectors are agriculture, mining, energy, water, households, foreign bodies.
SECTIONS = {
    "agriculture": ("industry", "six_small_sectors"),
    "industry_energy_water": ("industry", "six_small_sectors"),
    "construction": ("construction",),
    "trade_transport_hospitality": ("trade_repair", "transport_logistics", "hospitality"),
    "ict": ("ict",),
    "finance_insurance": ("finance_insurance",),
    "real_estate": ("real_estate",),
    "professional_administrative": ("professional_technical", "administrative_support"),
    "public_education_health_social": ("health_social", "education", "public_administration"),
    "arts_other_households": ("other_services", "arts_recreation"),
}


@dataclass(frozen=True)
class Margin:
    """One dimension at one date: shares that add up to 1, each of one or more categories."""

    year: int
    dimension: str
    shares: dict[str, float]
    members: dict[str, tuple[str, ...]]  # by name of a share: the categories it covers


@dataclass(frozen=True)
class Conditional:
    """Published shares of one category of a dimension, in each of several groups."""

    given: str
    dimension: str
    category: str
    shares: dict[str, float]
    years: dict[str, int]


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one table of `data/`, or those of the gazetteer: `places`."""
    path = towns.FILE if table == "places" else DATA / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def dimensions() -> dict[str, tuple[str, ...]]:
    """Return the category names of each column, in code order."""
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for row in rows("population_margins"):
        if row["dimension"] in found:
            found[row["dimension"]].append(row["category"])
    return {name: tuple(categories) for name, categories in found.items()}


@cache
def margins() -> dict[tuple[int, str], Margin]:
    """Return every margin by year (2015, 2025) and dimension; ages are among them."""
    today, then = _shares("population_margins"), _shares("population_margins_2015")
    brussels = today["residence"]["brussels"]
    then["residence"] = {name: (1 - brussels) * x for name, x in then["residence"].items()}
    then["residence"]["brussels"] = brussels
    sections = then.pop("sector_10")
    then["sector"] = {}
    members: dict[str, tuple[str, ...]] = {}
    for section, share in sections.items():
        group = " + ".join(SECTIONS[section])
        then["sector"][group] = then["sector"].get(group, 0.0) + share
        members[group] = SECTIONS[section]
    found = {}
    for dimension, shares in today.items():
        for year, of_year in ((2025, shares), (2015, then.get(dimension, shares))):
            own = {name: members.get(name, (name,)) for name in of_year}
            found[year, dimension] = Margin(year, dimension, _whole(of_year), own)
    return found


def _shares(table: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in rows(table):
        found.setdefault(row["dimension"], {})[row["category"]] = float(row["share"])
    return found


def _whole(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    assert abs(total - 1) < 0.002, f"shares add up to {total}"
    return {name: share / total for name, share in shares.items()}


@cache
def conditionals() -> tuple[Conditional, ...]:
    """Return the conditionals that bear on a column; of one pair of categories the newest counts.

    `wants_other_job` is the dimension of job search. Of the sick the table gives the share that
    is a woman; turned around, that is a share of the women who are sick.
    """
    found: dict[tuple[str, str, str], Conditional] = {}
    for table in ("population_conditionals", "assumed_conditionals"):
        for row in sorted(rows(table), key=lambda row: int(row["year"])):
            given, dimension, category = _of_ours(row)
            if dimension in COLUMNS:
                empty = Conditional(given, dimension, category, {}, {})
                pair = found.setdefault((given, dimension, category), empty)
                pair.shares[row["given_category"]] = float(row["share"])
                pair.years[row["given_category"]] = int(row["year"])
    return (*found.values(), _sick_by_sex())


def _of_ours(row: dict[str, str]) -> tuple[str, str, str]:
    dimension, category = row["dimension"], row["category"]
    if dimension == "wants_other_job":
        return row["given_dimension"], "job_search_intent", "actively_looking"
    if category == "share_of_all_sick_with_contract":
        return row["given_dimension"], "", ""
    return row["given_dimension"], dimension, category


def _sick_by_sex() -> Conditional:
    (women,) = (
        float(row["share"])
        for row in rows("population_conditionals")
        if row["category"] == "share_of_all_sick_with_contract"
    )
    sexes = margins()[2025, "sex"].shares
    healthy = margins()[2025, "sick_with_contract"].shares["not_sick"]
    of_sick = {"woman": women, "man": 1 - women}
    shares = {sex: 1 - of_sick[sex] * (1 - healthy) / sexes[sex] for sex in of_sick}
    return Conditional("sex", "sick_with_contract", "not_sick", shares, dict.fromkeys(shares, 2018))


def total(month: int) -> float:
    """Return the persons at work in scope in a month: linear from 2013 to 2025, flat after."""
    totals = {(row["quantity"], row["year"]): float(row["value"]) for row in _totals()}
    brussels = margins()[2025, "residence"].shares["brussels"]
    start = totals["employed_15plus_flemish_region", "2013"] / (1 - brussels)
    end = totals["scope_population", "2025"]
    return start + (end - start) * min((month - FIRST) / (TODAY - FIRST), 1.0)


@cache
def _totals() -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows("population_totals") if row["value"])
