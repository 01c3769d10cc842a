"""The report: one page that holds its figures, says what is assumed, and is the same twice."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import vl_convert
from defusedxml import ElementTree

from loopbaan.command import lab as command
from loopbaan.lab import bands, behaviour, explaining, scenario
from loopbaan.lab.explained import FIGURES
from loopbaan.lab.report import charts, drawing, files, page, reporting, sheet, window
from loopbaan.lab.report import words as report_words
from loopbaan.lab.report.assumptions import NAMES, assumption_text
from loopbaan.lab.report.content import Band, Column, Report, decimal_text, written
from loopbaan.lab.report.evidence import DOCUMENTS, EFFECTS, UNKNOWN
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.rulebook import current
from loopbaan.law.wording import LANGS
from tests.lab.pages import cast

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
MOST = 3_000_000
FIVE = ("seed", "commit", "rulebook", "scenario_hash", "population")


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
    assert [value for _, value in report.again] == [str(report.about[name]) for name in FIVE]
    assert report.command.startswith("loopbaan lab report cap-1000 --against no-measure --seed 1")
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


def test_what_the_evidence_calls_an_assumed_pattern_is_marked_wherever_it_shows(report):
    for exhibit in report.exhibits():
        frame = exhibit.table.frame
        if "evidence" in frame.columns and "assumed pattern" in frame["evidence"].to_list():
            assert "aangenomen patroon" in exhibit.marks
            assert "richting" in " ".join(exhibit.notes)
    by_name = {exhibit.table.name: exhibit for exhibit in report.exhibits()}
    for name in ("waiting", "sold_out", "centres", "fates", "started_assumed"):
        assert "aangenomen patroon" in by_name[name].marks
    assert by_name["started_assumed"].aside
    for name in ("break_even", "effects"):
        assert "geen causaal bewijs" in by_name[name].marks


def test_every_figure_over_time_or_in_parts_has_its_band(report):
    by_name = {exhibit.table.name: exhibit.table for exhibit in report.exhibits()}
    for name in ("fates", "waiting", "sold_out", "money_by_year", "centres"):
        table = by_name[name]
        banded = [column for column in table.columns if column.has_band]
        assert banded
        for column in banded:
            middle, low, high = (table.frame[each] for each in column.names)
            assert ((low <= middle) & (middle <= high)).all()
        assert re.search(r"\(\S+[–t]", " ".join(table.cells("nl")[0]))


@pytest.mark.parametrize(
    ("outcome", "assumption", "by"),
    [
        ("burn-out symptoms", "effect_burnout_symptoms_sd", 1),
        ("job change", "effect_job_change_12m", 100),
        ("job satisfaction", "effect_job_satisfaction_sd", 1),
        ("long sickness", "effect_long_sickness_relative", 100),
    ],
)
def test_what_is_told_of_effects_is_what_the_runs_assume(outcome, assumption, by):
    row = behaviour.assumptions()[assumption]
    assumed = {round(abs(by * each), 6) for each in (row.low, row.value, row.high)}
    place = [effect.outcome for effect in EFFECTS["en"]].index(outcome)
    for lang in LANGS:
        told = re.findall(r"\d+(?:[.,]\d+)?", EFFECTS[lang][place].use)
        assert {float(each.replace(",", ".")) for each in told} == assumed


def test_health_digital_skill_and_origin_do_not_stand_on_the_one_page(told):
    first = told[told.index('class="onepage"') : told.index('class="part"')]
    assert "laaggeschoold" in first
    assert not re.search("gezondheidsbeperking|digitaal|herkomst", first)


def test_the_break_even_stands_there_with_its_whole_band_and_zero_is_in_what_is_assumed(report):
    worth = window.worth(cast().first, cast().months)
    needed, assumed = worth[window.NEEDED], worth[window.ASSUMED]
    assert needed.low < needed.central < needed.high
    assert needed.high / needed.low > 5
    assert assumed.low == 0 < assumed.central < assumed.high
    (table,) = (each.table for each in report.exhibits() if each.table.name == "break_even")
    assert table.frame["low"].null_count() == 0


def test_the_score_card_keeps_fitted_and_predicted_apart(report):
    names = [exhibit.table.name for exhibit in report.exhibits()]
    assert names.index("score_fitted") < names.index("score_predicted")
    cards = {each.table.name: each.table.frame["what"].to_list() for each in report.exhibits()
             if each.table.name.startswith("score_")}  # fmt: skip
    assert set(cards["score_fitted"]).isdisjoint(cards["score_predicted"])
    without = reporting.tell(cast("price-90", "no-measure", runs=0), "nl")
    assert "score_fitted" not in [each.table.name for each in without.exhibits()]


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
    for lists in (DOCUMENTS, EFFECTS, UNKNOWN):
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


def test_steps_and_waits_that_are_told_are_all_that_there_are():
    (run,) = cast("cap-1000", runs=0).runs
    frame = window.fallen_out(run, cast().months)
    steps = [step for steps, _ in window.FATES.values() for step in steps]
    assert frame["orders"].to_list() == frame.select(pl.sum_horizontal(steps))[:, 0].to_list()
    waits = [each for bins in window.WAITS.values() for each in bins]
    waited = window.waited(run, cast().months)
    assert waited["wishes"].to_list() == waited.select(pl.sum_horizontal(waits))[:, 0].to_list()


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
