"""The months that a report counts, and what becomes of the orders placed in them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loopbaan.lab import card, scenario
from loopbaan.lab import orders as lab_orders
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.report import members, reporting, window
from loopbaan.lab.report.window import Played
from loopbaan.law.transitions import Status
from tests.lab import story
from tests.lab.pages import COMMIT, SHARE, cache_folder, cast


def test_steps_and_waits_that_are_told_are_all_that_there_are():
    (run,) = cast("cap-1000", runs=0).runs
    orders = run.orders(cast().months)
    fates = window.fates(orders)
    assert fates.keys() == window.FATES.keys()
    assert sum(fates.values()) == len(orders)
    assert min(fates.values()) > 0
    waits = [each for bins in window.WAITS.values() for each in bins]
    waited = window.waited(run, cast().months)
    assert waited["wishes"].to_list() == waited.select(pl.sum_horizontal(waits))[:, 0].to_list()


def test_who_started_and_is_not_done_when_a_run_ends_did_start():
    running = story.Order("dora", "2027-10-01", Status.STARTED, paid="2027-10-03",
                          started="2027-11-02", voucher=1, used=60)  # fmt: skip
    waits = story.Order("bram", "2027-12-01", Status.ISSUED, paid="2027-12-03", voucher=1)
    frame = lab_orders.frame(story.events(running, waits), story.population(), story.BOOK)
    wanted = dict.fromkeys(window.FATES, 0) | {"started": 1, "did_not_start": 1}
    assert window.fates(frame) == wanted


@pytest.mark.parametrize(
    ("names", "first", "last"),
    [
        # A fee changes no order: the months begin where the laws differ, and are a year.
        (("same-saving-by-fee", "no-measure"), date(2025, 4, 1), date(2026, 3, 31)),
        (("november-2025-a", "no-measure"), date(2025, 11, 1), date(2026, 10, 31)),
        # A cap that never ends is told over a year, and one of eight months over eight.
        (("same-saving-by-cap", "no-measure"), date(2025, 4, 1), date(2026, 3, 31)),
        (("cap-1000", "no-measure"), date(2025, 3, 1), date(2025, 10, 31)),
        # Who orders in the last half year of a run has no time to start in it.
        (("career-credit-2027", "no-measure"), date(2027, 1, 1), date(2027, 6, 30)),
        (("no-measure",), date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_the_months_that_count_begin_where_the_laws_differ_and_end_before_the_run_does(
    names, first, last
):
    months = [date(year, month, 1) for year in range(2024, 2028) for month in range(1, 13)]
    laws = [(scenario.rulebook(scenario.load(name)), scenario.load(name).reading) for name in names]
    runs = [_without_people(law, reading, months) for law, reading in laws]
    found = window.window(runs, laws)
    assert (found.first, found.last, found.is_settled) == (first, last, True)


def test_a_measure_that_comes_too_late_is_told_with_what_it_lacks():
    months = [date(2027, month, 1) for month in range(1, 13)]
    late = scenario.of(
        {
            "title": "late",
            "author": "An",
            "source": "hypothetical",
            "policy": {"share_cents": {"unit": "cents", "lines": [
                {"from": "2027-10-01", "announced": "2027-09-01", "value": 20_000}
            ]}},
        },
        Path("late.yaml"),
    )  # fmt: skip
    laws = [(scenario.rulebook(each), each.reading) for each in (late, scenario.load("cap-1000"))]
    found = window.window([_without_people(*law, months) for law in laws], laws)
    assert (found.first, found.last) == (date(2027, 10, 1), date(2027, 12, 31))
    assert not found.is_settled
    told = reporting.tell(
        replace(cast(runs=0), months=replace(cast().months, is_settled=False)), "nl"
    )
    assert "had nog geen tijd om te betalen en te starten" in told.subtitle


def test_a_card_that_ends_a_year_before_the_others_is_told_beside_them():
    own = scenario.of(
        card.content(replace(card.as_it_was(), share_cents=9_000)), Path("kaart.yaml")
    )
    played = members.play(
        [scenario.load("no-measure"), own],
        seed=1,
        runs=0,
        share=SHARE,
        cache=cache_folder(),
        commit=COMMIT,
    )
    assert (played.months.first, played.months.last) == (date(2025, 4, 1), date(2026, 3, 31))
    report = reporting.tell(played, "nl")
    (table,) = (each.table for each in report.exhibits() if each.table.name == "money_by_year")
    assert table.frame["year"].to_list() == ["2023", "2024", "2025", "2026"]
    assert "--against kaart.yaml" in report.command


def _without_people(law, reading, months):
    """A run in which nobody orders: what a law says of its months."""
    capped = [day for day in months if law.on(day, date.max, reading).cap_per_month is not None]
    tables = {
        "by_month": pl.DataFrame({"month": months, "orders": [0] * len(months)}),
        "sold_out": pl.DataFrame({"month": capped}, schema={"month": pl.Date}),
    }
    return Played(Outcomes({}, tables), scenario.behaviour(scenario.load("no-measure")))
