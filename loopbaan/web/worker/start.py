"""My page, my mail and my data."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.adapters.insz import written
from loopbaan.adapters.mailbox import Message
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.transitions import Status
from loopbaan.live import parties
from loopbaan.live.enrolling import reach
from loopbaan.live.facts import keyring
from loopbaan.live.models import OpeningCode, Order, Talk, Track, Voucher, Worker
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.forms import PlainForm, choice
from loopbaan.web.statuses import STATUSES, status_of
from loopbaan.web.worker.facts_used import facts_used
from loopbaan.web.worker.guidance import next_minutes
from loopbaan.web.worker.own import acting
from loopbaan.web.worker.talks import waiting_of

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
        "running": [
            (order, STATUSES[status], status, waiting_of(order)) for order, status in running
        ],
        "earlier": [(order, STATUSES[status]) for order, status in rows if status in OVER],
        "policy": rulebooks.current().on(clock.today()),
        "next_minutes": next_minutes(worker),
        "has_started": Voucher.objects.filter(
            order__worker=worker, started_on__isnull=False
        ).exists(),
    }
    return render(request, "worker/mine.html", context)


@for_worker
@require_GET
def mail(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show the mail that was sent to me; the sandbox reaches no real mailbox."""
    if not settings.SANDBOX:
        raise Http404
    letters = parties.mailbox().newest(MOST_MAIL, to=worker.email) if worker.email else []
    about = _about(worker)
    own = [letter for letter in letters if _subject(letter) in about]
    return render(request, "worker/mail.html", {"worker": worker, "letters": own})


class ReachForm(PlainForm):
    """How a worker is written to."""

    email = forms.EmailField(
        label=gettext_lazy("E-mailadres"),
        help_text=gettext_lazy("Hebt u er geen, laat dit dan leeg: we schrijven u brieven."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Schrijf het zoals naam@voorbeeld.be.")},
    )
    language = choice(
        gettext_lazy("In welke taal schrijven we u?"),
        [("nl", gettext_lazy("Nederlands")), ("en", gettext_lazy("Engels"))],
    )


@for_worker
@require_http_methods(["GET", "POST"])
def data_change(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Change where and in which language I am written to."""
    form = ReachForm.sent(request, initial={"email": worker.email, "language": worker.language})
    if form.is_valid():
        reach(worker=worker, now=clock.now(), actor=acting(request), **form.cleaned_data)
        messages.success(request, _("Dat is bewaard."))
        return redirect("data")
    return render(request, "worker/data_change.html", {"form": form}, status=form.http_status)


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


def _about(worker: Worker) -> set[tuple[str, int]]:
    """Return what mail to a worker can be about: her orders, tracks, talks and codes."""
    mine = {
        "order": Order.objects.filter(worker=worker),
        "track": Track.objects.filter(voucher__order__worker=worker),
        "talk": Talk.objects.filter(track__voucher__order__worker=worker),
        "code": OpeningCode.objects.filter(order__worker=worker),
    }
    return {(what, pk) for what, rows in mine.items() for pk in rows.values_list("pk", flat=True)}


def _subject(letter: Message) -> tuple[str, int]:
    """Return what a message is about: its identity is the key of its outbox row."""
    kind, _, rest = letter.ident.partition(":")
    number = rest.partition(":")[0]
    what = "code" if kind == "opening_code" else kind.partition("_")[0]
    return what if what in ("track", "talk", "code") else "order", int(number or 0)
