"""What a centre sees and does: from the check of a number to the statement of what it was paid."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.cast_centres import COLLEAGUES, DE_BRUG
from loopbaan.live import guidance, holds, members, opening, payout, talks
from loopbaan.live.models import (
    Attempt,
    Centre,
    Claim,
    Coach,
    Look,
    Member,
    OpeningCode,
    Plan,
    Talk,
    Track,
    Voucher,
)
from loopbaan.web.centre import today
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in, rows, unlabelled

PDF = b"%PDF-1.7 een plan"


def words(client: Client, name: str, *args: object, **asked: object) -> str:
    """Return the words of a page."""
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200, response.content.decode()
    return Page(response).text()


def sent(client: Client, name: str, /, *args: object, **data: Any) -> Page:
    """Send a form, follow it, and return the page that comes of it."""
    return Page(client.post(reverse(name, args=args), data, follow=True))


def numbers(voucher: Voucher) -> dict[str, str]:
    return {"number": voucher.number, "client_number": voucher.client_number}


def declared(voucher: Voucher) -> dict[str, str]:
    return numbers(voucher) | {"own_initiative": "on", "apart": "on", "whole": "on"}


def talk_of(track: Track, **changes: object) -> dict[str, Any]:
    """Return a talk as the form sends it."""
    dora = Coach.objects.get(name="Dora Wilgenrode")
    values = {"coach": dora.pk, "held_on": str(track.began_on), "minutes": 60, "location": ""}
    return values | {"key": str(uuid4())} | changes


@pytest.fixture
def lieve(scheme: Scheme) -> Client:
    """Lieve of De Brug, who may do everything there."""
    assert scheme.today
    return log_in("lieve")


@pytest.mark.usefixtures("scheme")
def test_who_comes_into_the_sandbox_finds_the_centres_of_the_cast():
    log_in("an")
    brug = Centre.objects.get(kbo=DE_BRUG.kbo)
    assert brug.members.count() == 3
    assert {each.name for each in Member.objects.all()} == {c.name for _, c in COLLEAGUES.values()}
    before = rows()
    log_in("els")
    assert rows() == before


def test_a_number_alone_tells_nothing_and_a_code_opens_the_voucher(scheme: Scheme, lieve: Client):
    voucher = scheme.paid("an").voucher
    said = sent(lieve, "centre_check", **numbers(voucher)).text()
    other = sent(lieve, "centre_check", number="1" * 14, client_number="12345678").text()
    assert "Deze cheque staat niet open voor uw centrum." in said
    assert "An Lindenbeke" not in said
    shown = [re.sub(r"\d{8,14}", "N", text) for text in (said, other)]
    assert shown[0] == shown[1]
    page = sent(lieve, "centre_ask_code", **numbers(voucher))
    assert "krijgt de werkende een code" in page.text()
    wrong = lieve.post(reverse("centre_give_code"), numbers(voucher) | {"code": "000000"})
    assert wrong.status_code == 400
    assert "Deze code klopt niet" in Page(wrong).text()
    strange = lieve.post(reverse("centre_give_code"), numbers(voucher) | {"code": "zes één"})
    assert strange.status_code == 400
    code = opening.digits_of(OpeningCode.objects.get())
    page = sent(lieve, "centre_give_code", code=f" {code[:3]} {code[3:]} ", **numbers(voucher))
    assert "De code klopt" in page.text()
    assert "U kunt deze cheque opstarten." in page.text()
    assert "An Lindenbeke" in page.text()
    page = sent(lieve, "centre_start", **declared(voucher))
    assert "De begeleiding is opgestart." in page.text()
    assert Track.objects.get().centre.name == "Centrum De Brug"
    page = sent(lieve, "centre_check", **numbers(voucher))
    assert "Deze cheque is al opgestart." in page.text()
    assert f"/mijn-centrum/trajecten/{Track.objects.get().pk}" in page.source


def test_who_declares_less_reads_every_reason_against(scheme: Scheme, lieve: Client):
    voucher = scheme.opened("an", Centre.objects.get(kbo=DE_BRUG.kbo))
    answer = lieve.post(reverse("centre_start"), numbers(voucher))
    assert answer.status_code == 400
    said = Page(answer).text()
    assert "niemand stuurt" in said
    assert "Eén test of één methode" in said
    assert "outplacement, behandeling of opleiding" in said
    assert not Track.objects.exists()


def test_guessing_ends_and_says_when_to_come_back(lieve: Client):
    for number in range(opening.MOST_GUESSES):
        lieve.post(reverse("centre_check"), {"number": f"{number:014}", "client_number": "1"})
    answer = lieve.post(reverse("centre_check"), {"number": "1" * 14, "client_number": "1"})
    assert "Te veel pogingen" in Page(answer).text()
    assert Attempt.objects.filter(missed=True).count() == opening.MOST_GUESSES


def test_a_centre_that_is_not_recognised_reads_so_everywhere(scheme: Scheme):
    zeger = log_in("zeger")
    voucher = scheme.paid("an").voucher
    assert "Uw centrum is vandaag niet erkend" in words(zeger, "centre")
    said = sent(zeger, "centre_check", **numbers(voucher)).text()
    assert "Uw centrum is vandaag niet erkend." in said
    answer = zeger.post(reverse("centre_ask_code"), numbers(voucher))
    assert answer.status_code == 400
    assert not OpeningCode.objects.exists()


def test_today_says_what_waits_what_ends_and_which_money_comes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    said = words(log_in("lieve"), "centre")
    assert "Wachten op de werkende 1" in said
    assert "Betwist 1" in said
    assert "het eerste gesprek telt na 25 februari 2025" in said
    assert "Geld dat komt" in said
    assert "Klaar om te betalen" in said
    assert "oudste vorderingen opgeteld" not in said
    monkeypatch.setattr(today, "MOST_CLAIMS", 1)
    assert "Hier staan uw 1 oudste vorderingen opgeteld" in words(log_in("lieve"), "centre")
    opening.open_for(
        order=Voucher.objects.get(order=scene.orders["griet"]).order,
        centre=scene.scheme.centre(),
        day=scene.scheme.today,
        now=scene.scheme.now,
        actor="worker:1",
    )
    said = words(log_in("lieve"), "centre")
    assert "Griet Lindensloot ten laatste op" in said


def test_a_talk_is_registered_within_the_minutes_and_the_law(scene: Scene):
    lieve = log_in("lieve")
    track = Track.objects.get(pk=scene.track)
    left = track.voucher.free_minutes
    page = sent(lieve, "centre_talk_new", track.pk, **talk_of(track, minutes=left + 1))
    assert "Er zijn niet zoveel minuten meer over" in page.text()
    key = str(uuid4())
    for _ in range(2):
        page = sent(lieve, "centre_talk_new", track.pk, **talk_of(track, key=key))
        assert "Het gesprek is geregistreerd" in page.text()
    track.voucher.refresh_from_db()
    assert track.voucher.free_minutes == left - 60
    talk = Talk.objects.get(key=key)
    assert talk.is_remote
    tomorrow = str(scene.scheme.today + timedelta(days=1))
    page = sent(lieve, "centre_talk_new", track.pk, **talk_of(track, held_on=tomorrow))
    assert "ligt niet in de toekomst" in page.text()
    for wrong in ({"minutes": 0}, {"minutes": "x"}, {"coach": 9**9}, {"location": 9**9}):
        answer = lieve.post(reverse("centre_talk_new", args=[track.pk]), talk_of(track, **wrong))
        assert answer.status_code == 400, wrong
        assert unlabelled(Page(answer)) == []


def test_a_talk_is_withdrawn_until_the_worker_confirmed(scene: Scene):
    lieve = log_in("lieve")
    page = sent(lieve, "centre_talk_withdraw", scene.talk)
    assert "Het gesprek is ingetrokken" in page.text()
    assert "kan niet meer ingetrokken" in words(lieve, "centre_talk_withdraw", scene.confirmed)
    assert lieve.post(reverse("centre_talk_withdraw", args=[scene.confirmed])).status_code == 409


def test_a_track_at_a_glance_and_the_worker_reads_who_looked(scene: Scene):
    lieve = log_in("lieve")
    said = words(lieve, "centre_track", scene.track)
    assert "Nog 1 uur 5 minuten over" in said
    assert "Dat duurde maar 15 minuten." in said
    assert "Wacht op bevestiging" in said
    assert "Aanwezig" in said
    assert words(lieve, "centre_plan", scene.track).count("Leerkracht worden.") == 1
    looks = Look.objects.order_by("pk").values_list("what", "centre__name", "actor")
    member = Member.objects.get(name="Lieve Molenrode")
    assert list(looks) == [
        (what, "Centrum De Brug", f"member:{member.pk}") for what in ("track", "plan")
    ]


def test_a_plan_is_filled_in_or_uploaded_and_read_again(scheme: Scheme, lieve: Client):
    track = scheme.started()
    page = sent(lieve, "centre_plan_write", track.pk, question="Wat nu?")
    assert "Vul dit in." in page.text()
    page = sent(lieve, "centre_plan_write", track.pk, goal="Bakker worden.", steps="Cursus in mei.")
    assert "Het plan is bewaard." in page.text()
    assert "Bakker worden." in page.text()
    for name, content, sentence in (
        ("x.pdf", b"geen pdf", "Dit bestand is geen pdf."),
        ("x.pdf", b"", "Dit bestand is leeg."),
        ("x.pdf", PDF, "Het plan is bewaard."),
    ):
        file = SimpleUploadedFile(name, content, content_type="application/pdf")
        assert sentence in sent(lieve, "centre_plan_upload", track.pk, file=file).text()
    answer = lieve.get(reverse("centre_plan_paper", args=[track.pk]))
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Plan.objects.count() == 2


def test_a_track_is_closed_once_its_minutes_and_its_plan_are_there(scheme: Scheme, lieve: Client):
    track = scheme.started()
    said = words(lieve, "centre_close", track.pk)
    assert "Er is nog 4 uur over." in said
    assert "Het persoonlijk ontwikkelingsplan." in said
    assert lieve.post(reverse("centre_close", args=[track.pk])).status_code == 409
    scheme.confirmed(track, track.voucher.minutes)
    scheme.plan(track)
    assert "An Lindenbeke" in words(lieve, "centre").partition("Af te sluiten")[2]
    page = sent(lieve, "centre_close", track.pk)
    assert "De begeleiding is afgesloten." in page.text()
    assert "loopt niet meer bij uw centrum" in words(lieve, "centre_close", track.pk)
    dora = Coach.objects.get(name="Dora Wilgenrode")
    day = str(scheme.today)
    page = sent(lieve, "centre_aftercare", track.pk, coach=dora.pk, held_on=day)
    assert "De nazorg is genoteerd." in page.text()
    before = str(scheme.today - timedelta(days=9))
    page = sent(lieve, "centre_aftercare", track.pk, coach=dora.pk, held_on=before)
    assert "De nazorg valt buiten haar termijn." in page.text()


def test_closing_early_takes_two_sides_and_each_may_change_its_mind(scheme: Scheme, lieve: Client):
    track = scheme.started()
    assert "Wat over is, 4 uur, gaat dan verloren" in words(lieve, "centre_close_early", track.pk)
    assert "Nu beslist de werkende" in sent(lieve, "centre_close_early", track.pk).text()
    assert "We wachten op de werkende" in words(lieve, "centre_close_early", track.pk)
    assert "loopt gewoon verder" in sent(lieve, "centre_stay", track.pk).text()
    guidance.close_early(track=track, side="worker", actor="worker:1", **scheme.moment)
    assert "wil de begeleiding vroeger afsluiten" in words(lieve, "centre")
    page = sent(lieve, "centre_close_early", track.pk)
    assert "De begeleiding is vroeger afgesloten." in page.text()
    track.refresh_from_db()
    assert track.ended_on == scheme.today


def test_what_is_confirmed_is_claimed_and_each_claim_has_its_day(scheme: Scheme, lieve: Client):
    track = scheme.started()
    scheme.confirmed(track, 60)
    scheme.talk(track, 30)
    assert "1 uur bevestigd en te vorderen" in words(lieve, "centre_claims")
    page = sent(lieve, "centre_claim")
    assert "Gevorderd: 1 gesprek." in page.text()
    claim = Claim.objects.get()
    assert claim.pay_by == scheme.today + timedelta(days=30)
    assert "12 maart 2025 Op komst Wordt ten laatste op deze dag betaald." in page.text()
    holds.place_hold(
        centre=track.centre,
        article="artikel 12",
        reason="controle ter plaatse",
        until=date(2025, 3, 31),
        day=scheme.today,
        now=scheme.now,
        actor="official:els",
    )
    said = words(lieve, "centre_claims")
    assert "31 maart 2025 Ingehouden Ingehouden tot en met deze dag." in said
    assert "artikel 12: controle ter plaatse" in said


@pytest.mark.usefixtures("scene")
def test_the_statement_as_a_page_a_pdf_and_a_table():
    lieve = log_in("lieve")
    claims = Claim.objects.all()
    total = sum(each.total_cents for each in claims)
    page = Page(lieve.get(reverse("centre_statement")))
    euros = f"€\u00a0{total // 100},{total % 100:02}"
    assert euros in page.source
    query = {"van": "2025-01-01", "tot": "2025-12-31"}
    answer = lieve.get(reverse("centre_statement_pdf"), query)
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"/Marked true" in answer.content
    answer = lieve.get(reverse("centre_statement_csv"), query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + claims.count()
    assert lines[0].startswith("gevorderd_op;soort;cheque")
    assert "no-store" in answer.headers["Cache-Control"]
    for wrong in (
        {"van": "x", "tot": "y"},
        {"van": "2025-02-02", "tot": "2025-01-01"},
        {"van": "2024-01-01", "tot": "2025-01-01"},
    ):
        for name in ("centre_statement", "centre_statement_pdf", "centre_statement_csv"):
            assert lieve.get(reverse(name), wrong).status_code == 400, (name, wrong)
    assert "niets gevorderd" in words(lieve, "centre_statement", van="2024-01-01", tot="2024-02-01")


def test_what_happens_after_a_move_is_the_other_centres(scheme: Scheme, lieve: Client):
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    page = words(lieve, "centre_track", track.pk)
    assert "Ontbreekt nog" in page
    scheme.lose_recognition()
    there = guidance.move_to(track=track, centre=elders, actor="worker:1", **scheme.moment)
    scheme.plan(there)
    for side in guidance.SIDES:
        guidance.close_early(track=there, side=side, actor="worker:1", **scheme.moment)
    page = words(lieve, "centre_track", track.pk)
    assert "Verder bij een ander centrum" in page
    for word in ("Persoonlijk ontwikkelingsplan", "Aanwezig", "Nazorg"):
        assert word not in page
    assert "Het plan is er" not in words(lieve, "centre_plan", track.pk)


def test_a_name_is_no_formula_in_the_table(scheme: Scheme, lieve: Client):
    track = scheme.started()
    dora = Coach.objects.get(name="Dora Wilgenrode")
    talk = scheme.talk(track, coach=dora)
    Coach.objects.filter(pk=dora.pk).update(name="=1+1")
    talks.confirm(talk=talk, now=scheme.now, actor="worker:1")
    payout.claim_all(centre=track.centre, actor="member:1", **scheme.moment)
    answer = lieve.get(reverse("centre_statement_csv")).content.decode()
    assert ";'=1+1;" in answer


def test_what_is_of_another_centre_does_not_exist(scene: Scene):
    zeger, lieve = log_in("zeger"), log_in("lieve")
    token = members.make_token(
        centre=Centre.objects.get(kbo=DE_BRUG.kbo),
        name="x",
        scopes=["check"],
        expires_on=scene.scheme.today,
        day=scene.scheme.today,
        now=scene.scheme.now,
        actor="member:1",
    )[0]
    member = Member.objects.get(name="Dora Wilgenrode")
    before = rows()
    for name in (
        "centre_track centre_talk_new centre_plan centre_plan_paper centre_plan_write"
        " centre_plan_upload centre_close centre_close_early centre_stay centre_aftercare"
    ).split():
        assert zeger.post(reverse(name, args=[scene.track])).status_code in (404, 405), name
        if name != "centre_stay":
            assert zeger.get(reverse(name, args=[scene.track])).status_code == 404, name
    for name, number in (
        ("centre_talk_withdraw", scene.talk),
        ("centre_member", member.pk),
        ("centre_member_end", member.pk),
        ("centre_token_revoke", token.pk),
    ):
        assert zeger.post(reverse(name, args=[number])).status_code == 404, name
    assert rows() == before
    assert lieve.get(reverse("centre_track", args=[scene.track])).status_code == 200


def test_a_plan_is_read_no_more_by_a_centre_that_the_voucher_left(scene: Scene):
    track = Track.objects.get(pk=scene.track)
    track.ended_on = scene.scheme.today
    track.save()
    Track.objects.create(
        voucher=track.voucher,
        centre=scene.scheme.centre("Centrum Elders"),
        began_on=scene.scheme.today,
    )
    lieve = log_in("lieve")
    said = words(lieve, "centre_plan", scene.track)
    assert "Uw centrum kan dit plan nu niet lezen." in said
    assert "Leerkracht worden." not in said
    assert lieve.get(reverse("centre_plan_write", args=[scene.track])).status_code == 404
