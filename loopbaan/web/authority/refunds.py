"""Refunds: made by one person, released by a second, handed to the bank as a file."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.live import parties
from loopbaan.live.models import Refund
from loopbaan.live.models.payment import UNUSED
from loopbaan.live.moving import Refused
from loopbaan.live.refunds import cancel_refund, release, released_file
from loopbaan.web import clock
from loopbaan.web.access import for_authority
from loopbaan.web.statuses import MATCHES, who

MOST_REFUNDS, MOST_FILES = 200, 20


@for_authority
@require_http_methods(["GET", "POST"])
def refunds(request: HttpRequest, official: str) -> HttpResponse:
    """Show the refunds that wait, and release those that are chosen."""
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("refund") if _is_number(each)]
        if not chosen:
            raise Refused(_("Kies minstens één terugbetaling om vrij te geven."))
        now = clock.now()
        release(
            refunds=chosen[:MOST_REFUNDS],
            account=parties.account(),
            today=clock.day_of(now),
            now=now,
            actor=official,
        )
        messages.success(request, _("Vrijgegeven. Het bestand voor de bank staat hieronder klaar."))
        return redirect("refunds")
    waiting = Refund.objects.filter(released_at=None).select_related("line").order_by("pk")
    context = {
        "rows": [
            {
                "refund": each,
                "ground": MATCHES[each.ground],
                "maker": who(each.made_by),
                "is_own": each.made_by == official,
                "may_cancel": each.ground in UNUSED,
            }
            for each in waiting[:MOST_REFUNDS]
        ],
        "may_release": waiting.exclude(made_by=official).exists(),
        "files": [(first, who(first.released_by)) for first in _files()],
    }
    return render(request, "authority/refunds.html", context)


@for_authority
@require_POST
def cancel(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Take a refund back that was not released: the payment waits again for a person."""
    refund = get_object_or_404(Refund, pk=number)
    cancel_refund(refund=refund, now=clock.now(), actor=official)
    messages.success(request, _("Geannuleerd. De betaling staat weer bij de betalingen."))
    return redirect("refunds")


@for_authority
@require_GET
def refund_file(request: HttpRequest, official: str, first: int) -> HttpResponse:
    """Return the file for the bank of what was released together."""
    response = HttpResponse(_written(first), content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="terugbetaling-{first}.xml"'
    return response


@for_authority
@require_POST
def send_in_sandbox(request: HttpRequest, official: str, first: int) -> HttpResponse:
    """Hand the file to the bank of the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    parties.bank().send(_written(first))
    messages.success(request, _("De bank van de zandbak heeft het bestand."))
    return redirect("refunds")


def _written(first: int) -> bytes:
    refund = get_object_or_404(Refund, pk=first, released_at__isnull=False)
    assert refund.released_at is not None, "asked for in the query"
    day = clock.day_of(refund.released_at)
    return released_file(refund=refund, account=parties.account(), day=day)


def _files() -> list[Refund]:
    """Return the first refund of each file, the newest first."""
    released = Refund.objects.filter(released_at__isnull=False)
    firsts = released.order_by("-released_at", "released_by", "pk")
    return list(firsts.distinct("released_at", "released_by")[:MOST_FILES])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
