"""How likely each worker is to order a first voucher in a month: by group, and by what is going on.

The published ratios are marginal (a woman against a man, whatever else they are). Applied together
they would count each other twice, so they are refitted on the workers entitled in mid-2018 until
each margin comes out. The level is awareness x hazard, which counts alone can never tell apart.
"""

import csv
import math
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.keyed import Floats
from loopbaan.law import payout
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.policy import Policy

REFERENCE = 1422  # July 2018: the month on which ratios and level rest
SCHEME_BEGINS = 1362  # July 2013
SEASON_FILE = Path(__file__).with_name("data") / "vouchers_by_month.csv"
AGES = ("20-29", "30-39", "40-49", "50+")  # the youngest includes the few under 20
QUINTILES = 5
_AGE_BOUNDS = np.array([30, 40, 50])
_ROUNDS = 60
LEAST_SHARE_CENTS, MOST_SHARE_CENTS = 2_000, 15_000  # where the elasticity is meant to hold
_STEP_ON = date(2020, 1, 1)  # the step in the hours that `hours_cut_factor_2020` is about
_SEASON_AMPLITUDE_LEAST = 0.05

Places = NDArray[np.integer]


def ratios(behaviour: Behaviour) -> dict[str, dict[str, float]]:
    """Return the published ratio of each category of each dimension, 1 for the reference."""
    b = behaviour
    return {
        "sex": {"woman": b.relative_hazard_woman},
        "education": {
            "low": b.relative_hazard_low_education,
            "high": b.relative_hazard_high_education,
        },
        "self_employed": {"yes": b.relative_hazard_self_employed},
        "non_eu": {"yes": b.relative_hazard_non_eu_origin},
        "health_limitation": {"limited": b.relative_hazard_health_limited},
        "burnout_symptoms": {"yes": b.relative_hazard_burnout_symptoms},
        "workable_job": {"not_workable": b.relative_hazard_not_workable_job},
        "job_search_intent": {"actively_looking": b.relative_hazard_job_search},
        "age": {
            "20-29": b.relative_hazard_age_20_29,
            "30-39": b.relative_hazard_age_30_39,
            "50+": b.relative_hazard_age_50_plus,
        },
    }


def refit(
    workers: Floats, groups: dict[str, Places], wanted: dict[str, Floats], reference: dict[str, int]
) -> dict[str, Floats]:
    """Return factors under which each dimension's mean rates stand in the given ratios.

    `workers` has one element a group; `groups` gives each group's category in each dimension,
    `wanted` the ratio of each category to that of `reference`. A category without workers
    keeps its ratio.
    """
    found = {name: ratio.copy() for name, ratio in wanted.items()}
    rate = np.ones(len(workers))
    for name, codes in groups.items():
        rate *= found[name][codes]
    for _ in range(_ROUNDS):
        worst = 0.0
        for name, codes in groups.items():
            size = len(wanted[name])
            people = np.bincount(codes, workers, size)
            mean = np.bincount(codes, workers * rate, size) / np.maximum(people, 1e-9)
            base = mean[reference[name]]
            step = np.where((people > 0) & (mean > 0), wanted[name] * base, mean)
            step = np.divide(step, mean, out=np.ones(size), where=mean > 0)
            found[name] *= step
            rate *= step[codes]
            worst = max(worst, float(np.abs(step - 1).max()))
        if worst < 1e-9:
            break
    level_of_all = float((workers * rate).sum() / workers.sum())
    first = next(iter(found))
    found[first] = found[first] / level_of_all
    return found


def age_group(born: NDArray[np.int16], month: int) -> NDArray[np.int64]:
    """Return the place in `AGES` of those born in some months, in a month."""
    years = (month - born.astype(np.int32)) // 12
    return np.searchsorted(_AGE_BOUNDS, years, side="right")


def awareness(behaviour: Behaviour, month: int) -> float:
    """Return the share that knows the voucher: each half-life closes half of the gap to the most.

    The curve that makes `own_hazard` of data/SOURCES.md true: 0.36 in mid-2018.
    """
    years = max(month - SCHEME_BEGINS, 0) / 12
    gap = behaviour.awareness_ceiling - behaviour.awareness_2013
    return behaviour.awareness_ceiling - gap * 2 ** (-years / behaviour.awareness_half_years)


def level(behaviour: Behaviour, month: int) -> float:
    """Return the mean monthly rate of those entitled, before price, law and news: by month."""
    year = 1900 + month // 12
    covid = {2020: behaviour.covid_factor_2020, 2021: behaviour.covid_factor_2021}.get(year, 1.0)
    season = max(
        1 + behaviour.season_amplitude * (seasons()[month % 12] - 1), _SEASON_AMPLITUDE_LEAST
    )
    known = awareness(behaviour, month)
    return behaviour.first_order_hazard_month_aware * known * covid * season


def seasons() -> tuple[float, ...]:
    """Return the seasonal factor of January to December, mean 1 (grade D, own_season)."""
    return _SEASONS


def hours_factor(behaviour: Behaviour, policy: Policy) -> float:
    """Return what the hours of talk that can be had do to the rate, against those before 2020."""
    before, after = step_of_2020()
    power = math.log(behaviour.hours_cut_factor_2020) / math.log(after / before)
    return math.pow(minutes_offered(policy) / before, power)


@cache
def step_of_2020() -> tuple[int, int]:
    """Return the minutes of both vouchers before and since 2020: the one step that was seen."""
    law = rulebooks.current()
    return minutes_offered(law.on(_STEP_ON - timedelta(1))), minutes_offered(law.on(_STEP_ON))


def minutes_offered(policy: Policy) -> int:
    """Return the minutes of talk that the law offers to those who have no voucher yet."""
    second = policy.second_voucher_minutes if may_have_second(policy) else 0
    return policy.first_voucher_minutes + (second or 0)


def may_have_second(policy: Policy) -> bool:
    """Whether the law offers a second voucher at all."""
    return (
        policy.vouchers_per_look_back == 2
        and policy.lifetime_vouchers is None
        and policy.second_voucher_minutes is not None
    )


def sensitivities(behaviour: Behaviour) -> Floats:
    """Return each wage quintile's elasticity against the mean: the three between share the rest."""
    low = behaviour.price_sensitivity_lowest_quintile
    high = behaviour.price_sensitivity_highest_quintile
    middle, step = (QUINTILES - low - high) / 3, (low - high) / 4
    return np.array([low, middle + step, middle, middle - step, high])


def price_factors(behaviour: Behaviour, policy: Policy, reference_cents: int) -> Floats:
    """Return what the worker's share does to the rate, by wage quintile, against the reference.

    Those whose share somebody else pays do not feel it. Where the law lets the employer pay a part,
    some orders that the lower share would win are lost, because the employer would know.
    """
    elasticity = behaviour.price_elasticity * sensitivities(behaviour)
    shares = shares_by_quintile(policy)
    felt = _felt(shares, elasticity, reference_cents)
    if policy.employer_cents:
        alone = _felt(shares + policy.employer_cents, elasticity, reference_cents)
        felt -= behaviour.employer_steering_effect * (felt - alone)
    return behaviour.third_payer_share + (1 - behaviour.third_payer_share) * felt


def shares_by_quintile(policy: Policy) -> NDArray[np.int64]:
    """Return the worker's share of one voucher in each fifth of all wages."""
    groups = payout.wage_groups(policy, np.arange(1, QUINTILES + 1))
    return np.array(payout.shares_cents(policy), np.int64)[groups]


def _felt(cents: NDArray[np.int64], elasticity: Floats, reference_cents: int) -> Floats:
    held = np.clip(cents, LEAST_SHARE_CENTS, MOST_SHARE_CENTS)
    factor: Floats = (held / reference_cents) ** elasticity
    return factor


def _read_seasons() -> tuple[float, ...]:
    with SEASON_FILE.open(encoding="utf-8", newline="") as file:
        found = {
            row["period"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["series"] == "seasonal_factor"
        }
    factors_ = [found[f"any-{month:02d}"] for month in range(1, 13)]
    mean = sum(factors_) / len(factors_)
    return tuple(each / mean for each in factors_)


_SEASONS = _read_seasons()
