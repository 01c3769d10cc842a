"""Mail that was sent, and what could not be sent."""

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loopbaan.live import outbox as live
from loopbaan.live import parties
from loopbaan.live.events import KIND as TO_SOFTWARE
from loopbaan.live.models import OutboxRow
from loopbaan.web import clock
from loopbaan.web.access import for_authority
from loopbaan.web.statuses import NOTICES

MOST_DEAD, MOST_MAIL = 100, 100
# Where an official reads of what a notice is about, by the first word of its kind.
_ORDER = "authority_order"
PAGES = {"order": _ORDER, "payment": _ORDER, "voucher": _ORDER, "start": _ORDER}
PAGES |= {"talk": "authority_talk", "payout": "payout", "recovery": "recovery"}


@for_authority
@require_GET
def outbox(request: HttpRequest, official: str) -> HttpResponse:
    """Show the notices that were given up, and how many wait."""
    dead = _ours().exclude(dead_at=None).order_by("-pk")[:MOST_DEAD]
    due = _ours().filter(done_at=None, dead_at=None, due_at__lte=clock.now())
    context = {
        "rows": [(row, NOTICES.get(row.kind, row.kind), _page_of(row)) for row in dead],
        "due": due.count(),
    }
    return render(request, "authority/outbox.html", context)


@for_authority
@require_POST
def retry(request: HttpRequest, official: str, row: int) -> HttpResponse:
    """Try a notice again that was given up."""
    live.retry(row=get_object_or_404(_ours(), pk=row), now=clock.now())
    messages.success(request, _("Het bericht wordt opnieuw verstuurd."))
    return redirect("outbox")


@for_authority
@require_GET
def sent(request: HttpRequest, official: str) -> HttpResponse:
    """Show the mail that the sandbox sent."""
    if not settings.SANDBOX:
        raise Http404
    context = {
        "letters": parties.mailbox().newest(MOST_MAIL),
        "papers": parties.letters().newest(MOST_MAIL),
    }
    return render(request, "authority/sent.html", context)


@for_authority
@require_GET
def letter(request: HttpRequest, official: str, name: str) -> HttpResponse:
    """Return a letter that the sandbox printed."""
    paper = parties.letters().paper(name) if settings.SANDBOX else None
    if paper is None:
        raise Http404
    response = HttpResponse(paper, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _page_of(row: OutboxRow) -> str:
    """Return the address of the page of what a row is about; nothing where there is none."""
    page = PAGES.get(row.kind.partition("_")[0])
    return reverse(page, args=[row.about_id]) if page else ""


def _ours() -> QuerySet[OutboxRow]:
    """Return what we tell; what a centre's software did not take is on the centre's own page."""
    return OutboxRow.objects.exclude(kind=TO_SOFTWARE)
