"""What a centre has to do, as lists that go on, and what it is paid with every reason why not."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.documents import StatementPaper, statement_pdf
from loopbaan.live import holds, payout, talks
from loopbaan.live.models import Centre, Claim, Coach, Member, Track
from tests.live.scheme import Scheme
from tests.web.scene import Page, log_in
from tests.web.test_centre import words

ROOM = "loopbaan.web.centre"


@pytest.fixture
def lieve(scheme: Scheme) -> Client:
    """Lieve of De Brug, who may do everything there."""
    assert scheme.today
    return log_in("lieve")


def brug() -> Centre:
    return Member.objects.get(name="Lieve Molenrode").centre


def dora() -> Coach:
    return Coach.objects.get(name="Dora Wilgenrode")


def running(scheme: Scheme, who: str) -> Track:
    """Let somebody be guided at De Brug, a day later than who came before."""
    scheme.now += timedelta(days=1)
    return scheme.start(scheme.opened(who, brug()), brug())


def test_what_stands_open_is_started_from_the_page_of_today(scheme: Scheme, lieve: Client):
    voucher = scheme.opened("an", brug())
    page = Page(lieve.get(reverse("centre")))
    hidden = {each["name"]: each["value"] for each in page.all("input") if "value" in each}
    assert (hidden["number"], hidden["client_number"]) == (voucher.number, voucher.client_number)
    answer = lieve.post(reverse("centre_check"), hidden)
    assert "De begeleiding opstarten" in Page(answer).text()


def test_more_than_a_page_stands_open(scheme: Scheme, lieve: Client, monkeypatch):
    monkeypatch.setattr(f"{ROOM}.today.MOST_ROWS", 1)
    monkeypatch.setattr(f"{ROOM}.opening.PAGE", 1)
    scheme.opened("an", brug())
    assert "Toon alle" not in words(lieve, "centre")
    scheme.now += timedelta(days=1)
    scheme.opened("sara", brug())
    lieve = log_in("lieve")
    said = words(lieve, "centre")
    assert "Toon alle 2 cheques" in said
    names = [scheme.worker(who).name for who in ("an", "sara")]
    assert [name in said for name in names] == [True, False]
    page = Page(lieve.get(reverse("centre_openings")))
    assert names[0] in page.text()
    (further,) = re.findall(r"href=.(\?vanaf=\d+)", page.source)
    page = Page(lieve.get(reverse("centre_openings") + further))
    assert names[1] in page.text()
    assert names[0] not in page.text()
    assert "Toon de volgende" not in page.text()
    assert lieve.get(reverse("centre_openings") + "?vanaf=x").status_code == 200


def test_talks_are_found_by_where_they_stand_and_those_of_others_are_not(
    scheme: Scheme, lieve: Client, monkeypatch
):
    elsewhere = scheme.centre("Centrum Elders")
    theirs = scheme.start(scheme.opened("griet", elsewhere), elsewhere)
    scheme.talk(theirs, 55)
    track = running(scheme, "an")
    scheme.confirmed(track, 45, coach=dora())
    waiting = scheme.talk(track, 35, coach=dora())
    lieve = log_in("lieve")
    said = words(lieve, "centre_talks")
    assert "45" in said
    assert "35" in said
    assert "55" not in said
    said = words(lieve, "centre_talks", stand="registered")
    assert "35" in said
    assert "45" not in said
    assert "Geen gesprekken gevonden" in words(lieve, "centre_talks", stand="disputed")
    assert lieve.get(reverse("centre_talks"), {"stand": "x"}).status_code == 400
    where = reverse("centre_talks") + "?stand=registered"
    assert where in {each["href"] for each in Page(lieve.get(reverse("centre"))).all("a")}
    monkeypatch.setattr(f"{ROOM}.talks.PAGE", 1)
    page = Page(lieve.get(reverse("centre_talks")))
    assert f"voor={waiting.pk}" in page.source
    page = Page(lieve.get(reverse("centre_talks"), {"voor": waiting.pk}))
    assert "45" in page.text()
    assert "Oudere gesprekken" not in page.text()


def test_plans_that_are_missing_are_found(scheme: Scheme, lieve: Client, monkeypatch):
    assert "Er is hier geen lopend traject." in words(lieve, "centre_plans")
    with_plan, without = running(scheme, "an"), running(scheme, "sara")
    scheme.plan(with_plan)
    an, sara = (each.voucher.order.worker.name for each in (with_plan, without))
    lieve = log_in("lieve")
    said = words(lieve, "centre_plans")
    assert f"{an} Aanwezig" in said
    assert f"{sara} Ontbreekt nog" in said
    assert "Leerkracht" not in said, "what it says is read on its own page, and noted"
    assert an not in words(lieve, "centre_plans", stand="zonder")
    assert sara not in words(lieve, "centre_plans", stand="met")
    monkeypatch.setattr(f"{ROOM}.plans.PAGE", 1)
    (older,) = re.findall(
        r"href=.(\?[^\"]*voor=\d+)", Page(lieve.get("/mijn-centrum/plannen")).source
    )
    assert an in Page(lieve.get(reverse("centre_plans") + older.replace("&amp;", "&"))).text()


def test_older_claims_of_a_coach_are_on_the_next_page(scheme: Scheme, lieve: Client, monkeypatch):
    monkeypatch.setattr("loopbaan.web.coach.talks.PAGE", 1)
    track = running(scheme, "an")
    for minutes in (45, 35):
        scheme.confirmed(track, minutes, coach=dora())
    payout.claim_all(centre=brug(), actor="member:1", **scheme.moment)
    client = log_in("dora")
    page = Page(client.get(reverse("coach_claims")))
    (older,) = re.findall(r"href=.(\?voor=\d+)", page.source)
    other = Page(client.get(reverse("coach_claims") + older))
    assert "Oudere vorderingen" not in other.text()
    assert page.text().count("Op komst") == other.text().count("Op komst") == 1
    assert lieve


def test_a_hold_is_told_with_its_article_and_reason_wherever_the_money_is(
    scheme: Scheme, lieve: Client, monkeypatch
):
    track = running(scheme, "an")
    scheme.confirmed(track, 60, coach=dora())
    payout.claim_all(centre=brug(), actor="member:1", **scheme.moment)
    holds.place_hold(
        centre=brug(),
        article="artikel 7",
        reason="controle ter plaatse",
        until=scheme.today + timedelta(days=20),
        day=scheme.today,
        now=scheme.now,
        actor="official:els",
    )
    lieve = log_in("lieve")
    why = "artikel 7: controle ter plaatse"
    assert why in words(lieve, "centre")
    assert why in words(lieve, "centre_statement")
    table = lieve.get(reverse("centre_statement_csv")).content.decode()
    assert why in table
    assert ";Ingehouden;" in table
    assert "held" not in table
    papers = []

    def printed(paper: StatementPaper) -> bytes:
        papers.append(paper)
        return statement_pdf(paper)

    monkeypatch.setattr(f"{ROOM}.payout.statement_pdf", printed)
    assert lieve.get(reverse("centre_statement_pdf")).content.startswith(b"%PDF")
    assert why in papers[0].rows[0].state


def test_a_long_statement_comes_in_pages_and_is_no_pile_of_paper(
    scheme: Scheme, lieve: Client, monkeypatch: pytest.MonkeyPatch
):
    track = scheme.started()
    for _ in range(3):
        talks.confirm(talk=scheme.talk(track, minutes=60), now=scheme.now, actor="worker:1")
    payout.claim_all(centre=track.centre, actor="member:1", **scheme.moment)
    total = f"€\u00a0{sum(each.total_cents for each in Claim.objects.all()) // 100}"
    room, statement = f"{ROOM}.payout", reverse("centre_statement")
    monkeypatch.setattr(f"{room}.PAGE", 2)
    page = Page(lieve.get(statement))
    (link,) = (each["href"] for each in page.all("a") if "na=" in each["href"])
    rest = Page(lieve.get(statement + link))
    assert [each.source.count('<td class="digits">') for each in (page, rest)] == [2, 1]
    assert total in page.source
    assert total in rest.source
    assert not [each for each in rest.all("a") if "na=" in each["href"]]
    assert lieve.get(statement, {"na": "x" * 99}).status_code == 200
    table = lieve.get(reverse("centre_statement_csv")).content.decode()
    assert len(table.splitlines()) == 4
    assert lieve.get(reverse("centre_statement_pdf")).status_code == 200
    monkeypatch.setattr(f"{room}.MOST_ON_PAPER", 2)
    answer = lieve.get(reverse("centre_statement_pdf"))
    assert answer.status_code == 400
    assert "hoogstens 2 vorderingen" in answer.content.decode()
