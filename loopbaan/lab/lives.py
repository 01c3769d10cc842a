"""Working lives: for each worker the months of birth, entry, one pause and end.

The rows follow `stocks.flows`: who is at work in the first month, and who comes from outside later.
Ends and pauses are drawn from each group's chances by month, so that every month has its workers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import stocks
from loopbaan.lab.chance import Chance
from loopbaan.lab.margins import FIRST
from loopbaan.lab.stocks import EDUCATIONS, GROUPS, LONGEST_PAUSE, MONTHS, SEXES, Flows

Months = NDArray[np.int16]
Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8]

RUNS_ON = 32767  # at work for as long as the lab looks, or no pause
STEP = 64.0  # between the logarithms of two groups, which never come this far
NOBODY_LEFT = 40.0  # the logarithm at which nobody is left
LONGEST_GAP = 255  # months, as `gap_months` holds them


@dataclass(frozen=True)
class Lives:
    """One element a worker. `left` is the first month no longer at work."""

    group: Numbers
    born: Months
    entered: Months
    left: Months
    gap_from: Months
    gap_months: Codes


def draw(chance: Chance, share: float) -> Lives:
    """Draw the working lives of a share of everybody, in order of group and month of coming."""
    flows = stocks.flows()
    group, came, worked = _newcomers(flows, chance, share)
    year = stocks.FIRST_YEAR + group // (len(SEXES) * len(EDUCATIONS))
    born = 12 * year + (chance.each(len(group)) * 12).astype(np.int32)
    entered, gap_from, gap_months = _past(chance, group, born, came, worked)
    left = np.empty(len(group), np.int16)
    had = np.flatnonzero(worked)
    left[had] = _left(flows, chance, group[had], came[had])
    never = np.flatnonzero(~worked)
    ends, starts, months = _future(flows, chance, group[never], came[never])
    left[never], gap_from[never], gap_months[never] = ends, starts, months
    return Lives(group, born.astype(np.int16), entered, left, gap_from, gap_months)


def _newcomers(
    flows: Flows, chance: Chance, share: float
) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Return group, month of coming (from 0), and whether a pause is behind them already."""
    coming = flows.coming.copy()
    coming[:, 0] = flows.starting
    before = flows.worked_before.copy()
    before[:, 0] = stocks.paused_before()
    expected = np.stack([coming * (1 - before), coming * before], axis=2).ravel() * share
    # Whole persons: the running sum is rounded, so that no group is favoured.
    summed = np.floor(np.cumsum(expected) + chance.one())
    counts = np.diff(summed, prepend=0.0).astype(np.int64)
    kind = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return kind // (2 * MONTHS), kind // 2 % MONTHS, (kind % 2).astype(np.bool_)


def _past(
    chance: Chance, group: Numbers, born: Numbers, came: Numbers, worked: NDArray[np.bool_]
) -> tuple[Months, Months, Codes]:
    """Return when each entered, and the pause that some have behind them.

    Who is at work in the first month entered some time before. Who comes later enters then; those
    who worked before come back from a pause that began before the first month, or enter as well if
    there is no room for such a past.
    """
    number = stocks.assumptions()
    month = FIRST + came
    sex, education = (code[group] for code in stocks.group_codes())
    career = _entry(chance, born, education)
    career += (chance.each(len(group)) < number["unseen_share"]) * np.int32(
        12 * number["unseen_years"]
    )
    # Who should not have entered yet, by age, did so in the last year.
    last_year = FIRST - 1 - (chance.each(len(group)) * 12).astype(np.int32)
    career = np.maximum(np.minimum(career, last_year), born + 12 * stocks.FIRST_AGE)
    length = _pause_length(chance, sex)
    spread = chance.each(len(group))
    room = np.maximum(FIRST - length - career - 1, 0)
    of_starter = career + 1 + (spread * room).astype(np.int32)
    of_return = np.minimum(month - length, FIRST - 1 - (spread * 24).astype(np.int32))
    of_return = np.maximum(of_return, month - LONGEST_GAP)
    start = np.where(came > 0, of_return, of_starter)
    length = np.where(came > 0, month - of_return, length)
    has_pause = worked & (start > career) & (start < FIRST) & (start + length <= month)
    entered = np.where((came > 0) & ~has_pause, month, career)
    gap_from = np.where(has_pause, start, RUNS_ON)
    gap_months = np.where(has_pause, length, 0)
    return entered.astype(np.int16), gap_from.astype(np.int16), gap_months.astype(np.uint8)


def _entry(chance: Chance, born: Numbers, education: NDArray[np.int64]) -> Numbers:
    """Return the month in which each should have entered: bell-shaped in age, by education."""
    mean = stocks.by("entry_age_mean", EDUCATIONS)[education]
    spread = stocks.by("entry_age_spread", EDUCATIONS)[education]
    age = mean + spread * chance.bell(len(born))
    month: Numbers = born + (12 * age).astype(np.int32)
    return month


def _pause_length(chance: Chance, sex: NDArray[np.int64]) -> Numbers:
    """Return a length of a pause in months, by sex."""
    summed = np.cumsum(stocks.pause_lengths(), axis=1)
    flat = (summed + np.arange(len(SEXES))[:, None]).ravel()
    place = np.searchsorted(flat, sex + chance.each(len(sex)), side="right")
    months: Numbers = (place - sex * (LONGEST_PAUSE + 1)).astype(np.int32)
    return np.clip(months, 1, LONGEST_PAUSE)


def _future(
    flows: Flows, chance: Chance, group: Numbers, came: Numbers
) -> tuple[Months, Months, Codes]:
    """Return end and pause of those who had no pause yet: the first event is one or the other."""
    leaving, pausing = flows.leaving, flows.pausing
    month = _first_event(leaving + pausing, chance, group, came)
    ends = _month_of(month)
    part = pausing / np.maximum(leaving + pausing, 1e-12)
    is_pause = chance.each(len(group)) < part[group, np.minimum(month, MONTHS) - 1]
    pauses = np.flatnonzero(is_pause & (month < MONTHS))
    gap_from = np.full(len(group), RUNS_ON, np.int16)
    gap_months = np.zeros(len(group), np.uint8)
    length = _pause_length(chance, stocks.group_codes()[0][group[pauses]])
    gap_from[pauses] = ends[pauses]
    gap_months[pauses] = length
    back = np.minimum(month[pauses] + length, MONTHS)
    ends[pauses] = _left(flows, chance, group[pauses], back)
    return ends, gap_from, gap_months


def _left(flows: Flows, chance: Chance, group: Numbers, since: Numbers) -> Months:
    return _month_of(_first_event(flows.leaving, chance, group, since))


def _month_of(event: Numbers) -> Months:
    return np.where(event < MONTHS, FIRST + event, RUNS_ON).astype(np.int16)


def _first_event(
    chances: NDArray[np.float64], chance: Chance, group: Numbers, since: Numbers
) -> Numbers:
    """Return the month (from 0) in which an event happens to each; MONTHS or more if it does not.

    `chances[g, m]` is that of an event between month m and the next. The logarithms of staying are
    summed by group, all groups lie one after another, and one search finds everybody's month.
    """
    stay = -np.log(np.maximum(1 - chances, np.exp(-NOBODY_LEFT)))
    summed = np.zeros((GROUPS, MONTHS + 1))
    np.cumsum(stay, axis=1, out=summed[:, 1:])
    # After the last month nothing is known: the next group begins far above.
    flat = (np.minimum(summed, NOBODY_LEFT) + STEP * np.arange(GROUPS)[:, None]).ravel()
    first = group * np.int32(MONTHS + 1)
    wait = -np.log(1 - chance.each(len(group)).astype(np.float64))
    place = np.searchsorted(flat, flat[first + since] + wait, side="right")
    found: Numbers = (place - first).astype(np.int32)
    return found
