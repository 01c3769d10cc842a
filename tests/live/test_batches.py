"""Money that goes out: what is held, late, refused by the bank, booked twice, or not known."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from loopbaan.adapters.bank import BankDown, BankRefused
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.live import (
    batches,
    books,
    failing,
    holds,
    outbox,
    payment,
    payout,
    recognition,
    restoring,
)
from loopbaan.live.centre_statement import Paid
from loopbaan.live.models import (
    Claim,
    Hold,
    JournalLine,
    OutboxRow,
    Payout,
    PayoutLine,
    StatementLine,
)
from loopbaan.live.moving import Refused
from tests.live.paying import (
    CLAES,
    ELS,
    HOUR,
    balance,
    booked,
    claimed,
    gathered,
    paid_out,
    released,
    state_of,
)
from tests.live.scheme import Scheme, unclean


def test_what_the_bank_carries_out_twice_is_stray_and_comes_back_as_that(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    paid_out(scheme)
    made = Payout.objects.get()
    again = booked(scheme, made.end_to_end, -HOUR)
    assert again.match == "stray"
    assert (balance("stray"), unclean()) == (-HOUR, {})
    back = booked(scheme, made.end_to_end, HOUR, "AC04")
    assert back.match == "stray_back"
    assert not StatementLine.objects.filter(match="stray").exists()
    assert (balance("stray"), unclean()) == (0, {})
    # The payment itself still holds, until that comes back as well.
    assert state_of(scheme, claim).state == Paid.PAID
    assert booked(scheme, made.end_to_end, HOUR, "AC04").match == "payout_back"
    assert unclean() == {}


def test_another_amount_or_reference_than_we_ordered_settles_nothing(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    released(scheme, gathered(scheme))
    made = Payout.objects.get()
    for reference, cents in (
        (made.end_to_end, -HOUR - 1),
        (f"CENTRUM-{made.pk}", -HOUR),
        (f"CENTRUM-{made.pk}-00000000", -HOUR),
        ("NOTPROVIDED", -250),
    ):
        assert booked(scheme, reference, cents).match == "stray"
    made.refresh_from_db()
    assert made.paid_on is None
    assert unclean() == {}


def test_what_goes_to_the_bank_has_a_name_that_never_comes_again(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    batch = gathered(scheme)
    made = batch.payouts.get()
    for name in (batch.ident, made.end_to_end):
        assert re.fullmatch(r"(UIT|CENTRUM)-\d+-[0-9A-F]{8}", name)
        assert len(name) <= 35 - 15  # room for every number of a row
    assert made.mark != batch.mark


def test_a_stray_entry_is_explained_once_and_with_words(scheme: Scheme) -> None:
    line = booked(scheme, "NOTPROVIDED", -250)
    values = {"line": line, "now": scheme.now, "actor": ELS}
    with pytest.raises(Refused, match="wat deze verrichting was"):
        payment.explain_stray(ground=" ", **values)
    payment.explain_stray(ground="kosten van de rekening", **values)
    with pytest.raises(Refused, match="al nagekeken"):
        payment.explain_stray(ground="nog eens", **values)
    noted = JournalLine.objects.get(subject="line", subject_id=line.pk)
    assert (noted.actor, noted.ground) == (ELS, "kosten van de rekening")
    assert unclean() == {}


def test_a_hold_on_a_claim_holds_its_counter_entry_too(scheme: Scheme) -> None:
    track = scheme.started()
    held, other = claimed(scheme, track), claimed(scheme, track)
    _hold(scheme, claim=held)
    payout.correct(talk=held.talk, minutes=30, ground="agenda", actor=CLAES, **scheme.moment)
    batch = gathered(scheme)
    assert batch.payouts.get().amount_cents == other.total_cents
    counter = Claim.objects.get(kind="counter")
    assert state_of(scheme, counter).state == Paid.HELD


def test_who_may_be_paid_nothing_but_what_is_held_owes_its_counter_entries(scheme: Scheme) -> None:
    track = scheme.started()
    first, second = claimed(scheme, track), claimed(scheme, track)
    paid_out(scheme)
    third = claimed(scheme, track)
    _hold(scheme, claim=third)
    payout.correct(talk=first.talk, minutes=30, ground="agenda", actor=CLAES, **scheme.moment)
    counter = Claim.objects.get(kind="counter")
    assert state_of(scheme, second).state == Paid.PAID
    assert (state_of(scheme, third).state, state_of(scheme, counter).state) == (
        Paid.HELD,
        Paid.SET_OFF,
    )


@pytest.mark.parametrize("is_refused", [True, False], ids=["file refused", "transfer refused"])
def test_a_payment_that_the_bank_does_not_carry_out_is_paid_again(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch, *, is_refused: bool
) -> None:
    claim = claimed(scheme, scheme.started())
    batch = released(scheme, gathered(scheme))
    failed = Payout.objects.get()
    with pytest.raises(Refused, match="waarom deze betaling mislukte"):
        failing.ask_failed(payout=failed, reason=" ", now=scheme.now, actor=ELS)
    with pytest.raises(Refused, match="Niemand zei"):
        failing.confirm_failed(payout=failed, now=scheme.now, actor=CLAES)
    failing.ask_failed(payout=failed, reason="onjuiste naam", now=scheme.now, actor=ELS)
    with pytest.raises(Refused, match="al dat deze betaling mislukte"):
        failing.ask_failed(payout=failed, reason="nog eens", now=scheme.now, actor=CLAES)
    with pytest.raises(Refused, match="niet zelf"):
        failing.confirm_failed(payout=failed, now=scheme.now, actor=ELS)
    with pytest.raises(Refused, match="nog onderweg"):
        failing.confirm_failed(payout=failed, now=scheme.now, actor=CLAES)
    with monkeypatch.context() as bank:
        if is_refused:
            bank.setattr(scheme.bank, "send", _refuse)
        scheme.work()
    failing.confirm_failed(payout=failed, now=scheme.now, actor=CLAES)
    assert batches.in_file(batch).exists() == (not is_refused)
    assert state_of(scheme, claim).state == Paid.DUE
    assert unclean() == {}
    with pytest.raises(Refused, match="wacht niet op de bank"):
        failing.ask_failed(payout=failed, reason="weer", now=scheme.now, actor=ELS)
    # Booked all the same, it settles nothing; the claim is in the next payment alone.
    assert booked(scheme, failed.end_to_end, -HOUR).match == "stray"
    gathered(scheme)
    assert PayoutLine.objects.get(is_void=False).payout != failed
    assert unclean() == {}


def test_two_people_say_that_a_payment_failed_and_never_of_one_that_was_paid(
    scheme: Scheme,
) -> None:
    claimed(scheme, scheme.started())
    released(scheme, gathered(scheme))
    failing.ask_failed(payout=Payout.objects.get(), reason="x", now=scheme.now, actor=ELS)
    with pytest.raises(IntegrityError, match="payout_failed_two_people"), transaction.atomic():
        Payout.objects.update(failed_by=ELS, failed_at=scheme.now)
    scheme.work()
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    assert Payout.objects.get().paid_on is not None
    assert unclean() == {}
    with pytest.raises(Refused, match="wacht niet op de bank"):
        failing.confirm_failed(payout=Payout.objects.get(), now=scheme.now, actor=CLAES)
    with pytest.raises(IntegrityError, match="payout_failed_unpaid"), transaction.atomic():
        Payout.objects.update(failed_by=CLAES, failed_at=scheme.now)


def test_what_changed_since_the_making_is_not_released(scheme: Scheme) -> None:
    track = scheme.started()
    claim = claimed(scheme, track)
    batch = gathered(scheme)
    before = claim.centre.iban
    for iban, match in ((invented_iban(77), "andere rekening"), (before, "verminderd")):
        recognition.change_centre(centre=claim.centre, iban=iban, now=scheme.now, actor="member:1")
        if match == "verminderd":
            payout.correct(
                talk=claim.talk, minutes=30, ground="agenda", actor=CLAES, **scheme.moment
            )
        with pytest.raises(Refused, match=f"Centrum De Brug.*{match}.*annuleer"):
            released(scheme, batch)
    batches.cancel_batch(batch=batch, now=scheme.now, actor=ELS)
    again = released(scheme, gathered(scheme))
    assert again.payouts.get().amount_cents == HOUR // 2


def test_a_batch_pays_each_claim_in_time_and_what_is_late_at_once(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    assert claim.pay_by is not None
    moment = {"day": scheme.today, "now": scheme.now, "actor": ELS}
    assert batches.last_day(scheme.today) == claim.pay_by
    with pytest.raises(Refused, match="tot en met 12 maart 2025"):
        batches.make_batch(execute_on=claim.pay_by + timedelta(days=1), **moment)
    made = batches.make_batch(execute_on=claim.pay_by, **moment)
    batches.cancel_batch(batch=made, now=scheme.now, actor=ELS)
    scheme.go_to(claim.pay_by + timedelta(days=1))
    line = state_of(scheme, claim)
    assert (line.state, line.day) == (Paid.OVERDUE, claim.pay_by)
    assert batches.last_day(scheme.today) == scheme.today
    gathered(scheme)
    assert batches.last_day(scheme.today) is None


def test_a_payment_that_came_back_for_another_reason_than_its_account_is_tried_again(
    scheme: Scheme,
) -> None:
    claimed(scheme, scheme.started())
    paid_out(scheme)
    assert booked(scheme, Payout.objects.get().end_to_end, HOUR, "MS03").match == "payout_back"
    assert Payout.objects.get().return_reason == "MS03"
    paid_out(scheme)
    assert balance("owed") == 0
    again = Payout.objects.latest("pk")
    booked(scheme, again.end_to_end, HOUR, "AC04")
    with pytest.raises(Refused, match="niets uit te betalen"):
        gathered(scheme)


def test_after_a_restore_the_bank_speaks_before_anybody_is_paid(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    restoring.note_restored(scheme.now)
    with pytest.raises(Refused, match="reservekopie"):
        gathered(scheme)
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    batch = gathered(scheme)
    restoring.note_restored(scheme.now)
    with pytest.raises(Refused, match="reservekopie"):
        released(scheme, batch)
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    released(scheme, batch)
    assert unclean() == {}


def test_what_the_bank_does_not_book_is_late_after_three_days(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    released(scheme, gathered(scheme))
    days = [scheme.today + timedelta(days=count) for count in (2, 3)]
    assert [batches.late_payouts(day).count() for day in days] == [0, 1]
    (name,) = books.warnings(days[0])
    assert books.warnings(days[0])[name] == []
    assert books.warnings(days[1])[name] == [f"betaling {Payout.objects.get().pk}"]


def _refuse(_file: bytes) -> None:
    raise BankRefused("no such name")


def _hold(scheme: Scheme, claim: Claim) -> Hold:
    return holds.place_hold(
        centre=claim.centre,
        claim=claim,
        article="hoofdstuk 7",
        reason="controle",
        until=scheme.today + timedelta(days=60),
        day=scheme.today,
        now=scheme.now,
        actor=CLAES,
    )


def test_a_bank_that_is_away_for_a_day_gets_the_file_when_it_is_back(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed(scheme, scheme.started())
    released(scheme, gathered(scheme))
    with monkeypatch.context() as bank:
        bank.setattr(scheme.bank, "send", _away)
        for _ in range(24):
            scheme.work()
            scheme.now += timedelta(hours=1)
    row = OutboxRow.objects.get(kind="payout_send")
    assert (row.done_at, row.dead_at) == (None, None)
    assert row.attempts > outbox.MOST_ATTEMPTS
    scheme.work()
    row.refresh_from_db()
    assert row.done_at is not None


def _away(_file: bytes) -> None:
    raise BankDown
