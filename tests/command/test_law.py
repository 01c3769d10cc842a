"""`loopbaan law`: the numbers in force, what changed, one number through time, and drafts."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from loopbaan.command import asking
from loopbaan.law import rulebook
from loopbaan.law.policy import BOUNDS
from loopbaan.law.rulebook import POLICY_FILE
from tests.command.cast import ROOT

MONEY = {each.unit for each in BOUNDS.values() if each.vat_included is not None}

BOOK = rulebook.current()
POLICY = POLICY_FILE.read_text("utf-8")
LATER = "announced: unknown, value: 4500"
FIRST_SHARE = "{from: 2013-07-01, announced: 2013-05-17, value: 4000, source: [S4], grade: B,"


def _law(loopbaan, *words):
    said = loopbaan("law", "--json", *words)
    assert (said.code, said.err) == (0, "")
    return json.loads(said.out)


def _draft(*changes):
    text = POLICY
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    Path("draft.yaml").write_text(text, "utf-8")
    return "draft.yaml"


def test_the_json_is_one_object_with_every_number_its_source_and_its_grade(loopbaan):
    said = _law(loopbaan, "--on", "2025-03-05")
    assert list(said) == ["on", "known_on", "reading", "rulebook_hash", "numbers"]
    assert said | {"numbers": 0} == {
        "on": "2025-03-05",
        "known_on": "2025-03-05",
        "reading": "A",
        "rulebook_hash": BOOK.hash,
        "numbers": 0,
    }
    assert set(said["numbers"]) == set(BOUNDS)
    for key, number in said["numbers"].items():
        assert {"value", "unit", "from", "announced", "source", "grade"} <= set(number)
        assert number["unit"] == BOUNDS[key].unit
        assert ("vat_included" in number) == (number["unit"] in MONEY)
    assert said["numbers"]["cap_per_month"] == {
        "value": 1_000,
        "unit": "count",
        "from": "2025-03-01",
        "announced": "2025-03-04",
        "source": ["SEED", "S22"],
        "grade": "B",
        "open": False,
        "note": "announced on the radio three days after the day from which it held",
    }


@pytest.mark.parametrize(("known_on", "cap"), [("2025-03-02", None), ("2025-03-04", 1_000)])
def test_the_cap_of_march_2025_is_known_from_4_march_on(loopbaan, known_on, cap):
    said = _law(loopbaan, "--on", "2025-03-02", "--known-on", known_on)
    assert said["known_on"] == known_on
    assert said["numbers"]["cap_per_month"]["value"] == cap


def test_a_number_that_does_not_hold_is_null(loopbaan):
    numbers = _law(loopbaan, "--on", "2026-03-02")["numbers"]
    assert numbers["second_voucher_minutes"]["value"] is None
    assert numbers["second_voucher_minutes"]["from"] == "2025-11-01"


def test_a_reading_changes_what_it_is_about_and_nothing_else(loopbaan):
    numbers = {
        name: _law(loopbaan, "--on", "2026-03-02", "--reading", name)["numbers"]
        for name in ("A", "B", "months")
    }
    differing = {
        name: [key for key in BOUNDS if numbers[name][key]["value"] != numbers["A"][key]["value"]]
        for name in numbers
    }
    assert differing["A"] == []
    assert differing["months"] == ["least_experience_days", "least_experience_months"]
    assert differing["B"] == ["lifetime_vouchers"]


class _Clock(datetime):
    """Half past eleven in the evening in Greenwich, when it is tomorrow in Brussels."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2025, 10, 31, 23, 30, tzinfo=UTC).astimezone(tz)


def test_without_a_day_the_law_is_that_of_today_in_flanders(loopbaan, monkeypatch):
    monkeypatch.setattr(asking, "datetime", _Clock)
    said = _law(loopbaan)
    assert (said["on"], said["known_on"]) == ("2025-11-01", "2025-11-01")
    assert said["numbers"]["share_cents"]["value"] == 9_000


def test_people_read_the_numbers_with_unit_grade_and_source(loopbaan):
    said = loopbaan("law", "--on", "2025-03-05").out
    assert said.startswith("5 March 2025, as known on 5 March 2025, reading A\nrulebook ")
    lines = [line.split(maxsplit=1) for line in said.splitlines() if re.match(r"\w+ {2,}", line)]
    shown = dict(lines)
    assert set(shown) == set(BOUNDS)
    assert " ".join(shown["share_cents"].split()) == "€45.00 incl. from 2025-03-01 C SEED"
    dutch = loopbaan("law", "--on", "2025-03-05", "--lang", "nl").out
    assert dutch.startswith("5 maart 2025, zoals gekend op 5 maart 2025, lezing A\n")
    assert "€ 45,00 incl." in dutch
    assert "eigen bijdrage per cheque" in dutch


def test_the_difference_of_two_days_names_each_number_before_and_after(loopbaan):
    said = loopbaan("law", "--diff", "2025-10-31", "2025-11-01")
    assert said.code == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "share_cents €45.00 incl. → €90.00 incl. from 2025-11-01 C S35" in lines
    assert "lifetime_vouchers – → 1 from 2025-11-01 A S30 S35" in lines
    as_json = _law(loopbaan, "--diff", "2025-10-31", "2025-11-01")
    assert [line.split()[0] for line in lines] == list(as_json["changed"])
    share = as_json["changed"]["share_cents"]
    assert (share["before"]["value"], share["after"]["value"]) == (4_500, 9_000)
    known = [{"on": day, "known_on": day} for day in ("2025-10-31", "2025-11-01")]
    assert as_json["days"] == known


def test_between_two_days_alike_and_before_it_was_known_nothing_differs(loopbaan):
    said = loopbaan("law", "--diff", "2025-05-01", "2025-06-01")
    assert said.out == "no number differs between 2025-05-01 and 2025-06-01\n"
    # A line of March 2025 says again what was so before.
    again = _law(loopbaan, "--diff", "2025-02-28", "2025-03-05")["changed"]
    assert ("cap_per_month" in again, "share_cents" in again) == (True, False)
    known = ("--known-on", "2025-10-05", "--json")
    assert _law(loopbaan, "--diff", "2025-10-31", "2025-11-01", *known)["changed"] == {}


def test_the_history_of_a_number_has_every_line_with_its_sources(loopbaan):
    said = loopbaan("law", "--history", "share_cents")
    assert said.code == 0
    assert said.out.startswith("share_cents: worker's share of one voucher\n")
    assert re.findall(r"^  from (\S+),", said.out, re.MULTILINE) == [
        str(line.since) for line in BOOK.numbers["share_cents"].lines
    ]
    assert "announced unknown" in said.out
    assert "  S35 (grade C, " in said.out
    as_json = _law(loopbaan, "--history", "share_cents")
    values = [line.value for line in BOOK.numbers["share_cents"].lines]
    assert [line["value"] for line in as_json["lines"]] == values


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--history", "share_cent"], "there is no number 'share_cent'; did you mean share_cents?"),
        (["--reading", "month"], "there is no reading 'month'; did you mean months? (readings: A"),
        (["--on", "2013-05-01"], "no law was announced by 2013-05-01; the first on 2013-05-17"),
        (["--on", "2013-06-30"], "the scheme has no law on 2013-06-30: it begins on 2013-07-01"),
        (["--diff", "2012-01-01", "2025-01-01"], "no law was announced by 2012-01-01"),
        (["--check", "x.yaml", "--history", "share_cents"], "not allowed with argument --check"),
    ],
)
def test_a_question_without_an_answer_is_told_in_one_sentence(loopbaan, words, sentence):
    said = loopbaan("law", *words)
    assert (said.code, said.out, len(said.faults)) == (2, "", 1)
    assert sentence in said.err


def test_a_good_draft_is_told_with_its_new_lines_and_the_lines_that_are_gone(loopbaan):
    said = loopbaan("law", "--check", POLICY_FILE)
    assert said.code == 0
    assert "  the same as a released rulebook\n" in said.out
    line = "      - {from: 2027-01-01, announced: 2025-06-27, value: 9000, source: [S32], grade: D,"
    new = "      - {from: 2026-06-01, announced: 2026-05-01, value: 9500, source: [S35], grade: C}"
    draft = _draft(
        (line, f"{new}\n{line}"), ("value: 4500, source: [SEED]", "value: 4600, source: [SEED]")
    )
    said = loopbaan("law", "--check", draft)
    assert said.code == 0
    first, *changes = said.out.splitlines()
    assert re.fullmatch(r"draft\.yaml: no fault in \d+ numbers; rulebook [0-9a-f]{64}", first)
    assert changes == [
        "  gone: share_cents €45.00 incl.  from 2025-03-01  C  SEED, announced 2025-03-04",
        "  new: share_cents €46.00 incl.  from 2025-03-01  C  SEED, announced 2025-03-04",
        "  new: share_cents €95.00 incl.  from 2026-06-01  C  S35, announced 2026-05-01",
    ]


WHERE = "numbers.share_cents, line 1"
DRAFTS = {
    "no source": (
        (FIRST_SHARE, FIRST_SHARE.replace(" source: [S4],", "")),
        f"{WHERE}: source is missing: a list of codes that stand under sources",
    ),
    "a source that nobody knows": (
        (FIRST_SHARE, FIRST_SHARE.replace("[S4]", "[S404]")),
        f"{WHERE}: source 'S404' does not stand under sources; did you mean S4",
    ),
    "the wrong unit": (
        ("    unit: cents\n", "    unit: euro\n"),
        "numbers.share_cents: unit 'euro' is wrong; this number is in cents",
    ),
    "a value out of bounds": (
        (FIRST_SHARE, FIRST_SHARE.replace("4000", "4000000")),
        f"{WHERE}: value 4000000 is out of bounds; cents from 0 to 100000 are accepted here",
    ),
    "a value that is a word": (
        (FIRST_SHARE, FIRST_SHARE.replace("4000", "forty")),
        f"{WHERE}: value 'forty' is not a whole number of cents",
    ),
    "dates out of order": (
        (
            f"from: 2024-01-01, {LATER}",
            f"from: 2019-12-31, {LATER}",
        ),
        "numbers.share_cents, line 3: dates out of order: 2019-12-31 stands after 2020-01-01",
    ),
    "an unknown number": (
        ("  share_cents:\n", "  share_cent:\n"),
        "numbers.share_cent: unknown number; did you mean share_cents?",
    ),
    "an unknown key": (
        (FIRST_SHARE, FIRST_SHARE.replace("announced", "anounced")),
        f"{WHERE}: unknown key 'anounced'; did you mean announced?",
    ),
    "an unknown part": (
        ("\ntexts:\n", "\ntext: {}\ntexts:\n"),
        "text: unknown part; did you mean texts?",
    ),
    "an article that nobody read": (
        (f"{FIRST_SHARE} text: BVR2013", f'{FIRST_SHARE} text: BVR2013, article: "5"'),
        f"{WHERE}: an article number without a source of grade A: a number that nobody read",
    ),
    "an article in a remark": (
        (FIRST_SHARE, f'{FIRST_SHARE} note: "see art. 12",'),
        f"{WHERE}: an article number without a source of grade A: a number that nobody read",
    ),
    "a day that does not exist": (
        (FIRST_SHARE, FIRST_SHARE.replace("2013-07-01", "2013-02-29")),
        f"{WHERE}: from '2013-02-29' is no day; write it like 2025-03-01",
    ),
    "no grade": (
        (FIRST_SHARE, FIRST_SHARE.replace(" grade: B,", "")),
        f"{WHERE}: grade None is not A, B, C or D",
    ),
    "money without a word about VAT": (
        ("    vat_included: true\n", ""),
        "numbers.share_cents: money needs vat_included: true or false",
    ),
}


@pytest.mark.parametrize("what", DRAFTS)
def test_a_draft_is_refused_that_has(loopbaan, what):
    change, sentence = DRAFTS[what]
    said = loopbaan("law", "--check", _draft(change))
    assert (said.code, said.out) == (2, "")
    *faults, sum_up = said.faults
    assert any(fault.startswith(f"draft.yaml: {sentence}") for fault in faults), said.err
    plural = "s" if len(faults) > 1 else ""
    assert sum_up == f"loopbaan law: {len(faults)} fault{plural} in draft.yaml"


def test_every_fault_of_a_draft_is_told_at_once(loopbaan):
    changes = [DRAFTS[what][0] for what in ("the wrong unit", "money without a word about VAT")]
    said = loopbaan("law", "--check", _draft(*changes, DRAFTS["no source"][0]))
    assert len(said.faults) == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "a policy file has the parts texts, sources and numbers; this one has no parts"),
        ("- 1\n", "a policy file has the parts texts, sources and numbers; this one has no parts"),
        ("numbers: {a: 1}\n", "texts: missing or empty; a policy file has the parts"),
        ("a: &b [*b]\n", "line 1: is not plain YAML: an alias (*b) is not accepted here"),
        ("a: !!python/name:os.system\n", "line 1: is not plain YAML: a tag (!…) is not accepted"),
        ("a: 1\na: 2\n", "line 2: is not plain YAML: a twice"),
        ("\x00", "is not text: it holds control characters"),
    ],
)
def test_a_draft_that_is_no_policy_file_is_refused(loopbaan, content, sentence):
    Path("draft.yaml").write_text(content, "utf-8")
    said = loopbaan("law", "--check", "draft.yaml")
    assert said.code == 2
    assert said.err.startswith("draft.yaml")
    assert sentence in said.err


def test_a_draft_that_is_not_there_is_told(loopbaan):
    said = loopbaan("law", "--check", "draft.yaml")
    assert said.code == 2
    assert said.faults[0] == "draft.yaml: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    "change",
    [
        ("\nsources:\n", '\nsources:\n  5: {grade: C, date: "2025", url: "nowhere"}\n'),
        ("\ntexts:\n", "\ntexts:\n  2013: {en: a decree, nl: een besluit}\n"),
    ],
)
def test_a_code_that_is_a_number_is_refused(loopbaan, change):
    unknown = (FIRST_SHARE, FIRST_SHARE.replace("[S4]", "[S404]"))
    assert loopbaan("law", "--check", _draft(change)).code == 2
    assert loopbaan("law", "--check", _draft(change, unknown)).code == 2


def test_a_released_rulebook_is_kept_under_its_hash(loopbaan, monkeypatch, tmp_path):
    monkeypatch.setattr(rulebook, "release", partial(rulebook.release, folder=tmp_path / "kept"))
    said = loopbaan("law", "--release")
    assert (said.code, said.out) == (0, f"kept as {BOOK.hash}.json\n")
    kept = (tmp_path / "kept" / f"{BOOK.hash}.json").read_text("utf-8")
    assert json.loads(kept) == BOOK.content


@pytest.mark.parametrize("words", [["law"], ["law", "--json"], ["law", "--check", POLICY_FILE]])
def test_the_law_is_told_without_numpy(words):
    code = (
        "import sys; from loopbaan.command import main; assert main(sys.argv[1:]) == 0;"
        " assert 'numpy' not in sys.modules, 'numpy was imported'"
    )
    subprocess.run(
        (sys.executable, "-c", code, *map(str, words)),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_every_day_on_which_a_number_changes_is_a_difference_with_the_day_before(loopbaan):
    for day in BOOK.change_days()[1:]:
        before = date.fromordinal(day.toordinal() - 1)
        words = ("--diff", before, day, "--known-on", "2099-01-01")
        assert _law(loopbaan, *words)["changed"], f"nothing changes on {day}"
