"""Paying my share: what to transfer, to whom, with which words."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loopbaan.adapters.bank import payment_qr
from loopbaan.law.transitions import Status
from loopbaan.live import parties
from loopbaan.live.models import PaymentRequest, Worker
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.statuses import status_of
from loopbaan.web.worker.own import own


@for_worker
@require_GET
def pay(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show how to pay, as long as there is something to pay."""
    asked = _asked(worker, number)
    if asked is None:
        return redirect("order", number)
    account = parties.account()
    title = _("QR-code met het bedrag, de rekening en de mededeling van deze betaling")
    svg = payment_qr(account, asked.amount_cents, asked.reference, title)
    context = {
        "worker": worker,
        "asked": asked,
        "number": number,
        "account": account,
        "qr": mark_safe(svg),  # noqa: S308 (drawn by us from our own numbers)
    }
    return render(request, "worker/pay.html", context)


@for_worker
@require_POST
def pay_in_sandbox(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Be, for once, the worker's own bank: the sandbox transfers what is asked."""
    if not settings.SANDBOX:
        raise Http404
    asked = _asked(worker, number)
    if asked is None:
        return redirect("order", number)
    parties.bank().pay(
        asked.reference,
        asked.amount_cents,
        name=worker.name,
        on=clock.today(),
        due_on=asked.due_on,
    )
    messages.success(request, _("De bank van de zandbak schreef het bedrag over."))
    return HttpResponseRedirect(f"{reverse('order', args=[number])}?betaald=1")


def _asked(worker: Worker, number: int) -> PaymentRequest | None:
    """Return what is to be paid for an order of this worker, if anything still is."""
    order = own(worker, number)
    if status_of(order) != Status.GRANTED:
        return None
    return order.payment_request
