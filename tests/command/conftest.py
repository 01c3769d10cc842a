"""The command line, called as its users call it, in a folder of its own."""

from collections.abc import Callable

import pytest

from loopbaan.command import main
from tests.command.cast import Said


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
