"""My page, my mail and my data."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loopbaan.adapters.insz import written
from loopbaan.adapters.mailbox import Message
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.transitions import Status
from loopbaan.live import parties
from loopbaan.live.facts import keyring
from loopbaan.live.models import Order, Worker
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.statuses import STATUSES, status_of
from loopbaan.web.worker.facts_used import facts_used

MOST_ORDERS = 20
MOST_MAIL = 50
OVER = (
    Status.REFUSED,
    Status.LOST,
    Status.WITHDRAWN,
    Status.LAPSED,
    Status.LAPSED_UNSTARTED,
    Status.CLOSED,
    Status.CLOSED_EARLY,
)


@for_worker
@require_GET
def mine(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show where everything of mine stands, at a glance."""
    orders = worker.orders.select_related("standing", "payment_request", "voucher")
    rows = [(order, status_of(order)) for order in orders.order_by("-pk")[:MOST_ORDERS]]
    running = [row for row in rows if row[1] not in OVER]
    context = {
        "worker": worker,
        "running": [(order, STATUSES[status], status) for order, status in running],
        "earlier": [(order, STATUSES[status]) for order, status in rows if status in OVER],
        "policy": rulebooks.current().on(clock.today()),
    }
    return render(request, "worker/mine.html", context)


@for_worker
@require_GET
def mail(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show the mail that was sent to me; the sandbox reaches no real mailbox."""
    if not settings.SANDBOX:
        raise Http404
    letters = parties.mailbox().newest(MOST_MAIL, to=worker.email) if worker.email else []
    numbers = set(worker.orders.values_list("pk", flat=True))
    own = [letter for letter in letters if _order_number(letter) in numbers]
    return render(request, "worker/mail.html", {"worker": worker, "letters": own})


@for_worker
@require_GET
def data(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show what is kept of me, and the facts that the latest decision used."""
    decided = Order.objects.filter(worker=worker, decisions__isnull=False)
    order = decided.order_by("-pk").first()
    decision = order.decisions.order_by("-pk").first() if order else None
    context = {
        "worker": worker,
        "insz": written(keyring().open(worker.insz_key, bytes(worker.insz_cipher))),
        "order": order,
        "decision": decision,
        "facts": facts_used(decision.facts) if decision else [],
    }
    return render(request, "worker/data.html", context)


def _order_number(letter: Message) -> int:
    """Return the order that a message is about: its identity is the key of its outbox row."""
    parts = letter.ident.split(":")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0
