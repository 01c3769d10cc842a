"""The numbers of the law in force on a day, as they were known on a day, with their sources."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import DEFAULT_READING, Line, Number, Value
from loopbaan.law.rulebook import Rulebook, UnknownLaw
from loopbaan.law.values import value_text
from loopbaan.web import clock
from loopbaan.web.access import for_everyone
from loopbaan.web.filters import unbroken
from loopbaan.web.forms import DayField, PlainForm
from loopbaan.web.language import lang

# The first number of each group, in the order of the law's file.
GROUPS = {
    "share_cents": _("Wat de werkende betaalt en krijgt"),
    "residence_rule": _("Wie mag bestellen"),
    "payment_days": _("Termijnen"),
    "cap_per_month": _("Als de plaatsen schaars zijn"),
    "fee_millicents_per_hour": _("Wat het loopbaancentrum krijgt, en van wie"),
    "guidance_definition": _("De begeleiding"),
    "recognition_years": _("Loopbaancentra en loopbaanbegeleiders"),
    "counts_employee": _("Wat meetelt als werk"),
}
# Values that are words, in plain language.
WORDS = {
    "vdab_examples": _("zoals in de voorbeelden van de VDAB"),
    "working_on_order_day": _("aan het werk op de dag van de bestelling"),
    "nl": _("Nederlands"),
    "received": _("ontvangen bestellingen"),
    "granted": _("toegekende bestellingen"),
    "paid": _("betaalde bestellingen"),
    "first_come": _("wie eerst bestelt, krijgt eerst een plaats"),
    "draw": _("loting"),
    "weighted_draw": _("gewogen loting"),
    "waiting_list": _("wachtlijst"),
    "month": _("per maand"),
    "week": _("per week"),
    "none": _("geen"),
    "weight": _("meer gewicht in de volgende loting"),
    "place": _("de plaats blijft behouden"),
    "of_2017": _("de omschrijving van 2017"),
    "employee": _("telt mee als werknemer"),
    "self_employed": _("telt mee als zelfstandige"),
    "self_employed_flagged": _("telt mee als zelfstandige, maar geen tekst zegt het uitdrukkelijk"),
    "agency": _("telt mee als uitzendkracht"),
    "employee_if_certified": _("telt mee met een attest van de werkgever"),
    "experience_only": _("telt mee als ervaring, niet als werk op de dag zelf"),
    "nothing": _("telt niet mee"),
}
# A number that may not exist, and does not: what that means. The others are just none.
NONE = {
    **dict.fromkeys(("cap_per_month", "lifetime_vouchers"), _("geen maximum")),
    **dict.fromkeys(
        (
            "least_months_worked_in_last_24",
            "least_months_with_agency_weeks",
            "least_agency_weeks_unbroken",
            "least_experience_days",
            "least_experience_months",
        ),
        _("geen minimum"),
    ),
    "finish_months": _("geen termijn"),
}
GRADES = {
    "A": _("officiële tekst"),
    "B": _("betrouwbare bron"),
    "C": _("zwakke bron"),
    "D": _("aanname"),
}


class DaysForm(PlainForm):
    """Which day, and as known on which day."""

    op = DayField(label=_("Geldig op"), required=False)
    bekend = DayField(label=_("Zoals bekend op"), required=False)


@dataclass(frozen=True)
class Row:
    """One number, or one line of its history, as it is shown.

    A source is its code with its address, or with words (in English) where it has none.
    """

    key: str
    name: str
    value: str
    since: date | None = None
    announced: date | None = None
    sources: tuple[tuple[str, str, str], ...] = ()
    grade: Any = ""
    is_open: bool = False
    note: str = ""
    is_now: bool = False


@for_everyone
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """Show every number in force on a day, as known on a day."""
    today = clock.today()
    form = DaysForm(request.GET or None, initial={"op": today, "bekend": today})
    on, known_on = today, today
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["op"] or today
        known_on = form.cleaned_data["bekend"] or max(on, today)
    rulebook = rulebooks.current()
    context: dict[str, Any] = {"form": form, "on": on, "known_on": known_on}
    try:
        rulebook.on(on, known_on)
    except UnknownLaw:
        context["first_day"] = rulebook.first_day
        return render(request, "public/numbers.html", context, status=404)
    context |= {"groups": _groups(rulebook, on, known_on), "hash": rulebook.hash[:12]}
    return render(request, "public/numbers.html", context, status=form.http_status)


@for_everyone
@require_GET
def number(request: HttpRequest, key: str) -> HttpResponse:
    """Show one number through time, with its sources."""
    rulebook = rulebooks.current()
    if key not in rulebook.numbers:
        raise Http404
    found = rulebook.numbers[key]
    today = clock.today()
    held = rulebook.line(key, today, today, DEFAULT_READING)
    rows = [
        replace(_row(rulebook, found, line), is_now=line is held) for line in reversed(found.lines)
    ]
    context = {"name": _name(found), "note": found.note, "rows": rows}
    return render(request, "public/number.html", context)


def _groups(rulebook: Rulebook, on: date, known_on: date) -> list[tuple[Any, list[Row]]]:
    rows = [
        _row(rulebook, each, rulebook.line(key, on, known_on, DEFAULT_READING))
        for key, each in rulebook.numbers.items()
    ]
    keys = [row.key for row in rows]
    starts = [*(keys.index(key) for key in GROUPS), len(rows)]
    titles = list(GROUPS.values())
    return [(titles[i], rows[a:b]) for i, (a, b) in enumerate(pairwise(starts))]


def _row(rulebook: Rulebook, found: Number, line: Line | None) -> Row:
    if line is None:
        return Row(found.key, _name(found), "–")
    sources = rulebook.content["sources"]
    return Row(
        key=found.key,
        name=_name(found),
        value=_value(found, line.value),
        since=line.since,
        announced=line.announced,
        sources=tuple((code, *_where(sources[code]["url"])) for code in line.source),
        grade=GRADES[line.grade],
        is_open=line.is_open,
        note=line.note or "",
    )


def _where(text: str) -> tuple[str, str]:
    """Return the address of a source, without what is remarked behind it; or else its words."""
    return (text.split(maxsplit=1)[0], "") if text.startswith("http") else ("", text)


def _name(found: Number) -> str:
    return found.en if lang() == "en" else found.nl


def _value(found: Number, value: Value) -> str:
    if value is None:
        return str(NONE.get(found.key, _("geen")))
    if isinstance(value, str):
        return str(WORDS[value])
    return unbroken(value_text(found, value, lang()))
