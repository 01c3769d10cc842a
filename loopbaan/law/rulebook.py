"""Reads `policy.yaml`, and tells which numbers hold on a day, as known on a day, under a reading.

The only file of the law that reads a file. Free of NumPy, so that `loopbaan law` starts at once.
"""

import hashlib
import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from loopbaan.law.checks import (
    DEFAULT_READING,
    Line,
    Number,
    RulebookError,
    UnreadableFile,
    nearest,
    numbers_of,
)
from loopbaan.law.policy import Policy, faults_between

POLICY_FILE = Path(__file__).with_name("policy.yaml")
RELEASED = Path(__file__).with_name("rulebooks")
MOST_BYTES = 20_000_000
MOST_DEPTH = 30
MOST_THINGS = 1_000_000  # values, lists and mappings of one file


class UnknownLaw(LookupError):
    """No law holds on that day, as far as was known then."""


@dataclass(frozen=True)
class Timeline:
    """The policies that follow one another, as known on one day under one reading.

    `policies[i]` holds from `starts[i]` until the day before `starts[i + 1]`; the last one runs on.
    """

    starts: tuple[date, ...]
    policies: tuple[Policy, ...]


@dataclass(frozen=True)
class Rulebook:
    """Every number of the scheme through time. `hash` is that of the file's canonical content."""

    hash: str
    content: dict[str, Any]
    numbers: dict[str, Number]
    _timelines: dict[tuple[int, str], Timeline] = field(
        default_factory=dict, repr=False, compare=False
    )

    def on(self, day: date, known_on: date | None = None, reading: str = DEFAULT_READING) -> Policy:
        """Return the policy of a day, as known on `known_on` (that day itself if not given).

        Raises:
            UnknownLaw: no law holds on that day, as far as was known, or there is no such reading.

        """
        timeline = self.timeline(known_on or day, reading)
        return timeline.policies[self.place(timeline, day)]

    @staticmethod
    def place(timeline: Timeline, day: date) -> int:
        """Return which policy of a timeline holds on a day.

        Raises:
            UnknownLaw: the day lies before the first.

        """
        place = bisect_right(timeline.starts, day) - 1
        if place < 0:
            first = timeline.starts[0]
            raise UnknownLaw(f"the scheme has no law on {day}: it begins on {first}")
        return place

    def line(self, key: str, day: date, known_on: date, reading: str) -> Line | None:
        """Return the line of a number that holds on a day, or None where none does.

        Of the lines that began by then and are known, the latest `from` holds; on a tie the latest
        announced, then the one that the reading names.
        """
        held = [
            (line.since, line.known_since, line.is_deviation, place)
            for place, line in enumerate(self.numbers[key].lines)
            if line.since <= day and line.holds_for(known_on, reading)
        ]
        return self.numbers[key].lines[max(held)[-1]] if held else None

    def timeline(self, known_on: date, reading: str = DEFAULT_READING) -> Timeline:
        """Return the policies one after another, as known on a day.

        Raises:
            UnknownLaw: nothing was announced by then, or there is no such reading.

        """
        if reading not in self.readings:
            raise UnknownLaw(
                f"there is no reading {reading!r}{nearest(reading, self.readings)};"
                f" readings: {', '.join(self.readings)}"
            )
        # Between two announcements the same is known, so there are few timelines and all are kept.
        place = bisect_right(self.news_days, known_on), reading
        if place not in self._timelines:
            self._timelines[place] = self._build(known_on, reading)
        return self._timelines[place]

    def _build(self, known_on: date, reading: str) -> Timeline:
        starts = sorted(
            {
                line.since
                for number in self.numbers.values()
                for line in number.lines
                if line.holds_for(known_on, reading)
            }
        )
        if not starts:
            raise UnknownLaw(
                f"no law was announced by {known_on}; the first on {self.news_days[0]}"
            )
        policies = [self._policy(day, known_on, reading) for day in starts]
        return Timeline(tuple(starts), tuple(policies))

    def _policy(self, day: date, known_on: date, reading: str) -> Policy:
        held = {key: self.line(key, day, known_on, reading) for key in self.numbers}
        values: dict[str, Any] = {key: line.value if line else None for key, line in held.items()}
        return Policy(rulebook_hash=self.hash, reading=reading, **values)

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """The readings that the file names, the default one first."""
        named = {line.reading for number in self.numbers.values() for line in number.lines}
        return (DEFAULT_READING, *sorted(name for name in named - {None, DEFAULT_READING} if name))

    @cached_property
    def first_day(self) -> date:
        """The first day of the scheme: nothing can be ordered before it."""
        return min(line.since for number in self.numbers.values() for line in number.lines)

    @cached_property
    def news_days(self) -> tuple[date, ...]:
        """The days on which something became known: announcements and withdrawals."""
        lines = [line for number in self.numbers.values() for line in number.lines]
        withdrawn = {line.withdrawn for line in lines if line.withdrawn}
        return tuple(sorted({line.known_since for line in lines} | withdrawn))

    def change_days(self, reading: str = DEFAULT_READING) -> tuple[date, ...]:
        """Return the days on which a value differs from the day before, with all that is known."""
        timeline = self.timeline(date.max, reading)
        pairs = zip(timeline.policies, timeline.policies[1:], strict=False)
        changed = [later != earlier for earlier, later in pairs]
        return (timeline.starts[0],) + tuple(
            day for day, is_change in zip(timeline.starts[1:], changed, strict=True) if is_change
        )


def load(path: Path = POLICY_FILE, *, is_kept: bool = False) -> Rulebook:
    """Read and check a policy file (about 0.05 s), or a rulebook that was kept.

    Raises:
        UnreadableFile: the file is missing or is no plain YAML.
        RulebookError: the file has faults; each is named with its key and what was expected.

    """
    content = read_yaml(path)
    try:
        return of(content, is_kept=is_kept)
    except RulebookError as error:
        raise RulebookError(f"{path}: {fault}" for fault in error.faults) from None


def of(content: Any, *, is_kept: bool = False) -> Rulebook:
    """Check the content of a policy file, as read or as changed, and return its rulebook.

    A rulebook that was kept (`is_kept`) may lack the numbers that came later.

    Raises:
        RulebookError: the content has faults.

    """
    numbers = numbers_of(content, is_kept=is_kept)
    return Rulebook(_hash(content), content, numbers)


def faults_between_numbers(rulebook: Rulebook) -> list[str]:
    """Return where numbers do not go together, on any day, as known on any day, in any reading."""
    found: dict[str, str] = {}
    for reading in rulebook.readings:
        for known_on in rulebook.news_days:
            timeline = rulebook.timeline(known_on, reading)
            for start, policy in zip(timeline.starts, timeline.policies, strict=True):
                for fault in faults_between(policy):
                    where = f"from {start}, as known on {known_on}, reading {reading}"
                    found.setdefault(fault, f"numbers: {fault} ({where})")
    return list(found.values())


@cache
def current() -> Rulebook:
    """Return the rulebook that the package carries."""
    return load(POLICY_FILE)


@cache
def released(digest: str) -> Rulebook:
    """Return the rulebook of a hash, the present one or one that was released.

    Raises:
        UnknownLaw: none was kept under that hash.

    """
    if digest == current().hash:
        return current()
    path = RELEASED / f"{digest}.json"
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.exists():
        raise UnknownLaw(f"no rulebook was kept under the hash {digest[:64]}")
    return load(path, is_kept=True)


def canonical(content: dict[str, Any]) -> str:
    """Return the content in its one canonical form: JSON, keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def release(rulebook: Rulebook, folder: Path = RELEASED) -> Path:
    """Keep a rulebook under its hash, so that a decision of today can be replayed for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{rulebook.hash}.json"
    path.write_text(canonical(rulebook.content) + "\n", encoding="utf-8")
    return path


def read_yaml(path: Path) -> Any:
    """Read a file of plain YAML: texts, whole numbers, true, false, null, lists and mappings.

    Days stay texts, so that a day that does not exist spoils one row and not the file. Aliases,
    tags, double keys, endless files and deep nesting are refused before anything is built.

    Raises:
        UnreadableFile: with the file, the line where known, and the reason.

    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"{path}: larger than {MOST_BYTES // 1_000_000} MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: is not text in UTF-8 (byte {error.start})") from None
    try:
        _refuse_tricks(text)
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 (a safe loader, narrowed)
    except yaml.reader.ReaderError:
        raise UnreadableFile(f"{path}: is not text: it holds control characters") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise UnreadableFile(f"{path}{where}: is not plain YAML: {error.problem}") from None


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


_Fast: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Fast):  # type: ignore[misc]
    """YAML 1.1's surprises left out: no dates, octals, base 60, on/off, merge keys or floats."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str) or key in seen:
                fault = f"{key} twice" if isinstance(key, str) else "a key that is no text"
                raise yaml.constructor.ConstructorError(None, None, fault, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


for _tag, _pattern, _first in (
    ("null", r"(?:null|~)$", "n~"),
    ("bool", r"(?:true|false)$", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"$"), [""])
_PlainLoader.add_constructor(
    "tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node))
)


def _refuse_tricks(text: str) -> None:
    depth = 0
    for things, event in enumerate(yaml.parse(text, Loader=_PlainLoader)):
        fault = ""
        if isinstance(event, yaml.AliasEvent):
            fault = f"an alias (*{event.anchor}) is not accepted here; write the thing out"
        elif getattr(event, "tag", None):
            fault = "a tag (!…) is not accepted here; write plain values"
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            fault = f"it is more than {MOST_DEPTH} levels deep"
        elif things > MOST_THINGS:
            fault = f"it holds more than {MOST_THINGS:,} things; split it"
        if fault:
            mark: Any = event.start_mark
            raise yaml.composer.ComposerError(None, None, fault, mark)
