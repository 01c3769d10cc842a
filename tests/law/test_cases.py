"""The documented cases: each alone, all in one shuffled batch, and none missing at any change."""

import inspect
import json
import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loopbaan.command import batch as batches
from loopbaan.command.batch import Checker, Defaults
from loopbaan.command.cases import read_cases
from loopbaan.command.decide import differences
from loopbaan.law import allocation, guidance, payout, recognition, terms
from loopbaan.law.checks import day_of
from loopbaan.law.guidance import Objection
from loopbaan.law.months import add_years, calendar_day, day_number
from loopbaan.law.policy import BOUNDS
from loopbaan.law.rulebook import read_yaml
from tests.law.cast import BOOK

CASES = Path(__file__).parents[1] / "cases"
ORDERS = sorted((CASES / "ordering").glob("*.yaml"))
RULES = sorted(path for path in CASES.rglob("*.yaml") if path not in ORDERS)
RULE_CASES = [case for path in RULES for case in read_yaml(path)]
ORDER_CASES = [case for path in ORDERS for case in read_yaml(path)]
DAY = Defaults(date(2026, 1, 1))

FACTS = (
    "experience_days",
    "experience_months",
    "months_worked_in_last_24",
    "agency_weeks_unbroken",
)
ACTS = {
    "terms": terms,
    "allocation": allocation,
    "guidance": guidance,
    "payout": payout,
    "recognition": recognition,
}
# The numbers that other acts than ordering apply, and in which act their cases stand.
ACT_OF = {
    "guidance_definition": "guidance",
    "fee_millicents_per_hour": "payout",
    "own_stop_waits": "recognition",
    "qualification_transition_months": "recognition",
    "qualification_latest_on": "recognition",
    "qualification_old_until": "recognition",
    "cap_per_month": "allocation",
    "cap_counts": "allocation",
    "lapsed_place_returns": "allocation",
    "cap_shared_by_vouchers": "allocation",
}


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_each_case_alone_is_decided_as_documented(path: Path, tmp_path: Path) -> None:
    texts = read_cases(path)
    whole = Checker(BOOK, DAY).check(texts)
    assert not list(whole.faults_told())
    assert all(expect for expect in texts.expects)
    together = batches.answers(BOOK, whole, batches.decide(BOOK, whole))
    assert not [found for _, found in differences(texts, whole, together) if found]
    for row in range(0, len(texts), 7):
        alone = _only(path, [row], tmp_path)
        assert alone == [together[row]]


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_cases_in_one_shuffled_batch_are_decided_as_in_order(path: Path, tmp_path: Path) -> None:
    count = len(read_cases(path))
    rows = random.Random(7).sample(range(count), count)
    in_order = _only(path, list(range(count)), tmp_path)
    assert _only(path, rows, tmp_path) == [in_order[row] for row in rows]


def _only(path: Path, rows: list[int], folder: Path) -> list[dict[str, Any]]:
    """Decide some cases of a file in one batch, in the order given."""
    entries = read_yaml(path)
    part = folder / "part.yaml"
    part.write_text(json.dumps([entries[row] for row in rows]))  # JSON is YAML too
    texts = read_cases(part)
    batch = Checker(BOOK, DAY).check(texts)
    return batches.answers(BOOK, batch, batches.decide(BOOK, batch))


@pytest.mark.parametrize("case", RULE_CASES, ids=lambda case: case["id"])
def test_a_case_of_another_act_is_answered_by_its_function(case: dict[str, Any]) -> None:
    function = getattr(ACTS[case["act"]], case["rule"])
    day = date.fromisoformat(case["on"])
    policy = BOOK.on(day, day_of(case.get("known_on")) or day)
    facts = {name: _column(value) for name, value in case["facts"].items()}
    has_policy = "policy" in inspect.signature(function).parameters
    found = function(policy, **facts) if has_policy else function(**facts)
    assert case["source"]
    assert _plain(found[0], case["expect"]) == case["expect"]


def _column(value: Any) -> np.ndarray:
    day = day_of(value)
    if day is not None:
        return np.array([day_number(day)], np.int32)
    return np.array([value])


def _plain(found: Any, expected: Any) -> Any:
    if isinstance(expected, list):
        return [each.code for each in Objection if each & int(found)]
    if day_of(expected):
        return calendar_day(found).isoformat()
    return found.item()


def test_every_tricky_case_of_the_facts_has_a_documented_case() -> None:
    ids = [case["id"] for case in (*RULE_CASES, *ORDER_CASES)]
    numbers = {int(n) for name in ids for n in re.findall(r"^case-(\d+)", name)}
    assert set(range(1, 45)) <= numbers


def test_every_case_names_its_source() -> None:
    assert [case["id"] for case in ORDER_CASES if not case.get("source")] == []


def _changes() -> list[tuple[str, date]]:
    """Return every number with every day on which its value changes, under any reading."""
    found = set()
    for reading in BOOK.readings:
        for day in BOOK.change_days(reading):
            eve = day - timedelta(days=1)
            for key in BOUNDS:
                before = None
                if day > BOOK.first_day:
                    before = getattr(BOOK.on(eve, date.max, reading), key)
                if before != getattr(BOOK.on(day, date.max, reading), key):
                    found.add((key, day))
    return sorted(found)


def test_no_day_on_which_a_number_changes_lacks_a_case_on_either_side() -> None:
    days = {"ordering": {date.fromisoformat(case["ordered_on"]) for case in ORDER_CASES}}
    for case in RULE_CASES:
        days.setdefault(case["act"], set()).add(date.fromisoformat(case["on"]))
    lacking = []
    for key, day in _changes():
        sides = {day} if day == BOOK.first_day else {day - timedelta(days=1), day}
        act = ACT_OF.get(key, "ordering")
        if day > BOOK.first_day or act == "ordering":
            lacking += [(key, side) for side in sides - days[act]]
    assert not lacking


def test_every_limit_has_a_case_on_both_sides_on_every_day_of_change() -> None:
    asked = set()
    for case in ORDER_CASES:
        day, facts = case["ordered_on"], case["facts"]
        for fact in FACTS:
            asked.add((day, case.get("reading", "A"), fact, facts.get(fact)))
        for start in facts["vouchers_started_on"]:
            asked.add((day, case.get("reading", "A"), "start", start))
    lacking = []
    for day in {day for key, day in _changes() if key not in ACT_OF}:
        for side in {max(day - timedelta(days=1), BOOK.first_day), day}:
            for reading in BOOK.readings:
                lacking += [each for each in _limits(side, reading) if each not in asked]
    assert not lacking


def _limits(day: date, reading: str) -> list[tuple[str, str, str, Any]]:
    """Return the facts on both sides of every limit that holds on a day under a reading."""
    policy, base = BOOK.on(day, date.max, reading), BOOK.on(day, date.max)
    found: list[tuple[str, Any]] = []
    for fact in FACTS:
        least = getattr(policy, f"least_{fact}")
        if least is not None and (reading == "A" or least != getattr(base, f"least_{fact}")):
            found += [(fact, least), (fact, least - 1)]
    if policy.least_months_with_agency_weeks is not None and reading == "A":
        least = policy.least_months_with_agency_weeks
        found += [("months_worked_in_last_24", least), ("months_worked_in_last_24", least - 1)]
    in_scheme = add_years(np.array([day_number(BOOK.first_day)]), policy.look_back_years)[0]
    differs = reading == "A" or base.lifetime_vouchers is not None
    if policy.lifetime_vouchers is None and differs and day_number(day) >= in_scheme:
        started = add_years(np.array([day_number(day)]), -policy.look_back_years)[0]
        found += [("start", calendar_day(started + past).isoformat()) for past in (0, 1)]
    return [(day.isoformat(), reading, fact, value) for fact, value in found]
