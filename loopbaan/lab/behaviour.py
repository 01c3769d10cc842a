"""Who will: every assumption about behaviour, with its band, source and grade, from one YAML file.

The law says who may; these numbers say what people probably do with it. A row whose role is `check`
is compared with an outcome, and one that stands `aside` moves no figure; neither has a field here,
so no run can read it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from loopbaan.law.checks import GRADES, UnreadableFile, nearest
from loopbaan.law.rulebook import read_yaml

BEHAVIOUR_FILE = Path(__file__).with_name("behaviour.yaml")
READ = ("calibrate", "prior")  # by a run
ROLES = (*READ, "check", "aside")

_KEYS = {"meaning", "value", "low", "high", "unit", "source", "grade", "recalled", "role", "group"}
_MAY = {"sharpened_by"}
# What a value of a unit can be at all; the band of a row is a judgement, this is a fence.
_FENCES = {
    "elasticity": (-5, 0),
    "euro": (0, 1e7),
    "km": (0.1, 500),
    "log units": (0.01, 5),
    "minutes": (0.1, 1e4),
    "months": (0.1, 600),
    "odds ratio": (0.001, 1_000),
    "orders per minute": (1, 1e6),
    "persons": (1, 1e9),
    "ratio": (0, 1_000),
    "relative": (-1, 10),
    "share": (0, 1),
    "share per month": (0, 1),
    "share per year": (0, 1),
    "share points": (-1, 1),
    "standard deviations": (-5, 5),
    "weeks": (0.1, 520),
    "years": (0.01, 100),
}


class BehaviourError(ValueError):
    """An assumption cannot be used; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One row of the file."""

    name: str
    meaning: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    grade: str
    recalled: bool
    role: str
    group: str
    sharpened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The numbers that a run reads. What each means, and its unit, stand in `behaviour.yaml`."""

    scope_population: float
    awareness_2013: float
    awareness_ceiling: float
    awareness_half_years: float
    first_order_hazard_month_aware: float
    relative_hazard_woman: float
    relative_hazard_high_education: float
    relative_hazard_low_education: float
    relative_hazard_age_20_29: float
    relative_hazard_age_30_39: float
    relative_hazard_age_50_plus: float
    relative_hazard_self_employed: float
    relative_hazard_non_eu_origin: float
    relative_hazard_health_limited: float
    relative_hazard_burnout_symptoms: float
    relative_hazard_not_workable_job: float
    relative_hazard_job_search: float
    covid_factor_2020: float
    covid_factor_2021: float
    hours_cut_factor_2020: float
    season_amplitude: float
    condition_spillover_first_year: float
    price_elasticity: float
    price_sensitivity_lowest_quintile: float
    price_sensitivity_highest_quintile: float
    full_price_buyers_share: float
    third_payer_share: float
    employer_steering_effect: float
    front_load_total_share: float
    front_load_decay_weeks: float
    post_change_dip_share: float
    news_shock_multiplier_week1: float
    race_share_present_at_opening: float
    race_arrival_minutes_median: float
    race_system_capacity_per_minute: float
    race_odds_low_digital: float
    race_odds_desk_job: float
    race_learning_per_loss: float
    retry_next_month: float
    retry_decay: float
    retry_ratio_low_to_high_education: float
    wait_drop_per_month: float
    draw_entry_ratio: float
    draw_entry_ratio_low_education: float
    refused_share: float
    false_refusal_share: float
    contest_share: float
    unpaid_share: float
    unstarted_share: float
    start_delay_weeks_median: float
    early_close_share: float
    second_voucher_share: float
    second_voucher_gap_months_median: float
    second_voucher_trend_per_year: float
    repeat_after_six_years: float
    no_show_share: float
    weeks_between_talks: float
    effect_job_change_12m: float
    effect_job_satisfaction_sd: float
    effect_burnout_symptoms_sd: float
    effect_long_sickness_relative: float
    baseline_long_sickness_user_24m: float
    effect_fade_half_life_months: float
    effect_hours_curve: float
    deadweight_share: float
    centre_size_sigma: float
    centre_coach_share_large: float
    centre_coach_share_small: float
    centre_fixed_cost_share: float
    centre_voucher_income_share_large: float
    centre_voucher_income_share_small: float
    centre_reserve_months: float
    centre_stop_share_if_income_minus_74: float
    coach_drift_share: float
    access_radius_km: float
    benefit_year_long_sickness: float
    state_cost_year_long_sickness: float
    mean_duration_long_sickness_years: float


NAMES = tuple(each.name for each in fields(Behaviour))


def load(
    path: Path = BEHAVIOUR_FILE, changes: Mapping[str, float | str] | None = None
) -> Behaviour:
    """Read the assumptions, some of them changed: by a number, or by the word `low` or `high`.

    Raises:
        UnreadableFile: the file is missing or is no plain YAML.
        BehaviourError: a row has a fault, or a change names no assumption that a run reads.

    """
    rows = assumptions(path)
    values = {name: row.value for name, row in rows.items() if row.role in READ}
    _check_names(set(values), path)
    for name, change in (changes or {}).items():
        values[name] = _changed(rows, name, change)
    return Behaviour(**values)


def assumptions(path: Path = BEHAVIOUR_FILE) -> dict[str, Assumption]:
    """Read every row, the `check` rows too: for reports and comparisons, never for a run."""
    content = read_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("assumptions"), dict):
        raise BehaviourError(f"{path}: expected one mapping named 'assumptions'")
    return {name: _row(path, name, raw) for name, raw in content["assumptions"].items()}


def _check_names(found: set[str], path: Path) -> None:
    for name in sorted(found - set(NAMES)):
        raise BehaviourError(f"{path}: {name}: no run reads this{nearest(name, NAMES)}")
    for name in sorted(set(NAMES) - found):
        raise BehaviourError(f"{path}: {name}: is missing; every run reads it")


def _changed(rows: Mapping[str, Assumption], name: str, change: float | str) -> float:
    if name not in NAMES:
        why = "is unknown"
        if name in rows:
            told = {"check": "is compared with the outcome", "aside": "moves no figure"}
            why = f"{told[rows[name].role]} and cannot be set"
        raise BehaviourError(f"behaviour: {name} {why}{nearest(name, NAMES)}")
    row = rows[name]
    if change in ("low", "high"):
        return row.low if change == "low" else row.high
    return _number(f"behaviour: {name}", row.unit, change)


def _row(path: Path, name: str, raw: Any) -> Assumption:
    where = f"{path}: {name}"
    if not isinstance(raw, dict):
        raise BehaviourError(f"{where}: expected a mapping with {', '.join(sorted(_KEYS))}")
    for key in sorted(set(raw) - _KEYS - _MAY):
        raise BehaviourError(f"{where}: {key} is unknown{nearest(key, sorted(_KEYS | _MAY))}")
    for key in sorted(_KEYS - set(raw)):
        raise BehaviourError(f"{where}: {key} is missing")
    if raw["unit"] not in _FENCES:
        raise BehaviourError(f"{where}: unit {raw['unit']!r} is unknown; one of {list(_FENCES)}")
    if raw["grade"] not in GRADES or raw["role"] not in ROLES:
        raise BehaviourError(f"{where}: expected a grade of {GRADES} and a role of {ROLES}")
    low, value, high = (
        _number(f"{where}: {key}", raw["unit"], raw[key]) for key in ("low", "value", "high")
    )
    if not low <= value <= high:
        raise BehaviourError(f"{where}: expected low <= value <= high, got {low}, {value}, {high}")
    texts = {key: str(raw[key]) for key in ("meaning", "unit", "source", "grade", "role", "group")}
    return Assumption(
        name=name,
        value=value,
        low=low,
        high=high,
        recalled=raw["recalled"] is True,
        sharpened_by=str(raw.get("sharpened_by") or ""),
        **texts,
    )


def _number(where: str, unit: str, raw: Any) -> float:
    """Return a number of a unit. Files hold decimals as text, so that no reader rounds them."""
    low, high = _FENCES[unit]
    try:
        number = float(raw)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(raw, bool) or not low <= number <= high:
        raise BehaviourError(f"{where}: expected {unit} between {low:g} and {high:g}, got {raw!r}")
    return number


__all__ = [
    "BEHAVIOUR_FILE",
    "NAMES",
    "Assumption",
    "Behaviour",
    "BehaviourError",
    "UnreadableFile",
    "assumptions",
    "load",
]
