"""Pages that say what this is, and the switch of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.wording import LANGS
from loopbaan.web import clock
from loopbaan.web.access import for_everyone

YEAR_SECONDS = 365 * 24 * 3_600


@for_everyone
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Say what a career voucher is, and where to begin."""
    policy = rulebooks.current().on(clock.today())
    return render(request, "public/home.html", {"policy": policy})


@for_everyone
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which data are used, by whom, and for how long."""
    return render(request, "public/privacy.html")


@for_everyone
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible these pages are, and whom to tell when they are not."""
    return render(request, "public/accessibility.html")


@for_everyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember a language in a cookie, and go back to the page."""
    response = HttpResponseRedirect(inside(request.POST.get("naar", ""), reverse("home")))
    chosen = request.POST.get("taal", "")
    if chosen in LANGS:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR_SECONDS,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


def inside(address: str, otherwise: str) -> str:
    """Return an address if it is one of ours, without a host."""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours and address.startswith("/") else otherwise
