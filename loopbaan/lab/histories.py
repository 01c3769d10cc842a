"""What the scheme knows of those who came to it: a small record for each, and nobody else.

Records stand in the order in which people first came; a sorted list of persons finds them. So the
memory and the time are those of the actors, however many others there are. Who came lately stands
in a short list of its own, so that the long one is seldom made anew.
"""

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab.keyed import Persons
from loopbaan.law.months import NO_DAY, Days

Flags = NDArray[np.bool_]
Records = NDArray[np.int32]
FOR_EVER = np.int32(2**31 - 1)
NOTHING = np.int32(0)
# Room that is never touched costs no memory, below the size from which NumPy asks for huge pages.
_FIRST_ROOM = 1_000_000
_LONG_LIST, _SHORT_PART = 4_096, 8  # the short list is at most so much, or such a part of the long


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law asks of the past, one element a person: the two latest starts, and so on."""

    last_started_on: Days
    previous_started_on: Days
    last_closed: Flags
    open_order: Flags


class Histories:
    """Days of the latest starts, of the closing, and until when an order is under way."""

    def __init__(self) -> None:
        self._long, self._short = _Found(), _Found()
        # Record 0 is that of everybody who never came.
        self._count = 1
        self._last = _room()
        self._previous = _room()
        self._older = _room()
        self._closed = _room()
        # The day until which an order is open; below zero, that until which a new attempt may come.
        self._busy_until = _room(NOTHING)

    def copy(self) -> "Histories":
        """Return the same records, with no more room than they take."""
        other = copy(self)
        for name in ("_long", "_short"):
            setattr(other, name, getattr(self, name).copy())
        for name in _COLUMNS:
            setattr(other, name, getattr(self, name)[: self._count].copy())
        return other

    def standing(self, persons: Persons, on: Days) -> Standing:
        """Return what is known on each one's day; a start planned for later has not happened."""
        record = self._find(persons)
        last, previous = self._last[record], self._previous[record]
        is_past = last < on
        return Standing(
            last_started_on=np.where(is_past, last, previous),
            previous_started_on=np.where(is_past, previous, self._older[record]),
            last_closed=(self._closed[record] < on) | ~is_past,
            open_order=self._busy_until[record] > on,
        )

    def is_known(self, persons: Persons, on: int) -> Flags:
        """Whether they once started a voucher, or have an order or a new attempt under way."""
        record = self._find(persons)
        known = record > 0
        rows = np.flatnonzero(known)
        record = record[rows]
        under_way = np.abs(self._busy_until[record]) > on
        known[rows] = (self._last[record] != NO_DAY) | under_way
        return known

    def receive(self, persons: Persons, until: Days | np.int32) -> None:
        """Remember that an order is open until a day, or no more (`NOTHING`)."""
        records = self._records(persons)
        self._busy_until[records] = until

    def expect(self, persons: Persons, until: int) -> None:
        """Remember that they will try again by a day, so that chance does not call them too."""
        records = self._records(persons)
        self._busy_until[records] = -until

    def grant(self, persons: Persons, started_on: Days, closed_on: Days, until: Days) -> None:
        """Remember a granted order: when it starts (`NO_DAY`: never), closes, and is open until."""
        records = self._records(persons)
        starts = started_on != NO_DAY
        begun = records[starts]
        self._older[begun] = self._previous[begun]
        self._previous[begun] = self._last[begun]
        self._last[begun] = started_on[starts]
        self._closed[begun] = closed_on[starts]
        self._busy_until[records] = until

    def _find(self, persons: Persons) -> Records:
        """Return each one's record, 0 for those who never came."""
        return np.maximum(self._long.find(persons), self._short.find(persons))

    def _records(self, persons: Persons) -> Records:
        """Return each one's record, a new one for a newcomer. Nobody stands there twice."""
        records = self._find(persons)
        new = np.flatnonzero(records == 0)
        if not len(new):
            return records
        last = self._count + len(new)
        records[new] = np.arange(self._count, last, dtype=np.int32)
        for name in _COLUMNS:
            column = getattr(self, name)
            if last > len(column):
                column = np.concatenate(
                    [column, np.empty(last - len(column) + last // 8, np.int32)]
                )
                setattr(self, name, column)
            column[self._count : last] = NO_DAY if name in _DAYS else NOTHING
        self._count = last
        self._short.add(persons[new], records[new])
        if len(self._short) > max(_LONG_LIST, len(self._long) // _SHORT_PART):
            self._long.add(*self._short.empty())
        return records


_DAYS = ("_last", "_previous", "_older", "_closed")
_COLUMNS = (*_DAYS, "_busy_until")


def _room(first: np.int32 = NO_DAY) -> Days:
    days = np.empty(_FIRST_ROOM, np.int32)
    days[0] = first
    return days


class _Found:
    """Persons in their order, and the record of each, with room for more."""

    def __init__(self) -> None:
        self._persons, self._records = (np.empty(_FIRST_ROOM, np.int32) for _ in range(2))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def copy(self) -> "_Found":
        other = copy(self)
        for name in ("_persons", "_records"):
            setattr(other, name, getattr(self, name)[: self._count].copy())
        return other

    def find(self, persons: Persons) -> Records:
        """Return each one's record, 0 if it is not here."""
        if not self._count:
            return np.zeros(len(persons), np.int32)
        place = np.searchsorted(self._persons[: self._count], persons)
        place[place == self._count] = 0
        return np.where(self._persons[place] == persons, self._records[place], np.int32(0))

    def add(self, persons: Persons, records: Records) -> None:
        """Put others among them, who are not here yet."""
        order = np.argsort(persons)
        before, self._count = self._count, self._count + len(persons)
        place = np.searchsorted(self._persons[:before], persons[order]) + np.arange(len(persons))
        is_old = np.ones(self._count, np.bool_)
        is_old[place] = False
        self._persons = _put(self._persons, before, is_old, persons[order])
        self._records = _put(self._records, before, is_old, records[order])

    def empty(self) -> tuple[Persons, Records]:
        """Take everybody out, and return them."""
        count, self._count = self._count, 0
        return self._persons[:count].copy(), self._records[:count].copy()


def _put(column: Records, before: int, is_old: Flags, new: Records) -> Records:
    """Return a column with its first values where they belong, and the new ones between them."""
    count = len(is_old)
    if count > len(column):
        column = np.concatenate([column, np.empty(count, np.int32)])
    column[:count][is_old] = column[:before].copy()
    column[:count][~is_old] = new
    return column
