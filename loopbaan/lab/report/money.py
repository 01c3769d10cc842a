"""What it costs whom, when it would pay for itself, and the centres that live from it."""

from itertools import chain

import polars as pl

from loopbaan.lab import access
from loopbaan.lab.report import charts, window
from loopbaan.lab.report.content import Band, Column, Exhibit, Section, Table
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
from loopbaan.lab.report.window import AT_RISK, SINCE
from loopbaan.lab.report.words import WORDS
from loopbaan.lab.wording import WORDS as RUN_WORDS
from loopbaan.law.payout import PAYERS
from loopbaan.law.wording import Lang

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
    payers = Exhibit(laid_out("money", words["money_table"], rows, columns))
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
    told = words["even_told"].format(paid=Band(worth[window.COST].central).text(lang))
    saved = words["even_saved"].format(saved=worth[window.SAVED].text(lang))
    table = laid_out("break_even", words["even_table"], rows, columns)
    exhibit = Exhibit(table, chart, (words["no_causal"],), (words["even_band"],))
    return Section("even", words["even"], (told, saved), (exhibit,))


def centres_section(cast: Cast, lang: Lang) -> Section:
    """Return how many centres are at risk."""
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
    exhibit = Exhibit(table, chart, (words["assumed"],), notes)
    return Section(
        "centres", words["centres"], (words["centres_told"],), (exhibit, _out_of_reach(cast, lang))
    )


def _out_of_reach(cast: Cast, lang: Lang) -> Exhibit:
    """Return the places from which no centre is within reach, with the band of the reach."""
    words = WORDS[lang]
    rows = []
    for run in cast.runs:
        frame = run.outcomes["access"].filter(pl.col("month") >= SINCE)
        for row in frame.to_dicts():
            which = words["all_centres" if row["centres"] == access.ALL else "not_at_risk"]
            percent = row["inhabitants_percent"]
            month = month_text(row["month"], lang)
            rows.append((short(run, lang), month, which, row["radius_km"], percent))
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("month", words["month"], "text"),
        Column("centres", words["which_centres"], "text"),
        Column("radius_km", words["reach"], "decimal", 0),
        Column("inhabitants_percent", words["out_of_reach"], "percent", 1),
    )
    table = laid_out("out_of_reach", words["out_of_reach_table"], rows, columns)
    return Exhibit(table, marks=(words["assumed"],), notes=(words["one_seat"],), aside=True)


def _by_year(cast: Cast, lang: Lang) -> Exhibit:
    words = WORDS[lang]
    years = [
        year for year in cast.first.outcomes["by_year"]["year"].to_list() if year >= SINCE.year
    ]
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
