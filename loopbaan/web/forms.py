"""How fields look and what they accept: one way for every form."""

from datetime import date
from typing import Any, Self

from django import forms
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loopbaan.adapters.insz import check as checked_insz
from loopbaan.adapters.unusable import Unusable
from loopbaan.law.checks import EARLIEST, LATEST
from loopbaan.web.language import lang


class Renderer(TemplatesSetting):
    """Every field with its label, hint and errors tied to it."""

    field_template_name = "parts/field.html"


class PlainForm(forms.Form):
    """A form whose errors are told by us, above it and beside the field."""

    error_css_class = "faulty"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @classmethod
    def sent(cls, request: HttpRequest, *args: Any, **kwargs: Any) -> Self:
        """Return the form with what was sent; if nothing was, as it is first shown."""
        return cls(*args, request.POST if request.method == "POST" else None, **kwargs)

    @property
    def http_status(self) -> int:
        """What a page answers that shows this form: 400 where something in it is wrong."""
        return 400 if self.errors else 200


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


class InszField(forms.CharField):
    """A number of the national register, as its digits; in the sandbox a test number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Rijksregisternummer"),
            max_length=20,
            help_text=_("11 cijfers. Hier alleen testnummers, met 61 tot 72 als maand."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"required": _("Vul het nummer in.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the digits of a test number."""
        try:
            return checked_insz(super().clean(value))
        except Unusable as error:
            raise forms.ValidationError(error.sentence(lang())) from None


def offer(form: forms.Form, name: str, among: QuerySet[Any]) -> None:
    """Let a field of a form choose among rows that are known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = among


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
