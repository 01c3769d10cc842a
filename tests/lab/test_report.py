"""The report: one page that holds its figures, says what is assumed, and is the same twice."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import vl_convert
from defusedxml import ElementTree

from loopbaan.command import lab as command
from loopbaan.lab import bands, explaining, scenario
from loopbaan.lab.explained import FIGURES
from loopbaan.lab.report import (
    charts,
    drawing,
    files,
    page,
    reporting,
    sheet,
    window,
)
from loopbaan.lab.report import words as report_words
from loopbaan.lab.report.assumptions import NAMES, assumption_text
from loopbaan.lab.report.content import Band, Column, Report, decimal_text, written
from loopbaan.lab.report.evidence import DOCUMENTS, UNKNOWN
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.rulebook import current
from loopbaan.law.wording import LANGS
from tests.lab.pages import COMMIT, cast

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
MOST = 3_000_000


@pytest.fixture(scope="module")
def report() -> Report:
    return reporting.tell(cast(), "nl")


@pytest.fixture(scope="module")
def told(report) -> str:
    return page.html(report)


def test_it_begins_with_one_sentence_three_numbers_with_bands_and_the_five_inputs(report):
    assert re.search(r"\d+ \(\d+–\d+\) in die maanden een plaats", report.sentence)
    assert "minder dan bij ‘geen maatregel’" in report.sentence
    assert len(report.headlines) == 3
    assert all("8 op de 10 proeven" in each.band for each in report.headlines[:2])
    assert "van alle lage tot alle hoge aannames" in report.headlines[2].band
    assert "cap-1000 --against no-measure --seed 1 --seeds 10 --share 0.01" in report.command
    assert re.search("kan dat toeval zijn|graad [A-D]", report.matters.told[0])
    assert report.unknown.listed


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    play = cast.__wrapped__
    one, other = (reporting.tell(play("cap-1000", runs=4), "nl") for _ in range(2))
    assert page.html(one) == page.html(other)
    assert sheet.pdf(one) == sheet.pdf(other)
    for made, place in ((one, "one"), (other, "other")):
        files.write_tables(made, tmp_path / place)
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / place).iterdir()}
        for place in ("one", "other")
    )
    assert first == second
    assert {name.rpartition(".")[2] for name in first} == {"csv", "json", "parquet"}


def test_the_five_hold_every_run_and_every_scenario(report, told):
    five = [value for _, value in report.again]
    assert five[:2] == ["1 tot en met 10", COMMIT]
    about = [run.outcomes.about for run in cast().runs]
    for place, stamp in ((2, "rulebook"), (3, "scenario_hash")):
        each = [str(own[stamp]) for own in about]
        assert len(set(each)) == 2
        assert five[place] == hashlib.sha256(" ".join(each).encode()).hexdigest()
        assert report.about[stamp] == five[place]
        assert all(own in told for own in each)
    assert five[4] == f"{about[0]['population']} (1 % van allemaal)"
    # Against what it is told belongs to it.
    other = reporting.tell(cast("cap-1000", runs=0), "nl")
    assert [value for _, value in other.again][3] == about[0]["scenario_hash"] != five[3]


def test_the_command_names_the_file_of_a_scenario_of_ones_own(tmp_path):
    own = tmp_path / "kaart.yaml"
    own.write_bytes((scenario.FOLDER / "price-90.yaml").read_bytes())
    loaded = scenario.load(own)
    theirs = replace(cast(runs=0), scenarios=(loaded, cast(runs=0).scenarios[1]))
    command_ = reporting.tell(theirs, "nl").command
    assert command_.startswith("loopbaan lab report kaart.yaml --against no-measure ")
    assert str(tmp_path) not in command_


def test_it_fetches_nothing_is_small_and_holds_no_time_of_day(told):
    assert len(told.encode()) < MOST
    fetches = r"(?:src|href)=[\"']?[^\"'#]|url\((?!#)|@import|<script|<link|<iframe"
    assert re.findall(fetches, told) == []
    assert "default-src 'none'" in told
    assert re.findall(r"\d\d:\d\d:\d\d", told) == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_chart_has_a_title_words_a_table_and_its_data(lang):
    made = reporting.tell(cast(), lang)
    drawn = [exhibit for exhibit in made.exhibits() if exhibit.chart]
    assert len(drawn) >= 8
    names = [exhibit.chart.name for exhibit in drawn]
    assert len(set(names)) == len(names)
    text = page.html(made)
    for exhibit in drawn:
        assert exhibit.table.frame.height
        tree = ElementTree.fromstring(drawing.svg(exhibit.drawn, lang))
        assert tree.find(f"{SVG}title").text == exhibit.chart.title
        assert tree.find(f"{SVG}desc").text.startswith(exhibit.chart.told)
        for mark in exhibit.marks:
            assert mark in tree.find(f"{SVG}desc").text
            assert mark in exhibit.drawn.spec["title"]["subtitle"]
        assert f'id="{exhibit.table.name}-table"' in text
    specs = re.findall(r'<pre tabindex="0">(.*?)</pre>', text)
    assert all(json.loads(spec.replace("&lt;", "<").replace("&amp;", "&")) for spec in specs)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(set(ids)) == len(ids)


def test_another_drawer_of_vega_lite_draws_every_chart_as_well(report):
    for exhibit in report.exhibits():
        if exhibit.chart is None:
            continue
        drawn = vl_convert.vegalite_to_svg(dict(exhibit.drawn.spec), vl_version="6.4")
        ours = drawing.svg(exhibit.chart, "nl")
        dots = len(re.findall(r'aria-roledescription="(?:circle|point)"', drawn))
        shown = exhibit.chart.spec["data"]["values"]
        kinds = [layer["mark"]["type"] for layer in exhibit.chart.spec["layer"]]
        if kinds == ["bar"]:
            assert drawn.count('aria-roledescription="bar"') == len(shown)
            plain = ours.count("<rect x=") - sum(bool(each.get("hatched")) for each in shown)
            assert plain == len(shown)
        if "yOffset" in exhibit.chart.spec["encoding"]:
            assert ours.count("<circle") == sum(each["central"] is not None for each in shown)
            assert dots >= ours.count("<circle")
        if kinds[0] == "line":
            assert drawn.count('aria-roledescription="line mark"') == ours.count("<path")


def test_a_chart_lies_where_its_numbers_say():
    values = [
        {"category": "a", "series": "s", "central": 50.0, "low": 25.0, "high": 75.0, "label": "x"}
    ]
    chart = charts.bands("c", "t", "d", values, unit="", domain=(0, 100))
    drawn = drawing.svg(chart, "nl")
    assert 'cx="50.00%"' in drawn
    assert re.search(r'<rect x="25.50%" y="[\d.]+" width="49.00%"', drawn)
    scale = drawing.Scale(0, 7_300)
    assert scale.ticks() == [0, 2_000, 4_000, 6_000]
    assert (scale.at(0), scale.at(7_300), scale.at(99_999)) == (1.0, 99.0, 99.0)
    assert drawing.Scale(0, 2.4).digits() == 0
    assert drawing.Scale(3.8, 4.3).digits() == 1


def test_where_a_value_is_missing_the_line_has_a_gap():
    values = [
        {"when": year, "series": "s", "value": None if year == 2021 else 1.0 * year}
        for year in range(2019, 2024)
    ]
    drawn = drawing.svg(charts.lines("c", "t", "d", values, unit=""), "nl")
    assert drawn.count("<path") == 2


def test_without_a_cap_and_without_runs_it_says_so_and_still_stands():
    made = reporting.tell(cast("price-90", "no-measure", runs=0), "en")
    assert "people than under ‘no measure’" in made.sentence
    assert made.headlines[0].band == "no band: a single run"
    assert "at least ten runs" in made.matters.told[0]
    assert [part.key for part in made.sections if part.key == "sold_out"] == []
    assert sheet.pdf(made).startswith(b"%PDF")


def test_one_scenario_alone_is_compared_with_nothing():
    made = reporting.tell(cast("cap-1000", runs=0), "nl")
    assert "dat kost de Vlaamse overheid" in made.sentence
    assert "--against" not in made.command
    assert page.html(made).count("<h1") == 1


def test_a_figure_is_the_middle_of_many_runs_and_a_difference_is_taken_run_by_run():
    ours, theirs = (
        [{"users": value} for value in row] for row in ((1, 2, 3, 4, 5), (9, 8, 7, 6, 5))
    )
    central = {"users": 100.0}, {"users": 50.0}
    assert window.band(ours, central[0], "users") == Band(3, 1.4, 4.6)
    assert window.band(ours[:3], central[0], "users") == Band(100)
    assert window.difference((ours, theirs), central, "users") == Band(
        -4, -7.2, pytest.approx(-0.8)
    )


def test_numbers_are_written_as_in_flanders():
    assert decimal_text(-1234.56, 1, "nl") == "−1.234,6"
    assert decimal_text(-0.04, 1, "nl") == "0,0"
    assert Band(5, 2, 9).text("nl") == "5 (2–9)"
    assert Band(5, -2, 9).text("nl") == "5 (−2 tot 9)"
    assert written(None, Column("a", "a"), "nl") == "–"
    assert written(12.34, Column("a", "a", "percent", 1), "nl") == "12,3\u202f%"


def test_its_tables_are_written_as_csv_and_parquet_with_their_columns_described(report, tmp_path):
    count = files.write_tables(report, tmp_path / "tables")
    about = json.loads((tmp_path / "tables" / files.ABOUT).read_text("utf-8"))
    assert len(about["tables"]) == count
    for table in about["tables"]:
        described = [column["name"] for column in table["tableSchema"]["columns"]]
        text = pl.read_csv(tmp_path / "tables" / table["url"])
        kept = pl.read_parquet(tmp_path / "tables" / table["url"].replace(".csv", ".parquet"))
        assert text.columns == kept.columns == described
        assert text.height == kept.height
    assert files.write_tables(report, tmp_path / "tables") == count
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(UnreadableFile, match="name a new folder"):
        files.write_tables(report, tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"


def test_both_languages_have_the_same_words_for_everything():
    nl, en = report_words.WORDS["nl"], report_words.WORDS["en"]
    assert nl.keys() == en.keys()
    for name in nl:
        assert set(re.findall(r"{(\w+)}", nl[name])) == set(re.findall(r"{(\w+)}", en[name])), name
    assert report_words.GROUPS["nl"].keys() == report_words.GROUPS["en"].keys()
    assert report_words.SHORT["nl"].keys() == report_words.SHORT["en"].keys()
    assert set(scenario.names()) <= set(report_words.SHORT["nl"])
    assert set(scenario.names()) <= set(report_words.TITLES_NL)
    for lists in (DOCUMENTS, UNKNOWN):
        assert len(lists["nl"]) == len(lists["en"])


def test_every_assumption_that_is_drawn_has_a_name_in_plain_words():
    assert set(bands.drawn()) - set(NAMES) == set()
    assert assumption_text("something_new", "nl") == "something_new"


def test_the_look_is_that_of_the_site():
    site = ROOT / "loopbaan" / "web" / "static"
    for ours, theirs in ((page.THEME, "theme.css"), (page.LOGO, "logo.svg")):
        assert ours.read_text("utf-8") == (site / theirs).read_text("utf-8")
    colours = {*charts.SERIES, *charts.FATES, *charts.WAITS}
    style = page.STYLE.read_text("utf-8")
    assert [each for each in colours if f".c-{each[1:]}" not in style and each != "#9aa4ad"] == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_explained_down_to_what_goes_in(name, lang):
    told = explaining.explain(name, lang)
    assert told.startswith(f"{name}: ")
    numbers = current().content["numbers"]
    assert set(FIGURES[name].numbers) <= set(numbers)
    for place in FIGURES[name].places:
        assert (ROOT / "loopbaan" / place).is_file()
    for assumption in FIGURES[name].assumptions:
        assert assumption in told


def test_an_assumption_is_explained_with_its_source_and_a_slip_gets_the_nearest():
    told = explaining.explain("price_elasticity", "nl")
    assert "-1, -0.4, -0.1 elasticity" in told
    assert "own_price: " in told
    with pytest.raises(explaining.NoFigure, match="did you mean break_even"):
        explaining.explain("brake_even")
    assert all(name in explaining.explain(None) for name in FIGURES)


def test_the_command_writes_a_page_a_sheet_and_tables(tmp_path, capsys):
    common = ["--share", "0.01", "--runs", "0", "--cache", str(tmp_path / "cache")]
    out = tmp_path / "report.html"
    words = ["report", "draw-1000", "--against", "cap-1000", *common, "--out", str(out)]
    assert command.run([*words, "--tables", str(tmp_path / "tables")]) == 0
    assert out.read_text("utf-8").startswith('<!doctype html>\n<html lang="nl">')
    assert (tmp_path / "tables" / "fates.parquet").exists()
    paper = tmp_path / "report.pdf"
    assert command.run(["report", "cap-1000", *common, "--out", str(paper)]) == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert str(paper) in capsys.readouterr().out
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("cache", "report.html", "report.pdf", "tables")
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["report", "cap-1000", "--against", "cap-1000", "--out", "x.html"], "named twice"),
        (["report", "cap-1000"], "--out"),
        (["report", "cap-1000", "--runs", "-1", "--out", "x.html"], "--runs"),
        (["explain", "brake_even"], "did you mean break_even"),
    ],
)
def test_nonsense_gets_a_sentence(words, sentence, capsys):
    with pytest.raises(SystemExit) as left:
        command.run(words)
    assert left.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_place_for_no_file_is_refused_before_anything_is_played(tmp_path):
    for place in (tmp_path, tmp_path / "no" / "report.html"):
        with pytest.raises(UnreadableFile):
            files.refuse_a_place_for_no_file(place)
    short = replace(cast().months, has_cap=False)
    assert short.first == cast().months.first
