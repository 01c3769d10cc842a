"""What a report says of how sure it is: marks, bands, what was found, and the score card."""

import re
from dataclasses import replace

import polars as pl
import pytest

from loopbaan.lab import behaviour, graded, risks
from loopbaan.lab.report import (
    money,
    page,
    proof,
    reporting,
    window,
)
from loopbaan.lab.report.content import Report
from loopbaan.lab.report.evidence import EFFECTS
from loopbaan.lab.report.members import TARGET
from loopbaan.law.wording import LANGS
from tests.lab.pages import cast


@pytest.fixture(scope="module")
def report() -> Report:
    return reporting.tell(cast(), "nl")


@pytest.fixture(scope="module")
def told(report) -> str:
    return page.html(report)


def test_what_the_evidence_calls_an_assumed_pattern_is_marked_wherever_it_shows(report):
    for exhibit in report.exhibits():
        frame = exhibit.table.frame
        if "evidence" in frame.columns and "assumed pattern" in frame["evidence"].to_list():
            assert "aangenomen patroon" in exhibit.marks
            assert "richting" in " ".join(exhibit.notes)
    by_name = {exhibit.table.name: exhibit for exhibit in report.exhibits()}
    for name in ("waiting", "sold_out", "out_of_reach", "fates", "started_assumed"):
        assert "aangenomen patroon" in by_name[name].marks
    assert by_name["started_assumed"].aside
    for name in ("break_even", "effects"):
        assert "geen causaal bewijs" in by_name[name].marks


@pytest.mark.parametrize("names", [("no-measure", "cap-1000"), ("cap-1000", "no-measure")])
def test_a_rate_by_group_is_assumed_under_every_scenario_whichever_stands_first(names):
    """Nobody published who of a group falls out, with a cap or without."""
    report = reporting.tell(cast(*names, runs=0), "nl")
    by_name = {exhibit.table.name: exhibit for exhibit in report.exhibits()}
    for name in ("started_by_group", "started_assumed", "hit"):
        assert set(by_name[name].table.frame["evidence"]) == {"assumed pattern"}
        assert "aangenomen patroon" in by_name[name].marks
        assert "ubliceerde" in by_name[name].notes[0]


def test_the_bar_of_a_month_and_its_table_are_of_the_same_runs(report):
    (exhibit,) = (each for each in report.exhibits() if each.table.name == "sold_out")
    drawn = exhibit.chart.spec["data"]["values"]
    shown = {"kreeg plaats": "got_a_place", "te laat": "came_too_late"}
    assert {each["part"] for each in drawn} == shown.keys()
    table = {row["month"]: row for row in exhibit.table.frame.to_dicts()}
    for each in drawn:
        assert each["value"] == pytest.approx(
            table[each["category"]][shown[each["part"]]], abs=0.01
        )
        assert each["label"] == table[each["category"]]["gone"]
    assert re.fullmatch(r"[\d,]+ min \([\d,]+ tot [\d,]+ min\)", table["april 2025"]["gone"])


def test_counts_of_groups_and_who_lives_out_of_reach_have_their_band(report):
    by_name = {exhibit.table.name: exhibit.table for exhibit in report.exhibits()}
    for name, column in (
        ("started_by_group", "ordered"),
        ("waiting_by_group", "wishes"),
        ("out_of_reach", "places_without_a_centre"),
        ("out_of_reach", "inhabitants_percent"),
    ):
        frame = by_name[name].frame
        told = frame.filter(pl.col(column).is_not_null())
        assert told.height
        assert (told[f"{column}_low"] <= told[column]).all()
        assert (told[column] <= told[f"{column}_high"]).all()
        assert (told[f"{column}_low"] < told[f"{column}_high"]).any()


def test_the_places_without_a_centre_are_named_and_as_many_as_are_counted():
    """In one run both are of the same centres."""
    report = reporting.tell(cast("price-90", "no-measure", runs=0), "en")
    by_name = {exhibit.table.name: exhibit.table.frame for exhibit in report.exhibits()}
    counted = by_name["out_of_reach"].filter(month="December 2025")
    named = by_name["which_places"]
    assert counted["radius_km"].to_list() == [f"{each:.0f}" for each in named["radius_km"]]
    assert named["places_without_a_centre"].max() > 0
    assert (
        named["places_without_a_centre"].to_list() == counted["places_without_a_centre"].to_list()
    )
    for row in named.to_dicts():
        assert len(row["places"].split(", ")) == max(row["places_without_a_centre"], 1)
    (centres,) = (part for part in report.sections if part.key == "centres")
    assert re.search(r"Without a centre within 20 km, .*: \d+ of the 426 towns", centres.told[1])


def test_every_figure_over_time_or_in_parts_has_its_band(report):
    by_name = {exhibit.table.name: exhibit.table for exhibit in report.exhibits()}
    for name in ("fates", "waiting", "sold_out", "money_by_year"):
        table = by_name[name]
        banded = [column for column in table.columns if column.has_band]
        assert banded
        for column in banded:
            middle, low, high = (table.frame[each] for each in column.names)
            assert ((low <= middle) & (middle <= high)).all()
        assert re.search(r"\(\S+[–t]", " ".join(table.cells("nl")[0]))


def test_centres_at_risk_stand_there_only_where_everybody_was_played(report, monkeypatch):
    part = next(section for section in report.sections if section.key == "centres")
    assert "hetzelfde commando zonder --share" in part.told[0].lower()
    names = [exhibit.table.name for exhibit in part.exhibits]
    assert names == ["out_of_reach", "which_places"]
    monkeypatch.setattr(risks, "EVERYBODY_FROM", 0.005)  # as if one in a hundred were all
    whole = money.centres_section(cast.__wrapped__("cap-1000", runs=4), "nl")
    names = [exhibit.table.name for exhibit in whole.exhibits]
    assert names == ["centres", "out_of_reach", "which_places"]
    assert "aangenomen patroon" in whole.exhibits[0].marks
    for column in (each for each in whole.exhibits[0].table.columns if each.has_band):
        middle, low, high = (whole.exhibits[0].table.frame[each] for each in column.names)
        assert ((low <= middle) & (middle <= high)).all()


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
    place = [effect.outcome["en"] for effect in EFFECTS].index(outcome)
    for lang in LANGS:
        section = proof.effects_section(cast(), lang)
        told = re.findall(r"\d+(?:[.,]\d+)?", section.exhibits[0].table.frame["use"][place])
        assert {float(each.replace(",", ".")) for each in told} == assumed


def test_an_effect_that_a_scenario_sets_is_told_as_that_scenario_has_it():
    one, other = cast().scenarios
    own = replace(one, behaviour={"effect_long_sickness_relative": -0.11})
    section = proof.effects_section(replace(cast(), scenarios=(own, other)), "nl")
    assert section.exhibits[0].table.frame["use"][-1] == (
        "wie eerst komt: door het scenario gezet op −11 % in twee jaar;"
        " geen maatregel: −5 (−20 tot 0) % in twee jaar"
    )


def test_what_was_found_and_its_quality_are_those_of_the_file():
    studies = {row["outcome"]: row for row in graded.table().to_dicts()}
    rows = proof.effects_section(cast(), "en").exhibits[0].table.frame.to_dicts()
    for effect, row in zip(EFFECTS, rows, strict=True):
        found = [studies[name] for name in effect.studies]
        qualities = sorted({each["quality"] for each in found})
        wanted = "–" if qualities == [0] else ", ".join(str(each) for each in qualities)
        assert row["quality"] == wanted
    told = {effect.outcome["en"]: row["found"] for effect, row in zip(EFFECTS, rows, strict=True)}
    assert told["burn-out symptoms"].startswith("−0.22 sd")
    assert told["satisfaction with the guidance"] == "86 to 90 % satisfied"
    assert told["wages"] == "vouchers by lot: Switzerland 0, Netherlands 0"


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
    (section,) = (each for each in report.sections if each.key == "even")
    (saved,) = (told for told in section.told if "bespaart de staat" in told)
    assert "geen causaal bewijs" in saved  # in the sentence with the euros, not only below a table


def test_the_score_card_keeps_fitted_and_predicted_apart(report):
    names = [exhibit.table.name for exhibit in report.exhibits()]
    assert names.index("score_fitted") < names.index("score_predicted")
    cards = {each.table.name: each.table.frame["what"].to_list() for each in report.exhibits()
             if each.table.name.startswith("score_")}  # fmt: skip
    assert set(cards["score_fitted"]).isdisjoint(cards["score_predicted"])
    # Not as it was, or with too few runs for a band: then there is nothing to hold against.
    few = [{name: each[:3] for name, each in cast().members.items()}]
    for without in (cast("price-90", "no-measure", runs=0), replace(cast(), members=few[0])):
        assert proof.past_section(without, "nl") is None


def test_the_score_card_says_what_is_no_prediction_and_in_how_many_runs_a_figure_is(report):
    by_name = {exhibit.table.name: exhibit for exhibit in report.exhibits()}
    card = by_name["score_predicted"]
    assert card.table.caption == "Niet afgestemd"
    starred = [what for what in card.table.frame["what"] if what.endswith("*")]
    assert len(starred) == 1
    assert "juli 2013 tot juni 2021" in starred[0]
    assert "geen zuivere voorspelling" in card.notes[0]
    assert by_name["score_fitted"].notes == ()
    have = dict(card.table.frame.select("what", "runs").iter_rows())
    assert have["minuten tot de plaatsen op waren, april 2025"].endswith(" van 10")
    members = cast().members["cap-1000"]
    lasted = {f"{TARGET}sold_out_minutes|2025-04": None}
    fewer = [{k: v for k, v in each.items() if k not in lasted} for each in members[:4]]
    some = replace(cast(), members={**cast().members, "cap-1000": [*fewer, *members[4:]]})
    (_, predicted) = proof.past_section(some, "nl").exhibits
    have = dict(predicted.table.frame.select("what", "runs").iter_rows())
    assert have["minuten tot de plaatsen op waren, april 2025"] == "6 van 10"


def test_a_second_set_of_assumptions_by_somebody_who_knew_nothing_is_said_to_be_missing(report):
    (past,) = (part for part in report.sections if part.key == "past")
    assert "Een tweede reeks, van iemand die ze niet kent, is er nog niet." in past.told[-1]
    (sold_out,) = (part for part in report.sections if part.key == "sold_out")
    assert "maar wie de aannames zette, kende het" in sold_out.told[0]
