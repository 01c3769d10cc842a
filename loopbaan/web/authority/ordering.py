"""The orders: found, looked at, and typed in for those who phone or write."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.law.transitions import Act, Status, TalkStatus
from loopbaan.live import ordering as live
from loopbaan.live import parties
from loopbaan.live.enrolling import enrol
from loopbaan.live.explaining import told
from loopbaan.live.facts import keyring
from loopbaan.live.models import JournalLine, Order, Talk, Track
from loopbaan.live.moving import Refused
from loopbaan.live.plans import look
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import InszField, PlainForm, choice
from loopbaan.web.language import lang
from loopbaan.web.public.ordering import shown
from loopbaan.web.statuses import ACTS, CHANNELS, STATUSES, TALKS, status_of, who
from loopbaan.web.worker.facts_used import facts_used

PAGE = 50
MOST_LINES = 200


class FindForm(PlainForm):
    """Which orders to show."""

    nummer = forms.IntegerField(
        label=gettext_lazy("Nummer"), min_value=1, max_value=10**12, required=False
    )
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[("", gettext_lazy("Alle"))]
        + [(str(status), each.label) for status, each in STATUSES.items()],
    )
    voor = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=10**12, required=False
    )


class TypedForm(PlainForm):
    """An order of somebody who phones or writes."""

    insz = InszField()
    channel = choice(
        gettext_lazy("Hoe kwam de bestelling?"),
        [(key, label) for key, label in CHANNELS.items() if key != "web"],
    )
    language = choice(
        gettext_lazy("In welke taal wil de werkende de begeleiding?"),
        [("nl", gettext_lazy("Nederlands")), ("other", gettext_lazy("Een andere taal"))],
        initial="nl",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@for_authority
@require_GET
def orders(request: HttpRequest, official: str) -> HttpResponse:
    """List orders, the newest first, a page at a time; whose they are is told by the file alone."""
    form = FindForm(request.GET)
    found = Order.objects.select_related("standing").order_by("-pk")
    if form.is_valid():
        asked = form.cleaned_data
        if asked["nummer"]:
            found = found.filter(pk=asked["nummer"])
        if asked["stand"] == Status.RECEIVED:
            is_received = found.filter(standing__status=Status.RECEIVED)
            found = is_received | found.filter(standing=None)
        elif asked["stand"]:
            found = found.filter(standing__status=asked["stand"])
        if asked["voor"]:
            found = found.filter(pk__lt=asked["voor"])
    else:
        found = found.none()
    page = list(found[: PAGE + 1])
    context = {
        "form": form,
        "rows": [(order, STATUSES[status_of(order)]) for order in page[:PAGE]],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "authority/orders.html", context, status=form.http_status)


@for_authority
@require_GET
def order(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one order with its decisions and its journal; the worker reads who opened it."""
    everything = Order.objects.select_related("standing", "worker", "payment_request", "voucher")
    found = get_object_or_404(everything, pk=number)
    reason = f"behandeling van bestelling {number}"
    look(worker=found.worker, what="order", now=clock.now(), actor=official, reason=reason)
    decisions = [
        (each, STATUSES[Status(each.outcome)], shown(told(each, lang())))
        for each in found.decisions.select_related("order").order_by("-pk")
    ]
    lines = JournalLine.objects.filter(subject="order", subject_id=number).order_by("pk")
    tracks = Track.objects.filter(voucher__order=found)
    context = {
        "order": found,
        "shown": STATUSES[status_of(found)],
        "channel": CHANNELS[found.channel],
        "decisions": decisions,
        "facts": facts_used(decisions[0][0].facts) if decisions else [],
        "request_": getattr(found, "payment_request", None),
        "voucher": getattr(found, "voucher", None),
        "tracks": tracks.select_related("centre").order_by("pk"),
        "talks": [
            (each, TALKS[TalkStatus(each.status)])
            for each in Talk.objects.filter(track__in=tracks).order_by("held_on", "pk")
        ],
        "lines": [
            (line, STATUSES[Status(line.after)].label, ACTS[Act(line.act)], who(line.actor))
            for line in lines[:MOST_LINES]
        ],
    }
    return render(request, "authority/order.html", context)


@for_authority
@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest, official: str) -> HttpResponse:
    """Type in an order from phone or paper: received and decided like any other."""
    now = clock.now()
    today = clock.day_of(now)
    form = TypedForm.sent(request, initial={"key": uuid4()})
    if form.is_valid():
        asked = form.cleaned_data
        try:
            worker = enrol(
                insz=asked["insz"], registers=parties.registers(), keys=keyring(), today=today
            )
        except Refused as error:
            form.add_error("insz", faults.sentence_of(error))
        else:
            received = live.receive(
                worker_id=worker.pk,
                day=today,
                language=asked["language"],
                key=asked["key"],
                now=now,
                actor=official,
                channel=asked["channel"],
            )
            messages.success(request, _("De bestelling is ontvangen."))
            return redirect("authority_order", received.pk)
    context = {"form": form}
    return render(request, "authority/typed.html", context, status=form.http_status)
