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
from loopbaan.lab.replay import A_MINUTE, DAY, MINUTES, MONTH, Course, Ends, Morning
from loopbaan.lab.report import again, page
from loopbaan.lab.report.content import Band, Column, Table, decimal_text
from loopbaan.lab.report.naming import laid_out, minutes_text
from loopbaan.lab.report.replay_words import WORDS
from loopbaan.lab.report.words import WORDS as REPORT_WORDS
from loopbaan.law.wording import Lang, number_text

STYLE = Path(__file__).with_name("replay.css")
SCRIPT = Path(__file__).with_name("replay.js")
BARS = ("low", "mid", "high", "screen", "no_screen")
RESERVED = "reserved-30"  # what is gone there is what is open to everybody
TOLD_MINUTES = (1.0, 3.0, 5.0, 7.5, 10.0, 15.0)
TENS = -1  # a count of a model is no more exact than that, and hides who is alone in a cell
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
    runs = words["runs"].format(runs=len(morning.seeds))
    stamps = "".join(
        f'<div><dt>{escape(name)}</dt><dd class="copy">{escape(value)}</dd></div>'
        for name, value in again.told(morning.about, morning.seeds, morning.commit, lang)
    )
    scenarios = page.table(again.table(morning.about, lang), lang)
    tag = f'<span class="tag act">{escape(words["assumed"])}</span>'
    mark = f"<p>{tag} {escape(words['direction'])}</p>"
    data = json.dumps(_data(morning, lang), separators=(",", ":"), ensure_ascii=False)
    body = (
        f'<main id="inhoud" tabindex="-1"><h1>{escape(words["title"])}</h1>'
        f'<p class="lead">{escape(words["lead"])}</p>'
        f'<p class="sentence">{escape(sentence(morning, lang))}</p>'
        f"{mark}{_control(words)}"
        f'<ul class="legend">{legend}<li class="soft">{escape(words["squares"])}</li></ul>'
        f'<div class="rules">{panels}</div>'
        f'<p class="soft">{escape(words["real"])} {escape(runs)}</p>'
        f'<section aria-labelledby="numbers"><h2 id="numbers">{escape(words["numbers"])}</h2>'
        f"{mark}{tables}</section>"
        f'<section aria-labelledby="how"><h2 id="how">{escape(words["how"])}</h2>'
        f"<p>{escape(words['method'])}</p><h3>{escape(words['again'])}</h3>"
        f'<p>{escape(REPORT_WORDS[lang]["again_told"])}</p><dl class="facts">{stamps}</dl>'
        f'<p class="digits copy">{escape(_command(morning, lang))}</p>'
        f"{scenarios}</section></main>"
        f'<script type="application/json" id="morning">{_safe(data)}</script>'
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
    seconds = round(tick / A_MINUTE * 60)
    return words["minutes"].format(minutes=seconds // 60, seconds=f"{seconds % 60:02}")


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
    gone = f"<p>{escape(_gone(rule, morning, lang))}</p>" if rule in morning.gone else ""
    given_text = words["given"].format(
        given=f"<strong data-given>{number_text(_total(course), lang)}</strong>",
        places=number_text(round(course.places), lang),
    )
    full = words["bars"].format(top=round(_top(morning)))
    wanted = morning.wanted[rule, "all"]
    line = words["in_line"].format(count=_rounded(wanted).text(lang))
    return (
        f'<section class="rule" data-rule="{rule}" aria-labelledby="r-{rule}">'
        f'<h2 id="r-{rule}">{escape(words[rule])}</h2><p>{escape(words[f"how_{rule}"])}</p>'
        f'<p class="state">{given_text}. <span class="soft">{escape(line)}.</span></p>'
        f"{_squares(course)}{gone}"
        f'<p class="soft">{escape(full)}:</p><ul class="bars">{bars}</ul></section>'
    )


def _gone(rule: str, morning: Morning, lang: Lang) -> str:
    """Return when the places were gone, in how many of the runs they were."""
    words, gone = WORDS[lang], morning.gone[rule]
    times = words["times"].format(times=gone.times, runs=gone.runs)
    if gone.ends is None:
        return times
    low, middle, high = gone.ends
    which = "gone_open" if rule == RESERVED else "gone"
    given = {"gone": minutes_text([middle], lang), "ends": minutes_text([low, high], lang)}
    return f"{times} {words[which].format(**given)}"


def _rounded(ends: Ends) -> Band:
    """Return the band of a count, in tens."""
    low, middle, high = (round(end, TENS) for end in ends)
    return Band(middle, low, high)


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
            tick, education = found[place]
            drawn.append(f'<rect data-tick="{tick}" class="e-{education}" {box}/>')
    wide, high = _ACROSS * (_SIDE + 2) - 2, rows * (_SIDE + 2) - 2
    return (
        f'<svg class="squares" viewBox="0 0 {wide} {high}" aria-hidden="true">'
        f"{''.join(drawn)}</svg>"
    )


def _bar(course: Course, line: str, morning: Morning, lang: Lang) -> str:
    words, top = WORDS[lang], _top(morning)
    low, middle, high = morning.bands[course.rule, line]
    left, wide = 100 * low / top, 100 * (high - low) / top
    drawn = f'<rect class="ends" x="{left:.1f}%" y="12" width="{wide:.1f}%" height="3"/>'
    text = escape(_of_100(course, line, morning, lang))
    return (
        f'<li><span>{escape(words[line])}</span> <b class="value" data-of="{line}"'
        f' data-end="{text}">{text}</b>'
        f'<svg width="100%" height="16" aria-hidden="true"><rect class="track" width="100%"'
        f' height="10"/><rect class="fill" data-line="{line}" height="10"'
        f' width="{100 * middle / top:.1f}%"/>{drawn}</svg></li>'
    )


def _top(morning: Morning) -> float:
    """Return what a full bar stands for: the largest end of a band, in whole tens."""
    ends = [end for (_, line), each in morning.bands.items() if line in BARS for end in each]
    return min(100.0, 10 * math.ceil(max([*ends, 10]) / 10))


def _table(course: Course, morning: Morning, lang: Lang) -> Table:
    words = WORDS[lang]
    ticks = [round(minutes * A_MINUTE) for minutes in TOLD_MINUTES]
    rows: list[tuple[Any, ...]] = []
    for line in replay.LINES:
        placed = course.placed_by(line)
        counts = (round(float(placed[tick]), TENS) for tick in (*ticks, DAY, MONTH))
        low, middle, high = morning.bands[course.rule, line]
        many = _rounded(morning.wanted[course.rule, line])
        wanted = (many.central, many.low, many.high)
        rows.append((words[line], *wanted, *counts, middle, low, high))
    minutes = [decimal_text(each, 0 if each == int(each) else 1, lang) for each in TOLD_MINUTES]
    columns = (
        Column("who", words["who"], "text"),
        Column("wanted", words["wanted"], has_band=True),
        *(
            Column(f"after_{each}", words["after"].format(minutes=text))
            for each, text in zip(TOLD_MINUTES, minutes, strict=True)
        ),
        Column("day", words["day"]),
        Column("month", words["month"]),
        Column("of_100", words["of_100"], "decimal", 0, has_band=True),
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
                "given": [int(round(float(each), TENS)) for each in course.placed_by("all")],
                "lines": {
                    line: [
                        round(float(part) * morning.of_100(course, line))
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
    low, middle, high = morning.bands[course.rule, line]
    return Band(middle, low, high).text(lang)


def _total(course: Course) -> int:
    return int(round(float(course.placed_by("all")[-1]), TENS))


def _command(morning: Morning, lang: Lang) -> str:
    own = float(morning.about[0]["share"])
    share = f" --share {own:g}" if own != 1 else ""
    return (
        f"loopbaan lab replay --seed {morning.seeds[0]} --seeds {len(morning.seeds)}{share}"
        f" --lang {lang} --out FILE.html"
    )


def _safe(data: str) -> str:
    """Return JSON that ends no script element."""
    return data.replace("<", "\\u003c")
