"""What the centre claims, on which day each claim is paid or why it is not, and its statement."""

import csv
import io
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from loopbaan.adapters.bank import written_communication
from loopbaan.adapters.documents import (
    StatementPaper,
    StatementRow,
    ToPayBack,
    statement_pdf,
)
from loopbaan.law.transitions import TalkStatus
from loopbaan.live import parties
from loopbaan.live import payout as live
from loopbaan.live.centre_statement import (
    MOST_DAYS,
    CentreStatement,
    Line,
    Paid,
    asked_back,
    lines_of,
    owed_cents,
    statement,
)
from loopbaan.live.models import Centre, Claim, Member, Recovery, Talk
from loopbaan.live.recoveries import left_cents
from loopbaan.web import clock
from loopbaan.web.access import for_centre, name_of
from loopbaan.web.filters import kbo, number
from loopbaan.web.forms import DayField, PlainForm
from loopbaan.web.language import lang
from loopbaan.web.statuses import PAID

PAGE, MOST_ON_PAPER = 50, 2_000
MOST_DIGITS = 16
TOO_THICK = gettext_lazy(
    "Op papier gaan er hoogstens %(most)s vorderingen. Kies minder dagen, of neem de tabel."
)
# A cell that begins so would be reckoned as a formula when the file is opened.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "gevorderd_op",
    "soort",
    "cheque",
    "gesprek_op",
    "begeleider",
    "minuten",
    "vergoeding",
    "btw",
    "totaal",
    "stand",
    "dag",
    "uitleg",
)
KINDS = {"talk": gettext_lazy("gesprek"), "counter": gettext_lazy("tegenboeking")}


class SpanForm(PlainForm):
    """From which day up to and including which."""

    van = DayField(label=gettext_lazy("Van"))
    tot = DayField(label=gettext_lazy("Tot en met"))

    def clean(self) -> dict[str, Any]:
        """Refuse days the wrong way round, and more than a year."""
        said = self.cleaned_data
        if said.get("van") and said.get("tot"):
            days = (said["tot"] - said["van"]).days
            if days < 0:
                self.add_error("tot", _("Deze dag ligt voor de eerste."))
            elif days >= MOST_DAYS:
                self.add_error("tot", _("Een afrekening gaat over hoogstens een jaar."))
        return said


@for_centre("claim", "statement")
@require_GET
def claims(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what was claimed and when it is paid, and what can be claimed now."""
    centre = member.centre
    waiting = Talk.objects.filter(
        track__centre=centre, status=TalkStatus.CONFIRMED, claims=None
    ).aggregate(minutes=Sum("minutes"))
    found = Claim.objects.filter(centre=centre).order_by("-pk")
    if before := _number(request, "voor"):
        found = found.filter(pk__lt=before)
    page = list(found.select_related("talk__coach", "talk__track__voucher")[: PAGE + 1])
    rows = lines_of(centre=centre, claims=page[:PAGE], day=clock.today())
    context = {
        "centre": centre,
        "minutes": waiting["minutes"] or 0,
        "may_claim": "claim" in member.tasks,
        "owed": owed_cents(centre),
        "rows": [shown(each) for each in rows],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "centre/claims.html", context)


@for_centre("claim")
@require_POST
def claim(request: HttpRequest, member: Member) -> HttpResponse:
    """Claim every talk that is confirmed and was not claimed yet."""
    made = live.claim_all(centre=member.centre, actor=name_of(member), **clock.moment())
    sentence = ngettext(
        "Gevorderd: %(count)s gesprek.", "Gevorderd: %(count)s gesprekken.", len(made)
    )
    said = sentence % {"count": len(made)}
    if left := live.unclaimed(member.centre).count():
        more = ngettext(
            "Er wacht nog %(count)s: vorder nog eens.",
            "Er wachten er nog %(count)s: vorder nog eens.",
            left,
        )
        said = f"{said} {more % {'count': left}}"
    messages.success(request, said)
    return redirect("centre_claims")


@for_centre("statement")
@require_GET
def overview(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the statement of some days: what was claimed, paid, and is still owed."""
    form, found = _asked(request, member, after=_number(request, "na"), most=PAGE + 1)
    lines = found.lines if found else ()
    context = {
        "form": form,
        "centre": member.centre,
        "found": found,
        **to_pay_back(member.centre),
        "rows": [shown(each) for each in lines[:PAGE]],
        "next": lines[PAGE - 1].claim.pk if len(lines) > PAGE else None,
        "query": f"van={found.since}&tot={found.until}" if found else "",
    }
    return render(request, "centre/statement.html", context, status=form.http_status)


@for_centre("statement")
@require_GET
def paper(request: HttpRequest, member: Member) -> HttpResponse:
    """Return the statement as a PDF, up to a thickness that still prints."""
    form, found = _asked(request, member, most=MOST_ON_PAPER + 1)
    if found is not None and len(found.lines) > MOST_ON_PAPER:
        form.add_error(None, TOO_THICK % {"most": number(MOST_ON_PAPER)})
        found = None
    if found is None:
        return render(request, "centre/statement.html", {"form": form}, status=400)
    made = statement_pdf(
        StatementPaper(
            lang=lang(),
            centre=found.centre.name,
            kbo=kbo(found.centre.kbo),
            iban=found.centre.iban,
            since=found.since,
            until=found.until,
            on=clock.today(),
            rows=tuple(_row(each) for each in found.lines),
            fee_cents=found.fee_cents,
            vat_cents=found.vat_cents,
            paid_cents=found.paid_cents,
            owed_cents=found.owed_cents,
            to_pay_back=_on_paper(found.asked_back),
        )
    )
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(found)}.pdf"'
    return response


@for_centre("statement")
@require_GET
def table(request: HttpRequest, member: Member) -> HttpResponse:
    """Return the statement as a CSV, for a spreadsheet or the bookkeeping."""
    form, found = _asked(request, member)
    if found is None:
        return render(request, "centre/statement.html", {"form": form}, status=400)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in found.lines:
        writer.writerow(_cells(each))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(found)}.csv"'
    return response


@for_centre("statement")
@require_POST
def pay_back(request: HttpRequest, member: Member) -> HttpResponse:
    """Be, for once, the centre's own bank: the sandbox transfers what is asked back."""
    asked = asked_back(member.centre)
    if not settings.SANDBOX or asked is None:
        raise Http404
    parties.bank().pay(
        asked.reference,
        left_cents(asked),
        name=member.centre.name,
        on=clock.today(),
        due_on=asked.due_on,
    )
    messages.success(request, _("De bank van de zandbak schreef het bedrag over."))
    return redirect("centre_statement")


def shown(line: Line) -> dict[str, Any]:
    """Return a claim as a page shows it: the talk, the amount, and when it is paid or why not."""
    claim = line.claim
    return {
        "claim": claim,
        "talk": claim.talk,
        "kind": KINDS[claim.kind],
        "number": claim.talk.track.voucher.number,
        # Of what was paid the label and the day say it all.
        "sentence": "" if line.state == Paid.PAID else _(line.sentence),
        "shown": PAID[line.state],
        "day": line.day,
        "hold": line.hold,
    }


def explained(line: Line) -> str:
    """Return when a claim is paid or why not; of a hold also its article and reason."""
    said = _(line.sentence)
    return f"{said} {line.hold.article}: {line.hold.reason}" if line.hold else said


def to_pay_back(centre: Centre) -> dict[str, Any]:
    """Return what a page shows of money that a centre is asked to pay back."""
    asked = asked_back(centre)
    if asked is None:
        return {"asked_back": None}
    return {
        "asked_back": asked,
        "left_cents": left_cents(asked),
        "reference": asked.reference,
        "account": parties.account(),
    }


def _number(request: HttpRequest, name: str) -> int:
    """Return the number of a row that an address gives; 0 if it gives none."""
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < MOST_DIGITS else 0


def _asked(
    request: HttpRequest, member: Member, *, after: int = 0, most: int | None = None
) -> tuple[SpanForm, CentreStatement | None]:
    """Return the statement of the days that are asked; without a word, of this year so far.

    `after` and `most` cut its lines, and not its sums.
    """
    today = clock.today()
    first = {"van": today.replace(month=1, day=1), "tot": today}
    is_asked = "van" in request.GET or "tot" in request.GET
    form = SpanForm(request.GET if is_asked else {name: str(day) for name, day in first.items()})
    if not form.is_valid():
        return form, None
    since, until = form.cleaned_data["van"], form.cleaned_data["tot"]
    return form, statement(
        centre=member.centre, since=since, until=until, day=today, after=after, most=most
    )


def _on_paper(asked: Recovery | None) -> ToPayBack | None:
    if asked is None:
        return None
    account = parties.account()
    return ToPayBack(
        amount_cents=left_cents(asked),
        due_on=asked.due_on,
        iban=account.iban,
        holder=account.name,
        communication=written_communication(asked.reference),
        reason=asked.reason,
    )


def _row(line: Line) -> StatementRow:
    claim = line.claim
    return StatementRow(
        claimed_on=clock.day_of(claim.claimed_at),
        number=claim.talk.track.voucher.number,
        held_on=claim.talk.held_on,
        minutes=claim.minutes,
        fee_cents=claim.fee_cents,
        vat_cents=claim.vat_cents,
        total_cents=claim.total_cents,
        state=explained(line),
        day=line.day,
    )


def _cells(line: Line) -> list[str]:
    claim = line.claim
    cells: list[str | date | int] = [
        clock.day_of(claim.claimed_at),
        str(KINDS[claim.kind]),
        claim.talk.track.voucher.number,
        claim.talk.held_on,
        claim.talk.coach.name,
        claim.minutes,
        _euro(claim.fee_cents),
        _euro(claim.vat_cents),
        _euro(claim.total_cents),
        str(PAID[line.state].label),
        line.day or "",
        explained(line),
    ]
    return [_plain(each) for each in cells]


def _plain(cell: str | date | int) -> str:
    """Keep a text that somebody typed from being a formula; numbers stay numbers."""
    text = str(cell)
    is_number = text.lstrip("-").replace(",", "").isdecimal()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def _euro(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02}"


def _name(found: CentreStatement) -> str:
    return f"afrekening-{found.since}-{found.until}"
