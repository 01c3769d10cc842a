"""The check without logging in, and who may order: the law, asked with facts that nobody keeps."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.law import ordering as law
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.explanation import Explanation, Told, explain
from loopbaan.law.months import NO_DAY, calendar_day
from loopbaan.law.policy import KINDS
from loopbaan.web import clock
from loopbaan.web.access import for_everyone
from loopbaan.web.filters import unbroken
from loopbaan.web.forms import DayField
from loopbaan.web.language import lang
from loopbaan.web.limits import at_most_a_minute
from loopbaan.web.public.facts_form import FactsForm, homes

MOST_CHECKS = 300


@dataclass(frozen=True)
class Shown:
    """An explanation in the order in which a page shows it."""

    answer: str
    when: str
    against: tuple[Told, ...]
    met: tuple[Told, ...]
    remarks: tuple[str, ...]
    spells: tuple[str, ...]


def shown(told: Explanation) -> Shown:
    """Return an explanation split into what speaks against and what is in order."""
    return Shown(
        answer=unbroken(told.answer),
        when=told.when,
        against=tuple(each for each in told.told if not each.is_met),
        met=tuple(each for each in told.told if each.is_met),
        remarks=told.remarks,
        spells=told.spells,
    )


@for_everyone
@at_most_a_minute(MOST_CHECKS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Answer whether somebody may order, on facts that she types and nobody keeps."""
    today = clock.today()
    if request.method == "GET":
        return _ask(request, FactsForm(today=today))
    form = FactsForm(request.POST, today=today)
    if "edit" in request.POST:
        return _ask(request, FactsForm(initial=dict(form.typed()), today=today))
    if not form.is_valid():
        return _ask(request, form)
    rulebook = rulebooks.current()
    worker = form.worker(rulebook.on(form.cleaned_data["day"], today))
    told = shown(explain(rulebook, worker, lang()))
    decided = law.decide(
        rulebook, worker.facts, ordered_on=worker.ordered_on, known_on=worker.known_on
    )
    first = decided.first_day[0]
    first_day = None if first == NO_DAY else calendar_day(first)
    context = {
        "told": told,
        "may_order": not told.against,
        "first_day": first_day if first_day and first_day > today else None,
        "typed": form.typed(),
        "supposed": form.supposed(),
        "home": form.cleaned_data["if_home"] or form.cleaned_data["lives_in"],
        "homes": homes(),
    }
    return render(request, "public/answer.html", context)


@for_everyone
@at_most_a_minute(MOST_CHECKS)
@require_POST
def first_day(request: HttpRequest) -> HttpResponse:
    """Return the first day as an entry for a calendar. It holds the day and no other fact."""
    field = DayField()
    try:
        day = field.clean(request.POST.get("day", ""))
    except ValidationError:
        return redirect("check")
    assert day is not None, "the field is required"
    response = HttpResponse(_entry(day), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="loopbaancheque.ics"'
    return response


@for_everyone
@require_GET
def conditions(request: HttpRequest) -> HttpResponse:
    """Say who may order, in plain words with the numbers of the law."""
    today = clock.today()
    rulebook = rulebooks.current()
    policy = rulebook.on(today)
    counts: dict[str, list[str]] = {"yes": [], "certified": [], "no": []}
    for kind in KINDS:
        word = getattr(policy, f"counts_{kind}")
        heap = {"nothing": "no", "employee_if_certified": "certified"}.get(word, "yes")
        counts[heap].append(getattr(rulebook.numbers[f"counts_{kind}"], lang()))
    years = (policy.least_experience_days or 0) // policy.experience_year_days
    context = {"policy": policy, "counts": counts, "years": years, "today": today}
    return render(request, "public/conditions.html", context)


def _ask(request: HttpRequest, form: FactsForm) -> HttpResponse:
    policy = rulebooks.current().on(clock.today())
    context: dict[str, Any] = {"form": form, "policy": policy}
    return render(request, "public/check.html", context, status=form.http_status)


def _entry(day: date) -> str:
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//loopbaan//check//NL",
        "BEGIN:VEVENT",
        f"UID:{uuid4()}@loopbaan",
        f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        "SUMMARY:" + _("Vanaf vandaag kunt u een loopbaancheque bestellen"),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT9H",
        "DESCRIPTION:" + _("Bestel uw loopbaancheque"),
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines)
