"""Moves orders and talks through the law's tables, with a line in the journal each time."""

from datetime import date, datetime, time

from django.db import connection

from loopbaan.law.transitions import (
    Act,
    Status,
    TalkAct,
    TalkStatus,
    outcomes,
    talk_outcome,
)
from loopbaan.law.wording import Lang, day_text, hour_text
from loopbaan.live import events
from loopbaan.live.models import JournalLine, Order, Standing, Talk, Voucher

# Advisory locks: taken shared by who receives; shared by who moves one order, and alone by who
# decides or moves many; alone by who prepares a decision, so that two do not ask the same.
RECEIVING, DECIDING, PREPARING = 7_201, 7_202, 7_203


class Refused(Exception):
    """An operation cannot be done; the message is the sentence for the person who asked.

    Names in it, such as %(day)s, are filled in with the values: so it can be said in any language.
    `code` is for software: stable, and told in `web/api/problems`.
    """

    def __init__(
        self, sentence: str, *, code: str = "refused", **values: str | int | date | time
    ) -> None:
        self.sentence, self.code, self.values = sentence, code, values
        super().__init__(self.filled(sentence, "nl"))

    def filled(self, sentence: str, lang: Lang) -> str:
        """Return its sentence in a language, with the values filled in."""
        values = {name: _written(value, lang) for name, value in self.values.items()}
        return sentence % values if values else sentence


def _written(value: str | int | date | time, lang: Lang) -> str | int:
    if isinstance(value, date):
        return day_text(value, lang)
    return hour_text(value, lang) if isinstance(value, time) else value


def lock_deciding() -> None:
    """Wait until nobody decides or moves an order, and keep it so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])


def hold_off_deciding() -> None:
    """Wait until nobody decides, and keep it so until the transaction ends; many may at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DECIDING])


def standing_of(order: Order) -> Standing | None:
    """Return where an order stands, locked; None while it was only received."""
    return Standing.objects.select_for_update().filter(order=order).first()


def move(
    order: Order,
    act: Act,
    to: Status,
    *,
    now: datetime,
    actor: str,
    ground: str = "",
) -> Standing:
    """Move one order by an act; the transition table of the law says whether that is possible.

    Raises:
        Refused: the order stands where the act is not possible.

    """
    standing = standing_of(order)
    before = Status(standing.status) if standing else Status.RECEIVED
    if to not in outcomes(before, act):
        raise Refused("Dat kan niet meer: de bestelling staat nu op een andere plaats.")
    if standing is None:
        standing = Standing(order=order, worker_id=order.worker_id)
    standing.status, standing.since = to, now
    standing.save()
    note(order.pk, before, act, to, now=now, actor=actor, ground=ground)
    return standing


def note(
    order_number: int,
    before: Status | None,
    act: Act,
    after: Status,
    *,
    now: datetime,
    actor: str,
    ground: str = "",
) -> JournalLine:
    """Write a line in the journal of an order."""
    return record(
        ("order", order_number), before or "", act, after, now=now, actor=actor, ground=ground
    )


def record(
    subject: tuple[str, int],
    before: str,
    act: str,
    after: str,
    *,
    now: datetime,
    actor: str,
    ground: str = "",
) -> JournalLine:
    """Write a line in the journal of a row: row ids and plain words, no personal value.

    The software of the centre is told of it, if it is one of the events that it is told of.
    """
    line = JournalLine.objects.create(
        at=now,
        actor=actor,
        subject=subject[0],
        subject_id=subject[1],
        before=before,
        act=act,
        after=after,
        ground=ground,
    )
    events.tell(line)
    return line


def lock_voucher(voucher_id: int) -> Voucher:
    """Return a voucher, locked: its minutes, talks, tracks and claims change one at a time."""
    return Voucher.objects.select_for_update(no_key=True).get(pk=voucher_id)


def move_talk(talk: Talk, act: TalkAct, *, now: datetime, actor: str, ground: str = "") -> Talk:
    """Move a talk, whose voucher is locked, by an act of the law's table.

    Raises:
        Refused: the talk stands where the act is not possible.

    """
    before = TalkStatus(talk.status) if talk.pk else None
    after = talk_outcome(before, act)
    if after is None:
        raise Refused(
            "Dat kan niet meer: het gesprek staat nu op een andere plaats.", code="talk_settled"
        )
    talk.status = after
    talk.save()
    record(("talk", talk.pk), before or "", act, after, now=now, actor=actor, ground=ground)
    return talk
