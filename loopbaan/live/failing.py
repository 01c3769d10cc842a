"""A payment that the bank does not carry out: said by one person, confirmed by another.

A bank refuses a file, or one transfer of it, without booking anything. The claims are then paid
again; what the bank books later all the same settles nothing, and is seen.
"""

from datetime import datetime

from django.db import transaction

from loopbaan.adapters.bank import BankRefused
from loopbaan.live import ledger
from loopbaan.live.batches import waits
from loopbaan.live.models import OutboxRow, Payout
from loopbaan.live.moving import Refused, record


def ask_failed(*, payout: Payout, reason: str, now: datetime, actor: str) -> Payout:
    """Say that the bank does not carry a payment out, and why; somebody else confirms it.

    Raises:
        Refused: it does not wait for the bank, was asked before, or there is no reason.

    """
    if not reason.strip():
        raise Refused("Zeg waarom deze betaling mislukte.")
    with transaction.atomic():
        locked = _at_the_bank(payout)
        if locked.fail_asked_at is not None:
            raise Refused("Een collega zei al dat deze betaling mislukte: bevestig het.")
        locked.fail_reason = reason.strip()
        locked.fail_asked_by, locked.fail_asked_at = actor, now
        locked.save()
        record(("payout", locked.pk), "", "ask_failed", "asked_failed", now=now, actor=actor)
        return locked


def confirm_failed(*, payout: Payout, now: datetime, actor: str) -> Payout:
    """Confirm that the bank does not carry a payment out: its claims are paid again.

    What the bank books for it later is no longer ours: it is stray.

    Raises:
        Refused: it does not wait for the bank, nobody asked, the same person did, or nobody knows
            yet whether the bank has the file.

    """
    with transaction.atomic():
        locked = _at_the_bank(payout)
        if locked.fail_asked_at is None:
            raise Refused("Niemand zei dat deze betaling mislukte.")
        if locked.fail_asked_by == actor:
            raise Refused("Wie zegt dat een betaling mislukte, bevestigt dat niet zelf.")
        sent = OutboxRow.objects.select_for_update().get(
            kind="payout_send", about_id=locked.batch_id
        )
        if sent.done_at is None and not sent.fault.startswith(BankRefused.__name__):
            raise Refused(
                "Het bestand is nog onderweg naar de bank. Wacht tot die het aannam of weigerde."
            )
        locked.failed_by, locked.failed_at = actor, now
        locked.save()
        locked.lines.update(is_void=True)
        ledger.void(f"payout:{locked.pk}", now=now)
        record(("payout", locked.pk), "asked_failed", "fail", "failed", now=now, actor=actor)
        return locked


def _at_the_bank(payout: Payout) -> Payout:
    """Return a payment, locked, if it waits for the bank."""
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch")
    locked = rows.get(pk=payout.pk)
    if not waits(locked):
        raise Refused("Deze betaling wacht niet op de bank.")
    return locked
