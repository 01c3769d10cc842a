"""Scenarios: differences of the law and of behaviour, and a sentence for each that cannot be."""

from datetime import date
from pathlib import Path

import pytest

from loopbaan.lab import scenario
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.policy import BOUNDS

GOOD = """\
title: Cheaper
author: An
source: hypothetical
policy:
  share_cents:
    unit: cents
    lines:
      - {from: 2026-03-01, announced: 2026-02-01, value: 3000}
behaviour:
  retry_next_month: 0.5
  price_elasticity: low
"""
APRIL, LATER = date(2025, 4, 1), date(2026, 6, 1)
WITHOUT_A_CAP = (
    "career-credit-2027",
    "employer-pays-half",
    "means-tested",
    "no-measure",
    "november-2025-a",
    "november-2025-b",
    "one-voucher",
    "price-90",
    "same-saving-by-experience",
    "same-saving-by-fee",
    "same-saving-by-hours",
    "same-saving-by-share",
    "seven-to-five-years",
)


def _load(text: str, folder: Path) -> scenario.Scenario:
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return scenario.load(path)


def _faults(text: str, folder: Path) -> list[str]:
    with pytest.raises(scenario.ScenarioError) as caught:
        _load(text, folder)
    start = f"{folder / 'mine.yaml'}: "
    assert all(fault.startswith(start) for fault in caught.value.faults)
    return [fault.removeprefix(start) for fault in caught.value.faults]


def test_the_scenarios_of_the_house_change_what_their_name_says():
    asked = {name: scenario.rulebook(scenario.load(name)).on(APRIL) for name in scenario.names()}
    assert {name: policy.cap_per_month for name, policy in asked.items()} == {
        **dict.fromkeys(WITHOUT_A_CAP),
        "same-saving-by-cap": 2_550,
        "cap-1000": 1_000,
        "draw-1000": 1_000,
        "memory": 1_000,
        "reserved-30": 1_000,
        "waiting-list": 1_000,
        "weighted-draw-1000": 1_000,
    }
    assert asked["cap-1000"] == rulebooks.current().on(APRIL)
    assert asked["draw-1000"].allocation == "draw"
    assert asked["waiting-list"].allocation == "waiting_list"
    assert (asked["reserved-30"].allocation, asked["reserved-30"].reserved_percent) == (
        "first_come",
        30,
    )
    weighted = asked["weighted-draw-1000"]
    assert (weighted.allocation, weighted.weight_favoured) == ("weighted_draw", 2)
    for policy in (weighted, asked["reserved-30"]):
        assert policy.favours_low_education
        assert policy.favours_limited_health
        assert policy.favours_non_eu_origin
    memory = asked["memory"]
    assert (memory.memory, memory.memory_weight_per_loss, memory.memory_weight_most) == (
        "weight",
        1,
        4,
    )


@pytest.mark.parametrize("name", scenario.names())
def test_a_scenario_of_the_house_says_who_made_it_and_changes_nothing_before_march_2025(name):
    chosen = scenario.load(name)
    assert chosen.title
    assert chosen.author
    assert chosen.source
    before = date(2025, 2, 28)
    ours, law = scenario.rulebook(chosen).on(before), rulebooks.current().on(before)
    assert {key for key in BOUNDS if getattr(ours, key) != getattr(law, key)} == set()


def test_a_scenario_of_one_measure_changes_its_numbers_and_nothing_else():
    base = scenario.rulebook(scenario.load("no-measure"))
    changed = {
        "price-90": {"share_cents"},
        "one-voucher": {"vouchers_per_look_back", "second_voucher_minutes"},
        "seven-to-five-years": {"least_experience_days"},
        "employer-pays-half": {"employer_cents"},
        "means-tested": {"share_cents", "share_low_wage_cents", "share_middle_wage_cents"},
        "same-saving-by-share": {"share_cents"},
        "same-saving-by-hours": {"first_voucher_minutes", "second_voucher_minutes"},
        "same-saving-by-fee": {"fee_millicents_per_hour"},
        "same-saving-by-experience": {"least_experience_days"},
    }
    for name, numbers in changed.items():
        ours, law = scenario.rulebook(scenario.load(name)).on(LATER), base.on(LATER)
        assert {key for key in BOUNDS if getattr(ours, key) != getattr(law, key)} == numbers


def test_the_two_readings_of_november_2025_differ_in_how_often():
    policies = []
    for name in ("november-2025-a", "november-2025-b"):
        chosen = scenario.load(name)
        policies.append(scenario.rulebook(chosen).on(LATER, reading=chosen.reading))
    assert [policy.lifetime_vouchers for policy in policies] == [1, None]
    for policy in policies:
        assert (policy.share_cents, policy.first_voucher_minutes) == (9_000, 240)
        assert policy.cap_per_month is None
        assert policy.vouchers_per_look_back == 1


def test_the_planned_credit_changes_nothing_before_2027():
    book = scenario.rulebook(scenario.load("career-credit-2027"))
    assert book.on(LATER).share_cents == 4_500
    credit = book.on(date(2027, 1, 1))
    assert (credit.first_voucher_minutes, credit.share_cents) == (360, 9_000)
    assert rulebooks.current().on(date(2027, 1, 1)).first_voucher_minutes == 360


def test_without_the_measure_the_law_of_february_2025_goes_on():
    book = scenario.rulebook(scenario.load("no-measure"))
    for day in (APRIL, LATER, date(2027, 6, 1)):
        policy = book.on(day)
        assert (policy.share_cents, policy.vouchers_per_look_back) == (4_500, 2)
        assert policy.lifetime_vouchers is None


def test_a_new_line_holds_from_its_day_on_and_under_every_reading(tmp_path):
    chosen = _load(GOOD, tmp_path)
    book = scenario.rulebook(chosen)
    assert book.on(date(2026, 2, 28)).share_cents == 9_000
    # The line of the law of 2027 stood later than the new one: it no longer comes.
    assert [book.on(day).share_cents for day in (LATER, date(2027, 6, 1))] == [3_000, 3_000]
    assert book.on(LATER, date(2026, 1, 1)).share_cents == 9_000
    assert scenario.behaviour(chosen).retry_next_month == 0.5
    assert scenario.behaviour(chosen).price_elasticity == -1.0
    assert book.hash != rulebooks.current().hash


def test_a_number_that_a_reading_decides_otherwise_is_changed_under_each(tmp_path):
    text = GOOD.replace("share_cents", "lifetime_vouchers").replace("cents\n", "count\n")
    text = text.replace("2026-02-01, value: 3000", "2026-02-01, value: null")
    book = scenario.rulebook(_load(text, tmp_path))
    assert [book.on(LATER, reading=each).lifetime_vouchers for each in ("A", "B")] == [None, None]


def test_the_hash_is_that_of_what_is_said_and_not_of_how_it_is_written(tmp_path):
    first = _load(GOOD, tmp_path).hash
    assert _load("# a word\n" + GOOD, tmp_path).hash == first
    assert _load(GOOD.replace("3000", "3001"), tmp_path).hash != first


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("share_cents", "share_cent", "policy.share_cent: unknown number; did you mean"),
        ("author: An", "nota: x\nauthor: An", "unknown key 'nota'; did you mean note?"),
        ("unit: cents", "unit: euro", "policy.share_cents: unit 'euro' is wrong; this number"),
        ("value: 3000", "value: 30 euro", "line 1: value '30 euro' is not a whole number of cents"),
        ("value: 3000", "value: -1", "line 1: value -1 is out of bounds; cents from 0 to 100000"),
        ("2026-03-01", "2013-06-30", "line 1: from 2013-06-30 is before the scheme, which begins"),
        ("2026-03-01", "2026-02-30", "line 1: from is missing or is no day; write it like"),
        ("2026-02-01", "soon", "policy.share_cents, line 1: announced 'soon' is no day"),
        ("value: 3000", "valeu: 3000", "unknown key 'valeu'; did you mean value?"),
        ("retry_next_month", "retry_next_moth", "did you mean retry_next_month?"),
        ("0.5", "1.2", "retry_next_month: expected share between 0 and 1, got '1.2'"),
        ("0.5", "nan", "retry_next_month: expected share between 0 and 1, got 'nan'"),
        ("author: An\n", "", "author: is missing or is no text"),
        ("author: An", "first: 2013-06\nauthor: An", "first: 2013-06 lies outside 2013-07 to"),
        ("author: An", "last: 9999-12\nauthor: An", "last: 9999-12 lies outside 2013-07 to"),
        ("author: An", "reading: C\nauthor: An", "reading: there is no reading 'C'"),
        ("author: An", "law_known_until: 2010-01-01\nauthor: An", "2010-01-01 is before the"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(before, after, said, tmp_path):
    assert before in GOOD
    (fault,) = _faults(GOOD.replace(before, after, 1), tmp_path)
    assert said in fault
    assert "\n" not in fault


def test_a_share_of_more_than_everything_is_refused(tmp_path):
    text = GOOD.replace("share_cents", "reserved_percent").replace("cents\n", "percent\n")
    (fault,) = _faults(text.replace("3000", "130"), tmp_path)
    assert fault == (
        "policy.reserved_percent, line 1: value 130 is out of bounds;"
        " percent from 0 to 100 are accepted here"
    )


@pytest.mark.parametrize("percent", ["0", "101", "endless", ".inf", "1e99", "true", "99.5"])
def test_an_endless_population_is_refused(percent, tmp_path):
    (fault,) = _faults(f"population_percent: {percent}\n{GOOD}", tmp_path)
    assert "is not a whole number from 1 to 100; the population is all who ever work" in fault


@pytest.mark.parametrize("text", ["", "[]", "7", "policy"])
def test_a_file_that_is_no_mapping_is_refused(text, tmp_path):
    (fault,) = _faults(text, tmp_path)
    assert fault.startswith("a scenario has the keys title, author, source")


@pytest.mark.parametrize(
    "text", ["policy: 7", "policy: {share_cents: 3000}", "behaviour: [1]", "title: [a]", "last: 7"]
)
def test_a_value_of_another_shape_is_refused(text, tmp_path):
    start = "\n".join(line for line in GOOD.splitlines() if line[0] != " ")
    key = text.partition(":")[0]
    kept = [line for line in start.splitlines() if line.partition(":")[0] not in (key, "behaviour")]
    assert _faults("\n".join([*kept, text]) + "\n", tmp_path)


def test_a_name_that_is_not_there_is_told_the_nearest():
    with pytest.raises(UnreadableFile, match=r"no scenario 'cap-100'; did you mean cap-1000\?"):
        scenario.load("cap-100")
    with pytest.raises(UnreadableFile, match="there is no such file"):
        scenario.load("gone.yaml")


def test_endless_and_tricky_files_are_refused_before_anything_is_built(tmp_path):
    with pytest.raises(UnreadableFile, match="alias"):
        _load(GOOD + "note: &a x\nreading: *a\n", tmp_path)
