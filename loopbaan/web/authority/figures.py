"""The figures of today: what came in, what was decided, what is left, what waits."""

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.sentences import TITLES
from loopbaan.live import figures as live
from loopbaan.live.models import PayoutBatch, Recovery
from loopbaan.live.models.payment import STRAY, UNUSED
from loopbaan.live.talks import to_settle
from loopbaan.web import clock
from loopbaan.web.access import for_authority
from loopbaan.web.language import lang


@for_authority
@require_GET
def figures(request: HttpRequest, official: str) -> HttpResponse:
    """Show the figures of today."""
    today = clock.today()
    months = live.months(rulebooks.current(), today)
    this_month = today.replace(day=1)
    context: dict[str, Any] = {
        "today": today,
        "now": live.of_today(today, datetime.combine(today, time(), clock.BRUSSELS)),
        "waiting": live.waiting((*UNUSED, STRAY)),
        "disputed": to_settle(clock.today()).count(),
        "to_release": PayoutBatch.objects.filter(status="made").count(),
        "recoveries": Recovery.objects.filter(status="made").count(),
        "months": months,
        "this_month": next((each for each in months if each.month == this_month), None),
        "policy": rulebooks.current().on(today),
        "refusals": [
            (TITLES[reason][lang()], count) for reason, count in live.refusals(this_month)
        ],
    }
    return render(request, "authority/figures.html", context)
