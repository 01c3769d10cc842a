"""A voucher is closed, closed early and moved; its plan and its aftercare."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from loopbaan.live import guidance, ledger, plans, talks
from loopbaan.live.models import (
    Aftercare,
    Order,
    Plan,
    Track,
    Voucher,
)
from loopbaan.live.moving import Refused
from tests.live.scheme import BOOK, RECOGNISED, Scheme, scenes_with

CLAES = "official:claes"


def minutes_of(voucher: Voucher) -> dict[str, int]:
    """Return where the minutes of a voucher are."""
    accounts = ("open", "confirmed", "claimed", "lost")
    about = ("voucher", voucher.pk)
    return {name: ledger.balance(name, about) for name in accounts}


def test_a_voucher_is_closed_when_its_minutes_are_used_and_the_plan_is_there(
    scheme: Scheme,
) -> None:
    track = scheme.started()
    scheme.confirmed(track, 180)
    last = scheme.talk(track, 60)
    with pytest.raises(Refused, match="minuten over"):
        guidance.close(track=track, actor="member:1", **scheme.moment)
    talks.confirm(talk=last, now=scheme.now, actor="worker:1")
    with pytest.raises(Refused, match="ontwikkelingsplan"):
        guidance.close(track=track, actor="member:1", **scheme.moment)
    scheme.plan(track)
    guidance.close(track=track, actor="member:1", **scheme.moment)
    voucher = Voucher.objects.get()
    assert (voucher.closed_on, voucher.order.standing.status) == (scheme.today, "closed")
    with pytest.raises(Refused, match="al afgesloten"):
        guidance.close(track=track, actor="member:1", **scheme.moment)
    with pytest.raises(Refused, match="afgesloten"):
        scheme.talk(track)


def test_after_the_closing_a_second_voucher_can_be_ordered(scheme: Scheme) -> None:
    scheme.closed()
    scheme.now += timedelta(days=1)
    order = scheme.paid("an")
    assert order.decisions.get().voucher == 2
    assert order.voucher.minutes == 180


def test_closing_early_takes_both_sides_and_loses_the_rest(scheme: Scheme) -> None:
    track = scheme.started()
    scheme.confirmed(track, 60)
    open_talk = scheme.talk(track, 30)
    values = {"track": track, **scheme.moment}
    guidance.close_early(side="centre", actor="member:1", **values)
    assert Voucher.objects.get().closed_on is None
    with pytest.raises(Refused, match="al mee in"):
        guidance.close_early(side="centre", actor="member:1", **values)
    guidance.close_early(side="worker", actor="worker:1", **values)
    voucher = Voucher.objects.get()
    assert voucher.order.standing.status == "closed_early"
    assert minutes_of(voucher) == {"open": 30, "confirmed": 60, "claimed": 0, "lost": 150}
    talks.withdraw(talk=open_talk, actor="member:1", **scheme.moment)
    assert minutes_of(voucher) == {"open": 0, "confirmed": 60, "claimed": 0, "lost": 180}


def test_who_agreed_to_close_early_can_take_that_back(scheme: Scheme) -> None:
    track = scheme.started()
    values = {"track": track, "side": "worker", "now": scheme.now, "actor": "worker:1"}
    with pytest.raises(Refused, match="stemde hier niet"):
        guidance.stay(**values)
    guidance.close_early(rulebook=BOOK, day=scheme.today, **values)
    scheme.work()
    assert scheme.mailbox.newest()[0].to == "brug@centrum.example"
    guidance.stay(**values)
    guidance.close_early(rulebook=BOOK, day=scheme.today, **values)
    scheme.work()
    asked = [each for each in scheme.mailbox.newest() if "vroeger afsluiten" in each.subject]
    assert len(asked) == 2
    guidance.stay(**values)
    guidance.close_early(track=track, side="centre", actor="member:1", **scheme.moment)
    assert Voucher.objects.get().closed_on is None


def test_a_voucher_stays_where_it_was_started(scheme: Scheme) -> None:
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    values = {"track": track, "actor": "worker:1", **scheme.moment}
    with pytest.raises(Refused, match="blijft bij het centrum"):
        guidance.move_to(centre=elders, **values)
    with pytest.raises(Refused, match="al bij dit centrum"):
        guidance.move_to(centre=scheme.centre(), **values)


def test_the_minutes_left_move_when_the_centre_lost_its_recognition(scheme: Scheme) -> None:
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    scheme.confirmed(track, 60)
    scheme.lose_recognition()
    values = {"track": track, "actor": CLAES, **scheme.moment}
    with pytest.raises(Refused, match="niet erkend"):
        guidance.move_to(centre=scheme.centre("Centrum Zonder"), **values)
    moved = guidance.move_to(centre=elders, **values)
    assert moved.voucher.order.standing.status == "started"
    with pytest.raises(Refused, match="ander centrum"):
        scheme.talk(track)
    scheme.confirmed(moved, 180)
    scheme.plan(moved)
    guidance.close(track=moved, actor="member:9", **scheme.moment)
    assert Voucher.objects.get().taken_minutes == 240


def test_a_worker_may_move_where_the_law_says_so(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes_with(monkeypatch, worker_may_move=True)
    track = scheme.started()
    moved = guidance.move_to(
        track=track, centre=scheme.centre("Centrum Elders"), actor="worker:1", **scheme.moment
    )
    assert Track.objects.filter(ended_on=None).get() == moved


def test_a_plan_is_a_pdf_or_filled_in_and_only_ever_added(scheme: Scheme) -> None:
    track = scheme.started()
    values = {"voucher": track.voucher, "now": scheme.now, "actor": "worker:1"}
    for pdf, sentence in ((b"hello", "geen pdf"), (b"%PDF-" + b"0" * 5_000_000, "te groot")):
        with pytest.raises(Refused, match=sentence):
            plans.upload_plan(pdf=pdf, **values)
    for parts, sentence in (
        ({"goal": "x"}, "minstens"),
        ({"goal": "x" * 4_001, "steps": "y"}, "te lang"),
    ):
        with pytest.raises(Refused, match=sentence):
            plans.write_plan(parts=parts, **values)
    plans.upload_plan(pdf=b"%PDF-1.7", **values)
    scheme.plan(track)
    latest = plans.latest_plan(track.voucher)
    assert latest is not None
    assert plans.parts_of(latest)["goal"] == "Leerkracht worden."
    assert plans.pdf_of(latest) is None
    assert plans.pdf_of(Plan.objects.earliest("pk")) == b"%PDF-1.7"
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        Plan.objects.all().delete()
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        Plan.objects.update(made_by="worker:2")


def test_a_plan_belongs_to_a_started_voucher(scheme: Scheme) -> None:
    voucher = scheme.opened()
    with pytest.raises(Refused, match="opgestarte"):
        plans.upload_plan(voucher=voucher, pdf=b"%PDF-1.7", now=scheme.now, actor="worker:1")


def test_a_centre_that_the_voucher_left_reads_the_plan_no_more(scheme: Scheme) -> None:
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    values = {"voucher": track.voucher, "day": scheme.today}
    assert plans.may_read_plan(centre=scheme.centre(), **values)
    assert not plans.may_read_plan(centre=elders, **values)
    scheme.lose_recognition()
    guidance.move_to(track=track, centre=elders, actor=CLAES, **scheme.moment)
    values["day"] = scheme.today
    assert plans.may_read_plan(centre=elders, **values)
    assert not plans.may_read_plan(centre=scheme.centre(), **values)


def test_aftercare_is_noted_for_a_year_at_the_centre_that_closed(scheme: Scheme) -> None:
    open_track = scheme.started()
    values = {"coach": scheme.coach(), "actor": "member:1"}
    with pytest.raises(Refused, match="na het afsluiten"):
        plans.note_aftercare(track=open_track, held_on=scheme.today, **values, **scheme.moment)
    scheme.confirmed(open_track, 240)
    scheme.plan(open_track)
    guidance.close(track=open_track, actor="member:1", **scheme.moment)
    closed_on = scheme.today
    scheme.go_to(date(closed_on.year + 1, closed_on.month, closed_on.day))
    plans.note_aftercare(track=open_track, held_on=scheme.today, **values, **scheme.moment)
    plans.note_aftercare(track=open_track, held_on=scheme.today, **values, **scheme.moment)
    assert Aftercare.objects.count() == 1
    scheme.now += timedelta(days=1)
    with pytest.raises(Refused, match="termijn"):
        plans.note_aftercare(track=open_track, held_on=scheme.today, **values, **scheme.moment)


def test_who_looked_is_kept_and_an_official_says_why(scheme: Scheme) -> None:
    worker = scheme.worker("an")
    with pytest.raises(Refused, match="waarom"):
        plans.look(worker=worker, what="search", now=scheme.now, actor=CLAES)
    plans.look(worker=worker, what="search", now=scheme.now, actor=CLAES, reason="klacht 12")
    plans.look(worker=worker, what="plan", now=scheme.now, actor="member:1", centre=scheme.centre())
    assert [look.what for look in plans.looks_at(worker)] == ["plan", "search"]


def test_a_started_voucher_may_finish_after_its_three_months(scheme: Scheme) -> None:
    track = scheme.started()
    scheme.go_to(track.voucher.start_by + timedelta(days=180))
    scheme.work()
    scheme.confirmed(track, 240)
    assert Order.objects.get().standing.status == "started"
    assert scheme.today > RECOGNISED
