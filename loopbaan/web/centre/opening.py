"""A voucher at the counter: checked, opened by the worker's code, and started.

The numbers travel in the forms alone: an address with a number of somebody's voucher would stay
behind in the history of a browser.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.transitions import Status
from loopbaan.live import guidance
from loopbaan.live import opening as live
from loopbaan.live.models import Centre, Member, Opening, Track
from loopbaan.live.moving import Refused
from loopbaan.live.opening import Against, Checked
from loopbaan.web import clock, faults
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.forms import PlainForm

OPENS = ("check", "start")
PAGE = 50
TONES = {None: "good", Against.NOT_OPENED: "act", Against.NOT_PAID: "wait", Against.USED: "done"}


class NumbersForm(PlainForm):
    """The two numbers of a voucher."""

    number = forms.CharField(
        label=gettext_lazy("Nummer van de cheque"),
        help_text=gettext_lazy("14 cijfers; spaties mogen."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Vul het nummer van de cheque in.")},
    )
    client_number = forms.CharField(
        label=gettext_lazy("Klantnummer"),
        help_text=gettext_lazy("Staat op de cheque, onder het nummer."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Vul het klantnummer in.")},
    )

    @property
    def numbers(self) -> dict[str, Any]:
        """What the operations are asked with."""
        client = "".join(self.cleaned_data["client_number"].split())
        return {"number": self.cleaned_data["number"], "client_number": client}


class CodeForm(NumbersForm):
    """The numbers again, and the code that the worker got."""

    number = forms.CharField(max_length=40, widget=forms.HiddenInput)
    client_number = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("Code van de werkende"),
        help_text=gettext_lazy(
            "Zes cijfers. Uit een e-mail 24 uur geldig, uit een brief twee weken."
        ),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Vul de code in.")},
    )

    def clean_code(self) -> str:
        """Return the digits."""
        return "".join(str(self.cleaned_data["code"]).split())


class StartForm(NumbersForm):
    """The numbers again, and what the centre declares: all of it, or the law speaks against it."""

    number = forms.CharField(max_length=40, widget=forms.HiddenInput)
    client_number = forms.CharField(max_length=20, widget=forms.HiddenInput)
    own_initiative = forms.BooleanField(
        label=gettext_lazy("De werkende koos zelf voor deze begeleiding."), required=False
    )
    apart = forms.BooleanField(
        label=gettext_lazy("Ze is geen deel van outplacement, behandeling of opleiding."),
        required=False,
    )
    whole = forms.BooleanField(
        label=gettext_lazy("Ze is meer dan één test of één methode."), required=False
    )


@for_centre(*OPENS)
@require_GET
def opened(request: HttpRequest, member: Member) -> HttpResponse:
    """List the vouchers that are open for this centre, those that lapse first before."""
    first = request.GET.get("vanaf", "")
    start = int(first) if first.isdecimal() and len(first) < 8 else 0
    page = list(openings(member.centre)[start : start + PAGE + 1])
    context = {
        "opened": page[:PAGE],
        "next": start + PAGE if len(page) > PAGE else None,
    }
    return render(request, "centre/openings.html", context)


@for_centre(*OPENS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, member: Member) -> HttpResponse:
    """Say whether a voucher can be started here, and if not why."""
    form = NumbersForm.sent(request)
    if not form.is_valid():
        return _asked(request, form)
    try:
        return _told(request, member, form)
    except Refused as error:
        form.add_error(None, faults.sentence_of(error))
        return _asked(request, form)


@for_centre(*OPENS)
@require_POST
def ask_code(request: HttpRequest, member: Member) -> HttpResponse:
    """Let the worker get a code; the answer is the same whatever the numbers are."""
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _asked(request, form)
    try:
        sentence = live.ask_code(centre=member.centre, **form.numbers, **_moment(member))
    except Refused as error:
        form.add_error(None, faults.sentence_of(error))
        return _asked(request, form)
    context = {"form": CodeForm(initial=form.numbers), "sentence": _(sentence)}
    return render(request, "centre/code.html", context)


@for_centre(*OPENS)
@require_POST
def give_code(request: HttpRequest, member: Member) -> HttpResponse:
    """Open a voucher by its code, and go on to the start."""
    form = CodeForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            live.give_code(centre=member.centre, code=code, **form.numbers, **_moment(member))
        except Refused as error:
            form.add_error("code", faults.sentence_of(error))
        else:
            messages.success(request, _("De code klopt: de cheque staat open voor uw centrum."))
            return _told(request, member, form)
    return render(request, "centre/code.html", {"form": form}, status=400)


@for_centre("start")
@require_POST
def start(request: HttpRequest, member: Member) -> HttpResponse:
    """Start a voucher: from then on the right is used."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _asked(request, NumbersForm(request.POST))
    said = form.cleaned_data
    try:
        track = guidance.start(
            centre=member.centre,
            rulebook=rulebooks.current(),
            own_initiative=said["own_initiative"],
            part_of_other_guidance=not said["apart"],
            single_test=not said["whole"],
            **form.numbers,
            **_moment(member),
        )
    except guidance.Objected as error:
        for sentence in error.sentences:
            form.add_error(None, _(sentence))
        return _told(request, member, form, start_form=form)
    except live.NotYours:
        # Sent twice: what was started here, is.
        mine = Track.objects.filter(centre=member.centre, ended_on=None)
        order = live.find(**form.numbers)
        begun = mine.filter(voucher__order=order).first() if order else None
        if begun is None:
            raise
        return redirect("centre_track", begun.pk)
    messages.success(request, _("De begeleiding is opgestart."))
    return redirect("centre_track", track.pk)


def openings(centre: Centre) -> QuerySet[Opening]:
    """Return the vouchers that workers opened for a centre and that are not started yet."""
    found = Opening.objects.filter(
        centre=centre, ended_at=None, order__standing__status=Status.ISSUED
    )
    found = found.select_related("order__voucher", "order__worker")
    return found.order_by("order__voucher__start_by", "pk")


def _asked(request: HttpRequest, form: NumbersForm) -> HttpResponse:
    return render(request, "centre/check.html", {"form": form}, status=form.http_status)


def _told(
    request: HttpRequest,
    member: Member,
    form: NumbersForm,
    start_form: StartForm | None = None,
) -> HttpResponse:
    """Say what a check says now, with the step that can be taken."""
    found = live.check(centre=member.centre, **form.numbers, **_moment(member))
    context: dict[str, Any] = {
        "found": found,
        "tone": TONES.get(found.against, "stop"),
        "sentence": _(found.sentence),
        "numbers": form.numbers,
        "may_start": found.against is None and "start" in member.tasks,
        "may_ask": found.against == Against.NOT_OPENED,
        "track": _own_track(member, found),
        # Named so that a fault in it stands above the page.
        "form": start_form or StartForm(initial=form.numbers),
    }
    status = 400 if start_form else 200
    return render(request, "centre/checked.html", context, status=status)


def _own_track(member: Member, found: Checked) -> Track | None:
    """Return the guidance that a voucher already is here."""
    if found.against != Against.USED or found.voucher is None:
        return None
    return Track.objects.filter(voucher=found.voucher, centre=member.centre).first()


def _moment(member: Member) -> dict[str, Any]:
    now = clock.now()
    return {"day": clock.day_of(now), "now": now, "actor": name_of(member)}
