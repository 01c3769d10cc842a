"""What a centre is owed: claims of confirmed talks, and its statement."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from loopbaan.live import centre_statement, payout
from loopbaan.web.api import money, shapes, telling
from loopbaan.web.api.asking import MOST_ROWS, ActKey, After, Most, Number, once, talk_of
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import caller
from loopbaan.web.api.problems import Problem

router = Router(tags=["money"])


@router.post(
    "/talks/{talk}/claim",
    url_name="claim_talk",
    **call(
        "claim",
        answers=money.Claim,
        status=201,
        problems=("talk_not_confirmed", "claimed_before"),
    ),
)
def claim(request: HttpRequest, talk: Number, key: ActKey) -> object:
    """Claim a confirmed talk: the fee of its day, and VAT if you are liable to it.

    The day on which it is paid, or why it is not, is that of now: read the claim again later.
    """
    who = caller(request)
    row = talk_of(who, talk)

    def do() -> money.Claim:
        return telling.claims(who, [payout.claim(talk=row, **who.by_law)])[0]

    return Status(201, once(request, "claim", key, {"talk": talk}, do))


@router.post("/claims", url_name="claims", **call("claim", answers=money.Claimed, status=201))
def claim_all(request: HttpRequest, key: ActKey) -> object:
    """Claim the confirmed talks of your centre that were not claimed yet, at most 200 at once."""
    who = caller(request)

    def do() -> money.Claimed:
        made = payout.claim_all(centre=who.centre, **who.by_law)
        left = payout.unclaimed(who.centre).exists()
        return money.Claimed(items=telling.claims(who, made), more=left)

    return Status(201, once(request, "claim_all", key, {}, do))


@router.get(
    "/statement",
    url_name="statement",
    **call("statement", answers=money.Statement, problems=("wrong_period",)),
)
def statement(
    request: HttpRequest,
    since: Annotated[shapes.Day, Query(description="The first day, as 2025-02-10.")],
    until: Annotated[shapes.Day, Query(description="The last day: a year later at most.")],
    after: After = 0,
    limit: Most = MOST_ROWS,
) -> money.Statement:
    """Read what you claimed in some days, at most a year: when each claim is paid, or why not."""
    who = caller(request)
    if not 0 <= (until - since).days < centre_statement.MOST_DAYS:
        raise Problem("wrong_period")
    found = centre_statement.statement(
        centre=who.centre,
        since=since,
        until=until,
        day=who.day,
        after=after,
        most=limit + 1,
    )
    lines = [telling.line_of(each) for each in found.lines]
    return money.Statement(
        since=since,
        until=until,
        lines=lines[:limit],
        next=lines[limit - 1].id if len(lines) > limit else None,
        fee_cents=found.fee_cents,
        vat_cents=found.vat_cents,
        total_cents=found.total_cents,
        paid_cents=found.paid_cents,
        owed_cents=found.owed_cents,
        asked_back=telling.recovery(found.asked_back) if found.asked_back else None,
    )
