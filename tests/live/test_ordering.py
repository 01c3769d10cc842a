"""An order is received, decided with reasons, withdrawn, contested, and lapses."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from loopbaan.law.refusals import Refusal
from loopbaan.law.transitions import Act, Status, outcomes
from loopbaan.live import ordering
from loopbaan.live.models import Decision, JournalLine, Order, Transfer, Worker
from loopbaan.live.moving import Refused
from tests.live.scheme import BOOK, REGISTERS, Scheme


def _status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).standing.status


def test_an_is_granted_and_asked_for_her_share(scheme: Scheme) -> None:
    order = scheme.granted("an")
    request = order.payment_request
    assert request.amount_cents == 4_500
    assert request.due_on == date(2025, 2, 24)
    assert request.reference[:10] == f"{order.pk:010d}"
    assert Transfer.objects.get(key=f"request:{order.pk}").state == "pending"


def test_bram_is_refused_with_every_reason_and_the_facts_that_were_used(scheme: Scheme) -> None:
    order = scheme.order("bram")
    scheme.decide()
    decision = Decision.objects.get(order=order)
    assert decision.reasons == Refusal.EXPERIENCE
    assert decision.batch.rulebook_hash == BOOK.hash
    assert decision.batch.known_on == scheme.today
    assert decision.facts["lives_in"] == "flanders"
    assert _status(order) == Status.REFUSED


def test_the_same_key_twice_is_one_order(scheme: Scheme) -> None:
    key = uuid4()
    first, second = scheme.order("an", key=key), scheme.order("an", key=key)
    assert first.pk == second.pk
    assert Order.objects.count() == 1


def test_a_second_order_is_refused_while_the_first_is_open(scheme: Scheme) -> None:
    first, second = scheme.order("an"), scheme.order("an")
    assert scheme.decide() == 2
    assert _status(first) == Status.GRANTED
    assert Decision.objects.get(order=second).reasons == Refusal.OPEN_ORDER


def test_every_move_stands_in_the_journal_as_the_law_allows_it(scheme: Scheme) -> None:
    order = scheme.paid("an")
    lines = JournalLine.objects.filter(subject="order", subject_id=order.pk).order_by("pk")
    acts = [(line.before, line.act, line.after) for line in lines]
    assert acts == [
        ("", "receive", "received"),
        ("received", "decide", "granted"),
        ("granted", "pay", "issued"),
    ]
    for before, act, after in acts:
        assert Status(after) in outcomes(Status(before) if before else None, Act(act))


def test_the_journal_holds_no_personal_value(scheme: Scheme) -> None:
    scheme.paid("an")
    worker = Worker.objects.get()
    for line in JournalLine.objects.all():
        text = " ".join(str(value) for value in vars(line).values())
        assert worker.name not in text
        assert worker.email not in text


@pytest.mark.parametrize("model", [JournalLine, Decision, Transfer])
def test_what_is_only_appended_can_be_neither_changed_nor_removed(
    scheme: Scheme, model: type
) -> None:
    scheme.granted("an")
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        model.objects.all().delete()
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        model.objects.update(id=1_000_000)


def test_a_granted_order_can_be_withdrawn_and_then_ordered_again(scheme: Scheme) -> None:
    order = scheme.granted("an")
    ordering.withdraw(order=order, now=scheme.now, actor="worker:1")
    assert _status(order) == Status.WITHDRAWN
    assert Transfer.objects.filter(key=f"request:{order.pk}:voided").exists()
    assert _status(scheme.granted("an")) == Status.GRANTED


def test_an_order_that_is_only_received_can_be_withdrawn_and_is_never_decided(
    scheme: Scheme,
) -> None:
    order = scheme.order("an")
    ordering.withdraw(order=order, now=scheme.now, actor="worker:1")
    assert scheme.decide() == 0
    assert _status(order) == Status.WITHDRAWN


def test_a_paid_order_cannot_be_withdrawn(scheme: Scheme) -> None:
    order = scheme.paid("an")
    with pytest.raises(Refused):
        ordering.withdraw(order=order, now=scheme.now, actor="worker:1")


def _contest(scheme: Scheme, order: Order) -> None:
    ordering.contest(order=order, day=scheme.today, rulebook=BOOK, now=scheme.now, actor="worker:1")


def test_a_refusal_that_is_contested_is_decided_again_in_its_old_place(scheme: Scheme) -> None:
    order = scheme.order("bram")
    scheme.decide()
    scheme.now += timedelta(days=14)
    _contest(scheme, order)
    assert _status(order) == Status.RECEIVED
    later = scheme.order("an")
    assert scheme.decide() == 2
    decided = list(Decision.objects.order_by("pk").values_list("order_id", flat=True))
    assert decided == [order.pk, order.pk, later.pk]


def test_after_two_weeks_a_refusal_can_no_longer_be_contested(scheme: Scheme) -> None:
    order = scheme.order("bram")
    scheme.decide()
    scheme.now += timedelta(days=15)
    with pytest.raises(Refused, match="24 februari 2025"):
        _contest(scheme, order)


def test_an_order_that_was_granted_cannot_be_contested(scheme: Scheme) -> None:
    with pytest.raises(Refused):
        _contest(scheme, scheme.granted("an"))


def test_an_unpaid_order_lapses_once_the_bank_has_told_of_its_last_day(scheme: Scheme) -> None:
    order = scheme.granted("an")
    scheme.go_to(order.payment_request.due_on + timedelta(days=1))
    scheme.work()
    assert _status(order) == Status.GRANTED
    scheme.bank.report(order.payment_request.due_on)
    scheme.work()
    assert _status(order) == Status.LAPSED
    assert scheme.mailbox.newest()[0].subject == "Uw bestelling is vervallen"


def test_while_a_register_is_down_orders_keep_their_place(scheme: Scheme) -> None:
    order = scheme.order("an")
    REGISTERS.is_down = True
    try:
        done = scheme.work()
        assert done.trouble.startswith("the registers")
    finally:
        REGISTERS.is_down = False
    assert not Decision.objects.exists()
    scheme.work()
    assert _status(order) == Status.GRANTED
