"""Turns what an operation refuses into a problem with the law's codes."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from loopbaan.live.answering import OtherAct
from loopbaan.live.guidance import Objected
from loopbaan.live.moving import Refused
from loopbaan.live.opening import TooManyGuesses
from loopbaan.web import clock
from loopbaan.web.api.problems import OF_STATUS, Problem, made
from loopbaan.web.faults import sentence_of

MOST_ERRORS, LONGEST = 20, 200
OTHER_FAULT = gettext_noop("Dit past niet bij de beschrijving.")
# What does not fit, by the word that pydantic has for it, with the bound that it names.
FAULTS = {
    "missing": gettext_noop("Dit ontbreekt."),
    "extra_forbidden": gettext_noop("Dit kennen we niet: laat het weg."),
    "string_type": gettext_noop("Dit is geen tekst."),
    "string_pattern_mismatch": gettext_noop("Dit heeft niet de vorm uit de beschrijving."),
    "string_too_short": gettext_noop("Dit is te kort: minstens %(min_length)s tekens."),
    "string_too_long": gettext_noop("Dit is te lang: hoogstens %(max_length)s tekens."),
    "int_type": gettext_noop("Dit is geen geheel getal."),
    "int_parsing": gettext_noop("Dit is geen geheel getal."),
    "greater_than_equal": gettext_noop("Dit is te klein: minstens %(ge)s."),
    "less_than_equal": gettext_noop("Dit is te groot: hoogstens %(le)s."),
    "bool_type": gettext_noop("Dit is niet true of false."),
    "bool_parsing": gettext_noop("Dit is niet true of false."),
    "value_error": gettext_noop("Dit is geen dag: schrijf hem als 2025-02-10."),
    "literal_error": gettext_noop("Dit is geen van de woorden uit de beschrijving."),
    "model_type": gettext_noop("Dit is geen object."),
    "model_attributes_type": gettext_noop("Dit is geen object."),
    "json_invalid": gettext_noop("Dit is geen JSON."),
}
BOUNDS = ("min_length", "max_length", "ge", "le")


def handle(api: NinjaAPI) -> None:
    """Let an API answer with problems, whatever is raised."""

    def on(kind: type[Exception], answer: Callable[[HttpRequest, Any], HttpResponse]) -> None:
        api.add_exception_handler(kind, answer)

    on(Problem, lambda _request, error: error.answer())
    on(OtherAct, lambda _request, _error: Problem("key_used_before").answer())
    on(TooManyGuesses, _wait)
    on(Objected, _objected)
    on(Refused, lambda _request, error: made(409, [(error.code, sentence_of(error))]))
    on(ValidationError, _not_understood)
    on(HttpError, _http)


def _wait(_request: HttpRequest, error: TooManyGuesses) -> HttpResponse:
    wait = math.ceil((error.again_at - clock.now()).total_seconds())
    reasons = [("too_many_guesses", sentence_of(error))]
    return made(429, reasons, retry_after=max(1, wait))


def _objected(_request: HttpRequest, error: Objected) -> HttpResponse:
    sentences = [_(each) for each in error.sentences]
    codes = [each.code for each in error.objections]
    return made(409, list(zip(codes, sentences, strict=True)))


def _not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "where": ".".join(str(part) for part in each.get("loc", ()))[:LONGEST],
            "what": _what(each),
        }
        for each in error.errors[:MOST_ERRORS]
    ]
    return _faulty(errors)


def _what(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with a part of what was sent, in the language asked."""
    sentence = _(FAULTS.get(str(fault.get("type")), OTHER_FAULT))
    bounds = fault.get("ctx") or {}
    values = {name: bounds[name] for name in BOUNDS if name in bounds}
    return sentence % values if values else sentence


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:  # the body is no JSON
        return _faulty([{"where": "body", "what": _(FAULTS["json_invalid"])}])
    return Problem(OF_STATUS.get(error.status_code, "refused")).answer()


def _faulty(errors: list[dict[str, str]]) -> HttpResponse:
    return Problem("not_understood", errors=errors).answer()
