"""`loopbaan` itself: help, version, what it does when it is stopped, and where its output goes."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import loopbaan
from loopbaan.command import COMMANDS, decide
from tests.command.cast import AN, BRAM, ROOT, case, child, write_csv, write_text, write_yaml

LONG = 400_000  # rows: some seconds of work


@pytest.mark.parametrize("word", ["-h", "--help", "help"])
def test_help_lists_every_command_with_what_it_does(loopbaan, word):
    said = loopbaan(word)
    assert (said.code, said.err) == (0, "")
    listed = dict(re.findall(r"^  (\w+) +(\S.*)$", said.out, re.MULTILINE))
    assert listed == COMMANDS


def test_without_a_command_the_help_is_shown_and_nothing_was_done(loopbaan):
    assert (loopbaan().code, loopbaan().out) == (2, loopbaan("--help").out)


def test_the_version_is_that_of_the_package(loopbaan):
    assert loopbaan("--version").out == f"loopbaan {_version()}\n"


def _version():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    return re.search(r'^version = "(.+)"$', text, re.MULTILINE)[1]


def test_an_unknown_command_is_told_with_the_known_ones(loopbaan):
    said = loopbaan("decid", "x.csv")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "loopbaan: there is no command 'decid'; commands: law, decide, explain,"
        " serve, work, books, backup, restore, export, lab, calculate, demo\n"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(loopbaan, command):
    said = loopbaan(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: loopbaan {command} ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["decide"], "loopbaan decide: name at least one FILE"),
        (["decide", "x.txt"], "x.txt: expected a name that ends in .yaml, .csv or .parquet"),
        (["decide", "x.csv", "--jsn"], "unrecognized arguments: --jsn"),
        (["decide", "x.csv", "--on", "2025-02-29"], "'2025-02-29' is no day; write it like 2025-"),
        (["decide", "x.csv", "--known-on", "1.2.2025"], "'1.2.2025' is no day"),
        (["decide", "x.csv", "--reading", "month"], "no reading 'month'; did you mean months? ("),
        (["decide", "x.csv", "--lang", "fr"], "invalid choice: 'fr'"),
        (["decide", "x.csv", "--out", "x.csv"], "--out: would write over the input"),
        (["decide", "x.csv", "--out", "./y/../x.csv"], "--out: would write over the input"),
        (["decide", "x.csv", "--out", "y.yaml"], "--out: expected a name that ends in .csv"),
        (["decide", "x.csv", "z.csv", "--out", "y.csv"], "--out writes one file; give one FILE"),
        (["explain", "x.csv"], "the following arguments are required: --id"),
        (["law", "--on", "tomorrow"], "'tomorrow' is no day; write it like 2025-03-01"),
        (["law", "--diff", "2025-03-01"], "argument --diff: expected 2 arguments"),
    ],
)
def test_a_wrong_word_on_the_line_is_told_in_one_sentence(loopbaan, words, sentence):
    Path("y").mkdir()
    said = loopbaan(*words)
    assert (said.code, said.out, len(said.faults)) == (2, "", 1)
    assert sentence in said.err
    assert said.err.endswith(f"see loopbaan {words[0]} --help\n")


def test_the_out_file_may_not_be_the_input_by_another_name(loopbaan):
    write_csv("x.csv", AN)
    Path("y.csv").symlink_to("x.csv")
    said = loopbaan("decide", "x.csv", "--out", "y.csv")
    assert (said.code, "would write over the input" in said.err) == (2, True)


def test_out_in_a_folder_that_is_not_there_or_onto_a_folder_leaves_nothing(loopbaan):
    path = write_csv("x.csv", AN)
    said = loopbaan("decide", path, "--out", "nowhere/y.csv")
    expected = "nowhere/y.csv: cannot be written: No such file or directory"
    assert (said.code, said.faults) == (2, [expected])
    Path("y.csv").mkdir()
    said = loopbaan("decide", path, "--out", "y.csv")
    assert (said.code, said.faults) == (2, ["y.csv: cannot be written: Is a directory"])
    assert sorted(each.name for each in Path().iterdir()) == ["x.csv", "y.csv"]


def test_out_replaces_an_older_file_only_when_it_is_whole(loopbaan):
    Path("out.csv").write_text("of yesterday", "utf-8")
    path = write_csv("x.csv", AN)
    whole = path.read_text("utf-8")
    path.write_text(whole + "\0", "utf-8")
    assert loopbaan("decide", path, "--out", "out.csv").code == 2
    assert Path("out.csv").read_text("utf-8") == "of yesterday"
    path.write_text(whole, "utf-8")
    assert loopbaan("decide", path, "--out", "out.csv").code == 0
    assert Path("out.csv").read_text("utf-8").startswith("id,ordered_on,")
    assert sorted(each.name for each in Path().iterdir()) == ["out.csv", "x.csv"]


def test_it_runs_as_a_module_too():
    said = child("decide", write_yaml("cast.yaml", AN, BRAM), "--json")
    assert (said.code, said.err) == (0, "")
    assert [json.loads(line)["may_order"] for line in said.out.splitlines()] == [True, False]
    assert child("--version").out == f"loopbaan {loopbaan.__version__}\n"
    assert child("decide", "gone.yaml").code == 2


def _piped(words, reader):
    """Run the command with a reader that soon has enough, and return its own exit code."""
    line = f'{{ "$0" -m loopbaan {words}; echo $? > code; }} | {reader}'
    done = subprocess.run(
        ("sh", "-c", line, sys.executable),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Path("code").read_text("utf-8").strip(), done.stdout, done.stderr


def test_who_has_seen_enough_ends_it_without_a_word():
    write_csv("x.csv", *(case(id=f"w{number}") for number in range(2_000)))
    code, out, err = _piped("decide x.csv --json", "head -n 1")
    assert (code, json.loads(out)["id"], err) == ("0", "w0", "")
    assert _piped("--help", "true") == ("0", "", "")
    assert _piped("law", "head -c 1")[::2] == ("0", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_an_output_that_is_full_is_told():
    write_csv("x.csv", AN)
    for words in ("law", "decide x.csv", "decide x.csv --json", "--help"):
        code, _, err = _piped(f"{words} > /dev/full", "cat")
        expected = "loopbaan: the output cannot be written: No space left on device\n"
        assert (code, err) == ("2", expected)


def test_an_output_that_does_not_know_a_sign_shows_its_code(monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    said = child("explain", write_yaml("an.yaml", AN), "--id", "an")
    assert (said.code, said.err) == (0, "")
    assert "\\u20ac 45,00" in said.out


def test_stopped_by_hand_it_leaves_no_half_file_and_says_so():
    (row,) = write_csv("one.csv", AN).read_text("utf-8").splitlines()[1:]
    header = Path("one.csv").read_text("utf-8").splitlines()[0]
    rows = (row.replace("an,", f"w{number},", 1) for number in range(LONG))
    write_text("long.csv", header, *rows)
    with subprocess.Popen(
        (sys.executable, "-m", "loopbaan", "decide", "long.csv", "--out", "out.csv"),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        _wait_for(Path(".out.csv.part"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err.endswith("\nstopped; nothing half done was left\n")
    assert "Traceback" not in err
    assert sorted(path.name for path in Path().iterdir()) == ["long.csv", "one.csv"]


def _wait_for(path):
    deadline = time.monotonic() + 30
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < deadline, f"{path} was never begun"
        time.sleep(0.01)


def test_stopped_while_it_starts_it_says_so_too(loopbaan, monkeypatch):
    def stopped(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", stopped)
    said = loopbaan("decide", "x.csv")
    assert (said.code, said.err) == (130, "\nstopped; nothing half done was left\n")


def test_long_work_tells_how_far_it_is(loopbaan, monkeypatch):
    monkeypatch.setattr("loopbaan.command.progress.FIRST_AFTER", 0.0)
    said = loopbaan("decide", write_csv("x.csv", AN), "--json")
    assert (said.code, said.err.strip()) == (0, "x.csv: 1 rows in 0 s")
    assert len(said.out.splitlines()) == 1


def test_the_exit_codes_in_the_help_are_those_that_are_given():
    assert (decide.BAD, decide.DIFFERS) == (2, 1)
    assert "Exit code 2: a row is bad or a file cannot be read; 1:" in decide.EPILOG
