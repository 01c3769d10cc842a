"""Who may order: the bits, the voucher, the first day; one by one, in batches, by properties."""

import copy
from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.law import ordering, rulebook, terms
from loopbaan.law.months import NO_DAY, calendar_day, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Decisions
from loopbaan.law.refusals import Refusal, codes
from loopbaan.law.rulebook import UnknownLaw
from tests.law.cast import AN, BOOK, BRAM, Person, facts_of, plain_first_day, plain_refusals

days = st.dates(date(2013, 7, 1), date(2029, 12, 31))
readings = st.sampled_from(BOOK.readings)
news = st.sampled_from(BOOK.news_days)


@st.composite
def people(draw: st.DrawFn, by: date) -> Person:
    starts = st.lists(st.dates(min(date(2013, 7, 1), by), by), max_size=4)
    near = st.sampled_from((0, 6, 83, 84, 11, 12, 2_554, 2_555, 2_000, 9_000))
    return Person(
        lives_in=draw(st.sampled_from(HOMES)),
        moved_from_eea=draw(st.booleans()),
        works_in=draw(st.sampled_from(WORKPLACES)),
        activity=draw(st.sampled_from(ACTIVITIES)),
        experience_days=draw(near),
        experience_months=draw(st.sampled_from((0, 11, 83, 84, 300))),
        months_worked_in_last_24=draw(st.sampled_from((0, 8, 9, 11, 12, 24))),
        agency_weeks_unbroken=draw(st.sampled_from((0, 3, 4, 100))),
        started_on=tuple(sorted(draw(starts))),
        last_voucher_closed=draw(st.booleans()),
        open_order=draw(st.booleans()),
        in_dutch=draw(st.booleans()),
    )


@st.composite
def orders(draw: st.DrawFn) -> tuple[Person, date, date, str]:
    day = draw(days)
    known_on = draw(st.one_of(st.just(day), news))
    return draw(people(day)), day, known_on, draw(readings)


def _decide(people_: list[Person], day: date, known_on: date, reading: str = "A") -> Decisions:
    return ordering.decide(
        BOOK, facts_of(people_), ordered_on=day, known_on=known_on, reading=reading
    )


@given(orders())
@settings(max_examples=600)
def test_a_bit_is_set_if_and_only_if_its_own_condition_fails(
    order: tuple[Person, date, date, str],
) -> None:
    person, day, known_on, reading = order
    policy = BOOK.on(day, known_on, reading)
    found = codes(int(_decide([person], day, known_on, reading).reasons[0]))
    assert set(found) == plain_refusals(policy, person, day)


@given(orders())
@settings(max_examples=150, deadline=None)
def test_the_first_day_is_the_one_that_trying_every_day_finds(
    order: tuple[Person, date, date, str],
) -> None:
    person, day, known_on, reading = order
    first = _decide([person], day, known_on, reading).first_day[0]
    found = None if first == NO_DAY else calendar_day(first)
    assert found == plain_first_day(person, day, known_on, reading)


def _passing() -> st.SearchStrategy[tuple[Person, date, date, str]]:
    def only_time(order: tuple[Person, date, date, str]) -> tuple[Person, date, date, str]:
        person, day, known_on, reading = order
        can_pass = replace(
            person,
            lives_in="flanders",
            activity="employee",
            last_voucher_closed=True,
            open_order=False,
            in_dutch=True,
        )
        return can_pass, day, known_on, reading

    return orders().map(only_time)


@given(_passing())
@settings(max_examples=150, deadline=None)
def test_so_it_is_for_workers_whom_time_alone_helps(
    order: tuple[Person, date, date, str],
) -> None:
    person, day, known_on, reading = order
    first = _decide([person], day, known_on, reading).first_day[0]
    found = None if first == NO_DAY else calendar_day(first)
    assert found == plain_first_day(person, day, known_on, reading)


@given(orders(), st.integers(0, 4_000), st.integers(0, 24))
def test_more_experience_never_turns_yes_into_no(
    order: tuple[Person, date, date, str], more_days: int, more_months: int
) -> None:
    person, day, known_on, reading = order
    richer = replace(
        person,
        experience_days=person.experience_days + more_days,
        experience_months=person.experience_months + more_days // 31,
        months_worked_in_last_24=min(24, person.months_worked_in_last_24 + more_months),
        agency_weeks_unbroken=person.agency_weeks_unbroken + more_months,
    )
    before, after = (_decide([each], day, known_on, reading) for each in (person, richer))
    assert after.may_order[0] or not before.may_order[0]
    assert not after.reasons[0] & ~before.reasons[0]


@given(st.data(), days, st.integers(2, 12), st.randoms())
@settings(max_examples=60)
def test_one_by_one_equals_the_batch_in_any_order(
    data: st.DataObject, first: date, count: int, chance: object
) -> None:
    ordered_on = [data.draw(st.dates(first, first + timedelta(days=900))) for _ in range(count)]
    known_on = [data.draw(st.one_of(st.just(day), news)) for day in ordered_on]
    group = [data.draw(people(day)) for day in ordered_on]
    places = list(range(count))
    chance.shuffle(places)  # type: ignore[attr-defined]
    shuffled = ordering.decide(
        BOOK,
        facts_of([group[i] for i in places]),
        ordered_on=np.array([day_number(ordered_on[i]) for i in places], np.int32),
        known_on=np.array([day_number(known_on[i]) for i in places], np.int32),
    )
    for row, i in enumerate(places):
        alone = _decide([group[i]], ordered_on[i], known_on[i])
        for each in fields(Decisions):
            assert np.array_equal(getattr(shuffled, each.name)[row], getattr(alone, each.name)[0])


def test_a_batch_larger_than_a_block_is_decided_as_one() -> None:
    group = [AN, BRAM, replace(AN, activity="none")] * 7_000
    decided = _decide(group, date(2026, 3, 2), date(2026, 3, 2))
    assert len(group) > ordering.BLOCK
    for row in range(3):
        for each in fields(Decisions):
            column = getattr(decided, each.name)
            assert (column[row::3] == column[row]).all()
    assert decided.reasons[:3].tolist() == [0, Refusal.EXPERIENCE, Refusal.ACTIVITY]


def test_an_may_order_and_bram_must_wait() -> None:
    decided = _decide([AN, BRAM], date(2026, 3, 2), date(2026, 3, 2))
    assert decided.may_order.tolist() == [True, False]
    assert decided.share_cents.tolist() == [9_000, 0]
    assert decided.minutes.tolist() == [240, 0]
    assert calendar_day(decided.first_day[1]) == date(2027, 6, 28)


def test_a_share_by_wage_is_decided_with_the_order_and_without_a_wage_it_is_whole() -> None:
    content = copy.deepcopy(BOOK.content)
    for name, cents in (("share_low_wage_cents", 2_250), ("share_middle_wage_cents", 4_500)):
        line = {"from": "2026-01-01", "announced": "2025-10-06", "value": cents}
        content["numbers"][name]["lines"].append({**line, "source": ["SEED"], "grade": "D"})
    book, day = rulebook.of(content), date(2026, 3, 2)
    facts = facts_of([AN, AN, AN, AN, BRAM])
    fifths = np.array([1, 3, 5, 0, 1], np.uint8)
    by_wage = replace(facts, wage_quintile=fifths)
    decided = ordering.decide(book, by_wage, ordered_on=day)
    assert decided.share_cents.tolist() == [2_250, 4_500, 9_000, 9_000, 0]
    assert decided.split_cents.sum(axis=1).tolist() == [72_600] * 4 + [0]
    assert by_wage.rows(np.array([1, 4])).wage_quintile.tolist() == [3, 1]
    for book_, given_ in ((book, facts), (BOOK, by_wage)):
        whole = ordering.decide(book_, given_, ordered_on=day)
        assert whole.share_cents.tolist() == [9_000] * 4 + [0]


def test_the_split_over_payers_adds_up_to_the_value_of_the_voucher() -> None:
    decided = _decide([AN, BRAM], date(2025, 4, 1), date(2025, 4, 1))
    worker, employer, sector_fund, union, government = decided.split_cents[0].tolist()
    assert (worker, employer, sector_fund, union) == (4_500, 0, 0, 0)
    assert worker + government == 72_600  # 4 hours at 150 euro and 21 % VAT: 726 euro (S21)
    assert decided.split_cents[1].tolist() == [0] * 5


def test_the_cap_speaks_against_nobody() -> None:
    day = date(2025, 3, 2)
    unknown = _decide([AN], day, date(2025, 3, 2))
    known = _decide([AN], day, date(2025, 3, 4))
    assert BOOK.on(day, date(2025, 3, 4)).cap_per_month == 1_000
    assert unknown.may_order[0]
    assert known.may_order[0]


def test_no_day_is_sought_further_than_ten_years_ahead() -> None:
    longer = replace(BOOK.on(date(2026, 1, 1), reading="B"), look_back_years=12)
    timeline = ordering.Timeline((date(2026, 1, 1),), (longer,))
    for started, first in ((date(2024, 1, 5), date(2036, 1, 5)), (date(2024, 1, 6), None)):
        person = replace(AN, started_on=(started,))
        ordered_on = np.array([day_number(date(2026, 1, 5))], np.int32)
        found = ordering.first_days(timeline, 0, facts_of([person]), ordered_on)[0]
        assert (None if found == NO_DAY else calendar_day(found)) == first


@pytest.mark.parametrize(
    ("day", "known_on", "reading", "what"),
    [
        (date(2013, 6, 30), date(2014, 1, 1), "A", "begins on 2013-07-01"),
        (date(2014, 1, 1), date(2013, 5, 16), "A", "no law was announced by 2013-05-16"),
        (date(2014, 1, 1), date(2014, 1, 1), "month", "did you mean months"),
    ],
)
def test_where_there_is_no_law_nothing_is_decided(
    day: date, known_on: date, reading: str, what: str
) -> None:
    with pytest.raises(UnknownLaw, match=what):
        _decide([AN], day, known_on, reading)


def test_a_payment_and_a_contest_have_their_last_day() -> None:
    policy = BOOK.on(date(2025, 4, 1))
    day = np.array([day_number(date(2025, 4, 1))], np.int32)
    assert calendar_day(terms.pay_by(policy, day)[0]) == date(2025, 4, 15)
    assert calendar_day(terms.contest_by(policy, day)[0]) == date(2025, 4, 15)
