"""What a person sees when something cannot be done: a page with a sentence and a way on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loopbaan.adapters.registers import RegisterDown
from loopbaan.adapters.unusable import Unusable
from loopbaan.live.moving import Refused
from loopbaan.web.access import for_everyone
from loopbaan.web.api import problems
from loopbaan.web.language import lang

log = logging.getLogger("loopbaan.web")


class Middleware:
    """Turns what an operation refuses, and what does not answer, into a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not problems.is_asked(request):
            return _not_this_way(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer with the sentence of a refusal; leave a defect of ours to be one."""
        if isinstance(error, Refused | Unusable):
            return answer(request, 409, sentence_of(error))
        if isinstance(error, RegisterDown):
            log.warning("registers do not answer: %s", request.path)
            sentence = _(
                "De registers antwoorden nu niet. Probeer het over enkele minuten opnieuw."
            )
            return answer(request, 503, sentence)
        if isinstance(error, OperationalError | InterfaceError):
            log.warning("database does not answer: %s", request.path)
            sentence = _("Dit werkt nu even niet. Probeer het over een minuut opnieuw.")
            return answer(request, 503, sentence)
        return None


@contextmanager
def unless(is_so: Callable[[], bool]) -> Iterator[None]:
    """Let a refusal pass where what is asked is so already: the form was sent twice."""
    try:
        yield
    except Refused:
        if not is_so():
            raise


def sentence_of(error: Refused | Unusable) -> str:
    """Return what a refusal says, in the language of the page."""
    if isinstance(error, Unusable):
        return error.sentence(lang())
    return error.filled(_(error.sentence), lang())


def answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return a page that says what could not be done; for software, a problem."""
    if problems.is_asked(request):
        return problems.of_status(status)
    titles = {
        409: _("Dat kan nu niet"),
        413: _("Dat is te groot"),
        429: _("Even wachten"),
        503: _("Even niet bereikbaar"),
    }
    context = {"title": titles[status], "sentence": sentence, "leads_back": True}
    response = render(request, "fault.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _not_this_way(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """Answer who looks at an address to which something is only sent, or the other way round."""
    context = {
        "title": _("Dit is geen pagina om te lezen"),
        "sentence": _("Op dit adres wordt alleen iets verstuurd. Begin op de pagina zelf."),
        "leads_back": True,
    }
    response = render(request, "fault.html", context, status=405)
    for name in ("Allow", "Cache-Control"):
        response.headers[name] = refused.headers[name]
    return response


@for_everyone
def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what no browser sends by itself."""
    if problems.is_asked(request):
        return problems.Problem("not_understood").answer()
    context = {
        "title": _("Dat konden we niet lezen"),
        "sentence": _("Ga terug, laad de pagina opnieuw en verstuur het formulier nog eens."),
        "leads_back": True,
    }
    return render(request, "fault.html", context, status=400)


@for_everyone
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where nothing is."""
    if problems.is_asked(request):
        return problems.of_status(404)
    context = {
        "title": _("Deze pagina is er niet"),
        "sentence": _("Misschien is het adres fout getypt, of is de pagina niet van u."),
    }
    return render(request, "fault.html", context, status=404)


@for_everyone
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where somebody may not come, with the reason if there is one."""
    other = _("U bent aangemeld in een andere rol. Meld u af om van rol te veranderen.")
    context = {
        "title": _("Deze pagina is niet voor u"),
        "sentence": _(str(exception)) if str(exception) else other,
    }
    return render(request, "fault.html", context, status=403)


@for_everyone
def broken(request: HttpRequest) -> HttpResponse:
    """Answer when we made a mistake."""
    if problems.is_asked(request):
        return problems.of_status(500)
    context = {
        "title": _("Er liep iets mis bij ons"),
        "sentence": _("De fout is genoteerd. Wat u al verstuurd had en bevestigd zag, is bewaard."),
    }
    return render(request, "fault.html", context, status=500)


@for_everyone
def csrf_failed(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """Answer where a form does not come from our page, or from one that stood open too long."""
    context = {
        "title": _("Dit formulier is verlopen"),
        "sentence": _("Ga terug, laad de pagina opnieuw en verstuur het formulier nog eens."),
        "leads_back": True,
    }
    return render(request, "fault.html", context, status=403)
