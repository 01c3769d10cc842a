"""`loopbaan decide` with careers as a second table: it says the same as a career in a case."""

import json
import tempfile
from contextlib import redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.command import main, tables
from loopbaan.law.policy import KINDS
from tests.command.cast import (
    BRAM,
    case,
    cell,
    with_career,
    write_csv,
    write_parquet,
    write_text,
    write_yaml,
)

HEADER = ("id", "from", "to", "kind", "certified")
AT_WORK = {"from": date(2014, 9, 1), "kind": "employee"}
AN = with_career(AT_WORK, ordered_on=BRAM["ordered_on"])


def _spells(*made):
    return [{"id": each["id"]} | spell for each in made for spell in each["facts"]["career"]]


def _write_spells(name, *made):
    rows = [[cell(spell.get(column)) for column in HEADER] for spell in _spells(*made)]
    return write_text(name, *(",".join(row) for row in [HEADER, *rows]))


def _answers(said):
    return [json.loads(line) for line in said.out.splitlines()]


@st.composite
def _careers(draw):
    """One to four workers who order in 2026, each with up to five spells in any order."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        spells = []
        for _ in range(draw(st.integers(0, 5))):
            start = draw(st.dates(date(2010, 1, 1), date(2027, 1, 1)))
            end = start + timedelta(days=draw(st.integers(0, 4_000)))
            spell = {"from": start, "to": draw(st.none() | st.just(end))}
            spells.append(spell | {"kind": draw(st.sampled_from(KINDS))})
            spells[-1] |= {"certified": draw(st.booleans())}
        made.append(with_career(*spells, id=f"w{number}", ordered_on=date(2026, 3, 2)))
    return [*made, AN]


@settings(max_examples=40, deadline=None)
@given(made=_careers())
def test_careers_in_a_second_table_say_the_same_as_in_a_case(made):
    said = []
    for form in ("yaml", "csv"):
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()) as out:
            if form == "yaml":
                words = [write_yaml(f"{folder}/x.yaml", *made)]
            else:
                spells = _write_spells(f"{folder}/spells.csv", *made)
                words = [write_csv(f"{folder}/x.csv", *made), "--careers", spells]
            assert main(["decide", "--json", *map(str, words)]) == 0
        said.append(out.getvalue())
    assert said[0] == said[1]


def test_both_tables_may_be_parquet_and_parts_change_nothing(loopbaan, monkeypatch):
    made = [AN, BRAM, AN | {"id": "cas"}]
    expected = loopbaan("decide", write_yaml("x.yaml", *made), "--json").out
    bare = [each | {"facts": _without_career(each)} for each in made]
    path = write_parquet("x.parquet", *bare)
    pl.DataFrame(_spells(*made), schema_overrides={"to": pl.Date}).write_parquet("spells.parquet")
    for part in (50_000, 2):
        monkeypatch.setattr(tables, "PART", part)
        said = loopbaan("decide", path, "--careers", "spells.parquet", "--json")
        assert (said.code, said.out) == (0, expected)


def _without_career(made):
    return {name: value for name, value in made["facts"].items() if name != "career"}


def test_a_worker_without_spells_has_no_career_and_is_decided(loopbaan):
    path = write_csv("x.csv", AN, AN | {"id": "new"})
    said = loopbaan("decide", path, "--careers", _write_spells("spells.csv", AN), "--json")
    assert said.code == 0
    assert [each["refusals"] for each in _answers(said)] == [[], ["activity", "experience"]]


def test_spells_of_nobody_are_told_and_everybody_is_decided(loopbaan):
    spells = _write_spells("spells.csv", AN, BRAM, AN | {"id": "zoë"})
    said = loopbaan("decide", write_csv("x.csv", AN, BRAM), "--careers", spells, "--json")
    assert said.code == 2
    assert said.faults == ["spells.csv: id 'zoë' has spells but is no worker of the table"]
    assert [each["id"] for each in _answers(said)] == ["an", "bram"]


BAD = {
    "an unknown kind": ("an,2014-09-01,,employe,", "kind: expected one of employee, self_employed"),
    "an end before its begin": (
        "an,2014-09-01,2014-08-31,employee,",
        "to: expected a day on or after from: the spell ends before it begins",
    ),
    "no day": ("an,2014-02-30,,employee,", "from: expected a day that exists, written like"),
    "no first day": ("an,,,employee,", "from: is missing"),
    "a doubtful certificate": (
        "an,2014-09-01,,abroad,maybe",
        "certified: expected true or false, found 'maybe'",
    ),
    "a cell too few": ("an,2014-09-01,,employee", "expected 5 cells, found 4"),
}


@pytest.mark.parametrize("what", BAD)
def test_the_row_of_a_spell_is_told_at_its_worker_with(loopbaan, what):
    line, sentence = BAD[what]
    bram = _write_spells("spells.csv", BRAM).read_text("utf-8").splitlines()
    path = write_text("spells.csv", *bram, line)
    said = loopbaan("decide", write_csv("x.csv", AN, BRAM), "--careers", path, "--json")
    assert (said.code, len(said.faults)) == (2, 1)
    assert said.err.startswith(f"x.csv, row 2 (an): career (spells.csv, row 4), {sentence}")
    assert [each["id"] for each in _answers(said)] == ["bram"]


FILES = {
    "missing": (None, "spells.csv: cannot be read: No such file or directory"),
    "empty": ("", "spells.csv: is empty; the first row names the columns: id, from, kind"),
    "a header only": ("id,from,to,kind\n", "spells.csv: has no rows below its header"),
    "without kinds": (
        "id,from,to,sort\nan,2014-09-01,,employee\n",
        "spells.csv: column is missing: kind; needed are id, from, kind",
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_the_second_table_is(loopbaan, what):
    content, sentence = FILES[what]
    if content is not None:
        Path("spells.csv").write_text(content, "utf-8")
    path = write_csv("x.csv", AN)
    said = loopbaan("decide", path, "--careers", "spells.csv", "--out", "out.csv")
    assert (said.code, said.out, said.faults) == (2, "", [sentence])
    assert not Path("out.csv").exists()


def test_a_row_that_gives_both_forms_is_bad_and_an_empty_cell_is_none(loopbaan):
    empty = AN | {"id": "empty", "facts": AN["facts"] | {"experience_days": None}}
    path = write_csv("x.csv", case(experience_days=3_000), empty)
    spells = _write_spells("spells.csv", AN, empty)
    said = loopbaan("decide", path, "--careers", spells, "--json")
    assert said.code == 2
    assert "x.csv, row 2 (an): experience_days: expected either a career or" in said.err
    assert [each["id"] for each in _answers(said)] == ["empty"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("x.csv", "--careers", "s.yaml"), "s.yaml: expected a name that ends in .csv or .parquet"),
        (("x.yaml", "--careers", "s.csv"), "--careers goes with a table; in YAML each case holds"),
        (("x.csv", "--careers", "s.csv", "--out", "s.csv"), "--out: would write over the input"),
    ],
)
def test_the_second_table_is_a_table_beside_a_table(loopbaan, words, sentence):
    for command in (["decide"], ["explain", "--id", "an"]):
        if command == ["decide"] or "--out" not in words:
            said = loopbaan(*command, *words)
            assert (said.code, said.out) == (2, "")
            assert said.err.startswith(f"loopbaan {command[0]}: {sentence}")
