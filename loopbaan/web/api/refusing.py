"""Turns what an operation refuses into a problem with the law's codes."""

import math
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from loopbaan.live.answering import OtherAct
from loopbaan.live.guidance import Objected
from loopbaan.live.moving import Refused
from loopbaan.live.opening import NotYours, TooManyGuesses
from loopbaan.web import clock
from loopbaan.web.api.problems import OF_STATUS, Problem, made
from loopbaan.web.faults import sentence_of

MOST_ERRORS, LONGEST = 20, 200


def handle(api: NinjaAPI) -> None:
    """Let an API answer with problems, whatever is raised."""

    def on(kind: type[Exception], answer: Callable[[HttpRequest, Any], HttpResponse]) -> None:
        api.add_exception_handler(kind, answer)

    on(Problem, lambda _request, error: error.answer())
    on(OtherAct, lambda _request, _error: Problem("key_used_before").answer())
    on(TooManyGuesses, _wait)
    on(NotYours, lambda _request, error: made(409, [(error.against.value, sentence_of(error))]))
    on(Objected, _objected)
    on(Refused, lambda _request, error: made(409, [("refused", sentence_of(error))]))
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
            "what": str(each.get("msg", ""))[:LONGEST],
        }
        for each in error.errors[:MOST_ERRORS]
    ]
    return _faulty(errors)


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:  # the body is no JSON
        return _faulty([{"where": "body", "what": "no JSON"}])
    return Problem(OF_STATUS.get(error.status_code, "refused")).answer()


def _faulty(errors: list[dict[str, str]]) -> HttpResponse:
    return Problem("not_understood", errors=errors).answer()
