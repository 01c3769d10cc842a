"""The decider: reads received orders in arrival order, calls the law and the allocation once, and
writes every decision, standing, journal line, payment request and notice in one transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction

from loopbaan.adapters.bank import communication
from loopbaan.adapters.registers import Registers
from loopbaan.law import allocation, ordering, terms
from loopbaan.law.allocation import Entries
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import NO_DAY, Days, calendar_day, day_number
from loopbaan.law.ordering import Decisions
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Status
from loopbaan.live import facts as feeding
from loopbaan.live.models import Batch, Place
from loopbaan.live.moving import PREPARING, RECEIVING, lock_deciding
from loopbaan.live.outbox import early

MOST = 5_000
AT_ONCE = 2_000  # lines that are sent at a time
SECOND = 2  # the voucher of a trajectory that runs

# In two parts, each by its index: as one condition it would read every order each time.
_UNDECIDED = """
WITH undecided AS (
    SELECT o.id, false AS is_again FROM live_order o
    WHERE o.id > %(after)s AND o.id <= %(limit)s
      AND NOT EXISTS (SELECT FROM live_standing s WHERE s.order_id = o.id)
    UNION ALL
    SELECT s.order_id, true FROM live_standing s WHERE s.status = 'received'
)
SELECT o.id, o.worker_id, o.ordered_on, o.guidance_language, w.insz_key, w.insz_cipher, u.is_again
FROM undecided u
JOIN live_order o ON o.id = u.id
JOIN live_worker w ON w.id = o.worker_id
ORDER BY o.id
LIMIT %(most)s
"""


_MOVED = """
SELECT EXISTS (
    SELECT FROM live_standing WHERE order_id = ANY(%s::bigint[]) AND status <> 'received'
)
"""


@dataclass(frozen=True)
class Received:
    """An order to decide. `is_again`: it was decided before and contested."""

    number: int
    worker_id: int
    ordered_on: date
    guidance_language: str
    insz_key: str
    insz_cipher: bytes
    is_again: bool


def decide_received(
    *, rulebook: Rulebook, registers: Registers, today: date, now: datetime, most: int = MOST
) -> int:
    """Decide the orders that were received, oldest first, and return how many.

    One batch holds at most one order of each worker, for the second depends on the first. What is
    known is what is known today.

    Raises:
        RegisterDown: a register does not answer; nothing is decided, the orders keep their place.

    """
    with transaction.atomic():
        _lock_preparing()
        orders = received(most)
        if not orders:
            return 0
        # Before the lock for which everybody else waits: the registers may be slow.
        told = feeding.ask(orders, registers)
        lock_deciding()
        if not _still_undecided(orders):  # withdrawn meanwhile, or decided by somebody else
            orders = received(len(orders))
            if not orders:
                return 0
            told = feeding.ask(orders, registers)
        gathered = feeding.complete(orders, told, rulebook, today)
        ordered_on = feeding.day_numbers(order.ordered_on for order in orders)
        decisions = ordering.decide(rulebook, gathered.facts, ordered_on=ordered_on, known_on=today)
        outcomes, places = _allocate(rulebook, ordered_on, decisions, today)
        _write(rulebook, orders, gathered, decisions, outcomes, places, today, now)
        return len(orders)


def _lock_preparing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARING])


def _still_undecided(orders: Sequence[Received]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [[order.number for order in orders]])
        return not cursor.fetchone()[0]


def received(most: int) -> list[Received]:
    """Return orders to decide, in arrival order, up to the lowest that may be uncommitted."""
    return _first_of_each(_undecided(_highest_committed(), most))


def _highest_committed() -> int:
    """Return the highest order number below which no number is uncommitted.

    Who receives holds the lock shared until the commit; taken alone, everybody has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [RECEIVING])
        try:
            cursor.execute("SELECT coalesce(max(id), 0) FROM live_order")
            return int(cursor.fetchone()[0])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RECEIVING])


def _undecided(limit: int, most: int) -> list[Received]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT order_number FROM live_progress WHERE name = 'decider'")
        row = cursor.fetchone()
        after = row[0] if row else 0
        cursor.execute(_UNDECIDED, {"after": after, "limit": limit, "most": most})
        return [Received(*each) for each in cursor.fetchall()]


def _first_of_each(orders: Sequence[Received]) -> list[Received]:
    """Return the orders up to the first whose worker has one in the batch already."""
    seen: set[int] = set()
    for place, order in enumerate(orders):
        if order.worker_id in seen:
            return list(orders[:place])
        seen.add(order.worker_id)
    return list(orders)


def _allocate(
    rulebook: Rulebook, ordered_on: Days, decisions: Decisions, today: date
) -> tuple[list[str], dict[int, int]]:
    """Return each order's outcome, and the row of the place that it takes under a cap."""
    granted, refused, lost = Status.GRANTED.value, Status.REFUSED.value, Status.LOST.value
    outcomes = [granted if yes else refused for yes in decisions.may_order.tolist()]
    places: dict[int, int] = {}
    months = ordered_on.astype("datetime64[D]").astype("datetime64[M]")
    for first in np.unique(months):
        month = first.astype("datetime64[D]").item()
        policy = rulebook.on(max(month, rulebook.first_day), max(today, month))
        if policy.cap_per_month is None:
            continue
        rows = np.flatnonzero(months == first)
        entries = Entries.of(decisions.may_order[rows], runs=decisions.voucher[rows] == SECOND)
        needs = allocation.needs_place(policy, entries)
        taken = _plan(month, policy.cap_per_month)
        left = allocation.places(policy, np.array([needs.sum()]), np.array([taken]))[0]
        wins = allocation.allocate(policy, entries, int(left))
        takers = rows[wins & needs].tolist()
        free = list(
            Place.objects.filter(month=month, order=None)
            .order_by("number")
            .values_list("pk", flat=True)[: len(takers)]
        )
        places |= dict(zip(takers, free, strict=True))
        for row in rows[entries.eligible & ~wins].tolist():
            outcomes[row] = lost
    return outcomes, places


def _plan(month: date, cap: int) -> int:
    """Plan the places of a month once its cap is known, and return how many count as taken.

    What was granted before the cap was known stands and counts: it takes the first places, and
    where there was more than the cap, what is over stands beside them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM live_place WHERE month = %s LIMIT 1", [month])
        if cursor.fetchone() is None:
            cursor.execute(
                "INSERT INTO live_place (month, number) SELECT %s, generate_series(1, %s)",
                [month, cap],
            )
            cursor.execute(_TAKE_EARLIER, {"month": month, "next": _next_month(month)})
        cursor.execute(_TAKEN, {"month": month, "next": _next_month(month)})
        return int(cursor.fetchone()[0])


_TAKE = """
UPDATE live_place p SET order_id = g.order_id
FROM unnest(%s::bigint[], %s::bigint[]) AS g (order_id, place_id)
WHERE p.id = g.place_id AND p.order_id IS NULL
"""
_TAKE_EARLIER = """
UPDATE live_place p SET order_id = g.order_id
FROM (
    SELECT d.order_id, row_number() OVER (ORDER BY d.order_id) AS number
    FROM live_decision d JOIN live_order o ON o.id = d.order_id
    WHERE d.outcome = 'granted' AND o.ordered_on >= %(month)s AND o.ordered_on < %(next)s
) g
WHERE p.month = %(month)s AND p.number = g.number
"""
_TAKEN = """
SELECT count(DISTINCT d.order_id) FROM live_decision d JOIN live_order o ON o.id = d.order_id
WHERE d.outcome = 'granted' AND o.ordered_on >= %(month)s AND o.ordered_on < %(next)s
"""


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _write(
    rulebook: Rulebook,
    orders: Sequence[Received],
    gathered: feeding.Gathered,
    decisions: Decisions,
    outcomes: Sequence[str],
    places: dict[int, int],
    today: date,
    now: datetime,
) -> None:
    """Write all that follows from a batch, table by table, with COPY."""
    at = now.isoformat()
    granted = [row for row, outcome in enumerate(outcomes) if outcome == Status.GRANTED]
    numbers = [order.number for order in orders]
    batch = Batch.objects.create(
        known_on=today, reading=DEFAULT_READING, rulebook_hash=rulebook.hash
    )
    _copy(
        "live_decision (order_id, batch_id, decided_at, outcome, reasons, voucher, minutes,"
        " share_cents, first_day, facts_kept)",
        _decision_lines(batch, numbers, gathered, decisions, outcomes, at),
    )
    _move(orders, outcomes, at)
    _copy(
        "live_journalline (at, actor, subject, subject_id, before, act, after, ground)",
        (
            f"{at}\tsystem\torder\t{number}\treceived\tdecide\t{outcome}\t{rulebook.hash[:12]}"
            for number, outcome in zip(numbers, outcomes, strict=True)
        ),
    )
    _copy(
        "live_outboxrow (kind, about_id, part, due_at, attempts, fault)",
        (
            f"order_{outcome}\t{order.number}\t{at if order.is_again else ''}\t{at}\t0\t"
            for order, outcome in zip(orders, outcomes, strict=True)
        ),
    )
    _request_payments(rulebook, orders, decisions, granted, today, now)
    with connection.cursor() as cursor:
        if places:
            cursor.execute(_TAKE, [[numbers[row] for row in places], list(places.values())])
            assert cursor.rowcount == len(places), "a place was taken by somebody else"
        cursor.execute(
            "INSERT INTO live_progress (name, order_number) VALUES ('decider', %s)"
            " ON CONFLICT (name) DO UPDATE"
            " SET order_number = greatest(live_progress.order_number, excluded.order_number)",
            [max(numbers)],
        )


def _decision_lines(
    batch: Batch,
    numbers: Sequence[int],
    gathered: feeding.Gathered,
    decisions: Decisions,
    outcomes: Sequence[str],
    at: str,
) -> Iterator[str]:
    first_days = {
        int(day): r"\N" if day == NO_DAY else calendar_day(day).isoformat()
        for day in np.unique(decisions.first_day)
    }
    columns = (
        decisions.reasons.tolist(),
        decisions.voucher.tolist(),
        decisions.minutes.tolist(),
        decisions.share_cents.tolist(),
        decisions.first_day.tolist(),
        gathered.kept,
    )
    for number, outcome, reasons, voucher, minutes, share, first, kept in zip(
        numbers, outcomes, *columns, strict=True
    ):
        yield (
            f"{number}\t{batch.pk}\t{at}\t{outcome}\t{reasons}\t{voucher}\t{minutes}\t{share}"
            f"\t{first_days[first]}\t{kept}"
        )


def _move(orders: Sequence[Received], outcomes: Sequence[str], at: str) -> None:
    """Give every order its standing: a new row, or the row of a contested one again."""
    pairs = list(zip(orders, outcomes, strict=True))
    _copy(
        "live_standing (order_id, worker_id, status, since)",
        (f"{o.number}\t{o.worker_id}\t{outcome}\t{at}" for o, outcome in pairs if not o.is_again),
    )
    again = [(outcome, at, order.number) for order, outcome in pairs if order.is_again]
    if again:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE live_standing SET status = %s, since = %s WHERE order_id = %s", again
            )


def _request_payments(
    rulebook: Rulebook,
    orders: Sequence[Received],
    decisions: Decisions,
    granted: Sequence[int],
    today: date,
    now: datetime,
) -> None:
    """Ask the share of every granted order, announce it in the ledger, and plan the reminder."""
    policy = rulebook.on(today)
    asked_on = np.array([day_number(today)], np.int32)
    due_on = calendar_day(terms.pay_by(policy, asked_on)[0])
    at = now.isoformat()
    shares = decisions.share_cents.tolist()
    _copy(
        "live_paymentrequest (order_id, reference, amount_cents, requested_on, due_on)",
        (
            f"{orders[row].number}\t{communication(orders[row].number)}\t{shares[row]}"
            f"\t{today}\t{due_on}"
            for row in granted
        ),
    )
    _copy(
        "live_transfer (key, at, debit, credit, unit, amount, state, about, about_id)",
        (
            f"request:{orders[row].number}\t{at}\tbank\theld\tcents\t{shares[row]}\tpending"
            f"\torder\t{orders[row].number}"
            for row in granted
            if shares[row]
        ),
    )
    remind_on = terms.reminded_to_pay_on(policy, asked_on)
    if remind_on is not None:
        later = early(calendar_day(remind_on[0])).isoformat()
        _copy(
            "live_outboxrow (kind, about_id, part, due_at, attempts, fault)",
            (f"payment_reminder\t{orders[row].number}\t\t{later}\t0\t" for row in granted),
        )


def _copy(table: str, lines: Iterable[str]) -> None:
    """Copy lines of tab-separated values, all of our own making, into a table."""
    rest = iter(lines)
    some = list(islice(rest, AT_ONCE))
    if some:
        with connection.cursor() as cursor, _copying(cursor, table) as copy:
            # Some at a time: the database takes them in while the next ones are put together.
            while some:
                copy.write("\n".join(some) + "\n")
                some = list(islice(rest, AT_ONCE))


def _copying(cursor: Any, table: str) -> Any:
    return cursor.copy(f"COPY {table} FROM STDIN")
