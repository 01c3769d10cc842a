"""Software of centres is told of what happened: once for good, signed, and to nobody else."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from loopbaan.adapters.webhooks import FakeSender, HttpSender
from loopbaan.live import batches, guidance, holds, members, opening, payout, talks, webhooks
from loopbaan.live.events import EVENTS, KIND, named
from loopbaan.live.models import JournalLine, OutboxRow, Payout, Webhook
from loopbaan.live.moving import Refused
from tests.adapters.listeners import listener
from tests.live.scheme import ACCOUNT, Scheme

ADDRESS = "https://planning.example/told"


@pytest.fixture
def sender() -> FakeSender:
    """The software of every centre: it takes all, and keeps it."""
    return FakeSender()


def hook_of(
    scheme: Scheme, *scopes: str, centre: str = "Centrum De Brug", days: int = 300
) -> Webhook:
    """Let the software of a centre be told."""
    token, _text = scheme.key(*scopes, centre=centre, days=days)
    return webhooks.register(token=token, address=ADDRESS, now=scheme.now, actor="member:1")


def told(scheme: Scheme, sender: FakeSender) -> list[dict[str, Any]]:
    """Deliver all that is due, and return what was taken by that."""
    before = len(sender.sent)
    while webhooks.deliver(sender, now=scheme.now):
        pass
    return [json.loads(each.body) for each in sender.sent[before:]]


def types(bodies: list[dict[str, Any]]) -> list[str]:
    """Return which events were told."""
    return [each["type"] for each in bodies]


def test_from_the_opening_to_the_closing_each_act_is_told(
    scheme: Scheme, sender: FakeSender
) -> None:
    hook_of(scheme)
    voucher = scheme.opened()
    (first,) = told(scheme, sender)
    assert first["type"] == "voucher.opened"
    assert first["data"] == {"voucher": voucher.number, "way": "worker"}
    assert first["timestamp"] == scheme.now.isoformat()
    track = scheme.start(voucher)
    (started,) = told(scheme, sender)
    assert started["data"] == {"track": track.pk, "voucher": voucher.number}
    talk = scheme.talk(track, 60)
    talks.dispute(talk=talk, remarks="Dat was korter.", now=scheme.now, actor="worker:1")
    ground = "De begeleider toonde haar agenda."
    talks.settle(talk=talk, took_place=True, ground=ground, actor="official:els", **scheme.moment)
    rest = scheme.confirmed(track, voucher.minutes - 60)
    scheme.plan(track)
    guidance.close(track=track, actor="member:1", **scheme.moment)
    bodies = told(scheme, sender)
    assert types(bodies) == [
        *("talk.registered", "talk.disputed", "talk.upheld"),
        *("talk.registered", "talk.confirmed", "plan.kept", "voucher.closed"),
    ]
    assert bodies[0]["data"] == {"talk": talk.pk, "track": track.pk}
    assert bodies[4]["data"] == {"talk": rest.pk, "track": track.pk}
    assert "korter" not in json.dumps(bodies)


def test_silence_a_code_and_a_taking_back_are_told(scheme: Scheme, sender: FakeSender) -> None:
    hook_of(scheme)
    voucher = scheme.paid().voucher
    asked = scheme.asking(voucher)
    opening.ask_code(**asked)
    opening.ask_code(**{**asked, "number": "1" * 14})
    # Of a number that does not exist no less is told than of one that does.
    real, invented = told(scheme, sender)
    assert types([real, invented]) == ["code.asked", "code.asked"]
    assert set(real["data"]) == set(invented["data"]) == {"attempt"}
    digits = opening.digits_of(voucher.order.codes.get())
    opening.give_code(code=digits, **asked)
    opening.shut(order=voucher.order, now=scheme.now, actor="worker:1")
    opened, shut = told(scheme, sender)
    assert (opened["data"]["way"], shut["type"]) == ("code", "voucher.shut")
    opening.open_for(
        order=voucher.order,
        centre=scheme.centre(),
        day=scheme.today,
        now=scheme.now,
        actor="worker:1",
    )
    track = scheme.start(voucher)
    scheme.talk(track, 30)
    told(scheme, sender)
    scheme.go_on(16)
    assert types(told(scheme, sender)) == ["talk.confirmed_by_silence"]


def test_money_is_told_when_it_is_held_paid_and_sent_back(
    scheme: Scheme, sender: FakeSender
) -> None:
    hook_of(scheme, "statement")
    track = scheme.started()
    claims = []
    for minutes in (30, 40):
        talk = scheme.confirmed(track, minutes)
        claims.append(payout.claim(talk=talk, actor="member:1", **scheme.moment).pk)
    moment = {"now": scheme.now, "actor": "official:els"}
    hold = holds.place_hold(
        centre=scheme.centre(),
        claim=talk.claims.get(),
        article="hoofdstuk 7",
        reason="controle bij An",
        until=scheme.today,
        day=scheme.today,
        **moment,
    )
    holds.lift_hold(hold=hold, day=scheme.today, **moment)
    made = batches.make_batch(execute_on=scheme.today, day=scheme.today, **moment)
    batches.release_batch(
        batch=made, account=ACCOUNT, day=scheme.today, now=scheme.now, actor="official:dirk"
    )
    bodies = told(scheme, sender)
    assert types(bodies) == ["claim.made", "claim.made", "claims.held", "claims.released"]
    assert bodies[2]["data"] == {
        "hold": hold.pk,
        "claim": claims[1],
        "until": scheme.today.isoformat(),
    }
    assert "An" not in json.dumps(bodies)
    scheme.bank.closed = (scheme.centre().iban,)
    scheme.go_on(3)
    paid, returned = told(scheme, sender)
    row = Payout.objects.get()
    assert types([paid, returned]) == ["claims.paid", "claims.returned"]
    assert paid["data"] == returned["data"]
    assert paid["data"] == {
        "payment": row.pk,
        "total_cents": row.amount_cents,
        "claims": claims,
        "has_more": False,
    }


def test_what_was_rolled_back_is_not_told(scheme: Scheme, sender: FakeSender) -> None:
    hook_of(scheme)
    track = scheme.started()
    told(scheme, sender)
    with transaction.atomic():
        scheme.talk(track, 30)
        transaction.set_rollback(True)
    assert told(scheme, sender) == []
    assert not OutboxRow.objects.filter(kind=KIND, done_at=None).exists()


def test_a_centre_hears_of_its_own_and_a_key_of_what_it_may_read(
    scheme: Scheme, sender: FakeSender
) -> None:
    hooks = {
        "all": hook_of(scheme),
        "check": hook_of(scheme, "check"),
        "talk": hook_of(scheme, "talk"),
        "statement": hook_of(scheme, "statement"),
        "members": hook_of(scheme, centre="Centrum Elders"),
    }
    talk = scheme.confirmed(scheme.started(), 60)
    payout.claim(talk=talk, actor="member:1", **scheme.moment)
    heard: dict[str, list[str]] = {name: [] for name in hooks}
    for row in OutboxRow.objects.filter(kind=KIND).order_by("pk"):
        (name,) = (name for name, each in hooks.items() if str(each.pk) == row.part)
        line = JournalLine.objects.get(pk=row.about_id)
        heard[name].append(json.loads(webhooks.body_of(hooks[name], line))["type"])
    guided = ["voucher.started", "talk.registered", "talk.confirmed"]
    assert heard == {
        "all": ["voucher.opened", *guided, "claim.made"],
        "check": ["voucher.opened"],
        "talk": guided,
        "statement": ["claim.made"],
        "members": [],
    }
    assert len(told(scheme, sender)) == 10


def test_a_key_that_ended_hears_no_more(scheme: Scheme, sender: FakeSender) -> None:
    ended, revoked, expired = hook_of(scheme), hook_of(scheme), hook_of(scheme, days=1)
    track = scheme.started()
    webhooks.end(webhook=ended, now=scheme.now, actor="member:1")
    members.revoke_token(token=revoked.token, now=scheme.now, actor="member:1")
    # What already waited for those two is not sent any more.
    assert {each["id"].split("-")[1] for each in told(scheme, sender)} == {str(expired.pk)}
    scheme.now += timedelta(days=2)
    scheme.talk(track, 20)
    assert told(scheme, sender) == []
    with pytest.raises(Refused, match="al beëindigd"):
        webhooks.end(webhook=ended, now=scheme.now, actor="member:1")
    with pytest.raises(Refused, match="ingetrokken"):
        webhooks.register(token=revoked.token, address=ADDRESS, now=scheme.now, actor="member:1")


def test_a_key_has_one_webhook_at_an_address_that_can_be_told(
    scheme: Scheme, settings: Any
) -> None:
    settings.SANDBOX = False
    hook = hook_of(scheme)
    with pytest.raises(Refused, match="heeft al een webhook"):
        webhooks.register(token=hook.token, address=ADDRESS, now=scheme.now, actor="member:1")
    for address in ("http://planning.example/", "x", "https://u:p@planning.example/"):
        with pytest.raises(Refused, match="https://"):
            webhooks.register(token=hook.token, address=address, now=scheme.now, actor="member:1")
    webhooks.end(webhook=hook, now=scheme.now, actor="member:1")
    again = webhooks.register(token=hook.token, address=ADDRESS, now=scheme.now, actor="member:1")
    assert webhooks.secret_of(again) != webhooks.secret_of(hook)
    lines = JournalLine.objects.filter(subject="webhook", subject_id=hook.pk).order_by("pk")
    assert list(lines.values_list("act", "after")) == [("register", "told"), ("end", "ended")]


def test_what_is_sent_is_signed_and_the_secret_stands_nowhere(
    scheme: Scheme, sender: FakeSender, settings: Any
) -> None:
    hook = hook_of(scheme)
    secret = webhooks.secret_of(hook)
    scheme.opened()
    told(scheme, sender)
    (message,) = sender.sent
    ident, at = message.headers["webhook-id"], message.headers["webhook-timestamp"]
    assert json.loads(message.body)["id"] == ident
    assert int(at) == int(scheme.now.timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    signed = hmac.new(key, f"{ident}.{at}.".encode() + message.body, hashlib.sha256).digest()
    assert message.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert secret not in _dump()
    assert key.hex() not in _dump()
    settings.SECRET_KEY = "another installation"  # noqa: S105
    assert webhooks.secret_of(hook) != secret


def test_the_vectors_of_the_standard_are_signed_as_it_says() -> None:
    """The published example of https://www.standardwebhooks.com, which its libraries test."""
    made = webhooks.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_who_does_not_take_it_gets_it_again_and_then_it_is_given_up(
    scheme: Scheme, sender: FakeSender
) -> None:
    hook = hook_of(scheme)
    began = scheme.now
    sender.fault = "answered 500"
    scheme.opened()
    moments = []
    while (row := webhooks.told_to(hook).get()).dead_at is None:
        scheme.now = max(scheme.now, row.due_at)
        moments.append((scheme.now - began).total_seconds())
        assert webhooks.deliver(sender, now=scheme.now) == 1
        assert webhooks.deliver(sender, now=scheme.now) == 0
    assert moments == [0, 20, 100, 420, 1_700, 6_820, 27_300, 109_220]
    assert (row.attempts, row.fault, row.done_at) == (8, "answered 500", None)
    sender.fault = ""
    assert told(scheme, sender) == []
    assert webhooks.send_again(webhook=hook, now=scheme.now, actor="member:1") == 1
    (body,) = told(scheme, sender)
    assert body["type"] == "voucher.opened"
    assert body["timestamp"] == began.isoformat()
    at = int(sender.sent[0].headers["webhook-timestamp"])
    assert at == int(scheme.now.timestamp())  # of the attempt, so that it is not too old
    with pytest.raises(Refused, match="niets opgegeven"):
        webhooks.send_again(webhook=hook, now=scheme.now, actor="member:1")


def test_the_same_thing_has_the_same_id_however_often_it_is_sent(scheme: Scheme) -> None:
    hook = hook_of(scheme)
    scheme.opened()
    idents = []
    for _ in range(3):
        sender = FakeSender()
        webhooks.deliver(sender, now=scheme.now)
        idents += [each.headers["webhook-id"] for each in sender.sent]
        webhooks.told_to(hook).update(done_at=None)  # as after a crash before it was noted
    assert len(idents) == 3
    assert len(set(idents)) == 1


def test_who_is_down_is_left_alone_and_holds_up_nobody(scheme: Scheme) -> None:
    with listener(503) as down, listener() as up:
        hooks = [hook_of(scheme), hook_of(scheme)]
        for hook, there in zip(hooks, (down, up), strict=True):
            Webhook.objects.filter(pk=hook.pk).update(address=there.address)
        track = scheme.started()
        for _ in range(30):
            scheme.talk(track, 1)
        real = HttpSender(is_open=True)
        while webhooks.deliver(real, now=scheme.now):
            pass
        assert len(up.heard) == 32
        assert len(down.heard) <= webhooks.AT_ONCE
        waiting = webhooks.told_to(hooks[0])
        assert waiting.filter(done_at=None, dead_at=None).count() == 32
        # What was not tried was deferred, and lost no attempt by that.
        assert waiting.filter(attempts=0).count() == 32 - len(down.heard)
        down.status = 200
        scheme.now += timedelta(seconds=100)
        while webhooks.deliver(real, now=scheme.now):
            pass
        bodies = {json.loads(body)["id"] for _, _, body in down.heard}
        assert len(bodies) == 32
        assert not waiting.filter(done_at=None).exists()


def test_who_has_a_lot_to_hear_leaves_places_for_the_others(
    scheme: Scheme, sender: FakeSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 3)
    busy = hook_of(scheme)
    track = scheme.started()
    for _ in range(4):
        scheme.talk(track, 10)
    quiet = hook_of(scheme, centre="Centrum Elders")
    webhooks.send_test(webhook=quiet, now=scheme.now, actor="member:1")
    assert webhooks.deliver(sender, now=scheme.now) == 3
    assert not webhooks.waiting(quiet).exists()
    assert webhooks.waiting(busy).count() == 4


def test_a_test_is_told_to_that_webhook_alone_and_one_at_a_time(
    scheme: Scheme, sender: FakeSender
) -> None:
    hook = hook_of(scheme, "check")
    hook_of(scheme)
    webhooks.send_test(webhook=hook, now=scheme.now, actor="member:1")
    with pytest.raises(Refused, match="onderweg"):
        webhooks.send_test(webhook=hook, now=scheme.now, actor="member:1")
    (body,) = told(scheme, sender)
    assert (body["type"], body["data"]) == ("webhook.test", {"webhook": hook.pk})
    webhooks.send_test(webhook=hook, now=scheme.now, actor="member:1")
    webhooks.end(webhook=hook, now=scheme.now, actor="member:1")
    with pytest.raises(Refused, match="al beëindigd"):
        webhooks.send_test(webhook=hook, now=scheme.now, actor="member:1")


def test_the_rest_of_the_outbox_does_not_wait_for_software(scheme: Scheme) -> None:
    hook_of(scheme)
    scheme.opened()
    scheme.work()
    waiting = OutboxRow.objects.filter(done_at=None, due_at__lte=scheme.now)
    assert set(waiting.values_list("kind", flat=True)) == {KIND}


def test_a_payment_of_many_claims_is_told_within_bounds(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_CLAIMS", 2)
    hook = hook_of(scheme)
    track = scheme.started()
    for _ in range(3):
        payout.claim(talk=scheme.confirmed(track, 20), actor="member:1", **scheme.moment)
    batches.make_batch(
        execute_on=scheme.today, day=scheme.today, now=scheme.now, actor="official:els"
    )
    line = JournalLine(
        subject="payout", subject_id=Payout.objects.get().pk, act="settle", at=timezone.now()
    )
    data = json.loads(webhooks.body_of(hook, line))["data"]
    assert (len(data["claims"]), data["has_more"]) == (2, True)


def test_every_event_has_a_name_of_its_own() -> None:
    assert len(named()) == sum(len(acts) for acts in EVENTS.values())
    assert set(EVENTS) == set(webhooks._DATA)


def _dump() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT h::text FROM live_webhook h")
        rows = cursor.fetchall()
        cursor.execute("SELECT a::text FROM live_answer a")
        rows += cursor.fetchall()
        cursor.execute("SELECT b::text FROM live_outboxrow b")
        return str(rows + cursor.fetchall())
