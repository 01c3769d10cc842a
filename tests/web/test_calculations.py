"""A measure played out whole: asked by an official, bounded, cancelled, and journalled."""

import pytest
from django.urls import reverse

from loopbaan.live import calculating
from loopbaan.live.models import Calculation, JournalLine
from tests.web.scene import CARD, Scene, log_in
from tests.web.test_lab import TOLD

ASKED = {"a-scenario": "cap-1000", "keren": "12", "deel": "1"}


def lines(number: int) -> list[tuple[str, str, str]]:
    """Who did what to a calculation, as the journal has it."""
    found = JournalLine.objects.filter(subject="calculation", subject_id=number).order_by("pk")
    return list(found.values_list("actor", "act", "after"))


def test_who_asked_what_is_written_down(scene: Scene):
    client = log_in("els")
    goes_to = client.post(reverse("calculations"), ASKED).headers["Location"]
    made = Calculation.objects.latest("pk")
    assert goes_to == reverse("calculation", args=[made.pk])
    assert (made.title, made.seeds, made.percent) == ("cap-1000", 12, 1)
    assert made.content["title"].startswith("A thousand vouchers")
    assert made.asked_by == "official:els"
    assert lines(made.pk) == [("official:els", "ask", "waiting")]
    assert made.pk != scene.calculation
    page = client.get(goes_to)
    assert "0 van de 12 keer gespeeld" in page.content.decode()
    assert page.headers["Refresh"] == "5; url=?keer=2"


@pytest.mark.usefixtures("scheme")
def test_a_card_of_ones_own_is_played_whole_too():
    card = dict(each.split("=") for each in CARD.split("&"))
    log_in("dirk").post(reverse("calculations"), card | {"keren": "3", "deel": "100"})
    made = Calculation.objects.get()
    assert made.content["policy"]["share_cents"]["lines"][0]["value"] == 2_250


@pytest.mark.usefixtures("scheme")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"keren": "201"}, "Zoveel keer spelen – Vul een geheel getal in van 1 tot 200."),
        ({"keren": "veel"}, "Zoveel keer spelen – Vul een geheel getal in van 1 tot 200."),
        ({"deel": "55"}, "Op hoeveel werkenden – Kies hoeveel werkenden meespelen."),
        ({"a-scenario": "x"}, "proberen? – Kies een kaart of een scenario uit de lijst."),
    ],
)
def test_what_cannot_be_gets_a_sentence(changes, sentence):
    response = log_in("els").post(reverse("calculations"), ASKED | changes)
    assert response.status_code == 400
    assert sentence in " ".join(TOLD.findall(response.content.decode()))
    assert not Calculation.objects.exists()


@pytest.mark.usefixtures("scheme")
def test_no_more_than_five_wait_and_a_cancelled_one_makes_room():
    client = log_in("els")
    for _ in range(calculating.MOST_OPEN):
        assert client.post(reverse("calculations"), ASKED).status_code == 302
    response = client.post(reverse("calculations"), ASKED)
    assert response.status_code == 400
    assert "Er wachten al 5 doorrekeningen" in response.content.decode()
    first = Calculation.objects.earliest("pk")
    client.post(reverse("cancel_calculation", args=[first.pk]))
    first.refresh_from_db()
    assert first.status == "cancelled"
    assert lines(first.pk)[-1] == ("official:els", "cancel", "cancelled")
    assert client.post(reverse("calculations"), ASKED).status_code == 302
    again = client.post(reverse("cancel_calculation", args=[first.pk]))
    assert again.status_code == 409
    assert "al geëindigd" in again.content.decode()


def test_the_oldest_is_played_first_and_what_was_left_half_done_before_it(scene: Scene):
    now = scene.scheme.now
    second = Calculation.objects.create(
        title="x", content={}, seeds=2, percent=1, asked_by="official:els", asked_at=now
    )
    taken = calculating.take(now=now, actor="system")
    assert taken is not None
    assert taken.pk == scene.calculation
    # Who played it was killed: it is taken again, before the other one.
    assert calculating.take(now=now, actor="system") == taken
    assert calculating.progress(taken.pk, 1)
    calculating.cancel(calculation=taken, now=now, actor="official:dirk")
    assert not calculating.progress(taken.pk, 2)
    for _ in range(calculating.MOST_BEGUN):
        assert calculating.take(now=now, actor="system") == second
    assert calculating.take(now=now, actor="system") is None
    second.refresh_from_db()
    assert second.status == "failed"
    assert "ask for a smaller part" in second.fault
