"""A month's line: orders that the law allows, before the places; day by day when places are scarce.

What was given before a cap was known stands and counts. How many places there are, who goes first
and who may wait on is all `law.allocation`'s; here only the days pass.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import columns
from loopbaan.lab.keyed import Persons
from loopbaan.lab.outlook import DRAWS, Outlook
from loopbaan.lab.population import DIMENSIONS, NON_EU, Population
from loopbaan.law import allocation, draws
from loopbaan.law.allocation import OPENS_ON, Entries
from loopbaan.law.months import NO_DAY, Days
from loopbaan.law.policy import Policy

ENDLESS = 10**9  # more than can ever ask: how many places are left, whoever asks
_LOW = DIMENSIONS["education"].index("low")
_LIMITED = DIMENSIONS["health_limitation"].index("limited")

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Line:
    """Orders in line, one element each. `row` is that of the log, and the place in line.

    `enters_on` is the day on which it can first get a place: the order day, or that on which a
    wrong refusal was put right. `eligible` is false for a refused order, which is in line only
    because some caps count it.
    """

    row: NDArray[np.int64]
    person: Persons
    kind: NDArray[np.uint8]
    losses: NDArray[np.uint8]
    voucher: NDArray[np.uint8]
    minutes: NDArray[np.int16]
    ordered_on: Days
    enters_on: Days
    eligible: Flags

    def __len__(self) -> int:
        return len(self.row)


@dataclass(slots=True)
class Month:
    """What is counted while the days of a scarce month pass."""

    received: int = 0
    granted: int = 0
    carried: int = 0
    held: int = 0
    unpaid_on: list[Days] = field(default_factory=list)


Grant = Callable[[Line, Days], Days]


def pass_days(
    seen: Outlook,
    line: Line,
    population: Population,
    *,
    seed: int,
    carried: int,
    grant: Grant,
) -> tuple[Line, Line, int]:
    """Let the days of a month pass over its line; return who lost, who waits on, what is left over.

    `grant` follows orders that got a place on a day, and returns the days on which they lapse
    unpaid. The left over places are those that the policy carries to the next month.
    """
    month = Month(carried=carried)
    lost: list[Line] = []
    scale = _Scale(population.share)
    waits = columns.rows(line, np.zeros(len(line), np.bool_))
    order = np.argsort(line.enters_on, kind="stable")
    line = columns.rows(line, order)
    ends = np.searchsorted(line.enters_on, seen.days, side="right")
    begin = 0
    for place, day in enumerate(seen.days):
        policy = scale.of(seen.policies[place])
        today = columns.rows(line, np.arange(begin, ends[place]))
        begin = int(ends[place])
        if not len(today) and not len(waits):
            continue
        standing = columns.joined([waits, today]) if len(waits) else today
        closes = _closes(policy, seen, place)
        if policy.allocation in DRAWS and policy.cap_per_month is not None and not closes:
            waits = standing
            continue
        wins, remains = _day(policy, standing, population, month, seed, seen, place, closes)
        if wins.any():
            won = columns.rows(standing, wins)
            month.unpaid_on.append(grant(won, np.full(len(won), day)))
        waits = columns.rows(standing, remains)
        without = standing.eligible & ~wins & ~remains
        if without.any():
            lost.append(columns.rows(standing, without))
    policy = scale.of(seen.policies[-1])
    left = allocation.carried_over(policy, _taken(policy, month, int(seen.days[-1])), month.carried)
    nobody = columns.rows(line, np.zeros(len(line), np.bool_))
    return columns.joined([*lost, nobody]), waits, left


def _day(
    policy: Policy,
    standing: Line,
    population: Population,
    month: Month,
    seed: int,
    seen: Outlook,
    place: int,
    closes: bool,
) -> tuple[Flags, Flags]:
    """Return who gets a place on a day, and who waits on; count the places that are taken."""
    entries = _entries(policy, standing, population)
    if policy.cap_per_month is None:
        # Whoever ordered before the cap was known, refused or not, may count against it later.
        month.received += len(entries)
        month.granted += int(np.count_nonzero(entries.eligible))
        nobody = np.zeros(len(entries), np.bool_)
        return entries.eligible.copy(), nobody
    day = int(seen.days[place])
    everyone = np.array([ENDLESS])
    taken = np.array([_taken(policy, month, day)])
    left = int(allocation.places(policy, everyone, taken, month.carried, place + 1)[0])
    if _opens(policy, place) or place == 0:
        month.held = allocation.reserved(policy, left)
    tickets = None
    if policy.allocation in DRAWS:
        tickets = draws.tickets(f"{seed}/{seen.month}/{place}".encode(), standing.row)
    takes = allocation.takers(policy, entries, left, tickets, held=month.held, closes=closes)
    wins = entries.eligible & (takes | ~allocation.needs_place(policy, entries))
    month.received += int(np.count_nonzero(takes))
    month.granted += int(np.count_nonzero(takes & wins))
    by_turn = wins & entries.runs if policy.running_first else np.zeros(len(wins), np.bool_)
    month.held = max(month.held - int(np.count_nonzero(wins & entries.favoured & ~by_turn)), 0)
    return wins, allocation.remains(policy, entries, wins, closes=closes)


def _entries(policy: Policy, line: Line, population: Population) -> Entries:
    person = line.person
    return Entries(
        eligible=line.eligible,
        arrived=line.row,
        favoured=allocation.favoured(
            policy,
            low_educated=population.education[person] == _LOW,
            limited_health=population.health_limitation[person] == _LIMITED,
            non_eu_origin=population.origin[person] == NON_EU,
        ),
        losses=line.losses,
        runs=line.voucher == 2,
    )


def _taken(policy: Policy, month: Month, day: int) -> int:
    lapsed = sum(
        int(np.count_nonzero((on != NO_DAY) & (on <= day))) for on in month.unpaid_on or []
    )
    counted = allocation.taken(
        policy,
        received=np.array([month.received]),
        granted=np.array([month.granted]),
        lapsed=np.array([lapsed]),
        unpaid=np.array([lapsed]),
    )
    return int(counted[0])


def _opens(policy: Policy, place: int) -> bool:
    return place + 1 in OPENS_ON[policy.release]


def _closes(policy: Policy, seen: Outlook, place: int) -> bool:
    """Whether a window closes at the end of a day: the next day opens one, or the month ends."""
    return place + 1 == len(seen.days) or place + 2 in OPENS_ON[policy.release]


class _Scale:
    """Policies with a cap for the part of everybody that the population holds."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._known: dict[int, Policy] = {}

    def of(self, policy: Policy) -> Policy:
        if policy.cap_per_month is None or self._share >= 1:
            return policy
        if id(policy) not in self._known:
            cap = round(policy.cap_per_month * self._share)
            self._known[id(policy)] = replace(policy, cap_per_month=cap)
        return self._known[id(policy)]
