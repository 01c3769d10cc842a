"""The scheme month by month: who comes, what the law decides, who gets a place, and what follows.

A month costs what its actors cost. Who may order is the law's, who gets a place is allocation's,
what comes after what is the transition table's; what people probably do is `behaviour`'s.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from loopbaan.lab import journeys, keyed, outlook, playing, rights, take_up
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.choice import Centres, choose
from loopbaan.lab.events import Events
from loopbaan.lab.hazards import REFERENCE
from loopbaan.lab.histories import Histories
from loopbaan.lab.outlook import Outlook
from loopbaan.lab.population import Population
from loopbaan.lab.state import World
from loopbaan.lab.wishes import Queue, Wishes
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import NO_DAY, calendar_day, day_number, first_of, month_of
from loopbaan.law.rulebook import Rulebook, current

FIRST_DAY, LAST_DAY = date(2013, 7, 1), date(2027, 12, 31)


def run(
    population: Population,
    behaviour: Behaviour,
    rulebook: Rulebook,
    *,
    seed: int,
    first: date = FIRST_DAY,
    last: date = LAST_DAY,
    centres: Centres | None = None,
    reading: str = DEFAULT_READING,
    tell: Callable[[str], None] | None = None,
) -> Events:
    """Play the months from that of `first` to that of `last`, and return every order.

    The scheme begins empty: before `first` nobody had a voucher.
    """
    first_month, last_month = month_number(first), month_number(last)
    world = begin(
        population,
        behaviour,
        rulebook,
        seed=seed,
        last_month=last_month,
        reading=reading,
    )
    for month in range(first_month, last_month + 1):
        step(world, month)
        if tell and month % 12 == 11:
            tell(f"{1900 + month // 12}: {world.log.count:,} orders so far")
    if centres is not None:
        _choose_centres(world, centres)
    return world.log.finish(first_month, last_month)


def month_number(day: date) -> int:
    """Return the month of a day, as a run counts them."""
    return int(month_of(np.array([day_number(day)]))[0])


def begin(
    population: Population,
    behaviour: Behaviour,
    rulebook: Rulebook,
    *,
    seed: int,
    last_month: int,
    reading: str = DEFAULT_READING,
) -> World:
    """Fit what a run needs once, and return its world before the first month."""
    rates, asking = rights.prepare(population, behaviour)
    day = calendar_day(int(first_of(REFERENCE)))
    as_it_was = current().on(day)
    return World(
        population=population,
        behaviour=behaviour,
        rulebook=rulebook,
        seed=seed,
        reading=reading,
        rates=rates,
        asking=asking,
        spread=journeys.delays(behaviour, as_it_was),
        changes=outlook.changes(rulebook, reading),
        reference_cents=as_it_was.share_cents,
        histories=Histories(),
        queue=Queue(last_month),
    )


def step(world: World, month: int) -> World:
    """Play one month."""
    seen = outlook.look(
        world.behaviour,
        world.rulebook,
        world.changes,
        month,
        reference_cents=world.reference_cents,
        reading=world.reading,
    )
    playing.play(world, seen, wishes(world, seen))
    return world


def wishes(world: World, seen: Outlook) -> Wishes:
    """Return who wants to order: those drawn for a first voucher, and those whose month it is."""
    persons = take_up.callers(
        world.population,
        world.rates,
        seed=world.seed,
        month=seen.month,
        level=seen.level,
        by_quintile=seen.by_quintile,
        by_education=seen.by_education,
    )
    persons = persons[~world.histories.is_known(persons, int(seen.days[0]))]
    found = world.queue.take(seen.month, Wishes.of(persons))
    draw = keyed.uniform(world.seed, "day", seen.month, found.person)
    shares = np.cumsum(seen.weights) / seen.weights.sum()
    some_day = seen.days[np.searchsorted(shares, draw).clip(max=len(shares) - 1)]
    day = np.where(found.day == NO_DAY, some_day, found.day)
    return Wishes(found.person, found.kind, found.attempt, day)


def _choose_centres(world: World, firms: Centres) -> None:
    """Write down to which centre each goes who starts: the same one at every voucher."""
    started = np.flatnonzero(world.log.columns["started_on"][: world.log.count] != NO_DAY)
    persons = world.log.columns["person"][started]
    centre = choose(firms, world.behaviour.access_radius_km, world.population, world.seed, persons)
    world.log.change(started, centre=centre)
