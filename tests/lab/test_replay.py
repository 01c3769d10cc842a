"""The seven and a half minutes: the courses add up, and the page says what is assumed."""

import json
import re

import numpy as np
import pytest

from loopbaan.command import lab as command
from loopbaan.lab import replay
from loopbaan.lab.replay import A_MINUTE, DAY, GROUPS, LINES, MONTH, Course
from loopbaan.lab.report import replaying
from loopbaan.lab.report.replay_words import WORDS
from loopbaan.law.wording import LANGS
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
    assert 1 < race.gone < 15
    assert race.placed[15 * A_MINUTE].sum() == pytest.approx(race.places)
    assert draw.gone is None
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
    drawn = np.bincount([group for _, group in squares], minlength=len(GROUPS))
    assert np.abs(drawn * replay.EACH - course.placed[-1]).max() <= 2 * replay.EACH


def test_there_is_a_band_for_every_rule_and_line():
    assert set(morning().bands) == {(rule, line) for rule in replay.RULES for line in LINES}
    assert all(low <= middle <= high for low, middle, high in morning().bands.values())


def test_what_is_told_first_lies_within_its_band():
    told = re.findall(r"(\d+) \((\d+)–(\d+)\)", replaying.html(morning(), "en"))
    assert len(told) >= len(replay.RULES) * len(replaying.BARS)
    assert all(int(low) <= int(middle) <= int(high) for middle, low, high in told)


def test_the_places_were_gone_at_a_minute_within_its_band():
    for rule, (low, high) in morning().gone.items():
        gone = _course(rule).gone
        assert gone is not None
        assert low <= gone <= high


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_fetches_nothing_and_has_every_figure_in_a_table(lang):
    page = replaying.html(morning(), lang)
    assert len(page.encode()) < MOST
    assert re.findall(r"(?:src|href)=[\"']?[^\"'#]|@import|<link|<iframe", page) == []
    assert page.count("<table>") == len(replay.RULES)
    assert page.count('<th scope="row">') == len(replay.RULES) * len(LINES)
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
                morning().of_100(_course(rule), line), abs=0.06
            )


def test_the_published_minutes_are_told_and_were_not_used(told):
    assert replay.PUBLISHED_MINUTES == 7.5
    assert "In het echt: 7 min 30 s. Dat cijfer is niet gebruikt" in told


def test_the_same_morning_gives_the_same_bytes(told):
    assert replaying.html(morning(), "nl") == told
    words = WORDS["nl"], WORDS["en"]
    assert words[0].keys() == words[1].keys()


def test_the_command_writes_the_page(tmp_path, capsys):
    out = tmp_path / "minutes.html"
    words = ["replay", "--share", "0.01", "--runs", "0", "--cache", str(tmp_path / "cache")]
    assert command.run([*words, "--lang", "en", "--out", str(out)]) == 0
    page = out.read_text("utf-8")
    assert "The seven and a half minutes" in page
    assert "A single run" in page
    assert "Under ‘first come’" in capsys.readouterr().out
