"""Specifications of charts, in Vega-Lite: a lasting format that others can draw again."""

from collections.abc import Mapping, Sequence
from typing import Any

from loopbaan.lab.report.content import Chart

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
# The page's own colours: told apart by those who see no red or green, and in grey.
SERIES = ("#0a5560", "#c77700", "#36458c", "#98281b", "#4c5864")
FATES = ("#0a5560", "#c77700", "#98281b", "#4c5864", "#9aa4ad")
WAITS = ("#063d46", "#0a5560", "#4d9aa3", "#a9ccd0", "#c77700", "#98281b")
DOTS = "#1b2530"
SHADE = 0.13  # of a band over time: three of them upon each other still let the lines through
CLOSE = 10  # pixels a row, where rows have no words of their own
_WIDE = 480

Values = Sequence[Mapping[str, Any]]


def bands(
    name: str,
    title: str,
    told: str,
    values: Values,
    *,
    unit: str,
    domain: tuple[float, float] | None = None,
    is_close: bool = False,
) -> Chart:
    """Return a dot and a band for each category and series.

    Each value has category, series, central, low and high (either may be empty) and a label. Many
    categories are drawn close: the series are told apart by the legend, and the table has the rest.
    """
    series = _series(values, "series")
    x = _across("central", unit, domain)
    spec = _spec(
        title,
        told,
        values,
        {
            "y": _nominal("category"),
            "yOffset": _nominal("series"),
            "color": _colour("series", series, SERIES),
        },
        [
            _layer("rule", {"x": _across("low", unit, domain), "x2": {"field": "high"}}, 8),
            _layer("point", {"x": x}),
        ],
        height={"step": CLOSE if is_close else 20},
    )
    legend = tuple(zip(series, SERIES, strict=False)) if is_close else ()
    return Chart(name, title, told, spec, legend)


def parts(
    name: str,
    title: str,
    told: str,
    values: Values,
    colours: Sequence[str],
    *,
    unit: str,
    domain: tuple[float, float] | None = None,
) -> Chart:
    """Return bars whose parts lie after each other.

    Each value has category, part, value, a label of its row, and whether it is hatched.
    """
    names = _series(values, "part")
    x = {**_across("value", unit, domain), "stack": "zero"}
    spec = _spec(
        title,
        told,
        values,
        {"y": _nominal("category"), "color": _colour("part", names, colours)},
        [_layer("bar", {"x": x})],
        height={"step": 24},
    )
    return Chart(name, title, told, spec, tuple(zip(names, colours, strict=False)))


def lines(
    name: str,
    title: str,
    told: str,
    values: Values,
    *,
    unit: str,
    dots: bool = False,
) -> Chart:
    """Return a line for each series over months (ISO days) or years, with gaps where nothing is.

    With `dots`, `seen` of a value is drawn as a point: what was counted, where it was.
    """
    series = _series(values, "series")
    is_years = bool(values) and isinstance(values[0]["when"], int)
    kind = "quantitative" if is_years else "temporal"
    x: dict[str, Any] = {"field": "when", "type": kind, "title": None}
    if is_years:
        x |= {"axis": {"format": "d"}, "scale": {"zero": False}}
    layers = [_layer("line", {"y": _up("value", unit)})]
    if any(value.get("low") is not None for value in values):
        layers.insert(0, _layer("area", {"y": _up("low", unit), "y2": {"field": "high"}}))
    if dots:
        seen = _layer("point", {"y": _up("seen", unit)})
        layers.append(seen)
    spec = _spec(
        title,
        told,
        values,
        {
            "x": x,
            "color": _colour("series", series, SERIES),
            "strokeDash": {
                "field": "series",
                "scale": {"domain": series, "range": _dashes(len(series))},
            },
        },
        layers,
        height=200,
    )
    legend = tuple(zip(series, SERIES, strict=False))
    return Chart(name, title, told, spec, legend if len(series) > 1 else ())


def _spec(
    title: str,
    told: str,
    values: Values,
    encoding: Mapping[str, Any],
    layers: list[dict[str, Any]],
    *,
    height: Any,
) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": told,
        "width": _WIDE,
        "height": height,
        "data": {"values": [dict(value) for value in values]},
        "encoding": dict(encoding),
        "layer": layers,
    }


def _layer(mark: str, encoding: Mapping[str, Any], stroke: int | None = None) -> dict[str, Any]:
    looks: dict[str, Any] = {"type": mark}
    if stroke:
        looks |= {"strokeWidth": stroke, "opacity": 0.4}
    if mark == "area":
        looks |= {"opacity": SHADE}
    if mark == "point":
        looks |= {"filled": True, "size": 80}
    return {"mark": looks, "encoding": dict(encoding)}


def _across(field: str, unit: str, domain: tuple[float, float] | None) -> dict[str, Any]:
    found: dict[str, Any] = {"field": field, "type": "quantitative", "title": unit}
    return {**found, "scale": {"domain": list(domain)}} if domain else found


def _up(field: str, unit: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": unit}


def _nominal(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "sort": None, "title": None}


def _colour(field: str, names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    used = [colours[place % len(colours)] for place in range(len(names))]
    return {
        "field": field,
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names), "range": used},
    }


def _dashes(count: int) -> list[list[int]]:
    """Return how lines are dashed, so that one that lies on another does not hide it."""
    return [[[1, 0], [7, 5], [2, 4], [10, 4]][place % 4] for place in range(count)]


def _series(values: Values, field: str) -> list[str]:
    return list(dict.fromkeys(value[field] for value in values))
