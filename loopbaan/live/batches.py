"""Centres are paid: a batch is made by one person, released by another, and carried out once.

The worker process hands the file to the bank, the same bytes however often; what the bank books
settles each payment, and what it sends back waits for another account number.
"""

import re
from collections import defaultdict
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from loopbaan.adapters import bank
from loopbaan.adapters.bank import Bank, BankAccount, Entry
from loopbaan.live import ledger
from loopbaan.live.models import Centre, Claim, Hold, OutboxRow, Payout, PayoutBatch, PayoutLine
from loopbaan.live.moving import Refused, record
from loopbaan.live.outbox import Handler, tell

PAYING = 7_203  # advisory lock: batches are made one after the other


def place_hold(
    *,
    centre: Centre,
    article: str,
    reason: str,
    until: date,
    day: date,
    now: datetime,
    actor: str,
    claim: Claim | None = None,
) -> Hold:
    """Hold back what a centre is paid, or one claim of it, from today up to and including a day.

    Raises:
        Refused: article, reason or a later end is missing, or the claim is another centre's.

    """
    if not article.strip() or not reason.strip():
        raise Refused("Wie een betaling inhoudt, noemt het artikel en de reden.")
    if until < day:
        raise Refused("Een inhouding heeft een einddatum, na de begindatum.")
    if claim is not None and claim.centre_id != centre.pk:
        raise Refused("Deze vordering is niet van dit centrum.")
    with transaction.atomic():
        hold = Hold.objects.create(
            centre=centre,
            claim=claim,
            article=article.strip(),
            reason=reason.strip(),
            since=day,
            until=until,
            placed_by=actor,
            placed_at=now,
        )
        record(("hold", hold.pk), "", "place", "placed", now=now, actor=actor)
        return hold


def lift_hold(*, hold: Hold, day: date, now: datetime, actor: str) -> Hold:
    """Lift a hold before its end: from today it holds nothing.

    Raises:
        Refused: it was lifted before.

    """
    with transaction.atomic():
        locked = Hold.objects.select_for_update().get(pk=hold.pk)
        if locked.lifted_on is not None:
            raise Refused("Deze inhouding is al opgeheven.")
        locked.lifted_on = day
        locked.save()
        record(("hold", locked.pk), "placed", "lift", "lifted", now=now, actor=actor)
        return locked


def holds_on(day: date) -> QuerySet[Hold]:
    """Return the holds that stand on a day."""
    return Hold.objects.filter(since__lte=day, until__gte=day).filter(
        Q(lifted_on=None) | Q(lifted_on__gt=day)
    )


def unpaid() -> QuerySet[Claim]:
    """Return the claims and counter-entries that stand in no payment."""
    lines = PayoutLine.objects.filter(claim=OuterRef("pk"), is_void=False)
    return Claim.objects.filter(~Exists(lines))


def refused_account(centre: Centre) -> bool:
    """Whether the bank sent the latest payment back from the account that a centre still has."""
    latest = Payout.objects.filter(centre=centre, paid_on__isnull=False).order_by("-pk").first()
    return latest is not None and latest.returned_on is not None and latest.iban == centre.iban


def make_batch(*, execute_on: date, day: date, now: datetime, actor: str) -> PayoutBatch:
    """Gather what every centre is owed now into a batch: one payment a centre.

    Counter-entries are set off; a centre that owes more than it claims is not paid now.

    Raises:
        Refused: there is nothing to pay, or the day lies behind us.

    """
    if execute_on < day:
        raise Refused("De dag van de uitbetaling ligt in het verleden.")
    with transaction.atomic():
        lock_paying()
        payable = _payable(day)
        if not payable:
            raise Refused("Er is nu niets uit te betalen.")
        batch = PayoutBatch.objects.create(made_by=actor, made_at=now, execute_on=execute_on)
        for centre, claims in payable:
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
        Refused: it was made by the same person, is no longer open, or something in it is held now.
        Unusable: a payment cannot be written; a sentence says which.

    """
    with transaction.atomic():
        locked = _made(batch)
        if locked.made_by == actor:
            raise Refused("Wie een uitbetaling maakt, geeft ze niet zelf vrij.")
        lines = PayoutLine.objects.filter(payout__batch=locked)
        held = holds_on(day).filter(
            Q(claim=None, centre__in=lines.values("payout__centre"))
            | Q(claim__in=lines.values("claim"))
        )
        if held.exists():
            raise Refused("Iets in deze uitbetaling is intussen ingehouden: maak ze opnieuw.")
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
            for payout in batch.payouts.order_by("pk")
        ],
        ident=batch.ident,
        made_at=timezone.localtime(batch.released_at),
        execute_on=batch.execute_on,
    )


def settle(entry: Entry, *, now: datetime, actor: str) -> bool:
    """Note the payment to a centre that the bank carried out; False if it is none of ours."""
    payout = _payout_of(entry, amount_cents=-entry.amount_cents)
    if payout is None or payout.paid_on is not None or payout.batch.status != "released":
        return False
    payout.paid_on = entry.booked_on
    payout.save()
    ledger.settle(f"payout:{payout.pk}", now=now)
    record(("payout", payout.pk), "", "settle", "paid", now=now, actor=actor)
    return True


def take_back(entry: Entry, *, now: datetime, actor: str) -> bool:
    """Note that the bank sent a payment to a centre back: its claims wait again."""
    payout = _payout_of(entry, amount_cents=entry.amount_cents)
    if payout is None or payout.paid_on is None or payout.returned_on is not None:
        return False
    payout.returned_on = entry.booked_on
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
        outside.send(batch_file(PayoutBatch.objects.get(pk=row.about_id), account))

    return {"payout_send": send}


def _payable(day: date) -> list[tuple[Centre, list[Claim]]]:
    """Return the centres to pay with their claims, in the order of their numbers."""
    holds = holds_on(day)
    waiting = (
        unpaid()
        .exclude(centre__in=holds.filter(claim=None).values("centre"))
        .exclude(pk__in=holds.filter(claim__isnull=False).values("claim"))
        .order_by("centre_id", "pk")
    )
    claims: dict[int, list[Claim]] = defaultdict(list)
    for each in waiting:
        claims[each.centre_id].append(each)
    centres = Centre.objects.in_bulk(claims)
    return [
        (centres[number], mine)
        for number, mine in claims.items()
        if sum(each.total_cents for each in mine) > 0 and not refused_account(centres[number])
    ]


def _made(batch: PayoutBatch) -> PayoutBatch:
    """Return a batch, locked, if it waits to be released."""
    locked = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.status != "made":
        raise Refused("Deze uitbetaling staat niet meer open.")
    return locked


def _payout_of(entry: Entry, *, amount_cents: int) -> Payout | None:
    found = re.fullmatch(r"CENTRUM-(\d{1,15})", entry.end_to_end)
    if found is None:
        return None
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch")
    return rows.filter(pk=int(found[1]), amount_cents=amount_cents).first()


def lock_paying() -> None:
    """Wait until nobody gathers what is to be paid, and keep it so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PAYING])
