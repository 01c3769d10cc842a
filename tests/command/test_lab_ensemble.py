"""`loopbaan lab ensemble` and `backtest`, as they are typed: stopped, resumed, and on a cluster."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loopbaan.lab import ensemble, targets

SHARE = "0.01"
SHORT = """\
title: A short one
author: An
source: hypothetical
first: 2024-10
last: 2025-06
"""
LOOPBAAN = (sys.executable, "-m", "loopbaan")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def short(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text(SHORT, "utf-8")
    return path


def _members(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / ensemble.MEMBERS).iterdir()}


def test_an_ensemble_is_told_on_a_page_and_kept(loopbaan, short, cache, tmp_path):
    out = tmp_path / "out"
    said = loopbaan(
        "lab", "ensemble", short, "--seeds", 12, "--share", "0.002", "--cache", cache, "--out", out
    )
    assert said.code == 0, said
    assert "12 runs of" in said.out
    assert "vouchers started in 2025" in said.out
    assert "12 of 12 runs" in said.err
    assert (out / "summary.txt").read_text("utf-8") == said.out
    with (out / "bands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"low", "central", "high"} <= set(rows[0])
    found = ensemble.read(out)
    assert found.draws.height == 12
    assert (out / "sensitivity.csv").read_text("utf-8").count("\n") > 10


def test_a_page_is_in_dutch_when_asked(loopbaan, short, cache):
    said = loopbaan(
        *("lab", "ensemble", short, "--seeds", 2, "--share", "0.002"),
        *("--cache", cache, "--lang", "nl"),
    )
    assert "opgestarte cheques in 2025" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cap-100",), "cap-100"),
        (("short.yaml", "--seeds", "0"), "--seeds"),
        (("short.yaml", "--share", "7"), "share 7"),
        (("short.yaml", "--out", "short.yaml"), "is a file"),
        (("short.yaml", "--cluster", "tcp://127.0.0.1:9"), "no cluster answers at"),
    ],
)
def test_what_cannot_be_played_gets_a_sentence(loopbaan, short, cache, words, said):
    if "--cluster" in words:
        pytest.importorskip("distributed")
    found = loopbaan("lab", "ensemble", *words, "--cache", cache)
    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert short.exists()


def test_ctrl_c_stops_and_the_same_command_goes_on(cache, tmp_path, short):
    out = tmp_path / "out"
    words = ("lab", "ensemble", str(short), "--seeds", "40", "--share", SHARE)
    words = (*words, "--cache", str(cache), "--out", str(out))
    begun = subprocess.Popen(
        (*LOOPBAAN, *words), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert begun.stderr is not None
    for line in begun.stderr:
        if line.split()[2:4] == ["2", "of"]:
            break
    os.killpg(begun.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == 130, said
    assert "Traceback" not in said
    kept = _members(out)
    assert 2 <= len(kept) < 40
    words = ("lab", "ensemble", str(short), "--seeds", str(len(kept) + 2), *words[5:])
    again = subprocess.run((*LOOPBAAN, *words), capture_output=True, text=True, check=True)
    assert f"{len(kept)} of them there already" in again.stderr
    assert kept.items() <= _members(out).items()
    assert len(_members(out)) == len(kept) + 2


def test_a_card_is_printed_whatever_the_score(loopbaan, cache, tmp_path):
    words = ("lab", "backtest", "--seeds", 2, "--share", "0.002", "--cache", cache)
    said = loopbaan(*words, "--out", tmp_path / "out")
    assert said.code == 0, said
    fitted, predicted = said.out.index("FITTED"), said.out.index("PREDICTED")
    assert fitted < said.out.index("first vouchers started 2019") < predicted
    assert predicted < said.out.index("first vouchers started 2021")
    assert "about 18 % above 2021" in said.out
    again = loopbaan("lab", "backtest", "--from", tmp_path / "out")
    assert again.out == said.out
    assert (tmp_path / "out" / "backtest.txt").read_text("utf-8") == said.out


@pytest.mark.parametrize(
    ("name", "draws", "said"),
    [
        ("no-measure", 1, "scenario, scenario_hash, rulebook differ"),
        ("cap-1000", 0, "draws differ"),
    ],
)
def test_runs_of_something_else_are_no_score_card(loopbaan, cache, tmp_path, name, draws, said):
    words = ("--seeds", 1, "--draws", draws, "--share", "0.002", "--cache", cache)
    assert loopbaan("lab", "ensemble", name, *words, "--out", tmp_path / "x").code == 0
    found = loopbaan("lab", "backtest", "--from", tmp_path / "x")
    assert found.code == 2
    assert f"holds no runs of what happened ({said})" in found.err
    assert found.out == ""


def test_runs_of_an_old_fit_are_no_score_card(loopbaan, cache, tmp_path):
    words = ("--seeds", 1, "--share", "0.002", "--cache", cache)
    assert loopbaan("lab", "ensemble", "cap-1000", *words, "--out", tmp_path / "x").code == 0
    about = tmp_path / "x" / ensemble.ABOUT
    about.write_text(json.dumps({**json.loads(about.read_text("utf-8")), "fitted": "before"}))
    found = loopbaan("lab", "backtest", "--from", tmp_path / "x")
    assert (found.code, found.out) == (2, "")
    assert "(fitted differ)" in found.err


def test_a_published_figure_that_no_run_counts_is_named(loopbaan, cache, tmp_path):
    text = targets.FILE.read_text("utf-8")
    path = tmp_path / "targets.csv"
    path.write_text(text.replace("voucher1_used,2021,", "voucher1_used,2021-03,"), "utf-8")
    words = ("lab", "backtest", "--seeds", 1, "--share", "0.002", "--cache", cache)
    said = loopbaan(*words, "--targets", path)
    assert said.code == 0
    assert "and no others: voucher1_used 2021-03." in said.out
    assert "and no others" not in loopbaan(*words).out


def test_a_series_that_is_fitted_and_predicted_in_the_same_days_ends_in_one(loopbaan, tmp_path):
    text = targets.FILE.read_text("utf-8")
    moved = text.replace("voucher1_used,2020,17753", "voucher1_used,2019-07/2020-06,17753")
    path = tmp_path / "targets.csv"
    path.write_text(moved, "utf-8")
    said = loopbaan("lab", "backtest", "--targets", path)
    assert said.code == 1
    assert "voucher1_used: fitted on 2019, and predicted for 2019-07/2020-06" in said.err
    assert said.out == ""


def test_a_fit_is_shown_and_not_written(loopbaan, cache):
    said = loopbaan("lab", "calibrate", "--share", "0.002", "--cache", cache, "--rounds", 1)
    assert said.code == 0
    assert "awareness_half_years" in said.out
    assert "written" not in said.out


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two worker processes on this machine, as `dask` starts them."""
    where = folder / "scheduler.json"
    dask = (sys.executable, "-m", "dask")
    own = ("--scheduler-file", str(where))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    scheduler = (*dask, "scheduler", *own, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    worker = (*dask, "worker", *own, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard")
    begun = [subprocess.Popen((*scheduler, "--no-show"), **quiet)]
    try:
        until = time.monotonic() + 60
        while not where.exists():
            assert begun[0].poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        begun += [subprocess.Popen((*worker, "--no-nanny"), **quiet) for _ in range(2)]
        yield str(where)
    finally:
        for process in reversed(begun):
            process.kill()  # nothing of it is kept, and a worker may take long to say goodbye
        for process in begun:
            process.wait(30)


def test_a_cluster_of_two_workers_gives_the_same_bytes_seed_by_seed(cache, tmp_path, short):
    pytest.importorskip("distributed")
    words = ("lab", "ensemble", str(short), "--seeds", "20", "--share", SHARE)
    words = (*words, "--cache", str(cache))
    here, there = tmp_path / "here", tmp_path / "there"
    subprocess.run((*LOOPBAAN, *words, "--out", str(here)), check=True, capture_output=True)
    with _cluster(tmp_path) as where:
        address = json.loads(Path(where).read_text("utf-8"))["address"]
        assert address.startswith("tcp://127.0.0.1:")
        said = subprocess.run(
            (*LOOPBAAN, *words, "--out", str(there), "--cluster", address),
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 0, said.stderr
    assert len(_members(here)) == 20
    assert _members(here) == _members(there)
    assert (here / "bands.csv").read_bytes() == (there / "bands.csv").read_bytes()
