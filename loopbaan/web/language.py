"""The language of a page: Dutch, or what the reader chose with the switch; never a guess."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from loopbaan.law.wording import LANGS, Lang

Answer = Callable[[HttpRequest], HttpResponse]


def middleware(get_response: Answer) -> Answer:
    """Answer in the language of the cookie.

    What a browser says it prefers is left aside: the scheme speaks Dutch, and a page that changes
    its language by itself confuses more people than it helps.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in LANGS else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", lang())
        patch_vary_headers(response, ("Cookie",))
        return response

    return answer


def lang() -> Lang:
    """Return the language of the page that is being made, as the law names it."""
    return "en" if translation.get_language() == "en" else "nl"
