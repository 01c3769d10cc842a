"""The registers that know people: who someone is, where she lives, how she worked.

The port speaks of facts, never of messages. Its fake is in `sandbox_registers.py`. The real wire
finds its place beside it: MAGDA, signed SOAP, which asks GeefPersoon and GeefHistoriekPersoon for
a home, GeefWerkrelaties and GeefDmfaVoorWerknemer for employment, GeefLoopbaanARZA for
self-employment and GeefLoopbaanonderbrekingen for breaks. Its answer 30001 means that there is no
such person or spell; a cancelled attest is no spell; whatever else goes wrong is `RegisterDown`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]  # whole days since 1 January 1970
Codes = NDArray[np.uint8]  # places in one of the tuples of words below
Flags = NDArray[np.bool_]

# The words of the law, in its order: a code of the one is a code of the other (a test holds them).
HOMES = ("flanders", "brussels", "wallonia", "eea", "elsewhere")
WORKPLACES = (*HOMES, "none")
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
NO_WORKPLACE = WORKPLACES.index("none")
RUNS_ON = np.int32(2**31 - 1)  # the end of a spell that has none yet
_EPOCH = date(1970, 1, 1).toordinal()


class RegisterDown(RuntimeError):
    """The registers do not answer: nobody knows whether there is a person or a spell."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who someone is and where she lives, on a day. `language` is that of her letters."""

    given_name: str
    family_name: str
    born_on: date
    language: str
    lives_in: str
    moved_from_eea: bool

    @property
    def name(self) -> str:
        """The name in full."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of a career; `ends_on` is None while nobody knows an end."""

    starts_on: date
    ends_on: date | None
    kind: str
    certified: bool
    works_in: str


@dataclass(frozen=True, slots=True)
class Homes:
    """Where people live, one element a person; an unknown person is not `known`."""

    known: Flags
    lives_in: Codes
    moved_from_eea: Flags


@dataclass(frozen=True, slots=True)
class Careers:
    """The spells of people: those of person i are `offsets[i]` to `offsets[i + 1]`, in order.

    An unknown person has none. `ends_on` is `RUNS_ON` where nobody knows an end.
    """

    offsets: NDArray[np.int64]
    starts_on: Days
    ends_on: Days
    kind: Codes
    certified: Flags
    works_in: Codes

    def of(self, place: int) -> list[Spell]:
        """Return the spells of one person in plain Python."""
        return [
            Spell(
                calendar_day(self.starts_on[i]),
                None if self.ends_on[i] == RUNS_ON else calendar_day(self.ends_on[i]),
                KINDS[self.kind[i]],
                bool(self.certified[i]),
                WORKPLACES[self.works_in[i]],
            )
            for i in range(self.offsets[place], self.offsets[place + 1])
        ]

    def workplaces(self, on: Days) -> Codes:
        """Return where each person works, on one day or on a day each; the first of several."""
        day = on if len(on) == 1 else np.repeat(on, np.diff(self.offsets))
        covers = (self.starts_on <= day) & (self.ends_on >= day)
        places = np.where(covers, self.works_in, np.uint8(NO_WORKPLACE))
        found = np.full(len(self.offsets) - 1, NO_WORKPLACE, np.uint8)
        has_spells = np.flatnonzero(np.diff(self.offsets))
        if len(has_spells):
            found[has_spells] = np.minimum.reduceat(places, self.offsets[has_spells])
        return found


class Registers(Protocol):
    """What the scheme asks the registers. Every question may raise `RegisterDown`."""

    def person(self, insz: str, *, on: date) -> Person | None:
        """Return who lives where on a day; None if nobody has this number."""

    def address(self, insz: str, *, on: date) -> tuple[str, ...] | None:
        """Return the lines of an address on a day, without the name; None if it is not known."""

    def career(self, insz: str, *, known_by: date) -> list[Spell]:
        """Return the spells of a career as they were known on a day, in order; none is empty."""

    def homes(self, inszs: Sequence[str], *, on: date | Days) -> Homes:
        """Return where people live, on one day or on a day each."""

    def careers(self, inszs: Sequence[str], *, known_by: date | Days) -> Careers:
        """Return careers as they were known, on one day or on a day each."""


def day_number(day: date) -> int:
    """Return the number of a calendar day."""
    return day.toordinal() - _EPOCH


def calendar_day(number: int | np.integer) -> date:
    """Return the calendar day of a number."""
    return date.fromordinal(int(number) + _EPOCH)
