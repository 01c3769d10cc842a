"""How scenarios, groups, months and payers are called, and rows of a chart and a table made."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from loopbaan.lab import bands, falling_out
from loopbaan.lab.report.content import Band, Column, Table, decimal_text
from loopbaan.lab.report.window import MINUTES_IN_DAY, Played
from loopbaan.lab.report.words import GROUPS, SHORT, WORDS
from loopbaan.lab.wording import CATEGORIES
from loopbaan.law.wording import Lang, day_text

MINUTES_IN_HOUR = 60
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


def gone_text(row: dict[str, Any], values: Sequence[float], runs: int, lang: Lang) -> str:
    """Return when the places of a month were gone: in one run, or the band of those that know."""
    words = WORDS[lang]
    if row["allocation"] in DRAWN:
        return words["drawn"]
    if row["allocation"] == "waiting_list":
        return words["listed"]
    if not values:
        return words["not_gone"]
    if runs < bands.FEWEST:
        return minutes_text(values, lang)
    if len(values) < bands.FEWEST:
        return words["few_runs"]
    middle, low, high = np.quantile(values, (0.5, bands.LOW, bands.HIGH))
    return f"{minutes_text([middle], lang)} ({minutes_text([low, high], lang)})"


def minutes_text(minutes: Sequence[float], lang: Lang) -> str:
    """Return moments after the opening of a month: 6.5 min, 3.4 to 21.0 min, or day 5 to day 7."""
    return WORDS[lang]["to"].join(_parted(minutes, lang))


def _parted(minutes: Sequence[float], lang: Lang) -> list[str]:
    """Return each moment in its own unit; a unit that both have stands once."""
    words = WORDS[lang]
    if all(each < MINUTES_IN_HOUR for each in minutes):
        *first, last = (decimal_text(each, 1, lang) for each in minutes)
        return [*first, words["in_minutes"].format(minutes=last)]
    return [_moment(each, lang) for each in minutes]


def _moment(minutes: float, lang: Lang) -> str:
    words = WORDS[lang]
    if minutes < MINUTES_IN_HOUR:
        return words["in_minutes"].format(minutes=decimal_text(minutes, 1, lang))
    if minutes < MINUTES_IN_DAY:
        return words["in_hours"].format(hours=round(minutes / MINUTES_IN_HOUR))
    return words["on_day"].format(day=int(minutes // MINUTES_IN_DAY) + 1)


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
