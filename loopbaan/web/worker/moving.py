"""Moving my minutes to another centre, where the law lets."""

from datetime import date

import numpy as np
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loopbaan.law import guidance as law
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import guidance as live
from loopbaan.live.models import Centre, Track, Worker
from loopbaan.live.recognition import is_recognised
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.worker.own import acting, own


@for_worker
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Tell whether my voucher may move, and move it to a centre that was chosen."""
    track = own_track(worker, number)
    day = clock.today()
    if request.method == "POST":
        live.move_to(track=track, centre=chosen(request), actor=acting(request), **clock.moment())
        messages.success(request, _("Uw cheque loopt nu bij het andere centrum."))
        return redirect("guidance", number)
    context = {
        "number": number,
        "track": track,
        "voucher": track.voucher,
        "may_move": _is_running(track) and may_move_from(track, day),
        "is_recognised": is_recognised(track.centre, day),
        "is_running": _is_running(track),
        "policy": rulebooks.current().on(day),
    }
    return render(request, "worker/move.html", context)


def own_track(worker: Worker, number: int) -> Track:
    """Return the track of a voucher of this worker as it runs, or as it ran last."""
    voucher = getattr(own(worker, number), "voucher", None)
    tracks = Track.objects.select_related("centre", "voucher__order")
    track = tracks.filter(voucher=voucher).order_by("-pk").first() if voucher else None
    if track is None:
        raise Http404
    return track


def may_move_from(track: Track, day: date) -> bool:
    """Whether the law of a day lets the minutes left go from a centre to another one."""
    lost = np.array([not is_recognised(track.centre, day)])
    return bool(law.may_move(rulebooks.current().on(day), recognition_withdrawn=lost)[0])


def chosen(request: HttpRequest) -> Centre:
    """Return the centre that a form names."""
    number = request.POST.get("centrum", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        raise Http404
    return get_object_or_404(Centre, pk=int(number))


def _is_running(track: Track) -> bool:
    return track.ended_on is None and track.voucher.closed_on is None
