"""Five questions, and a scenario is written: title, author, number, value, first day."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from loopbaan.lab import scenario
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import RulebookError, UnreadableFile, Value, day_of, nearest
from loopbaan.law.policy import BOUNDS
from loopbaan.law.values import value_text

Answer = TypeVar("Answer")

BAD = 2
YES, NO, NOTHING = ("true", "yes", "ja"), ("false", "no", "nee"), ("null", "none", "geen")
TEMPLATE = """\
# A difference from the law. With `announced: DAY` in the line people hear of it before it holds
# and can hurry; without, on the day itself. `loopbaan law` lists the numbers; see docs/lab.md.
title: {title}
author: {author}
source: hypothetical
policy:
  {key}:
    unit: {unit}
    lines:
      - {{from: {since}, value: {value}}}
"""


class _Ended(Exception):
    """The answers ended before the last question."""


def draft(path: Path) -> int:
    """Ask, and write the scenario; nothing is written if the answers end too soon."""
    if path.exists():
        raise UnreadableFile(f"{path}: is there already; name a new file")
    try:
        text = _ask()
    except _Ended:
        print("loopbaan lab new: the answers ended too soon; nothing is written", file=sys.stderr)
        return BAD
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    print(f"{path}: written; play it with loopbaan lab run {path} --share 0.01")
    return 0


def _ask() -> str:
    title = _answer("1. What is the measure called?", _text)
    author = _answer("2. Who proposes it?", _text)
    key = _answer("3. Which number changes? (`loopbaan law` lists them, such as share_cents)", _key)
    number = rulebooks.current().numbers[key]
    bounds = BOUNDS[key]
    may = " or ".join(bounds.words) or {"yes_no": "yes or no", "day": "a day"}.get(bounds.unit, "")
    may = may or f"{bounds.low} to {bounds.high}"
    ends = ", or none" if bounds.may_end else ""
    last = value_text(number, number.lines[-1].value, "en")
    value = _answer(
        f"4. {number.en}: to what? (in {bounds.unit}: {may}{ends}; last in the law: {last})",
        lambda text: _value(key, text),
    )
    since = _answer(
        "5. From which day on? (like 2026-03-01)", lambda text: _since(key, value, text)
    )
    return TEMPLATE.format(
        title=_quoted(title),
        author=_quoted(author),
        key=key,
        unit=bounds.unit,
        since=since,
        value=_written(value),
    )


def _answer(question: str, check: Callable[[str], Answer]) -> Answer:
    """Ask until an answer will do; each that will not is told why."""
    while True:
        print(question, end="\n> ", flush=True)
        line = sys.stdin.readline()
        if not line:
            print()
            raise _Ended
        if not sys.stdin.isatty():
            print(line.rstrip("\n"))
        try:
            return check(line.strip())
        except ValueError as error:
            print(f"{error}; please answer again", file=sys.stderr, flush=True)


def _text(text: str) -> str:
    if not text or not text.isprintable():
        raise ValueError("write a few words")
    return text


def _key(text: str) -> str:
    if text not in BOUNDS:
        raise ValueError(f"there is no number {text!r}{nearest(text, BOUNDS)}")
    return text


def _value(key: str, text: str) -> Value:
    """Return the value that an answer means, if the law would take it."""
    value: Value = text
    if text.lower() in NOTHING:
        value = None
    elif BOUNDS[key].unit == "yes_no" and text.lower() in YES + NO:
        value = text.lower() in YES
    elif text.lstrip("+-").isdecimal():
        value = int(text)
    _check(key, value, rulebooks.current().first_day.isoformat())
    return value


def _written(value: Value) -> str:
    """Return a value as the file has it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _since(key: str, value: Value, text: str) -> str:
    if day_of(text) is None:
        raise ValueError(f"{text!r} is no day; write it like 2026-03-01")
    _check(key, value, text)
    return text


def _check(key: str, value: Value, since: str) -> None:
    """Let the law check a line as if it stood in a scenario; its first fault is the answer."""
    line = {"from": since, "value": value}
    change = {"unit": BOUNDS[key].unit, "lines": [line]}
    content = {"title": "-", "author": "-", "source": "-", "policy": {key: change}}
    try:
        scenario.of(content, Path("-"))
    except RulebookError as error:
        fault = error.faults[0].removeprefix("-: ").removeprefix(f"policy.{key}, line 1: ")
        raise ValueError(fault) from None


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
