"""The script of the demo: who orders when in a year, and what each does about the answer.

Invented as the people are: no statistic of Flanders. What the answer is, the script does not know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import How

FIRST_DAY, LAST_DAY = date(2024, 10, 1), date(2025, 9, 30)
FEWEST = 50
SHARE_OF_MARCH = 0.47
# How many of the others order in each month, from October on; March is apart.
MONTHS = {
    date(2024, 10, 1): 10,
    date(2024, 11, 1): 9,
    date(2024, 12, 1): 6,
    date(2025, 1, 1): 12,
    date(2025, 2, 1): 9,
    date(2025, 4, 1): 12,
    date(2025, 5, 1): 8,
    date(2025, 6, 1): 8,
    date(2025, 7, 1): 8,
    date(2025, 8, 1): 10,
    date(2025, 9, 1): 24,
}
# In March 2025, by day: the radio told of the cap on the morning of the fourth.
RUSH = {
    1: 40,
    2: 50,
    3: 130,
    4: 290,
    5: 215,
    6: 125,
    7: 100,
    8: 15,
    9: 5,
    10: 12,
    13: 8,
    18: 5,
    26: 5,
}
OPENS, CLOSES = 7 * 3_600, 23 * 3_600  # seconds of the day between which people order
BRUSSELS = ZoneInfo("Europe/Brussels")
_FRENCH, _BY_PHONE, _ON_PAPER = 0.015, 0.04, 0.02


class Then(StrEnum):
    """What someone does who may have a voucher."""

    PAYS = "pays"
    FORGETS = "forgets"
    WITHDRAWS = "withdraws"


_HABITS = (*[Then.PAYS] * 10, *[Then.FORGETS] * 8, *[Then.WITHDRAWS] * 2)


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone orders. `days` later she does what she does; `how` she pays is for the bank to say.

    Who is `stubborn` does not leave it at that: contests a refusal, orders a second time while the
    first order runs, or tries again the month after there was no place.
    """

    at: datetime
    insz: str
    language: str = "nl"
    channel: str = "web"
    then: Then = Then.PAYS
    days: int = 2
    how: How | None = None
    stubborn: bool = False

    @property
    def on(self) -> date:
        """The day in Flanders."""
        return self.at.astimezone(BRUSSELS).date()


def visits(seed: int, count: int, likely: Sequence[str], others: Sequence[str]) -> list[Visit]:
    """Return the visits of a year, in order: of the cast, and of `count` invented people.

    `likely` are numbers of people who expect that they may order, `others` of people who do not
    know: most of who orders looked it up first.
    """
    assert count >= FEWEST, "fewer people do not make a year"
    chance = np.random.default_rng(seed)
    unsure = min(len(others), round(count * 0.08))
    people = [*likely[: count - unsure], *others[:unsure]]
    assert len(people) == count, "there are not enough invented people"
    chance.shuffle(people)
    in_march = round(count * SHARE_OF_MARCH)
    days = [*_days_of_march(in_march), *_other_days(chance, count - in_march)]
    found = [_visit(chance, day, insz) for day, insz in zip(days, people, strict=True)]
    return sorted((*_of_the_cast(), *found), key=lambda visit: visit.at)


def _days_of_march(count: int) -> Iterator[date]:
    total, given, so_far = sum(RUSH.values()), 0, 0
    for day, weight in RUSH.items():
        so_far += weight
        upto = round(count * so_far / total)
        yield from [date(2025, 3, day)] * (upto - given)
        given = upto


def _other_days(chance: np.random.Generator, count: int) -> Iterator[date]:
    weights = np.array([*MONTHS.values()], np.float64)
    months = chance.choice(len(MONTHS), count, p=weights / weights.sum())
    for month in np.sort(months).tolist():
        first = list(MONTHS)[month]
        length = ((first + timedelta(days=32)).replace(day=1) - first).days
        yield first + timedelta(days=int(chance.integers(0, length)))


def _visit(chance: np.random.Generator, day: date, insz: str) -> Visit:
    second = int(chance.integers(OPENS, CLOSES))
    way = float(chance.random())
    channel = "phone" if way < _BY_PHONE else "paper" if way < _BY_PHONE + _ON_PAPER else "web"
    return Visit(
        at=_moment(day, second),
        insz=insz,
        language="fr" if chance.random() < _FRENCH else "nl",
        channel=channel,
        then=_HABITS[int(chance.integers(len(_HABITS)))],
        days=min(13, int(chance.exponential(3.0))),
        stubborn=bool(chance.random() < 0.3),
    )


def _moment(day: date, second: int) -> datetime:
    midnight = datetime.combine(day, time(), BRUSSELS)
    return (midnight + timedelta(seconds=second)).astimezone(UTC)


def _of_the_cast() -> Iterator[Visit]:
    """Yield what the cast do. Of An the guidance is shown (`script_guidance`)."""
    for key, day, then, days, how, stubborn in _CAST:
        at = _moment(date.fromisoformat(day), 9 * 3_600 + 600)
        yield Visit(at, BY_KEY[key].insz, then=then, days=days, how=how, stubborn=stubborn)


_CAST: tuple[tuple[str, str, Then, int, How | None, bool], ...] = (
    ("an", "2024-10-08", Then.PAYS, 2, How.EXACT, False),
    ("claire", "2024-11-12", Then.PAYS, 2, None, True),
    ("mathieu", "2025-01-14", Then.PAYS, 3, How.EXACT, False),
    ("wim", "2025-01-20", Then.PAYS, 2, None, False),
    ("tom", "2025-02-04", Then.PAYS, 2, None, False),
    ("wim", "2025-02-10", Then.PAYS, 2, How.EXACT, False),
    ("sanne", "2025-03-02", Then.PAYS, 1, How.EXACT, False),
    ("yusuf", "2025-03-03", Then.PAYS, 2, None, True),
    ("koen", "2025-03-04", Then.PAYS, 2, How.EXACT, False),
    ("ine", "2025-03-18", Then.PAYS, 2, How.EXACT, True),
    ("nadia", "2025-04-01", Then.PAYS, 4, How.TOO_LITTLE, False),
    ("patrick", "2025-04-08", Then.PAYS, 2, None, False),
    ("luc", "2025-05-06", Then.PAYS, 2, None, False),
    ("kevin", "2025-06-10", Then.PAYS, 2, None, False),
    ("an", "2025-06-30", Then.PAYS, 2, How.EXACT, False),
    ("katrien", "2025-07-08", Then.PAYS, 9, How.LATE, False),
    ("mathieu", "2025-08-20", Then.PAYS, 1, How.EXACT, False),
    ("leen", "2025-08-28", Then.PAYS, 5, How.EXACT, False),
    ("robin", "2025-09-02", Then.FORGETS, 0, None, False),
    ("sara", "2025-09-23", Then.PAYS, 3, How.DOUBLE, False),
    ("bram", "2025-09-24", Then.PAYS, 2, None, False),
    ("griet", "2025-09-25", Then.WITHDRAWS, 2, None, False),
    ("elena", "2025-09-26", Then.PAYS, 12, None, False),
    ("fatima", "2025-09-29", Then.FORGETS, 0, None, False),
)
