"""`loopbaan lab`: runs that are equal to the byte, sentences for what cannot be, five questions."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from loopbaan import lab
from loopbaan.command import lab as command
from loopbaan.lab import running, scenario
from tests.command.cast import ROOT
from tests.command.scheme import Installed

SMALL = ("--share", "0.01")
ANSWERS = ["Cheaper", "An", "share_cents", "3000", "2026-03-01"]


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Where the tests keep their populations: they are built once."""
    return tmp_path_factory.mktemp("populations")


@pytest.fixture(autouse=True)
def _cache(kept, monkeypatch):
    monkeypatch.setattr(running, "default_cache", lambda: kept)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_two_runs_are_equal_to_the_byte_and_say_what_they_rest_on(loopbaan):
    first = loopbaan("lab", "run", "cap-1000", *SMALL, "--seed", 1, "--out", "one")
    second = loopbaan("lab", "run", "cap-1000", *SMALL, "--seed", 1, "--out", "two")
    assert (first.code, second.code) == (0, 0)
    assert _files(Path("one")) == _files(Path("two"))
    for stamp in ("seed", "commit", "rulebook", "scenario_hash", "population"):
        assert re.search(rf"^{stamp} +\w", first.out, re.MULTILINE)
    assert Path("one/summary.txt").read_text("utf-8") in first.out
    other = loopbaan("lab", "run", "cap-1000", *SMALL, "--seed", 2)
    assert other.out != first.out


@pytest.mark.parametrize("name", scenario.names())
def test_a_scenario_comes_out_as_expected(name, kept):
    chosen = scenario.load(name)
    expected = pl.read_csv(chosen.path.with_suffix(".csv"))
    came = lab.play(chosen, seed=1, share=0.01, cache=kept).outcomes["by_year"]
    assert came.cast(pl.Int64).equals(expected.cast(pl.Int64))


def test_centres_at_risk_of_a_part_are_not_told_but_how_to_know_them(loopbaan):
    said = loopbaan("lab", "run", "cap-1000", *SMALL)
    assert "The same command without --share tells them." in said.out
    assert "may stop in a year" not in said.out
    beside = loopbaan("lab", "compare", "cap-1000", "cap-1000", *SMALL, "--lang", "nl")
    assert "Hetzelfde commando zonder --share vertelt het." in beside.out
    assert "in gevaar in de ergste maand" not in beside.out


def test_runs_are_compared_by_name_and_as_they_were_written(loopbaan):
    assert loopbaan("lab", "run", "cap-1000", *SMALL, "--out", "one").code == 0
    said = loopbaan("lab", "compare", "one", "draw-1000", *SMALL, "--lang", "nl")
    assert said.code == 0
    assert said.out.startswith("cap-1000 | draw-1000\n")
    assert "WENSEN DIE EEN PLAATS KREGEN, eerste bestelling sinds 2025-03-01" in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "cap-100"), "there is no scenario 'cap-100'; did you mean cap-1000?"),
        (("run", "cap-1000", "--share", "1.5"), "share 1.5: expected a part of"),
        (("run", "cap-1000", "--share", "inf"), "share inf: expected a part of"),
        (("run", "cap-1000", "--seed", "-1"), "seed -1: expected a whole number"),
        (("run", "cap-1000", "--seed", "x"), "invalid int value: 'x'"),
        (("compare", "cap-1000", "gone.yaml"), "gone.yaml: there is no such file"),
        (("compare", "cap-1000", "."), "holds no run"),
        (("twin", "gone"), "gone: is no folder; make one with loopbaan export"),
        (("play", "cap-1000"), "there is no command 'play'"),
        (("run", "cap-1000", "--out", "letter"), "letter: is a file; name a new folder"),
        (("run", "bad.yaml"), "bad.yaml: policy.share_cent: unknown number; did you mean"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words, sentence, loopbaan):
    Path("letter").write_text("mine")
    bad = "title: a\nauthor: b\nsource: c\npolicy: {share_cent: {unit: cents, lines: []}}\n"
    Path("bad.yaml").write_text(bad)
    said = loopbaan("lab", *words)
    assert said.code == 2
    assert sentence in said.err
    assert len([line for line in said.err.splitlines() if not line.startswith("  ")]) == 1


@pytest.mark.parametrize("name", [None, *command.COMMANDS])
def test_the_help_teaches(name, loopbaan):
    said = loopbaan("lab", *([] if name is None else [name]), "--help")
    assert said.code == 0
    assert "usage: loopbaan lab" in said.out
    assert loopbaan("lab").code == 2


def _answer(loopbaan, monkeypatch, *answers: str):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in answers)))
    return loopbaan("lab", "new", "mine.yaml")


def test_five_answers_make_a_scenario_that_can_be_played(loopbaan, monkeypatch):
    said = _answer(loopbaan, monkeypatch, *ANSWERS)
    assert (said.code, said.err) == (0, "")
    assert re.findall(r"^(\d)\. ", said.out, re.MULTILINE) == list("12345")
    chosen = scenario.load(Path("mine.yaml"))
    assert (chosen.title, chosen.author) == ("Cheaper", "An")
    (line,) = chosen.policy["share_cents"]["lines"]
    assert (line["from"], line["value"]) == ("2026-03-01", 3000)


@pytest.mark.parametrize(
    ("place", "bad", "sentence"),
    [
        (0, "", "write a few words"),
        (2, "share_cent", "there is no number 'share_cent'; did you mean share_cents?"),
        (3, "30 euro", "value '30 euro' is not a whole number of cents"),
        (3, "100001", "value 100001 is out of bounds; cents from 0 to 100000"),
        (4, "2012-01-01", "from 2012-01-01 is before the scheme, which begins on 2013-07-01"),
        (4, "soon", "'soon' is no day; write it like 2026-03-01"),
    ],
)
def test_a_bad_answer_is_refused_with_a_sentence_and_asked_again(
    place, bad, sentence, loopbaan, monkeypatch
):
    said = _answer(loopbaan, monkeypatch, *ANSWERS[:place], bad, *ANSWERS[place:])
    assert said.code == 0
    assert sentence in said.err
    assert said.err.endswith("; please answer again\n")
    assert scenario.load(Path("mine.yaml")).title == "Cheaper"


@pytest.mark.parametrize(
    ("number", "answer", "value"),
    [
        ("allocation", "draw", "draw"),
        ("carry_over", "yes", True),
        ("cap_per_month", "none", None),
        ("cap_per_month", "2000", 2000),
    ],
)
def test_words_truths_and_the_end_of_a_number_can_be_answered(
    number, answer, value, loopbaan, monkeypatch
):
    asked = ('Say "no": a \\ title', "An", number, answer, "2025-03-01")
    assert _answer(loopbaan, monkeypatch, *asked).code == 0
    chosen = scenario.load(Path("mine.yaml"))
    assert chosen.title == asked[0]
    assert chosen.policy[number]["lines"][0]["value"] == value


def test_answers_that_end_too_soon_write_nothing_and_a_file_is_never_overwritten(
    loopbaan, monkeypatch
):
    said = _answer(loopbaan, monkeypatch, *ANSWERS[:4])
    assert said.code == 2
    assert "the answers ended too soon; nothing is written" in said.err
    assert list(Path().iterdir()) == []
    Path("mine.yaml").write_text("mine")
    said = _answer(loopbaan, monkeypatch, *ANSWERS)
    assert (said.code, "is there already; name a new file" in said.err) == (2, True)
    assert Path("mine.yaml").read_text() == "mine"


def test_the_twin_of_the_demo_decides_every_order_as_the_demo_did(
    copy: Installed, tmp_path: Path
) -> None:
    exported = tmp_path / "export"
    assert copy.run("export", exported).code == 0
    said = copy.run("lab", "twin", exported)
    assert said.code == 0
    assert re.match(r"\d+ decisions taken again, \d+ of them under a cap: 0 differences", said.out)
    path = exported / "decisions.csv"
    path.write_text(path.read_text("utf-8").replace(",granted,", ",lost,", 1), "utf-8")
    said = copy.run("lab", "twin", exported)
    assert said.code == 1
    assert "outcome is lost in the scheme and granted here" in said.out


def test_ctrl_c_leaves_no_half_file(tmp_path: Path) -> None:
    words = ("lab", "run", "cap-1000", "--share", "0.2", "--out", "here", "--cache", "cache")
    with subprocess.Popen(
        (sys.executable, "-m", "loopbaan", *words),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(20) == 130
    assert "nothing half done was left" in rest
    assert not (tmp_path / "here").exists()
    assert [path.name for path in tmp_path.iterdir()] in ([], ["cache"])
    cache = tmp_path / "cache"
    assert not cache.exists() or not [*cache.glob(".*")]


def test_the_five_lines_of_the_paper_give_a_frame(capsys):
    paper = (ROOT / "docs/lab.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", paper, re.DOTALL)
    lines = [line for line in code.splitlines() if line]
    assert len(lines) <= 5
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 (what the paper shows is what runs)
    orders = names["orders"]
    assert isinstance(orders, pl.DataFrame)
    assert orders.height > 1_000
    assert "education" in capsys.readouterr().out


def test_the_scenario_of_the_paper_can_be_played():
    paper = (ROOT / "docs/lab.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", paper, re.DOTALL)
    Path("paper.yaml").write_text(text, "utf-8")
    assert scenario.load(Path("paper.yaml")).behaviour == {"retry_next_month": "0.7"}
    listed = re.findall(r"^\| `([\w-]+)` \|", paper, re.MULTILINE)
    assert set(scenario.names()) <= set(listed)


def test_the_commit_is_that_of_the_checkout_or_the_version():
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?|\d+\.\d+\.\d+", command.commit())
