"""How much and how often: refused with a sentence, before anything is read."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from loopbaan.web import limits
from loopbaan.web.public import ordering
from tests.web.scene import Page, Scene, log_in, rows
from tests.web.test_routes import SENT, TABLE, address


def test_a_form_that_is_too_large_is_refused_everywhere(scene: Scene):
    views = {each.name: each.callback for each in get_resolver().url_patterns}
    for role in ("an", "els"):
        client = log_in(role)
        before = rows()
        for name, (method, _, _) in TABLE.items():
            if method == "POST" or name in SENT:
                # More than a form only where a file is given.
                most = getattr(views[name], "most_bytes", limits.FORM_BYTES)
                response = client.post(address(name, scene), {"x": "y" * (most + 1)})
                assert response.status_code == 413, name
                assert f"hoogstens {most // 1_024} kB" in Page(response).text()
        assert rows() == before


@pytest.mark.usefixtures("scheme")
def test_too_many_fields_are_refused():
    response = Client().post(reverse("check"), {f"f{i}": "" for i in range(600)})
    assert response.status_code == 400


@pytest.mark.parametrize("route", ["check", "first_day", "login", "upload", "centre_plan_upload"])
def test_what_costs_something_is_limited(route):
    view = next(each.callback for each in get_resolver().url_patterns if each.name == route)
    assert view.most_a_minute <= 600


@pytest.mark.usefixtures("scheme")
def test_who_asks_too_often_waits(monkeypatch):
    monkeypatch.setattr(ordering.check, "most_a_minute", 2)
    monkeypatch.setattr(limits.time, "monotonic", lambda: 600.0)
    client = Client()
    assert [client.post(reverse("check")).status_code for _ in range(3)] == [400, 400, 429]
    response = client.post(reverse("check"))
    assert "Wacht een minuut" in Page(response).text()
    # Others are not kept waiting, looking is not limited, and a minute later it is over.
    assert client.post(reverse("check"), REMOTE_ADDR="10.1.2.3").status_code == 400
    assert client.get(reverse("check")).status_code == 200
    monkeypatch.setattr(limits.time, "monotonic", lambda: 660.0)
    assert client.post(reverse("check")).status_code == 400


@pytest.mark.parametrize(
    ("proxies", "said", "seen"),
    [
        (0, "10.1.1.1", "127.0.0.1"),
        (1, "10.1.1.1", "10.1.1.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),  # the first is what a browser claims
        (2, "6.6.6.6, 10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (2, "10.2.2.2", "127.0.0.1"),  # came round the first proxy
    ],
)
def test_where_somebody_asks_from_is_what_our_own_proxy_saw(rf, settings, proxies, said, seen):
    settings.PROXIES = proxies
    assert limits.address_of(rf.post("/check", headers={"X-Forwarded-For": said})) == seen


@pytest.mark.usefixtures("scheme")
def test_behind_a_proxy_nobody_waits_for_the_others(monkeypatch, settings):
    settings.PROXIES = 1
    monkeypatch.setattr(ordering.check, "most_a_minute", 1)
    monkeypatch.setattr(limits.time, "monotonic", lambda: 600.0)

    client = Client()

    def asked(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        return client.post(reverse("check"), headers=headers).status_code

    assert [asked(each) for each in ("10.1.1.1", "10.1.1.2", "10.1.1.1")] == [400, 400, 429]
    assert asked("7.7.7.7, 10.1.1.1") == 429, "what a browser claims changes nothing"


def test_the_addresses_that_are_remembered_are_bounded(rf, monkeypatch):
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
    middleware = limits.Middleware(HttpResponse)
    for number in range(9):
        request = rf.post(reverse("check"), REMOTE_ADDR=f"10.0.0.{number}")
        assert middleware.process_view(request, ordering.check, (), {}) is None
        assert len(middleware.posts) <= 3
