"""The sentences: at most three a reason, no code words, in both languages; Bram's career told."""

import re
from dataclasses import replace
from datetime import date, time

import numpy as np
import pytest
from hypothesis import given, settings

from loopbaan.law.career import RUNS_ON, Spells
from loopbaan.law.explanation import Explanation, Worker, explain
from loopbaan.law.months import day_number
from loopbaan.law.policy import BOUNDS, KINDS
from loopbaan.law.refusals import Refusal
from loopbaan.law.sentences import CONDITIONS
from loopbaan.law.wording import (
    LANGS,
    Lang,
    day_text,
    euro_text,
    hour_text,
    hours_text,
    number_text,
)
from tests.law.cast import AN, BOOK, BRAM, Person, facts_of
from tests.law.test_ordering import orders

CODE_WORD = re.compile(r"[a-z]+_[a-z_]+|\{|\}|None|True|False|null")
MARCH = date(2026, 3, 2)


def _told(person: Person, day: date, lang: Lang, reading: str = "A") -> Explanation:
    worker = Worker(day, day, reading, facts_of([person]), person.started_on)
    return explain(BOOK, worker, lang)


@given(orders())
@settings(max_examples=150, deadline=None)
def test_every_reason_is_told_in_one_to_three_plain_sentences(
    order: tuple[Person, date, date, str],
) -> None:
    person, day, known_on, reading = order
    for lang in LANGS:
        worker = Worker(day, known_on, reading, facts_of([person]), person.started_on)
        told = explain(BOOK, worker, lang)
        for each in told.told:
            assert 1 <= len(each.sentences) <= 3
            assert all(sentence.endswith(".") for sentence in each.sentences)
            assert all(not re.search(r"[.?!] [A-Z]", sentence) for sentence in each.sentences)
            assert "; " in each.ground
        words = (*(s for each in told.told for s in each.sentences), told.answer, told.when)
        assert not [text for text in words if CODE_WORD.search(text)]


@given(orders())
@settings(max_examples=80, deadline=None)
def test_what_is_told_against_is_what_the_law_decided(
    order: tuple[Person, date, date, str],
) -> None:
    person, day, known_on, reading = order
    worker = Worker(day, known_on, reading, facts_of([person]), person.started_on)
    told = explain(BOOK, worker, "en")
    against = [each.code for each in told.told if not each.is_met]
    assert told.answer.startswith("No" if against else "Yes")
    assert all(each.is_met for each in told.told[len(against) :])


def test_every_reason_has_words_in_both_languages_and_rests_on_numbers_of_the_law() -> None:
    assert {each.refusal for each in CONDITIONS} == set(Refusal)
    for each in CONDITIONS:
        assert set(each.words) == set(LANGS)
        assert set(each.numbers) <= set(BOUNDS)
        for words in each.words.values():
            assert words.title
            assert words.met
            assert words.against
            assert words.stays
            assert words.step


def test_bram_is_told_from_which_day_and_by_when_he_can_contest() -> None:
    told = _told(BRAM, MARCH, "en")
    assert told.answer == "No, on 2 March 2026 you cannot order a career voucher."
    assert told.when == (
        "Under the rules known now the answer becomes yes on 28 June 2027, if you keep working"
        " until then."
    )
    (experience,) = (each for each in told.told if not each.is_met)
    assert experience.code == "experience"
    assert "2,072 days of work experience" in experience.sentences[0]
    assert "483 short" in experience.sentences[0]
    assert "by 16 March 2026" in experience.sentences[2]


@given(orders())
@settings(max_examples=80, deadline=None)
def test_who_only_checks_is_told_to_contest_nothing(order: tuple[Person, date, date, str]) -> None:
    person, day, known_on, reading = order
    ordered = Worker(day, known_on, reading, facts_of([person]), person.started_on)
    for lang in LANGS:
        told = explain(BOOK, replace(ordered, only_checks=True), lang)
        assert all(1 <= len(each.sentences) <= 3 for each in told.told)
        words = " ".join(s for each in told.told for s in each.sentences)
        assert not re.search(r"betwist|contest|\{|opnieuw|order again", words)
        assert [each.code for each in told.told] == [
            each.code for each in explain(BOOK, ordered, lang).told
        ]


def test_who_needs_no_place_of_work_is_not_told_that_she_has_none() -> None:
    jobless = replace(AN, works_in="none", activity="none")
    met = [each.sentences for each in _told(jobless, MARCH, "nl").told if each.is_met]
    assert met[0] == ("U woont in Vlaanderen.",)
    away = _told(replace(jobless, lives_in="wallonia"), MARCH, "nl").told[0]
    assert away.sentences[0].startswith("U woont in Wallonië en hebt geen werkplaats, en dat geeft")


def test_an_is_told_what_she_gets_and_for_how_much() -> None:
    told = _told(AN, date(2025, 4, 1), "nl")
    assert told.answer == (
        "Ja, op 1 april 2025 mag u een eerste loopbaancheque bestellen: 4 uur begeleiding voor"
        " € 45,00."
    )
    assert any("1.000 cheques" in remark for remark in told.remarks)


def test_two_starts_name_the_one_whose_ageing_makes_room() -> None:
    starts = (date(2021, 1, 1), date(2021, 3, 4))
    once = _told(replace(AN, started_on=starts), date(2026, 6, 1), "en", "B")
    (told,) = (each for each in once.told if not each.is_met)
    assert told.sentences[1] == "From 4 March 2027 on the voucher of 4 March 2021 no longer counts."
    twice = _told(replace(AN, started_on=starts), date(2025, 6, 1), "en")
    (told,) = (each for each in twice.told if not each.is_met)
    assert told.sentences[1] == (
        "From 1 January 2027 on the voucher of 1 January 2021 no longer counts."
    )


def test_where_the_law_changes_first_no_voucher_is_said_to_age() -> None:
    starts = (date(2021, 6, 1), date(2021, 9, 1))
    worker = replace(AN, started_on=starts)
    told = explain(
        BOOK,
        Worker(date(2025, 6, 1), date(2025, 10, 6), "A", facts_of([worker]), starts),
        "en",
    )
    (against,) = (each for each in told.told if not each.is_met)
    assert against.sentences[1].startswith("The rules change on 1 January 2027, and under the new")


def test_who_has_enough_only_under_the_new_rules_is_told_that_they_change() -> None:
    worker = replace(AN, experience_days=300, experience_months=9, months_worked_in_last_24=9)
    told = _told(worker, date(2019, 12, 6), "en")
    (against,) = (each for each in told.told if not each.is_met)
    assert against.sentences[0] == (
        "You worked 9 of the last 24 months, and 12 are needed (or 9, with 4 unbroken weeks of"
        " agency work; you have 0)."
    )
    assert against.sentences[1].startswith("The rules change on 1 January 2020; if you keep")


def test_no_article_is_named_that_nobody_read() -> None:
    for lang in LANGS:
        for each in _told(BRAM, MARCH, lang).told:
            assert "not seen" in each.ground or "niet gezien" in each.ground


def test_a_certificate_that_would_help_is_named_with_what_it_brings() -> None:
    spells = Spells(
        offsets=np.array([0, 2]),
        starts_on=np.array([day_number(date(2018, 1, 8)), day_number(date(2020, 6, 29))], np.int32),
        ends_on=np.array([day_number(date(2019, 12, 20)), RUNS_ON], np.int32),
        kind=np.array([KINDS.index("abroad"), KINDS.index("employee")], np.uint8),
        certified=np.array([False, False]),
    )
    worker = Worker(MARCH, MARCH, "A", facts_of([replace(BRAM, activity="none")]), (), spells)
    told = explain(BOOK, worker, "en")
    assert len(told.spells) == 2
    assert "no certificate" in told.spells[0]
    assert told.spells[1].startswith(
        "A certificate for the work abroad would add 712 days, and then"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (day_text(date(2026, 3, 2), "nl"), "2 maart 2026"),
        (day_text(date(2026, 3, 2), "en"), "2 March 2026"),
        (euro_text(4_500, "nl"), "€ 45,00"),
        (euro_text(127_005, "en"), "€1,270.05"),
        (number_text(2_555, "nl"), "2.555"),
        (hours_text(240, "nl"), "4 uur"),
        (hours_text(225, "nl"), "3 uur 45 minuten"),
        (hours_text(61, "en"), "1 hour 1 minute"),
        (hours_text(50, "en"), "50 minutes"),
        (hour_text(time(14, 30), "nl"), "14.30 uur"),
        (hour_text(time(14, 30), "en"), "14:30"),
        (hours_text(60, "en"), "1 hour"),
    ],
)
def test_days_and_amounts_are_written_as_people_in_flanders_write_them(
    text: str, found: str
) -> None:
    assert text == found
