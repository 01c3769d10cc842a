"""What a coach sees: the own talks, who is guided, and what was claimed. Nobody else's."""

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loopbaan.law.transitions import TalkStatus
from loopbaan.live.centre_statement import lines_of
from loopbaan.live.models import Centre, Claim, Member, Plan, Talk, Track
from loopbaan.live.models.guidance import TAKING
from loopbaan.web import clock
from loopbaan.web.access import for_coach
from loopbaan.web.centre.guidance import LEFT
from loopbaan.web.centre.payout import shown
from loopbaan.web.statuses import CENTRE_TALKS, STATUSES, status_of

PAGE = 50


@for_coach
@require_GET
def talks(request: HttpRequest, member: Member) -> HttpResponse:
    """Show my talks and what became of each, the latest first."""
    mine = own_talks(member)
    before = request.GET.get("voor", "")
    found = mine.select_related("track__voucher__order__worker", "track__centre", "location")
    found = found.order_by("-pk")
    if before.isdecimal() and len(before) < 16:
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    context = {
        "coach": member.coach,
        "waiting": mine.filter(status=TalkStatus.REGISTERED).count(),
        "disputed": mine.filter(status=TalkStatus.DISPUTED).count(),
        "rows": [(each, CENTRE_TALKS[TalkStatus(each.status)]) for each in page[:PAGE]],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "coach/talks.html", context)


@for_coach
@require_GET
def clients(request: HttpRequest, member: Member) -> HttpResponse:
    """Show whom I guide, how many minutes are left, and when we talked last."""
    mine = Q(talks__in=held_talks(member))
    found = (
        Track.objects.filter(mine)
        .annotate(
            latest=Max("talks__held_on", filter=mine),
            has_plan=Exists(Plan.objects.filter(voucher=OuterRef("voucher"))),
            is_left=LEFT,
        )
        .select_related("centre", "voucher__order__worker", "voucher__order__standing")
        .order_by("-latest", "-pk")
    )
    rows = [(each, STATUSES[status_of(each.voucher.order)]) for each in found[:200]]
    context = {
        "running": [row for row in rows if row[0].ended_on is None],
        "ended": [row for row in rows if row[0].ended_on is not None],
    }
    return render(request, "coach/clients.html", context)


@for_coach
@require_GET
def claims(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what my centres claimed for my talks, and when that is paid."""
    mine = Claim.objects.filter(talk__in=own_talks(member))
    latest = mine.select_related("centre", "talk__coach", "talk__track__voucher").order_by("-pk")
    before = request.GET.get("voor", "")
    if before.isdecimal() and len(before) < 16:
        latest = latest.filter(pk__lt=int(before))
    found = list(latest[: PAGE + 1])
    page = found[:PAGE]
    lines = [
        line
        for centre in {each.centre for each in page}
        for line in lines_of(
            centre=centre,
            claims=[each for each in page if each.centre == centre],
            day=clock.today(),
        )
    ]
    lines.sort(key=lambda line: -line.claim.pk)
    context = {
        "rows": [shown(each) for each in lines],
        "sums": mine.aggregate(minutes=Sum("minutes"), fee=Sum("fee_cents")),
        "next": page[-1].pk if len(found) > PAGE else None,
    }
    return render(request, "coach/claims.html", context)


def centres_of(member: Member) -> QuerySet[Centre]:
    """Return the centres for which a coach works now: what was elsewhere is theirs."""
    day = clock.today()
    works = Member.objects.filter(coach=member.coach, since__lte=day).exclude(until__lte=day)
    return Centre.objects.filter(pk__in=works.values("centre"))


def own_talks(member: Member) -> QuerySet[Talk]:
    """Return the talks of a coach at the centres for which she works."""
    return Talk.objects.filter(coach=member.coach, track__centre__in=centres_of(member))


def held_talks(member: Member) -> QuerySet[Talk]:
    """Return those that stand: a talk that was withdrawn or annulled makes nobody a client."""
    return own_talks(member).filter(status__in=TAKING)
