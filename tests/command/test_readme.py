"""What the READMEs show of Bram is what the command prints, letter by letter, in both languages."""

import re
import shlex
from pathlib import Path

import pytest

from loopbaan.command import main

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"```[a-z]*\n\$ \.venv/bin/loopbaan (explain [^\n]*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("paper", "lang"), [("README.md", "en"), ("README.nl.md", "nl")])
def test_bram_reads_in_the_readme_what_the_command_tells_him(
    paper: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ((command, shown),) = SHOWN.findall((ROOT / paper).read_text("utf-8"))
    assert f"--id bram --lang {lang}" in command
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.strip() == shown.strip()
