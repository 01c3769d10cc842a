"""The seven and a half minutes as one page: the end of the month stands there without a script.

A few lines of our own JavaScript make it move; nothing is fetched. The table has every figure.
"""

import json
import math
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import replay
from loopbaan.lab.replay import A_MINUTE, DAY, GROUPS, MINUTES, MONTH, Course, Morning
from loopbaan.lab.report import page
from loopbaan.lab.report.content import Column, Table, decimal_text
from loopbaan.lab.report.naming import laid_out
from loopbaan.lab.report.replay_words import WORDS
from loopbaan.lab.report.words import WORDS as REPORT_WORDS
from loopbaan.law.wording import Lang, number_text

STYLE = Path(__file__).with_name("replay.css")
SCRIPT = Path(__file__).with_name("replay.js")
BARS = ("low", "mid", "high", "screen", "no_screen")
TOLD_MINUTES = (1.0, 3.0, 5.0, 7.5, 10.0, 15.0)
STAMPS = ("seed", "commit", "rulebook", "population")
_ACROSS, _SIDE = 20, 14  # squares in a row, and their size


def html(morning: Morning, lang: Lang) -> str:
    """Return the whole page."""
    words = WORDS[lang]
    legend = "".join(
        f'<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="2"'
        f' class="e-{each}"/></svg> {escape(words[each])}</li>'
        for each in ("low", "mid", "high")
    )
    panels = "".join(_panel(course, morning, lang) for course in morning.courses)
    tables = "".join(page.table(_table(each, morning, lang), lang) for each in morning.courses)
    runs = words["runs"].format(runs=morning.runs) if morning.bands else words["no_band"]
    again = "".join(
        f"<div><dt>{escape(REPORT_WORDS[lang][name])}</dt>"
        f'<dd class="copy">{escape(str(morning.about[name]))}</dd></div>'
        for name in STAMPS
    )
    tag = f'<span class="tag act">{escape(words["assumed"])}</span>'
    mark = f"<p>{tag} {escape(words['direction'])}</p>"
    data = json.dumps(_data(morning, lang), separators=(",", ":"), ensure_ascii=False)
    body = (
        f'<main id="inhoud" tabindex="-1"><h1>{escape(words["title"])}</h1>'
        f'<p class="lead">{escape(words["lead"])}</p>'
        f'<p class="sentence">{escape(sentence(morning, lang))}</p>'
        f"{mark}{_control(words)}"
        f'<ul class="legend">{legend}<li class="soft">{escape(words["squares"])}'
        f" ({escape(words['dot'])})</li></ul>"
        f'<div class="rules">{panels}</div>'
        f'<p class="soft">{escape(words["real"])} {escape(runs)}</p>'
        f'<section aria-labelledby="numbers"><h2 id="numbers">{escape(words["numbers"])}</h2>'
        f"{mark}{tables}</section>"
        f'<section aria-labelledby="how"><h2 id="how">{escape(words["how"])}</h2>'
        f"<p>{escape(words['method'])}</p><h3>{escape(words['again'])}</h3>"
        f'<dl class="facts">{again}</dl>'
        f'<p class="digits copy">{escape(_command(morning, lang))}</p>'
        f'</section></main><script type="application/json" id="morning">{_safe(data)}</script>'
    )
    return page.document(
        lang,
        title=f"{words['title']} – {REPORT_WORDS[lang]['product']}",
        body=body,
        looks=page.style() + STYLE.read_text("utf-8"),
        script=SCRIPT.read_text("utf-8"),
        kind=words["kind"],
    )


def sentence(morning: Morning, lang: Lang) -> str:
    """Return in one sentence what a screen is worth under first come, and under a draw."""
    first, draw = (_course(morning, rule) for rule in ("cap-1000", "draw-1000"))
    return WORDS[lang]["sentence"].format(
        screen=_of_100(first, "screen", morning, lang),
        no_screen=_of_100(first, "no_screen", morning, lang),
        draw_screen=_of_100(draw, "screen", morning, lang),
        draw_no_screen=_of_100(draw, "no_screen", morning, lang),
    )


def clock(tick: int, lang: Lang) -> str:
    """Return the moment of a tick in words."""
    words = WORDS[lang]
    if tick >= DAY:
        return words["month" if tick == MONTH else "day"]
    return minutes_text(tick / A_MINUTE, lang)


def minutes_text(minutes: float, lang: Lang) -> str:
    """Return some minutes as minutes and seconds."""
    seconds = round(minutes * 60)
    return WORDS[lang]["minutes"].format(minutes=seconds // 60, seconds=f"{seconds % 60:02}")


def _control(words: dict[str, str]) -> str:
    """Return the scrubber; it stays hidden without a script."""
    return (
        f'<div class="control" id="control" hidden><button type="button" class="button" id="play"'
        f' data-pause="{escape(words["pause"])}">{escape(words["play"])}</button>'
        f'<div class="slide"><label for="tick">{escape(words["time"])}:'
        f' <output id="clock" for="tick">{escape(words["month"])}</output></label>'
        f'<input type="range" id="tick" min="0" max="{MONTH}" value="{MONTH}" step="1"'
        f' aria-describedby="keys"><span class="soft" id="keys">{escape(words["keys"])}</span>'
        "</div></div>"
    )


def _panel(course: Course, morning: Morning, lang: Lang) -> str:
    words, rule = WORDS[lang], course.rule
    bars = "".join(_bar(course, line, morning, lang) for line in BARS)
    gone = ""
    if course.gone is not None:
        ends = morning.gone.get(rule)
        given = {"gone": minutes_text(course.gone, lang)}
        if ends:
            given |= dict(
                zip(("low", "high"), (minutes_text(end, lang) for end in ends), strict=True)
            )
        gone = f"<p>{escape(words['gone_band' if ends else 'gone'].format(**given))}</p>"
    given_text = words["given"].format(
        given=f"<strong data-given>{number_text(_total(course), lang)}</strong>",
        places=number_text(round(course.places), lang),
    )
    full = words["bars"].format(top=round(_top(morning)))
    line = words["in_line"].format(count=number_text(round(course.wanted_by("all")), lang))
    return (
        f'<section class="rule" data-rule="{rule}" aria-labelledby="r-{rule}">'
        f'<h2 id="r-{rule}">{escape(words[rule])}</h2><p>{escape(words[f"how_{rule}"])}</p>'
        f'<p class="state">{given_text}. <span class="soft">{escape(line)}.</span></p>'
        f"{_squares(course)}{gone}"
        f'<p class="soft">{escape(full)}:</p><ul class="bars">{bars}</ul></section>'
    )


def _squares(course: Course) -> str:
    """Return a square for each ten places, in the order in which they are given."""
    found = course.squares()
    rows = -(-max(len(found), round(course.places) // replay.EACH) // _ACROSS)
    drawn = []
    for place in range(rows * _ACROSS):
        left, top = place % _ACROSS * (_SIDE + 2), place // _ACROSS * (_SIDE + 2)
        box = f'x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" rx="2"'
        drawn.append(f'<rect class="empty" {box}/>')
        if place < len(found):
            tick, group = found[place]
            education, at_screen = GROUPS[group]
            dot = (
                f'<circle cx="{left + _SIDE // 2}" cy="{top + _SIDE // 2}" r="2.4"/>'
                if at_screen
                else ""
            )
            drawn.append(f'<g data-tick="{tick}"><rect class="e-{education}" {box}/>{dot}</g>')
    wide, high = _ACROSS * (_SIDE + 2) - 2, rows * (_SIDE + 2) - 2
    return (
        f'<svg class="squares" viewBox="0 0 {wide} {high}" aria-hidden="true">'
        f"{''.join(drawn)}</svg>"
    )


def _bar(course: Course, line: str, morning: Morning, lang: Lang) -> str:
    words, top = WORDS[lang], _top(morning)
    ends = morning.bands.get((course.rule, line))
    drawn = ""
    if ends:
        left, wide = 100 * ends[0] / top, 100 * (ends[2] - ends[0]) / top
        drawn = f'<rect class="ends" x="{left:.1f}%" y="12" width="{wide:.1f}%" height="3"/>'
    text = escape(_of_100(course, line, morning, lang))
    return (
        f'<li><span>{escape(words[line])}</span> <b class="value" data-of="{line}"'
        f' data-end="{text}">{text}</b>'
        f'<svg width="100%" height="16" aria-hidden="true"><rect class="track" width="100%"'
        f' height="10"/><rect class="fill" data-line="{line}" height="10"'
        f' width="{100 * morning.of_100(course, line) / top:.1f}%"/>{drawn}</svg></li>'
    )


def _top(morning: Morning) -> float:
    """Return what a full bar stands for: the largest share or end of a band, in whole tens."""
    ends = [end for (_, line), each in morning.bands.items() if line in BARS for end in each]
    shares = [morning.of_100(course, line) for course in morning.courses for line in BARS]
    return min(100.0, 10 * math.ceil(max([*ends, *shares, 10]) / 10))


def _table(course: Course, morning: Morning, lang: Lang) -> Table:
    words = WORDS[lang]
    ticks = [round(minutes * A_MINUTE) for minutes in TOLD_MINUTES]
    rows: list[tuple[Any, ...]] = []
    for line in replay.LINES:
        placed = course.placed_by(line)
        ends = morning.bands.get((course.rule, line))
        band = f"{ends[0]:.0f}–{ends[2]:.0f}" if ends else "–"
        counts = (float(placed[tick]) for tick in (*ticks, DAY, MONTH))
        middle = morning.of_100(course, line)
        rows.append((words[line], course.wanted_by(line), *counts, middle, band))
    minutes = [decimal_text(each, 0 if each == int(each) else 1, lang) for each in TOLD_MINUTES]
    columns = (
        Column("who", words["who"], "text"),
        Column("wanted", words["wanted"]),
        *(
            Column(f"after_{each}", words["after"].format(minutes=text))
            for each, text in zip(TOLD_MINUTES, minutes, strict=True)
        ),
        Column("day", words["day"]),
        Column("month", words["month"]),
        Column("of_100", words["of_100"], "decimal", 0),
        Column("band", words["band"], "text"),
    )
    caption = words["table"].format(rule=words[course.rule])
    return laid_out(f"t-{course.rule}", caption, rows, columns)


def _data(morning: Morning, lang: Lang) -> dict[str, Any]:
    """Return what the script needs: by rule and line, how many of 100 have a place by each tick."""
    return {
        "clocks": [clock(tick, lang) for tick in range(MONTH + 1)],
        "lang": lang,
        "minutes": MINUTES * A_MINUTE,
        "top": _top(morning),
        "rules": {
            course.rule: {
                "given": [round(float(each)) for each in course.placed_by("all")],
                "lines": {
                    line: [
                        round(float(part) * morning.of_100(course, line), 1)
                        for part in _parts(course, line)
                    ]
                    for line in BARS
                },
            }
            for course in morning.courses
        },
    }


def _parts(course: Course, line: str) -> NDArray[np.float64]:
    """Return, by tick, which part of those of a line who got a place had it by then."""
    placed = course.placed_by(line)
    return placed / max(float(placed[-1]), 1e-9)


def _course(morning: Morning, rule: str) -> Course:
    return next(course for course in morning.courses if course.rule == rule)


def _of_100(course: Course, line: str, morning: Morning, lang: Lang) -> str:
    text = decimal_text(morning.of_100(course, line), 0, lang)
    ends = morning.bands.get((course.rule, line))
    return f"{text} ({ends[0]:.0f}–{ends[2]:.0f})" if ends else text


def _total(course: Course) -> int:
    return round(float(course.placed_by("all")[-1]))


def _command(morning: Morning, lang: Lang) -> str:
    about = morning.about
    share = f" --share {about['share']:g}" if about["share"] != 1 else ""
    return (
        f"loopbaan lab replay --seed {about['seed']} --runs {morning.runs}{share} --lang {lang}"
        " --out FILE.html"
    )


def _safe(data: str) -> str:
    """Return JSON that ends no script element."""
    return data.replace("<", "\\u003c")
