"""An act of a centre's software is done once for its key; finding a centre near by."""

from uuid import uuid4

import pytest

from loopbaan.adapters.towns import towns
from loopbaan.live import answering, finding, recognition
from loopbaan.live.answering import OtherAct
from loopbaan.live.models import Answer, Attempt, Talk, Track
from loopbaan.live.opening import NotYours
from tests.live.scheme import GHENT, Scheme
from tests.live.test_races import MANY, at_once


def test_the_same_key_is_answered_the_same_and_another_act_refused(scheme: Scheme) -> None:
    voucher, key, done = scheme.opened(), uuid4(), []

    def start() -> dict[str, int]:
        done.append(1)
        return {"track": scheme.start(voucher).pk}

    values = {"centre": scheme.centre(), "key": key, "act": "start", "now": scheme.now}
    asked = {"number": voucher.number}
    first = answering.once(asked=asked, do=start, **values)
    assert (
        answering.once(asked=asked, do=start, **values)
        == first
        == {"track": Track.objects.get().pk}
    )
    assert len(done) == 1
    with pytest.raises(OtherAct):
        answering.once(asked={"number": "1"}, do=start, **values)


def test_what_was_refused_is_no_answer_but_its_guess_stays(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    values = {"centre": scheme.centre(), "key": uuid4(), "act": "start", "now": scheme.now}
    with pytest.raises(NotYours):
        answering.once(asked={}, do=lambda: {"track": scheme.start(voucher).pk}, **values)
    assert not Answer.objects.exists()
    assert Attempt.objects.get().missed


def test_the_same_key_two_hundred_times_at_once_is_one_act(committed: Scheme) -> None:
    track, key, coach = committed.started(), uuid4(), committed.coach()
    values = {"centre": committed.centre(), "key": key, "act": "talk", "now": committed.now}

    def act() -> dict[str, int]:
        return {"talk": committed.talk(track, 30, coach=coach).pk}

    done = at_once([lambda: answering.once(asked={}, do=act, **values) for _ in range(MANY)])
    assert done == [{"talk": Talk.objects.get().pk}] * MANY


def test_a_centre_is_found_by_town_theme_language_and_free_places(scheme: Scheme) -> None:
    here = scheme.location()
    scheme.location(scheme.centre("Centrum Zonder"))
    bruges = next(town.number for town in towns().values() if town.name == "Brugge")
    recognition.add_location(
        centre=scheme.centre("Centrum Elders"),
        town=bruges,
        street="Markt 1",
        now=scheme.now,
        actor="member:1",
    )
    day = scheme.today

    def found(**asked: object) -> list[str]:
        return [each.centre.name for each in finding.find_centres(day=day, **asked)]

    assert found() == ["Centrum Elders", "Centrum De Brug"], "by the name of the town"
    assert found(town=GHENT, within_km=20) == ["Centrum De Brug"]
    assert found(town=GHENT, within_km=60) == ["Centrum De Brug", "Centrum Elders"]
    assert found(with_places=True) == ["Centrum De Brug"]
    assert found(theme="growth", language="nl", town=bruges, within_km=5) == ["Centrum Elders"]
    assert found(theme="business") == found(language="fr") == found(town=1) == []
    recognition.change_location(
        location=here, free_places=3, is_open=False, now=scheme.now, actor="member:1"
    )
    assert found() == ["Centrum Elders"]
