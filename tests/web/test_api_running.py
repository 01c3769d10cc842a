"""A centre's own software beside an installation that runs: real HTTP there and back."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from loopbaan.adapters import postgres
from loopbaan.adapters.cast import BY_KEY
from loopbaan.command import clock
from loopbaan.live.moving import DECIDING
from loopbaan.web.api import told
from tests.adapters.listeners import Listener, listener
from tests.crash import processes
from tests.installation import OPENS, ROOT, Installation, installation
from tests.visitor import Visitor
from tests.web.client_of_the_description import Described, OverHttp

PATIENCE_SECONDS = 30.0
DECLARED = {"own_initiative": True, "part_of_other_guidance": False, "single_test": False}


@contextmanager
def filled() -> Iterator[tuple[Installation, dict[str, str]]]:
    """Serve an installation with a centre, and give what the centre's software knows."""
    with installation() as running:
        running.start()
        done = subprocess.run(
            (sys.executable, "-m", "tests.web.fill_for_api", str(running.folder)),
            cwd=ROOT,
            env=running.environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield running, json.loads(done.stdout)


def test_from_the_check_to_the_statement_and_told_of_each_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with filled() as (running, known), listener() as there:
        browser, key = OverHttp(running.address), known.pop("key")
        text = browser.generic("GET", "/api/openapi.json").content.decode()
        ours = Described(text, key, browser=browser)
        made = ours.call("register_webhook", address=there.address).json()
        checked = ours.call("check", **known).json()
        assert checked["may_start"]
        track = ours.call("start", **known, **DECLARED).json()["id"]
        talk = ours.call("register", track=track, **_held(ours)).json()["id"]
        # The worker process dies on its way; what it had not told is told by the next one.
        processes.kill(processes.victims(running, "worker"))
        _confirm(running, talk)
        claim = ours.call("claim", talk=talk).json()
        period = {"since": str(OPENS.date()), "until": str(OPENS.date() + timedelta(days=1))}
        said = ours.call("statement", **period).json()
        assert [each["id"] for each in said["lines"]] == [claim["id"]]
        assert said["total_cents"] == claim["total_cents"] > 0
        wanted = {"voucher.started", "talk.registered", "talk.confirmed", "claim.made"}
        _wait(lambda: wanted <= {each["type"] for each in _bodies(there)})
        _wait(lambda: ours.call("read_webhooks").json()["items"][0]["waiting"] == 0)
        assert {each["type"] for each in _bodies(there)} == wanted
        assert len({each["id"] for each in _bodies(there)}) == 4
        _verify(there, made["secret"], running, monkeypatch)
        assert running.run("books").returncode == 0


def test_who_waits_too_long_for_a_lock_is_told_when_to_come_back() -> None:
    with (
        filled() as (running, known),
        postgres.server(running.state, running.environ) as server,
        psycopg.connect(server.url) as other,
    ):
        browser, key = OverHttp(running.address), known.pop("key")
        text = browser.generic("GET", "/api/openapi.json").content.decode()
        ours = Described(text, key, browser=browser)
        _too_long_to_be_read(ours, browser)
        other.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])
        began = time.monotonic()
        answer = ours.call("start", **known, **DECLARED)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert 5 <= time.monotonic() - began < 15
        other.rollback()
        assert ours.call("start", **known, **DECLARED).status_code == 201


def _too_long_to_be_read(ours: Described, browser: OverHttp) -> None:
    _, where, call = ours.calls["centre"]
    bearer = {"Authorization": f"Bearer {ours.key}"}
    answers = {
        "414": browser.generic("GET", where + "?" + "a" * 5_000, headers=bearer),
        "431": browser.generic("GET", where, headers=bearer | {"Accept-Language": "n" * 9_000}),
    }
    for status, answer in answers.items():
        assert (str(answer.status_code), answer.headers["Content-Type"]) == (status, "text/html")
        assert answer.headers["Content-Type"] in call["responses"][status]["content"]


def _held(ours: Described) -> dict[str, Any]:
    (coach,) = ours.call("coaches").json()["items"]
    (place,) = ours.call("locations").json()["items"]
    return {
        "coach": coach["id"],
        "held_on": str(OPENS.date()),
        "minutes": 60,
        "location": place["id"],
        "is_conversation": True,
        "charged_cents": 0,
    }


def _confirm(running: Installation, talk: int) -> None:
    """Let the worker confirm a talk on her page."""
    worker = Visitor(running.address)
    worker.log_in(person=BY_KEY["mathieu"].insz)
    assert worker.post(f"/gesprek/{talk}/bevestigen", {}).status == 302


def _bodies(there: Listener) -> list[dict[str, Any]]:
    return [json.loads(body) for _, _, body in there.heard]


def _verify(
    there: Listener, secret: str, running: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verify what was heard as the description says, by the clock of the installation."""
    names: dict[str, Any] = {}
    exec(told.VERIFY, names)  # noqa: S102 (it is ours, and published to be run)
    now = clock.now().timestamp() + running.offset
    monkeypatch.setattr(names["time"], "time", lambda: now)
    for _, headers, body in there.heard:
        lower = {name.lower(): value for name, value in headers.items()}
        assert names["is_ours"](secret, lower, body, set())
        assert not names["is_ours"](secret, lower, body + b" ", set())


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
