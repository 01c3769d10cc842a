"""Who works for the centre and may do what; the keys of its software; what it says of itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.live import members as live
from loopbaan.live import webhooks
from loopbaan.live.facts import keyring
from loopbaan.live.models import Member, Token, Webhook
from loopbaan.live.models.recognition import SCOPES, TASKS
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.forms import DayField, InszField, PlainForm

KEY_DAYS = 180


def _several(label: Any, words: dict[str, Any], *, required: bool) -> forms.MultipleChoiceField:
    """Return a question of which several answers may be right."""
    return forms.MultipleChoiceField(
        label=label,
        choices=lambda: [(word, _(text).capitalize()) for word, text in words.items()],
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Kies minstens één antwoord."),
            "invalid_choice": gettext_lazy("Kies een van de antwoorden."),
        },
    )


class TasksForm(PlainForm):
    """What a member may do."""

    tasks = _several(gettext_lazy("Wat mag deze persoon doen?"), TASKS, required=False)


class MemberForm(TasksForm):
    """Somebody new on the list."""

    name = forms.CharField(
        label=gettext_lazy("Naam"),
        max_length=120,
        error_messages={"required": gettext_lazy("Vul de naam in.")},
    )
    insz = InszField()
    field_order = ("name", "insz", "tasks")


class TokenForm(PlainForm):
    """A key for the centre's own software."""

    name = forms.CharField(
        label=gettext_lazy("Waarvoor dient de sleutel?"),
        help_text=gettext_lazy("Bijvoorbeeld de naam van uw programma."),
        max_length=60,
        error_messages={"required": gettext_lazy("Geef de sleutel een naam.")},
    )
    scopes = _several(
        gettext_lazy("Wat mag de sleutel doen?"), {s: TASKS[s] for s in SCOPES}, required=True
    )
    expires_on = DayField(
        label=gettext_lazy("Geldig tot en met"), help_text=gettext_lazy("Hoogstens een jaar.")
    )


@for_centre("members")
@require_GET
def members(request: HttpRequest, member: Member) -> HttpResponse:
    """List who works for the centre, and what each may do."""
    today = clock.today()
    found = member.centre.members.select_related("coach").order_by("name", "pk")
    context = {
        "centre": member.centre,
        "rows": [(each, _tasks_text(each)) for each in found if each.is_active(today)],
        "former": [each for each in found if not each.is_active(today)],
        "keys": Token.objects.filter(
            centre=member.centre, revoked_at=None, expires_on__gte=today
        ).count(),
    }
    return render(request, "centre/members.html", context)


@for_centre("members")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """Put somebody on the list."""
    form = MemberForm.sent(request)
    if form.is_valid():
        now = clock.now()
        try:
            made = live.add_member(
                centre=member.centre,
                since=clock.day_of(now),
                keys=keyring(),
                now=now,
                actor=name_of(member),
                **form.cleaned_data,
            )
        except Refused as error:
            form.add_error(None, faults.sentence_of(error))
        else:
            said = _("%(name)s staat op de lijst van uw centrum.")
            messages.success(request, said % {"name": made.name})
            return redirect("centre_members")
    return render(request, "centre/member_new.html", {"form": form}, status=form.http_status)


@for_centre("members")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show somebody of the list, and give other tasks."""
    found = _own(member, number)
    is_self = found.pk == member.pk
    first = {"tasks": found.tasks}
    form = TasksForm.sent(request, initial=first)
    if form.is_valid():
        tasks = form.cleaned_data["tasks"]
        if is_self and "members" not in tasks:
            form.add_error("tasks", _("U kunt uzelf niet buitensluiten: vraag het een collega."))
        else:
            live.give_tasks(member=found, tasks=tasks, now=clock.now(), actor=name_of(member))
            messages.success(request, _("De taken zijn bewaard."))
            return redirect("centre_members")
    context = {
        "each": found,
        "form": form,
        "is_self": is_self,
        "is_active": found.until is None,
    }
    return render(request, "centre/member.html", context, status=form.http_status)


@for_centre("members")
@require_POST
def end(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take somebody off the list, at once."""
    found = _own(member, number)
    if found.pk == member.pk:
        raise Refused(_("U kunt uzelf niet buitensluiten: vraag het een collega."))
    now = clock.now()
    with faults.unless(Member.objects.filter(pk=found.pk, until__isnull=False).exists):
        live.end_member(member=found, last_day=clock.day_of(now), now=now, actor=name_of(member))
    said = _("%(name)s kan vanaf nu niets meer doen voor uw centrum.")
    messages.success(request, said % {"name": found.name})
    return redirect("centre_members")


@for_centre("members")
@require_POST
def back(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Put somebody back on the list who was taken off."""
    found, now = _own(member, number), clock.now()
    live.rejoin(member=found, day=clock.day_of(now), now=now, actor=name_of(member))
    messages.success(request, _("%(name)s staat weer op de lijst.") % {"name": found.name})
    return redirect("centre_members")


@for_centre("members")
@require_GET
def tokens(request: HttpRequest, member: Member) -> HttpResponse:
    """List the keys of the centre's software; their text is nowhere kept."""
    today = clock.today()
    found = member.centre.tokens.order_by("-pk")
    hooks = Webhook.objects.filter(token__centre=member.centre, ended_at=None)
    given_up = {each.token_id: webhooks.given_up(each).count() for each in hooks}
    context = {
        "rows": [
            {
                "token": each,
                "scopes": ", ".join(_(TASKS[scope]) for scope in each.scopes),
                "works": each.revoked_at is None and each.expires_on >= today,
                "given_up": given_up.get(each.pk, 0),
            }
            for each in found
        ]
    }
    return render(request, "centre/tokens.html", context)


@for_centre("members")
@require_http_methods(["GET", "POST"])
def token_new(request: HttpRequest, member: Member) -> HttpResponse:
    """Make a key, and show its text once: in this answer, and in no other."""
    now = clock.now()
    today = clock.day_of(now)
    first = {"expires_on": today + timedelta(days=KEY_DAYS)}
    form = TokenForm.sent(request, initial=first)
    if form.is_valid():
        try:
            token, text = live.make_token(
                centre=member.centre,
                day=today,
                now=now,
                actor=name_of(member),
                **form.cleaned_data,
            )
        except Refused as error:
            form.add_error("name", faults.sentence_of(error))
        else:
            return render(request, "centre/token_made.html", {"token": token, "text": text})
    return render(request, "centre/token_new.html", {"form": form}, status=form.http_status)


@for_centre("members")
@require_POST
def token_revoke(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Revoke a key: from now on it lets nobody in."""
    found = get_object_or_404(member.centre.tokens, pk=number)
    with faults.unless(Token.objects.filter(pk=found.pk, revoked_at__isnull=False).exists):
        live.revoke_token(token=found, now=clock.now(), actor=name_of(member))
    messages.success(request, _("De sleutel is ingetrokken."))
    return redirect("centre_tokens")


def _own(member: Member, number: int) -> Member:
    """Return somebody on the list of this centre; who works elsewhere does not exist."""
    return get_object_or_404(member.centre.members.select_related("coach"), pk=number)


def _tasks_text(each: Member) -> str:
    words = [_(TASKS[task]) for task in TASKS if task in each.tasks]
    return ", ".join(words)
