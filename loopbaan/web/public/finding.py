"""Finding a centre: by town, language, theme and free places, the nearest first."""

from functools import cache

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from loopbaan.adapters.towns import PROVINCES, SOURCE, Town, towns
from loopbaan.live.finding import Found, find_centres
from loopbaan.live.models import Centre
from loopbaan.live.models.recognition import LANGUAGES, THEMES
from loopbaan.web import clock
from loopbaan.web.access import for_everyone
from loopbaan.web.forms import PlainForm
from loopbaan.web.worker.opening import Holder, holder_of

PAGE = 20
WITHIN_KM, USUAL_KM = (5, 10, 25, 50), 25
FARTHEST = 10_000


class FindForm(PlainForm):
    """Where, in which language, about what."""

    plaats = forms.CharField(
        label=gettext_lazy("Gemeente"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "gemeenten", "autocomplete": "address-level2"}),
    )
    binnen = forms.ChoiceField(
        label=gettext_lazy("Hoogstens"),
        required=False,
        initial=USUAL_KM,
        choices=[(km, f"{km} km") for km in WITHIN_KM],
    )
    thema = forms.ChoiceField(
        label=gettext_lazy("Thema"),
        required=False,
        choices=lambda: [("", _("Alles")), *words(THEMES)],
    )
    taal = forms.ChoiceField(
        label=gettext_lazy("Ook uitleg in"),
        required=False,
        choices=lambda: [("", _("Geen voorkeur")), *words(LANGUAGES)],
    )
    vrij = forms.BooleanField(label=gettext_lazy("Alleen met vrije plaatsen"), required=False)
    vanaf = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=FARTHEST, required=False
    )

    def clean_plaats(self) -> Town | None:
        """Return the town that was typed."""
        typed = self.cleaned_data["plaats"].strip()
        return town_of(typed) if typed else None


@for_everyone
@require_GET
def centres(request: HttpRequest) -> HttpResponse:
    """Show the locations of recognised centres, the nearest first, a page at a time."""
    form = FindForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    first = asked.get("vanaf") or 0
    town = asked.get("plaats")
    found: list[Found] = []
    if not form.errors:
        found = find_centres(
            day=clock.today(),
            town=town.number if town else None,
            within_km=float(asked.get("binnen") or USUAL_KM),
            theme=asked.get("thema", ""),
            language=asked.get("taal", ""),
            with_places=asked.get("vrij", False),
            most=first + PAGE + 1,
        )[first:]
    query = request.GET.copy()
    query["vanaf"] = str(first + PAGE)
    context = {
        "form": form,
        "towns": town_names(),
        "town": town,
        "rows": [(each, themes_of(each.centre)) for each in found[:PAGE]],
        "next": query.urlencode() if len(found) > PAGE else "",
        "source": SOURCE,
        "holder": holder_of(request),
    }
    return render(request, "public/centres.html", context, status=form.http_status)


@for_everyone
@require_GET
def centre(request: HttpRequest, number: int) -> HttpResponse:
    """Show one recognised centre; who has a voucher can open it for this centre here."""
    recognised = Centre.objects.recognised_on(clock.today())
    found = get_object_or_404(recognised, pk=number)
    holder: Holder | None = holder_of(request)
    context = {
        "centre": found,
        "locations": found.locations.filter(is_open=True).order_by("pk"),
        "themes": themes_of(found),
        "languages": [_(LANGUAGES[each]) for each in found.languages],
        "holder": holder,
        "is_open_here": holder is not None and holder.opened_for == found,
        "source": SOURCE,
    }
    return render(request, "public/centre.html", context)


def town_of(typed: str) -> Town:
    """Return the town that was typed in a form."""
    town = _by_name().get(typed.strip().casefold())
    if town is None:
        sentence = _("Deze gemeente kennen we niet. Kies er een uit de lijst.")
        raise forms.ValidationError(sentence)
    return town


def words(table: dict[str, str]) -> list[tuple[str, str]]:
    """Return the choices of a table of words, in the language of the page."""
    return [(key, capfirst(_(label))) for key, label in table.items()]


def themes_of(centre: Centre) -> list[str]:
    """Return what a centre says it is good at."""
    return [_(THEMES[each]) for each in centre.themes]


@cache
def _by_name() -> dict[str, Town]:
    """Return each town by its name, the larger of two alike; and by its name with the province."""
    found: dict[str, Town] = {}
    for town in sorted(towns().values(), key=lambda each: each.population):
        found[town.name.casefold()] = town
        found[f"{town.name} ({PROVINCES[town.province]})".casefold()] = town
    return found


@cache
def town_names() -> list[str]:
    """Return the towns as they are offered: with the province where two are alike."""
    names = [each.name for each in towns().values()]
    return sorted(
        f"{each.name} ({PROVINCES[each.province]})" if names.count(each.name) > 1 else each.name
        for each in towns().values()
    )
