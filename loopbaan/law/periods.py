"""Which policy decides which rows of a batch: the one place where a date chooses the law."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.months import Days, calendar_day, day_number
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook, Timeline

Rows = slice | NDArray[np.int64]


@dataclass(frozen=True)
class Period:
    """Rows that one policy decides, and the timeline (as known for them) that it stands in.

    `ordered_on` has one element if all rows share the order day, else one a row.
    """

    rows: Rows
    ordered_on: Days
    timeline: Timeline
    place: int

    @property
    def policy(self) -> Policy:
        """The policy of the order day."""
        return self.timeline.policies[self.place]


def periods(
    rulebook: Rulebook, ordered_on: Days, known_on: Days | None, reading: str, count: int
) -> Iterator[Period]:
    """Split `count` rows by policy and by what was known.

    `ordered_on` and `known_on` have one element or one a row; without `known_on` each row is
    decided by what was known on its order day.

    Raises:
        UnknownLaw: no law was announced, or holds, on one of the days.

    """
    known = ordered_on if known_on is None else known_on
    if len(ordered_on) == 1 and len(known) == 1:
        yield _period(rulebook, slice(0, count), ordered_on, calendar_day(known[0]), reading)
        return
    all_ordered = np.broadcast_to(ordered_on, count)
    stages = np.searchsorted(_numbers(rulebook.news_days), known, side="right")
    for stage in np.unique(stages):
        same_stage = np.broadcast_to(stages == stage, count)
        known_day = calendar_day(np.broadcast_to(known, count)[same_stage][0])
        timeline = rulebook.timeline(known_day, reading)
        places = np.searchsorted(_numbers(timeline.starts), ordered_on, side="right")
        for place in np.unique(np.broadcast_to(places, count)[same_stage]):
            rows = np.flatnonzero(same_stage & np.broadcast_to(places == place, count))
            days = all_ordered[rows]
            days = days[:1] if days.min() == days.max() else days
            yield _period(rulebook, rows, days, known_day, reading)


def _period(rulebook: Rulebook, rows: Rows, days: Days, known_on: date, reading: str) -> Period:
    timeline = rulebook.timeline(known_on, reading)
    place = rulebook.place(timeline, calendar_day(days[0]))
    if isinstance(rows, np.ndarray) and len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        rows = slice(int(rows[0]), int(rows[-1]) + 1)
    return Period(rows, days, timeline, place)


def _numbers(days: tuple[date, ...]) -> Days:
    return np.array([day_number(day) for day in days], dtype=np.int32)
