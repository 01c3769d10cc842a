"""How the installation is, for the program that watches over it: a word, and nothing of anybody."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loopbaan.live.ready import is_current
from loopbaan.web.access import for_everyone


@for_everyone
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers, whatever it needs."""
    return _said("ok", 200)


@for_everyone
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether this process can do its work: the database answers and has today's tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_ready = is_current()
    except (DatabaseError, InterfaceError):
        is_ready = False
    return _said("ready", 200) if is_ready else _said("not ready", 503)


def _said(word: str, status: int) -> HttpResponse:
    answer = HttpResponse(f"{word}\n", status=status, content_type="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
