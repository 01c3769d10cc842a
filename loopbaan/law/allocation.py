"""Who gets a place when places are scarce: how many there are, and who goes first.

A window is what is decided together: a month, a week of it, a day, or a batch of orders as they
come. `places` says how many places it has, `allocate` who gets them, `remains` who waits on. Which
method holds is a number of the policy, and chance is handed in, as tickets (`draws`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from loopbaan.law import draws
from loopbaan.law.draws import Tickets
from loopbaan.law.policy import Policy

Counts = NDArray[np.integer]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Column = NDArray[np.integer] | NDArray[np.floating]

# The days of a month on which places come free.
OPENS_ON = {"month": (1,), "week": (1, 8, 15, 22)}


@dataclass(frozen=True, slots=True)
class Entries:
    """The orders of one window, one element an order, in any order.

    `arrived` is the place in line: the lower came first, and who waits keeps it. `losses` counts
    how often this worker lost since the last place. An order `runs` if it is for the second voucher
    of a worker whose first was started.
    """

    eligible: Flags
    arrived: NDArray[np.int64]
    favoured: Flags
    losses: Counts
    runs: Flags

    def __len__(self) -> int:
        return len(self.eligible)

    @classmethod
    def of(
        cls,
        eligible: Flags,
        *,
        arrived: NDArray[np.int64] | None = None,
        favoured: Flags | None = None,
        losses: Counts | None = None,
        runs: Flags | None = None,
    ) -> Self:
        """Return entries; left out: arrived as they stand here, and nobody is special."""
        count = len(eligible)
        nobody = np.zeros(count, np.bool_)
        return cls(
            eligible=eligible,
            arrived=np.arange(count, dtype=np.int64) if arrived is None else arrived,
            favoured=nobody if favoured is None else favoured,
            losses=np.zeros(count, np.uint8) if losses is None else losses,
            runs=nobody if runs is None else runs,
        )


def places(
    policy: Policy,
    eligible: Counts,
    taken: Counts,
    carried: Counts | int = 0,
    day_of_month: int = 31,
) -> Counts:
    """Return how many orders get a place now, one element a month: min(eligible, cap - taken).

    What was given before the cap was known stands and counts, so `taken` may exceed the cap; then
    no place is left. `carried` places came over from the month before. Without a cap everyone
    eligible gets one. Source: SEED, S22; the details D.
    """
    if policy.cap_per_month is None:
        return eligible
    most = released(policy, day_of_month) + carried
    return np.minimum(eligible, np.maximum(most - taken, 0))


def released(policy: Policy, day_of_month: int) -> int:
    """Return how many places of the month's cap have come free by a day of it.

    Week by week a quarter of the cap comes free, rounded down until the last, on the 1st, 8th, 15th
    and 22nd. What one week leaves is still there in the next.
    """
    assert policy.cap_per_month is not None, "without a cap there is nothing to release"
    days = OPENS_ON[policy.release]
    opened = sum(day <= day_of_month for day in days)
    return policy.cap_per_month * opened // len(days)


def taken(
    policy: Policy, *, received: Counts, granted: Counts, lapsed: Counts, unpaid: Counts
) -> Counts:
    """Return how many places of the month count as taken, one element a month.

    `received` are the orders that took a place (`takers`), refused ones too; some were `granted`;
    of these some `lapsed`, and of these some were `unpaid`. What counts is the policy's choice:
    every order received; every one granted; or every one paid or still to be paid. A lapsed place
    goes to somebody else only if the policy says so. Grade D: no source tells.
    """
    if policy.lapsed_place_returns:
        granted, received = granted - lapsed, received - lapsed
    elif policy.cap_counts == "paid":
        granted = granted - unpaid
    return received if policy.cap_counts == "received" else granted


def carried_over(policy: Policy, taken: int, carried: int = 0) -> int:
    """Return how many places a month hands to the next: what it left, if the policy says so."""
    if policy.cap_per_month is None or not policy.carry_over:
        return 0
    return max(policy.cap_per_month + carried - taken, 0)


def favoured(
    policy: Policy, *, low_educated: Flags, limited_health: Flags, non_eu_origin: Flags
) -> Flags:
    """Return who belongs to a group that the policy favours."""
    return (
        (low_educated & policy.favours_low_education)
        | (limited_health & policy.favours_limited_health)
        | (non_eu_origin & policy.favours_non_eu_origin)
    )


def needs_place(policy: Policy, entries: Entries) -> Flags:
    """Return which orders take a place if they get through.

    A second voucher takes none where first and second do not share the cap. Where the cap counts
    what is received, an order that is refused takes one as well.
    """
    if policy.cap_per_month is not None and policy.cap_counts == "received":
        needs = np.ones(len(entries), np.bool_)
    else:
        needs = entries.eligible.copy()
    if policy.cap_shared_by_vouchers is False:
        needs &= ~entries.runs
    return needs


def reserved(policy: Policy, places: int) -> int:
    """Return how many of a window's places are held for those favoured, rounded down."""
    return places * policy.reserved_percent // 100


def allocate(
    policy: Policy,
    entries: Entries,
    places: int,
    tickets: Tickets | None = None,
    *,
    held: int | None = None,
    closes: bool = True,
) -> Flags:
    """Return which orders get through: those that take a place, and those that need none.

    The parameters are those of `takers`.
    """
    takes = takers(policy, entries, places, tickets, held=held, closes=closes)
    return entries.eligible & (takes | ~needs_place(policy, entries))


def takers(
    policy: Policy,
    entries: Entries,
    places: int,
    tickets: Tickets | None = None,
    *,
    held: int | None = None,
    closes: bool = True,
) -> Flags:
    """Return which orders take a place, at most `places`; some may be refused, see `needs_place`.

    First the running ones, if the policy says so. Then who is favoured takes the held places
    (`held`; left out, the reserved share of `places`). Then everybody left takes the rest; and when
    the window closes, also what was held and not used. Inside each of these steps the method of the
    policy says who goes first.
    """
    needs = needs_place(policy, entries)
    order = _order(policy, entries, tickets)
    takes = np.zeros(len(entries), np.bool_)
    held = reserved(policy, places) if held is None else held
    if policy.running_first:
        takes[_first(np.flatnonzero(needs & entries.runs), order, places)] = True
        places -= int(np.count_nonzero(takes))
    held = min(held, places)
    if held > 0:
        among = np.flatnonzero(needs & entries.favoured & ~takes)
        by_share = _first(among, order, held)
        takes[by_share] = True
        places -= len(by_share) if closes else held
    takes[_first(np.flatnonzero(needs & ~takes), order, places)] = True
    return takes


def remains(policy: Policy, entries: Entries, wins: Flags, *, closes: bool = True) -> Flags:
    """Return who has no place and waits on; who else is eligible without a place has lost.

    Nobody loses from a waiting list, nor where memory keeps the place, nor while held places may
    still move on. A running one that goes first keeps its turn until there is a place.
    """
    without = entries.eligible & ~wins
    may_move_on = policy.reserved_percent > 0 and not closes
    if policy.allocation == "waiting_list" or policy.memory == "place" or may_move_on:
        return without
    if policy.running_first:
        return without & entries.runs
    return np.zeros(len(entries), np.bool_)


def weights(policy: Policy, entries: Entries) -> Counts:
    """Return the weight of each order in a draw: of its group times of its losses.

    Memory gives 1 + losses × memory_weight_per_loss, at most memory_weight_most.
    """
    found = np.ones(len(entries), np.int64)
    if policy.allocation == "weighted_draw":
        found[entries.favoured] = policy.weight_favoured
    if policy.memory == "weight":
        grown = 1 + entries.losses.astype(np.int64) * policy.memory_weight_per_loss
        found *= np.minimum(grown, policy.memory_weight_most)
    return found


def _order(policy: Policy, entries: Entries, tickets: Tickets | None) -> list[Column]:
    """Return the columns that say who goes first: the smallest, and on a tie the next column."""
    order: list[Column] = []
    if policy.memory == "place":
        order.append(-entries.losses.astype(np.int64))
    if policy.allocation in ("draw", "weighted_draw"):
        assert tickets is not None, "a draw needs tickets"
        if policy.allocation == "weighted_draw" or policy.memory == "weight":
            order.append(draws.weighted_keys(tickets, weights(policy, entries)))
        return [*order, tickets, entries.arrived]
    return [*order, entries.arrived] if tickets is None else [*order, entries.arrived, tickets]


def _first(rows: Rows, order: Sequence[Column], most: int) -> Rows:
    """Return the first rows in that order, at most so many; those that tie to the end as they are.

    Nothing is sorted: a column tells who is surely in, and passes the tie on to the next.
    """
    found = [rows[:0]]
    for column in order:
        if most <= 0 or len(rows) <= most:
            break
        values = column[rows]
        last = np.partition(values, most - 1)[most - 1]
        within = rows[values < last]
        found.append(within)
        most -= len(within)
        rows = rows[values == last]
    return np.concatenate([*found, rows[: max(most, 0)]])
