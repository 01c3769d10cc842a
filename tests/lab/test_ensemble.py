"""Ensembles: the same bytes whoever plays a member, kept when stopped, laid over each other."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import bands, ensemble, fitted, member, population, rights, running
from loopbaan.law.checks import UnreadableFile
from tests.lab.many import SHARE, short


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


class Here(Executor):
    """Plays in this process, and breaks off when told to."""

    def __init__(self, after: int | None = None) -> None:
        self.played, self.after = 0, after

    def submit(self, task: Callable[..., Any], /, *given: Any, **_: Any) -> Future[Any]:
        if self.played == self.after:
            raise KeyboardInterrupt
        self.played += 1
        done: Future[Any] = Future()
        done.set_result(task(*given))
        return done


def _play(cache: Path, seeds: int = 4, **given: Any) -> ensemble.Ensemble:
    given = {"executor": Here(), "share": SHARE, **given}
    return ensemble.play(short(), seeds=range(1, seeds + 1), cache=cache, **given)


def _members(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / ensemble.MEMBERS).iterdir()}


def test_every_figure_has_a_band_around_its_middle(cache):
    found = _play(cache, 6)
    table = found.bands
    assert table.filter(pl.col("low") > pl.col("central")).is_empty()
    assert table.filter(pl.col("central") > pl.col("high")).is_empty()
    assert table["runs"].max() == 6
    started = table.filter(table="by_year", when="2025", figure="started_first")
    assert started["low"].item() < started["central"].item() < started["high"].item()
    values = found.values.filter(table="by_year", when="2025", figure="started_first")["value"]
    assert started["low"].item() == pytest.approx(values.quantile(0.1, "linear"))


def test_worker_processes_give_the_bytes_of_one_process(cache, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    _play(cache, folder=one)
    with ensemble.workers(2) as processes:
        _play(cache, folder=other, executor=processes, at_once=2)
    assert len(_members(one)) == 4
    assert _members(one) == _members(other)
    for name in ("bands.parquet", "bands.csv", "draws.parquet", "ensemble.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_what_is_given_out_in_another_order_comes_out_the_same(cache, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    _play(cache, folder=one)
    with ThreadPoolExecutor(3) as threads:
        _play(cache, folder=other, executor=threads, at_once=3)
    assert _members(one) == _members(other)


def test_a_stopped_ensemble_goes_on_where_it_was(cache, tmp_path):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        _play(cache, folder=stopped, executor=Here(after=3), at_once=2, tell=said.append)
    assert len(_members(stopped)) == 3
    assert "goes on with the others" in said[-1]
    with pytest.raises(UnreadableFile, match="holds no ensemble that ended"):
        ensemble.read(stopped)
    rest = Here()
    _play(cache, folder=stopped, executor=rest)
    assert rest.played == 1
    _play(cache, folder=whole)
    assert _members(whole) == _members(stopped)
    assert ensemble.read(stopped).bands.equals(ensemble.read(whole).bands)


def test_more_seeds_and_draws_are_added_to_what_is_there(cache, tmp_path):
    _play(cache, 2, folder=tmp_path / "x")
    more = Here()
    found = _play(cache, 3, folder=tmp_path / "x", executor=more, draws=2)
    assert more.played == 4
    assert found.draws.select("seed", "draw").rows() == [
        (1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)
    ]  # fmt: skip


def test_a_half_written_member_is_no_member(cache, tmp_path):
    folder = tmp_path / "x"
    _play(cache, 2, folder=folder)
    name = min(_members(folder))
    (folder / ensemble.MEMBERS / name).rename(folder / ensemble.MEMBERS / f".{name}.1")
    again = Here()
    _play(cache, 2, folder=folder, executor=again)
    assert again.played == 1


@pytest.mark.parametrize("name", ["code", "fitted", "population", "scenario_hash"])
def test_what_was_played_otherwise_is_not_laid_over(cache, tmp_path, name):
    _play(cache, 1, folder=tmp_path / "x")
    about = tmp_path / "x" / ensemble.ABOUT
    about.write_text(json.dumps({**json.loads(about.read_text("utf-8")), name: "other"}))
    with pytest.raises(UnreadableFile, match=f"another ensemble \\({name} differ"):
        _play(cache, 1, folder=tmp_path / "x")


def test_a_folder_with_something_else_is_left_alone(cache, tmp_path):
    (tmp_path / "letter.txt").write_text("dear An")
    with pytest.raises(UnreadableFile, match="name a new folder"):
        _play(cache, 1, folder=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_without_draws_only_chance_is_left(cache):
    found = _play(cache, 3, draws=0)
    assert found.draws.drop("seed").unique().height == 1
    assert found.draws["scope_population"].to_list() == [3_200_000.0] * 3


def test_a_run_is_the_ensemble_s_draw_in_the_middle(cache):
    """What one run tells, and the sizes that were found with it, is the middle of the bands."""
    people = population.population(1, SHARE, cache)
    of_member, assumed = member.played(member.Job(short(), 1, 0, SHARE, 1, people.hash, cache))
    of_run = running.play(short(), seed=1, share=SHARE, cache=cache).outcomes
    for name, table in of_run.tables.items():
        assert table.equals(of_member[name]), name
    assert assumed.second_voucher_share == fitted.fitted().values["second_voucher_share"]


def test_in_the_middle_as_many_have_the_years_as_the_assumption_says(cache):
    """As they were built 80 in 100 have them; the middle of the band is 83, and is so recorded."""
    found = _play(cache, 2, draws=0)
    said = found.draws["eligible_share_84_months"].to_list()
    people = population.population(1, 0.05, cache)
    _, law = running.in_the_middle(short(), people)
    rows = np.flatnonzero(rights.take_up.is_at_work(people, np.arange(len(people)), bands.SHARE_IN))
    day = np.full(len(rows), bands.first_of(bands.SHARE_IN), np.int32)
    facts = rights.facts(people, rights.Histories(), law, rows.astype(np.int32), day, "A")
    asked = law.on(bands.calendar_day(int(day[0]))).least_experience_days
    has_the_years = float((facts.experience_days >= asked).mean())
    assert said == [pytest.approx(has_the_years, abs=0.005)] * 2


def test_a_cap_stands_for_as_many_places_whatever_the_size(cache):
    found = _play(cache, 5, share=0.05)
    places = found.values.filter(table="sold_out", when="2025-04-01", figure="places")["value"]
    assert places.to_numpy() == pytest.approx(1_000, abs=11)  # of whole places of one in twenty
    weights = found.draws["scope_population"].to_numpy() / 3_200_000
    assert weights.max() - weights.min() > 0.02


def test_counts_stand_for_everybody(cache):
    found = _play(cache, 3, draws=0, share=0.02)
    orders = found.bands.filter(table="by_year", when="2025", figure="orders")["central"].item()
    assert 20_000 < orders < 60_000  # half a year


@pytest.mark.parametrize(
    ("field", "said"), [("people_hash", "another population"), ("code", "other code")]
)
def test_a_worker_that_is_not_the_same_says_so(cache, field, said):
    people = population.population(1, SHARE, cache)
    job = member.Job(short(), 1, 1, SHARE, 1, people.hash, cache)
    with pytest.raises(UnreadableFile, match=said):
        member.member(replace(job, **{field: "other"}))


def test_a_member_stands_on_the_fitted_values():
    drawn = bands.draw(1, 1, fitted.fitted().values)
    assert drawn.values["second_voucher_share"] == fitted.fitted().values["second_voucher_share"]


def test_in_a_notebook_five_words_give_the_bands(cache):
    table = ensemble.run("cap-1000", seeds=1, share=0.001, cache=cache, executor=Here(), draws=0)
    assert table.columns == [*ensemble.KEYS, "low", "central", "high", "runs"]
