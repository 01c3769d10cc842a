"""Who wants to order in a month, and the queue of those whose month comes later."""

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import columns
from loopbaan.lab.events import FIRST
from loopbaan.lab.keyed import Persons
from loopbaan.law.months import NO_DAY, Days, month_of


@dataclass(frozen=True, slots=True)
class Wishes:
    """Those who want to order in a month, one element each; `day` is `NO_DAY` where any day is."""

    person: Persons
    kind: NDArray[np.uint8]
    attempt: NDArray[np.uint8]
    day: Days

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def of(
        cls,
        person: Persons,
        kind: int | NDArray[np.uint8] = FIRST,
        attempt: int | NDArray[np.uint8] = 0,
        day: Days | np.int32 = NO_DAY,
    ) -> "Wishes":
        """Return wishes; what is one value holds for all."""
        count = len(person)
        return cls(
            person,
            np.broadcast_to(np.asarray(kind, np.uint8), count),
            np.broadcast_to(np.asarray(attempt, np.uint8), count),
            np.broadcast_to(np.asarray(day, np.int32), count),
        )


class Queue:
    """Wishes for later months, as far as a run reaches: one table, looked through each month."""

    def __init__(self, last_month: int) -> None:
        self._last_month = last_month
        self._later = Wishes.of(np.empty(0, np.int32))
        self._months = np.empty(0, np.int16)

    def copy(self) -> "Queue":
        """Return a queue with the same wishes."""
        return copy(self)  # whose tables are never written to

    def take(self, month: int, fresh: Wishes) -> Wishes:
        """Return the wishes of a month with fresh ones; one a person, what was planned first."""
        due = self._months == month
        together = columns.joined([columns.rows(self._later, due), fresh])
        self._later, self._months = columns.rows(self._later, ~due), self._months[~due]
        _, firsts = np.unique(together.person, return_index=True)
        return columns.rows(together, firsts)

    def put(self, wishes: Wishes) -> None:
        """Put wishes in the queue of the months of their days."""
        self._put(wishes, month_of(wishes.day))

    def put_in(self, month: int, wishes: Wishes) -> None:
        """Put wishes in the queue of a month, on whatever day they have."""
        self._put(wishes, np.full(len(wishes), month, np.int16))

    def _put(self, wishes: Wishes, months: NDArray[np.int16]) -> None:
        kept = np.flatnonzero(months <= self._last_month)
        if len(kept):
            self._later = columns.joined([self._later, columns.rows(wishes, kept)])
            self._months = np.concatenate([self._months, months[kept]])
