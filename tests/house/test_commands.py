"""The commands of the Makefile do what they say."""

import os
import re
import subprocess
import sys

import pytest

from loopbaan.command import COMMANDS
from tests.house.files import ROOT
from tools import check

READY = ["sh tools/setup.sh dev", "sh tools/browser.sh"]
TARGETS = {"help", "setup", "demo", "test", "check", "bench", "bench-peers", "requirements"}
TARGETS |= {"clean"}


def _make(*arguments: str) -> list[str]:
    # These tests run under make themselves: what it hands down must not be answered here.
    inherited = {"ARGS", "FRESH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "SERVE"}
    made = subprocess.run(
        ("make", *arguments),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in inherited},
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.splitlines()


def test_make_alone_lists_every_target_with_a_line_of_help():
    listed = dict(re.findall(r"^  make ([\w-]+) +(\S.*)$", "\n".join(_make()), re.MULTILINE))
    assert set(listed) == TARGETS


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [
        (["setup"], ["sh tools/setup.sh run"]),
        (["demo"], ["sh tools/setup.sh run", ".venv/bin/loopbaan demo"]),
        (["demo", "SERVE=0"], ["sh tools/setup.sh run", ".venv/bin/loopbaan demo --no-serve"]),
        (["demo", "FRESH=1"], ["sh tools/setup.sh run", ".venv/bin/loopbaan demo --fresh"]),
        (
            ["demo", "FRESH=1", "SERVE=0"],
            ["sh tools/setup.sh run", ".venv/bin/loopbaan demo --no-serve --fresh"],
        ),
        (["test"], [*READY, ".venv/bin/python -m pytest"]),
        (["test", "ARGS=-x"], [*READY, ".venv/bin/python -m pytest -x"]),
        (["check"], [*READY, ".venv/bin/python tools/check.py"]),
        (["bench"], ["sh tools/setup.sh dev", ".venv/bin/python -m bench"]),
        (
            ["bench-peers"],
            ["sh tools/setup.sh dev", "sh tools/peers.sh", ".venv/bin/python -m bench.peers"],
        ),
    ],
)
def test_a_target_sets_up_and_then_runs_one_command(arguments, commands):
    assert [line.strip() for line in _make("-n", *arguments)] == commands


def test_the_check_holds_format_lint_types_imports_and_tests():
    said = {name: " ".join(command[1:]) for name, command in check.PARTS.items()}
    said["imports"] = " ".join(check.PARTS["imports"]).rpartition("/")[2]
    assert said == {
        "format": "-m ruff format --check .",
        "lint": "-m ruff check .",
        "types": "-m mypy",
        "imports": "lint-imports --no-logo",
        "tests": "-m pytest",
    }


def test_the_check_runs_every_part_times_each_and_tells_the_truth(capfd):
    good = (sys.executable, "-c", "print('went well')")
    bad = (sys.executable, "-c", "raise SystemExit(3)")
    assert check.main({"first": bad, "gone": ("no-such-program",), "last": good}) == 1
    said = capfd.readouterr().out
    assert "went well" in said
    ends = re.findall(r"^  (\w+) +\d+\.\d s  (\w+)$", said, re.MULTILINE)
    assert ends == [("first", "FAILED"), ("gone", "FAILED"), ("last", "passed")]
    assert re.search(r"^  total +\d+\.\d s$", said, re.MULTILINE)


def test_a_check_without_a_failure_succeeds_and_one_without_a_part_does_not():
    assert check.main({"only": (sys.executable, "-c", "")}) == 0
    assert check.main({}) == 1


def test_the_machine_that_checks_a_change_runs_the_check_and_then_the_demo():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text("utf-8")
    assert "set -euo pipefail\n" in text
    assert text.endswith("\nmake check\nmake demo SERVE=0\n")


def test_what_is_deployed_runs_commands_that_there_are():
    kept = sorted((ROOT / "deploy").iterdir())
    said = {path.name: path.read_text("utf-8") for path in kept}
    run = {
        name: re.findall(r"/usr/lib/loopbaan/\.venv/bin/loopbaan (\S+)", text)
        for name, text in said.items()
    }
    assert run.pop("loopbaan-run") == ['"$@"']
    assert set(run) == {
        *("loopbaan.service", "loopbaan-books.service", "loopbaan-books.timer"),
        *("loopbaan-backup.service", "loopbaan-backup.timer"),
    }
    assert {command for each in run.values() for command in each} == {"serve", "books", "backup"}
    assert {"serve", "books", "backup"} <= set(COMMANDS)
    for name in (each for each in said if each.endswith(".service")):
        assert "User=loopbaan\n" in said[name], name
        assert "EnvironmentFile=/etc/loopbaan/environment\n" in said[name], name
    subprocess.run(("sh", "-n", ROOT / "deploy/loopbaan-run"), check=True)
    assert os.access(ROOT / "deploy/loopbaan-run", os.X_OK)
