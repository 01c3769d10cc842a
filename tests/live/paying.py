"""How a claim of the cast is paid: gathered by Els, released by Claes, booked by the bank."""

from datetime import timedelta

from django.db.models import Sum

from loopbaan.adapters.bank import BankStatement, Entry
from loopbaan.live import batches, centre_statement, payout
from loopbaan.live.models import Claim, PayoutBatch, StatementLine, Track, Transfer
from tests.live.scheme import ACCOUNT, Scheme

CLAES, ELS = "official:claes", "official:els"
HOUR = 18_150  # an hour of 2025, VAT included


def claimed(scheme: Scheme, track: Track, minutes: int = 60) -> Claim:
    talk = scheme.confirmed(track, minutes)
    return payout.claim(talk=talk, actor="member:1", **scheme.moment)


def gathered(scheme: Scheme, actor: str = ELS) -> PayoutBatch:
    return batches.make_batch(
        execute_on=scheme.today, day=scheme.today, now=scheme.now, actor=actor
    )


def released(scheme: Scheme, batch: PayoutBatch, actor: str = CLAES) -> PayoutBatch:
    return batches.release_batch(
        batch=batch, account=ACCOUNT, day=scheme.today, now=scheme.now, actor=actor
    )


def paid_out(scheme: Scheme) -> PayoutBatch:
    """Let what is owed be gathered, released, sent, and booked by the bank."""
    scheme.now += timedelta(days=1)
    batch = released(scheme, gathered(scheme))
    scheme.work()
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    return batch


def balance(account: str) -> int:
    posted = Transfer.objects.filter(state="posted", unit="cents")
    credit = posted.filter(credit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    debit = posted.filter(debit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(credit - debit)


def state_of(scheme: Scheme, claim: Claim) -> centre_statement.Line:
    lines = centre_statement.lines_of(centre=claim.centre, claims=[claim], day=scheme.today)
    return lines[0]


def booked(scheme: Scheme, end_to_end: str, cents: int, returned: str = "") -> StatementLine:
    """Let the bank book something under a reference of ours, whatever we ordered."""
    scheme.now += timedelta(days=1)
    statement = BankStatement(
        account=ACCOUNT.iban,
        ident=f"X{scheme.today}",
        sequence=None,
        until=scheme.today,
        entries=(Entry("X1", scheme.today, cents, "", "", "De Brug", "", end_to_end, returned),),
    )
    (line,) = scheme.read(statement)
    return line
