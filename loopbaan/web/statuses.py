"""Where an order stands, in words: for the worker who waits, and for the official who looks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from loopbaan.law.transitions import Act, Status, TalkAct, TalkStatus
from loopbaan.live.centre_statement import Paid
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
        _(
            "Uw loopbaancheque is klaar. Kies een loopbaancentrum en open uw cheque voor dat"
            " centrum."
        ),
    ),
    Status.LAPSED_UNSTARTED: Shown(
        _("Vervallen: niet op tijd gestart"),
        "stop",
        _("Uw cheque werd niet op tijd gestart. U krijgt uw geld terug en houdt uw recht."),
    ),
    Status.STARTED: Shown(
        _("Begeleiding gestart"),
        "good",
        _("Uw loopbaanbegeleiding loopt. U bevestigt elk gesprek."),
    ),
    Status.CLOSED: Shown(_("Afgesloten"), "done", _("Uw loopbaanbegeleiding is afgesloten.")),
    Status.CLOSED_EARLY: Shown(
        _("Vroeger afgesloten"),
        "done",
        _("Uw loopbaanbegeleiding is vroeger afgesloten; de rest van de uren vervalt."),
    ),
}
TALKS: dict[TalkStatus, Shown] = {
    TalkStatus.REGISTERED: Shown(
        _("Wacht op antwoord"), "act", _("Het centrum registreerde dit gesprek. Klopt het?")
    ),
    TalkStatus.DISPUTED: Shown(
        _("Betwist"),
        "wait",
        _("Dit gesprek wacht tot erover beslist is. Uw andere gesprekken gaan gewoon door."),
    ),
    TalkStatus.CONFIRMED: Shown(_("Bevestigd"), "good", _("Dit gesprek telt mee.")),
    TalkStatus.WITHDRAWN: Shown(
        _("Ingetrokken door het centrum"),
        "done",
        _("Dit gesprek telt niet mee: de minuten kwamen terug op de cheque."),
    ),
    TalkStatus.ANNULLED: Shown(
        _("Geschrapt"),
        "stop",
        _("Dit gesprek telt niet mee: de minuten kwamen terug op de cheque."),
    ),
}
TALK_ACTS: dict[str, Words] = {
    TalkAct.REGISTER: _("geregistreerd"),
    TalkAct.CONFIRM: _("bevestigd"),
    TalkAct.FALL_SILENT: _("bevestigd, zonder antwoord binnen de termijn"),
    TalkAct.DISPUTE: _("betwist"),
    TalkAct.WITHDRAW: _("ingetrokken"),
    TalkAct.UPHOLD: _("beslist: het gesprek telt"),
    TalkAct.CORRECT: _("verbeterd naar minder minuten"),
    TalkAct.ANNUL: _("geschrapt"),
}
BATCHES: dict[str, Shown] = {
    "made": Shown(_("Vrij te geven"), "act", _("Een collega moet deze uitbetaling nog vrijgeven.")),
    "cancelled": Shown(
        _("Geannuleerd"), "done", _("Deze uitbetaling gaat niet door. De vorderingen wachten weer.")
    ),
    "released": Shown(
        _("Vrijgegeven"),
        "good",
        _("Het bestand gaat naar de bank. De bank betaalt op de dag zelf."),
    ),
}
RECOVERIES: dict[str, Shown] = {
    "made": Shown(_("Vrij te geven"), "act", _("Een collega moet deze terugvordering vrijgeven.")),
    "cancelled": Shown(
        _("Geannuleerd"), "done", _("Wat het centrum moet terugbetalen, wordt weer verrekend.")
    ),
    "released": Shown(_("Gevraagd"), "wait", _("Het centrum kreeg het bedrag en de mededeling.")),
    "paid": Shown(_("Terugbetaald"), "good", _("Het centrum betaalde dit terug.")),
}
CALCULATIONS: dict[str, Shown] = {
    "waiting": Shown(_("Wacht"), "wait", _("Ze wordt gespeeld zodra ze aan de beurt is.")),
    "running": Shown(_("Wordt gespeeld"), "act", _("Stopt de machine, dan gaat ze daarna verder.")),
    "done": Shown(_("Klaar"), "good", _("Hieronder staat wat ervan komt.")),
    "cancelled": Shown(_("Geannuleerd"), "done", _("Deze doorrekening gaat niet door.")),
    "failed": Shown(_("Niet gelukt"), "stop", _("Deze doorrekening kon niet gespeeld worden.")),
}
LOOKS: dict[str, Words] = {
    "check": _("keek uw cheque na"),
    "track": _("bekeek uw begeleiding"),
    "plan": _("las uw plan"),
    "search": _("zocht u op"),
    "order": _("opende uw bestelling"),
    "talk": _("opende een gesprek van u"),
}
ATTEMPTS: dict[str, Words] = {
    "check": _("keek uw nummers na"),
    "ask": _("vroeg een code om uw cheque te openen"),
    "open": _("gaf een code in"),
    "start": _("startte uw cheque op, of probeerde dat"),
}
ENDINGS: dict[str, Words] = {"withdrawn": _("ingetrokken"), "stopped": _("zelf gestopt")}
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
# A talk, as its centre and its coach read it.
CENTRE_TALKS: dict[TalkStatus, Shown] = {
    TalkStatus.REGISTERED: Shown(
        _("Wacht op bevestiging"), "wait", _("De werkende heeft nog niet geantwoord.")
    ),
    TalkStatus.DISPUTED: Shown(
        _("Betwist"),
        "stop",
        _("De werkende zegt dat er iets niet klopt. Alleen dit gesprek wacht."),
    ),
    TalkStatus.CONFIRMED: Shown(_("Bevestigd"), "good", _("Dit gesprek telt.")),
    TalkStatus.WITHDRAWN: Shown(
        _("Ingetrokken"), "done", _("Het centrum trok dit gesprek in. De minuten zijn terug.")
    ),
    TalkStatus.ANNULLED: Shown(
        _("Telt niet mee"), "done", _("Dit gesprek telt niet mee. De minuten zijn terug.")
    ),
}
# How far the payment of a claim is, in a word; its sentence stands in live/centre_statement.
PAID: dict[Paid, Shown] = {
    Paid.PAID: Shown(_("Betaald"), "good", ""),
    Paid.AT_THE_BANK: Shown(_("Bij de bank"), "good", ""),
    Paid.TO_RELEASE: Shown(_("Klaar om te betalen"), "wait", ""),
    Paid.DUE: Shown(_("Op komst"), "wait", ""),
    Paid.OVERDUE: Shown(_("Te laat"), "stop", ""),
    Paid.HELD: Shown(_("Ingehouden"), "stop", ""),
    Paid.ACCOUNT_REFUSED: Shown(_("Rekening geweigerd"), "act", ""),
    Paid.SET_OFF: Shown(_("Wordt verrekend"), "stop", ""),
    Paid.RECOVERY_LATE: Shown(_("Wacht op uw terugbetaling"), "act", ""),
    Paid.ASKED_BACK: Shown(_("Teruggevraagd"), "act", ""),
    Paid.RECOVERED: Shown(_("Terugbetaald"), "good", ""),
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
    "stray": _("ging uit zonder onze opdracht, of een tweede keer"),
    "stray_seen": _("ging uit zonder onze opdracht: nagekeken"),
    "stray_back": _("ging uit zonder onze opdracht: kwam terug"),
    "lapsed": _("cheque niet op tijd gestart"),
    "payout_back": _("betaling aan een centrum kwam terug"),
    "recovered": _("terugbetaald door een centrum"),
    "recovered_part": _("deel van een terugvordering"),
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
    "opened_for": _("cheque geopend voor een centrum"),
    "opening_code": _("code om een cheque te openen"),
    "voucher_started": _("begeleiding gestart"),
    "voucher_closed": _("cheque afgesloten"),
    "track_early": _("vroeger afsluiten gevraagd"),
    "track_moved": _("cheque verplaatst"),
    "talk_registered": _("gesprek geregistreerd"),
    "talk_reminder": _("herinnering om een gesprek te bevestigen"),
    "talk_withdrawn": _("gesprek ingetrokken"),
    "talk_answered": _("antwoord van een werkende genoteerd"),
    "talk_settled": _("beslist over een gesprek"),
    "talk_decided": _("beslist over een gesprek, aan het centrum"),
    "talk_disputed": _("gesprek betwist"),
    "talk_corrected": _("gesprek verbeterd"),
    "talk_shortened": _("gesprek verbeterd, aan de werkende"),
    "payout_send": _("uitbetaling naar de bank"),
    "hold_placed": _("betaling ingehouden"),
    "hold_lifted": _("inhouding opgeheven"),
    "recovery_asked": _("geld teruggevraagd van een centrum"),
    "recovery_cancelled": _("terugvordering geannuleerd"),
}


def who(journal_name: str) -> Any:
    """Return who did something, from the name that the journal keeps."""
    if journal_name.startswith("worker:"):
        return _("de werkende")
    if journal_name.startswith(("member:", "token:")):
        return _("het centrum")
    return OFFICIALS.get(journal_name.removeprefix("official:"), _("het systeem"))


def status_of(order: Order) -> Status:
    """Return where an order stands; without a standing it was only received."""
    standing = getattr(order, "standing", None)
    return Status(standing.status) if standing else Status.RECEIVED
