"""Money comes back from a centre that owes more than it claims and has nothing left to set off.

Asked by one person with a reason, released by another; the centre pays under a reference of its
own, at once or in parts, and the bank's statement settles it. What is asked back is not set off as
well: its claims stand in the recovery, as those that are paid stand in a payment.
"""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from loopbaan.adapters.bank import Entry, communication
from loopbaan.live import ledger
from loopbaan.live.batches import lock_paying
from loopbaan.live.holds import payable
from loopbaan.live.models import Centre, PayoutLine, Recovery, StatementLine
from loopbaan.live.models.payment import RECOVERED
from loopbaan.live.moving import Refused, record
from loopbaan.live.outbox import tell

# Communications of orders are numbered from 1: those of recoveries are drawn where no order comes.
FIRST_REFERENCE, REFERENCES = 9_000_000_000, 1_000_000_000


def make_recovery(
    *, centre: Centre, reason: str, due_on: date, day: date, now: datetime, actor: str
) -> Recovery:
    """Prepare to ask back what a centre owes now, less what is held; somebody else releases it.

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
        claims = list(payable(day).filter(centre=centre).order_by("pk"))
        owed = -sum(each.total_cents for each in claims)
        if owed <= 0:
            raise Refused("Dit centrum moet nu niets terugbetalen.")
        made = Recovery.objects.create(
            centre=centre,
            reference=communication(FIRST_REFERENCE + secrets.randbelow(REFERENCES)),
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
    """Take back that money is asked, before all of it is paid: what is owed is set off again.

    What came in of it waits for a person, who can give it back.

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
        for line in locked.bank_lines.filter(match="recovered_part").order_by("pk"):
            line.match = "late"
            line.save()
            ledger.post(
                f"recovered_back:{line.pk}",
                debit="owed",
                credit="unmatched",
                amount=line.amount_cents,
                about=("recovery", locked.pk),
                now=now,
            )
        record(("recovery", locked.pk), before, "cancel", "cancelled", now=now, actor=actor)
        if before == "released":
            tell("recovery_cancelled", locked.pk, now=now)
        return locked


def open_recovery(centre: Centre) -> Recovery | None:
    """Return what is asked back of a centre now, or is about to be."""
    waiting = Recovery.objects.filter(centre=centre, paid_on=None)
    return waiting.filter(status__in=("made", "released")).first()


def find(digits: str) -> Recovery | None:
    """Return the recovery that a communication asks for, locked."""
    return Recovery.objects.select_for_update(of=("self",)).filter(reference=digits).first()


def left_cents(recovery: Recovery) -> int:
    """Return what a centre still has to pay back of what it was asked."""
    paid = recovery.bank_lines.filter(match__in=RECOVERED).aggregate(cents=Sum("amount_cents"))
    return recovery.amount_cents - int(paid["cents"] or 0)


def match(recovery: Recovery, entry: Entry) -> str:
    """Return how an entry matches a recovery that is locked: it pays what is left, or a part.

    Too much is not guessed at: a person looks at it, and can give it back. Paid after its last day
    is paid all the same.
    """
    if recovery.paid_on is not None:
        return "double"
    if recovery.status != "released":
        return "late"
    left = left_cents(recovery)
    if entry.amount_cents > left:
        return "too_much"
    return "recovered" if entry.amount_cents == left else "recovered_part"


def settle(line: StatementLine, *, now: datetime, actor: str) -> None:
    """Book what came back of a recovery that is locked; with the last of it, it is paid."""
    recovery = line.recovery
    assert recovery is not None, "only what matched a recovery came back"
    ledger.post(
        f"recovered:{line.pk}",
        debit="bank",
        credit="owed",
        amount=line.amount_cents,
        about=("recovery", recovery.pk),
        now=now,
    )
    if line.match == "recovered_part":
        record(("recovery", recovery.pk), "released", "part", "released", now=now, actor=actor)
        return
    recovery.paid_on = line.booked_on
    recovery.save()
    # What was announced came in under its own keys, in one part or in more.
    ledger.void(f"recovery:{recovery.pk}", now=now)
    record(("recovery", recovery.pk), "released", "settle", "paid", now=now, actor=actor)


def _locked(number: int) -> Recovery | None:
    return Recovery.objects.select_for_update(of=("self",)).filter(pk=number).first()
