"""Money that goes back: made by one person, released by a second, carried out by the bank."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from django.db import transaction

from loopbaan.adapters import bank
from loopbaan.law import guidance
from loopbaan.law.transitions import Act, Status
from loopbaan.live import ledger
from loopbaan.live.models import Refund, StatementLine, Voucher
from loopbaan.live.models.payment import UNUSED
from loopbaan.live.moving import Refused, lock_deciding, move, record
from loopbaan.live.outbox import tell


def lapse_unstarted(*, today: date, now: datetime, actor: str = "system", most: int = 1_000) -> int:
    """Let vouchers lapse whose last day to start is over: money goes back, the right is kept."""
    with transaction.atomic():
        lock_deciding()
        over = list(
            Voucher.objects.filter(
                start_by__lt=today, started_on=None, order__standing__status=Status.ISSUED
            )
            .select_related("order")
            .order_by("order_id")[:most]
        )
        paid = StatementLine.objects.filter(
            request__order__in=[each.order_id for each in over], match="exact"
        )
        lines = list(paid.order_by("request__order_id"))
        amounts = np.array([line.amount_cents for line in lines], np.int64)
        back = guidance.refund_cents(amounts, started=np.zeros(len(lines), np.bool_))
        for voucher, line, cents in zip(over, lines, back.tolist(), strict=True):
            move(voucher.order, Act.LAPSE, Status.LAPSED_UNSTARTED, now=now, actor=actor)
            ledger.post(
                f"lapse:{voucher.pk}",
                debit="lapsed",
                credit="open",
                amount=voucher.minutes,
                about=("voucher", voucher.pk),
                now=now,
                unit="minutes",
            )
            _make(line, "lapsed", "held", cents, now=now, actor=actor)
            tell("voucher_lapsed", voucher.order_id, now=now)
        return len(over)


def make_refund(*, line: StatementLine, now: datetime, actor: str) -> Refund:
    """Give an entry that matched nothing back to who paid it.

    Raises:
        Refused: the entry was matched, or is given back already.

    """
    with transaction.atomic():
        line = StatementLine.objects.select_for_update().get(pk=line.pk)
        if line.match not in UNUSED:
            raise Refused("Deze betaling is toegewezen en kan niet terug.")
        if Refund.objects.filter(line=line).exists():
            raise Refused("Voor deze betaling is al een terugbetaling gemaakt.")
        return _make(line, line.match, "unmatched", line.amount_cents, now=now, actor=actor)


def cancel_refund(*, refund: Refund, now: datetime, actor: str) -> None:
    """Take back that an entry is given back: it waits again for a person; the journal keeps it.

    Raises:
        Refused: it was released, or the law itself gives the money back.

    """
    with transaction.atomic():
        locked = Refund.objects.select_for_update().filter(pk=refund.pk, released_at=None).first()
        if locked is None:
            raise Refused("Deze terugbetaling staat niet meer open.")
        if locked.ground not in UNUSED:
            raise Refused("Dit geld gaat terug omdat de cheque vervallen is: dat blijft zo.")
        ledger.void(f"refund:{locked.pk}", now=now)
        ledger.post(
            f"kept:{locked.pk}",
            debit="to_refund",
            credit="unmatched",
            amount=locked.amount_cents,
            about=("refund", locked.pk),
            now=now,
        )
        record(("refund", locked.pk), "made", "cancel", "cancelled", now=now, actor=actor)
        locked.delete()


def release(
    *,
    refunds: Sequence[int],
    account: bank.BankAccount,
    today: date,
    now: datetime,
    actor: str,
) -> bytes:
    """Release refunds that somebody else made, and return the file for the bank.

    Raises:
        Refused: one of them was made by the same person, or is no longer open.
        Unusable: one of them cannot be written (no account number); a sentence says which.

    """
    with transaction.atomic():
        rows = list(
            Refund.objects.select_for_update(of=("self",))
            .filter(pk__in=refunds, released_at=None)
            .select_related("line")
            .order_by("pk")
        )
        if len(rows) != len(set(refunds)) or not rows:
            raise Refused("Een van de terugbetalingen staat niet meer open.")
        if any(row.made_by == actor for row in rows):
            raise Refused("Wie een terugbetaling maakt, geeft ze niet zelf vrij.")
        for row in rows:
            row.released_by, row.released_at = actor, now
            row.save()
        return _file(rows, account, today)


def released_file(*, refund: Refund, account: bank.BankAccount, day: date) -> bytes:
    """Return the file for the bank again, with all that was released together on a day.

    Raises:
        Refused: it is not released yet.

    """
    if refund.released_at is None:
        raise Refused("Deze terugbetaling is nog niet vrijgegeven.")
    together = Refund.objects.filter(released_at=refund.released_at, released_by=refund.released_by)
    return _file(list(together.select_related("line").order_by("pk")), account, day)


def _file(rows: Sequence[Refund], account: bank.BankAccount, day: date) -> bytes:
    made_at = rows[0].released_at
    assert made_at is not None, "only what was released goes to the bank"
    return bank.refund_file(
        account,
        [
            bank.Refund(
                end_to_end=row.end_to_end,
                amount_cents=row.amount_cents,
                name=row.line.payer_name,
                iban=row.line.payer_iban,
                text=f"Terugbetaling loopbaancheque {row.pk}",
            )
            for row in rows
        ],
        ident=f"{rows[0].end_to_end}-{rows[-1].pk}",
        made_at=made_at,
        execute_on=day,
    )


def _make(
    line: StatementLine, ground: str, held_in: str, cents: int, *, now: datetime, actor: str
) -> Refund:
    refund = Refund.objects.create(
        line=line, ground=ground, amount_cents=cents, made_by=actor, made_at=now
    )
    ledger.post(
        f"owed:{refund.pk}",
        debit=held_in,
        credit="to_refund",
        amount=refund.amount_cents,
        about=("refund", refund.pk),
        now=now,
    )
    ledger.pend(
        f"refund:{refund.pk}",
        debit="to_refund",
        credit="bank",
        amount=refund.amount_cents,
        about=("refund", refund.pk),
        now=now,
    )
    return refund
