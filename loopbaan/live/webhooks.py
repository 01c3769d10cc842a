"""Software of centres is told of what happened: signed, and tried again until it is taken.

What is sent holds numbers and words, no personal value; the rest is fetched with the key. What to
send is written down with each line of the journal (`live/events.py`), once for each webhook, and
has the same id however often it is sent. Signed as https://www.standardwebhooks.com says.
"""

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.crypto import salted_hmac

from loopbaan.adapters.webhooks import Message, Sender, fits
from loopbaan.live import outbox
from loopbaan.live.events import KIND, event_of, is_heard_by
from loopbaan.live.models import (
    Claim,
    Hold,
    JournalLine,
    Opening,
    OutboxRow,
    Payout,
    Plan,
    Recovery,
    Talk,
    Token,
    Track,
    Webhook,
)
from loopbaan.live.moving import Refused, record

AT_ONCE = 10
TURNS = 4  # what other worker processes are sending is passed over
# The last one is tried thirty hours after the first.
MOST_ATTEMPTS = 8
# Who did not take something is left alone for a while.
REST = timedelta(seconds=60)
MOST_CLAIMS = 1_000  # named in one event
MOST_BYTES = 16 * 1_024


def register(*, token: Token, address: str, now: datetime, actor: str) -> Webhook:
    """Let the software of a key be told at an address, from now on.

    Raises:
        Refused: it is no address that can be told, or the key has one.

    """
    if not fits(address, is_open=settings.SANDBOX):
        raise Refused("Een webhook is een adres dat met https:// begint.", code="wrong_address")
    with transaction.atomic():
        locked = Token.objects.select_for_update().get(pk=token.pk)
        if locked.revoked_at is not None:
            raise Refused("Deze sleutel is al ingetrokken.")
        if Webhook.objects.filter(token=locked, ended_at=None).exists():
            raise Refused(
                "Deze sleutel heeft al een webhook: beëindig die eerst.", code="has_webhook"
            )
        made = Webhook.objects.create(token=locked, address=address, made_at=now)
        record(("webhook", made.pk), "", "register", "told", now=now, actor=actor)
        return made


def end(*, webhook: Webhook, now: datetime, actor: str) -> Webhook:
    """End a webhook: what still waits for it is not sent any more.

    Raises:
        Refused: it ended before.

    """
    with transaction.atomic():
        locked = _locked(webhook)
        locked.ended_at = now
        locked.save()
        record(("webhook", locked.pk), "told", "end", "ended", now=now, actor=actor)
        return locked


def send_test(*, webhook: Webhook, now: datetime, actor: str) -> JournalLine:
    """Let a webhook be told of a test.

    Raises:
        Refused: it ended, or the last test is still on its way.

    """
    with transaction.atomic():
        locked = _locked(webhook)
        last = JournalLine.objects.filter(subject="webhook", subject_id=locked.pk, act="test")
        if waiting(locked).filter(about_id__in=last.values("pk")).exists():
            raise Refused("Er is al een proefbericht onderweg.", code="test_under_way")
        return record(("webhook", locked.pk), "told", "test", "told", now=now, actor=actor)


def send_again(*, webhook: Webhook, now: datetime, actor: str) -> int:
    """Give all that was given up its attempts again, and return how much that is.

    Raises:
        Refused: the webhook ended, or nothing was given up.

    """
    with transaction.atomic():
        locked = _locked(webhook)
        count = given_up(locked).update(dead_at=None, attempts=0, due_at=now)
        if not count:
            raise Refused(
                "Er is niets opgegeven: wat wacht, wordt vanzelf verstuurd.",
                code="nothing_given_up",
            )
        record(("webhook", locked.pk), "told", "send_again", "told", now=now, actor=actor)
        return count


def told_to(webhook: Webhook) -> QuerySet[OutboxRow]:
    """Return what a webhook was or will be told."""
    return OutboxRow.objects.filter(kind=KIND, part=str(webhook.pk))


def waiting(webhook: Webhook) -> QuerySet[OutboxRow]:
    """Return what a webhook is still to be told."""
    return told_to(webhook).filter(done_at=None, dead_at=None)


def given_up(webhook: Webhook) -> QuerySet[OutboxRow]:
    """Return what a webhook did not take, and is not told any more unless it is asked."""
    return told_to(webhook).filter(dead_at__isnull=False)


def secret_of(webhook: Webhook) -> str:
    """Return the secret of a webhook, made of its row and the secret of this installation."""
    value = f"{webhook.pk}:{webhook.token_id}:{webhook.made_at.timestamp()}"
    made = salted_hmac("loopbaan.webhook", value, settings.SECRET_KEY, algorithm="sha256")
    return f"whsec_{base64.b64encode(made.digest()).decode()}"


def signature(secret: str, ident: str, at: int, body: bytes) -> str:
    """Return what proves that a body is ours, which one it is, and of when (seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.digest(key, f"{ident}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(made).decode()}"


def deliver(sender: Sender, *, now: datetime) -> int:
    """Send what is due, and return how many rows were tried.

    Those of one call are sent side by side, so that it lasts as long as the slowest. Who does not
    take one is not sent the others for a while; that is no attempt.
    """
    with transaction.atomic():
        rows = _due(now)
        if not rows:
            return 0
        lines = JournalLine.objects.in_bulk([row.about_id for row in rows])
        hooks = Webhook.objects.select_related("token").in_bulk([int(row.part) for row in rows])
        pairs = {row.pk: (hooks[int(row.part)], lines[row.about_id]) for row in rows}
        heard = {key: pair for key, pair in pairs.items() if is_heard_by(*pair)}
        faults = sender.send([_message(*pair, now) for pair in heard.values()])
        by_row = dict(zip(heard, faults, strict=True))
        for row in rows:
            # What nobody may hear any more is done with.
            outbox.tried(row, by_row.get(row.pk, ""), now=now, most=MOST_ATTEMPTS)
        _rest([row for row in rows if row.fault], now)
    return len(rows)


def _due(now: datetime) -> list[OutboxRow]:
    """Return some rows that are due, locked: one of each webhook before a second of any.

    So one that is slow, or has a lot to hear, leaves places for the others.
    """
    place = Window(RowNumber(), partition_by="part", order_by=("due_at", "pk"))
    waiting = OutboxRow.objects.filter(kind=KIND, done_at=None, dead_at=None, due_at__lte=now)
    in_turn = waiting.annotate(place=place).order_by("place", "due_at", "pk")
    numbers = list(in_turn.values_list("pk", flat=True)[: TURNS * AT_ONCE])
    for first in range(0, len(numbers), AT_ONCE):
        rows = list(outbox.due(now).filter(pk__in=numbers[first : first + AT_ONCE]))
        if rows:
            return rows
    return []


def body_of(hook: Webhook, line: JournalLine) -> bytes:
    """Return what is sent of a line of the journal."""
    event = event_of(line)
    assert event is not None, "only events are written down to be sent"
    told = {
        "id": f"{line.pk}-{hook.pk}",
        "type": event.name,
        "timestamp": line.at.astimezone(UTC).isoformat(),
        "data": _DATA[line.subject](line.subject_id),
    }
    body = json.dumps(told).encode()
    assert len(body) <= MOST_BYTES, "an event is numbers, and a bounded count of them"
    return body


def _message(hook: Webhook, line: JournalLine, now: datetime) -> Message:
    body, ident, at = body_of(hook, line), f"{line.pk}-{hook.pk}", int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "loopbaan",
        "webhook-id": ident,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret_of(hook), ident, at, body),
    }
    return Message(hook.address, body, headers)


def _rest(failed: Sequence[OutboxRow], now: datetime) -> None:
    by_part: dict[str, list[int]] = defaultdict(list)
    for row in failed:
        by_part[row.part].append(row.pk)
    for part, tried in by_part.items():
        others = OutboxRow.objects.filter(kind=KIND, part=part, done_at=None, dead_at=None)
        others = others.filter(due_at__lt=now + REST).exclude(pk__in=tried)
        # What another worker process is sending is let be: the two would wait for each other.
        free = list(others.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OutboxRow.objects.filter(pk__in=free).update(due_at=now + REST)


def _locked(webhook: Webhook) -> Webhook:
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if locked.ended_at is not None:
        raise Refused("Deze webhook is al beëindigd.", code="webhook_ended")
    return locked


def _opening(number: int) -> dict[str, Any]:
    row = Opening.objects.select_related("order__voucher").get(pk=number)
    voucher = getattr(row.order, "voucher", None)
    return {"voucher": voucher.number if voucher else None, "way": row.way}


def _track(number: int) -> dict[str, Any]:
    row = Track.objects.select_related("voucher").get(pk=number)
    return {"track": number, "voucher": row.voucher.number}


def _plan(number: int) -> dict[str, Any]:
    voucher = Plan.objects.values_list("voucher", flat=True).get(pk=number)
    return _track(Track.objects.filter(voucher=voucher).latest("pk").pk)


def _talk(number: int) -> dict[str, Any]:
    return {"talk": number, "track": Talk.objects.get(pk=number).track_id}


def _claim(number: int) -> dict[str, Any]:
    return {"claim": number, "talk": Claim.objects.get(pk=number).talk_id}


def _payout(number: int) -> dict[str, Any]:
    row = Payout.objects.get(pk=number)
    claims = list(row.lines.order_by("claim").values_list("claim", flat=True)[: MOST_CLAIMS + 1])
    return {
        "payment": number,
        "total_cents": row.amount_cents,
        "claims": claims[:MOST_CLAIMS],
        "has_more": len(claims) > MOST_CLAIMS,
    }


def _hold(number: int) -> dict[str, Any]:
    row = Hold.objects.get(pk=number)
    return {"hold": number, "claim": row.claim_id, "until": row.until.isoformat()}


def _recovery(number: int) -> dict[str, Any]:
    row = Recovery.objects.get(pk=number)
    return {"recovery": number, "total_cents": row.amount_cents, "due_on": row.due_on.isoformat()}


_DATA: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "opening": _opening,
    "attempt": lambda number: {"attempt": number},
    "track": _track,
    "plan": _plan,
    "talk": _talk,
    "claim": _claim,
    "payout": _payout,
    "hold": _hold,
    "recovery": _recovery,
    "webhook": lambda number: {"webhook": number},
}
