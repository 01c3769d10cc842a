"""Looking somebody up: with a reason, which she can read for ever."""

import re

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loopbaan.adapters.insz import check as checked_insz
from loopbaan.adapters.unusable import Unusable
from loopbaan.live.enrolling import find
from loopbaan.live.facts import keyring
from loopbaan.live.models import Voucher, Worker
from loopbaan.live.payment import is_voucher_number
from loopbaan.live.plans import look
from loopbaan.web import clock
from loopbaan.web.access import for_authority
from loopbaan.web.forms import PlainForm
from loopbaan.web.language import lang
from loopbaan.web.statuses import STATUSES, status_of

MOST_ORDERS = 50


class SearchForm(PlainForm):
    """Whom to look up, and why."""

    number = forms.CharField(
        label=gettext_lazy("Rijksregisternummer of nummer van een cheque"),
        max_length=24,
        help_text=gettext_lazy("11 of 14 cijfers."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Vul het nummer in.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Waarom zoekt u deze persoon op?"),
        max_length=200,
        help_text=gettext_lazy("De persoon leest uw naam en deze reden."),
        error_messages={"required": gettext_lazy("Wie iemand opzoekt, zegt waarom.")},
    )

    def clean_number(self) -> str:
        """Return the digits of a national number, or of a voucher."""
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["number"])
        if is_voucher_number(digits):
            return digits
        try:
            return checked_insz(self.cleaned_data["number"])
        except Unusable as error:
            raise forms.ValidationError(error.sentence(lang())) from None


@for_authority
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, official: str) -> HttpResponse:
    """Look somebody up; that is noted before anything is shown. Asked again, noted again."""
    form = SearchForm.sent(request)
    context: dict[str, object] = {"form": form, "is_asked": form.is_valid()}
    if form.is_valid():
        worker = _worker(form.cleaned_data["number"])
        if worker is not None:
            reason = form.cleaned_data["reason"]
            look(worker=worker, what="search", now=clock.now(), actor=official, reason=reason)
            orders = worker.orders.select_related("standing", "voucher").order_by("-pk")
            context["worker"] = worker
            context["rows"] = [
                (each, STATUSES[status_of(each)], getattr(each, "voucher", None))
                for each in orders[:MOST_ORDERS]
            ]
    return render(request, "authority/search.html", context, status=form.http_status)


def _worker(number: str) -> Worker | None:
    """Return whose national number this is, or whose voucher."""
    if len(number) == 14:
        voucher = Voucher.objects.filter(number=number).select_related("order__worker").first()
        return voucher.order.worker if voucher else None
    return find(number, keyring())
