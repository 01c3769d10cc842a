"""Two hundred at once, each on a connection of its own: one wins where one may win."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connection, connections

from loopbaan.adapters.statements import read
from loopbaan.law.transitions import Status
from loopbaan.live import ordering, refunds
from loopbaan.live.models import (
    Decision,
    Order,
    OutboxRow,
    Place,
    Refund,
    Standing,
    StatementLine,
    Voucher,
)
from loopbaan.live.moving import Refused
from tests.live.scheme import ACCOUNT, Scheme

MANY = 200


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Make all calls together, each in a thread with its own connection; return what came of it."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend = cursor.fetchone()
            start.wait(60)
            try:
                return (backend, call())
            except Refused as refused:
                return (backend, refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        done = list(pool.map(run, calls))
    assert len({backend for backend, _ in done}) == len(calls), "each had a connection of its own"
    return [what for _, what in done]


def _receive(scheme: Scheme, worker_id: int) -> Callable[[], object]:
    return lambda: ordering.receive(
        worker_id=worker_id,
        day=scheme.today,
        language="nl",
        key=uuid4(),
        now=scheme.now,
        actor=f"worker:{worker_id}",
    )


def test_of_two_hundred_orders_by_one_person_one_stands(committed: Scheme) -> None:
    an = committed.worker("an")
    at_once([_receive(committed, an.pk) for _ in range(MANY)])
    assert committed.decide() == MANY
    assert Standing.objects.filter(status=Status.GRANTED).count() == 1
    assert Decision.objects.filter(outcome=Status.REFUSED).count() == MANY - 1
    first = Standing.objects.get(status=Status.GRANTED)
    assert first.order_id == Order.objects.order_by("pk")[0].pk


def test_the_same_click_two_hundred_times_is_one_order(committed: Scheme) -> None:
    an, key = committed.worker("an"), uuid4()
    values = {"worker_id": an.pk, "day": committed.today, "language": "nl", "key": key}
    numbers = at_once(
        [
            lambda: ordering.receive(**values, now=committed.now, actor="worker:1").pk
            for _ in range(MANY)
        ]
    )
    assert len(set(numbers)) == 1
    assert Order.objects.count() == 1


def test_of_two_hundred_readings_of_one_payment_one_counts(committed: Scheme) -> None:
    committed.pay(committed.granted("an"))
    raw = committed.bank.report(committed.today)
    assert raw is not None
    (statement,) = read(raw)
    done = at_once([lambda: committed.read(statement) for _ in range(MANY)])
    assert sum(isinstance(each, Refused) for each in done) == MANY - 1
    assert StatementLine.objects.filter(match="exact").count() == 1
    assert Voucher.objects.count() == 1


def test_two_hundred_orders_for_ten_places_are_granted_in_the_order_of_arrival(
    committed: Scheme, small_cap: int
) -> None:
    committed.now = committed.now.replace(month=4)
    workers = [committed.worker(number).pk for number in range(MANY)]
    # Some decide while others still arrive.
    calls = [_receive(committed, worker) for worker in workers]
    at_once([*calls, *[committed.decide] * 4])
    committed.decide()
    granted = Decision.objects.filter(outcome=Status.GRANTED).values_list("order_id", flat=True)
    lost = Decision.objects.filter(outcome=Status.LOST).values_list("order_id", flat=True)
    assert len(granted) == small_cap
    assert len(granted) + len(lost) > 100
    assert max(granted) < min(lost)
    assert Place.objects.filter(order=None).count() == 0
    assert Decision.objects.count() == MANY


def test_of_two_hundred_who_give_one_payment_back_one_does(committed: Scheme) -> None:
    committed.pay(committed.granted("an"), how="too_much")
    (line,) = committed.read_bank()
    done = at_once(
        [
            lambda: refunds.make_refund(line=line, now=committed.now, actor="official:claes")
            for _ in range(MANY)
        ]
    )
    assert sum(isinstance(each, Refused) for each in done) == MANY - 1
    refund = Refund.objects.get()
    values = {"account": ACCOUNT, "today": committed.today, "now": committed.now}
    done = at_once(
        [
            lambda: refunds.release(refunds=[refund.pk], actor="official:els", **values)
            for _ in range(MANY)
        ]
    )
    assert sum(isinstance(each, bytes) for each in done) == 1


def test_twenty_workers_tell_each_notice_once(committed: Scheme) -> None:
    for number in range(60):
        committed.order(number)
    committed.decide()
    at_once([committed.work for _ in range(20)])
    told = committed.mailbox.newest(1_000)
    assert len(told) == OutboxRow.objects.exclude(done_at=None).count() == 60
    assert len({message.ident for message in told}) == 60
