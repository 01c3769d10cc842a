"""What cannot be done is told on a page of the house, with a way back that can be walked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from loopbaan.live import members
from loopbaan.live.models import Member
from loopbaan.web import access, clock, faults
from loopbaan.web.readable import page_of
from tests.web.scene import Page, Scene, log_in
from tests.web.test_routes import SENT, TABLE, address

AWAY = """
import django
django.setup()
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client
settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 0.5
for role, path in (("member", "/mijn-centrum"), ("worker", "/mijn"), ("member", "/bestaat-niet")):
    kept = SessionStore()
    kept["actor"] = [role, "1", "Lieve"]
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = kept._get_session_key()
    answer = client.get(path)
    print(answer.status_code, "<h1>" in answer.content.decode(), "Traceback" in str(answer.content))
"""


def test_who_sends_to_a_page_can_go_back_to_one_that_can_be_read(scene: Scene):
    clients = [log_in(who) for who in ("els", "lieve", "dora", "an")]
    wrong = {}
    for name, (method, _, _) in TABLE.items():
        where = address(name, scene).partition("?")[0]
        back = page_of(RequestFactory().post(where))
        if method == "GET" or name in SENT:
            assert back == where, name
        elif not any(each.get(back).status_code in (200, 302) for each in clients):
            wrong[name] = back
    assert wrong == {}


@pytest.mark.parametrize(
    ("where", "back"),
    [
        ("/mijn-centrum/cheque/code-vragen", "/mijn-centrum/cheque"),
        ("/gesprek/7/betwisten", "/gesprek/7"),
        ("/mijn-centrum/vorderen", "/mijn-centrum"),
        ("/beheer/inhoudingen/7/opheffen", "/beheer/inhoudingen"),
        ("/afmelden", "/"),
        ("/", "/"),
    ],
)
def test_the_way_back_is_the_page_of_the_thing(where: str, back: str):
    assert page_of(RequestFactory().post(where)) == back
    assert page_of(RequestFactory().get(where)) == back


@pytest.mark.usefixtures("scheme")
def test_the_language_is_changed_after_a_code_was_asked():
    lieve = log_in("lieve")
    numbers = {"number": "1" * 14, "client_number": "12345678"}
    page = Page(lieve.post(reverse("centre_ask_code"), numbers))
    (naar,) = [each["value"] for each in page.all("input") if each.get("name") == "naar"]
    answer = lieve.post(reverse("language"), {"taal": "en", "naar": naar}, follow=True)
    assert answer.status_code == 200
    assert "Check a voucher" in Page(answer).text()


@pytest.mark.usefixtures("scheme")
def test_an_address_that_is_only_sent_to_answers_with_a_page():
    lieve = log_in("lieve")
    answer = lieve.get(reverse("centre_ask_code"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer)
    assert "alleen iets verstuurd" in page.text()
    assert reverse("centre_check") in {each["href"] for each in page.all("a")}


@pytest.mark.usefixtures("scheme")
def test_what_cannot_be_read_is_told_on_a_page():
    answer = Client().post(reverse("check"), {f"f{number}": "" for number in range(600)})
    assert answer.status_code == 400
    assert "Dat konden we niet lezen" in Page(answer).text()
    answer = Client().post("/api/check", "x" * 70_000, content_type="application/json")
    assert answer.status_code in (401, 413)


def test_a_fault_before_there_is_a_session_is_a_page_too(rf: RequestFactory):
    answer = faults.not_understood(rf.get("/check"), ValueError())
    assert answer.status_code == 400


def test_what_is_refused_leads_back_to_what_it_was_about(scene: Scene):
    els = log_in("els")
    for _ in range(2):
        answer = els.post(reverse("lift_hold", args=[scene.hold]))
    assert answer.status_code == 409
    assert reverse("holds") in {each["href"] for each in Page(answer).all("a")}


def test_with_the_database_away_everybody_reads_so(tmp_path: Path):
    environ = os.environ | {
        "DATABASE_URL": f"postgresql:///loopbaan?host={tmp_path}",
        "DJANGO_SETTINGS_MODULE": "loopbaan.live.settings",
        "LOOPBAAN_STATE": os.environ["LOOPBAAN_STATE"],
        "LOOPBAAN_HOSTS": "testserver",
    }
    words = (sys.executable, "-c", AWAY)
    told = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["503 True False", "503 True False", "404 True False"]


@pytest.mark.usefixtures("scheme")
def test_who_asks_twice_while_the_database_is_away_waits_once(rf: RequestFactory, monkeypatch):
    asked = []

    def away(*_: object) -> None:
        asked.append(1)
        raise OperationalError("away")

    request = rf.get("/mijn-centrum")
    request.session = {"actor": ["member", "1", "Lieve"]}
    monkeypatch.setattr(access.Member.objects, "select_related", away)
    with pytest.raises(OperationalError):
        access.member_of(request)
    assert access.member_of(request) is None
    assert len(asked) == 1


@pytest.mark.usefixtures("scheme")
def test_who_has_no_task_reads_whom_to_ask_and_can_go_home():
    log_in("lieve")
    lieve = Member.objects.get(name="Lieve Molenrode")
    members.give_tasks(member=lieve, tasks=[], now=clock.now(), actor="member:1")
    client = log_in("lieve")
    for name in ("centre", "coach", "centre_claims"):
        answer = client.get(reverse(name))
        assert answer.status_code == 403, name
        page = Page(answer)
        assert "U hebt nog geen taken: vraag ze aan" in page.text(), name
        ways = [each["href"] for each in page.all("a") if "button" in each.get("class", "")]
        assert ways == [reverse("home")]
    assert client.get(reverse("home")).status_code == 200
