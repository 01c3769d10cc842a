"""Played in the background by a real installation: killed, it goes on; decisions do not wait."""

import os
import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopbaan.adapters.cast import BY_KEY
from loopbaan.command import calculate
from tests.installation import Installation, installation
from tests.visitor import Visitor

RUNS = 14
WORKERS = ("an", "koen", "griet", "ine")


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        made.start()
        yield made


def official(site: Installation, name: str = "els") -> Visitor:
    visitor = Visitor(site.address)
    visitor.log_in(official=name)
    return visitor


def ask(visitor: Visitor, runs: int) -> str:
    fields = {"a-scenario": "cap-1000", "keren": str(runs), "deel": "1"}
    answer = visitor.post("/beheer/doorrekeningen", fields)
    assert answer.status == 302, answer.text
    return answer.goes_to


def playing(site: Installation) -> list[int]:
    """The processes that play on this installation."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().split(b"\0")
            environ = (each / "environ").read_bytes()
        except OSError:
            continue
        is_ours = f"LOOPBAAN_STATE={site.state}".encode() in environ
        if b"calculate" in words and b"-m" in words and b"-I" not in words and is_ours:
            found.append(int(each.name))
    return found


def kept(site: Installation, where: str) -> dict[str, int]:
    """The runs that are there whole, each with the moment at which it was written."""
    number = where.rpartition("/")[2]
    folder = site.state / "lab" / "calculations" / number / "runs" / "members"
    return {file.name: file.stat().st_mtime_ns for file in folder.glob("seed-*.parquet")}


def wait(what, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def test_what_is_played_here_names_the_commit_as_the_command_line_does(tmp_path, monkeypatch):
    content = {"title": "Short", "author": "An", "source": "hypothetical"}
    content |= {"first": "2024-12", "last": "2025-02"}
    asked = SimpleNamespace(pk=7, content=content, seeds=1, percent=0.2)
    monkeypatch.setattr(calculate, "commit", lambda: "c0ffee")
    found = calculate._played(asked, tmp_path / "runs", tmp_path, lambda _: None)
    assert found.about["commit"] == "c0ffee"


def test_killed_in_the_middle_it_goes_on_with_what_is_there(site: Installation):
    els = official(site)
    where = ask(els, RUNS)
    wait(lambda: len(kept(site, where)) >= 3)
    (child,) = playing(site)
    os.kill(child, signal.SIGKILL)
    wait(lambda: child not in playing(site))
    before = kept(site, where)
    assert 3 <= len(before) < RUNS
    wait(lambda: "Klaar" in els.get(where).text)
    after = kept(site, where)
    assert len(after) == RUNS
    assert {name: after[name] for name in before} == before, "what was there was not played again"
    assert f"{RUNS} proeven met" in els.get(where).text
    assert els.get(f"{where}/banden.csv").text.startswith("table,when,dimension")


def test_a_cancelled_one_stops_after_the_run_under_way_and_the_next_begins(site: Installation):
    els = official(site)
    first, second = ask(els, 200), ask(els, 1)
    wait(lambda: kept(site, first))
    assert els.post(f"{first}/annuleren", {}).status == 302
    wait(lambda: "Klaar" in els.get(second).text)
    assert "Geannuleerd" in els.get(first).text
    wait(lambda: not playing(site))
    assert kept(site, first) == {}, "nothing is left of what nobody wants"


def test_decisions_do_not_wait_for_what_is_played(site: Installation, capsys):
    els = official(site)
    where = ask(els, 200)
    wait(lambda: kept(site, where))
    seconds = []
    for who in WORKERS:
        visitor = Visitor(site.address)
        visitor.log_in(person=BY_KEY[who].insz)
        began = time.perf_counter()
        number = visitor.order()
        assert number
        wait(lambda v=visitor, n=number: v.has(f"/bestelling/{n}/waarom"), 20)
        seconds.append(time.perf_counter() - began)
    assert playing(site), "it was played all the while"
    els.post(f"{where}/annuleren", {})
    with capsys.disabled():
        middle = statistics.median(seconds)
        print(f"\n  decided within {middle:.2f} s (median) while a measure is played")  # noqa: T201
    assert min(seconds) < 5
