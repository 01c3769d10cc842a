"""A voucher number and a client number alone buy nothing: at every route, in every place.

Griet has a voucher that is open for nobody, and its paper lies in the street. Whoever finds it
tries both numbers at every route of the site and of the API, in the address and in what is sent.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import get_resolver, reverse

from loopbaan.live import opening
from loopbaan.live.models import Opening, Order, Track, Voucher
from loopbaan.web.api import keys
from loopbaan.web.api.routes import MOST_BYTES
from tests.web.scene import Scene, log_in
from tests.web.test_routes import TABLE

# Somebody without a login, another worker, and who works at centres: one where An is guided, one
# that is not recognised, a coach. The authority may look people up with a reason, and starts
# nothing. With each, a page that only they see.
FINDERS = {
    "nobody": "home",
    "an": "mine",
    "lieve": "centre",
    "zeger": "centre",
    "joris": "coach",
    "els": "figures",
}
LEAST = 1_000


class Found:
    """A paper that was found: what stands on it, put wherever a route may look for it."""

    def __init__(self, voucher: Voucher) -> None:
        self.voucher = voucher
        self.numbers = {"number": voucher.number, "client_number": voucher.client_number}
        declared = {"own_initiative": True, "part_of_other_guidance": False, "single_test": False}
        self.bodies: list[dict[str, Any]] = [
            self.numbers | declared,
            self.numbers | {"code": "000000"},
            self.numbers,
        ]

    def fields(self, name: str) -> dict[str, str]:
        """Return every field in which somebody may put a number, and what else a page asks."""
        number, client = self.voucher.number, self.voucher.client_number
        place = "centrum order voucher track talk q search naam name insz person member".split()
        yes = "own_initiative apart whole".split()
        return {
            **dict.fromkeys(place, number),
            **dict.fromkeys(yes, "on"),
            "number": number,
            "client_number": client,
            "code": "000000",
            "key": str(uuid4()),
            "reason": "gevonden",
            "next": f"/{name}",
        }


@pytest.fixture
def found(scene: Scene) -> Found:
    """The paper of Griet."""
    return Found(Order.objects.get(pk=scene.orders["griet"]).voucher)


def test_a_paper_that_was_found_buys_nothing_by_any_route(found: Found) -> None:
    tried = 0
    for finder, home in FINDERS.items():
        kept = Client() if finder == "nobody" else log_in(finder)
        for name in TABLE:
            for method in ("get", "post"):
                for where in _places(name, found):
                    # A browser of its own for each: some routes log in or out.
                    client, fields = _again(kept), found.fields(name)
                    with transaction.atomic():
                        answer = getattr(client, method)(where, fields)
                        _bought_nothing(found, answer, (finder, method, where))
                        transaction.set_rollback(True)
                    tried += 1
        assert _again(kept).get(reverse(home)).status_code == 200, finder
    assert tried >= LEAST, tried


def test_a_paper_that_was_found_buys_nothing_by_any_call(scene: Scene, found: Found) -> None:
    """With keys of every scope, of a centre that may start vouchers and of one that may not."""
    tried = 0
    calls = [each for each in get_resolver().url_patterns if each.callback.open_to == "software"]
    assert len(calls) > 20
    for centre in ("Centrum De Brug", "Centrum Zonder"):
        key = _key(scene, centre)
        for each in calls:
            for where in _addresses(str(each.pattern), found):
                for method in ("get", "post"):
                    for body in found.bodies:
                        keys.PACE.calls.clear()
                        with transaction.atomic():
                            answer = _asked(method, where, body, key)
                            _bought_nothing(found, answer, (centre, method, where))
                            transaction.set_rollback(True)
                        tried += 1
    assert tried > 200, tried


def test_once_it_is_open_the_same_that_was_sent_does_buy(scene: Scene, found: Found) -> None:
    """So what is tried above is what a centre really sends."""
    scheme = scene.scheme
    moment = {"day": scheme.today, "now": scheme.now, "actor": "worker:1"}
    opening.open_for(order=found.voucher.order, centre=scheme.centre(), **moment)
    key = _key(scene, "Centrum De Brug")
    ways = (
        lambda: _asked("post", "/api/start", found.bodies[0], key),
        lambda: log_in("lieve").post(reverse("centre_start"), found.fields("x")),
    )
    for way in ways:
        with transaction.atomic():
            assert way().status_code in (201, 302)
            assert Track.objects.filter(voucher=found.voucher).exists()
            transaction.set_rollback(True)


def _again(kept: Client) -> Client:
    """Return a browser in which the same person is logged in."""
    made = Client()
    for name, morsel in kept.cookies.items():
        made.cookies[name] = morsel.value
    return made


def _places(name: str, found: Found) -> list[str]:
    """Return where a route is, with each number of the paper wherever it takes one."""
    pattern = next(each for each in get_resolver().url_patterns if each.name == name).pattern
    numbers = (found.voucher.order_id, found.voucher.pk, found.voucher.number)
    if not pattern.converters:
        return [reverse(name)]
    return [
        reverse(
            name, kwargs={key: way.to_python(str(each)) for key, way in pattern.converters.items()}
        )
        for each in numbers
    ]


def _addresses(pattern: str, found: Found) -> list[str]:
    """Return where a call is: with the rows and the number of the paper in its place."""
    if "<" not in pattern:
        return [f"/{pattern}"]
    head, _, rest = pattern.partition("<")
    tail = rest.partition(">")[2]
    numbers = (found.voucher.order_id, found.voucher.pk, found.voucher.number)
    return [f"/{head}{each}{tail}" for each in numbers]


def _key(scene: Scene, centre: str) -> str:
    return scene.scheme.key(centre=centre)[1]


def _asked(method: str, where: str, body: dict[str, Any], key: str) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
    text = json.dumps(body)
    assert len(text) < MOST_BYTES
    # What does not fit the description is tried as well as what does.
    if method == "get":
        return Client().get(where, body, headers=headers)
    return Client().post(where, text, content_type="application/json", headers=headers)


def _bought_nothing(found: Found, answer: Any, how: tuple[str, str, str]) -> None:
    """The voucher is as it was, open for nobody, and the answer does not tell whose it is."""
    rows = Voucher.objects.select_related("order__worker", "order__standing")
    # A claim needs a talk, a talk a track.
    seen = rows.annotate(is_open=Exists(Opening.objects.filter(order=OuterRef("order"))))
    voucher = seen.annotate(runs=Exists(Track.objects.filter(voucher=OuterRef("pk")))).get(
        pk=found.voucher.pk
    )
    order = voucher.order
    assert answer.status_code < 500, how
    assert (voucher.is_open, voucher.runs) == (False, False), how
    assert (voucher.started_on, voucher.taken_minutes) == (None, 0), how
    assert order.standing.status == "issued", how
    if how[0] != "els" and how[2] != reverse("login"):  # the sandbox offers everybody to log in as
        assert order.worker.name not in answer.content.decode("utf-8", "replace"), how
