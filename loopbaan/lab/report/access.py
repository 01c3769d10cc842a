"""Who gets in and who falls out: by step and group, how long they wait, when places are gone."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import polars as pl

from loopbaan.lab import bands, falling_out
from loopbaan.lab.falling_out import ASSUMED
from loopbaan.lab.report import charts, window
from loopbaan.lab.report.content import DASH, LEFT_OUT, Band, Column, Exhibit, Section
from loopbaan.lab.report.members import Cast
from loopbaan.lab.report.naming import (
    charted,
    end_columns,
    ends,
    gone_text,
    group,
    laid_out,
    month_text,
    short,
)
from loopbaan.lab.report.window import Played
from loopbaan.lab.report.words import WORDS
from loopbaan.lab.wording import WORDS as RUN_WORDS
from loopbaan.law.wording import Lang

OPEN_GROUPS = ("education", "sex", "age_band", "status")
ASSUMED_GROUPS = ("health_limitation", "digital_skill", "origin")
WAIT_GROUPS = (falling_out.EVERYBODY, "education", "sex")
RACE = "first_come"
_FEW = 0.01  # of all who ordered: a smaller group stands in the table, not in the chart
_ROOM = 4  # groups that are drawn with the name of each scenario; more are drawn close together


def falling_out_section(cast: Cast, lang: Lang) -> Section:
    """Return who falls out, at which step, and the groups of which nobody published anything."""
    words = WORDS[lang]
    aside = started_by_group(cast, lang, ASSUMED_GROUPS, "started_assumed")
    table = replace(aside.table, caption=words["aside"])
    return Section(
        "falling_out",
        words["falling_out"],
        (words["falling_out_told"],),
        (
            _fates(cast, lang),
            started_by_group(cast, lang, OPEN_GROUPS, "started_by_group"),
            replace(aside, table=table, marks=(words["assumed"],), aside=True),
        ),
    )


def started_by_group(
    cast: Cast, lang: Lang, dimensions: tuple[str, ...], name: str, *, unit: str | None = None
) -> Exhibit:
    """Return of each 100 who ordered how many started, by group and scenario."""
    words = WORDS[lang]
    values, rows, is_left_out = [], [], False
    everybody = cast.central[cast.first.name]["persons"]
    groups = window.fallen_out(cast.first, cast.months)
    for row in groups.filter(pl.col("dimension").is_in(dimensions)).to_dicts():
        who = group(row["dimension"], row["category"], lang)
        for run in cast.runs:
            ordered, band = told_of(cast, run, row["dimension"], row["category"])
            is_left_out |= ordered is None or band is None
            rows.append((who, short(run, lang), *_cells(ordered), *_cells(band), ASSUMED))
            if band and row["persons"] / cast.first.share >= _FEW * everybody:
                values.append(charted(who, short(run, lang), band, lang))
    columns = (
        Column("who", words["who"], "text"),
        Column("scenario", words["scenario"], "text"),
        Column("ordered", RUN_WORDS[lang]["persons_ordered"], has_band=True, empty=LEFT_OUT),
        *(replace(each, empty=LEFT_OUT) for each in end_columns(lang)),
    )
    chart = charts.bands(
        f"{name}-chart",
        words["started_chart"],
        words["started_chart_told"],
        values,
        unit=words["of_100"] if unit is None else unit,
        domain=(0, 100),
        is_close=len({value["category"] for value in values}) > _ROOM,
    )
    table = laid_out(name, words["started_table"], rows, columns, extra=("evidence",))
    notes = (words["assumed_groups"], *_races(cast, lang))
    few = (RUN_WORDS[lang]["few"],) if is_left_out else ()
    notes = (*notes, *few, words[cast.one_run])
    return Exhibit(table, chart if values else None, (words["assumed"],), notes)


def _cells(band: Band | None) -> tuple[float | None, float | None, float | None]:
    return ends(band) if band else (None, None, None)


def _races(cast: Cast, lang: Lang) -> tuple[str, ...]:
    """Return what must be said where places were scarce."""
    return (WORDS[lang]["assumed_races"],) if cast.months.has_cap else ()


def told_of(
    cast: Cast, run: Played, dimension: str, category: str
) -> tuple[Band | None, Band | None]:
    """Return how many of a group ordered, and of each 100 how many started, where that is told."""
    table, _ = cast.opened[run.name]
    is_it = (pl.col("dimension") == dimension) & (pl.col("category") == category)
    found = table.filter(is_it).to_dicts()
    if not found or found[0]["persons"] is None:
        return None, None
    ordered = cast.count(run, f"persons:{dimension}={category}")
    if found[0]["persons_started"] is None:
        return ordered, None
    return ordered, cast.band(run, f"started_of_100:{dimension}={category}")


def waiting_section(cast: Cast, lang: Lang) -> Section:
    """Return how long people wait for a place."""
    words, told = WORDS[lang], RUN_WORDS[lang]
    values, rows, groups = [], [], []
    for run in cast.runs:
        parts = {name: cast.band(run, f"wait:{name}") for name in window.WAITS}
        rows.append((short(run, lang), *chain.from_iterable(map(ends, parts.values()))))
        values += _bar(short(run, lang), parts, words)
        groups += [
            (short(run, lang), *_waits(cast, run, row, lang))
            for row in cast.opened[run.name][1].to_dicts()
            if row["dimension"] in WAIT_GROUPS
        ]
    columns = (
        Column("scenario", words["scenario"], "text"),
        *(Column(name, words[name], "percent", has_band=True) for name in window.WAITS),
    )
    chart = charts.parts(
        "waiting-chart",
        words["waiting_chart"],
        words["waiting_chart_told"],
        values,
        charts.WAITS,
        unit="%",
        domain=(0, 100),
    )
    table = laid_out("waiting", words["waiting_table"], rows, columns)
    by_group = (
        Column("scenario", words["scenario"], "text"),
        Column("who", words["who"], "text"),
        Column("wishes", told["wishes"], has_band=True, empty=LEFT_OUT),
        Column("placed", words["placed"], "decimal", has_band=True, empty=LEFT_OUT),
        Column("mean_days", told["mean_days"], "decimal", 0, has_band=True, empty=LEFT_OUT),
    )
    beside = laid_out("waiting_by_group", words["waiting_by_group"], groups, by_group)
    mark = (words["assumed"],)
    few = (RUN_WORDS[lang]["few"],) if None in chain.from_iterable(groups) else ()
    notes = (*_races(cast, lang), *few, words[cast.one_run])
    exhibits = (
        Exhibit(
            table,
            chart,
            mark if cast.months.has_cap else (),
            (*_races(cast, lang), words[cast.one_run]),
        ),
        Exhibit(beside, None, mark, (words["assumed_groups"], *notes)),
    )
    return Section("waiting", words["waiting"], (words["waiting_told"],), exhibits)


def _waits(cast: Cast, run: Played, row: dict[str, Any], lang: Lang) -> tuple[Any, ...]:
    """Return who waits, how many wishes, of each 100 how many got a place, and after how long."""
    who, end = group(row["dimension"], row["category"], lang), window.end_of(row)
    size = None if row["wishes"] is None else cast.count(run, f"wishes{end}")
    empty = (None, None, None)
    is_placed = row["wishes"] is not None and row["got_a_place"] is not None
    placed = ends(cast.band(run, f"placed_of_100{end}")) if is_placed else empty
    days = empty if row["mean_days"] is None else ends(cast.band(run, f"wait_days{end}"))
    return who, *_cells(size), *placed, *days


def sold_out_section(cast: Cast, lang: Lang) -> Section | None:
    """Return when the places of each month were gone, under the first scenario with a cap."""
    words, told = WORDS[lang], RUN_WORDS[lang]
    capped = [run for run in cast.runs if window.has_cap(run, cast.months)]
    if not capped:
        return None
    run, values, rows = capped[0], [], []
    for row in run.outcomes["sold_out"].filter(cast.months.holds("month")).to_dicts():
        month = month_text(row["month"], lang)
        gone_at = cast.values(run, f"{window.GONE}@{row['month']}")
        gone = gone_text(row, gone_at, len(cast.members[run.name]), lang)
        sold = {name: cast.band(run, f"{name}@{row['month']}") for name in window.SOLD}
        places = row["places"] / run.share
        times = _times(len(gone_at), len(cast.members[run.name]), row["allocation"], lang)
        own = chain.from_iterable(map(ends, sold.values()))
        rows.append((month, places, *own, gone, times))
        values += [
            {**_part(month, told[name], sold[name].central), "label": gone}
            for name in ("got_a_place", "came_too_late")
        ]
    columns = (
        Column("month", words["month"], "text"),
        Column("places", told["places"]),
        *(Column(name, told[name], digits=-2, has_band=True) for name in window.SOLD),
        Column("gone", told["gone"], "text"),
        Column("runs", words["runs_gone"], "text"),
    )
    chart = charts.parts(
        "sold_out-chart",
        words["sold_out_chart"],
        words["sold_out_chart_told"].format(one=short(run, lang)),
        values,
        charts.SERIES,
        unit=words["orders_unit"],
    )
    table = laid_out("sold_out", words["sold_out_table"], rows, columns)
    notes = (words["assumed_races"], words[cast.one_run])
    exhibit = Exhibit(table, chart, (words["assumed"],), notes)
    return Section("sold_out", words["sold_out"], (words["sold_out_told"],), (exhibit,))


def _times(found: int, runs: int, allocation: str, lang: Lang) -> str:
    """Return in how many of many runs the places of a race were gone."""
    if runs < bands.FEWEST or allocation != RACE:
        return DASH
    return WORDS[lang]["of_runs"].format(found=found, runs=runs)


def _fates(cast: Cast, lang: Lang) -> Exhibit:
    """Return what becomes of 100 orders: one bar a scenario, the parts of assumed size hatched."""
    words = WORDS[lang]
    values, rows = [], []
    for run in cast.runs:
        parts = {name: cast.band(run, f"fate:{name}") for name in window.FATES}
        orders = cast.band(run, "orders")
        rows.append((short(run, lang), *chain.from_iterable(map(ends, (orders, *parts.values())))))
        for bar, is_assumed in zip(
            _bar(short(run, lang), parts, words), window.FATES.values(), strict=True
        ):
            values.append({**bar, "hatched": is_assumed})
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("orders", RUN_WORDS[lang]["orders"], digits=-2, has_band=True),
        *(Column(name, words[name], "percent", has_band=True) for name in window.FATES),
    )
    chart = charts.parts(
        "fates-chart",
        words["fate_chart"],
        words["fate_chart_told"],
        values,
        charts.FATES,
        unit="%",
        domain=(0, 100),
    )
    table = laid_out("fates", words["fate_table"], rows, columns)
    notes = (words["split"], words["refused_since_2020"], words[cast.one_run])
    return Exhibit(table, chart, (words["assumed"],), notes)


def _bar(
    category: str, parts: Mapping[str, Band], words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the parts of a bar. The middles of many runs need not add up, so they are scaled."""
    whole = sum(band.central for band in parts.values()) or 1.0
    return [
        _part(category, words[name], 100 * band.central / whole) for name, band in parts.items()
    ]


def _part(category: str, part: str, value: float) -> dict[str, Any]:
    return {"category": category, "part": part, "value": round(value, 2), "label": ""}
