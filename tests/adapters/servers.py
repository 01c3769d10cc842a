"""What the tests of the database ask of servers and of processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from loopbaan.adapters.postgres import Server

HERE = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
IS_ROOT = os.geteuid() == 0
ANOTHER = """
import sys
from pathlib import Path
from loopbaan.adapters import postgres
with postgres.server(Path(sys.argv[1])) as database:
    print(database.url, database.owns, flush=True)
    sys.stdin.read()
"""


def start_another(others: list[subprocess.Popen[str]], state: Path) -> subprocess.Popen[str]:
    words = (sys.executable, "-c", ANOTHER, str(state))
    pipe = subprocess.PIPE
    others.append(subprocess.Popen(words, env=HERE, stdin=pipe, stdout=pipe, text=True))
    return others[-1]


def told(process: subprocess.Popen[str]) -> tuple[str, bool]:
    assert process.stdout
    url, _, owns = process.stdout.readline().strip().partition(" ")
    return url, owns == "True"


def do(database: Server | str, statement: str) -> list[tuple[object, ...]]:
    url = database if isinstance(database, str) else database.url
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def kept(database: Server) -> list[object]:
    return [row[0] for row in do(database, "SELECT number FROM kept ORDER BY number")]


def postmaster(state: Path) -> int:
    return int((state / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])


def lives(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        said = Path(f"/proc/{process}/stat").read_text()
        return said.rpartition(")")[2].split()[0] != "Z"
    return False


def wait(is_true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
