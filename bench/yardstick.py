"""One rule, one behaviour, a thousand places a month: the same month played in three ways.

`plain` loops over everyone with whole columns, as one first writes it; `askers` draws for everyone
and asks the law about those who act; `jumps` goes from actor to actor, as the laboratory does. The
first two get the same draws and must name the same winners; the third has the same distribution.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab.take_up import points

PERSONS, MONTHS, PLACES, GROUPS = 3_200_000, 24, 1_000, 32
SEED = 1
NEVER = 1_000  # months are kept with this added, so that 0 is long ago
LEAST_MONTHS, LOOK_BACK, LIFETIME, RECENT = 84, 72, 4, 12

Rows = NDArray[np.integer]
Draws = Callable[[int, int], NDArray[np.float64]]  # of a month, for so many people


@dataclass(frozen=True)
class People:
    """One element a person, sorted by group; the months count from the first that is played."""

    group: NDArray[np.uint8]
    resident: NDArray[np.bool_]
    entered: NDArray[np.int16]
    left: NDArray[np.int16]
    hazard: NDArray[np.float64]  # one element a group
    starts: NDArray[np.int64]  # the first row of each group, and the end


@dataclass
class Past:
    """What changed: the latest and the next to latest voucher, and how many there were."""

    last: NDArray[np.integer]
    previous: NDArray[np.integer]
    count: NDArray[np.integer]

    @classmethod
    def empty(cls, persons: int, months: type, counts: type) -> "Past":
        """Return the past of people who never had a voucher."""
        return cls(
            np.zeros(persons, months),
            np.zeros(persons, months),
            np.zeros(persons, counts),
        )

    def give(self, winners: Rows, month: int) -> None:
        """Give vouchers."""
        self.previous[winners] = self.last[winners]
        self.last[winners] = month + NEVER
        self.count[winners] += 1


def people(persons: int = PERSONS) -> People:
    """Invent people: a third of a percent asks in a month, nine in ten of them with the right."""
    generator = np.random.default_rng(1)
    group = np.sort(generator.integers(0, GROUPS, persons).astype(np.uint8))
    entered = -generator.integers(0, 500, persons).astype(np.int16)
    hazard = np.exp(generator.normal(0, 0.7, GROUPS))
    return People(
        group=group,
        resident=generator.random(persons) < 0.98,
        entered=entered,
        left=generator.integers(0, 600, persons).astype(np.int16),
        hazard=hazard / hazard.mean() * 0.0032,
        starts=np.searchsorted(group, np.arange(GROUPS + 1)).astype(np.int64),
    )


def drawn(month: int, count: int) -> NDArray[np.float64]:
    """Return the draw of everyone in a month."""
    return _stream(month).random(count)


def plain(made: People, draws: Draws = drawn) -> list[Rows]:
    """Play everyone every month, in columns of eight bytes."""
    count = len(made.group)
    past = Past.empty(count, np.int64, np.int64)
    group = made.group.astype(np.int64)
    entered, left = made.entered.astype(np.int64), made.left.astype(np.int64)
    winners = []
    for month in range(MONTHS):
        draw = draws(month, count)
        hazard = made.hazard[group]
        hazard = np.where(month + NEVER - past.last < RECENT, hazard / 2, hazard)
        may = made.resident & (entered <= month) & (month < left)
        may &= month - entered >= LEAST_MONTHS
        may &= month + NEVER - past.previous >= LOOK_BACK
        may &= past.count < LIFETIME
        winners.append(_first(np.flatnonzero((draw < hazard) & may), draw))
        past.give(winners[-1], month)
    return winners


def askers(made: People) -> list[Rows]:
    """Draw for everyone, and ask the law about those who act."""
    count = len(made.group)
    past = Past.empty(count, np.int16, np.uint8)
    winners = []
    for month in range(MONTHS):
        draw = drawn(month, count)
        rows = np.flatnonzero(draw < made.hazard[made.group])
        kept = _accepted(made, past, rows, draw[rows], made.hazard[made.group[rows]], month)
        winners.append(_first(kept, draw))
        past.give(winners[-1], month)
    return winners


def jumps(made: People) -> list[Rows]:
    """Go from actor to actor."""
    count = len(made.group)
    past = Past.empty(count, np.int16, np.uint8)
    ends = np.cumsum(np.diff(made.starts) * -np.log1p(-made.hazard))
    winners = []
    for month in range(MONTHS):
        stream = _stream(month)
        rows = points(stream, ends, made.starts)
        of_group = np.diff(np.searchsorted(rows, made.starts))
        hazard = np.repeat(made.hazard, of_group)
        draw = stream.random(len(rows)) * hazard
        kept = _accepted(made, past, rows, draw, hazard, month)
        winners.append(stream.permutation(kept)[:PLACES])
        past.give(winners[-1], month)
    return winners


def _accepted(
    made: People,
    past: Past,
    rows: Rows,
    draw: NDArray[np.float64],
    hazard: NDArray[np.float64],
    month: int,
) -> Rows:
    """Return who asks and has the right: behaviour and law on some rows."""
    is_recent = month + NEVER - past.last[rows] < RECENT
    may = draw < np.where(is_recent, hazard / 2, hazard)
    entered = made.entered[rows]
    may &= made.resident[rows]
    may &= entered <= month - LEAST_MONTHS
    may &= made.left[rows] > month
    may &= month + NEVER - past.previous[rows] >= LOOK_BACK
    may &= past.count[rows] < LIFETIME
    return np.compress(may, rows)


def _first(rows: Rows, draw: NDArray[np.float64]) -> Rows:
    """Return those who come first; the time of the day follows from the draw."""
    moment = draw[rows] * 1e6 % 1
    return rows[np.argsort(moment, kind="stable")[:PLACES]]


def _stream(month: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64([SEED, month]))
