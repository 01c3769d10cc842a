"""The facts that were kept with a decision, as a person reads them, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from loopbaan.law import phrases
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES
from loopbaan.law.wording import days_text, number_text
from loopbaan.web.language import lang


@dataclass(frozen=True)
class Fact:
    """One fact: what it is called, what it says, and who said it."""

    name: str
    value: str
    whose: str


def facts_used(kept: Mapping[str, Any]) -> list[Fact]:
    """Return the facts of a decision in plain words."""
    who_lives = _("het Rijksregister")
    who_works = _("de registers van de sociale zekerheid")
    ours = _("onze eigen gegevens")
    started = [date.fromisoformat(day) for day in kept["vouchers_started_on"]]
    facts = [
        Fact(_("Woonplaats"), _place(kept["lives_in"]), who_lives),
        Fact(_("Werkplaats"), _work(kept["works_in"]), who_works),
        Fact(_("Werk op de dag van de bestelling"), _activity(kept["activity"]), who_works),
        Fact(_("Gewerkte dagen"), number_text(kept["experience_days"], lang()), who_works),
        Fact(_("Gestarte cheques"), days_text(started, lang()) if started else _("geen"), ours),
        Fact(_("Andere bestelling of ongebruikte cheque"), _yes_no(kept["open_order"]), ours),
        Fact(_("Begeleiding in het Nederlands"), _yes_no(kept["in_dutch"]), _("de bestelling")),
    ]
    if started:
        closed = Fact(_("Laatste cheque afgesloten"), _yes_no(kept["last_voucher_closed"]), ours)
        facts.insert(5, closed)
    return facts


def _place(home: str) -> str:
    words = phrases.PLACES[lang()][HOMES.index(home)]
    return words[0].upper() + words[1:]


def _work(place: str) -> str:
    return _("Geen werkplaats") if place == WORKPLACES[-1] else _place(place)


def _activity(activity: str) -> str:
    if activity == ACTIVITIES[-1]:
        return _("Geen werk")
    words = phrases.ACTIVITIES[lang()][ACTIVITIES.index(activity)]
    return words[0].upper() + words[1:]


def _yes_no(value: bool) -> str:
    return _("Ja") if value else _("Nee")
