"""A measure on one worker in a hundred: the figures of an ensemble, without its years before."""

import json
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from loopbaan.command import lab_try
from loopbaan.lab import bands, card, ensemble, falling_out, quick, scenario, suppression
from loopbaan.lab.card import Card
from loopbaan.lab.instruments import MINUTES_FIRST, MINUTES_SECOND
from loopbaan.lab.quick import NotQuick, Quick

CARD = Card(1_000, "draw", 9_000, 2_555, 240)
SEEDS = 4


class Here(Executor):
    """Plays at once, in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Quick:
    return Quick(tmp_path_factory.mktemp("people"), seeds=SEEDS)


def test_the_figures_are_those_of_the_ensemble_that_the_page_names(
    laboratory: Quick, tmp_path: Path
):
    chosen = scenario.of(card.content(CARD), Path("kaart.yaml"))
    told = laboratory.answer(chosen)
    seeds = range(1, SEEDS + 1)
    whole = ensemble.play(
        chosen, seeds=seeds, share=quick.SHARE, cache=tmp_path, executor=Here(), at_once=1
    )
    found = whole.bands.filter(pl.col("table") == "by_year", pl.col("when").is_in(["2025", "2026"]))
    bands = {
        (row["when"], row["figure"]): [row[end] for end in quick.ENDS] for row in found.to_dicts()
    }
    assert len(told["years"]) == 2 * len(quick.BY_YEAR)
    for row in told["years"]:
        assert [row[end] for end in quick.ENDS] == bands[row["when"], row["figure"]], row
    assert told["stamps"]["scenario_hash"] == whole.about["scenario_hash"]
    assert told["stamps"]["code"] == whole.about["code"]


def test_what_was_played_before_is_not_moved_by_a_card(laboratory: Quick):
    chosen = scenario.load("cap-1000")
    before = laboratory.answer(chosen)
    laboratory.answer(scenario.of(card.content(CARD), Path("kaart.yaml")))
    assert laboratory.answer(chosen) == before


def test_every_scenario_of_the_house_has_the_same_past():
    base = scenario.rulebook(scenario.load("no-measure"))
    for name in scenario.names():
        chosen = scenario.load(name)
        quick.refuse_another_past(chosen, scenario.rulebook(chosen), base)


@pytest.mark.parametrize(
    "change",
    [
        {"behaviour": {"retry_next_month": 0.1}},
        {
            "policy": {
                "share_cents": {
                    "unit": "cents",
                    "lines": [{"from": "2020-01-01", "announced": "2019-12-01", "value": 9000}],
                }
            }
        },
    ],
    ids=["behaviour", "law"],
)
def test_what_changes_the_past_is_refused_with_a_sentence(laboratory: Quick, change):
    content = {"title": "x", "author": "An", "source": "hypothetical", **change}
    chosen = scenario.of(content, Path("past.yaml"))
    with pytest.raises(NotQuick, match="past: changes what was before 2025-02-28"):
        laboratory.answer(chosen)


def test_what_begins_after_the_last_month_is_refused_and_not_shown_as_no_measure(
    laboratory: Quick,
):
    with pytest.raises(NotQuick, match="begins on 2027-01-01, after what is played here"):
        laboratory.answer(scenario.load("career-credit-2027"))


def test_an_answer_says_from_which_days_its_rules_are_others(laboratory: Quick):
    told = {name: laboratory.answer(scenario.load(name)) for name in ("cap-1000", "no-measure")}
    assert told["cap-1000"]["changes"] == ["2025-03-01", "2025-11-01"]
    assert told["no-measure"]["changes"] == []
    for answer in told.values():
        assert {row["evidence"] for row in answer["groups"] if row["category"]} == {
            falling_out.ASSUMED
        }


def test_the_command_that_the_page_names_gives_every_figure_of_it(
    laboratory: Quick, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
):
    file = tmp_path / "kaart.yaml"
    file.write_text(yaml.safe_dump(card.content(CARD)), "utf-8")
    monkeypatch.setattr(quick, "Quick", lambda _: laboratory)
    assert lab_try.run([str(file), "career-credit-2027"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    wanted = laboratory.answer(scenario.of(card.content(CARD), file))
    assert first == {"answer": json.loads(json.dumps(wanted))}
    assert {"years", "steps", "groups"} <= first["answer"].keys()
    assert "after what is played here" in second["fault"]


def test_a_group_is_told_only_where_all_runs_together_can_be_published():
    few = {"persons": 3, "persons_started": 1, "orders": 3, "finished": 1, "lost": 2}
    many = {"persons": 60, "persons_started": 40, "orders": 60, "finished": 40, "lost": 20}
    rows = [
        _row("all", "", {name: few[name] + 2 * many[name] for name in few}),
        _row("sex", "woman", {name: few[name] + many[name] for name in few}),
        _row("sex", "man", many),
        _row("education", "low", few),
        _row("education", "mid", many),
        _row("education", "high", many),
    ]
    table = pl.DataFrame(rows).with_columns(period=pl.lit("2025-04-01"))
    one_run = [table] * bands.FEWEST
    told = {(row["dimension"], row["category"]): row for row in quick.by_group(one_run)}
    assert told["sex", "man"]["central"] == pytest.approx(100 * 40 / 60, abs=1e-4)
    # Twelve persons and four who started: four is a small cell.
    assert told["education", "low"]["central"] is None
    assert few["persons_started"] * bands.FEWEST < suppression.LEAST


def _row(dimension: str, category: str, counts: dict[str, int]) -> dict[str, Any]:
    zero = dict.fromkeys(falling_out.COUNTED, 0)
    evidence = falling_out.PUBLISHED
    return {"dimension": dimension, "category": category, "evidence": evidence, **zero, **counts}


def test_a_card_that_changes_nothing_has_no_line_of_law():
    assert "policy" not in card.content(card.as_it_was())
    other = replace(card.as_it_was(), allocation="draw")
    assert card.content(other) == card.content(card.as_it_was()), "nobody asks without a cap"


def test_the_second_voucher_keeps_its_part_of_the_first_and_all_holds_from_one_day():
    made = scenario.of(card.content(replace(CARD, minutes=120)), Path("kaart.yaml"))
    law = scenario.rulebook(made)
    before, after = (
        law.on(date(2025, 4, day) if day else date(2025, 3, 31), date.max) for day in (0, 1)
    )
    assert (before.share_cents, before.cap_per_month) == (4_500, None)
    assert (after.share_cents, after.cap_per_month, after.allocation) == (9_000, 1_000, "draw")
    assert after.second_voucher_minutes == 120 * MINUTES_SECOND // MINUTES_FIRST
