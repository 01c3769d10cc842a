"""Draws the charts: Vega-Lite in, SVG out, without a browser, a network or a font of this machine.

It knows the part of Vega-Lite that the report writes: rows of bars, bands and points, and lines
over time. What lies across is given in per cents and text in pixels, so that a chart fits a
telephone and a sheet of paper alike and its words stay as large as they are. Colours are
attributes, which the page's own style overrules for the dark and for print. The same specification
always gives the same bytes.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from loopbaan.lab.report.charts import CLOSE, SHADE
from loopbaan.lab.report.content import Chart, Spec, decimal_text
from loopbaan.law.wording import Lang

INK, SOFT, LINE, GROUND = "#1b2530", "#4c5864", "#d9d7cf", "#ffffff"
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
TICKS = 4
_HEAD, _ROW, _GAP, _AXIS = 22, 31, 10, 24
_CLOSE_HEAD, _CLOSE_GAP, _UNIT = 22, 6, 14
_TALL, _TOP = 200, 22  # of a chart over time, and the room above its highest line
_FLUID = 1000  # units across a chart that is as wide as its place
_EDGE = 1.0  # per cent kept free at both sides: a point at the end is not cut in half

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Scale:
    """A scale of numbers: where a number lies, in per cents, and its round ticks."""

    low: float
    high: float

    def at(self, number: float) -> float:
        """Return where a number lies; one off the scale lies at its end."""
        part = (number - self.low) / (self.high - self.low)
        return _EDGE + (100 - 2 * _EDGE) * min(max(part, 0), 1)

    def ticks(self) -> list[float]:
        """Return some round numbers on the scale."""
        step = _round_step((self.high - self.low) / TICKS)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]

    def digits(self) -> int:
        """Return the decimals that tell the ticks apart."""
        step = _round_step((self.high - self.low) / TICKS)
        return max(0, -math.floor(math.log10(step) + 1e-9))


def svg(chart: Chart, lang: Lang, *, wide: int | None = None) -> str:
    """Return the chart as SVG: as wide as its place, or a number of pixels."""
    is_rows = chart.spec["encoding"].get("y", {}).get("type") == "nominal"
    if is_rows:
        height, drawn = _rows(chart, lang)
    else:
        height, drawn = _times(chart, lang, wide or _FLUID)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"'
        f' width="{wide or "100%"}" height="{height}"'
        f' aria-labelledby="{chart.name}-t {chart.name}-d" font-family="{escape(FONT)}"'
        f' font-size="13"><title id="{chart.name}-t">{escape(chart.title)}</title>'
        f'<desc id="{chart.name}-d">{escape(chart.told)}</desc>{"".join(drawn)}</svg>'
    )


def _rows(chart: Chart, lang: Lang) -> tuple[int, list[str]]:
    """Draw a row for each category and series, with its words above it."""
    spec = chart.spec
    own, values = spec["encoding"], spec["data"]["values"]
    category, series = own["y"]["field"], own.get("yOffset", {}).get("field")
    scale, is_close = _scale(spec, "x"), spec["height"] == {"step": CLOSE}
    drawn: list[str] = [_hatch(chart.name)]
    down = 0
    for group in dict.fromkeys(row[category] for row in values):
        members = [row for row in values if row[category] == group]
        lines = list(dict.fromkeys(row[series] if series else group for row in members))
        if series:
            drawn.append(_text("0", down + 17, group, weight=400 if is_close else 600))
            if is_close and len(lines) == 1:
                drawn += _label(members[0], down + 17)
            down += _CLOSE_HEAD if is_close else _HEAD
        for line in lines:
            parts = [row for row in members if not series or row[series] == line]
            if not is_close:
                drawn.append(_text("0", down + 13, line, fill=SOFT if series else INK))
                drawn += _label(parts[0], down + 13)
            drawn += _layers(chart, parts, down + (5 if is_close else 22), scale)
            down += CLOSE if is_close else _ROW
        down += _CLOSE_GAP if is_close else _GAP
    unit = _UNIT if len(_unit(spec)) > 1 else 0
    return down + _AXIS + unit, [*_grid_down(scale, down, spec, lang), *drawn]


def _label(row: dict[str, Any], down: float) -> list[str]:
    label = row.get("label")
    return [_text("100%", down, label, anchor="end", weight=600)] if label else []


def _layers(chart: Chart, parts: Rows, middle: int, scale: Scale) -> Iterator[str]:
    """Draw every layer of one row: bars from zero or upon each other, bands, points."""
    for layer in chart.spec["layer"]:
        kind, own = layer["mark"]["type"], layer["encoding"]
        upon = 0.0
        for row in parts:
            value = row.get(own["x"]["field"])
            if value is None:
                continue
            paint = _paint(chart.spec, row)
            if kind == "bar":
                begin, end = upon, upon + value
                upon = end if own["x"].get("stack") else 0.0
                yield _bar(scale.at(min(begin, end)), scale.at(max(begin, end)), middle, paint)
                if row.get("hatched"):
                    cover = f'fill="url(#{chart.name}-h)"'
                    yield _bar(scale.at(begin), scale.at(end), middle, cover)
            elif kind == "rule":
                until = row.get(own["x2"]["field"])
                if until is not None:
                    band = f'{paint} fill-opacity="0.4"'
                    yield _bar(scale.at(value), scale.at(until), middle, band)
            else:
                yield _dot(scale.at(value), middle, paint)


def _times(chart: Chart, lang: Lang, wide: int) -> tuple[int, list[str]]:
    """Draw lines, bands and points over years or months. Where a value is missing is a gap."""
    spec = chart.spec
    own, values = spec["encoding"], spec["data"]["values"]
    across, up = own["x"]["field"], _scale(spec, "y")
    moments = [_moment(row[across]) for row in values]
    time = Scale(min(moments), max(moments))

    def height(number: float) -> float:
        return _TOP + (_TALL - _TOP) * (1 - (up.at(number) - _EDGE) / (100 - 2 * _EDGE))

    shapes, dots = [], []
    for layer in spec["layer"]:
        kind, field = layer["mark"]["type"], layer["encoding"]["y"]["field"]
        upper = layer["encoding"].get("y2", {}).get("field")
        name = own["color"]["field"]
        for series in dict.fromkeys(row[name] for row in values):
            rows = [row for row in values if row[name] == series]
            paint = _paint(spec, rows[0])
            ats = [time.at(_moment(row[across])) for row in rows]
            lows = [row.get(field) for row in rows]
            if kind == "point":
                here = zip(ats, lows, strict=True)
                dots += [_dot(at, height(low), paint) for at, low in here if low is not None]
                continue
            tops = [row.get(upper) for row in rows] if upper else lows
            paint += _dash(own, series)
            runs = _unbroken(list(zip(ats, lows, tops, strict=True)))
            shapes += [_shape(run, kind, paint, wide, height) for run in runs]
    plot = (
        f'<svg x="0" y="0" width="100%" height="{_TALL + 4}" preserveAspectRatio="none"'
        f' viewBox="0 0 {wide} {_TALL + 4}">{"".join(shapes)}</svg>'
    )
    return _TALL + _AXIS, [*_grid_across(up, height, lang), *_ends(time, own), plot, *dots]


def _shape(run: list[Any], kind: str, paint: str, wide: int, height: Any) -> str:
    """Draw one unbroken run of a line, or of the band between two lines."""
    forth = [f"{at * wide / 100:.1f},{height(top):.1f}" for at, _, top in run]
    if kind == "area":
        back = [f"{at * wide / 100:.1f},{height(low):.1f}" for at, low, _ in reversed(run)]
        return f'<path d="M{"L".join([*forth, *back])}Z" {paint} fill-opacity="{SHADE}"/>'
    stroke = paint.replace('fill="', 'stroke="').replace('class="', 'class="l ')
    return (
        f'<path d="M{"L".join(forth)}" {stroke} fill="none" stroke-width="2.5"'
        f' stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
    )


def _dash(own: Spec, series: str) -> str:
    scale = own["strokeDash"]["scale"]
    long, gap = scale["range"][scale["domain"].index(series)]
    return f' stroke-dasharray="{long} {gap}"' if gap else ""


def _unbroken(points: list[Any]) -> Iterator[list[Any]]:
    run: list[Any] = []
    for point in points:
        if point[1] is None or point[2] is None:
            if run:
                yield run
            run = []
        else:
            run.append(point)
    if run:
        yield run


def _grid_down(scale: Scale, down: int, spec: Spec, lang: Lang) -> Iterator[str]:
    """Draw the lines of a scale that lies across, with its numbers and its unit under them."""
    unit, ticks = _unit(spec), scale.ticks()
    for tick in ticks:
        at = scale.at(tick)
        yield _line(at, 0, at, down)
        anchor = "end" if at > 90 else "start" if at < 10 else "middle"
        text = decimal_text(tick, scale.digits(), lang)
        if unit == "%" and tick == ticks[-1]:
            text += " %"
        yield _text(f"{at:.2f}%", down + 15, text, fill=SOFT, anchor=anchor, size=12)
    if len(unit) > 1:
        yield _text("100%", down + 31, unit, fill=SOFT, anchor="end", size=12)


def _unit(spec: Spec) -> str:
    return str(spec["layer"][0]["encoding"]["x"].get("title") or "")


def _grid_across(up: Scale, height: Any, lang: Lang) -> Iterator[str]:
    for tick in up.ticks():
        yield _line(0, height(tick), 100, height(tick))
        yield _text(
            "0", height(tick) - 4, decimal_text(tick, up.digits(), lang), fill=SOFT, size=12
        )


def _ends(time: Scale, own: Spec) -> Iterator[str]:
    """Write the years under a chart over time."""
    years = range(math.ceil(time.low / 12), math.floor(time.high / 12) + 1)
    step = 1 if len(years) <= 6 else 2 if len(years) <= 10 else 3
    for year in years:
        at = time.at(year * 12)
        if own["x"]["type"] == "temporal":
            yield _line(at, _TALL, at, _TALL + 5)
        if not (years[-1] - year) % step:
            anchor = "end" if at > 95 else "start" if at < 5 else "middle"
            yield _text(f"{at:.2f}%", _TALL + 18, str(year), fill=SOFT, anchor=anchor, size=12)


def _scale(spec: Spec, name: str) -> Scale:
    """Return the scale that the specification sets, or one that holds every number."""
    fields = []
    for layer in spec["layer"]:
        own = layer["encoding"]
        fields += [own[each]["field"] for each in (name, f"{name}2") if each in own]
        if low_high := own.get(name, {}).get("scale", {}).get("domain"):
            return Scale(*low_high)
    rows = spec["data"]["values"]
    values = [row[field] for row in rows for field in fields if row.get(field) is not None]
    if any(layer["encoding"].get(name, {}).get("stack") for layer in spec["layer"]):
        category = spec["encoding"]["y"]["field"]
        values = list(sums(rows, category, fields[0]).values())
    top = max([*values, 0]) or 1
    return Scale(min([*values, 0]), top)


def sums(rows: Rows, category: str, field: str) -> dict[str, float]:
    """Return the length of each bar whose parts lie after each other."""
    found: dict[str, float] = {}
    for row in rows:
        found[row[category]] = found.get(row[category], 0.0) + row[field]
    return found


def _moment(value: str | int) -> float:
    """Return a year or a day as months."""
    if isinstance(value, int):
        return value * 12
    day = date.fromisoformat(value)
    return day.year * 12 + day.month - 1


def _paint(spec: Spec, row: dict[str, Any]) -> str:
    own = spec["encoding"]["color"]
    place = own["scale"]["domain"].index(row[own["field"]])
    colour = own["scale"]["range"][place]
    return f'class="c-{colour[1:]}" fill="{colour}"'


def _bar(begin: float, end: float, middle: float, paint: str) -> str:
    wide = max(end - begin, 0.15)
    return f'<rect x="{begin:.2f}%" y="{middle - 4:.1f}" width="{wide:.2f}%" height="8" {paint}/>'


def _dot(at: float, middle: float, paint: str) -> str:
    return (
        f'<circle cx="{at:.2f}%" cy="{middle:.1f}" r="5" {paint} stroke="{GROUND}"'
        ' stroke-width="1.5"/>'
    )


def _line(left: float, top: float, right: float, bottom: float) -> str:
    return (
        f'<line class="grid" x1="{left:.2f}%" y1="{top:.1f}" x2="{right:.2f}%" y2="{bottom:.1f}"'
        f' stroke="{LINE}"/>'
    )


def _text(
    across: str,
    down: float,
    text: str,
    *,
    fill: str = INK,
    anchor: str = "start",
    weight: int = 400,
    size: int = 13,
) -> str:
    tone = "soft" if fill == SOFT else "ink"
    return (
        f'<text class="{tone}" x="{across}" y="{down:.1f}" fill="{fill}" text-anchor="{anchor}"'
        f' font-weight="{weight}" font-size="{size}">{escape(text)}</text>'
    )


def _hatch(name: str) -> str:
    return (
        f'<pattern id="{name}-h" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="3" height="6" fill="{GROUND}"'
        ' fill-opacity="0.65"/></pattern>'
    )


def _round_step(step: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, at least this."""
    power: float = 10 ** math.floor(math.log10(step))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= step - 1e-12)
