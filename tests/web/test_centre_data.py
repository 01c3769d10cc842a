"""What a centre says of itself, at its pages: who may change it, what follows, the way back."""

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.live import members
from loopbaan.live.facts import keyring
from loopbaan.live.models import Centre, Coach, JournalLine, Location, Member, Payout, Track
from tests.live.scheme import REGISTERS
from tests.web.scene import Page, Scene, log_in

DATA = {
    "name": "Centrum De Brug",
    "email": "brug@centrum.example",
    "phone": "09 123 45 67",
    "website": "brug.example",
    "vat": "exempt",
    "themes": ["balance", "end"],
    "languages": ["nl", "vgt"],
}


def _brug() -> Centre:
    return Centre.objects.get(name="Centrum De Brug")


def _sent(client: Client, name: str, data: dict[str, object], *args: int) -> Page:
    """Send a form, and return the page that follows."""
    return Page(client.post(reverse(name, args=args), data, follow=True))


def test_who_has_the_task_changes_what_the_centre_says(scene: Scene) -> None:
    lieve = log_in("lieve")
    page = _sent(lieve, "centre_data_change", DATA)
    assert "De gegevens zijn bewaard." in page.text()
    brug = _brug()
    assert (brug.phone, brug.website, brug.vat) == (
        "09 123 45 67",
        "https://brug.example",
        "exempt",
    )
    found = Page(Client().get(reverse("found_centre", args=[scene.centre]))).text()
    for words in ("09 123 45 67", "https://brug.example", "Vlaamse Gebarentaal"):
        assert words in found
    line = JournalLine.objects.filter(subject="centre", subject_id=brug.pk, act="change").latest(
        "pk"
    )
    assert line.actor.startswith("member:")
    assert "phone,website" in line.ground
    assert "iban" not in line.ground
    _sent(lieve, "centre_data_change", DATA)
    assert JournalLine.objects.filter(subject="centre", act="change").latest("pk") == line
    _sent(lieve, "centre_data_change", DATA | {"name": "Centrum\nDe  Brug"})
    assert _brug().name == "Centrum De Brug", "it stands in the subject of mail: on one line"


def test_who_does_not_have_the_task_reads_why_not(scene: Scene) -> None:
    dora = Member.objects.get(pk=scene.member)
    members.give_tasks(member=dora, tasks=["talk"], now=scene.scheme.now, actor="member:1")
    client = log_in("dora")
    assert client.get(reverse("centre_data")).status_code == 403
    assert client.post(reverse("centre_account"), {"iban": invented_iban(5)}).status_code == 403
    assert _brug().iban != invented_iban(5)


@pytest.mark.usefixtures("scene")
def test_what_is_wrong_is_told_with_the_place_and_the_remedy() -> None:
    lieve = log_in("lieve")
    for change, sentence in (
        ({"website": "javascript:alert(1)"}, "Schrijf de website als"),
        ({"phone": "bel mij"}, "Schrijf het telefoonnummer als"),
        ({"vat": "x"}, "Kies een van de antwoorden"),
    ):
        answer = lieve.post(reverse("centre_data_change"), DATA | change)
        assert answer.status_code == 400
        assert sentence in Page(answer).text()
    assert _brug().website == ""
    answer = lieve.post(reverse("centre_account"), {"iban": "BE00 1234"})
    assert answer.status_code == 400
    assert "Dit rekeningnummer klopt niet" in Page(answer).text()


def test_another_account_counts_from_the_next_batch_and_the_authority_sees_it(
    scene: Scene,
) -> None:
    lieve, els, other = log_in("lieve"), log_in("els"), invented_iban(31)
    earlier = _brug().iban
    where = reverse("centre_account")
    assert "Die betaling verandert niet meer." in Page(lieve.get(where)).text()
    page = _sent(lieve, "centre_account", {"iban": other})
    assert "De overheid ziet dat ook." in page.text()
    assert "Lieve Molenrode" in page.text(), "her colleagues see who changed it"
    assert _brug().iban == other
    assert set(Payout.objects.values_list("iban", flat=True)) == {earlier}
    told = Page(els.get(reverse("authority_centre", args=[scene.centre]))).text()
    assert "door: het centrum" in told


def test_who_releases_sees_an_account_that_was_never_paid_to(scene: Scene) -> None:
    Payout.objects.filter(batch=scene.released_batch).update(paid_on=scene.scheme.today)
    Payout.objects.filter(batch=scene.batch).update(iban=invented_iban(31))
    els = log_in("els")
    assert "nieuwe rekening" in Page(els.get(reverse("payout", args=[scene.batch]))).text()
    Payout.objects.update(iban=invented_iban(31))
    assert "nieuwe rekening" not in Page(els.get(reverse("payout", args=[scene.batch]))).text()
    Payout.objects.filter(batch=scene.released_batch).update(paid_on=None)


@pytest.mark.usefixtures("scene")
def test_a_location_is_added_changed_closed_and_opened_again() -> None:
    lieve = log_in("lieve")
    place = {"street": "Kaai 3", "town": "Gent", "free_places": "2"}
    assert "De vestiging staat erbij." in _sent(lieve, "centre_location_new", place).text()
    made = Location.objects.get(street="Kaai 3")
    answer = lieve.post(reverse("centre_location_new"), place)
    assert (answer.status_code, "staat er al" in Page(answer).text()) == (400, True)
    answer = lieve.post(reverse("centre_location_new"), place | {"town": "Atlantis"})
    assert "Kies er een uit de lijst." in Page(answer).text()
    finder = reverse("find_centre") + "?plaats=Gent&binnen=5&vrij=on"
    assert "Kaai 3" in Page(Client().get(finder)).text()
    change = {"street": "Kaai 5", "free_places": "7", "is_open": "nee"}
    _sent(lieve, "centre_location", change, made.pk)
    made.refresh_from_db()
    assert (made.street, made.is_open, made.free_places) == ("Kaai 5", False, 0)
    assert "Kaai" not in Page(Client().get(finder)).text()
    _sent(lieve, "centre_location", change | {"is_open": "ja"}, made.pk)
    assert "Kaai 5" in Page(Client().get(finder)).text()
    answer = lieve.post(
        reverse("centre_location", args=[made.pk]),
        {"street": "Brugstraat 1", "free_places": "1", "is_open": "ja"},
    )
    assert "staat er al" in Page(answer).text()


def test_a_coach_is_added_with_her_days_and_is_the_same_coach_elsewhere(scene: Scene) -> None:
    lieve, insz = log_in("lieve"), REGISTERS.people(700, 701)[0]
    said = {"name": "Nele Nieuw", "insz": insz, "qualified_on": "2024-01-05"}
    assert "begeleidt nu voor uw centrum" in _sent(lieve, "centre_coach_new", said).text()
    nele = Member.objects.get(name="Nele Nieuw")
    assert nele.coach is not None
    assert nele.coach.is_qualified(scene.scheme.today)
    answer = lieve.post(reverse("centre_coach_new"), said)
    assert "staat al als begeleider" in Page(answer).text()
    page = _sent(lieve, "centre_coach", {"qualified_on": ""}, nele.pk)
    assert "De overheid ziet dat ook." in page.text()
    assert not Coach.objects.get(pk=nele.coach_id).is_qualified(scene.scheme.today)
    elders = Centre.objects.get(name="Centrum Elders")
    there = members.add_coach(
        centre=elders,
        insz=insz,
        name="Nele",
        since=scene.scheme.today,
        qualified_on=scene.scheme.today,
        keys=keyring(),
        now=scene.scheme.now,
        actor="member:2",
    )
    assert there.coach_id == nele.coach_id
    answer = lieve.post(reverse("centre_coach", args=[nele.pk]), {"qualified_on": "2024-01-05"})
    assert "werkt ook elders" in Page(answer).text()


def test_somebody_who_was_taken_off_the_list_by_mistake_comes_back(scene: Scene) -> None:
    lieve = log_in("lieve")
    before = Member.objects.get(pk=scene.member)
    _sent(lieve, "centre_member_end", {}, scene.member)
    page = Page(lieve.get(reverse("centre_member", args=[scene.member])))
    assert "Zet weer op de lijst" in page.text()
    assert "staat weer op de lijst" in _sent(lieve, "centre_member_back", {}, scene.member).text()
    after = Member.objects.get(pk=scene.member)
    assert (after.since, after.until, after.tasks) == (before.since, None, before.tasks)


def test_a_coach_reads_the_plan_of_her_own_client_and_the_worker_sees_that(scene: Scene) -> None:
    dora = log_in("dora")
    where = reverse("coach_plan", args=[scene.track])
    assert dora.get(where).status_code == 404, "she did not talk with An yet"
    coach = Member.objects.get(pk=scene.member).coach
    scene.scheme.talk(Track.objects.get(pk=scene.track), 20, coach=coach)
    assert "Lees het plan van" in Page(dora.get(reverse("coach_clients"))).text()
    page = Page(dora.get(where))
    assert "Leerkracht worden." in page.text()
    assert dora.get(reverse("coach_plan_paper", args=[scene.track])).status_code == 404
    assert "las uw plan" in Page(log_in("an").get(reverse("looks"))).text()
    assert log_in("joris").get(where).status_code == 404
