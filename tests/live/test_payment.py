"""Money in and out: every kind of payment, the voucher it makes, and refunds by two people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from loopbaan.adapters.fake_bank import How
from loopbaan.adapters.statements import read
from loopbaan.law.transitions import Status
from loopbaan.live import payment, refunds, working
from loopbaan.live.models import Order, Refund, Statement, StatementLine, Transfer, Voucher
from loopbaan.live.moving import Refused
from tests.live.scheme import ACCOUNT, BOOK, Scheme


def _balance(account: str) -> int:
    posted = Transfer.objects.filter(state="posted", unit="cents")
    credit = sum(each.amount for each in posted.filter(credit=account))
    return credit - sum(each.amount for each in posted.filter(debit=account))


def test_an_exact_payment_makes_a_voucher(scheme: Scheme) -> None:
    order = scheme.paid("an")
    voucher = order.voucher
    assert payment.is_voucher_number(voucher.number)
    assert voucher.minutes == 240
    assert voucher.issued_on == scheme.today
    assert voucher.start_by == voucher.issued_on.replace(month=5)
    assert order.standing.status == Status.ISSUED
    assert _balance("held") == 4_500


@pytest.mark.parametrize("how", [How.TOO_LITTLE, How.TOO_MUCH, How.UNKNOWN])
def test_a_payment_that_does_not_fit_waits_for_a_person(scheme: Scheme, how: How) -> None:
    order = scheme.granted("an")
    scheme.pay(order, how)
    (line,) = scheme.read_bank()
    assert line.match == how.value
    assert order.standing.status == Status.GRANTED
    assert _balance("unmatched") == line.amount_cents


def test_a_second_payment_is_a_double_one(scheme: Scheme) -> None:
    order = scheme.granted("an")
    scheme.pay(order, How.DOUBLE)
    scheme.read_bank()
    scheme.now += timedelta(days=1)
    (line,) = scheme.read_bank()
    assert line.match == "double"
    assert Voucher.objects.count() == 1


def test_what_counts_is_the_booking_day(scheme: Scheme) -> None:
    order = scheme.granted("an")
    due_on = order.payment_request.due_on
    scheme.pay(order, on=due_on)
    scheme.go_to(due_on + timedelta(days=3))
    (line,) = scheme.read_bank(due_on)
    assert line.match == "exact"


def test_a_payment_after_the_last_day_is_late(scheme: Scheme) -> None:
    order = scheme.granted("an")
    scheme.pay(order, How.LATE)
    scheme.go_to(order.payment_request.due_on + timedelta(days=4))
    (line,) = scheme.read_bank()
    assert line.match == "late"
    assert not Voucher.objects.exists()


def test_a_statement_is_read_once(scheme: Scheme) -> None:
    scheme.pay(scheme.granted("an"))
    raw = scheme.bank.report(scheme.today)
    assert raw is not None
    (statement,) = read(raw)
    scheme.read(statement)
    with pytest.raises(Refused, match="al ingelezen"):
        scheme.read(statement)
    assert (Statement.objects.count(), Voucher.objects.count()) == (1, 1)


def test_a_statement_of_another_account_changes_nothing(scheme: Scheme) -> None:
    scheme.pay(scheme.granted("an"))
    raw = scheme.bank.report(scheme.today)
    assert raw is not None
    (statement,) = read(raw)
    other = type(ACCOUNT)("Iemand anders", "BE68539007547034")
    with pytest.raises(Refused, match="niet van de onze"):
        payment.read_statement(
            statement, account=other, rulebook=None, now=scheme.now, actor="system"
        )
    assert not StatementLine.objects.exists()


def test_a_file_of_several_statements_is_read_whole_or_not_at_all(scheme: Scheme) -> None:
    for who in ("an", "koen"):
        scheme.pay(scheme.granted(who))
        assert scheme.bank.report(scheme.today)
        scheme.now += timedelta(days=1)
    first, second = (read(raw)[0] for raw in scheme.bank.statements(since=BOOK.first_day))
    values = {"account": ACCOUNT, "rulebook": BOOK, "now": scheme.now, "actor": "official:els"}
    scheme.read(second)
    with pytest.raises(payment.AlreadyRead, match=f"{second.ident} is al ingelezen"):
        payment.read_file([first, second], **values)
    with pytest.raises(Refused, match=f"{first.ident} staat twee keer"):
        payment.read_file([first, first], **values)
    assert Statement.objects.get().ident == second.ident
    assert len(payment.read_file([first], **values)) == 1
    assert Voucher.objects.count() == 2


def test_the_worker_process_reads_a_file_of_the_bank_whole_or_not_at_all(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme.pay(scheme.granted("an"))
    first = scheme.bank.report(scheme.today)
    scheme.now += timedelta(days=1)
    second = scheme.bank.report(scheme.today)
    assert first
    assert second
    # An entry that stands there twice is not seen until the rows are written.
    (made,) = read(first)
    doubled = replace(read(second)[0], entries=made.entries * 2)
    monkeypatch.setattr(working, "read", lambda *_, **__: (made, doubled))
    done = scheme.work()
    assert done.trouble == "a statement of the bank cannot be used"
    assert not Statement.objects.exists()
    assert not Voucher.objects.exists()
    monkeypatch.setattr(working, "read", read)
    assert scheme.work().entries == 1
    assert (Statement.objects.count(), Voucher.objects.count()) == (2, 1)


def _waiting(scheme: Scheme) -> StatementLine:
    scheme.pay(scheme.granted("an"), How.TOO_MUCH)
    return scheme.read_bank()[0]


def test_a_refund_is_made_by_one_person_and_released_by_a_second(scheme: Scheme) -> None:
    line = _waiting(scheme)
    refund = refunds.make_refund(line=line, now=scheme.now, actor="official:claes")
    values = {"account": ACCOUNT, "today": scheme.today, "now": scheme.now}
    with pytest.raises(Refused, match="niet zelf"):
        refunds.release(refunds=[refund.pk], actor="official:claes", **values)
    raw = refunds.release(refunds=[refund.pk], actor="official:els", **values)
    assert b"pain.001.001.09" in raw
    scheme.bank.send(raw)
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    assert Refund.objects.get().paid_on is not None
    assert (_balance("unmatched"), _balance("to_refund")) == (0, 0)


def test_the_database_too_refuses_one_person_for_both(scheme: Scheme) -> None:
    refunds.make_refund(line=_waiting(scheme), now=scheme.now, actor="official:claes")
    with pytest.raises(IntegrityError, match="refund_two_people"), transaction.atomic():
        Refund.objects.update(released_by="official:claes", released_at=scheme.now)


def test_a_payment_is_given_back_once(scheme: Scheme) -> None:
    line = _waiting(scheme)
    refunds.make_refund(line=line, now=scheme.now, actor="official:claes")
    with pytest.raises(Refused, match="al een terugbetaling"):
        refunds.make_refund(line=line, now=scheme.now, actor="official:els")


def test_what_was_matched_is_not_given_back(scheme: Scheme) -> None:
    scheme.paid("an")
    with pytest.raises(Refused, match="toegewezen"):
        refunds.make_refund(
            line=StatementLine.objects.get(), now=scheme.now, actor="official:claes"
        )


def test_a_voucher_that_is_not_started_lapses_and_the_money_goes_back(scheme: Scheme) -> None:
    order = scheme.paid("an")
    scheme.go_to(order.voucher.start_by)
    scheme.work()
    assert Order.objects.get(pk=order.pk).standing.status == Status.ISSUED
    scheme.now += timedelta(days=1)
    scheme.work()
    assert Order.objects.get(pk=order.pk).standing.status == Status.LAPSED_UNSTARTED
    assert Refund.objects.get().amount_cents == 4_500
    assert _balance("held") == 0
    assert scheme.granted("an").pk != order.pk, "the right is kept"


def test_every_step_that_waits_for_a_person_is_told_once(scheme: Scheme) -> None:
    order = scheme.granted("an")
    scheme.go_on(11)
    told = [message.subject for message in scheme.mailbox.newest()]
    assert told == ["Vergeet niet te betalen", "Betaal uw loopbaancheque"]
    assert order.payment_request.reference[:3] in scheme.mailbox.newest()[0].body


def test_a_paid_voucher_is_told_and_reminded_two_weeks_before_it_lapses(scheme: Scheme) -> None:
    order = scheme.paid("an")
    scheme.work()
    scheme.go_to(order.voucher.start_by - timedelta(days=14))
    scheme.work()
    told = [message.subject for message in scheme.mailbox.newest()]
    assert told == [
        "Start uw loopbaanbegeleiding",
        "Uw loopbaancheque",
        "Betaal uw loopbaancheque",
    ]
