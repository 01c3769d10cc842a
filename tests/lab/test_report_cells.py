"""What leaves the house with a report tells of no few people: page, CSV and Parquet alike."""

import polars as pl
import pytest

from loopbaan.lab import falling_out
from loopbaan.lab.report import files, naming, reporting, window
from loopbaan.lab.suppression import LEAST, Layout
from tests.lab.attack import too_narrow
from tests.lab.pages import cast

SCENARIOS = ("cap-1000", "no-measure", "draw-1000")
# What the tables of a report tell by group, and how it hangs together.
TOLD = {
    "falling_out": Layout(
        "scenario", {}, {"persons_started": ("persons",)}, free=("persons",)
    ),
    "waiting": Layout("scenario", {}, {"got_a_place": ("wishes",)}, free=("wishes",)),
}  # fmt: skip


@pytest.mark.parametrize("names", [SCENARIOS, ()], ids=["one run", "many"])
def test_a_linear_programme_over_what_leaves_the_house_finds_no_small_cell(tmp_path, names):
    """Counts and rates of one worker in a hundred, from the files, back to whole persons."""
    played = cast(*names, runs=0) if names else cast()
    report = reporting.tell(played, "en")
    files.write_tables(report, tmp_path / "t")
    falling, waits, raw = _told_by_group(tmp_path / "t", played)
    tables = {"falling_out": falling, "waiting": waits}
    empty = sum(
        table[column].null_count()
        for name, table in tables.items()
        for column in TOLD[name].columns
    )
    assert empty > 10
    for name, table in tables.items():
        for column in TOLD[name].columns:
            by_group = table.filter(pl.col("dimension") != falling_out.EVERYBODY)
            assert by_group.filter(pl.col(column).is_between(1, LEAST - 1)).is_empty()
    assert empty > 10
    assert too_narrow(tables, raw, TOLD) == []


def _told_by_group(folder, played):
    """Return both tables by group as an attacker rebuilds them, and the real ones."""
    names = {naming.short(run, "en"): run for run in played.runs}
    rows = {name: [] for name in TOLD}
    raw = {name: [] for name in TOLD}
    started = {
        (row["who"], row["scenario"]): row
        for name in ("started_by_group", "started_assumed")
        for row in pl.read_parquet(folder / f"{name}.parquet").to_dicts()
    }
    waited = {
        (row["who"], row["scenario"]): row
        for row in pl.read_parquet(folder / "waiting_by_group.parquet").to_dicts()
    }
    for short, run in names.items():
        for name, frame, told, whole, rate, columns in (
            ("falling_out", window.fallen_out(run, played.months), started, "ordered", "central",
             ("persons", "persons_started")),
            ("waiting", window.waited(run, played.months), waited, "wishes", "placed",
             ("wishes", "got_a_place")),
        ):  # fmt: skip
            for row in frame.to_dicts():
                who = naming.group(row["dimension"], row["category"], "en")
                keys = {"scenario": short, "dimension": row["dimension"], "category": who}
                raw[name].append(keys | {column: row[column] for column in columns})
                if row["dimension"] == falling_out.EVERYBODY:
                    rows[name].append(raw[name][-1])
                elif (who, short) in told:
                    shown = told[who, short]
                    # Of many runs count and rate are a middle: take the real ones.
                    many = None if shown[whole] is None else row[columns[0]]
                    part = None if shown[rate] is None else row[columns[1]]
                    if not played.seeds:
                        assert many is None or many == round(shown[whole] * run.share)
                    rows[name].append(keys | dict(zip(columns, (many, part), strict=True)))
    falling, waits = (pl.DataFrame(rows[name], infer_schema_length=None) for name in TOLD)
    return falling, waits, {name: pl.DataFrame(raw[name]) for name in TOLD}


def test_a_chart_and_a_page_hold_no_group_that_the_table_leaves_out():
    report = reporting.tell(cast(*SCENARIOS, runs=0), "nl")
    left_out = 0
    for exhibit in report.exhibits():
        if not exhibit.table.name.startswith(("started", "hit")) or exhibit.chart is None:
            continue
        drawn = {(row["category"], row["series"]) for row in exhibit.chart.spec["data"]["values"]}
        rows = exhibit.table.frame.filter(pl.col("central").is_null())
        left_out += rows.height
        assert drawn.isdisjoint(rows.select("who", "scenario").rows())
        assert "* weinig mensen" in " ".join(exhibit.notes) or not rows.height
    assert left_out
