"""Measures played out whole: asked by an official, played in the background, read here."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loopbaan.lab.scenario import ScenarioError
from loopbaan.law.rulebook import read_yaml
from loopbaan.live import calculating as live
from loopbaan.live.models import Calculation
from loopbaan.live.moving import Refused
from loopbaan.web import clock, faults
from loopbaan.web.access import for_authority
from loopbaan.web.forms import PlainForm
from loopbaan.web.language import lang
from loopbaan.web.public import lab_form
from loopbaan.web.public.lab_form import CardForm
from loopbaan.web.statuses import CALCULATIONS, who

MOST_SHOWN, MOST_AGAIN, REFRESH_SECONDS = 50, 200, 5
DEFAULT_SEEDS = 40
SIZES = [("100", gettext_lazy("alle werkenden")), ("10", gettext_lazy("één op tien"))]
SIZES += [("1", gettext_lazy("één op honderd"))]
# What can be saved: its name in the address, the file, and its type.
FILES = {
    "banden.csv": ("bands.csv", "text/csv; charset=utf-8"),
    "aannames.csv": ("sensitivity.csv", "text/csv; charset=utf-8"),
}


class SizeForm(PlainForm):
    """How often, and on how many workers."""

    keren = forms.IntegerField(
        label=gettext_lazy("Zoveel keer spelen"),
        min_value=1,
        max_value=live.MOST_SEEDS,
        initial=DEFAULT_SEEDS,
        help_text=gettext_lazy("Van 1 tot 200. Elke keer heeft ander toeval en andere aannames."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Vul een geheel getal in van 1 tot 200."),
        ),
    )
    deel = forms.ChoiceField(
        label=gettext_lazy("Op hoeveel werkenden"),
        choices=SIZES,
        initial="100",
        error_messages={
            "required": gettext_lazy("Kies hoeveel werkenden meespelen."),
            "invalid_choice": gettext_lazy("Kies hoeveel werkenden meespelen."),
        },
    )


@for_authority
@require_http_methods(["GET", "POST"])
def calculations(request: HttpRequest, official: str) -> HttpResponse:
    """Show what was asked, and ask for one more."""
    card, size = CardForm.sent(request, prefix="a"), SizeForm.sent(request)
    if card.is_bound and all([card.is_valid(), size.is_valid()]):
        try:
            made = _asked(card, size, official)
        except Refused as error:
            card.add_error(None, faults.sentence_of(error))
        except ScenarioError:
            card.add_error(None, _("Deze getallen gaan niet samen: verander er een."))
        else:
            messages.success(request, _("Gevraagd. Ze wordt gespeeld zodra ze aan de beurt is."))
            return redirect("calculation", made.pk)
    rows = Calculation.objects.order_by("-pk")[:MOST_SHOWN]
    faulty = next((form for form in (card, size) if form.is_bound and form.errors), card)
    context = {
        "card": card,
        "size": size,
        "form": faulty,
        "rows": [(each, title_of(each), CALCULATIONS[each.status]) for each in rows],
    }
    return render(request, "authority/calculations.html", context, status=faulty.http_status)


@for_authority
@require_GET
def calculation(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Show how far one is, and what came of it."""
    found = get_object_or_404(Calculation, pk=number)
    tries = request.GET.get("keer", "1")
    turn = int(tries) if tries.isascii() and tries.isdecimal() and len(tries) < 4 else 0
    is_moving = found.ended_at is None
    is_refreshing = is_moving and 0 < turn <= MOST_AGAIN
    context: dict[str, Any] = {
        "calculation": found,
        "title_of": title_of(found),
        "shown": CALCULATIONS[found.status],
        "asker": who(found.asked_by),
        "size": dict(SIZES).get(str(found.percent), f"{found.percent} %"),
        "is_moving": is_moving,
        "is_refreshing": is_refreshing,
        "summary": _summary(found),
        "files": list(FILES) if found.status == "done" else [],
    }
    response = render(request, "authority/calculation.html", context)
    if is_refreshing:
        response.headers["Refresh"] = f"{REFRESH_SECONDS}; url=?keer={turn + 1}"
    return response


@for_authority
@require_POST
def cancel_calculation(request: HttpRequest, official: str, number: int) -> HttpResponse:
    """Cancel one that has not ended."""
    found = get_object_or_404(Calculation, pk=number)
    live.cancel(calculation=found, now=clock.now(), actor=official)
    messages.success(request, _("De doorrekening is geannuleerd."))
    return redirect("calculation", number)


@for_authority
@require_GET
def calculation_file(request: HttpRequest, official: str, number: int, name: str) -> HttpResponse:
    """Return one of the files that came of one."""
    found = get_object_or_404(Calculation, pk=number, status="done")
    if name not in FILES:
        raise Http404
    file, kind = FILES[name]
    response = HttpResponse(_read(live.folder(found.pk) / file), content_type=kind)
    saved = f"doorrekening-{found.pk}-{name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{saved}"'
    return response


def title_of(found: Calculation) -> str:
    """Return what was asked, in the language of the reader."""
    return lab_form.title(found.title)


def _asked(card: CardForm, size: SizeForm, official: str) -> Calculation:
    chosen, asked = card.chosen(), card.asked()
    content = asked["content"] if card.is_own else read_yaml(chosen.path)
    return live.ask(
        title=chosen.name,
        content=content,
        seeds=size.cleaned_data["keren"],
        percent=int(size.cleaned_data["deel"]),
        now=clock.now(),
        actor=official,
    )


def _summary(found: Calculation) -> str:
    file = live.folder(found.pk) / f"summary.{lang()}.txt"
    return _read(file).decode() if found.status == "done" else ""


def _read(file: Path) -> bytes:
    if not file.exists():
        raise Http404
    return file.read_bytes()
