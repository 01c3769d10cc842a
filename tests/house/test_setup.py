"""An environment is made once, made anew when it no longer fits, and never half believed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.files import ROOT

# Stands in for Python: it answers the probe, makes an environment out of a copy of itself and
# writes down what pip was asked to do.
STAND_IN = """#!/bin/sh
case "$1 ${2:-}" in
"- "*) cat >/dev/null; [ -z "${FAULT:-}" ] || echo "$2 $FAULT" ;;
"-c "*) echo "$0" ;;
"-I "*) : ;;
"-m venv") echo venv >>done; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
"-m pip")
    [ -z "${BROKEN:-}" ] || exit 1
    case "$*" in
    *run.txt) echo run >>done ;;
    *dev.txt) echo dev >>done ;;
    *"--editable .") echo project >>done; : >.venv/bin/loopbaan; chmod +x .venv/bin/loopbaan ;;
    esac ;;
esac
"""
NEEDED = ("cat", "cksum", "cp", "chmod", "dirname", "grep", "mkdir", "mv", "rm", "sed", "sh")


class House:
    """A house with nothing in it but what the setup reads, and a path with nothing else on it."""

    def __init__(self, place: Path) -> None:
        self.place = place / "a folder"
        self.path = place / "bin"
        self.path.mkdir()
        for tool in NEEDED:
            (self.path / tool).symlink_to(shutil.which(tool) or "")
        for name in ("pyproject.toml", "requirements/run.txt", "requirements/dev.txt"):
            (self.place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.place / name)
        (self.place / "tools").mkdir()
        shutil.copy(ROOT / "tools/setup.sh", self.place / "tools")

    def add(self, name: str, text: str = STAND_IN) -> None:
        (self.path / name).write_text(text)
        (self.path / name).chmod(0o755)

    def setup(self, want: str = "run", **asked: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ("sh", "tools/setup.sh", want),
            cwd=self.place,
            env={"PATH": os.fspath(self.path), **asked},
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            text=True,
        )

    def does(self, want: str = "run", **asked: str) -> list[str]:
        """What one setup did, if it went well."""
        (self.place / "done").unlink(missing_ok=True)
        went = self.setup(want, **asked)
        assert went.returncode == 0, went.stderr
        done = self.place / "done"
        return done.read_text().split() if done.exists() else []


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.add("python3.12")
    return made


def test_the_first_setup_makes_it_and_the_second_does_nothing(house):
    assert house.does() == ["venv", "run", "project"]
    assert house.does() == []
    assert house.setup().stderr == ""


def test_the_checks_are_added_to_an_environment_and_not_taken_away_again(house):
    house.does()
    assert house.does("dev") == ["dev", "project"]
    assert house.does("run") == []
    assert house.does("dev") == []


def test_the_checks_alone_need_one_round(house):
    assert house.does("dev") == ["venv", "dev", "project"]


def test_an_interrupted_setup_leaves_nothing_that_the_next_one_believes(house):
    assert house.setup(BROKEN="1").returncode == 1
    assert house.does() == ["venv", "run", "project"]
    assert house.setup("dev", BROKEN="1").returncode == 1
    assert house.does() == ["venv", "run", "project"]


def test_a_moved_folder_gets_a_new_environment(house):
    house.does()
    house.place = house.place.rename(house.place.with_name("elsewhere"))
    assert house.does() == ["venv", "run", "project"]


def test_a_python_that_is_gone_gets_a_new_environment(house):
    house.does()
    (house.place / ".venv/bin/python").unlink()
    assert house.does() == ["venv", "run", "project"]


@pytest.mark.parametrize(("want", "changed"), [("run", "run"), ("dev", "dev"), ("dev", "run")])
def test_changed_requirements_make_a_new_environment(house, want, changed):
    house.does(want)
    with (house.place / f"requirements/{changed}.txt").open("a") as file:
        file.write("# changed\n")
    assert house.does(want) == ["venv", want, "project"]


def test_a_changed_project_is_installed_again_in_its_place(house):
    house.does("dev")
    with (house.place / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert house.does("run") == ["dev", "project"]


def test_a_named_python_is_taken_and_another_one_makes_a_new_environment(house):
    house.add("my python")
    assert "my python" in house.setup(PYTHON="my python").stderr
    assert house.does(PYTHON="my python") == []
    assert house.does() == []
    assert house.does(PYTHON="python3.12") == ["venv", "run", "project"]


def test_a_name_on_the_path_that_does_not_run_is_passed_over(house):
    house.add("python3.14", "#!/bin/sh\nexit 127\n")
    house.add("python3.13", "#!/no/such/program\n")
    said = house.setup().stderr
    assert f"with {house.path}/python3.12" in said


def test_without_a_python_that_will_do_a_sentence_says_what_to_install(house):
    (house.path / "python3.12").unlink()
    went = house.setup()
    assert went.returncode == 1
    assert went.stderr.startswith("setup: no Python 3.11 up to 3.14 here: install one")
    assert not (house.place / ".venv").exists()


@pytest.mark.parametrize("asked", [{}, {"PYTHON": "python3.12"}])
def test_a_python_that_cannot_make_an_environment_says_what_to_install(house, asked):
    fault = "cannot make an environment of its own: `apt install python3.12-venv`"
    went = house.setup(FAULT=fault, **asked)
    assert went.returncode == 1
    assert went.stderr == f"setup: python3.12 {fault}\n"


def test_a_named_python_that_is_too_old_is_refused(house):
    went = house.setup(FAULT="is Python 3.9: 3.11 up to 3.14 is needed", PYTHON="python3.12")
    assert went.returncode == 1
    assert went.stderr == "setup: python3.12 is Python 3.9: 3.11 up to 3.14 is needed\n"
