"""The facts of a worker as files give them: each column's form, checked, and turned into arrays.

A value is read as text, whatever file it came from, so that one set of checks serves YAML, CSV and
Parquet. Texts repeat, so each distinct one is parsed once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.law import career
from loopbaan.law.checks import EARLIEST, LATEST, day_of, nearest
from loopbaan.law.months import NO_DAY, Days, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Facts
from loopbaan.law.policy import KINDS

MOST_REMEMBERED = 200_000  # distinct texts of one column kept at a time
_BAD = object()

Parse = Callable[[str], Any]


class Wrong(ValueError):
    """A text is not what its column expects; the message says what is."""


@dataclass(frozen=True)
class Column:
    """One column: its type in YAML, how its text is parsed, and what stands where it is bad."""

    name: str
    types: tuple[type, ...]
    parse: Parse
    harmless: Any
    needed: bool = True


@dataclass
class Columns:
    """Columns of one batch: the parsed values, and the faults by row."""

    count: int
    values: dict[str, list[Any]] = field(default_factory=dict)
    faults: dict[int, list[str]] = field(default_factory=dict)

    def fault(self, row: int, name: str, what: str) -> None:
        """Note what is wrong with one cell."""
        self.faults.setdefault(row, []).append(f"{name}: {what}")


class _Memory(dict[str, Any]):
    """Parses a text once; forgets all when it has seen too many, so that memory stays bounded."""

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Any:
        try:
            value = self.parse(text.strip())
        except Wrong:
            return _BAD
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[text] = value
        return value


def printable(text: str) -> str:
    """Return a text from a file as it may be shown: without signs that a terminal obeys."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def one_of(words: Sequence[str]) -> Parse:
    """Parse one of some words into its place among them."""
    places = {word: place for place, word in enumerate(words)}

    @lru_cache(maxsize=1_000)  # one wrong word may stand in a million rows
    def hint(text: str) -> str:
        return nearest(text, words)

    def parse(text: str) -> int:
        if text not in places:
            raise Wrong(f"expected one of {', '.join(words)}, found {text!r}{hint(text)}")
        return places[text]

    return parse


def whole(low: int, high: int) -> Parse:
    """Parse a whole number within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII) or not low <= int(text) <= high:
            raise Wrong(f"expected a whole number from {low} to {high}, found {text!r}")
        return int(text)

    return parse


def yes_no(text: str) -> bool:
    """Parse true or false, in small or capital letters."""
    if text.lower() not in ("true", "false"):
        raise Wrong(f"expected true or false, found {text!r}")
    return text.lower() == "true"


def day(text: str) -> int:
    """Parse a calendar day into its number."""
    return _day(text, EARLIEST)


def birth_to_now(text: str) -> int:
    """Parse a day of a career, which may lie longer ago than the scheme."""
    return _day(text, date(1900, 1, 1))


def _day(text: str, earliest: date) -> int:
    found = day_of(text)
    if found is None:
        raise Wrong(f"expected a day that exists, written like 2025-03-01, found {text!r}")
    if not earliest <= found < LATEST:
        years = f"{earliest.year} to {LATEST.year - 1}"
        raise Wrong(f"expected a day in the years {years}, found {text!r}")
    return day_number(found)


def days(text: str) -> tuple[int, ...]:
    """Parse days joined by `;` into their numbers, in order; none is an empty text."""
    return tuple(sorted(day(each.strip()) for each in text.split(";") if each.strip()))


def language(text: str) -> bool:
    """Parse a language code; only whether it is Dutch matters to the law."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", text, re.ASCII):
        raise Wrong(f"expected a language code like nl, fr or en, found {text!r}")
    return text.split("-", maxsplit=1)[0] == "nl"


def end_day(text: str) -> int:
    """Parse the last day of a spell; an empty text runs on."""
    try:
        return birth_to_now(text) if text else int(career.RUNS_ON)
    except Wrong as wrong:
        raise Wrong(f"{wrong}; a spell that runs on has no last day") from None


SUMS = (
    Column("activity", (str,), one_of(ACTIVITIES), 3),
    Column("experience_days", (int,), whole(0, 40_000), 0),
    Column("experience_months", (int,), whole(0, 1_300), 0),
    Column("months_worked_in_last_24", (int,), whole(0, 24), 0),
    Column("agency_weeks_unbroken", (int,), whole(0, 5_000), 0),
)
OTHERS = (
    Column("lives_in", (str,), one_of(HOMES), 0),
    Column("moved_from_eea", (bool,), yes_no, False),
    Column("works_in", (str,), one_of(WORKPLACES), 0),
    Column("vouchers_started_on", (list,), days, ()),
    Column("last_voucher_closed", (bool,), yes_no, True),
    Column("guidance_language", (str,), language, True),
    Column("open_order", (bool,), yes_no, False, needed=False),
)
FACTS = OTHERS[:3] + SUMS + OTHERS[3:]
FACT_NAMES = tuple(each.name for each in FACTS)
SUM_NAMES = tuple(each.name for each in SUMS)
SPELL = (
    Column("from", (str,), birth_to_now, 0),
    Column("to", (str,), end_day, int(career.RUNS_ON), needed=False),
    Column("kind", (str,), one_of(KINDS), 0),
    Column("certified", (bool,), yes_no, False, needed=False),
)


class Reader:
    """Turns columns of texts into values, remembering what it parsed from batch to batch."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._memory = {each.name: _Memory(each.parse) for each in columns}

    def read(self, texts: Mapping[str, Sequence[str]], count: int) -> Columns:
        """Parse the columns of a batch; a bad cell is noted and holds a harmless value."""
        out = Columns(count)
        for column in self.columns:
            cells = texts.get(column.name)
            if cells is None:
                out.values[column.name] = [column.harmless] * count
                continue
            memory = self._memory[column.name]
            found = [memory[cell] for cell in cells]
            out.values[column.name] = found
            if _BAD in found or "" in cells:
                self._note(column, cells, out)
        return out

    def _note(self, column: Column, cells: Sequence[str], out: Columns) -> None:
        found = out.values[column.name]
        for row, cell in enumerate(cells):
            is_empty = not cell.strip()
            if is_empty and not column.needed:
                found[row] = column.harmless
            elif is_empty and column.types != (list,):
                found[row] = column.harmless
                out.fault(row, column.name, "is missing")
            elif found[row] is _BAD:
                found[row] = column.harmless
                try:
                    column.parse(cell.strip())
                except Wrong as wrong:
                    out.fault(row, column.name, f"{wrong!s:.600}")


def facts_of(columns: Columns) -> Facts:
    """Return the facts of a batch as the arrays that the law reads."""
    value = columns.values
    started = value["vouchers_started_on"]
    last = [each[-1] if each else NO_DAY for each in started]
    previous = [each[-2] if len(each) > 1 else NO_DAY for each in started]
    return Facts(
        lives_in=np.array(value["lives_in"], np.uint8),
        moved_from_eea=np.array(value["moved_from_eea"], np.bool_),
        works_in=np.array(value["works_in"], np.uint8),
        activity=np.array(value["activity"], np.uint8),
        experience_days=np.array(value["experience_days"], np.int32),
        experience_months=np.array(value["experience_months"], np.int16),
        months_worked_in_last_24=np.array(value["months_worked_in_last_24"], np.int8),
        agency_weeks_unbroken=np.array(value["agency_weeks_unbroken"], np.int16),
        last_started_on=np.array(last, np.int32),
        previous_started_on=np.array(previous, np.int32),
        last_voucher_closed=np.array(value["last_voucher_closed"], np.bool_),
        open_order=np.array(value["open_order"], np.bool_),
        in_dutch=np.array(value["guidance_language"], np.bool_),
    )


def spells_of(columns: Columns, offsets: NDArray[np.int64]) -> career.Spells:
    """Return spells as the arrays that the law counts; `offsets` bound those of each worker."""
    value = columns.values
    return career.Spells(
        offsets=offsets,
        starts_on=np.array(value["from"], np.int32),
        ends_on=np.array(value["to"], np.int32),
        kind=np.array(value["kind"], np.uint8),
        certified=np.array(value["certified"], np.bool_),
    )


def note_short_spells(columns: Columns) -> None:
    """Note the spells that end before they begin."""
    starts: Days = np.array(columns.values["from"], np.int32)
    ends: Days = np.array(columns.values["to"], np.int32)
    for row in np.flatnonzero(ends < starts):
        if row not in columns.faults:
            columns.fault(
                int(row), "to", "expected a day on or after from: the spell ends before it begins"
            )
