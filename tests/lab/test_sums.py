"""Sums of money beyond 32 bits, the moment at which places are gone, the count of the received."""

from datetime import date

import polars as pl
import pytest

from loopbaan.lab import centres, counting, effects, outcomes
from loopbaan.lab.behaviour import load
from loopbaan.lab.events import CODE
from loopbaan.law.transitions import Status
from tests.lab import runs
from tests.lab.story import BOOK, STORY, Order, events, population

MUCH = 50_000  # copies of the story's two users: two thousand million cents and more
APRIL = date(2025, 4, 1)


@pytest.fixture(scope="module")
def told():
    firms = centres.build(1, load())
    return outcomes.of(events(*STORY), population(), BOOK, load(), firms, about={})


def test_cents_have_64_bits_in_every_table(told):
    found = {
        f"{name}.{column}": kind
        for name, table in told.tables.items()
        for column, kind in table.schema.items()
        if column.endswith("_cents")
    }
    assert found
    assert {name: kind for name, kind in found.items() if kind != pl.Int64} == {}


def test_what_the_government_pays_for_many_vouchers_is_not_negative(told):
    orders = told["orders"]
    many = orders[list(range(orders.height)) * MUCH]
    paid = {row["outcome"]: row["central"] for row in effects.bands(many, load()).to_dicts()}[
        "government_paid"
    ]
    expected = MUCH * sum(orders["government_cents"].to_list()) / 100
    assert expected > 2**31 / 100
    assert paid == round(expected)
    months = counting.by_month(many, date(2013, 7, 1), date(2027, 12, 1))
    assert sum(counting.by_year(months, many)["government_cents"].to_list()) == expected * 100


def _sold_out(*orders: Order, contested: int | None = None) -> dict[str, object]:
    made = events(*orders)
    if contested is not None:
        made.contested[contested] = True
    firms = centres.build(1, load())
    run = outcomes.of(made, population(), BOOK, load(), firms, about={})
    (row,) = run["sold_out"].filter(pl.col("month") == APRIL).to_dicts()
    return row


def test_places_are_gone_when_the_first_finds_none_and_not_when_the_last_is_given():
    row = _sold_out(
        Order("an", "2025-04-01", Status.LAPSED, minute=3, voucher=1),
        # Wrongly refused at minute 1, put right on the 10th, and then too late.
        Order("dora", "2025-04-01", Status.LOST, decided="2025-04-10", minute=1),
        Order("bram", "2025-04-01", Status.LOST, minute=6),
        # A place that came free on the 22nd.
        Order("cem", "2025-04-22", Status.GRANTED, voucher=1),
        contested=1,
    )
    assert (row["sold_out_on"], row["sold_out_minute"]) == (APRIL, 6)
    assert (row["places"], row["got_a_place"], row["came_too_late"]) == (1_000, 2, 2)


def test_places_that_only_a_contest_missed_are_gone_on_its_day_and_at_no_minute():
    row = _sold_out(
        Order("an", "2025-04-01", Status.LAPSED, minute=3, voucher=1),
        Order("dora", "2025-04-01", Status.LOST, decided="2025-04-10", minute=1),
        contested=1,
    )
    assert (row["sold_out_on"], row["sold_out_minute"]) == (date(2025, 4, 10), None)


def test_a_cap_on_what_is_received_gives_places_until_so_many_were_received():
    book = runs.law(("cap_counts", "2025-03-01", "received"))
    played = runs.play("2025-01-01", "2025-05-01", book=book)
    cap = round(1_000 * runs.SHARE)
    raced = (played.ordered_on >= 20_179) & (played.ordered_on < 20_209) & (played.minute >= 0)
    late = raced & (played.outcome == CODE[Status.LOST])
    gone = played.minute[late & (played.decided_on == played.ordered_on)].min()
    received = raced & ~late & (played.minute <= gone)
    # Who was refused took a place too, and orders of the same minute stand in one line.
    same_minute = raced & (played.minute == gone)
    assert cap <= received.sum() <= cap + same_minute.sum()
    assert (received & (played.outcome == CODE[Status.REFUSED])).any()
    assert (received & (played.outcome != CODE[Status.REFUSED])).any()
