"""The tracks of a centre: a list, one of them at a glance, and how it ends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.transitions import TalkStatus
from loopbaan.live import guidance as live
from loopbaan.live import plans
from loopbaan.live.models import Coach, Member, Talk, Track
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.forms import DayField, PlainForm, offer
from loopbaan.web.statuses import CENTRE_TALKS, STATUSES, status_of

PAGE = 50
GUIDES = ("start", "talk", "close")
# Whether a voucher moved on from a track: what happens after that is another centre's.
LEFT = Exists(Track.objects.filter(voucher=OuterRef("voucher"), pk__gt=OuterRef("pk")))


class HeldForm(PlainForm):
    """With whom and when a talk was held; free, after the closing, nothing more is asked."""

    coach = forms.ModelChoiceField(
        label=gettext_lazy("Begeleider"),
        queryset=Coach.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Kies een begeleider.")},
    )
    held_on = DayField(label=gettext_lazy("Op welke dag?"))

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "coach", coaches_of(member))


@for_centre(*GUIDES)
@require_GET
def tracks(request: HttpRequest, member: Member) -> HttpResponse:
    """List the tracks of the centre, those that run first, a page at a time."""
    is_ended = request.GET.get("stand") == "afgelopen"
    before = request.GET.get("voor", "")
    found = own_tracks(member).filter(ended_on__isnull=not is_ended).annotate(is_left=LEFT)
    found = found.order_by("-pk")
    if before.isdecimal() and len(before) < 16:
        found = found.filter(pk__lt=int(before))
    page = list(found.prefetch_related(Prefetch("talks", Talk.objects.order_by("-held_on")))[:51])
    context = {
        "is_ended": is_ended,
        "rows": [_row(track) for track in page[:PAGE]],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "centre/tracks.html", context)


@for_centre(*GUIDES)
@require_GET
def track(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show one track: the minutes left, the talks, the plan, and what can be done."""
    found = own_track(member, number)
    voucher = found.voucher
    noted(member, found, "track")
    talks = found.talks.select_related("coach", "location").order_by("-held_on", "-pk")
    runs = found.ended_on is None and voucher.closed_on is None
    context = {
        "policy": rulebooks.current().on(clock.today()),
        "track": found,
        "voucher": voucher,
        "worker": voucher.order.worker,
        "shown": STATUSES[status_of(voucher.order)],
        "runs": runs,
        "is_left": live.has_moved_on(found),
        "talks": [(each, CENTRE_TALKS[TalkStatus(each.status)]) for each in talks],
        "confirmed": _minutes(talks, TalkStatus.CONFIRMED),
        "unanswered": _minutes(talks, TalkStatus.REGISTERED, TalkStatus.DISPUTED),
        "plan": plans.latest_plan(voucher),
        "tasks": member.tasks,
        "aftercare": found.aftercare.select_related("coach").order_by("held_on"),
    }
    return render(request, "centre/track.html", context)


@for_centre("close")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Close a track whose minutes are used, or say what is missing."""
    found = own_track(member, number)
    if request.method == "POST":
        with faults.unless(lambda: _is_closed(found)):
            live.close(track=found, actor=name_of(member), **clock.moment())
        messages.success(request, _("De begeleiding is afgesloten."))
        return redirect("centre_track", number)
    voucher = found.voucher
    said = Talk.objects.filter(track__voucher=voucher)
    confirmed = _minutes(said, TalkStatus.CONFIRMED)
    policy = rulebooks.current().on(clock.today())
    context = {
        "track": found,
        "worker": voucher.order.worker,
        "runs": found.ended_on is None and voucher.closed_on is None,
        "left": voucher.free_minutes,
        "unanswered": voucher.taken_minutes - confirmed,
        "plan": plans.latest_plan(voucher),
        "plan_required": policy.plan_required,
        "may_close": live.may_close(voucher, policy),
    }
    return render(request, "centre/close.html", context)


@for_centre("close")
@require_http_methods(["GET", "POST"])
def close_early(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Agree, as the centre, to close a track early, after telling what that does."""
    found = own_track(member, number)
    if request.method == "POST":
        with faults.unless(lambda: _is_closed(found) or _has_agreed(found)):
            live.close_early(track=found, side="centre", actor=name_of(member), **clock.moment())
        if _is_closed(found):
            messages.success(request, _("De begeleiding is vroeger afgesloten."))
        else:
            messages.success(request, _("Genoteerd. Nu beslist de werkende."))
        return redirect("centre_track", number)
    context = {
        "track": found,
        "worker": found.voucher.order.worker,
        "runs": found.ended_on is None and found.voucher.closed_on is None,
        "left": found.voucher.free_minutes,
        "loses": rulebooks.current().on(clock.today()).closing_early_loses_rest,
    }
    return render(request, "centre/close_early.html", context)


@for_centre("close")
@require_POST
def stay(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take back that the centre agreed to close early."""
    found = own_track(member, number)
    live.stay(track=found, side="centre", now=clock.now(), actor=name_of(member))
    messages.success(request, _("De begeleiding loopt gewoon verder."))
    return redirect("centre_track", number)


@for_centre("talk")
@require_http_methods(["GET", "POST"])
def aftercare(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Note a free talk after the closing."""
    found = own_track(member, number)
    form = HeldForm.sent(request, member)
    if form.is_valid():
        said = form.cleaned_data
        try:
            plans.note_aftercare(track=found, actor=name_of(member), **said, **clock.moment())
        except Refused as error:
            form.add_error(None, faults.sentence_of(error))
        else:
            messages.success(request, _("De nazorg is genoteerd."))
            return redirect("centre_track", number)
    context = {"track": found, "worker": found.voucher.order.worker, "form": form}
    return render(request, "centre/aftercare.html", context, status=form.http_status)


def _is_closed(found: Track) -> bool:
    return Track.objects.filter(pk=found.pk, voucher__closed_on__isnull=False).exists()


def _has_agreed(found: Track) -> bool:
    return Track.objects.filter(pk=found.pk, early_by_centre_at__isnull=False).exists()


def own_tracks(member: Member) -> QuerySet[Track]:
    """Return the tracks of the centre of a member."""
    return member.centre.tracks.select_related("voucher__order__worker", "voucher__order__standing")


def own_track(member: Member, number: int) -> Track:
    """Return a track of this centre; that of another does not exist."""
    return get_object_or_404(own_tracks(member), pk=number)


def coaches_of(member: Member) -> QuerySet[Coach]:
    """Return who guides for the centre of a member, today or before."""
    return Coach.objects.filter(members__centre=member.centre).order_by("name")


def noted(member: Member, found: Track, what: str) -> None:
    """Note that somebody of a centre looks at what is a worker's; before it is shown."""
    worker = found.voucher.order.worker
    plans.look(
        worker=worker, what=what, now=clock.now(), actor=name_of(member), centre=member.centre
    )


def _row(found: Track) -> dict[str, Any]:
    talks = list(found.talks.all())
    return {
        "track": found,
        "worker": found.voucher.order.worker,
        "latest": talks[0].held_on if talks else None,
        "waiting": sum(each.status == TalkStatus.REGISTERED for each in talks),
        "disputed": sum(each.status == TalkStatus.DISPUTED for each in talks),
        "shown": STATUSES[status_of(found.voucher.order)],
    }


def _minutes(talks: QuerySet[Talk], *statuses: TalkStatus) -> int:
    found = talks.filter(status__in=statuses).order_by().aggregate(all=Sum("minutes"))["all"]
    return int(found or 0)
