"""What the software of centres is told: which line of the journal is which event, and for whom.

Written down with the line itself, in the transaction of the act (`moving.record`): what happened is
told, and what was rolled back is not. `live/webhooks.py` sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from loopbaan.live.models import JournalLine, Webhook
from loopbaan.live.models.recognition import SCOPES

KIND = "webhook_event"
_DOOR, _GUIDED, _OWED = ("check", "start"), ("start", "talk", "close", "claim"), ("claim",)


@dataclass(frozen=True)
class Event:
    """Something that is told, to the keys with one of these scopes: those that may read of it."""

    name: str
    scopes: tuple[str, ...]
    meaning: str


def _of(scopes: tuple[str, ...], **told: tuple[str, str]) -> dict[str, Event]:
    return {act: Event(name, scopes, meaning) for act, (name, meaning) in told.items()}


# By the subject of the line, then by its act.
EVENTS: Mapping[str, Mapping[str, Event]] = {
    "opening": _of(
        _DOOR,
        open=("voucher.opened", "A worker opened a voucher for your centre, or you gave the code."),
        shut=("voucher.shut", "A voucher is no longer open for your centre."),
    ),
    "attempt": _of(
        _DOOR,
        ask=("code.asked", "Your centre asked for a code, whether that voucher exists or not."),
    ),
    "track": _of(
        _GUIDED,
        start=("voucher.started", "Your centre started a voucher."),
        move=("voucher.moved", "A voucher moved to your centre, or away from it."),
        agree=("voucher.early_closing_agreed", "One side agrees to close early."),
        stay=("voucher.early_closing_taken_back", "One side no longer agrees to close early."),
        close=("voucher.closed", "A voucher was closed."),
        close_early=("voucher.closed_early", "A voucher was closed early: the rest is lost."),
    ),
    "plan": _of(
        _GUIDED, keep=("plan.kept", "There is a plan, or a new version of it: you may close.")
    ),
    "talk": _of(
        _GUIDED,
        register=("talk.registered", "Your centre registered a talk."),
        confirm=("talk.confirmed", "The worker confirmed a talk."),
        fall_silent=("talk.confirmed_by_silence", "Nobody answered in time: a talk counts."),
        dispute=("talk.disputed", "The worker disputes a talk. Only that talk waits."),
        withdraw=("talk.withdrawn", "Your centre withdrew a talk."),
        uphold=("talk.upheld", "It was decided that a disputed talk counts."),
        correct=("talk.corrected", "It was decided that a talk was shorter."),
        annul=("talk.annulled", "It was decided that a disputed talk does not count."),
    ),
    "claim": _of(
        (*_OWED, "statement"),
        talk=("claim.made", "Your centre claimed a talk."),
        counter=("claim.countered", "A claim was corrected by a counter-entry."),
    ),
    "payout": _of(
        (*_OWED, "statement"),
        settle=("claims.paid", "The bank paid these claims."),
        fail=("claims.failed", "Our bank does not pay these claims: they wait again."),
        **{"return": ("claims.returned", "Your bank sent the payment of these claims back.")},
    ),
    "hold": _of(
        (*_OWED, "statement"),
        place=("claims.held", "A claim, or all you are owed, is not paid for now."),
        lift=("claims.released", "A claim, or all you are owed, is no longer held."),
    ),
    "recovery": _of(
        (*_OWED, "statement"),
        release=("recovery.asked", "Your centre is asked to pay back what it owes."),
        part=("recovery.paid_in_part", "A part of what your centre pays back has arrived."),
        settle=("recovery.paid", "What your centre paid back has arrived."),
        cancel=("recovery.cancelled", "Nothing is asked back any more: what you owe is set off."),
    ),
    "webhook": _of(SCOPES, test=("webhook.test", "You asked for a test.")),
}
# Whose webhooks hear of it, by the subject.
_CENTRE = "t.centre_id = (SELECT s.centre_id FROM {} s WHERE s.id = %(subject)s)"
_OF_CENTRE = (
    "t.centre_id = (SELECT r.centre_id FROM live_track r JOIN {} ORDER BY r.id DESC LIMIT 1)"
)
_HEARS = {
    **{
        subject: _CENTRE.format(f"live_{subject}")
        for subject in ("opening", "attempt", "track", "claim", "payout", "hold", "recovery")
    },
    "talk": _OF_CENTRE.format("live_talk k ON k.track_id = r.id WHERE k.id = %(subject)s"),
    "plan": _OF_CENTRE.format(
        "live_plan p ON p.voucher_id = r.voucher_id WHERE p.id = %(subject)s"
    ),
    "webhook": "h.id = %(subject)s",
}
_TELL = """
INSERT INTO live_outboxrow (kind, about_id, part, due_at, attempts, fault)
SELECT %(kind)s, %(line)s, h.id::text, %(now)s, 0, '' FROM live_webhook h
JOIN live_token t ON t.id = h.token_id
WHERE h.ended_at IS NULL AND t.revoked_at IS NULL AND t.expires_on >= %(day)s
  AND t.scopes::text[] && %(scopes)s::text[] AND
"""


def event_of(line: JournalLine) -> Event | None:
    """Return which event a line of the journal is, if it is one."""
    if (line.subject, line.before) == ("recovery", "made") and line.act == "cancel":
        return None  # nobody was asked for anything yet
    return EVENTS.get(line.subject, {}).get(line.act)


def tell(line: JournalLine) -> None:
    """Write down, inside the transaction of a line, that software must be told of it."""
    event = event_of(line)
    if event is None:
        return
    values: dict[str, Any] = {
        "kind": KIND,
        "line": line.pk,
        "subject": line.subject_id,
        "now": line.at,
        "day": timezone.localdate(line.at),
        "scopes": list(event.scopes),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL + _HEARS[line.subject], values)


def named() -> dict[str, Event]:
    """Return every event by its name."""
    return {each.name: each for acts in EVENTS.values() for each in acts.values()}


def is_heard_by(hook: Webhook, line: JournalLine) -> bool:
    """Whether a webhook and its key still hold on the day of a line, and the key may read of it."""
    event, token = event_of(line), hook.token
    holds = hook.ended_at is None and token.revoked_at is None
    return holds and event is not None and bool(set(event.scopes) & set(token.scopes))
