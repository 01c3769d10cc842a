"""Money that comes in: a statement is read once, each entry is matched, a payment makes a voucher.

What counts is the bank's booking day. What does not match exactly waits for a person, who looks at
it and can give it back.
"""

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from django.db import IntegrityError, transaction

from loopbaan.adapters.bank import BankAccount, BankStatement, Entry
from loopbaan.law import terms
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Act, Status
from loopbaan.live import batches, ledger, recoveries
from loopbaan.live.models import PaymentRequest, Refund, Statement, StatementLine, Voucher
from loopbaan.live.models.payment import RECOVERED, STRAY
from loopbaan.live.moving import Refused, lock_deciding, move, record
from loopbaan.live.outbox import early, tell

NO_REFERENCE = ("", "NOTPROVIDED")  # what a bank writes where a payment has none


class AlreadyRead(Refused):
    """A statement was read before; nothing of it is read again."""


def read_file(
    statements: Sequence[BankStatement],
    *,
    account: BankAccount,
    rulebook: Rulebook,
    now: datetime,
    actor: str,
) -> list[StatementLine]:
    """Read the statements of one file and match their entries; all of them, or nothing.

    Raises:
        AlreadyRead: one of them was read before.
        Refused: one is of another account, or stands there twice. The sentence says which.

    """
    for ident, count in Counter(each.ident for each in statements).items():
        if count > 1:
            raise Refused(
                "Uittreksel %(ident)s staat twee keer in dit bestand. Er is niets ingelezen.",
                ident=ident,
            )
    with transaction.atomic():
        return [
            line
            for each in statements
            for line in read_statement(
                each, account=account, rulebook=rulebook, now=now, actor=actor
            )
        ]


def read_statement(
    statement: BankStatement,
    *,
    account: BankAccount,
    rulebook: Rulebook,
    now: datetime,
    actor: str,
) -> list[StatementLine]:
    """Read a statement and match its entries; all of it, or nothing.

    Raises:
        AlreadyRead: it was read before.
        Refused: it is of another account.

    """
    if statement.account != account.iban:
        raise Refused(
            "Uittreksel %(ident)s is van rekening %(account)s, niet van de onze. Er is niets"
            " ingelezen.",
            ident=statement.ident,
            account=statement.account,
        )
    try:
        with transaction.atomic():
            lock_deciding()
            kept = Statement.objects.create(
                account=account.iban, ident=statement.ident, until=statement.until, read_at=now
            )
            return [_match(kept, entry, rulebook, now, actor) for entry in statement.entries]
    except IntegrityError as error:
        if "statement_once" in str(error):
            raise AlreadyRead(
                "Uittreksel %(ident)s is al ingelezen. Er is nu niets ingelezen.",
                ident=statement.ident,
            ) from None
        if "line_once" in str(error):
            raise Refused(
                "Op uittreksel %(ident)s staat een verrichting twee keer. Er is niets ingelezen.",
                ident=statement.ident,
            ) from None
        raise


def explain_stray(*, line: StatementLine, ground: str, now: datetime, actor: str) -> StatementLine:
    """Note what an entry was that went out without our order, once the bank was asked.

    Raises:
        Refused: it is no such entry, was explained before, or there is no explanation.

    """
    if not ground.strip():
        raise Refused("Schrijf wat deze verrichting was.")
    with transaction.atomic():
        locked = StatementLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if locked.match != STRAY:
            raise Refused("Deze verrichting is al nagekeken.")
        locked.match = "stray_seen"
        locked.save()
        said = ground.strip()[:80]
        line_of = ("line", locked.pk)
        record(line_of, STRAY, "explain", "stray_seen", now=now, actor=actor, ground=said)
        return locked


def _match(
    statement: Statement, entry: Entry, rulebook: Rulebook, now: datetime, actor: str
) -> StatementLine:
    line = StatementLine(
        statement=statement,
        bank_reference=entry.bank_reference,
        booked_on=entry.booked_on,
        amount_cents=entry.amount_cents,
        remittance=entry.remittance[:280],
        communication=entry.communication,
        end_to_end=entry.end_to_end[:35],
        payer_name=entry.payer_name[:140],
        payer_iban=entry.payer_iban,
        match="unknown",
    )
    if entry.amount_cents <= 0:
        return _match_outgoing(line, entry, now, actor)
    if entry.returned:
        # What went out once too often comes back first: the payment itself still holds.
        if _take_back_stray(entry):
            line.match = "stray_back"
            line.save()
            _book(line, "bank", "stray", now)
            return line
        if batches.take_back(entry, now=now, actor=actor):
            line.match = "payout_back"
            line.save()
            return line
    if entry.communication:
        requests = PaymentRequest.objects.select_related("order__standing")
        line.request = requests.filter(reference=entry.communication).first()
        line.recovery = recoveries.find(entry.communication)
    if line.recovery is not None and not entry.returned:
        line.match = recoveries.match(line.recovery, entry)
    else:
        line.match = _kind(line.request, entry)
    line.save()
    if line.match in RECOVERED:
        recoveries.settle(line, now=now, actor=actor)
        return line
    if line.match == "exact":
        assert line.request is not None
        _issue(line.request, entry.booked_on, rulebook, now, actor)
    else:
        _book(line, "bank", "unmatched", now)
    return line


def _match_outgoing(line: StatementLine, entry: Entry, now: datetime, actor: str) -> StatementLine:
    is_ours = _settle_refund(entry, now) or batches.settle(entry, now=now, actor=actor)
    line.match = "settled" if is_ours else STRAY
    line.save()
    if line.match == STRAY and line.amount_cents:
        _book(line, "stray", "bank", now)
    return line


def _book(line: StatementLine, debit: str, credit: str, now: datetime) -> None:
    ledger.post(
        f"line:{line.pk}",
        debit=debit,
        credit=credit,
        amount=abs(line.amount_cents),
        about=("line", line.pk),
        now=now,
    )


def _take_back_stray(entry: Entry) -> bool:
    """Note that what went out without our order, under the same reference, came back."""
    strays = StatementLine.objects.select_for_update().filter(
        match__in=(STRAY, "stray_seen"),
        end_to_end=entry.end_to_end[:35],
        amount_cents=-entry.amount_cents,
    )
    stray = strays.exclude(end_to_end__in=NO_REFERENCE).order_by("pk").first()
    if stray is None:
        return False
    stray.match = "stray_back"
    stray.save()
    return True


def _kind(request: PaymentRequest | None, entry: Entry) -> str:
    if entry.returned:
        return "returned"
    if request is None:
        return "unknown"
    if StatementLine.objects.filter(request=request, match="exact").exists():
        return "double"
    if entry.amount_cents < request.amount_cents:
        return "too_little"
    if entry.amount_cents > request.amount_cents:
        return "too_much"
    standing = request.order.standing.status
    if entry.booked_on > request.due_on or standing != Status.GRANTED:
        return "late"
    return "exact"


def _issue(
    request: PaymentRequest, booked_on: date, rulebook: Rulebook, now: datetime, actor: str
) -> Voucher:
    """Issue the voucher of a paid order."""
    order = request.order
    policy = rulebook.on(booked_on)
    decision = order.decisions.order_by("-pk")[0]
    start_by = terms.start_by(policy, np.array([day_number(booked_on)], np.int32))
    move(order, Act.PAY, Status.ISSUED, now=now, actor=actor)
    voucher = Voucher.objects.create(
        order=order,
        number=voucher_number(secrets.randbelow(10**12)),
        client_number=f"{secrets.randbelow(10**8):08d}",
        minutes=decision.minutes,
        issued_on=booked_on,
        start_by=calendar_day(start_by[0]),
    )
    ledger.settle(f"request:{order.pk}", now=now)
    ledger.post(
        f"minutes:{voucher.pk}",
        debit="open",
        credit="right",
        amount=voucher.minutes,
        about=("voucher", voucher.pk),
        now=now,
        unit="minutes",
    )
    tell("voucher_issued", order.pk, now=now)
    remind_on = terms.reminded_to_start_on(policy, start_by)
    if remind_on is not None:
        tell("start_reminder", order.pk, now=now, due_at=early(calendar_day(remind_on[0])))
    return voucher


def voucher_number(base: int) -> str:
    """Return twelve digits and two check digits, such that the whole is 1 modulo 97 (ISO 7064)."""
    digits = f"{base:012d}"
    return digits + f"{98 - int(digits) * 100 % 97:02d}"


def is_voucher_number(text: str) -> bool:
    """Whether a text is a voucher number without a slip of the pen."""
    return bool(re.fullmatch(r"\d{14}", text, re.ASCII)) and int(text) % 97 == 1


def _settle_refund(entry: Entry, now: datetime) -> bool:
    """Note the refund that the bank carried out, found by the reference it was sent with."""
    found = re.fullmatch(r"TERUG-(\d{1,15})(-[0-9A-F]{8})?", entry.end_to_end)
    if found is None:
        return False
    refund = (
        Refund.objects.select_for_update()
        .filter(pk=int(found[1]), amount_cents=-entry.amount_cents, paid_on=None)
        .exclude(released_at=None)
        .first()
    )
    if refund is None or refund.end_to_end != entry.end_to_end:
        return False
    refund.paid_on = entry.booked_on
    refund.save()
    ledger.settle(f"refund:{refund.pk}", now=now)
    return True
