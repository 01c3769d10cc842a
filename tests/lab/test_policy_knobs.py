"""Every number of the law does something: it is changed, and a named outcome moves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from loopbaan.lab import orders, rights, take_up
from loopbaan.lab.events import RETURN, SECOND, Events
from loopbaan.lab.histories import Histories
from loopbaan.law import career, guidance, recognition
from loopbaan.law.months import day_number, first_of
from loopbaan.law.policy import BOUNDS, KINDS, Policy
from loopbaan.law.rulebook import Rulebook, current
from loopbaan.law.transitions import Status
from tests.lab.runs import law, people, play

MATURE = ("2017-07-01", "2019-12-31")
SCARCE = ("2025-01-01", "2025-10-31")
WHOLE = ("2013-07-01", "2020-12-31")
CAP = "2025-03-01"

Outcome = Callable[[Events], float]
Change = tuple[str, str, Any]


def granted(events: Events) -> Any:
    """Orders that got a place while there was a cap."""
    stays = events.has(Status.REFUSED, Status.LOST, Status.WAITING, Status.RECEIVED)
    return ~stays & (events.decided_on >= day_number(date.fromisoformat(CAP)))


def places(events: Events) -> float:
    return float(granted(events).sum())


def mean_minutes(events: Events) -> float:
    return float(events.minutes[events.minutes > 0].mean())


def part_of_fifth(fifth: int) -> Outcome:
    """The part of orders by one fifth of all wages."""
    return lambda events: float((people().wage_quintile[events.person] == fifth - 1).mean())


def counted(*statuses: Status) -> Outcome:
    return lambda events: float(events.has(*statuses).sum())


def of_kind(kind: int) -> Outcome:
    return lambda events: float((events.kind == kind).sum())


def asked(events: Events) -> float:
    return float(len(events))


def part_of_places(dimension: str, code: int) -> Outcome:
    return lambda events: float(
        (getattr(people(), dimension)[events.person[granted(events)]] == code).mean()
    )


def seconds_among_places(events: Events) -> float:
    return float((events.voucher[granted(events)] == 2).mean())


def earlier_losers_among_places(events: Events) -> float:
    return float((events.attempt[granted(events)] > 0).mean())


def waits(events: Events) -> float:
    return float((events.decided_on > events.ordered_on).sum())


def days_with_places(events: Events) -> float:
    here = granted(events) & (events.ordered_on == events.decided_on)
    return float(len(np.unique(events.decided_on[here])))


def days_to_second(events: Events) -> float:
    first = {int(events.person[row]): row for row in np.flatnonzero(events.voucher == 1)[::-1]}
    seconds = np.flatnonzero(events.kind == SECOND)
    before = np.array([first[int(person)] for person in events.person[seconds]])
    return float((events.ordered_on[seconds] - events.ordered_on[before]).mean())


def spent(payer: str, book: tuple[Change, ...]) -> Outcome:
    return lambda events: float(orders.frame(events, people(), law(*book))[f"{payer}_cents"].sum())


@dataclass(frozen=True)
class Knob:
    """The outcome rises (1) or falls (-1) by the change, on top of what holds in both runs."""

    change: Change
    span: tuple[str, str]
    outcome: Outcome
    sign: int
    also: tuple[Change, ...] = ()


DRAWN = (("allocation", CAP, "draw"),)
FAVOURED = tuple(
    (f"favours_{group}", CAP, True)
    for group in ("low_education", "limited_health", "non_eu_origin")
)
WEIGHED = (("allocation", CAP, "weighted_draw"), *FAVOURED)
HELD = ("reserved_percent", CAP, 30)
REMEMBERS = (*WEIGHED, ("memory", CAP, "weight"))
LOWERED = (("share_low_wage_cents", "2017-07-01", 2_000),)
BETWEEN = (("share_middle_wage_cents", "2017-07-01", 2_000),)
GENEROUS = (("cap_per_month", CAP, 2_800),)

RUNS = [
    Knob(("share_cents", "2017-07-01", 10_000), MATURE, asked, -1),
    Knob(("share_low_wage_cents", "2017-07-01", 2_000), MATURE, part_of_fifth(1), 1),
    Knob(("share_middle_wage_cents", "2017-07-01", 2_000), MATURE, part_of_fifth(3), 1),
    Knob(("low_wage_quintile", "2017-07-01", 1), MATURE, part_of_fifth(2), -1, LOWERED),
    Knob(("middle_wage_quintile", "2017-07-01", 3), MATURE, part_of_fifth(4), -1, BETWEEN),
    Knob(("first_voucher_minutes", "2017-07-01", 120), MATURE, mean_minutes, -1),
    Knob(("second_voucher_minutes", "2017-07-01", 120), MATURE, mean_minutes, -1),
    Knob(("least_months_worked_in_last_24", "2017-07-01", 24), MATURE, counted(Status.REFUSED), 1),
    Knob(("least_experience_days", "2017-07-01", 2_555), MATURE, counted(Status.REFUSED), 1),
    Knob(("vouchers_per_look_back", "2017-07-01", 1), MATURE, of_kind(SECOND), -1),
    Knob(("look_back_years", "2013-07-01", 2), WHOLE, of_kind(RETURN), 1),
    Knob(("lifetime_vouchers", "2017-07-01", 1), MATURE, of_kind(SECOND), -1),
    Knob(("closed_before_next", "2017-07-01", False), MATURE, days_to_second, -1),
    Knob(("payment_days", "2017-07-01", 5), MATURE, counted(Status.LAPSED), 1),
    Knob(
        ("contest_days", "2017-07-01", 3),
        MATURE,
        lambda events: float(events.contested.sum()),
        -1,
    ),
    Knob(("start_months", "2017-07-01", 1), MATURE, counted(Status.LAPSED_UNSTARTED), 1),
    Knob(("cap_per_month", CAP, 500), SCARCE, counted(Status.LOST), 1),
    Knob(("cap_counts", CAP, "received"), SCARCE, places, -1),
    Knob(("cap_counts", CAP, "paid"), SCARCE, places, 1),
    Knob(("lapsed_place_returns", CAP, True), SCARCE, places, 1),
    Knob(("cap_shared_by_vouchers", CAP, False), SCARCE, seconds_among_places, 1),
    Knob(("allocation", CAP, "draw"), SCARCE, lambda e: float((e.minute >= 0).sum()), -1),
    Knob(("allocation", CAP, "waiting_list"), SCARCE, counted(Status.LOST), -1),
    Knob(("release", CAP, "week"), SCARCE, days_with_places, 1),
    Knob(("carry_over", CAP, True), SCARCE, places, 1, GENEROUS),
    Knob(("running_first", CAP, True), SCARCE, seconds_among_places, 1),
    Knob(("reserved_percent", CAP, 60), SCARCE, part_of_places("education", 0), 1, FAVOURED),
    Knob(("weight_favoured", CAP, 9), SCARCE, part_of_places("education", 0), 1, WEIGHED),
    Knob(("favours_low_education", CAP, True), SCARCE, part_of_places("education", 0), 1, (HELD,)),
    Knob(
        ("favours_limited_health", CAP, True),
        SCARCE,
        part_of_places("health_limitation", 1),
        1,
        (HELD,),
    ),
    Knob(("favours_non_eu_origin", CAP, True), SCARCE, part_of_places("origin", 2), 1, (HELD,)),
    Knob(("memory", CAP, "weight"), SCARCE, earlier_losers_among_places, 1, WEIGHED),
    Knob(("memory", CAP, "place"), SCARCE, waits, 1),
    Knob(("memory_weight_per_loss", CAP, 9), SCARCE, earlier_losers_among_places, 1, REMEMBERS),
    Knob(("memory_weight_most", CAP, 1), SCARCE, earlier_losers_among_places, -1, REMEMBERS),
]
PAYERS = [
    (("fee_millicents_per_hour", "2017-07-01", 20_000_000), "government", 1),
    (("vat_percent", "2017-07-01", 0), "government", -1),
    (("employer_cents", "2017-07-01", 5_000), "employer", 1),
    (("sector_fund_cents", "2017-07-01", 5_000), "sector_fund", 1),
    (("union_cents", "2017-07-01", 5_000), "union", 1),
]
# Who has the right, of all at work in March 2016: rules that touch few.
ENTITLED = [
    (("least_months_with_agency_weeks", "2013-07-01", 1), 1),
    (("least_agency_weeks_unbroken", "2013-07-01", 104), -1),
    (("experience_year_days", "2013-07-01", 250), 1),
    (("counts_employee", "2013-07-01", "nothing"), -1),
    (("counts_self_employed", "2013-07-01", "nothing"), -1),
    (("counts_agency", "2013-07-01", "nothing"), -1),
]


def _id(knob: Knob) -> str:
    return f"{knob.change[0]}-{knob.change[2]}"


@pytest.mark.parametrize("knob", RUNS, ids=_id)
def test_each_number_of_a_run_moves_its_outcome(knob: Knob):
    before = knob.outcome(play(*knob.span, book=law(*knob.also)))
    after = knob.outcome(play(*knob.span, book=law(*knob.also, knob.change)))
    assert np.sign(after - before) == knob.sign, (before, after)


@pytest.mark.parametrize(("change", "payer", "sign"), PAYERS, ids=str)
def test_each_number_of_money_moves_what_its_payer_pays(change: Change, payer: str, sign: int):
    before, after = (spent(payer, book)(play(*MATURE, book=law(*book))) for book in ((), (change,)))
    assert np.sign(after - before) == sign, (before, after)


def entitled(book: Rulebook, reading: str = "A", month: int = 1394) -> int:
    everybody = np.arange(len(people()), dtype=np.int32)
    rows = everybody[take_up.is_at_work(people(), everybody, month)]
    day = np.full(len(rows), first_of(month), np.int32)
    given = rights.facts(people(), Histories(), book, rows, day, reading)
    return int(rights.decide(book, given, day, reading).may_order.sum())


@pytest.mark.parametrize(("change", "sign"), ENTITLED, ids=str)
def test_each_number_of_the_career_moves_who_has_the_right(change: Change, sign: int):
    assert np.sign(entitled(law(change)) - entitled(current())) == sign


def test_months_of_experience_decide_under_the_reading_of_that_name():
    longer = law(("least_experience_months", "2020-01-01", 240))
    assert entitled(longer, "months", 1450) < entitled(current(), "months", 1450)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_spell_counts_as_the_law_says(kind: str):
    spells = career.Spells(
        np.array([0, 1]),
        np.array([0], np.int32),
        np.array([3_650], np.int32),
        np.array([KINDS.index(kind)], np.uint8),
        np.array([False]),
    )
    day = np.array([4_000], np.int32)
    days = [
        int(career.count(policy_with(**{f"counts_{kind}": word}), spells, day).experience_days[0])
        for word in ("employee", "nothing")
    ]
    assert days[0] > days[1] == 0


def policy_with(**changes: Any) -> Policy:
    return replace(current().on(date(2024, 6, 1)), **changes)


YES, NO = np.array([True]), np.array([False])
SOME_DAY = np.array([20_000], np.int32)


def _talk(policy: Policy, *, is_conversation: Any = YES, charged: int = 0) -> int:
    against = guidance.against_talk(
        policy,
        minutes=np.array([60]),
        minutes_left=np.array([60]),
        is_conversation=is_conversation,
        charged_cents=np.array([charged]),
    )
    return int(against[0])


def _start(policy: Policy) -> int:
    against = guidance.against_start(
        policy,
        issued_on=SOME_DAY,
        on=SOME_DAY,
        centre_recognised=YES,
        own_initiative=NO,
        part_of_other_guidance=NO,
        single_test=NO,
    )
    return int(against[0])


def _may_guide(policy: Policy) -> bool:
    on = np.array([day_number(date(2030, 6, 1))], np.int32)
    since = np.array([day_number(date(2024, 6, 1))], np.int32)
    return bool(recognition.may_guide(policy, qualified=NO, centre_recognised_on=since, on=on)[0])


RULED = {
    "qualification_latest_on": date(2031, 12, 31),
    "qualification_in_force_on": date(2029, 1, 1),
}
# What no run walks through: the law's own function, and two values that it tells apart.
RULES: dict[str, tuple[Callable[[Policy], Any], Any, Any, dict[str, Any]]] = {
    "closing_early_loses_rest": (
        lambda p: guidance.lost_minutes(p, np.array([240]), np.array([60]))[0],
        True,
        False,
        {},
    ),
    "preparation_counts": (lambda p: _talk(p, is_conversation=NO), True, False, {}),
    "extra_charge_cents": (lambda p: _talk(p, charged=100), 0, 100, {}),
    "worker_may_move": (
        lambda p: guidance.may_move(p, recognition_withdrawn=NO)[0],
        True,
        False,
        {},
    ),
    "authority_may_move": (
        lambda p: guidance.may_move(p, recognition_withdrawn=YES)[0],
        True,
        False,
        {"worker_may_move": False},
    ),
    "guidance_definition": (_start, "of_2017", None, {}),
    "recognition_years": (lambda p: recognition.recognised_until(p, SOME_DAY)[0], 4, 6, {}),
    "own_stop_waits": (
        lambda p: recognition.must_wait(p, withdrawn=NO, stopped_before_decision=YES)[0],
        True,
        False,
        {},
    ),
    "qualification_latest_on": (_may_guide, None, date(2029, 12, 31), {}),
    "qualification_in_force_on": (
        _may_guide,
        date(2028, 1, 1),
        None,
        {
            "qualification_latest_on": date(2031, 12, 31),
            "qualification_transition_months": 12,
            "qualification_old_until": date(2023, 12, 31),
        },
    ),
    "qualification_transition_months": (
        _may_guide,
        12,
        24,
        {**RULED, "qualification_old_until": date(2023, 12, 31)},
    ),
    "qualification_old_until": (
        _may_guide,
        date(2023, 12, 31),
        date(2025, 12, 31),
        {**RULED, "qualification_transition_months": 12},
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_each_number_that_no_run_walks_through_moves_its_rule(name: str):
    rule, one, other, also = RULES[name]
    found = [rule(policy_with(**also, **{name: value})) for value in (one, other)]
    assert found[0] != found[1]


# Numbers that stand in the file for whoever asks, and that no rule applies (see their notes).
TOLD = {"extra_minutes", "finish_months", "aftercare_months"}
# Between a worker, a centre and the authority: nobody in the laboratory plays it.
NOT_PLAYED = {
    *("plan_required", "silence_confirms_after_days", "silence_reminders", "payout_days"),
    *("payment_reminder_days", "start_reminder_days"),
}


def test_every_number_of_the_law_has_a_knob():
    single = {
        name
        for name, bounds in BOUNDS.items()
        if len(bounds.words) == 1 or (bounds.unit == "count" and bounds.low == bounds.high)
    }
    known = {
        *(knob.change[0] for knob in RUNS),
        *(change[0] for change, *_ in (*PAYERS, *ENTITLED)),
        *RULES,
        *TOLD,
        *NOT_PLAYED,
        *(f"counts_{kind}" for kind in KINDS),
        "least_experience_months",
    }
    assert set(BOUNDS) - known - single == set()
    assert known - set(BOUNDS) == set()
