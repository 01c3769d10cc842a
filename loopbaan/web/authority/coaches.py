"""Coaches with the days of their qualification, and who stands on the list of a centre."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loopbaan.live import members, recognition
from loopbaan.live.facts import keyring
from loopbaan.live.models import Centre, Coach, JournalLine, Member
from loopbaan.live.models.recognition import TASKS
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.centre.recognition import QualifyForm
from loopbaan.web.filters import day as written
from loopbaan.web.forms import InszField, PlainForm, offer
from loopbaan.web.public.finding import words
from loopbaan.web.statuses import who

MOST_COACHES = 200


class FindForm(PlainForm):
    """Which coaches to show."""

    naam = forms.CharField(label=gettext_lazy("Naam"), max_length=120, required=False)


class CoachForm(QualifyForm):
    """A coach, as entered."""

    name = forms.CharField(label=gettext_lazy("Naam"), max_length=120)
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("name", "qualified_on", "qualified_until")


class CoachField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A coach, told from others of that name by the qualification and the centres."""

    def label_from_instance(self, obj: Coach) -> str:
        """Return the name, since when qualified, and where she guides."""
        said = _("geen bekwaamheid genoteerd")
        if obj.qualified_on is not None:
            said = _("bekwaam vanaf %(day)s") % {"day": written(obj.qualified_on)}
        if obj.qualified_until is not None:
            said += " " + _("tot en met %(day)s") % {"day": written(obj.qualified_until)}
        houses = sorted({each.centre.name for each in obj.members.all()})
        return f"{obj.name}, {said} ({', '.join(houses) or _('nog nergens')})"


class MemberForm(PlainForm):
    """Somebody on the list of a centre."""

    insz = InszField()
    name = forms.CharField(label=gettext_lazy("Naam"), max_length=120)
    coach = CoachField(
        label=gettext_lazy("Begeleidt als"),
        help_text=gettext_lazy("Een begeleider heeft overal hetzelfde rijksregisternummer."),
        queryset=Coach.objects.none(),
        required=False,
        empty_label=gettext_lazy("Begeleidt niet"),
    )
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("Taken"),
        choices=lambda: words(TASKS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, centre: Centre, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Coach.objects.exclude(members__centre=centre).order_by("name", "pk")
        offer(self, "coach", others.prefetch_related("members__centre"))


@for_authority
@require_http_methods(["GET", "POST"])
def coaches(request: HttpRequest, official: str) -> HttpResponse:
    """List coaches by name, and enter one."""
    form = CoachForm.sent(request, initial={"key": uuid4()})
    if form.is_valid():
        recognition.enter_coach(**form.cleaned_data, now=clock.now(), actor=official)
        messages.success(request, _("De begeleider is ingevoerd."))
        return redirect("coaches")
    find = FindForm(request.GET)
    found = Coach.objects.order_by("name", "pk")
    if find.is_valid() and find.cleaned_data["naam"]:
        found = found.filter(name__icontains=find.cleaned_data["naam"])
    today = clock.today()
    context = {
        "form": form,
        "find": find,
        "rows": [(each, each.is_qualified(today)) for each in found[:MOST_COACHES]],
    }
    return render(request, "authority/coaches.html", context, status=form.http_status)


@for_authority
@require_http_methods(["GET", "POST"])
def qualify(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Note from when until when a coach has the qualification."""
    coach = get_object_or_404(Coach, pk=number)
    lines = JournalLine.objects.filter(subject="coach", subject_id=coach.pk)
    noted = lines.order_by("-pk").first()
    kept = {"qualified_on": coach.qualified_on, "qualified_until": coach.qualified_until}
    form = QualifyForm.sent(request, initial=kept)
    if form.is_valid():
        recognition.qualify_coach(coach=coach, **form.cleaned_data, now=clock.now(), actor=official)
        messages.success(request, _("De bekwaamheid is genoteerd."))
        return redirect("coaches")
    context = {
        "form": form,
        "coach": coach,
        "is_qualified": coach.is_qualified(clock.today()),
        "noted": noted,
        "noted_by": who(noted.actor) if noted else "",
        "centres": Centre.objects.filter(members__coach=coach).order_by("name").distinct(),
        "is_unused": recognition.is_unused(coach),
    }
    return render(request, "authority/coach.html", context, status=form.http_status)


@for_authority
@require_POST
def remove(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Take a coach away who was entered by mistake, and never worked anywhere."""
    coach = get_object_or_404(Coach, pk=number)
    recognition.remove_coach(coach=coach, now=clock.now(), actor=official)
    messages.success(request, _("De begeleider is weggehaald."))
    return redirect("coaches")


@for_authority
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Put somebody on the list of a centre: the first who manages it, or a coach."""
    centre = get_object_or_404(Centre, pk=number)
    now = clock.now()
    form = MemberForm.sent(request, centre)
    if form.is_valid():
        try:
            members.add_member(
                centre=centre,
                **form.cleaned_data,
                since=clock.day_of(now),
                keys=keyring(),
                now=now,
                actor=official,
            )
        except Refused as error:
            form.add_error("insz", faults.sentence_of(error))
        else:
            messages.success(request, _("De medewerker staat op de lijst van het centrum."))
            return redirect("authority_centre", number)
    context = {"form": form, "centre": centre}
    return render(request, "authority/member.html", context, status=form.http_status)


@for_authority
@require_POST
def end_member(request: HttpRequest, official: str, number: int, member: int) -> HttpResponse:
    """Take somebody off the list of a centre, at once."""
    found, now = _listed(number, member), clock.now()
    with faults.unless(Member.objects.filter(pk=found.pk, until__isnull=False).exists):
        members.end_member(member=found, last_day=clock.day_of(now), now=now, actor=official)
    said = _("%(name)s kan vanaf nu niets meer doen voor het centrum.")
    messages.success(request, said % {"name": found.name})
    return redirect("authority_centre", number)


@for_authority
@require_POST
def rejoin_member(request: HttpRequest, official: str, number: int, member: int) -> HttpResponse:
    """Put somebody back on the list of a centre who was taken off."""
    found, now = _listed(number, member), clock.now()
    members.rejoin(member=found, day=clock.day_of(now), now=now, actor=official)
    messages.success(request, _("%(name)s staat weer op de lijst.") % {"name": found.name})
    return redirect("authority_centre", number)


def _listed(number: int, member: int) -> Member:
    return get_object_or_404(Member, pk=member, centre=number)
