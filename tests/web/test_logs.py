"""The log is lines of JSON, and no number of a person stands in any of them."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config

from loopbaan.adapters.cast import CAST
from loopbaan.adapters.insz import written
from loopbaan.adapters.log_lines import Lines
from loopbaan.web import logs
from loopbaan.web.public import site

NUMBER = CAST[0].insz


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the handlers of the settings would write."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield told
    root.removeHandler(handler)


@pytest.mark.usefixtures("scheme")
def test_whatever_is_sent_no_number_of_a_person_is_in_the_log(
    lines: io.StringIO, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MIDDLEWARE = ["loopbaan.web.logs.Middleware", *live_settings.MIDDLEWARE]
    monkeypatch.setattr(logging.getLogger("loopbaan.request"), "level", logging.INFO)

    def breaks(*_: object, **__: object) -> None:
        raise ValueError(f"row of {NUMBER}")

    client = Client(raise_request_exception=False)
    for number in (NUMBER, written(NUMBER), " ".join(NUMBER)):
        client.get(f"/{number}", {"q": number})
        client.post(reverse("check"), {"years": number})
        client.post(reverse("login"), {"person": number})
        client.get("/api/centre", headers={"Authorization": f"Bearer {number}"})
        client.post("/api/check", json.dumps({"number": number}), content_type="application/json")
        client.generic(number.replace(" ", ""), "/")
        logging.getLogger("loopbaan.web").warning("somebody wrote %s", number)
    monkeypatch.setattr(site.rulebooks, "current", breaks)
    assert client.get(reverse("home")).status_code == 500
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    routes = {each.get("route") for each in told}
    assert {"check", "login", "api_centre", "home", None} <= routes
    (fault,) = [each for each in told if each.get("kind") == "ValueError"]
    assert fault["where"].startswith("site.py:")
    digits = "".join(each for each in lines.getvalue() if each not in " .-/")
    assert NUMBER not in digits


def test_the_web_server_writes_the_same_lines() -> None:
    made = logs.GunicornLogger(Config())
    handlers = [*made.error_log.handlers, *made.access_log.handlers]
    assert handlers
    assert all(isinstance(each.formatter, Lines) for each in handlers)
