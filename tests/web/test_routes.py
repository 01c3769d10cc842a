"""Every route for every role, as one table; and what holds for all of them."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.http import urlencode

from loopbaan.adapters.cast import BY_KEY
from loopbaan.live.models import Payout
from tests.web.authority_routes import AUTHORITY_TABLE
from tests.web.centre_routes import (
    CENTRE_ROLES,
    CENTRE_SENT,
    CENTRE_TABLE,
    what_a_centre_gets,
    what_is_answered,
)
from tests.web.scene import CARD, Scene, log_in, rows

ROLES = ("nobody", "an", "bram", "els")
LOGIN, OK, GO, NO, NONE = 302, 200, 302, 403, 404

# The name of the route, how it is asked and with what, and what each role gets: nobody, An, Bram,
# Els of the authority. Numbers of orders, lines and rows are those of An and of the scene.
TABLE: dict[str, tuple[str, dict[str, Any], tuple[int, int, int, int]]] = {
    "home": ("GET", {}, (OK, OK, OK, OK)),
    "check": ("GET", {}, (OK, OK, OK, OK)),
    "first_day": ("POST", {"day": "2026-08-02"}, (OK, OK, OK, OK)),
    "conditions": ("GET", {}, (OK, OK, OK, OK)),
    "numbers": ("GET", {}, (OK, OK, OK, OK)),
    "number": ("GET", {}, (OK, OK, OK, OK)),
    "lab": ("GET", {}, (OK, OK, OK, OK)),
    "lab_card": ("GET", {}, (OK, OK, OK, OK)),
    "lab_page": ("GET", {}, (OK, OK, OK, OK)),
    "privacy": ("GET", {}, (OK, OK, OK, OK)),
    "accessibility": ("GET", {}, (OK, OK, OK, OK)),
    "language": ("POST", {"taal": "en", "naar": "/"}, (GO, GO, GO, GO)),
    "api": ("GET", {}, (OK, OK, OK, OK)),
    "api_openapi": ("GET", {}, (OK, OK, OK, OK)),
    "healthz": ("GET", {}, (OK, OK, OK, OK)),
    "readyz": ("GET", {}, (OK, OK, OK, OK)),
    "login": ("GET", {}, (OK, OK, OK, OK)),
    "logout": ("POST", {}, (GO, GO, GO, GO)),
    "mine": ("GET", {}, (LOGIN, OK, OK, NO)),
    "mail": ("GET", {}, (LOGIN, OK, OK, NO)),
    "data": ("GET", {}, (LOGIN, OK, OK, NO)),
    "data_change": ("GET", {}, (LOGIN, OK, OK, NO)),
    "order_new": ("GET", {}, (LOGIN, OK, OK, NO)),
    "order": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "facts": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "withdraw": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "contest": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "pay": ("GET", {}, (LOGIN, GO, NONE, NO)),
    "pay_in_sandbox": ("POST", {}, (LOGIN, GO, NONE, NO)),
    "voucher": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "paper": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "resend": ("POST", {}, (LOGIN, GO, NONE, NO)),
    "find_centre": ("GET", {}, (OK, OK, OK, OK)),
    "found_centre": ("GET", {}, (OK, OK, OK, OK)),
    "looks": ("GET", {}, (LOGIN, OK, OK, NO)),
    "open_voucher": ("POST", {"centrum": "x"}, (LOGIN, NONE, NONE, NO)),
    "shut_voucher": ("POST", {}, (LOGIN, 409, NONE, NO)),
    "guidance": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "close": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "close_early": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "stay": ("POST", {}, (LOGIN, 409, NONE, NO)),
    "move": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "plan": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "plan_write": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "plan_upload": ("POST", {}, (LOGIN, 400, NONE, NO)),
    "plan_file": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "talk": ("GET", {}, (LOGIN, OK, NONE, NO)),
    "confirm_talk": ("POST", {}, (LOGIN, GO, NONE, NO)),
    "dispute_talk": ("POST", {"remarks": "Nee."}, (LOGIN, GO, NONE, NO)),
}
TABLE |= {
    name: (method, data, (LOGIN, NO, NO, NO)) for name, (method, data, _) in CENTRE_TABLE.items()
}
TABLE |= {
    name: (method, data, (LOGIN, NO, NO, els))
    for name, (method, data, els) in AUTHORITY_TABLE.items()
}
# Public, and in no cache: how the installation is now.
UNKEPT = {"healthz", "readyz"}
# What a page that is looked at does when something is sent to it.
SENT: dict[str, tuple[dict[str, Any], tuple[int, int, int, int]]] = {
    "check": ({}, (400, 400, 400, 400)),
    "login": ({"official": "dirk"}, (GO, GO, GO, GO)),
    "order_new": ({}, (LOGIN, 400, 400, NO)),
    "withdraw": ({}, (LOGIN, 409, NONE, NO)),
    "contest": ({}, (LOGIN, 409, NONE, NO)),
    "typed": ({}, (LOGIN, NO, NO, 400)),
    "refunds": ({}, (LOGIN, NO, NO, 409)),
    "close": ({}, (LOGIN, 409, NONE, NO)),
    "close_early": ({}, (LOGIN, GO, NONE, NO)),
    "move": ({"centrum": "x"}, (LOGIN, NONE, NONE, NO)),
    "plan_write": ({}, (LOGIN, 400, NONE, NO)),
    "enter_centre": ({}, (LOGIN, NO, NO, 400)),
    "recognise": ({}, (LOGIN, NO, NO, 400)),
    "end_recognition": ({}, (LOGIN, NO, NO, 400)),
    "add_member": ({}, (LOGIN, NO, NO, 400)),
    "place_hold": ({}, (LOGIN, NO, NO, 400)),
    "data_change": ({"email": "x"}, (LOGIN, 400, 400, NO)),
    "make_recovery": ({}, (LOGIN, NO, NO, 400)),
    "coaches": ({}, (LOGIN, NO, NO, 400)),
    "qualify": ({"qualified_on": "x"}, (LOGIN, NO, NO, 400)),
    "correct_kbo": ({"kbo": "x"}, (LOGIN, NO, NO, 400)),
    "payouts": ({}, (LOGIN, NO, NO, 400)),
    "fail_payout": ({}, (LOGIN, NO, NO, 400)),
    "search": ({}, (LOGIN, NO, NO, 400)),
    "calculations": ({}, (LOGIN, NO, NO, 400)),
}
SENT |= {name: (data, (LOGIN, NO, NO, NO)) for name, (data, _) in CENTRE_SENT.items()}
OPEN_TO = ("everyone", "worker", "authority", "centre", "coach", "software")
# What a centre's own software calls: tests/web/test_api.py asks each with and without a key.
SOFTWARE = {
    each.name for each in get_resolver().url_patterns if each.callback.open_to == "software"
}
PUBLIC = {name for name, (_, _, expected) in TABLE.items() if expected[0] == OK} | {
    "language",
    "logout",
}


# Which row of the scene each of these addresses names.
NAMED = {
    "line": "refund explain_stray",
    "released": "refund_file send_refunds",
    "dead": "retry",
    "released_batch": "payout_file",
    "batch": "payout release_payout cancel_payout",
    "hold": "lift_hold",
    "disputed": "settle_talk authority_talk",
    "confirmed": "correct_talk",
    "talk": "talk confirm_talk dispute_talk answer_talk centre_talk_withdraw",
    "coach": "qualify remove_coach",
    "location": "centre_location",
    "colleague": "centre_coach",
    "calculation": "calculation cancel_calculation",
    "recovery": "recovery release_recovery cancel_recovery",
    "member": "centre_member centre_member_end centre_member_back",
    "token": "centre_token_revoke centre_webhook centre_webhook_end centre_webhook_test"
    " centre_webhook_again",
    "centre": "found_centre authority_centre recognise end_recognition add_member place_hold"
    " make_recovery correct_kbo",
    "track": "centre_track centre_talk_new centre_plan centre_plan_paper centre_plan_write"
    " centre_plan_upload centre_close centre_close_early centre_stay centre_aftercare"
    " coach_plan coach_plan_paper",
}
OF_AN = (
    "order facts withdraw contest pay pay_in_sandbox voucher paper resend authority_order"
    " open_voucher shut_voucher guidance close close_early stay move"
    " plan plan_write plan_upload plan_file"
).split()


def address(name: str, scene: Scene) -> str:
    """Return where a route is, for An's order and for the rows of the scene."""
    values = {
        "number": ["share_cents"],
        "lab_page": ["verslag"],
        "calculation_file": [scene.calculation, "banden.csv"],
        "letter": ["opening_code-1"],
        "cancel_refund": [10**9],
    }
    values |= {key: [scene.home, scene.member] for key in ("end_member", "rejoin_member")}
    values |= {
        key: [Payout.objects.get(batch=scene.released_batch).pk]
        for key in ("fail_payout", "confirm_failed")
    }
    for row, names in NAMED.items():
        values |= {key: [getattr(scene, row)] for key in names.split()}
    values |= {key: [scene.orders["an"]] for key in OF_AN}
    query = f"?{CARD}" if name == "lab_card" else ""
    return reverse(name, args=values.get(name, [])) + query


def browsers() -> dict[str, Client]:
    """Return a browser for each role."""
    everyone = (*ROLES, *CENTRE_ROLES)
    return {role: Client() if role == "nobody" else log_in(role) for role in everyone}


def asked(client: Client, method: str, where: str, data: dict[str, Any]) -> Any:
    """Ask, and leave everything as it was."""
    with transaction.atomic():
        response = client.generic if method == "HEAD" else getattr(client, method.lower())
        answer = response(where, data)
        transaction.set_rollback(True)
    return answer


def test_every_route_is_in_the_table():
    assert set(TABLE) | SOFTWARE == {each.name for each in get_resolver().url_patterns}
    assert set(SENT) < set(TABLE)


def test_every_route_is_guarded():
    for pattern in get_resolver().url_patterns:
        assert pattern.callback.open_to in OPEN_TO, pattern


def test_every_route_for_every_role(scene: Scene):
    wrong = {}
    for place, role in enumerate(ROLES):
        for name, (method, data, expected) in TABLE.items():
            # A browser of its own for each: some routes log in or out.
            client = Client() if role == "nobody" else log_in(role)
            answer = asked(client, method, address(name, scene), data)
            if answer.status_code != expected[place]:
                wrong[name, role] = answer.status_code
    assert wrong == {}


def test_what_is_sent_to_a_page_for_every_role(scene: Scene):
    wrong = {}
    for place, role in enumerate(ROLES):
        for name, (data, expected) in SENT.items():
            client = Client() if role == "nobody" else log_in(role)
            answer = asked(client, "POST", address(name, scene), data)
            if answer.status_code != expected[place]:
                wrong[name, role] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", CENTRE_ROLES)
def test_every_route_for_who_works_for_a_centre(scene: Scene, role: str):
    wrong = {}
    for name, (method, data, expected) in TABLE.items():
        answer = asked(log_in(role), method, address(name, scene), data)
        if answer.status_code != what_a_centre_gets(role, name, expected):
            wrong[name] = answer.status_code
    for name, (data, expected) in SENT.items():
        answer = asked(log_in(role), "POST", address(name, scene), data)
        if answer.status_code != what_is_answered(role, name, expected):
            wrong[name, "sent"] = answer.status_code
    assert wrong == {}


def test_who_is_nobody_goes_to_the_login_and_comes_back(scene: Scene):
    where = address("order", scene)
    client = Client()
    answer = client.get(where)
    assert answer.headers["Location"] == f"/aanmelden?{urlencode({'naar': where})}"
    page = client.get(answer.headers["Location"])
    assert f'name="naar" value="{where}"' in page.content.decode()
    answer = client.post("/aanmelden", {"naar": where, "person": BY_KEY["an"].insz})
    assert answer.headers["Location"] == where
    assert client.get(where).status_code == 200


@pytest.mark.usefixtures("scheme")
def test_a_login_leads_to_no_other_site():
    for goal in ("https://example.org/", "//example.org", "javascript:alert(1)", "x"):
        answer = Client().post("/aanmelden", {"naar": goal, "official": "els"})
        assert answer.headers["Location"] == reverse("figures")


def test_personal_pages_are_in_no_cache_and_every_page_says_what_a_browser_may_do(scene: Scene):
    for role, client in browsers().items():
        for name, (method, data, _) in TABLE.items():
            if name == "logout":
                continue
            headers = asked(client, method, address(name, scene), data).headers
            is_personal = (
                name not in PUBLIC or name in UNKEPT or role != "nobody" or method == "POST"
            )
            assert headers["Cache-Control"] == ("no-store" if is_personal else "no-cache"), name
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"


def test_what_is_somebody_elses_does_not_exist(scene: Scene):
    bram = log_in("bram")
    for who in ("an", "claire", "koen"):
        for name in ("order", "facts", "withdraw", "contest", "pay", "voucher", "paper"):
            assert bram.get(reverse(name, args=[scene.orders[who]])).status_code == 404, name
    for name in ("withdraw", "contest", "pay_in_sandbox", "resend"):
        before = rows()
        assert bram.post(reverse(name, args=[scene.orders["koen"]])).status_code == 404, name
        assert rows() == before
    for number in (0, 987_654_321, 10**40):
        assert bram.get(f"/bestelling/{number}").status_code == 404


def test_looking_changes_no_row(scene: Scene):
    pages = browsers()
    # Who looked at somebody's guidance is noted, so that she can read it.
    before = rows() | {"live_look": ""}
    for client in pages.values():
        for name in TABLE:
            client.get(address(name, scene))
        for number in scene.orders.values():
            client.get(reverse("order", args=[number]))
    assert rows() | {"live_look": ""} == before


def test_a_page_that_is_only_sent_to_cannot_be_looked_at(scene: Scene):
    pages = browsers()
    for name, (method, _, _) in TABLE.items():
        if method == "POST":
            role = "nobody" if name in PUBLIC else "an"
            role = "els" if name in AUTHORITY_TABLE else role
            role = "lieve" if name in CENTRE_TABLE else role
            assert pages[role].get(address(name, scene)).status_code == 405, name


def test_what_is_sent_without_the_token_of_the_form_changes_nothing(scene: Scene):
    for role in ("an", "els", "lieve"):
        client = log_in(role)
        client.handler.enforce_csrf_checks = True
        before = rows()
        for name, (method, data, _) in TABLE.items():
            if method == "POST" or name in SENT:
                answer = client.post(address(name, scene), data)
                assert answer.status_code == 403, name
                assert "verlopen" in answer.content.decode()
        assert rows() == before


@pytest.mark.usefixtures("scheme")
def test_a_cookie_that_was_changed_is_nobodys():
    client = log_in("an")
    assert client.get(reverse("mine")).status_code == 200
    client.cookies["sessionid"] = client.cookies["sessionid"].value[:-2] + "xx"
    assert client.get(reverse("mine")).status_code == 302


@pytest.mark.usefixtures("scheme")
def test_the_cookie_of_who_logged_out_is_gone():
    client = log_in("an")
    client.post(reverse("logout"))
    assert client.get(reverse("mine")).status_code == 302


@pytest.mark.parametrize("person", ["", "12345678901", "x" * 500])
@pytest.mark.usefixtures("scheme")
def test_nobody_logs_in_whom_the_sandbox_does_not_offer(person):
    assert Client().post(reverse("login"), {"person": person}).status_code == 404
    assert Client().post(reverse("login"), {"official": person or "bob"}).status_code == 404


def test_outside_the_sandbox_its_pages_are_shut(scene: Scene, settings):
    an, els = log_in("an"), log_in("els")
    settings.SANDBOX = False
    assert Client().get(reverse("login")).status_code == 503
    assert Client().post(reverse("login"), {"official": "els"}).status_code == 503
    assert an.get(reverse("mail")).status_code == 404
    assert an.post(address("pay_in_sandbox", scene)).status_code == 404
    assert els.get(reverse("sent")).status_code == 404
    assert els.post(address("send_refunds", scene)).status_code == 404
    assert "zandbak" not in an.get(reverse("mine")).content.decode().lower()
