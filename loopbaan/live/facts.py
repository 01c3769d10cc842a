"""Turns rows and registers into the arrays of the law: the only place where the law is fed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from django.conf import settings
from django.db import connection

from loopbaan.adapters.insz import Keyring
from loopbaan.adapters.registers import Careers, Homes, Registers
from loopbaan.law import career
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import NO_DAY, Days, day_number
from loopbaan.law.ordering import NO_ACTIVITY, Facts
from loopbaan.law.periods import periods
from loopbaan.law.rulebook import Rulebook
from loopbaan.live import kept

DUTCH = "nl"

_STARTED = """
SELECT s.worker_id, v.started_on, v.closed_on IS NOT NULL
FROM live_voucher v JOIN live_standing s ON s.order_id = v.order_id
WHERE s.worker_id = ANY(%s) AND v.started_on IS NOT NULL
ORDER BY v.started_on
"""
_OPEN = """
SELECT DISTINCT worker_id FROM live_standing
WHERE worker_id = ANY(%s) AND status IN ('waiting', 'granted', 'issued')
"""


class Asked(Protocol):
    """What of an order the facts are gathered for."""

    @property
    def worker_id(self) -> int: ...
    @property
    def ordered_on(self) -> date: ...
    @property
    def guidance_language(self) -> str: ...
    @property
    def insz_key(self) -> str: ...
    @property
    def insz_cipher(self) -> bytes: ...


@dataclass(frozen=True)
class Told:
    """What the registers say of those who ordered, in the order of the orders."""

    homes: Homes
    careers: Careers


@dataclass(frozen=True)
class Gathered:
    """The facts of a batch of orders, the spells that they were counted from, and what is kept."""

    facts: Facts
    spells: career.Spells
    started_on: list[tuple[date, ...]]
    kept: list[str]


def keyring() -> Keyring:
    """Return the keys under which INSZ numbers are kept."""
    return Keyring.read(settings.INSZ_KEYS)


def gather(
    orders: Sequence[Asked], registers: Registers, rulebook: Rulebook, today: date
) -> Gathered:
    """Gather the facts of orders, each on its order day, as known today.

    Raises:
        RegisterDown: a register does not answer.

    """
    return complete(orders, ask(orders, registers), rulebook, today)


def ask(orders: Sequence[Asked], registers: Registers) -> Told:
    """Ask the registers, and nobody else, about who ordered.

    Raises:
        RegisterDown: a register does not answer.

    """
    keys = keyring()
    numbers = [keys.open(each.insz_key, bytes(each.insz_cipher)) for each in orders]
    days = day_numbers(each.ordered_on for each in orders)
    return Told(registers.homes(numbers, on=days), registers.careers(numbers, known_by=days))


def complete(orders: Sequence[Asked], told: Told, rulebook: Rulebook, today: date) -> Gathered:
    """Complete what the registers say with what is known here: starts and open orders."""
    homes, careers = told.homes, told.careers
    days = day_numbers(each.ordered_on for each in orders)
    spells = career.Spells(
        careers.offsets, careers.starts_on, careers.ends_on, careers.kind, careers.certified
    )
    started, closed, open_orders = _history([each.worker_id for each in orders])
    starts = [started.get(each.worker_id, ()) for each in orders]
    count = len(orders)
    facts = Facts(
        lives_in=homes.lives_in,
        moved_from_eea=homes.moved_from_eea,
        works_in=careers.workplaces(days),
        activity=np.full(count, NO_ACTIVITY, np.uint8),
        experience_days=np.zeros(count, np.int32),
        experience_months=np.zeros(count, np.int16),
        months_worked_in_last_24=np.zeros(count, np.int8),
        agency_weeks_unbroken=np.zeros(count, np.int16),
        last_started_on=_nth_last(starts, 1),
        previous_started_on=_nth_last(starts, 2),
        last_voucher_closed=np.array([closed.get(each.worker_id, True) for each in orders]),
        open_order=np.array([each.worker_id in open_orders for each in orders]),
        in_dutch=np.array([each.guidance_language == DUTCH for each in orders]),
    )
    known_on = np.array([day_number(today)], np.int32)
    for period in periods(rulebook, days, known_on, DEFAULT_READING, count):
        sums = career.count(period.policy, spells.workers(period.rows), period.ordered_on)
        facts = career.with_sums(facts, sums, period.rows)
    return Gathered(facts, spells, starts, kept.write(facts, starts))


def day_numbers(days: Iterable[date]) -> Days:
    """Return days as the numbers that the law counts with."""
    return np.array([day_number(day) for day in days], np.int32)


def _history(
    workers: list[int],
) -> tuple[dict[int, tuple[date, ...]], dict[int, bool], set[int]]:
    """Return each worker's starts, whether the latest is closed, and who has an open order."""
    started: dict[int, tuple[date, ...]] = {}
    closed: dict[int, bool] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STARTED, [workers])
        for worker, day, is_closed in cursor.fetchall():
            started[worker] = (*started.get(worker, ()), day)
            closed[worker] = is_closed
        cursor.execute(_OPEN, [workers])
        return started, closed, {row[0] for row in cursor.fetchall()}


def _nth_last(starts: list[tuple[date, ...]], place: int) -> Days:
    days = [day_number(each[-place]) if len(each) >= place else NO_DAY for each in starts]
    return np.array(days, np.int32)
