"""Two hundred at once on a started voucher and its money: one wins where one may win."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from loopbaan.law.transitions import TalkStatus
from loopbaan.live import (
    batches,
    deciding,
    guidance,
    opening,
    ordering,
    payout,
    recoveries,
    talks,
    webhooks,
)
from loopbaan.live.models import (
    Attempt,
    Claim,
    OpeningCode,
    OutboxRow,
    Payout,
    PayoutBatch,
    PayoutLine,
    Recovery,
    Talk,
    Track,
    Transfer,
    Voucher,
)
from loopbaan.live.moving import Refused, lock_deciding, lock_voucher
from tests.live.scheme import ACCOUNT, BOOK, REGISTERS, Scheme
from tests.live.test_races import MANY, at_once
from tests.live.test_webhooks import hook_of


def _won(done: list[object]) -> int:
    return sum(not isinstance(each, Refused) for each in done)


def test_of_two_hundred_who_start_one_voucher_one_does(committed: Scheme) -> None:
    voucher = committed.opened()
    brug = committed.centre()
    done = at_once([lambda: committed.start(voucher, brug) for _ in range(MANY)])
    assert _won(done) == 1
    assert Track.objects.count() == 1
    assert Voucher.objects.get().started_on == committed.today


def test_a_voucher_that_is_started_while_it_changes_centre_runs_at_one(committed: Scheme) -> None:
    voucher = committed.opened()
    brug, elders = committed.centre(), committed.centre("Centrum Elders")

    def change() -> object:
        return opening.open_for(
            order=voucher.order,
            centre=elders,
            day=committed.today,
            now=committed.now,
            actor="worker:1",
        )

    calls = [lambda: committed.start(voucher, brug)] * 60
    calls += [lambda: committed.start(voucher, elders)] * 60
    at_once([*calls, *[change] * 20])
    assert Track.objects.count() <= 1


def test_what_is_shut_between_the_check_and_the_start_is_not_started(
    committed: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    voucher = committed.opened()

    def shut_first(voucher_id: int) -> Voucher:
        values = {"order": voucher.order, "now": committed.now, "actor": "worker:1"}
        at_once([lambda: opening.shut(**values)])
        return lock_voucher(voucher_id)

    monkeypatch.setattr(guidance, "lock_voucher", shut_first)
    with pytest.raises(opening.NotYours, match="niet open"):
        committed.start(voucher)
    assert not Track.objects.exists()


class _Slow:
    """Registers that let something happen before they answer."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile
        self.done: list[object] = []

    def homes(self, *asked: Any, **on: Any) -> Any:
        if not self.done:
            self.done = at_once([self.meanwhile])
        return REGISTERS.homes(*asked, **on)

    def careers(self, *asked: Any, **known_by: Any) -> Any:
        return REGISTERS.careers(*asked, **known_by)


def _impatient(call: Callable[[], object]) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    return call()


def _decide(scheme: Scheme, registers: Any) -> int:
    return deciding.decide_received(
        rulebook=BOOK, registers=registers, today=scheme.today, now=scheme.now
    )


def test_who_starts_a_voucher_does_not_wait_for_slow_registers(committed: Scheme) -> None:
    voucher, brug = committed.opened(), committed.centre()
    order = committed.order("griet")
    slow = _Slow(lambda: _impatient(lambda: committed.start(voucher, brug)))
    assert _decide(committed, slow) == 1
    assert [type(each) for each in slow.done] == [Track]
    assert order.standing.status == "granted"


def test_what_is_withdrawn_while_the_registers_are_asked_is_not_decided(committed: Scheme) -> None:
    order, other = committed.order("griet"), committed.order("sara")
    values = {"order": order, "now": committed.now, "actor": "worker:1"}
    assert _decide(committed, _Slow(lambda: ordering.withdraw(**values))) == 1
    assert [each.standing.status for each in (order, other)] == ["withdrawn", "granted"]


def test_who_guesses_a_number_does_not_wait_for_the_decider(committed: Scheme) -> None:
    voucher, brug = committed.opened(), committed.centre()
    voucher.number = "00000000000000"
    with transaction.atomic():
        lock_deciding()
        done = at_once([lambda: _impatient(lambda: committed.start(voucher, brug))])
    assert [type(each) for each in done] == [opening.NotYours]
    assert Attempt.objects.get(act="start").missed


def test_of_two_hundred_confirmations_of_one_talk_one_counts(committed: Scheme) -> None:
    talk = committed.talk(committed.started(), 60)
    done = at_once(
        [lambda: talks.confirm(talk=talk, now=committed.now, actor="worker:1") for _ in range(MANY)]
    )
    assert _won(done) == 1
    assert Transfer.objects.filter(key=f"talk:{talk.pk}:posted").count() == 1


def test_two_hundred_who_confirm_or_dispute_or_withdraw_leave_one_answer(
    committed: Scheme,
) -> None:
    track = committed.started()
    talk = committed.talk(track, 60)
    values = {"talk": talk, "now": committed.now}
    calls = [
        lambda: talks.confirm(actor="worker:1", **values),
        lambda: talks.dispute(remarks="Nee.", actor="worker:1", **values),
        lambda: talks.withdraw(talk=talk, actor="member:1", **committed.moment),
        lambda: talks.confirm_silent(**committed.moment),
    ]
    at_once(calls * (MANY // 4))
    assert Talk.objects.get().status in (TalkStatus.CONFIRMED, TalkStatus.WITHDRAWN)


def test_of_two_hundred_talks_of_the_last_half_hour_one_is_registered(committed: Scheme) -> None:
    track = committed.started()
    committed.confirmed(track, 210)
    coach = committed.coach()
    done = at_once([lambda: committed.talk(track, 30, coach=coach) for _ in range(MANY)])
    assert _won(done) == 1
    assert Voucher.objects.get().free_minutes == 0


def test_the_same_talk_sent_two_hundred_times_is_one(committed: Scheme) -> None:
    track, key, coach = committed.started(), uuid4(), committed.coach()
    done = at_once([lambda: committed.talk(track, 30, key=key, coach=coach) for _ in range(MANY)])
    assert len({each.pk for each in done}) == 1
    assert Voucher.objects.get().taken_minutes == 30


def test_of_two_hundred_claims_of_the_last_half_hour_one_is_made(committed: Scheme) -> None:
    track = committed.started()
    committed.confirmed(track, 210)
    talk = committed.confirmed(track, 30)
    values = {"actor": "member:1", **committed.moment}
    calls = [lambda: payout.claim(talk=talk, **values)] * (MANY - 20)
    calls += [lambda: payout.claim_all(centre=committed.centre(), **values)] * 20
    at_once(calls)
    assert Claim.objects.filter(talk=talk).count() == 1
    assert sum(Claim.objects.values_list("minutes", flat=True)) == 240
    assert sum(each.total_cents for each in Claim.objects.all()) == 72_600


def test_of_two_hundred_batches_and_releases_each_claim_is_in_one_payment(
    committed: Scheme,
) -> None:
    track = committed.started()
    for minutes in (60, 30, 30):
        talk = committed.confirmed(track, minutes)
        payout.claim(talk=talk, actor="member:1", **committed.moment)
    day = committed.today + timedelta(days=1)
    moment = {"day": committed.today, "now": committed.now}
    done = at_once(
        [
            lambda: batches.make_batch(execute_on=day, actor="official:els", **moment)
            for _ in range(MANY)
        ]
    )
    assert _won(done) == 1
    batch = PayoutBatch.objects.get()
    values = {"batch": batch, "now": committed.now}
    calls = [
        lambda: batches.release_batch(
            account=ACCOUNT, day=committed.today, actor="official:claes", **values
        )
    ] * (MANY - 10)
    calls += [lambda: batches.cancel_batch(actor="official:els", **values)] * 10
    done = at_once(calls)
    assert _won(done) == 1
    status = PayoutBatch.objects.get().status
    assert OutboxRow.objects.filter(kind="payout_send").count() == (status == "released")
    assert PayoutLine.objects.count() == 3
    assert Payout.objects.count() == 1


def test_of_two_hundred_who_release_pay_and_ask_back_one_does_each(committed: Scheme) -> None:
    talk = committed.confirmed(committed.started(), 60)
    payout.claim(talk=talk, actor="member:1", **committed.moment)
    moment = {"day": committed.today, "now": committed.now}
    tomorrow = committed.today + timedelta(days=1)
    batch = batches.make_batch(execute_on=tomorrow, actor="official:els", **moment)
    values = {"batch": batch, "account": ACCOUNT, **moment}
    done = at_once(
        [
            lambda number=number: batches.release_batch(actor=f"official:{number}", **values)
            for number in range(MANY)
        ]
    )
    assert _won(done) == 1
    at_once([committed.work] * 20)
    ledger = (committed.folder / "bank.jsonl").read_text("utf-8").splitlines()
    assert [line.get("file") for line in map(json.loads, ledger) if "file" in line] == [batch.ident]
    committed.now += timedelta(days=1)
    committed.bank.report(committed.today)
    at_once([committed.work] * 20)
    assert Transfer.objects.filter(key=f"payout:{Payout.objects.get().pk}:posted").count() == 1
    payout.correct(
        talk=talk, minutes=0, ground="agenda", actor="official:claes", **committed.moment
    )
    asked = {"reason": "agenda", "due_on": committed.today, "day": committed.today}
    values = {"centre": committed.centre(), "now": committed.now, "actor": "official:els", **asked}
    assert _won(at_once([lambda: recoveries.make_recovery(**values) for _ in range(MANY)])) == 1
    assert Recovery.objects.get().amount_cents == 18_150


def test_closing_early_and_the_last_talk_do_not_cross(committed: Scheme) -> None:
    track, coach = committed.started(), committed.coach()
    values = {"track": track, **committed.moment}
    guidance.close_early(side="centre", actor="member:1", **values)
    calls = [lambda: committed.talk(track, 30, coach=coach)] * 20
    calls += [lambda: guidance.close_early(side="worker", actor="worker:1", **values)] * 20
    at_once(calls)
    voucher = Voucher.objects.get()
    assert voucher.closed_on == committed.today
    assert voucher.taken_minutes % 30 == 0


def test_two_hundred_guesses_at_once_are_counted_one_by_one(committed: Scheme) -> None:
    voucher, brug = committed.paid().voucher, committed.centre()
    values = {
        "centre": brug,
        "number": voucher.number,
        "client_number": voucher.client_number,
        "day": committed.today,
        "now": committed.now,
        "actor": "member:1",
    }
    opening.ask_code(**values)
    right = opening.digits_of(OpeningCode.objects.get())
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    done = at_once([lambda: opening.give_code(code=wrong, **values) for _ in range(MANY)])
    assert _won(done) == 0
    assert OpeningCode.objects.get().wrong == 5
    guesses = Attempt.objects.filter(missed=True).exclude(act="ask")
    assert guesses.count() == opening.MOST_GUESSES


def test_two_that_send_to_who_is_down_do_not_wait_for_each_other(
    committed: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 2)
    hook_of(committed)
    track = committed.started()
    for _ in range(3):
        committed.talk(track, 10)
    both = Barrier(2)

    class Down:
        def send(self, messages: list[Any]) -> list[str]:
            both.wait(20)  # each has its rows by now
            return ["no"] * len(messages)

    done = at_once([lambda: webhooks.deliver(Down(), now=committed.now)] * 2)
    assert done == [2, 2]
