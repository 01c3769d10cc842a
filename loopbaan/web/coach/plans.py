"""The plan of whom a coach guides: read, and that is noted for the worker to see."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loopbaan.live import plans as live
from loopbaan.live.models import Member, Plan, Track
from loopbaan.live.models.guidance import PLAN_PARTS
from loopbaan.web import clock
from loopbaan.web.access import for_coach, name_of
from loopbaan.web.coach.talks import held_talks


@for_coach
@require_GET
def plan(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show the plan of a client."""
    track, found = _read(member, number)
    parts = live.parts_of(found)
    context = {
        "worker": track.voucher.order.worker,
        "track": track,
        "plan": found,
        "parts": [(_(label), parts[name]) for name, label in PLAN_PARTS.items() if parts.get(name)],
    }
    return render(request, "coach/plan.html", context)


@for_coach
@require_GET
def paper(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Return the plan of a client as it was uploaded."""
    _track, found = _read(member, number)
    if not found.is_pdf:
        raise Http404
    response = HttpResponse(live.pdf_of(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="plan.pdf"'
    return response


def _read(member: Member, number: int) -> tuple[Track, Plan]:
    """Return a plan that a coach may read, of whom she talked with, and note that she looks."""
    mine = Track.objects.filter(pk__in=held_talks(member).values("track"))
    tracks = mine.select_related("centre", "voucher__order__worker")
    track = get_object_or_404(tracks, pk=number)
    found = live.latest_plan(track.voucher)
    may_read = live.may_read_plan(centre=track.centre, voucher=track.voucher, day=clock.today())
    if found is None or not may_read:
        raise Http404
    live.look(
        worker=track.voucher.order.worker,
        what="plan",
        now=clock.now(),
        actor=name_of(member),
        centre=track.centre,
    )
    return track, found
