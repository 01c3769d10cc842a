"""Who works for a centre and may do what, and the keys of its software."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.adapters import insz
from loopbaan.live import members
from loopbaan.live.models import Member, Token
from tests.live.scheme import Scheme
from tests.web.scene import Page, log_in
from tests.web.test_centre import sent, words


@pytest.fixture
def lieve(scheme: Scheme) -> Client:
    """Lieve of De Brug, who may do everything there."""
    assert scheme.today
    return log_in("lieve")


def test_who_works_here_and_may_do_what(lieve: Client):
    assert "Dora Wilgenrode begeleider" in words(lieve, "centre_members")
    page = sent(lieve, "centre_member_new", name="Nele Nieuw", insz="12345678901")
    assert "Rijksregisternummer –" in page.text()
    nele = {"name": "Nele Nieuw", "insz": insz.make(date(1990, 1, 2), 940), "tasks": ["check"]}
    assert "Nele Nieuw staat op de lijst" in sent(lieve, "centre_member_new", **nele).text()
    assert "al medewerker" in sent(lieve, "centre_member_new", **nele).text()
    joris = Member.objects.get(name="Joris Kraanstee")
    page = sent(lieve, "centre_member", joris.pk, tasks=["check", "claim"])
    assert "De taken zijn bewaard." in page.text()
    joris.refresh_from_db()
    assert joris.tasks == ["check", "claim"]
    client = log_in("joris")
    assert client.get(reverse("centre_claims")).status_code == 200
    assert client.get(reverse("centre_members")).status_code == 403
    assert "Dat is geen taak van u" in Page(client.get(reverse("centre_members"))).text()
    page = sent(lieve, "centre_member_end", joris.pk)
    assert "kan vanaf nu niets meer doen" in page.text()
    assert client.get(reverse("centre_claims")).status_code == 302


def test_nobody_shuts_herself_out(lieve: Client):
    member = Member.objects.get(name="Lieve Molenrode")
    page = sent(lieve, "centre_member", member.pk, tasks=["check"])
    assert "U kunt uzelf niet buitensluiten" in page.text()
    assert lieve.post(reverse("centre_member_end", args=[member.pk])).status_code == 409


def test_a_key_is_shown_once_and_revoked(scheme: Scheme, lieve: Client):
    data = {"name": "Agenda", "scopes": ["check", "talk"], "expires_on": "2025-12-31"}
    page = sent(lieve, "centre_token_new", **data)
    text = re.search(r"lb_[\w-]{43}", page.source)
    assert text is not None
    found = members.find_token(text[0], scheme.today)
    assert found is not None
    assert found.scopes == ["check", "talk"]
    later = Page(lieve.get(reverse("centre_tokens")))
    assert text[0] not in later.source
    assert "Agenda" in later.text()
    page = sent(lieve, "centre_token_new", **data | {"expires_on": "2030-01-01"})
    assert "ten laatste na een jaar" in page.text()
    page = sent(lieve, "centre_token_new", name="x")
    assert "Kies minstens één antwoord." in page.text()
    page = sent(lieve, "centre_token_revoke", found.pk)
    assert "ingetrokken" in page.text()
    assert members.find_token(text[0], scheme.today) is None
    assert Token.objects.count() == 1
