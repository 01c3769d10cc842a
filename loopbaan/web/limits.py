"""How much may be sent, and how often: looked at before a body is read."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from loopbaan.web import faults
from loopbaan.web.access import View

FORM_BYTES = 64 * 1_024
# What is too large is read and thrown away up to here, so that a browser shows the answer.
DRAINED_BYTES = 64 * 1_024 * 1_024
CHUNK = 64 * 1_024
WINDOW_SECONDS = 60
MOST_ADDRESSES = 10_000
LONGEST_ADDRESS = 45  # of IPv6, with one of IPv4 in it


def at_most_bytes(most: int) -> Callable[[View], View]:
    """Let a view take more than a form."""

    def mark(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def at_most_a_minute(most: int) -> Callable[[View], View]:
    """Let one address post to a view so often in a minute, in each process of the web server."""

    def mark(view: View) -> View:
        view.most_a_minute = most  # type: ignore[attr-defined]
        return view

    return mark


class Middleware:
    """Refuses what is too large or too often, with a sentence.

    It keeps addresses in memory for a minute and writes them nowhere. What holds a real flood off
    is the proxy before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.window = 0
        self.posts: Counter[tuple[str, str]] = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer instead of the view where a limit is passed."""
        if request.method != "POST":
            return None
        most = getattr(view, "most_bytes", FORM_BYTES)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            _drain(request)
            sentence = _("Wat u verstuurde is te groot: hoogstens %(most)s kB wordt aanvaard.")
            return faults.answer(request, 413, sentence % {"most": most // 1_024})
        often = getattr(view, "most_a_minute", None)
        if often is not None and self._count(request) > often:
            sentence = _("U doet dit te vaak na elkaar. Wacht een minuut en probeer opnieuw.")
            return faults.answer(request, 429, sentence)
        return None

    def _count(self, request: HttpRequest) -> int:
        window = int(time.monotonic()) // WINDOW_SECONDS
        if window != self.window or len(self.posts) >= MOST_ADDRESSES:
            self.window, self.posts = window, Counter()
        key = (address_of(request), request.path)
        self.posts[key] += 1
        return self.posts[key]


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, as the first of our own proxies saw it.

    Each of them adds one address at the end; what stands before those, anybody can have written.
    """
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    if settings.PROXIES and len(seen) >= settings.PROXIES:
        return seen[-settings.PROXIES].strip()[:LONGEST_ADDRESS]
    return str(request.META.get("REMOTE_ADDR", ""))


def _drain(request: HttpRequest) -> None:
    left = DRAINED_BYTES
    while left > 0 and (read := request.read(CHUNK)):
        left -= len(read)
