"""An order is received, withdrawn, contested, and lapses. Deciding is in `deciding.py`."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Act, Status
from loopbaan.live import ledger
from loopbaan.live.explaining import contest_by
from loopbaan.live.models import Order, PaymentRequest, Standing, Statement
from loopbaan.live.moving import RECEIVING, Refused, hold_off_deciding, lock_deciding, move
from loopbaan.live.outbox import tell

_RECEIVE = """
WITH asked AS (
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::uuid[], %s::timestamptz[],
                         %s::text[], %s::text[]) WITH ORDINALITY
        AS a (worker_id, day, language, key, now, actor, channel, place)
), received AS (
    INSERT INTO live_order
        (worker_id, received_at, ordered_on, guidance_language, channel, idempotency_key)
    SELECT worker_id, now, day, language, channel, key FROM asked ORDER BY place
    ON CONFLICT (worker_id, idempotency_key) DO NOTHING
    RETURNING id, worker_id, idempotency_key AS key
), told AS (
    INSERT INTO live_journalline (at, actor, subject, subject_id, before, act, after, ground)
    SELECT now, actor, 'order', id, '', 'receive', 'received', channel
    FROM received JOIN asked USING (worker_id, key) ORDER BY id
)
SELECT id FROM asked LEFT JOIN received USING (worker_id, key) ORDER BY place
"""
_MEANS_SOMETHING = re.compile(r'[{}"\\]')


class Asked(NamedTuple):
    """An order that comes in. `day` is the calendar day of `now`; `key` is the sender's own."""

    worker_id: int
    day: date
    language: str
    key: UUID
    now: datetime
    actor: str
    channel: str = "web"


def receive(
    *,
    worker_id: int,
    day: date,
    language: str,
    key: UUID,
    now: datetime,
    actor: str,
    channel: str = "web",
) -> Order:
    """Receive an order: one statement, which gives it its place in line.

    The same key again returns the order that it made first.
    """
    asked = Asked(worker_id, day, language, key, now, actor, channel)
    return Order.objects.get(pk=receive_together([asked])[0])


def receive_together(asked: Sequence[Asked]) -> list[int]:
    """Receive orders that came in together, in one statement, and return their numbers.

    They get their places in line as they stand in `asked`; no worker's key stands in it twice.
    """
    columns = zip(*asked, strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # Shared with all who receive; the decider takes it alone for a moment, so that it never
        # reads past a number that is still uncommitted.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECEIVING])
        cursor.execute(_RECEIVE, [_array(column) for column in columns])
        made = [row[0] for row in cursor.fetchall()]
        return [number or _earlier(each) for number, each in zip(made, asked, strict=True)]


def _array(values: Iterable[object]) -> str:
    """Write values as PostgreSQL writes an array; none of ours has a sign that means something."""
    text = ",".join(map(str, values))
    assert not _MEANS_SOMETHING.search(text), "an order holds numbers, days, keys and plain words"
    return f"{{{text}}}"


def _earlier(asked: Asked) -> int:
    """Return the order that the same key made first."""
    return Order.objects.get(worker_id=asked.worker_id, idempotency_key=asked.key).pk


def withdraw(*, order: Order, now: datetime, actor: str) -> Standing:
    """Withdraw an order that is received, waits, or was granted and is not paid.

    Raises:
        Refused: it is too late.

    """
    with transaction.atomic():
        hold_off_deciding()
        standing = move(order, Act.WITHDRAW, Status.WITHDRAWN, now=now, actor=actor)
        _drop_request(order, now=now)
        return standing


def contest(*, order: Order, day: date, rulebook: Rulebook, now: datetime, actor: str) -> Standing:
    """Contest a refusal within its term: the order is received again, with its place in line.

    Raises:
        Refused: the order was not refused, or the term is over.

    """
    with transaction.atomic():
        hold_off_deciding()
        decision = order.decisions.order_by("-pk").first()
        if decision is None:
            raise Refused("Over deze bestelling is nog niet beslist.")
        last = contest_by(rulebook, decision, day)
        if day > last:
            raise Refused("De termijn om te betwisten liep tot en met %(day)s.", day=last)
        return move(order, Act.CONTEST, Status.RECEIVED, now=now, actor=actor)


def lapse_unpaid(*, day: date, now: datetime, actor: str = "system", most: int = 1_000) -> int:
    """Let granted orders lapse whose last day to pay is over, and return how many.

    What counts is the bank's booking day, so an order waits for the statement of its last day.
    """
    latest = Statement.objects.order_by("-until").values_list("until", flat=True).first()
    if latest is None:
        return 0
    with transaction.atomic():
        lock_deciding()
        late = PaymentRequest.objects.filter(
            due_on__lt=day, due_on__lte=latest, order__standing__status=Status.GRANTED
        ).select_related("order")[:most]
        for request in late:
            move(request.order, Act.LAPSE, Status.LAPSED, now=now, actor=actor, ground="payment")
            _drop_request(request.order, now=now)
            tell("order_lapsed", request.order_id, now=now)
        return len(late)


def _drop_request(order: Order, *, now: datetime) -> None:
    if PaymentRequest.objects.filter(order=order).exists():
        ledger.void(f"request:{order.pk}", now=now)
