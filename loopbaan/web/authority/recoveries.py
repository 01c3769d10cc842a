"""Money asked back from centres: made by one person, released by another, paid through the bank."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.law import rulebook as rulebooks
from loopbaan.live import recoveries as live
from loopbaan.live.batches import late_recoveries
from loopbaan.live.holds import payable, payable_cents
from loopbaan.live.models import Centre, Recovery
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import DayField, PlainForm
from loopbaan.web.statuses import RECOVERIES, Shown, who

MOST_ROWS = 200


class RecoveryForm(PlainForm):
    """Why, and until when a centre can pay."""

    reason = forms.CharField(
        label=gettext_lazy("Reden"),
        max_length=300,
        help_text=gettext_lazy("Het centrum leest deze reden."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Zeg waarom.")},
    )
    due_on = DayField(label=gettext_lazy("Te betalen ten laatste op"))


@for_authority
@require_GET
def recoveries(request: HttpRequest, official: str) -> HttpResponse:
    """Show what was asked back, and which centres owe more than they claim."""
    today = clock.today()
    sums = payable(today).values("centre").annotate(cents=Sum(F("fee_cents") + F("vat_cents")))
    owing = {row["centre"]: -row["cents"] for row in sums.filter(cents__lt=0)}
    centres = Centre.objects.filter(pk__in=owing).order_by("name", "pk")[:MOST_ROWS]
    found = Recovery.objects.select_related("centre").order_by("-pk")[:MOST_ROWS]
    late = set(late_recoveries(today).values_list("pk", flat=True))
    context = {
        "owing": [(each, owing[each.pk]) for each in centres],
        "rows": [(each, shown(each), each.pk in late) for each in found],
    }
    return render(request, "authority/recoveries.html", context)


@for_authority
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Prepare to ask a centre back what it owes; a colleague releases it."""
    centre = get_object_or_404(Centre, pk=number)
    now = clock.now()
    today = clock.day_of(now)
    # As long as a centre waits for its own money, where the law says how long that is.
    days = rulebooks.current().on(today).payout_days or 0
    first = {"due_on": today + timedelta(days=days)}
    form = RecoveryForm.sent(request, initial=first)
    if form.is_valid():
        try:
            made = live.make_recovery(
                centre=centre, **form.cleaned_data, day=today, now=now, actor=official
            )
        except Refused as error:
            form.add_error("due_on", faults.sentence_of(error))
        else:
            said = _("De terugvordering is klaar. Een collega moet ze vrijgeven.")
            messages.success(request, said)
            return redirect("recovery", made.pk)
    context = {"form": form, "centre": centre, "owed_cents": -payable_cents(centre, today)}
    return render(request, "authority/recovery_make.html", context, status=form.http_status)


@for_authority
@require_GET
def recovery(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one recovery: how much, why, which counter-entries, and how far it is."""
    found = get_object_or_404(Recovery.objects.select_related("centre"), pk=number)
    lines = found.lines.select_related("claim__talk__track__voucher").order_by("pk")
    context = {
        "recovery": found,
        "shown": shown(found),
        "maker": who(found.made_by),
        "releaser": who(found.released_by) if found.released_by else "",
        "is_own": found.made_by == official,
        "may_release": found.status == "made",
        "may_cancel": found.status != "cancelled" and found.paid_on is None,
        "is_late": late_recoveries(clock.today()).filter(pk=found.pk).exists(),
        "reference": found.reference,
        "left_cents": live.left_cents(found),
        "claims": [line.claim for line in lines[:MOST_ROWS]],
    }
    return render(request, "authority/recovery.html", context)


@for_authority
@require_POST
def release(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Release a recovery that somebody else made; the centre gets the amount and the words."""
    now = clock.now()
    live.release_recovery(
        recovery=get_object_or_404(Recovery, pk=number),
        day=clock.day_of(now),
        now=now,
        actor=official,
    )
    messages.success(request, _("Vrijgegeven. Het centrum krijgt het bedrag en de mededeling."))
    return redirect("recovery", number)


@for_authority
@require_POST
def cancel(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Take back that money is asked; what is owed is set off again."""
    found = get_object_or_404(Recovery, pk=number)
    live.cancel_recovery(recovery=found, now=clock.now(), actor=official)
    messages.success(request, _("Geannuleerd. Wat het centrum moet terugbetalen, wordt verrekend."))
    return redirect("recovery", number)


def shown(found: Recovery) -> Shown:
    """Return how far a recovery is, in words."""
    return RECOVERIES["paid" if found.paid_on is not None else found.status]
