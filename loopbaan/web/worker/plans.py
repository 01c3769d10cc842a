"""My plan: read it, fill it in, bring one along, keep it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.live import plans as live
from loopbaan.live.models import Plan, Worker
from loopbaan.live.models.guidance import PLAN_PARTS
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_worker
from loopbaan.web.filters import day
from loopbaan.web.forms import PlainForm
from loopbaan.web.limits import FORM_BYTES, at_most_a_minute, at_most_bytes
from loopbaan.web.statuses import who
from loopbaan.web.worker.moving import own_track
from loopbaan.web.worker.own import acting

NEEDED = ("goal", "steps")
MOST_UPLOADS = 20


class PlanForm(PlainForm):
    """A plan, part by part."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in PLAN_PARTS.items():
            self.fields[name] = forms.CharField(
                label=capfirst(_(label)) if name in NEEDED else _optional(_(label)),
                required=name in NEEDED,
                max_length=live.LONGEST_PART,
                widget=forms.Textarea(attrs={"rows": 5}),
                error_messages={
                    "required": _("Vul dit in."),
                    "max_length": _("Dit is te lang: hoogstens 4000 tekens."),
                },
            )


class UploadForm(PlainForm):
    """A plan that was written elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("Uw plan (pdf)"),
        help_text=gettext_lazy("Hoogstens 5 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("Dit bestand is leeg."),
            "invalid": gettext_lazy("Kies een bestand."),
        },
    )


@for_worker
@require_GET
def plan(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show my plan as it was kept last."""
    return _page(request, worker, number, UploadForm())


@for_worker
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Fill in my plan; what was there stays as an earlier version."""
    track = own_track(worker, number)
    earlier = live.latest_plan(track.voucher)
    initial = live.parts_of(earlier) if earlier else None
    form = PlanForm.sent(request, initial=initial)
    if form.is_valid():
        live.write_plan(
            voucher=track.voucher, parts=form.cleaned_data, now=clock.now(), actor=acting(request)
        )
        messages.success(request, _("Uw plan is bewaard."))
        return redirect("plan", number)
    context = {"form": form, "number": number}
    return render(request, "worker/plan_write.html", context, status=form.http_status)


@for_worker
@at_most_bytes(live.MOST_BYTES + FORM_BYTES)
@at_most_a_minute(MOST_UPLOADS)
@require_POST
def upload(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Keep a plan that was written elsewhere."""
    track = own_track(worker, number)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, worker, number, form)
    pdf = form.cleaned_data["file"].read()
    try:
        live.upload_plan(voucher=track.voucher, pdf=pdf, now=clock.now(), actor=acting(request))
    except Refused as error:
        form.add_error("file", faults.sentence_of(error))
        return _page(request, worker, number, form)
    messages.success(request, _("Uw plan is bewaard."))
    return redirect("plan", number)


@for_worker
@require_GET
def download(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Return my plan as a file to keep: the PDF as it came, or what was filled in as text."""
    kept = live.latest_plan(own_track(worker, number).voucher)
    if kept is None:
        raise Http404
    pdf = live.pdf_of(kept)
    if pdf is not None:
        response = HttpResponse(pdf, content_type="application/pdf")
        name = "plan.pdf"
    else:
        response = HttpResponse(_as_text(kept), content_type="text/plain; charset=utf-8")
        name = "plan.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: HttpRequest, worker: Worker, number: int, form: UploadForm) -> HttpResponse:
    track = own_track(worker, number)
    kept = live.latest_plan(track.voucher)
    context = {
        "number": number,
        "track": track,
        "plan": kept,
        "parts": list(_parts(kept)) if kept else [],
        "maker": who(kept.made_by) if kept else "",
        "form": form,
    }
    return render(request, "worker/plan.html", context, status=form.http_status)


def _parts(kept: Plan) -> Iterator[tuple[str, str]]:
    """Yield what was filled in of a plan, with the question before it."""
    parts = live.parts_of(kept)
    for name, label in PLAN_PARTS.items():
        if text := parts.get(name, ""):
            yield capfirst(_(label)), text


def _as_text(kept: Plan) -> str:
    head = f"{_('Mijn persoonlijk ontwikkelingsplan')}, {day(clock.day_of(kept.made_at))}"
    return "\n\n".join([head, *(f"{label}\n{text}" for label, text in _parts(kept))]) + "\n"


def _optional(label: str) -> str:
    return _("%(what)s (hoeft niet)") % {"what": capfirst(label)}
