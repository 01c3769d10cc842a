"""The figures of the live scheme, on a database of its own: deciding, the storm, receiving.

Those of the second half stand in payout.py.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http import HTTPStatus
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
from django.db import transaction
from django.test import Client, override_settings

from bench import payout
from bench.measure import Figure, ratio, seconds
from loopbaan.adapters import postgres
from loopbaan.adapters.cast import CAST
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.law import allocation, rulebook
from loopbaan.law.allocation import Entries
from loopbaan.live import ready

STORM, PLACES, CLIENTS, ONE_BY_ONE = 100_000, 1_000, 64, 6_000
CORES = os.cpu_count() or 1
TOGETHER, DECIDERS, AT_ONCE, PAGES = 1000, 8, 5_000, 400
DAY, NOW = date(2025, 4, 1), datetime(2025, 4, 1, 8, tzinfo=UTC)
BOOK = rulebook.current()


def figures() -> Iterator[Figure]:
    """Start a database, and measure one figure after the other."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"LOOPBAAN_STATE": state, "LOOPBAAN_SANDBOX": "1"}
        with postgres.server(Path(state)) as server:
            os.environ["DATABASE_URL"] = server.url
            ready.ready()
            ready.migrate()
            whole = yield from _deciding(server.url)
            yield from _storm(server.url, whole)
            yield from _receiving(server.url)
            yield _page(server.url)
            _people(server.url, SandboxRegisters(1, 0), 0, may_order=False)
            yield from payout.figures()
            ready.leave()


def _deciding(url: str) -> Generator[Figure, None, float]:
    """The first of the month: everybody decided, a thousand places, everything written.

    Reading is what the decider reads: the orders, and their facts through the registers. Beside it
    stands the floor of a table that held the facts ready, which the whole does not reach.
    """
    deciding = ready.load("deciding")

    registers = SandboxRegisters(1, STORM)
    took: dict[int, list[float]] = {STORM // 10: [], STORM: []}
    floors, bare = [], []
    for count in (STORM // 10, STORM) * 3:
        _people(url, registers, count)
        if count == STORM:
            reading = _reading(registers)
            bare.append(_floor(url))
            floors.append(reading + bare[-1])
        started = time.perf_counter()
        done = deciding.decide_received(
            rulebook=BOOK, registers=registers, today=DAY, now=NOW, most=count
        )
        took[count].append(time.perf_counter() - started)
        assert done == count, "every order is decided"
        _look_at_places(url)
    whole, small = statistics.median(took[STORM]), statistics.median(took[STORM // 10])
    name = "100,000 orders decided and written / read with facts, bare insert"
    yield Figure(name, whole / statistics.median(floors), "ratio", 2.5)
    name = "the same / read without facts, bare insert"
    yield Figure(name, whole / statistics.median(bare), "times", None)
    yield Figure("deciding 10 x orders", whole / small, "ratio", 11)
    yield Figure("100,000 orders decided and written", whole, "s", None)
    return whole


def _storm(url: str, whole: float) -> Iterator[Figure]:
    """100,000 orders for 1,000 places, against clients that each lock the quota and look."""
    one = statistics.median(_one_by_one(url) for _ in range(3)) * STORM
    received = statistics.median(_winners(url) for _ in range(3))
    yield Figure("one by one / received, and winners named", one / received, "ratio", 50, "", True)
    name = "one by one / decided, with journal and notices for everyone"
    yield Figure(name, one / whole, "ratio", 25, "", True)
    _people(url, SandboxRegisters(1, STORM), STORM)
    started = time.perf_counter()
    with ProcessPoolExecutor(DECIDERS, get_context("spawn")) as pool:
        assert sum(pool.map(_decide_all, range(DECIDERS))) == STORM, "every order is decided once"
    _look_at_places(url)
    took = time.perf_counter() - started
    yield Figure(f"the same by {DECIDERS} processes, nothing oversold", took, "s", None)


def _winners(url: str) -> float:
    """Return the seconds of receiving everybody, some at a time, and naming who gets a place.

    They come in by as many connections as there are cores, of the 64 that the other side has.
    """
    ordering = ready.load("ordering")
    _people(url, SandboxRegisters(1, STORM), STORM, may_order=False)
    workers = [row[0] for row in _rows(url, "SELECT id FROM live_worker ORDER BY id")]
    asked = [ordering.Asked(each, DAY, "nl", uuid4(), NOW, "worker") for each in workers]
    some = [asked[first : first + TOGETHER] for first in range(0, STORM, TOGETHER)]
    with _timed() as took, ThreadPoolExecutor(CORES) as pool:
        numbers = sorted(chain.from_iterable(pool.map(ordering.receive_together, some)))
        wins = allocation.allocate(BOOK.on(DAY), Entries.of(np.ones(STORM, np.bool_)), PLACES)
        winners = [numbers[row] for row in np.flatnonzero(wins)]
        with psycopg.connect(url) as connection:
            connection.execute(
                "INSERT INTO live_place (month, number, order_id)"
                " SELECT %s, n, o FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (o, n)",
                (DAY, winners),
            )
    first = "SELECT id FROM live_order ORDER BY id LIMIT %s"
    assert winners == [row[0] for row in _rows(url, first, PLACES)], "who came first has a place"
    return took()


def _decide_all(_process: int) -> int:
    """Decide until nothing is left, as one of several processes, and return how many."""
    ready.ready()
    deciding, registers, done = ready.load("deciding"), SandboxRegisters(1, STORM), 0
    while count := deciding.decide_received(
        rulebook=BOOK, registers=registers, today=DAY, now=NOW, most=AT_ONCE
    ):
        done += count
    ready.leave()
    return done


def _look_at_places(url: str) -> None:
    assert _one(url, "SELECT count(*) FROM live_place WHERE order_id IS NOT NULL") == PLACES
    assert _one(url, "SELECT count(*) FROM live_decision WHERE outcome = 'granted'") == PLACES


def _receiving(url: str) -> Iterator[Figure]:
    ordering = ready.load("ordering")

    def receive(worker: int, day: date) -> None:
        ordering.receive(
            worker_id=worker, day=day, language="nl", key=uuid4(), now=NOW, actor="worker"
        )

    _people(url, SandboxRegisters(1, 2_000), 2_000)
    workers = [row[0] for row in _rows(url, "SELECT id FROM live_worker ORDER BY id")]

    def all_of(day: date) -> Callable[[], None]:
        def together() -> None:
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(receive, workers, [day] * len(workers)))

        return together

    _decide_all(0)
    with psycopg.connect(url) as connection:
        # A month that is sold out: a place is a row, whoever has it.
        connection.execute("DELETE FROM live_place WHERE month = %s AND order_id IS NULL", (DAY,))
    found = seconds({"left": all_of(date(2025, 5, 1)), "sold out": all_of(DAY)})
    rates = {name: len(workers) / statistics.median(each) for name, each in found.items()}
    name = "orders received a second, places left / sold out"
    yield Figure(name, rates["left"] / rates["sold out"], "ratio", 0.9, "", True)
    yield Figure("orders received one by one, 8 clients", rates["left"], "a second", None)


def _page(url: str) -> Figure:
    """Orders through the whole page, against a bare view that inserts one row."""
    _people(url, SandboxRegisters(1, 10), 10)
    visitor, plain = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    visitor.post("/aanmelden", {"person": CAST[0].insz})

    def order() -> None:
        for _ in range(PAGES):
            sent = {"language": "nl", "key": str(uuid4())}
            assert visitor.post("/bestellen", sent).status_code == HTTPStatus.FOUND

    def insert() -> None:
        with override_settings(ROOT_URLCONF="bench.plain"):
            for _ in range(PAGES):
                assert plain.post("/", {"worker": 1}).status_code == HTTPStatus.OK

    found = seconds({"page": order, "bare": insert})
    return ratio("orders a second through the page / a bare insert view", found, "bare", "page")


def _people(url: str, registers: SandboxRegisters, count: int, *, may_order: bool = True) -> None:
    """Empty the tables, and let so many people (be able to) order on the first of the month."""
    facts = ready.load("facts")

    keys = facts.keyring()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        tables = _rows(url, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'live_%'")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(row[0] for row in tables)} RESTART IDENTITY CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")
        with cursor.copy(
            "COPY live_worker (insz_key, insz_cipher, insz_lookup, name, email, language)"
            " FROM STDIN"
        ) as copy:
            for insz in registers.people(0, count):
                sealed = keys.seal(insz)
                copy.write_row((sealed.key_id, sealed.cipher, sealed.lookup, "", "", "nl"))
        if not may_order:
            return
        cursor.execute(
            "INSERT INTO live_order (worker_id, received_at, ordered_on, guidance_language,"
            " channel, idempotency_key)"
            " SELECT id, %s, %s, 'nl', 'web', gen_random_uuid() FROM live_worker ORDER BY id",
            (NOW, DAY),
        )
        cursor.execute("ANALYZE")


def _reading(registers: SandboxRegisters) -> float:
    """Return the seconds of reading what is to be decided: the orders and their facts."""
    deciding, facts = ready.load("deciding"), ready.load("facts")
    with transaction.atomic(), _timed() as took:
        orders = deciding.received(STORM)
        facts.gather(orders, registers, BOOK, DAY)
    assert len(orders) == STORM
    return took()


def _floor(url: str) -> float:
    """Return the seconds of reading the orders and one bare insert of as many rows."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (number bigint, reasons int, at timestamptz)")
        started = time.perf_counter()
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM live_order", binary=True)
        row = cursor.fetchone()
        assert row is not None
        cursor.execute("INSERT INTO bare SELECT o, 0, now() FROM unnest(%s::bigint[]) o", row)
        connection.commit()
        took = time.perf_counter() - started
        cursor.execute("DROP TABLE bare")
    return took


_WRITE = """
WITH received AS (
    INSERT INTO live_order
        (worker_id, received_at, ordered_on, guidance_language, channel, idempotency_key)
    VALUES (%(worker)s, %(now)s, %(day)s, 'nl', 'web', gen_random_uuid()) RETURNING id
)
INSERT INTO live_journalline (at, actor, subject, subject_id, before, act, after, ground)
SELECT %(now)s, 'worker', 'order', id, '', 'receive', %(after)s, 'web' FROM received
"""


def _one_by_one(url: str) -> float:
    """Return the seconds an order takes if each locks the quota, looks, and is written at once.

    It writes the order and its line in the journal, as receiving does.
    """
    _people(url, SandboxRegisters(1, ONE_BY_ONE), ONE_BY_ONE, may_order=False)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE quota (left_over int)")
        connection.execute("INSERT INTO quota VALUES (%s)", (PLACES,))

    at = {"now": NOW, "day": DAY}

    def client(numbers: range) -> None:
        with psycopg.connect(url) as connection:
            for number in numbers:
                with connection.transaction():
                    row = connection.execute("SELECT left_over FROM quota FOR UPDATE").fetchone()
                    assert row is not None
                    if row[0]:
                        connection.execute("UPDATE quota SET left_over = left_over - 1")
                    after = "granted" if row[0] else "lost"
                    connection.execute(_WRITE, {"worker": number, "after": after} | at)

    with _timed() as took, ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, [range(i, ONE_BY_ONE + 1, CLIENTS) for i in range(1, CLIENTS + 1)]))
    granted = "SELECT count(*) FROM live_journalline WHERE after = 'granted'"
    assert _one(url, granted) == PLACES
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE quota")
    return took() / ONE_BY_ONE


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    started = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - started
    ended.append(time.perf_counter())


def _rows(url: str, query: Any, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query, values or None).fetchall()


def _one(url: str, query: Any) -> Any:
    return _rows(url, query)[0][0]
