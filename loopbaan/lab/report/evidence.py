"""What the evidence says, and what it does not, as every report tells it.

The grades and the list of gaps are those of the project's evidence; see `data/SOURCES.md`.
"""

from dataclasses import dataclass

from loopbaan.law.wording import Lang


@dataclass(frozen=True)
class Effect:
    """An effect that was looked for: what was found, the quality (5: randomised), and the use."""

    outcome: str
    found: str
    quality: str
    use: str


EFFECTS: dict[Lang, tuple[Effect, ...]] = {
    "nl": (
        Effect("tevredenheid over de begeleiding", "86 tot 93 % tevreden", "1", "geen effect"),
        Effect("helder zien, zelfvertrouwen", "0,35 sd met controlegroep", "4", "korte termijn"),
        Effect(
            "burn-outklachten",
            "−0,22 sd in gecontroleerde programma’s, die geen loopbaancheque waren",
            "4 tot 5",
            "−0,20 sd (−0,40 tot 0), dooft uit",
        ),
        Effect(
            "van werk veranderen",
            "Nederlandse vouchers met loting: geen effect",
            "5",
            "+4 punten in een jaar (0 tot 12)",
        ),
        Effect(
            "tevredenheid met het werk",
            "coaching met loting: geen verschil; na een nieuwe job meer, daarna weer deels minder",
            "5; 3 tot 4",
            "+0,08 sd (0 tot 0,25)",
        ),
        Effect("burn-out na een nieuwe job", "één studie: stijgt twee jaar", "3", "teken onzeker"),
        Effect("loon", "Zwitserse en Nederlandse vouchers met loting: geen effect", "5", "0"),
        Effect("langdurige ziekte", "niets gevonden", "–", "−5 % (−20 tot 0)"),
    ),
    "en": (
        Effect("satisfaction with the guidance", "86 to 93 % satisfied", "1", "no effect"),
        Effect("clarity, self-efficacy", "0.35 sd with controls", "4", "short run"),
        Effect(
            "burn-out symptoms",
            "−0.22 sd in controlled programmes, none of them a career voucher",
            "4 to 5",
            "−0.20 sd (−0.40 to 0), fading",
        ),
        Effect(
            "job change",
            "Dutch vouchers by lot: none",
            "5",
            "+4 points in a year (0 to 12)",
        ),
        Effect(
            "job satisfaction",
            "coaching by lot: no difference; after a new job it rises, then partly falls back",
            "5; 3 to 4",
            "+0.08 sd (0 to 0.25)",
        ),
        Effect("burn-out after a new job", "one study: rises for two years", "3", "sign uncertain"),
        Effect("wages", "Swiss and Dutch vouchers by lot: none", "5", "0"),
        Effect("long sickness", "nothing found", "–", "−5 % (−20 to 0)"),
    ),
}

UNKNOWN: dict[Lang, tuple[str, ...]] = {
    "nl": (
        "of loopbaanbegeleiding ziekte voorkomt: geen enkele causale schatting",
        "wie in 2025 een plaats kreeg, wie opgaf en wie opnieuw probeerde",
        "hoeveel mensen per maand bestelden onder het maximum, en wat daarbij geteld werd",
        "hoeveel bestellingen er zijn sinds de prijs van 90 euro in november 2025",
        "gebruikers per sector, provincie, inkomen, gezondheid, en elke kruistabel",
        "weigeringen naar reden, en wat er daarna gebeurde",
        "kosten, reserves en sluitingen van centra",
        "wie de cheque kent en wie hem nodig heeft zonder hem te gebruiken",
        "het inkomen van het gezin: er zijn alleen lonen, in vijfden",
        "de hele loopbaan in de registers: welk deel van de werkenden recht heeft (78 tot 87 %)",
    ),
    "en": (
        "whether guidance prevents sickness: not one causal estimate",
        "who got a place in 2025, who gave up and who tried again",
        "how many ordered in a month under the cap, and what was counted",
        "how many orders there are since the price of 90 euro of November 2025",
        "users by sector, province, income, health, and every cross-table",
        "refusals by reason, and what came after",
        "costs, reserves and closures of centres",
        "who knows the voucher, and who needs it without using it",
        "the income of the household: there are wages only, in fifths",
        "the whole career in registers: which part of workers has the right (78 to 87 %)",
    ),
}

DOCUMENTS: dict[Lang, tuple[str, ...]] = {
    "nl": (
        (
            "de studie van Baert en anderen (2022) over ziekte, waar het debat naar verwijst: in"
            " geen tekst gevonden"
        ),
        (
            "de studie van D’Huyvetter en Verbruggen (Leuven, 2023) bij 1.050 aanvragers: de"
            " cijfers waren niet te lezen"
        ),
        "de audit van 2025 en de conceptnota van juni 2025",
        (
            "VDAB of het departement: bestellingen, weigeringen met reden, betalingen, starts en"
            " afsluitingen per maand, naar geslacht, leeftijd, opleiding, herkomst en postcode"
        ),
        "de uitgever van de cheques: onbetaald en terugbetaald",
        (
            "RIZIV en de Kruispuntbank: gebruikers gekoppeld aan ziekte en nieuw werk; winnaars en"
            " verliezers van een loting zouden de vraag beslechten"
        ),
        "SERV: twee vragen in de volgende werkbaarheidsmeting (ken je het, gebruikte je het)",
        "Nationale Bank: de jaarrekeningen van de centra",
    ),
    "en": (
        "the study of Baert and others (2022) on sickness that the debate cites: found in no text",
        (
            "the study of D’Huyvetter and Verbruggen (Leuven, 2023) of 1,050 applicants: its"
            " figures could not be read"
        ),
        "the audit of 2025 and the concept note of June 2025",
        (
            "VDAB or the department: orders, refusals with reason, payments, starts and closings by"
            " month, by sex, age, education, origin and postcode"
        ),
        "the issuer of the vouchers: unpaid and refunded",
        (
            "RIZIV and the Crossroads Bank: users linked to sickness and new work; winners and"
            " losers of a draw would settle the question"
        ),
        "SERV: two questions in the next workability survey (know it, used it)",
        "National Bank: the annual accounts of the centres",
    ),
}
