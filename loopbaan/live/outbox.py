"""What must be told to the outside: written with the decision, done later, never twice for good.

A row is claimed under SKIP LOCKED, so several workers never take the same; a failure is tried again
later, a bounded number of times, and then lies dead in view.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from loopbaan.live.models import OutboxRow
from loopbaan.live.moving import Refused

MOST_ATTEMPTS = 6
Handler = Callable[[OutboxRow], None]


def tell(
    kind: str, about_id: int, *, now: datetime, due_at: datetime | None = None, part: str = ""
) -> OutboxRow:
    """Write down that something must be told; once for each kind, subject and part."""
    row, _ = OutboxRow.objects.get_or_create(
        kind=kind, about_id=about_id, part=part, defaults={"due_at": due_at or now}
    )
    return row


def run_due(handlers: Mapping[str, Handler], *, now: datetime, most: int = 100) -> int:
    """Do what is due, one row a transaction, and return how many rows were tried."""
    tried = 0
    while tried < most and _run_one(handlers, now):
        tried += 1
    return tried


def _run_one(handlers: Mapping[str, Handler], now: datetime) -> bool:
    with transaction.atomic():
        row = (
            OutboxRow.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, dead_at=None, due_at__lte=now)
            .order_by("due_at", "pk")
            .first()
        )
        if row is None:
            return False
        row.attempts += 1
        try:
            with transaction.atomic():
                handlers[row.kind](row)
        except Exception as error:  # noqa: BLE001 (whatever the outside does, the loop goes on)
            row.fault = f"{type(error).__name__}: {error}"[:200]
            row.due_at = now + timedelta(seconds=5 * 4**row.attempts)
            if row.attempts >= MOST_ATTEMPTS:
                row.dead_at = now
        else:
            row.done_at = now
            row.fault = ""
        row.save()
        return True


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
