"""Money comes back from a centre that owes more than it claims and has nothing left to set off.

Asked by one person with a reason, released by another; the centre pays under a reference of its
own, and the bank's statement settles it. What is asked back is not set off as well: its claims
stand in the recovery, as those that are paid stand in a payment.
"""

from datetime import date, datetime

from django.db import transaction

from loopbaan.adapters.bank import Entry, communication
from loopbaan.live import ledger
from loopbaan.live.batches import lock_paying, unpaid
from loopbaan.live.models import Centre, PayoutLine, Recovery
from loopbaan.live.moving import Refused, record
from loopbaan.live.outbox import tell

# Communications of orders are numbered from 1: those of recoveries begin where no order comes.
FIRST_REFERENCE = 9_000_000_000


def make_recovery(
    *, centre: Centre, reason: str, due_on: date, day: date, now: datetime, actor: str
) -> Recovery:
    """Prepare to ask back what a centre owes now, all of it; somebody else releases it.

    Raises:
        Refused: it owes nothing, is asked already, there is no reason, or the day lies behind us.

    """
    if not reason.strip():
        raise Refused("Wie geld terugvraagt, zegt waarom.")
    if due_on < day:
        raise Refused("De laatste dag om te betalen ligt in het verleden.")
    with transaction.atomic():
        lock_paying()
        if open_recovery(centre) is not None:
            raise Refused("Van dit centrum wordt al geld teruggevraagd.")
        claims = list(unpaid().filter(centre=centre).order_by("pk"))
        owed = -sum(each.total_cents for each in claims)
        if owed <= 0:
            raise Refused("Dit centrum moet nu niets terugbetalen.")
        made = Recovery.objects.create(
            centre=centre,
            amount_cents=owed,
            reason=reason.strip(),
            due_on=due_on,
            made_by=actor,
            made_at=now,
        )
        PayoutLine.objects.bulk_create(PayoutLine(recovery=made, claim=each) for each in claims)
        ledger.pend(
            f"recovery:{made.pk}",
            debit="bank",
            credit="owed",
            amount=owed,
            about=("recovery", made.pk),
            now=now,
        )
        record(("recovery", made.pk), "", "make", "made", now=now, actor=actor)
        return made


def release_recovery(*, recovery: Recovery, day: date, now: datetime, actor: str) -> Recovery:
    """Release a recovery that somebody else made: the centre is told what to pay, and how.

    Raises:
        Refused: it was made by the same person, is no longer open, or its last day is over.

    """
    with transaction.atomic():
        locked = _locked(recovery.pk)
        if locked is None or locked.status != "made":
            raise Refused("Deze terugvordering staat niet meer open.")
        if locked.made_by == actor:
            raise Refused("Wie geld terugvraagt, geeft dat niet zelf vrij.")
        if locked.due_on < day:
            raise Refused("De laatste dag om te betalen ligt in het verleden.")
        locked.status, locked.released_by, locked.released_at = "released", actor, now
        locked.save()
        record(("recovery", locked.pk), "made", "release", "released", now=now, actor=actor)
        tell("recovery_asked", locked.pk, now=now)
        return locked


def cancel_recovery(*, recovery: Recovery, now: datetime, actor: str) -> Recovery:
    """Take back that money is asked, before it is paid: what is owed is set off again.

    Raises:
        Refused: it was paid or cancelled before.

    """
    with transaction.atomic():
        locked = _locked(recovery.pk)
        if locked is None or locked.status == "cancelled" or locked.paid_on is not None:
            raise Refused("Deze terugvordering is al betaald of geannuleerd.")
        before, locked.status = locked.status, "cancelled"
        locked.save()
        locked.lines.update(is_void=True)
        ledger.void(f"recovery:{locked.pk}", now=now)
        record(("recovery", locked.pk), before, "cancel", "cancelled", now=now, actor=actor)
        if before == "released":
            tell("recovery_cancelled", locked.pk, now=now)
        return locked


def open_recovery(centre: Centre) -> Recovery | None:
    """Return what is asked back of a centre now, or is about to be."""
    waiting = Recovery.objects.filter(centre=centre, paid_on=None)
    return waiting.filter(status__in=("made", "released")).first()


def reference(recovery: Recovery) -> str:
    """Return the digits of the structured communication under which a centre pays back."""
    return communication(FIRST_REFERENCE + recovery.pk)


def find(digits: str) -> Recovery | None:
    """Return the recovery that a communication asks for, locked."""
    number = int(digits[:10] or 0) - FIRST_REFERENCE
    return _locked(number) if number > 0 else None


def match(recovery: Recovery, entry: Entry, *, now: datetime, actor: str) -> str:
    """Settle a recovery by an entry that pays it exactly, and return how the entry matches.

    What does not fit is not guessed at: a person looks at it, and can give it back. Paid after its
    last day is paid all the same.
    """
    if recovery.paid_on is not None:
        return "double"
    if recovery.status != "released":
        return "late"
    if entry.amount_cents != recovery.amount_cents:
        return "too_little" if entry.amount_cents < recovery.amount_cents else "too_much"
    recovery.paid_on = entry.booked_on
    recovery.save()
    ledger.settle(f"recovery:{recovery.pk}", now=now)
    record(("recovery", recovery.pk), "released", "settle", "paid", now=now, actor=actor)
    return "recovered"


def _locked(number: int) -> Recovery | None:
    return Recovery.objects.select_for_update(of=("self",)).filter(pk=number).first()
