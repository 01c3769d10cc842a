"""kill -9 at random moments while people order and pay: what was acknowledged is there, once."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from loopbaan.adapters import insz, postgres
from loopbaan.adapters.cast import CAST
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.live import settings
from tests.crash import processes
from tests.crash.client import Client
from tests.installation import Installation, installation

SEED = 20
KINDS = (
    *("web", "answering", "worker", "worker", "database", "database", "connection"),
    *("web", "all", "all"),
)
CLIENTS = 3
WAIT_SECONDS = 45.0


@contextmanager
def _clients(site: Installation, seed: int) -> Iterator[list[Client]]:
    people = [each.insz for each in CAST]
    people += SandboxRegisters(settings.SANDBOX_SEED, 200).people(0, 20)
    assert all(insz.check(each) for each in people)
    stop = threading.Event()
    clients = [
        Client(site.address, people[place::CLIENTS], random.Random(f"{seed} {place}"), stop)
        for place in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        stop.set()
        for client in clients:
            client.join(30)
            assert not client.is_alive()


def _strike(site: Installation, kind: str) -> None:
    """Kill, and see that the pages answer again: by themselves, unless `serve` itself is dead."""
    killed = processes.victims(site, kind)
    assert killed, f"nothing to kill of kind {kind}"
    processes.kill(killed)
    if kind == "all":
        assert site.process is not None
        site.process.wait(10)
        processes.wait_until_gone(killed)
        site.start()
    else:
        processes.wait_until_gone(killed)
        site.wait_until_it_answers()


def _wait_for_more(clients: list[Client], count: int) -> None:
    """Wait until orders are acknowledged again: then everything an order needs is back."""
    deadline = time.monotonic() + WAIT_SECONDS
    while _acknowledged(clients) < count:
        assert time.monotonic() < deadline, "nothing is acknowledged any more"
        time.sleep(0.02)


def _acknowledged(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _rows(site: Installation, query: str) -> list[Any]:
    with (
        postgres.server(site.state, site.environ) as server,
        psycopg.connect(server.url) as connection,
    ):
        return connection.execute(query).fetchall()


def _settle(site: Installation) -> None:
    """Wait until everything received was decided, every payment read and every notice sent."""
    left = """
        SELECT (SELECT count(*) FROM live_order o
                WHERE NOT EXISTS (SELECT 1 FROM live_decision d WHERE d.order_id = o.id))
             + (SELECT count(*) FROM live_outboxrow
                WHERE done_at IS NULL AND kind NOT LIKE '%reminder')
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while (booked := len(_payments(site))) > _rows(site, _READ)[0][0] or _rows(site, left)[0][0]:
        assert time.monotonic() < deadline, f"{booked} booked: {site.log.read_text('utf-8')}"
        time.sleep(0.2)


_READ = "SELECT count(*) FROM live_statementline"


def _payments(site: Installation) -> list[dict[str, Any]]:
    """What the bank booked, of which we know nothing but what its statements say."""
    path = site.state / "bank" / "bank.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [each for line in lines for each in line.get("booked", [])]


@pytest.fixture(scope="module")
def struck() -> Iterator[tuple[Installation, list[Client]]]:
    """An installation after ten kills and a stop, and the clients who went on all the while."""
    chance = random.Random(SEED)
    kinds = chance.sample(KINDS, len(KINDS))
    with installation() as site:
        site.start()
        with _clients(site, SEED) as clients:
            for kind in kinds:
                _wait_for_more(clients, _acknowledged(clients) + 3)
                time.sleep(chance.uniform(0, 0.4))
                _strike(site, kind)
            _wait_for_more(clients, _acknowledged(clients) + 3)
        _settle(site)
        site.stop()
        yield site, clients


def test_every_acknowledged_order_has_its_row_and_only_that_one(struck):
    site, clients = struck
    rows = _rows(site, "SELECT idempotency_key, id FROM live_order")
    assert all(client.clashes == [] for client in clients)
    assert max(Counter(key for key, _ in rows).values()) == 1
    kept = dict(rows)
    acknowledged = {}
    for client in clients:
        acknowledged |= client.acknowledged
    assert len(acknowledged) > 100
    assert any(client.not_acknowledged for client in clients), "nothing was hit"
    assert {key: kept.get(key) for key in acknowledged} == acknowledged


def test_every_acknowledged_payment_was_read_once_and_made_one_voucher(struck):
    site, clients = struck
    paid = {number for client in clients for number in client.paid}
    exact = Counter(
        number
        for (number,) in _rows(
            site,
            """SELECT r.order_id FROM live_statementline l
               JOIN live_paymentrequest r ON r.id = l.request_id WHERE l.match = 'exact'""",
        )
    )
    vouchers = Counter(number for (number,) in _rows(site, "SELECT order_id FROM live_voucher"))
    assert paid
    assert paid <= set(vouchers)
    assert vouchers == exact
    assert max(vouchers.values()) == 1
    assert _rows(site, _READ)[0][0] == len(_payments(site))


def test_every_order_was_decided_once_and_no_notice_was_sent_twice(struck):
    site, _ = struck
    decided = Counter(number for (number,) in _rows(site, "SELECT order_id FROM live_decision"))
    assert set(decided.values()) == {1}
    letters = (site.state / "mail" / "mail.jsonl").read_text("utf-8").splitlines()
    sent = Counter((line["to"], line["subject"], line["body"]) for line in map(json.loads, letters))
    done = _rows(site, "SELECT count(*) FROM live_outboxrow WHERE done_at IS NOT NULL")
    assert [(len(letters),)] == done
    assert max(sent.values()) == 1


def test_the_books_are_right(struck):
    site, _ = struck
    done = site.run("books")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every invariant holds" in done.stdout
