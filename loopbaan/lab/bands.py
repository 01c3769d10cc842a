"""Every assumption drawn from its band: one draw is one way in which the world may be.

A band low-high is meant as an 80 % band, so the shape is the triangle whose mode is the central
value and which leaves a tenth below the low end and a tenth above the high one. A share that would
leave 0 to 1 stops nine tenths of the way from its band to that end. Ratios, elasticities and other
quantities that are above zero and have no upper end are drawn in their logarithms.

All assumptions of a run are drawn together and kept beside its figures, so that whoever reads them
can see how `deadweight_share`, `effect_…` and `retry_…` move together with what came out. No source
says how they hang together, so none is tied to another, but for what counts cannot tell apart: only
the product of wish, refusal, payment and start was ever counted, so a draw that loses more on the
way has that much more wish.

The population is built once. Its size is a weight on every count; the share that has the years is a
shift of days in everybody's experience, made by asking as many days less of them. The middle of all
assumptions is shifted too: as they were built, 80 in 100 workers have the years, and not 83.
"""

import copy
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab import take_up
from loopbaan.lab.behaviour import NAMES, Assumption, Behaviour
from loopbaan.lab.population import Population, careers
from loopbaan.law import career
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.months import calendar_day, first_of
from loopbaan.law.rulebook import Rulebook

CENTRAL = 0  # the draw at the central values
TAIL = 0.1  # outside each end of a band
LOW, HIGH = TAIL, 1 - TAIL  # the ends of an 80 % band over many runs
FEWEST = 4  # runs: with fewer there is no band, and a group would be the people of one run
SCOPE, ENTITLED = "scope_population", "eligible_share_84_months"
SHARE_IN = 1482  # July 2023, the year of the table behind that share, and of the years it asks
_EXPERIENCE = {"least_experience_days": 1.0, "least_experience_months": 12 / 365}
_IN_LOGS = {
    *("ratio", "odds ratio", "elasticity", "minutes", "orders per minute"),
    *("weeks", "months", "years", "km", "euro", "persons"),
}
_SHARES = ("share", "share per month", "share per year")
_STOPS = 0.1  # of the way from the end of its unit to its band, there a share stops
_ROUNDS = 200


@dataclass(frozen=True)
class Draw:
    """What one run assumes: `values` by name, of every assumption that was drawn."""

    values: dict[str, float]

    @property
    def entitled(self) -> float:
        """Return the share that has the seven years."""
        return self.values[ENTITLED]

    @property
    def changes(self) -> dict[str, float]:
        """Return the values that a run reads."""
        return {name: value for name, value in self.values.items() if name in NAMES}


def draw(seed: int, number: int, fitted: Mapping[str, float]) -> Draw:
    """Return one draw of a seed; number 0 is the central value of everything.

    An assumption that was fitted keeps its fitted value. Each number is the hash of its key: a new
    assumption leaves the draws of the others as they were.
    """
    rows = _rows()
    values = {name: row.value for name, row in rows.items() if name in drawn()}
    if number != CENTRAL:
        for name in values:
            values[name] = quantile(rows[name], _chance(seed, number, name))
    values |= {name: fitted[name] for name in fitted if rows[name].role == "calibrate"}
    level = "first_order_hazard_month_aware"
    values[level] = _wish(rows, values, values.get(level, rows[level].value))
    return Draw(values)


@cache
def drawn() -> tuple[str, ...]:
    """Return the names of what is drawn: what a run reads and does not fit, and the entitled share.

    Of the group `population` only the size is: the invented workers are built once.
    """
    return tuple(
        name
        for name, row in _rows().items()
        if name in (SCOPE, ENTITLED) or (row.role == "prior" and row.group != "population")
    )


@cache
def _rows() -> dict[str, Assumption]:
    return behaviours.assumptions()


def quantile(row: Assumption, chance: float) -> float:
    """Return the value of an assumption below which this part of its band lies."""
    if row.unit in _IN_LOGS and row.low > 0:
        low, mode, high = (math.log(each) for each in (row.low, row.value, row.high))
        return math.exp(_triangle(low, mode, high, chance))
    if row.unit in _IN_LOGS and row.high < 0:
        low, mode, high = (math.log(-each) for each in (row.high, row.value, row.low))
        return -math.exp(_triangle(low, mode, high, 1 - chance))
    found = _triangle(row.low, row.value, row.high, chance)
    if row.unit in _SHARES:
        return min(max(found, _STOPS * row.low), 1 - _STOPS * (1 - row.high))
    return found


def behaviour(scenario_changes: Mapping[str, float | str], drawn_: Draw) -> Behaviour:
    """Return what people probably do in one draw; what a scenario sets stays set."""
    return behaviours.load(changes={**drawn_.changes, **scenario_changes})


def law_of(rulebook: Rulebook, drawn_: Draw, people: Population) -> Rulebook:
    """Return the law as it looks to these workers when as many have the years as one draw says."""
    return shifted(rulebook, shift_days(people, drawn_.entitled))


def weighted(population: Population, assumed: Behaviour) -> Population:
    """Return the same workers, each standing for as many persons as the assumed size asks.

    A cap and the capacity of a site are then as much smaller beside them.
    """
    weight = assumed.scope_population / _rows()[SCOPE].value
    return replace(population, share=population.share / weight)


def shifted(rulebook: Rulebook, days: int) -> Rulebook:
    """Return the law as it looks to workers who all have so many days of experience more."""
    if not days:
        return rulebook
    content = copy.deepcopy(rulebook.content)
    for name, a_day in _EXPERIENCE.items():
        for line in content["numbers"][name]["lines"]:
            if line["value"] is not None:
                line["value"] = max(line["value"] - round(days * a_day), 0)
    return rulebooks.of(content)


def shift_days(population: Population, share: float) -> int:
    """Return the days to add to everybody's experience so that this share has the seven years."""
    days = _experience(population, rulebooks.current().hash)
    place = min(max(math.floor((1 - share) * len(days)), 0), len(days) - 1)
    policy = rulebooks.current().on(calendar_day(int(first_of(SHARE_IN))))
    assert policy.least_experience_days is not None, "the share is about the years of that law"
    return policy.least_experience_days - int(days[place])


_sorted: dict[tuple[str, str], np.ndarray] = {}


def _experience(population: Population, law: str) -> np.ndarray:
    """Return the days of experience in mid-2023 of workers spread over the population, sorted."""
    key = (population.hash, law)
    if key not in _sorted:
        rows = take_up.sample(population)
        rows = rows[take_up.is_at_work(population, rows, SHARE_IN)]
        on = np.full(len(rows), first_of(SHARE_IN), np.int32)
        policy = rulebooks.current().on(calendar_day(int(on[0])))
        sums = career.count(policy, careers(population, rows), on)
        _sorted[key] = np.sort(sums.experience_days)
    return _sorted[key]


def _chance(seed: int, number: int, name: str) -> float:
    """Return a number above 0 and below 1 that anybody can recompute: the hash of its key."""
    key = hashlib.blake2b(f"{seed}/{number}/{name}".encode(), digest_size=8).digest()
    return ((int.from_bytes(key, "little") >> 12) + 0.5) * 2.0**-52


def _triangle(low: float, mode: float, high: float, chance: float) -> float:
    """Return a quantile of the triangle with a tenth outside each end of the band."""
    left, right = _widths(mode - low, high - mode)
    width = left + right
    if chance * width <= left:
        return mode - left + math.sqrt(chance * width * left)
    return mode + right - math.sqrt((1 - chance) * width * right)


def _widths(below: float, above: float) -> tuple[float, float]:
    """Return how far the triangle reaches, so that a tenth lies outside each end of the band."""
    left, right = 2 * below, 2 * above
    for _ in range(_ROUNDS):
        width = left + right
        left = below + math.sqrt(TAIL * width * left)
        right = above + math.sqrt(TAIL * width * right)
    return left, right


def _wish(rows: Mapping[str, Assumption], values: Mapping[str, float], level: float) -> float:
    """Return the wish at which as many vouchers are used as with the central losses on the way."""
    central = {name: row.value for name, row in rows.items()}
    return level * _kept(central) / _kept({**central, **values})


def _kept(values: Mapping[str, float]) -> float:
    """Return the part of the orders with the right that becomes a started voucher."""
    refused, false = values["refused_share"], values["false_refusal_share"]
    in_error = refused * false / max(1 - refused * (1 - false), 1e-9)
    return (1 - values["unpaid_share"]) * (1 - values["unstarted_share"]) * (1 - in_error)
