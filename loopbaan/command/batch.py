"""A batch of workers from any file: checked together, decided together, row by row answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.command.columns import FACTS, Column, Reader, day, facts_of, one_of, printable
from loopbaan.law import career, ordering
from loopbaan.law.checks import DEFAULT_READING, LATEST
from loopbaan.law.months import NO_DAY, Days, calendar_day, day_number
from loopbaan.law.ordering import Decisions, Facts
from loopbaan.law.periods import periods
from loopbaan.law.refusals import codes
from loopbaan.law.rulebook import Rulebook

# What is written of a decision, in this order; `expect` may name any of them.
ANSWER = (
    "id",
    "may_order",
    "voucher",
    "minutes",
    "share_cents",
    "refusals",
    "first_day",
    "rulebook_hash",
)


@dataclass(frozen=True)
class Defaults:
    """What holds for a row that does not say: the order day, the day of knowledge, the reading."""

    ordered_on: date
    known_on: date | None = None
    reading: str = DEFAULT_READING


@dataclass
class Texts:
    """A batch as it was read: its ids, its columns as texts, and what was already found wrong.

    `numbers` are the rows' numbers as their file counts them. A `broken` row is no row at all:
    nothing more is said of it. `spells` are there if careers were given, and `has_career` tells for
    which rows.
    """

    source: str
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    faults: dict[int, list[str]] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    spells: career.Spells | None = None
    has_career: NDArray[np.bool_] | None = None
    expects: Sequence[dict[str, Any] | None] = ()
    raw: Any = None

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass
class Batch:
    """A checked batch. A row with faults holds harmless values and is never answered."""

    texts: Texts
    ids: Sequence[str]
    ordered_on: Days
    known_on: Days
    readings: Sequence[str]
    facts: Facts
    started_on: Sequence[tuple[int, ...]]
    faults: dict[int, list[str]]

    def faults_told(self) -> Iterator[str]:
        """Yield a sentence for each fault: file, row, column, what was expected."""
        for row in sorted(self.faults):
            name = f" ({' '.join(self.ids[row].split()):.60})" if self.ids[row] else ""
            for fault in self.faults[row]:
                told = f"{self.texts.source}, row {self.texts.numbers[row]}{name}: {fault}"
                yield printable(told)


class Checker:
    """Checks batch after batch of the same file: forms, ranges, and ids that may not come twice."""

    def __init__(self, rulebook: Rulebook, defaults: Defaults) -> None:
        self.rulebook = rulebook
        self.defaults = defaults
        self.seen: set[str] = set()
        last = day_number(LATEST)  # where the order day is bad, no other day is told to be late
        when = (
            Column("ordered_on", (str,), day, last, needed=False),
            Column("known_on", (str,), day, NO_DAY, needed=False),
            Column("reading", (str,), one_of(rulebook.readings), 0, needed=False),
        )
        self._reader = Reader((*FACTS, *when))

    def check(self, texts: Texts) -> Batch:
        """Check one batch; what is wrong is noted by row, and stops no other row."""
        count = len(texts)
        read = self._reader.read(texts.columns, count)
        for row, found in texts.faults.items():
            read.faults[row] = found + read.faults.get(row, [])
        ids = [text.strip() for text in texts.columns["id"]]
        ordered_on, known_on, places = self._when(texts, read.values)
        started_on = read.values["vouchers_started_on"]
        for row, name in enumerate(ids):
            if not name:
                read.fault(row, "id", "expected a text that is not empty")
            elif name in self.seen:
                read.fault(
                    row, "id", f"expected a text of its own; {name!r} stands in the file twice"
                )
            self.seen.add(name)
        self._check_days(read.fault, ordered_on, known_on, started_on)
        for row in texts.broken:
            read.faults[row] = texts.faults[row]
        for row in read.faults:
            ordered_on[row] = day_number(self.rulebook.first_day)
            known_on[row] = day_number(self.rulebook.news_days[-1])
        readings = [self.rulebook.readings[place] for place in places]
        facts = facts_of(read)
        return Batch(texts, ids, ordered_on, known_on, readings, facts, started_on, read.faults)

    def _when(self, texts: Texts, values: Mapping[str, list[Any]]) -> tuple[Days, Days, list[int]]:
        """Return each row's order day, day of knowledge and reading: its own, else the default."""
        columns, count = texts.columns, len(texts)
        ordered_on: Days = np.array(values["ordered_on"], np.int32)
        ordered_on[_empty(columns, "ordered_on", count)] = day_number(self.defaults.ordered_on)
        known_on: Days = np.array(values["known_on"], np.int32)
        absent = _empty(columns, "known_on", count)
        default = self.defaults.known_on
        known_on[absent] = ordered_on[absent] if default is None else day_number(default)
        places = np.array(values["reading"])
        places[_empty(columns, "reading", count)] = self.rulebook.readings.index(
            self.defaults.reading
        )
        return ordered_on, known_on, places.tolist()

    def _check_days(
        self, fault: Any, ordered_on: Days, known_on: Days, started_on: Sequence[tuple[int, ...]]
    ) -> None:
        first, news = self.rulebook.first_day, self.rulebook.news_days[0]
        for row in np.flatnonzero(ordered_on < day_number(first)):
            found = calendar_day(ordered_on[row])
            fault(int(row), "ordered_on", f"expected a day from {first} on, found {found}")
        is_own = (known_on != NO_DAY) & (known_on != ordered_on)
        for row in np.flatnonzero((known_on < day_number(news)) & is_own):
            found = calendar_day(known_on[row])
            what = f"expected a day from {news} on, when the first law was announced, found {found}"
            fault(int(row), "known_on", what)
        latest = np.array([days[-1] if days else NO_DAY for days in started_on], np.int32)
        for row in np.flatnonzero(latest > ordered_on):
            what = (
                f"expected days up to the order day {calendar_day(ordered_on[row])},"
                f" found {calendar_day(latest[row])}"
            )
            fault(int(row), "vouchers_started_on", what)


def decide(rulebook: Rulebook, batch: Batch) -> Decisions:
    """Decide every row of a batch under its own day, knowledge and reading."""
    if batch.texts.spells is not None:
        batch.facts = _with_careers(rulebook, batch)
    names = set(batch.readings)
    if len(names) <= 1:
        return _decide(
            rulebook, batch, np.arange(len(batch.ids)), next(iter(names), DEFAULT_READING)
        )
    readings = np.array(batch.readings)
    parts = {name: np.flatnonzero(readings == name) for name in sorted(names)}
    order = np.argsort(np.concatenate(list(parts.values())))
    decided = [_decide(rulebook, batch, rows, name) for name, rows in parts.items()]
    columns = (
        np.concatenate([getattr(each, column.name) for each in decided])[order]
        for column in fields(Decisions)
    )
    return Decisions(*columns)


def answers(rulebook: Rulebook, batch: Batch, decisions: Decisions) -> list[dict[str, Any]]:
    """Return each row's answer with the keys of `ANSWER`, of rows with faults too."""
    days: dict[int, str | None] = {
        day: calendar_day(day).isoformat() if day != NO_DAY else None
        for day in np.unique(decisions.first_day).tolist()
    }
    columns = (
        getattr(decisions, name).tolist()
        for name in ("reasons", "voucher", "minutes", "share_cents", "first_day")
    )
    return [
        {
            "id": name,
            "may_order": not reasons,
            "voucher": None if reasons else voucher,
            "minutes": None if reasons else minutes,
            "share_cents": None if reasons else share,
            "refusals": list(codes(reasons)),
            "first_day": days[first],
            "rulebook_hash": rulebook.hash,
        }
        for name, reasons, voucher, minutes, share, first in zip(batch.ids, *columns, strict=True)
    ]


def _decide(rulebook: Rulebook, batch: Batch, rows: NDArray[np.int64], reading: str) -> Decisions:
    every = len(rows) == len(batch.ids)
    part = slice(0, len(rows)) if every else rows
    ordered_on, known_on = batch.ordered_on[part], batch.known_on[part]
    facts = batch.facts.rows(part)
    return ordering.decide(
        rulebook, facts, ordered_on=ordered_on, known_on=known_on, reading=reading
    )


def _with_careers(rulebook: Rulebook, batch: Batch) -> Facts:
    """Turn careers into sums, once, under the policy of each order day."""
    spells, has_career = batch.texts.spells, batch.texts.has_career
    assert spells is not None
    assert has_career is not None
    facts, readings = batch.facts, np.array(batch.readings)
    for reading in sorted(set(batch.readings)):
        own = np.flatnonzero(has_career & (readings == reading))
        if not len(own):
            continue
        ordered_on, known_on = batch.ordered_on[own], batch.known_on[own]
        for period in periods(rulebook, ordered_on, known_on, reading, len(own)):
            rows = own[period.rows]
            sums = career.count(period.policy, spells.workers(rows), period.ordered_on)
            facts = career.with_sums(facts, sums, rows)
    return facts


def _empty(columns: Mapping[str, Sequence[str]], name: str, count: int) -> NDArray[np.bool_]:
    cells = columns.get(name)
    if cells is None:
        return np.ones(count, np.bool_)
    return np.fromiter((not cell.strip() for cell in cells), np.bool_, count)
