"""The world without behaviour: the orders of the scheme, decided again by law and allocation alone.

Reads what `loopbaan export` wrote. Orders and facts are taken as they stand there; the places of a
month are counted anew, from the twin's own decisions. Every decision must come out the same.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from loopbaan.law import allocation, ordering
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.allocation import Entries
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.months import NO_DAY, Days, calendar_day, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Decisions, Facts
from loopbaan.law.refusals import codes
from loopbaan.law.rulebook import Rulebook, UnknownLaw
from loopbaan.law.transitions import Status

SECOND = 2
COMPARED = ("outcome", "reasons", "voucher", "minutes", "share_cents", "first_day")
ORDERS = ("order", "worker", "ordered_on")
DECISIONS = ("decision", "order", "decided_at", "known_on", "reading", "rulebook_hash", *COMPARED)
FACTS = (
    "decision",
    "lives_in",
    "moved_from_eea",
    "works_in",
    "activity",
    "experience_days",
    "experience_months",
    "months_worked_in_last_24",
    "agency_weeks_unbroken",
    "vouchers_started_on",
    "last_voucher_closed",
    "open_order",
    "in_dutch",
)

Row = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """A decision that comes out otherwise, and in what."""

    decision: str
    order: str
    column: str
    live: str
    twin: str

    def __str__(self) -> str:
        return (
            f"decision {self.decision}, order {self.order}: {self.column}"
            f" is {self.live or 'nothing'} in the scheme and {self.twin or 'nothing'} here"
        )


@dataclass(frozen=True)
class Compared:
    """How many decisions were taken again, and where they differ."""

    decisions: int
    undecided: int
    under_a_cap: int
    differences: list[Difference]


@dataclass
class _Line:
    """The places that are taken: by month, the orders that were granted."""

    granted: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    under_a_cap: int = 0


def compare(folder: Path) -> Compared:
    """Decide every order of an export again, and tell what differs.

    Raises:
        UnreadableFile: a table is missing, or a row cannot be read; the message says where.

    """
    orders = {row["order"]: row for row in _table(folder, "orders", ORDERS)}
    facts = {row["decision"]: row for row in _table(folder, "facts", FACTS)}
    decisions = _table(folder, "decisions", DECISIONS)
    if not decisions:
        raise UnreadableFile(f"{folder}: holds no decision, so there is nothing to compare")
    for number, row in enumerate(decisions, 2):
        if row["order"] not in orders or row["decision"] not in facts:
            raise UnreadableFile(
                f"{folder / 'decisions.csv'}, line {number}: its order or its facts are not in the"
                " export; write it again with loopbaan export"
            )
    line = _Line()
    differences: list[Difference] = []
    decisions.sort(key=lambda row: int(row["decision"]))
    for batch in _batches(decisions, orders):
        differences += _compare_batch(batch, orders, facts, line, folder)
    undecided = len(orders.keys() - {row["order"] for row in decisions})
    return Compared(len(decisions), undecided, line.under_a_cap, differences)


def _batches(decisions: Sequence[Row], orders: dict[str, Row]) -> Iterator[list[Row]]:
    """Yield what was decided together: at one moment, and no worker twice."""
    together = ("decided_at", "known_on", "reading", "rulebook_hash")
    for _, rows in groupby(decisions, lambda row: [row[name] for name in together]):
        batch: list[Row] = []
        seen: set[str] = set()
        for row in rows:
            worker = orders[row["order"]]["worker"]
            if worker in seen:
                yield batch
                batch, seen = [], set()
            batch.append(row)
            seen.add(worker)
        yield batch


def _compare_batch(
    batch: list[Row], orders: dict[str, Row], facts: dict[str, Row], line: _Line, folder: Path
) -> Iterator[Difference]:
    first = batch[0]
    try:
        rulebook = rulebooks.released(first["rulebook_hash"])
        known_on = date.fromisoformat(first["known_on"])
        ordered_on = [date.fromisoformat(orders[row["order"]]["ordered_on"]) for row in batch]
        given = _facts([facts[row["decision"]] for row in batch])
        decided = ordering.decide(
            rulebook,
            given,
            ordered_on=np.array([day_number(day) for day in ordered_on], np.int32),
            known_on=known_on,
            reading=first["reading"],
        )
    except (KeyError, UnknownLaw, ValueError) as error:
        raise UnreadableFile(
            f"{folder}: decision {first['decision']} and those taken with it: {error}"
        ) from None
    outcomes = _allocate(rulebook, batch, ordered_on, known_on, decided, line)
    for place, row in enumerate(batch):
        again = _as_written(decided, outcomes[place], place)
        for column in COMPARED:
            if row[column] != again[column]:
                yield Difference(row["decision"], row["order"], column, row[column], again[column])


def _allocate(
    rulebook: Rulebook,
    batch: list[Row],
    ordered_on: list[date],
    known_on: date,
    decided: Decisions,
    line: _Line,
) -> list[Status]:
    """Return the outcomes of a batch, in the order of arrival, and note which places they take."""
    outcomes = [Status.GRANTED if yes else Status.REFUSED for yes in decided.may_order]
    months = [day.replace(day=1) for day in ordered_on]
    for month in sorted(set(months)):
        policy = rulebook.on(max(month, rulebook.first_day), max(known_on, month))
        rows = np.flatnonzero([each == month for each in months])
        taken = line.granted[month]
        if policy.cap_per_month is not None:
            entries = Entries.of(decided.may_order[rows], runs=decided.voucher[rows] == SECOND)
            needs = allocation.needs_place(policy, entries)
            left = allocation.places(policy, np.array([needs.sum()]), np.array([len(taken)]))
            wins = allocation.allocate(policy, entries, int(left[0]))
            for row in rows[entries.eligible & ~wins].tolist():
                outcomes[row] = Status.LOST
            line.under_a_cap += len(rows)
        taken |= {batch[row]["order"] for row in rows if outcomes[row] == Status.GRANTED}
    return outcomes


def _as_written(decided: Decisions, outcome: Status, row: int) -> Row:
    """Return a decision as the export writes it."""
    first_day = decided.first_day[row]
    return {
        "outcome": str(outcome),
        "reasons": ";".join(codes(int(decided.reasons[row]))),
        "voucher": str(decided.voucher[row]),
        "minutes": str(decided.minutes[row]),
        "share_cents": str(decided.share_cents[row]),
        "first_day": "" if first_day == NO_DAY else calendar_day(first_day).isoformat(),
    }


def _facts(rows: list[Row]) -> Facts:
    starts = [sorted(filter(None, row["vouchers_started_on"].split(";"))) for row in rows]

    def column(name: str, kind: Any, read: Callable[[str], Any]) -> Any:
        return np.array([read(row[name]) for row in rows], kind)

    return Facts(
        lives_in=column("lives_in", np.uint8, _one_of(HOMES)),
        moved_from_eea=column("moved_from_eea", np.bool_, _truth),
        works_in=column("works_in", np.uint8, _one_of(WORKPLACES)),
        activity=column("activity", np.uint8, _one_of(ACTIVITIES)),
        experience_days=column("experience_days", np.int32, int),
        experience_months=column("experience_months", np.int16, int),
        months_worked_in_last_24=column("months_worked_in_last_24", np.int8, int),
        agency_weeks_unbroken=column("agency_weeks_unbroken", np.int16, int),
        last_started_on=_nth_last(starts, 1),
        previous_started_on=_nth_last(starts, 2),
        last_voucher_closed=column("last_voucher_closed", np.bool_, _truth),
        open_order=column("open_order", np.bool_, _truth),
        in_dutch=column("in_dutch", np.bool_, _truth),
    )


def _one_of(words: tuple[str, ...]) -> Callable[[str], int]:
    def place(text: str) -> int:
        if text not in words:
            raise ValueError(f"{text!r} is not one of {', '.join(words)}")
        return words.index(text)

    return place


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is not true or false")
    return text == "true"


def _nth_last(starts: list[list[str]], place: int) -> Days:
    days = [
        day_number(date.fromisoformat(each[-place])) if len(each) >= place else NO_DAY
        for each in starts
    ]
    return np.array(days, np.int32)


def _table(folder: Path, name: str, needed: Sequence[str]) -> list[Row]:
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableFile(
                    f"{path}: column is missing: {missing[0]}; write it with loopbaan export"
                )
            rows = list(reader)
    except OSError as error:
        raise UnreadableFile(
            f"{path}: cannot be read: {error.strerror}; write it with loopbaan export {folder}"
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path}: is no table: {error}") from None
    for number, row in enumerate(rows, 2):
        if any(row[column] is None for column in needed):
            raise UnreadableFile(f"{path}, line {number}: is shorter than the header")
    return rows
