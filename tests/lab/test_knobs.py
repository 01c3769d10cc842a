"""Every number does something: each is moved from one end of its band to the other, and seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import bands, behaviour, centres, effects, orders, risks, world
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.choice import choose, distances_km
from loopbaan.lab.events import CODE, FIRST, RETURN, SECOND, Events
from loopbaan.lab.explained import FIGURES
from loopbaan.lab.population import DIMENSIONS
from loopbaan.lab.race import DESK_SECTORS
from loopbaan.law.months import NO_DAY, day_number, month_of
from loopbaan.law.rulebook import Rulebook, current
from loopbaan.law.transitions import Status
from tests.lab.runs import assume, law, people, play, scenario_law

EARLY = ("2013-07-01", "2015-12-31")
MATURE = ("2017-07-01", "2019-12-31")
COVID = ("2019-07-01", "2021-12-31")
SCARCE = ("2025-01-01", "2025-10-31")
DEARER = ("2025-09-01", "2026-08-31")
WHOLE = ("2013-07-01", "2022-12-31")

Outcome = Callable[[Events], float]


def between(first: str, last: str) -> Callable[[Events], Any]:
    begin, end = (day_number(date.fromisoformat(day)) for day in (first, last))
    return lambda events: (events.ordered_on >= begin) & (events.ordered_on <= end)


def orders_in(first: str, last: str) -> Outcome:
    return lambda events: float(between(first, last)(events).sum())


def all_orders(events: Events) -> float:
    return float(len(events))


def share_of(dimension: str, category: str, first: str = "2013-07-01") -> Outcome:
    """The part of first orders by one group."""
    code = DIMENSIONS[dimension].index(category)

    def outcome(events: Events) -> float:
        asked = (events.kind == FIRST) & between(first, "2027-12-31")(events)
        codes = getattr(people(), dimension)[events.person[asked]]
        return float((codes == code).mean())

    return outcome


def share_aged(place: int) -> Outcome:
    def outcome(events: Events) -> float:
        asked = events.kind == FIRST
        born = people().born[events.person[asked]].astype(int)
        age = (month_of(events.ordered_on[asked]).astype(int) - born) // 12
        return float((np.searchsorted([30, 40, 50], age, side="right") == place).mean())

    return outcome


def counted(*statuses: Status) -> Outcome:
    return lambda events: float(events.has(*statuses).sum())


def july(events: Events) -> float:
    return float((month_of(events.ordered_on) % 12 == 6).mean())


def ran(events: Events) -> Any:
    return events.minute >= 0


def among_runners(dimension: str, *categories: str) -> Outcome:
    codes = [DIMENSIONS[dimension].index(each) for each in categories]
    return lambda events: float(
        np.isin(getattr(people(), dimension)[events.person[ran(events)]], codes).mean()
    )


def sold_out_minute(events: Events) -> float:
    won = ran(events) & (events.outcome != CODE[Status.LOST])
    return float(events.minute[won].mean())


def second_tries(events: Events) -> float:
    return float((events.attempt > 0).sum())


def third_tries_a_second(events: Events) -> float:
    return float((events.attempt > 1).sum() / (events.attempt == 1).sum())


def learners_who_ran(events: Events) -> float:
    again = events.attempt > 1
    return float(ran(events)[again].mean())


def low_educated_who_try_again(events: Events) -> float:
    return float((people().education[events.person[events.attempt > 0]] == 0).mean())


def days_between(first: str, then: str) -> Outcome:
    def outcome(events: Events) -> float:
        begin, end = getattr(events, first), getattr(events, then)
        both = (begin != NO_DAY) & (end != NO_DAY)
        return float((end[both] - begin[both]).mean())

    return outcome


def of_kind(kind: int) -> Outcome:
    return lambda events: float((events.kind == kind).sum())


def gap_to_second(events: Events) -> float:
    """The mean days from a first order to the second of the same person."""
    first = dict(
        zip(
            events.person[events.kind == FIRST].tolist(),
            events.ordered_on[events.kind == FIRST].tolist(),
            strict=True,
        )
    )
    seconds = np.flatnonzero(events.kind == SECOND)
    gaps = [events.ordered_on[row] - first[events.person[row]] for row in seconds]
    return float(np.mean(gaps))


def expected(name: str) -> Callable[[Events, Behaviour], float]:
    """A row of what is told of effects."""

    def outcome(events: Events, assumed: Behaviour) -> float:
        told = effects.bands(orders.frame(events, people(), current()), assumed)
        return float(told.filter(pl.col("outcome") == name)["central"].item())

    return outcome


@dataclass(frozen=True)
class Knob:
    """An outcome that rises (`sign` 1) or falls (-1) from the low end of the band to the high."""

    span: tuple[str, str]
    outcome: Outcome
    sign: int = 1
    book: Callable[[], Rulebook] = current


def draw() -> Rulebook:
    return scenario_law("draw-1000")


def waiting_list() -> Rulebook:
    return scenario_law("waiting-list")


def employer_pays_half() -> Rulebook:
    return law(("employer_cents", "2025-11-01", 4500), ("share_cents", "2025-11-01", 4500))


RUNS = {
    "awareness_2013": Knob(EARLY, orders_in("2013-07-01", "2013-12-31")),
    "awareness_ceiling": Knob(MATURE, all_orders),
    "awareness_half_years": Knob(EARLY, all_orders, -1),
    "first_order_hazard_month_aware": Knob(MATURE, all_orders),
    "relative_hazard_woman": Knob(MATURE, share_of("sex", "woman")),
    "relative_hazard_high_education": Knob(MATURE, share_of("education", "high")),
    "relative_hazard_low_education": Knob(MATURE, share_of("education", "low")),
    "relative_hazard_age_20_29": Knob(MATURE, share_aged(0)),
    "relative_hazard_age_30_39": Knob(MATURE, share_aged(1)),
    "relative_hazard_age_50_plus": Knob(MATURE, share_aged(3)),
    "relative_hazard_self_employed": Knob(MATURE, share_of("status", "self_employed_main")),
    "relative_hazard_non_eu_origin": Knob(MATURE, share_of("origin", "non_eu")),
    "relative_hazard_health_limited": Knob(MATURE, share_of("health_limitation", "limited")),
    "relative_hazard_burnout_symptoms": Knob(MATURE, share_of("burnout_symptoms", "yes")),
    "relative_hazard_not_workable_job": Knob(MATURE, share_of("workable_job", "not_workable")),
    "relative_hazard_job_search": Knob(MATURE, share_of("job_search_intent", "actively_looking")),
    "covid_factor_2020": Knob(COVID, orders_in("2020-02-01", "2020-12-31")),
    "covid_factor_2021": Knob(COVID, orders_in("2021-01-01", "2021-12-31")),
    "hours_cut_factor_2020": Knob(COVID, orders_in("2020-02-01", "2021-12-31")),
    "season_amplitude": Knob(MATURE, july, -1),
    "condition_spillover_first_year": Knob(COVID, orders_in("2020-02-01", "2020-12-31"), -1),
    "price_elasticity": Knob(DEARER, orders_in("2025-12-01", "2026-08-31")),
    "price_sensitivity_lowest_quintile": Knob(
        DEARER, share_of("wage_quintile", "q1", "2025-12-01"), -1
    ),
    "price_sensitivity_highest_quintile": Knob(
        DEARER, share_of("wage_quintile", "q5", "2025-12-01"), -1
    ),
    "third_payer_share": Knob(DEARER, orders_in("2025-12-01", "2026-08-31")),
    "employer_steering_effect": Knob(
        DEARER, orders_in("2025-12-01", "2026-08-31"), -1, employer_pays_half
    ),
    "front_load_total_share": Knob(COVID, orders_in("2019-12-06", "2019-12-31")),
    "front_load_decay_weeks": Knob(COVID, orders_in("2019-12-25", "2019-12-31"), -1),
    "post_change_dip_share": Knob(COVID, orders_in("2020-01-01", "2020-01-31"), -1),
    "news_shock_multiplier_week1": Knob(SCARCE, orders_in("2025-03-04", "2025-03-10")),
    "race_share_present_at_opening": Knob(SCARCE, lambda events: float(ran(events).sum())),
    "race_arrival_minutes_median": Knob(SCARCE, sold_out_minute),
    "race_system_capacity_per_minute": Knob(SCARCE, sold_out_minute, -1),
    "race_odds_low_digital": Knob(SCARCE, among_runners("digital_skill", "low")),
    "race_odds_desk_job": Knob(SCARCE, among_runners("sector", *DESK_SECTORS)),
    "race_learning_per_loss": Knob(SCARCE, learners_who_ran),
    "retry_next_month": Knob(SCARCE, second_tries),
    "retry_decay": Knob(SCARCE, third_tries_a_second),
    "retry_ratio_low_to_high_education": Knob(SCARCE, low_educated_who_try_again),
    "wait_drop_per_month": Knob(SCARCE, counted(Status.WITHDRAWN), 1, waiting_list),
    "draw_entry_ratio": Knob(SCARCE, orders_in("2025-04-01", "2025-10-31"), 1, draw),
    "draw_entry_ratio_low_education": Knob(
        SCARCE, share_of("education", "low", "2025-05-01"), 1, draw
    ),
    "refused_share": Knob(MATURE, counted(Status.REFUSED)),
    "false_refusal_share": Knob(MATURE, lambda events: float(events.false_refusal.sum())),
    "contest_share": Knob(MATURE, lambda events: float(events.contested.sum())),
    "unpaid_share": Knob(MATURE, counted(Status.LAPSED)),
    "unstarted_share": Knob(MATURE, counted(Status.LAPSED_UNSTARTED)),
    "start_delay_weeks_median": Knob(MATURE, days_between("ordered_on", "started_on")),
    "early_close_share": Knob(MATURE, counted(Status.CLOSED_EARLY)),
    "second_voucher_share": Knob(MATURE, of_kind(SECOND)),
    "second_voucher_gap_months_median": Knob(MATURE, gap_to_second),
    "second_voucher_trend_per_year": Knob(EARLY, of_kind(SECOND), -1),
    "repeat_after_six_years": Knob(WHOLE, of_kind(RETURN)),
    "no_show_share": Knob(MATURE, days_between("started_on", "closed_on")),
    "weeks_between_talks": Knob(MATURE, days_between("started_on", "closed_on")),
}

# What no run reads, and the outcome that is computed from it.
EXPECTED = {
    "full_price_buyers_share": (expected("pay_the_full_price"), 1),
    "effect_job_change_12m": (expected("more_job_changes_in_a_year"), 1),
    "effect_job_satisfaction_sd": (expected("job_satisfaction_after_a_year"), 1),
    "effect_burnout_symptoms_sd": (expected("burnout_symptoms"), 1),
    "effect_long_sickness_relative": (expected("avoided_long_sickness"), -1),
    "baseline_long_sickness_user_24m": (expected("avoided_long_sickness"), 1),
    "effect_fade_half_life_months": (expected("job_satisfaction_after_three_years"), 1),
    "effect_hours_curve": (expected("more_job_changes_in_a_year"), 1),
    "deadweight_share": (expected("would_have_found_equal_help"), 1),
    "benefit_year_long_sickness": (expected("benefits_saved"), 1),
    "state_cost_year_long_sickness": (expected("saved_by_the_state"), 1),
    "mean_duration_long_sickness_years": (expected("saved_by_the_state"), 1),
}


def far(assumed: Behaviour) -> float:
    """The mean distance between a worker's town and the centre chosen."""
    firms = centres.build(1, assumed)
    persons = np.arange(0, len(people()), 20, dtype=np.int32)
    chosen = choose(firms, assumed.access_radius_km, people(), 1, persons)
    return float(distances_km()[people().place[persons], firms.place[chosen]].mean())


OTHERS: dict[str, tuple[Callable[[Behaviour], float], int]] = {
    "scope_population": (lambda assumed: 1 / bands.weighted(people(), assumed).share, 1),
    "centre_size_sigma": (lambda assumed: float(centres.build(1, assumed).size[:7].sum()), 1),
    "access_radius_km": (far, 1),
    "centre_coach_share_large": (lambda assumed: _at_risk(assumed, "under_break_even"), 1),
    "centre_coach_share_small": (lambda assumed: _at_risk(assumed, "under_break_even"), 1),
    "centre_fixed_cost_share": (lambda assumed: _at_risk(assumed, "under_break_even"), 1),
    "centre_voucher_income_share_large": (lambda assumed: _at_risk(assumed, "at_risk"), 1),
    "centre_voucher_income_share_small": (lambda assumed: _at_risk(assumed, "at_risk"), 1),
    "centre_reserve_months": (lambda assumed: _at_risk(assumed, "at_risk"), -1),
    "centre_stop_share_if_income_minus_74": (
        lambda assumed: _at_risk(assumed, "may_stop_within_a_year"),
        1,
    ),
    "coach_drift_share": (lambda assumed: _at_risk(assumed, "coaches_who_may_leave"), 1),
}


def _at_risk(assumed: Behaviour, column: str) -> float:
    """A column of the report on centres, over a year and a half with a cap in it."""
    firms = centres.build(1, assumed)
    first, last = date(2024, 1, 1), date(2026, 8, 31)
    events = world.run(people(), assumed, current(), seed=1, first=first, last=last, centres=firms)
    frame = orders.frame(events, people(), current())
    _, months = risks.report(frame, firms, assumed, first, last, 1.0)
    return float(months[column].sum())


@pytest.mark.parametrize("name", RUNS)
def test_each_assumption_of_a_run_moves_its_outcome(name: str):
    knob = RUNS[name]
    low, high = (
        knob.outcome(play(*knob.span, changes={name: end}, book=knob.book()))
        for end in ("low", "high")
    )
    assert np.sign(high - low) == knob.sign, (low, high)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_assumption_about_effects_moves_an_expected_value(name: str):
    outcome, sign = EXPECTED[name]
    events = play(*SCARCE)
    low, high = (outcome(events, assume({name: end})) for end in ("low", "high"))
    assert np.sign(high - low) == sign, (low, high)


@pytest.mark.parametrize("name", OTHERS)
def test_each_other_assumption_moves_its_outcome(name: str):
    outcome, sign = OTHERS[name]
    low, high = (outcome(assume({name: end})) for end in ("low", "high"))
    assert np.sign(high - low) == sign, (low, high)


def test_every_assumption_has_a_knob():
    assert sorted({*RUNS, *EXPECTED, *OTHERS}) == sorted(behaviour.NAMES)


def test_what_is_drawn_is_what_a_run_reads_so_that_no_rank_is_of_what_no_figure_hangs_on():
    assert set(bands.drawn()) - {bands.ENTITLED} <= set(behaviour.NAMES)
    aside = {name for name, row in behaviour.assumptions().items() if row.role == "aside"}
    assert {"race_devices_per_person", "awareness_ratio_low_to_high_educated"} <= aside
    assert aside.isdisjoint(bands.drawn())
    assert aside.isdisjoint(name for told in FIGURES.values() for name in told.assumptions)
