"""The software of centres over real HTTP: who may be told, and what an answer can do to us."""

import socket
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest

from loopbaan.adapters import webhooks
from loopbaan.adapters.webhooks import HttpSender, Message, fits, is_public
from tests.adapters.listeners import babble, drip, flood, listener, papers_of, rude, silence

OPEN = HttpSender(is_open=True)
BODY = b'{"type": "webhook.test"}'


def told(address: str, sender: HttpSender = OPEN) -> str:
    """Tell an address, and return why it was not taken."""
    (fault,) = sender.send([Message(address, BODY, {"webhook-id": "7-1"})])
    return fault


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_is_taken_was_sent_as_it_is(status: int) -> None:
    with listener(status) as there:
        assert told(there.address) == ""
        ((path, headers, body),) = there.heard
    assert path == "/told?by=us"
    assert body == BODY
    assert headers["webhook-id"] == "7-1"
    assert headers["Host"] == there.address.split("/")[2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with listener() as elsewhere, listener(status, elsewhere.address) as there:
        assert told(there.address) == f"answered {status}"
        assert len(there.heard) == 1
        assert elsewhere.heard == []


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_what_is_refused_was_not_taken(status: int) -> None:
    with listener(status) as there:
        assert told(there.address) == f"answered {status}"


def test_who_is_not_there_or_speaks_otherwise_is_a_fault_and_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        free = door.getsockname()[1]
    assert told(f"http://127.0.0.1:{free}/") == "ConnectionRefusedError"
    with rude(babble) as address:
        assert told(address) == "BadStatusLine"
    with listener() as there:
        plain = there.address.replace("http:", "https:")
        assert told(plain).startswith("SSL")
        assert there.heard == []


def test_who_drips_is_waited_for_a_bounded_time_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.4)
    with rude(drip) as slow, listener() as quick:
        began = time.monotonic()
        messages = [Message(each, BODY, {}) for each in (slow, slow, slow, quick.address)]
        faults = OPEN.send(messages)
        took = time.monotonic() - began
    assert faults[3] == ""
    assert all(faults[:3])
    assert took < 1.4 + 0.5


def test_tls_is_spoken_only_with_who_can_prove_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    papers = papers_of("localhost", tmp_path / "papers.pem")
    with listener(papers=papers) as there:
        assert told(there.address) == "SSLCertVerificationError"
        monkeypatch.setenv("SSL_CERT_FILE", str(papers))
        assert told(there.address) == ""
        other = there.address.replace("localhost", "127.0.0.1")
        assert told(other) == "SSLCertVerificationError"
        assert [body for _, _, body in there.heard] == [BODY]


def test_who_drips_while_tls_is_agreed_upon_is_waited_for_a_bounded_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.4)
    began = time.monotonic()
    with rude(silence) as address:
        fault = told(address.replace("http:", "https:"))
    assert fault
    assert fault != "did not answer in time"  # the connection itself was cut
    assert time.monotonic() - began < 1.5


def test_who_never_stops_answering_is_read_no_further() -> None:
    began = time.monotonic()
    with rude(flood) as address:
        assert told(address) == ""
    assert time.monotonic() - began < 2


def test_a_name_that_takes_long_to_look_up_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.1)
    is_over = threading.Event()

    def looked_up(*_: object, **__: object) -> NoReturn:
        is_over.wait(10)
        raise OSError

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", looked_up)
    began = time.monotonic()
    assert told("http://slow.example/") == "did not answer in time"
    assert time.monotonic() - began < 2
    is_over.set()


PRIVATE = (
    "127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 192.0.2.1"
    " 224.0.0.1 255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:10.0.0.1"
    " ::ffff:127.0.0.1 64:ff9b::a00:1 2002:a00:1:: 2001:0:a00:1:: 2001:db8::1"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_a_machine_that_is_not_public_is_not_spoken_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is named: a public name may lead there."""
    asked = []
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def look_up(*_: Any, **__: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))
        return [public, (family, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(webhooks.socket, "create_connection", lambda *a: asked.append(a))
    assert not is_public(address)
    not_public = "leads to a machine that is not public"
    assert told("https://centrum.example/", HttpSender()) == not_public
    assert asked == []
    if address not in ("127.0.0.1", "::1"):  # the sandbox speaks to this machine, and to no other
        assert told("http://centrum.example/") == not_public
        assert asked == []


def test_a_public_machine_is_spoken_to_at_the_very_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is looked up once: it cannot lead elsewhere the second time."""
    looked, asked = [], []

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))]

    def connect(where: Any, _seconds: float) -> Any:
        asked.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(webhooks.socket, "create_connection", connect)
    assert told("https://centrum.example/", HttpSender()) == "ConnectionRefusedError"
    assert (looked, asked) == (["centrum.example"], [("1.1.1.1", 443)])
    for address in ("1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"):
        assert is_public(address)


def test_outside_the_sandbox_an_own_machine_is_told_nothing() -> None:
    with listener() as there:
        assert told(there.address, HttpSender()) == "no address to send to"
        local = there.address.replace("http:", "https:").replace("127.0.0.1", "localhost")
        assert told(local, HttpSender()) == "leads to a machine that is not public"
        assert there.heard == []


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "centrum.example", "//centrum.example/", "ftp://centrum.example/"),
        *("https://", "https:///x", "https://u:p@centrum.example/", "https://centrum.example:0/"),
        *("https://centrum.example:99999/", "https://centrum.example/a b", "file:///etc/passwd"),
        *("https://centrum.example/\r\nX: y", "https://cëntrum.example/", "https://[::1/"),
        "https://centrum.example/" + "x" * 500,
        "http://centrum.example/",
    ],
)
def test_what_is_no_address_cannot_be_told(address: str) -> None:
    assert not fits(address)
    assert told(address, HttpSender()) == "no address to send to"


def test_an_address_is_https_and_in_the_sandbox_also_http() -> None:
    assert fits("https://centrum.example/told?by=us")
    assert fits("https://centrum.example:8443")
    assert fits("http://127.0.0.1:1/", is_open=True)
