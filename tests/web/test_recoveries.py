"""Money asked back, at the pages: two officials, the centre's statement, and the bank."""

from datetime import timedelta

from django.urls import reverse

from loopbaan.live.models import Recovery
from tests.web.scene import Page, Scene, log_in


def test_two_people_ask_back_and_the_centre_reads_how_to_pay(scene: Scene) -> None:
    els, dirk, lieve = log_in("els"), log_in("dirk"), log_in("lieve")
    where = reverse("recovery", args=[scene.recovery])
    assert "een collega geeft ze vrij" in Page(dirk.get(where)).text()
    assert dirk.post(reverse("release_recovery", args=[scene.recovery])).status_code == 409
    statement = reverse("centre_statement")
    assert "Mededeling" not in Page(lieve.get(statement)).text()
    page = Page(els.post(reverse("release_recovery", args=[scene.recovery]), follow=True))
    assert "Het centrum krijgt het bedrag" in page.text()
    asked = Recovery.objects.get()
    digits = asked.reference
    words = Page(lieve.get(statement)).text()
    assert f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" in words
    assert "gesprek van 15 minuten" in words
    assert "Teruggevraagd" in words


def test_a_recovery_is_made_from_the_list_of_who_owes_and_taken_back(scene: Scene) -> None:
    els = log_in("els")
    assert "Geen enkel centrum." in Page(els.get(reverse("recoveries"))).text()
    els.post(reverse("cancel_recovery", args=[scene.recovery]))
    page = Page(els.get(reverse("recoveries")))
    assert "Centrum De Brug" in page.text()
    make = reverse("make_recovery", args=[scene.centre])
    assert make in [each["href"] for each in page.all("a")]
    answer = els.post(make, {"reason": "", "due_on": scene.scheme.today})
    assert (answer.status_code, "Zeg waarom." in Page(answer).text()) == (400, True)
    answer = els.post(make, {"reason": "te lang", "due_on": scene.scheme.today}, follow=True)
    assert "Een collega moet ze vrijgeven." in Page(answer).text()
    answer = els.post(make, {"reason": "te lang", "due_on": scene.scheme.today})
    assert "wordt al geld teruggevraagd" in Page(answer).text()


def test_the_bank_of_the_sandbox_pays_back_for_the_centre(scene: Scene) -> None:
    lieve = log_in("lieve")
    assert lieve.post(reverse("centre_pay_back")).status_code == 404
    log_in("els").post(reverse("release_recovery", args=[scene.recovery]))
    page = Page(lieve.post(reverse("centre_pay_back"), follow=True))
    assert "schreef het bedrag over" in page.text()


def test_who_paid_a_part_reads_what_is_left(scene: Scene) -> None:
    els, lieve = log_in("els"), log_in("lieve")
    els.post(reverse("release_recovery", args=[scene.recovery]))
    asked, scheme = Recovery.objects.get(), scene.scheme
    scheme.now += timedelta(days=1)
    part = {"name": "De Brug", "on": scheme.today, "due_on": asked.due_on}
    scheme.bank.pay(asked.reference, asked.amount_cents - 150, **part)
    scheme.read_bank()
    assert "Betaal € 1,50 terug" in Page(lieve.get(reverse("centre_statement"))).text()
    found = Page(els.get(reverse("recovery", args=[scene.recovery]))).text()
    assert "Nog te betalen € 1,50" in found
    assert "te laat" in Page(els.get(reverse("recoveries"))).text()
