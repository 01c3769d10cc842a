"""My voucher: its numbers, until when it can be started, on paper, and sent again."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loopbaan.adapters.documents import VoucherPaper, code_qr, voucher_pdf
from loopbaan.live import parties
from loopbaan.live.models import OutboxRow, Voucher, Worker
from loopbaan.live.opening import opened_for
from loopbaan.live.outbox import tell
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.language import lang
from loopbaan.web.statuses import STATUSES, status_of
from loopbaan.web.worker.opening import codes_asked
from loopbaan.web.worker.own import own


@for_worker
@require_GET
def voucher(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show my voucher."""
    found = _own_voucher(worker, number)
    status = status_of(found.order)
    label = _("QR-code met het nummer van de cheque")
    context = {
        "voucher": found,
        "number": number,
        "status": status,
        "shown": STATUSES[status],
        "qr": _inline(code_qr(found.number).decode(), label),
        "worker": worker,
        "opened_for": opened_for(found.order),
        "codes": codes_asked(found.order),
    }
    return render(request, "worker/voucher.html", context)


@for_worker
@require_GET
def paper(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Return my voucher on paper, made now."""
    found = _own_voucher(worker, number)
    made = voucher_pdf(
        VoucherPaper(
            lang=lang(),
            number=found.number,
            client_number=found.client_number,
            code=found.number,
            holder=worker.name,
            minutes=found.minutes,
            share_cents=found.order.payment_request.amount_cents,
            issued_on=found.issued_on,
            start_by=found.start_by,
            issuer=parties.account().name,
            sample=settings.SANDBOX,
        )
    )
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="loopbaancheque.pdf"'
    return response


@for_worker
@require_POST
def resend(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Send my voucher again, by mail or by letter, once a day at most."""
    found, now = _own_voucher(worker, number), clock.now()
    day = str(clock.day_of(now))
    if OutboxRow.objects.filter(kind="voucher_resend", about_id=found.order_id, part=day).exists():
        messages.success(
            request, _("We stuurden uw cheque vandaag al opnieuw. Morgen kan het weer.")
        )
    else:
        tell("voucher_resend", found.order_id, now=now, part=day)
        by_mail = _("We sturen uw cheque opnieuw naar uw mailbox.")
        by_letter = _("We sturen uw cheque opnieuw per brief.")
        messages.success(request, by_mail if worker.email else by_letter)
    return redirect("voucher", number)


def _own_voucher(worker: Worker, number: int) -> Voucher:
    order = own(worker, number)
    found: Voucher | None = getattr(order, "voucher", None)
    if found is None:
        raise Http404
    return found


def _inline(svg: str, label: str) -> str:
    """Return a QR as part of a page: as large as there is room, with a word for who sees none."""
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    assert size is not None, "the QR has a size"
    svg = svg.replace(size[0], f'viewBox="0 0 {size[1]} {size[2]}"', 1)
    svg = svg.replace('class="segno"', 'class="qr"', 1)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return mark_safe(svg)  # noqa: S308 (drawn by us from our own numbers)
