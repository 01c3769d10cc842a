"""Talks: registered, confirmed, disputed, fallen silent, settled; and who cannot be reached."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from loopbaan.law.transitions import TalkAct, TalkStatus, talk_outcome
from loopbaan.law.wording import day_text
from loopbaan.live import guidance, plans, recognition, talks
from loopbaan.live.models import JournalLine, OutboxRow, Talk, Voucher
from loopbaan.live.moving import Refused
from tests.live.scheme import Scheme
from tests.live.test_guidance import minutes_of

CLAES = "official:claes"


def test_a_talk_takes_minutes_and_is_confirmed(scheme: Scheme) -> None:
    track = scheme.started()
    talk = scheme.talk(track, 90, location=scheme.location())
    assert talk.answer_by == scheme.today + timedelta(days=14)
    assert Voucher.objects.get().free_minutes == 150
    assert minutes_of(track.voucher) == {"open": 240, "confirmed": 0, "claimed": 0, "lost": 0}
    talks.confirm(talk=talk, now=scheme.now, actor="worker:1")
    assert minutes_of(track.voucher) == {"open": 150, "confirmed": 90, "claimed": 0, "lost": 0}


def test_never_more_minutes_than_bought(scheme: Scheme) -> None:
    track = scheme.started()
    scheme.confirmed(track, 200)
    with pytest.raises(guidance.Objected) as caught:
        scheme.talk(track, 41)
    assert [each.code for each in caught.value.objections] == ["too_many_minutes"]
    scheme.talk(track, 40)
    with pytest.raises(IntegrityError, match="voucher_minutes_bought"), transaction.atomic():
        Voucher.objects.update(taken_minutes=241)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_conversation": False}, "not_a_talk"),
        ({"charged_cents": 5_000}, "extra_charge"),
    ],
)
def test_preparation_and_extra_charges_are_inside_the_fee(
    scheme: Scheme, change: dict[str, object], code: str
) -> None:
    track = scheme.started()
    with pytest.raises(guidance.Objected) as caught:
        scheme.talk(track, 60, **change)
    assert [each.code for each in caught.value.objections] == [code]


def test_the_same_key_twice_is_one_talk(scheme: Scheme) -> None:
    track, key = scheme.started(), uuid4()
    assert scheme.talk(track, 60, key=key).pk == scheme.talk(track, 60, key=key).pk
    with pytest.raises(Refused, match="al een ander gesprek"):
        scheme.talk(track, 45, key=key)
    assert Voucher.objects.get().taken_minutes == 60


def test_a_talk_is_held_between_the_start_and_today_by_who_may_guide(scheme: Scheme) -> None:
    track = scheme.started()
    elsewhere = scheme.location(scheme.centre("Centrum Elders"))
    stranger = recognition.enter_coach(name="Stijn", now=scheme.now, actor=CLAES)
    for change, sentence in (
        ({"held_on": scheme.today - timedelta(days=1)}, "na de opstart"),
        ({"held_on": scheme.today + timedelta(days=1)}, "na de opstart"),
        ({"location": elsewhere}, "niet van uw centrum"),
        ({"coach": stranger}, "niet begeleiden"),
        ({"minutes": 0}, "minstens een minuut"),
    ):
        with pytest.raises(Refused, match=sentence):
            scheme.talk(track, **change)
    scheme.lose_recognition()
    with pytest.raises(Refused, match="niet erkend"):
        scheme.talk(track)


def test_a_dispute_freezes_that_talk_alone(scheme: Scheme) -> None:
    track = scheme.started()
    disputed, other = scheme.talk(track, 60), scheme.talk(track, 30)
    values = {"now": scheme.now, "actor": "worker:1"}
    with pytest.raises(Refused, match="wat er niet klopt"):
        talks.dispute(talk=disputed, remarks="", **values)
    talks.dispute(talk=disputed, remarks="Ik was er niet.", **values)
    talks.confirm(talk=other, **values)
    scheme.go_on(20)
    assert Talk.objects.get(pk=disputed.pk).status == TalkStatus.DISPUTED
    assert minutes_of(track.voucher)["confirmed"] == 30
    assert Voucher.objects.get().free_minutes == 150
    told = [each.subject for each in scheme.mailbox.newest() if each.to == "brug@centrum.example"]
    assert told == ["Een gesprek is betwist"]


@pytest.mark.parametrize(
    ("took_place", "status", "confirmed"), [(True, "confirmed", 60), (False, "annulled", 0)]
)
def test_the_authority_decides_on_a_dispute(
    scheme: Scheme, took_place: bool, status: str, confirmed: int
) -> None:
    track = scheme.started()
    talk = scheme.talk(track, 60)
    values = {"talk": talk, "took_place": took_place, "actor": CLAES, **scheme.moment}
    with pytest.raises(Refused, match="niet betwist"):
        talks.settle(ground="agenda", **values)
    assert not talks.to_settle(scheme.today).exists()
    talks.dispute(talk=talk, remarks="Nee.", now=scheme.now, actor="worker:1")
    with pytest.raises(Refused, match="waarom"):
        talks.settle(ground="", **values)
    assert talks.settle(ground="de agenda toont het", **values).status == status
    assert minutes_of(track.voucher)["confirmed"] == confirmed
    assert Voucher.objects.get().taken_minutes == confirmed


def test_a_centre_withdraws_what_is_not_confirmed(scheme: Scheme) -> None:
    track = scheme.started()
    talk = scheme.talk(track, 240)
    talks.withdraw(talk=talk, actor="member:1", **scheme.moment)
    assert Voucher.objects.get().free_minutes == 240
    settled = scheme.confirmed(track, 60)
    with pytest.raises(Refused, match="niet meer"):
        talks.withdraw(talk=settled, actor="member:1", **scheme.moment)


def test_silence_confirms_after_its_term_and_two_reminders(scheme: Scheme) -> None:
    talk = scheme.talk(scheme.started(), 60)
    scheme.go_on(14)
    assert Talk.objects.get(pk=talk.pk).status == TalkStatus.REGISTERED
    scheme.go_on(1)
    assert Talk.objects.get(pk=talk.pk).status == TalkStatus.CONFIRMED
    told = [each.subject for each in scheme.mailbox.newest()]
    assert told.count("Herinnering: klopt dit gesprek?") == 2
    assert told.count("Klopt dit gesprek?") == 1


def test_silence_confirms_nothing_while_a_reminder_was_not_sent(scheme: Scheme) -> None:
    scheme.talk(scheme.started(), 60)
    scheme.now += timedelta(days=15)
    assert talks.confirm_silent(**scheme.moment) == 0


def test_who_is_reminded_late_has_the_days_that_a_reminder_gives(scheme: Scheme) -> None:
    scheme.talk(scheme.started(), 60)
    scheme.now += timedelta(days=40)  # nobody worked, or no mail left
    assert scheme.work().silent == 0
    late = scheme.today
    talk = Talk.objects.get()
    assert (talk.status, talk.answer_by) == (TalkStatus.REGISTERED, late + timedelta(days=5))
    mail = scheme.mailbox.newest()[0]
    assert mail.subject == "Herinnering: klopt dit gesprek?"
    assert day_text(late + timedelta(days=5), "nl") in mail.body
    scheme.go_on(5)
    assert Talk.objects.get().status == TalkStatus.REGISTERED
    scheme.go_on(1)
    assert Talk.objects.get().status == TalkStatus.CONFIRMED


def test_silence_waits_from_the_last_reminder_whatever_the_last_day_was(scheme: Scheme) -> None:
    scheme.talk(scheme.started(), 60)
    scheme.now += timedelta(days=15)
    OutboxRow.objects.filter(kind="talk_reminder").update(done_at=scheme.now)
    assert talks.confirm_silent(**scheme.moment) == 0
    scheme.now += timedelta(days=5)
    assert talks.confirm_silent(**scheme.moment) == 0
    scheme.now += timedelta(days=1)
    assert talks.confirm_silent(**scheme.moment) == 1


def test_who_cannot_be_reached_is_decided_for_after_the_last_day(scheme: Scheme) -> None:
    track = scheme.started()
    talk = scheme.talk(track, 60)
    OutboxRow.objects.filter(kind="talk_reminder").update(dead_at=scheme.now, fault="NoAddress")
    values = {"talk": talk, "took_place": False, "ground": "geen agenda", "actor": CLAES}
    scheme.go_to(talk.answer_by)
    assert not talks.to_settle(scheme.today).exists()
    with pytest.raises(Refused, match="nog op antwoorden"):
        talks.settle(**values, **scheme.moment)
    scheme.now += timedelta(days=1)
    assert talks.confirm_silent(**scheme.moment) == 0
    assert talks.to_settle(scheme.today).get() == talk
    assert talks.settle(**values, **scheme.moment).status == TalkStatus.ANNULLED
    assert minutes_of(track.voucher)["open"] == 240
    assert not OutboxRow.objects.filter(kind="talk_reminder").exists()


def test_the_authority_notes_the_answer_of_who_phones_and_says_why(scheme: Scheme) -> None:
    talk, other = (scheme.talk(track, 60) for track in [scheme.started()] * 2)
    values = {"now": scheme.now, "actor": CLAES}
    with pytest.raises(Refused, match="waarom"):
        talks.answer_for(talk=talk, took_place=True, remarks="", reason=" ", **values)
    assert Talk.objects.get(pk=talk.pk).status == TalkStatus.REGISTERED
    with pytest.raises(Refused, match="wat er niet klopt"):
        talks.answer_for(talk=talk, took_place=False, remarks="", reason="belde", **values)
    talks.answer_for(talk=talk, took_place=True, remarks="", reason="belde", **values)
    talks.answer_for(talk=other, took_place=False, remarks="Nee.", reason="schreef", **values)
    assert [each.status for each in Talk.objects.order_by("pk")] == ["confirmed", "disputed"]
    looks = plans.looks_at(talk.track.voucher.order.worker)
    assert [(look.what, look.actor, look.reason) for look in looks] == [
        ("talk", CLAES, "schreef"),
        ("talk", CLAES, "belde"),
    ]


def test_a_letter_about_a_talk_says_how_to_answer_without_internet(
    scheme: Scheme, settings: Any
) -> None:
    settings.CONTACT_PHONE, settings.CONTACT_EMAIL = "02 000 00 00", "hulp@overheid.example"
    talk = scheme.talk(scheme.started(), 60)
    scheme.go_to(talk.answer_by)
    scheme.work()
    told = {each.subject: each.body for each in scheme.mailbox.newest()}
    for subject in ("Klopt dit gesprek?", "Herinnering: klopt dit gesprek?"):
        assert told[subject].endswith("Bel 02 000 00 00 of mail hulp@overheid.example.")


def test_who_answered_is_not_reminded(scheme: Scheme) -> None:
    scheme.confirmed(scheme.started(), 60)
    scheme.go_on(16)
    assert "Herinnering: klopt dit gesprek?" not in [
        each.subject for each in scheme.mailbox.newest()
    ]


def test_a_talk_moves_as_the_law_allows_it_and_is_confirmed_once(scheme: Scheme) -> None:
    talk = scheme.confirmed(scheme.started(), 60)
    with pytest.raises(Refused, match="niet meer"):
        talks.confirm(talk=talk, now=scheme.now, actor="worker:1")
    lines = JournalLine.objects.filter(subject="talk", subject_id=talk.pk).order_by("pk")
    for line in lines:
        before = TalkStatus(line.before) if line.before else None
        assert talk_outcome(before, TalkAct(line.act)) == line.after
