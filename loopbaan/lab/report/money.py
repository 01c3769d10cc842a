"""What it costs whom, when it would pay for itself, and the centres that live from it."""

from datetime import date
from itertools import chain

import polars as pl

from loopbaan.lab import access, centres, margins, risks
from loopbaan.lab.behaviour import assumptions
from loopbaan.lab.outcomes import ORDERS
from loopbaan.lab.report import charts, window
from loopbaan.lab.report.content import Band, Column, Exhibit, Section, Table, decimal_text
from loopbaan.lab.report.members import Cast
from loopbaan.lab.report.naming import (
    charted,
    end_columns,
    ends,
    laid_out,
    lined,
    month_text,
    payer_text,
    short,
)
from loopbaan.lab.report.window import AT_RISK, FAR, SINCE, far_key
from loopbaan.lab.report.words import WORDS
from loopbaan.lab.wording import WORDS as RUN_WORDS
from loopbaan.law.payout import PAYERS
from loopbaan.law.wording import Lang, number_text

_ALWAYS = ("worker", "government")


def money_section(cast: Cast, lang: Lang) -> Section:
    """Return who pays for the orders of the months that count, and the government by year."""
    words = WORDS[lang]
    rows = []
    for run in cast.runs:
        for payer in PAYERS:
            band = cast.band(run, f"{payer}_million")
            if payer in _ALWAYS or band.central:
                rows.append((short(run, lang), payer_text(payer, lang), *ends(band)))
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("payer", words["payer"], "text"),
        *end_columns(lang, 2),
    )
    table = laid_out("money", words["money_table"], rows, columns)
    payers = Exhibit(table, notes=(words[cast.one_run],))
    return Section("money", words["money"], (words["money_told"],), (payers, _by_year(cast, lang)))


def even_section(cast: Cast, lang: Lang) -> Section:
    """Return the break-even beside what is assumed, with the whole band of both."""
    words = WORDS[lang]
    values, rows = [], []
    for name, key in ((window.NEEDED, "needed"), (window.ASSUMED, "taken")):
        for run in cast.runs:
            band = window.worth(run, cast.months)[name]
            values.append(charted(words[key], short(run, lang), band, lang, digits=2))
            rows.append((words[key], short(run, lang), *ends(band)))
    columns = (
        Column("what", words["cases_head"], "text"),
        Column("scenario", words["scenario"], "text"),
        *end_columns(lang, 2),
    )
    chart = charts.bands(
        "even-chart",
        words["even_chart"],
        words["even_chart_told"],
        values,
        unit=words["of_100"],
    )
    worth = window.worth(cast.first, cast.months)
    told = words["even_told"].format(paid=cast.band(cast.first, window.COST).text(lang))
    saved = words["even_saved"].format(saved=worth[window.SAVED].text(lang))
    table = laid_out("break_even", words["even_table"], rows, columns)
    exhibit = Exhibit(
        table, chart, (words["no_causal"],), (words["even_band"], words["even_one_run"])
    )
    return Section("even", words["even"], (told, saved), (exhibit,))


def centres_section(cast: Cast, lang: Lang) -> Section:
    """Return how many centres are at risk, where everybody was played, and who is out of reach."""
    words, told = WORDS[lang], RUN_WORDS[lang]
    paragraph, exhibits = told["centres_need_all"], [_out_of_reach(cast, lang)]
    if risks.is_told(cast.first.share):
        paragraph, exhibits = words["centres_told"], [_at_risk(cast, lang), *exhibits]
    paragraphs, day = [paragraph], _december(cast)
    if day is not None:
        exhibits.append(_which_places(cast, day, lang))
        paragraphs.append(_without_a_centre(cast, day, lang))
    return Section("centres", words["centres"], tuple(paragraphs), tuple(exhibits))


def _december(cast: Cast) -> date | None:
    """Return the first December of the months that count, or after them."""
    days = cast.first.outcomes["access"]["month"]
    return days.filter(days >= cast.months.first).min()  # type: ignore[return-value]


def _without_a_centre(cast: Cast, day: date, lang: Lang) -> str:
    """Return how many places have no centre within reach, with the band of the runs."""
    row = {"centres": access.ALL, "radius": "central", "month": day}
    band = cast.band(cast.first, f"{FAR[0]}:{far_key(row)}")
    return WORDS[lang]["out_of_reach_told"].format(
        radius=_radius(cast, lang),
        month=month_text(day, lang),
        one=short(cast.first, lang),
        places=band.text(lang),
        all=number_text(len(list(margins.rows("places"))), lang),
    )


def _radius(cast: Cast, lang: Lang) -> str:
    return decimal_text(getattr(cast.first.behaviour, access.RADIUS), 0, lang)


def _at_risk(cast: Cast, lang: Lang) -> Exhibit:
    words, told = WORDS[lang], RUN_WORDS[lang]
    values, rows = [], []
    for run in cast.runs:
        for month in run.outcomes["centres_by_month"].filter(pl.col("month") >= SINCE)["month"]:
            bands = [cast.band(run, f"{name}@{month}") for name in AT_RISK]
            at_risk = bands[AT_RISK.index("at_risk")]
            values.append(lined(month.isoformat(), short(run, lang), at_risk))
            if month.month == 12 or month == cast.months.first:
                own = chain.from_iterable(map(ends, bands))
                rows.append((short(run, lang), month_text(month, lang), *own))
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("month", words["month"], "text"),
        *(
            Column(name, told[name.removesuffix("_within_a_year")], has_band=True)
            for name in AT_RISK
        ),
    )
    chart = charts.lines(
        "centres-chart",
        words["centres_chart"],
        words["centres_chart_told"],
        values,
        unit=words["centres_unit"],
    )
    table = laid_out("centres", words["centres_table"], rows, columns)
    notes = (words["centres_assumed"], words[cast.one_run])
    return Exhibit(table, chart, (words["assumed"],), notes)


def _out_of_reach(cast: Cast, lang: Lang) -> Exhibit:
    """Return the places from which no centre is within reach, with the band of the reach."""
    words = WORDS[lang]
    rows = []
    is_many = cast.one_run == "many_runs"
    row_of = assumptions()[access.RADIUS]
    drawn = Band(row_of.value, row_of.low, row_of.high).text(lang)
    for run in cast.runs:
        frame = run.outcomes["access"].filter(pl.col("month") >= SINCE)
        for row in frame.to_dicts():
            which = words["all_centres" if row["centres"] == access.ALL else "not_at_risk"]
            bands = [cast.band(run, f"{name}:{far_key(row)}") for name in FAR]
            # Each run draws how far people go; its ends are those of the assumption.
            is_drawn = is_many and row["radius"] == "central"
            reach = drawn if is_drawn else decimal_text(row["radius_km"], 0, lang)
            own = chain.from_iterable(map(ends, bands))
            rows.append((short(run, lang), month_text(row["month"], lang), which, reach, *own))
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("month", words["month"], "text"),
        Column("centres", words["which_centres"], "text"),
        Column("radius_km", words["reach"], "text"),
        Column(FAR[0], words["places_out_of_reach"], has_band=True),
        Column(FAR[1], words["out_of_reach"], "percent", 1, has_band=True),
    )
    table = laid_out("out_of_reach", words["out_of_reach_table"], rows, columns)
    notes = (words["one_seat"], words[cast.one_run])
    return Exhibit(table, marks=(words["assumed"],), notes=notes, aside=True)


def _which_places(cast: Cast, day: date, lang: Lang) -> Exhibit:
    """Return the names of the places without a centre within reach: the run in the middle."""
    words, rows = WORDS[lang], []
    for run in cast.runs:
        months = run.outcomes["by_month"]["month"]
        firms = centres.build(int(run.outcomes.about["seed"]), run.behaviour)
        found = access.places(
            run.outcomes[ORDERS], firms, run.behaviour, (months[0], months[-1]), day, run.share
        )
        for which, radius, names in found:
            centres_ = words["all_centres" if which == access.ALL else "not_at_risk"]
            told = ", ".join(names) or words["none"]
            rows.append((short(run, lang), centres_, radius, float(len(names)), told))
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("centres", words["which_centres"], "text"),
        Column("radius_km", words["reach"], "decimal"),
        Column(FAR[0], words["places_out_of_reach"]),
        Column("places", words["which_places"], "text"),
    )
    caption = words["which_places_table"].format(month=month_text(day, lang))
    table = laid_out("which_places", caption, rows, columns)
    return Exhibit(table, marks=(words["assumed"],), notes=(words["one_seat"],), aside=True)


def _by_year(cast: Cast, lang: Lang) -> Exhibit:
    words = WORDS[lang]
    # A scenario of one's own may end before the others.
    told = [run.outcomes["by_year"]["year"].to_list() for run in cast.runs]
    last = min(max(years) for years in told)
    years = [year for year in told[0] if SINCE.year <= year <= last]
    bands = {
        run.name: [cast.band(run, f"government_million@{year}") for year in years]
        for run in cast.runs
    }
    values = [
        lined(year, short(run, lang), band)
        for run in cast.runs
        for year, band in zip(years, bands[run.name], strict=True)
    ]
    rows = [
        (str(year), *chain.from_iterable(ends(bands[run.name][place]) for run in cast.runs))
        for place, year in enumerate(years)
    ]
    columns = (
        Column("year", words["year"], "text"),
        *(Column(run.name, short(run, lang), "decimal", 1, has_band=True) for run in cast.runs),
    )
    chart = charts.lines(
        "money-chart",
        words["money_chart"],
        words["money_chart_told"],
        values,
        unit=words["million_unit"],
    )
    table: Table = laid_out("money_by_year", words["money_chart"], rows, columns)
    return Exhibit(table, chart, notes=(words[cast.one_run],))
