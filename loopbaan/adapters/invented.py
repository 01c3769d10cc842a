"""People whom nobody is: from a place in line to a number, a name, a home and a career.

All of a person follows from the seed and her place, whoever else is asked for, so that hundreds of
thousands need no file. The shares are plain ones that give every kind of outcome: no statistic.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loopbaan.adapters import insz
from loopbaan.adapters.registers import (
    HOMES,
    KINDS,
    NO_WORKPLACE,
    RUNS_ON,
    WORKPLACES,
    Codes,
    Days,
    Flags,
    day_number,
)

Numbers = NDArray[np.int64]
Chances = NDArray[np.float64]

FIRST_BIRTH, LAST_BIRTH = day_number(date(1961, 1, 1)), day_number(date(2001, 12, 31))
BIRTH_DAYS = LAST_BIRTH - FIRST_BIRTH + 1
LAST_SERIAL = 900  # of the invented people; the standing cast stands above it
MOST = BIRTH_DAYS * LAST_SERIAL
UNKNOWN = -1
_STEP, _BACK = 6_007, pow(6_007, -1, BIRTH_DAYS)  # spreads neighbours over the birth days

# What a chance is for: a draw of its own.
_PATH, _START, _TURN, _CERTIFICATE, _FIRST_WORK, _LATER_WORK, _HOME, _MOVED, _MOVE_DAY = range(9)
_EARLIER_HOME, _FROM_EEA, _GIVEN, _PREFIX, _STEM, _ENDING, _LANGUAGE, _LENGTH = range(9, 17)

GIVEN = (  # men, women
    "Arne Bavo Casper Dries Emiel Ferre Gilles Hannes Ilias Jelle Kobe Lander Maarten Niels Omar"
    " Pieter Quinten Rik Senne Thijs Uwe Viktor Warre Xander Yassin Zeger".split(),
    "Amber Birgit Charlotte Dorien Elke Febe Goedele Heleen Imane Joke Kaat Lotte Marieke Nele Oona"
    " Paulien Quirine Roos Silke Tine Ursula Veerle Wies Xandra Yara Zoë".split(),
)
PREFIXES = ("", "", "Van ", "Van den ", "De ")
STEMS = "Brem Duin Eiken Elzen Hazel Heide Kraan Linden Meer Molen Roer Sparren Vink Wilgen".split()
ENDINGS = "akker beke broeck donck hove horst rode sloot steen velde weghe winckel".split()


@dataclass(frozen=True)
class Step:
    """A stretch of a career: `days` long at least and at most, or until the turn, or for good.

    No kind is a stretch of nothing; a step `beside` runs together with the next one.
    """

    kind: str | None
    days: tuple[int, int] = (0, 0)
    until: str | date = "never"
    beside: bool = False


def _lasting(kind: str | None, least: int, most: int) -> Step:
    return Step(kind, (least, most), "days")


_WORK, _TO_TURN = Step("employee"), Step("employee", until="turn")


def _summers(first: int, last: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for year in range(first, last + 1):
        steps.append(Step("employee", until=date(year, 6, 30)))
        steps.append(Step("teacher_summer", until=date(year, 8, 31)))
    return (*steps, _WORK)


_STUDENT = (_lasting("student_job", 30, 62), _lasting(None, 60, 700))
_YOUNG = (_lasting("employee", 200, 1_500), _lasting("unemployed", 30, 300))
_TEMPING = (_lasting("agency", 20, 90), _lasting(None, 3, 30), _lasting("agency", 60, 200))
_FIRST_YEARS = _lasting("employee", 400, 2_500)

# Parts in a thousand, and the steps from the first day of work on. The turn is a day in 2023-2027.
PATHS: dict[str, tuple[int, tuple[Step, ...]]] = {
    "one employer": (270, (_WORK,)),
    "two employers": (180, (_lasting("employee", 700, 4_000), _WORK)),
    "student, a first job, unemployed, work": (110, (*_STUDENT, *_YOUNG, _WORK)),
    "agency, then work": (60, (*_TEMPING, _WORK)),
    "agency, now and then nothing": (
        40,
        (_FIRST_YEARS, Step("agency", until="turn"), _lasting(None, 10, 60), Step("agency")),
    ),
    "self-employed": (70, (_FIRST_YEARS, Step("self_employed"))),
    "a side job": (30, (_FIRST_YEARS, Step("side_job", beside=True), _WORK)),
    "abroad first": (45, (_lasting("abroad", 200, 2_500), _lasting(None, 0, 60), _WORK)),
    "ill": (35, (_TO_TURN, _lasting("sick_contract", 60, 500), _WORK)),
    "ill, contract ended": (15, (_TO_TURN, Step("sick_no_contract"))),
    "unemployed": (25, (_TO_TURN, _lasting("unemployed", 30, 500), _WORK)),
    "dismissed": (
        15,
        (_TO_TURN, _lasting("notice", 30, 180), _lasting("unemployed", 1, 200), _WORK),
    ),
    "parental leave": (25, (_TO_TURN, _lasting("parental", 60, 240), _WORK)),
    "a career break": (10, (_TO_TURN, _lasting("career_break", 90, 360), _WORK)),
    "maternity": (15, (_TO_TURN, _lasting("maternity", 90, 105), _WORK)),
    "a slack order book": (15, (_TO_TURN, _lasting("economic_unemployment", 20, 120), _WORK)),
    "a European institution": (5, (Step("eu_institution"),)),
    "trained in a company": (
        10,
        (_lasting("unemployed", 60, 300), _lasting("ibo", 60, 180), _WORK),
    ),
    "a temporary teacher": (25, _summers(2021, 2027)),
}
_STEPS = [steps for _, steps in PATHS.values()]
_PATH_ENDS = np.cumsum([share for share, _ in PATHS.values()]) / 1_000
assert _PATH_ENDS[-1] == 1.0

_HOME_ENDS = np.cumsum([0.915, 0.03, 0.02, 0.03, 0.005])
_WORK_ENDS = np.cumsum(  # by home
    [
        [0.88, 0.08, 0.02, 0.02, 0.0],
        [0.2, 0.75, 0.05, 0.0, 0.0],
        [0.6, 0.3, 0.1, 0.0, 0.0],
        [0.75, 0.1, 0.05, 0.1, 0.0],
        [0.8, 0.0, 0.0, 0.0, 0.2],
    ],
    axis=1,
)
_ABROAD_ENDS = np.cumsum([0.0, 0.0, 0.0, 0.75, 0.25])
_EARLIER_ENDS = np.cumsum([0.0, 0.4, 0.3, 0.3, 0.0])
_FIRST_MOVE, _MOVE_DAYS = day_number(date(2015, 1, 1)), 4_000
_FIRST_TURN, _TURN_DAYS = day_number(date(2023, 1, 1)), 1_826
_WORKLESS = [KINDS.index(kind) for kind in ("unemployed", "sick_no_contract")]


@dataclass(frozen=True)
class Spells:
    """Spells in any order, each with the row of the person whose it is."""

    owner: Numbers
    starts_on: Days
    ends_on: Days
    kind: Codes
    certified: Flags
    works_in: Codes


def numbers_of(places: Numbers) -> Numbers:
    """Return the test numbers of places in line, each as a whole number of 11 digits."""
    births, serials = _births_and_serials(places)
    day = births.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    years, months = np.divmod(month.astype(np.int64), 12)
    in_month = (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    first = (years + 70) % 100 * 10_000 + (months + 1 + insz.TEST_MONTHS) * 100 + in_month
    first = first * 1_000 + serials
    numbers: Numbers = first * 100 + 97 - (first + np.where(years >= 30, 2_000_000_000, 0)) % 97
    return numbers


def places_of(numbers: Numbers, count: int) -> Numbers:
    """Return the places in line of numbers, `UNKNOWN` where none of the `count` people has it."""
    first, digits = np.divmod(numbers, 100)
    born, serial = np.divmod(first, 1_000)
    years, rest = np.divmod(born, 10_000)
    months, in_month = np.divmod(rest, 100)
    is_late = 97 - (first + 2_000_000_000) % 97 == digits
    month = (years + np.where(is_late, 30, -70)) * 12 + np.clip(months - insz.TEST_MONTHS, 1, 12)
    start = (month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    turned = (start + in_month - 1 - FIRST_BIRTH) * _BACK % BIRTH_DAYS
    rounds, half = np.divmod(serial - 1, 2)
    places = (rounds * BIRTH_DAYS + turned) * 2 + half
    # Whatever was not a number of this line comes out as another one.
    is_known = (places >= 0) & (places < count) & (serial > 0)
    is_known[is_known] = numbers_of(places[is_known]) == numbers[is_known]
    return np.where(is_known, places, UNKNOWN)


def homes_of(seed: int, places: Numbers, on: Days) -> tuple[Codes, Flags]:
    """Return where people live on a day each, and whether they moved there from the EEA."""
    home = _code(_HOME_ENDS, _chance(seed, places, _HOME))
    earlier = _code(_EARLIER_ENDS, _chance(seed, places, _EARLIER_HOME))
    moved_on = _FIRST_MOVE + (_chance(seed, places, _MOVE_DAY) * _MOVE_DAYS).astype(np.int32)
    lives_elsewhere = (_chance(seed, places, _MOVED) < 0.03) & (on < moved_on)
    home = np.where(lives_elsewhere, earlier, home)
    from_eea = (home == HOMES.index("wallonia")) & (_chance(seed, places, _FROM_EEA) < 0.1)
    return home, from_eea


def name_of(seed: int, place: int) -> tuple[str, str, date, str]:
    """Return the given name, the family name, the birth day and the language of one person."""
    places = np.array([place], np.int64)

    def one_of(words: list[str] | tuple[str, ...], what: int) -> str:
        return words[int(_chance(seed, places, what)[0] * len(words))]

    births, _ = _births_and_serials(places)
    given = one_of(GIVEN[place % 2], _GIVEN)
    prefix, stem = one_of(PREFIXES, _PREFIX), one_of(STEMS, _STEM)
    ending = one_of(ENDINGS, _ENDING)
    language = _chance(seed, places, _LANGUAGE)[0]
    born_on = date.fromordinal(int(births[0]) + date(1970, 1, 1).toordinal())
    code = "nl" if language < 0.95 else "fr" if language < 0.98 else "en"
    return given, f"{prefix}{stem}{ending}", born_on, code


def spells_of(seed: int, places: Numbers) -> Spells:
    """Return the whole careers of people, what is still to come included."""
    births, _ = _births_and_serials(places)
    starts = births + 18 * 365 + (_chance(seed, places, _START) * 7 * 365).astype(np.int64)
    turns = _FIRST_TURN + (_chance(seed, places, _TURN) * _TURN_DAYS).astype(np.int64)
    certified = _chance(seed, places, _CERTIFICATE) < 0.5
    home = _code(_HOME_ENDS, _chance(seed, places, _HOME))
    first_work = _code_by(_WORK_ENDS, home, _chance(seed, places, _FIRST_WORK))
    later_work = _code_by(_WORK_ENDS, home, _chance(seed, places, _LATER_WORK))
    path = np.searchsorted(_PATH_ENDS, _chance(seed, places, _PATH), side="right")
    parts: list[tuple[Numbers, ...]] = []
    for number in np.unique(path):
        rows = np.flatnonzero(path == number)
        begins = starts[rows]
        steps = _STEPS[number]
        for place, step in enumerate(steps):
            ends = _ends(step, begins, turns[rows], _chance(seed, places[rows], _LENGTH + place))
            if step.kind is not None:
                there = ends >= begins
                kinds = np.full(len(rows), KINDS.index(step.kind), np.int64)
                work = (later_work if place == len(steps) - 1 else first_work).astype(np.int64)
                part = (rows, begins, ends, kinds, work[rows])
                parts.append(tuple(column[there] for column in part))
            if not step.beside:
                begins = ends + 1
    columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
    owner, begins, ends, kind, works_in = columns
    is_abroad = kind == KINDS.index("abroad")
    abroad = _code(_ABROAD_ENDS, _chance(seed, places, _FIRST_WORK))
    works_in = np.where(is_abroad, abroad[owner], works_in)
    works_in[np.isin(kind, _WORKLESS)] = NO_WORKPLACE
    works_in[kind == KINDS.index("eu_institution")] = WORKPLACES.index("brussels")
    return Spells(
        owner,
        begins.astype(np.int32),
        ends.astype(np.int32),
        kind.astype(np.uint8),
        is_abroad & certified[owner],
        works_in.astype(np.uint8),
    )


def _ends(step: Step, begins: Numbers, turns: Numbers, chance: Chances) -> Numbers:
    """Return the last day of a step for each person; before its first day where it is left out."""
    if step.until == "never":
        return np.full(len(begins), RUNS_ON, np.int64)
    if step.until == "turn":
        return np.maximum(turns, begins) - 1
    if isinstance(step.until, date):
        return np.maximum(day_number(step.until), begins - 1)
    least, most = step.days
    return begins + least - 1 + (chance * (most - least + 1)).astype(np.int64)


def _births_and_serials(places: Numbers) -> tuple[Numbers, Numbers]:
    pair, half = np.divmod(places, 2)
    rounds, turn = np.divmod(pair, BIRTH_DAYS)
    return FIRST_BIRTH + turn * _STEP % BIRTH_DAYS, rounds * 2 + 1 + half


def _chance(seed: int, places: Numbers, what: int) -> Chances:
    """Return a number from 0 to 1 for each person: always the same for the same three."""
    salt = (seed * 0x9E3779B97F4A7C15 + (what + 1) * 0xD1B54A32D192ED03) % 2**64
    x = places.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(salt)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _code(ends: Chances, chance: Chances) -> Codes:
    return np.minimum(np.searchsorted(ends, chance, side="right"), len(ends) - 1).astype(np.uint8)


def _code_by(ends: Chances, row: Codes, chance: Chances) -> Codes:
    """Return the code of each chance among the ends of its own row."""
    beyond: Codes = (chance[:, None] >= ends[row]).sum(axis=1).astype(np.uint8)
    return np.minimum(beyond, np.uint8(ends.shape[1] - 1))
