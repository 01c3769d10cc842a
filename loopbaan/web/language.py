"""The language of a page: Dutch, or what the reader chose with the switch; never a guess."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from loopbaan.law.wording import LANGS, Lang
from loopbaan.web.api.problems import is_asked

Answer = Callable[[HttpRequest], HttpResponse]


def middleware(get_response: Answer) -> Answer:
    """Answer in the language of the cookie; to software, in the one that it asks.

    What a browser says it prefers is left aside: the scheme speaks Dutch, and a page that changes
    its language by itself confuses more people than it helps.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = _asked(request) if is_asked(request) else _kept(request)
        with translation.override(chosen if chosen in LANGS else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", lang())
        patch_vary_headers(response, ("Accept-Language" if is_asked(request) else "Cookie",))
        return response

    return answer


def _kept(request: HttpRequest) -> str:
    return str(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def _asked(request: HttpRequest) -> str:
    told = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower())
    words = (code.partition("-")[0] for code, _ in told)
    return next((word for word in words if word in LANGS), "")


def lang() -> Lang:
    """Return the language of the page that is being made, as the law names it."""
    return "en" if translation.get_language() == "en" else "nl"
