"""What the counts of a run would mean outside the laboratory: expected values by arithmetic.

Central values of one set of assumptions. No causal evidence exists for this scheme: whoever shows
one of these shows its band too, and zero lies inside the band of every effect.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import hazards
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.events import Events
from loopbaan.lab.keyed import Floats
from loopbaan.lab.margins import TODAY
from loopbaan.lab.population import DIMENSIONS, Population, employed
from loopbaan.law.months import NO_DAY, month_of
from loopbaan.law.policy import Policy
from loopbaan.law.transitions import Status

_HOURS_FULL, _HOURS_FIRST = 7.0, 4.0  # the hours between which `effect_hours_curve` is given
_BRUSSELS = DIMENSIONS["residence"].index("brussels")


@dataclass(frozen=True, slots=True)
class Expectations:
    """Expected values for the users and orders of a run, as many as the run holds.

    Persons, cases and euro; changes in standard deviations are those of the mean user, `months`
    after guidance.
    """

    users: int
    hours_a_user: float
    at_work_a_year_later: float
    job_changes_without: float
    job_changes_due: float
    job_satisfaction_sd: float
    burnout_symptoms_sd: float
    would_have_found_help: float
    long_sick_without: float
    long_sick_avoided: float
    share_of_yearly_inflow_avoided: float
    benefits_saved_euro: float
    state_saved_euro: float
    orders_by_the_sick: float
    orders_with_a_third_payer: float
    buyers_at_full_price: float


def of(events: Events, population: Population, behaviour: Behaviour, months: int) -> Expectations:
    """Return what is expected of the users of a run, `months` after their guidance."""
    b = behaviour
    started = events.started_on != NO_DAY
    users = len(np.unique(events.person[started]))
    hours = float(events.used_minutes[started].sum()) / 60 / max(users, 1)
    strength = hours_strength(b, hours) * 0.5 ** (months / b.effect_fade_half_life_months)
    sick = users * b.baseline_long_sickness_user_24m
    avoided = -sick * b.effect_long_sickness_relative * hours_strength(b, hours)
    years = avoided * b.mean_duration_long_sickness_years
    years_of_run = (events.last_month - events.first_month + 1) / 12
    inflow = int(employed(population, TODAY).sum()) * b.long_sickness_inflow_year * years_of_run
    turned_away = events.gave_up | events.has(Status.REFUSED)
    return Expectations(
        users=users,
        hours_a_user=hours,
        at_work_a_year_later=users * (1 - b.exit_from_work_rate_year),
        job_changes_without=users * b.job_change_rate_year,
        job_changes_due=users * b.effect_job_change_12m * hours_strength(b, hours),
        job_satisfaction_sd=b.effect_job_satisfaction_sd * strength,
        burnout_symptoms_sd=b.effect_burnout_symptoms_sd * strength,
        would_have_found_help=users * b.deadweight_share,
        long_sick_without=sick,
        long_sick_avoided=avoided,
        share_of_yearly_inflow_avoided=avoided / max(inflow, 1e-9),
        benefits_saved_euro=years * b.benefit_year_long_sickness,
        state_saved_euro=years * b.state_cost_year_long_sickness,
        orders_by_the_sick=len(events) * b.sick_with_contract_share,
        orders_with_a_third_payer=len(events) * b.third_payer_share,
        buyers_at_full_price=len(np.unique(events.person[turned_away])) * b.full_price_buyers_share,
    )


def hours_strength(behaviour: Behaviour, hours: float) -> float:
    """Return the part of the effect of seven hours that some hours have: a power through four."""
    if hours <= 0:
        return 0.0
    power = np.log(behaviour.effect_hours_curve) / np.log(_HOURS_FIRST / _HOURS_FULL)
    return float((hours / _HOURS_FULL) ** power)


def priced_out(behaviour: Behaviour, before: Policy, after: Policy, orders: int) -> float:
    """Return how many of some orders a dearer share would lose: the mean of all wage quintiles."""
    reference = before.share_cents
    kept = hazards.price_factors(behaviour, after, reference) / hazards.price_factors(
        behaviour, before, reference
    )
    return orders * (1 - float(kept.mean()))


def persons_a_row(population: Population, behaviour: Behaviour) -> Floats:
    """Return how many persons a Flemish row and a Brussels row stand for, at the published size."""
    here = employed(population, TODAY)
    brussels = int(np.count_nonzero(population.residence[here] == _BRUSSELS))
    flemish = int(np.count_nonzero(here)) - brussels
    of_brussels = behaviour.scope_population * behaviour.brussels_share_of_scope
    of_flanders = behaviour.scope_population - of_brussels
    return np.array([of_flanders / max(flemish, 1), of_brussels / max(brussels, 1)])


def orders_a_year(events: Events) -> NDArray[np.int64]:
    """Return the orders of each calendar year of a run, from its first."""
    year = month_of(events.ordered_on).astype(np.int64) // 12
    return np.bincount(year - events.first_month // 12)
