"""`loopbaan explain`: the whole reasoning for one worker, in plain words."""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from loopbaan.command import batch as batches
from loopbaan.command.asking import Asker, ask_days, asker, check_reading, today
from loopbaan.command.batch import Batch, Checker, Defaults
from loopbaan.command.cases import read_cases
from loopbaan.command.columns import printable
from loopbaan.command.tables import Careers, read_workers
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import UnreadableFile, nearest
from loopbaan.law.explanation import Explanation, Told, Worker, explain
from loopbaan.law.months import calendar_day
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.wording import Lang

WIDTH = 92
_TOGETHER = re.compile(r"(?<=€) |(?<=\d) (?=[A-Za-z]+ \d{4})|(?<=[a-z]) (?=\d{4}\b)")
EPILOG = """\
examples:
  loopbaan explain cases.yaml --id bram
  loopbaan explain workers.csv --careers spells.csv --id 1024 --lang en

Exit code 2: the worker is not in the file, or the row is bad.
"""
_HEADINGS: dict[Lang, dict[str, str]] = {
    "nl": {
        "against": "Waarom niet",
        "met": "Wat wel in orde is",
        "spells": "Periodes in de loopbaan die aandacht vragen",
        "remarks": "Goed om te weten",
    },
    "en": {
        "against": "Why not",
        "met": "What is in order",
        "spells": "Periods of the career that need attention",
        "remarks": "Good to know",
    },
}


def run(arguments: Sequence[str]) -> int:
    """Print the reasoning for one worker of a file."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    rulebook = rulebooks.current()
    check_reading(parser, rulebook, asked.reading)
    if asked.file.suffix.lower() not in (".yaml", ".yml", ".csv", ".parquet"):
        parser.error(f"{asked.file}: expected a name that ends in .yaml, .csv or .parquet")
    if asked.careers and asked.file.suffix.lower() in (".yaml", ".yml"):
        parser.error("--careers goes with a table; in YAML each case holds its career")
    if asked.careers and asked.careers.suffix.lower() not in (".csv", ".parquet"):
        parser.error(f"{asked.careers}: expected a name that ends in .csv or .parquet")
    defaults = Defaults(asked.on or today(), asked.known_on, asked.reading)
    try:
        batch, row = _find(rulebook, asked.file, asked.id, asked.careers, defaults)
    except UnreadableFile as error:
        print(error, file=sys.stderr)
        return 2
    if row in batch.faults:
        where = f"{batch.texts.source}, row {batch.texts.numbers[row]} ({asked.id})"
        print(*(f"{where}: {fault}" for fault in batch.faults[row]), sep="\n", file=sys.stderr)
        return 2
    told = explain(rulebook, worker_of(batch, row), asked.lang)
    print("\n".join(explanation_lines(asked.id, told, asked.lang, short=False)))
    return 0


def worker_of(batch: Batch, row: int) -> Worker:
    """Return one worker of a batch, for the law to explain."""
    one = slice(row, row + 1)
    spells = batch.texts.spells
    has_career = batch.texts.has_career
    return Worker(
        ordered_on=calendar_day(batch.ordered_on[row]),
        known_on=calendar_day(batch.known_on[row]),
        reading=batch.readings[row],
        facts=batch.facts.rows(one),
        started_on=tuple(calendar_day(day) for day in batch.started_on[row]),
        spells=spells.workers(one)
        if spells is not None and has_career is not None and has_career[row]
        else None,
    )


def explanation_lines(name: str, told: Explanation, lang: Lang, *, short: bool) -> Iterator[str]:
    """Yield an explanation line by line; short leaves out what is in order."""
    words = _HEADINGS[lang]
    yield printable(name)
    yield from _wrapped(" ".join(filter(None, (told.answer, told.when))), "  ")
    against = [each for each in told.told if not each.is_met]
    met = [each for each in told.told if each.is_met]
    if against:
        yield f"\n  {words['against']}"
    for each in against:
        yield from _condition(each)
    if met and not short:
        yield f"\n  {words['met']}"
        for each in met:
            yield from _wrapped(f"✓ {' '.join(each.sentences)}", "    ", hang="  ")
    if told.spells and not short:
        yield f"\n  {words['spells']}"
        for line in told.spells:
            yield from _wrapped(line, "    ", hang="  ")
    if told.remarks and not short:
        yield f"\n  {words['remarks']}"
        for line in told.remarks:
            yield from _wrapped(line, "    ", hang="  ")
    yield ""


def _condition(told: Told) -> Iterator[str]:
    yield from _wrapped(f"{told.title}. {' '.join(told.sentences)}", "    ", hang="  ")
    yield from _wrapped(f"[{told.ground}]", "      ")


def _wrapped(text: str, indent: str, hang: str = "") -> list[str]:
    """Break a text into lines, but no amount and no day."""
    lines = textwrap.wrap(
        _TOGETHER.sub("\u00a0", text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\u00a0", " ") for line in lines]


def _parser() -> Asker:
    parser = asker("explain", "The whole reasoning for one worker, in plain words.", EPILOG)
    parser.add_argument("file", metavar="FILE", type=Path, help="YAML, CSV or Parquet")
    parser.add_argument("--id", required=True, help="the worker's id in the file")
    ask_days(parser, "the order day of a row that names none (default: today)")
    parser.add_argument("--lang", choices=("nl", "en"), default="nl", help="default: nl")
    parser.add_argument("--careers", metavar="FILE", type=Path, help="a table of spells")
    return parser


def _find(
    rulebook: Rulebook, path: Path, name: str, careers_path: Path | None, defaults: Defaults
) -> tuple[Batch, int]:
    """Return the batch of one with the worker of that id, its sums counted.

    Raises:
        UnreadableFile: the file is bad, or nobody in it has that id.

    """
    careers = Careers(careers_path, lambda _: None) if careers_path else None
    is_cases = path.suffix.lower() in (".yaml", ".yml")
    checker = Checker(rulebook, defaults)
    near = ""
    for texts in iter([read_cases(path)]) if is_cases else read_workers(path, careers):
        batch = checker.check(texts)
        if name in batch.ids:
            if texts.spells is not None:
                batches.decide(rulebook, batch)
            return batch, batch.ids.index(name)
        near = near or nearest(name, batch.ids[:10_000])
    raise UnreadableFile(f"{path}: has no worker with the id {name!r}{near}")
