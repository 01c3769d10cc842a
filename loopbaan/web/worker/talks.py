"""One talk: what the centre registered, and my answer."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loopbaan.law.transitions import TalkStatus
from loopbaan.live import talks as live
from loopbaan.live.models import JournalLine, Order, OutboxRow, Talk, Worker
from loopbaan.web import clock, faults
from loopbaan.web.access import for_worker
from loopbaan.web.forms import PlainForm
from loopbaan.web.statuses import TALKS
from loopbaan.web.worker.own import acting


class DisputeForm(PlainForm):
    """What is not right about a talk."""

    remarks = forms.CharField(
        label=gettext_lazy("Wat klopt er niet?"),
        help_text=gettext_lazy("Eén zin volstaat. Het centrum en de overheid lezen dit."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Zeg in één zin wat er niet klopt."),
            "max_length": gettext_lazy("Dit is te lang: hoogstens 500 tekens."),
        },
    )


@for_worker
@require_GET
def talk(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show one talk, and what happens if I do not answer."""
    return _page(request, own_talk(worker, number), DisputeForm())


@for_worker
@require_POST
def confirm(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Confirm that a talk took place as registered."""
    found = own_talk(worker, number)
    with faults.unless(lambda: own_talk(worker, number).status == TalkStatus.CONFIRMED):
        live.confirm(talk=found, now=clock.now(), actor=acting(request))
    messages.success(request, _("Dank u: het gesprek is bevestigd."))
    return redirect("guidance", found.track.voucher.order_id)


@for_worker
@require_POST
def dispute(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Say that a talk was not as registered: that talk alone waits."""
    found = own_talk(worker, number)
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    remarks = form.cleaned_data["remarks"]
    with faults.unless(lambda: own_talk(worker, number).status == TalkStatus.DISPUTED):
        live.dispute(talk=found, remarks=remarks, now=clock.now(), actor=acting(request))
    messages.success(request, _("Uw betwisting is genoteerd. Alleen dit gesprek wacht."))
    return redirect("talk", found.pk)


def own_talk(worker: Worker, number: int) -> Talk:
    """Return a talk of this worker; that of somebody else does not exist."""
    talks = Talk.objects.select_related("track__centre", "track__voucher", "coach", "location")
    return get_object_or_404(talks, track__voucher__order__worker=worker, pk=number)


def waiting_of(order: Order) -> int:
    """Return how many talks of an order wait for the answer of its worker."""
    talks = Talk.objects.filter(track__voucher__order=order)
    return talks.filter(status=TalkStatus.REGISTERED).count()


def _page(request: HttpRequest, found: Talk, form: DisputeForm) -> HttpResponse:
    status = TalkStatus(found.status)
    reminders = OutboxRow.objects.filter(kind="talk_reminder", about_id=found.pk)
    lines = JournalLine.objects.filter(subject="talk", subject_id=found.pk)
    context = {
        "talk": found,
        "order_number": found.track.voucher.order_id,
        "shown": TALKS[status],
        "status": status,
        "form": form,
        "reminders": reminders.order_by("due_at").values_list("due_at", flat=True),
        "was_silent": lines.filter(act="fall_silent").exists(),
    }
    return render(request, "worker/talk.html", context, status=form.http_status)
