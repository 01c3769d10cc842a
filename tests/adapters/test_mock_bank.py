"""A bank that we did not write takes our refunds, and we read its statements."""

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from mockbank.server import Config, make_server

from loopbaan.adapters import bank, statements
from loopbaan.adapters.bank import BankAccount, BankStatement, Refund
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.adapters.unusable import Unusable

ACCOUNT = BankAccount("Loopbaancheques", invented_iban(1))
AN, BRAM = invented_iban(2), invented_iban(3)
DIGITS = bank.communication(1234567890)
MONDAY = date(2025, 3, 3)


class Peer:
    """The other bank, spoken to over HTTP as its users do."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, body: bytes | None = None, method: str = "") -> str:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            how = method or ("GET" if body is None else "POST")
            line.request(how, path, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            said = answer.read().decode()
        finally:
            line.close()
        assert answer.status < 400, said
        return said

    def say(self, path: str, method: str = "POST", **body: object) -> None:
        self.ask(path, json.dumps(body).encode(), method)

    def credit(self, cents: int, **more: object) -> None:
        debtor = {"name": "An Lindenbeke", "iban": AN}
        self.say("/_mock/credits", account="LBC", amount=cents, debtor=debtor, **more)

    def statement(self, days: int = 1) -> BankStatement:
        """The last of our statements, after so many days."""
        self.ask(f"/_mock/advance?days={days}", b"")
        messages = json.loads(self.ask("/_mock/messages"))
        ours = [m for m in messages if m["type"].startswith("camt.053") and m["account"] == "LBC"]
        (found,) = statements.read(
            self.ask(f"/_mock/mailbox/{ours[-1]['id']}").encode(), account=ACCOUNT.iban
        )
        return found


@pytest.fixture
def peer() -> Iterator[Peer]:
    server = make_server(Config(port=0, quiet=True, clock=f"{MONDAY}T09:00"))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        found = Peer(server.server_address[1])
        found.say("/_mock/accounts", id="LBC", name=ACCOUNT.name, iban=ACCOUNT.iban, balance=10**6)
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _refunds() -> bytes:
    return bank.refund_file(
        ACCOUNT,
        [
            Refund("TERUG-1", 4500, "An Lindenbeke", AN, "TERUG-1"),
            Refund("TERUG-2", 9000, "Bram Van Duinhorst", BRAM, "TERUG-2"),
        ],
        ident="LBC-1",
        made_at=datetime(2025, 3, 3, 9, tzinfo=UTC),
        execute_on=MONDAY,
    )


def test_it_finds_nothing_wrong_with_our_refunds(peer):
    found = peer.ask("/_mock/validate", _refunds())
    assert "pain.001.001.09 LBC-1: 1 batch, 2 payments, 0 findings" in found


def test_it_takes_our_refunds_and_its_statement_settles_them(peer):
    peer.ask("/payments", _refunds())
    status = peer.ask("/_mock/mailbox?raw&type=pain.002")
    assert "RJCT" not in status
    assert status.count("ACCP") >= 2
    entries = peer.statement().entries
    assert [(e.amount_cents, e.end_to_end, e.payer_iban, e.booked_on) for e in entries] == [
        (-4500, "TERUG-1", AN, MONDAY),
        (-9000, "TERUG-2", BRAM, MONDAY),
    ]


def test_it_returns_a_refund_and_we_see_which_and_why(peer):
    peer.say(
        "/_mock/accounts/LBC",
        "PATCH",
        behaviour="return-later",
        parameters={"days": 1, "reason": "AC04", "end_to_end_id": "TERUG-1"},
    )
    peer.ask("/payments", _refunds())
    (entry,) = peer.statement(days=2).entries
    assert (entry.amount_cents, entry.end_to_end, entry.returned) == (4500, "TERUG-1", "AC04")
    assert (entry.payer_name, entry.payer_iban) == ("An Lindenbeke", AN)


@pytest.mark.parametrize(
    "more",
    [
        {"reference": DIGITS},
        {"note": f"voor {bank.written_communication(DIGITS)}, dank u"},
        {"note": f"loopbaancheque dank u {bank.written_communication(DIGITS)}", "wrap": 35},
    ],
)
def test_we_read_what_arrives_however_the_payer_wrote_it(peer, more):
    peer.credit(4500, **more)
    found = peer.statement()
    (entry,) = found.entries
    assert (entry.amount_cents, entry.communication, entry.booked_on) == (4500, DIGITS, MONDAY)
    assert (entry.payer_name, entry.payer_iban) == ("An Lindenbeke", AN)
    assert found.until == MONDAY


def test_its_statement_of_a_day_without_a_payment_is_one_too(peer):
    assert peer.statement().entries == ()


def test_a_line_that_it_leaves_out_is_missed(peer):
    peer.say("/_mock/accounts/LBC", "PATCH", behaviour="statement-gap", parameters={})
    peer.credit(4500)
    peer.credit(9000)
    with pytest.raises(Unusable, match="one is missing"):
        peer.statement()
