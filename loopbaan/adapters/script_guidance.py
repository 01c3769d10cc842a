"""The script of the demo, second half: how the guidance on a paid voucher goes, and how it ends.

Invented as the people are: no statistic of Flanders. What the law says of it, it does not know.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.cast_centres import DE_BRUG


class Answer(StrEnum):
    """What a worker does about a talk that the centre registered."""

    CONFIRMS = "confirms"
    SILENT = "silent"
    DISPUTES = "disputes"


class Ending(StrEnum):
    """How the guidance ends."""

    CLOSES = "closes"
    EARLY = "early"  # both sides agree, and the minutes left are lost
    RUNS = "runs"  # nobody closes it


@dataclass(frozen=True, slots=True)
class Meeting:
    """A talk so many days after the start, and what the worker does about it some days later."""

    after_days: int
    minutes: int
    answer: Answer = Answer.CONFIRMS
    answers_after_days: int = 2


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes on with one voucher, from the day on which it is issued.

    `opens_after_days` and `starts_after_days` count from that day; None: never. `kbo` is the centre
    that the worker has in mind. Who `hands_a_code` over opens nothing on a page.
    """

    opens_after_days: int | None
    starts_after_days: int | None
    meetings: tuple[Meeting, ...] = ()
    ending: Ending = Ending.RUNS
    orders_again_after_days: int | None = None
    aftercare_after_days: int | None = None
    hands_a_code: bool = False
    uploads_plan: bool = False
    kbo: str = ""


_LENGTHS = ((120, 120), (90, 90, 60), (120, 120), (120, 60, 60))
_NEVER_STARTS, _ORDERS_AGAIN = 0.22, 0.12
_ANSWERS = (*[Answer.CONFIRMS] * 27, *[Answer.SILENT] * 7, Answer.DISPUTES)


def course(seed: int, insz: str, ordered_on: date, number: int) -> Course:
    """Return how it goes with the voucher of an order, by the number of that order."""
    if (insz, ordered_on) in _CAST:
        return _CAST[insz, ordered_on]
    chance = np.random.default_rng((seed, number))
    if chance.random() < _NEVER_STARTS:
        return Course(None, None)
    opens = int(chance.integers(0, 20))
    starts = opens + 1 + min(60, int(chance.exponential(14.0)))
    way = float(chance.random())
    return Course(
        opens_after_days=opens,
        starts_after_days=starts,
        meetings=_meetings(chance),
        ending=Ending.CLOSES if way < 0.8 else Ending.EARLY if way < 0.87 else Ending.RUNS,
        orders_again_after_days=int(chance.integers(10, 60))
        if chance.random() < _ORDERS_AGAIN
        else None,
        aftercare_after_days=int(chance.integers(30, 120)) if chance.random() < 0.2 else None,
        hands_a_code=bool(chance.random() < 0.1),
        uploads_plan=bool(chance.random() < 0.2),
    )


def _meetings(chance: np.random.Generator) -> tuple[Meeting, ...]:
    found, day = [], 0
    for minutes in _LENGTHS[int(chance.integers(len(_LENGTHS)))]:
        answer = _ANSWERS[int(chance.integers(len(_ANSWERS)))]
        found.append(Meeting(day, minutes, answer, int(min(10, chance.exponential(3.0)))))
        day += int(chance.integers(12, 30))
    return tuple(found)


_AT_DE_BRUG = DE_BRUG.kbo
# By the one who ordered, and on which day (`script`).
_CAST = {
    (BY_KEY["an"].insz, date(2024, 10, 8)): Course(
        opens_after_days=1,
        starts_after_days=11,
        meetings=(Meeting(0, 60), Meeting(21, 90, answers_after_days=1), Meeting(49, 90)),
        ending=Ending.CLOSES,
        aftercare_after_days=60,
        kbo=_AT_DE_BRUG,
    ),
    # One talk is paid, one silence confirmed, one she disputes, one waits for her.
    (BY_KEY["an"].insz, date(2025, 6, 30)): Course(
        opens_after_days=3,
        starts_after_days=11,
        meetings=(
            Meeting(8, 60, answers_after_days=1),
            Meeting(42, 45, Answer.SILENT),
            Meeting(68, 30, Answer.DISPUTES),
            Meeting(77, 30, Answer.SILENT),
        ),
        kbo=_AT_DE_BRUG,
    ),
    # Ready to be started by De Brug.
    (BY_KEY["sara"].insz, date(2025, 9, 23)): Course(
        opens_after_days=1, starts_after_days=None, kbo=_AT_DE_BRUG
    ),
    (BY_KEY["leen"].insz, date(2025, 8, 28)): Course(
        opens_after_days=1,
        starts_after_days=6,
        meetings=(Meeting(5, 60, answers_after_days=3), Meeting(15, 75, Answer.SILENT)),
        hands_a_code=True,
        kbo=_AT_DE_BRUG,
    ),
    (BY_KEY["wim"].insz, date(2025, 2, 10)): Course(
        opens_after_days=5,
        starts_after_days=12,
        meetings=(Meeting(0, 60), Meeting(20, 60, answers_after_days=1)),
        ending=Ending.EARLY,
        kbo=_AT_DE_BRUG,
    ),
}
