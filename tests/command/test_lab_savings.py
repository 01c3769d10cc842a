"""`loopbaan lab compare-savings` and `loopbaan lab parts`: the pages, and what is refused."""

import re

import polars as pl
import pytest

from loopbaan.command import lab as command
from loopbaan.lab import running, savings
from loopbaan.law.wording import LANGS

SMALL = ("--share", "0.01")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where these tests keep their population: it is built once."""
    return tmp_path_factory.mktemp("populations")


@pytest.fixture(autouse=True)
def _cache(kept, monkeypatch):
    monkeypatch.setattr(running, "default_cache", lambda: kept)


@pytest.mark.parametrize("lang", LANGS)
def test_who_pays_for_the_same_ten_million_is_told_in_a_sentence_each(capsys, lang, tmp_path):
    sheet = tmp_path / "savings.csv"
    words = ["compare-savings", *SMALL, "--lang", lang, "--out", str(sheet)]
    assert command.run(words) == 0
    page = capsys.readouterr().out
    assert page.count("\n* ") == len(savings.SCENARIOS)
    for size in {
        "en": ("139 euro", "2,550", "14.6 years"),
        "nl": ("139 euro", "2.550", "14,6 jaar"),
    }[lang]:
        assert size in page
    for stamp in ("seed", "commit", "population", *savings.SCENARIOS.values(), "no-measure"):
        assert re.search(rf"^{stamp} +\w", page, re.MULTILINE), stamp
    assert page.count("rulebook ") == page.count("scenario_hash ") == 1 + len(savings.SCENARIOS)
    assert {"en": "1.00 %, and as much of every cap", "nl": "1,00 %, en even veel"}[lang] in page
    table = pl.read_csv(sheet)
    assert set(table["instrument"]) == set(savings.SCENARIOS)
    saved = table.filter(pl.col("measure") == "government_saves")["central"].to_list()
    # One worker in a hundred: every one of them still saves something of the order of ten million.
    assert all(6 < millions < 14 for millions in saved)


def test_the_size_of_an_instrument_is_found_anew(capsys):
    assert command.run(["compare-savings", "--find", "hours", *SMALL]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("hours: ")
    assert "sizes were played" in said.out
    assert "euro in 2026" in said.err


def test_a_measure_is_taken_apart_and_the_same_law_is_said_to_be_the_same(capsys):
    assert command.run(["parts", "price-90", "--year", "2025", *SMALL]) == 0
    page = capsys.readouterr().out
    assert "share" in page
    assert "together" in page
    for stamp in ("seed", "commit", "population", "price-90", "no-measure"):
        assert re.search(rf"^{stamp} +\w", page, re.MULTILINE), stamp
    assert "one part of the population only: 1.00 %" in page
    assert command.run(["parts", "no-measure", "--year", "2025", *SMALL, "--lang", "nl"]) == 0
    assert "er is niets uit elkaar te halen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["parts", "price-90", "--year", "1999"], "--year 1999: the scenario runs 2013 to 2027"),
        (["compare-savings", "--find", "price"], "invalid choice: 'price'"),
    ],
)
def test_what_cannot_be_asked_is_said(capsys, words, said):
    with pytest.raises(SystemExit) as stopped:
        command.run([*words, *SMALL])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
