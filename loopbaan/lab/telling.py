"""An ensemble and a score card told on a page, in Dutch or English."""

import math
from collections.abc import Iterator, Sequence

import polars as pl

from loopbaan.lab import backtest, risks, sensitivity
from loopbaan.lab.ensemble import Ensemble
from loopbaan.lab.fitted import Fitted
from loopbaan.lab.sensitivity import HEADLINES
from loopbaan.lab.targets import FITTED, PREDICTED, REPORTED, Target
from loopbaan.lab.wording import WORDS as RUN_WORDS
from loopbaan.law.wording import Lang

STAMPS = ("rulebook", "scenario_hash", "population", "assumptions", "fitted", "code", "commit")
_CENTS_IN_MILLION = 100_000_000
_MOST_ASSUMPTIONS = 3

_EN = {
    "runs": "{runs} runs of {workers} invented workers, {first} to {last}; nobody in here is real",
    "source": "source",
    "band": "Band: eight in ten runs lie between low and high. Each run has its own chance and"
    " its own draw of every assumption.",
    "only_chance": "Every run has the central assumptions: the band is that of chance alone.",
    "figures": "FIGURES, for everybody",
    "heads": "low|middle|high|runs",
    "matters": "WHICH ASSUMPTION MATTERS MOST",
    "matters_heads": "assumption|grade|rank correlation|at its low end|at its high end",
    "too_few": "Too few runs, or no draws: nothing can be said.",
    "accident": "Left out: what accident alone would bring (below {least} with {runs} runs).",
    "card_heads": "published|low|middle|high|error|allowed|within|in the band",
    FITTED: "FITTED: the assumptions were set so that these come out",
    PREDICTED: "PREDICTED: no assumption was set by these",
    REPORTED: "TOLD, AND NOT SCORED",
    "score": "{part}: {within} of {rows} within what is allowed; the band holds {in_band} of"
    " {values} ({percent} %; of a band that is right, 80 %)",
    "fitted_word": "fitted",
    "predicted_word": "predicted",
    "no_fit": "Nothing was fitted: the central values of every assumption hold.",
    "fit": "Fitted on {date} up to 2019, mean squared error {misfit} (1: on the edge of what is"
    " allowed).",
    "other_law": "The law up to 2019 has changed since the fit: run loopbaan lab calibrate.",
    "expected": "To be expected: a model that knows only the rule and a covid year 2020 lies about"
    " {percent} % above 2021. It is shown, and not tuned away.",
    "not_blind": "Not blind: who set these had seen 2020-2021, March and April 2025: {names}. A"
    " second set by somebody who has not is still to come.",
    "uncounted": "Empty, for a run counts the rows of calibration_targets.csv of the house and no"
    " others: {names}.",
    "yes": "yes",
    "no": "no",
    "ceiling": "at most",
    "floor": "at least",
    "points": " pts",
    "started": "vouchers started in {when}",
    "government_cents": "paid by the government in {when} (million euro)",
    "refused": "orders refused in {when}",
    "lost": "orders without a place in {when}",
    "got_a_place_share": "wishes since {when} that got a place (%)",
    "mean_days": "days until a place, mean, since {when}",
    "persons_started_share": "persons who ordered since {when} and started, education"
    " {category} (%)",
    "sold_out_minute": "minute in which the places of {when} were gone",
    "at_risk": "centres at risk in {when}",
    "avoided_long_sickness": "avoided cases of long sickness (no causal evidence)",
    "break_even_long_sickness": "avoided cases that would pay for it",
    "low": "low",
    "high": "high",
    "voucher1_used": "first vouchers started",
    "voucher1_used_first_half": "first vouchers, January to June",
    "voucher2_used": "second vouchers started",
    "total_used": "vouchers started",
    "used_total": "vouchers started",
    "requested": "orders received",
    "granted": "vouchers issued (paid)",
    "granted_jan_to_may": "vouchers issued, January to May",
    "users_first_12_months": "first vouchers started",
    "share_women": "women (%)",
    "share_high_educated": "high educated (%)",
    "share_age_20_29": "20-29 (%)",
    "share_age_30_39": "30-39 (%)",
    "share_age_40_49": "40-49 (%)",
    "share_age_50_plus": "50 and over (%)",
    "share_self_employed": "self-employed (%)",
    "share_disadvantaged": "disadvantaged groups (%)",
    "spend": "paid by the government (million euro)",
    "sold_out_day": "day on which the places were gone",
    "sold_out_minutes": "minutes until the places were gone",
    "persons_ever": "persons who ever started",
}
_NL = {
    "runs": "{runs} proeven met {workers} verzonnen werkenden, {first} tot {last}; niemand is echt",
    "source": "bron",
    "band": "Band: acht van de tien proeven liggen tussen laag en hoog. Elke proef heeft haar eigen"
    " toeval en haar eigen trekking van elke aanname.",
    "only_chance": "Elke proef heeft de centrale aannames: de band is die van het toeval alleen.",
    "figures": "CIJFERS, voor iedereen samen",
    "heads": "laag|midden|hoog|proeven",
    "matters": "WELKE AANNAME WEEGT HET ZWAARST",
    "matters_heads": "aanname|graad|rangcorrelatie|aan haar lage kant|aan haar hoge kant",
    "too_few": "Te weinig proeven, of geen trekkingen: er valt niets te zeggen.",
    "accident": "Weggelaten: wat toeval alleen zou geven (onder {least} bij {runs} proeven).",
    "card_heads": "gepubliceerd|laag|midden|hoog|fout|toegelaten|binnen|in de band",
    FITTED: "AFGESTEMD: de aannames zijn zo gezet dat deze uitkomen",
    PREDICTED: "VOORSPELD: geen aanname is hierop gezet",
    REPORTED: "VERMELD, NIET GESCOORD",
    "score": "{part}: {within} van {rows} binnen wat is toegelaten; de band bevat {in_band} van"
    " {values} ({percent} %; van een juiste band 80 %)",
    "fitted_word": "afgestemd",
    "predicted_word": "voorspeld",
    "no_fit": "Er is niets afgestemd: de centrale waarde van elke aanname geldt.",
    "fit": "Afgestemd op {date} tot en met 2019, gemiddelde kwadratische fout {misfit} (1: op de"
    " rand van wat is toegelaten).",
    "other_law": "De wet tot en met 2019 is sindsdien veranderd: loopbaan lab calibrate.",
    "expected": "Te verwachten: een model dat enkel de regel en een covidjaar 2020 kent, ligt zo'n"
    " {percent} % boven 2021. Dat wordt getoond en niet weggewerkt.",
    "not_blind": "Niet blind: wie deze zette, kende 2020-2021, maart en april 2025: {names}. Een"
    " tweede reeks, van iemand die dat niet kent, moet nog komen.",
    "uncounted": "Leeg, want een run telt de rijen van calibration_targets.csv van het huis en geen"
    " andere: {names}.",
    "yes": "ja",
    "no": "nee",
    "ceiling": "ten hoogste",
    "floor": "ten minste",
    "points": " ptn",
    "started": "opgestarte cheques in {when}",
    "government_cents": "betaald door de Vlaamse overheid in {when} (miljoen euro)",
    "refused": "geweigerde bestellingen in {when}",
    "lost": "bestellingen zonder plaats in {when}",
    "got_a_place_share": "wensen sinds {when} die een plaats kregen (%)",
    "mean_days": "dagen tot een plaats, gemiddeld, sinds {when}",
    "persons_started_share": "personen die sinds {when} bestelden en startten, opleiding"
    " {category} (%)",
    "sold_out_minute": "minuut waarin de plaatsen van {when} op waren",
    "at_risk": "centra in gevaar in {when}",
    "avoided_long_sickness": "vermeden gevallen van lange ziekte (geen oorzakelijk bewijs)",
    "break_even_long_sickness": "vermeden gevallen waarmee het zichzelf betaalt",
    "low": "laag",
    "high": "hoog",
    "voucher1_used": "eerste cheques opgestart",
    "voucher1_used_first_half": "eerste cheques, januari tot juni",
    "voucher2_used": "tweede cheques opgestart",
    "total_used": "cheques opgestart",
    "used_total": "cheques opgestart",
    "requested": "bestellingen ontvangen",
    "granted": "cheques uitgegeven (betaald)",
    "granted_jan_to_may": "cheques uitgegeven, januari tot mei",
    "users_first_12_months": "eerste cheques opgestart",
    "share_women": "vrouwen (%)",
    "share_high_educated": "hoogopgeleid (%)",
    "share_age_20_29": "20-29 (%)",
    "share_age_30_39": "30-39 (%)",
    "share_age_40_49": "40-49 (%)",
    "share_age_50_plus": "50 en ouder (%)",
    "share_self_employed": "zelfstandigen (%)",
    "share_disadvantaged": "kansengroepen (%)",
    "spend": "betaald door de Vlaamse overheid (miljoen euro)",
    "sold_out_day": "dag waarop de plaatsen op waren",
    "sold_out_minutes": "minuten tot de plaatsen op waren",
    "persons_ever": "personen die ooit startten",
}
WORDS: dict[Lang, dict[str, str]] = {"en": _EN, "nl": _NL}


def ensemble(found: Ensemble, lang: Lang = "en") -> str:
    """Return the page of an ensemble: the first figures with their bands, and what moves them."""
    words, about = WORDS[lang], found.about
    lines = [*_head(found, lang), "", words["figures"]]
    rows = []
    for headline in HEADLINES:
        for row in headline.rows(found.bands, sensitivity.scarce(found)).to_dicts():
            band = [_told(row, row[end], lang) for end in ("low", "central", "high")]
            rows.append((name(row, lang), *band, str(row["runs"])))
    lines += _table(("", *words["heads"].split("|")), rows)
    if not risks.is_told(float(found.about["share"])):
        lines.append(RUN_WORDS[lang]["centres_need_all"])
    lines += ["", words["matters"]]
    table = sensitivity.report(found)
    if not table.height:
        return _page([*lines, words["too_few"]])
    clear = table.filter(
        pl.col("rank_correlation").abs() > pl.col("by_accident"),
        pl.col("place") <= _MOST_ASSUMPTIONS,
    )
    matters = [
        (
            name(row, lang) if row["place"] == 1 else "",
            row["assumption"],
            row["grade"],
            number(row["rank_correlation"], 2, lang, signed=True),
            _told(row, row["at_low"], lang),
            _told(row, row["at_high"], lang),
        )
        for row in clear.to_dicts()
    ]
    lines += _table(("", *words["matters_heads"].split("|")), matters)
    least = number(float(table["by_accident"].item(0)), 2, lang)
    return _page([*lines, words["accident"].format(least=least, runs=about["runs"])])


def score_card(
    found: Ensemble,
    table: pl.DataFrame,
    fit: Fitted,
    lang: Lang = "en",
    *,
    has_other_law: bool = False,
) -> str:
    """Return the score card: fitted and predicted apart, and how each did."""
    words = WORDS[lang]
    lines = _head(found, lang)
    lines += list(_fit(fit, lang))
    if has_other_law:
        lines.append(words["other_law"])
    for part in (FITTED, PREDICTED, REPORTED):
        rows = [_scored(row, lang) for row in table.filter(pl.col("part") == part).to_dicts()]
        lines += ["", words[part], *_table(("", *words["card_heads"].split("|")), rows)]
    lines.append("")
    for score in backtest.scores(table):
        percent = number(100 * score.in_band / max(score.values, 1), 0, lang)
        lines.append(
            words["score"].format(
                part=words[f"{score.part}_word"],
                within=score.within,
                rows=score.rows,
                in_band=score.in_band,
                values=score.values,
                percent=percent,
            )
        )
    expected = number(100 * backtest.BY_HAND_2021, 0, lang)
    lines.append(words["expected"].format(percent=expected))
    lines.append(words["not_blind"].format(names=", ".join(backtest.NOT_BLIND)))
    return _page(lines)


def uncounted(rows: Sequence[Target], lang: Lang) -> str:
    """Return a line that names the published figures that no run counts, if there are any."""
    if not rows:
        return ""
    names = ", ".join(f"{row.series} {row.period}" for row in rows)
    return WORDS[lang]["uncounted"].format(names=names) + "\n"


def name(row: dict[str, str], lang: Lang) -> str:
    """Return what a figure is called."""
    words = WORDS[lang]
    is_month = row["table"] in ("sold_out", "centres_by_month")
    when = row["when"].removesuffix("-01") if is_month else row["when"]
    category = words.get(row["category"], row["category"])
    return words[row["figure"]].format(when=when, category=category)


def number(value: float, digits: int, lang: Lang, *, signed: bool = False) -> str:
    """Return a number as it is written: 1,234.5 in English, 1.234,5 in Dutch."""
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def _head(found: Ensemble, lang: Lang) -> list[str]:
    words, about = WORDS[lang], found.about
    workers = number(float(about["workers"]), 0, lang)
    return [
        str(about["title"]),
        f"{about['author']}; {words['source']}: {about['source']}",
        words["runs"].format(**{**about, "workers": workers}),
        words["band" if about["draws"] else "only_chance"],
        *(f"{stamp:<14} {about[stamp]}" for stamp in STAMPS),
    ]


def _fit(fit: Fitted, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    if not fit.values:
        yield words["no_fit"]
        return
    misfit = number(float(fit.about["misfit"]), 2, lang)
    yield words["fit"].format(date=fit.about["date"], misfit=misfit)


def _told(row: dict[str, str], value: float, lang: Lang) -> str:
    """Return the value of a figure in the unit of its name."""
    if row["figure"].endswith("_cents"):
        return number(value / _CENTS_IN_MILLION, 2, lang)
    if row["figure"].endswith("_share"):
        return number(100 * value, 1, lang)
    return number(value, 1 if row["figure"] in ("mean_days", "sold_out_minute") else 0, lang)


def _scored(row: dict[str, object], lang: Lang) -> tuple[str, ...]:
    words = WORDS[lang]
    series = str(row["series"])
    values = [_published(series, row[key], lang) for key in ("published", "low", "central", "high")]
    if row["error"] is None:
        word = "" if row["is_within"] is None else _bound(row, lang)
        off, allowed = word, ""
    else:
        off, allowed = _off(row, lang)
    judged = ("–" if row[key] is None else words["yes" if row[key] else "no"] for key in _JUDGED)
    return (f"{words[series]} {row['period']}", *values, off, allowed, *judged)


_JUDGED = ("is_within", "is_in_band")


def _bound(row: dict[str, object], lang: Lang) -> str:
    return WORDS[lang]["floor" if "more than" in str(row["unit"]) else "ceiling"]


def _off(row: dict[str, object], lang: Lang) -> tuple[str, str]:
    """Return the error and what is allowed, in the way in which the figure is judged."""
    error, most, kind = row["error"], row["tolerance"], row["kind"]
    assert isinstance(error, float)
    assert isinstance(most, float | None)
    if kind == "factor" and most is not None:
        return f"x {number(math.exp(error), 2, lang)}", f"x {number(most, 1, lang)}"
    is_share = str(row["series"]).startswith("share")
    times, unit = 100, WORDS[lang]["points"] if is_share else " %"
    if kind == "absolute" and not is_share:
        times, unit = 1, ""
    off, allowed = times * error, None if most is None else times * most
    return (
        number(off, 1, lang, signed=True) + unit,
        "" if allowed is None else number(allowed, 0, lang) + unit,
    )


def _published(series: str, value: object, lang: Lang) -> str:
    if not isinstance(value, float):
        return "–"
    if series.startswith("share"):
        return number(100 * value, 1, lang)
    if series == "spend":
        return number(value / 1e6, 1, lang)
    return number(value, 1 if series.startswith("sold_out") else 0, lang)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table in columns: the first to the left, the others to the right."""
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    for row in (heads, *rows):
        cells = (text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))
        yield "  " + "  ".join([row[0].ljust(widths[0]), *cells])


def _page(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"
