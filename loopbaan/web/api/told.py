"""What webhooks are sent, as the description of the API shows it (`webhooks` of OpenAPI 3.1)."""

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from loopbaan.live.events import EVENTS, Event
from loopbaan.live.webhooks import MOST_CLAIMS

# How to verify what comes, in full: a test runs it on what is really sent.
VERIFY = '''\
import base64, hashlib, hmac, time

def is_ours(secret, headers, body, seen):
    """Whether a body (bytes) comes from us, is no older than five minutes and is new to you."""
    ident, at = headers["webhook-id"], headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{ident}.{at}.".encode() + body, hashlib.sha256)
    wanted = "v1," + base64.b64encode(signed).decode()
    given = headers["webhook-signature"].split(" ")
    if not any(hmac.compare_digest(wanted, each) for each in given):
        return False
    return abs(time.time() - int(at)) <= 300 and ident not in seen
'''
TEXT = """\
A webhook is an address of yours that is told what happens to what its key may read: numbers only,
no personal data. Fetch the rest with the key. Make one with `POST /api/webhooks`, or on the page of
your keys; the answer holds its secret, once.

What is sent is signed as https://www.standardwebhooks.com says: `webhook-signature` is `v1,` and
the base64 of the HMAC-SHA256, with the secret, over `webhook-id`, a point, `webhook-timestamp`, a
point and the body. The secret is the base64 after `whsec_`. Refuse what is not signed so, and what
is older than five minutes. A `webhook-id` that you have seen is a repetition: answer 2xx, and do
nothing. Events may come in another order than they happened: `timestamp` says when that was.

Answer with any 2xx within five seconds. Otherwise it is sent again, seven more times over thirty
hours, and then given up: you see that on the page of the key, and can let it be sent again. No
redirect is followed. The address begins with https:// and leads to a public machine.
"""
HEADERS = {
    "webhook-id": "The same however often an event is sent.",
    "webhook-timestamp": "Seconds since 1970 in UTC, of this attempt.",
    "webhook-signature": "v1, and the base64 of the HMAC-SHA256 over id.timestamp.body.",
}


class Data(Schema):
    """The numbers of an event, and no more."""

    model_config = ConfigDict(extra="forbid")


class OfOpening(Data):
    """The number of the voucher, once it is paid; `way` says how it was opened."""

    voucher: str | None
    way: Literal["worker", "code", "move"]


class OfAttempt(Data):
    """Which attempt it was."""

    attempt: int


class OfTrack(Data):
    """Which track it is, of which voucher."""

    track: int
    voucher: str


class OfTalk(Data):
    """Which talk it is, of which track."""

    talk: int
    track: int


class OfClaim(Data):
    """Which claim or counter-entry it is, to which talk."""

    claim: int
    talk: int


class OfPayout(Data):
    """Which claims are in the payment; `has_more`: read the rest in the statement."""

    payment: int
    total_cents: int
    claims: list[int] = Field(max_length=MOST_CLAIMS)
    has_more: bool


class OfHold(Data):
    """Which claim is held up to and including a day; null: all that the centre is owed."""

    hold: int
    claim: int | None
    until: date


class OfRecovery(Data):
    """Which recovery it is, of how much, to be paid by which day."""

    recovery: int
    total_cents: int
    due_on: date


class OfWebhook(Data):
    """Which webhook is tried."""

    webhook: int


class Told(Data):
    """What every event says of itself; `id` is also the header `webhook-id`."""

    id: str
    type: str
    timestamp: AwareDatetime


DATA: dict[str, type[Data]] = {
    "opening": OfOpening,
    "attempt": OfAttempt,
    "track": OfTrack,
    "plan": OfTrack,
    "talk": OfTalk,
    "claim": OfClaim,
    "payout": OfPayout,
    "hold": OfHold,
    "recovery": OfRecovery,
    "webhook": OfWebhook,
}


def described() -> dict[str, Any]:
    """Return each event as the description has it, by its name."""
    return {
        event.name: {"post": _call(event, DATA[subject])}
        for subject, acts in EVENTS.items()
        for event in acts.values()
    }


def _call(event: Event, data: type[Data]) -> dict[str, Any]:
    body = Told.model_json_schema()
    body["properties"] |= {"type": {"const": event.name}, "data": data.model_json_schema()}
    body["required"].append("data")
    return {
        "operationId": event.name.replace(".", "_"),
        "summary": event.name,
        "description": f"{event.meaning}\n\nScope: {' or '.join(event.scopes)}.",
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for name, text in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "It was taken."}},
    }
