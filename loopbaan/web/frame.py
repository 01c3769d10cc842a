"""What stands around every page: who is logged in, where one can go, and the day of a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from loopbaan.web import clock
from loopbaan.web.access import AUTHORITY, WORKER, actor_of
from loopbaan.web.language import lang


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context that every template shares."""
    actor = actor_of(request)
    here = request.resolver_match.url_name if request.resolver_match else ""
    is_demo = settings.CLOCK_OFFSET_SECONDS != 0
    return {
        "actor": actor,
        "lang": lang(),
        "sandbox": settings.SANDBOX,
        "demo_day": clock.today() if is_demo else None,
        "places": _places(actor.role if actor else "", here or ""),
    }


def _places(role: str, here: str) -> list[tuple[str, str, bool]]:
    """Return where the menu leads: the name of a page, its label, and whether one is there."""
    labels = {
        "check": _("Mag ik bestellen?"),
        "conditions": _("Wie mag"),
        "numbers": _("De cijfers"),
    }
    if role == WORKER:
        labels = {"mine": _("Mijn pagina"), "order_new": _("Bestellen")} | labels
    if role == AUTHORITY:
        labels = {
            "figures": _("Vandaag"),
            "orders": _("Bestellingen"),
            "payments": _("Betalingen"),
            "refunds": _("Terugbetalingen"),
            "outbox": _("Berichten"),
            "numbers": _("De cijfers"),
        }
    return [(name, label, name == here) for name, label in labels.items()]
