"""The invented workers: as published at both ends, the same each time, and countable by the law."""

import dataclasses
import math
import subprocess
import sys

import numpy as np
import pytest

from loopbaan.lab import closeness, margins, stocks
from loopbaan.lab.lives import RUNS_ON
from loopbaan.lab.margins import FIRST, LAST, TODAY
from loopbaan.lab.population import (
    BAND_MONTHS,
    CELLS,
    COLUMNS,
    DIMENSIONS,
    FIRST_BAND,
    NON_EU,
    SELF_EMPLOYED,
    NoPopulation,
    Population,
    build,
    careers,
    cell_columns,
    employed,
    population,
    read,
    write,
)
from loopbaan.law import rulebook
from loopbaan.law.career import RUNS_ON as NO_END
from loopbaan.law.career import count
from loopbaan.law.months import calendar_day, first_of
from loopbaan.law.policy import KINDS

SHARE = 0.01


@pytest.fixture(scope="module")
def people() -> Population:
    return build(1, SHARE)


def _row(people: Population, **life: int) -> Population:
    """Return a population of one: a man in private service, with the life that is given."""
    one = {name: column[:1].copy() for name, column in people.columns()}
    one["status"][:] = DIMENSIONS["status"].index("employee_private")
    for name, value in life.items():
        one[name][:] = value
    return dataclasses.replace(people, **one)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_margin_is_within_half_a_point_at_both_dates(seed):
    lines = closeness.fit(build(seed, SHARE))
    assert {(line.year, line.dimension) for line in lines} >= set(margins.margins())
    assert {name for _, name in margins.margins()} == {*DIMENSIONS, "age"}
    assert [line for line in lines if abs(line.gap) > closeness.MOST_GAP] == []


def test_the_size_runs_in_a_straight_line_and_then_stays(people):
    for month in range(FIRST, LAST + 1, 7):
        got = int(employed(people, month).sum()) / SHARE
        assert got == pytest.approx(margins.total(month), rel=0.004)
    assert margins.total(FIRST) == pytest.approx(2_774_600 / 0.96875)
    middle = margins.total((FIRST + TODAY) // 2)
    assert middle == pytest.approx((margins.total(FIRST) + 3_200_000) / 2)
    assert margins.total(TODAY) == margins.total(LAST) == 3_200_000


def test_a_margin_that_is_off_is_seen(people):
    changed = dataclasses.replace(people, sex=np.zeros_like(people.sex))
    far = [line for line in closeness.fit(changed) if abs(line.gap) > closeness.MOST_GAP]
    assert {(line.year, line.dimension) for line in far} == {(2015, "sex"), (2025, "sex")}


def test_odds_ratios_are_as_published(people):
    lines = {(line.dimension, line.category): line for line in closeness.given(people)}
    for what, one, other in (
        ("work_time part_time", "sex woman", "sex man"),
        ("status self_employed_main", "sex woman", "sex man"),
        ("status self_employed_main", "education high", "education low"),
        (
            "job_search_intent actively_looking",
            "workable_job not_workable",
            "workable_job workable",
        ),
        ("sick_with_contract not_sick", "sex woman", "sex man"),
    ):
        pair = lines[what, one], lines[what, other]
        wanted = _log_odds(pair[0].wanted) - _log_odds(pair[1].wanted)
        got = _log_odds(pair[0].got) - _log_odds(pair[1].got)
        assert got == pytest.approx(wanted, abs=0.08), what


def test_of_a_pair_of_categories_the_newest_conditional_counts():
    (of_sex,) = (
        found
        for found in margins.conditionals()
        if (found.given, found.dimension) == ("sex", "status")
    )
    assert of_sex.shares == {"man": 0.17, "woman": 0.10}
    assert set(of_sex.years.values()) == {2021}


def test_the_sections_of_2015_cover_todays_sectors_once():
    covered = [sector for group in set(margins.SECTIONS.values()) for sector in group]
    assert sorted(covered) == sorted(DIMENSIONS["sector"])


def test_experience_leaves_the_published_shares_entitled(people):
    lines = {line.category: line for line in closeness.experience(people, rulebook.current())}
    bands = {row["name"]: row for row in margins.rows("parameters")}
    for name in (
        "eligible_share_84_months",
        "eligible_share_12_in_24",
        "exit_from_work_rate_year",
    ):
        assert float(bands[name]["low"]) <= lines[name].got <= float(bands[name]["high"]), name
    shares = [line for line in lines.values() if line.dimension == "experience"]
    assert sum(line.got for line in shares) == pytest.approx(1)
    assert max(abs(line.gap) for line in shares) < 0.03


def test_a_life_is_in_order(people):
    assert (people.entered >= people.born + 12 * 15).all()
    assert (people.left > people.entered).all()
    assert (people.left > FIRST).all()
    assert (people.entered <= LAST + 1).all()
    has_gap = people.gap_from != RUNS_ON
    assert 0.2 < has_gap.mean() < 0.6
    assert (people.gap_from[has_gap] > people.entered[has_gap]).all()
    assert (people.gap_months[has_gap] > 0).all()
    assert (people.gap_months[~has_gap] == 0).all()
    ever = np.zeros(len(people), np.bool_)
    for month in range(FIRST, LAST + 2):
        ever |= employed(people, month)
    assert ever.all()


def test_rows_are_sorted_by_behaviour_cell(people):
    cells = np.repeat(np.arange(CELLS), np.diff(people.cell_starts))
    assert len(cells) == len(people)
    codes = cell_columns(cells)
    for name in ("sex", "education", "health_limitation", "burnout_symptoms", "workable_job"):
        assert (codes[name] == getattr(people, name)).all()
    assert (codes["self_employed"] == (people.status == SELF_EMPLOYED)).all()
    assert (codes["non_eu"] == (people.origin == NON_EU)).all()
    assert (codes["birth_band"] == people.born // BAND_MONTHS - FIRST_BAND).all()


def test_a_place_lies_in_the_province_of_residence(people):
    provinces = np.array([row["province"] for row in margins.rows("places")])
    names = np.array(DIMENSIONS["residence"])
    assert (provinces[people.place] == names[people.residence]).all()
    assert len(np.unique(people.place)) > 400


def test_the_law_counts_a_career_with_its_pause(people):
    one = _row(people, born=1000, entered=1300, gap_from=1350, gap_months=10, left=1400)
    spells = careers(one, slice(None))
    assert [calendar_day(day).isoformat() for day in spells.starts_on] == [
        "2008-05-01",
        "2013-05-01",
    ]
    assert [calendar_day(day).isoformat() for day in spells.ends_on] == ["2012-06-30", "2016-08-31"]
    assert [KINDS[kind] for kind in spells.kind] == ["employee", "employee"]
    for month, at_work in ((1299, 0), (1300, 1), (1349, 1), (1350, 0), (1359, 0), (1360, 1)):
        assert employed(one, month).tolist() == [bool(at_work)], month
    assert employed(one, 1399).all()
    assert not employed(one, 1400).any()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("employee_public_contract", "employee"),
        ("civil_servant_statutory", "employee"),
        ("interim", "agency"),
        ("self_employed_main", "self_employed"),
    ],
)
def test_the_register_names_the_work_by_status(people, status, kind):
    code = DIMENSIONS["status"].index(status)
    spells = careers(_row(people, status=code), slice(None))
    assert {KINDS[each] for each in spells.kind} == {kind}


def test_a_career_that_runs_on_has_no_end_and_a_pause_without_return_ends_it(people):
    still = careers(_row(people, gap_from=RUNS_ON, gap_months=0, left=RUNS_ON), slice(None))
    assert still.ends_on.tolist() == [NO_END]
    gone = _row(people, entered=1300, gap_from=1350, gap_months=200, left=1550)
    assert len(careers(gone, slice(None)).starts_on) == 1 + (1350 + 200 < 1550)
    short = _row(people, entered=1300, gap_from=1350, gap_months=10, left=1355)
    assert careers(short, slice(None)).ends_on.tolist() == [int(first_of(1350)) - 1]


def test_who_is_at_work_has_an_activity_under_the_law(people):
    month = TODAY
    day = first_of(np.array([month + 1])) - np.int32(1)
    here = np.flatnonzero(employed(people, month))
    policy = rulebook.current().on(calendar_day(day[0]))
    sums = count(policy, careers(people, here), day)
    assert (sums.activity != 3).all()
    away = np.flatnonzero(~employed(people, month))
    assert (count(policy, careers(people, away), day).activity == 3).all()


def test_a_few_careers_are_those_of_the_whole(people):
    rows = np.array([7, 3, 44])
    picked, whole = careers(people, rows), careers(people, slice(None))
    again = whole.workers(rows)
    for name in ("offsets", "starts_on", "ends_on", "kind"):
        assert (getattr(picked, name) == getattr(again, name)).all()


def test_a_worker_fits_in_thirty_bytes(people):
    assert people.nbytes <= 30 * len(people)


def test_the_same_seed_gives_the_same_bytes_in_another_process(people):
    code = "from loopbaan.lab.population import build; print(build(1, 0.01).hash)"
    said = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == people.hash
    assert build(2, SHARE).hash != people.hash
    assert abs(len(build(2, SHARE)) - len(people)) < 10


def test_what_is_kept_is_read_back_and_what_is_half_is_not(people, tmp_path):
    write(people, tmp_path / "kept")
    again = read(tmp_path / "kept")
    assert again.hash == people.hash
    assert (again.seed, again.share) == (1, SHARE)
    assert (again.cell_starts == people.cell_starts).all()
    for name, column in again.columns():
        assert (column == getattr(people, name)).all()
        assert not column.flags.writeable
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    (tmp_path / "kept" / "sector.npy").unlink()
    with pytest.raises(NoPopulation, match="build it again"):
        read(tmp_path / "kept")
    with pytest.raises(NoPopulation, match="holds no population"):
        read(tmp_path / "nothing")


def test_columns_of_unequal_length_are_refused(people, tmp_path):
    write(people, tmp_path / "kept")
    np.save(tmp_path / "kept" / "sex.npy", people.sex[:-1])
    with pytest.raises(NoPopulation, match="is damaged"):
        read(tmp_path / "kept")


def test_the_cache_builds_once(tmp_path, monkeypatch):
    first = population(3, 0.001, tmp_path)
    monkeypatch.setattr("loopbaan.lab.population.build", None)
    assert population(3, 0.001, tmp_path).hash == first.hash
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("share", [0, -1, 5, 1.01, math.inf, math.nan, 1e-9])
def test_a_share_that_cannot_be_gets_one_sentence(share, tmp_path):
    with pytest.raises(NoPopulation, match=r"share .*: expected a part of all workers"):
        population(1, share, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", [-1, 1 << 63])
def test_a_seed_that_cannot_be_gets_one_sentence(seed):
    with pytest.raises(NoPopulation, match=r"seed .*: expected a whole number"):
        build(seed, SHARE)


def test_the_least_share_still_has_somebody():
    few = build(1, 0.00001)
    assert 20 < len(few) < 100
    assert set(COLUMNS) == {name for name, _ in few.columns()}


def test_every_figure_has_a_source_that_is_explained():
    text = (margins.DATA / "SOURCES.md").read_text("utf-8")
    explained = {line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")}
    for path in margins.DATA.glob("*.csv"):
        used = {row["source"] for row in margins.rows(path.stem)}
        assert used - explained == set(), path.name
        assert {row["grade"] for row in margins.rows(path.stem)} <= set("ABCD")
    assert stocks.assumptions()["source"] in explained
