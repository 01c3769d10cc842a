"""The plan of a worker who is guided: read, filled in or uploaded. It is the worker's own."""

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.law import rulebook as rulebooks
from loopbaan.live import plans as live
from loopbaan.live.guidance import has_moved_on
from loopbaan.live.models import Member, Plan, Track
from loopbaan.live.models.guidance import PLAN_PARTS
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.centre.guidance import noted, own_track, own_tracks
from loopbaan.web.forms import PlainForm
from loopbaan.web.limits import FORM_BYTES, at_most_a_minute, at_most_bytes
from loopbaan.web.worker.plans import MOST_UPLOADS, PlanForm

TASKS = ("talk", "close")
PAGE = 50
STANDS = {"zonder": gettext_lazy("Ontbreekt nog"), "met": gettext_lazy("Aanwezig")}


class PlanFileForm(PlainForm):
    """A plan that was written elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("Het plan, als pdf"),
        help_text=gettext_lazy("Hoogstens 5 MB."),
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("Dit bestand is leeg."),
            "invalid": gettext_lazy("Kies een bestand."),
        },
    )


@for_centre(*TASKS)
@require_GET
def plans(request: HttpRequest, member: Member) -> HttpResponse:
    """List whose guidance runs here and whether the plan is there; what it says is not shown."""
    asked, before = request.GET.get("stand", ""), request.GET.get("voor", "")
    latest = Plan.objects.filter(voucher=OuterRef("voucher")).order_by("-pk")
    found = own_tracks(member).filter(ended_on=None).order_by("-pk")
    found = found.annotate(kept_at=Subquery(latest.values("made_at")[:1]))
    if asked in STANDS:
        found = found.filter(kept_at__isnull=asked == "zonder")
    if before.isdecimal() and len(before) < 16:
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    context = {
        "stands": STANDS.items(),
        "stand": asked if asked in STANDS else "",
        "rows": page[:PAGE],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "centre/plans.html", context)


@for_centre(*TASKS)
@require_GET
def plan(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show the plan, if this centre may read it, and how to give another."""
    found = own_track(member, number)
    latest = live.latest_plan(found.voucher)
    may_read = latest is not None and _may_read(member, found)
    if may_read:
        noted(member, found, "plan")
    context = {
        "policy": rulebooks.current().on(clock.today()),
        "track": found,
        "worker": found.voucher.order.worker,
        "plan": latest,
        "is_left": has_moved_on(found),
        "may_read": may_read,
        "may_give": _may_give(member, found),
        "parts": _parts(latest) if may_read and latest else [],
    }
    return render(request, "centre/plan.html", context)


@for_centre(*TASKS)
@require_GET
def paper(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Return the plan as it was uploaded."""
    found = own_track(member, number)
    latest = live.latest_plan(found.voucher)
    if latest is None or not latest.is_pdf or not _may_read(member, found):
        raise Http404
    noted(member, found, "plan")
    response = HttpResponse(live.pdf_of(latest), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="plan.pdf"'
    return response


@for_centre(*TASKS)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Fill in the plan, with the worker."""
    found = _given(member, number)
    form = PlanForm.sent(request)
    if form.is_valid():
        try:
            live.write_plan(
                voucher=found.voucher,
                parts=form.cleaned_data,
                now=clock.now(),
                actor=name_of(member),
            )
        except Refused as error:
            form.add_error(None, faults.sentence_of(error))
        else:
            return _kept(request, number)
    context = {"track": found, "worker": found.voucher.order.worker, "form": form}
    return render(request, "centre/plan_write.html", context, status=form.http_status)


@for_centre(*TASKS)
@at_most_bytes(live.MOST_BYTES + FORM_BYTES)
@at_most_a_minute(MOST_UPLOADS)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Upload the plan."""
    found = _given(member, number)
    form = PlanFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            live.upload_plan(
                voucher=found.voucher,
                pdf=form.cleaned_data["file"].read(),
                now=clock.now(),
                actor=name_of(member),
            )
        except Refused as error:
            form.add_error("file", faults.sentence_of(error))
        else:
            return _kept(request, number)
    context = {"track": found, "worker": found.voucher.order.worker, "form": form}
    return render(request, "centre/plan_upload.html", context, status=form.http_status)


def _given(member: Member, number: int) -> Track:
    """Return a track of which this centre may give the plan."""
    found = own_track(member, number)
    if not _may_give(member, found):
        raise Http404
    return found


def _kept(request: HttpRequest, number: int) -> HttpResponse:
    messages.success(request, _("Het plan is bewaard."))
    return redirect("centre_plan", number)


def _may_read(member: Member, found: Track) -> bool:
    return live.may_read_plan(centre=member.centre, voucher=found.voucher, day=clock.today())


def _may_give(member: Member, found: Track) -> bool:
    """Whether a centre may give a plan: while the voucher runs there, and it may read it."""
    is_running = found.ended_on is None and found.voucher.closed_on is None
    return is_running and _may_read(member, found)


def _parts(found: Plan) -> list[tuple[str, str]]:
    kept = live.parts_of(found)
    return [(_(label), kept[name]) for name, label in PLAN_PARTS.items() if kept.get(name)]
