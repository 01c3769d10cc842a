"""`loopbaan law`: the numbers in force on a day, with their sources. Runs without NumPy."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from loopbaan.command.asking import Asker, a_day, ask_days, asker, check_reading, today
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import (
    LINE,
    Line,
    Number,
    RulebookError,
    UnreadableFile,
    line_of,
    nearest,
)
from loopbaan.law.policy import BOUNDS
from loopbaan.law.rulebook import Rulebook, UnknownLaw
from loopbaan.law.values import value_text
from loopbaan.law.wording import Lang, day_text

EPILOG = """\
examples:
  loopbaan law                                   the numbers of today
  loopbaan law --on 2025-03-02 --known-on 2025-03-02
                                                 as somebody knew them that day: no cap yet
  loopbaan law --diff 2025-10-31 2025-11-01      what changed that night
  loopbaan law --history share_cents             one number through time
  loopbaan law --check draft.yaml                a draft of policy.yaml, before it counts

Grades: A official text, B reputable secondary, C weak, D assumption. Exit code 2: bad input.
"""


def run(arguments: Sequence[str]) -> int:
    """Print what was asked of the law."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.check is not None:
        return _check(asked.check)
    rulebook = rulebooks.current()
    check_reading(parser, rulebook, asked.reading)
    if asked.release:
        print(f"kept as {rulebooks.release(rulebook).name}")
        return 0
    if asked.history is not None:
        return _history(parser, rulebook, asked.history, asked.lang, asked.json)
    on = asked.on or today()
    try:
        if asked.diff is not None:
            first, second = (_numbers(rulebook, day, asked) for day in asked.diff)
            _print_diff(rulebook, first, second, asked)
        elif asked.json:
            print(json.dumps(_numbers(rulebook, on, asked), ensure_ascii=False, indent=1))
        else:
            _print_numbers(rulebook, on, asked)
    except UnknownLaw as error:
        parser.error(str(error))
    return 0


def _parser() -> Asker:
    parser = asker("law", "The numbers of the scheme in force on a day, with sources.", EPILOG)
    ask_days(parser, "the day (default: today)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--diff", nargs=2, metavar="DAY", type=a_day, help="what changed between two")
    what.add_argument(
        "--history",
        metavar="KEY",
        help="one number through time; `loopbaan law` lists the keys, first in each line",
    )
    what.add_argument("--check", metavar="FILE", type=Path, help="check a draft policy file")
    what.add_argument(
        "--release",
        action="store_true",
        help="keep the rulebook under its hash (after a change of policy.yaml)",
    )
    parser.add_argument(
        "--lang", choices=("nl", "en"), default="en", help="of the words (default: en)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _numbers(rulebook: Rulebook, on: date, asked: Any) -> dict[str, Any]:
    known_on = asked.known_on or on
    rulebook.on(on, known_on, asked.reading)
    numbers = {}
    for key, number in rulebook.numbers.items():
        line = rulebook.line(key, on, known_on, asked.reading)
        numbers[key] = _number(number, line)
    return {
        "on": on.isoformat(),
        "known_on": known_on.isoformat(),
        "reading": asked.reading,
        "rulebook_hash": rulebook.hash,
        "numbers": numbers,
    }


def _number(number: Number, line: Line | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": None, "unit": number.unit}
    if number.vat_included is not None:
        shown["vat_included"] = number.vat_included
    if line is None:
        return shown | {"from": None, "announced": None, "source": [], "grade": None}
    shown |= {
        "value": line.value.isoformat() if isinstance(line.value, date) else line.value,
        "from": line.since.isoformat(),
        "announced": line.announced.isoformat() if line.announced else "unknown",
        "source": list(line.source),
        "grade": line.grade,
        "open": line.is_open,
    }
    for name in ("reading", "text", "article", "note"):
        if getattr(line, name) is not None:
            shown[name] = getattr(line, name)
    return shown


def _print_numbers(rulebook: Rulebook, on: date, asked: Any) -> None:
    lang: Lang = asked.lang
    known_on = asked.known_on or on
    policy = rulebook.on(on, known_on, asked.reading)
    known = {"nl": "zoals gekend op", "en": "as known on"}[lang]
    reading = {"nl": "lezing", "en": "reading"}[lang]
    print(f"{day_text(on, lang)}, {known} {day_text(known_on, lang)}, {reading} {asked.reading}")
    print(f"rulebook {policy.rulebook_hash}\n")
    for key, number in rulebook.numbers.items():
        line = rulebook.line(key, on, known_on, asked.reading)
        words = number.nl if lang == "nl" else number.en
        shown = value_text(number, line.value if line else None, lang)
        origin = _origin(line) if line else ""
        print(f"{key:<33} {shown:<22} {origin}".rstrip() + f"\n    {words}")


def _origin(line: Line) -> str:
    mark = ", open" if line.is_open else ""
    return f"from {line.since}  {line.grade}{mark}  {' '.join(line.source)}"


def _print_diff(
    rulebook: Rulebook, first: dict[str, Any], second: dict[str, Any], asked: Any
) -> None:
    changed = {
        key: {"before": before, "after": second["numbers"][key]}
        for key, before in first["numbers"].items()
        if before["value"] != second["numbers"][key]["value"]
    }
    if asked.json:
        days = [{name: each[name] for name in ("on", "known_on")} for each in (first, second)]
        shown = {"days": days, "reading": asked.reading, "rulebook_hash": rulebook.hash}
        print(json.dumps(shown | {"changed": changed}, ensure_ascii=False, indent=1))
        return
    if not changed:
        print(f"no number differs between {first['on']} and {second['on']}")
    lines = {
        key: [rulebook.line(key, day, asked.known_on or day, asked.reading) for day in asked.diff]
        for key in changed
    }
    for key, (before, after) in lines.items():
        number = rulebook.numbers[key]
        texts = [
            value_text(number, each.value if each else None, asked.lang) for each in (before, after)
        ]
        print(f"{key:<33} {texts[0]} → {texts[1]}   {_origin(after) if after else ''}")


def _history(parser: Asker, rulebook: Rulebook, key: str, lang: Lang, as_json: bool) -> int:
    if key not in rulebook.numbers:
        parser.error(f"there is no number {key!r}{nearest(key, rulebook.numbers)}")
    number = rulebook.numbers[key]
    if as_json:
        lines = [_number(number, line) for line in number.lines]
        print(json.dumps({"key": key, "rulebook_hash": rulebook.hash, "lines": lines}, indent=1))
        return 0
    print(f"{key}: {number.nl if lang == 'nl' else number.en}")
    if number.note:
        print(f"  {number.note}")
    for line in number.lines:
        shown = value_text(number, line.value, lang)
        announced = f"announced {line.announced or 'unknown'}"
        reading = f", reading {line.reading}" if line.reading else ""
        text = f"  from {line.since}, {announced:<21} {shown:<22} {line.grade}"
        print(f"{text}{', open' if line.is_open else ''}  {' '.join(line.source)}{reading}")
        if line.note:
            print(f"      {line.note}")
    for code in sorted({code for line in number.lines for code in line.source}):
        source = rulebook.content["sources"][code]
        print(f"  {code} (grade {source['grade']}, {source['date']}): {source['url']}")
    return 0


def _check(path: Path) -> int:
    try:
        draft = rulebooks.load(path)
        if faults := rulebooks.faults_between_numbers(draft):
            raise RulebookError(f"{path}: {fault}" for fault in faults)
    except (UnreadableFile, RulebookError) as error:
        parser = asker("law", "")
        faults = str(error).splitlines()
        print(*faults, sep="\n", file=sys.stderr)
        print(
            f"{parser.prog}: {len(faults)} fault{'s'[: len(faults) > 1]} in {path}", file=sys.stderr
        )
        return 2
    print(f"{path}: no fault in {len(draft.numbers)} numbers; rulebook {draft.hash}")
    for change in _changes(draft):
        print(f"  {change}")
    return 0


def _changes(draft: Rulebook) -> Iterator[str]:
    """Yield what a draft changes in the released rulebook that has most lines in common with it.

    Released ones are compared as they were written: the law of their day may have had less numbers.
    """
    if (rulebooks.RELEASED / f"{draft.hash}.json").exists():
        yield "the same as a released rulebook"
        return
    released = [json.loads(path.read_text("utf-8")) for path in rulebooks.RELEASED.glob("*.json")]
    if not released:
        yield "no rulebook was released yet, so there is nothing to compare with"
        return
    lines, words = _raw_lines(draft.content), _raw_words(draft.content)
    before = max(released, key=lambda each: len(lines & _raw_lines(each)))
    were, said = _raw_lines(before), _raw_words(before)
    for mark, key, raw in sorted(
        [("gone", *each) for each in were - lines] + [("new", *each) for each in lines - were],
        key=lambda each: (each[1], json.loads(each[2])["from"], each[0]),
    ):
        line = line_of(json.loads(raw), BOUNDS[key].unit)
        shown = value_text(draft.numbers[key], line.value, "en")
        announced = f", announced {line.announced or 'unknown'}"
        note = f"  ({line.note})" if line.note else ""
        yield f"{mark}: {key} {shown}  {_origin(line)}{announced}{note}"
    for place in sorted({place for place, _ in words ^ said}):
        yield f"other words: {place}"


def _raw_words(content: dict[str, Any]) -> set[tuple[str, str]]:
    """Return all that is no line, by its place in the file."""
    return {
        (f"{part}.{code}.{name}", json.dumps(value))
        for part, entries in content.items()
        for code, entry in entries.items()
        for name, value in entry.items()
        if name != "lines"
    }


def _raw_lines(content: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (key, json.dumps(line))
        for key, number in content["numbers"].items()
        for line in (
            {name: line[name] for name in LINE if name in line} for line in number["lines"]
        )
    }
