"""Pages ask the law: under another law they say something else."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.law.rulebook import Rulebook
from tests.live.scheme import Scheme
from tests.web.scene import Page, Scene, log_in


@pytest.fixture
def other_law(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let every day have another law."""
    of_the_day = Rulebook.on

    def changed(**numbers: Any) -> None:
        monkeypatch.setattr(
            Rulebook, "on", lambda *given, **named: replace(of_the_day(*given, **named), **numbers)
        )

    return changed


FIRST = "Wie eerst bestelt, krijgt eerst een plaats."
NO_PLAN = "Zonder plan kan de begeleiding niet afgesloten worden."
LEAVES = "Verliest dat centrum zijn erkenning"


def test_who_comes_first_is_told_only_where_that_is_the_law(scheme: Scheme, other_law: Any) -> None:
    an = log_in("an")
    pages = (reverse("order_new"), reverse("conditions"))
    other_law(cap_per_month=1_000)
    assert [FIRST in Page(an.get(each)).text() for each in pages] == [True, True]
    other_law(cap_per_month=1_000, allocation="draw")
    told = [Page(an.get(each)).text() for each in pages]
    assert [FIRST in each for each in told] == [False, False]
    assert ["1.000" in each for each in told] == [True, True]
    assert scheme.today


def test_a_plan_is_asked_only_where_the_law_asks_one(scheme: Scheme, other_law: Any) -> None:
    track = scheme.started()
    lieve = log_in("lieve")
    track.centre.members.model.objects.filter(name__startswith="Lieve").update(centre=track.centre)
    pages = [reverse(name, args=[track.pk]) for name in ("centre_track", "centre_plan")]
    assert [NO_PLAN in words(lieve, each) for each in pages] == [True, True]
    other_law(plan_required=False)
    assert [NO_PLAN in words(lieve, each) for each in pages] == [False, False]


def test_moving_is_told_as_the_law_has_it(scene: Scene, other_law: Any) -> None:
    an, els = log_in("an"), log_in("els")
    move = reverse("move", args=[scene.orders["an"]])
    end = reverse("end_recognition", args=[scene.centre])
    assert LEAVES in words(an, move)
    assert "kunnen mee naar een ander centrum" in words(els, end)
    other_law(authority_may_move=False, worker_may_move=False)
    assert LEAVES not in words(an, move)
    assert "kunnen niet mee naar een ander centrum" in words(els, end)


def words(client: Client, where: str) -> str:
    """Return what a page says."""
    return Page(client.get(where)).text()
