"""Today at the centre: what waits for whom, what ends soon, and which money comes when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loopbaan.law.transitions import TalkStatus
from loopbaan.live.centre_statement import Paid, lines_of
from loopbaan.live.models import Centre, Claim, Member, PayoutLine, Talk
from loopbaan.live.recognition import is_recognised
from loopbaan.web import clock
from loopbaan.web.access import for_centre
from loopbaan.web.centre.guidance import GUIDES
from loopbaan.web.centre.opening import OPENS, openings
from loopbaan.web.centre.payout import explained
from loopbaan.web.statuses import PAID, Shown

MOST_ROWS = 20
MOST_CLAIMS = 2_000  # added up on this page; the statement shows them all


@dataclass(frozen=True)
class Money:
    """What comes on one day, or does not come, and why."""

    day: date | None
    cents: int
    sentence: str
    shown: Shown


@for_centre()
@require_GET
def today(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what waits today."""
    day = clock.today()
    centre = member.centre
    talks = Talk.objects.filter(track__centre=centre)
    waiting = talks.filter(status=TalkStatus.REGISTERED)
    context: dict[str, Any] = {
        "today": day,
        "centre": centre,
        "tasks": member.tasks,
        "guides": bool(set(GUIDES) & set(member.tasks)),
        "is_recognised": is_recognised(centre, day),
        "waiting": waiting.aggregate(minutes=Sum("minutes"), first=Min("answer_by")),
        "count": waiting.count(),
        "disputed": talks.filter(status=TalkStatus.DISPUTED).count(),
    }
    # Names of workers are for those alone who start, guide or close.
    if set(OPENS) & set(member.tasks):
        opened = openings(centre)
        context |= {"opened": opened[:MOST_ROWS], "opened_count": opened.count()}
    if context["guides"]:
        context |= _to_close(centre)
    if {"claim", "statement"} & set(member.tasks):
        unclaimed = talks.filter(status=TalkStatus.CONFIRMED, claims=None)
        claims = list(unpaid(centre)[: MOST_CLAIMS + 1])
        context |= {
            "money": coming(centre, claims[:MOST_CLAIMS], day),
            "more_claims": MOST_CLAIMS if len(claims) > MOST_CLAIMS else 0,
            "unclaimed": unclaimed.count(),
        }
    return render(request, "centre/today.html", context)


def _to_close(centre: Centre) -> dict[str, Any]:
    """Return whose guidance can end: the worker asks it, or all minutes are confirmed."""
    running = centre.tracks.filter(ended_on=None).select_related("voucher__order__worker")
    return {
        "early": running.filter(early_by_worker_at__isnull=False, early_by_centre_at=None)[
            :MOST_ROWS
        ],
        "used_up": running.annotate(said=_confirmed_minutes())
        .filter(said=F("voucher__minutes"))
        .order_by("pk")[:MOST_ROWS],
    }


def unpaid(centre: Centre) -> QuerySet[Claim]:
    """Return what a centre claimed and is not paid yet, the oldest first."""
    paid = PayoutLine.objects.filter(
        Q(payout__paid_on__isnull=False) | Q(recovery__paid_on__isnull=False),
        claim=OuterRef("pk"),
        is_void=False,
    )
    return Claim.objects.filter(~Exists(paid), centre=centre).order_by("pk")


def coming(centre: Centre, claims: Sequence[Claim], day: date) -> list[Money]:
    """Return what comes for claims, by the day on which it does, the soonest first."""
    sums: dict[tuple[date | None, Paid, str], int] = defaultdict(int)
    for line in lines_of(centre=centre, claims=claims, day=day):
        sums[line.day, line.state, explained(line)] += line.claim.total_cents
    rows = sorted(sums.items(), key=lambda row: (row[0][0] or date.max, *row[0][1:]))
    return [Money(on, cents, said, PAID[state]) for (on, state, said), cents in rows]


def _confirmed_minutes() -> Any:
    said = Talk.objects.filter(
        track__voucher=OuterRef("voucher"), status=TalkStatus.CONFIRMED
    ).order_by()
    return said.values("track__voucher").annotate(all=Sum("minutes")).values("all")[:1]
