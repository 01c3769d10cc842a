"""A report on paper: tagged PDF (PDF/UA-1) by the typesetter that also makes the voucher."""

import functools
import json
from pathlib import Path
from typing import Any

import typst

from loopbaan.lab.report import drawing
from loopbaan.lab.report.content import Column, Exhibit, Report, Section
from loopbaan.lab.report.page import size_text
from loopbaan.lab.report.words import WORDS
from loopbaan.law.wording import Lang

TEMPLATE = Path(__file__).with_name("report.typ")
_SHORT, _LONG = 16, 60  # letters
_WIDE = 720  # units across a chart; the sheet is as wide


def pdf(report: Report) -> bytes:
    """Return the report as PDF. The same report gives the same bytes; nothing else is read."""
    return typst.compile(
        TEMPLATE,
        font_paths=_fonts(),
        sys_inputs={"report": json.dumps(_data(report), ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
    )


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _data(report: Report) -> dict[str, Any]:
    words, lang = WORDS[report.lang], report.lang
    return {
        "lang": lang,
        "title": report.title,
        "author": str(report.about["author"]),
        "invented": words["invented"],
        "subtitle": report.subtitle,
        "sentence": report.sentence,
        "headlines": [
            {"number": each.number, "what": each.what, "band": each.band, "note": each.note}
            for each in report.headlines
        ],
        "hit": _part(report.hit, lang),
        "matters": _part(report.matters, lang),
        "unknown": _part(report.unknown, lang),
        "again": {
            "title": words["again"],
            "told": words["again_told"],
            "stamps": [[name, value] for name, value in report.again],
            "size": size_text(report),
            "command": report.command,
        },
        "sections": [_part(part, lang) for part in report.sections],
    }


def _part(part: Section, lang: Lang) -> dict[str, Any]:
    return {
        "title": part.title,
        "told": list(part.told),
        "listed": list(part.listed),
        "exhibits": [_exhibit(each, lang) for each in part.exhibits],
    }


def _exhibit(each: Exhibit, lang: Lang) -> dict[str, Any]:
    drawn = each.drawn
    chart = drawn and {
        "title": drawn.title,
        "told": drawn.told,
        "legend": [list(item) for item in drawn.legend],
        "svg": drawing.svg(drawn, lang, wide=_WIDE),
    }
    columns, rows = each.table.columns, each.table.cells(lang)
    return {
        "chart": chart,
        "marks": list(each.marks),
        "notes": list(each.notes),
        "caption": each.table.caption,
        "heads": [column.label for column in columns],
        "right": [column.kind != "text" for column in columns],
        "wide": [
            _width(column, [row[place] for row in rows]) for place, column in enumerate(columns)
        ],
        "rows": rows,
    }


def _width(column: Column, cells: list[str]) -> int:
    """Return the share of the sheet that a column of long words takes; 0: as wide as it needs."""
    longest = max(map(len, cells), default=0)
    return min(longest, _LONG) if column.kind == "text" and longest > _SHORT else 0
