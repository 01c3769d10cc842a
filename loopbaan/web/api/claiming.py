"""What a centre is owed: claims of confirmed talks, and its statement."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from loopbaan.live import centre_statement, payout
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import ActKey, once, talk_of
from loopbaan.web.api.description import answers
from loopbaan.web.api.guiding import Number
from loopbaan.web.api.keys import Key, caller
from loopbaan.web.api.problems import Problem

router = Router(tags=["money"])


@router.post(
    "/talks/{talk}/claim",
    auth=Key("claim"),
    response=answers(201, shapes.Claim),
    url_name="claim_talk",
)
def claim(request: HttpRequest, talk: Number, key: ActKey) -> object:
    """Claim a confirmed talk: the fee of its day, and VAT if you are liable to it.

    Scope: claim. The day on which it is paid, or why it is not, is that of now: read the statement.
    """
    who = caller(request)
    row = talk_of(who, talk)

    def do() -> shapes.Claim:
        return telling.claims(who, [payout.claim(talk=row, **who.by_law)])[0]

    return Status(201, once(request, "claim", key, {"talk": talk}, do))


@router.post("/claims", auth=Key("claim"), response=answers(201, shapes.Claims), url_name="claims")
def claim_all(request: HttpRequest, key: ActKey) -> object:
    """Claim every confirmed talk of your centre that was not claimed yet.

    Scope: claim.
    """
    who = caller(request)

    def do() -> shapes.Claims:
        made = payout.claim_all(centre=who.centre, **who.by_law)
        return shapes.Claims(items=telling.claims(who, made))

    return Status(201, once(request, "claim_all", key, {}, do))


@router.get(
    "/statement",
    auth=Key("statement"),
    response=answers(200, shapes.Statement),
    url_name="statement",
)
def statement(
    request: HttpRequest,
    since: Annotated[shapes.Day, Query()],
    until: Annotated[shapes.Day, Query()],
) -> shapes.Statement:
    """Read what you claimed in some days, at most a year: when each claim is paid, or why not.

    Scope: statement.
    """
    who = caller(request)
    if not 0 <= (until - since).days < centre_statement.MOST_DAYS:
        raise Problem("wrong_period")
    found = centre_statement.statement(centre=who.centre, since=since, until=until, day=who.day)
    return shapes.Statement(
        since=since,
        until=until,
        lines=[telling.line_of(each) for each in found.lines],
        fee_cents=found.fee_cents,
        vat_cents=found.vat_cents,
        total_cents=found.total_cents,
        paid_cents=found.paid_cents,
        owed_cents=found.owed_cents,
    )
