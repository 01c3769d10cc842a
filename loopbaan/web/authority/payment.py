"""Payments: statements of the bank read in, and what did not match looked at by a person."""

import logging

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from loopbaan.adapters.statements import read
from loopbaan.adapters.unusable import Unusable
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import parties
from loopbaan.live.models import Statement, StatementLine
from loopbaan.live.models.payment import STRAY, UNUSED
from loopbaan.live.moving import Refused
from loopbaan.live.payment import explain_stray, read_file
from loopbaan.live.refunds import make_refund
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import PlainForm
from loopbaan.web.limits import FORM_BYTES, at_most_a_minute, at_most_bytes
from loopbaan.web.statuses import MATCHES

log = logging.getLogger("loopbaan.web")

MOST_STATEMENT_BYTES = 5 * 1_024 * 1_024
MOST_UPLOADS = 60
MOST_LINES, MOST_STATEMENTS = 100, 20


class StatementForm(PlainForm):
    """A statement of the bank, as a file."""

    file = forms.FileField(
        label=gettext_lazy("Rekeninguittreksel (camt.053)"),
        help_text=gettext_lazy("Een xml-bestand van uw bank, hoogstens 5 MB."),
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("Dit bestand is leeg."),
            "invalid": gettext_lazy("Kies een bestand."),
        },
    )


@for_authority
@require_GET
def payments(request: HttpRequest, official: str) -> HttpResponse:
    """Show what came in and matched nothing, and the statements that were read."""
    return _page(request, StatementForm())


@for_authority
@at_most_bytes(MOST_STATEMENT_BYTES + FORM_BYTES)
@at_most_a_minute(MOST_UPLOADS)
@require_POST
def upload(request: HttpRequest, official: str) -> HttpResponse:
    """Read a file of statements: all of it, or nothing with the reason why."""
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    account = parties.account()
    try:
        lines = read_file(
            read(file.read(), account=account.iban),
            account=account,
            rulebook=rulebooks.current(),
            now=clock.now(),
            actor=official,
        )
    except (Unusable, Refused) as error:
        # Neither the name of the file nor what is in it: both may say who paid.
        log.warning("statement refused: %s, %s bytes: %s", official, file.size, error)
        form.add_error("file", faults.sentence_of(error))
        return _page(request, form)
    exact = sum(line.match == "exact" for line in lines)
    sentence = ngettext(
        "Gelezen: %(all)s verrichting, waarvan %(exact)s toegewezen.",
        "Gelezen: %(all)s verrichtingen, waarvan %(exact)s toegewezen.",
        len(lines),
    )
    messages.success(request, sentence % {"all": len(lines), "exact": exact})
    return redirect("payments")


@for_authority
@require_POST
def refund(request: HttpRequest, official: str, line: int) -> HttpResponse:
    """Make a refund of what matched nothing; somebody else releases it."""
    found = get_object_or_404(StatementLine, pk=line)
    make_refund(line=found, now=clock.now(), actor=official)
    messages.success(request, _("De terugbetaling is klaar. Een collega moet ze vrijgeven."))
    return redirect("payments")


@for_authority
@require_POST
def explain(request: HttpRequest, official: str, line: int) -> HttpResponse:
    """Note what an entry was that went out without our order."""
    found = get_object_or_404(StatementLine, pk=line)
    ground = request.POST.get("ground", "")
    explain_stray(line=found, ground=ground, now=clock.now(), actor=official)
    messages.success(request, _("Genoteerd wat deze verrichting was."))
    return redirect("payments")


def _page(request: HttpRequest, form: StatementForm) -> HttpResponse:
    strays = StatementLine.objects.filter(match=STRAY).order_by("pk")
    open_lines = StatementLine.objects.filter(match__in=UNUSED, refund=None)
    lines = open_lines.select_related("request").order_by("pk")[:MOST_LINES]
    context = {
        "form": form,
        "account": parties.account(),
        "lines": [(line, MATCHES[line.match]) for line in lines],
        "count": open_lines.count(),
        "strays": strays[:MOST_LINES],
        "stray_count": strays.count(),
        "statements": Statement.objects.order_by("-pk")[:MOST_STATEMENTS],
    }
    return render(request, "authority/payments.html", context, status=form.http_status)
