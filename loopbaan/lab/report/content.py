"""What a report is made of, before it is a page, a sheet of paper or a folder of tables.

Every table keeps its raw figures, so that CSV and Parquet hold what the page rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

from loopbaan.law.wording import Lang, number_text

Kind = Literal["text", "count", "decimal", "percent"]
Spec = Mapping[str, Any]

MINUS, DASH, THIN = "\u2212", "\u2013", "\u202f"
LEFT_OUT = "*"  # a number that would tell of few people
ENDS = ("_low", "_high")


@dataclass(frozen=True)
class Band:
    """A figure with the ends of its 80 % band; without ends, that of a single run."""

    central: float
    low: float | None = None
    high: float | None = None

    def text(self, lang: Lang, digits: int = 0) -> str:
        """Return the figure, and its band in brackets."""
        middle = decimal_text(self.central, digits, lang)
        if self.low is None or self.high is None:
            return middle
        if all(decimal_text(end, digits, lang) == middle for end in (self.low, self.high)):
            return middle
        return f"{middle} ({self.ends(lang, digits)})"

    def ends(self, lang: Lang, digits: int = 0) -> str:
        """Return both ends: 30–43, or in words where one is below zero."""
        if self.low is None or self.high is None:
            return ""
        ends = [decimal_text(end, digits, lang) for end in (self.low, self.high)]
        below = min(self.low, self.high) < 0
        return {"nl": " tot ", "en": " to "}[lang].join(ends) if below else DASH.join(ends)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, its head, and how its values are written.

    `empty` stands where no value is. A column with a band has its ends in two more columns of the
    frame, and they are written in brackets; with -2 digits in whole hundreds.
    """

    name: str
    label: str
    kind: Kind = "count"
    digits: int = 0
    has_band: bool = False
    empty: str = DASH

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the frame: the value, and the ends of its band."""
        return tuple(f"{self.name}{end}" for end in ("", *(ENDS if self.has_band else ())))


@dataclass(frozen=True)
class Table:
    """A table under a chart. `frame` holds the raw figures, `columns` those that are shown."""

    name: str
    caption: str
    frame: pl.DataFrame
    columns: tuple[Column, ...]

    def cells(self, lang: Lang) -> list[list[str]]:
        """Return the rows as they are shown."""
        return [
            [written(row[each.name], each, lang, _ends(row, each)) for each in self.columns]
            for row in self.frame.to_dicts()
        ]


@dataclass(frozen=True)
class Chart:
    """A chart as Vega-Lite, with a title, what it shows in words, and its legend: word, colour."""

    name: str
    title: str
    told: str
    spec: Spec
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Exhibit:
    """A chart, if there is one, the table under it, and what must be said with both.

    `marks` are short and stand on top; `notes` stand under the table. What is `aside` is folded
    away until asked for.
    """

    table: Table
    chart: Chart | None = None
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    aside: bool = False

    @property
    def drawn(self) -> Chart | None:
        """The chart with its marks in what it says of itself: they go where it goes."""
        if self.chart is None or not self.marks:
            return self.chart
        words = ", ".join(self.marks)
        told = f"{self.chart.told} ({words})"
        title = {"text": self.chart.title, "subtitle": words}
        spec = {**self.chart.spec, "title": title, "description": told}
        return replace(self.chart, told=told, spec=spec)


@dataclass(frozen=True)
class Section:
    """A part of the report under one heading."""

    key: str
    title: str
    told: tuple[str, ...]
    exhibits: tuple[Exhibit, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headline:
    """One of the three numbers: the number, what it is, its band, and what must be said with it."""

    number: str
    what: str
    band: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """One report, in one language. `onepage` is what a minister reads."""

    lang: Lang
    title: str
    subtitle: str
    sentence: str
    headlines: tuple[Headline, ...]
    hit: Section
    matters: Section
    unknown: Section
    again: tuple[tuple[str, str], ...]
    command: str
    sections: tuple[Section, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    def exhibits(self) -> Sequence[Exhibit]:
        """Return every chart and table, in the order in which they stand."""
        parts = (self.hit, self.matters, self.unknown, *self.sections)
        return [exhibit for part in parts for exhibit in part.exhibits]


def written(value: Any, column: Column, lang: Lang, ends: Sequence[float] = ()) -> str:
    """Return a value as it is written in Flanders, or in English."""
    if value is None:
        return column.empty
    if column.kind == "text":
        return str(value)
    band = Band(*(round(each, column.digits) for each in (value, *ends)))
    return band.text(lang, max(column.digits, 0)) + _unit(column)


def _unit(column: Column) -> str:
    return f"{THIN}%" if column.kind == "percent" else ""


def _ends(row: Mapping[str, Any], column: Column) -> Sequence[float]:
    _, *ends = (row[name] for name in column.names)
    return () if None in ends else ends


def decimal_text(number: float, digits: int, lang: Lang) -> str:
    """Return a number with so many decimals: 1.234,5 or 1,234.5."""
    whole, _, rest = f"{abs(number):.{digits}f}".partition(".")
    text = number_text(int(whole), lang)
    if rest:
        text += {"nl": ",", "en": "."}[lang] + rest
    is_zero = not int(whole) and not rest.strip("0")
    return text if number >= 0 or is_zero else MINUS + text
