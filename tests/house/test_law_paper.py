"""docs/law.md names every reason and every number, where it is applied, and how sure it is."""

import ast
import re
from datetime import date
from importlib import import_module
from pathlib import PurePath

import pytest

from loopbaan.law import rulebook
from loopbaan.law.guidance import Objection
from loopbaan.law.policy import BOUNDS, COUNTS_AS, KINDS
from loopbaan.law.refusals import Refusal
from loopbaan.law.sentences import CONDITIONS
from loopbaan.law.transitions import TALK_TRANSITIONS, TRANSITIONS
from tests.house.files import ROOT, python, tree

BOOK = rulebook.current()
TODAY = date(2026, 11, 23)  # the day whose status the paper gives
CODE = re.compile(r"`([^`]+)`")
NAMES = [PurePath(name).stem for name in python("loopbaan/law") if "__" not in name]
LAW = {name: import_module(f"loopbaan.law.{name}") for name in NAMES}


def _tables() -> dict[str, list[list[str]]]:
    """Return the rows of each chapter, cell by cell, without headings and rules."""
    chapters: dict[str, list[list[str]]] = {}
    for chapter in (ROOT / "docs/law.md").read_text("utf-8").split("\n## ")[1:]:
        lines = [line for line in chapter.splitlines() if re.match(r"\| (`|–)", line)]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        chapters[chapter.splitlines()[0].split(":")[0]] = rows
    return chapters


TABLES = _tables()
NUMBERS = TABLES["The numbers"]
REFUSALS = TABLES["The reasons against an order"]
OBJECTIONS = TABLES["Objections"]
ROWS = {row[0]: row for row in REFUSALS + OBJECTIONS + NUMBERS}


def _first(rows: list[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


def _sources(*keys: str) -> set[str]:
    return {code for key in keys for line in BOOK.numbers[key].lines for code in line.source}


def _is_open(key: str) -> bool:
    line = BOOK.line(key, TODAY, TODAY, "A")
    return line is not None and line.is_open


def test_every_reason_number_and_objection_has_one_row_in_its_order():
    assert _first(NUMBERS) == list(BOUNDS)
    assert _first(REFUSALS) == [each.code for each in Refusal]
    assert _first(OBJECTIONS) == [each.code for each in Objection]


def test_every_word_kind_reading_and_transition_has_its_row():
    policy = BOOK.on(TODAY)
    kinds = [(kind, getattr(policy, f"counts_{kind}")) for kind in KINDS]
    rows = TABLES["What a spell of a career counts as"]
    assert _first(rows)[: len(COUNTS_AS)] == list(COUNTS_AS)
    assert [(row[0].strip("`"), row[3].strip("`")) for row in rows[len(COUNTS_AS) :]] == kinds
    assert _first(TABLES["Readings"]) == list(BOOK.readings)
    moves = [CODE.findall(" ".join(row[:3])) for row in TABLES["How the law is applied, exactly"]]
    assert moves == [[*filter(None, (t.before, t.act)), *t.after] for t in TRANSITIONS]


def test_every_transition_of_a_talk_has_its_row():
    rows = TABLES["The life of a talk"]
    moves = [(row[0].strip("`–"), *CODE.findall(" ".join(row[1:3])), row[3]) for row in rows]
    assert moves == [(t.before or "", t.act, t.after, t.moved_by) for t in TALK_TRANSITIONS]


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row[0].strip("`"))
def test_every_function_that_is_named_exists(row):
    cell = row[2] if row[0].strip("`") not in BOUNDS else row[3]
    named = [] if cell.startswith("not applied yet: ") else CODE.findall(cell)
    assert named or cell.startswith("not applied yet: ")
    for name in named:
        module, _, function = name.partition(".")
        assert callable(getattr(LAW[module], function))


def test_every_function_that_reads_a_number_is_named_in_its_row():
    reads = {
        (node.attr, f"{PurePath(name).stem}.{function.name}")
        for name in python("loopbaan/law")
        if not name.endswith("/explanation.py")
        for function in tree(name).body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("policy")
        if node.attr in BOUNDS
    }
    named = {(row[0].strip("`"), name) for row in NUMBERS for name in CODE.findall(row[3])}
    assert reads
    assert reads - named == set()


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row[0].strip("`"))
def test_the_sources_and_the_status_of_a_number_are_those_of_its_lines(row):
    key, status = row[0].strip("`"), row[5]
    assert set(row[4].split()) == _sources(key)
    assert status in {"in force", "partly open", "open", "ended"}
    assert (status == "open") == _is_open(key)
    line = BOOK.line(key, TODAY, TODAY, "A")
    if status in {"in force", "ended"}:
        assert line is not None
        assert line.grade in "AB"
    if status == "ended":
        assert line is not None
        assert line.value is None


@pytest.mark.parametrize("row", REFUSALS + OBJECTIONS, ids=lambda row: row[0].strip("`"))
def test_a_reason_rests_on_the_numbers_of_its_sentences_and_on_their_sources(row):
    keys = CODE.findall(row[3])
    assert keys or row[3] == "a fact"
    if row in REFUSALS:
        mine = [each for each in CONDITIONS if each.refusal.code == row[0].strip("`")]
        assert keys == [key for each in mine for key in each.numbers]
    if keys:
        assert set(row[4].split()) == _sources(*keys)
    assert set(row[4].split()) <= set(BOOK.content["sources"])
    assert (row[5] == "open") == any(map(_is_open, keys))
