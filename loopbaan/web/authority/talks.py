"""Talks that nobody else can settle are decided; a confirmed one that was shorter is corrected."""

from typing import Any

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
from loopbaan.live.plans import look
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


class AnswerForm(PlainForm):
    """What a worker answered who phoned or wrote, and how that is known."""

    answered = choice(
        gettext_lazy("Wat antwoordt de werkende?"),
        [
            ("ja", gettext_lazy("Het gesprek klopt")),
            ("nee", gettext_lazy("Er klopt iets niet: het wordt betwist")),
        ],
    )
    said = forms.CharField(
        label=gettext_lazy("Wat niet klopt, in de woorden van de werkende"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Hoe weet u dit?"),
        max_length=200,
        help_text=gettext_lazy("Zoals: belde op 3 maart. De werkende leest dit."),
        error_messages={"required": gettext_lazy("Zeg hoe de werkende u dit liet weten.")},
    )

    def clean(self) -> dict[str, Any]:
        """Ask what is wrong, if something is."""
        given = super().clean() or {}
        if given.get("answered") == "nee" and not given.get("said"):
            self.add_error("said", _("Zeg in één zin wat er niet klopt."))
        return given


class CorrectForm(GroundForm):
    """How many minutes a talk really lasted."""

    field_order = ("minutes", "ground")
    minutes = whole_number(gettext_lazy("Minuten die wel kloppen"), 6_000)


@for_authority
@require_GET
def talks(request: HttpRequest, official: str) -> HttpResponse:
    """Show the talks that wait for the authority, the oldest first, and find one by its number."""
    form = FindForm(request.GET)
    if form.is_valid() and form.cleaned_data["nummer"]:
        found = Talk.objects.filter(pk=form.cleaned_data["nummer"]).first()
        if found is not None:
            return redirect("authority_talk", found.pk)
        form.add_error("nummer", _("Dit gesprek bestaat niet."))
    waiting = live.to_settle(clock.today()).select_related("track__centre")
    context = {
        "form": form,
        "rows": [
            (each, TALKS[TalkStatus(each.status)]) for each in waiting.order_by("pk")[:MOST_TALKS]
        ],
        "count": waiting.count(),
    }
    return render(request, "authority/talks.html", context, status=form.http_status)


@for_authority
@require_GET
def talk(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one talk, what was claimed for it, and what can be decided on it."""
    return _page(request, official, _found(number), None)


@for_authority
@require_POST
def settle(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Decide on a talk that is disputed, or whose worker cannot be reached."""
    found, form = _found(number), SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, official, found, form)
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
def answer(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Note what a worker answered who phoned or wrote; she is told of it."""
    found, form = _found(number), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, official, found, form)
    live.answer_for(
        talk=found,
        took_place=form.cleaned_data["answered"] == "ja",
        remarks=form.cleaned_data["said"],
        reason=form.cleaned_data["reason"],
        now=clock.now(),
        actor=official,
    )
    messages.success(request, _("Het antwoord is genoteerd. De werkende krijgt bericht."))
    return redirect("authority_talk", number)


@for_authority
@require_POST
def correct(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Correct a confirmed talk to fewer minutes; what was claimed too much is taken back."""
    found, form = _found(number), CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, official, found, form)
    try:
        payout.correct(talk=found, **form.cleaned_data, actor=official, **clock.moment())
    except Refused as error:
        form.add_error("minutes", faults.sentence_of(error))
        return _page(request, official, found, form)
    messages.success(request, _("Verbeterd. Wat te veel gevorderd was, wordt verrekend."))
    return redirect("authority_talk", number)


def _found(number: int) -> Talk:
    talks = Talk.objects.select_related(
        "track__centre", "track__voucher__order__worker", "coach", "location"
    )
    return get_object_or_404(talks, pk=number)


def _page(
    request: HttpRequest,
    official: str,
    found: Talk,
    form: SettleForm | CorrectForm | AnswerForm | None,
) -> HttpResponse:
    """Show a talk; the worker reads who opened it."""
    worker, reason = found.track.voucher.order.worker, f"behandeling van gesprek {found.pk}"
    look(worker=worker, what="talk", now=clock.now(), actor=official, reason=reason)
    status = TalkStatus(found.status)
    may_settle = live.to_settle(clock.today()).filter(pk=found.pk).exists()
    claims = list(found.claims.order_by("pk"))
    lines = JournalLine.objects.filter(subject="talk", subject_id=found.pk).order_by("pk")
    context = {
        "talk": found,
        "order_number": found.track.voucher.order_id,
        "shown": TALKS[status],
        "status": status,
        "form": form or PlainForm(),
        "settle": _shown(form, SettleForm) if may_settle else None,
        "answer": _shown(form, AnswerForm) if status == TalkStatus.REGISTERED else None,
        "correct": _shown(form, CorrectForm) if status == TalkStatus.CONFIRMED else None,
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
    http_status = form.http_status if form else 200
    return render(request, "authority/talk.html", context, status=http_status)


def _shown(form: PlainForm | None, kind: type[PlainForm]) -> PlainForm:
    """Return the form of a kind: what was sent, or a fresh one."""
    return form if isinstance(form, kind) else kind()
