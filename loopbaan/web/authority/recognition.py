"""Centres: found, entered, recognised, and ended."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.adapters.unusable import Unusable
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import recognition as live
from loopbaan.live.batches import refused_account
from loopbaan.live.centre_statement import owed_cents
from loopbaan.live.holds import holds_on, payable_cents
from loopbaan.live.models import Centre, Track
from loopbaan.live.models.recognition import TASKS, VAT
from loopbaan.live.moving import Refused
from loopbaan.live.recoveries import open_recovery
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.centre.recognition import CentreForm
from loopbaan.web.forms import DayField, PlainForm, choice
from loopbaan.web.statuses import ENDINGS, who

PAGE, MOST_LINES = 50, 5
STANDS = {"erkend": gettext_lazy("Erkend"), "niet": gettext_lazy("Niet erkend")}


class FindForm(PlainForm):
    """Which centres to show."""

    naam = forms.CharField(
        label=gettext_lazy("Naam of ondernemingsnummer"), max_length=120, required=False
    )
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *STANDS.items()],
    )
    vanaf = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=10**6, required=False
    )


class EnterForm(CentreForm):
    """A centre, as it is entered."""

    kbo = forms.CharField(
        label=gettext_lazy("Ondernemingsnummer"),
        max_length=14,
        help_text=gettext_lazy("Tien cijfers, zoals 0403.019.261."),
    )
    iban = forms.CharField(label=gettext_lazy("Rekeningnummer (IBAN)"), max_length=42)
    field_order = ("name", "kbo", "iban", "email", "phone", "website", "vat")


class KboForm(PlainForm):
    """The number of the undertaking, as it should have been."""

    kbo = EnterForm.base_fields["kbo"]


class RecogniseForm(PlainForm):
    """From when a centre is recognised."""

    since = DayField(label=gettext_lazy("Erkend vanaf"))


class EndForm(PlainForm):
    """Until when a centre stays recognised, who ends it, and why."""

    last_day = DayField(label=gettext_lazy("Laatste dag van de erkenning"))
    ended_by = choice(
        gettext_lazy("Waardoor eindigt ze?"),
        [
            ("withdrawn", gettext_lazy("De overheid trekt ze in")),
            ("stopped", gettext_lazy("Het centrum stopt zelf")),
            ("dodged", gettext_lazy("Het centrum stopt zelf, net voor een intrekking")),
        ],
    )
    may_ask_on = DayField(
        label=gettext_lazy("Vanaf wanneer kan het centrum weer erkend worden?"),
        help_text=gettext_lazy("Nodig bij een intrekking, en bij wie er net voor stopt."),
        required=False,
    )
    ground = forms.CharField(label=gettext_lazy("Waarom"), max_length=200)


@for_authority
@require_GET
def centres(request: HttpRequest, official: str) -> HttpResponse:
    """List centres by name, a page at a time."""
    form = FindForm(request.GET)
    found = Centre.objects.order_by("name", "pk")
    recognised = Centre.objects.recognised_on(clock.today())
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("naam"):
        digits = asked["naam"].replace(".", "").replace(" ", "")
        found = found.filter(Q(name__icontains=asked["naam"]) | Q(kbo=digits))
    if asked.get("stand"):
        is_recognised = Q(pk__in=recognised.values("pk"))
        found = found.filter(is_recognised if asked["stand"] == "erkend" else ~is_recognised)
    first = asked.get("vanaf") or 0
    page = list(found[first : first + PAGE + 1]) if not form.errors else []
    shown = page[:PAGE]
    held = set(recognised.filter(pk__in=[each.pk for each in shown]).values_list("pk", flat=True))
    query = request.GET.copy()
    query["vanaf"] = str(first + PAGE)
    context = {
        "form": form,
        "rows": [(each, each.pk in held) for each in shown],
        "count": recognised.count(),
        "next": query.urlencode() if len(page) > PAGE else "",
    }
    return render(request, "authority/centres.html", context, status=form.http_status)


@for_authority
@require_GET
def centre(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one centre: whether it is recognised, where and with whom it works, what it is owed."""
    found = get_object_or_404(Centre, pk=number)
    today = clock.today()
    recognitions = found.recognitions.order_by("-since")
    context = {
        "centre": found,
        "vat": _(VAT[found.vat]),
        "held": recognitions.filter(since__lte=today, until__gte=today).first(),
        "recognitions": [(each, ENDINGS.get(each.ended_by, "")) for each in recognitions],
        "locations": found.locations.order_by("pk"),
        "members": [
            (each, [_(TASKS[task]) for task in each.tasks], each.is_active(today))
            for each in found.members.select_related("coach").order_by("name", "pk")
        ],
        "running": Track.objects.filter(centre=found, ended_on=None).count(),
        "owed_cents": owed_cents(found),
        "may_ask_back": payable_cents(found, today) < 0,
        "refused_account": refused_account(found),
        "accounts": [(each, who(each.actor)) for each in live.accounts_changed(found)[:MOST_LINES]],
        "recovery": open_recovery(found),
        "holds": holds_on(today).filter(centre=found).order_by("pk"),
    }
    return render(request, "authority/centre.html", context)


@for_authority
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, official: str) -> HttpResponse:
    """Enter a centre; it is not recognised by that."""
    form = EnterForm.sent(request)
    if form.is_valid():
        try:
            made = live.enter_centre(**form.cleaned_data, now=clock.now(), actor=official)
        except Unusable as error:
            form.add_error("iban", faults.sentence_of(error))
        except Refused as error:
            form.add_error("kbo", faults.sentence_of(error))
        else:
            messages.success(request, _("Het centrum is ingevoerd. Het is nog niet erkend."))
            return redirect("authority_centre", made.pk)
    context = {"form": form}
    return render(request, "authority/centre_enter.html", context, status=form.http_status)


@for_authority
@require_http_methods(["GET", "POST"])
def correct_kbo(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Correct the number of the undertaking, if it was entered wrongly."""
    found = get_object_or_404(Centre, pk=number)
    form = KboForm.sent(request, initial={"kbo": found.kbo})
    if form.is_valid():
        try:
            live.correct_kbo(centre=found, **form.cleaned_data, now=clock.now(), actor=official)
        except Refused as error:
            form.add_error("kbo", faults.sentence_of(error))
        else:
            messages.success(request, _("Het ondernemingsnummer is verbeterd."))
            return redirect("authority_centre", number)
    context = {"form": form, "centre": found}
    return render(request, "authority/centre_kbo.html", context, status=form.http_status)


@for_authority
@require_http_methods(["GET", "POST"])
def recognise(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Recognise a centre from a day on, for as long as the law says."""
    found = get_object_or_404(Centre, pk=number)
    now = clock.now()
    initial = {"since": clock.day_of(now)}
    form = RecogniseForm.sent(request, initial=initial)
    if form.is_valid():
        since = form.cleaned_data["since"]
        try:
            made = live.recognise(
                centre=found, since=since, rulebook=rulebooks.current(), now=now, actor=official
            )
        except Refused as error:
            form.add_error("since", faults.sentence_of(error))
        else:
            messages.success(request, _("Het centrum is erkend."))
            return redirect("authority_centre", made.centre_id)
    context = {"form": form, "centre": found}
    return render(request, "authority/recognise.html", context, status=form.http_status)


@for_authority
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """End the recognition of a centre before its time, after telling what that does."""
    found = get_object_or_404(Centre, pk=number)
    form = EndForm.sent(request)
    if form.is_valid():
        given = dict(form.cleaned_data)
        if before_decision := given["ended_by"] == "dodged":
            given["ended_by"] = "stopped"
        try:
            live.end_recognition(
                centre=found,
                **given,
                before_decision=before_decision,
                actor=official,
                **clock.moment(),
            )
        except Refused as error:
            place = "may_ask_on" if error.code == "no_waiting_term" else "last_day"
            form.add_error(place, faults.sentence_of(error))
        else:
            messages.success(request, _("Het einde van de erkenning is genoteerd."))
            return redirect("authority_centre", number)
    context = {
        "form": form,
        "centre": found,
        "running": Track.objects.filter(centre=found, ended_on=None).count(),
        "policy": rulebooks.current().on(clock.today()),
    }
    return render(request, "authority/end_recognition.html", context, status=form.http_status)
