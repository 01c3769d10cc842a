"""What the law says of those who come: facts from careers and records, then `law.ordering`."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import keyed, take_up
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.hazards import REFERENCE
from loopbaan.lab.histories import Histories
from loopbaan.lab.keyed import Persons
from loopbaan.lab.population import DIMENSIONS, Population, careers
from loopbaan.lab.take_up import Rates
from loopbaan.law import career, ordering
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import Days, first_of
from loopbaan.law.ordering import (
    BRUSSELS,
    EEA,
    FLANDERS,
    NO_ACTIVITY,
    WALLONIA,
    Decisions,
    Facts,
)
from loopbaan.law.periods import periods
from loopbaan.law.rulebook import Rulebook, current

_AT_ONCE = 4_096  # workers fitted on at a time, so that fitting takes no room
_HOME = np.array(
    [BRUSSELS if name == "brussels" else FLANDERS for name in DIMENSIONS["residence"]], np.uint8
)
_WORK_PLACES = {
    "flemish_region": FLANDERS,
    "brussels": BRUSSELS,
    "wallonia": WALLONIA,
    "abroad": EEA,
}
_WORK = np.array([_WORK_PLACES[name] for name in DIMENSIONS["work_place"]], np.uint8)


@dataclass(frozen=True, slots=True)
class Asking:
    """How those without the right, and errors in registers, come in: fitted on mid-2018.

    `share_without_right` is the part of the rate at which workers without the right order too;
    `register_error` the part of workers of whose career the registers know nothing.
    """

    share_without_right: float
    register_error: float


def prepare(population: Population, behaviour: Behaviour) -> tuple[Rates, Asking]:
    """Fit the rates on the workers of mid-2018 and the law as it was, and how many others ask.

    The law of a scenario is not asked: what people do was seen under the law as it was.
    """
    rows = take_up.sample(population)
    rows = rows[take_up.is_at_work(population, rows, REFERENCE)]
    may = np.concatenate(
        [
            _had_right(population, rows[start : start + _AT_ONCE])
            for start in range(0, len(rows), _AT_ONCE)
        ]
    )
    rates = take_up.fit(population, behaviour, rows[may])
    weight = take_up.rate_of(population, rates, rows)
    return rates, _asking(behaviour, float(weight[~may].sum() / weight.sum()))


def _had_right(population: Population, rows: Persons) -> NDArray[np.bool_]:
    """Whether some workers had the right in mid-2018, if they never had a voucher."""
    day = np.full(len(rows), first_of(REFERENCE), np.int32)
    given = facts(population, Histories(), current(), rows, day, DEFAULT_READING)
    return decide(current(), given, day, DEFAULT_READING).may_order


def _asking(behaviour: Behaviour, without_right: float) -> Asking:
    """Return the shares under which refusals, and false ones among them, come out in mid-2018."""
    refused, false = behaviour.refused_share, behaviour.false_refusal_share
    rightly = refused * (1 - false)
    share = 0.0
    if 0 < without_right < 1 and rightly < 1:
        # Of all orders, second ones too, which hardly anybody places without the right.
        orders_a_first = (
            1 + behaviour.second_voucher_share - behaviour.second_voucher_trend_per_year
        )
        refused_a_first = rightly / (1 - rightly) * orders_a_first
        share = refused_a_first * (1 - without_right) / without_right
    return Asking(min(share, 1.0), refused * false / max(1 - rightly, 1e-9))


def facts(
    population: Population,
    histories: Histories,
    rulebook: Rulebook,
    persons: Persons,
    ordered_on: Days,
    reading: str,
) -> Facts:
    """Return what the law looks at, each on the order day, as known that day."""
    count = len(persons)
    past = histories.standing(persons, ordered_on)
    given = Facts(
        lives_in=_HOME[population.residence[persons]],
        moved_from_eea=np.zeros(count, np.bool_),
        works_in=_WORK[population.work_place[persons]],
        activity=np.full(count, NO_ACTIVITY, np.uint8),
        experience_days=np.zeros(count, np.int32),
        experience_months=np.zeros(count, np.int16),
        months_worked_in_last_24=np.zeros(count, np.int8),
        agency_weeks_unbroken=np.zeros(count, np.int16),
        last_started_on=past.last_started_on,
        previous_started_on=past.previous_started_on,
        last_voucher_closed=past.last_closed,
        open_order=past.open_order,
        in_dutch=np.ones(count, np.bool_),
        wage_quintile=population.wage_quintile[persons] + np.uint8(1),
    )
    spells = careers(population, persons.astype(np.int64))
    for period in periods(rulebook, ordered_on, None, reading, count):
        sums = career.count(period.policy, spells.workers(period.rows), period.ordered_on)
        given = career.with_sums(given, sums, period.rows)
    return given


def unknown_to_registers(given: Facts) -> Facts:
    """Return facts as registers give them that know nothing of the careers."""
    nothing = {name: np.zeros_like(getattr(given, name)) for name in career.SUMMED}
    nothing["activity"] = np.full_like(given.activity, NO_ACTIVITY)
    return replace(given, **nothing)


def decide(rulebook: Rulebook, given: Facts, ordered_on: Days, reading: str) -> Decisions:
    """Let the law decide a batch by day, as known that day: it may change within a month."""
    return ordering.decide(rulebook, given, ordered_on=ordered_on, reading=reading)


def has_error(seed: int, asking: Asking, persons: Persons) -> NDArray[np.bool_]:
    """Whether the registers know nothing of the careers of some: a fault that a person carries."""
    carries: NDArray[np.bool_] = keyed.uniform(seed, "register", 0, persons) < asking.register_error
    return carries
