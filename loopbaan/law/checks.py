"""From the raw content of a policy file to its numbers, or to every fault in it, by key."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from loopbaan.law.policy import BOUNDS, LATER, Bounds

GRADES = ("A", "B", "C", "D")
DEFAULT_READING = "A"
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)

_TOP = ("texts", "sources", "numbers")
_TEXT = ("en", "nl")
_SOURCE = ("grade", "date", "url")
_NUMBER = ("en", "nl", "note", "unit", "vat_included", "lines")
LINE = (
    "from",
    "announced",
    "withdrawn",
    "value",
    "source",
    "grade",
    "open",
    "reading",
    "text",
    "article",
    "note",
)
_ARTICLE = re.compile(r"\b(?:art\.?|article|artikel)\s*\d", re.IGNORECASE)
_NUMERIC = "cents millicents_per_hour minutes days weeks months years count percent".split()

Value = int | bool | str | date | None


class RulebookError(ValueError):
    """The policy file cannot be used: each fault names its key and what is wrong."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class UnreadableFile(ValueError):
    """A file cannot be read; the message says which, where and why."""


@dataclass(frozen=True)
class Line:
    """One dated value of one number. `announced` is None where the day is unknown."""

    since: date
    announced: date | None
    withdrawn: date | None
    value: Value
    source: tuple[str, ...]
    grade: str
    is_open: bool
    reading: str | None
    text: str | None
    article: str | None
    note: str | None

    @property
    def known_since(self) -> date:
        """The day from which the line counts as known: an unknown announcement reads as `from`."""
        return self.announced or self.since

    @property
    def is_deviation(self) -> bool:
        """Whether the line holds under one reading only."""
        return self.reading not in (None, DEFAULT_READING)

    def holds_for(self, known_on: date, reading: str) -> bool:
        """Whether the line is known on that day, not withdrawn by then, and of this reading."""
        if self.withdrawn is not None and self.withdrawn <= known_on:
            return False
        return self.known_since <= known_on and (not self.is_deviation or self.reading == reading)


@dataclass(frozen=True)
class Number:
    """One number of the scheme through time, its lines in the order of their first day."""

    key: str
    en: str
    nl: str
    note: str | None
    unit: str
    vat_included: bool | None
    lines: tuple[Line, ...]


def numbers_of(content: Any, *, is_kept: bool = False) -> dict[str, Number]:
    """Return the checked numbers of a policy file's content.

    A rulebook that was kept may lack the numbers that came later.

    Raises:
        RulebookError: with every fault found, each naming its key (and line) and what was expected.

    """
    faults = list(_shape_faults(content))
    if faults:
        raise RulebookError(faults)
    faults += _reference_faults(content)
    numbers = {}
    for key, raw in content["numbers"].items():
        found = list(_number_faults(key, raw, content))
        faults += found
        if not found:
            numbers[key] = _number(key, raw)
    needed = BOUNDS.keys() - LATER if is_kept else BOUNDS
    faults += [
        f"numbers: the number {key} is missing"
        for key in BOUNDS
        if key in needed and key not in content["numbers"]
    ]
    first_day = min(
        (line.since for number in numbers.values() for line in number.lines), default=EARLIEST
    )
    first_news = min(
        (line.known_since for number in numbers.values() for line in number.lines),
        default=EARLIEST,
    )
    for number in numbers.values():
        faults += _time_faults(number, first_day, first_news)
    if faults:
        raise RulebookError(faults)
    return numbers


def nearest(word: object, known: Iterable[str]) -> str:
    """Return '; did you mean X?' for the nearest known word, or nothing."""
    found = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def day_of(text: Any) -> date | None:
    """Return the day that an ISO text names (2025-03-01), or None if there is no such day."""
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


def _shape_faults(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        yield "a policy file has the parts texts, sources and numbers; this one has no parts"
        return
    for part in _TOP:
        if not isinstance(content.get(part), dict) or not content[part]:
            yield f"{part}: missing or empty; a policy file has the parts texts, sources, numbers"
    for part in content:
        if part not in _TOP:
            yield f"{part}: unknown part{nearest(part, _TOP)}"


def _reference_faults(content: dict[str, Any]) -> Iterator[str]:
    for part, allowed in (("texts", _TEXT), ("sources", _SOURCE)):
        for code, entry in content[part].items():
            if not isinstance(entry, dict):
                yield f"{part}.{code}: expected {', '.join(allowed)}"
                continue
            for name in allowed:
                if not isinstance(entry.get(name), str) or not entry[name].strip():
                    yield f"{part}.{code}: {name} is missing or is not text"
                elif part == "texts" and _ARTICLE.search(entry[name]):
                    yield f"{part}.{code}: {name} names an article; that stands with a line"
            yield from _unknown(f"{part}.{code}", entry, allowed)
    for code, entry in content["sources"].items():
        if isinstance(entry, dict) and entry.get("grade") not in GRADES[:3]:
            yield f"sources.{code}: grade {entry.get('grade')!r} is not A, B or C"


def _number_faults(key: str, raw: Any, content: dict[str, Any]) -> Iterator[str]:
    where = f"numbers.{key}"
    if key not in BOUNDS:
        yield f"{where}: unknown number{nearest(key, BOUNDS)}"
        return
    if not isinstance(raw, dict):
        yield f"{where}: expected en, nl, unit and lines"
        return
    yield from _unknown(where, raw, _NUMBER)
    for name in ("en", "nl"):
        if not isinstance(raw.get(name), str) or not raw[name].strip():
            yield f"{where}: {name} is missing: one plain phrase that says what the number is"
        elif _ARTICLE.search(raw[name]):
            yield f"{where}: {name} names an article; that stands with a line, under article"
    unit = BOUNDS[key].unit
    if raw.get("unit") != unit:
        yield f"{where}: unit {raw.get('unit')!r} is wrong; this number is in {unit}"
    yield from _vat_faults(where, raw, BOUNDS[key].vat_included)
    if "note" in raw and not isinstance(raw["note"], str):
        yield f"{where}: note is not text"
    lines = raw.get("lines")
    if not isinstance(lines, list) or not lines:
        yield f"{where}: lines is missing or empty"
        return
    for place, line in enumerate(lines, start=1):
        yield from _line_faults(
            f"{where}, line {place}", line, BOUNDS[key], content, raw.get("note")
        )


def _vat_faults(where: str, raw: dict[str, Any], expected: bool | None) -> Iterator[str]:
    if expected is None:
        if "vat_included" in raw:
            yield f"{where}: vat_included belongs to money only"
    elif not isinstance(raw.get("vat_included"), bool):
        yield f"{where}: money needs vat_included: true or false"
    elif raw["vat_included"] != expected:
        yield f"{where}: vat_included must be {str(expected).lower()} for this number"


def _line_faults(
    where: str, line: Any, bounds: Bounds, content: dict[str, Any], note: Any
) -> Iterator[str]:
    if not isinstance(line, dict):
        yield f"{where}: expected {{from: …, announced: …, value: …, source: […], grade: …}}"
        return
    yield from _unknown(where, line, LINE)
    for name in ("from", "announced", "withdrawn"):
        if name in line or name in ("from", "announced"):
            yield from _day_faults(where, name, line.get(name))
    if "value" not in line:
        yield f"{where}: value is missing (null ends a number)"
    else:
        yield from _value_faults(where, line["value"], bounds)
    yield from _ground_faults(where, line, content, note)
    if "open" in line and not isinstance(line["open"], bool):
        yield f"{where}: open is true or false, found {line['open']!r}"
    if line.get("open") is True and line.get("grade") != "D":
        yield f"{where}: what is open has grade D, found {line.get('grade')!r}"
    if "note" in line and not isinstance(line["note"], str):
        yield f"{where}: note is not text"
    announced, withdrawn = day_of(line.get("announced")), day_of(line.get("withdrawn"))
    if announced and withdrawn and withdrawn <= announced:
        yield f"{where}: withdrawn {withdrawn} does not lie after announced {announced}"
    if "reading" in line and (not isinstance(line["reading"], str) or not line["reading"].strip()):
        yield f"{where}: reading is a name, found {line['reading']!r}"


def _ground_faults(
    where: str, line: dict[str, Any], content: dict[str, Any], note: Any
) -> Iterator[str]:
    sources = line.get("source")
    if not isinstance(sources, list) or not sources:
        yield f"{where}: source is missing: a list of codes that stand under sources"
        sources = []
    for code in sources:
        if not isinstance(code, str) or code not in content["sources"]:
            hint = nearest(code, content["sources"])
            yield f"{where}: source {code!r} does not stand under sources{hint}"
    if line.get("grade") not in GRADES:
        yield f"{where}: grade {line.get('grade')!r} is not A, B, C or D"
    text = line.get("text")
    if "text" in line and (not isinstance(text, str) or text not in content["texts"]):
        hint = nearest(text, content["texts"])
        yield f"{where}: text {text!r} does not stand under texts{hint}"
    if "article" in line and not isinstance(line["article"], int | str):
        yield f"{where}: article {line['article']!r} is no number of an article"
    if "article" in line and "text" not in line:
        yield f"{where}: article without the text that it is an article of"
    words = f"{line.get('note', '')} {note or ''}"
    official = any(_grade(content, code) == "A" for code in sources)
    if line.get("grade") == "A" and sources and not official:
        yield f"{where}: grade A without a source of grade A"
    if ("article" in line or _ARTICLE.search(words)) and not (
        official and line.get("grade") == "A"
    ):
        yield (
            f"{where}: an article number without a source of grade A:"
            " a number that nobody read in an official text is never cited"
        )


def _grade(content: dict[str, Any], code: Any) -> Any:
    entry = content["sources"].get(code) if isinstance(code, str) else None
    return entry.get("grade") if isinstance(entry, dict) else None


def _day_faults(where: str, name: str, text: Any) -> Iterator[str]:
    if name == "announced" and text == "unknown":
        return
    day = day_of(text)
    if text is None:
        yield f"{where}: {name} is missing: a day like 2025-03-01"
    elif day is None:
        yield f"{where}: {name} {text!r} is no day; write it like 2025-03-01"
    elif not EARLIEST <= day < LATEST:
        yield f"{where}: {name} {text} lies outside {EARLIEST.year}-{LATEST.year - 1}"


def _value_faults(where: str, value: Any, bounds: Bounds) -> Iterator[str]:
    if value is None:
        if not bounds.may_end:
            yield f"{where}: value null: this number cannot end"
    elif bounds.unit in _NUMERIC:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{where}: value {value!r} is not a whole number of {bounds.unit}"
        elif not bounds.low <= value <= bounds.high:
            yield (
                f"{where}: value {value} is out of bounds;"
                f" {bounds.unit} from {bounds.low} to {bounds.high} are accepted here"
            )
    elif bounds.unit == "yes_no":
        if not isinstance(value, bool):
            yield f"{where}: value {value!r} is not true or false"
    elif bounds.unit == "day":
        if day_of(value) is None:
            yield f"{where}: value {value!r} is no day; write it like 2025-03-01"
    elif value not in bounds.words:
        yield (
            f"{where}: value {value!r} is not one of {', '.join(bounds.words)}"
            f"{nearest(value, bounds.words)}"
        )


def _unknown(where: str, entry: dict[Any, Any], known: tuple[str, ...]) -> Iterator[str]:
    for name in entry:
        if name not in known:
            yield f"{where}: unknown key {name!r}{nearest(name, known)}"


def _number(key: str, raw: dict[str, Any]) -> Number:
    unit = raw["unit"]
    return Number(
        key=key,
        en=raw["en"],
        nl=raw["nl"],
        note=raw.get("note"),
        unit=unit,
        vat_included=raw.get("vat_included"),
        lines=tuple(line_of(line, unit) for line in raw["lines"]),
    )


def line_of(raw: dict[str, Any], unit: str) -> Line:
    """Return a line of a file that was checked."""
    return Line(
        since=date.fromisoformat(raw["from"]),
        announced=day_of(raw["announced"]),
        withdrawn=day_of(raw.get("withdrawn")),
        value=day_of(raw["value"]) if unit == "day" else raw["value"],
        source=tuple(raw["source"]),
        grade=raw["grade"],
        is_open=raw.get("open", False),
        reading=raw.get("reading"),
        text=raw.get("text"),
        article=None if "article" not in raw else str(raw["article"]),
        note=raw.get("note"),
    )


def _time_faults(number: Number, first_day: date, first_news: date) -> Iterator[str]:
    where = f"numbers.{number.key}"
    lines = number.lines
    for place in range(1, len(lines)):
        if lines[place].since < lines[place - 1].since:
            yield (
                f"{where}, line {place + 1}: dates out of order: {lines[place].since}"
                f" stands after {lines[place - 1].since}"
            )
    told = [(line.since, line.known_since, line.reading or DEFAULT_READING) for line in lines]
    for place, each in enumerate(told):
        if each in told[:place]:
            yield f"{where}, line {place + 1}: stands twice: the same from, announced and reading"
    base = [line for line in lines if not line.is_deviation and line.withdrawn is None]
    if not BOUNDS[number.key].may_end:
        if not base or base[0].since > first_day:
            yield f"{where}: no line holds on the first day of the scheme, {first_day}"
        elif min(line.known_since for line in base if line.since <= first_day) > first_news:
            yield f"{where}: no line is known on {first_news}, when the scheme was announced"
    for reading in {line.reading for line in lines if line.is_deviation}:
        own = [line for line in lines if line.reading == reading]
        first = min(line.since for line in own)
        for line in base:
            beside = (each.known_since for each in own if each.since == line.since)
            if line.since >= first and max(beside, default=date.min) < line.known_since:
                yield (
                    f"{where}: the line from {line.since} silently ends the reading {reading!r};"
                    f" add a line of that reading from the same day, announced no earlier"
                )
