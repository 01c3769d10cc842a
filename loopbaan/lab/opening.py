"""How the orders of a month arrive: on any day, in a race at an opening, or in a draw's window."""

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import columns, keyed, race
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.events import NO_MINUTE
from loopbaan.lab.outlook import Outlook
from loopbaan.lab.population import Population
from loopbaan.lab.wishes import Wishes
from loopbaan.law.allocation import OPENS_ON
from loopbaan.law.months import calendar_day
from loopbaan.law.rulebook import Rulebook


def arrive(
    population: Population,
    behaviour: Behaviour,
    seen: Outlook,
    wanted: Wishes,
    rulebook: Rulebook,
    seed: int,
    reading: str,
) -> tuple[Wishes, NDArray[np.int16]]:
    """Return the wishes in the order in which they arrive, and the minute of those in a race."""
    if seen.is_draw:
        enters = keyed.uniform(seed, "enter", seen.month, wanted.person)
        most = seen.by_education[population.education[wanted.person]]
        wanted = columns.rows(wanted, (wanted.attempt == 0) | (enters < most))
    day, minute = wanted.day.copy(), np.full(len(wanted), np.inf)
    for opens, closes in _races(seen, rulebook, reading):
        here = np.flatnonzero((wanted.day >= opens) & (wanted.day < closes))
        person, losses = wanted.person[here], wanted.attempt[here]
        chance = race.readiness(behaviour, population, person, losses)
        ready = keyed.uniform(seed, "ready", opens, person) < chance
        at = here[ready]
        day[at] = opens
        minute[at] = race.minutes(
            behaviour,
            seed=seed,
            month=opens,
            persons=wanted.person[at],
            share=population.share,
        )
    moment = keyed.uniform(seed, "moment", seen.month, wanted.person)
    order = np.lexsort((moment, minute, day))
    sorted_ = Wishes(wanted.person[order], wanted.kind[order], wanted.attempt[order], day[order])
    ran = np.isfinite(minute[order])
    return sorted_, np.where(ran, minute[order], NO_MINUTE).astype(np.int16)


def _races(seen: Outlook, rulebook: Rulebook, reading: str) -> list[tuple[int, int]]:
    """Return the first day of each race of the month, and that of what follows.

    Places go to the first at an opening; it is a race only if that was known the day before.
    """
    opening = seen.policies[0]
    opens = [day for day in OPENS_ON[opening.release] if day <= len(seen.days)]
    ends = [*opens[1:], len(seen.days) + 1]
    found = []
    for begin, end in zip(opens, ends, strict=True):
        day = int(seen.days[begin - 1])
        known = rulebook.on(calendar_day(day), calendar_day(day - 1), reading)
        policy = seen.policies[begin - 1]
        is_first_come = policy.allocation == "first_come" and policy.cap_per_month is not None
        if is_first_come and known.cap_per_month is not None:
            found.append((day, int(seen.days[0]) + end - 1))
    return found
