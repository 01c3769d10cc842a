"""The authority: centres recognised, disputes decided, batches of two people, holds, searches."""

from datetime import timedelta

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
    assert "Ik was er niet." in words(els, "disputes")
    assert "Ik was er niet." in words(els, "authority_talk", talk.pk)
    where = reverse("settle_talk", args=[talk.pk])
    for wrong in ({}, {"took_place": answer}, {"took_place": "x", "ground": "agenda"}):
        assert els.post(where, wrong).status_code == 400
    text = sent(els, "settle_talk", talk.pk, took_place=answer, ground="De agenda.")
    assert "De agenda." in text
    assert Talk.objects.get().status == status
    assert els.post(where, {"took_place": answer, "ground": "weer"}).status_code == 409
    assert "Geen enkel gesprek is betwist" in words(els, "disputes")


def test_a_talk_that_was_shorter_is_corrected_and_taken_back(scheme: Scheme):
    talk = _owed(scheme, 90).talks.get()
    els = log_in("els")
    where = reverse("correct_talk", args=[talk.pk])
    for wrong in ({"minutes": "90", "ground": "x"}, {"minutes": "60"}, {"minutes": "-1"}):
        assert els.post(where, wrong).status_code == 400
    text = sent(els, "correct_talk", talk.pk, minutes=60, ground="De agenda zegt een uur.")
    assert "Terugvordering" in text or "terugvordering" in text
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
    for change in ({"last_day": "2025-02-01"}, {"ended_by": "x"}, {"ground": " "}):
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
    assert els.post(reverse("coaches"), {"name": "Nel"}).status_code == 302
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
