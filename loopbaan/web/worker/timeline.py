"""The timeline of an order: what was, what is now, what comes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from loopbaan.law.transitions import Act, Status, TalkStatus
from loopbaan.law.wording import Lang, day_text, hours_text
from loopbaan.live.models import JournalLine, Order, Talk
from loopbaan.web.statuses import STATUSES, TALKS

MOST_LINES = 100
ENDED = (
    Status.REFUSED,
    Status.LOST,
    Status.WITHDRAWN,
    Status.LAPSED,
    Status.LAPSED_UNSTARTED,
)


@dataclass(frozen=True)
class Step:
    """One step: `state` is past, ended, now or later."""

    state: str
    title: Any
    at: datetime | None = None
    text: str = ""


def steps(order: Order, status: Status, lang: Lang) -> list[Step]:
    """Return the steps of an order, the oldest first."""
    lines = JournalLine.objects.filter(subject="order", subject_id=order.pk).order_by("pk")
    past = [_past(line) for line in lines[:MOST_LINES]] + _guided(order, lang)
    past.sort(key=lambda step: step.at or order.received_at)
    return [*past, *_ahead(order, status, lang)]


def _past(line: JournalLine) -> Step:
    after = Status(line.after)
    if line.act == Act.RECEIVE:
        return Step("past", _("Bestelling ontvangen"), line.at)
    if line.act == Act.CONTEST:
        return Step("past", _("U betwistte de weigering"), line.at)
    if line.act == Act.DECIDE and after == Status.GRANTED:
        return Step("past", _("Toegekend"), line.at)
    if line.act == Act.PAY:
        return Step("past", _("Betaling gekregen, cheque klaar"), line.at)
    if line.act == Act.MOVE:
        return Step("past", _("Cheque verplaatst naar een ander centrum"), line.at)
    return Step("ended" if after in ENDED else "past", STATUSES[after].label, line.at)


def _guided(order: Order, lang: Lang) -> list[Step]:
    """Return the talks that were registered."""
    talks = Talk.objects.filter(track__voucher__order=order).order_by("pk")[:MOST_LINES]
    return [
        Step(
            "past",
            _("Gesprek van %(length)s") % {"length": hours_text(talk.minutes, lang)},
            talk.registered_at,
            f"{day_text(talk.held_on, lang)}: {TALKS[TalkStatus(talk.status)].label}",
        )
        for talk in talks
    ]


def _ahead(order: Order, status: Status, lang: Lang) -> list[Step]:
    """Return what is to happen now, and what follows."""
    pay = Step("later", _("Betalen"))
    voucher = Step("later", _("Cheque"))
    start = Step("later", _("Begeleiding starten"))
    talks, close = Step("later", _("Gesprekken")), Step("later", _("Afsluiten"))
    if status == Status.RECEIVED:
        return [Step("now", _("We kijken uw gegevens na")), pay, voucher, start]
    if status == Status.WAITING:
        return [Step("now", _("Wachten op een plaats")), pay, voucher, start]
    if status == Status.GRANTED:
        by = _by(order.payment_request.due_on, lang)
        return [Step("now", _("Betalen"), text=by), voucher, start]
    if status == Status.ISSUED:
        return [
            Step("now", _("Begeleiding starten"), text=_by(order.voucher.start_by, lang)),
            talks,
            close,
        ]
    if status == Status.STARTED:
        return [_talking(order, lang), close]
    return []


def _talking(order: Order, lang: Lang) -> Step:
    """Return that talks are going on, and how much is left for them."""
    left = hours_text(order.voucher.free_minutes, lang)
    return Step("now", _("Gesprekken"), text=_("nog %(left)s over") % {"left": left})


def _by(day: date, lang: Lang) -> str:
    return _("ten laatste op %(day)s") % {"day": day_text(day, lang)}
