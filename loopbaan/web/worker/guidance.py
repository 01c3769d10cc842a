"""My guidance: how many minutes are left, which talks wait for me, and how it ends."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.law import guidance as law
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.months import NO_DAY, calendar_day, day_number
from loopbaan.law.transitions import TalkStatus
from loopbaan.live import guidance as live
from loopbaan.live.models import Aftercare, Order, Talk, Voucher, Worker
from loopbaan.live.plans import latest_plan
from loopbaan.web import clock, faults
from loopbaan.web.access import for_worker
from loopbaan.web.statuses import STATUSES, TALKS, status_of
from loopbaan.web.worker.moving import may_move_from, own_track
from loopbaan.web.worker.own import acting

WAITING = (TalkStatus.REGISTERED.value, TalkStatus.DISPUTED.value)


@dataclass(frozen=True)
class Minutes:
    """The minutes of a voucher: bought, talked, not settled yet, and left; lost once closed."""

    bought: int
    talked: int
    unsettled: int
    left: int

    @property
    def taken(self) -> int:
        """What is talked or not settled: where the bar of the page ends."""
        return self.talked + self.unsettled


@for_worker
@require_GET
def guidance(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show my guidance: where it is, what is left, and each talk."""
    track = own_track(worker, number)
    voucher = track.voucher
    status = status_of(Order.objects.select_related("standing").get(pk=number))
    talks = _talks(voucher)
    context = {
        "number": number,
        "track": track,
        "voucher": voucher,
        "shown": STATUSES[status],
        "status": status,
        "minutes": minutes_of(voucher),
        "waiting": [each for each in talks if each.status == TalkStatus.REGISTERED],
        "talks": [
            (each, TALKS[TalkStatus(each.status)])
            for each in talks
            if each.status != TalkStatus.REGISTERED
        ],
        "plan": latest_plan(voucher),
        "may_move": voucher.closed_on is None and may_move_from(track, clock.today()),
        "aftercare": Aftercare.objects.filter(track__voucher=voucher)
        .select_related("coach", "track__centre")
        .order_by("held_on"),
        "aftercare_until": _aftercare_until(voucher),
        "policy": rulebooks.current().on(clock.today()),
        "next_minutes": next_minutes(worker),
    }
    return render(request, "worker/guidance.html", context)


@for_worker
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Close my voucher once all minutes are talked and the plan is there; or tell what lacks."""
    track = own_track(worker, number)
    if request.method == "POST":
        with faults.unless(lambda: own_track(worker, number).voucher.closed_on is not None):
            live.close(track=track, actor=acting(request), **clock.moment())
        messages.success(request, _("Uw cheque is afgesloten."))
        return redirect("guidance", number)
    policy = rulebooks.current().on(clock.today())
    has_plan = latest_plan(track.voucher) is not None
    context = {
        "number": number,
        "track": track,
        "voucher": track.voucher,
        "minutes": minutes_of(track.voucher),
        "has_plan": has_plan,
        "needs_plan": policy.plan_required,
        "may_close": track.voucher.closed_on is None and live.may_close(track.voucher, policy),
    }
    return render(request, "worker/close.html", context)


@for_worker
@require_http_methods(["GET", "POST"])
def close_early(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Agree to close early, after telling what that loses; the centre has to agree too."""
    track = own_track(worker, number)
    if request.method == "POST":
        current = live.close_early(
            track=track, side="worker", actor=acting(request), **clock.moment()
        )
        is_closed = current.ended_on is not None
        closed = _("Uw cheque is vroeger afgesloten.")
        asked = _("We laten uw centrum weten dat u vroeger wilt afsluiten.")
        messages.success(request, closed if is_closed else asked)
        return redirect("guidance", number)
    context = {
        "number": number,
        "track": track,
        "voucher": track.voucher,
        "minutes": minutes_of(track.voucher),
        "loses": rulebooks.current().on(clock.today()).closing_early_loses_rest,
        "is_running": track.ended_on is None and track.voucher.closed_on is None,
    }
    return render(request, "worker/close_early.html", context)


@for_worker
@require_POST
def stay(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Take back that I agreed to close early."""
    track = own_track(worker, number)
    live.stay(track=track, side="worker", now=clock.now(), actor=acting(request))
    messages.success(request, _("Uw begeleiding gaat gewoon door."))
    return redirect("guidance", number)


def minutes_of(voucher: Voucher) -> Minutes:
    """Return where the minutes of a voucher are."""
    talks = Talk.objects.filter(track__voucher=voucher)
    counted = {TalkStatus.CONFIRMED.value, *WAITING}
    sums = dict.fromkeys(counted, 0)
    for status, minutes in talks.filter(status__in=counted).values_list("status", "minutes"):
        sums[status] += minutes
    talked = sums.pop(TalkStatus.CONFIRMED.value)
    return Minutes(voucher.minutes, talked, sum(sums.values()), voucher.free_minutes)


def next_minutes(worker: Worker) -> int | None:
    """Return what a second voucher would give, if by the law of today that is what comes next.

    Whether this worker may order it now, the law says when she orders.
    """
    today = clock.today()
    started = Voucher.objects.filter(order__worker=worker, started_on__isnull=False)
    latest = started.order_by("-started_on").values_list("started_on", flat=True)[:2]
    days = [day_number(day) for day in latest if day is not None]
    last, previous = (*days, NO_DAY, NO_DAY)[:2]
    minutes = law.second_minutes(
        rulebooks.current().on(today),
        last_started_on=np.array([last], np.int32),
        previous_started_on=np.array([previous], np.int32),
        on=np.array([day_number(today)], np.int32),
    )
    return int(minutes[0]) or None


def _talks(voucher: Voucher) -> list[Talk]:
    found = Talk.objects.filter(track__voucher=voucher)
    return list(
        found.select_related("coach", "location", "track__centre").order_by("held_on", "pk")
    )


def _aftercare_until(voucher: Voucher) -> date | None:
    """Return the last day of free aftercare, once a voucher is closed."""
    if voucher.closed_on is None:
        return None
    policy = rulebooks.current().on(voucher.closed_on)
    closed = np.array([day_number(voucher.closed_on)], np.int32)
    return calendar_day(law.aftercare_until(policy, closed)[0])
