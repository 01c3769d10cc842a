"""The race: who is there when places open, who is through at which minute, and who tries again.

Once it is known that places go to the first, a part of those who want one is ready at the opening.
Who is weak with a screen, or cannot sit at one then, is less often in time; who lost before learns.
"""

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import keyed
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.keyed import Floats, Persons
from loopbaan.lab.population import DIMENSIONS, Population

# Sectors where most sit at a screen at the opening; nobody has counted it (grade D, own_race).
DESK_SECTORS = (
    "public_administration",
    "professional_technical",
    "administrative_support",
    "ict",
    "finance_insurance",
    "real_estate",
)
LAST_MINUTE = 1_439
_ARRIVAL_SPREAD = (
    1.0  # of the logarithm of the minute: two thirds within a third to thrice the median
)
_IS_DESK = np.isin(DIMENSIONS["sector"], DESK_SECTORS)
_STEPS = 40


def readiness(
    behaviour: Behaviour, population: Population, persons: Persons, losses: NDArray[np.integer]
) -> Floats:
    """Return each contender's chance to be ready at the opening.

    Odds by digital skill and desk, levelled so that those who never lost have the published mean.
    Each race lost closes a part of the gap to full readiness.
    """
    low = behaviour.race_odds_low_digital
    by_skill = np.array([low, np.sqrt(low), 1.0])
    odds = by_skill[population.digital_skill[persons]]
    odds *= np.where(_IS_DESK[population.sector[persons]], behaviour.race_odds_desk_job, 1.0)
    chance = _levelled(odds, behaviour.race_share_present_at_opening)
    missing: Floats = (1 - chance) * (1 - behaviour.race_learning_per_loss) ** losses
    return 1 - missing


def minutes(
    behaviour: Behaviour, *, seed: int, month: int, persons: Persons, share: float
) -> Floats:
    """Return the minute at which each who is ready is through: arrival, then the site's queue.

    `share` is the part of everybody that the population holds: the site is as much smaller.
    """
    chance = keyed.uniform(seed, "arrive", month, persons)
    arrival = keyed.lognormal(chance, behaviour.race_arrival_minutes_median, _ARRIVAL_SPREAD)
    order = np.argsort(arrival, kind="stable")
    each = 1 / (behaviour.race_system_capacity_per_minute * share)
    turn = np.arange(len(order)) * each
    through = np.empty(len(order))
    through[order] = np.maximum.accumulate(arrival[order] - turn) + turn + each
    return np.minimum(through, LAST_MINUTE)


def tries_again(
    behaviour: Behaviour,
    population: Population,
    *,
    seed: int,
    month: int,
    persons: Persons,
    losses: NDArray[np.integer],
) -> NDArray[np.bool_]:
    """Return who of those without a place tries again next month.

    The mean of a first loss is the published one; the low educated try less, each loss counts.
    """
    ratio = behaviour.retry_ratio_low_to_high_education
    relative = np.array([ratio, np.sqrt(ratio), 1.0])[population.education[persons]]
    mean = float(relative.mean()) if len(relative) else 1.0
    chance = behaviour.retry_next_month * behaviour.retry_decay**losses * relative / max(mean, 1e-9)
    again: NDArray[np.bool_] = keyed.uniform(seed, "retry", month, persons) < chance
    return again


def _levelled(odds: Floats, mean: float) -> Floats:
    """Return chances in these odds to each other, with this mean: halving finds the level."""
    if not len(odds) or mean <= 0 or mean >= 1:
        return np.full(len(odds), mean)
    low, high = -20.0, 20.0
    chance = odds
    for _ in range(_STEPS):
        middle = (low + high) / 2
        raised = odds * np.exp(middle)
        chance = raised / (1 + raised)
        low, high = (middle, high) if chance.mean() < mean else (low, middle)
    return chance
