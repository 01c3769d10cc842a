"""The processes of an installation that a test started, found by descent and killed by their id."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.installation import Installation

PROC = Path("/proc")


@dataclass(frozen=True)
class Running:
    """A process, its parent, and the words it was started with."""

    process: int
    parent: int
    words: str


def family(site: Installation) -> list[Running]:
    """The processes under `serve`, whoever their parent; itself not among them."""
    assert site.process is not None, "it was not started"
    running = [each for place in PROC.glob("[0-9]*") if (each := _read(place))]
    found, parents = [], {site.process.pid}
    while parents:
        children = [each for each in running if each.parent in parents]
        found += children
        parents = {each.process for each in children}
    return found


def victims(site: Installation, kind: str) -> list[int]:
    """The ids of what is to be killed: of one kind, or all of them with `serve` itself."""
    assert site.process is not None, "it was not started"
    running = family(site)
    ours = {each.process for each in running}
    web = [each for each in running if "gunicorn" in each.words]
    base = [each for each in running if _is_database(each)]
    chosen = {
        # The master of the pages, and one of the processes that answer.
        "web": [each for each in web if each.parent == site.process.pid],
        "answering": [each for each in web if each.parent != site.process.pid],
        "worker": [each for each in running if each.words.endswith("loopbaan\0work")],
        "pages": web,
        # The database, and one of the processes of a connection.
        "database": [each for each in base if each.parent == site.process.pid],
        "connection": [each for each in base if "[local]" in each.words],
        "all": running,
    }[kind]
    ids = [each.process for each in chosen]
    assert set(ids) <= ours, "only what the test started"
    if kind == "all":
        return [site.process.pid, *ids]
    return ids if kind == "pages" else ids[:1]


def kill(processes: list[int]) -> None:
    """Kill, as kill -9 does; what had ended already is left."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def wait_until_gone(processes: list[int]) -> None:
    """Wait until none of these runs; whoever takes them away."""
    deadline = time.monotonic() + 10
    while any(_read(PROC / str(process)) for process in processes):
        assert time.monotonic() < deadline, "a process that was killed still runs"
        time.sleep(0.02)


def _read(place: Path) -> Running | None:
    """Read a process; None if it has ended, taken away or not."""
    with suppress(OSError):
        words = (place / "cmdline").read_bytes().decode(errors="replace").rstrip("\0")
        # After the name, which may hold anything: the state, and the parent.
        state, parent = (place / "stat").read_text().rpartition(")")[2].split()[:2]
        if state not in "ZX":
            return Running(int(place.name), int(parent), words)
    return None


def _is_database(running: Running) -> bool:
    program = running.words.partition("\0")[0]
    return Path(program).name == "postgres" or program.startswith("postgres: ")
