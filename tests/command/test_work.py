"""`loopbaan work`: alone, twice at once, and while what it needs is away."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from loopbaan.adapters import postgres
from loopbaan.adapters.cast import CAST
from loopbaan.adapters.insz import written
from loopbaan.adapters.log_lines import without_numbers
from tests.command.cast import Said
from tests.command.scheme import Installed, family, living, wait

DECIDED = "SELECT count(*) FROM live_decision WHERE order_id = ANY(ARRAY{})"


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def _ended(process: subprocess.Popen[str]) -> Said:
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    return Said(process.returncode, out, err)


def test_one_round_decides_what_was_received_and_tells_it_in_a_line(copy: Installed) -> None:
    numbers = copy.order(3)
    said = copy.run("work", "--once")
    assert (said.code, said.out) == (0, "")
    (line,) = _lines(said.err)
    assert (line["event"], line["decided"]) == ("round", 3)
    assert copy.do(DECIDED.format(numbers)) == [(3,)]
    assert copy.run("books").code == 0


def test_registers_that_are_down_are_told_and_asked_again(copy: Installed) -> None:
    numbers = copy.order(1)
    copy.run("work", "--once")
    (copy.state / "outage").touch()
    numbers += copy.order(1)
    said = copy.run("work", "--once")
    assert said.code == 1
    assert [line["what"] for line in _lines(said.err) if line["event"] == "trouble"] == [
        "the registers do not answer"
    ]
    assert copy.do(DECIDED.format(numbers)) == [(1,)]
    (copy.state / "outage").unlink()
    assert copy.run("work", "--once").code == 0
    assert copy.do(DECIDED.format(numbers)) == [(2,)]


def test_two_at_once_do_nothing_twice_and_end_after_their_round(copy: Installed) -> None:
    workers = [copy.start("work") for _ in range(2)]
    numbers = [number for _ in range(8) for number in copy.order(5)]
    due = "SELECT count(*) FROM live_outboxrow WHERE done_at IS NULL AND due_at <= now()"
    wait(lambda: copy.do(DECIDED.format(numbers)) == [(40,)] and copy.do(due) == [(0,)])
    said = [_ended(each) for each in workers]
    for each in said:
        assert (each.code, each.out) == (0, "")
        events = [line["event"] for line in _lines(each.err)]
        assert (events[0], events[-1]) == ("begins", "ends")
        assert "defect" not in events
    rounds = [line for each in said for line in _lines(each.err) if line["event"] == "round"]
    assert sum(int(str(line["decided"])) for line in rounds) == 40
    mail = _lines((copy.state / "mail/mail.jsonl").read_text("utf-8"))
    assert len({each["ident"] for each in mail}) == len(mail)
    assert copy.do("SELECT count(*) FROM live_outboxrow WHERE attempts > 1") == [(0,)]
    assert copy.run("books").code == 0


def test_it_brings_its_database_back_and_takes_it_along_when_it_ends(folder: Path) -> None:
    alone = Installed(folder / "state")
    few = ("--workers", "50", "--from", "2025-09-20")
    assert alone.run("demo", "--no-serve", "--state", alone.state, *few).code == 0
    worker = alone.start("work")
    try:
        pid = alone.state / "postgres/data/postmaster.pid"
        wait(lambda: pid.exists() and "ready" in pid.read_text())
        with postgres.server(alone.state, alone.environ) as joined:
            assert not joined.owns
            made = Installed(alone.state, joined.url)
            first = made.order(1)
            wait(lambda: made.do(DECIDED.format(first)) == [(1,)])
            os.kill(int(pid.read_text().split()[0]), signal.SIGKILL)
            wait(lambda: _answers(joined.url))
            numbers = made.order(2)
            wait(lambda: made.do(DECIDED.format(numbers)) == [(2,)])
        started = family(worker.pid)
    finally:
        said = _ended(worker)
    assert said.code == 0, said
    assert "defect" not in [line["event"] for line in _lines(said.err)]
    wait(lambda: not living(started))
    assert alone.run("books").code == 0
    assert not pid.exists()


def test_a_database_that_is_away_is_waited_for_and_told_of_once(folder: Path) -> None:
    alone = Installed(folder / "state")
    few = ("--workers", "50", "--from", "2025-09-20")
    assert alone.run("demo", "--no-serve", "--state", alone.state, *few).code == 0
    with postgres.server(alone.state, alone.environ) as server:
        made = Installed(alone.state, server.url)
        pid = alone.state / "postgres/data/postmaster.pid"
        server.stop()
        worker = made.start("work")
        try:
            time.sleep(2)
            for _ in range(2):
                assert worker.poll() is None
                server.start()
                assert server.url == made.url
                numbers = made.order(2)
                wait(lambda numbers=numbers: made.do(DECIDED.format(numbers)) == [(2,)])
                time.sleep(1)  # the round that decided ends, and is told
                os.kill(int(pid.read_text().split()[0]), signal.SIGKILL)
                time.sleep(2)
        finally:
            said = _ended(worker)
    assert said.code == 0, said
    lines = _lines(said.err)
    told = [(line["event"], line["what"]) for line in lines if "trouble" in str(line["event"])]
    away = "the database does not answer"
    assert told == [("trouble", away), ("trouble over", away)] * 2 + [("trouble", away)]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("begins", "ends")
    assert "defect" not in events


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_line_never_holds_the_number_of_a_person() -> None:
    number = CAST[0].insz
    said = {"what": f"{number} and {written(number)}, 1234567890", "decided": 3}
    assert without_numbers(None, "", said) == {"what": "… and …, 1234567890", "decided": 3}


def test_without_tables_there_is_nothing_to_work_on(copy: Installed) -> None:
    copy.do("DROP TABLE live_order CASCADE")
    said = copy.run("work", "--once")
    assert said.code == 2
    assert "no tables" in said.err
