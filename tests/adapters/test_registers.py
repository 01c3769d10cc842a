"""The registers of the sandbox: the cast, invented people without number, and an outage."""

import time
from datetime import date, timedelta

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.adapters import insz, invented
from loopbaan.adapters import registers as port
from loopbaan.adapters.cast import BY_KEY, CAST
from loopbaan.adapters.registers import RegisterDown, Registers, Spell, day_number
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.law import career, months, ordering, policy
from loopbaan.law.months import NO_DAY
from loopbaan.law.refusals import Refusal
from tests.house.files import ROOT
from tests.law.cast import BOOK

DAY = date(2025, 3, 3)
SANDBOX: Registers = SandboxRegisters(7, 200_000)
PEOPLE = SandboxRegisters(7, 200_000).people(0, 20_000)
FIRST, REFUSED = PEOPLE[0], ("residence", "activity", "experience")


def against(inszs: list[str], day: date) -> list[Refusal]:
    """Every reason against an order of a first voucher, by the law."""
    careers, homes = SANDBOX.careers(inszs, known_by=day), SANDBOX.homes(inszs, on=day)
    days, count = np.array([day_number(day)], np.int32), len(inszs)
    spells = career.Spells(
        careers.offsets, careers.starts_on, careers.ends_on, careers.kind, careers.certified
    )
    none, yes = np.full(count, NO_DAY), np.ones(count, np.bool_)
    facts = ordering.Facts(
        lives_in=homes.lives_in,
        moved_from_eea=homes.moved_from_eea,
        works_in=careers.workplaces(days),
        activity=np.zeros(count, np.uint8),
        experience_days=np.zeros(count, np.int32),
        experience_months=np.zeros(count, np.int16),
        months_worked_in_last_24=np.zeros(count, np.int8),
        agency_weeks_unbroken=np.zeros(count, np.int16),
        last_started_on=none,
        previous_started_on=none,
        last_voucher_closed=yes,
        open_order=~yes,
        in_dutch=yes,
    )
    facts = career.with_sums(facts, career.count(BOOK.on(day), spells, days))
    return [Refusal(int(bits)) for bits in ordering.reasons(BOOK.on(day), facts, day)]


def test_the_registers_speak_the_words_of_the_law():
    assert port.HOMES == ordering.HOMES
    assert port.WORKPLACES == ordering.WORKPLACES
    assert port.KINDS == policy.KINDS
    assert port.RUNS_ON == career.RUNS_ON
    assert port.day_number(DAY) == months.day_number(DAY)


@pytest.mark.parametrize("key", ["an", "bram"])
def test_an_and_bram_have_the_careers_of_the_documented_cases(key):
    cases = yaml.safe_load((ROOT / "tests/cases/ordering/cast.yaml").read_text("utf-8"))
    facts = next(case["facts"] for case in cases if case["id"] == key)
    known = SANDBOX.career(BY_KEY[key].insz, known_by=date(2026, 3, 2))
    assert [(s.starts_on, s.ends_on, s.kind, s.certified) for s in known] == [
        (s["from"], s.get("to"), s["kind"], s.get("certified", False)) for s in facts["career"]
    ]
    person = SANDBOX.person(BY_KEY[key].insz, on=DAY)
    assert person is not None
    assert (person.lives_in, person.moved_from_eea) == (
        facts["lives_in"],
        facts["moved_from_eea"],
    )
    assert known[-1].works_in == facts["works_in"]


@pytest.mark.parametrize(
    ("key", "day", "reasons"),
    [
        ("an", DAY, Refusal(0)),
        ("bram", DAY, Refusal.EXPERIENCE),
        ("claire", DAY, Refusal.RESIDENCE),  # case 1
        ("mathieu", DAY, Refusal(0)),  # case 2
        ("sanne", DAY, Refusal(0)),  # case 3
        ("koen", DAY, Refusal(0)),  # case 4
        ("luc", DAY, Refusal.RESIDENCE),  # case 5
        ("elena", DAY, Refusal(0)),  # case 6
        ("kevin", DAY, Refusal.EXPERIENCE),  # case 8
        ("yusuf", DAY, Refusal.ACTIVITY),  # case 9
        ("yusuf", date(2025, 6, 2), Refusal(0)),
        ("katrien", DAY, Refusal(0)),  # case 16
        ("patrick", DAY, Refusal.ACTIVITY),  # case 17
        ("nadia", DAY, Refusal(0)),  # case 18
        ("nadia", date(2026, 3, 1), Refusal.ACTIVITY),
        ("tom", DAY, Refusal.ACTIVITY),  # case 20
        ("leen", date(2025, 8, 4), Refusal(0)),  # case 22
        ("griet", DAY, Refusal(0)),  # case 24
        ("ine", DAY, Refusal(0)),  # case 25
        ("robin", DAY, Refusal(0)),  # case 26
        ("fatima", DAY, Refusal(0)),  # case 27
        ("sara", DAY, Refusal(0)),
        ("wim", DAY, Refusal(0)),
    ],
)
def test_the_cast_comes_out_as_its_documented_case(key, day, reasons):
    assert against([BY_KEY[key].insz], day) == [reasons]


def test_the_cast_has_names_stories_and_numbers_of_its_own():
    assert len({member.insz for member in CAST}) == len({member.key for member in CAST}) == 21
    for member in CAST:
        assert insz.check(member.insz) == member.insz
        assert member.serial > invented.LAST_SERIAL
        assert member.nl
        assert member.en


def test_a_home_is_that_of_the_day():
    wim = BY_KEY["wim"].insz
    homes = [SANDBOX.person(wim, on=day) for day in (date(2025, 1, 31), date(2025, 2, 1))]
    assert [home.lives_in for home in homes if home] == ["wallonia", "flanders"]
    days = np.array([day_number(date(2025, 1, 31)), day_number(date(2025, 2, 1))], np.int32)
    assert SANDBOX.homes([wim, wim], on=days).lives_in.tolist() == [2, 0]


def test_a_spell_is_known_from_its_first_day_and_its_end_from_its_last():
    nadia = BY_KEY["nadia"].insz
    known = SANDBOX.career(nadia, known_by=date(2026, 2, 27))
    assert known[-1] == Spell(date(2025, 3, 1), None, "notice", False, "flanders")
    assert SANDBOX.career(nadia, known_by=date(2026, 2, 28))[-1].ends_on == date(2026, 2, 28)
    assert SANDBOX.career(nadia, known_by=date(2026, 3, 1))[-1].kind == "unemployed"


@given(st.integers(0, 199_999), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_what_was_known_is_what_is_known_later_cut_off(place, day):
    number = SandboxRegisters(7, 200_000).people(place, place + 1)[0]
    later = SANDBOX.career(number, known_by=date(2035, 1, 1))
    cut = [
        Spell(s.starts_on, s.ends_on if s.ends_on and s.ends_on <= day else None, *_rest(s))
        for s in later
        if s.starts_on <= day
    ]
    assert SANDBOX.career(number, known_by=day) == cut
    assert all(s.ends_on is None or s.starts_on <= s.ends_on for s in later)
    assert later == sorted(later, key=lambda s: s.starts_on)


def _rest(spell: Spell) -> tuple[str, bool, str]:
    return spell.kind, spell.certified, spell.works_in


@settings(max_examples=20)
@given(st.lists(st.sampled_from([*PEOPLE[:500], BY_KEY["an"].insz, "0" * 11]), max_size=9))
def test_who_is_asked_for_together_gets_what_each_gets_alone(numbers):
    together = SANDBOX.careers(numbers, known_by=DAY)
    homes = SANDBOX.homes(numbers, on=DAY)
    for place, number in enumerate(numbers):
        assert together.of(place) == SANDBOX.career(number, known_by=DAY)
        person = SANDBOX.person(number, on=DAY)
        assert bool(homes.known[place]) == (person is not None)
        if person is not None:
            assert port.HOMES[homes.lives_in[place]] == person.lives_in
            assert bool(homes.moved_from_eea[place]) == person.moved_from_eea


def test_each_of_a_batch_may_be_asked_as_of_a_day_of_its_own():
    bram = BY_KEY["bram"].insz
    days = [date(2017, 6, 30), date(2018, 1, 8), date(2021, 5, 10)]
    numbers = np.array([day_number(day) for day in days], np.int32)
    together = SANDBOX.careers([bram] * 3, known_by=numbers)
    assert [together.of(i) for i in range(3)] == [SANDBOX.career(bram, known_by=d) for d in days]
    assert [len(together.of(i)) for i in range(3)] == [0, 2, 7]
    assert together.workplaces(numbers).tolist() == [port.NO_WORKPLACE, 3, 1]


def test_a_person_is_the_same_in_every_process_and_another_under_another_seed():
    again, other = SandboxRegisters(7, 200_000), SandboxRegisters(8, 200_000)
    few = PEOPLE[:300]
    assert [again.person(each, on=DAY) for each in few] == [SANDBOX.person(e, on=DAY) for e in few]
    assert again.career(few[5], known_by=DAY) == SANDBOX.career(few[5], known_by=DAY)
    assert other.people(0, 300) == few
    assert sum(other.person(e, on=DAY) == SANDBOX.person(e, on=DAY) for e in few) < 10


def test_every_invented_person_has_a_test_number_of_her_own():
    assert len(set(PEOPLE)) == len(PEOPLE)
    assert not set(PEOPLE) & {member.insz for member in CAST}
    for number in PEOPLE[:2_000]:
        assert insz.check(number) == number
        person = SANDBOX.person(number, on=DAY)
        assert person is not None
        assert insz.birth_of(number) == person.born_on
        assert person.given_name in invented.GIVEN[int(number[6:9]) % 2 == 0]


@given(st.integers(0, invented.MOST - 1))
def test_a_place_in_line_and_its_number_find_each_other(place):
    places = np.array([place], np.int64)
    assert invented.places_of(invented.numbers_of(places), invented.MOST).tolist() == [place]


@given(st.one_of(st.integers(0, 10**11 - 1).map("{:011}".format), st.sampled_from(PEOPLE)))
def test_a_number_that_nobody_has_is_no_person_and_no_career(number):
    few = SandboxRegisters(7, 0)
    assert few.person(number, on=DAY) is None
    assert few.career(number, known_by=DAY) == []
    assert not few.homes([number], on=DAY).known[0]


def test_registers_that_are_down_say_so_and_never_that_there_is_nothing(tmp_path):
    registers = SandboxRegisters(7, 10, outage=tmp_path / "outage")
    (tmp_path / "outage").touch()
    for ask in (
        lambda: registers.person(FIRST, on=DAY),
        lambda: registers.career(FIRST, known_by=DAY),
        lambda: registers.homes([FIRST], on=DAY),
        lambda: registers.careers([], known_by=DAY),
    ):
        with pytest.raises(RegisterDown):
            ask()
    (tmp_path / "outage").unlink()
    assert registers.career(FIRST, known_by=DAY)
    registers.is_down = True
    with pytest.raises(RegisterDown):
        registers.person(FIRST, on=DAY)


def test_most_may_order_and_every_reason_and_kind_of_spell_is_among_them():
    found = against(PEOPLE, DAY)
    assert 0.75 < found.count(Refusal(0)) / len(found) < 0.9
    seen = Refusal(0)
    for each in found:
        seen |= each
    assert {code for code in REFUSED if Refusal[code.upper()] in seen} == set(REFUSED)
    careers = SANDBOX.careers(PEOPLE, known_by=DAY)
    assert set(np.unique(careers.kind)) == set(range(len(port.KINDS)))
    assert 0.2 < careers.certified[careers.kind == port.KINDS.index("abroad")].mean() < 0.8
    assert not careers.certified[careers.kind != port.KINDS.index("abroad")].any()


def test_a_hundred_thousand_careers_are_there_at_once():
    numbers = SandboxRegisters(7, 200_000).people(100_000, 200_000)
    started = time.perf_counter()
    careers = SANDBOX.careers(numbers, known_by=DAY + timedelta(days=1))
    assert time.perf_counter() - started < 2.0
    assert len(careers.offsets) == 100_001
