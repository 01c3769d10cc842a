"""`loopbaan demo`: the script of its year, what it leaves behind, and how it starts again."""

import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml
from stdnum.be import vat as kbo_numbers

from loopbaan.adapters import postgres
from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.cast_centres import DE_BRUG
from loopbaan.adapters.script import FIRST_DAY, LAST_DAY, visits
from loopbaan.adapters.script_centres import MOST, practices
from loopbaan.adapters.script_guidance import Answer, Ending, course
from loopbaan.adapters.towns import PROVINCES, towns
from loopbaan.command import showing
from loopbaan.command.demo import PEOPLE
from tests.command.cast import AN, child
from tests.command.scheme import LAB, SMALL, Installed, family, living, wait

STAGE = "from loopbaan.live import ready; print(ready.load('stage').stage()); ready.leave()"


def test_the_year_has_its_thousands_and_its_march() -> None:
    likely = [f"likely {number}" for number in range(PEOPLE)]
    others = [f"other {number}" for number in range(PEOPLE)]
    year = visits(1, PEOPLE, likely, others)
    assert len({visit.insz for visit in year}) >= 2_500
    assert [visit.at for visit in year] == sorted(visit.at for visit in year)
    assert {FIRST_DAY <= visit.on <= LAST_DAY for visit in year} == {True}
    months = Counter(visit.on.replace(day=1) for visit in year)
    assert len(months) == 12
    march = [visit for visit in year if visit.on.replace(day=1) == date(2025, 3, 1)]
    assert 1_190 <= len(march) <= 1_240
    # More than the thousand places, and some of them before anybody knew of the cap.
    assert sum(visit.insz.startswith("likely") for visit in march) > 1_050
    assert sum(visit.on <= date(2025, 3, 3) for visit in march) > 200
    assert sum(visit.insz == BY_KEY["an"].insz for visit in year) == 2
    assert visits(1, PEOPLE, likely, others) == year
    assert visits(2, PEOPLE, likely, others) != year


def test_the_centres_stand_in_towns_and_a_few_are_large() -> None:
    found = practices(1, MOST - 1)
    assert len({each.name for each in found} | {DE_BRUG.name}) == MOST
    assert len({each.kbo for each in found}) == len(found)
    assert all(kbo_numbers.is_valid(each.kbo) for each in found)
    assert {site.town for each in found for site in each.sites} <= set(towns())
    assert {towns()[site.town].province for each in found for site in each.sites} == set(PROVINCES)
    assert sum(each.weight for each in found) == pytest.approx(1)
    assert sum(each.weight for each in found[:50]) > 0.5
    assert practices(1, MOST - 1) == found


def test_the_guidance_of_an_shows_every_answer_and_that_of_others_differs() -> None:
    people = [f"likely {number}" for number in range(50)]
    an, days = BY_KEY["an"].insz, (date(2024, 10, 8), date(2025, 6, 30))
    assert {(an, day) for day in days} <= {
        (each.insz, each.on) for each in visits(1, 50, people, [])
    }
    first, second = (course(1, an, day, 7) for day in days)
    assert first.ending == Ending.CLOSES
    assert {each.answer for each in second.meetings} == set(Answer)
    others = [course(1, "somebody else", days[0], number) for number in range(300)]
    assert {each.ending for each in others} == set(Ending)
    assert 0 < sum(each.starts_after_days is None for each in others) < 100
    assert [course(1, "somebody else", days[0], number) for number in range(300)] == others


def test_the_law_is_shown_and_a_difference_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(showing, "WORKERS", 2_000)
    assert showing.show_law("en") == 0
    said = capsys.readouterr().out
    decided, agree = re.match(r"Documented cases: (\d+) decided, (\d+) as", said).groups()
    assert decided == agree
    wrong = AN | {"expect": {"may_order": False}}
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump([wrong]), "utf-8")
    monkeypatch.setattr(showing, "CASES", tmp_path)
    assert showing.show_law("nl") == 1
    said = capsys.readouterr().out
    assert said.startswith("Gedocumenteerde gevallen: 1 beslist, 0 zoals gedocumenteerd.\n")


def test_what_it_fills_went_through_the_operations(copy: Installed) -> None:
    standings = dict(copy.do("SELECT status, count(*) FROM live_standing GROUP BY 1"))
    assert {"granted", "refused", "issued", "lapsed"} <= set(standings)
    assert copy.count("statementline WHERE match = 'exact'")
    assert copy.count("statementline WHERE match <> 'exact'")
    assert copy.count("outboxrow WHERE done_at IS NOT NULL")
    assert not copy.count("outboxrow WHERE dead_at IS NOT NULL OR fault <> ''")
    # The second half, by the operations too: two people pay, and the last batch waits for one.
    assert copy.count("talk WHERE status = 'confirmed'")
    assert copy.count("claim WHERE kind = 'talk'") <= copy.count("talk WHERE status = 'confirmed'")
    batches = copy.do("SELECT made_by, released_by, status FROM live_payoutbatch ORDER BY id")
    assert set(batches[:-1]) == {("official:els", "official:dirk", "released")}
    assert batches[-1] == ("official:els", "", "made")
    assert copy.count("payout WHERE paid_on IS NOT NULL")
    # An finds a talk that is paid, one that silence confirmed, one she disputes, one that waits.
    an = copy.do(
        "SELECT k.status, (SELECT max(p.paid_on) IS NOT NULL FROM live_claim c"
        " JOIN live_payoutline l ON l.claim_id = c.id JOIN live_payout p ON p.id = l.payout_id"
        " WHERE c.talk_id = k.id) FROM live_talk k JOIN live_track t ON t.id = k.track_id"
        " JOIN live_voucher v ON v.id = t.voucher_id JOIN live_order o ON o.id = v.order_id"
        " JOIN live_worker w ON w.id = o.worker_id WHERE w.name = 'An Lindenbeke' ORDER BY k.id"
    )
    assert [status for status, _ in an] == ["confirmed", "confirmed", "disputed", "registered"]
    assert an[0] == ("confirmed", True)
    # From here on the calendar of the demo ticks.
    assert not copy.count("journalline WHERE at >= '2025-09-30 22:00+00'")


@contextmanager
def _served(demo: Installed) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Start the demo again, and give it with its address and the seconds until it answered."""
    started = time.perf_counter()
    process = demo.start("demo", "--state", demo.state, "--port", "0")
    try:
        address = ""
        for line in process.stdout or ():
            found = re.match(r"http://(127\.0\.0\.1:\d+)/", line)
            if found:
                address = found[1]
                break
        with closing(HTTPConnection(address, timeout=10)) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        yield process, address, time.perf_counter() - started
    finally:
        process.kill()
        process.communicate()


def test_a_second_start_serves_what_is_there_and_ctrl_c_leaves_no_process(
    demo: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = (demo.state / "calendar.json").read_text()
    with _served(demo) as (process, address, seconds):
        with capsys.disabled():
            sys.stdout.write(f"\n  a second start of the demo answered after {seconds:.1f} s\n")
        taken = demo.run("demo", "--state", demo.state, "--port", address.partition(":")[2])
        assert taken.code == 2
        assert "nothing can be served" in taken.err
        second = demo.run("demo", "--no-serve", "--state", demo.state)
        assert second.code == 2
        assert "a demo runs in" in second.err
        started = family(process.pid)
        # Itself, the worker process, the pages with two that answer, the database and its own.
        assert len(started) > 8
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        wait(lambda: not living(started), 5)
    assert (demo.state / "calendar.json").read_text() == filled


def test_killed_it_takes_everything_along(demo: Installed) -> None:
    with _served(demo) as (process, _, _):
        started = family(process.pid)
        process.kill()
        process.wait(10)
        wait(lambda: not living(started), 20)


def test_an_interrupted_filling_is_begun_anew(folder: Path) -> None:
    made = Installed(folder / "state")
    process = made.start("demo", "--no-serve", "--state", made.state, "--workers", "200")
    for line in process.stdout or ():
        if re.match(r"  2024-10 ", line):
            break
    started = family(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    wait(lambda: not living(started), 5)
    with postgres.server(made.state, made.environ) as server:
        here = Installed(made.state, server.url)
        words = (sys.executable, "-c", STAGE)
        asked = subprocess.run(words, env=here.environ, check=True, capture_output=True, text=True)
        assert asked.stdout == "half\n"
        assert here.do("SELECT count(*) > 0 FROM live_order") == [(True,)]
    few = ("--workers", "50", "--from", "2025-09-20", *LAB)
    assert made.run("demo", "--no-serve", "--state", made.state, *few).code == 0
    with postgres.server(made.state, made.environ) as server:
        here = Installed(made.state, server.url)
        assert here.do("SELECT min(ordered_on) >= '2025-09-20' FROM live_order") == [(True,)]


def test_a_database_with_other_workers_is_left_alone(copy: Installed) -> None:
    copy.do("DELETE FROM live_progress WHERE name = 'demo'")
    before = copy.do("SELECT count(*) FROM live_worker")
    said = copy.run("demo", "--no-serve", "--fresh", "--state", copy.state, *SMALL)
    assert said.code == 2
    assert "holds workers that no demo put there" in said.err
    assert copy.do("SELECT count(*) FROM live_worker") == before


def test_books_that_do_not_hold_end_the_demo(copy: Installed, demo: Installed) -> None:
    (copy.state / "calendar.json").write_text((demo.state / "calendar.json").read_text())
    copy.do(
        "UPDATE live_standing SET status = 'withdrawn' WHERE order_id ="
        " (SELECT max(order_id) FROM live_standing WHERE status = 'issued')"
    )
    said = copy.run("demo", "--no-serve", "--state", copy.state)
    assert said.code == 1
    assert "NOT ok" in said.out


@pytest.mark.parametrize("command", ["law", "decide", "explain"])
def test_a_command_that_only_decides_runs_without_django(command: str) -> None:
    code = (
        "import sys; from loopbaan.command import main\n"
        f"try: main([{command!r}, '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    subprocess.run((sys.executable, "-c", code), check=True, capture_output=True)
    assert child(command, "--help").code == 0
