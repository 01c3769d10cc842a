"""What must be told to the outside: written with the decision, done later, never twice for good.

A row is claimed under SKIP LOCKED, so several workers never take the same; a failure is tried again
later, a bounded number of times, and then lies dead in view; a file for the bank without end. What
the software of centres is told is sent apart (`live/webhooks.py`): the rest does not wait for who
answers slowly.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from loopbaan.live.events import KIND as TO_SOFTWARE
from loopbaan.live.models import OutboxRow
from loopbaan.live.moving import Refused

MOST_ATTEMPTS = 6
# A payment that was released is never given up: a bank may be away for a day.
ENDLESS, EVERY = ("payout_send",), timedelta(hours=1)
Handler = Callable[[OutboxRow], None]


def early(day: date) -> datetime:
    """Return the moment from which a reminder of a day is sent."""
    return datetime.combine(day, time(6), UTC)


def tell(
    kind: str, about_id: int, *, now: datetime, due_at: datetime | None = None, part: str = ""
) -> None:
    """Write down that something must be told; once for each kind, subject and part."""
    tell_all([OutboxRow(kind=kind, about_id=about_id, part=part, due_at=due_at or now)])


def tell_all(rows: Sequence[OutboxRow]) -> None:
    """Write down what must be told, as `tell` does."""
    OutboxRow.objects.bulk_create(rows, ignore_conflicts=True)


def run_due(handlers: Mapping[str, Handler], *, now: datetime, most: int = 100) -> int:
    """Do what is due, one row a transaction, and return how many rows were tried."""
    tried = 0
    while tried < most and _run_one(handlers, now):
        tried += 1
    return tried


def run_together(handlers: Mapping[str, Handler], *, now: datetime, most: int = 100) -> int:
    """Do what is due in one transaction, and return how many rows that were.

    For a demo: what fails undoes them all, and a crash has them all done again.
    """
    with transaction.atomic():
        rows = list(due(now).exclude(kind=TO_SOFTWARE)[:most])
        for row in rows:
            handlers[row.kind](row)
        done = OutboxRow.objects.filter(pk__in=[row.pk for row in rows])
        done.update(attempts=F("attempts") + 1, done_at=now)
        return len(rows)


def _run_one(handlers: Mapping[str, Handler], now: datetime) -> bool:
    with transaction.atomic():
        row = due(now).exclude(kind=TO_SOFTWARE).first()
        if row is None:
            return False
        fault = ""
        try:
            with transaction.atomic():
                handlers[row.kind](row)
        except Exception as error:  # noqa: BLE001 (whatever the outside does, the loop goes on)
            fault = f"{type(error).__name__}: {error}"
        tried(row, fault, now=now)
        return True


def due(now: datetime) -> QuerySet[OutboxRow]:
    """Return the rows to be done, the longest due first; locked, and none that another one has."""
    rows = OutboxRow.objects.select_for_update(skip_locked=True)
    return rows.filter(done_at=None, dead_at=None, due_at__lte=now).order_by("due_at", "pk")


def tried(row: OutboxRow, fault: str, *, now: datetime, most: int = MOST_ATTEMPTS) -> None:
    """Note that a locked row was tried: it is done, is tried again later, or is given up."""
    row.attempts += 1
    row.fault = fault[:200]
    if not fault:
        row.done_at = now
    elif row.attempts >= most and row.kind not in ENDLESS:
        row.dead_at = now
    else:
        wait = timedelta(seconds=5 * 4 ** min(row.attempts, most))
        row.due_at = now + (min(wait, EVERY) if row.kind in ENDLESS else wait)
    row.save()


def retry(*, row: OutboxRow, now: datetime) -> OutboxRow:
    """Give a row that was given up its attempts again.

    Raises:
        Refused: it is not given up.

    """
    with transaction.atomic():
        row = OutboxRow.objects.select_for_update().get(pk=row.pk)
        if row.dead_at is None:
            raise Refused("Dit bericht is niet opgegeven: het wordt vanzelf verstuurd.")
        row.dead_at, row.attempts, row.due_at = None, 0, now
        row.save()
        return row
