"""The cap of 2025: what was decided before it was known stands, and no place is given twice."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from loopbaan.law.transitions import Status
from loopbaan.live import ordering
from loopbaan.live.models import Decision, Order, Place
from tests.live.scheme import Scheme

CAP = 10


@pytest.fixture(autouse=True)
def _small_cap(small_cap: int) -> None:
    assert small_cap == CAP


def _eligible(scheme: Scheme, count: int, start: int = 0) -> list[Order]:
    """Let invented people who may order do so, and return their orders."""
    found: list[Order] = []
    number = start
    while len(found) < count:
        order = scheme.order(number)
        number += 1
        found.append(order)
    return found


def _counts() -> dict[str, int]:
    found: dict[str, int] = {}
    for status in Decision.objects.values_list("outcome", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def test_in_a_capped_month_who_comes_first_gets_the_places(scheme: Scheme) -> None:
    scheme.now = datetime(2025, 4, 1, 0, 0, 5, tzinfo=UTC)
    _eligible(scheme, 30)
    scheme.decide()
    granted = list(
        Decision.objects.filter(outcome=Status.GRANTED).values_list("order_id", flat=True)
    )
    lost = list(Decision.objects.filter(outcome=Status.LOST).values_list("order_id", flat=True))
    assert len(granted) == CAP
    assert lost
    assert max(granted) < min(lost)
    assert list(Place.objects.order_by("number").values_list("order_id", flat=True)) == granted


def test_what_was_granted_before_the_cap_was_known_stands_and_counts(scheme: Scheme) -> None:
    scheme.go_to(date(2025, 3, 2))
    _eligible(scheme, 16)
    scheme.decide()
    before = _counts()[Status.GRANTED]
    assert before > CAP, "more than the cap, as nobody knew of it"
    scheme.go_to(date(2025, 3, 5))
    _eligible(scheme, 8, start=100)
    scheme.decide()
    assert _counts()[Status.GRANTED] == before
    assert Place.objects.filter(order=None).count() == 0


def test_a_month_without_a_cap_has_no_places_to_run_out_of(scheme: Scheme) -> None:
    scheme.go_to(date(2025, 2, 3))
    _eligible(scheme, 10)
    scheme.decide()
    assert Place.objects.count() == 0
    assert Status.LOST not in _counts()


def test_a_place_that_was_withdrawn_goes_to_nobody_else(scheme: Scheme) -> None:
    scheme.go_to(date(2025, 4, 2))
    _eligible(scheme, 20)
    scheme.decide()
    first = Place.objects.order_by("number")[0].order
    assert first is not None
    ordering.withdraw(order=first, now=scheme.now, actor="worker:1")
    _eligible(scheme, 5, start=200)
    scheme.decide()
    assert _counts()[Status.GRANTED] == CAP


def test_one_too_many_has_no_row_to_stand_in(scheme: Scheme) -> None:
    scheme.go_to(date(2025, 4, 2))
    _eligible(scheme, 20)
    scheme.decide()
    order = Place.objects.order_by("number")[0].order
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(number=2).update(order=order)
