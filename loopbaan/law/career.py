"""Career arithmetic: from spells, as the registers know them, to the facts that the law counts.

Counted days are calendar days, both ends included, up to the day before the order day; overlapping
spells count once (grade D: no text says how part-time work or days are counted). Which kind of
spell counts, and as what, is dated and graded in `policy.yaml`.
"""

from dataclasses import dataclass, replace
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.months import Days, add_months
from loopbaan.law.ordering import ACTIVITIES, NO_ACTIVITY, Facts
from loopbaan.law.periods import Rows
from loopbaan.law.policy import COUNTS_AS, KINDS, Policy

RUNS_ON = np.int32(2**31 - 1)  # the end of a spell that has none yet
RECENT_MONTHS = 24
MONTHS_IN_YEAR = 12
DAYS_IN_WEEK = 7
BLOCK = 16_384  # careers counted at a time
ALL_ROWS = slice(None)
SUMMED = (
    "activity",
    "experience_days",
    "experience_months",
    "months_worked_in_last_24",
    "agency_weeks_unbroken",
)
_ACTIVITY_OF = {
    "employee": 0,
    "self_employed": 1,
    "self_employed_flagged": 1,
    "agency": 2,
    "employee_if_certified": 0,
    "experience_only": NO_ACTIVITY,
    "nothing": NO_ACTIVITY,
}
assert set(_ACTIVITY_OF) == set(COUNTS_AS)
assert ACTIVITIES == ("employee", "self_employed", "agency", "none")


class Note(IntFlag):
    """Why a spell does not count, or counts in doubt."""

    KIND = 1  # this kind does not count
    NO_CERTIFICATE = 2  # work abroad without a certificate of the employer
    NOT_YET = 4  # begins on the order day or later
    DOUBTFUL = 8  # counts, though no text says so


@dataclass(frozen=True, slots=True)
class Spells:
    """The spells of a batch of workers: those of worker i are `offsets[i]` to `offsets[i + 1]`.

    In any order within a worker. `kind` is the index in `KINDS`; `ends_on` is `RUNS_ON` for a spell
    that has no end yet.
    """

    offsets: NDArray[np.int64]
    starts_on: Days
    ends_on: Days
    kind: NDArray[np.uint8]
    certified: NDArray[np.bool_]

    def workers(self, rows: Rows) -> "Spells":
        """Return the spells of some workers."""
        counts = np.diff(self.offsets)[rows]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        spells: Rows
        if isinstance(rows, slice):
            first = self.offsets[rows.start]
            spells = slice(first, first + offsets[-1])
        else:
            spells = np.repeat(self.offsets[rows] - offsets[:-1], counts) + np.arange(offsets[-1])
        return Spells(
            offsets,
            self.starts_on[spells],
            self.ends_on[spells],
            self.kind[spells],
            self.certified[spells],
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """The facts that a career gives, one element a worker, and a `Note` for each spell."""

    activity: NDArray[np.uint8]
    experience_days: NDArray[np.int32]
    experience_months: NDArray[np.int16]
    months_worked_in_last_24: NDArray[np.int8]
    agency_weeks_unbroken: NDArray[np.int16]
    notes: NDArray[np.uint8]


def count(policy: Policy, spells: Spells, ordered_on: Days) -> Sums:
    """Turn careers into facts on the order day (one for all, or one a worker) under one policy."""
    workers = len(spells.offsets) - 1
    parts = []
    for first in range(0, max(workers, 1), BLOCK):
        last = min(first + BLOCK, workers)
        days = ordered_on if len(ordered_on) == 1 else ordered_on[first:last]
        parts.append(_count(policy, spells.workers(slice(first, last)), days))
    if len(parts) == 1:
        return parts[0]
    columns = (np.concatenate([getattr(p, name) for p in parts]) for name in Sums.__slots__)
    return Sums(*columns)


def with_sums(facts: Facts, sums: Sums, rows: Rows = ALL_ROWS) -> Facts:
    """Return the facts with what the careers of some rows give."""
    columns = {name: getattr(facts, name).copy() for name in SUMMED}
    for name, column in columns.items():
        column[rows] = getattr(sums, name)
    return replace(facts, **columns)


def _count(policy: Policy, spells: Spells, ordered_on: Days) -> Sums:
    workers = len(spells.offsets) - 1
    owner = np.repeat(np.arange(workers, dtype=np.int64), np.diff(spells.offsets))
    window = add_months(ordered_on, -RECENT_MONTHS)
    counts, activity, is_agency, notes = _kind_tables(policy)

    note = notes[spells.kind, spells.certified.view(np.uint8)]
    begins_late = spells.starts_on >= _each(ordered_on, owner)
    note |= np.multiply(begins_late, np.uint8(Note.NOT_YET), dtype=np.uint8)
    counted = np.flatnonzero(counts[spells.kind, spells.certified.view(np.uint8)] & ~begins_late)
    counted = counted[_by_owner_and_start(owner[counted], spells.starts_on[counted])]

    owners, starts = owner[counted], spells.starts_on[counted]
    ends = np.minimum(spells.ends_on[counted], _each(ordered_on, owners) - np.int32(1))
    since = np.maximum(starts, _each(window, owners))
    agency = is_agency[spells.kind[counted]] & (ends >= since)
    days, recent = _days_in_union(owners, starts, ends, since, workers)
    run = _longest_run(owners[agency], since[agency], ends[agency], workers)
    per_year = policy.experience_year_days
    months, recent_months = days * MONTHS_IN_YEAR // per_year, recent * MONTHS_IN_YEAR // per_year
    return Sums(
        activity=_activity(spells, activity[spells.kind], _each(ordered_on, owner)),
        experience_days=days.astype(np.int32),
        experience_months=months.astype(np.int16),
        months_worked_in_last_24=np.minimum(recent_months, RECENT_MONTHS).astype(np.int8),
        agency_weeks_unbroken=(run // DAYS_IN_WEEK).astype(np.int16),
        notes=note,
    )


def _kind_tables(
    policy: Policy,
) -> tuple[NDArray[np.bool_], NDArray[np.uint8], NDArray[np.bool_], NDArray[np.uint8]]:
    """Return, by kind: whether it counts (without, with certificate), its activity, whether it is
    agency work, and its note (without, with certificate).
    """
    words = [getattr(policy, f"counts_{kind}") for kind in KINDS]
    counts = [
        (word not in ("nothing", "employee_if_certified"), word != "nothing") for word in words
    ]
    notes = [(_note_of(word, False), _note_of(word, True)) for word in words]
    return (
        np.array(counts),
        np.array([_ACTIVITY_OF[word] for word in words], np.uint8),
        np.array([word == "agency" for word in words]),
        np.array(notes, np.uint8),
    )


def _note_of(counts_as: str, certified: bool) -> int:
    if counts_as == "nothing":
        return Note.KIND
    if counts_as == "employee_if_certified" and not certified:
        return Note.NO_CERTIFICATE
    return Note.DOUBTFUL if counts_as == "self_employed_flagged" else 0


def _each(days: Days, owner: NDArray[np.int64]) -> Days:
    return days if len(days) == 1 else days[owner]


def _by_owner_and_start(owner: NDArray[np.int64], starts: Days) -> NDArray[np.int64]:
    """Return the order by owner and start. One sort of packed integers is faster than a lexsort."""
    assert len(owner) < 1 << 24, "a block of careers holds fewer than 16 million spells"
    key = (owner << 44) | ((starts.astype(np.int64) + (1 << 19)) << 24) | np.arange(len(owner))
    key.sort()
    return key & ((1 << 24) - 1)


def _reach_before(owner: NDArray[np.int64], ends: Days) -> NDArray[np.int64]:
    """Return how far the owner's earlier spells reach; far in the past for a first one.

    Each owner is lifted above the one before, so one running maximum serves them all.
    """
    lift = owner << 22
    reach = np.maximum.accumulate(ends + lift)
    before = np.empty_like(reach)
    before[:1] = -(1 << 22)
    before[1:] = reach[:-1]
    before -= lift
    return before


def _days_in_union(
    owner: NDArray[np.int64], starts: Days, ends: Days, since: Days, workers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each owner's days in the union of the spells, in all and from `since` on."""
    before = _reach_before(owner, ends)
    fresh = np.maximum(ends - np.maximum(before, starts - 1), 0)
    recent = np.maximum(ends - np.maximum(before, since - 1), 0)
    in_all = np.bincount(owner, weights=fresh, minlength=workers)
    return in_all.astype(np.int64), np.bincount(owner, recent, workers).astype(np.int64)


def _longest_run(
    owner: NDArray[np.int64], starts: Days, ends: Days, workers: int
) -> NDArray[np.int64]:
    """Return each owner's longest unbroken run of days; spells that touch run on."""
    longest = np.zeros(workers, np.int64)
    if not len(owner):
        return longest
    runs = np.flatnonzero(starts > _reach_before(owner, ends) + 1)
    length = np.maximum.reduceat(ends, runs) - starts[runs] + 1
    first_of_owner = np.flatnonzero(np.diff(owner[runs], prepend=-1))
    longest[owner[runs][first_of_owner]] = np.maximum.reduceat(length, first_of_owner)
    return longest


def _activity(spells: Spells, activity: NDArray[np.uint8], day: Days) -> NDArray[np.uint8]:
    """Return the activity on the order day: employee before self-employed before agency."""
    covers = (spells.starts_on <= day) & (spells.ends_on >= day)
    ranked = np.where(covers, activity, np.uint8(NO_ACTIVITY))
    found = np.full(len(spells.offsets) - 1, NO_ACTIVITY, np.uint8)
    has_spells = np.flatnonzero(np.diff(spells.offsets))
    if len(has_spells):
        found[has_spells] = np.minimum.reduceat(ranked, spells.offsets[has_spells])
    return found
