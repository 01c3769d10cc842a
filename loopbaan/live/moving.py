"""Moves an order through the law's transition table, with a line in the journal each time."""

from datetime import date, datetime

from django.db import connection

from loopbaan.law.transitions import Act, Status, outcomes
from loopbaan.law.wording import Lang, day_text
from loopbaan.live.models import JournalLine, Order, Standing

RECEIVING, DECIDING = 7_201, 7_202  # advisory locks: taken shared by who receives


class Refused(Exception):
    """An operation cannot be done; the message is the sentence for the person who asked.

    Names in it, such as %(day)s, are filled in with the values: so it can be said in any language.
    """

    def __init__(self, sentence: str, **values: str | int | date) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(self.filled(sentence, "nl"))

    def filled(self, sentence: str, lang: Lang) -> str:
        """Return its sentence in a language, with the values filled in."""
        values = {
            name: day_text(value, lang) if isinstance(value, date) else value
            for name, value in self.values.items()
        }
        return sentence % values if values else sentence


def lock_deciding() -> None:
    """Wait until nobody decides, and keep it so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])


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
    return JournalLine.objects.create(
        at=now,
        actor=actor,
        subject="order",
        subject_id=order_number,
        before=before or "",
        act=act,
        after=after,
        ground=ground,
    )
