"""From spells to facts: days count once, in any order, and what does not count says why."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.law import career
from loopbaan.law.career import RUNS_ON, Note, Spells, Sums
from loopbaan.law.months import day_number
from loopbaan.law.ordering import ACTIVITIES
from loopbaan.law.policy import KINDS
from tests.law.cast import BOOK, plain_term

DAY = date(2019, 5, 31)
DAYS = (date(2015, 2, 28), DAY, date(2024, 2, 29), date(2026, 3, 2))


@dataclass(frozen=True)
class Spell:
    """A spell in plain Python."""

    start: date
    end: date | None
    kind: str
    certified: bool = False

    def days(self, last: date) -> set[date]:
        end = min(self.end or last, last)
        return {self.start + timedelta(days=i) for i in range((end - self.start).days + 1)}


def spells_of(careers: list[list[Spell]]) -> Spells:
    flat = [spell for each in careers for spell in each]
    return Spells(
        offsets=np.cumsum([0, *(len(each) for each in careers)]).astype(np.int64),
        starts_on=np.array([day_number(each.start) for each in flat], np.int32),
        ends_on=np.array([day_number(s.end) if s.end else RUNS_ON for s in flat], np.int32),
        kind=np.array([KINDS.index(each.kind) for each in flat], np.uint8),
        certified=np.array([each.certified for each in flat], np.bool_),
    )


def count(careers: list[list[Spell]], day: date) -> Sums:
    ordered_on = np.array([day_number(day)], np.int32)
    return career.count(BOOK.on(day), spells_of(careers), ordered_on)


def sums(spells: list[Spell], day: date) -> tuple[int, ...]:
    found = count([spells], day)
    return tuple(int(getattr(found, name)[0]) for name in career.SUMMED)


def plain_sums(spells: list[Spell], day: date) -> tuple[int, ...]:
    """Count the same with sets of days."""
    policy, last = BOOK.on(day), day - timedelta(days=1)
    since = plain_term(day, -24)
    worked: set[date] = set()
    agency: set[date] = set()
    activity = "none"
    for spell in spells:
        word = getattr(policy, f"counts_{spell.kind}")
        is_counted = word != "nothing" and (word != "employee_if_certified" or spell.certified)
        worked |= spell.days(last) if is_counted else set()
        agency |= spell.days(last) if word == "agency" else set()
        if spell.start <= day <= (spell.end or day):
            name = word.removesuffix("_flagged").removesuffix("_if_certified")
            if name in ACTIVITIES:
                activity = min(activity, name, key=ACTIVITIES.index)
    recent = {each for each in worked if each >= since}
    run = longest = 0
    for place in range((day - since).days):
        run = run + 1 if since + timedelta(days=place) in agency else 0
        longest = max(longest, run)
    months = len(worked) * 12 // 365
    recent_months = min(24, len(recent) * 12 // 365)
    return ACTIVITIES.index(activity), len(worked), months, recent_months, longest // 7


@st.composite
def spell(draw: st.DrawFn) -> Spell:
    start = draw(st.dates(date(2008, 1, 1), date(2026, 12, 31)))
    length = draw(st.one_of(st.none(), st.integers(0, 2_000), st.integers(0, 40)))
    end = None if length is None else start + timedelta(days=length)
    kinds = st.one_of(st.sampled_from(KINDS), st.sampled_from(("employee", "agency")))
    return Spell(start, end, draw(kinds), draw(st.booleans()))


careers = st.lists(spell(), max_size=7)


@given(careers, st.sampled_from(DAYS))
@settings(max_examples=200, deadline=None)
def test_a_career_counts_as_sets_of_days_do(spells: list[Spell], day: date) -> None:
    assert sums(spells, day) == plain_sums(spells, day)


@given(st.lists(careers, min_size=1, max_size=8), st.sampled_from(DAYS))
@settings(max_examples=50, deadline=None)
def test_one_by_one_equals_the_batch(batch: list[list[Spell]], day: date) -> None:
    together = count(batch, day)
    for row, spells in enumerate(batch):
        own = tuple(int(getattr(together, name)[row]) for name in career.SUMMED)
        assert own == sums(spells, day)


@given(careers, st.data(), st.sampled_from(DAYS))
@settings(max_examples=80, deadline=None)
def test_splitting_and_shuffling_spells_change_no_count(
    spells: list[Spell], data: st.DataObject, day: date
) -> None:
    pieces = []
    for each in spells:
        end = each.end or date(2027, 1, 1)
        cut = data.draw(st.dates(each.start, max(end, each.start)))
        pieces.append(Spell(each.start, cut, each.kind, each.certified))
        if cut != each.end:
            rest = Spell(cut + timedelta(days=1), each.end, each.kind, each.certified)
            pieces.append(rest)
    pieces = data.draw(st.permutations(pieces))
    assert sums(pieces, day) == sums(spells, day)


@given(careers, spell(), st.sampled_from(DAYS))
@settings(max_examples=80, deadline=None)
def test_merging_overlapping_spells_changes_no_count(
    spells: list[Spell], first: Spell, day: date
) -> None:
    end = first.end or date(2027, 1, 1)
    middle = first.start + (end - first.start) / 2
    second = Spell(middle, first.end, first.kind, first.certified)
    assert sums([*spells, first, second], day) == sums([*spells, first], day)


def test_2555_days_are_84_months() -> None:
    start = DAYS[3] - timedelta(days=2_555)
    _, days, months, recent, _ = sums([Spell(start, None, "employee")], DAYS[3])
    assert (days, months, recent) == (2_555, 84, 24)


def test_who_is_between_two_agency_contracts_has_no_activity() -> None:
    before = Spell(date(2018, 1, 1), DAY - timedelta(days=1), "agency")
    after = Spell(DAY + timedelta(days=1), None, "agency")
    assert ACTIVITIES[sums([before, after], DAY)[0]] == "none"
    assert ACTIVITIES[sums([before, Spell(DAY, None, "agency")], DAY)[0]] == "agency"


def test_a_spell_that_does_not_count_says_why() -> None:
    spells = [
        Spell(date(2010, 1, 1), date(2010, 2, 1), "student_job"),
        Spell(date(2011, 1, 1), date(2012, 2, 1), "abroad"),
        Spell(date(2011, 1, 1), date(2012, 2, 1), "abroad", certified=True),
        Spell(DAY, None, "employee"),
        Spell(date(2015, 1, 1), date(2015, 2, 1), "side_job"),
        Spell(date(2016, 1, 1), date(2016, 2, 1), "employee"),
    ]
    notes = [Note(int(note)) for note in count([spells], DAY).notes]
    assert notes == [Note.KIND, Note.NO_CERTIFICATE, 0, Note.NOT_YET, Note.DOUBTFUL, 0]


def test_more_careers_than_a_block_are_counted_as_one() -> None:
    spells = [Spell(date(2016, 1, 1), None, "employee")]
    batch = [spells, [], spells] * (career.BLOCK // 2)
    found = count(batch, DAY)
    assert len(batch) > career.BLOCK
    alone = sums(spells, DAY)[1]
    assert found.experience_days.reshape(-1, 3).tolist() == [[alone, 0, alone]] * (len(batch) // 3)
