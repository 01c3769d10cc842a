"""From a confirmed talk to the centre's account: claimed, gathered, released, booked, corrected."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum

from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.law import payout as law
from loopbaan.live import (
    batches,
    books,
    centre_statement,
    guidance,
    holds,
    ledger,
    payout,
    recognition,
    talks,
)
from loopbaan.live.centre_statement import Paid
from loopbaan.live.models import (
    Claim,
    Hold,
    Payout,
    PayoutBatch,
    PayoutLine,
    Track,
)
from loopbaan.live.moving import Refused
from tests.live.paying import (
    CLAES,
    ELS,
    HOUR,
    balance,
    claimed,
    gathered,
    paid_out,
    released,
    state_of,
)
from tests.live.scheme import ACCOUNT, BOOK, Scheme


def test_a_claim_is_the_fee_of_the_day_with_vat_the_share_first(scheme: Scheme) -> None:
    track = scheme.started()
    first, second = claimed(scheme, track), claimed(scheme, track)
    assert (first.fee_cents, first.vat_cents, first.worker_cents) == (15_000, 3_150, 4_500)
    assert (second.worker_cents, second.government_cents) == (0, HOUR)
    assert first.pay_by == scheme.today + timedelta(days=30)
    assert (balance("held"), balance("owed")) == (0, 2 * HOUR)
    assert balance("government") == -(2 * HOUR - 4_500)


def test_a_centre_without_vat_is_owed_the_fee_alone(scheme: Scheme) -> None:
    recognition.change_centre(centre=scheme.centre(), vat="exempt", now=scheme.now, actor="m:1")
    claim = claimed(scheme, scheme.started())
    assert (claim.fee_cents, claim.vat_cents, claim.vat_percent) == (15_000, 0, 0)


def test_only_a_confirmed_talk_is_claimed_and_only_once(scheme: Scheme) -> None:
    track = scheme.started()
    waiting = scheme.talk(track, 30)
    with pytest.raises(Refused, match="bevestigd"):
        payout.claim(talk=waiting, actor="member:1", **scheme.moment)
    talks.dispute(talk=waiting, remarks="Nee.", now=scheme.now, actor="worker:1")
    claim = claimed(scheme, track)
    with pytest.raises(Refused, match="al gevorderd"):
        payout.claim(talk=claim.talk, actor="member:1", **scheme.moment)
    with pytest.raises(IntegrityError, match="claim_once"), transaction.atomic():
        Claim.objects.create(
            **{
                field.attname: getattr(claim, field.attname)
                for field in Claim._meta.concrete_fields
                if field.attname != "id"
            }
        )
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        Claim.objects.update(fee_cents=1)
    assert payout.claim_all(centre=claim.centre, actor="member:1", **scheme.moment) == []


def test_all_that_is_confirmed_is_claimed_at_once(scheme: Scheme) -> None:
    track = scheme.started()
    for minutes in (50, 70, 30):
        scheme.confirmed(track, minutes)
    made = payout.claim_all(centre=scheme.centre(), actor="member:1", **scheme.moment)
    assert [each.minutes for each in made] == [50, 70, 30]


def test_a_batch_is_made_by_one_and_released_by_another(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    assert state_of(scheme, claim).state == Paid.DUE
    batch = gathered(scheme)
    assert state_of(scheme, claim).state == Paid.TO_RELEASE
    with pytest.raises(Refused, match="niet zelf vrij"):
        released(scheme, batch, ELS)
    with pytest.raises(IntegrityError, match="batch_two_people"), transaction.atomic():
        PayoutBatch.objects.update(status="released", released_by=ELS, released_at=scheme.now)
    released(scheme, batch)
    assert state_of(scheme, claim).state == Paid.AT_THE_BANK
    with pytest.raises(Refused, match="niet meer open"):
        released(scheme, batch)
    with pytest.raises(Refused, match="niet meer open"):
        batches.cancel_batch(batch=batch, now=scheme.now, actor=ELS)
    assert b"pain.001.001.09" in batches.batch_file(PayoutBatch.objects.get(pk=batch.pk), ACCOUNT)
    with pytest.raises(Refused, match="niets uit te betalen"):
        gathered(scheme)


def test_what_is_released_later_than_planned_is_paid_on_the_day_of_the_release(
    scheme: Scheme,
) -> None:
    claim = claimed(scheme, scheme.started())
    batch = gathered(scheme)
    scheme.now += timedelta(days=3)
    released(scheme, batch)
    assert state_of(scheme, claim).day == scheme.today
    written = batches.batch_file(PayoutBatch.objects.get(pk=batch.pk), ACCOUNT)
    assert f"{scheme.today}</".encode() in written


def test_the_bank_carries_it_out_and_the_statement_settles_it(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    paid_out(scheme)
    made = Payout.objects.get()
    assert (made.amount_cents, made.paid_on) == (HOUR, scheme.today - timedelta(days=1))
    assert (balance("owed"), ledger.balance("bank", ("payout", made.pk))) == (0, -HOUR)
    line = state_of(scheme, claim)
    assert (line.state, line.day) == (Paid.PAID, made.paid_on)
    told = centre_statement.statement(
        centre=claim.centre, since=scheme.today.replace(day=1), until=scheme.today, day=scheme.today
    )
    assert (told.total_cents, told.paid_cents, told.owed_cents) == (HOUR, HOUR, 0)


def test_a_batch_that_is_cancelled_lets_its_claims_wait_again(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    batches.cancel_batch(batch=gathered(scheme), now=scheme.now, actor=ELS)
    assert Payout.objects.get().lines.get().is_void
    paid_out(scheme)
    assert PayoutLine.objects.filter(is_void=False).count() == 1


def test_no_claim_stands_in_two_payments(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    gathered(scheme)
    line = PayoutLine.objects.get()
    with pytest.raises(IntegrityError, match="claim_paid_once"), transaction.atomic():
        PayoutLine.objects.create(payout=line.payout, claim=line.claim)


def test_a_hold_names_article_reason_and_end(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    until = scheme.today + timedelta(days=10)
    values = {"centre": claim.centre, "day": scheme.today, "now": scheme.now, "actor": CLAES}
    for change, sentence in (
        ({"article": ""}, "artikel"),
        ({"reason": " "}, "artikel"),
        ({"until": scheme.today - timedelta(days=1)}, "einddatum"),
        ({"centre": scheme.centre("Centrum Elders"), "claim": claim}, "niet van dit centrum"),
    ):
        given = {"article": "hoofdstuk 7", "reason": "controle", "until": until} | values | change
        with pytest.raises(Refused, match=sentence):
            holds.place_hold(**given)
    hold = holds.place_hold(article="hoofdstuk 7", reason="controle", until=until, **values)
    line = state_of(scheme, claim)
    assert (line.state, line.day, line.hold) == (Paid.HELD, until, hold)
    with pytest.raises(Refused, match="niets uit te betalen"):
        gathered(scheme)
    holds.lift_hold(hold=hold, day=scheme.today, now=scheme.now, actor=CLAES)
    with pytest.raises(Refused, match="al opgeheven"):
        holds.lift_hold(hold=hold, day=scheme.today, now=scheme.now, actor=CLAES)
    assert state_of(scheme, claim).state == Paid.DUE


def test_a_hold_on_one_claim_leaves_the_others_and_ends_by_itself(scheme: Scheme) -> None:
    track = scheme.started()
    held, other = claimed(scheme, track), claimed(scheme, track)
    holds.place_hold(
        centre=held.centre,
        claim=held,
        article="hoofdstuk 7",
        reason="controle",
        until=scheme.today,
        day=scheme.today,
        now=scheme.now,
        actor=CLAES,
    )
    gathered(scheme)
    assert PayoutLine.objects.get().claim == other
    scheme.now += timedelta(days=1)
    gathered(scheme)
    assert PayoutLine.objects.filter(claim=held).exists()
    assert Hold.objects.count() == 1


def test_what_is_held_after_the_making_is_not_released(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    batch = gathered(scheme)
    holds.place_hold(
        centre=claim.centre,
        article="hoofdstuk 7",
        reason="controle",
        until=scheme.today,
        day=scheme.today,
        now=scheme.now,
        actor=CLAES,
    )
    with pytest.raises(Refused, match="intussen ingehouden"):
        released(scheme, batch)


def test_a_payment_that_comes_back_waits_for_another_account(scheme: Scheme) -> None:
    claim = claimed(scheme, scheme.started())
    scheme.bank.closed = (claim.centre.iban,)
    paid_out(scheme)
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    assert Payout.objects.get().returned_on is not None
    assert balance("owed") == HOUR
    assert state_of(scheme, claim).state == Paid.ACCOUNT_REFUSED
    with pytest.raises(Refused, match="niets uit te betalen"):
        gathered(scheme)
    recognition.change_centre(
        centre=claim.centre, iban=invented_iban(77), now=scheme.now, actor="member:1"
    )
    paid_out(scheme)
    assert balance("owed") == 0


def test_a_correction_before_the_claim_changes_the_minutes_alone(scheme: Scheme) -> None:
    track = scheme.started()
    talk = scheme.confirmed(track, 90)
    values = {"talk": talk, "actor": CLAES, **scheme.moment}
    for change, sentence in (
        ({"minutes": 60, "ground": ""}, "waarom"),
        ({"minutes": 90, "ground": "agenda"}, "korter"),
    ):
        with pytest.raises(Refused, match=sentence):
            payout.correct(**values, **change)
    payout.correct(minutes=60, ground="de agenda zegt een uur", **values)
    assert Track.objects.get().voucher.free_minutes == 180
    assert not Claim.objects.exists()
    claim = payout.claim(talk=talk, actor="member:1", **scheme.moment)
    assert claim.minutes == 60


def test_a_correction_after_the_payment_is_set_off_by_a_counter_entry(scheme: Scheme) -> None:
    track = scheme.started()
    claim = claimed(scheme, track, 120)
    paid_out(scheme)
    payout.correct(talk=claim.talk, minutes=60, ground="agenda", actor=CLAES, **scheme.moment)
    counter = Claim.objects.get(kind="counter")
    assert (counter.minutes, counter.total_cents, counter.worker_cents) == (-60, -HOUR, 0)
    assert balance("owed") == -HOUR
    assert state_of(scheme, counter).state == Paid.SET_OFF
    with pytest.raises(Refused, match="niets uit te betalen"):
        gathered(scheme)
    claimed(scheme, track, 90)
    paid_out(scheme)
    assert Payout.objects.latest("pk").amount_cents == HOUR // 2
    assert balance("owed") == 0


def test_a_talk_that_never_was_is_taken_back_whole_and_the_share_counts_for_the_next(
    scheme: Scheme,
) -> None:
    track = scheme.started()
    first, second = claimed(scheme, track), claimed(scheme, track)
    payout.correct(talk=first.talk, minutes=0, ground="verzonnen", actor=CLAES, **scheme.moment)
    counter = Claim.objects.get(kind="counter")
    assert (counter.worker_cents, counter.government_cents) == (0, -HOUR)
    assert balance("held") == 0
    assert Track.objects.get().voucher.taken_minutes == second.minutes
    with pytest.raises(Refused, match="bevestigd"):
        payout.correct(talk=first.talk, minutes=0, ground="nog eens", actor=CLAES, **scheme.moment)


def test_a_bounded_number_is_claimed_at_once_voucher_by_voucher(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scheme.started("an")
    scheme.now += timedelta(days=1)
    second = scheme.started("griet")
    for track in (second, first, second, first):
        scheme.confirmed(track, 30)
    monkeypatch.setattr(payout, "MOST", 3)
    values = {"centre": scheme.centre(), "actor": "member:1", **scheme.moment}
    made = payout.claim_all(**values)
    assert [each.talk.track for each in made] == [first, first, second]
    assert payout.unclaimed(scheme.centre()).count() == 1
    assert len(payout.claim_all(**values)) == 1


def test_what_is_taken_back_after_the_closing_is_lost(scheme: Scheme) -> None:
    track = scheme.closed()
    talk = track.talks.get()
    payout.claim(talk=talk, actor="member:1", **scheme.moment)
    payout.correct(talk=talk, minutes=180, ground="agenda", actor=CLAES, **scheme.moment)
    about = ("voucher", track.voucher_id)
    assert [ledger.balance(name, about) for name in ("open", "claimed", "lost")] == [0, 180, 60]
    scheme.work()
    told = {each.to: each.body for each in scheme.mailbox.newest() if "180 minuten" in each.body}
    assert set(told) == {"an@example.be", "brug@centrum.example"}
    assert "wat vrijkomt, vervalt" in told["an@example.be"]


def test_a_voucher_that_moved_counts_its_share_once(scheme: Scheme) -> None:
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    first = claimed(scheme, track, 10)
    scheme.lose_recognition()
    moved = guidance.move_to(track=track, centre=elders, actor=CLAES, **scheme.moment)
    second = claimed(scheme, moved, 60)
    assert (first.worker_cents, second.worker_cents) == (3_025, 1_475)
    paid_out(scheme)
    assert {each.centre: each.amount_cents for each in Payout.objects.all()} == {
        scheme.centre(): 3_025,
        elders: HOUR,
    }


def test_the_claims_of_a_voucher_are_the_law_called_directly(scheme: Scheme) -> None:
    track = scheme.started()
    for minutes in (80, 80, 80):
        claimed(scheme, track, minutes)
    policy = BOOK.on(scheme.today)
    owed = law.split_cents(policy, np.array([240]))[0]
    found = Claim.objects.aggregate(*[Sum(f"{payer}_cents") for payer in law.PAYERS])
    assert [found[f"{payer}_cents__sum"] for payer in law.PAYERS] == owed.tolist()


def test_the_books_see_a_payment_that_is_not_the_sum_of_its_claims(scheme: Scheme) -> None:
    claimed(scheme, scheme.started())
    gathered(scheme)
    Payout.objects.update(amount_cents=HOUR + 1)
    broken = {name for name, rows in books.offending() if rows}
    assert "every payment is the sum of its claims, and each claim is its centre's" in broken
    Payout.objects.update(amount_cents=HOUR)
