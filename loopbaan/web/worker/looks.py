"""Who looked at my file, and which centres used my numbers."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loopbaan.live.models import Attempt, Look, Worker
from loopbaan.live.plans import looks_at
from loopbaan.web.access import for_worker
from loopbaan.web.statuses import ATTEMPTS, LOOKS, who

MOST_LINES = 100
Row = TypeVar("Row", Look, Attempt)


@for_worker
@require_GET
def looks(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show who looked at my data, when, at what and why, the latest first."""
    found, earlier = _page(looks_at(worker), request.GET.get("voor", ""))
    tried = Attempt.objects.filter(order__worker=worker).select_related("centre")
    attempts, tried_earlier = _page(tried, request.GET.get("poging", ""))
    context = {
        "looks": [
            (each, each.centre.name if each.centre else who(each.actor), LOOKS[each.what])
            for each in found
        ],
        "earlier": earlier,
        "attempts": [(each, ATTEMPTS[each.act]) for each in attempts],
        "tried_earlier": tried_earlier,
    }
    return render(request, "worker/looks.html", context)


def _page(rows: QuerySet[Row], before: str) -> tuple[list[Row], int | None]:
    """Return the latest rows before a number, and the number before which there are more."""
    if before.isdecimal() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: MOST_LINES + 1])
    return found[:MOST_LINES], found[MOST_LINES - 1].pk if len(found) > MOST_LINES else None
