"""Bad input: one clear sentence with file, row, column and what was expected; exit code 2; and the
good rows are decided all the same.
"""

import json
import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from loopbaan.command.cases import EXAMPLE
from tests.command.cast import (
    ABSENT,
    AN,
    BRAM,
    HEADER,
    MEMORY,
    case,
    cells,
    child,
    with_career,
    write_csv,
    write_text,
    write_yaml,
)

HOMES = "flanders, brussels, wallonia, eea, elsewhere"
NO_DAY = "expected a day that exists, written like 2025-03-01, found"
ANNOUNCED = "when the first law was announced"
SUMS = (
    "activity, experience_days, experience_months, months_worked_in_last_24, agency_weeks_unbroken"
)
EMPLOYEE = {"from": date(2014, 9, 1), "kind": "employee"}

# What is changed in An's facts, and the sentences that say what was expected.
BAD_FACTS = {
    "a word that is none of the words": (
        {"lives_in": "walonia"},
        [f"lives_in: expected one of {HOMES}, found 'walonia'; did you mean wallonia?"],
    ),
    "a word far from all": (
        {"works_in": "zzz"},
        [f"works_in: expected one of {HOMES}, none, found 'zzz'"],
    ),
    "a negative number": (
        {"experience_days": -1},
        ["experience_days: expected a whole number from 0 to 40000, found '-1'"],
    ),
    "a huge number": (
        {"experience_days": 10**30},
        [f"experience_days: expected a whole number from 0 to 40000, found '{10**30}'"],
    ),
    "twenty-five months in the last twenty-four": (
        {"months_worked_in_last_24": 25},
        ["months_worked_in_last_24: expected a whole number from 0 to 24, found '25'"],
    ),
    "a broken number": (
        {"experience_months": "99.5"},
        ["experience_months: expected a whole number from 0 to 1300, found '99.5'"],
    ),
    "a yes or no that is a maybe": (
        {"moved_from_eea": "maybe"},
        ["moved_from_eea: expected true or false, found 'maybe'"],
    ),
    "a language in a whole word": (
        {"guidance_language": "Nederlands"},
        ["guidance_language: expected a language code like nl, fr or en, found 'Nederlands'"],
    ),
    "a day that does not exist": (
        {"ordered_on": "2025-02-30", "vouchers_started_on": [date(2020, 1, 6)]},
        [f"ordered_on: {NO_DAY} '2025-02-30'"],
    ),
    "29 February in a year without it": (
        {"ordered_on": "2025-02-29"},
        [f"ordered_on: {NO_DAY} '2025-02-29'"],
    ),
    "a day as it is written in a letter": (
        {"ordered_on": "10/02/2025"},
        [f"ordered_on: {NO_DAY} '10/02/2025'"],
    ),
    "an order before the scheme began": (
        {"ordered_on": date(2013, 6, 30)},
        ["ordered_on: expected a day from 2013-07-01 on, found 2013-06-30"],
    ),
    "an order long before the scheme": (
        {"ordered_on": date(2012, 2, 29)},
        ["ordered_on: expected a day from 2013-07-01 on, found 2012-02-29"],
    ),
    "an order in a far century": (
        {"ordered_on": date(2100, 1, 1)},
        ["ordered_on: expected a day in the years 1990 to 2099, found '2100-01-01'"],
    ),
    "knowledge before anything was announced": (
        {"known_on": date(2013, 5, 16)},
        [
            f"known_on: expected a day from 2013-05-17 on, {ANNOUNCED}, found 2013-05-16",
        ],
    ),
    "a reading that nobody reads": (
        {"reading": "month"},
        ["reading: expected one of A, B, months, found 'month'; did you mean months?"],
    ),
    "a voucher started after the order day": (
        {"vouchers_started_on": [date(2020, 1, 6), date(2025, 2, 11)]},
        ["vouchers_started_on: expected days up to the order day 2025-02-10, found 2025-02-11"],
    ),
    "a voucher started on no day": (
        {"vouchers_started_on": [date(2020, 1, 6), "2024-02-30"]},
        [f"vouchers_started_on: {NO_DAY} '2024-02-30'"],
    ),
    "an empty id": ({"id": "  "}, ["id: expected a text that is not empty"]),
    "two faults at once": (
        {"lives_in": "zzz", "activity": "pilot"},
        [
            f"lives_in: expected one of {HOMES}, found 'zzz'",
            "activity: expected one of employee, self_employed, agency, none, found 'pilot'",
        ],
    ),
}


@pytest.mark.parametrize("what", BAD_FACTS)
@pytest.mark.parametrize("write", [write_yaml, write_csv])
def test_a_bad_row_is_told_and_the_good_ones_are_decided(loopbaan, write, what):
    changes, sentences = BAD_FACTS[what]
    bad = case(**{"id": "bad"} | changes)
    name, first = ("cases.yaml", 1) if write is write_yaml else ("cases.csv", 2)
    said = loopbaan("decide", write(name, case(), bad, case(id="last")), "--json")
    assert said.code == 2
    who = f" ({bad['id']})" if bad["id"].strip() else ""
    assert said.faults == [f"{name}, row {first + 1}{who}: {each}" for each in sentences]
    assert [json.loads(line)["id"] for line in said.out.splitlines()] == ["an", "last"]


@pytest.mark.parametrize("write", [write_yaml, write_csv])
def test_29_february_of_a_leap_year_and_a_voucher_started_on_the_order_day_are_fine(
    loopbaan, write
):
    leap = date(2024, 2, 29)
    path = write(f"x.{'csv' if write is write_csv else 'yaml'}", case(ordered_on=leap))
    assert loopbaan("decide", path).code == 0
    same = case(ordered_on=leap, vouchers_started_on=[leap])
    assert loopbaan("decide", write(path.name, same)).code == 0


SPELLS = {
    "that ends before it begins": (
        {"to": date(2014, 8, 31)},
        "career, spell 2, to: expected a day on or after from: the spell ends before it begins",
    ),
    "of an unknown kind": (
        {"kind": "employe"},
        "career, spell 2, kind: expected one of employee, self_employed, agency,",
    ),
    "without a first day": ({"from": None}, "career, spell 2, from: is missing"),
    "from no day": ({"from": "2014-02-30"}, f"career, spell 2, from: {NO_DAY} '2014-02-30'"),
    "from before everybody": (
        {"from": date(1899, 12, 31)},
        "career, spell 2, from: expected a day in the years 1900 to 2099, found '1899-12-31'",
    ),
    "with an unknown key": (
        {"certificate": True},
        "career, spell 2, certificate: unknown; did you mean certified?",
    ),
    "certified perhaps": (
        {"certified": "perhaps"},
        "career, spell 2, certified: expected true or false, found 'perhaps'",
    ),
}


@pytest.mark.parametrize("what", SPELLS)
def test_a_career_with_a_spell(loopbaan, what):
    change, sentence = SPELLS[what]
    path = write_yaml("spells.yaml", with_career(EMPLOYEE, EMPLOYEE | change), BRAM)
    said = loopbaan("decide", path, "--json")
    assert said.code == 2
    assert len(said.faults) == 1
    assert said.err.startswith(f"spells.yaml, row 1 (an): {sentence}")
    assert json.loads(said.out)["id"] == "bram"


CASES = {
    "both forms": (
        case(career=[EMPLOYEE]),
        f"career: expected either a career or {SUMS}, not both",
    ),
    "a missing fact": (case(lives_in=ABSENT), "lives_in: is missing"),
    "an empty fact": (case(lives_in=None), "lives_in: is missing"),
    "neither form": (case(experience_days=ABSENT), "experience_days: is missing"),
    "no facts": ({"id": "an"}, "facts: is missing; `loopbaan decide --example` prints a case"),
    "an unknown fact": (
        case() | {"facts": AN["facts"] | {"lifes_in": "flanders"}},
        "lifes_in: unknown; did you mean lives_in?",
    ),
    "an unknown key": (case(order_on=date(2025, 1, 1)), "order_on: unknown; did you mean"),
    "a list for a word": (case(lives_in=["flanders"]), "lives_in: expected one value, found"),
    "a career that is no list": (
        with_career() | {"facts": with_career()["facts"] | {"career": "long"}},
        "career: expected a list of spells {from, to, kind, certified}",
    ),
    "a spell that is no spell": (
        with_career("long"),
        "career, spell 1: expected {from, to, kind, certified}, found 'long'",
    ),
    "another act": (case(act="payout"), "act: expected ordering, found 'payout'"),
    "an expectation of something else": (
        case(expect={"minuts": 240}),
        "expect.minuts: unknown; did you mean minutes?",
    ),
    "an unknown reason": (
        case(expect={"refusals": ["residense"]}),
        "expect.refusals: unknown reason 'residense'; did you mean residence?",
    ),
    "an expectation that is a word": (case(expect="yes"), "expect: expected keys of the answer"),
}


@pytest.mark.parametrize("what", CASES)
def test_a_case_with(loopbaan, what):
    bad, sentence = CASES[what]
    said = loopbaan("decide", write_yaml("cases.yaml", bad, BRAM), "--json")
    assert said.code == 2
    assert len(said.faults) == 1
    assert said.err.startswith(f"cases.yaml, row 1 (an): {sentence}")
    assert json.loads(said.out)["id"] == "bram"


def test_an_entry_that_is_no_case_is_told_once(loopbaan):
    path = Path("cases.yaml")
    path.write_text(EXAMPLE + "- just a text\n", "utf-8")
    said = loopbaan("decide", path)
    expected = "cases.yaml, row 3: expected a case (id, ordered_on, facts), found 'just a text'"
    assert (said.code, said.faults) == (2, [expected])
    assert "2 beslist" in said.out


@pytest.mark.parametrize("write", [write_yaml, write_csv])
def test_an_id_that_comes_twice_is_told_at_its_second_place(loopbaan, write):
    path = write(f"x.{'csv' if write is write_csv else 'yaml'}", case(), case(id="b"), case())
    said = loopbaan("decide", path, "--json")
    row = 4 if write is write_csv else 3
    sentence = "id: expected a text of its own; 'an' stands in the file twice"
    assert (said.code, said.faults) == (2, [f"{path}, row {row} (an): {sentence}"])
    assert len(said.out.splitlines()) == 2


PLAIN = "is not plain YAML:"
FILES = {
    "an empty file": (b"", "x.yaml: is empty; `loopbaan decide --example` prints a case"),
    "a file with a comment only": (b"# to do\n", "x.yaml: is empty;"),
    "an empty list": (b"[]\n", "x.yaml: is empty;"),
    "a binary file": (b"\x7fELF\x02\x01\x01\x00\x00", "x.yaml: is not text: it holds control"),
    "text that is not UTF-8": (
        EXAMPLE.replace("an  ", "an\xe9", 1).encode("latin-1"),
        "x.yaml: is not text in UTF-8 (byte ",
    ),
    "a mapping": (b"id: an\n", "x.yaml: expected a list of cases (- id: \u2026);"),
    "a word": (b"hello\n", "x.yaml: expected a list of cases (- id: \u2026);"),
    "a Python object": (
        b"- !!python/object/apply:os.system [touch hacked]\n",
        f"x.yaml, line 1: {PLAIN} a tag (!\u2026) is not accepted here; write plain values",
    ),
    "an alias that holds itself": (
        b"- &loop\n  id: *loop\n",
        f"x.yaml, line 2: {PLAIN} an alias (*loop) is not accepted here; write the thing out",
    ),
    "a key twice": (b"- id: an\n  id: bram\n", f"x.yaml, line 2: {PLAIN} id twice"),
    "a list as a key": (b"- ? [a]\n  : b\n", f"x.yaml, line 1: {PLAIN} a key that is no text"),
    "a bracket that never closes": (b"- [a, b\n", f"x.yaml, line 2: {PLAIN}"),
    "a tab in the margin": (b"- id: an\n\tfacts: {}\n", f"x.yaml, line 2: {PLAIN}"),
    "two documents": (b"- id: an\n---\n- id: b\n", f"x.yaml, line 2: {PLAIN}"),
    "deep lists": (b"[" * 100_000, f"x.yaml, line 1: {PLAIN} it is more than 30 levels deep"),
    "deep mappings": (b"{a: " * 100_000, f"x.yaml, line 1: {PLAIN} it is more than 30 levels"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_no_list_of_cases_is_refused_and_the_next_one_decided(loopbaan, what):
    content, sentence = FILES[what]
    Path("x.yaml").write_bytes(content)
    said = loopbaan("decide", "x.yaml", write_yaml("an.yaml", AN), "--json")
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert len(said.faults) == 1
    assert json.loads(said.out)["id"] == "an"
    assert not Path("hacked").exists()


@pytest.mark.parametrize("name", ["x.yaml", "x.csv", "x.parquet"])
def test_a_file_that_is_not_there_or_is_a_folder_is_named(loopbaan, name):
    said = loopbaan("decide", name)
    assert (said.code, said.faults) == (2, [f"{name}: cannot be read: No such file or directory"])
    Path(name).mkdir()
    said = loopbaan("decide", name)
    assert (said.code, said.faults) == (2, [f"{name}: cannot be read: Is a directory"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["x.yaml", "x.csv", "x.parquet"])
def test_a_file_that_may_not_be_read_is_named(loopbaan, name):
    Path(name).write_text("secret", "utf-8")
    Path(name).chmod(0)
    said = loopbaan("decide", name)
    assert (said.code, said.faults) == (2, [f"{name}: cannot be read: Permission denied"])


# Nine times nine times nine …: a few lines that would unfold into millions of texts.
BOMB = "- &a0 [boom, boom, boom, boom, boom, boom, boom, boom, boom]\n" + "".join(
    f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("piece", "times", "sentence"),
    [
        (BOMB, 1, f"{PLAIN} an alias (*a0) is not accepted here"),
        ("- &loop [*loop]\n", 1, f"{PLAIN} an alias (*loop) is not accepted here"),
        ("[", 5_000_000, f"{PLAIN} it is more than 30 levels deep"),
        ("- a\n", 5_250_000, "larger than 20 MB; split it"),
    ],
    ids=["bomb", "loop", "depth", "size"],
)
def test_a_file_made_to_fill_the_memory_is_refused_in_little_of_it(piece, times, sentence):
    Path("bomb.yaml").write_text(piece * times, "utf-8")
    said = child("decide", "bomb.yaml", memory=MEMORY)
    assert said.code == 2
    assert sentence in said.err


def test_a_file_of_too_many_things_is_refused_too():
    Path("many.yaml").write_text("[" + "a," * 1_500_000 + "]", "utf-8")
    assert child("decide", "many.yaml", memory=MEMORY // 3).code == 2


@pytest.mark.parametrize("name", ["x.yaml", "x.csv", "x.parquet"])
def test_a_line_that_never_ends_is_refused_in_little_memory(name):
    Path(name).symlink_to("/dev/zero")
    said = child("decide", name, memory=MEMORY)
    assert said.code == 2
    assert said.faults == [
        {
            "x.yaml": "x.yaml: larger than 20 MB; split it",
            "x.csv": "x.csv: a line of over 1,000,000 characters; is it a table?",
            "x.parquet": "x.parquet: is no Parquet file",
        }[name]
    ]


def test_a_very_long_word_is_cut_off_in_the_sentence(loopbaan):
    path = write_csv("x.csv", case(lives_in="v" * 100_000), case(id="w" * 1_000, works_in="mars"))
    said = loopbaan("decide", path)
    assert said.code == 2
    assert len(said.faults) == 2
    assert max(map(len, said.faults)) < 700


def test_every_fault_is_counted_and_the_first_twenty_are_told(loopbaan):
    lines = [",".join(HEADER), *(",".join(_row(f"b{n}")) for n in range(30))]
    said = loopbaan("decide", write_text("many.csv", *lines))
    assert said.code == 2
    assert said.faults[0].startswith("many.csv, row 2 (b0): lives_in: expected one of")
    assert said.faults[19].startswith("many.csv, row 21 (b19): lives_in:")
    assert said.faults[20:] == ["many.csv: and 10 faults more; --out FILE writes each in its row"]
    assert "niet beslist, met een fout: 30" in said.out


def _row(name):
    row = cells(case(id=name, lives_in="Vlaanderen"))
    return [row.get(column, "") for column in HEADER]


def test_the_loader_of_the_cases_keeps_what_yaml_would_turn_into_something_else(loopbaan):
    # 1.1's surprises: no is not false, 1:30 is no number of base 60, 0o17 is a text.
    made = case(id="no", guidance_language="nl", title="1:30", note="0o17")
    text = yaml.safe_dump([made]).replace("'no'", "no").replace("'1:30'", "1:30")
    said = loopbaan("decide", write_text("no.yaml", text), "--json")
    assert (said.code, json.loads(said.out)["id"]) == (0, "no")
