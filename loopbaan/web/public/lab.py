"""The laboratory for everybody: one card or scenario, or two side by side, on a part of Flanders.

A link holds the cards and the hash of all that the figures follow from, so that whoever opens it
later reads whether something has changed since.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from loopbaan.lab.scenario import ScenarioError
from loopbaan.law.wording import day_text, number_text
from loopbaan.web import faults
from loopbaan.web.access import for_everyone
from loopbaan.web.laboratory import COME_BACK_SECONDS, Busy, laboratory
from loopbaan.web.language import lang
from loopbaan.web.public import lab_form, lab_pages
from loopbaan.web.public.lab_form import CARD_FILE, SECOND_FILE, CardForm

HASH = "inhoud"
SECOND = "tweede"  # asks for the file of the second card under its own name
DIGITS = 8  # of each part of the hash
# What the hash is made of, in its order.
PARTS = {
    "scenario_hash": gettext_lazy("de kaart of het scenario"),
    "rulebook": gettext_lazy("het regelboek"),
    "population": gettext_lazy("de verzonnen bevolking"),
    "code": gettext_lazy("het model of zijn aannames"),
}
FIGURES = {
    "orders": gettext_lazy("Bestellingen"),
    "refused": gettext_lazy("Geweigerd"),
    "lost": gettext_lazy("Geen plaats gevonden"),
    "persons_started": gettext_lazy("Mensen die starten"),
    "started": gettext_lazy("Opgestarte cheques"),
    "government_cents": gettext_lazy("Vlaamse overheid betaalt (miljoen euro)"),
    "worker_cents": gettext_lazy("Werkenden betalen (miljoen euro)"),
}
STEPS = {
    "refused": gettext_lazy("geweigerd"),
    "lost": gettext_lazy("geen plaats gevonden"),
    "did_not_pay": gettext_lazy("niet op tijd betaald"),
    "did_not_start": gettext_lazy("betaald, en niet gestart"),
}
GROUPS = {
    ("all", ""): gettext_lazy("Iedereen"),
    ("education", "low"): gettext_lazy("Kortgeschoold"),
    ("education", "mid"): gettext_lazy("Middengeschoold"),
    ("education", "high"): gettext_lazy("Hooggeschoold"),
    ("sex", "woman"): gettext_lazy("Vrouwen"),
    ("sex", "man"): gettext_lazy("Mannen"),
    ("age_band", "20-29"): gettext_lazy("20 tot 29 jaar"),
    ("age_band", "30-39"): gettext_lazy("30 tot 39 jaar"),
    ("age_band", "40-49"): gettext_lazy("40 tot 49 jaar"),
    ("age_band", "50-59"): gettext_lazy("50 tot 59 jaar"),
    ("age_band", "60 and over"): gettext_lazy("60 jaar en ouder"),
    ("status", "self_employed_main"): gettext_lazy("Zelfstandigen"),
    ("status", "interim"): gettext_lazy("Uitzendkrachten"),
    ("health_limitation", "limited"): gettext_lazy("Met een gezondheidsbeperking"),
    ("digital_skill", "low"): gettext_lazy("Digitaal zwak"),
    ("origin", "non_eu"): gettext_lazy("Herkomst buiten de EU"),
}
YEARS = ("2026", "2025")
ASSUMED = "assumed pattern"
CENTS_IN_MILLION = 100_000_000
ROUND = -2  # one worker in a hundred is played: counts are told in hundreds
LEFT_OUT = "*"


@dataclass(frozen=True)
class Told:
    """One card or scenario with its answer, as a page tells it; a card has no name."""

    scenario: str
    answer: dict[str, Any]
    file: str = CARD_FILE

    @property
    def title(self) -> str:
        """Return what was tried."""
        return lab_form.title(self.scenario)

    @property
    def short(self) -> str:
        """Return the same in a few words."""
        return lab_form.short(self.scenario)

    @property
    def name(self) -> str:
        """Return by what a command finds it."""
        return self.scenario or self.file

    @property
    def rules(self) -> str:
        """Return from which days its rules are not those of before."""
        own = {"title": self.title}
        days = [day_text(date.fromisoformat(day), lang()) for day in self.answer["changes"]]
        if not days:
            return _("%(title)s: de regels van februari 2025 blijven.") % own
        own["days"] = _(" en ").join(days)
        return _("%(title)s: andere regels vanaf %(days)s.") % own


@for_everyone
@require_GET
def lab(request: HttpRequest) -> HttpResponse:
    """Ask for a card or two, and tell what comes of them."""
    forms = _forms(request.GET)
    if not any(form.is_bound for form in forms):
        laboratory.wake()
        return _page(request, forms)
    are_good = [form.is_valid() for form in forms]  # each tells what is wrong with it
    if not all(are_good):
        return _page(request, forms, status=400)
    wanted = [form for form in forms if not form.is_left_out]
    told = []
    for form in wanted:
        try:
            asked = form.asked()
            file = SECOND_FILE if form.may_be_left_out else CARD_FILE
            told.append(Told(asked.get("name", ""), laboratory.answer(asked), file))
        except ValueError:
            form.add_error(None, _("Deze getallen gaan niet samen: verander er een."))
            return _page(request, forms, status=400)
        except Busy:
            return _come_back(request)
    content = _hash(told)
    if HASH not in request.GET:
        return redirect(f"{reverse('lab')}?{_query(wanted, content)}")
    return _page(request, forms, told, _changed(request.GET[HASH], content))


@for_everyone
@require_GET
def card_file(request: HttpRequest) -> HttpResponse:
    """Return a card as the file of a scenario, for the command line."""
    form = CardForm(request.GET, prefix="a")
    if not form.is_valid() or not form.is_own:
        raise Http404
    try:
        form.chosen()
    except ScenarioError:
        raise Http404 from None
    text = yaml.safe_dump(form.asked()["content"], sort_keys=False, allow_unicode=True)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    file = SECOND_FILE if SECOND in request.GET else CARD_FILE
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _forms(data: QueryDict) -> tuple[CardForm, CardForm]:
    """Return both forms; what was not asked is an empty form."""
    given: Any = data if any(name.startswith(("a-", "b-")) for name in data) else None
    return CardForm(given, prefix="a"), CardForm(given, prefix="b", may_be_left_out=True)


def _page(
    request: HttpRequest,
    forms: tuple[CardForm, CardForm],
    told: list[Told] | None = None,
    changed: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"forms": forms, "told": told, "pages": lab_pages.made()}
    faulty = next((form for form in forms if form.is_bound and form.errors), None)
    context |= {"form": faulty or forms[0], "changed": changed}
    if told:
        answer = told[0].answer
        context |= {
            "first": _first(told),
            "rules": [each.rules for each in told],
            "years": [(year, _year(told, year)) for year in YEARS],
            "steps": [(STEPS[step], _cells(told, "steps", "step", step)) for step in STEPS],
            "groups": _groups(told),
            "seeds": answer["seeds"],
            "stamps": [
                (PARTS[part], [each.answer["stamps"][part] for each in told]) for part in PARTS
            ],
            "link": request.build_absolute_uri(),
            "commands": _commands(told),
            "cards": _card_links(forms, told),
        }
    return render(request, "public/lab.html", context, status=status)


def _come_back(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "Het labo is nu bezig voor anderen. Laad deze pagina over %(seconds)s seconden opnieuw."
    )
    response = faults.answer(request, 503, sentence % {"seconds": COME_BACK_SECONDS})
    response.headers["Retry-After"] = str(COME_BACK_SECONDS)
    return response


def _hash(told: list[Told]) -> str:
    """Return a hash in four parts of all that the figures follow from."""
    parts = []
    for part in PARTS:
        text = " ".join(each.answer["stamps"][part] for each in told)
        if part == "code":
            stamps = told[0].answer["stamps"]
            text += stamps["assumptions"] + stamps["fitted"]
        parts.append(hashlib.sha256(text.encode()).hexdigest()[:DIGITS])
    return "-".join(parts)


def _query(forms: list[CardForm], content: str) -> str:
    query = QueryDict(mutable=True)
    for form in forms:
        for name, text in form.query():
            query[name] = text
    query[HASH] = content
    return query.urlencode()


def _changed(said: str, content: str) -> list[Any]:
    """Return what has changed since a link was made; a hash of another shape tells of all."""
    parts, now = said.split("-"), content.split("-")
    if len(parts) != len(now):
        return list(PARTS.values())
    return [word for word, then, own in zip(PARTS.values(), parts, now, strict=True) if then != own]


def _year(told: list[Told], year: str) -> list[tuple[Any, list[str]]]:
    rows = []
    for figure, label in FIGURES.items():
        cells = []
        for each in told:
            found = [r for r in each.answer["years"] if (r["when"], r["figure"]) == (year, figure)]
            is_money = figure.endswith("_cents")
            by, digits = (CENTS_IN_MILLION, 1) if is_money else (1, ROUND)
            cells.append(_band(found[0], by, digits) if found else "0")
        rows.append((label, cells))
    return rows


def _first(told: list[Told]) -> list[tuple[str, str, str]]:
    """Return what a reader asks first: who starts in the first whole year, and what it costs."""
    rows = dict(_year(told, YEARS[0]))
    wanted = (FIGURES["persons_started"], FIGURES["government_cents"])
    cells = zip(*(rows[label] for label in wanted), strict=True)
    return [(each.title, *pair) for each, pair in zip(told, cells, strict=True)]


def _cells(told: list[Told], table: str, key: str, value: str) -> list[str]:
    return [_band(next(r for r in each.answer[table] if r[key] == value)) for each in told]


def _groups(told: list[Told]) -> list[tuple[Any, list[str], bool]]:
    """Return the groups with, of 100 who ordered, how many started, and whether it is assumed."""
    rows = []
    for (dimension, category), label in GROUPS.items():
        cells, assumed = [], False
        for each in told:
            found = [
                row
                for row in each.answer["groups"]
                if (row["dimension"], row["category"]) == (dimension, category)
            ]
            is_told = found and found[0]["central"] is not None
            cells.append(_band(found[0]) if is_told else LEFT_OUT)
            assumed = assumed or bool(found and found[0]["evidence"] == ASSUMED)
        rows.append((label, cells, assumed))
    return rows


def _band(row: dict[str, Any], by: int = 1, digits: int = 0) -> str:
    """Return a figure with its band: 9.000 (8.000–9.800)."""
    low, central, high = (_text(row[end] / by, digits) for end in ("low", "central", "high"))
    return f"{central} ({low}–{high})" if low != high else central


def _text(value: float, digits: int) -> str:
    if digits <= 0:
        return number_text(int(round(value, digits)), lang())
    whole, _point, rest = f"{value:.{digits}f}".partition(".")
    return number_text(int(whole), lang()) + {"nl": ",", "en": "."}[lang()] + rest


def _commands(told: list[Told]) -> list[tuple[Any, str]]:
    """Return how to play the whole of it, and how to get these very figures."""
    first = told[0].name
    found = [
        (
            _("Alle werkenden, honderd keer (enkele minuten)"),
            f"loopbaan lab ensemble {first} --seeds 100 --out MAP",
        ),
        (
            _("Alle cijfers van deze pagina"),
            " ".join(("loopbaan lab try", *dict.fromkeys(each.name for each in told))),
        ),
    ]
    if len(told) > 1 and told[0].name != told[1].name:
        whole = f"loopbaan lab report {first} --against {told[1].name} --out verslag.html"
        found.append((_("Beide naast elkaar, als één verslag"), whole))
    return found


def _card_links(forms: tuple[CardForm, CardForm], told: list[Told]) -> list[str]:
    """Return the query with which each card can be saved as a file."""
    found = []
    for form in forms:
        if form.is_left_out or not form.is_own:
            continue
        query = QueryDict(mutable=True)
        for name, text in form.query():
            query[f"a-{name.partition('-')[2]}"] = text
        if form.may_be_left_out:
            query[SECOND] = "1"
        found.append(query.urlencode())
    return found
