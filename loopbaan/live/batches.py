"""Centres are paid: a batch is made by one person, released by another, and carried out once.

The worker process hands the file to the bank, the same bytes however often; what the bank books
settles each payment, and what it sends back or does not carry out is paid again.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from loopbaan.adapters import bank
from loopbaan.adapters.bank import Bank, BankAccount, Entry
from loopbaan.live import ledger
from loopbaan.live.holds import holds_on, payable
from loopbaan.live.models import (
    Centre,
    Claim,
    JournalLine,
    OutboxRow,
    Payout,
    PayoutBatch,
    PayoutLine,
    Recovery,
    Statement,
)
from loopbaan.live.moving import Refused, record
from loopbaan.live.outbox import Handler, tell

PAYING = 7_203  # advisory lock: batches are made one after the other
LATE_AFTER = timedelta(days=3)  # a bank books within a day, but not on a Saturday or a Sunday


def refused_account(centre: Centre) -> bool:
    """Whether the bank sent the latest payment back for the account that a centre still has.

    Only for a reason of the account (AC01, AC04 …): anything else is paid again as it is.
    """
    latest = Payout.objects.filter(centre=centre, paid_on__isnull=False).order_by("-pk").first()
    return (
        latest is not None
        and latest.returned_on is not None
        and latest.iban == centre.iban
        and latest.return_reason[:2] in ("", "AC")
    )


def late_recoveries(day: date) -> QuerySet[Recovery]:
    """Return what centres were asked to pay back, and did not before a day."""
    return Recovery.objects.filter(status="released", paid_on=None, due_on__lt=day)


def late_payouts(day: date) -> QuerySet[Payout]:
    """Return the payments that were to be carried out, and of which the bank says nothing."""
    return Payout.objects.filter(
        batch__status="released",
        batch__execute_on__lte=day - LATE_AFTER,
        paid_on=None,
        failed_at=None,
    )


def last_day(day: date) -> date | None:
    """Return the last day on which a batch of today pays in time; None if there is none to make."""
    found = _payable(day)
    return _last_day(found, day) if found else None


def make_batch(*, execute_on: date, day: date, now: datetime, actor: str) -> PayoutBatch:
    """Gather what every centre is owed now into a batch: one payment a centre.

    Counter-entries are set off; a centre that owes more than it claims is not paid now, nor one
    that did not pay back in time what it was asked.

    Raises:
        Refused: there is nothing to pay, the day lies behind us or is too late for a claim, or the
            bank did not tell yet what it paid since a backup was put back.

    """
    if execute_on < day:
        raise Refused("De dag van de uitbetaling ligt in het verleden.")
    with transaction.atomic():
        lock_paying()
        _check_restored()
        found = _payable(day)
        if not found:
            raise Refused("Er is nu niets uit te betalen.")
        last = _last_day(found, day)
        if execute_on > last:
            raise Refused(
                "Een vordering in deze uitbetaling moet vroeger betaald zijn: kies een dag tot en"
                " met %(day)s.",
                day=last,
            )
        batch = PayoutBatch.objects.create(made_by=actor, made_at=now, execute_on=execute_on)
        for centre, claims in found:
            payout = Payout.objects.create(
                batch=batch,
                centre=centre,
                amount_cents=sum(each.total_cents for each in claims),
                name=centre.name,
                iban=centre.iban,
            )
            PayoutLine.objects.bulk_create(PayoutLine(payout=payout, claim=each) for each in claims)
            ledger.pend(
                f"payout:{payout.pk}",
                debit="owed",
                credit="bank",
                amount=payout.amount_cents,
                about=("payout", payout.pk),
                now=now,
            )
        record(("payout_batch", batch.pk), "", "make", "made", now=now, actor=actor)
        return batch


def cancel_batch(*, batch: PayoutBatch, now: datetime, actor: str) -> PayoutBatch:
    """Cancel a batch that was not released: its claims wait again.

    Raises:
        Refused: it was released or cancelled before.

    """
    with transaction.atomic():
        locked = _made(batch)
        locked.status = "cancelled"
        locked.save()
        for payout in locked.payouts.order_by("pk"):
            payout.lines.update(is_void=True)
            ledger.void(f"payout:{payout.pk}", now=now)
        record(("payout_batch", locked.pk), "made", "cancel", "cancelled", now=now, actor=actor)
        return locked


def release_batch(
    *, batch: PayoutBatch, account: BankAccount, day: date, now: datetime, actor: str
) -> PayoutBatch:
    """Release a batch that somebody else made; the worker process hands it to the bank.

    Raises:
        Refused: it was made by the same person, is no longer open, or something in it is held now,
            goes to an account that the centre no longer has, or was corrected; or a backup was put
            back, as in `make_batch`.
        Unusable: a payment cannot be written; a sentence says which.

    """
    with transaction.atomic():
        locked = _made(batch)
        if locked.made_by == actor:
            raise Refused("Wie een uitbetaling maakt, geeft ze niet zelf vrij.")
        _check_restored()  # it may have been released after the backup was made
        _check_unchanged(locked, day)
        locked.status, locked.released_by, locked.released_at = "released", actor, now
        # A bank carries nothing out on a day that is over.
        locked.execute_on = max(locked.execute_on, day)
        locked.save()
        batch_file(locked, account)
        record(("payout_batch", locked.pk), "made", "release", "released", now=now, actor=actor)
        tell("payout_send", locked.pk, now=now)
        return locked


def batch_file(batch: PayoutBatch, account: BankAccount) -> bytes:
    """Return the file for the bank of a batch that was released: the same bytes each time.

    Raises:
        Unusable: a payment cannot be written; a sentence says which.

    """
    assert batch.released_at is not None, "only what was released goes to the bank"
    return bank.refund_file(
        account,
        [
            bank.Refund(
                end_to_end=payout.end_to_end,
                amount_cents=payout.amount_cents,
                name=payout.name,
                iban=payout.iban,
                text=f"Loopbaanbegeleiding uitbetaling {payout.pk}",
            )
            for payout in in_file(batch)
        ],
        ident=batch.ident,
        made_at=timezone.localtime(batch.released_at),
        execute_on=batch.execute_on,
    )


def in_file(batch: PayoutBatch) -> QuerySet[Payout]:
    """Return the payments that the bank gets: not those that failed before it took the file."""
    sent = OutboxRow.objects.filter(kind="payout_send", about_id=batch.pk).first()
    failed = Q(failed_at__isnull=False)
    if sent is not None and sent.done_at is not None:
        failed &= Q(failed_at__lt=sent.done_at)
    return batch.payouts.exclude(failed).order_by("pk")


def settle(entry: Entry, *, now: datetime, actor: str) -> bool:
    """Note the payment to a centre that the bank carried out; False if it is none of ours."""
    payout = _payout_of(entry)
    if payout is None or not waits(payout):
        return False
    before = "asked_failed" if payout.fail_asked_at else ""
    payout.paid_on = entry.booked_on
    payout.save()
    ledger.settle(f"payout:{payout.pk}", now=now)
    record(("payout", payout.pk), before, "settle", "paid", now=now, actor=actor)
    return True


def take_back(entry: Entry, *, now: datetime, actor: str) -> bool:
    """Note that the bank sent a payment to a centre back: its claims wait again."""
    payout = _payout_of(entry)
    if payout is None or payout.paid_on is None or payout.returned_on is not None:
        return False
    payout.returned_on, payout.return_reason = entry.booked_on, entry.returned[:35]
    payout.save()
    payout.lines.update(is_void=True)
    ledger.post(
        f"payout_back:{payout.pk}",
        debit="bank",
        credit="owed",
        amount=payout.amount_cents,
        about=("payout", payout.pk),
        now=now,
    )
    record(("payout", payout.pk), "paid", "return", "returned", now=now, actor=actor)
    return True


def handlers(outside: Bank, account: BankAccount) -> dict[str, Handler]:
    """Return what to do for each kind of outbox row about a batch."""

    def send(row: OutboxRow) -> None:
        # Again after a crash: the bank knows the file by its name, and takes it once.
        batch = PayoutBatch.objects.get(pk=row.about_id)
        if in_file(batch).exists():
            outside.send(batch_file(batch, account))

    return {"payout_send": send}


def waits(payout: Payout) -> bool:
    """Whether the bank may still carry a payment out."""
    is_open = payout.paid_on is None and payout.failed_at is None
    return is_open and payout.batch.status == "released"


def _payable(day: date) -> list[tuple[Centre, list[Claim]]]:
    """Return the centres to pay with their claims, in the order of their numbers."""
    waiting = payable(day).exclude(centre__in=late_recoveries(day).values("centre"))
    claims: dict[int, list[Claim]] = defaultdict(list)
    for each in waiting.order_by("centre_id", "pk"):
        claims[each.centre_id].append(each)
    centres = Centre.objects.in_bulk(claims)
    return [
        (centres[number], mine)
        for number, mine in claims.items()
        if sum(each.total_cents for each in mine) > 0 and not refused_account(centres[number])
    ]


def _last_day(found: Sequence[tuple[Centre, list[Claim]]], day: date) -> date:
    """Return the day on which the first claim is due; today if that is over, any if none is."""
    due = (each.pay_by for _, claims in found for each in claims if each.pay_by is not None)
    return max(day, min(due, default=date.max))


def _check_restored() -> None:
    """Refuse while nobody knows what the bank paid since a backup was put back."""
    restored = JournalLine.objects.filter(subject="database", act="restore").order_by("-pk").first()
    if restored is None:
        return
    day = timezone.localdate(restored.at)
    if not Statement.objects.filter(until__gte=day, read_at__gt=restored.at).exists():
        raise Refused(
            "Op %(day)s werd een reservekopie teruggezet. Lees eerst een uittreksel van die hele"
            " dag of later in, en kijk na wat uitging zonder opdracht.",
            day=day,
        )


def _check_unchanged(batch: PayoutBatch, day: date) -> None:
    """Refuse to release what would be made otherwise now."""
    lines = PayoutLine.objects.filter(payout__batch=batch)
    held = holds_on(day).filter(
        Q(claim=None, centre__in=lines.values("payout__centre"))
        | Q(claim__talk__in=lines.values("claim__talk"))
    )
    if held.exists():
        raise Refused("Iets in deze uitbetaling is intussen ingehouden: maak ze opnieuw.")
    moved = batch.payouts.exclude(iban=F("centre__iban")).select_related("centre").first()
    if moved is not None:
        raise Refused(
            "%(centre)s gaf intussen een andere rekening op: annuleer deze uitbetaling en maak ze"
            " opnieuw.",
            centre=moved.centre.name,
        )
    less = payable(day).filter(kind="counter", centre__in=lines.values("payout__centre"))
    corrected = less.select_related("centre").order_by("pk").first()
    if corrected is not None:
        raise Refused(
            "Een vordering van %(centre)s werd intussen verminderd: annuleer deze uitbetaling en"
            " maak ze opnieuw.",
            centre=corrected.centre.name,
        )


def _made(batch: PayoutBatch) -> PayoutBatch:
    """Return a batch, locked, if it waits to be released."""
    locked = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.status != "made":
        raise Refused("Deze uitbetaling staat niet meer open.")
    return locked


def _payout_of(entry: Entry) -> Payout | None:
    """Return the payment of which an entry names the whole reference and the amount, locked."""
    found = re.fullmatch(r"CENTRUM-(\d{1,15})(-[0-9A-F]{8})?", entry.end_to_end)
    if found is None:
        return None
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch")
    payout = rows.filter(pk=int(found[1]), amount_cents=abs(entry.amount_cents)).first()
    return payout if payout is not None and payout.end_to_end == entry.end_to_end else None


def lock_paying() -> None:
    """Wait until nobody gathers what is to be paid, and keep it so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PAYING])
