"""The registers of the sandbox: the standing cast and as many invented people as are asked for."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np

from loopbaan.adapters import invented
from loopbaan.adapters.cast import BY_INSZ, CAST
from loopbaan.adapters.invented import UNKNOWN, Numbers, Spells
from loopbaan.adapters.registers import (
    HOMES,
    KINDS,
    RUNS_ON,
    WORKPLACES,
    Careers,
    Days,
    Homes,
    Person,
    RegisterDown,
    Spell,
    calendar_day,
    day_number,
)
from loopbaan.adapters.towns import towns

_CAST_NUMBERS = np.array([int(member.insz) for member in CAST], np.int64)


class SandboxRegisters:
    """Registers in the process, the same for the same seed; `count` people besides the cast.

    They fail as a whole: while `is_down` is set, or while the file `outage` exists, which another
    process can make and take away.
    """

    def __init__(self, seed: int, count: int, *, outage: Path | None = None) -> None:
        assert 0 <= count <= invented.MOST, f"there are numbers for {invented.MOST} people"
        self.seed = seed
        self.count = count
        self.outage = outage
        self.is_down = False

    def person(self, insz: str, *, on: date) -> Person | None:
        """Return who lives where on a day; None if nobody has this number."""
        self._answer()
        if insz in BY_INSZ:
            return BY_INSZ[insz].person(on)
        places = invented.places_of(_numbers([insz]), self.count)
        if places[0] == UNKNOWN:
            return None
        home, from_eea = invented.homes_of(self.seed, places, _days(on))
        name = invented.name_of(self.seed, int(places[0]))
        return Person(*name, HOMES[home[0]], bool(from_eea[0]))

    def address(self, insz: str, *, on: date) -> tuple[str, ...] | None:
        """Return an invented address, always the same one, in a street that no town has."""
        if self.person(insz, on=on) is None:
            return None
        drawn = int.from_bytes(hashlib.sha256(f"{self.seed} {insz}".encode()).digest()[:4])
        places = sorted(towns().values(), key=lambda town: town.number)
        return f"Verzonnen straat {1 + drawn % 99}", places[drawn % len(places)].name

    def career(self, insz: str, *, known_by: date) -> list[Spell]:
        """Return the spells of a career as they were known on a day, in order."""
        return self.careers([insz], known_by=known_by).of(0)

    def homes(self, inszs: Sequence[str], *, on: date | Days) -> Homes:
        """Return where people live, on one day or on a day each."""
        self._answer()
        numbers, days = _numbers(inszs), _days(on)
        places = invented.places_of(numbers, self.count)
        lives_in, from_eea = invented.homes_of(self.seed, np.maximum(places, 0), days)
        known = places != UNKNOWN
        lives_in[~known], from_eea[~known] = 0, False
        for row, member in _cast_rows(numbers):
            person = CAST[member].person(calendar_day(days[row if len(days) > 1 else 0]))
            lives_in[row] = HOMES.index(person.lives_in)
            known[row], from_eea[row] = True, person.moved_from_eea
        return Homes(known, lives_in, from_eea)

    def careers(self, inszs: Sequence[str], *, known_by: date | Days) -> Careers:
        """Return careers as they were known, on one day or on a day each."""
        self._answer()
        numbers, days = _numbers(inszs), _days(known_by)
        places = invented.places_of(numbers, self.count)
        rows = np.flatnonzero(places != UNKNOWN)
        parts = [_of_cast(row, CAST[member].spells) for row, member in _cast_rows(numbers)]
        if len(rows):
            spells = invented.spells_of(self.seed, places[rows])
            parts.append(replace(spells, owner=rows[spells.owner]))
        return _known(parts, len(numbers), days)

    def people(self, start: int, stop: int) -> list[str]:
        """Return the numbers of the invented people from one place in line to another."""
        assert 0 <= start <= stop <= self.count
        return [f"{each:011}" for each in invented.numbers_of(np.arange(start, stop)).tolist()]

    def _answer(self) -> None:
        if self.is_down or (self.outage is not None and self.outage.exists()):
            raise RegisterDown("the registers of the sandbox were switched off")


def _known(parts: Sequence[Spells], count: int, known_by: Days) -> Careers:
    """Return what was known of careers on a day each: no later start, and no later end."""
    columns = {
        each.name: np.concatenate([_NO_SPELLS[each.name], *(getattr(p, each.name) for p in parts)])
        for each in fields(Spells)
    }
    owner: Numbers = columns["owner"]
    day = known_by if len(known_by) == 1 else known_by[owner]
    columns["ends_on"] = np.where(columns["ends_on"] > day, RUNS_ON, columns["ends_on"])
    order = np.flatnonzero(columns["starts_on"] <= day)
    order = order[np.lexsort((columns["starts_on"][order], owner[order]))]
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner[order], minlength=count), out=offsets[1:])
    del columns["owner"]
    return Careers(offsets, **{name: column[order] for name, column in columns.items()})


def _of_cast(row: int, spells: Sequence[Spell]) -> Spells:
    return Spells(
        owner=np.full(len(spells), row, np.int64),
        starts_on=np.array([day_number(each.starts_on) for each in spells], np.int32),
        ends_on=np.array(
            [RUNS_ON if each.ends_on is None else day_number(each.ends_on) for each in spells],
            np.int32,
        ),
        kind=np.array([KINDS.index(each.kind) for each in spells], np.uint8),
        certified=np.array([each.certified for each in spells], np.bool_),
        works_in=np.array([WORKPLACES.index(each.works_in) for each in spells], np.uint8),
    )


_NO_SPELLS = {each.name: getattr(_of_cast(0, ()), each.name) for each in fields(Spells)}


def _cast_rows(numbers: Numbers) -> Iterator[tuple[int, int]]:
    """Yield each row that is one of the cast, and which."""
    for row in np.flatnonzero(np.isin(numbers, _CAST_NUMBERS)).tolist():
        yield row, int(np.flatnonzero(numbers[row] == _CAST_NUMBERS)[0])


def _numbers(inszs: Sequence[str]) -> Numbers:
    return np.fromiter(map(int, inszs), np.int64, len(inszs))


def _days(days: date | Days) -> Days:
    return np.array([day_number(days)], np.int32) if isinstance(days, date) else days
