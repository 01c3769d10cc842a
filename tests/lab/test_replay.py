"""The seven and a half minutes: the courses add up, and the page says what is assumed."""

import json
import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from loopbaan.command import lab as command
from loopbaan.lab import orders as lab_orders
from loopbaan.lab import replay, targets
from loopbaan.lab.replay import DAY, GROUPS, LINES, MONTH, Course
from loopbaan.lab.report import again, replaying
from loopbaan.lab.report.replay_words import WORDS
from loopbaan.law.transitions import Status
from loopbaan.law.wording import LANGS
from tests.lab import story
from tests.lab.pages import morning

MOST = 3_000_000


@pytest.fixture(scope="module")
def told() -> str:
    return replaying.html(morning(), "nl")


def _course(rule: str) -> Course:
    return next(each for each in morning().courses if each.rule == rule)


@pytest.mark.parametrize("rule", replay.RULES)
def test_places_are_given_to_who_came_and_never_more_than_there_are(rule):
    course = _course(rule)
    assert course.came.shape == course.placed.shape == (MONTH + 1, len(GROUPS))
    for counts in (course.came, course.placed):
        assert (np.diff(counts, axis=0) >= 0).all()
    assert (course.placed <= course.came + 1e-9).all()
    assert (course.came[-1] <= course.wanted + 1e-9).all()
    assert course.placed[-1].sum() == pytest.approx(course.places)
    assert course.places == 1_000


def test_a_race_is_over_in_minutes_and_a_draw_gives_nothing_before_the_end_of_the_month():
    race, draw, line = (_course(rule) for rule in ("cap-1000", "draw-1000", "waiting-list"))
    assert 1 < morning().gone["cap-1000"].ends[1] < 15
    assert race.placed[DAY].sum() == pytest.approx(race.places)
    assert set(morning().gone) == {"cap-1000", "reserved-30"}
    assert draw.placed[DAY].sum() == 0
    # Those who wait since March have the places of April before anybody of April comes.
    assert line.placed[0].sum() == line.places
    assert line.came[0].sum() > line.places


def test_lines_are_sums_of_groups_and_squares_of_who_got_places():
    course = _course("cap-1000")
    assert course.wanted_by("all") == pytest.approx(course.wanted.sum())
    by_screen = [course.placed_by(line)[-1] for line in ("screen", "no_screen")]
    assert sum(by_screen) == pytest.approx(course.places)
    assert sum(course.wanted_by(each) for each in ("low", "mid", "high")) == pytest.approx(
        course.wanted.sum()
    )
    squares = course.squares()
    assert len(squares) == course.places // replay.EACH
    assert [tick for tick, _ in squares] == sorted(tick for tick, _ in squares)
    for education in ("low", "mid", "high"):
        drawn = replay.EACH * sum(each == education for _, each in squares)
        assert abs(drawn - course.placed_by(education)[-1]) <= 2 * replay.EACH


def test_there_is_a_band_for_every_rule_and_line():
    assert set(morning().bands) == {(rule, line) for rule in replay.RULES for line in LINES}
    assert all(low <= middle <= high for low, middle, high in morning().bands.values())


def test_what_is_told_first_lies_within_its_band():
    told = re.findall(r"(\d+) \((\d+)–(\d+)\)", replaying.html(morning(), "en"))
    assert len(told) >= len(replay.RULES) * len(replaying.BARS)
    assert all(int(low) <= int(middle) <= int(high) for middle, low, high in told)


def test_a_run_in_which_places_lasted_for_days_is_counted_and_its_band_is_not_cut():
    """A band of only those that were gone within the told minutes would flatter the model."""
    minutes = [4.5, 5.5, 6.5, 19.5, 4_000.5, None]
    runs = [replace(_course("cap-1000"), gone=each) for each in minutes]
    told = replay._gone(runs)
    assert (told.times, told.runs) == (5, 6)
    assert told.ends[1] == 6.5
    assert told.ends[2] > 2_000
    assert replay._gone(runs[:3]).ends is None, "three runs have no band"


def test_a_run_is_gone_when_the_score_card_says_so_however_late():
    orders = story.events(
        story.Order("an", "2025-04-03", Status.LAPSED, minute=9),
        story.Order("bram", "2025-04-03", Status.LOST, minute=10),
    )
    frame = lab_orders.frame(orders, story.population(), story.BOOK)
    assert replay._gone_at(frame) == pytest.approx(2 * 1_440 + 10.5)
    assert replay._gone_at(frame.filter(pl.col("outcome") != "lost")) is None


@pytest.mark.parametrize(("lang", "sentence"), [
    ("nl", r"In \d+ van 4 proeven waren de plaatsen van april op\. Dan gingen ze weg na [\d,]+"),
    ("en", r"In \d+ of 4 runs the places of April ran out\. Then they were gone after [\d.]+ min"),
])  # fmt: skip
def test_the_page_says_in_how_many_runs_the_places_ran_out(lang, sentence):
    assert re.search(sentence, replaying.html(morning(), lang))


def test_how_many_wanted_a_place_is_said_to_be_of_the_model_and_has_a_band(told):
    found = re.findall(r"In het model wilden [\d.]+ \([\d.]+–[\d.]+\) mensen er een", told)
    assert len(found) == len(replay.RULES)
    assert "Wat er gebeurde" not in told


def test_no_line_is_of_few_people_and_every_count_is_in_tens(told):
    assert set(LINES) == {"all", "low", "mid", "high", "screen", "no_screen"}
    data = json.loads(re.search(r'id="morning">(.*?)</script>', told)[1])
    for course in data["rules"].values():
        assert all(given % 10 == 0 for given in course["given"])
        assert all(isinstance(part, int) for line in course["lines"].values() for part in line)
    for rule in replay.RULES:
        frame = replaying._table(_course(rule), morning(), "nl").frame
        counts = [name for name in frame.columns if not name.startswith(("who", "of_100"))]
        assert all((frame[name] % 10 == 0).all() for name in counts)


def test_every_scenario_and_rulebook_is_stamped(told):
    for each in morning().about:
        assert each["scenario_hash"] in told
        assert each["rulebook"] in told
    both = again.together(morning().about, "rulebook")
    assert both in told
    assert both not in [each["rulebook"] for each in morning().about]
    assert "--seeds 4 --share 0.01 --lang nl" in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_fetches_nothing_and_has_every_figure_in_a_table(lang):
    page = replaying.html(morning(), lang)
    assert len(page.encode()) < MOST
    assert re.findall(r"(?:src|href)=[\"']?[^\"'#]|@import|<link|<iframe", page) == []
    assert page.count("<table>") == len(replay.RULES) + 1
    assert page.count('<th scope="row">') == len(replay.RULES) * (len(LINES) + 2)
    assert page.count(WORDS[lang]["assumed"]) >= 2
    assert WORDS[lang]["direction"].replace("‘", "‘") in page


def test_what_the_script_reads_is_what_the_table_tells(told):
    data = json.loads(re.search(r'id="morning">(.*?)</script>', told)[1])
    assert len(data["clocks"]) == MONTH + 1
    assert data["clocks"][0] == "0 min 00 s"
    assert data["clocks"][30] == "7 min 30 s"
    assert data["clocks"][-2:] == ["einde van 1 april", "einde van april"]
    for rule in replay.RULES:
        told_of = data["rules"][rule]
        assert told_of["given"][-1] == 1_000
        for line in replaying.BARS:
            assert told_of["lines"][line][-1] == pytest.approx(
                morning().of_100(_course(rule), line), abs=0.51
            )


def test_the_published_minutes_are_told_and_who_set_the_model_knew_them(told):
    published = next(each for each in targets.read() if each.period == "2025-04")
    assert (published.series, published.value) == ("sold_out_minutes", 7.5)
    assert "In het echt: 7 min 30 s. Dat cijfer is niet gebruikt" in told
    assert "maar wie de aannames zette, kende het" in told


def test_the_same_morning_gives_the_same_bytes(told):
    assert replaying.html(morning(), "nl") == told
    words = WORDS["nl"], WORDS["en"]
    assert words[0].keys() == words[1].keys()


def test_the_command_writes_the_page(tmp_path, capsys):
    out = tmp_path / "minutes.html"
    words = ["replay", "--share", "0.01", "--seeds", "4", "--cache", str(tmp_path / "cache")]
    assert command.run([*words, "--lang", "en", "--out", str(out)]) == 0
    page = out.read_text("utf-8")
    assert "The seven and a half minutes" in page
    assert "Under ‘first come’" in capsys.readouterr().out


def test_a_page_of_fewer_runs_would_tell_of_the_people_of_one_and_is_refused(tmp_path, capsys):
    for command_ in (["replay", "--out", "x.html"], ["pages", str(tmp_path)]):
        with pytest.raises(SystemExit):
            command.run([*command_, "--seeds", "3"])
        assert "'3' is no whole number from 4 up" in capsys.readouterr().err
