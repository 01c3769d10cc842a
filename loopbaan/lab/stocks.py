"""How many are at work, by year of birth, sex, education and month; and who must come and go.

The shares of mid-2015 hold until then, those of today from mid-2025 on; between them they move in
a straight line, as the total does. A year of birth grows older through them: where it must grow,
people enter; where it must shrink, people leave.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from loopbaan.lab import margins
from loopbaan.lab.margins import FIRST, IN_2015, LAST, TODAY

Table = NDArray[np.float64]

SEXES = ("woman", "man")
EDUCATIONS = ("low", "mid", "high")
FIRST_AGE, AGES = 15, margins.LAST_AGE - 14  # 15 to 74
MONTHS = LAST + 2 - FIRST  # the month after the last one closes the account
FIRST_YEAR = (FIRST // 12) - AGES - FIRST_AGE  # years of birth since 1900
YEARS = LAST // 12 - FIRST_AGE - FIRST_YEAR + 1
GROUPS = YEARS * len(SEXES) * len(EDUCATIONS)
LONGEST_PAUSE = 120
ROUNDS = 300


@dataclass(frozen=True)
class Flows:
    """By group (year of birth, sex, education; in that order) and month since 2013-07.

    `starting` at work in the first month; `coming` from outside in a month, of whom the share
    `worked_before` had a career; `leaving` for good and `pausing` are chances in the month after.
    """

    starting: Table
    coming: Table
    worked_before: Table
    leaving: Table
    pausing: Table


@cache
def assumptions() -> dict[str, Any]:
    """Return the numbers of `lives.yaml`."""
    text = Path(__file__).with_name("lives.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def by(name: str, keys: tuple[str, ...]) -> Table:
    """Return one number of `lives.yaml` for each sex or education."""
    return np.array([assumptions()[name][key] for key in keys], np.float64)


def flows() -> Flows:
    """Return who start, come, pause and leave, such that every month has its workers."""
    wanted = at_work()
    sex, _ = group_codes()
    pausing = by("pause_rate", SEXES)[sex][:, None] / 12 * (_age() < 60)
    leaving = np.full((GROUPS, MONTHS), assumptions()["leave_rate"] / 12)
    before = _worked_before()
    length = pause_lengths()[sex]

    coming = np.zeros((GROUPS, MONTHS))
    starts = np.zeros((GROUPS, MONTHS))
    had = wanted[:, 0] * paused_before()
    never = wanted[:, 0] - had
    for month in range(MONTHS - 1):
        lag = min(month, LONGEST_PAUSE)
        back = (starts[:, month - lag : month][:, ::-1] * length[:, 1 : lag + 1]).sum(axis=1)
        paused = never * pausing[:, month]
        stay = never + had - paused - (never + had) * leaving[:, month]
        short = wanted[:, month + 1] - stay - back
        # Too many are left: more must leave. Too few: the rest comes from outside.
        extra = np.divide(-short, never + had, out=np.zeros(GROUPS), where=never + had > 0)
        leaving[:, month] += np.clip(extra, 0, 1 - leaving[:, month] - pausing[:, month])
        coming[:, month + 1] = np.maximum(short, 0)
        starts[:, month] = paused
        never = never * (1 - leaving[:, month] - pausing[:, month])
        never += coming[:, month + 1] * (1 - before[:, month + 1])
        had = had * (1 - leaving[:, month]) + back + coming[:, month + 1] * before[:, month + 1]
    return Flows(wanted[:, 0], coming, before, leaving, pausing)


def pause_lengths() -> Table:
    """Return the chance of each length of a pause in months, by sex: geometric, up to ten years."""
    months = np.arange(LONGEST_PAUSE + 1)
    mean = by("pause_months_mean", SEXES)[:, None]
    chance = np.where(months > 0, (1 - 1 / mean) ** (months - 1), 0.0)
    lengths: Table = chance / chance.sum(axis=1, keepdims=True)
    return lengths


def paused_before() -> Table:
    """Return by group the share whose one pause lies before the first month."""
    sex, education = group_codes()
    since = _age()[:, 0] - by("entry_age_mean", EDUCATIONS)[education]
    share: Table = by("paused_share", SEXES)[sex] * np.clip(since / 10, 0, 1)
    return share


def group_codes() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the sex and the education of each group."""
    group = np.arange(GROUPS)
    return group // len(EDUCATIONS) % len(SEXES), group % len(EDUCATIONS)


def _age() -> Table:
    """Return the age of each group by month, for one born in the middle of the year."""
    year = FIRST_YEAR + np.arange(GROUPS) // (len(SEXES) * len(EDUCATIONS))
    age: Table = (FIRST + np.arange(MONTHS) - 12 * year[:, None] - 5.5) / 12
    return age


def _worked_before() -> Table:
    """Return the share of newcomers with a career before 2013-07: of those far past entry then."""
    _, education = group_codes()
    late = by("entry_age_mean", EDUCATIONS) + 2 * by("entry_age_spread", EDUCATIONS) + 1
    share = (_age()[:, 0] > late[education]) * float(assumptions()["worked_before_share"])
    return np.repeat(share[:, None], MONTHS, axis=1)


def at_work() -> Table:
    """Return the wanted workers, float64 (groups, months)."""
    now = _smooth(_seed(), _today_targets())
    then = _smooth(_ten_years_before(now), _targets_2015())
    months = FIRST + np.arange(MONTHS)
    part = np.clip((months - IN_2015) / (TODAY - IN_2015), 0, 1)
    age = _age()
    shares = np.empty((GROUPS, MONTHS))
    centres = FIRST_AGE + np.arange(AGES) + 0.5
    sex, education = group_codes()
    for group in range(GROUPS):
        cell = sex[group], education[group]
        old, new = (np.interp(age[group], centres, x[cell], 0, 0) for x in (then, now))
        shares[group] = old + (new - old) * part
    totals = np.array([margins.total(int(month)) for month in months])
    wanted: Table = shares * (totals / shares.sum(axis=0))
    return wanted


# --- shares by sex, education and single year of age, smooth between the bands -------------------


@dataclass(frozen=True)
class Band:
    """What shares of a table (sex, education, age) must add up to a wanted share."""

    sexes: slice
    educations: slice
    first: int  # places of ages
    last: int  # not included
    wanted: float


def _seed() -> Table:
    """Return a table that rises with the ages of entry and falls with those of pensions."""
    ages = FIRST_AGE + np.arange(AGES) + 0.5
    means, spreads = by("entry_age_mean", EDUCATIONS), by("entry_age_spread", EDUCATIONS)
    entered = np.array(
        [
            [0.5 * (1 + math.erf((age - mean) / spread / math.sqrt(2))) for age in ages]
            for mean, spread in zip(means, spreads, strict=True)
        ]
    )
    left = np.where(ages < 65, 1.0, np.exp((65 - ages) * 0.3))
    return np.repeat((entered * left + 1e-9)[None], len(SEXES), axis=0)


def _ten_years_before(now: Table) -> Table:
    """Return a first guess of 2015: those of 28 and more were as educated then as they are today.

    Below, people still study: there the mix of each age stays. Between 24 and 28 one melts into the
    other.
    """
    ages = np.arange(AGES)
    mix = now / now.sum(axis=1, keepdims=True)
    settled = np.clip((ages + FIRST_AGE - 24) / 4, 0, 1)
    later = mix[:, :, np.minimum(ages + TODAY // 12 - IN_2015 // 12, 64 - FIRST_AGE)]
    guess: Table = now.sum(axis=1, keepdims=True) * (mix + (later - mix) * settled)
    return guess


def _band(text: str) -> tuple[int, int]:
    first, _, last = text.replace("+", f"-{margins.LAST_AGE}").partition("-")
    return int(first) - FIRST_AGE, int(last) - FIRST_AGE + 1


def _today_targets() -> list[Band]:
    return [
        Band(*_cell(row["sex"], row["education"]), *_band(row["age"]), float(row["share"]))
        for row in margins.rows("joint_age_sex_education")
    ]


def _targets_2015() -> list[Band]:
    """Return the bands of the survey of 2015: age by sex; education by sex, and by young or not."""
    found = []
    total = 0.0
    for row in margins.rows("population_lfs_2010_2015"):
        is_whole = row["sector"] == row["work_time"] == "all"
        if row["year"] != "2015" or row["region"] != "flemish_region" or not is_whole:
            continue
        persons = float(row["employed_persons"])
        if row["sex"] == "all":
            continue
        if row["education"] == "all" and row["age"] in margins.margins()[2015, "age"].shares:
            found.append(Band(*_cell(row["sex"], "all"), *_band(row["age"]), persons))
            total += persons
        elif row["education"] != "all":
            found.append(Band(*_cell(row["sex"], row["education"]), *_band(row["age"]), persons))
    # The widest bands come last: where the survey contradicts itself, they hold.
    found.sort(key=lambda band: band.last - band.first)
    return [
        Band(band.sexes, band.educations, band.first, band.last, band.wanted / total)
        for band in found
    ]


def _cell(sex: str, education: str) -> tuple[slice, slice]:
    row = SEXES.index(sex)
    if education == "all":
        return slice(row, row + 1), slice(0, len(EDUCATIONS))
    column = EDUCATIONS.index(education)
    return slice(row, row + 1), slice(column, column + 1)


def _smooth(seed: Table, bands: list[Band]) -> Table:
    """Fit a table to its bands with factors that bend in the middle of a band only.

    A factor for a whole band would let people enter or leave on their birthday.
    """
    table: Table = seed / seed.sum()
    ages = np.arange(AGES) + 0.5
    families: dict[tuple[Any, ...], list[Band]] = {}
    for band in bands:
        where = (band.sexes.start, band.educations.start, band.educations.stop)
        families.setdefault((*where, band.first == 0 and band.last == AGES), []).append(band)
    for _ in range(ROUNDS):
        for family in families.values():
            middles = [(min(b.last, b.first + 10) + b.first) / 2 for b in family]
            parts = [table[b.sexes, b.educations, b.first : b.last].sum() for b in family]
            logs = [math.log(b.wanted / part) for b, part in zip(family, parts, strict=True)]
            factor = np.exp(np.interp(ages, middles, logs))
            table[family[0].sexes, family[0].educations] *= factor
        table /= table.sum()
    return table
