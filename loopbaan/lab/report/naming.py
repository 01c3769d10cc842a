"""How scenarios, groups, months and payers are called, and rows of a chart and a table made."""

from datetime import date
from typing import Any

import polars as pl

from loopbaan.lab import falling_out
from loopbaan.lab.report.content import Band, Column, Table
from loopbaan.lab.report.window import Played
from loopbaan.lab.report.words import GROUPS, SHORT, WORDS
from loopbaan.lab.wording import CATEGORIES
from loopbaan.law.wording import Lang, day_text

DRAWN = ("draw", "weighted_draw")
PAYERS_NL = {
    "worker": "werkenden",
    "employer": "werkgevers",
    "sector_fund": "sectorfondsen",
    "union": "vakbonden",
    "government": "Vlaamse overheid",
}


def short(run: Played, lang: Lang) -> str:
    """Return the name of a scenario in a few words."""
    return SHORT[lang].get(run.name, run.name)


def group(dimension: str, category: str, lang: Lang) -> str:
    """Return a group of workers in words."""
    if dimension == falling_out.EVERYBODY:
        return GROUPS[lang]["all"]
    key = f"{dimension}={category}"
    return GROUPS[lang].get(key) or CATEGORIES[lang].get(category, category)


def month_text(month: date, lang: Lang) -> str:
    """Return a month in words: april 2025."""
    return day_text(month, lang).split(" ", 1)[1]


def gone_text(row: dict[str, Any], lang: Lang) -> str:
    """Return when the places of a month were gone."""
    words = WORDS[lang]
    if row["allocation"] in DRAWN:
        return words["drawn"]
    if row["allocation"] == "waiting_list":
        return words["listed"]
    if row["sold_out_on"] is None:
        return words["not_gone"]
    if row["sold_out_on"].day == 1 and row["sold_out_minute"] is not None:
        return words["gone_at"].format(minute=row["sold_out_minute"] + 1)
    return words["gone_on"].format(day=row["sold_out_on"].day)


def payer_text(payer: str, lang: Lang) -> str:
    """Return who pays, in words."""
    return PAYERS_NL[payer] if lang == "nl" else payer.replace("_", " ")


def charted(category: str, series: str, band: Band, lang: Lang, digits: int = 0) -> dict[str, Any]:
    """Return a row of a chart of bands."""
    ends = {"low": band.low, "high": band.high, "central": band.central}
    kept = {name: None if each is None else round(each, 4) for name, each in ends.items()}
    return {"category": category, "series": series, **kept, "label": band.text(lang, digits)}


def lined(when: str | int, series: str, band: Band) -> dict[str, Any]:
    """Return a row of a chart over time, with its band."""
    kept = {"value": band.central, "low": band.low, "high": band.high}
    rounded = {name: None if each is None else round(each, 3) for name, each in kept.items()}
    return {"when": when, "series": series, **rounded}


def ends(band: Band) -> tuple[float, float | None, float | None]:
    """Return the middle, the low and the high end: three cells of a table."""
    return band.central, band.low, band.high


def end_columns(lang: Lang, digits: int = 0) -> tuple[Column, ...]:
    """Return the columns of a figure with its band."""
    words = WORDS[lang]
    return tuple(
        Column(name, words[name], "decimal", digits) for name in ("central", "low", "high")
    )


def laid_out(
    name: str,
    caption: str,
    rows: list[tuple[Any, ...]],
    columns: tuple[Column, ...],
    extra: tuple[str, ...] = (),
) -> Table:
    """Return a table; `extra` are columns that only the files hold."""
    names = [*(name for column in columns for name in column.names), *extra]
    numbers = {name for column in columns if column.kind != "text" for name in column.names}
    schema = {each: pl.Float64 if each in numbers else pl.String for each in names}
    return Table(name, caption, pl.DataFrame(rows, schema=schema, orient="row"), columns)
