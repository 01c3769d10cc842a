"""What a run yields: one row an order, in the order in which they were decided.

The laboratory keeps no person and no month: whatever is counted later is counted from these rows.
"""

from copy import copy
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.months import NO_DAY, Days, first_of
from loopbaan.law.transitions import Status

STATUSES = tuple(Status)
CODE = {status: np.uint8(place) for place, status in enumerate(STATUSES)}
KINDS = ("first", "second", "return")
FIRST, SECOND, RETURN = range(3)
NO_MINUTE, NO_CENTRE = -1, -1


def _column(dtype: type) -> np.dtype[np.generic]:
    return np.dtype(dtype)


COLUMNS: dict[str, np.dtype[np.generic]] = {
    "person": _column(np.int32),
    "ordered_on": _column(np.int32),
    "minute": _column(np.int16),
    "attempt": _column(np.uint8),
    "kind": _column(np.uint8),
    "reasons": _column(np.uint16),
    "outcome": _column(np.uint8),
    "decided_on": _column(np.int32),
    "paid_on": _column(np.int32),
    "started_on": _column(np.int32),
    "closed_on": _column(np.int32),
    "voucher": _column(np.uint8),
    "minutes": _column(np.int16),
    "used_minutes": _column(np.int16),
    "price": _column(np.uint8),
    "centre": _column(np.int16),
    "gave_up": _column(np.bool_),
    "false_refusal": _column(np.bool_),
    "contested": _column(np.bool_),
}
_UNSET: dict[str, int] = {
    "minute": NO_MINUTE,
    "centre": NO_CENTRE,
    "decided_on": int(NO_DAY),
    "paid_on": int(NO_DAY),
    "started_on": int(NO_DAY),
    "closed_on": int(NO_DAY),
}


# Makes one number of a split over five payers; cents are far below the base.
_MIXED = np.array([1_000_003**power % 2**61 for power in range(5)], np.int64)


@dataclass(frozen=True, slots=True)
class Events:
    """One element an order. Days are law days, `NO_DAY` if it never came so far.

    `person` is a row of the population; `minute` counts from the opening of a race (-1: no race);
    `attempt` from 0; `kind` is an index in `KINDS`, what the worker came for, while `voucher` (0, 1
    or 2) is what the law gave; `reasons` are bits of `Refusal`; `outcome` an index in `STATUSES`:
    where the order stands at the end of the run's last month. `used_minutes` are confirmed talks.
    `price` is a row of `splits`: who pays the whole voucher, a column for each payer, in cents.
    """

    person: NDArray[np.int32]
    ordered_on: Days
    minute: NDArray[np.int16]
    attempt: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    reasons: NDArray[np.uint16]
    outcome: NDArray[np.uint8]
    decided_on: Days
    paid_on: Days
    started_on: Days
    closed_on: Days
    voucher: NDArray[np.uint8]
    minutes: NDArray[np.int16]
    used_minutes: NDArray[np.int16]
    price: NDArray[np.uint8]
    centre: NDArray[np.int16]
    gave_up: NDArray[np.bool_]
    false_refusal: NDArray[np.bool_]
    contested: NDArray[np.bool_]
    splits: NDArray[np.int32]
    first_month: int
    last_month: int

    def __len__(self) -> int:
        return len(self.person)

    @property
    def share_cents(self) -> NDArray[np.int32]:
        """What the worker pays of each voucher, 0 where there is none."""
        shares: NDArray[np.int32] = self.splits[:, 0]
        return shares.take(self.price)

    @property
    def split_cents(self) -> NDArray[np.int32]:
        """Who pays each voucher if all its minutes are used: a column for each of `PAYERS`."""
        return self.splits[self.price]

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(getattr(self, name).nbytes for name in COLUMNS)

    def has(self, *statuses: Status) -> NDArray[np.bool_]:
        """Whether each order stands at one of these statuses."""
        return np.isin(self.outcome, [CODE[each] for each in statuses])


assert {*COLUMNS, "splits", "first_month", "last_month"} == {each.name for each in fields(Events)}


class Log:
    """The rows while a run goes on.

    There is room for a million from the start: what is never touched costs no memory, as long as a
    column stays below the four megabytes from which NumPy asks for huge pages. It grows by an
    eighth at a time, column by column.
    """

    def __init__(self, room: int = 1_000_000) -> None:
        self.columns = {name: np.empty(room, dtype) for name, dtype in COLUMNS.items()}
        self.count = 0
        self._splits: list[tuple[int, ...]] = [(0,) * 5]
        self._place_of: dict[tuple[int, ...], int] = {self._splits[0]: 0}

    def copy(self) -> "Log":
        """Return a log with the same rows, and no more room than they take."""
        other = copy(self)
        other.columns = {name: each[: self.count].copy() for name, each in self.columns.items()}
        for name in ("_splits", "_place_of"):
            setattr(other, name, copy(getattr(self, name)))
        return other

    def add(self, **columns: NDArray[np.generic]) -> NDArray[np.int64]:
        """Add rows and return their places; a column that is left out stays unset."""
        added = len(columns["person"])
        first, self.count = self.count, self.count + added
        self._make_room()
        for name, column in self.columns.items():
            rows = column[first : self.count]
            rows[:] = columns[name] if name in columns else _UNSET.get(name, 0)
        return np.arange(first, self.count)

    def change(self, rows: NDArray[np.int64], **columns: NDArray[np.generic] | np.generic) -> None:
        """Change some columns of some rows."""
        for name, values in columns.items():
            self.columns[name][rows] = values

    def price_of(self, splits: NDArray[np.int32]) -> NDArray[np.uint8]:
        """Return, for each row of a split over payers, its place in `splits`. There are few."""
        key = splits.astype(np.int64) @ _MIXED
        _, firsts, places = np.unique(key, return_index=True, return_inverse=True)
        codes = [self._code(tuple(int(cents) for cents in splits[row])) for row in firsts]
        return np.array(codes, np.uint8)[places]

    def finish(self, first_month: int, last_month: int) -> Events:
        """Return the rows as they stand after the last month; nothing can be added any more."""
        done = {name: self.columns.pop(name)[: self.count] for name in COLUMNS}
        _cut(done, int(first_of(last_month + 1)) - 1)
        for column in done.values():
            column.flags.writeable = False
        splits = np.array(self._splits, np.int32)
        return Events(**done, splits=splits, first_month=first_month, last_month=last_month)

    def _code(self, split: tuple[int, ...]) -> int:
        if split not in self._place_of:
            self._place_of[split] = len(self._splits)
            self._splits.append(split)
        return self._place_of[split]

    def _make_room(self) -> None:
        room = len(self.columns["person"])
        if self.count <= room:
            return
        room = max(self.count, room + room // 8)
        for name, column in self.columns.items():
            larger = np.empty(room, column.dtype)
            larger[: len(column)] = column
            self.columns[name] = larger


def _cut(column: dict[str, Any], last: int) -> None:
    """Take away what comes after the last day: it has not happened yet.

    While a run goes on, `closed_on` of a lapsed order holds the day on which it lapsed.
    """
    outcome, ended_on = column["outcome"], column["closed_on"]
    ends_later = ended_on > last
    starts_later, pays_later = column["started_on"] > last, column["paid_on"] > last
    lapses_unpaid = outcome == CODE[Status.LAPSED]
    lapses_unstarted = outcome == CODE[Status.LAPSED_UNSTARTED]
    ended_on[ends_later | lapses_unpaid | lapses_unstarted] = NO_DAY
    column["started_on"][starts_later] = NO_DAY
    column["used_minutes"][starts_later] = 0
    column["paid_on"][pays_later] = NO_DAY
    outcome[ends_later] = CODE[Status.STARTED]
    outcome[starts_later | (ends_later & lapses_unstarted)] = CODE[Status.ISSUED]
    outcome[pays_later | (ends_later & lapses_unpaid)] = CODE[Status.GRANTED]
