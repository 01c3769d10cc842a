"""The same ten million: the size of each instrument, and who pays for it."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from loopbaan.lab import (
    figures,
    hazards,
    instruments,
    orders,
    running,
    savings,
    scenario,
    who_pays,
    world,
)
from loopbaan.lab.instruments import INSTRUMENTS, TARGET_CENTS, YEAR, Instrument
from loopbaan.law.policy import Policy
from loopbaan.law.wording import LANGS
from tests.lab import runs

FIRST, LAST = date(2013, 7, 1), date(2026, 12, 31)


def _toy(scale: int) -> Instrument:
    return Instrument(
        "share", "cents", 4_500, 60_500, 100, lambda size: {"size": {"value": size * scale}}
    )


def test_the_size_is_the_one_that_comes_nearest_and_few_are_played():
    found = instruments.find(_toy(1), _spent(per_cent=100_000))
    # A hundred cents of share save ten million cents here: the target needs a hundred steps.
    assert found.size == 4_500 + TARGET_CENTS // 100_000
    assert found.saved_cents == TARGET_CENTS
    assert found.played <= 12


def test_an_instrument_that_cannot_save_so_much_says_what_it_saves_at_most():
    with pytest.raises(ValueError, match="share: saves 560,000 euro at most"):
        instruments.find(_toy(1), _spent(per_cent=1_000))


def _spent(per_cent: int) -> instruments.Played:
    def spent(content: dict[str, dict[str, dict[str, dict[str, int]]]]) -> int:
        more = content["policy"]["size"]["value"] - 4_500 if content else 0
        return 3_000_000_000 - per_cent * more

    return spent


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.name)
def test_a_scenario_is_that_of_its_instrument_at_a_size(instrument):
    chosen = scenario.load(savings.SCENARIOS[instrument.name])
    law = scenario.rulebook(chosen)
    numbers = instrument.policy(instrument.start)
    size = getattr(law.on(date(YEAR, 1, 1)), next(iter(numbers)))
    assert chosen.policy == instrument.policy(size)
    assert (size - instrument.start) % instrument.step == 0
    assert chosen.law_known_until == date.fromisoformat(instruments.UNTIL)


@pytest.mark.parametrize("instrument", ["share", "experience"])
def test_each_saves_about_ten_million_also_in_another_part_of_the_workers(instrument):
    paid = []
    for name in (instruments.BASELINE, savings.SCENARIOS[instrument]):
        behaviour, law = running.in_the_middle(scenario.load(name), runs.people())
        played = world.run(runs.people(), behaviour, law, seed=runs.SEED, first=FIRST, last=LAST)
        frame = orders.frame(played, runs.people(), law)
        year = frame.filter(pl.col("started_on").dt.year() == YEAR)
        paid.append(int(year["government_cents"].sum()) / runs.SHARE)
    assert paid[0] - paid[1] == pytest.approx(TARGET_CENTS, rel=0.12)


def _figures(member: int, **values: float) -> pl.DataFrame:
    when = {"at_risk": f"{YEAR}-12-01"}
    table = {"used_minutes": "reached", "at_risk": "centres_by_month"}
    rows = [
        (
            table.get(name, "by_year"),
            when.get(name, str(YEAR)),
            "all" if name == "used_minutes" else "",
            "",
            name,
            float(value),
            member,
        )
        for name, value in values.items()
    ]
    schema = {**figures.SCHEMA, "member": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _year(member: int, **changes: float) -> pl.DataFrame:
    values = {
        "worker_cents": 4_500_000,
        "government_cents": 60_000_000,
        "started": 1_000,
        "persons_started": 800,
        "used_minutes": 210_000,
        "refused": 100,
        "lost": 0,
        "at_risk": 5,
    }
    return _figures(member, **values | changes)


def test_what_one_run_changes_is_told_without_a_band():
    dearer = _year(0, worker_cents=9_000_000, government_cents=50_000_000, persons_started=600)
    table = savings.table(_year(0), {"share": dearer})
    told = {row["measure"]: row for row in table.to_dicts()}
    assert told["government_saves"]["central"] == 0.1
    assert told["workers_pay_more"]["central"] == 0.045
    assert told["centres_earn_less"]["central"] == 0.055
    assert told["a_worker_pays_more_a_voucher"]["central"] == 45.0
    assert told["persons_fewer_in_a_hundred"]["central"] == 25.0
    for row in told.values():
        assert row["low"] == row["central"] == row["high"]
        assert row["runs"] == 1


@pytest.mark.parametrize("lang", LANGS)
def test_where_nobody_is_told_at_risk_no_nought_is_told_but_the_command(lang):
    part = _year(0).filter(pl.col("figure") != "at_risk")
    pages = {}
    for name, base in (("whole", _year(0)), ("part", part)):
        table = savings.table(base, {each.name: base for each in INSTRUMENTS})
        pages[name] = who_pays.page(table, _laws(), lang)
    sentence = {"en": "the same command without --share", "nl": "hetzelfde commando zonder --share"}
    assert who_pays.WORDS[lang]["centres_at_risk_more"] in pages["whole"]
    assert sentence[lang] not in pages["whole"]
    assert who_pays.WORDS[lang]["centres_at_risk_more"] not in pages["part"]
    assert sentence[lang] in pages["part"]


def test_a_band_is_one_of_differences_run_by_run():
    base = pl.concat([_year(0), _year(1, persons_started=1_000)])
    with_ = pl.concat([_year(0, persons_started=400), _year(1, persons_started=500)])
    table = savings.table(base, {"cap": with_})
    row = table.filter(pl.col("measure") == "persons_fewer_in_a_hundred").to_dicts()[0]
    assert (row["low"], row["central"], row["high"], row["runs"]) == (50.0, 50.0, 50.0, 2)
    fewer = table.filter(pl.col("measure") == "persons_fewer").to_dicts()[0]
    assert (fewer["low"], fewer["central"], fewer["high"]) == (410.0, 450.0, 490.0)
    with pytest.raises(AssertionError, match="has its like"):
        savings.table(base, {"cap": _year(0)})


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_has_a_sentence_for_each_instrument_and_says_what_is_assumed(lang):
    base = pl.concat([_year(0), _year(1)])
    table = savings.table(base, {each.name: base for each in INSTRUMENTS})
    page = who_pays.page(table, _laws(steps=7), lang)
    assert page.count("\n* ") == len(INSTRUMENTS)
    assert {"en": "Assumed pattern", "nl": "Aangenomen patroon"}[lang] in page
    assert "{" not in page
    assert {"en": "52 euro instead of 45", "nl": "52 euro in plaats van 45"}[lang] in page
    assert {"en": "480 to 420 minutes, in 2020", "nl": "van 480 naar 420 minuten"}[lang] in page
    assert who_pays.WORDS[lang]["above"].split("{")[0] not in page


@pytest.mark.parametrize("lang", LANGS)
def test_above_the_share_at_which_orders_stop_to_answer_the_sentence_says_so(lang):
    """The model clips the share there: whoever is still there pays, and nobody else stays away."""
    base = pl.concat([_year(0), _year(1)])
    table = savings.table(base, {each.name: base for each in INSTRUMENTS})
    page = who_pays.page(table, _laws(steps=122), lang)  # 45 + 122 = 167 euro
    above = hazards.MOST_SHARE_CENTS // 100
    assert {"en": f"above {above} euro nobody knows", "nl": f"boven {above} euro weet niemand het"}[
        lang
    ] in page
    assert who_pays.WORDS[lang]["above"].format(above=167 - above) in page


def _laws(steps: int = 0) -> dict[str, Policy]:
    """The law of each instrument, so many steps from where it starts."""
    before = instruments.law_before()
    moved = {
        each.name: each.start + (1 if each.end > each.start else -1) * min(steps, 10) * each.step
        for each in INSTRUMENTS
    }
    moved["share"] = before.share_cents + 100 * steps
    return {
        "share": replace(before, share_cents=moved["share"]),
        "hours": replace(before, first_voucher_minutes=moved["hours"]),
        "fee": replace(before, fee_millicents_per_hour=moved["fee"]),
        "cap": replace(before, cap_per_month=moved["cap"]),
        "experience": replace(before, least_experience_days=moved["experience"]),
    }
