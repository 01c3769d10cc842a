"""The invented workers for others: a table, what its columns mean, and how well they fit."""

import dataclasses
import json

import numpy as np
import polars as pl
import pytest

from loopbaan.lab import publishing
from loopbaan.lab.lives import RUNS_ON
from loopbaan.lab.population import COLUMNS, DIMENSIONS, NoPopulation, Population, build
from loopbaan.law import rulebook


@pytest.fixture(scope="module")
def people() -> Population:
    return build(1, 0.002)


def test_the_table_has_words_and_dates_for_codes_and_months(people, tmp_path):
    publishing.publish(people, tmp_path / "out")
    table = pl.read_parquet(tmp_path / "out" / publishing.TABLE)
    assert table.columns == ["worker", *COLUMNS]
    assert len(table) == len(people)
    for name, words in DIMENSIONS.items():
        assert table[name].cast(pl.String).to_list() == [words[c] for c in getattr(people, name)]
    years = table["born"].dt.year().to_numpy() - 1900
    assert (12 * years + table["born"].dt.month().to_numpy() - 1 == people.born).all()
    assert table["left"].is_null().to_list() == (people.left == RUNS_ON).tolist()
    assert table["place"].n_unique() == len(np.unique(people.place))


def test_every_column_is_described_once(people, tmp_path):
    publishing.publish(people, tmp_path / "out")
    about = json.loads((tmp_path / "out" / publishing.DESCRIPTION).read_text("utf-8"))
    columns = about["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == ["worker", *COLUMNS]
    assert all(len(column["dc:description"]) > 2 for column in columns)
    assert about["@context"] == "http://www.w3.org/ns/csvw"
    assert about["url"] == publishing.TABLE
    assert about["dc:identifier"] == people.hash
    sexes = next(column for column in columns if column["name"] == "sex")
    assert sexes["datatype"]["format"] == "woman|man"


def test_publishing_twice_gives_the_same_bytes(people, tmp_path):
    for name in ("one", "two"):
        publishing.publish(people, tmp_path / name)
    for name in (publishing.TABLE, publishing.DESCRIPTION):
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_folder_that_holds_something_is_left_alone(people, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(NoPopulation, match="name a new folder"):
        publishing.publish(people, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_break_leaves_no_half_folder(people, tmp_path, monkeypatch):
    def stop(_: Population) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "_description", stop)
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(people, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_report_shows_every_margin_and_ends_with_the_verdict():
    people = build(1, 0.01)
    lines = list(publishing.report(people, rulebook.current()))
    assert people.hash in lines[0]
    assert any("2015  sector: construction" in line for line in lines)
    assert any("eligible_share_84_months" in line for line in lines)
    assert lines[-1] == "every margin is within half a percentage point"
    assert publishing.too_far(people) == []
    changed = dataclasses.replace(people, origin=np.zeros_like(people.origin))
    assert len(publishing.too_far(changed)) == 6
    assert list(publishing.report(changed, rulebook.current()))[-1].startswith("6 of the margins")
