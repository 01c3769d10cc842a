"""The numbers of the scheme on one day: one field a number, its unit and bounds declared beside it.

The values stand in `policy.yaml` and are read by `rulebook.py`; the bounds here only keep a slip of
the pen out. A field that may be None is a number that may not exist (no cap, no second voucher).
A number that came later has a value `before`: what a rulebook that was kept without it means.
"""

from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any

KINDS = (
    "employee",
    "self_employed",
    "agency",
    "sick_contract",
    "maternity",
    "parental",
    "career_break",
    "economic_unemployment",
    "teacher_summer",
    "notice",
    "eu_institution",
    "side_job",
    "abroad",
    "ibo",
    "sick_no_contract",
    "unemployed",
    "student_job",
)
COUNTS_AS = (
    "employee",  # its days count, and the day's activity is employee
    "self_employed",
    "self_employed_flagged",  # as self_employed, but no text says so: shown as doubtful
    "agency",
    "employee_if_certified",  # activity employee; its days count with a certificate only
    "experience_only",  # its days count; it is no activity
    "nothing",
)


@dataclass(frozen=True)
class Bounds:
    """What a value of one number may be. Numeric units have `low` and `high`, words a list."""

    unit: str
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()
    may_end: bool = False
    vat_included: bool | None = None


def _number(unit: str, low: int, high: int, *, may_end: bool = False, before: Any = MISSING) -> Any:
    return field(default=before, metadata={"bounds": Bounds(unit, low, high, may_end=may_end)})


def _money(
    unit: str,
    low: int,
    high: int,
    *,
    vat_included: bool,
    may_end: bool = False,
    before: Any = MISSING,
) -> Any:
    bounds = Bounds(unit, low, high, may_end=may_end, vat_included=vat_included)
    return field(default=before, metadata={"bounds": bounds})


def _words(unit: str, *words: str, may_end: bool = False, before: Any = MISSING) -> Any:
    return field(default=before, metadata={"bounds": Bounds(unit, words=words, may_end=may_end)})


def _yes_no(*, may_end: bool = False, before: Any = MISSING) -> Any:
    return field(default=before, metadata={"bounds": Bounds("yes_no", may_end=may_end)})


def _day() -> Any:
    return field(metadata={"bounds": Bounds("day", may_end=True)})


def _counts() -> Any:
    return _words("counts_as", *COUNTS_AS)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every number in force on a day, as known on a day, under one reading."""

    rulebook_hash: str
    reading: str

    # what the worker pays and gets
    share_cents: int = _money("cents", 0, 100_000, vat_included=True)
    share_low_wage_cents: int | None = _money(
        "cents", 0, 100_000, vat_included=True, may_end=True, before=None
    )
    share_middle_wage_cents: int | None = _money(
        "cents", 0, 100_000, vat_included=True, may_end=True, before=None
    )
    low_wage_quintile: int = _number("count", 1, 5, before=2)
    middle_wage_quintile: int = _number("count", 1, 5, before=4)
    first_voucher_minutes: int = _number("minutes", 1, 6_000)
    second_voucher_minutes: int | None = _number("minutes", 1, 6_000, may_end=True)
    extra_minutes: int | None = _number("minutes", 1, 6_000, may_end=True)
    finish_months: int | None = _number("months", 1, 120, may_end=True)
    aftercare_months: int | None = _number("months", 0, 120, may_end=True)

    # who may order
    residence_rule: str = _words("word", "vdab_examples")
    activity_rule: str = _words("word", "working_on_order_day")
    least_months_worked_in_last_24: int | None = _number("months", 0, 24, may_end=True)
    least_months_with_agency_weeks: int | None = _number("months", 0, 24, may_end=True)
    least_agency_weeks_unbroken: int | None = _number("weeks", 0, 104, may_end=True)
    least_experience_days: int | None = _number("days", 0, 18_262, may_end=True)
    least_experience_months: int | None = _number("months", 0, 600, may_end=True)
    experience_year_days: int = _number("days", 200, 366)
    # At most two, because a batch of facts carries the two latest starts and no more.
    vouchers_per_look_back: int = _number("count", 1, 2)
    look_back_years: int = _number("years", 1, 50)
    lifetime_vouchers: int | None = _number("count", 1, 1, may_end=True)
    closed_before_next: bool = _yes_no()
    orders_at_a_time: int = _number("count", 1, 1)
    guidance_language: str = _words("word", "nl")

    # terms
    payment_days: int = _number("days", 1, 365)
    contest_days: int = _number("days", 1, 365)
    start_months: int = _number("months", 1, 60)
    payment_reminder_days: int | None = _number("days", 1, 365, may_end=True, before=None)
    start_reminder_days: int | None = _number("days", 1, 365, may_end=True, before=None)

    # scarcity
    cap_per_month: int | None = _number("count", 0, 1_000_000, may_end=True)
    cap_counts: str | None = _words("word", "received", "granted", "paid", may_end=True)
    lapsed_place_returns: bool | None = _yes_no(may_end=True)
    cap_shared_by_vouchers: bool | None = _yes_no(may_end=True)
    allocation: str = _words(
        "word", "first_come", "draw", "weighted_draw", "waiting_list", before="first_come"
    )
    release: str = _words("word", "month", "week", before="month")
    carry_over: bool = _yes_no(before=False)
    running_first: bool = _yes_no(before=False)
    reserved_percent: int = _number("percent", 0, 100, before=0)
    weight_favoured: int = _number("count", 1, 1_000, before=1)
    favours_low_education: bool = _yes_no(before=False)
    favours_limited_health: bool = _yes_no(before=False)
    favours_non_eu_origin: bool = _yes_no(before=False)
    memory: str = _words("word", "none", "weight", "place", before="none")
    memory_weight_per_loss: int = _number("count", 0, 1_000, before=0)
    memory_weight_most: int = _number("count", 1, 1_000, before=1)

    # what the centre is owed, and by whom
    fee_millicents_per_hour: int = _money(
        "millicents_per_hour", 1_000_000, 100_000_000, vat_included=False
    )
    vat_percent: int = _number("percent", 0, 100)
    employer_cents: int = _money("cents", 0, 1_000_000, vat_included=True)
    sector_fund_cents: int = _money("cents", 0, 1_000_000, vat_included=True)
    union_cents: int = _money("cents", 0, 1_000_000, vat_included=True)
    payout_days: int | None = _number("days", 0, 365, may_end=True, before=None)

    # a started voucher
    guidance_definition: str | None = _words("word", "of_2017", may_end=True)
    preparation_counts: bool = _yes_no()
    extra_charge_cents: int = _money("cents", 0, 100_000, vat_included=True)
    silence_confirms_after_days: int | None = _number("days", 1, 365, may_end=True, before=None)
    silence_reminders: int = _number("count", 0, 9, before=0)
    plan_required: bool = _yes_no(before=False)
    closing_early_loses_rest: bool = _yes_no()
    worker_may_move: bool = _yes_no()
    authority_may_move: bool = _yes_no()

    # centres and coaches
    recognition_years: int = _number("years", 1, 50)
    own_stop_waits: bool | None = _yes_no(may_end=True)
    qualification_in_force_on: date | None = _day()
    qualification_transition_months: int | None = _number("months", 0, 240, may_end=True)
    qualification_latest_on: date | None = _day()
    qualification_old_until: date | None = _day()

    # what each kind of spell counts as
    counts_employee: str = _counts()
    counts_self_employed: str = _counts()
    counts_agency: str = _counts()
    counts_sick_contract: str = _counts()
    counts_maternity: str = _counts()
    counts_parental: str = _counts()
    counts_career_break: str = _counts()
    counts_economic_unemployment: str = _counts()
    counts_teacher_summer: str = _counts()
    counts_notice: str = _counts()
    counts_eu_institution: str = _counts()
    counts_side_job: str = _counts()
    counts_abroad: str = _counts()
    counts_ibo: str = _counts()
    counts_sick_no_contract: str = _counts()
    counts_unemployed: str = _counts()
    counts_student_job: str = _counts()


BOUNDS: dict[str, Bounds] = {
    each.name: each.metadata["bounds"] for each in fields(Policy) if "bounds" in each.metadata
}
LATER = frozenset(each.name for each in fields(Policy) if each.default is not MISSING)


def faults_between(policy: Policy) -> list[str]:
    """Return what is wrong with numbers that each are fine: they do not go together."""
    found = []
    has_second = policy.vouchers_per_look_back == 2 and policy.lifetime_vouchers is None
    if has_second and policy.second_voucher_minutes is None:
        found.append("second_voucher_minutes is null while vouchers_per_look_back is 2")
    months, weeks = policy.least_months_with_agency_weeks, policy.least_agency_weeks_unbroken
    if (months is None) != (weeks is None):
        found.append(
            "least_months_with_agency_weeks and least_agency_weeks_unbroken"
            " hold together or not at all"
        )
    if months is not None and policy.least_months_worked_in_last_24 is None:
        found.append(
            "least_months_with_agency_weeks eases least_months_worked_in_last_24, which is null"
        )
    if policy.low_wage_quintile > policy.middle_wage_quintile:
        found.append("low_wage_quintile is above middle_wage_quintile")
    return found + _faults_of_allocation(policy)


def _faults_of_allocation(policy: Policy) -> list[str]:
    found = []
    groups = ("favours_low_education", "favours_limited_health", "favours_non_eu_origin")
    is_anybody = any(getattr(policy, name) for name in groups)
    if policy.reserved_percent > 0 and not is_anybody:
        found.append(f"reserved_percent is above 0 while nobody is favoured: {', '.join(groups)}")
    if policy.weight_favoured > 1 and not is_anybody:
        found.append(f"weight_favoured is above 1 while nobody is favoured: {', '.join(groups)}")
    if policy.weight_favoured > 1 and policy.allocation != "weighted_draw":
        found.append("weight_favoured is above 1 while allocation is not weighted_draw")
    if policy.memory == "weight" and policy.allocation not in ("draw", "weighted_draw"):
        found.append("memory is weight while allocation is neither draw nor weighted_draw")
    return found
