"""What became of claims: payments to the centre, holds, and what it is asked to pay back."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query

from loopbaan.live.models import Claim, Hold, Payout, Recovery
from loopbaan.web.api import money, shapes, telling
from loopbaan.web.api.asking import MOST_ROWS, After, Most, Number, one_of, page
from loopbaan.web.api.claiming import router  # a path is one route for all its methods
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import Caller, caller

__all__ = ["router"]
READS = ("claim", "statement")
# Of which payment or recovery.
In = Annotated[int | None, Query(ge=1, le=shapes.MOST_ID)]


@router.get("/claims", url_name="claims", **call(*READS, answers=money.Claims))
def read_claims(
    request: HttpRequest,
    after: After = 0,
    limit: Most = MOST_ROWS,
    payment: In = None,
    recovery: In = None,
) -> money.Claims:
    """Read the claims of your centre, or only those in a payment or a recovery."""
    who = caller(request)
    rows = Claim.objects.filter(centre=who.centre)
    if payment is not None:
        rows = rows.filter(payout_lines__payout__in=_payments(who).filter(pk=payment))
    if recovery is not None:
        rows = rows.filter(payout_lines__recovery__in=_recoveries(who).filter(pk=recovery))
    found, rest = page(rows, after, limit)
    return money.Claims(items=telling.claims(who, found), next=rest)


@router.get("/claims/{claim}", url_name="claim", **call(*READS, answers=money.Claim))
def read_claim(request: HttpRequest, claim: Number) -> money.Claim:
    """Read a claim of your centre: on which day it is paid, or why it is not."""
    who = caller(request)
    row = one_of(Claim.objects.filter(centre=who.centre), claim)
    return telling.claims(who, [row])[0]


@router.get("/payments", url_name="payments", **call(*READS, answers=money.Payments))
def read_payments(
    request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS
) -> money.Payments:
    """Read the payments to your centre that were released."""
    found, rest = page(_payments(caller(request)), after, limit)
    return money.Payments(items=[telling.payment(each) for each in found], next=rest)


@router.get("/payments/{payment}", url_name="payment", **call(*READS, answers=money.Payment))
def read_payment(request: HttpRequest, payment: Number) -> money.Payment:
    """Read a payment to your centre that was released."""
    return telling.payment(one_of(_payments(caller(request)), payment))


@router.get("/holds", url_name="holds", **call(*READS, answers=money.Holds))
def read_holds(request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS) -> money.Holds:
    """Read what is not paid for now, or was not, and on what ground."""
    found, rest = page(Hold.objects.filter(centre=caller(request).centre), after, limit)
    return money.Holds(items=[telling.hold(each) for each in found], next=rest)


@router.get("/holds/{hold}", url_name="hold", **call(*READS, answers=money.Hold))
def read_hold(request: HttpRequest, hold: Number) -> money.Hold:
    """Read what is not paid for now, or was not, and on what ground."""
    return telling.hold(one_of(Hold.objects.filter(centre=caller(request).centre), hold))


@router.get("/recoveries", url_name="recoveries", **call(*READS, answers=money.Recoveries))
def read_recoveries(
    request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS
) -> money.Recoveries:
    """Read what your centre is, or was, asked to pay back."""
    found, rest = page(_recoveries(caller(request)), after, limit)
    return money.Recoveries(items=[telling.recovery(each) for each in found], next=rest)


@router.get("/recoveries/{recovery}", url_name="recovery", **call(*READS, answers=money.Recovery))
def read_recovery(request: HttpRequest, recovery: Number) -> money.Recovery:
    """Read what your centre is, or was, asked to pay back."""
    return telling.recovery(one_of(_recoveries(caller(request)), recovery))


def _payments(who: Caller) -> QuerySet[Payout]:
    """Return the payments of a centre: what is not released is told to nobody."""
    rows = Payout.objects.filter(centre=who.centre, batch__status="released")
    return rows.select_related("batch")


def _recoveries(who: Caller) -> QuerySet[Recovery]:
    """Return what a centre was asked: what is not released is told to nobody."""
    return Recovery.objects.filter(centre=who.centre, released_at__isnull=False)
