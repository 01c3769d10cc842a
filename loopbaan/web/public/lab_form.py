"""The fields of a card, as people in Flanders write numbers, and the scenario that they make."""

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loopbaan.lab import card, scenario
from loopbaan.lab.card import Card
from loopbaan.lab.report.words import SHORT, TITLES_NL
from loopbaan.lab.scenario import Scenario
from loopbaan.law.rulebook import read_yaml
from loopbaan.law.wording import number_text
from loopbaan.web.forms import PlainForm
from loopbaan.web.language import lang

OWN, NONE = "kaart", ""
CARD_FILE, SECOND_FILE = "kaart.yaml", "kaart-2.yaml"
EXAMPLE = "1.000"  # the maximum of 2025, to begin with
MINUTES_IN_HOUR, CENTS = 60, 100
WAYS = {
    "first_come": _("Wie eerst bestelt, krijgt eerst een plaats"),
    "draw": _("Loting op het einde van de maand"),
    "waiting_list": _("Wachtlijst"),
}
# A point with three digits behind it marks thousands; with fewer it is the comma of the English.
_WRITTEN = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,9})(?:,(\d{1,4})|\.(\d{1,2}))?", re.ASCII)


class Written(forms.CharField):
    """A number as it is written in Flanders: 1.000 or 22,50, and as 22.50; a euro sign
    or unit is left aside.

    `parts` is how many equal parts one has at the finest: 1, 4 for quarters, 100 for cents. Its
    value is in those parts.
    """

    def __init__(self, *, low: int, high: int, parts: int = 1, sentence: Any, **kwargs: Any):
        self.low, self.high, self.parts, self.sentence = low, high, parts, sentence
        size = {"inputmode": "decimal" if parts > 1 else "numeric", "autocomplete": "off"}
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs=size),
            error_messages={"required": sentence, "max_length": sentence},
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        """Return the number in parts, `None` for none."""
        text = str(super().clean(value)).replace("€", "").replace("\u00a0", " ").strip()
        if not text and not self.required:
            return None
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise forms.ValidationError(self.sentence)
        whole, rest = int(re.sub(r"[. ]", "", found[1])), found[2] or found[3] or ""
        number = Fraction(f"{whole}.{rest or 0}")
        if not self.low <= number <= self.high or number * self.parts % 1:
            raise forms.ValidationError(self.sentence)
        parts: int = round(number * self.parts)
        return parts


class CardForm(PlainForm):
    """A scenario of the house, or five numbers; the second form may be left out."""

    scenario = forms.ChoiceField(label=_("Wat wilt u proberen?"), required=False)
    maximum = Written(
        label=_("Hoogstens zoveel cheques per maand"),
        help_text=_("Van 100 tot 10.000. Leeg: geen maximum."),
        low=100,
        high=10_000,
        required=False,
        sentence=_("Vul een geheel getal in van 100 tot 10.000, of laat het leeg."),
    )
    verdeling = forms.ChoiceField(
        label=_("Hoe worden ze verdeeld?"),
        choices=list(WAYS.items()),
        help_text=_("Telt alleen mee als er een maximum is."),
        error_messages={
            "required": _("Kies hoe de plaatsen verdeeld worden."),
            "invalid_choice": _("Kies een van de drie manieren om te verdelen."),
        },
    )
    bijdrage = Written(
        label=_("Eigen bijdrage, in euro per cheque"),
        help_text=_("Van 0 tot 150 euro, zoals 45 of 22,50."),
        low=0,
        high=150,
        parts=CENTS,
        sentence=_("Vul een bedrag in van 0 tot 150 euro, zoals 22,50."),
    )
    ervaring = Written(
        label=_("Zoveel jaar werkervaring"),
        help_text=_("Van 0 tot 40 jaar, zoals 7 of 2,5."),
        low=0,
        high=40,
        parts=10,
        sentence=_("Vul een aantal jaren in van 0 tot 40, zoals 7 of 2,5."),
    )
    uren = Written(
        label=_("Zoveel uren begeleiding met de eerste cheque"),
        help_text=_("Van 1 tot 10 uur, per kwartier, zoals 4 of 2,5. De tweede volgt mee."),
        low=1,
        high=10,
        parts=4,
        sentence=_("Vul een aantal uren in van 1 tot 10, per kwartier, zoals 4 of 2,5."),
    )

    def __init__(self, *args: Any, may_be_left_out: bool = False, **kwargs: Any) -> None:
        first_shown = _as_it_was() | ({} if may_be_left_out else {"maximum": EXAMPLE})
        super().__init__(*args, initial=first_shown, **kwargs)
        self.may_be_left_out = may_be_left_out
        field = self.fields["scenario"]
        assert isinstance(field, forms.ChoiceField)
        first = [(NONE, _("Niets: vergelijk niet"))] if may_be_left_out else []
        field.choices = [*first, (OWN, _("Een eigen kaart")), *house()]
        field.initial = "no-measure" if may_be_left_out else OWN
        if may_be_left_out:
            field.label = _("Waarmee wilt u vergelijken?")
        field.error_messages["invalid_choice"] = _("Kies een kaart of een scenario uit de lijst.")
        chosen = self.data.get(self.add_prefix("scenario"), OWN if not may_be_left_out else NONE)
        self.is_own = (chosen or (NONE if may_be_left_out else OWN)) == OWN
        if self.is_bound and not self.is_own:
            # What stands in fields that nobody asked for is not looked at.
            kept = {self.add_prefix(name): text for name, text in _as_it_was().items()}
            self.data = kept | {self.add_prefix("scenario"): chosen}

    @property
    def is_left_out(self) -> bool:
        """Whether nothing is compared with."""
        return self.may_be_left_out and not self.cleaned_data["scenario"]

    def asked(self) -> dict[str, Any]:
        """Return what is asked of the laboratory: a scenario by its name, or the content of one."""
        if not self.is_own:
            return {"name": self.cleaned_data["scenario"]}
        return {"content": card.content(self.card())}

    def chosen(self) -> Scenario:
        """Return the scenario.

        Raises:
            ScenarioError: the law cannot be so.

        """
        asked = self.asked()
        if "name" in asked:
            return scenario.load(asked["name"])
        return scenario.of(asked["content"], Path(CARD_FILE))

    def card(self) -> Card:
        """Return the card of the five fields."""
        said = self.cleaned_data
        days = card.law_before().experience_year_days
        return Card(
            cap_per_month=said["maximum"],
            allocation=said["verdeling"],
            share_cents=said["bijdrage"],
            experience_days=said["ervaring"] * days // 10,
            minutes=said["uren"] * MINUTES_IN_HOUR // 4,
        )

    def query(self) -> list[tuple[str, str]]:
        """Return the fields that a link holds."""
        names = ["scenario", *(_FIELDS if self.is_own else ())]
        typed = [(name, self.data.get(self.add_prefix(name), "").strip()) for name in names]
        kept = [(self.add_prefix(name), text) for name, text in typed]
        if not typed[0][1]:
            kept[0] = (self.add_prefix("scenario"), NONE if self.may_be_left_out else OWN)
        return kept


_FIELDS = ("maximum", "verdeling", "bijdrage", "ervaring", "uren")


@cache
def _contents() -> dict[str, Any]:
    return {name: read_yaml(scenario.FOLDER / f"{name}.yaml") for name in scenario.names()}


def title(name: str) -> str:
    """Return the title of a scenario of the house; of a card, what it is."""
    if name not in _contents():
        return gettext("Een eigen kaart")
    own = str(_contents()[name]["title"])
    return TITLES_NL.get(name, own) if lang() == "nl" else own


def short(name: str) -> str:
    """Return the name of a scenario of the house in a few words, for the head of a column."""
    own = gettext("Eigen kaart")
    return SHORT[lang()].get(name, name).capitalize() if name in _contents() else own


def house() -> list[tuple[str, Any]]:
    """Return the scenarios of the house and their titles; not what begins after the last month."""
    return [
        (name, lazy(title, str)(name))
        for name, content in _contents().items()
        if not card.comes_too_late(content)
    ]


def _as_it_was() -> dict[str, str]:
    """Return the law of before the measure, as it is written."""
    before = card.as_it_was()
    days = card.law_before().experience_year_days
    euros, cents = divmod(before.share_cents, CENTS)
    hours, minutes = divmod(before.minutes, MINUTES_IN_HOUR)
    return {
        "maximum": "" if before.cap_per_month is None else number_text(before.cap_per_month, "nl"),
        "verdeling": before.allocation,
        "bijdrage": f"{euros},{cents:02}" if cents else str(euros),
        "ervaring": str(before.experience_days // days),
        "uren": f"{hours},{minutes * CENTS // MINUTES_IN_HOUR:02}" if minutes else str(hours),
    }
