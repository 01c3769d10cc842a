"""A worker finds a centre, opens her voucher, answers for her talks, keeps her plan, and ends."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from loopbaan.live import guidance, opening, plans, recognition, talks
from loopbaan.live.models import Opening, OpeningCode, Plan, Talk, Track, Voucher
from loopbaan.web.worker import looks
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in, rows

CLAES = "official:claes"


def words(client: Client, name: str, *args: int) -> str:
    """Return the words of a page."""
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response
    return Page(response).text()


def sent(client: Client, name: str, number: int, /, **data: object) -> str:
    """Send a form, go where it leads, and return the words there."""
    response = client.post(reverse(name, args=[number]), data, follow=True)
    assert response.status_code == 200, response.content.decode()
    return Page(response).text()


def test_a_centre_is_found_by_place_theme_language_and_free_places(scheme: Scheme):
    scheme.location()
    elders = scheme.centre("Centrum Elders")
    recognition.add_location(
        centre=elders, town=2800866, street="Zuidlaan 4", now=scheme.now, actor="member:2"
    )
    scheme.location(scheme.centre("Centrum Zonder"))

    def found(**asked: str) -> list[str]:
        page = Page(Client().get(reverse("find_centre"), asked))
        return [each["href"] for each in page.all("a") if "/centra/" in each["href"]]

    brug, other = (reverse("found_centre", args=[c.pk]) for c in (scheme.centre(), elders))
    assert set(found()) == {brug, other}  # Centrum Zonder is not recognised
    assert found(plaats="gent") == [brug]
    assert found(plaats="Brussel", binnen="50") == [other, brug]
    assert found(vrij="on") == [brug]
    assert set(found(thema="growth")) == {brug, other}
    assert found(thema="business") == []
    assert found(taal="fr") == []
    text = Page(Client().get(reverse("find_centre"), {"plaats": "Brussel", "binnen": "50"})).text()
    assert "in uw gemeente" in text
    assert "50 km ver" in text
    assert "GeoNames" in text
    for nonsense in ({"plaats": "Nergenshuizen"}, {"binnen": "7"}, {"thema": "x"}, {"vanaf": "-1"}):
        assert Client().get(reverse("find_centre"), nonsense).status_code == 400
    gone = reverse("found_centre", args=[scheme.centre("Centrum Zonder").pk])
    assert Client().get(gone).status_code == 404


def test_a_list_of_centres_goes_on(scheme: Scheme, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("loopbaan.web.public.finding.PAGE", 1)
    scheme.location()
    scheme.location(scheme.centre("Centrum Elders"))
    page = Page(Client().get(reverse("find_centre"), {"plaats": "Gent"}))
    assert page.text().count("Brugstraat 1") == 1
    more = next(each["href"] for each in page.all("a") if "vanaf=1" in each["href"])
    page = Page(Client().get(reverse("find_centre") + more))
    assert page.text().count("Brugstraat 1") == 1
    assert "Toon de volgende" not in page.text()


def test_an_opens_her_voucher_for_one_centre_and_shuts_it_again(scheme: Scheme):
    order, centre = scheme.paid("an"), scheme.centre()
    elders, zonder = scheme.centre("Centrum Elders"), scheme.centre("Centrum Zonder")
    an = log_in("an")
    assert "Nog voor geen centrum open" in words(an, "voucher", order.pk)
    assert "Open mijn cheque voor dit centrum" in words(an, "found_centre", centre.pk)
    text = sent(an, "open_voucher", order.pk, centrum=centre.pk)
    assert "Uw cheque staat nu open voor Centrum De Brug" in text
    assert "Staat open voor Centrum De Brug" in words(an, "voucher", order.pk)
    assert "dan eindigt dat" in words(an, "found_centre", elders.pk)
    sent(an, "open_voucher", order.pk, centrum=elders.pk)
    assert Opening.objects.get(ended_at=None).centre == elders
    answer = an.post(reverse("open_voucher", args=[order.pk]), {"centrum": zonder.pk})
    assert answer.status_code == 409
    assert Opening.objects.get(ended_at=None).centre == elders
    assert "geen enkel centrum meer open" in sent(an, "shut_voucher", order.pk)
    assert an.post(reverse("shut_voucher", args=[order.pk])).status_code == 409
    for centrum in ("", "x", "99999999", "9" * 30):
        where = reverse("open_voucher", args=[order.pk])
        assert an.post(where, {"centrum": centrum}).status_code == 404
    bram = log_in("bram")
    assert "Open mijn cheque" not in words(bram, "found_centre", centre.pk)


def test_before_the_payment_an_order_can_be_opened_as_well(scheme: Scheme):
    order, centre = scheme.granted("an"), scheme.centre()
    sent(log_in("an"), "open_voucher", order.pk, centrum=centre.pk)
    assert opening.opened_for(order) == centre


def test_the_code_that_a_centre_asked_is_in_my_mail_and_in_nobody_elses(scheme: Scheme):
    an, bram = log_in("an"), log_in("bram")
    voucher, centre = scheme.paid("an").voucher, scheme.centre()
    opening.ask_code(
        centre=centre,
        number=voucher.number,
        client_number=voucher.client_number,
        day=scheme.today,
        now=scheme.now,
        actor="member:1",
    )
    scheme.work()
    digits = opening.digits_of(OpeningCode.objects.get())
    page = words(an, "voucher", voucher.order_id)
    assert "Centrum De Brug vroeg een code" in page
    assert digits not in page
    assert digits in words(an, "mail")
    assert digits not in words(bram, "mail")
    assert "vroeg een code om uw cheque te openen" in words(an, "looks")
    scheme.now += timedelta(hours=25)
    assert "vroeg een code" not in words(an, "voucher", voucher.order_id)


def test_an_confirms_one_talk_and_disputes_another(scheme: Scheme):
    an = log_in("an")
    track = scheme.started()
    number = track.voucher.order_id
    right, wrong = scheme.talk(track, 90, location=scheme.location()), scheme.talk(track, 30)
    text = words(an, "guidance", number)
    assert "2 gesprekken wachten op uw antwoord" in text
    assert "telt het na 24 februari 2025 als bevestigd" in text
    assert "2 gesprekken wachten op uw antwoord" in words(an, "mine")
    text = words(an, "talk", right.pk)
    assert "Brugstraat 1, Gent" in text
    assert "14 februari 2025" in text  # the first of two reminders
    assert "Na 24 februari 2025 telt dit gesprek als bevestigd" in text
    assert "het gesprek is bevestigd" in sent(an, "confirm_talk", right.pk)
    assert an.post(reverse("confirm_talk", args=[right.pk])).status_code == 302
    answer = an.post(reverse("dispute_talk", args=[wrong.pk]), {"remarks": " "})
    assert answer.status_code == 400
    assert "wat er niet klopt" in Page(answer).text()
    long = an.post(reverse("dispute_talk", args=[wrong.pk]), {"remarks": "x" * 501})
    assert long.status_code == 400
    text = sent(an, "dispute_talk", wrong.pk, remarks="Ik was <ziek>.")
    assert "Ik was <ziek>." in text
    assert Talk.objects.get(pk=wrong.pk).status == "disputed"
    text = words(an, "guidance", number)
    assert "Gesproken en bevestigd 1 uur 30 min" in text
    assert "Betwist" in text
    assert "Gesprek van" in words(an, "order", number)
    sent(an, "confirm_talk", wrong.pk)
    assert Talk.objects.get(pk=wrong.pk).status == "confirmed"


def test_who_was_silent_reads_that_it_counts_all_the_same(scheme: Scheme):
    an = log_in("an")
    talk = scheme.talk(scheme.started(), 60)
    scheme.go_on(16)
    assert "U antwoordde niet op tijd" in words(an, "talk", talk.pk)


def test_what_the_authority_decided_is_read_at_the_talk(scheme: Scheme):
    an = log_in("an")
    talk = scheme.talk(scheme.started(), 60)
    talks.dispute(talk=talk, remarks="Nee.", now=scheme.now, actor="worker:1")
    talks.settle(
        talk=talk, took_place=False, ground="De agenda is leeg.", actor=CLAES, **scheme.moment
    )
    text = words(an, "talk", talk.pk)
    assert "Geschrapt" in text
    assert "De agenda is leeg." in text


def test_the_plan_is_filled_in_read_changed_and_kept(scheme: Scheme):
    an = log_in("an")
    track = scheme.started()
    number = track.voucher.order_id
    assert an.get(reverse("plan_file", args=[number])).status_code == 404
    assert "Er is nog geen plan" in words(an, "plan", number)
    given = {"goal": "Leerkracht\nworden", "steps": "In juni <infodag>"}
    assert "Uw plan is bewaard" in sent(an, "plan_write", number, **given)
    text = words(an, "plan", number)
    assert "In juni <infodag>" in text
    assert "de werkende" in text
    page = Page(an.get(reverse("plan_write", args=[number])))
    assert "Leerkracht\nworden" in page.source
    saved = an.get(reverse("plan_file", args=[number]))
    assert saved.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "In juni <infodag>" in saved.content.decode()
    sent(an, "plan_write", number, **(given | {"goal": "Zelfstandig worden"}))
    assert Plan.objects.count() == 2
    for wrong in ({"goal": "", "steps": "x"}, {"goal": "x" * 4_001, "steps": "x"}):
        assert an.post(reverse("plan_write", args=[number]), wrong).status_code == 400


def test_a_plan_that_was_written_elsewhere_comes_along_as_pdf(scheme: Scheme):
    an = log_in("an")
    number = scheme.started().voucher.order_id
    where = reverse("plan_upload", args=[number])
    assert an.post(where, {}).status_code == 400
    for content in (b"", b"<script>alert(1)</script>"):
        answer = an.post(where, {"file": SimpleUploadedFile("plan.pdf", content)})
        assert answer.status_code == 400
    pdf = b"%PDF-1.7 plan"
    assert an.post(where, {"file": SimpleUploadedFile("x.pdf", pdf)}).status_code == 302
    saved = an.get(reverse("plan_file", args=[number]))
    assert (saved.headers["Content-Type"], saved.content) == ("application/pdf", pdf)
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    large = b"%PDF-" + b"x" * 5_000_000
    assert an.post(where, {"file": SimpleUploadedFile("x.pdf", large)}).status_code == 400
    assert "Uw plan is een pdf" in words(an, "plan", number)


def test_an_closes_when_all_is_done_and_orders_a_second_voucher(scheme: Scheme):
    an = log_in("an")
    track = scheme.started()
    number = track.voucher.order_id
    text = words(an, "close", number)
    assert "U hebt nog 4 uur over" in text
    assert "Uw plan ontbreekt nog" in text
    assert an.post(reverse("close", args=[number])).status_code == 409
    scheme.confirmed(track, 240)
    scheme.plan(track)
    assert "U kunt afsluiten" in words(an, "close", number)
    text = sent(an, "close", number)
    assert "Uw cheque is afgesloten" in text
    assert "gratis nazorg" in text
    assert "10 februari 2026" in text
    assert "Bestel een tweede cheque" in text
    scheme.now += timedelta(days=1)
    plans.note_aftercare(
        track=track,
        coach=scheme.coach(),
        held_on=scheme.today,
        actor="member:1",
        **scheme.moment,
    )
    assert "11 februari 2025, met Dora" in words(an, "guidance", number)
    assert "Een tweede loopbaancheque geeft u" in words(an, "mine")
    # Six years on the first one counts no more: what comes next is a first one again.
    Voucher.objects.update(started_on=scheme.today - timedelta(days=2_400))
    assert "Een tweede loopbaancheque" not in words(an, "mine")
    Voucher.objects.update(started_on=track.voucher.started_on)
    second = scheme.granted("an")
    assert second.standing.status == "granted"
    assert "tweede cheque" not in words(an, "mine").lower()
    assert an.post(reverse("close", args=[number])).status_code == 302


def test_closing_early_takes_both_sides_and_can_be_taken_back(scheme: Scheme):
    an = log_in("an")
    track = scheme.started()
    number = track.voucher.order_id
    scheme.confirmed(track, 60)
    assert "U verliest 3 uur" in words(an, "close_early", number)
    assert "U vroeg om vroeger af te sluiten" in sent(an, "close_early", number)
    assert an.post(reverse("close_early", args=[number])).status_code == 409
    assert "gaat gewoon door" in sent(an, "stay", number)
    assert Track.objects.get().early_by_worker_at is None
    assert an.post(reverse("stay", args=[number])).status_code == 409
    guidance.close_early(track=track, side="centre", actor="member:1", **scheme.moment)
    assert "Uw centrum wil vroeger afsluiten" in words(an, "guidance", number)
    assert "Uw cheque is vroeger afgesloten" in sent(an, "close_early", number)
    assert Voucher.objects.get().closed_on == scheme.today
    assert "Vroeger afgesloten" in words(an, "order", number)
    assert "al afgesloten" in words(an, "close_early", number)


def test_an_moves_when_her_centre_lost_its_recognition_and_not_before(scheme: Scheme):
    an = log_in("an")
    track, elders = scheme.started(), scheme.centre("Centrum Elders")
    number = track.voucher.order_id
    assert "blijft bij het centrum waar hij loopt" in words(an, "move", number)
    assert "Verplaats mijn cheque" not in words(an, "found_centre", elders.pk)
    answer = an.post(reverse("move", args=[number]), {"centrum": elders.pk})
    assert answer.status_code == 409
    scheme.confirmed(track, 60)
    scheme.lose_recognition()
    assert "Centrum De Brug is niet meer erkend" in words(an, "move", number)
    assert "Verplaats mijn cheque" in words(an, "found_centre", elders.pk)
    text = sent(an, "move", number, centrum=elders.pk)
    assert "Bij Centrum Elders" in text
    assert "Nog over 3 uur" in text
    assert "Cheque verplaatst" in words(an, "order", number)
    assert an.post(reverse("move", args=[number]), {"centrum": "x"}).status_code == 404


def test_who_looked_stands_on_a_page_with_the_reason(scheme: Scheme):
    an = log_in("an")
    assert "Niemand keek tot nu toe" in words(an, "looks")
    worker = scheme.worker("an")
    plans.look(
        worker=worker, what="search", now=scheme.now, actor="official:els", reason="klacht 12"
    )
    plans.look(worker=worker, what="plan", now=scheme.now, actor="member:1", centre=scheme.centre())
    text = words(an, "looks")
    assert "Els zocht u op" in text
    assert "klacht 12" in text
    assert "Centrum De Brug las uw plan" in text
    assert "klacht 12" not in words(log_in("bram"), "looks")


def test_who_looked_long_ago_is_not_pushed_out_by_who_looks_often(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looks, "MOST_LINES", 2)
    an, worker, centre = log_in("an"), scheme.worker("an"), scheme.centre()
    moment = {"worker": worker, "now": scheme.now}
    plans.look(what="search", actor="official:els", reason="klacht 12", **moment)
    for _ in range(2):
        plans.look(what="plan", actor="member:1", centre=centre, **moment)
    page = Page(an.get(reverse("looks")))
    assert "klacht 12" not in page.text()
    (older,) = re.findall(r"href=.(\?voor=\d+)", page.source)
    page = Page(an.get(reverse("looks") + older))
    assert "klacht 12" in page.text()
    assert "Wie vroeger keek" not in page.text()


def test_the_guidance_of_somebody_else_does_not_exist(scene: Scene):
    bram = log_in("bram")
    before = rows()
    pages = "guidance close close_early move plan plan_write plan_file"
    for name in pages.split():
        assert bram.get(reverse(name, args=[scene.orders["an"]])).status_code == 404, name
    data = {"centrum": scene.centre, "goal": "x", "steps": "x", "remarks": "x"}
    for name in "open_voucher shut_voucher close close_early stay move plan_write".split():
        where = reverse(name, args=[scene.orders["an"]])
        assert bram.post(where, data).status_code == 404, name
    for name in ("confirm_talk", "dispute_talk"):
        for number in (scene.talk, scene.disputed, 10**30):
            assert bram.post(reverse(name, args=[number]), data).status_code == 404, name
    assert rows() == before


def test_what_was_never_started_has_no_guidance(scheme: Scheme):
    an, order = log_in("an"), scheme.paid("an")
    for name in "guidance close close_early move plan plan_write plan_file".split():
        assert an.get(reverse(name, args=[order.pk])).status_code == 404, name
    assert an.post(reverse("plan_upload", args=[order.pk]), {}).status_code == 404
