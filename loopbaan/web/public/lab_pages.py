"""The pages of the laboratory that were made of whole runs, served as the files that they are."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from loopbaan.web.access import for_everyone
from loopbaan.web.language import lang

# Pages that were made of whole runs and are kept in the state folder: name, what it is.
PAGES = {
    "verslag": gettext_lazy("Het verslag: duizend cheques per maand, geen maatregel, of loting"),
    "zeven-en-een-halve-minuut": gettext_lazy("Zeven en een halve minuut: 1 april 2025 opnieuw"),
}


def made() -> list[tuple[str, Any]]:
    """Return the pages that were made, in the language of the reader."""
    return [(name, label) for name, label in PAGES.items() if _file(name).exists()]


@for_everyone
@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Return a page that was made of whole runs; what it may do is what it brings itself."""
    if name not in PAGES or not _file(name).exists():
        raise Http404
    text = _file(name).read_text("utf-8")
    response = HttpResponse(text)
    response.headers["Content-Security-Policy"] = _policy_of(text)
    return response


def _file(name: str) -> Path:
    return Path(settings.STATE) / "lab" / "pages" / f"{name}.{lang()}.html"


def _policy_of(text: str) -> str:
    """Return a policy under which only the styles and scripts that stand in a page work."""
    directives = {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'"}
    directives |= {"form-action": "'none'", "frame-ancestors": "'none'"}
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        hashes = [hashlib.sha256(each.encode()).digest() for each in found]
        words = [f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes]
        directives[directive] = " ".join(words) or "'none'"
    return "; ".join(f"{name} {value}" for name, value in directives.items())
