"""The same ten million under each instrument, told on a page: a sentence each, then the table."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from loopbaan.lab.hazards import MOST_SHARE_CENTS, step_of_2020
from loopbaan.lab.instruments import MINUTES_FIRST, YEAR, law_before
from loopbaan.law.policy import Policy
from loopbaan.law.wording import Lang

_EN = {
    "title": "WHO PAYS FOR THE SAME TEN MILLION? In {year}, beside a year without any measure",
    "share": "A dearer voucher: {size}. Of every hundred who would have started, {persons} stay"
    " away; in the lowest fifth of wages {poorest}, in the highest {richest}. Those who come"
    " pay {workers} million euro more in all. How many stay away is taken from a fee abroad; above"
    " {most} euro nobody knows, and in this model no more do.",
    "above": "So the last {above} euro of this share only move money.",
    "hours": "Fewer hours: {size}. Who comes gets {less} % less time, and {persons} in a hundred no"
    " longer come. The centres earn {centres} million euro less. That fewer hours bring fewer"
    " people rests on one step: {step_from} to {step_to} minutes, in 2020.",
    "fee": "A lower fee: {size}. Workers notice nothing in this model; the centres carry it all,"
    " {centres} million euro.",
    "risk": "{risk} more of them are at risk.",
    "risk_needs_all": "How many centres are at risk is told of all workers only (in a part of them"
    " a small centre goes months without a voucher): the same command without --share.",
    "cap": "A cap: {size}. Of every hundred who would have started, {persons} do not, most of them"
    " after trying: {lost} orders find no place. Among the low educated it is {low}, among the"
    " high educated {high}.",
    "experience": "More years of work: {size}. Of every hundred who would have started, {persons}"
    " may not: {young} of those in their thirties, {older} of those in their fifties.",
    "bands": "Between brackets and in the table: eight in ten of {runs} runs, each with its own"
    " chance and its own draw of every assumption, with and without the measure. The sizes were"
    " set at the central values, so that what is saved has a band too.",
    "one": "One run at the central values, and no band: add --seeds 20.",
    "assumed": "Assumed pattern: by wage, and who wins a race. That no centre stops, and that"
    " nobody minds a lower fee, is assumed too. Partners' incomes are missing.",
    "to": "to",
    "government_saves": "the government saves (million euro)",
    "workers_pay_more": "workers pay more, together (million euro)",
    "a_worker_pays_more_a_voucher": "a worker pays more for one voucher (euro)",
    "centres_earn_less": "centres earn less, VAT included (million euro)",
    "centres_at_risk_more": "more centres at risk, in December",
    "hours_of_talk_fewer": "fewer hours of talk",
    "persons_fewer": "fewer persons who start",
    "persons_fewer_in_a_hundred": "the same, of every hundred",
    "orders_refused_more": "more orders refused",
    "orders_without_a_place": "orders without a place",
    "fewer": "of every hundred, fewer: {group}",
    "names": "share|hours|fee|cap|experience",
}
_NL = {
    "title": "WIE BETAALT DEZELFDE TIEN MILJOEN? In {year}, naast een jaar zonder maatregel",
    "share": "Een duurdere cheque: {size}. Van elke honderd die gestart zouden zijn, blijven er"
    " {persons} weg; in het laagste vijfde van de lonen {poorest}, in het hoogste {richest}. Wie"
    " komt, betaalt samen {workers} miljoen euro meer. Hoeveel er wegblijven, komt van een bijdrage"
    " in het buitenland; boven {most} euro weet niemand het, en blijven er hier niet meer weg.",
    "above": "De laatste {above} euro van deze bijdrage verschuiven dus enkel geld.",
    "hours": "Minder uren: {size}. Wie komt, krijgt {less} % minder tijd, en {persons} van de"
    " honderd komen niet meer. De centra verdienen {centres} miljoen euro minder. Dat minder uren"
    " minder mensen brengen, steunt op één stap: van {step_from} naar {step_to} minuten, in 2020.",
    "fee": "Een lagere vergoeding: {size}. Werkenden merken niets in dit model; de centra dragen"
    " alles, {centres} miljoen euro.",
    "risk": "{risk} centra meer lopen gevaar.",
    "risk_needs_all": "Hoeveel centra gevaar lopen, wordt enkel verteld van alle werkenden (bij een"
    " deel heeft een klein centrum maandenlang geen cheque): hetzelfde commando zonder --share.",
    "cap": "Een maximum: {size}. Van elke honderd die gestart zouden zijn, doen {persons} dat niet,"
    " de meesten na een poging: {lost} bestellingen vinden geen plaats. Bij laaggeschoolden zijn"
    " het er {low}, bij hooggeschoolden {high}.",
    "experience": "Meer jaren werk: {size}. Van elke honderd die gestart zouden zijn, mogen"
    " {persons} niet: {young} van de dertigers, {older} van de vijftigers.",
    "bands": "Tussen haakjes en in de tabel: acht op de tien van {runs} proeven, elk met een eigen"
    " toeval en een eigen trekking van elke aanname, met en zonder de maatregel. De maten werden"
    " bepaald bij de centrale waarden, zodat ook wat bespaard wordt een marge heeft.",
    "one": "Eén proef bij de centrale waarden, en geen band: voeg --seeds 20 toe.",
    "assumed": "Aangenomen patroon: naar loon, en wie een wedloop wint. Dat geen centrum stopt en"
    " niemand een lagere vergoeding merkt, is ook aangenomen. Het inkomen van partners ontbreekt.",
    "to": "tot",
    "government_saves": "de overheid bespaart (miljoen euro)",
    "workers_pay_more": "werkenden betalen meer, samen (miljoen euro)",
    "a_worker_pays_more_a_voucher": "een werkende betaalt meer per cheque (euro)",
    "centres_earn_less": "centra verdienen minder, btw inbegrepen (miljoen euro)",
    "centres_at_risk_more": "meer centra in gevaar, in december",
    "hours_of_talk_fewer": "minder uren gesprek",
    "persons_fewer": "minder personen die starten",
    "persons_fewer_in_a_hundred": "hetzelfde, van elke honderd",
    "orders_refused_more": "meer bestellingen geweigerd",
    "orders_without_a_place": "bestellingen zonder plaats",
    "fewer": "van elke honderd, minder: {group}",
    "names": "bijdrage|uren|vergoeding|maximum|ervaring",
}
WORDS: dict[Lang, dict[str, str]] = {"en": _EN, "nl": _NL}
SIZES: dict[Lang, dict[str, str]] = {
    "en": {
        "share": "{euro} euro instead of {old_euro}",
        "hours": "{minutes} minutes and {second}, instead of {old_minutes} and {old_second}",
        "fee": "{hourly} euro an hour instead of {old_hourly}",
        "cap": "{count} vouchers a month, first come, first served",
        "experience": "{years} years instead of {old_years}",
    },
    "nl": {
        "share": "{euro} euro in plaats van {old_euro}",
        "hours": "{minutes} minuten en {second}, in plaats van {old_minutes} en {old_second}",
        "fee": "{hourly} euro per uur in plaats van {old_hourly}",
        "cap": "{count} cheques per maand, wie eerst komt eerst bediend",
        "experience": "{years} jaar in plaats van {old_years}",
    },
}
GROUPS: dict[Lang, dict[str, str]] = {
    "en": {
        "education low": "low educated",
        "education mid": "mid educated",
        "education high": "high educated",
        "wage_quintile q1": "lowest fifth of wages",
        "wage_quintile q5": "highest fifth of wages",
        **{f"wage_quintile q{place}": f"fifth {place} of wages" for place in (2, 3, 4)},
        **{f"age_band {band}": f"age {band}" for band in ("20-29", "30-39", "40-49", "50-59")},
    },
    "nl": {
        "education low": "laaggeschoold",
        "education mid": "middengeschoold",
        "education high": "hooggeschoold",
        "wage_quintile q1": "laagste vijfde van de lonen",
        "wage_quintile q5": "hoogste vijfde van de lonen",
        **{f"wage_quintile q{place}": f"vijfde {place} van de lonen" for place in (2, 3, 4)},
        **{f"age_band {band}": f"leeftijd {band}" for band in ("20-29", "30-39", "40-49", "50-59")},
    },
}
# -2: in whole hundreds, for nobody knows it better.
_DIGITS = {
    **dict.fromkeys(("government_saves", "workers_pay_more", "centres_earn_less"), 1),
    "a_worker_pays_more_a_voucher": 0,
    **dict.fromkeys(("persons_fewer", "hours_of_talk_fewer"), -2),
    **dict.fromkeys(("orders_refused_more", "orders_without_a_place"), -2),
}
# What each brace of a sentence is: the measure, its dimension and its category.
_BRACES = {
    "persons": ("persons_fewer_in_a_hundred", "", ""),
    "workers": ("workers_pay_more", "", ""),
    "centres": ("centres_earn_less", "", ""),
    "risk": ("centres_at_risk_more", "", ""),
    "lost": ("orders_without_a_place", "", ""),
    "poorest": ("fewer_in_a_hundred", "wage_quintile", "q1"),
    "richest": ("fewer_in_a_hundred", "wage_quintile", "q5"),
    "low": ("fewer_in_a_hundred", "education", "low"),
    "high": ("fewer_in_a_hundred", "education", "high"),
    "young": ("fewer_in_a_hundred", "age_band", "30-39"),
    "older": ("fewer_in_a_hundred", "age_band", "50-59"),
}

Key = tuple[str, str, str]
Ends = tuple[float, float, float]


def page(
    table: pl.DataFrame,
    laws: Mapping[str, Policy],
    lang: Lang,
    stamps: Sequence[str] = (),
    year: int = YEAR,
) -> str:
    """Return the page of a table of `savings`, with the law of each instrument in the year.

    `stamps` are the lines that tell what it rests on.
    """
    words = WORDS[lang]
    found = {
        name: {
            (row["measure"], row["dimension"], row["category"]): (
                row["low"],
                row["central"],
                row["high"],
            )
            for row in table.filter(pl.col("instrument") == name).to_dicts()
        }
        for name in laws
    }
    runs = int(table["runs"].to_list()[0])
    lines = [words["title"].format(year=year), *stamps, ""]
    for name, law in laws.items():
        braces = {
            brace: _number(found[name].get(key, (0, 0, 0)), key[0], lang, with_band=runs > 1)
            for brace, key in _BRACES.items()
        }
        braces |= _of_the_law(law, lang)
        sentence = words[name].format(size=SIZES[lang][name].format(**braces), **braces)
        if name == "share" and law.share_cents > MOST_SHARE_CENTS:
            sentence += " " + words["above"].format(**braces)
        if name == "fee" and _BRACES["risk"] in found[name]:
            sentence += " " + words["risk"].format(**braces)
        lines.append("* " + sentence)
    lines += ["", *_rows(found, lang, with_band=runs > 1), ""]
    lines += [words["bands"].format(runs=runs) if runs > 1 else words["one"], words["assumed"]]
    if not any(_BRACES["risk"] in each for each in found.values()):
        lines.append(words["risk_needs_all"])
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rows(found: dict[str, dict[Key, Ends]], lang: Lang, *, with_band: bool) -> Iterator[str]:
    words = WORDS[lang]
    names = dict(zip(SIZES[lang], words["names"].split("|"), strict=True))
    keys: dict[Key, None] = {}
    for each in found.values():
        keys.update(dict.fromkeys(each))
    order = list(words)
    ordered = sorted(keys, key=lambda key: order.index(key[0]) if key[0] in words else len(order))
    rows: list[Sequence[str]] = [("", *(names[name] for name in found))]
    for key in ordered:
        group = GROUPS[lang].get(f"{key[1]} {key[2]}", "")
        label = words[key[0]] if key[0] in words else words["fewer"].format(group=group)
        cells = (
            _number(each.get(key, (0, 0, 0)), key[0], lang, with_band=with_band)
            for each in found.values()
        )
        rows.append((label, *cells))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells_ = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  " + "  ".join([f"{row[0]:<{widths[0]}}", *cells_])


def _of_the_law(law: Policy, lang: Lang) -> dict[str, str]:
    """Return the numbers of a law in words, and those of the law before it."""
    own, old = _numbers(law, lang), _numbers(law_before(), lang)
    step_from, step_to = step_of_2020()
    return {
        **own,
        **{f"old_{name}": text for name, text in old.items()},
        "less": _text(100 - 100 * law.first_voucher_minutes / MINUTES_FIRST, 0, lang),
        "most": _text(MOST_SHARE_CENTS / 100, 0, lang),
        "above": _text((law.share_cents - MOST_SHARE_CENTS) / 100, 0, lang),
        "step_from": _text(step_from, 0, lang),
        "step_to": _text(step_to, 0, lang),
    }


def _numbers(law: Policy, lang: Lang) -> dict[str, str]:
    years = (law.least_experience_days or 0) / law.experience_year_days
    hourly = law.fee_millicents_per_hour / 100_000
    return {
        "euro": _text(law.share_cents / 100, 0, lang),
        "minutes": _text(law.first_voucher_minutes, 0, lang),
        "second": _text(law.second_voucher_minutes or 0, 0, lang),
        "hourly": _text(hourly, 0 if hourly == round(hourly) else 2, lang),
        "count": _text(law.cap_per_month or 0, 0, lang),
        "years": _text(years, 0 if years == round(years) else 1, lang),
    }


def _number(ends: Ends, measure: str, lang: Lang, *, with_band: bool) -> str:
    digits = _DIGITS.get(measure, 0)
    low, central, high = (_text(value, digits, lang) for value in ends)
    if not with_band or low == central == high:
        return central
    return f"{central} ({low} {WORDS[lang]['to']} {high})"


def _text(number: float, digits: int, lang: Lang) -> str:
    text = f"{round(number, digits) + 0.0:,.{max(digits, 0)}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text
