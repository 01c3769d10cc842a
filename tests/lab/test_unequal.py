"""A bias that is planted in the population is found at the stated threshold, and no other."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import orders, summary, unequal, world
from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.orders import AGE_BANDS
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.population import DIMENSIONS, NON_EU, Population
from loopbaan.lab.waiting import PLACED
from loopbaan.law.transitions import Status
from loopbaan.law.wording import LANGS
from tests.lab import runs

SCARCE = "2025-03-01"
PLANTED = ("origin", "non_eu")
# Half of all lose at the first try, so that it is possible to lose twice as often.
BOOK = (("cap_per_month", SCARCE, 2_400), ("allocation", "2013-07-01", "first_come"))
SEEDS = range(1, 6)
# Orders by which the planted group of one in nine is late twice as often as everybody else.
LATE, AS_ALL = 0.05, 1.0


@cache
def _planted() -> Population:
    """Who is of origin outside the EU has little digital skill, and nobody else has."""
    people = runs.people()
    low, high = (DIMENSIONS["digital_skill"].index(name) for name in ("low", "above_basic"))
    skill = np.where(people.origin == NON_EU, low, high).astype(np.uint8)
    return replace(people, digital_skill=skill)


@cache
def _report(odds: float, seed: int) -> pl.DataFrame:
    people = _planted()
    behaviour = runs.assume({"race_odds_low_digital": odds, "race_odds_desk_job": 1.0})
    first, last = date(2024, 1, 1), date(2025, 10, 31)
    played = world.run(people, behaviour, runs.law(*BOOK), seed=seed, first=first, last=last)
    return unequal.report(orders.frame(played, people, runs.law(*BOOK)), (SCARCE,))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_that_loses_twice_as_often_is_found(seed):
    table = _report(LATE, seed)
    found = unequal.marked(table)
    assert PLANTED in found
    # The skill through which it was planted is the same people; nobody else is accused.
    assert set(found) == {PLANTED, ("digital_skill", "low")}
    (row,) = table.filter(pl.col("category") == "non_eu").to_dicts()
    assert row["losing_ratio"] == pytest.approx(2, abs=0.35)
    assert row["losing_low"] > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_plant_nobody_is_accused(seed):
    assert unequal.marked(_report(AS_ALL, seed)) == []


def test_every_person_counts_once_with_the_first_order_in_line():
    table = _orders([("a", Status.REFUSED), ("a", Status.LOST), ("a", Status.CLOSED)])
    (row,) = unequal.report(table, (SCARCE,)).filter(pl.col("dimension") == EVERYBODY).to_dicts()
    assert (row["in_line"], row["with_a_place"], row["without_a_place"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("group", "others", "found"),
    [
        ((60, 100), (300, 1_000), "low"),  # twice as often
        ((33, 100), (300, 1_000), None),  # 1.1 times
        ((6_600, 20_000), (6_000, 20_000), None),  # 1.1 times, and certain
        ((4, 8), (300, 1_000), None),  # too few
        ((980, 1_000), (8_000, 10_000), "low"),  # nearly all lose: winning tells
        ((0, 100), (300, 1_000), "high"),  # never loses, so the others do
        ((50, 50), (40, 40), None),  # nobody wins
    ],
)
def test_the_threshold_asks_for_a_ratio_and_for_certainty(group, others, found):
    told = [
        (f"{education}{number}", Status.LOST if number < lost else PLACED[0])
        for education, (lost, persons) in (("low", group), ("high", others))
        for number in range(persons)
    ]
    names = ["low" if who.startswith("low") else "high" for who, _ in told]
    table = unequal.report(_orders(told, education=names), (SCARCE,))
    assert unequal.marked(table) == ([("education", found)] if found else [])


@pytest.mark.parametrize("lang", LANGS)
def test_a_marked_group_whose_row_is_left_out_is_not_named_and_not_denied(lang):
    told = [
        (f"{education}{number}", Status.LOST if number < lost else PLACED[0])
        for education, (lost, persons) in (("low", (38, 40)), ("high", (300, 1_000)))
        for number in range(persons)
    ]
    names = ["low" if who.startswith("low") else "high" for who, _ in told]
    table = unequal.report(_orders(told, education=names), (SCARCE,))
    assert unequal.marked(table) == [("education", "low")]
    run = Outcomes({}, {"unequal": table})
    assert unequal.marked(run.opened["unequal"]) == []  # two with a place: a small cell
    words = summary.WORDS[lang]
    said = summary.above_threshold(run, SCARCE, lang)
    assert words["unequal_small"] in said
    assert words["no_unequal"].split(". ")[-1] not in said


def test_where_no_period_has_a_cap_nothing_is_compared():
    assert unequal.report(_orders([("a", Status.CLOSED)]), ()).height == 0


def _orders(told: list[tuple[str, Status]], education: list[str] | None = None) -> pl.DataFrame:
    """Orders of one day; what is not said is the first category."""
    names = {who: place for place, who in enumerate(dict.fromkeys(who for who, _ in told))}
    columns = {
        "order": list(range(len(told))),
        "person": [names[who] for who, _ in told],
        "period": [SCARCE] * len(told),
        "ordered_on": [date(2025, 4, 1)] * len(told),
        "outcome": [str(status) for _, status in told],
    }
    for name in unequal.GROUPS:
        words = AGE_BANDS if name == "age_band" else DIMENSIONS[name]
        columns[name] = [words[0]] * len(told)
    if education is not None:
        columns["education"] = education
    return pl.DataFrame(columns)
