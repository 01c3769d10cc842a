"""What cannot be done has a code of its own for software, and every code is told at /api."""

import ast
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from loopbaan.law.guidance import Objection
from loopbaan.live.models import Member, Track
from loopbaan.live.opening import Against
from loopbaan.web.api.problems import OF_LAW, codes
from tests.house.files import tree
from tests.live.scheme import Scheme
from tests.web.test_api import DECLARED, numbers, software

# The operations that a call can reach.
CALLED = [
    f"loopbaan/live/{each}.py"
    for each in ("guidance", "moving", "opening", "payout", "plans", "talks", "webhooks")
]


def code_of(answer: Any) -> tuple[int, str]:
    """Return how a call was refused."""
    told = answer.json()
    assert told["type"] == f"/api#{told['code']}"
    return answer.status_code, told["code"]


def test_each_way_in_which_a_voucher_does_not_close_has_its_code(scheme: Scheme) -> None:
    track, ours = scheme.started(), software(scheme)
    assert code_of(ours.call("close", track=track.pk)) == (409, "minutes_left")
    scheme.confirmed(track, track.voucher.minutes)
    assert code_of(ours.call("close", track=track.pk)) == (409, "plan_missing")
    assert code_of(ours.call("stay", track=track.pk)) == (409, "not_agreed")
    assert ours.call("close_early", track=track.pk).status_code == 200
    assert code_of(ours.call("close_early", track=track.pk)) == (409, "agreed_before")
    scheme.plan(track)
    assert ours.call("close", track=track.pk).status_code == 200
    assert code_of(ours.call("close", track=track.pk)) == (409, "not_running")


def test_each_way_in_which_a_talk_is_not_registered_or_claimed_has_its_code(scheme: Scheme) -> None:
    track, dora, ours = scheme.started(), scheme.coach(), software(scheme)
    held: dict[str, Any] = {
        "track": track.pk,
        "coach": dora.pk,
        "held_on": str(scheme.today),
        "minutes": 60,
        "location": None,
        "is_conversation": True,
        "charged_cents": 0,
    }
    tomorrow = str(scheme.today + timedelta(days=1))
    assert code_of(ours.call("register", **held | {"held_on": tomorrow})) == (409, "wrong_day")
    told = ours.call("register", **held | {"minutes": 1_000, "charged_cents": 1}).json()
    assert [each["code"] for each in told["reasons"]] == ["too_many_minutes", "extra_charge"]
    Member.objects.filter(coach=dora).update(until=scheme.today - timedelta(days=1))
    assert code_of(ours.call("register", **held)) == (409, "coach_may_not_guide")
    Member.objects.filter(coach=dora).update(until=None)
    talk = ours.call("register", **held).json()["id"]
    assert code_of(ours.call("claim", talk=talk)) == (409, "talk_not_confirmed")
    done = scheme.confirmed(track, 30)
    assert code_of(ours.call("withdraw", talk=done.pk)) == (409, "talk_settled")
    assert ours.call("claim", talk=done.pk).status_code == 201
    assert code_of(ours.call("claim", talk=done.pk)) == (409, "claimed_before")


def test_aftercare_and_a_webhook_that_cannot_be_have_their_codes(scheme: Scheme) -> None:
    voucher, dora, ours = scheme.opened("griet"), scheme.coach(), software(scheme)
    running = ours.call("start", **numbers(voucher), **DECLARED).json()["id"]
    asked = {"coach": dora.pk, "held_on": str(scheme.today)}
    assert code_of(ours.call("aftercare", track=running, **asked)) == (409, "not_closed_here")
    scheme.now += timedelta(days=1)
    closed = scheme.closed()
    answer = ours.call("aftercare", track=closed.pk, **asked)
    assert code_of(answer) == (409, "aftercare_over")
    answer = ours.call("register_webhook", address="ftp://planning.example")
    assert code_of(answer) == (409, "wrong_address")
    hook = ours.call("register_webhook", address="https://planning.example/told").json()["id"]
    other = ours.call("register_webhook", address="https://planning.example/more")
    assert code_of(other) == (409, "has_webhook")
    assert code_of(ours.call("send_again", hook=hook)) == (409, "nothing_given_up")
    assert ours.call("end_webhook", hook=hook).status_code == 200
    assert code_of(ours.call("end_webhook", hook=hook)) == (409, "webhook_ended")


def test_a_centre_that_is_not_recognised_has_one_code_wherever_it_is_told(scheme: Scheme) -> None:
    paper, track = numbers(scheme.opened("griet")), Track.objects.first()
    assert track is None
    zonder = software(scheme, centre="Centrum Zonder")
    code = "centre_not_recognised"
    assert zonder.call("check", **paper).json()["reason"] == code
    assert code_of(zonder.call("start", **paper, **DECLARED)) == (409, code)
    assert code_of(zonder.call("ask_code", **paper)) == (409, code)
    assert code in {each.code for each in Objection}


def test_every_code_that_can_be_given_is_told_at_its_anchor() -> None:
    given = {each.value for each in Against} | {each.code for each in Objection}
    for name in CALLED:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call):
                given |= {
                    each.value.value
                    for each in node.keywords
                    if each.arg == "code" and isinstance(each.value, ast.Constant)
                }
    assert given - set(codes()) == set()
    assert set(OF_LAW) - given == set()
    text = Client().get("/api").content.decode()
    assert [code for code in codes() if f'id="{code}"' not in text] == []


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", "Dit is geen geheel getal."), ("en", "This is no whole number.")]
)
def test_what_does_not_fit_is_told_in_the_language_that_was_asked(
    scheme: Scheme, lang: str, words: str
) -> None:
    track, ours = scheme.started(), software(scheme, lang=lang)
    told = ours.call("register", track=track.pk, coach="x", held_on="1 mei", more=1).json()
    found = {each["where"].rsplit(".", 1)[-1]: each["what"] for each in told["errors"]}
    assert found["coach"] == words
    assert len(found) == 7
    assert len(set(found.values())) == 4  # no number, no day, lacking, and too much
