"""A place for servers, a server, and processes that end with their test."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopbaan.adapters import postgres
from loopbaan.adapters.postgres import Server
from tests.adapters.servers import HERE, do


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own, which is closed to the user that root becomes.
    made = Path(tempfile.mkdtemp(prefix="loopbaan test ")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def state(folder) -> Path:
    return folder / "state"


@pytest.fixture
def database(state) -> Iterator[Server]:
    """A server of this machine's own, started, with a table of numbers."""
    with postgres.server(state, HERE) as started:
        do(started, "CREATE TABLE kept (number int PRIMARY KEY)")
        yield started


@pytest.fixture
def others() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes a test starts; one with an input ends when that is closed."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.stdin is None:
            process.kill()
        process.communicate(timeout=30)
