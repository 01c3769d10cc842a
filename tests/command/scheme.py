"""A small demo on a database of its own, and the commands run on it as people run them."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from loopbaan.adapters import postgres
from tests.command.cast import ROOT, Said

ORDER = """
INSERT INTO live_order
    (worker_id, received_at, ordered_on, guidance_language, channel, idempotency_key)
SELECT id, now(), now()::date, 'nl', 'web', gen_random_uuid() FROM live_worker ORDER BY random()
"""
LAB = ("--lab-share", "0.004", "--lab-runs", "4")
SMALL = ("--workers", "90", "--from", "2025-06-29", *LAB)


@dataclass(frozen=True)
class Installed:
    """An installation in a state folder; without an address its database starts itself."""

    state: Path
    url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """What its commands find in their environment."""
        ours = os.environ | {"LOOPBAAN_STATE": str(self.state), "LOOPBAAN_SANDBOX": "1"}
        ours |= {"PYTHONPATH": str(ROOT), "LOOPBAAN_OFFSET": "0"}
        ours.pop("DATABASE_URL", None)
        return ours | ({"DATABASE_URL": self.url} if self.url else {})

    def run(self, *words: object, **environ: str) -> Said:
        """Run a command until it ends."""
        done = subprocess.run(
            (sys.executable, "-m", "loopbaan", *map(str, words)),
            env=self.environ | environ,
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: object, **environ: str) -> subprocess.Popen[str]:
        """Start a command that runs until it is stopped."""
        return subprocess.Popen(
            (sys.executable, "-m", "loopbaan", *map(str, words)),
            env=self.environ | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def do(self, statement: str) -> list[tuple[object, ...]]:
        """Do something to the rows, or ask for some."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def count(self, table: str) -> int:
        """Count the rows of a table, maybe with a condition."""
        ((found,),) = self.do(f"SELECT count(*) FROM live_{table}")  # noqa: S608 (our own words)
        assert isinstance(found, int)
        return found

    def order(self, count: int) -> list[int]:
        """Let so many orders be received, of different workers."""
        rows = self.do(f"{ORDER} LIMIT {count} RETURNING id")
        assert len(rows) == count
        return [int(str(number)) for (number,) in rows]


@contextmanager
def copied(original: Installed, server: postgres.Server, folder: Path) -> Iterator[Installed]:
    """Give a copy of an installation, to be changed at will."""
    state = folder / "state"
    for name in ("keys", "bank", "mail"):
        shutil.copytree(original.state / name, state / name)
    name = f"copy_{uuid4().hex[:8]}"
    with psycopg.connect(server.url, autocommit=True, dbname="postgres") as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE loopbaan").format(sql.Identifier(name))
        connection.execute(words)
    try:
        yield Installed(state, server.url.replace("/loopbaan?", f"/{name}?"))
    finally:
        with psycopg.connect(server.url, autocommit=True, dbname="postgres") as connection:
            words = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(words)


def family(process: int) -> set[int]:
    """Return the processes that descend from one, itself among them."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (place / "stat").read_text().rpartition(")")[2].split()
            parents[int(place.name)] = int(stat[1])
    found = {process}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def living(processes: set[int]) -> set[int]:
    """Return those that still run."""
    found = set()
    for each in processes:
        with suppress(OSError):
            stat = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            found |= {each} if stat[0] not in "ZX" else set()
    return found


def wait(is_true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
