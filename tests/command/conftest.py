"""The command line, called as its users call it, in a folder of its own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loopbaan.adapters import postgres
from loopbaan.adapters.postgres import Server
from loopbaan.command import main
from tests.command.cast import Said
from tests.command.scheme import SMALL, Installed, copied


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def loopbaan(capsys) -> Callable[..., Said]:
    def call(*words: object) -> Said:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@contextmanager
def _folder_for_a_database() -> Iterator[Path]:
    # Not pytest's own, which is closed to the user that root becomes.
    made = Path(tempfile.mkdtemp(prefix="loopbaan-demo-")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in which a database can start itself."""
    with _folder_for_a_database() as made:
        yield made


@pytest.fixture(scope="session")
def demo() -> Iterator[Installed]:
    """A small demo, filled; its database runs only while something uses it."""
    with _folder_for_a_database() as made:
        small = Installed(made / "state")
        said = small.run("demo", "--no-serve", "--state", small.state, *SMALL)
        assert said.code == 0, said
        yield small


@pytest.fixture
def server(demo: Installed) -> Iterator[Server]:
    """The database of the small demo, running."""
    with postgres.server(demo.state, demo.environ) as started:
        yield started


@pytest.fixture
def copy(demo: Installed, server: Server, tmp_path: Path) -> Iterator[Installed]:
    """A copy of the small demo, to be changed at will."""
    with copied(demo, server, tmp_path) as made:
        yield made
