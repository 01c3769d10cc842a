"""The assumptions: what a run may read, what it may never read, and faults told in one sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from loopbaan.lab import behaviour, margins
from loopbaan.lab.behaviour import Behaviour, BehaviourError

OWN = {"weeks_between_talks"}  # no row of the facts: the file says where it comes from


def test_every_published_parameter_is_there_with_its_band_source_and_grade():
    rows = behaviour.assumptions()
    published = {row["name"]: row for row in margins.rows("parameters")}
    assert set(rows) == set(published) | OWN
    for name, row in published.items():
        own = rows[name]
        # What no figure hangs on is published as a prior, and neither drawn nor read.
        role = "prior" if own.role == "aside" else own.role
        told = (own.value, own.low, own.high, own.source, own.grade, role)
        numbers = tuple(float(row[key]) for key in ("central", "low", "high"))
        assert told == (*numbers, row["source"], row["grade"], row["role"]), name
        assert own.recalled == (row["recalled"] == "yes"), name
        assert own.meaning == row["meaning"], name


def test_what_is_compared_with_the_outcome_can_not_be_read_by_a_run():
    rows = behaviour.assumptions().items()
    checks = {name for name, row in rows if row.role in ("check", "aside")}
    assert {"request_to_used", "sick_with_contract_share"} <= checks
    assert checks.isdisjoint(each.name for each in fields(Behaviour))


def test_a_change_is_a_number_or_an_end_of_the_band():
    changed = behaviour.load(changes={"retry_next_month": 0.5, "price_elasticity": "low"})
    assert (changed.retry_next_month, changed.price_elasticity) == (0.5, -1.0)
    assert changed.retry_decay == behaviour.load().retry_decay


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"retry_next_mont": 0.5}, "did you mean retry_next_month?"),
        ({"request_to_used": 0.5}, "is compared with the outcome and cannot be set"),
        ({"race_devices_per_person": 2.0}, "moves no figure and cannot be set"),
        ({"unpaid_share": 1.5}, "expected share between 0 and 1, got 1.5"),
        ({"unpaid_share": "much"}, "expected share between 0 and 1, got 'much'"),
        ({"unpaid_share": float("nan")}, "expected share between 0 and 1, got nan"),
        ({"unpaid_share": True}, "expected share between 0 and 1, got True"),
    ],
)
def test_a_change_that_can_not_be_is_a_sentence(changes: dict[str, float | str], sentence: str):
    with pytest.raises(BehaviourError, match=sentence.replace("?", r"\?")):
        behaviour.load(changes=changes)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("value: 0.6\n    low: 0.35", "value: 0.3\n    low: 0.35", "low <= value <= high"),
        ("  retry_decay:\n", "  retry_dcay:\n", "did you mean retry_decay"),
        ("unit: elasticity", "unit: elastic", "unit 'elastic' is unknown"),
        ("group: price", "grup: price", "did you mean group"),
        ("    low: 0.04\n", "", "low is missing"),
        ("assumptions:", "assumption:", "one mapping named 'assumptions'"),
    ],
)
def test_a_fault_in_the_file_names_its_place(
    tmp_path: Path, before: str, after: str, sentence: str
):
    text = behaviour.BEHAVIOUR_FILE.read_text("utf-8")
    assert before in text
    path = tmp_path / "behaviour.yaml"
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(BehaviourError, match=sentence):
        behaviour.load(path)
