"""Mail that was sent, and what could not be sent."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loopbaan.live import outbox as live
from loopbaan.live import parties
from loopbaan.live.models import OutboxRow
from loopbaan.web import clock
from loopbaan.web.access import for_authority
from loopbaan.web.statuses import NOTICES

MOST_DEAD, MOST_MAIL = 100, 100


@for_authority
@require_GET
def outbox(request: HttpRequest, official: str) -> HttpResponse:
    """Show the notices that were given up, and how many wait."""
    dead = OutboxRow.objects.exclude(dead_at=None).order_by("-pk")[:MOST_DEAD]
    due = OutboxRow.objects.filter(done_at=None, dead_at=None, due_at__lte=clock.now())
    context = {
        "rows": [(row, NOTICES.get(row.kind, row.kind)) for row in dead],
        "due": due.count(),
    }
    return render(request, "authority/outbox.html", context)


@for_authority
@require_POST
def retry(request: HttpRequest, official: str, row: int) -> HttpResponse:
    """Try a notice again that was given up."""
    live.retry(row=get_object_or_404(OutboxRow, pk=row), now=clock.now())
    messages.success(request, _("Het bericht wordt opnieuw verstuurd."))
    return redirect("outbox")


@for_authority
@require_GET
def sent(request: HttpRequest, official: str) -> HttpResponse:
    """Show the mail that the sandbox sent."""
    if not settings.SANDBOX:
        raise Http404
    return render(request, "authority/sent.html", {"letters": parties.mailbox().newest(MOST_MAIL)})
