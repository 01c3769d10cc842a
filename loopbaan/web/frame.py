"""What stands around every page: who is logged in, where one can go, and the day of a demo."""

from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from loopbaan.live.models import Member
from loopbaan.live.models.recognition import TASKS
from loopbaan.web import clock
from loopbaan.web.access import AUTHORITY, MEMBER, WORKER, actor_of, member_of
from loopbaan.web.language import lang
from loopbaan.web.readable import page_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context that every template shares."""
    actor = actor_of(request)
    here = request.resolver_match.url_name if request.resolver_match else ""
    role, member = actor.role if actor else "", _member(request)
    is_demo = settings.CLOCK_OFFSET_SECONDS != 0
    return {
        "actor": actor,
        "lang": lang(),
        "sandbox": settings.SANDBOX,
        "phone": settings.CONTACT_PHONE,
        "email": settings.CONTACT_EMAIL,
        "demo_day": clock.today() if is_demo else None,
        "own_page": _own_page(role, member),
        "places": _places(role, member, here or ""),
        "readable": page_of(request),
    }


def _member(request: HttpRequest) -> Member | None:
    """Return who of a centre is logged in; nobody while the database is away, for that is said."""
    try:
        return member_of(request)
    except (OperationalError, InterfaceError):
        return None


def _own_page(role: str, member: Member | None) -> str:
    """Return the name of the page on which somebody begins."""
    if role == MEMBER and member is not None and not member.tasks:
        return "coach" if member.coach_id is not None else "home"
    if role == MEMBER:
        return "centre"
    return {WORKER: "mine", AUTHORITY: "figures"}.get(role, "home")


def _places(role: str, member: Member | None, here: str) -> list[tuple[str, str, bool]]:
    """Return where the menu leads: the name of a page, its label, and whether one is there."""
    labels = {
        "check": _("Mag ik bestellen?"),
        "find_centre": _("Vind een centrum"),
        "conditions": _("Wie mag"),
        "numbers": _("De cijfers"),
        "lab": _("Labo"),
    }
    if role == WORKER:
        # The rest of what everyone reads stands at the foot of the page.
        own = {"mine": _("Mijn pagina"), "order_new": _("Bestellen")}
        labels = own | {name: labels[name] for name in ("find_centre", "check")}
    if role == AUTHORITY:
        labels = {
            "figures": _("Vandaag"),
            "orders": _("Bestellingen"),
            "payments": _("Betalingen"),
            "refunds": _("Terugbetalingen"),
            "authority_centres": _("Centra"),
            "payouts": _("Uitbetalingen"),
            "disputes": _("Betwistingen"),
            "search": _("Opzoeken"),
            "outbox": _("Berichten"),
            "calculations": _("Labo"),
        }
    if role == MEMBER and member is not None:
        labels = _of_member(member)
    return [(name, label, name == here) for name, label in labels.items()]


def _of_member(member: Member) -> dict[str, str]:
    """Return where somebody of a centre can go: what her tasks allow, and her talks if she guides.

    What she may not do is no place in the menu; who comes there all the same reads why not.
    """
    pages: dict[str, tuple[Any, set[str]]] = {
        "centre": (_("Vandaag"), set(TASKS)),
        "centre_check": (_("Cheque nakijken"), {"check", "start"}),
        "centre_tracks": (_("Trajecten"), {"start", "talk", "close"}),
        "centre_talks": (_("Gesprekken"), {"start", "talk", "close"}),
        "centre_plans": (_("Plannen"), {"talk", "close"}),
        "centre_claims": (_("Vorderingen"), {"claim", "statement"}),
        "centre_statement": (_("Afrekening"), {"statement"}),
        "centre_members": (_("Medewerkers"), {"members"}),
        "centre_data": (_("Gegevens"), {"data"}),
    }
    found = {name: label for name, (label, tasks) in pages.items() if tasks & set(member.tasks)}
    if member.coach_id is not None:
        found |= {
            "coach": _("Mijn gesprekken"),
            "coach_clients": _("Mijn klanten"),
            "coach_claims": _("Wat gevorderd is"),
        }
    return found
