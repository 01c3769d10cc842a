"""What the law says to a worker: for each condition Dutch and English sentences, in plain words.

Each part is one sentence: `met` where the condition holds; else `against` (what was decided, on
which fact), `change` (the day on which time alone lifts it, or `stays` where it does not) and
`step` (what the worker can do this week; `before` an order, where that differs: there is nothing to
contest yet). The names in braces are filled in by `explanation.py`.
"""

from typing import NamedTuple

from loopbaan.law.refusals import Refusal
from loopbaan.law.wording import Lang


class Condition(NamedTuple):
    """One condition in words. `numbers` are the numbers of the law that it rests on."""

    refusal: Refusal
    numbers: tuple[str, ...]
    words: dict[Lang, "Words"]


class Words(NamedTuple):
    """The parts of what is said, in one language."""

    title: str
    met: str
    against: str
    change: str
    stays: str
    step: str
    before: str = ""


_CONTEST_NL = "betwist dit dan ten laatste op {contest_by}"
_CONTEST_EN = "contest this by {contest_by}"

# What is said where time helps only because the rules change in between.
LATER: dict[Lang, str] = {
    "nl": "De regels veranderen op {changes}, en volgens de nieuwe kan het weer vanaf {first}.",
    "en": "The rules change on {changes}, and under the new ones it is possible from {first}.",
}
LATER_WORKING: dict[Lang, str] = {
    "nl": "De regels veranderen op {changes}; als u blijft werken, hebt u volgens de nieuwe genoeg"
    " op {first}.",
    "en": "The rules change on {changes}; if you keep working, you will have enough under the new"
    " ones on {first}.",
}

RESIDENCE = Condition(
    Refusal.RESIDENCE,
    ("residence_rule",),
    {
        "nl": Words(
            "Wonen en werken",
            "U woont in {home}{and_work}.",
            "U woont in {home} en {work}, en dat geeft samen geen recht op een loopbaancheque.",
            "",
            "Dit is in orde als u in Vlaanderen of Brussel woont, of daar werkt en in een"
            " ander land van de Europese Economische Ruimte woont of van daar naar Wallonië"
            " verhuisde.",
            "Klopt uw adres, uw verhuis of uw werkplaats niet, " + _CONTEST_NL + " met een bewijs.",
            "Bij een bestelling telt wat de registers over uw adres en uw werkplaats zeggen: laat"
            " een fout daarin deze week al verbeteren.",
        ),
        "en": Words(
            "Home and work",
            "You live in {home}{and_work}.",
            "You live in {home} and {work}, and together that gives no right to a career voucher.",
            "",
            "This is in order if you live in Flanders or Brussels, or work there and live in"
            " another country of the European Economic Area or moved from there to Wallonia.",
            "If your address, your move or your place of work is wrong, "
            + _CONTEST_EN
            + " and send proof.",
            "For an order, what the registers say of your address and place of work counts: have a"
            " mistake in them corrected this week.",
        ),
    },
)
ACTIVITY = Condition(
    Refusal.ACTIVITY,
    ("activity_rule",),
    {
        "nl": Words(
            "Werk op de besteldag",
            "U werkt {activity}.",
            "Op {ordered_on} had u geen werk, en wie bestelt, moet die dag aan het werk zijn.",
            "",
            "Dit is in orde zodra u weer werkt: als werknemer, zelfstandige of uitzendkracht.",
            "Had u die dag toch een contract, ook als u ziek of met verlof was, "
            + _CONTEST_NL
            + " met een loonbrief of uw contract.",
            "Hebt u die dag toch een contract, ook als u ziek of met verlof bent, antwoord dan dat"
            " u werkt.",
        ),
        "en": Words(
            "Work on the day of the order",
            "You work {activity}.",
            "On {ordered_on} you had no work, and anyone who orders must be at work that day.",
            "",
            "This is in order once you work again: employed, self-employed or for an agency.",
            "If you did have a contract that day, even when ill or on leave, "
            + _CONTEST_EN
            + " with a payslip or your contract.",
            "If you do have a contract that day, even when ill or on leave, answer that you work.",
        ),
    },
)
_PROOF_NL = (
    "Ontbreekt er werk, stuur VDAB dan deze week een bewijs (loonbrief, contract of attest) en "
    "betwist dit ten laatste op {contest_by}."
)
_PROOF_EN = (
    "If work is missing, send VDAB proof this week (a payslip, contract or certificate) and "
    + _CONTEST_EN
    + "."
)
_READY_NL = (
    "Is er werk dat de registers niet kennen, leg dan deze week al een bewijs klaar (loonbrief,"
    " contract of attest)."
)
_READY_EN = (
    "If there is work that the registers do not know, have proof of it ready this week (a payslip,"
    " contract or certificate)."
)
_NOT_YOURS_NL = "Was {which} niet van u of is hij nooit opgestart, tel hem hier dan niet mee."
_NOT_YOURS_EN = "If {which} was not yours or was never started, leave it out here."
EXPERIENCE_DAYS = Condition(
    Refusal.EXPERIENCE,
    ("least_experience_days",),
    {
        "nl": Words(
            "Werkervaring",
            "U hebt {days} werkervaring, en er zijn er {least} nodig.",
            "U hebt {days} werkervaring, en er zijn er {least} nodig ({years} jaar): u"
            " komt er {short} te kort.",
            "Als u blijft werken, hebt u er genoeg op {first}.",
            "Er komen alleen dagen bij terwijl u werkt.",
            _PROOF_NL,
            _READY_NL,
        ),
        "en": Words(
            "Work experience",
            "You have {days} of work experience, and {least} are needed.",
            "You have {days} of work experience, and {least} are needed ({years} years): you"
            " are {short} short.",
            "If you keep working, you will have enough on {first}.",
            "Days are added only while you work.",
            _PROOF_EN,
            _READY_EN,
        ),
    },
)
EXPERIENCE_MONTHS = Condition(
    Refusal.EXPERIENCE,
    ("least_experience_months",),
    {
        "nl": Words(
            "Werkervaring",
            "U hebt {months} werkervaring, en er zijn er {least} nodig.",
            "U hebt {months} werkervaring, en er zijn er {least} nodig: u komt er {short} te kort.",
            "Als u blijft werken, hebt u er genoeg op {first}.",
            "Er komen alleen maanden bij terwijl u werkt.",
            _PROOF_NL,
            _READY_NL,
        ),
        "en": Words(
            "Work experience",
            "You have {months} of work experience, and {least} are needed.",
            "You have {months} of work experience, and {least} are needed: you are {short} short.",
            "If you keep working, you will have enough on {first}.",
            "Months are added only while you work.",
            _PROOF_EN,
            _READY_EN,
        ),
    },
)
EXPERIENCE_RECENT = Condition(
    Refusal.EXPERIENCE,
    (
        "least_months_worked_in_last_24",
        "least_months_with_agency_weeks",
        "least_agency_weeks_unbroken",
    ),
    {
        "nl": Words(
            "Werkervaring",
            "U werkte {recent} van de laatste 24 maanden, en er zijn er {least} nodig{easing}.",
            "U werkte {recent} van de laatste 24 maanden, en er zijn er {least} nodig{easing}.",
            "Als u blijft werken, hebt u er genoeg op {first}.",
            "Er komen alleen maanden bij terwijl u werkt.",
            _PROOF_NL,
            _READY_NL,
        ),
        "en": Words(
            "Work experience",
            "You worked {recent} of the last 24 months, and {least} are needed{easing}.",
            "You worked {recent} of the last 24 months, and {least} are needed{easing}.",
            "If you keep working, you will have enough on {first}.",
            "Months are added only while you work.",
            _PROOF_EN,
            _READY_EN,
        ),
    },
)
RECENT_VOUCHERS = Condition(
    Refusal.RECENT_VOUCHERS,
    ("vouchers_per_look_back", "look_back_years"),
    {
        "nl": Words(
            "Vroegere cheques",
            "U startte in de laatste {look_back} jaar {count}, en het maximum is {most}.",
            "U startte in de laatste {look_back} jaar al {count} (op {started}), en het maximum is"
            " {most}.",
            "Vanaf {first} telt de cheque van {decisive} niet meer mee.",
            "Volgens de regels die nu bekend zijn, verandert dat de volgende tien jaar niet.",
            "Was {which} niet van u of is hij nooit opgestart, " + _CONTEST_NL + ".",
            _NOT_YOURS_NL,
        ),
        "en": Words(
            "Earlier vouchers",
            "You started {count} in the last {look_back} years, and the maximum is {most}.",
            "You already started {count} in the last {look_back} years (on {started}), and the"
            " maximum is {most}.",
            "From {first} on the voucher of {decisive} no longer counts.",
            "Under the rules known now that does not change in the next ten years.",
            "If {which} was not yours or was never started, " + _CONTEST_EN + ".",
            _NOT_YOURS_EN,
        ),
    },
)
LIFETIME = Condition(
    Refusal.LIFETIME,
    ("lifetime_vouchers",),
    {
        "nl": Words(
            "Eén cheque in een leven",
            "U startte nog nooit een loopbaancheque.",
            "U startte al een loopbaancheque (op {started}), en wie er ooit één startte, krijgt er"
            " nu geen meer.",
            LATER["nl"],
            "Volgens de regels die nu bekend zijn, verandert dat niet.",
            "Was {which} niet van u of is hij nooit opgestart, " + _CONTEST_NL + ".",
            _NOT_YOURS_NL,
        ),
        "en": Words(
            "One voucher in a lifetime",
            "You never started a career voucher.",
            "You already started a career voucher (on {started}), and anyone who ever started one"
            " gets no other now.",
            LATER["en"],
            "Under the rules known now that does not change.",
            "If {which} was not yours or was never started, " + _CONTEST_EN + ".",
            _NOT_YOURS_EN,
        ),
    },
)
FIRST_NOT_CLOSED = Condition(
    Refusal.FIRST_NOT_CLOSED,
    ("closed_before_next",),
    {
        "nl": Words(
            "Vorige cheque afgesloten",
            "Uw vorige cheque is afgesloten.",
            "Uw vorige cheque (opgestart op {last}) is nog niet afgesloten.",
            "",
            "Dit is in orde zodra uw loopbaancentrum die cheque afsluit.",
            "Vraag uw loopbaancentrum deze week om dat te doen.",
        ),
        "en": Words(
            "Previous voucher closed",
            "Your previous voucher is closed.",
            "Your previous voucher (started on {last}) is not closed yet.",
            "",
            "This is in order as soon as your career centre closes that voucher.",
            "Ask your career centre to do so this week.",
        ),
    },
)
OPEN_ORDER = Condition(
    Refusal.OPEN_ORDER,
    ("orders_at_a_time",),
    {
        "nl": Words(
            "Eén bestelling tegelijk",
            "U hebt geen andere bestelling en geen ongebruikte cheque.",
            "U hebt al een bestelling lopen, of een cheque die nog niet is opgestart.",
            "",
            "Dit is in orde zodra u die cheque start, of de bestelling intrekt of laat vervallen.",
            "Kies deze week een loopbaancentrum om te starten, of trek de bestelling in.",
        ),
        "en": Words(
            "One order at a time",
            "You have no other order and no unused voucher.",
            "You have an order under way, or a voucher that is not started yet.",
            "",
            "This is in order once you start that voucher, or withdraw the order or let it lapse.",
            "Choose a career centre this week to start, or withdraw the order.",
        ),
    },
)
LANGUAGE = Condition(
    Refusal.LANGUAGE,
    ("guidance_language",),
    {
        "nl": Words(
            "Taal van de begeleiding",
            "U volgt de begeleiding in het Nederlands.",
            "U vroeg begeleiding in een andere taal, en met een cheque kan ze alleen in het"
            " Nederlands.",
            "",
            "Dit is in orde als u de begeleiding in het Nederlands volgt.",
            "Kies bij een nieuwe bestelling Nederlands als taal.",
            "Kies Nederlands als taal als u bestelt.",
        ),
        "en": Words(
            "Language of the guidance",
            "You take the guidance in Dutch.",
            "You asked for guidance in another language, and a voucher pays for it in Dutch only.",
            "",
            "This is in order if you take the guidance in Dutch.",
            "Choose Dutch as the language when you order again.",
            "Choose Dutch as the language when you order.",
        ),
    },
)
CONDITIONS = (
    RESIDENCE,
    ACTIVITY,
    EXPERIENCE_DAYS,
    EXPERIENCE_MONTHS,
    EXPERIENCE_RECENT,
    RECENT_VOUCHERS,
    LIFETIME,
    FIRST_NOT_CLOSED,
    OPEN_ORDER,
    LANGUAGE,
)
TITLES: dict[Refusal, dict[Lang, str]] = {
    each.refusal: {lang: words.title for lang, words in each.words.items()} for each in CONDITIONS
}
