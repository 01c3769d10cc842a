"""Talks that are disputed are decided; a confirmed talk that was shorter is corrected."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loopbaan.law.transitions import TalkStatus
from loopbaan.live import payout
from loopbaan.live import talks as live
from loopbaan.live.centre_statement import lines_of
from loopbaan.live.models import JournalLine, Talk
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import PlainForm, choice, whole_number
from loopbaan.web.statuses import TALK_ACTS, TALKS, who

MOST_TALKS, MOST_LINES = 200, 100


class FindForm(PlainForm):
    """Which talk to open."""

    nummer = forms.IntegerField(
        label=gettext_lazy("Nummer van het gesprek"), min_value=1, max_value=10**12, required=False
    )


class GroundForm(PlainForm):
    """Why the authority decides as it does."""

    ground = forms.CharField(
        label=gettext_lazy("Waarom"),
        max_length=300,
        help_text=gettext_lazy("De werkende en het centrum lezen dit."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Zeg waarom.")},
    )


class SettleForm(GroundForm):
    """What the authority decides on a talk that is disputed."""

    field_order = ("took_place", "ground")
    took_place = choice(
        gettext_lazy("Wat besluit u?"),
        [
            ("ja", gettext_lazy("Het gesprek vond zo plaats: het telt")),
            ("nee", gettext_lazy("Het gesprek vond niet zo plaats: het wordt geschrapt")),
        ],
    )


class CorrectForm(GroundForm):
    """How many minutes a talk really lasted."""

    field_order = ("minutes", "ground")
    minutes = whole_number(gettext_lazy("Minuten die wel kloppen"), 6_000)


@for_authority
@require_GET
def talks(request: HttpRequest, official: str) -> HttpResponse:
    """Show the talks that are disputed, the oldest first, and find one by its number."""
    form = FindForm(request.GET)
    if form.is_valid() and form.cleaned_data["nummer"]:
        found = Talk.objects.filter(pk=form.cleaned_data["nummer"]).first()
        if found is not None:
            return redirect("authority_talk", found.pk)
        form.add_error("nummer", _("Dit gesprek bestaat niet."))
    disputed = Talk.objects.filter(status=TalkStatus.DISPUTED).select_related("track__centre")
    context = {
        "form": form,
        "rows": disputed.order_by("pk")[:MOST_TALKS],
        "count": disputed.count(),
    }
    return render(request, "authority/talks.html", context, status=form.http_status)


@for_authority
@require_GET
def talk(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one talk, what was claimed for it, and what can be decided on it."""
    return _page(request, _found(number), None)


@for_authority
@require_POST
def settle(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Decide on a talk that is disputed."""
    found, form = _found(number), SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    live.settle(
        talk=found,
        took_place=form.cleaned_data["took_place"] == "ja",
        ground=form.cleaned_data["ground"],
        actor=official,
        **clock.moment(),
    )
    messages.success(request, _("Er is beslist. De werkende krijgt bericht."))
    return redirect("authority_talk", number)


@for_authority
@require_POST
def correct(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Correct a confirmed talk to fewer minutes; what was claimed too much is taken back."""
    found, form = _found(number), CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        payout.correct(talk=found, **form.cleaned_data, actor=official, **clock.moment())
    except Refused as error:
        form.add_error("minutes", faults.sentence_of(error))
        return _page(request, found, form)
    messages.success(request, _("Verbeterd. Wat te veel gevorderd was, wordt verrekend."))
    return redirect("authority_talk", number)


def _found(number: int) -> Talk:
    talks = Talk.objects.select_related("track__centre", "track__voucher", "coach", "location")
    return get_object_or_404(talks, pk=number)


def _page(request: HttpRequest, found: Talk, form: SettleForm | CorrectForm | None) -> HttpResponse:
    status = TalkStatus(found.status)
    if form is None:
        form = CorrectForm() if status == TalkStatus.CONFIRMED else SettleForm()
    claims = list(found.claims.order_by("pk"))
    lines = JournalLine.objects.filter(subject="talk", subject_id=found.pk).order_by("pk")
    context = {
        "talk": found,
        "order_number": found.track.voucher.order_id,
        "shown": TALKS[status],
        "status": status,
        "form": form,
        "claims": [
            (line, _(line.sentence))
            for line in lines_of(centre=found.track.centre, claims=claims, day=clock.today())
        ],
        "lines": [
            (
                line,
                TALK_ACTS.get(line.act, line.act),
                TALKS[TalkStatus(line.after)].label,
                who(line.actor),
            )
            for line in lines[:MOST_LINES]
        ],
    }
    return render(request, "authority/talk.html", context, status=form.http_status)
