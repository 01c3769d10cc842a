"""A measure to try: a small YAML file of differences from the law, with a title and an author.

A difference of the law is a dated line as in `policy.yaml`, and is checked by the law's own checks;
one of behaviour is a number, checked by `behaviour.py`. What is not named stays as it is.
"""

import copy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab.behaviour import Behaviour, BehaviourError
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import DEFAULT_READING, RulebookError, UnreadableFile, day_of, nearest
from loopbaan.law.policy import BOUNDS
from loopbaan.law.rulebook import Rulebook, canonical, faults_between_numbers, read_yaml

FOLDER = Path(__file__).with_name("scenarios")
FIRST, LAST = "2013-07", "2027-12"  # the months of which the population is known
OWN_SOURCE = "SCENARIO"
NEEDED = ("title", "author", "source")
KEYS = (
    *NEEDED,
    "note",
    "first",
    "last",
    "reading",
    "population_percent",
    "law_known_until",
    "policy",
    "behaviour",
)
_CHANGE = ("unit", "lines")
_LINE = ("from", "announced", "value", "note")


class ScenarioError(RulebookError):
    """A scenario cannot be used: each fault is a sentence that names the place and the remedy."""


@dataclass(frozen=True)
class Scenario:
    """What is tried. `policy` has the dated lines of each changed number, `behaviour` the values.

    `first` and `last` are the first day of the first and of the last month. With `law_known_until`
    whatever was announced after that day never comes.
    """

    name: str
    path: Path
    title: str
    author: str
    source: str
    note: str
    first: date
    last: date
    reading: str
    population_percent: int
    law_known_until: date | None
    policy: dict[str, Any]
    behaviour: dict[str, float | str]
    hash: str


def load(name_or_path: str | Path) -> Scenario:
    """Read and check a scenario: one of the house by its name, or a file.

    Raises:
        UnreadableFile: there is no such scenario, or the file is no plain YAML.
        ScenarioError: the file has faults.

    """
    path = _path(name_or_path)
    return of(read_yaml(path), path)


def of(content: Any, path: Path) -> Scenario:
    """Return a scenario from the content of a file; the path is named in every fault.

    Raises:
        ScenarioError: the content has faults.

    """
    faults = list(_faults(content))
    if faults:
        raise ScenarioError(f"{path}: {fault}" for fault in faults)
    scenario = Scenario(
        name=path.stem,
        path=path,
        title=content["title"],
        author=content["author"],
        source=content["source"],
        note=content.get("note", ""),
        first=_month(content.get("first", FIRST)),
        last=_month(content.get("last", LAST)),
        reading=content.get("reading", DEFAULT_READING),
        population_percent=content.get("population_percent", 100),
        law_known_until=day_of(content.get("law_known_until")),
        policy=content.get("policy") or {},
        behaviour=content.get("behaviour") or {},
        hash=hashlib.sha256(canonical(content).encode()).hexdigest(),
    )
    rulebook(scenario)
    behaviour(scenario)
    return scenario


def names() -> tuple[str, ...]:
    """Return the names of the scenarios of the house."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def rulebook(scenario: Scenario) -> Rulebook:
    """Return the law of a scenario, checked as `policy.yaml` is.

    A changed number keeps its lines up to the day before the first new line; from there on only the
    new ones hold, under every reading.

    Raises:
        ScenarioError: a number is unknown, has another unit, or a value that cannot be.

    """
    base = rulebooks.current()
    if scenario.law_known_until is None and not scenario.policy:
        return base
    content = copy.deepcopy(base.content)
    if scenario.law_known_until is not None:
        _forget(content, scenario.law_known_until)
    content["sources"][OWN_SOURCE] = {"grade": "C", "date": "scenario", "url": scenario.title}
    kept = {
        key: _change(content["numbers"].get(key), change, content["numbers"], key)
        for key, change in scenario.policy.items()
    }
    try:
        made = rulebooks.of(content)
    except RulebookError as error:
        found = (_in_words_of(fault, kept) for fault in error.faults)
        raise ScenarioError(f"{scenario.path}: {fault}" for fault in found) from None
    faults = [*faults_between_numbers(made)]
    if scenario.reading not in made.readings:
        hint = nearest(scenario.reading, made.readings)
        faults.append(f"reading: there is no reading {scenario.reading!r}{hint}")
    if faults:
        raise ScenarioError(f"{scenario.path}: {fault}" for fault in faults)
    return made


def behaviour(scenario: Scenario) -> Behaviour:
    """Return what people probably do in a scenario.

    Raises:
        ScenarioError: an assumption is unknown, or its value cannot be.

    """
    try:
        return behaviours.load(changes=scenario.behaviour)
    except BehaviourError as error:
        raise ScenarioError([f"{scenario.path}: {error}"]) from None


def _path(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.exists():
        return path
    if path.suffix or len(path.parts) > 1:
        raise UnreadableFile(f"{path}: there is no such file")
    own = FOLDER / f"{path}.yaml"
    if not own.exists():
        raise UnreadableFile(
            f"there is no scenario {str(path)!r}{nearest(path, names())};"
            f" scenarios: {', '.join(names())}, or the path of a file"
        )
    return own


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _faults(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        yield f"a scenario has the keys {', '.join(NEEDED)} and what it changes; this is no mapping"
        return
    for key in content:
        if key not in KEYS:
            yield f"unknown key {key!r}{nearest(key, KEYS)}"
    for key in NEEDED:
        if not isinstance(content.get(key), str) or not content[key].strip():
            yield f"{key}: is missing or is no text"
    for key in ("note", "reading"):
        if not isinstance(content.get(key, ""), str):
            yield f"{key}: {content[key]!r} is no text"
    yield from _time_faults(content)
    percent = content.get("population_percent", 100)
    if not isinstance(percent, int) or isinstance(percent, bool) or not 1 <= percent <= 100:
        yield (
            f"population_percent: {percent!r} is not a whole number from 1 to 100; the population"
            " is all who ever work here from 2013 to 2027, and nobody can be added"
        )
    for part in ("policy", "behaviour"):
        if not isinstance(content.get(part) or {}, dict):
            yield f"{part}: expected the names of what changes, each with its new value"
    policy = content.get("policy")
    for key, change in (policy if isinstance(policy, dict) else {}).items():
        yield from _change_faults(key, change)


def _time_faults(content: dict[str, Any]) -> Iterator[str]:
    first, last = (content.get("first", FIRST), content.get("last", LAST))
    for key, text in (("first", first), ("last", last)):
        if not isinstance(text, str) or not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
            yield f"{key}: {text!r} is no month; write it like 2025-03"
            return
        if not FIRST <= text <= LAST:
            yield f"{key}: {text} lies outside {FIRST} to {LAST}, the months a run can have"
    if last < first:
        yield f"last: {last} lies before first, {first}"
    text = content.get("law_known_until")
    until = day_of(text)
    start = rulebooks.current().first_day
    if text is not None and until is None:
        yield f"law_known_until: {text!r} is no day; write it like 2025-02-28"
    elif until is not None and until < start:
        yield f"law_known_until: {until} is before the scheme, which begins on {start}"


def _change_faults(key: str, change: Any) -> Iterator[str]:
    where = f"policy.{key}"
    if key not in BOUNDS:
        yield f"{where}: unknown number{nearest(key, BOUNDS)}"
        return
    if not isinstance(change, dict) or not isinstance(change.get("lines"), list):
        yield f"{where}: expected unit: {BOUNDS[key].unit} and lines, as in policy.yaml"
        return
    for name in change:
        if name not in _CHANGE:
            yield f"{where}: unknown key {name!r}{nearest(name, _CHANGE)}"
    unit = BOUNDS[key].unit
    if change.get("unit") != unit:
        yield f"{where}: unit {change.get('unit')!r} is wrong; this number is in {unit}"
    if not change["lines"]:
        yield f"{where}: lines is empty; leave the number out if it stays as it is"
    for place, line in enumerate(change["lines"], 1):
        yield from _line_faults(f"{where}, line {place}", line)


def _line_faults(where: str, line: Any) -> Iterator[str]:
    """Yield what only a scenario asks; the rest is checked with the law that comes of it."""
    if not isinstance(line, dict):
        yield f"{where}: expected {{from: …, announced: …, value: …}}"
        return
    for name in line:
        if name not in _LINE:
            yield f"{where}: unknown key {name!r}{nearest(name, _LINE)}"
    first_day = rulebooks.current().first_day
    since = day_of(line.get("from"))
    if since is None:
        yield f"{where}: from is missing or is no day; write it like 2025-03-01"
    elif since < first_day:
        yield f"{where}: from {since} is before the scheme, which begins on {first_day}"


def _forget(content: dict[str, Any], until: date) -> None:
    """Take away what was announced after a day, and what took something back after it."""
    for number in content["numbers"].values():
        lines = []
        for line in number["lines"]:
            known = day_of(line["announced"]) or day_of(line["from"])
            if known is not None and known > until:
                continue
            withdrawn = day_of(line.get("withdrawn"))
            if withdrawn is not None and withdrawn > until:
                lines.append({key: value for key, value in line.items() if key != "withdrawn"})
            else:
                lines.append(line)
        number["lines"] = lines
    # A number that only came with what never came: it has no value on any day.
    for number in content["numbers"].values():
        if not number["lines"]:
            number["lines"] = [_nothing()]


def _nothing() -> dict[str, Any]:
    first = rulebooks.current().first_day
    return {
        "from": first.isoformat(),
        "announced": first.isoformat(),
        "value": None,
        "source": [OWN_SOURCE],
        "grade": "D",
    }


def _change(
    number: dict[str, Any] | None, change: dict[str, Any], numbers: dict[str, Any], key: str
) -> int:
    """Put the new lines in place of those that hold later, and return how many stand before."""
    assert number is not None, "an unknown number was refused when the file was read"
    since = min(line["from"] for line in change["lines"])
    kept = [line for line in number["lines"] if line["from"] < since]
    readings = dict.fromkeys(line["reading"] for line in kept if "reading" in line)
    new = [
        {"announced": _told_on(line["from"]), **line, "source": [OWN_SOURCE], "grade": "D"}
        for line in change["lines"]
    ]
    beside = [{**line, "reading": reading} for line in new for reading in readings]
    numbers[key] = {**number, "unit": change["unit"], "lines": [*kept, *new]}
    if beside:
        together = sorted([*new, *beside], key=lambda line: line["from"])
        numbers[key]["lines"] = [*kept, *together]
    return len(kept)


def _told_on(since: str) -> str:
    """Return when people hear of a line that does not say: on its day, or with the scheme."""
    base = rulebooks.current()
    return base.news_days[0].isoformat() if since == base.first_day.isoformat() else since


def _in_words_of(fault: str, kept: dict[str, int]) -> str:
    """Return a fault of the law with the place at which it stands in the scenario."""
    found = re.match(r"numbers\.(\w+)(?:, line (\d+))?(.*)", fault, re.DOTALL)
    if not found or found[1] not in kept:
        return fault
    line = f", line {max(int(found[2]) - kept[found[1]], 1)}" if found[2] else ""
    return f"policy.{found[1]}{line}{found[3]}"
