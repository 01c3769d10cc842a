"""A centre's own software: from the check to the statement, and nothing with numbers alone."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from loopbaan.live import members, talks
from loopbaan.live.models import Answer, Attempt, Claim, JournalLine, Look, Talk, Token, Track
from loopbaan.web import faults
from loopbaan.web.api import guiding, keys, routes
from tests.live.scheme import Scheme
from tests.web.client_of_the_description import Described

DECLARED = {"own_initiative": True, "part_of_other_guidance": False, "single_test": False}


@pytest.fixture(autouse=True)
def _pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "PACE", keys.Pace())


def key_of(scheme: Scheme, *scopes: str, centre: str = "Centrum De Brug", days: int = 30) -> str:
    """Make a key for the software of a centre."""
    _token, text = scheme.key(*scopes, centre=centre, days=days)
    return text


def software(scheme: Scheme, *scopes: str, lang: str = "nl", **options: Any) -> Described:
    """Return the software of a centre, which read the description."""
    text = Client().get("/api/openapi.json").content.decode()
    return Described(text, key_of(scheme, *scopes, **options), lang)


def numbers(voucher: Any) -> dict[str, str]:
    """Return what stands on the paper."""
    return {"number": voucher.number, "client_number": voucher.client_number}


def test_a_client_of_the_description_goes_from_the_check_to_the_statement(scheme: Scheme) -> None:
    voucher, dora = scheme.opened(), scheme.coach()
    scheme.location()
    ours = software(scheme)
    paper = numbers(voucher)
    assert ours.call("centre").json()["is_recognised"]
    checked = ours.call("check", **paper).json()
    assert checked["may_start"]
    assert checked["minutes"] == voucher.minutes
    started = ours.call("start", **paper, **DECLARED)
    assert started.status_code == 201
    track = started.json()["id"]
    (coach,) = ours.call("coaches").json()["items"]
    assert (coach["id"], coach["may_guide"]) == (dora.pk, True)
    (place,) = ours.call("locations").json()["items"]
    held = {
        "coach": coach["id"],
        "held_on": str(scheme.today),
        "minutes": voucher.minutes,
        "location": place["id"],
        "is_conversation": True,
        "charged_cents": 0,
    }
    talk = ours.call("register", track=track, **held).json()
    assert talk["status"] == "registered"
    talks.confirm(talk=Talk.objects.get(), now=scheme.now, actor="worker:1")
    claimed = ours.call("claim", talk=talk["id"]).json()
    assert claimed["state"] == "due"
    assert claimed["total_cents"] == Claim.objects.get().total_cents
    scheme.plan(Track.objects.get())
    assert ours.call("close", track=track).json()["state"] == "closed"
    said = ours.call("statement", since=str(scheme.today), until=str(scheme.today)).json()
    assert [each["id"] for each in said["lines"]] == [claimed["id"]]
    assert said["owed_cents"] == said["total_cents"] == claimed["total_cents"]
    aftercare = ours.call(
        "aftercare", track=track, coach=coach["id"], held_on=str(scheme.today)
    ).json()
    assert aftercare["track"] == track
    assert {line.actor for line in JournalLine.objects.filter(subject="track")} == {
        f"token:{Token.objects.get().pk}"
    }
    assert Look.objects.filter(what="check").count() == 1


def test_the_same_key_is_one_act_and_is_not_used_for_another(scheme: Scheme) -> None:
    voucher, ours, key = scheme.opened(), software(scheme), str(uuid4())
    paper = numbers(voucher) | DECLARED
    first = ours.call("start", key=key, **paper)
    again = ours.call("start", key=key, **paper)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    other = ours.call("start", key=key, **paper | {"single_test": True})
    assert (other.status_code, other.json()["code"]) == (409, "key_used_before")
    assert Answer.objects.count() == Track.objects.count() == 1


def test_every_act_asks_a_key_of_its_own_and_only_acts_change_rows(scheme: Scheme) -> None:
    ours = software(scheme)
    for name, (method, _, call) in ours.calls.items():
        asked = {each["name"] for each in call["parameters"] if each["required"]}
        is_act = method != "get" and name != "check"
        assert ("Idempotency-Key" in asked) == is_act, name


@pytest.mark.parametrize(("lang", "word"), [("nl", "erkend"), ("en", "recognised")])
def test_a_refusal_has_the_code_of_the_law_and_a_sentence_as_asked(
    scheme: Scheme, lang: str, word: str
) -> None:
    paper = numbers(scheme.opened())
    ours = software(scheme, lang=lang)
    declared = {"own_initiative": False, "part_of_other_guidance": True, "single_test": True}
    answer = ours.call("start", **paper, **declared)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "not_own_initiative")
    codes = ["not_own_initiative", "part_of_other_guidance", "single_test"]
    assert [each["code"] for each in told["reasons"]] == codes
    assert told["detail"] == told["reasons"][0]["detail"]
    assert answer.headers["Content-Language"] == lang
    zonder = software(scheme, lang=lang, centre="Centrum Zonder")
    told = zonder.call("start", **paper, **DECLARED).json()
    assert told["code"] == "centre_not_recognised"
    assert word in told["detail"]
    assert not Track.objects.exists()


def test_a_key_serves_for_its_scopes_until_it_expires_or_is_revoked(scheme: Scheme) -> None:
    paper = numbers(scheme.opened())
    ours = software(scheme, "check", days=3)
    assert ours.call("check", **paper).status_code == 200
    for name in ("start", "claim_all", "statement", "coaches", "read_tracks"):
        values: dict[str, Any] = paper | DECLARED if name == "start" else {}
        if name == "statement":
            values = {"since": "2025-01-01", "until": "2025-01-02"}
        answer = ours.call(name, **values)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_this_key"), name
    scheme.now += timedelta(days=4)
    assert ours.call("check", **paper).status_code == 401
    other = software(scheme, "check")
    members.revoke_token(token=Token.objects.latest("pk"), now=scheme.now, actor="member:1")
    answer = other.call("check", **paper)
    assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.usefixtures("scheme")
def test_without_a_right_key_every_call_is_shut() -> None:
    found = [each for each in get_resolver().url_patterns if each.name.startswith("api_")]
    assert len(found) > 15
    for each in found:
        if each.name == "api_openapi":
            continue
        assert each.callback.open_to == "software"
        where = "/" + str(each.pattern).replace("<track>", "1").replace("<talk>", "1")
        where = where.replace("<hook>", "1")
        seen = set()
        for method in ("get", "post"):
            for header in ({}, {"Authorization": "Bearer lb_x"}, {"Authorization": "Bearer é"}):
                keys.PACE.calls.clear()
                answer = getattr(Client(enforce_csrf_checks=True), method)(where, headers=header)
                assert answer.headers["Content-Type"] == "application/problem+json", where
                assert answer.headers["Cache-Control"] == "no-store"
                seen.add(answer.status_code)
        assert seen <= {401, 405}, where
        assert 401 in seen


def test_a_voucher_and_client_number_alone_buy_nothing_by_any_route(scheme: Scheme) -> None:
    """A thousand times, by every call that takes a number, with every scope."""
    voucher = scheme.paid().voucher
    ours = software(scheme)
    paper = numbers(voucher)
    told = set()
    for number in range(1_000):
        scheme.now += timedelta(minutes=4)
        if number % 300 == 299:
            ours = software(scheme)  # it expires meanwhile
        keys.PACE.calls.clear()
        name = ("check", "start", "give_code", "ask_code")[number % 4]
        more: dict[str, Any] = DECLARED if name == "start" else {}
        more = {"code": f"{number:06d}"} if name == "give_code" else more
        with transaction.atomic():
            answer = ours.call(name, **paper, **more)
        body = answer.json()
        told.add((name, answer.status_code, body.get("code", body.get("reason"))))
        assert str(voucher.minutes) not in json.dumps(body) or not body.get("minutes")
    assert told <= {
        ("check", 200, "not_opened"),
        ("start", 409, "not_opened"),
        ("give_code", 409, "wrong_code"),
        ("ask_code", 202, None),
        *((name, 429, "too_many_guesses") for name in ("check", "start", "give_code", "ask_code")),
    }
    assert not Track.objects.exists()
    assert voucher.order.standing.status == "issued"
    assert Attempt.objects.filter(missed=True).count() > 300


def test_who_guesses_is_told_when_to_come_back(scheme: Scheme) -> None:
    ours = software(scheme)
    wrong = {"number": "12345678901234", "client_number": "1"}
    statuses = [ours.call("check", **wrong).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    answer = ours.call("start", **wrong, **DECLARED)
    assert answer.json()["code"] == "too_many_guesses"
    assert answer.headers["Retry-After"] == "3600"
    scheme.now += timedelta(seconds=3_600)
    assert ours.call("check", **wrong).status_code == 200


def test_who_calls_too_often_waits_as_long_as_is_said(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 2
    monkeypatch.setattr(keys.time, "monotonic", lambda: 645.5)
    ours, theirs = software(scheme), software(scheme, centre="Centrum Elders")
    assert [ours.call("centre").status_code for _ in range(3)] == [200, 200, 429]
    answer = ours.call("centre")
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("too_often", "15")
    assert theirs.call("centre").status_code == 200
    monkeypatch.setattr(keys.time, "monotonic", lambda: 660.0)
    assert ours.call("centre").status_code == 200
    statuses = [Client().get("/api/centre").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_what_is_another_centres_does_not_exist(scheme: Scheme) -> None:
    track = scheme.started()
    talk = scheme.confirmed(track, 30)
    here = scheme.location()
    theirs = software(scheme, centre="Centrum Elders")
    dora = scheme.coach(scheme.centre("Centrum Elders"))
    held = {"coach": dora.pk, "held_on": str(scheme.today), "minutes": 5, "location": None}
    held |= {"is_conversation": True, "charged_cents": 0}
    asked: dict[str, dict[str, Any]] = {
        "read_track": {"track": track.pk},
        "read_talk": {"talk": talk.pk},
        "register": {"track": track.pk, **held},
        "withdraw": {"talk": talk.pk},
        "close": {"track": track.pk},
        "close_early": {"track": track.pk},
        "stay": {"track": track.pk},
        "aftercare": {"track": track.pk, "coach": dora.pk, "held_on": str(scheme.today)},
        "claim": {"talk": talk.pk},
    }
    for name, values in asked.items():
        answer = theirs.call(name, **values)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), name
    assert theirs.call("read_tracks").json() == {"items": [], "next": None}
    assert theirs.call("read_talks").json() == {"items": [], "next": None}
    assert theirs.call("claim_all").json() == {"items": [], "more": False}
    ours = software(scheme)
    answer = ours.call("register", track=track.pk, **held | {"location": here.pk + 1_000})
    assert answer.status_code == 404
    assert not Claim.objects.exists()


def test_lists_come_in_pages(scheme: Scheme) -> None:
    track = scheme.started()
    made = [scheme.talk(track, 10).pk for _ in range(5)]
    ours = software(scheme)
    first = ours.call("read_talks", limit=2).json()
    assert [each["id"] for each in first["items"]] == made[:2]
    rest = ours.call("read_talks", limit=3, after=first["next"]).json()
    assert [each["id"] for each in rest["items"]] == made[2:]
    assert rest["next"] is None
    assert ours.call("read_talks", status="confirmed").json()["items"] == []
    assert ours.call("read_tracks", running="true").json()["items"][0]["id"] == track.pk
    assert guiding.MOST_ROWS == 100


def test_a_body_is_bounded_and_read_as_it_is_written(scheme: Scheme) -> None:
    ours = software(scheme)
    headers = {"Authorization": f"Bearer {ours.key}", "Idempotency-Key": str(uuid4())}

    def post(text: str, lang: str = "en") -> tuple[int, dict[str, Any]]:
        answer = Client().post(
            "/api/start",
            text,
            content_type="application/json",
            headers=headers | {"Accept-Language": lang},
        )
        return answer.status_code, answer.json()

    status, told = post("x" * (routes.MOST_BYTES + 1))
    assert (status, told["code"]) == (413, "too_large")
    paper = {"number": "1" * 14, "client_number": "1"} | DECLARED
    for body in ("", "{", "[]", "null", json.dumps(paper | {"own_initiative": 1})):
        status, told = post(body)
        assert (status, told["code"]) == (422, "not_understood"), body
        assert told["errors"]
    for change in ({"more": 1}, {"number": "1" * 14 + "\n"}, {"number": "١" * 14}):
        assert post(json.dumps(paper | change))[0] == 422, change
    assert post("", "fr")[1]["detail"].startswith("Wat u verstuurde")
    headers["Idempotency-Key"] = "no"
    assert post(json.dumps(paper))[1]["errors"][0]["where"].endswith("Idempotency-Key")
    answer = ours.call("statement", since="2025-01-01", until="2026-01-02")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_period")


@pytest.mark.usefixtures("scheme")
def test_what_goes_wrong_before_or_in_a_call_is_a_problem_too(rf: Any) -> None:
    for where, status in (("/api/nowhere", 404), ("/api/tracks/x/y/z", 404)):
        answer = Client().get(where)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
    answer = Client().delete("/api/check")
    assert (answer.status_code, answer.json()["code"]) == (405, "not_this_way")
    assert answer.headers["Allow"] == "POST"
    broken = faults.broken(rf.get("/api/check"))
    assert broken.headers["Content-Type"] == "application/problem+json"
    away = faults.answer(rf.get("/api/check"), 503, "")
    assert away.headers["Retry-After"] == "60"


@pytest.mark.usefixtures("scheme")
def test_the_description_is_public_and_a_page_of_ours_tells_it() -> None:
    answer = Client().get("/api/openapi.json")
    described = answer.json()
    assert described["openapi"] == "3.1.0"
    assert described["components"]["securitySchemes"]["Key"]["scheme"] == "bearer"
    page = Client().get("/api")
    text = page.content.decode()
    assert "<script" not in text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert [where for where in described["paths"] if where not in text] == []
