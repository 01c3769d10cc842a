"""Who sees the names of workers: only whose work needs them, and the worker reads who opened."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from loopbaan.adapters import insz
from loopbaan.adapters.cast_centres import COLLEAGUES
from loopbaan.live import guidance, members, talks
from loopbaan.live.facts import keyring
from loopbaan.live.models import Coach, Look, Member, Talk
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in, rows
from tests.web.test_centre import words

AN = "An Lindenbeke"


def test_an_official_opens_a_file_and_the_worker_reads_who_and_why(scene: Scene):
    els, an = log_in("els"), log_in("an")
    for name in ("orders", "disputes"):
        said = words(els, name)
        assert AN not in said, name
        assert "Dat duurde maar 15 minuten" not in said, name
    assert not Look.objects.exists()
    number = scene.orders["an"]
    assert AN in words(els, "authority_order", number)
    words(els, "authority_talk", scene.disputed)
    answer = els.post(reverse("settle_talk", args=[scene.disputed]), {"took_place": "ja"})
    assert answer.status_code == 400, "no ground: the talk is shown again"
    said = words(an, "looks")
    assert f"Els opende uw bestelling Reden: behandeling van bestelling {number}" in said
    assert f"behandeling van gesprek {scene.disputed}" in said
    assert said.count("Els opende een gesprek van u") == 2
    assert "opende" not in words(log_in("bram"), "looks")


@pytest.mark.parametrize("task", ["statement", "data", "members", "claim"])
def test_who_does_the_books_of_a_centre_reads_no_names_of_workers(scheme: Scheme, task: str):
    log_in("lieve")
    lieve = Member.objects.get(name="Lieve Molenrode")
    scheme.opened("sara", lieve.centre)
    scheme.now += timedelta(days=1)
    track = scheme.start(scheme.opened("wim", lieve.centre), lieve.centre)
    track.early_by_worker_at = scheme.now
    track.save()
    names = {each.name for each in map(scheme.worker, ("sara", "wim"))}
    client = log_in("lieve")
    everything = words(client, "centre")
    assert all(name in everything for name in names)
    members.give_tasks(member=lieve, tasks=[task], now=scheme.now, actor="member:1")
    said = words(client, "centre")
    assert not [name for name in names if name in said]
    assert client.get(reverse("centre_talks")).status_code == 403
    assert client.get(reverse("centre_tracks")).status_code == 403
    assert client.get(reverse("centre_openings")).status_code == 403
    assert client.get(reverse("centre_plans")).status_code == 403


def test_a_centre_that_a_voucher_left_reads_no_more_where_it_stands(scheme: Scheme):
    lieve = log_in("lieve")
    dora = Coach.objects.get(name="Dora Wilgenrode")
    track = scheme.started()
    scheme.confirmed(track, 60, coach=dora)
    assert f"{AN} Verder" not in words(lieve, "centre_tracks")
    scheme.lose_recognition()
    elsewhere = {"centre": scheme.centre("Centrum Elders"), "actor": "worker:1"}
    guidance.move_to(track=track, **elsewhere, **scheme.moment)
    said = words(lieve, "centre_tracks", stand="afgelopen")
    assert f"{AN} Verder bij een ander centrum" in said
    said = words(log_in("dora"), "coach_clients")
    assert f"{AN} Verder bij een ander centrum" in said


@pytest.mark.parametrize("status", ["withdrawn", "annulled"])
def test_a_talk_that_does_not_stand_makes_nobody_a_client(scheme: Scheme, status: str):
    dora = log_in("dora")
    coach = Coach.objects.get(name="Dora Wilgenrode")
    track = scheme.started()
    talk = scheme.talk(track, 60, coach=coach)
    scheme.plan(track)
    assert AN in words(dora, "coach_clients")
    assert dora.get(reverse("coach_plan", args=[track.pk])).status_code == 200
    if status == "withdrawn":
        talks.withdraw(talk=talk, actor="member:1", **scheme.moment)
    else:
        talks.dispute(talk=talk, remarks="Nee.", now=scheme.now, actor="worker:1")
        said = {"took_place": False, "ground": "agenda", "actor": "official:els"}
        talks.settle(talk=talk, **said, **scheme.moment)
    assert Talk.objects.get().status == status
    assert AN not in words(dora, "coach_clients")
    assert dora.get(reverse("coach_plan", args=[track.pk])).status_code == 404


def test_the_authority_takes_who_was_put_on_the_list_by_mistake_off_at_once(scheme: Scheme):
    els, lieve = log_in("els"), log_in("lieve")
    member = Member.objects.get(name="Lieve Molenrode")
    stranger = Member.objects.get(name="Zeger Nevelbroeck")
    place = [member.centre_id, member.pk]
    assert lieve.get(reverse("centre")).status_code == 200
    before = rows()
    wrong = els.post(reverse("end_member", args=[member.centre_id, stranger.pk]))
    assert wrong.status_code == 404
    assert rows() == before
    answer = els.post(reverse("end_member", args=place), follow=True)
    assert "Lieve Molenrode kan vanaf nu niets meer doen" in Page(answer).text()
    assert lieve.get(reverse("centre")).status_code == 302
    assert members.members_of(_insz("lieve"), keyring(), scheme.today) == []
    els.post(reverse("rejoin_member", args=place))
    assert log_in("lieve").get(reverse("centre")).status_code == 200


def test_who_is_dismissed_by_her_centre_may_do_nothing_the_same_day(scheme: Scheme):
    lieve, joris, dora = log_in("lieve"), log_in("joris"), log_in("dora")
    found = {each.name: each for each in Member.objects.all()}
    for name, client, page in (
        ("Joris Kraanstee", joris, "coach"),
        ("Dora Wilgenrode", dora, "centre_check"),
    ):
        assert client.get(reverse(page)).status_code == 200
        lieve.post(reverse("centre_member_end", args=[found[name].pk]))
        assert client.get(reverse(page)).status_code == 302, name
    coach = Coach.objects.get(name="Dora Wilgenrode")
    assert scheme.talk(scheme.started(), 60, coach=coach), "what she held that day counts"


def test_a_coach_is_one_person_with_one_number(scheme: Scheme):
    els, elsewhere = log_in("els"), scheme.centre("Centrum Elders")
    dora = Coach.objects.get(name="Dora Wilgenrode")
    twin = Coach.objects.create(name="Dora Wilgenrode", qualified_on=date(2024, 9, 1))
    where = reverse("add_member", args=[elsewhere.pk])
    choices = Page(els.get(where)).text()
    assert "Dora Wilgenrode, bekwaam vanaf 1 september 2024 (nog nergens)" in choices
    assert "(Centrum De Brug)" in choices
    given = {"name": "Dora Wilgenrode", "insz": _insz("dora"), "tasks": ["talk"]}
    answer = els.post(where, given | {"coach": twin.pk})
    assert answer.status_code == 400
    assert "Dit nummer is al van een andere begeleider" in Page(answer).text()
    other = insz.make(date(1990, 1, 2), 940)
    answer = els.post(where, given | {"coach": dora.pk, "insz": other})
    assert answer.status_code == 400
    assert "Deze begeleider heeft een ander rijksregisternummer" in Page(answer).text()
    assert els.post(where, given | {"coach": dora.pk}).status_code == 302
    assert dora.members.count() == 2


def _insz(key: str) -> str:
    return COLLEAGUES[key][1].insz
