"""Centres are paid: a batch made by one person, released by another, its file, and holds."""

from django import forms
from django.contrib import messages
from django.db.models import Count, F, Min, OuterRef, Subquery, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.live import batches as live
from loopbaan.live import failing, parties
from loopbaan.live import holds as live_holds
from loopbaan.live.models import Centre, Claim, Hold, OutboxRow, Payout, PayoutBatch
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import DayField, PlainForm
from loopbaan.web.statuses import BATCHES, who

MOST_BATCHES, MOST_PAYOUTS, MOST_HOLDS, MOST_ROWS = 50, 1_000, 200, 100


class BatchForm(PlainForm):
    """On which day the bank pays."""

    execute_on = DayField(label=gettext_lazy("De bank betaalt op"))


class FailForm(PlainForm):
    """Why the bank does not carry a payment out."""

    reason = forms.CharField(
        label=gettext_lazy("Reden"),
        max_length=300,
        help_text=gettext_lazy("Wat de bank zei, en waar dat staat."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Zeg waarom.")},
    )


class HoldForm(PlainForm):
    """On which article, why and until when a centre is not paid."""

    article = forms.CharField(
        label=gettext_lazy("Artikel"),
        max_length=120,
        help_text=gettext_lazy("Waar in de regels staat dat dit mag."),
        error_messages={"required": gettext_lazy("Noem het artikel.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reden"),
        max_length=300,
        help_text=gettext_lazy("Het centrum leest deze reden."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Zeg waarom.")},
    )
    until = DayField(label=gettext_lazy("Tot en met"))
    claim = forms.IntegerField(
        label=gettext_lazy("Nummer van de vordering"),
        help_text=gettext_lazy("Leeg: alles van dit centrum."),
        min_value=1,
        max_value=10**12,
        required=False,
    )


@for_authority
@require_http_methods(["GET", "POST"])
def payouts(request: HttpRequest, official: str) -> HttpResponse:
    """Show what is owed and the batches; make a batch that somebody else releases."""
    now = clock.now()
    today = clock.day_of(now)
    form = BatchForm.sent(request, initial={"execute_on": today})
    if form.is_valid():
        try:
            made = live.make_batch(**form.cleaned_data, day=today, now=now, actor=official)
        except Refused as error:
            form.add_error("execute_on", faults.sentence_of(error))
        else:
            messages.success(request, _("De uitbetaling is klaar. Een collega moet ze vrijgeven."))
            return redirect("payout", made.pk)
    waiting = live_holds.unpaid().aggregate(
        claims=Count("pk"),
        centres=Count("centre", distinct=True),
        fee=Sum("fee_cents"),
        vat=Sum("vat_cents"),
    )
    rows = PayoutBatch.objects.annotate(
        count=Count("payouts"), cents=Sum("payouts__amount_cents")
    ).order_by("-pk")
    # What may not be paid now is late as well: its centre's page says why.
    overdue = (
        live_holds.unpaid()
        .filter(pay_by__lt=today)
        .values("centre", "centre__name")
        .annotate(cents=Sum(F("fee_cents") + F("vat_cents")), since=Min("pay_by"))
        .order_by("since", "centre")
    )
    context = {
        "form": form,
        "waiting": waiting,
        "overdue": overdue[:MOST_ROWS],
        "unbooked": live.late_payouts(today)
        .select_related("centre", "batch")
        .order_by("pk")[:MOST_ROWS],
        "cents": (waiting["fee"] or 0) + (waiting["vat"] or 0),
        "holds": live_holds.holds_on(today).count(),
        "rows": [(each, BATCHES[each.status], who(each.made_by)) for each in rows[:MOST_BATCHES]],
    }
    return render(request, "authority/payouts.html", context, status=form.http_status)


@for_authority
@require_GET
def payout(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show one batch: what each centre is paid, and how far it is."""
    batch = get_object_or_404(PayoutBatch, pk=number)
    # Whoever releases sees to whom goes what never went there before.
    paid = Payout.objects.filter(
        centre=OuterRef("centre"), pk__lt=OuterRef("pk"), paid_on__isnull=False, returned_on=None
    )
    rows = (
        batch.payouts.select_related("centre")
        .annotate(
            count=Count("lines"), earlier_iban=Subquery(paid.order_by("-pk").values("iban")[:1])
        )
        .order_by("pk")
    )
    total = batch.payouts.aggregate(cents=Sum("amount_cents"), count=Count("pk"))
    sending = OutboxRow.objects.filter(kind="payout_send", about_id=batch.pk).first()
    context = {
        "batch": batch,
        "sending": sending,
        "has_file": batch.released_at is not None and live.in_file(batch).exists(),
        "failed": batch.payouts.filter(failed_at__isnull=False).count(),
        "shown": BATCHES[batch.status],
        "maker": who(batch.made_by),
        "releaser": who(batch.released_by) if batch.released_by else "",
        "is_own": batch.made_by == official,
        "rows": rows[:MOST_PAYOUTS],
        "total": total,
        "settled": batch.payouts.filter(paid_on__isnull=False).count(),
        "returned": batch.payouts.filter(returned_on__isnull=False).count(),
    }
    return render(request, "authority/payout.html", context)


@for_authority
@require_POST
def release(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Release a batch that somebody else made; the bank gets it."""
    now = clock.now()
    live.release_batch(
        batch=get_object_or_404(PayoutBatch, pk=number),
        account=parties.account(),
        day=clock.day_of(now),
        now=now,
        actor=official,
    )
    messages.success(request, _("Vrijgegeven. Het bestand vertrekt naar de bank."))
    return redirect("payout", number)


@for_authority
@require_POST
def cancel(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Cancel a batch that was not released: its claims wait again."""
    batch = get_object_or_404(PayoutBatch, pk=number)
    live.cancel_batch(batch=batch, now=clock.now(), actor=official)
    messages.success(request, _("De uitbetaling is geannuleerd. De vorderingen wachten weer."))
    return redirect("payout", number)


@for_authority
@require_GET
def payout_file(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Return the file for the bank of a batch that was released."""
    batch = get_object_or_404(PayoutBatch, pk=number)
    if batch.released_at is None or not live.in_file(batch).exists():
        raise Http404
    written = live.batch_file(batch, parties.account())
    response = HttpResponse(written, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch.ident}.xml"'
    return response


@for_authority
@require_http_methods(["GET", "POST"])
def fail(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Say that the bank does not carry a payment out; a colleague confirms it here."""
    found = get_object_or_404(Payout.objects.select_related("centre", "batch"), pk=number)
    form = FailForm.sent(request)
    if form.is_valid():
        failing.ask_failed(payout=found, **form.cleaned_data, now=clock.now(), actor=official)
        messages.success(request, _("Genoteerd. Een collega moet bevestigen dat ze mislukte."))
        return redirect("fail_payout", number)
    context = {
        "payout": found,
        "form": form,
        "may_fail": live.waits(found),
        "asker": who(found.fail_asked_by) if found.fail_asked_at else "",
        "is_own": found.fail_asked_by == official,
    }
    return render(request, "authority/payout_fail.html", context, status=form.http_status)


@for_authority
@require_POST
def confirm_failed(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Confirm that the bank does not carry a payment out: its claims are paid again."""
    found = get_object_or_404(Payout, pk=number)
    failing.confirm_failed(payout=found, now=clock.now(), actor=official)
    messages.success(request, _("Bevestigd. De vorderingen wachten weer op een uitbetaling."))
    return redirect("payout", found.batch_id)


@for_authority
@require_GET
def holds(request: HttpRequest, official: str) -> HttpResponse:
    """Show what is held now, and what was."""
    standing = live_holds.holds_on(clock.today())
    earlier = Hold.objects.exclude(pk__in=standing.values("pk"))
    context = {
        "standing": [
            (each, who(each.placed_by)) for each in standing.select_related("centre").order_by("pk")
        ],
        "earlier": earlier.select_related("centre").order_by("-pk")[:MOST_HOLDS],
    }
    return render(request, "authority/holds.html", context)


@for_authority
@require_http_methods(["GET", "POST"])
def place_hold(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Hold back what a centre is paid, with an article, a reason and an end."""
    centre = get_object_or_404(Centre, pk=number)
    now = clock.now()
    form = HoldForm.sent(request)
    if form.is_valid():
        asked = form.cleaned_data
        claim = Claim.objects.filter(pk=asked["claim"], centre=centre).first()
        try:
            if asked["claim"] and claim is None:
                raise Refused("Deze vordering is niet van dit centrum.")
            live_holds.place_hold(
                centre=centre,
                **(asked | {"claim": claim}),
                day=clock.day_of(now),
                now=now,
                actor=official,
            )
        except Refused as error:
            form.add_error(
                "claim" if asked["claim"] and not claim else "until", faults.sentence_of(error)
            )
        else:
            messages.success(request, _("De inhouding staat. Ze eindigt vanzelf op haar einddag."))
            return redirect("authority_centre", number)
    context = {"form": form, "centre": centre}
    return render(request, "authority/hold.html", context, status=form.http_status)


@for_authority
@require_POST
def lift_hold(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Lift a hold before its end."""
    now = clock.now()
    hold = get_object_or_404(Hold, pk=number)
    live_holds.lift_hold(hold=hold, day=clock.day_of(now), now=now, actor=official)
    messages.success(request, _("De inhouding is opgeheven."))
    return redirect("holds")
