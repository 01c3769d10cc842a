"""`loopbaan decide`: who may order, for cases in YAML and tables of workers in CSV or Parquet."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from loopbaan.command import batch as batches
from loopbaan.command.asking import Asker, ask_days, asker, check_reading, today
from loopbaan.command.batch import Batch, Checker, Defaults, Texts
from loopbaan.command.cases import EXAMPLE, read_cases
from loopbaan.command.columns import printable
from loopbaan.command.explain import explanation_lines, worker_of
from loopbaan.command.progress import Progress
from loopbaan.command.tables import Careers, read_workers
from loopbaan.command.writing import Answer, Writer, json_line
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.explanation import explain
from loopbaan.law.refusals import Refusal
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.sentences import TITLES
from loopbaan.law.wording import Lang, number_text

YAML, TABLE = (".yaml", ".yml"), (".csv", ".parquet")
MOST_TOLD = 20  # faults told of one file, and rows of a table shown
BAD, DIFFERS = 2, 1
EPILOG = """\
examples:
  loopbaan decide --example > case.yaml          a case to edit
  loopbaan decide case.yaml --lang en            each decision, with its reasons
  loopbaan decide workers.csv                    counts per reason, and the first twenty
  loopbaan decide workers.csv --out decided.csv  the table again, with the decision's columns
  loopbaan decide workers.csv --careers spells.csv --json

A table has the columns of a case's facts; vouchers_started_on joins days with ; and careers come as
a second table (id, from, to, kind, certified). Rows are counted as a spreadsheet counts them.
Exit code 2: a row is bad or a file cannot be read; 1: an expectation differs; 0: neither.
"""


@dataclass
class Tally:
    """What is counted over all files."""

    rows: int = 0
    granted: int = 0
    bad: int = 0
    expected: int = 0
    differing: int = 0
    reasons: Counter[Refusal] = field(default_factory=Counter)
    unreadable: bool = False

    @property
    def code(self) -> int:
        """The exit code."""
        return BAD if self.bad or self.unreadable else DIFFERS if self.differing else 0


def run(arguments: Sequence[str]) -> int:
    """Decide the files and return the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.example:
        print(EXAMPLE, end="")
        return 0
    rulebook = rulebooks.current()
    check_reading(parser, rulebook, asked.reading)
    _check_files(parser, asked)
    defaults = Defaults(asked.on or today(), asked.known_on, asked.reading)
    tally = Tally()
    for path in asked.files:
        try:
            with ExitStack() as stack:
                writer = stack.enter_context(Writer(asked.out)) if asked.out else None
                _decide_file(rulebook, path, defaults, asked, tally, writer)
        except UnreadableFile as error:
            print(error, file=sys.stderr)
            tally.unreadable = True
        except OSError as error:
            if error.filename is None:  # the output, not a file
                raise
            print(f"{asked.out}: cannot be written: {error.strerror}", file=sys.stderr)
            tally.unreadable = True
    return tally.code


def differences(
    texts: Texts, batch: Batch, answers: Sequence[Answer]
) -> Iterator[tuple[int, list[str]]]:
    """Yield, for each good row with expectations, how the answer differs from them."""
    for row, expect in enumerate(texts.expects):
        if expect is not None and row not in batch.faults:
            found = [
                f"expected {name} {_pair(wanted, answers[row][name])}"
                for name, wanted in expect.items()
                if not _agrees(name, wanted, answers[row][name])
            ]
            yield row, found


def _parser() -> Asker:
    parser = asker("decide", "Decide who may order a career voucher, with every reason.", EPILOG)
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="YAML, CSV or Parquet")
    ask_days(parser, "the order day of rows that name none (default: today)")
    parser.add_argument("--lang", choices=("nl", "en"), default="nl", help="default: nl")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="write the input with the decision"
    )
    parser.add_argument("--careers", metavar="FILE", type=Path, help="a table of spells")
    parser.add_argument("--example", action="store_true", help="print a case to edit")
    return parser


def _check_files(parser: Asker, asked: Any) -> None:
    if not asked.files:
        parser.error("name at least one FILE")
    for path in asked.files:
        if path.suffix.lower() not in (*YAML, *TABLE):
            parser.error(f"{path}: expected a name that ends in .yaml, .csv or .parquet")
    if asked.careers and asked.careers.suffix.lower() not in TABLE:
        parser.error(f"{asked.careers}: expected a name that ends in .csv or .parquet")
    if asked.careers and any(path.suffix.lower() in YAML for path in asked.files):
        parser.error("--careers goes with a table; in YAML each case holds its career")
    if asked.careers and len(asked.files) > 1:
        parser.error("--careers belongs to one table; give one FILE")
    if asked.out:
        if len(asked.files) > 1:
            parser.error("--out writes one file; give one FILE")
        if asked.out.suffix.lower() != asked.files[0].suffix.lower():
            parser.error(
                f"--out: expected a name that ends in {asked.files[0].suffix}, as the input"
            )
        read = [path.resolve() for path in (asked.files[0], asked.careers) if path]
        if asked.out.resolve() in read:
            parser.error("--out: would write over the input; choose another name")


def _decide_file(
    rulebook: Rulebook,
    path: Path,
    defaults: Defaults,
    asked: Any,
    tally: Tally,
    writer: Writer | None,
) -> None:
    checker = Checker(rulebook, defaults)
    progress = Progress(str(path))
    careers = Careers(asked.careers, progress.add) if asked.careers else None
    is_table = path.suffix.lower() in TABLE
    parts = read_workers(path, careers) if is_table else iter([read_cases(path)])
    shown = _Shown(rulebook, asked, is_table=is_table)
    told, own = 0, Tally()
    for texts in parts:
        batch = checker.check(texts)
        decisions = batches.decide(rulebook, batch)
        if asked.on is None and "ordered_on" not in texts.columns and not own.rows:
            day = defaults.ordered_on
            print(f"{path}: no ordered_on: decided as ordered on {day}; see --on", file=sys.stderr)
        answers = batches.answers(rulebook, batch, decisions)
        found = dict(differences(texts, batch, answers))
        if writer is not None:
            writer.write(batch, answers)
        shown.show(batch, answers, found, is_written=writer is not None)
        told = _tell_faults(batch.faults_told(), told)
        _count(own, batch, decisions.reasons, found)
        progress.add(len(texts))
    progress.close()
    if careers is not None:
        left_over = list(careers.left_over())
        told = _tell_faults(iter(left_over), told)
        own.bad += len(left_over)
    if told > MOST_TOLD:
        hint = "" if writer else "; --out FILE writes each in its row"
        print(f"{path}: and {told - MOST_TOLD:,} faults more{hint}", file=sys.stderr)
    shown.close(path, own)
    _add(tally, own)


class _Shown:
    """What of a file's decisions goes to standard output, and in which form."""

    def __init__(self, rulebook: Rulebook, asked: Any, *, is_table: bool) -> None:
        self.rulebook = rulebook
        self.lang: Lang = asked.lang
        self.as_json: bool = asked.json
        self.is_table = is_table
        self.is_written = False
        self.first: list[Answer] = []

    def show(
        self,
        batch: Batch,
        answers: Sequence[Answer],
        differing: dict[int, list[str]],
        *,
        is_written: bool,
    ) -> None:
        """Print a batch, or keep what a table shows at its end."""
        self.is_written = is_written
        good = (row for row in range(len(answers)) if row not in batch.faults)
        if self.as_json:
            lines = [json_line(answers[row]) for row in good]
            if lines:
                self._print("\n".join(lines))
        elif self.is_table:
            for row in good:
                if len(self.first) >= MOST_TOLD:
                    break
                self.first.append(answers[row])
        elif not is_written:
            for row in good:
                told = explain(self.rulebook, worker_of(batch, row), self.lang)
                print("\n".join(explanation_lines(batch.ids[row], told, self.lang, short=True)))
        for row, found in differing.items():
            for difference in found:
                print(
                    f"{batch.texts.source}, row {batch.texts.numbers[row]} ({batch.ids[row]}):"
                    f" {difference}",
                    file=sys.stderr,
                )

    def _print(self, text: str) -> None:
        """Print; if nobody reads on while a file is written, go on with the file alone."""
        try:
            print(text, flush=self.is_written)
        except BrokenPipeError:
            if not self.is_written:
                raise
            self.as_json = False
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def close(self, path: Path, tally: Tally) -> None:
        """Print what is told at the end of a file."""
        if self.as_json:
            return
        if self.is_table and not self.is_written:
            for line in _table_lines(self.first):
                print(line)
        for line in _summary(path, tally, self.lang):
            print(line)


def _agrees(name: str, wanted: Any, found: Any) -> bool:
    if name == "refusals":
        return set(wanted if isinstance(wanted, list) else [wanted]) == set(found)
    return bool(wanted == found and isinstance(wanted, bool) == isinstance(found, bool))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )


def _pair(wanted: Any, found: Any) -> str:
    """Return what was expected and found; in quotes where only these tell them apart."""
    texts = _shown(wanted), _shown(found)
    return "{}, found {}".format(
        *texts if texts[0] != texts[1] else map(json.dumps, (wanted, found))
    )


def _tell_faults(faults: Iterator[str], told: int) -> int:
    for fault in faults:
        if told < MOST_TOLD:
            print(fault, file=sys.stderr)
        told += 1
    return told


def _count(tally: Tally, batch: Batch, reasons: Any, differing: dict[int, list[str]]) -> None:
    good = np.ones(len(reasons), np.bool_)
    good[list(batch.faults)] = False
    tally.rows += int(good.sum())
    tally.bad += int((~good).sum())
    tally.granted += int(((reasons == 0) & good).sum())
    for each in Refusal:
        tally.reasons[each] += int((((reasons & np.uint16(each)) != 0) & good).sum())
    tally.expected += len(differing)
    tally.differing += sum(bool(found) for found in differing.values())


def _add(total: Tally, own: Tally) -> None:
    for name in ("rows", "granted", "bad", "expected", "differing"):
        setattr(total, name, getattr(total, name) + getattr(own, name))
    total.reasons += own.reasons


def _table_lines(answers: Sequence[Answer]) -> Iterator[str]:
    yield f"{'id':<24} {'may_order':<10}{'voucher':<8}{'first_day':<12}refusals"
    for answer in answers:
        voucher = answer["voucher"] or ""
        yield (
            f"{printable(answer['id'])[:23]:<24} {_shown(answer['may_order']):<10}{voucher:<8}"
            f"{answer['first_day'] or '–':<12}{', '.join(answer['refusals'])}"
        ).rstrip()


def _summary(path: Path, tally: Tally, lang: Lang) -> Iterator[str]:
    words = _WORDS[lang]
    count = {
        name: number_text(getattr(tally, name), lang)
        for name in ("rows", "granted", "bad", "expected", "differing")
    }
    refused = number_text(tally.rows - tally.granted, lang)
    yield f"\n{path}: {words['counts'].format(refused=refused, **count)}"
    for each, found in tally.reasons.items():
        if found:
            yield f"  {number_text(found, lang):>12}  {TITLES[each][lang]} ({each.code})"
    if tally.expected:
        yield "  " + words["expected"].format(**count)
    if tally.bad:
        yield "  " + words["bad"].format(**count)


_WORDS: dict[Lang, dict[str, str]] = {
    "nl": {
        "counts": "{rows} beslist: {granted} ja, {refused} nee",
        "expected": "{expected} met een verwachting, {differing} daarvan anders",
        "bad": "niet beslist, met een fout: {bad}",
    },
    "en": {
        "counts": "{rows} decided: {granted} yes, {refused} no",
        "expected": "{expected} with an expectation, {differing} of them different",
        "bad": "not decided, with a fault: {bad}",
    },
}
