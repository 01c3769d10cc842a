"""Webhooks as a centre meets them: on a page and over the API, described, and verified as told."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import jsonschema_rs
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.bank import BankRefused
from loopbaan.adapters.fake_bank import How, invented_iban
from loopbaan.adapters.webhooks import FakeSender, Message
from loopbaan.live import (
    batches,
    failing,
    guidance,
    holds,
    opening,
    payout,
    recognition,
    recoveries,
    talks,
    webhooks,
)
from loopbaan.live.events import named
from loopbaan.live.models import OutboxRow, Payout, Token, Track, Webhook
from loopbaan.web.api import told
from tests.live.scheme import ACCOUNT, Scheme
from tests.web.scene import Page, Scene, log_in
from tests.web.test_api import numbers, software

ADDRESS = "https://planning.example/told"


def delivered(scheme: Scheme, fault: str = "") -> list[Message]:
    """Let the worker process send what is due, and return it."""
    sender = FakeSender(fault=fault)
    while webhooks.deliver(sender, now=scheme.now):
        pass
    return sender.sent


def verifier() -> Any:
    """Return the check that the description gives, as it stands there."""
    names: dict[str, Any] = {}
    exec(told.VERIFY, names)  # noqa: S102 (it is ours, and published to be run)
    return names


def test_software_registers_reads_tries_and_ends_its_webhook(scheme: Scheme) -> None:
    ours, key = software(scheme), str(uuid4())
    made = ours.call("register_webhook", key=key, address=ADDRESS)
    assert made.status_code == 201
    hook, secret = made.json()["id"], made.json()["secret"]
    assert secret == webhooks.secret_of(Webhook.objects.get(pk=hook))
    assert ours.call("register_webhook", key=key, address=ADDRESS).json() == made.json()
    another = software(scheme, "check").call("register_webhook", key=key, address=ADDRESS)
    assert (another.status_code, another.json()["code"]) == (409, "key_used_before")
    other = ours.call("register_webhook", address=ADDRESS)
    assert (other.status_code, other.json()["code"]) == (409, "has_webhook")
    read = {"id": hook, "address": ADDRESS, "waiting": 0, "given_up": 0}
    assert ours.call("read_webhooks").json() == {"items": [read]}
    assert ours.call("test_webhook", hook=hook).json() == read | {"waiting": 1}
    for _ in range(webhooks.MOST_ATTEMPTS):
        assert delivered(scheme, "answered 500") == []
        scheme.now += timedelta(hours=23)
    assert ours.call("read_webhooks").json() == {"items": [read | {"given_up": 1}]}
    assert ours.call("send_again", hook=hook).json() == read | {"waiting": 1}
    assert len(delivered(scheme)) == 1
    assert ours.call("send_again", hook=hook).status_code == 409
    assert ours.call("end_webhook", hook=hook).status_code == 200
    assert ours.call("end_webhook", hook=hook).status_code == 409
    assert ours.call("read_webhooks").json() == {"items": []}
    assert ours.call("register_webhook", address="http://x y/").status_code == 409


def test_the_webhook_of_another_key_does_not_exist(scheme: Scheme) -> None:
    theirs = software(scheme, centre="Centrum Elders")
    hook = theirs.call("register_webhook", address=ADDRESS).json()["id"]
    for ours in (software(scheme), software(scheme, centre="Centrum Elders")):
        for name in ("end_webhook", "test_webhook", "send_again"):
            assert ours.call(name, hook=hook).status_code == 404, name
        assert ours.call("read_webhooks").json() == {"items": []}
    assert Webhook.objects.get().ended_at is None


def test_a_program_made_after_the_description_verifies_what_is_sent(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = software(scheme)
    secret = ours.call("register_webhook", address=ADDRESS).json()["secret"]
    scheme.opened()
    (message,) = delivered(scheme)
    names = verifier()
    monkeypatch.setattr(names["time"], "time", lambda: scheme.now.timestamp() + 299)
    is_ours, headers, body = names["is_ours"], dict(message.headers), message.body
    assert is_ours(secret, headers, body, set())
    rotated = headers | {"webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
    assert is_ours(secret, rotated, body, set())
    assert not is_ours(secret, headers, body, {headers["webhook-id"]})
    assert not is_ours(secret, headers, body.replace(b"opened", b"closed"), set())
    assert not is_ours(secret, headers | {"webhook-id": "1-1"}, body, set())
    later = str(int(headers["webhook-timestamp"]) + 60)
    assert not is_ours(secret, headers | {"webhook-timestamp": later}, body, set())
    other = software(scheme).call("register_webhook", address=ADDRESS).json()["secret"]
    assert not is_ours(other, headers, body, set())
    monkeypatch.setattr(names["time"], "time", lambda: scheme.now.timestamp() + 301)
    assert not is_ours(secret, headers, body, set())


def test_every_event_is_described_and_what_is_sent_is_as_described(scheme: Scheme) -> None:
    ours = software(scheme)
    described = ours.description["webhooks"]
    assert set(described) == set(named())
    ours.call("register_webhook", address=ADDRESS)
    _guide(scheme)
    _pay(scheme)
    _end(scheme)
    ours.call("test_webhook", hook=Webhook.objects.get().pk)
    sent = delivered(scheme)
    seen = set()
    for each in sent:
        body = json.loads(each.body)
        call = described[body["type"]]["post"]
        schema = call["requestBody"]["content"]["application/json"]["schema"]
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(body)
        assert {header["name"] for header in call["parameters"]} <= set(each.headers)
        assert body["id"] == each.headers["webhook-id"]
        seen.add(body["type"])
    assert set(described) - seen == set()


def _guide(scheme: Scheme) -> None:
    """Let An's guidance take every turn that talks can take."""
    paper = scheme.paid().voucher
    moment = {"day": scheme.today, "now": scheme.now, "actor": "member:1"}
    opening.ask_code(centre=scheme.centre(), **numbers(paper), **moment)
    digits = opening.digits_of(paper.order.codes.get())
    opening.give_code(centre=scheme.centre(), **numbers(paper), code=digits, **moment)
    opening.shut(order=paper.order, now=scheme.now, actor="worker:1")
    opening.open_for(order=paper.order, centre=scheme.centre(), **moment)
    track, by_law = scheme.start(paper), {**scheme.moment, "actor": "official:els"}
    scheme.plan(track)
    talks.withdraw(talk=scheme.talk(track, 10), **by_law)
    for took_place in (True, False):
        disputed = scheme.talk(track, 10)
        talks.dispute(talk=disputed, remarks="Nee.", now=scheme.now, actor="worker:1")
        talks.settle(talk=disputed, took_place=took_place, ground="Gezien.", **by_law)
    talk = scheme.confirmed(track, 30)
    payout.claim(talk=talk, **by_law)
    payout.correct(talk=talk, minutes=20, ground="Gezien.", **by_law)


def _pay(scheme: Scheme) -> None:
    """Let a claim be held, paid and sent back, and a talk be confirmed by silence."""
    track = Track.objects.get()
    moment = {"day": scheme.today, "now": scheme.now, "actor": "official:els"}
    claim = payout.claim(talk=scheme.confirmed(track, 20), **scheme.moment, actor="member:1")
    why = {"article": "hoofdstuk 7", "reason": "controle", "until": scheme.today}
    hold = holds.place_hold(centre=scheme.centre(), claim=claim, **why, **moment)
    holds.lift_hold(hold=hold, **moment)
    scheme.bank.closed = (scheme.centre().iban,)
    _batch(scheme)
    scheme.talk(track, 5)
    scheme.go_on(17)
    changed = {"centre": scheme.centre(), "iban": invented_iban(77)}
    recognition.change_centre(now=scheme.now, actor="member:1", **changed)
    _batch(scheme)
    _fail(scheme)
    _batch(scheme)
    scheme.go_on(2)
    payout.correct(talk=claim.talk, minutes=0, ground="Nooit.", actor="x", **scheme.moment)
    _ask_back(scheme)


def _batch(scheme: Scheme) -> None:
    """Let two people pay all that is owed."""
    moment = {"day": scheme.today, "now": scheme.now}
    made = batches.make_batch(execute_on=scheme.today, actor="official:els", **moment)
    batches.release_batch(batch=made, account=ACCOUNT, actor="official:dirk", **moment)


def _fail(scheme: Scheme) -> None:
    """Let the bank refuse the file, and two people say that its payment failed."""
    scheme.bank.send = Mock(side_effect=BankRefused("no"))
    scheme.work()
    del scheme.bank.send
    row = Payout.objects.latest("pk")
    failing.ask_failed(payout=row, reason="naam", now=scheme.now, actor="official:els")
    failing.confirm_failed(payout=row, now=scheme.now, actor="official:dirk")


def _ask_back(scheme: Scheme) -> None:
    """Let what was paid too much be asked back: in vain first, and then for good, in two parts."""
    for is_paid in (False, True):
        moment = {"day": scheme.today, "now": scheme.now}
        made = recoveries.make_recovery(
            centre=scheme.centre(),
            reason="geschrapt",
            due_on=scheme.today,
            actor="official:els",
            **moment,
        )
        recoveries.release_recovery(recovery=made, actor="official:dirk", **moment)
        if not is_paid:
            recoveries.cancel_recovery(recovery=made, now=scheme.now, actor="official:els")
    for cents in (100, made.amount_cents - 100):
        scheme.bank.pay(
            made.reference,
            cents,
            name="De Brug",
            on=scheme.today,
            due_on=made.due_on,
            how=How.EXACT,
        )
        scheme.go_on(1)


def _end(scheme: Scheme) -> None:
    """Let one voucher be closed early and another one fully; a third moves to Elders."""
    early, full = Track.objects.get(), scheme.started("mathieu")
    scheme.now += timedelta(days=1)  # the bank closes a day once
    third = scheme.started("griet")
    for side in ("centre", "worker"):
        guidance.close_early(track=early, side=side, actor="member:1", **scheme.moment)
        if side == "centre":
            guidance.stay(track=early, side=side, now=scheme.now, actor="member:1")
            guidance.close_early(track=early, side=side, actor="member:1", **scheme.moment)
    scheme.confirmed(full, full.voucher.minutes)
    scheme.plan(full)
    guidance.close(track=full, actor="member:1", **scheme.moment)
    scheme.lose_recognition()
    elders = scheme.centre("Centrum Elders")
    guidance.move_to(track=third, centre=elders, actor="official:claes", **scheme.moment)


def test_a_centre_adds_a_webhook_on_the_page_of_its_key_and_sees_the_secret_once(
    scene: Scene,
) -> None:
    lieve = log_in("lieve")
    where = reverse("centre_webhook", args=[scene.token])
    assert "agenda.example" in lieve.get(where).content.decode()
    assert lieve.post(reverse("centre_webhook_end", args=[scene.token])).status_code == 302
    page = lieve.get(where).content.decode()
    assert "beëindigd" in page
    for wrong in ("", "agenda.example", "https://", "x" * 600):
        answer = lieve.post(where, {"address": wrong})
        assert answer.status_code == 400, wrong
        assert Page(answer).faults == []
    made = lieve.post(where, {"address": ADDRESS})
    hook = Webhook.objects.get(ended_at=None)
    secret = webhooks.secret_of(hook)
    assert secret in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    for each in (where, reverse("centre_tokens")):
        assert secret not in lieve.get(each).content.decode()
    assert _text_of("live_webhook").count("planning.example") == 1
    assert secret not in _text_of("live_webhook") + _text_of("live_journalline")


def test_what_was_given_up_stands_on_the_page_and_is_sent_again(scene: Scene) -> None:
    scheme, lieve = scene.scheme, log_in("lieve")
    where = reverse("centre_webhook", args=[scene.token])
    delivered(scheme)
    lieve.post(reverse("centre_webhook_test", args=[scene.token]))
    again = reverse("centre_webhook_again", args=[scene.token])
    refused = lieve.post(again)
    assert refused.status_code == 409
    assert "wordt vanzelf verstuurd" in refused.content.decode()
    assert "Onderweg" in lieve.get(where).content.decode()
    for _ in range(webhooks.MOST_ATTEMPTS):
        scheme.now += timedelta(minutes=1)
        OutboxRow.objects.filter(kind="webhook_event", done_at=None).update(due_at=scheme.now)
        delivered(scheme, "answered 404")
    page = lieve.get(where)
    text = page.content.decode()
    assert Page(page).faults == []
    assert "webhook.test" in text
    assert "answered 404" in text
    assert "Opgegeven" in text
    assert "1 opgegeven" in lieve.get(reverse("centre_tokens")).content.decode()
    # It is the centre's to mend, not the authority's.
    els = log_in("els").get(reverse("outbox")).content.decode()
    assert "answered 404" not in els
    answer = lieve.post(again, follow=True)
    assert "1 bericht wordt opnieuw verstuurd" in answer.content.decode()
    (message,) = delivered(scheme)
    assert json.loads(message.body)["type"] == "webhook.test"
    assert "1 opgegeven" not in lieve.get(reverse("centre_tokens")).content.decode()


def test_the_webhook_of_a_key_that_no_longer_works_is_shown_and_cannot_be_made(
    scene: Scene,
) -> None:
    lieve = log_in("lieve")
    where = reverse("centre_webhook", args=[scene.token])
    lieve.post(reverse("centre_webhook_end", args=[scene.token]))
    lieve.post(reverse("centre_token_revoke", args=[scene.token]))
    assert "werkt niet meer" in lieve.get(where).content.decode()
    answer = lieve.post(where, {"address": ADDRESS})
    assert not Webhook.objects.filter(token=Token.objects.get(pk=scene.token), ended_at=None)
    assert answer.status_code == 400
    zeger = log_in("zeger")
    for name in ("end", "test", "again"):
        other = reverse(f"centre_webhook_{name}", args=[scene.token])
        assert zeger.post(other).status_code == 404, name


@pytest.mark.usefixtures("scheme")
def test_the_page_of_the_api_tells_every_event_and_how_to_verify_it() -> None:
    text = Client().get("/api").content.decode()
    assert [name for name in named() if f"<code>{name}</code>" not in text] == []
    assert "hmac.compare_digest(wanted, each)" in text


def _text_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
        return str(cursor.fetchall())
