"""The score card: errors in their own way, bands, and never fitted and predicted together."""

import math
from dataclasses import replace

import polars as pl
import pytest

from loopbaan.lab import backtest, member, targets, telling
from loopbaan.lab.ensemble import Ensemble
from loopbaan.lab.fitted import Fitted
from loopbaan.lab.targets import Target


def _target(series: str, period: str) -> Target:
    rows = [row for row in targets.read() if (row.series, row.period) == (series, period)]
    return rows[0]


MINUTES = _target("sold_out_minutes", "2025-04")
WOMEN = _target("share_women", "2013-07/2019-06")
FIRST_2021 = _target("voucher1_used", "2021")
CEILING = _target("used_total", "2025-03/2025-10")
FLOOR = _target("persons_ever", "to 2025-06")


@pytest.mark.parametrize(
    ("target", "value", "error", "is_within"),
    [
        (FIRST_2021, 20_000, 20_000 / 18_353 - 1, True),
        (FIRST_2021, 21_600, 21_600 / 18_353 - 1, False),
        (WOMEN, 0.69, -0.01, True),
        (WOMEN, 0.67, -0.03, False),
        (MINUTES, 15.0, math.log(2), True),
        (MINUTES, 3.75, -math.log(2), True),
        (MINUTES, 3.7, math.log(3.7 / 7.5), False),
    ],
)
def test_a_figure_is_judged_in_its_own_way(target, value, error, is_within):
    assert backtest.error(target, value) == pytest.approx(error)
    assert backtest.is_within(target, value) is is_within


def test_a_ceiling_and_a_floor_have_no_error():
    assert backtest.is_within(CEILING, 7_000) is True
    assert backtest.is_within(CEILING, 9_000) is False
    assert backtest.is_within(FLOOR, 210_000) is True
    assert backtest.is_within(FLOOR, 190_000) is False


def _ensemble(bands: dict[Target, tuple[float, float, float]]) -> Ensemble:
    rows = [
        {
            "table": member.TARGETS,
            "when": target.period,
            "figure": target.series,
            **dict(zip(("low", "central", "high"), map(float, band), strict=True)),
            "runs": 3,
        }
        for target, band in bands.items()
    ]
    named = (*telling.STAMPS, "title", "author", "source", "first", "last")
    about = dict.fromkeys(named, "x")
    return Ensemble(
        {**about, "runs": 3, "workers": 9, "draws": 1}, pl.DataFrame(rows), pl.DataFrame(), rows
    )


def test_a_card_counts_what_is_within_and_what_the_bands_hold():
    found = _ensemble(
        {
            WOMEN: (0.6, 0.69, 0.72),
            FIRST_2021: (19_000, 21_600, 24_000),
            MINUTES: (3, 6, 12),
            CEILING: (7_000, 9_000, 10_000),
        }
    )
    card = backtest.card(found, targets.read())
    assert card.height == len(targets.read())
    fitted, predicted = backtest.scores(card)
    assert (fitted.rows, fitted.within, fitted.values, fitted.in_band) == (1, 1, 1, 1)
    assert (predicted.rows, predicted.within, predicted.values, predicted.in_band) == (3, 1, 2, 1)
    missing = card.filter(series="requested", period="2018")
    assert missing["central"].item() is None
    assert missing["is_within"].item() is None


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_shows_the_miss_of_2021_and_keeps_the_parts_apart(lang):
    found = _ensemble({FIRST_2021: (19_000, 21_600, 24_000), MINUTES: (3, 6, 12)})
    card = backtest.card(found, targets.read())
    page = telling.score_card(found, card, Fitted({}, {}), lang)
    words = telling.WORDS[lang]
    (line,) = [
        line for line in page.splitlines() if "2021" in line and "21" in line and "17" in line
    ]
    assert ("+17.7 %" if lang == "en" else "+17,7 %") in line
    parts = [page.index(words[part]) for part in ("fitted", "predicted", "reported")]
    assert parts == sorted(parts)
    assert parts[1] < page.index(line) < parts[2]
    assert ("x 0.80" if lang == "en" else "x 0,80") in page
    assert "covid_factor_2021" in page


def test_a_page_is_in_words_for_every_series_and_figure():
    for lang in telling.WORDS:
        assert set(telling.WORDS[lang]) == set(telling.WORDS["en"])
        assert {row.series for row in targets.read()} <= set(telling.WORDS[lang])


def test_a_target_without_a_tolerance_is_not_judged():
    assert backtest.is_within(replace(FIRST_2021, tolerance=None), 1.0) is None
