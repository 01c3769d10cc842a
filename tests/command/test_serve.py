"""What `loopbaan serve` starts: it is watched over, and ends with it. tests/crash kills it all."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from loopbaan.command import children
from loopbaan.command.children import Child, Children, GaveUp
from loopbaan.command.serve import GUNICORN
from tests.command.scheme import Installed, family, living, wait

SLEEPS = ("-c", "import time; time.sleep(60)")
STUBBORN = (
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in asked}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def test_a_child_that_dies_is_started_again_until_it_died_too_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    child = Child("web", ("-c", "raise SystemExit(3)"))
    with Children(child) as started:
        for _ in range(children.MOST_DEATHS):
            assert child.process is not None
            child.process.wait(10)
            started.watch()
        assert child.process.wait(10) == 3
        with pytest.raises(GaveUp, match="web died 6 times within a minute"):
            started.watch()
    said = capsys.readouterr().err.splitlines()
    assert said == ["loopbaan: web ended with 3 and is started again"] * children.MOST_DEATHS


def test_children_end_together_and_who_does_not_listen_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(children, "PATIENCE_SECONDS", 0.5)
    good, bad = Child("good", SLEEPS), Child("bad", STUBBORN)
    with Children(good, bad):
        assert good.process is not None
        assert bad.process is not None
        started = family(good.process.pid) | family(bad.process.pid)
        time.sleep(0.3)
        assert living(started) == started
    wait(lambda: not living(started), 5)


@pytest.mark.parametrize("proxy", ["0", "1"])
def test_a_header_about_tls_is_believed_only_behind_a_proxy(folder: Path, proxy: str) -> None:
    environ = Installed(folder / "state").environ
    environ |= {"LOOPBAAN_SANDBOX": "0", "LOOPBAAN_PROXY": proxy}
    with socket.create_server(("127.0.0.1", 0)) as door:
        words = (*GUNICORN, "--bind", f"fd://{door.fileno()}")
        pages = subprocess.Popen((sys.executable, *words), env=environ, pass_fds=[door.fileno()])
        try:
            with closing(HTTPConnection(*door.getsockname(), timeout=30)) as asked:
                asked.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
                answer = asked.getresponse()
                assert answer.status == 200
                is_believed = answer.headers["Strict-Transport-Security"] is not None
            assert is_believed == (proxy == "1")
        finally:
            pages.terminate()
            pages.wait(30)


@pytest.mark.parametrize("account", ["", "BE85539000201306", "BE86539000201306:VDAB"])
@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work", "--once")])
def test_nobody_is_asked_to_pay_on_an_account_that_nobody_named(
    folder: Path, words: tuple[str, ...], account: str
) -> None:
    said = Installed(folder / "state").run(*words, LOOPBAAN_SANDBOX="0", LOOPBAAN_ACCOUNT=account)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"loopbaan {words[0]}: LOOPBAAN_ACCOUNT must hold the account on")
    assert not (folder / "state/postgres").exists()


def test_an_address_that_is_taken_is_told(loopbaan) -> None:
    said = loopbaan("serve", "--host", "192.0.2.1")
    assert said.code == 2
    assert said.err.startswith("loopbaan serve: nothing can be served at 192.0.2.1, port 8000 (")
    said = loopbaan("serve", "--port", "70000")
    assert said.code == 2
    assert "'70000' is no port" in said.err
