"""Opening my voucher for one centre, and shutting it again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loopbaan.law.transitions import Status
from loopbaan.live import opening as live
from loopbaan.live.models import Centre, OpeningCode, Order, Worker
from loopbaan.web import clock
from loopbaan.web.access import WORKER, actor_of, for_worker
from loopbaan.web.statuses import status_of
from loopbaan.web.worker.moving import chosen, may_move_from
from loopbaan.web.worker.own import acting, own

# How the voucher of a worker who looks for a centre stands: what she can do with one she finds.
OPENABLE = tuple(each.value for each in live.OPENABLE)


@dataclass(frozen=True)
class Holder:
    """A worker who can open a voucher for a centre, or move one to it."""

    order: Order
    opened_for: Centre | None
    moves: bool


def holder_of(request: HttpRequest) -> Holder | None:
    """Return what who looks can do with a centre: open an order for it, move to it, or nothing."""
    actor = actor_of(request)
    if actor is None or actor.role != WORKER:
        return None
    orders = Order.objects.filter(worker_id=int(actor.key)).select_related("standing", "voucher")
    order = orders.filter(standing__status__in=(*OPENABLE, Status.STARTED.value)).last()
    if order is None:
        return None
    if status_of(order) != Status.STARTED:
        return Holder(order, live.opened_for(order), moves=False)
    track = order.voucher.tracks.select_related("centre").latest("pk")
    if not may_move_from(track, clock.today()):
        return None
    return Holder(order, track.centre, moves=True)


@for_worker
@require_POST
def open_for(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Open my voucher for a centre; for another one it is shut by that."""
    order = own(worker, number)
    centre = chosen(request)
    now = clock.now()
    live.open_for(order=order, centre=centre, day=clock.day_of(now), now=now, actor=acting(request))
    sentence = _("Uw cheque staat nu open voor %(centre)s.")
    messages.success(request, sentence % {"centre": centre.name})
    return _back(order)


@for_worker
@require_POST
def shut(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Shut my voucher again: from now on no centre can see or start it."""
    order = own(worker, number)
    live.shut(order=order, now=clock.now(), actor=acting(request))
    messages.success(request, _("Uw cheque staat voor geen enkel centrum meer open."))
    return _back(order)


def codes_asked(order: Order) -> list[OpeningCode]:
    """Return the codes that centres asked and that still hold."""
    holding = OpeningCode.objects.filter(order=order, used_at=None, expires_at__gt=clock.now())
    return list(holding.select_related("centre").order_by("pk"))


def _back(order: Order) -> HttpResponse:
    return redirect("voucher" if hasattr(order, "voucher") else "order", order.pk)
