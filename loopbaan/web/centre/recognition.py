"""What a centre says of itself: its data and account, its locations, and who guides there."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.adapters.towns import Town
from loopbaan.adapters.unusable import Unusable
from loopbaan.live import members
from loopbaan.live import recognition as live
from loopbaan.live.facts import keyring
from loopbaan.live.models import Centre, Member, Payout
from loopbaan.live.models.recognition import LANGUAGES, THEMES, VAT
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.forms import DayField, InszField, PlainForm, choice, whole_number
from loopbaan.web.public.finding import town_names, town_of, words
from loopbaan.web.statuses import who

MOST_PLACES, MOST_LINES = 500, 10
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{5,18}", re.ASCII)


class CentreForm(PlainForm):
    """What a centre says of itself."""

    name = forms.CharField(label=gettext_lazy("Naam"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mailadres"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Telefoon"), max_length=20, required=False)
    website = forms.URLField(
        label=gettext_lazy("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": gettext_lazy("Schrijf de website als https://voorbeeld.be.")},
    )
    vat = choice(gettext_lazy("Btw"), lambda: words(VAT))
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Thema's"),
        choices=lambda: words(THEMES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Uitleg in"),
        choices=lambda: words(LANGUAGES),
        initial=["nl"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_name(self) -> str:
        """Return the name on one line: it stands in the subject of mail."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_phone(self) -> str:
        """Return a number that can be called."""
        typed: str = self.cleaned_data["phone"].strip()
        if typed and not _PHONE.fullmatch(typed):
            raise forms.ValidationError(_("Schrijf het telefoonnummer als 09 123 45 67."))
        return typed

    def clean_website(self) -> str:
        """Return an address of the web, and no other."""
        typed: str = self.cleaned_data["website"]
        if typed and not typed.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Schrijf de website als https://voorbeeld.be."))
        return typed


class AccountForm(PlainForm):
    """The account to which a centre is paid."""

    iban = forms.CharField(
        label=gettext_lazy("Nieuwe rekening (IBAN)"),
        max_length=42,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Vul het rekeningnummer in.")},
    )


class PlaceForm(PlainForm):
    """Where a location is, how many can come, and whether it is open."""

    street = forms.CharField(
        label=gettext_lazy("Straat en nummer"),
        max_length=120,
        error_messages={"required": gettext_lazy("Vul de straat en het nummer in.")},
    )
    free_places = whole_number(gettext_lazy("Vrije plaatsen"), MOST_PLACES, initial=0)


class NewPlaceForm(PlaceForm):
    """A location, as it is added."""

    town = forms.CharField(
        label=gettext_lazy("Gemeente"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "gemeenten"}),
        error_messages={"required": gettext_lazy("Vul de gemeente in.")},
    )
    field_order = ("street", "town", "free_places")

    def clean_town(self) -> Town:
        """Return the town that was typed."""
        return town_of(self.cleaned_data["town"])


class OldPlaceForm(PlaceForm):
    """A location, as it is changed; its town stays."""

    is_open = choice(
        gettext_lazy("Wordt hier begeleid?"),
        [("ja", gettext_lazy("Ja")), ("nee", gettext_lazy("Nee, niet meer"))],
    )


class QualifyForm(PlainForm):
    """From when until when a coach has the qualification."""

    qualified_on = DayField(label=gettext_lazy("Bekwaam vanaf"), required=False)
    qualified_until = DayField(
        label=gettext_lazy("Tot en met"),
        required=False,
        help_text=gettext_lazy("Leeg: zonder einde."),
    )

    def clean(self) -> dict[str, Any]:
        """Pass if the end is not before the beginning."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("qualified_on"), given.get("qualified_until")
        if last is not None and (first is None or last < first):
            sentence = _("De bekwaamheid eindigt niet voor ze begint.")
            self.add_error("qualified_until", sentence)
        return given


class NewCoachForm(QualifyForm):
    """A coach, as the centre puts her on its list."""

    name = forms.CharField(
        label=gettext_lazy("Naam"),
        max_length=120,
        error_messages={"required": gettext_lazy("Vul de naam in.")},
    )
    insz = InszField()
    field_order = ("name", "insz", "qualified_on", "qualified_until")


@for_centre("data")
@require_GET
def data(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what is kept of the centre, where it is, and who guides there."""
    centre, today = member.centre, clock.today()
    found = centre.members.filter(coach__isnull=False).select_related("coach")
    context = {
        "centre": centre,
        "vat": _(VAT[centre.vat]),
        "themes": [_(THEMES[each]) for each in centre.themes],
        "languages": [_(LANGUAGES[each]) for each in centre.languages],
        "accounts": _accounts(centre),
        "locations": centre.locations.order_by("-is_open", "pk"),
        "coaches": [
            (each, each.coach is not None and each.coach.is_qualified(today))
            for each in found.order_by("name", "pk")
            if each.is_active(today)
        ],
        "held": centre.recognitions.filter(since__lte=today, until__gte=today).first(),
    }
    return render(request, "centre/data.html", context)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, member: Member) -> HttpResponse:
    """Change what the centre says of itself."""
    centre = Centre.objects.get(pk=member.centre_id)
    first = {name: getattr(centre, name) for name in CentreForm.base_fields}
    form = CentreForm.sent(request, initial=first)
    if form.is_valid():
        live.change_centre(
            centre=centre, **form.cleaned_data, now=clock.now(), actor=name_of(member)
        )
        messages.success(request, _("De gegevens zijn bewaard."))
        return redirect("centre_data")
    return render(request, "centre/data_change.html", {"form": form}, status=form.http_status)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, member: Member) -> HttpResponse:
    """Change the account to which the centre is paid; what is ready to be paid keeps its own."""
    centre = Centre.objects.get(pk=member.centre_id)
    form = AccountForm.sent(request)
    if form.is_valid():
        iban = form.cleaned_data["iban"]
        try:
            live.change_centre(centre=centre, iban=iban, now=clock.now(), actor=name_of(member))
        except Unusable as error:
            form.add_error("iban", faults.sentence_of(error))
        else:
            messages.success(request, _("De rekening is gewijzigd. De overheid ziet dat ook."))
            return redirect("centre_data")
    paid = Payout.objects.filter(centre=centre, paid_on__isnull=False).order_by("-pk").first()
    ready = Payout.objects.filter(centre=centre, paid_on=None).exclude(batch__status="cancelled")
    context = {"form": form, "centre": centre, "paid": paid, "ready": ready.first()}
    return render(request, "centre/account.html", context, status=form.http_status)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def location_new(request: HttpRequest, member: Member) -> HttpResponse:
    """Add a location."""
    form = NewPlaceForm.sent(request)
    if form.is_valid():
        given = {**form.cleaned_data, "town": form.cleaned_data["town"].number}
        try:
            live.add_location(centre=member.centre, **given, now=clock.now(), actor=name_of(member))
        except Refused as error:
            form.add_error("street", faults.sentence_of(error))
        else:
            messages.success(request, _("De vestiging staat erbij."))
            return redirect("centre_data")
    context = {"form": form, "towns": town_names()}
    return render(request, "centre/location_new.html", context, status=form.http_status)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def location(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Change a location: its street, its free places, or that it is closed; and open it again."""
    found = get_object_or_404(member.centre.locations, pk=number)
    first = {
        "street": found.street,
        "free_places": found.free_places,
        "is_open": "ja" if found.is_open else "nee",
    }
    form = OldPlaceForm.sent(request, initial=first)
    if form.is_valid():
        given = {**form.cleaned_data, "is_open": form.cleaned_data["is_open"] == "ja"}
        try:
            live.change_location(location=found, **given, now=clock.now(), actor=name_of(member))
        except Refused as error:
            form.add_error("street", faults.sentence_of(error))
        else:
            messages.success(request, _("De vestiging is bewaard."))
            return redirect("centre_data")
    context = {"form": form, "location": found}
    return render(request, "centre/location.html", context, status=form.http_status)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def coach_new(request: HttpRequest, member: Member) -> HttpResponse:
    """Let somebody guide for the centre."""
    form = NewCoachForm.sent(request)
    if form.is_valid():
        now = clock.now()
        try:
            made = members.add_coach(
                centre=member.centre,
                **form.cleaned_data,
                since=clock.day_of(now),
                keys=keyring(),
                now=now,
                actor=name_of(member),
            )
        except Refused as error:
            form.add_error("insz", faults.sentence_of(error))
        else:
            said = _("%(name)s begeleidt nu voor uw centrum.")
            messages.success(request, said % {"name": made.name})
            return redirect("centre_data")
    return render(request, "centre/coach_new.html", {"form": form}, status=form.http_status)


@for_centre("data")
@require_http_methods(["GET", "POST"])
def coach(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Note from when until when a coach of the centre has the qualification."""
    mine = member.centre.members.filter(coach__isnull=False, until=None)
    found = get_object_or_404(mine.select_related("coach"), pk=number)
    assert found.coach is not None, "asked for in the query"
    first = {name: getattr(found.coach, name) for name in QualifyForm.base_fields}
    form = QualifyForm.sent(request, initial=first)
    if form.is_valid():
        now = clock.now()
        try:
            members.qualify_own(
                member=found,
                **form.cleaned_data,
                day=clock.day_of(now),
                now=now,
                actor=name_of(member),
            )
        except Refused as error:
            form.add_error("qualified_on", faults.sentence_of(error))
        else:
            messages.success(request, _("De bekwaamheid is genoteerd. De overheid ziet dat ook."))
            return redirect("centre_data")
    context = {"form": form, "each": found}
    return render(request, "centre/coach.html", context, status=form.http_status)


def _accounts(centre: Centre) -> list[tuple[Any, Any]]:
    """Return when the account was changed, and by whom: somebody of the centre by name."""
    lines = list(live.accounts_changed(centre)[:MOST_LINES])
    names = {f"member:{each.pk}": each.name for each in centre.members.all()}
    return [(each, names.get(each.actor) or capfirst(who(each.actor))) for each in lines]
