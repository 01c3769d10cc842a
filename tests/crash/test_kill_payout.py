"""kill -9 in the middle of a payout batch, ten times: each claim is in one payment, paid once."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

import psycopg
import pytest

from loopbaan.adapters import postgres
from tests.crash import processes
from tests.crash.centres import ROUNDS
from tests.installation import ROOT, Installation, installation
from tests.visitor import Visitor

SEED = 31
# Two kills a round: the pages while people make or release, the worker while it sends or settles.
PLAN = (
    ("making", "settling"),
    ("releasing", "sending"),
    ("making", "sending"),
    ("making", "settling"),
    ("releasing", "settling"),
)
KINDS = {"making": "pages", "releasing": "pages", "sending": "worker", "settling": "worker"}
# Somebody is inside a transaction of a phase: it has written, and this is where the batch stands.
INSIDE = """
SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
   AND datname = current_database() AND query ~ 'live_(payout|transfer|statement|outboxrow)'
   AND EXISTS ({})
"""
UNPAID = "SELECT FROM live_payout WHERE paid_on IS NULL"
UNSENT = "SELECT FROM live_outboxrow WHERE kind = 'payout_send' AND done_at IS NULL"
WAITING = """
SELECT FROM live_claim c
WHERE NOT EXISTS (SELECT FROM live_payoutline l WHERE l.claim_id = c.id AND NOT l.is_void)
"""
MADE = "SELECT id FROM live_payoutbatch WHERE status = 'made'"
STANDS = {
    "making": WAITING,
    "releasing": MADE,
    "sending": UNSENT,
    "settling": f"{UNPAID} AND NOT EXISTS ({UNSENT}) AND NOT EXISTS ({MADE})",
}
SPARED = 0.8  # the chance that a look into a phase does not kill
WAIT_SECONDS = 60.0
PAGE = "/beheer/uitbetalingen"


@dataclass
class Struck:
    """An installation that is struck: each kill, and whether it cut a transaction off."""

    site: Installation
    url: str
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    cuts: list[tuple[str, bool]] = field(default_factory=list)
    broken_off: int = 0

    def rows(self, query: str) -> list[Any]:
        """Look into the database."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def strike(self, phase: str) -> None:
        """Wait until a phase goes on, and at one of the looks into it, kill."""
        inside = INSIDE.format(STANDS[phase])
        with psycopg.connect(self.url, autocommit=True) as look:
            _wait(lambda: look.execute(inside).fetchall(), f"{phase} never begins", 0.001)
            victims = processes.victims(self.site, KINDS[phase])
            assert victims, f"nothing to kill while {phase}"
            # Short phases take few looks and long ones many: each look has the same chance.
            while (is_inside := bool(look.execute(inside).fetchall())) and self._spares():
                pass
            processes.kill(victims)
        processes.wait_until_gone(victims)
        self.cuts.append((phase, is_inside))

    def _spares(self) -> bool:
        return self.chance.random() < SPARED

    def pay(self) -> None:
        """Do, as people do, whatever is next for a batch; again if it was broken off."""
        for (batch,) in self.rows(MADE):
            return self._post("claes", f"{PAGE}/{batch}/vrijgeven", {})
        if self.rows(WAITING):
            ((day,),) = self.rows("SELECT max(claimed_at)::date FROM live_claim")
            return self._post("els", PAGE, {"execute_on": f"{day}"})
        return time.sleep(0.02)

    def _post(self, official: str, path: str, fields: dict[str, str]) -> None:
        try:
            visitor = Visitor(self.site.address)
            visitor.log_in(official=official)
            visitor.post(path, fields)
        except (OSError, HTTPException, AssertionError):
            self.broken_off += 1
            self.site.wait_until_it_answers()


def _wait(met: Any, complaint: str, pause: float) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not met():
        assert time.monotonic() < deadline, complaint
        time.sleep(pause)


def _round(struck: Struck, phases: tuple[str, str]) -> None:
    """Pay what was claimed, up to the bank's statement, while two kills fall."""
    strikes = [threading.Thread(target=struck.strike, args=(phase,)) for phase in phases]
    for each in strikes:
        each.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while struck.rows(f"{WAITING} UNION ALL {UNPAID}"):
        assert time.monotonic() < deadline, struck.site.log.read_text("utf-8")
        struck.pay()
    for each in strikes:
        each.join()


@contextmanager
def _centres(site: Installation) -> Iterator[subprocess.Popen[str]]:
    """Centres that claim when told; the database is theirs, so that no kill of ours reaches it."""
    words = (sys.executable, "-m", "tests.crash.centres", str(site.folder / "before"))
    with subprocess.Popen(
        words, cwd=ROOT, env=site.environ, stdin=-1, stdout=-1, text=True
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def _said(centres: subprocess.Popen[str]) -> int:
    assert centres.stdout is not None
    return int(centres.stdout.readline())


def _tell(centres: subprocess.Popen[str]) -> int:
    assert centres.stdin is not None
    centres.stdin.write("claim\n")
    centres.stdin.flush()
    return _said(centres)


@pytest.fixture(scope="module")
def struck() -> Iterator[Struck]:
    """An installation after ten kills, two in each of its batches."""
    with installation() as site, _centres(site) as centres:
        count = _said(centres)
        with postgres.server(site.state, site.environ) as server:
            struck = Struck(site, server.url)
            site.start()
            for phases in PLAN:
                assert _tell(centres) == count > 20
                _round(struck, phases)
            site.stop()
            yield struck


def test_the_kills_fell_in_the_middle(struck):
    assert len(PLAN) == ROUNDS
    assert len(struck.cuts) == 10
    inside = Counter(phase for phase, is_inside in struck.cuts if is_inside)
    assert inside.total() >= 6, struck.cuts
    assert set(inside) == set(KINDS), struck.cuts
    assert struck.broken_off > 0


def test_each_claim_is_in_exactly_one_payment(struck):
    lines = struck.rows(
        """SELECT count(l.id) FILTER (WHERE p.paid_on IS NOT NULL AND NOT l.is_void), count(l.id)
           FROM live_claim c LEFT JOIN live_payoutline l ON l.claim_id = c.id
           LEFT JOIN live_payout p ON p.id = l.payout_id GROUP BY c.id"""
    )
    assert len(lines) > 20 * ROUNDS
    assert set(lines) == {(1, 1)}
    batches = "SELECT count(*), count(released_at), max(id) > count(*) FROM live_payoutbatch"
    # What was half made left its number and nothing else; what was asked again is no second one.
    assert struck.rows(batches) == [(ROUNDS, ROUNDS, True)]


def test_the_bank_paid_each_file_and_each_payment_once(struck):
    path = struck.site.state / "bank" / "bank.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    files = [line["file"] for line in lines if "file" in line]
    batches = struck.rows(
        "SELECT concat_ws('-', 'UIT', id, mark) FROM live_payoutbatch ORDER BY id"
    )
    assert files == [ident for (ident,) in batches]
    booked = [each for line in lines for each in line.get("booked", [])]
    assert max(Counter(each["end_to_end"] for each in booked).values()) == 1
    paid: Counter[str] = Counter()
    for each in booked:
        paid[each["iban"]] -= each["cents"]
    owed = struck.rows(
        """SELECT e.iban, sum(c.fee_cents + c.vat_cents) FROM live_claim c
           JOIN live_centre e ON e.id = c.centre_id GROUP BY 1"""
    )
    assert paid == dict(owed)


def test_the_books_are_right_after_every_kill(struck):
    done = struck.site.run("books")
    assert done.returncode == 0, done.stdout + done.stderr
