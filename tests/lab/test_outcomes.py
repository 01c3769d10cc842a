"""Outcomes, counted by hand on a story of eight orders, and as a run writes them."""

import json
import shutil
from datetime import date

import polars as pl
import pytest

from loopbaan.lab import centres, outcomes, scenario, summary
from loopbaan.lab.behaviour import load
from loopbaan.lab.effects import LABEL
from loopbaan.lab.outcomes import TABLES, Outcomes
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.wording import LANGS
from tests.lab.story import BOOK, STORY, events, population

SCARCE = "2025-03-01"
ABOUT = {
    "scenario": "story",
    "title": "A story of eight orders",
    "author": "An",
    "source": "invented",
    "first": "2013-07",
    "last": "2027-12",
    "share": 1,
    "workers": 4,
    "seed": 1,
    "commit": "none",
    "rulebook": BOOK.hash,
    "scenario_hash": "0",
    "population": "the cast",
}


@pytest.fixture(scope="module")
def story() -> Outcomes:
    firms = centres.build(1, load())
    return outcomes.of(events(*STORY), population(), BOOK, load(), firms, about=ABOUT)


def _only(frame: pl.DataFrame, **wanted: object) -> dict[str, object]:
    for name, value in wanted.items():
        frame = frame.filter(pl.col(name) == value)
    (row,) = frame.to_dicts()
    return row


def test_an_order_is_told_with_who_ordered_and_what_it_cost_whom(story):
    first = story["orders"].to_dicts()[0]
    assert first["ordered_on"] == date(2019, 2, 1)
    assert (first["sex"], first["education"], first["age_band"]) == ("woman", "high", "30-39")
    # Four hours at 137.50 euro and 21 % of VAT: 665.50 euro, 40 of them by the worker.
    assert (first["worker_cents"], first["government_cents"]) == (4_000, 62_550)
    lost = story["orders"].to_dicts()[3]
    assert (lost["minute"], lost["started_on"], lost["centre"]) == (9, None, None)
    assert story["orders"]["reasons"].to_list()[2] == "experience"


def test_what_happens_in_a_month_is_counted_in_that_month(story):
    april = _only(story["by_month"], month=date(2025, 4, 1))
    assert (april["orders"], april["lost"], april["granted"], april["lapsed"]) == (3, 2, 1, 1)
    june = _only(story["by_month"], month=date(2025, 6, 1))
    assert (june["orders"], june["started_first"], june["worker_cents"]) == (0, 1, 4_500)
    assert story["by_month"].height == 174


def test_a_year_counts_persons_once(story):
    year = _only(story["by_year"], year=2025)
    assert (year["orders"], year["persons_ordered"], year["persons_started"]) == (5, 3, 1)
    assert (year["lost"], year["gave_up"]) == (3, 1)
    assert _only(story["by_year"], year=2019)["started_second"] == 1
    assert story["by_year"]["orders"].sum() == len(STORY)


def test_a_race_is_over_with_the_first_who_came_too_late(story):
    april = _only(story["sold_out"], month=date(2025, 4, 1))
    assert (april["sold_out_on"], april["sold_out_minute"]) == (date(2025, 4, 1), 8)
    assert (april["places"], april["came_too_late"]) == (1_000, 2)
    # Nobody ordered in July, so no place was gone.
    assert _only(story["sold_out"], month=date(2025, 7, 1))["sold_out_on"] is None
    assert story["sold_out"].height == 8


def test_who_falls_out_is_counted_at_one_step_and_by_every_group(story):
    report = story["falling_out"]
    everybody = _only(report, period=SCARCE, dimension="all")
    assert (everybody["orders"], everybody["persons"]) == (5, 3)
    assert (everybody["lost"], everybody["did_not_pay"], everybody["under_way"]) == (3, 1, 1)
    assert (everybody["gave_up"], everybody["persons_started"]) == (1, 1)
    low = _only(report, period=SCARCE, dimension="education", category="low")
    assert (low["orders"], low["lost"], low["persons_started"]) == (3, 1, 1)
    steps = [*report.columns[6 : report.columns.index("gave_up")]]
    assert report["orders"].to_list() == report.select(pl.sum_horizontal(steps))[:, 0].to_list()
    for dimension in report["dimension"].unique():
        own = report.filter(pl.col("dimension") == dimension)
        assert own["orders"].sum() == len(STORY)


def test_what_nobody_published_is_marked_as_assumed(story):
    report = story["falling_out"]
    assert set(report.filter(pl.col("period") == SCARCE)["evidence"]) == {"assumed pattern"}
    before = report.filter(pl.col("period") == "2020-01-01")
    marks = dict(before.select("dimension", "evidence").iter_rows())
    # Of everybody 80 % was published; who of a group falls out, of no group.
    assert marks.pop("all") == "published margin"
    assert set(marks.values()) == {"assumed pattern"}


def test_a_wait_runs_from_the_first_order_to_the_one_that_got_a_place(story):
    everybody = _only(story["waiting"], period=SCARCE, dimension="all")
    assert (everybody["wishes"], everybody["got_a_place"], everybody["never"]) == (3, 2, 1)
    dora = _only(story["waiting"], period=SCARCE, dimension="health_limitation", category="limited")
    assert (dora["wishes"], dora["mean_days"], dora["within_a_month"]) == (1, 31.0, 1)


def test_what_the_centres_earn_is_what_all_payers_pay(story):
    assert story["centres"].to_dicts()[0] == {
        "centre": 0,
        "year": 2019,
        "vouchers": 2,
        "income_cents": 66_550 + 16_638,
    }
    paid = story["by_year"].select(pl.sum_horizontal(pl.col("^.*_cents$")).sum()).item()
    assert story["centres"]["income_cents"].sum() == paid
    assert story["centres_by_month"]["income_cents"].sum() == paid


def test_every_effect_holds_zero_or_says_that_it_is_a_count_and_none_is_called_proven(story):
    for row in story["effects"].to_dicts():
        if row["evidence"] == LABEL:
            assert abs(row["low"]) <= abs(row["central"]) <= abs(row["high"])
        if row["outcome"] in ("avoided_long_sickness", "saved_by_the_state", "burnout_symptoms"):
            assert row["low"] == 0
            assert row["evidence"] == LABEL
    row = _only(story["effects"], outcome="users")
    assert (row["central"], row["evidence"]) == (2, "count of the run")


def test_the_published_vouchers_stand_beside_those_of_the_run(story):
    assert story["published"].height == 12
    row = _only(story["published"], year=2019, series="voucher1_used")
    assert (row["published"], row["run"], row["error_percent"]) == (27_641, 1, -100.0)
    assert max(story["published"]["year"]) == 2019


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_says_what_is_assumed_and_prints_the_stamps(story, lang):
    page = summary.summary(story, lang)
    marks = {
        "en": ("no causal evidence", "Assumed pattern: nobody published who got a place"),
        "nl": ("geen causaal bewijs", "Aangenomen patroon: niemand publiceerde wie een plaats"),
    }
    for words in (*marks[lang], BOOK.hash, "27,641" if lang == "en" else "27.641"):
        assert words in page
    assert page == summary.summary(story, lang)


def test_two_runs_side_by_side_show_what_the_second_has_more(story):
    page = summary.side_by_side(story, story)
    assert "+0" in page
    assert "WISHES THAT GOT A PLACE, first order since 2025-03-01" in page


def test_what_is_written_is_read_back_and_is_the_same_to_the_byte(story, tmp_path):
    for name in ("one", "two"):
        outcomes.write(story, tmp_path / name, summary.summary(story))
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert len(files) == len(TABLES) + 4
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    again = outcomes.read(tmp_path / "one")
    assert again.about == ABOUT
    assert all(again[name].equals(story[name]) for name in TABLES)
    assert json.loads((tmp_path / "one/run.json").read_text()) == ABOUT


def test_a_run_replaces_a_run_and_leaves_anything_else_alone(story, tmp_path):
    place = tmp_path / "place"
    outcomes.write(story, place, "first")
    outcomes.write(story, place, "second")
    assert (place / "summary.txt").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    shutil.rmtree(place)
    place.mkdir()
    (place / "letter.txt").write_text("mine")
    with pytest.raises(UnreadableFile, match="holds something that is no run; name a new folder"):
        outcomes.write(story, place, "third")
    assert [path.name for path in place.iterdir()] == ["letter.txt"]


def test_an_interrupted_writing_leaves_no_half_folder(story, tmp_path, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_csv", stop)
    with pytest.raises(KeyboardInterrupt):
        outcomes.write(story, tmp_path / "place", "page")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_run_is_said_to_hold_none(tmp_path):
    with pytest.raises(UnreadableFile, match="holds no run"):
        outcomes.read(tmp_path)


def test_the_periods_with_a_cap_are_those_of_the_law():
    assert outcomes.scarce_periods(BOOK, "A") == (SCARCE,)
    without = scenario.rulebook(scenario.load("no-measure"))
    assert outcomes.scarce_periods(without, "A") == ()


def test_nobody_at_all_gives_empty_tables_and_a_page():
    none = outcomes.of(events(), population(), BOOK, load(), centres.build(1, load()), about=ABOUT)
    assert none["by_year"]["orders"].sum() == 0
    assert "A story of eight orders" in summary.summary(none)
