"""What the description of the API says besides the calls: which problems each can meet."""

from typing import Any

from loopbaan.web.api import shapes
from loopbaan.web.api.problems import MEDIA_TYPE

TITLE = "The API for the software of a centre"
VERSION = "1.0.0"
TEXT = """\
Every call carries a key of your centre: `Authorization: Bearer lb_…`. A key serves for some scopes,
expires, and is shown once when it is made.

Every act carries an `Idempotency-Key` of your choice, a UUID. Send the same again and the act is
not done again: you get the same answer. Keep the key until you have an answer.

What cannot be done is a problem (RFC 9457) with a stable `code` and a sentence in the language of
`Accept-Language`: `nl` or `en`. A `429` and a `503` say with `Retry-After` in how many seconds you
may come back. Amounts are whole cents, durations whole minutes, days are those of Flanders.
"""
# A problem that any call can meet, by its status.
PROBLEMS = (401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def answers(status: int, shape: type[Any]) -> dict[Any, Any]:
    """Return what a call answers: its own shape, or a problem."""
    return {status: shape, **dict.fromkeys(PROBLEMS, shapes.Told)}


def finished(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a description in which problems have their own media type, and say when to return."""
    wait = {"description": "Seconds until you may come back.", "schema": {"type": "integer"}}
    for methods in schema["paths"].values():
        for call in methods.values():
            for status, answer in call["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
                if status in ("429", "503"):
                    answer["headers"] = {"Retry-After": wait}
    return schema
