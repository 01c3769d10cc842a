"""What a coach sees: the own talks, who is guided, and what was claimed. Nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.live import members, payout, talks
from loopbaan.live.facts import keyring
from loopbaan.live.models import Coach, Member, Talk
from tests.live.scheme import Scheme
from tests.web.scene import Page, log_in


@pytest.fixture
def dora(scheme: Scheme) -> Coach:
    """Dora of De Brug, as a coach."""
    assert scheme.today
    log_in("dora")
    return Coach.objects.get(name="Dora Wilgenrode")


def words(client: Client, name: str) -> str:
    """Return the words of a page."""
    response = client.get(reverse(name))
    assert response.status_code == 200
    return Page(response).text()


def test_a_coach_sees_the_own_talks_and_what_became_of_each(scheme: Scheme, dora: Coach):
    track = scheme.started()
    first = scheme.talk(track, 60, coach=dora)
    talks.confirm(talk=first, now=scheme.now, actor="worker:1")
    second = scheme.talk(track, 45, coach=dora)
    talks.dispute(talk=second, remarks="Te lang.", now=scheme.now, actor="worker:1")
    scheme.talk(track, 30, coach=dora)
    said = words(log_in("dora"), "coach")
    assert "1 gesprek wacht op de werkende." in said
    assert "1 gesprek is betwist." in said
    rows = ("Bevestigd 60 op afstand", "Betwist “Te lang.” 45 op afstand", "An Lindenbeke")
    for shown in rows:
        assert shown in said
    assert "An Lindenbeke" not in words(log_in("joris"), "coach")


def test_a_coach_sees_whom_she_guides_and_the_minutes_left(scheme: Scheme, dora: Coach):
    track = scheme.started()
    client = log_in("dora")
    assert "U begeleidt nu niemand." in words(client, "coach_clients")
    scheme.talk(track, 60, coach=dora)
    said = words(client, "coach_clients")
    assert "An Lindenbeke Nog 3 uur over" in said
    assert "laatste gesprek met u op 10 februari 2025" in said
    assert "An Lindenbeke" not in words(log_in("joris"), "coach_clients")


def test_a_coach_sees_what_was_claimed_for_the_own_talks_and_when_it_is_paid(
    scheme: Scheme, dora: Coach
):
    track = scheme.started()
    joris = Coach.objects.get(name="Joris Kraanstee")
    for coach, minutes in ((dora, 60), (joris, 30)):
        talk = scheme.talk(track, minutes, coach=coach)
        talks.confirm(talk=talk, now=scheme.now, actor="worker:1")
    payout.claim_all(centre=track.centre, actor="member:1", **scheme.moment)
    said = words(log_in("dora"), "coach_claims")
    assert "Samen 1 uur" in said
    assert "12 maart 2025 Op komst Wordt ten laatste op deze dag betaald." in said
    assert "Joris" not in said
    assert "Samen 30 minuten" in words(log_in("joris"), "coach_claims")


def test_who_leaves_a_centre_sees_its_workers_no_more(scheme: Scheme, dora: Coach):
    track = scheme.started()
    scheme.talk(track, 60, coach=dora)
    client = log_in("dora")
    elsewhere = scheme.centre("Centrum Elders")
    insz = "83700293475"
    other = members.add_member(
        centre=elsewhere,
        insz=insz,
        name="Dora Wilgenrode",
        since=scheme.today,
        keys=keyring(),
        now=scheme.now,
        actor="member:1",
        coach=dora,
    )
    assert "An Lindenbeke" in words(client, "coach")
    mine = Member.objects.exclude(pk=other.pk).get(coach=dora)
    members.end_member(member=mine, last_day=scheme.today, now=scheme.now, actor="member:1")
    scheme.now += timedelta(days=1)
    assert client.get(reverse("coach")).status_code == 302
    assert Talk.objects.filter(coach=dora).exists()


def test_a_coach_with_tasks_goes_to_both_and_one_without_to_the_own_pages(scheme: Scheme):
    assert scheme.today
    dora, joris = log_in("dora"), log_in("joris")
    for name in ("centre", "centre_check", "centre_tracks", "coach", "coach_claims"):
        assert dora.get(reverse(name)).status_code == 200, name
    for name in ("centre_claims", "centre_statement", "centre_members", "centre_tokens"):
        answer = dora.get(reverse(name))
        assert answer.status_code == 403, name
        assert "Dat is geen taak van u" in Page(answer).text()
    assert joris.get(reverse("centre")).status_code == 403
    page = Page(joris.get(reverse("centre")))
    assert reverse("coach") in {each["href"] for each in page.all("a")}
    menu = Page(joris.get(reverse("coach"))).text()
    assert "Medewerkers" not in menu
