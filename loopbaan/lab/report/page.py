"""A report as one HTML file: nothing is fetched, nothing is run, and it prints."""

import json
from html import escape
from pathlib import Path

from loopbaan.lab.report import drawing
from loopbaan.lab.report.content import Chart, Exhibit, Headline, Report, Section, Table
from loopbaan.lab.report.words import WORDS
from loopbaan.law.wording import Lang

THEME, STYLE = (Path(__file__).with_name(name) for name in ("theme.css", "report.css"))
LOGO = Path(__file__).with_name("logo.svg")


def html(report: Report) -> str:
    """Return the whole page."""
    words = WORDS[report.lang]
    body = "".join(
        (
            _front(report),
            *(_section(part, report.lang) for part in report.sections),
        )
    )
    return document(
        report.lang,
        title=f"{report.title} – {words['product']}",
        body=f'<main id="inhoud" tabindex="-1" class="wide">{body}</main>',
        looks=style(),
    )


def style() -> str:
    """Return the look of the site, and that of the report."""
    return THEME.read_text("utf-8") + STYLE.read_text("utf-8")


def document(
    lang: Lang, *, title: str, body: str, looks: str, script: str = "", kind: str = ""
) -> str:
    """Return a page around a body: the head, the band that says nobody is real, and the foot."""
    words = WORDS[lang]
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{looks}</style>\n</head>\n<body>\n"
        f'<header><a class="skip" href="#inhoud">{escape(words["skip"])}</a>\n'
        f'<div class="band"><p>{escape(words["invented"])}</p></div>\n'
        f'<div class="site"><div><span class="brand">{_logo()}{escape(words["product"])}</span>'
        f'<span class="soft">{escape(kind or words["kind"])}</span></div></div></header>\n{body}\n'
        f'<footer class="foot"><div><p>{escape(words["foot"])}</p></div></footer>\n'
        f"{f'<script>{script}</script>' if script else ''}</body>\n</html>\n"
    )


def table(content: Table, lang: Lang, *, caption: str = "") -> str:
    """Return a table that can be scrolled by hand and by key, its first column as row heads."""
    numbers = [column.kind != "text" for column in content.columns]
    heads = "".join(
        f'<th scope="col"{_right(is_number)}>{escape(column.label) or "&nbsp;"}</th>'
        if column.label
        else "<td></td>"
        for column, is_number in zip(content.columns, numbers, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(cells[0])}</th>'
        + "".join(
            f"<td{_right(is_number)}>{escape(cell)}</td>"
            for cell, is_number in zip(cells[1:], numbers[1:], strict=True)
        )
        + "</tr>"
        for cells in content.cells(lang)
    )
    name = f"{content.name}-table"
    return (
        f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0"><table>'
        f'<caption><span id="{name}">{escape(caption or content.caption)}</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def exhibit(content: Exhibit, lang: Lang) -> str:
    """Return a chart, its marks, its table, what must be said, and the data to draw it again."""
    words = WORDS[lang]
    marks = "".join(f'<span class="tag act">{escape(mark)}</span> ' for mark in content.marks)
    inner = ""
    chart = content.drawn
    if chart:
        legend = "".join(
            f'<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14"'
            f' rx="3" class="c-{colour[1:]}" fill="{colour}"/></svg> {escape(word)}</li>'
            for word, colour in chart.legend
        )
        legend = f'<ul class="legend">{legend}</ul>' if legend else ""
        inner += (
            f"<figure><figcaption><strong>{escape(chart.title)}</strong> {marks}</figcaption>"
            f"{legend}{drawing.svg(chart, lang)}</figure>"
        )
    elif marks:
        inner += f"<p>{marks}</p>"
    inner += table(content.table, lang)
    inner += "".join(f'<p class="soft">{escape(note)}</p>' for note in content.notes)
    if chart:
        spec = json.dumps(chart.spec, ensure_ascii=False, separators=(",", ":"))
        inner += (
            f'<details class="spec"><summary>{escape(words["spec"])}</summary>'
            f'<pre tabindex="0">{escape(spec, quote=False)}</pre></details>'
        )
    if content.aside:
        told = escape(content.table.caption)
        return f'<details class="aside"><summary>{told}</summary>{inner}</details>'
    return inner


def _front(report: Report) -> str:
    """Return the minister's one page."""
    words, lang = WORDS[report.lang], report.lang
    again = "".join(
        f'<div><dt>{escape(name)}</dt><dd class="copy">{escape(value)}</dd></div>'
        for name, value in report.again
    )
    hit = report.hit.exhibits[0]
    marks = "".join(f'<span class="tag act">{escape(mark)}</span> ' for mark in hit.marks)
    return (
        f'<div class="onepage"><p class="kind" data-invented=". {escape(words["invented"])}">'
        f"{escape(words['one_page'])}</p>"
        f'<h1>{escape(report.title)}</h1><p class="soft">{escape(report.subtitle)}</p>'
        f'<p class="sentence">{escape(report.sentence)}</p>'
        f'<ul class="numbers">{"".join(map(_headline, report.headlines))}</ul>'
        f'<section aria-labelledby="hit"><h2 id="hit">{escape(report.hit.title)}</h2>'
        f"<p>{escape(report.hit.told[0])} {marks}</p>"
        f"{_drawn(hit.drawn, lang)}"
        f"{''.join(f'<p class=soft>{escape(note)}</p>' for note in hit.notes)}</section>"
        f'<div class="two"><section aria-labelledby="matters">'
        f'<h2 id="matters">{escape(report.matters.title)}</h2>'
        f"{''.join(f'<p>{escape(text)}</p>' for text in report.matters.told)}</section>"
        f'<section aria-labelledby="unknown"><h2 id="unknown">{escape(report.unknown.title)}</h2>'
        f"{_list(report.unknown)}</section></div>"
        f'<section aria-labelledby="again"><h2 id="again">{escape(words["again"])}</h2>'
        f'<p>{escape(words["again_told"])}</p><dl class="facts stamps">{again}</dl>'
        f'<p class="soft">{escape(size_text(report))}</p>'
        f'<p class="digits copy">{escape(report.command)}</p></section></div>'
    ) + table(hit.table, lang)


def _drawn(chart: Chart | None, lang: Lang) -> str:
    if chart is None:
        return ""
    return (
        f"<figure><figcaption><strong>{escape(chart.title)}</strong></figcaption>"
        f"{drawing.svg(chart, lang)}</figure>"
    )


def _section(part: Section, lang: Lang) -> str:
    told = "".join(f"<p>{escape(text)}</p>" for text in part.told)
    return (
        f'<section class="part" aria-labelledby="{part.key}"><h2 id="{part.key}">'
        f"{escape(part.title)}</h2>{told}"
        f"{''.join(exhibit(each, lang) for each in part.exhibits)}{_list(part)}</section>"
    )


def _headline(each: Headline) -> str:
    note = f"<small>{escape(each.note)}</small>" if each.note else ""
    return (
        f'<li><strong class="number">{escape(each.number)}</strong>'
        f'<span class="what">{escape(each.what)}</span>'
        f'<span class="ends">{escape(each.band)}</span>{note}</li>'
    )


def _list(part: Section) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in part.listed)
    return f"<ul>{items}</ul>" if items else ""


def size_text(report: Report) -> str:
    """Return how many workers and runs stand behind a report."""
    from_all = 100 * float(report.about["share"])
    percent = f"{from_all:.4g}".replace(".", "," if report.lang == "nl" else ".")
    workers = int(report.about["workers"])
    text = f"{workers:,}".replace(",", "." if report.lang == "nl" else ",")
    return WORDS[report.lang]["size"].format(
        workers=text, percent=percent, runs=report.about["runs"]
    )


def _right(is_number: bool) -> str:
    return ' class="right"' if is_number else ""


def _logo() -> str:
    drawn = LOGO.read_text("utf-8").strip()
    return drawn.replace("<svg ", '<svg width="32" height="32" aria-hidden="true" ', 1)
