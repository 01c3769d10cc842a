"""The authority: centres recognised, disputes decided, batches of two people, holds, searches."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.live import payout, talks
from loopbaan.live.models import (
    Centre,
    Claim,
    Coach,
    Hold,
    Look,
    Member,
    OutboxRow,
    Payout,
    PayoutBatch,
    Recognition,
    Talk,
    Track,
    Voucher,
)
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in, rows
from tests.web.test_guidance import sent, words


def _owed(scheme: Scheme, minutes: int = 60) -> Track:
    """Let De Brug be owed something."""
    track = Track.objects.first() or scheme.started()
    scheme.confirmed(track, minutes)
    payout.claim_all(centre=track.centre, actor="member:1", **scheme.moment)
    return track


def _made(client: Client, scheme: Scheme) -> PayoutBatch:
    answer = client.post(reverse("payouts"), {"execute_on": str(scheme.today)})
    assert answer.status_code == 302, answer.content.decode()
    return PayoutBatch.objects.latest("pk")


def test_els_makes_a_batch_and_dirk_releases_it(scheme: Scheme):
    _owed(scheme)
    els, dirk = log_in("els"), log_in("dirk")
    assert "€ 181,50 wacht" in words(els, "payouts")
    batch = _made(els, scheme)
    assert "een collega geeft ze vrij" in words(els, "payout", batch.pk)
    answer = els.post(reverse("release_payout", args=[batch.pk]))
    assert answer.status_code == 409
    assert "niet zelf vrij" in Page(answer).text()
    assert els.get(reverse("payout_file", args=[batch.pk])).status_code == 404
    assert "Geef € 181,50 vrij" in words(dirk, "payout", batch.pk)
    text = sent(dirk, "release_payout", batch.pk)
    assert "0 van de 1 betalingen" in text
    file = dirk.get(reverse("payout_file", args=[batch.pk]))
    assert b"pain.001.001.09" in file.content
    assert f'filename="{batch.ident}.xml"' in file.headers["Content-Disposition"]
    assert dirk.post(reverse("release_payout", args=[batch.pk])).status_code == 409
    assert dirk.post(reverse("cancel_payout", args=[batch.pk])).status_code == 409
    scheme.work()
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    text = words(els, "payout", batch.pk)
    assert "1 van de 1 betalingen" in text
    assert "betaald op" in text
    assert Payout.objects.get().paid_on is not None
    assert "Er wacht niets" in words(els, "payouts")
    answer = els.post(reverse("payouts"), {"execute_on": str(scheme.today)})
    assert answer.status_code == 400
    assert "niets uit te betalen" in Page(answer).text()


def test_a_batch_is_cancelled_and_never_for_a_day_that_is_past(scheme: Scheme):
    _owed(scheme)
    els = log_in("els")
    past = {"execute_on": str(scheme.today - timedelta(days=1))}
    assert els.post(reverse("payouts"), past).status_code == 400
    batch = _made(els, scheme)
    assert "Geannuleerd" in sent(els, "cancel_payout", batch.pk)
    assert "€ 181,50 wacht" in words(els, "payouts")


def test_a_payment_that_came_back_is_seen(scheme: Scheme):
    centre = _owed(scheme).centre
    scheme.bank.closed = (centre.iban,)
    els, dirk = log_in("els"), log_in("dirk")
    batch = _made(els, scheme)
    sent(dirk, "release_payout", batch.pk)
    scheme.work()
    for _ in range(2):
        scheme.now += timedelta(days=1)
        scheme.read_bank()
    assert "kwam terug op" in words(els, "payout", batch.pk)
    assert "een ander nummer opgeven" in words(els, "authority_centre", centre.pk)


def test_a_hold_has_an_article_a_reason_and_an_end(scheme: Scheme):
    centre = _owed(scheme).centre
    els = log_in("els")
    where = reverse("place_hold", args=[centre.pk])
    good = {"article": "hoofdstuk 7", "reason": "controle", "until": "2025-03-01"}
    faults = ({"article": ""}, {"reason": " "}, {"until": "2025-01-01"}, {"until": ""})
    for change in (*faults, {"claim": "999999"}, {"claim": "x"}):
        assert els.post(where, good | change).status_code == 400, change
    assert Hold.objects.count() == 0
    text = sent(els, "place_hold", centre.pk, **good)
    assert "Ingehouden tot en met 1 maart 2025" in text
    assert "hoofdstuk 7: controle" in text
    assert els.post(reverse("payouts"), {"execute_on": str(scheme.today)}).status_code == 400
    hold = Hold.objects.get()
    assert "hoofdstuk 7" in words(els, "holds")
    answer = els.post(reverse("lift_hold", args=[hold.pk]), follow=True)
    assert "Er wordt nu niets ingehouden" in Page(answer).text()
    assert els.post(reverse("lift_hold", args=[hold.pk])).status_code == 409
    claim = Claim.objects.get()
    text = sent(els, "place_hold", centre.pk, **good, claim=claim.pk)
    assert f"alleen vordering {claim.pk}" in text


@pytest.mark.parametrize(
    ("answer", "status"), [("ja", "confirmed"), ("nee", "annulled")], ids=["counts", "struck"]
)
def test_a_dispute_is_decided_with_a_reason(scheme: Scheme, answer: str, status: str):
    talk = scheme.talk(scheme.started(), 60)
    talks.dispute(talk=talk, remarks="Ik was er niet.", now=scheme.now, actor="worker:1")
    els = log_in("els")
    assert (
        reverse("authority_talk", args=[talk.pk]) in els.get(reverse("disputes")).content.decode()
    )
    assert "Ik was er niet." in words(els, "authority_talk", talk.pk)
    where = reverse("settle_talk", args=[talk.pk])
    for wrong in ({}, {"took_place": answer}, {"took_place": "x", "ground": "agenda"}):
        assert els.post(where, wrong).status_code == 400
    text = sent(els, "settle_talk", talk.pk, took_place=answer, ground="De agenda.")
    assert "De agenda." in text
    assert Talk.objects.get().status == status
    assert els.post(where, {"took_place": answer, "ground": "weer"}).status_code == 409
    assert "Geen enkel gesprek wacht op u" in words(els, "disputes")


@pytest.mark.parametrize(("answer", "status"), [("ja", "confirmed"), ("nee", "disputed")])
def test_the_answer_of_who_phones_is_noted_with_the_reason(
    scheme: Scheme, answer: str, status: str
):
    talk = scheme.talk(scheme.started(), 60)
    els = log_in("els")
    where = reverse("answer_talk", args=[talk.pk])
    for wrong in ({}, {"answered": "ja"}, {"answered": "nee", "reason": "belde"}):
        assert els.post(where, wrong).status_code == 400
    said = {"answered": answer, "said": "Ik was er niet.", "reason": "belde op 10 februari"}
    sent(els, "answer_talk", talk.pk, **said)
    assert Talk.objects.get().status == status
    assert "belde op 10 februari" in words(log_in("an"), "looks")
    scheme.work()
    assert "We noteerden uw antwoord" in [each.subject for each in scheme.mailbox.newest()]


def test_a_worker_whom_no_reminder_reached_is_decided_for(scheme: Scheme):
    talk = scheme.talk(scheme.started(), 60)
    els = log_in("els")
    assert (
        els.post(
            reverse("settle_talk", args=[talk.pk]), {"took_place": "nee", "ground": "agenda"}
        ).status_code
        == 409
    )
    given_up = {"dead_at": scheme.now, "fault": "NoAddress: no address"}
    OutboxRow.objects.filter(kind="talk_reminder").update(**given_up)
    assert "werkende niet bereikt" not in words(els, "disputes")
    Talk.objects.update(answer_by=scheme.today - timedelta(days=1))
    assert "werkende niet bereikt" in words(els, "disputes")
    sent(els, "settle_talk", talk.pk, took_place="nee", ground="Het centrum heeft geen agenda.")
    assert Talk.objects.get().status == "annulled"
    assert Voucher.objects.get().taken_minutes == 0


def test_a_talk_that_was_shorter_is_corrected_and_taken_back(scheme: Scheme):
    talk = _owed(scheme, 90).talks.get()
    els = log_in("els")
    where = reverse("correct_talk", args=[talk.pk])
    for wrong in ({"minutes": "90", "ground": "x"}, {"minutes": "60"}, {"minutes": "-1"}):
        assert els.post(where, wrong).status_code == 400
    text = sent(els, "correct_talk", talk.pk, minutes=60, ground="De agenda zegt een uur.")
    assert "tegenboeking" in text
    assert "− € 90,75" in text
    assert Talk.objects.get().minutes == 60
    by_number = els.get(reverse("disputes"), {"nummer": talk.pk})
    assert by_number.headers["Location"] == reverse("authority_talk", args=[talk.pk])
    assert els.get(reverse("disputes"), {"nummer": 10**9}).status_code == 400


def test_what_a_centre_has_to_pay_back_is_told(scheme: Scheme):
    talk = _owed(scheme, 90).talks.get()
    els, dirk = log_in("els"), log_in("dirk")
    sent(dirk, "release_payout", _made(els, scheme).pk)
    sent(els, "correct_talk", talk.pk, minutes=0, ground="Verzonnen.")
    assert "Moet het centrum terugbetalen" in words(els, "authority_centre", scheme.centre().pk)


def test_a_centre_is_entered_recognised_and_ended(scheme: Scheme):
    els = log_in("els")
    good = {
        "name": "Centrum Nieuw",
        "kbo": "0417.497.106",
        "iban": invented_iban(5),
        "vat": "exempt",
        "themes": ["growth", "end"],
        "languages": ["nl"],
    }
    faults = ({"kbo": "0417497107"}, {"iban": "BE00"}, {"vat": "x"}, {"themes": ["x"]})
    for change in (*faults, {"name": ""}, {"email": "x"}):
        assert els.post(reverse("enter_centre"), good | change).status_code == 400, change
    assert els.post(reverse("enter_centre"), good).status_code == 302
    centre = Centre.objects.get(name="Centrum Nieuw")
    assert els.post(reverse("enter_centre"), good).status_code == 400  # it is there already
    assert "Niet erkend" in words(els, "authority_centre", centre.pk)
    text = sent(els, "recognise", centre.pk, since="2025-02-10")
    assert "Het centrum is erkend" in text
    answer = els.post(reverse("recognise", args=[centre.pk]), {"since": "2025-03-01"})
    assert answer.status_code == 400
    assert "al erkend" in Page(answer).text()
    where = reverse("end_recognition", args=[centre.pk])
    good_end = {"last_day": "2025-02-20", "ended_by": "withdrawn", "ground": "controle"}
    good_end["may_ask_on"] = "2027-02-20"
    wrong = ({"last_day": "2025-02-01"}, {"ended_by": "x"}, {"ground": " "}, {"may_ask_on": ""})
    for change in (*wrong, {"may_ask_on": "", "ended_by": "dodged"}):
        assert els.post(where, good_end | change).status_code == 400, change
    text = sent(els, "end_recognition", centre.pk, **good_end)
    assert "ingetrokken: controle" in text
    assert Recognition.objects.get(centre=centre).until.isoformat() == "2025-02-20"
    scheme.go_to(scheme.today + timedelta(days=20))
    assert "Niet erkend" in words(els, "authority_centre", centre.pk)


def test_centres_are_found_by_name_number_and_recognition(scheme: Scheme):
    for name in ("Centrum De Brug", "Centrum Zonder", "Centrum Elders"):
        scheme.centre(name)
    els = log_in("els")

    def found(**asked: str) -> list[str]:
        page = Page(els.get(reverse("authority_centres"), asked))
        return [name for _, name in page.words if name.startswith("Centrum ")]

    assert len(found()) == 3
    assert found(naam="brug") == ["Centrum De Brug"]
    assert found(naam="0403.019.261") == ["Centrum De Brug"]
    assert found(stand="niet") == ["Centrum Zonder"]
    assert els.get(reverse("authority_centres"), {"stand": "x"}).status_code == 400


def test_a_coach_is_entered_qualified_and_put_on_the_list_of_a_centre(scheme: Scheme):
    els, centre = log_in("els"), scheme.centre()
    wrong = {"name": "Nel", "qualified_on": "2025-01-01", "qualified_until": "2024-01-01"}
    assert els.post(reverse("coaches"), wrong).status_code == 400
    assert els.post(reverse("coaches"), {"name": "Nel", "key": uuid4()}).status_code == 302
    coach = Coach.objects.get(name="Nel")
    assert "Nel niet bekwaam" in words(els, "coaches")
    answer = els.post(reverse("qualify", args=[coach.pk]), {"qualified_on": "2025-01-01"})
    assert answer.status_code == 302
    assert "Vandaag bekwaam" in words(els, "qualify", coach.pk)
    given = {"insz": BY_KEY["sara"].insz, "name": "Nel", "coach": coach.pk, "tasks": ["talk"]}
    for change in ({"insz": "1"}, {"tasks": ["x"]}, {"coach": "99999"}):
        answer = els.post(reverse("add_member", args=[centre.pk]), given | change)
        assert answer.status_code == 400, change
    text = sent(els, "add_member", centre.pk, **given)
    assert "Nel" in text
    assert Member.objects.get(name="Nel").coach == coach
    # The same person again, and the same coach under another number.
    for change in ({"coach": ""}, {"insz": BY_KEY["wim"].insz}):
        answer = els.post(reverse("add_member", args=[centre.pk]), given | change)
        assert answer.status_code == 400, change
    assert "Nel" in words(els, "coaches")
    assert "Nel" not in Page(els.get(reverse("coaches"), {"naam": "zz"})).text()


def test_a_person_is_looked_up_with_a_reason_that_she_reads(scene: Scene):
    els, an = log_in("els"), log_in("an")
    insz, before = BY_KEY["an"].insz, rows()
    assert els.post(reverse("search"), {"number": insz, "reason": " "}).status_code == 400
    assert els.post(reverse("search"), {"number": "123", "reason": "x"}).status_code == 400
    assert rows() == before
    answer = els.post(reverse("search"), {"number": insz, "reason": "klacht 12"})
    assert "An Lindenbeke" in Page(answer).text()
    assert reverse("authority_order", args=[scene.orders["an"]]) in answer.content.decode()
    look = Look.objects.get()
    assert (look.what, look.actor, look.reason) == ("search", "official:els", "klacht 12")
    assert "klacht 12" in words(an, "looks")
    number = Voucher.objects.get(order=scene.orders["an"]).number
    answer = els.post(reverse("search"), {"number": number, "reason": "klacht 13"})
    assert "An Lindenbeke" in Page(answer).text()
    assert Look.objects.count() == 2
    unknown = {"number": BY_KEY["tom"].insz, "reason": "klacht"}
    assert "Niemand gevonden" in Page(els.post(reverse("search"), unknown)).text()
    assert Look.objects.count() == 2


def test_a_payment_that_the_bank_refused_is_failed_by_two_people(scheme: Scheme):
    _owed(scheme)
    els, dirk = log_in("els"), log_in("dirk")
    batch = _made(els, scheme)
    assert "eerste betaling" in words(els, "payout", batch.pk)
    sent(dirk, "release_payout", batch.pk)
    assert "vertrekt zo dadelijk" in words(els, "payout", batch.pk)
    scheme.work()
    number = Payout.objects.get().pk
    where = reverse("fail_payout", args=[number])
    assert where in els.get(reverse("payout", args=[batch.pk])).content.decode()
    assert els.post(where, {"reason": " "}).status_code == 400
    text = sent(els, "fail_payout", number, reason="De bank kent de naam niet.")
    assert "een collega bevestigt het" in text
    assert els.post(reverse("confirm_failed", args=[number])).status_code == 409
    assert "te bevestigen" in words(dirk, "payout", batch.pk)
    assert "Bevestig dat ze mislukte" in words(dirk, "fail_payout", number)
    text = sent(dirk, "confirm_failed", number)
    assert "1 betaling mislukte" in text
    assert "De vorderingen wachten weer" in words(els, "fail_payout", number)
    assert "€ 181,50 wacht" in words(els, "payouts")


def test_what_is_late_is_listed_for_the_authority(scheme: Scheme):
    _owed(scheme)
    els, dirk = log_in("els"), log_in("dirk")
    assert "Te laat" not in words(els, "payouts")
    scheme.go_to(Claim.objects.get().pay_by + timedelta(days=1))
    assert "€ 181,50, te betalen tegen 12 maart 2025" in words(els, "payouts")
    assert "Te laat" in words(log_in("lieve"), "centre_claims")
    sent(dirk, "release_payout", _made(els, scheme).pk)
    assert "niet geboekt door de bank" not in words(els, "payouts")
    scheme.go_to(scheme.today + timedelta(days=3))
    text = words(els, "payouts")
    assert "niet geboekt door de bank" in text
    assert "Te laat, en in geen" not in text
