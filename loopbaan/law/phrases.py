"""The turns of phrase in which an explanation is told, in Dutch and in English."""

from loopbaan.law.career import Note
from loopbaan.law.wording import Lang

PLACES: dict[Lang, tuple[str, ...]] = {
    "nl": (
        "Vlaanderen",
        "Brussel",
        "Wallonië",
        "een ander land van de Europese Economische Ruimte",
        "een land buiten de Europese Economische Ruimte",
    ),
    "en": (
        "Flanders",
        "Brussels",
        "Wallonia",
        "another country of the European Economic Area",
        "a country outside the European Economic Area",
    ),
}
ACTIVITIES: dict[Lang, tuple[str, ...]] = {
    "nl": ("als werknemer", "als zelfstandige", "als uitzendkracht", "niet"),
    "en": ("as an employee", "as self-employed", "through an agency", "not"),
}
MOVED: dict[Lang, str] = {
    "nl": " (verhuisd uit een ander land van de Europese Economische Ruimte)",
    "en": " (moved from another country of the European Economic Area)",
}
AND: dict[Lang, str] = {"nl": " en ", "en": " and "}
UNITS: dict[Lang, dict[str, tuple[str, str]]] = {
    "nl": {"days": ("dag", "dagen"), "months": ("maand", "maanden")},
    "en": {"days": ("day", "days"), "months": ("month", "months")},
}
EASED: dict[Lang, str] = {
    "nl": ", omdat u {has} weken ononderbroken uitzendwerk deed (minstens {weeks})",
    "en": ", as you did {has} unbroken weeks of agency work (at least {weeks})",
}
NOT_EASED: dict[Lang, str] = {
    "nl": " (of {least}, met {weeks} ononderbroken weken uitzendwerk; u hebt er {has})",
    "en": " (or {least}, with {weeks} unbroken weeks of agency work; you have {has})",
}
WHICH: dict[Lang, tuple[str, str]] = {
    "nl": ("die cheque", "een van die cheques"),
    "en": ("that voucher", "one of those vouchers"),
}
YES: dict[Lang, str] = {
    "nl": "Ja, op {day} mag u een {rank}loopbaancheque bestellen: {hours} begeleiding voor"
    " {share}.",
    "en": "Yes, on {day} you may order a {rank}career voucher: {hours} of guidance for {share}.",
}
NO: dict[Lang, str] = {
    "nl": "Nee, op {day} kunt u geen loopbaancheque bestellen.",
    "en": "No, on {day} you cannot order a career voucher.",
}
WHEN: dict[Lang, str] = {
    "nl": "Volgens de regels die nu bekend zijn, wordt het antwoord ja op {first}.",
    "en": "Under the rules known now the answer becomes yes on {first}.",
}
WHEN_WORKING: dict[Lang, str] = {
    "nl": "Volgens de regels die nu bekend zijn, wordt het antwoord ja op {first}, als u tot dan"
    " blijft werken.",
    "en": "Under the rules known now the answer becomes yes on {first}, if you keep working until"
    " then.",
}
NOT_BY_TIME: dict[Lang, str] = {
    "nl": "Wachten alleen volstaat niet: er moet eerst iets veranderen.",
    "en": "Waiting alone is not enough: something has to change first.",
}
NOT_SOON: dict[Lang, str] = {
    "nl": "Volgens de regels die nu bekend zijn, wordt het antwoord de volgende tien jaar geen ja.",
    "en": "Under the rules known now the answer does not become yes in the next ten years.",
}
CAP: dict[Lang, str] = {
    "nl": "Er zijn die maand hoogstens {cap} cheques voor heel Vlaanderen: of er voor u een plaats"
    " is, wordt apart beslist.",
    "en": "There are at most {cap} vouchers that month for all of Flanders: whether there is a"
    " place for you is decided apart.",
}
TERMS: dict[Lang, str] = {
    "nl": "Na het betaalverzoek hebt u {pay} dagen om te betalen; na de uitgifte van de cheque hebt"
    " u {start} maanden om te starten.",
    "en": "After the payment request you have {pay} days to pay; after the voucher is issued you"
    " have {start} months to start.",
}
NO_END: dict[Lang, str] = {"nl": "loopt door", "en": "runs on"}
WHY: dict[Lang, dict[Note, str]] = {
    "nl": {
        Note.NOT_YET: "telt niet, want de periode begint pas op of na de besteldag.",
        Note.NO_CERTIFICATE: "telt niet, want er is geen attest van de werkgever.",
        Note.KIND: "telt niet als werk.",
        Note.DOUBTFUL: "telt mee, al zegt geen enkele tekst dat uitdrukkelijk.",
    },
    "en": {
        Note.NOT_YET: "does not count, as it begins on or after the day of the order.",
        Note.NO_CERTIFICATE: "does not count, as there is no certificate of the employer.",
        Note.KIND: "does not count as work.",
        Note.DOUBTFUL: "counts, though no text says so explicitly.",
    },
}
CERTIFICATE: dict[Lang, str] = {
    "nl": "Een attest voor het werk in het buitenland levert {days} extra op",
    "en": "A certificate for the work abroad would add {days}",
}
CERTIFICATE_FIRST: dict[Lang, str] = {
    "nl": ", en dan wordt het antwoord ja op {first}",
    "en": ", and then the answer becomes yes on {first}",
}
