"""What a centre hears by mail without looking: openings, decisions, holds."""

from datetime import timedelta

from loopbaan.live import guidance, holds, opening, payout, talks
from loopbaan.live.models import Order
from tests.live.scheme import Scheme

CLAES = "official:claes"


def told(scheme: Scheme, to: str = "brug@centrum.example") -> list[str]:
    """Let the worker process send, and return what a centre was told, the first first."""
    scheme.work()
    return [f"{each.subject}: {each.body}" for each in reversed(scheme.mailbox.newest(50, to=to))]


def test_a_centre_is_told_once_that_a_voucher_is_open_for_it(scheme: Scheme) -> None:
    voucher = scheme.opened("an")
    (said,) = told(scheme)
    assert said.startswith("Een cheque staat open voor uw centrum")
    assert "https://example.be/mijn-centrum" in said
    assert voucher.number not in said
    scheme.start(voucher)
    assert len(told(scheme)) == 1


def test_who_shuts_a_voucher_before_the_mail_leaves_lets_nobody_be_told(scheme: Scheme) -> None:
    order = scheme.opened("an").order
    opening.shut(order=order, now=scheme.now, actor="worker:1")
    assert told(scheme) == []


def test_the_centre_that_gave_the_code_itself_is_not_told(scheme: Scheme) -> None:
    voucher = scheme.paid("an").voucher
    asked = scheme.asking(voucher)
    opening.ask_code(**asked)
    digits = opening.digits_of(Order.objects.get().codes.get())
    opening.give_code(code=digits, **asked)
    assert told(scheme) == []


def test_a_centre_is_told_of_the_worker_who_comes_to_it(scheme: Scheme) -> None:
    track = scheme.started("an")
    told(scheme)
    scheme.lose_recognition()
    elders = scheme.centre("Centrum Elders")
    guidance.move_to(track=track, centre=elders, actor="worker:1", **scheme.moment)
    (said,) = told(scheme, "elders@centrum.example")
    assert said.startswith("Een werkende komt naar uw centrum")


def test_both_sides_are_told_that_a_disputed_talk_was_decided_on(scheme: Scheme) -> None:
    talk = scheme.talk(scheme.started("an"), 45)
    talks.dispute(talk=talk, remarks="Dat was korter.", now=scheme.now, actor="worker:1")
    told(scheme)
    talks.settle(talk=talk, took_place=True, ground="agenda", actor=CLAES, **scheme.moment)
    assert told(scheme)[-1].startswith("Over een gesprek is beslist: Over het gesprek van 10 feb")
    assert any("is beslist" in each for each in told(scheme, "an@example.be"))


def test_a_hold_is_told_with_its_ground_and_so_is_its_end(scheme: Scheme) -> None:
    claim = payout.claim(
        talk=scheme.confirmed(scheme.started("an"), 60), actor="member:1", **scheme.moment
    )
    told(scheme)
    hold = holds.place_hold(
        centre=scheme.centre(),
        claim=claim,
        article="hoofdstuk 7",
        reason="controle ter plaatse",
        until=scheme.today + timedelta(days=9),
        day=scheme.today,
        now=scheme.now,
        actor=CLAES,
    )
    said = told(scheme)[-1]
    assert f"We houden vordering {claim.pk} in tot en met 19 februari 2025" in said
    assert "op grond van hoofdstuk 7" in said
    assert "De reden: controle ter plaatse" in said
    holds.lift_hold(hold=hold, day=scheme.today, now=scheme.now, actor=CLAES)
    assert told(scheme)[-1].startswith("Een inhouding is opgeheven")
