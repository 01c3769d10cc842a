"""A form that is sent twice does one thing; and what was done by mistake can be undone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.cast_centres import COLLEAGUES
from loopbaan.live import members
from loopbaan.live.models import (
    Centre,
    Coach,
    Hold,
    JournalLine,
    Member,
    Refund,
    StatementLine,
    Talk,
    Token,
    Track,
)
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in, rows
from tests.web.test_centre import declared, words


def twice(client: Client, route: str, /, *args: int, **data: object) -> None:
    """Send a form twice, and see that the second time led where the first did."""
    first, second = (client.post(reverse(route, args=args), data) for _ in range(2))
    assert first.status_code == 302, first.content.decode()
    assert second.status_code == 302, Page(second).text()
    assert second.headers["Location"] == first.headers["Location"]


@pytest.fixture
def lieve(scheme: Scheme) -> Client:
    """Lieve of De Brug, who may do everything there."""
    assert scheme.today
    return log_in("lieve")


def brug() -> Centre:
    return Member.objects.get(name="Lieve Molenrode").centre


def test_a_voucher_is_started_once_and_both_clicks_lead_to_it(scheme: Scheme, lieve: Client):
    voucher = scheme.opened("an", brug())
    twice(lieve, "centre_start", **declared(voucher))
    assert Track.objects.count() == 1
    answer = log_in("zeger").post(reverse("centre_start"), declared(voucher))
    assert answer.status_code == 409, "of another centre it is not said that it was started"


def test_a_talk_is_confirmed_and_a_voucher_closed_once(scheme: Scheme, lieve: Client):
    track = scheme.start(scheme.opened("an", brug()), brug())
    dora = Coach.objects.get(name="Dora Wilgenrode")
    an = log_in("an")
    twice(an, "confirm_talk", scheme.talk(track, 60, coach=dora).pk)
    disputed = scheme.talk(track, 30, coach=dora)
    twice(an, "dispute_talk", disputed.pk, remarks="Dat duurde korter.")
    assert an.post(reverse("confirm_talk", args=[disputed.pk])).status_code == 302
    withdrawn = scheme.talk(track, 20, coach=dora)
    twice(lieve, "centre_talk_withdraw", withdrawn.pk)
    assert an.post(reverse("confirm_talk", args=[withdrawn.pk])).status_code == 409
    scheme.confirmed(track, track.voucher.minutes - 90, coach=dora)
    answer = lieve.post(reverse("centre_close", args=[track.pk]))
    assert answer.status_code == 409, "the plan is missing"
    scheme.plan(track)
    twice(lieve, "centre_close", track.pk)
    assert an.post(reverse("close", args=[track.voucher.order_id])).status_code == 302
    assert Talk.objects.filter(status="confirmed").count() == 3


def test_a_voucher_is_closed_early_by_two_sides_once(scheme: Scheme, lieve: Client):
    track = scheme.start(scheme.opened("an", brug()), brug())
    twice(lieve, "centre_close_early", track.pk)
    assert Track.objects.get().ended_on is None
    an = log_in("an")
    assert an.post(reverse("close_early", args=[track.voucher.order_id])).status_code == 302
    assert Track.objects.get().ended_on is not None
    assert lieve.post(reverse("centre_close_early", args=[track.pk])).status_code == 302


def test_what_is_entered_twice_from_one_form_is_there_once(scheme: Scheme, lieve: Client):
    els = log_in("els")
    twice(els, "coaches", name="Nel Nieuw", key=uuid4())
    assert Coach.objects.filter(name="Nel Nieuw").count() == 1
    els.post(reverse("coaches"), {"name": "Nel Nieuw", "key": uuid4()})
    assert Coach.objects.filter(name="Nel Nieuw").count() == 2, "a namesake"
    until = scheme.today + timedelta(days=20)
    given = {"article": "art. 7", "reason": "controle", "until": until}
    twice(els, "place_hold", brug().pk, **given)
    assert Hold.objects.count() == 1
    els.post(reverse("place_hold", args=[brug().pk]), given | {"reason": "iets anders"})
    assert Hold.objects.count() == 2
    asked = {"name": "Agenda", "scopes": ["talk"], "expires_on": scheme.today}
    first, second = (lieve.post(reverse("centre_token_new"), asked) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 400)
    assert "Er is al een sleutel met deze naam" in Page(second).text()
    key = Token.objects.get()
    twice(lieve, "centre_token_revoke", key.pk)
    assert lieve.post(reverse("centre_token_new"), asked).status_code == 200, "the name is free"
    joris = Member.objects.get(name="Joris Kraanstee")
    twice(lieve, "centre_member_end", joris.pk)


def test_a_refund_that_was_made_by_mistake_is_taken_back(scene: Scene):
    els, dirk = log_in("els"), log_in("dirk")
    els.post(reverse("refund", args=[scene.line]))
    made = Refund.objects.get(line=scene.line)
    assert f"terugbetaling {made.pk}" in words(dirk, "refunds")
    answer = els.post(reverse("cancel_refund", args=[made.pk]), follow=True)
    assert "Geannuleerd" in Page(answer).text()
    assert not Refund.objects.filter(line=scene.line).exists()
    line = JournalLine.objects.get(subject="refund", subject_id=made.pk)
    assert (line.act, line.actor) == ("cancel", "official:els")
    assert els.post(reverse("cancel_refund", args=[made.pk])).status_code == 404
    twice_made = els.post(reverse("refund", args=[scene.line]))
    assert twice_made.status_code == 302, "it waits again for a person"
    before = rows()
    assert els.post(reverse("cancel_refund", args=[scene.released])).status_code == 409
    assert rows() == before
    assert StatementLine.objects.get(pk=scene.line).refund.pk > made.pk


def test_money_of_a_voucher_that_lapsed_goes_back_whatever_anybody_does(scheme: Scheme):
    scheme.paid("an")
    scheme.go_on(100)
    made = Refund.objects.get()
    answer = log_in("els").post(reverse("cancel_refund", args=[made.pk]))
    assert answer.status_code == 409
    assert "dat blijft zo" in Page(answer).text()
    assert "Annuleer terugbetaling" not in words(log_in("els"), "refunds")


def test_a_coach_who_was_entered_by_mistake_is_taken_away(scheme: Scheme):
    els = log_in("els")
    els.post(reverse("coaches"), {"name": "Nel", "key": uuid4()})
    nel, dora = Coach.objects.get(name="Nel"), Coach.objects.get(name="Dora Wilgenrode")
    assert "Bij vergissing ingevoerd?" in words(els, "qualify", nel.pk)
    assert "Bij vergissing ingevoerd?" not in words(els, "qualify", dora.pk)
    assert els.post(reverse("remove_coach", args=[dora.pk])).status_code == 409
    assert els.post(reverse("remove_coach", args=[nel.pk])).status_code == 302
    assert not Coach.objects.filter(name="Nel").exists()
    lines = JournalLine.objects.filter(subject="coach", subject_id=nel.pk)
    assert list(lines.order_by("pk").values_list("act", flat=True)) == ["enter", "remove"]
    assert scheme.today


def test_a_number_of_an_undertaking_is_corrected_and_it_is_told_by_whom(scheme: Scheme):
    els, centre = log_in("els"), scheme.centre("Centrum Elders")
    where = reverse("correct_kbo", args=[centre.pk])
    taken = COLLEAGUES["lieve"][0].kbo
    for wrong in ("0403019262", "", taken):
        assert els.post(where, {"kbo": wrong}).status_code == 400, wrong
    twice(els, "correct_kbo", centre.pk, kbo="0417.497.106")
    assert Centre.objects.get(pk=centre.pk).kbo == "0417497106"
    line = JournalLine.objects.get(subject="centre", act="correct")
    assert (line.ground, line.actor) == ("kbo", "official:els")


def test_a_key_of_the_same_name_at_another_centre_is_another_key(scheme: Scheme, lieve: Client):
    asked = {"name": "Agenda", "scopes": ["talk"], "expires_on": scheme.today}
    for who in ("lieve", "zeger"):
        assert log_in(who).post(reverse("centre_token_new"), asked).status_code == 200
    assert members.Token.objects.count() == 2
    assert lieve
