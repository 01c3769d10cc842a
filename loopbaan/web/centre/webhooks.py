"""Where the software of a key is told of what happens, and what it did not take."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from loopbaan.adapters.webhooks import LONGEST
from loopbaan.live import webhooks as live
from loopbaan.live.events import event_of
from loopbaan.live.models import JournalLine, Member, OutboxRow, Token, Webhook
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.forms import PlainForm
from loopbaan.web.statuses import Shown

MOST_SHOWN = 50
TAKEN = Shown(gettext_lazy("Aangekomen"), "good", "")
WAITS = Shown(gettext_lazy("Onderweg"), "wait", "")
GIVEN_UP = Shown(gettext_lazy("Opgegeven"), "stop", "")


class AddressForm(PlainForm):
    """An address of the centre's own software."""

    address = forms.CharField(
        label=gettext_lazy("Adres van uw programma"),
        help_text=gettext_lazy("Het begint met https:// en staat op het internet."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Vul het adres in.")},
    )


@for_centre("members")
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show the webhook of a key and what it was told; or add one, and show its secret once."""
    token = _own(member, number)
    form = AddressForm.sent(request)
    if form.is_valid():
        try:
            made = live.register(
                token=token, now=clock.now(), actor=name_of(member), **form.cleaned_data
            )
        except Refused as error:
            form.add_error("address", faults.sentence_of(error))
        else:
            context = {"token": token, "hook": made, "secret": live.secret_of(made)}
            return render(request, "centre/webhook_made.html", context)
    context = {"token": token, "form": form, "works": _works(token)} | _told(token)
    return render(request, "centre/webhook.html", context, status=form.http_status)


@for_centre("members")
@require_POST
def end(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """End the webhook of a key."""
    hook = _hook(member, number)
    live.end(webhook=hook, now=clock.now(), actor=name_of(member))
    messages.success(request, _("De webhook is beëindigd: er gaat niets meer naartoe."))
    return redirect("centre_webhook", number)


@for_centre("members")
@require_POST
def test(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Send a test."""
    hook = _hook(member, number)
    live.send_test(webhook=hook, now=clock.now(), actor=name_of(member))
    messages.success(request, _("Er vertrekt een proefbericht. Kijk over enkele seconden opnieuw."))
    return redirect("centre_webhook", number)


@for_centre("members")
@require_POST
def again(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Send again what was given up."""
    hook = _hook(member, number)
    count = live.send_again(webhook=hook, now=clock.now(), actor=name_of(member))
    said = ngettext(
        "%(count)s bericht wordt opnieuw verstuurd.",
        "%(count)s berichten worden opnieuw verstuurd.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("centre_webhook", number)


def _own(member: Member, number: int) -> Token:
    return get_object_or_404(member.centre.tokens, pk=number)


def _hook(member: Member, number: int) -> Webhook:
    """Return the webhook of a key of this centre; one of another centre does not exist."""
    return get_object_or_404(Webhook, token=_own(member, number), ended_at=None)


def _works(token: Token) -> bool:
    return token.revoked_at is None and token.expires_on >= clock.today()


def _told(token: Token) -> dict[str, Any]:
    hook = Webhook.objects.filter(token=token, ended_at=None).first()
    if hook is None:
        return {"hook": None}
    rows = list(live.told_to(hook).order_by("-about_id")[:MOST_SHOWN])
    lines = JournalLine.objects.in_bulk([row.about_id for row in rows])
    named = [(row, lines[row.about_id], event_of(lines[row.about_id])) for row in rows]
    return {
        "hook": hook,
        "rows": [(row, line, event, _shown(row)) for row, line, event in named],
        "waiting": live.waiting(hook).count(),
        "given_up": live.given_up(hook).count(),
    }


def _shown(row: OutboxRow) -> Shown:
    return TAKEN if row.done_at else GIVEN_UP if row.dead_at else WAITS
