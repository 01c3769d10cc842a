"""What the evidence says, and what it does not, as every report tells it.

What was found, and how sound it is, are the numbers of `data/effects.csv`; what the runs assume are
those of `behaviour.yaml`, or of the scenario. The list of gaps is that of the project's evidence.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from loopbaan.lab import graded
from loopbaan.lab.report.content import DASH, decimal_text
from loopbaan.law.wording import Lang


@dataclass(frozen=True)
class Effect:
    """An effect that was looked for.

    `found` is what was found, with the estimates of the `studies` (rows of `effects.csv`) in it, in
    hundredths of the unit where it tells of per cents. `assumption` is what the runs take for it,
    in so many times its unit; without one `use` says what is made of it.
    """

    outcome: dict[Lang, str]
    found: dict[Lang, str]
    studies: tuple[str, ...]
    use: dict[Lang, str]
    assumption: str = ""
    times: int = 1

    def found_text(self, lang: Lang) -> str:
        """Return what was found."""
        each = {name: _estimate(name, lang) for name in self.studies}
        return self.found[lang].format(**each)

    def quality(self) -> str:
        """Return the quality of the studies (5: randomised); a dash where nothing was found."""
        found = sorted({_study(name)["quality"] for name in self.studies})
        return ", ".join(str(each) if each != graded.NOTHING_FOUND else DASH for each in found)


@cache
def _studies() -> dict[str, dict[str, Any]]:
    return {row["outcome"]: row for row in graded.table().to_dicts()}


def _study(name: str) -> dict[str, Any]:
    return _studies()[name]


def _estimate(name: str, lang: Lang) -> str:
    """Return an estimate in two decimals; a share as a per cent."""
    row = _study(name)
    if row["estimate"] is None:
        return DASH
    if row["unit"].startswith("share satisfied"):
        return decimal_text(100 * row["estimate"], 0, lang)
    return decimal_text(row["estimate"], 2 if row["estimate"] % 1 else 0, lang)


EFFECTS = (
    Effect(
        {"nl": "tevredenheid over de begeleiding", "en": "satisfaction with the guidance"},
        {
            "nl": "{satisfaction_with_guidance_2022} tot {satisfaction_with_guidance} % tevreden",
            "en": "{satisfaction_with_guidance_2022} to {satisfaction_with_guidance} % satisfied",
        },
        ("satisfaction_with_guidance_2022", "satisfaction_with_guidance"),
        {"nl": "geen effect", "en": "no effect"},
    ),
    Effect(
        {"nl": "helder zien, zelfvertrouwen", "en": "clarity, self-efficacy"},
        {
            "nl": "{career_choice_interventions} sd met controlegroep",
            "en": "{career_choice_interventions} sd with controls",
        },
        ("career_choice_interventions",),
        {"nl": "korte termijn, niet gebruikt", "en": "short run, not used"},
    ),
    Effect(
        {"nl": "burn-outklachten", "en": "burn-out symptoms"},
        {
            "nl": "{burnout_any_controlled_intervention} sd in gecontroleerde programma’s, die geen"
            " loopbaancheque waren",
            "en": "{burnout_any_controlled_intervention} sd in controlled programmes, none of them"
            " a career voucher",
        },
        ("burnout_any_controlled_intervention",),
        {"nl": "{size} sd, dooft uit", "en": "{size} sd, fading"},
        "effect_burnout_symptoms_sd",
    ),
    Effect(
        {"nl": "van werk veranderen", "en": "job change"},
        {
            "nl": "Nederlandse vouchers met loting: {voucher_on_wages_and_job_mobility}",
            "en": "Dutch vouchers by lot: {voucher_on_wages_and_job_mobility}",
        },
        ("voucher_on_wages_and_job_mobility",),
        {"nl": "{size} procentpunt in een jaar", "en": "{size} percentage points in a year"},
        "effect_job_change_12m",
        100,
    ),
    Effect(
        {"nl": "tevredenheid met het werk", "en": "job satisfaction"},
        {
            "nl": "na een nieuwe job meer, daarna weer deels minder; coaching met loting: geen"
            " verschil",
            "en": "rises after a new job, then partly falls back; coaching by lot: no difference",
        },
        ("job_satisfaction_after_job_change", "burnout_prevalence_professional_coaching"),
        {"nl": "{size} sd na een jaar", "en": "{size} sd after a year"},
        "effect_job_satisfaction_sd",
    ),
    Effect(
        {"nl": "burn-out na een nieuwe job", "en": "burn-out after a new job"},
        {"nl": "één studie: stijgt twee jaar", "en": "one study: rises for two years"},
        ("burnout_after_job_change",),
        {"nl": "teken onzeker, niet gebruikt", "en": "sign uncertain, not used"},
    ),
    Effect(
        {"nl": "loon", "en": "wages"},
        {
            "nl": "vouchers met loting: Zwitserland {voucher_on_earnings_employment_1y}, Nederland"
            " {voucher_on_wages_and_job_mobility}",
            "en": "vouchers by lot: Switzerland {voucher_on_earnings_employment_1y}, Netherlands"
            " {voucher_on_wages_and_job_mobility}",
        },
        ("voucher_on_earnings_employment_1y", "voucher_on_wages_and_job_mobility"),
        {"nl": "0", "en": "0"},
    ),
    Effect(
        {"nl": "langdurige ziekte", "en": "long sickness"},
        {"nl": "niets gevonden", "en": "nothing found"},
        ("loopbaancheque_on_sickness",),
        {"nl": "{size} % in twee jaar", "en": "{size} % in two years"},
        "effect_long_sickness_relative",
        100,
    ),
)

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
