"""Today at the centre: what waits for whom, what ends soon, and which money comes when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loopbaan.law.transitions import Status, TalkStatus
from loopbaan.live.centre_statement import SENTENCES, Paid, lines_of
from loopbaan.live.models import Centre, Claim, Member, Opening, PayoutLine, Talk
from loopbaan.live.recognition import is_recognised
from loopbaan.web import clock
from loopbaan.web.access import for_centre
from loopbaan.web.statuses import PAID, Shown

MOST_ROWS = 20


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
    opened = Opening.objects.filter(
        centre=centre, ended_at=None, order__standing__status=Status.ISSUED
    )
    running = centre.tracks.filter(ended_on=None).select_related("voucher__order__worker")
    context: dict[str, Any] = {
        "today": day,
        "centre": centre,
        "tasks": member.tasks,
        "is_recognised": is_recognised(centre, day),
        "waiting": waiting.aggregate(minutes=Sum("minutes"), first=Min("answer_by")),
        "count": waiting.count(),
        "disputed": talks.filter(status=TalkStatus.DISPUTED).count(),
        "opened": opened.select_related("order__voucher", "order__worker").order_by(
            "order__voucher__start_by", "pk"
        )[:MOST_ROWS],
        "early": running.filter(early_by_worker_at__isnull=False, early_by_centre_at=None),
        "used_up": [
            track
            for track in running.annotate(said=_confirmed_minutes()).order_by("pk")
            if (track.said or 0) == track.voucher.minutes
        ],
    }
    if {"claim", "statement"} & set(member.tasks):
        unclaimed = talks.filter(status=TalkStatus.CONFIRMED, claims=None)
        context |= {"money": coming(centre, day), "unclaimed": unclaimed.count()}
    return render(request, "centre/today.html", context)


def coming(centre: Centre, day: date) -> list[Money]:
    """Return what is claimed and not paid yet, by the day on which it comes, the soonest first."""
    paid = PayoutLine.objects.filter(
        Q(payout__paid_on__isnull=False) | Q(recovery__paid_on__isnull=False),
        claim=OuterRef("pk"),
        is_void=False,
    )
    claims = list(Claim.objects.filter(~Exists(paid), centre=centre).order_by("pk"))
    sums: dict[tuple[date | None, Paid], int] = defaultdict(int)
    for line in lines_of(centre=centre, claims=claims, day=day):
        sums[line.day, line.state] += line.claim.total_cents
    rows = sorted(sums.items(), key=lambda row: (row[0][0] or date.max, row[0][1]))
    return [Money(on, cents, _(SENTENCES[state]), PAID[state]) for (on, state), cents in rows]


def _confirmed_minutes() -> Any:
    said = Talk.objects.filter(
        track__voucher=OuterRef("voucher"), status=TalkStatus.CONFIRMED
    ).order_by()
    return said.values("track__voucher").annotate(all=Sum("minutes")).values("all")[:1]
