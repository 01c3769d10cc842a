"""A database that is there when it is asked for, and loses nothing when it is killed."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from loopbaan.adapters import postgres, postgres_place
from loopbaan.adapters.postgres import NoPostgres
from tests.adapters.servers import (
    HERE,
    IS_ROOT,
    do,
    kept,
    lives,
    postmaster,
    start_another,
    told,
    wait,
)

# Half a minute, should nobody end it.
LONG = "SELECT count(*) FROM generate_series(1, 20000) a, generate_series(1, 20000) b"
IS_ASKED = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '% a, %' AND pid <> pg_backend_pid()"


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    wait(lambda: not lives(process))


def test_it_keeps_what_is_committed_and_listens_to_this_machine_only(database):
    names = ("fsync", "synchronous_commit", "full_page_writes", "max_connections", "TimeZone")
    said = [do(database, f"SHOW {name}")[0][0] for name in (*names, "listen_addresses")]
    assert said == ["on", "on", "on", "250", "UTC", ""]
    assert do(database, "SELECT upper('é'), 'é' < 'f' COLLATE \"C\"") == [("É", False)]
    encoding = "SELECT pg_encoding_to_char(encoding) FROM pg_database"
    assert {row[0] for row in do(database, encoding)} == {"UTF8"}


def test_only_its_user_can_reach_the_rows_and_the_log_quotes_none(database, state):
    home = state / "postgres"
    closed = {name: stat.S_IMODE((home / name).stat().st_mode) for name in ("data", "socket")}
    assert closed == {"data": 0o700, "socket": 0o700}
    assert stat.S_IMODE((home / "log").stat().st_mode) == 0o600
    with pytest.raises(psycopg.Error):
        do(database, "INSERT INTO kept VALUES ('personal value')")
    assert "personal value" not in (home / "log").read_text()


def test_it_starts_and_stops_twice_and_warm_at_once(state):
    database = postgres.server(state, HERE)
    for which in ("first", "warm"):
        began = time.perf_counter()
        database.start()
        started = time.perf_counter()
        database.stop()
        stopped = time.perf_counter()
        sys.stdout.write(f"{which} start {started - began:.3f} s, stop {stopped - started:.3f} s\n")
    assert not list((state / "postgres" / "socket").iterdir())
    database.stop()


def test_who_comes_second_joins_and_starts_it_again_when_it_has_gone(database, state):
    second = postgres.server(state, HERE)
    second.start()
    assert (second.owns, second.url) == (False, database.url)
    second.stop()
    assert do(database, "INSERT INTO kept VALUES (1)") == []
    database.stop()
    second.start()
    try:
        assert second.owns
        assert kept(second) == [1]
        database.start()
        assert not database.owns
    finally:
        second.stop()


def test_of_several_starters_at_once_one_owns_it(state, others):
    started = [start_another(others, state) for _ in range(4)]
    answers = [told(process) for process in started]
    assert len({url for url, _ in answers}) == 1
    assert sorted(owns for _, owns in answers) == [False, False, False, True]
    assert do(answers[0][0], "SELECT 1") == [(1,)]


def test_a_killed_server_is_back_at_once_with_every_acknowledged_row(database, state):
    acknowledged: list[int] = []

    def commit(first: int) -> None:
        with suppress(psycopg.Error), psycopg.connect(database.url, autocommit=True) as connection:
            for number in range(first, 1_000_000, 4):
                connection.execute("INSERT INTO kept VALUES (%s)", (number,))
                acknowledged.append(number)

    clients = [threading.Thread(target=commit, args=(first,)) for first in range(4)]
    for client in clients:
        client.start()
    wait(lambda: len(acknowledged) > 400)
    _kill(postmaster(state))
    began = time.perf_counter()
    database.start()
    sys.stdout.write(f"start after a crash {time.perf_counter() - began:.3f} s\n")
    for client in clients:
        client.join()
    assert database.owns
    found = kept(database)
    assert set(acknowledged) <= set(found)
    assert len(found) <= len(acknowledged) + len(clients)


def test_a_query_that_outlives_the_killed_server_keeps_nobody_waiting(database, state):
    def ask() -> None:
        with suppress(psycopg.Error):
            do(database, LONG)

    client = threading.Thread(target=ask)
    client.start()
    wait(lambda: do(database, IS_ASKED))
    _kill(postmaster(state))
    began = time.perf_counter()
    database.start()
    sys.stdout.write(f"start beside a leftover query {time.perf_counter() - began:.3f} s\n")
    client.join()
    assert do(database, "SELECT 1") == [(1,)]


def test_a_dead_server_that_its_parent_has_not_taken_away_is_no_obstacle(state, others):
    first = start_another(others, state)
    url, _ = told(first)
    do(url, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (1)")
    dead = postmaster(state)
    _kill(dead)
    assert Path(f"/proc/{dead}").exists(), "its parent waits for input"
    with postgres.server(state, HERE) as database:
        assert database.owns
        assert kept(database) == [1]


def test_it_ends_with_a_killed_parent_and_keeps_every_row(state, others):
    first = start_another(others, state)
    url, owns = told(first)
    assert owns
    do(url, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (1), (2)")
    process = postmaster(state)
    began = time.perf_counter()
    first.kill()
    wait(lambda: not lives(process))
    sys.stdout.write(f"gone after its parent in {time.perf_counter() - began:.3f} s\n")
    with postgres.server(state, HERE) as database:
        assert database.owns
        assert kept(database) == [1, 2]


def test_a_parent_killed_while_it_makes_the_database_leaves_nothing_half(state, others):
    first = start_another(others, state)
    wait(lambda: list((state / "postgres").glob("new-*/base")))
    first.kill()
    with postgres.server(state, HERE) as database:
        assert do(database, "SELECT 1") == [(1,)]
    assert list((state / "postgres").glob("new-*")) == []


def test_a_number_that_is_someone_elses_by_now_is_no_obstacle(database, state, others):
    database.stop()
    user = pwd.getpwnam(postgres_place.ordinary_user()).pw_uid if IS_ROOT else None
    stranger = subprocess.Popen(("sleep", "60"), user=user, text=True)
    others.append(stranger)
    home = state / "postgres"
    lines = (stranger.pid, home / "data", 1, 5432, home / "socket", "", "1 1", "ready   ")
    text = "".join(f"{line}\n" for line in lines)
    (home / "data" / "postmaster.pid").write_text(text)
    (home / "socket" / ".s.PGSQL.5432.lock").write_text(text)
    database.start()
    assert database.owns
    assert kept(database) == []


def test_a_server_that_will_not_start_shows_the_end_of_its_log(database, state):
    database.stop()
    (state / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(NoPostgres, match=r"(?s)did not start; the end of .*log:\n.*pg_control"):
        database.start()
    assert not database.owns


def test_a_thread_that_may_end_before_the_process_may_not_start_it(state):
    raised: list[BaseException] = []

    def start() -> None:
        try:
            postgres.server(state, HERE).start()
        except AssertionError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "in the main one" in str(raised[0])
