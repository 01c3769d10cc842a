"""Who gets in and who falls out: by step and group, how long they wait, when places are gone."""

from dataclasses import replace
from typing import Any

from loopbaan.lab import falling_out
from loopbaan.lab.falling_out import ASSUMED
from loopbaan.lab.report import charts, window
from loopbaan.lab.report.content import Column, Exhibit, Section
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
from loopbaan.lab.report.words import WORDS
from loopbaan.lab.wording import WORDS as RUN_WORDS
from loopbaan.law.wording import Lang

OPEN_GROUPS = ("education", "sex", "age_band", "status")
ASSUMED_GROUPS = ("health_limitation", "digital_skill", "origin")
WAIT_GROUPS = (falling_out.EVERYBODY, "education", "sex")
# What becomes of an order: the steps that are one part of the bar, and whether its size is assumed.
FATES: dict[str, tuple[tuple[str, ...], bool]] = {
    "started": (("finished", "did_not_finish"), False),
    "no_place": (("lost", "withdrew", "waits"), False),
    "refused": (("refused",), True),
    "did_not_pay": (("did_not_pay",), True),
    "did_not_start": (("did_not_start", "under_way"), True),
}
WAITS: dict[str, tuple[str, ...]] = {
    "same_day": ("same_day",),
    "within_a_month": ("within_a_week", "within_a_month"),
    "within_three_months": ("within_two_months", "within_three_months"),
    "longer": ("within_half_a_year", "longer"),
    "still_waits": ("still_wait",),
    "never": ("never",),
}
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
            Exhibit(table, aside.chart, (words["assumed"],), (words["assumed_races"],), aside=True),
        ),
    )


def started_by_group(
    cast: Cast, lang: Lang, dimensions: tuple[str, ...], name: str, *, unit: str | None = None
) -> Exhibit:
    """Return of each 100 who ordered how many started, by group and scenario."""
    words = WORDS[lang]
    values, rows, is_assumed = [], [], False
    everybody = cast.central[cast.first.name]["persons"]
    for row in window.fallen_out(cast.first, cast.months).to_dicts():
        end = f":{row['dimension']}={row['category']}"
        if row["dimension"] not in dimensions:
            continue
        is_assumed |= row["evidence"] == ASSUMED
        who = group(row["dimension"], row["category"], lang)
        for run in cast.runs:
            if f"persons{end}" not in cast.central[run.name]:
                continue
            band = cast.band(run, f"started_of_100{end}")
            ordered = cast.band(run, f"persons{end}").central
            rows.append((who, short(run, lang), ordered, *ends(band), row["evidence"]))
            if cast.central[cast.first.name][f"persons{end}"] >= _FEW * everybody:
                values.append(charted(who, short(run, lang), band, lang))
    columns = (
        Column("who", words["who"], "text"),
        Column("scenario", words["scenario"], "text"),
        Column("ordered", RUN_WORDS[lang]["persons_ordered"]),
        *end_columns(lang),
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
    mark, note = (words["assumed"],), (words["assumed_races"],)
    return Exhibit(table, chart, mark if is_assumed else (), note if is_assumed else ())


def waiting_section(cast: Cast, lang: Lang) -> Section:
    """Return how long people wait for a place."""
    words, told = WORDS[lang], RUN_WORDS[lang]
    values, rows = [], []
    for run in cast.runs:
        for row in window.waited(run, cast.months).to_dicts():
            if row["dimension"] not in WAIT_GROUPS:
                continue
            wishes = max(row["wishes"], 1)
            parts = {
                name: 100 * sum(row[each] for each in bins) / wishes for name, bins in WAITS.items()
            }
            who = group(row["dimension"], row["category"], lang)
            size = row["wishes"] / run.share
            rows.append((short(run, lang), who, size, *parts.values(), row["mean_days"]))
            if row["dimension"] == falling_out.EVERYBODY:
                values += [
                    _part(short(run, lang), words[name], value) for name, value in parts.items()
                ]
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("who", words["who"], "text"),
        Column("wishes", told["wishes"]),
        *(Column(name, words[name], "percent") for name in WAITS),
        Column("mean_days", told["mean_days"], "decimal", 1),
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
    notes = (words["one_run"],)
    exhibit = Exhibit(table, chart, notes=notes)
    if cast.months.has_cap:
        exhibit = Exhibit(table, chart, (words["assumed"],), (words["assumed_races"], *notes))
    return Section("waiting", words["waiting"], (words["waiting_told"],), (exhibit,))


def sold_out_section(cast: Cast, lang: Lang) -> Section | None:
    """Return when the places of each month were gone, under the first scenario with a cap."""
    words, told = WORDS[lang], RUN_WORDS[lang]
    capped = [run for run in cast.runs if window.has_cap(run, cast.months)]
    if not capped:
        return None
    run, values, rows = capped[0], [], []
    for row in run.outcomes["sold_out"].filter(cast.months.holds("month")).to_dicts():
        month, gone = month_text(row["month"], lang), gone_text(row, lang)
        size = {name: (row[name] or 0) / run.share for name in _SOLD}
        rows.append((month, *size.values(), gone))
        values += [
            {**_part(month, told[name], size[name]), "label": gone}
            for name in ("got_a_place", "came_too_late")
        ]
    columns = (
        Column("month", words["month"], "text"),
        *(Column(name, told[name]) for name in _SOLD),
        Column("gone", told["gone"], "text"),
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
    notes = (words["assumed_races"], words["one_run"])
    exhibit = Exhibit(table, chart, (words["assumed"],), notes)
    return Section("sold_out", words["sold_out"], (words["sold_out_told"],), (exhibit,))


_SOLD = ("places", "orders", "got_a_place", "came_too_late", "waiting")


def _fates(cast: Cast, lang: Lang) -> Exhibit:
    """Return what becomes of 100 orders: one bar a scenario, the parts of assumed size hatched."""
    words = WORDS[lang]
    values, rows = [], []
    for run in cast.runs:
        row = window.fallen_out(run, cast.months).to_dicts()[0]
        assert row["dimension"] == falling_out.EVERYBODY
        parts = {
            name: 100 * sum(row[step] for step in steps) / max(row["orders"], 1)
            for name, (steps, _) in FATES.items()
        }
        rows.append((short(run, lang), row["orders"] / run.share, *parts.values()))
        for name, (_, is_assumed) in FATES.items():
            part = _part(short(run, lang), words[name], parts[name])
            values.append({**part, "hatched": is_assumed})
    columns = (
        Column("scenario", words["scenario"], "text"),
        Column("orders", RUN_WORDS[lang]["orders"]),
        *(Column(name, words[name], "percent", 1) for name in FATES),
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
    return Exhibit(table, chart, (words["assumed"],), (words["split"], words["one_run"]))


def _part(category: str, part: str, value: float) -> dict[str, Any]:
    return {"category": category, "part": part, "value": round(value, 2), "label": ""}
