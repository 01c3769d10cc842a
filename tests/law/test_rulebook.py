"""Which number holds on a day, as known on a day, under a reading; and files that are refused."""

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law import rulebook
from loopbaan.law.checks import RulebookError, UnreadableFile, numbers_of
from loopbaan.law.policy import BOUNDS, LATER
from loopbaan.law.rulebook import POLICY_FILE, RELEASED, read_yaml
from tests.law.cast import BOOK

RAW = read_yaml(POLICY_FILE)
MARCH = date(2025, 3, 2)


def _draft(key: str, *lines: dict[str, Any]) -> rulebook.Rulebook:
    content = copy.deepcopy(RAW)
    known = {"source": ["S22"], "grade": "B"}
    listed = content["numbers"][key]["lines"] + [known | line for line in lines]
    content["numbers"][key]["lines"] = sorted(listed, key=lambda line: line["from"])
    return rulebook.Rulebook("draft", content, numbers_of(content))


def test_the_cap_of_march_2025_was_not_known_on_2_march() -> None:
    assert BOOK.on(MARCH, date(2025, 3, 2)).cap_per_month is None
    assert BOOK.on(MARCH, date(2025, 3, 3)).cap_per_month is None
    assert BOOK.on(MARCH, date(2025, 3, 4)).cap_per_month == 1_000
    assert BOOK.on(date(2025, 2, 28), date(2025, 3, 4)).cap_per_month is None
    assert BOOK.on(date(2025, 11, 1)).cap_per_month is None


def test_the_law_of_a_day_is_what_was_known_that_day_unless_told_otherwise() -> None:
    assert BOOK.on(MARCH) == BOOK.on(MARCH, MARCH)


def test_on_a_tie_the_latest_announced_holds() -> None:
    first = {"from": "2026-05-01", "announced": "2026-01-10", "value": 700}
    second = {"from": "2026-05-01", "announced": "2026-02-10", "value": 800}
    draft = _draft("cap_per_month", first, second)
    assert draft.on(date(2026, 5, 1), date(2026, 2, 9)).cap_per_month == 700
    assert draft.on(date(2026, 5, 1), date(2026, 2, 10)).cap_per_month == 800
    assert draft.on(date(2026, 4, 30), date(2026, 2, 10)).cap_per_month is None


def test_a_line_that_is_withdrawn_no_longer_holds_once_that_is_known() -> None:
    line = {"from": "2026-05-01", "announced": "2026-01-10", "value": 700}
    draft = _draft("cap_per_month", line | {"withdrawn": "2026-06-15"})
    assert draft.on(date(2026, 6, 1), date(2026, 6, 14)).cap_per_month == 700
    assert draft.on(date(2026, 6, 1), date(2026, 6, 15)).cap_per_month is None


def test_an_announcement_that_is_unknown_reads_as_the_first_day() -> None:
    new_year = date(2024, 1, 1)
    assert BOOK.on(new_year, date(2023, 12, 31)).share_cents == 4_000
    assert BOOK.on(new_year, new_year).share_cents == 4_500


def test_readings_differ_only_where_they_say() -> None:
    differing: dict[str, set[str]] = {}
    for reading in ("B", "months"):
        for day in BOOK.timeline(date.max).starts:
            base, other = (BOOK.on(day, date.max, name) for name in ("A", reading))
            keys = {key for key in BOUNDS if getattr(base, key) != getattr(other, key)}
            differing.setdefault(reading, set()).update(keys)
    assert differing == {
        "B": {"lifetime_vouchers"},
        "months": {"least_experience_days", "least_experience_months"},
    }


@given(st.dates(date(2013, 7, 1), date(2029, 1, 1)), st.dates(date(2013, 5, 17), date(2029, 1, 1)))
def test_the_policy_of_a_day_holds_the_values_of_the_lines_of_that_day(
    day: date, known_on: date
) -> None:
    for reading in BOOK.readings:
        policy = BOOK.on(day, known_on, reading)
        for key in BOUNDS:
            line = BOOK.line(key, day, known_on, reading)
            assert getattr(policy, key) == (line.value if line else None)


def test_the_hash_is_that_of_the_canonical_content() -> None:
    shuffled = dict(reversed(RAW.items()))
    assert rulebook.canonical(shuffled) == rulebook.canonical(RAW)
    changed = copy.deepcopy(RAW)
    changed["sources"]["S4"]["date"] = "another day"
    assert rulebook.canonical(changed) != rulebook.canonical(RAW)


def test_every_released_rulebook_is_kept_under_its_hash_the_present_one_too() -> None:
    kept = {path.stem: rulebook.load(path, is_kept=True).hash for path in RELEASED.glob("*.json")}
    assert all(name == found for name, found in kept.items())
    assert BOOK.hash in kept, "keep it with: loopbaan law --release"


def test_a_rulebook_from_before_a_number_means_the_law_of_then(tmp_path: Path) -> None:
    earlier = dict(RAW)
    earlier["numbers"] = {key: raw for key, raw in RAW["numbers"].items() if key not in LATER}
    path = tmp_path / "earlier.json"
    path.write_text(rulebook.canonical(earlier))
    policy = rulebook.load(path, is_kept=True).on(MARCH)
    assert policy.silence_confirms_after_days is None
    assert not policy.plan_required
    assert (policy.allocation, policy.release, policy.memory) == ("first_come", "month", "none")
    now = BOOK.on(MARCH)
    unlike = {key for key in BOUNDS if getattr(policy, key) != getattr(now, key)}
    guidance = {"payout_days", "silence_confirms_after_days", "silence_reminders", "plan_required"}
    reminders = {"payment_reminder_days", "start_reminder_days"}
    assert unlike <= guidance | reminders | {"memory_weight_per_loss", "memory_weight_most"}
    with pytest.raises(RulebookError, match="the number allocation is missing"):
        rulebook.load(path)


def test_releasing_writes_what_loads_as_the_same_rulebook(tmp_path: Path) -> None:
    again = rulebook.load(rulebook.release(BOOK, tmp_path))
    assert again.hash == BOOK.hash
    assert again.numbers == BOOK.numbers


def test_every_number_of_the_policy_stands_in_the_file_with_grade_and_source() -> None:
    assert set(BOOK.numbers) == set(BOUNDS)
    for number in BOOK.numbers.values():
        for line in number.lines:
            assert line.source
            assert line.is_open <= (line.grade == "D")


def test_what_is_open_in_the_planned_credit_says_so() -> None:
    day = date(2027, 1, 1)
    for key, value in (("share_cents", 9_000), ("fee_millicents_per_hour", 15_000_000)):
        line = BOOK.line(key, day, day, "A")
        assert line is not None
        assert (line.value, line.grade, line.is_open) == (value, "D", True)


def _faults(change: Any) -> str:
    content = copy.deepcopy(RAW)
    change(content)
    with pytest.raises(RulebookError) as caught:
        numbers_of(content)
    return str(caught.value)


def _line(content: Any, key: str = "share_cents", place: int = 0) -> Any:
    return content["numbers"][key]["lines"][place]


FAULTS = {
    "numbers.share_cents, line 1: source is missing": lambda c: _line(c).pop("source"),
    "numbers.share_cents, line 1: source 'S99' does not stand": lambda c: _line(c).update(
        source=["S99"]
    ),
    "numbers.share_cents: unit 'euro' is wrong; this number is in cents": lambda c: c["numbers"][
        "share_cents"
    ].update(unit="euro"),
    "line 1: value 400000 is out of bounds; cents from 0 to 100000": lambda c: _line(c).update(
        value=400_000
    ),
    "line 1: value '40 euro' is not a whole number of cents": lambda c: _line(c).update(
        value="40 euro"
    ),
    "line 2: dates out of order: 2012-01-01 stands after 2013-07-01": lambda c: _line(
        c, place=1
    ).update({"from": "2012-01-01"}),
    "numbers.share_cent: unknown number; did you mean share_cents?": lambda c: c["numbers"].update(
        share_cent=c["numbers"]["share_cents"]
    ),
    "line 1: unknown key 'sources'; did you mean source?": lambda c: _line(c).update(sources=[]),
    "numbers: the number vat_percent is missing": lambda c: c["numbers"].pop("vat_percent"),
    "an article number without a source of grade A": lambda c: _line(c).update(article=3),
    "line 2: an article number without a source of grade A": lambda c: _line(c, place=1).update(
        note="see artikel 3"
    ),
    "money needs vat_included": lambda c: c["numbers"]["share_cents"].pop("vat_included"),
    "line 1: from '2013-02-30' is no day": lambda c: _line(c).update({"from": "2013-02-30"}),
    "line 1: grade 'E' is not A, B, C or D": lambda c: _line(c).update(grade="E"),
    "line 1: what is open has grade D": lambda c: _line(c).update(open=True),
    "line 1: value null: this number cannot end": lambda c: _line(c).update(value=None),
    "silently ends the reading 'B'": lambda c: c["numbers"]["lifetime_vouchers"]["lines"].pop(),
    "silently ends the reading 'months'": lambda c: c["numbers"]["least_experience_days"][
        "lines"
    ].insert(
        2,
        {
            "from": "2020-01-01",
            "announced": "2020-02-01",
            "value": 2_500,
            "source": ["S8"],
            "grade": "B",
        },
    ),
    "no line holds on the first day": lambda c: _line(c).update({"from": "2013-08-01"}),
    "word_ders: unknown part": lambda c: c.update(word_ders={}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_file_is_named_with_its_key_and_what_was_expected(fault: str) -> None:
    assert fault in _faults(FAULTS[fault])


def test_an_article_number_with_an_official_source_is_accepted() -> None:
    content = copy.deepcopy(RAW)
    _line(content, "residence_rule").update(article=3)
    assert numbers_of(content)["residence_rule"].lines[0].article == "3"


def test_all_faults_are_told_at_once_and_name_the_file(tmp_path: Path) -> None:
    content = copy.deepcopy(RAW)
    _line(content).update(grade="E", value=-1)
    path = tmp_path / "draft.yaml"
    path.write_text(json.dumps(content))
    with pytest.raises(RulebookError) as caught:
        rulebook.load(path)
    assert len(caught.value.faults) == 2
    assert all(fault.startswith(f"{path}: ") for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &x [*x]", "line 1: is not plain YAML: an alias"),
        ("a: !!python/object/apply:os.getcwd []", "line 1: is not plain YAML: a tag"),
        ("a: 1\na: 2", "line 2: is not plain YAML: a twice"),
        ("a: [1", "is not plain YAML"),
        ("[" * 40 + "]" * 40, "30 levels deep"),
        ("\x00\x01\x02", "control characters"),
    ],
)
def test_yaml_that_plays_tricks_is_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=what):
        read_yaml(path)


def test_days_and_words_stay_texts_in_plain_yaml(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("day: 2025-02-30\nword: on\nnumber: 10\nnone:\nyes_no: true")
    assert read_yaml(path) == {
        "day": "2025-02-30",
        "word": "on",
        "number": 10,
        "none": None,
        "yes_no": True,
    }


def test_the_days_on_which_a_value_changes_are_those_of_the_periods() -> None:
    changed = BOOK.change_days()
    assert changed[0] == BOOK.first_day
    for day in changed[1:]:
        eve = day - timedelta(days=1)
        assert BOOK.on(day, date.max) != BOOK.on(eve, date.max)


@pytest.mark.parametrize(
    ("key", "change", "fault"),
    [
        ("second_voucher_minutes", {"value": None}, "second_voucher_minutes is null while"),
        ("least_months_with_agency_weeks", {"value": None}, "hold together or not at all"),
    ],
)
def test_numbers_that_do_not_go_together_are_told(
    key: str, change: dict[str, Any], fault: str
) -> None:
    content = copy.deepcopy(RAW)
    content["numbers"][key]["lines"][0].update(change)
    draft = rulebook.Rulebook("draft", content, numbers_of(content))
    assert any(fault in told for told in rulebook.faults_between_numbers(draft))


def test_the_numbers_of_the_rulebook_go_together_on_every_day() -> None:
    assert rulebook.faults_between_numbers(BOOK) == []


def test_a_number_must_be_known_when_the_scheme_was_announced() -> None:
    assert "no line is known on 2013-05-17" in _faults(
        lambda c: _line(c).update(announced="2013-08-01")
    )
