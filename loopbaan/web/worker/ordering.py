"""Ordering a voucher, and my order: where it stands, why, and what I can do."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.transitions import Act, Status, acts
from loopbaan.live import ordering as live
from loopbaan.live.explaining import contest_by, told
from loopbaan.live.models import Decision, Order, Worker
from loopbaan.live.models.ordering import OPEN
from loopbaan.live.opening import opened_for
from loopbaan.web import clock
from loopbaan.web.access import for_worker
from loopbaan.web.forms import PlainForm, choice
from loopbaan.web.language import lang
from loopbaan.web.public.ordering import shown
from loopbaan.web.statuses import STATUSES, status_of
from loopbaan.web.worker.facts_used import facts_used
from loopbaan.web.worker.own import acting, own
from loopbaan.web.worker.talks import waiting_of
from loopbaan.web.worker.timeline import steps

# How long a page stands before it comes back: shortly while most are answered, then long enough to
# read it, and to stop it without a mouse.
REFRESH_SECONDS = (2, 2, 3, 10, 20, 30, 30, 30)


class OrderForm(PlainForm):
    """An order: the language of the guidance, and a key that makes it one however often sent."""

    language = choice(
        gettext_lazy("In welke taal wilt u de begeleiding?"),
        [("nl", gettext_lazy("Nederlands")), ("other", gettext_lazy("Een andere taal"))],
        initial="nl",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@for_worker
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Order a voucher."""
    now = clock.now()
    form = OrderForm.sent(request, initial={"key": uuid4()})
    if form.is_valid():
        key: UUID = form.cleaned_data["key"]
        order = live.receive(
            worker_id=worker.pk,
            day=clock.day_of(now),
            language=form.cleaned_data["language"],
            key=key,
            now=now,
            actor=acting(request),
        )
        return redirect("order", order.pk)
    context = {
        "form": form,
        "running": _running(worker),
        "policy": rulebooks.current().on(clock.day_of(now)),
        "worker": worker,
    }
    return render(request, "worker/order_new.html", context, status=form.http_status)


@for_worker
@require_GET
def order(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show where my order stands, how it came there, and what I can do."""
    found = own(worker, number)
    status = status_of(found)
    today = clock.today()
    decision = _latest(found)
    context = {
        "order": found,
        "status": status,
        "shown": STATUSES[status],
        "steps": steps(found, status, lang()),
        "decision": decision,
        "may_withdraw": Act.WITHDRAW in acts(status),
        "request_": getattr(found, "payment_request", None),
        "voucher": getattr(found, "voucher", None),
        "opened_for": opened_for(found),
        "waiting_talks": waiting_of(found),
    }
    if status == Status.REFUSED and decision is not None:
        rulebook = rulebooks.current()
        last = contest_by(rulebook, decision, today)
        context["told"] = shown(told(decision, lang()))
        context["contest_by"] = last
        context["may_contest"] = today <= last
        first = decision.first_day
        context["first_day"] = first if first and first > today else None
    return _waiting(request, found, status, context)


@for_worker
@require_GET
def facts(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Show the facts on which my order was decided, and the whole reasoning."""
    found = own(worker, number)
    decision = get_object_or_404(found.decisions.order_by("-pk")[:1])
    context = {
        "order": found,
        "decision": decision,
        "facts": facts_used(decision.facts),
        "told": shown(told(decision, lang())),
    }
    return render(request, "worker/facts.html", context)


@for_worker
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Withdraw my order, after asking whether I am sure."""
    found = own(worker, number)
    if request.method == "POST":
        live.withdraw(order=found, now=clock.now(), actor=acting(request))
        messages.success(request, _("Uw bestelling is ingetrokken."))
        return redirect("order", number)
    status = status_of(found)
    context = {
        "order": found,
        "is_possible": Act.WITHDRAW in acts(status),
        "status": status,
        "policy": rulebooks.current().on(clock.today()),
    }
    return render(request, "worker/withdraw.html", context)


@for_worker
@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, worker: Worker, number: int) -> HttpResponse:
    """Contest a refusal, after telling what that does."""
    found = own(worker, number)
    now = clock.now()
    today = clock.day_of(now)
    rulebook = rulebooks.current()
    if request.method == "POST":
        live.contest(order=found, day=today, rulebook=rulebook, now=now, actor=acting(request))
        messages.success(request, _("Uw betwisting is ontvangen. We kijken alles opnieuw na."))
        return redirect("order", number)
    decision = _latest(found)
    is_refused = status_of(found) == Status.REFUSED and decision is not None
    last = contest_by(rulebook, decision, today) if decision and is_refused else None
    context = {
        "order": found,
        "contest_by": last,
        "is_possible": last is not None and today <= last,
    }
    return render(request, "worker/contest.html", context)


def _waiting(
    request: HttpRequest, found: Order, status: Status, context: dict[str, object]
) -> HttpResponse:
    """Answer, and let the page come back by itself a few times while something is about to happen.

    A header and not a tag in the page: then the page itself can say when it stops, and a reader can
    stop it. After some tries it rests, so that nobody who reads slowly is disturbed for long. Whom
    a voucher is granted reads in peace, until she has paid in the sandbox.
    """
    word = "betaald" if status == Status.GRANTED else "keer"
    asked = request.GET.get(word, "1" if status == Status.RECEIVED else "")
    is_moving = status in (Status.RECEIVED, Status.GRANTED)
    tries = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    context["is_refreshing"] = is_refreshing = is_moving and 0 < tries <= len(REFRESH_SECONDS)
    response = render(request, "worker/order.html", context)
    if is_refreshing:
        again = f"{reverse('order', args=[found.pk])}?{word}={tries + 1}"
        response.headers["Refresh"] = f"{REFRESH_SECONDS[tries - 1]}; url={again}"
    return response


def _running(worker: Worker) -> Order | None:
    """Return the order that is under way, if there is one."""
    orders = worker.orders.order_by("-pk")
    is_open = orders.filter(standing__status__in=(*OPEN, Status.RECEIVED.value))
    return (is_open | orders.filter(standing=None)).first()


def _latest(found: Order) -> Decision | None:
    return found.decisions.select_related("order").order_by("-pk").first()
