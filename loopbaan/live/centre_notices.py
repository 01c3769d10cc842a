"""What a centre is told by mail: vouchers that come to it, talks that changed, money that does not.

What it claims and is paid it reads on its pages; here is what it would else find out too late.
"""

from functools import partial

from django.utils import timezone

from loopbaan.adapters.bank import BankAccount, written_communication
from loopbaan.law.transitions import Status
from loopbaan.law.wording import day_text, euro_text
from loopbaan.live.guidance_notices import talk_of, values_of_talk
from loopbaan.live.models import Hold, Opening, OutboxRow, Recovery
from loopbaan.live.outbox import Handler
from loopbaan.live.posting import Post

DISPUTED = (
    "Een gesprek is betwist",
    "De werkende betwist het gesprek van {held} ({hours}). Alleen dat gesprek wacht: {page}",
)
CORRECTED = (
    "Een gesprek is verbeterd",
    "Het gesprek van {held} telt nu voor {minutes} minuten. De rest wordt verrekend: {page}",
)
ASKED_BACK = (
    "Betaal {amount} terug",
    (
        "Uw centrum kreeg meer dan waarop het recht heeft. Betaal {amount} terug, ten laatste op"
        " {due}, op rekening {iban} van {holder}, met als mededeling {reference}. Alles staat op uw"
        " afrekening: {page}/afrekening\n\nDe reden: {reason}"
    ),
)
NOT_ASKED_BACK = (
    "U hoeft niet terug te betalen",
    (
        "Wat we op {asked} terugvroegen, {amount}, hoeft niet overgeschreven te worden: het wordt"
        " verrekend met wat uw centrum nog vordert: {page}/afrekening"
    ),
)
OPENED = (
    "Een cheque staat open voor uw centrum",
    "Een werkende opende een cheque voor uw centrum. Op uw pagina ziet u welke: {page}",
)
MOVED = (
    "Een werkende komt naar uw centrum",
    (
        "Een werkende koos uw centrum om de begeleiding voort te zetten. Het traject staat bij de"
        " uwe: {page}"
    ),
)
DECIDED = (
    "Over een gesprek is beslist",
    (
        "Over het gesprek van {held} ({hours}) is beslist. De beslissing en waarom staan op uw"
        " pagina: {page}"
    ),
)
HELD = (
    "Een betaling wordt ingehouden",
    (
        "We houden {what} in tot en met {until}, op grond van {article}. Alles staat op uw"
        " afrekening: {page}/afrekening\n\nDe reden: {reason}"
    ),
)
LIFTED = (
    "Een inhouding is opgeheven",
    (
        "We houden {what} niet langer in. Wanneer u betaald wordt, staat op uw afrekening:"
        " {page}/afrekening"
    ),
)


def handlers(post: Post, account: BankAccount) -> dict[str, Handler]:
    """Return what to do for each kind of outbox row to a centre."""
    return {
        "opened_for": partial(_opened, post),
        "talk_disputed": partial(_of_talk, post, DISPUTED),
        "talk_decided": partial(_of_talk, post, DECIDED),
        "talk_corrected": partial(_of_talk, post, CORRECTED),
        "hold_placed": partial(_held, post, HELD),
        "hold_lifted": partial(_held, post, LIFTED),
        "recovery_asked": partial(_asked_back, post, account),
        "recovery_cancelled": partial(_not_asked_back, post),
    }


def _opened(post: Post, row: OutboxRow) -> None:
    opening = Opening.objects.select_related("centre", "order__standing").get(pk=row.about_id)
    # Shut or started by now: it waits for nobody.
    is_open = opening.ended_at is None and opening.order.standing.status != Status.STARTED
    if opening.way == "move":
        post.to_centre(row, opening.centre, MOVED, {})
    elif is_open:
        post.to_centre(row, opening.centre, OPENED, {})


def _held(post: Post, words: tuple[str, str], row: OutboxRow) -> None:
    hold = Hold.objects.select_related("centre").get(pk=row.about_id)
    what = "alles wat uw centrum nog krijgt" if hold.claim_id is None else "vordering {}"
    values = {
        "what": what.format(hold.claim_id),
        "until": day_text(hold.until, "nl"),
        "article": hold.article,
        "reason": hold.reason,
    }
    post.to_centre(row, hold.centre, words, values)


def _of_talk(post: Post, words: tuple[str, str], row: OutboxRow) -> None:
    talk = talk_of(row.about_id)
    values = values_of_talk(talk, "nl") | {"minutes": row.part}
    post.to_centre(row, talk.track.centre, words, values)


def _asked_back(post: Post, account: BankAccount, row: OutboxRow) -> None:
    asked = Recovery.objects.select_related("centre").get(pk=row.about_id)
    if asked.status != "released" or asked.paid_on is not None:
        return
    values = {
        "amount": euro_text(asked.amount_cents, "nl"),
        "reason": asked.reason,
        "due": day_text(asked.due_on, "nl"),
        "iban": account.iban,
        "holder": account.name,
        "reference": written_communication(asked.reference),
    }
    post.to_centre(row, asked.centre, ASKED_BACK, values)


def _not_asked_back(post: Post, row: OutboxRow) -> None:
    asked = Recovery.objects.select_related("centre").get(pk=row.about_id)
    assert asked.released_at is not None, "only what a centre was asked is told to be over"
    values = {
        "amount": euro_text(asked.amount_cents, "nl"),
        "asked": day_text(timezone.localdate(asked.released_at), "nl"),
    }
    post.to_centre(row, asked.centre, NOT_ASKED_BACK, values)
