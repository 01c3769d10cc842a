"""How fields look and what they accept: one way for every form."""

from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loopbaan.law.checks import EARLIEST, LATEST


class Renderer(TemplatesSetting):
    """Every field with its label, hint and errors tied to it."""

    field_template_name = "parts/field.html"


class PlainForm(forms.Form):
    """A form whose errors are told by us, above it and beside the field."""

    error_css_class = "faulty"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class DayField(forms.DateField):
    """A day, written as a browser sends it or as people in Flanders write it."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Dit is geen dag die bestaat. Schrijf hem als 31/12/2024.")
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": message, "required": _("Vul een dag in.")},
            **kwargs,
        )

    def clean(self, value: Any) -> date | None:
        """Return the day, if it is one of the calendar of the scheme."""
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day < LATEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def choice(label: Any, choices: Any, *, hint: Any = "", initial: Any = None) -> forms.ChoiceField:
    """Return a question with a few answers, all in sight."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=hint,
        initial=initial,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kies een antwoord."),
            "invalid_choice": _("Kies een van de antwoorden."),
        },
    )


def whole_number(label: Any, most: int, *, initial: int | None = None) -> forms.IntegerField:
    """Return a question for a whole number from 0 on."""
    sentence = format_lazy("{} {}.", _("Vul een getal in van 0 tot"), most)
    errors = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        initial=initial,
        error_messages=dict.fromkeys(errors, sentence),
    )
