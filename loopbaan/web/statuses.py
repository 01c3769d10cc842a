"""Where an order stands, in words: for the worker who waits, and for the official who looks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from loopbaan.law.transitions import Act, Status
from loopbaan.live.models import Order
from loopbaan.web.access import OFFICIALS

Words = Any  # a text that is translated when it is shown


@dataclass(frozen=True)
class Shown:
    """A status as it is shown: a label, a tone for its colour, and what it means for the worker."""

    label: Words
    tone: str
    meaning: Words


STATUSES: dict[Status, Shown] = {
    Status.RECEIVED: Shown(
        _("Ontvangen"),
        "wait",
        _("We hebben uw bestelling en kijken uw gegevens na. Meestal duurt dat enkele seconden."),
    ),
    Status.REFUSED: Shown(
        _("Geweigerd"),
        "stop",
        _("U kunt nu geen loopbaancheque bestellen. Hieronder leest u waarom en wat u kunt doen."),
    ),
    Status.WAITING: Shown(
        _("Wacht op een plaats"),
        "wait",
        _("U mag bestellen, maar er is nog geen plaats. We laten het weten als er een is."),
    ),
    Status.LOST: Shown(
        _("Geen plaats meer"),
        "stop",
        _("U mag een loopbaancheque bestellen, maar de cheques van deze maand zijn op."),
    ),
    Status.WITHDRAWN: Shown(
        _("Ingetrokken"), "done", _("U trok deze bestelling in. U kunt opnieuw bestellen.")
    ),
    Status.GRANTED: Shown(
        _("Te betalen"), "act", _("U krijgt een loopbaancheque zodra uw betaling er is.")
    ),
    Status.LAPSED: Shown(
        _("Vervallen: niet op tijd betaald"),
        "stop",
        _("Uw betaling kwam niet op tijd. U kunt opnieuw bestellen."),
    ),
    Status.ISSUED: Shown(
        _("Cheque klaar"),
        "good",
        _("Uw loopbaancheque is klaar. Kies een loopbaancentrum en maak een afspraak."),
    ),
    Status.LAPSED_UNSTARTED: Shown(
        _("Vervallen: niet op tijd gestart"),
        "stop",
        _("Uw cheque werd niet op tijd gestart. U krijgt uw geld terug en houdt uw recht."),
    ),
    Status.STARTED: Shown(_("Begeleiding gestart"), "good", _("Uw loopbaanbegeleiding loopt.")),
    Status.CLOSED: Shown(_("Afgesloten"), "done", _("Uw loopbaanbegeleiding is afgesloten.")),
    Status.CLOSED_EARLY: Shown(
        _("Vroeger afgesloten"),
        "done",
        _("Uw loopbaanbegeleiding is vroeger afgesloten; de rest van de uren vervalt."),
    ),
}
ACTS: dict[Act, Words] = {
    Act.RECEIVE: _("bestelling ontvangen"),
    Act.DECIDE: _("beslist"),
    Act.WITHDRAW: _("ingetrokken"),
    Act.CONTEST: _("weigering betwist"),
    Act.PAY: _("betaald"),
    Act.LAPSE: _("vervallen"),
    Act.START: _("begeleiding gestart"),
    Act.MOVE: _("verplaatst"),
    Act.CLOSE: _("afgesloten"),
    Act.CLOSE_EARLY: _("vroeger afgesloten"),
}
CHANNELS: dict[str, Words] = {"web": _("web"), "phone": _("telefoon"), "paper": _("papier")}
MATCHES: dict[str, Words] = {
    "exact": _("toegewezen"),
    "late": _("te laat, of de bestelling loopt niet meer"),
    "double": _("een tweede keer betaald"),
    "too_little": _("te weinig betaald"),
    "too_much": _("te veel betaald"),
    "unknown": _("mededeling niet herkend"),
    "returned": _("terugbetaling kwam terug"),
    "settled": _("terugbetaling uitgevoerd"),
    "outgoing": _("uitgaand, niet herkend"),
    "lapsed": _("cheque niet op tijd gestart"),
}
NOTICES: dict[str, Words] = {
    "order_refused": _("weigering"),
    "order_lost": _("geen plaats meer"),
    "order_granted": _("betaalverzoek"),
    "order_waiting": _("wacht op een plaats"),
    "payment_reminder": _("herinnering om te betalen"),
    "voucher_issued": _("cheque"),
    "start_reminder": _("herinnering om te starten"),
    "order_lapsed": _("bestelling vervallen"),
    "voucher_lapsed": _("cheque vervallen"),
    "voucher_resend": _("cheque opnieuw gestuurd"),
}


def who(journal_name: str) -> Any:
    """Return who did something, from the name that the journal keeps."""
    if journal_name.startswith("worker:"):
        return _("de werkende")
    return OFFICIALS.get(journal_name.removeprefix("official:"), _("het systeem"))


def status_of(order: Order) -> Status:
    """Return where an order stands; without a standing it was only received."""
    standing = getattr(order, "standing", None)
    return Status(standing.status) if standing else Status.RECEIVED
