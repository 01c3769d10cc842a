"""The figures of the live scheme, on a database of its own: deciding, the storm, receiving."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from bench.measure import Figure
from loopbaan.adapters import postgres
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.law import rulebook
from loopbaan.live import ready

STORM, CLIENTS, ONE_BY_ONE = 100_000, 64, 6_000
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
            yield from _deciding(server.url)
            yield from _receiving(server.url)
            ready.leave()


def _deciding(url: str) -> Iterator[Figure]:
    """The first of the month: everybody decided, a thousand places, everything written."""
    deciding = ready.load("deciding")

    registers = SandboxRegisters(1, STORM)
    seconds: dict[int, list[float]] = {STORM // 10: [], STORM: []}
    floors = []
    for count in (STORM // 10, STORM) * 3:
        _people(url, registers, count)
        started = time.perf_counter()
        done = deciding.decide_received(
            rulebook=BOOK, registers=registers, today=DAY, now=NOW, most=count
        )
        seconds[count].append(time.perf_counter() - started)
        assert done == count, "every order is decided"
        assert _one(url, "SELECT count(*) FROM live_place WHERE order_id IS NOT NULL") == 1_000
        assert _one(url, "SELECT count(*) FROM live_decision WHERE outcome = 'granted'") == 1_000
        if count == STORM:
            floors.append(_floor(url))
    whole, small = statistics.median(seconds[STORM]), statistics.median(seconds[STORM // 10])
    floor = statistics.median(floors)
    yield Figure(
        "100,000 orders decided and written / read and bare insert", whole / floor, "ratio", 2.5
    )
    yield Figure("deciding 10 x orders", whole / small, "ratio", 11)
    yield Figure("100,000 orders decided and written", whole, "s", None)
    one = _one_by_one(url)
    yield Figure(
        f"one by one under FOR UPDATE, {CLIENTS} clients, per order / storm per order",
        one / (whole / STORM),
        "times",
        None,
        "goal at least 25",
    )


def _receiving(url: str) -> Iterator[Figure]:
    ordering = ready.load("ordering")

    def receive(worker: int, day: date) -> None:
        ordering.receive(
            worker_id=worker, day=day, language="nl", key=uuid4(), now=NOW, actor="worker"
        )

    _people(url, SandboxRegisters(1, 2_000), 2_000)
    workers = [row[0] for row in _rows(url, "SELECT id FROM live_worker ORDER BY id")]
    rates = {}
    for name, day in (("left", date(2025, 5, 1)), ("sold out", DAY)):
        started = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(receive, workers, [day] * len(workers)))
        rates[name] = len(workers) / (time.perf_counter() - started)
    yield Figure(
        "receiving with places left / sold out (at least 0.9)",
        rates["left"] / rates["sold out"],
        "times",
        None,
    )
    yield Figure("orders received one by one, 8 clients", rates["left"], "a second", None)


def _people(url: str, registers: SandboxRegisters, count: int) -> None:
    """Empty the tables, and let so many people order on the first of the month."""
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
        cursor.execute(
            "INSERT INTO live_order (worker_id, received_at, ordered_on, guidance_language,"
            " channel, idempotency_key)"
            " SELECT id, %s, %s, 'nl', 'web', gen_random_uuid() FROM live_worker ORDER BY id",
            (NOW, DAY),
        )
        cursor.execute("ANALYZE")


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


def _one_by_one(url: str) -> float:
    """Return the seconds an order takes if each locks the quota, looks, and writes."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE quota (left_over int)")
        connection.execute("CREATE TABLE taken (number bigint, granted bool)")
        connection.execute("INSERT INTO quota VALUES (1000)")

    def client(numbers: range) -> None:
        with psycopg.connect(url) as connection:
            for number in numbers:
                with connection.transaction():
                    row = connection.execute("SELECT left_over FROM quota FOR UPDATE").fetchone()
                    assert row is not None
                    if row[0]:
                        connection.execute("UPDATE quota SET left_over = left_over - 1")
                    connection.execute("INSERT INTO taken VALUES (%s, %s)", (number, row[0] > 0))

    with _timed() as took, ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, [range(i, ONE_BY_ONE, CLIENTS) for i in range(CLIENTS)]))
    assert _one(url, "SELECT count(*) FROM taken WHERE granted") == 1_000
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE quota, taken")
    return took() / ONE_BY_ONE


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    started = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - started
    ended.append(time.perf_counter())


def _rows(url: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def _one(url: str, query: Any) -> Any:
    return _rows(url, query)[0][0]
