"""The description of the API is enough for a programmer who never saw the pages."""

from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from loopbaan.live import opening
from loopbaan.live.models import OpeningCode
from loopbaan.web.api.description import JSON, UNREAD
from loopbaan.web.api.problems import MEDIA_TYPE, codes
from loopbaan.web.api.routes import described
from loopbaan.web.centre.opening import OPENS
from tests.live.scheme import Scheme
from tests.web.test_api import DECLARED, numbers, software

CALLS = {
    call["operationId"]: (method, call)
    for methods in described()["paths"].values()
    for method, call in methods.items()
}


def fits(content: dict[str, Any], value: Any) -> bool:
    """Whether a value is as the description says of a body or an answer."""
    whole = content["schema"] | {"components": described()["components"]}
    return bool(jsonschema_rs.Draft202012Validator(whole).is_valid(value))


@pytest.mark.parametrize("name", CALLS)
def test_each_call_has_an_example_that_fits_and_tells_every_field(name: str) -> None:
    _, call = CALLS[name]
    told = [each for status, each in call["responses"].items() if int(status) < 400]
    told += [call["requestBody"]] if "requestBody" in call else []
    for each in told:
        content = each["content"][JSON]
        assert fits(content, content["example"]), content["example"]
    assert [each["name"] for each in call["parameters"] if not each["description"]] == []


def test_every_field_is_told() -> None:
    lists = {"items", "lines", "reasons"}
    silent = [
        f"{name}.{field}"
        for name, part in described()["components"]["schemas"].items()
        for field, each in part["properties"].items()
        if not each.get("description") and field not in lists
    ]
    assert silent == []


def test_each_call_tells_its_scopes_and_the_problems_that_it_can_give() -> None:
    scopes = {
        name: [each["Key"][0] for each in call["security"]] for name, (_, call) in CALLS.items()
    }
    assert scopes["start"] == ["start"]
    at_the_door = [scopes[name] for name in ("check", "ask_code", "give_code")]
    assert at_the_door == [list(OPENS)] * 3  # as on the pages of a centre
    assert scopes["read_talk"] == ["start", "talk", "close", "claim"]
    given: dict[str, set[str]] = {}
    for name, (_, call) in CALLS.items():
        given[name] = set()
        for status, each in call["responses"].items():
            if int(status) >= 400 and status not in UNREAD:
                content = each["content"][MEDIA_TYPE]
                said = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
                assert {codes()[code][0] for code in said} == {int(status)}
                given[name] |= set(said)
    everywhere = {"no_key", "not_for_this_key", "too_often", "broken", "away"}
    assert given["centre"] == everywhere
    assert given["read_claims"] == everywhere | {"not_understood"}
    assert given["claim"] - everywhere == {
        *("not_understood", "not_found", "key_used_before", "refused"),
        *("talk_not_confirmed", "claimed_before"),
    }
    never = {"not_this_way"}  # of a method that is not described
    assert set(codes()) - set().union(*given.values()) == never


def test_an_opened_voucher_is_told_as_a_check_tells_it(scheme: Scheme) -> None:
    """A code opens what lapsed since: the answer does not say that it can be started."""
    order, ours = scheme.paid("griet"), software(scheme)
    order.voucher.start_by = scheme.today - timedelta(days=1)
    order.voucher.save()
    ours.call("ask_code", **numbers(order.voucher))
    digits = opening.digits_of(OpeningCode.objects.get())
    told = ours.call("give_code", **numbers(order.voucher), code=digits).json()
    assert (told["may_start"], told["reason"]) == (False, "lapsed")
    answer = ours.call("start", **numbers(order.voucher), **DECLARED)
    assert answer.json()["code"] == "lapsed"


def test_the_page_shows_body_answer_and_codes_of_each_call() -> None:
    text = Client().get("/api").content.decode()
    assert [name for name in CALLS if f'id="{name}"' not in text] == []
    assert "Body of register" in text
    assert "charged_cents" in text
    assert 'href="#plan_missing"' in text
