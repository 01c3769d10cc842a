"""Talks of a centre: registered once they were held, withdrawn while nobody confirmed them."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.adapters.towns import towns
from loopbaan.law.transitions import TalkAct, TalkStatus, talk_outcome
from loopbaan.live import guidance
from loopbaan.live import talks as live
from loopbaan.live.models import Location, Member, Talk
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.centre.guidance import GUIDES, HeldForm, own_track
from loopbaan.web.forms import PlainForm, offer
from loopbaan.web.statuses import CENTRE_TALKS

PAGE = 50
LONGEST_TALK = 600


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Where a talk was held: a location of the centre, or nowhere for one held remotely."""

    def label_from_instance(self, obj: Any) -> str:
        """Name a location by its street and its town."""
        return f"{obj.street}, {towns()[obj.town].name}"


class TalkForm(HeldForm):
    """A talk that counts; a key makes it one however often it is sent."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Hoeveel minuten?"),
        help_text=gettext_lazy("Alleen gesprekstijd: voorbereiding en verslag tellen niet."),
        min_value=1,
        max_value=LONGEST_TALK,
        error_messages={
            each: gettext_lazy("Vul het aantal minuten in, hoogstens 600.")
            for each in ("required", "invalid", "min_value", "max_value")
        },
    )
    location = PlaceField(
        label=gettext_lazy("Waar?"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=gettext_lazy("Op afstand"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(member, *args, **kwargs)
        offer(self, "location", member.centre.locations.order_by("town", "street"))


class FindForm(PlainForm):
    """Which talks to show."""

    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            *((each.value, shown.label) for each, shown in CENTRE_TALKS.items()),
        ],
    )
    voor = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=10**12, required=False
    )


@for_centre(*GUIDES)
@require_GET
def talks(request: HttpRequest, member: Member) -> HttpResponse:
    """List the talks of the centre, the latest first, a page at a time."""
    form = FindForm(request.GET)
    found = Talk.objects.filter(track__centre=member.centre).order_by("-pk")
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("stand"):
        found = found.filter(status=asked["stand"])
    if asked.get("voor"):
        found = found.filter(pk__lt=asked["voor"])
    found = found.select_related("track__voucher__order__worker", "coach")
    page = list(found[: PAGE + 1]) if not form.errors else []
    context = {
        "form": form,
        "rows": [(each, CENTRE_TALKS[TalkStatus(each.status)]) for each in page[:PAGE]],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "centre/talks.html", context, status=form.http_status)


@for_centre("talk")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Register a talk."""
    found = own_track(member, number)
    first = {"key": uuid4(), "held_on": clock.today(), "coach": member.coach_id}
    form = TalkForm.sent(request, member, initial=first)
    if form.is_valid():
        try:
            live.register(track=found, actor=name_of(member), **form.cleaned_data, **clock.moment())
        except guidance.Objected as error:
            for sentence in error.sentences:
                form.add_error("minutes", _(sentence))
        except Refused as error:
            form.add_error(None, faults.sentence_of(error))
        else:
            said = _("Het gesprek is geregistreerd. We vragen de werkende om het te bevestigen.")
            messages.success(request, said)
            return redirect("centre_track", number)
    context = {
        "form": form,
        "track": found,
        "voucher": found.voucher,
        "worker": found.voucher.order.worker,
        "runs": found.ended_on is None and found.voucher.closed_on is None,
    }
    return render(request, "centre/talk_new.html", context, status=form.http_status)


@for_centre("talk")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Withdraw a talk that is not confirmed, after asking whether one is sure."""
    mine = Talk.objects.filter(track__centre=member.centre)
    talk = get_object_or_404(
        mine.select_related("track__voucher__order__worker", "coach"), pk=number
    )
    if request.method == "POST":
        withdrawn = mine.filter(pk=number, status=TalkStatus.WITHDRAWN)
        with faults.unless(withdrawn.exists):
            live.withdraw(talk=talk, actor=name_of(member), **clock.moment())
        messages.success(request, _("Het gesprek is ingetrokken. De minuten zijn terug."))
        return redirect("centre_track", talk.track_id)
    status = TalkStatus(talk.status)
    context = {
        "talk": talk,
        "worker": talk.track.voucher.order.worker,
        "shown": CENTRE_TALKS[status],
        "is_possible": talk_outcome(status, TalkAct.WITHDRAW) is not None,
    }
    return render(request, "centre/talk_withdraw.html", context)
