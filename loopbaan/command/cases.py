"""Cases in YAML: a list of workers with their facts or career, and what is expected of each."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from loopbaan.command.batch import ANSWER, Texts
from loopbaan.command.columns import (
    FACT_NAMES,
    FACTS,
    SPELL,
    SUM_NAMES,
    Column,
    Reader,
    Wrong,
    note_short_spells,
    spells_of,
)
from loopbaan.law.checks import UnreadableFile, nearest
from loopbaan.law.refusals import Refusal
from loopbaan.law.rulebook import read_yaml

ACT = "ordering"
_CASE = (
    "id",
    "ordered_on",
    "known_on",
    "reading",
    "facts",
    "expect",
    "act",
    "title",
    "source",
    "note",
    "decision",  # the last two stand in what --out wrote, which can be decided again
    "error",
)
_NO_SUMS = {"activity": "none"}  # the other sums are 0 until the career is counted
COLUMNS = {column.name: column for column in FACTS}
EXPECTED: dict[type, str] = {
    bool: "true or false, without quotes",
    int: "a whole number, without quotes",
    list: "a list of days, such as [2019-05-06]",
}
_OPTIONAL = tuple(column.name for column in FACTS if not column.needed)

EXAMPLE = """\
# A case: who wants to order, on which day, and with which facts. Decide it with
#   loopbaan decide FILE
- id: an                            # any text, once in the file
  ordered_on: 2025-02-10
  # known_on: 2025-02-10            # the law as known on that day; the order day if left out
  # reading: A                      # A, B or months: where sources conflict (docs/law.md)
  facts:
    lives_in: flanders              # flanders | brussels | wallonia | eea | elsewhere
    moved_from_eea: false           # moved to Wallonia from another EU or EEA country
    works_in: brussels              # the same values, or none
    activity: employee              # employee | self_employed | agency | none
    experience_days: 3000           # days worked over the whole career
    experience_months: 100
    months_worked_in_last_24: 24    # 0 to 24
    agency_weeks_unbroken: 0        # longest run as an agency worker in the last 24 months
    vouchers_started_on: []         # days on which earlier vouchers were started
    last_voucher_closed: true
    guidance_language: nl
    open_order: false               # may be left out
  expect:                           # may be left out; only what stands here is compared
    may_order: true
    voucher: 1
- id: bram                          # the same with a career: the law counts the spells
  ordered_on: 2026-03-02
  facts:
    lives_in: flanders
    moved_from_eea: false
    works_in: brussels
    vouchers_started_on: []
    last_voucher_closed: true
    guidance_language: nl
    career:                         # instead of activity and the four sums
      - {from: 2018-01-08, to: 2019-12-20, kind: abroad, certified: false}
      - {from: 2020-06-29, to: null, kind: employee}
  expect: {may_order: false, refusals: [experience]}
"""


def read_cases(path: Path) -> Texts:
    """Read a file of cases.

    Raises:
        UnreadableFile: the file is no list of cases, or cannot be read at all.

    """
    entries = read_yaml(path)
    if entries is None or entries == []:
        raise UnreadableFile(f"{path}: is empty; `loopbaan decide --example` prints a case")
    if not isinstance(entries, list):
        raise UnreadableFile(
            f"{path}: expected a list of cases (- id: …); `loopbaan decide --example` prints one"
        )
    names = ("id", "ordered_on", "known_on", "reading", *FACT_NAMES)
    columns: dict[str, list[str]] = {name: [] for name in names}
    texts = Texts(str(path), range(1, len(entries) + 1), columns, raw=entries)
    careers = []
    for row, entry in enumerate(entries):
        case = _Case(entry)
        for name in names:
            columns[name].append(case.cells.get(name, ""))
        if case.faults:
            texts.faults[row] = case.faults
        if not isinstance(entry, dict):
            texts.broken.add(row)
        careers.append(case.career)
    texts.expects = [_expectation(texts, row, entry) for row, entry in enumerate(entries)]
    _add_careers(texts, careers)
    return texts


class _Case:
    """One entry of the list, its cells as texts."""

    def __init__(self, entry: Any) -> None:
        self.faults: list[str] = []
        self.cells: dict[str, str] = {}
        self.career: list[Any] | None = None
        if not isinstance(entry, dict):
            self.faults.append(f"expected a case (id, ordered_on, facts), found {entry!r}"[:200])
            self._fill_up(())
            return
        self._unknown(entry, _CASE)
        if entry.get("act", ACT) != ACT:
            self.faults.append(
                f"act: expected {ACT}, found {entry['act']!r}; decide decides orders"
            )
        for name in ("id", "ordered_on", "known_on", "reading"):
            self._cell(name, entry.get(name))
        facts = entry.get("facts")
        if not isinstance(facts, dict):
            self.faults.append("facts: is missing; `loopbaan decide --example` prints a case")
            self._fill_up(())
            return
        self._read_facts(facts)

    def _read_facts(self, facts: dict[Any, Any]) -> None:
        self._unknown(facts, (*FACT_NAMES, "career"))
        needed = [name for name in FACT_NAMES if name not in _OPTIONAL]
        if "career" in facts:
            both = [name for name in SUM_NAMES if name in facts]
            if both:
                self.faults.append(
                    f"career: expected either a career or {', '.join(both)}, not both"
                )
            if not isinstance(facts["career"], list):
                self.faults.append("career: expected a list of spells {from, to, kind, certified}")
            else:
                self.career = facts["career"]
            needed = [name for name in needed if name not in SUM_NAMES]
        for name in FACT_NAMES:
            if name in facts:
                self._cell(name, facts[name])
            elif name in needed:
                self.faults.append(f"{name}: is missing")
        self._fill_up(facts)

    def _cell(self, name: str, value: Any) -> None:
        text = cell_text(value, may_be_list=name == "vouchers_started_on")
        column = COLUMNS.get(name)
        types = column.types if column else ()
        if column and isinstance(value, str) and _is_quoted(column, value):
            text = None
        if list in types and not isinstance(value, list):
            text = None
        if text is None:
            expected = EXPECTED.get(types[0], "one value") if types else "one value"
            self.faults.append(f"{name}: expected {expected}, found {shown(value)}")
            self._fill(name)
        else:
            self.cells[name] = text

    def _fill_up(self, given: Iterable[Any]) -> None:
        """Put harmless texts where nothing stands, so that each fault is told once."""
        for name in FACT_NAMES:
            if name not in given and name not in _OPTIONAL:
                self._fill(name)

    def _fill(self, name: str) -> None:
        harmless = {"lives_in": "flanders", "works_in": "flanders", "activity": "none"}
        harmless |= {"moved_from_eea": "false", "last_voucher_closed": "true"}
        harmless |= {"guidance_language": "nl", "vouchers_started_on": ""}
        self.cells[name] = harmless.get(name, "" if name in _CASE else "0")

    def _unknown(self, entry: dict[Any, Any], known: tuple[str, ...]) -> None:
        for name in entry:
            if name not in known:
                self.faults.append(f"{name}: unknown{nearest(str(name), known)}")


def _is_quoted(column: Column, text: str) -> bool:
    """Whether a text would be right if it were no text: a number or a truth in quotes."""
    if str in column.types:
        return False
    try:
        column.parse(text)
    except Wrong:
        return False
    return True


def shown(value: Any) -> str:
    """Return a value as a sentence shows it, cut off where it is long."""
    return json.dumps(value, ensure_ascii=False, default=str)[:100]


def cell_text(value: Any, *, may_be_list: bool = False) -> str | None:
    """Return a plain value as the text of a cell, or None if it is no single value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | str):
        return str(value)
    if (
        may_be_list
        and isinstance(value, list)
        and all(isinstance(each, int | str) for each in value)
    ):
        return ";".join(str(each) or "?" for each in value)
    return None


def _expectation(texts: Texts, row: int, entry: Any) -> dict[str, Any] | None:
    expect = entry.get("expect") if isinstance(entry, dict) else None
    if expect is None:
        return None
    faults = texts.faults.setdefault(row, [])
    if not isinstance(expect, dict):
        faults.append("expect: expected keys of the answer, such as may_order or refusals")
        return None
    for name in expect:
        if name not in ANSWER:
            faults.append(f"expect.{name}: unknown{nearest(str(name), ANSWER)}")
    known = [each.code for each in Refusal]
    listed = expect.get("refusals", [])
    for code in listed if isinstance(listed, list) else [listed]:
        if code not in known:
            faults.append(f"expect.refusals: unknown reason {code!r}{nearest(str(code), known)}")
    if not faults:
        del texts.faults[row]
    return expect


def _add_careers(texts: Texts, careers: list[list[Any] | None]) -> None:
    """Read all spells of the file as one table, and bring its faults back to their cases."""
    if not any(each is not None for each in careers):
        return
    cells: dict[str, list[str]] = {column.name: [] for column in SPELL}
    owners, counts = [], []
    for row, spells in enumerate(careers):
        counts.append(len(spells or []))
        for place, spell in enumerate(spells or [], start=1):
            owners.append((row, place))
            _add_spell(texts, row, place, spell, cells)
    read = Reader(SPELL).read(cells, len(owners))
    note_short_spells(read)
    for index, found in read.faults.items():
        row, place = owners[index]
        if row not in texts.faults:
            texts.faults[row] = []
        texts.faults[row] += [f"career, spell {place}, {fault}" for fault in found]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    texts.spells = spells_of(read, offsets)
    texts.has_career = np.array([each is not None for each in careers])


def _add_spell(texts: Texts, row: int, place: int, spell: Any, cells: dict[str, list[str]]) -> None:
    faults = texts.faults.setdefault(row, [])
    names = tuple(cells)
    if not isinstance(spell, dict):
        faults.append(
            f"career, spell {place}: expected {{from, to, kind, certified}}, found {spell!r}"
        )
        spell = {"from": "2020-01-01", "kind": "employee"}
    for name in spell:
        if name not in names:
            faults.append(f"career, spell {place}, {name}: unknown{nearest(str(name), names)}")
    for name in names:
        text = cell_text(spell.get(name))
        if text is None:
            faults.append(f"career, spell {place}, {name}: expected one value")
        cells[name].append(text or "")
    if not faults:
        del texts.faults[row]
