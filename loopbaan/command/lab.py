"""`loopbaan lab`: a measure played out on an invented Flanders, month by month, under the same law.

Runs without Django. The clock is not read: a run holds no time of day.
"""

import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from loopbaan import __version__
from loopbaan.command import (
    lab_backtest,
    lab_ensemble,
    lab_pages,
    lab_parts,
    lab_report,
    lab_savings,
    lab_try,
)
from loopbaan.command.asking import Asker, asker
from loopbaan.command.drafting import draft
from loopbaan.command.lab_ensemble import ask_people
from loopbaan.lab import outcomes, population, publishing, running, scenario, summary, twin
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.population import NoPopulation
from loopbaan.lab.scenario import Scenario
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.wording import LANGS

CHECKOUT = Path(__file__).parents[2]
WRONG, BAD = 1, 2
MOST_DIFFERENCES = 50

USAGE = """\
usage: loopbaan lab COMMAND …

A measure goes in; who gets in, who falls out, how long people wait and what it costs come out, for
all of working Flanders from July 2013 to December 2027, under the law that decides live.

  run         one scenario, told on a page and written as Parquet
  compare     two scenarios, or two runs that were written, side by side
  compare-savings  ten million saved by each instrument alone: who pays for it
  parts       what each instrument of a mixed measure adds
  new         asks five questions and writes a scenario
  population  the invented workers: how well they fit the published figures, and as Parquet
  twin        the orders of `loopbaan export`, decided again without behaviour: any difference?
  ensemble    one scenario many times: every figure with its band, and what it hangs on
  backtest    the years that are over beside what was published: a score card
  calibrate   fits what may be fitted, on the counts up to 2019
  report      one file to read and print: a minister's page, and every chart with its table
  replay      the first of April 2025, minute by minute, as one page to pass on
  explain     where a figure comes from: formula, what goes in, how sure it is
  pages       the report and the replay in both languages, as the page /lab links them
  try         scenarios on one worker in a hundred, a line each: what the page /lab asks

`loopbaan lab COMMAND --help` teaches one of them. Begin with `loopbaan lab run cap-1000`.
"""
RUN = """\
examples:
  loopbaan lab run cap-1000 --share 0.01        one worker in a hundred: a second or two
  loopbaan lab run draw-1000 --seed 1 --out DIR everybody; tables in DIR as Parquet
  loopbaan lab run mine.yaml --lang nl          a scenario of your own (loopbaan lab new mine.yaml)

scenarios of the house:
{names}

The first run of a seed builds its population and keeps it in the cache. Two runs with the same
seed, code, law, scenario and population give the same bytes. DIR holds summary.txt, run.json with
the stamps, by_year.csv, and one Parquet file a table (docs/lab.md says what each holds):

{tables}
"""
COMPARE = """\
examples:
  loopbaan lab compare cap-1000 draw-1000 --share 0.01
  loopbaan lab compare DIR DIR2                 two runs that were written with --out

A difference between two runs of one seed is partly chance: try other seeds before you believe it.
"""
POPULATION = """\
examples:
  loopbaan lab population --share 0.01            one worker in a hundred: seconds
  loopbaan lab population --out DIR               everybody, as Parquet with a description (CSVW)

Nobody in it is real. Exit code 1: a margin lies more than half a percentage point off.
"""
TWIN = """\
examples:
  loopbaan export DIR --state .demo       what `make demo` filled
  loopbaan lab twin DIR

DIR is what `loopbaan export DIR` wrote. Every order is decided again by law and allocation alone,
with the facts that were kept and the places counted anew. Exit code 1: a decision comes out
otherwise; each difference is named.
"""
NEW = """\
examples:
  loopbaan lab new mine.yaml
  loopbaan lab run mine.yaml --share 0.01

The answers can be piped in, one a line. Exit code 2: they ended too soon; then nothing is written.
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command of the laboratory."""
    words = list(arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return 0 if words else BAD
    if words[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        print(f"loopbaan lab: there is no command {words[0]!r}; commands: {known}", file=sys.stderr)
        return BAD
    try:
        return COMMANDS[words[0]](words[1:])
    except NoPopulation as error:
        print(f"loopbaan lab: {error}", file=sys.stderr)
        return BAD


def _run(words: list[str]) -> int:
    names = _filled(", ".join(scenario.names()))
    tables = ", ".join((outcomes.ORDERS, *outcomes.TABLES))
    parser = asker("lab run", "Play one scenario.", RUN.format(names=names, tables=_filled(tables)))
    parser.add_argument("scenario", metavar="NAME", help="a scenario of the house, or a file")
    _ask_run(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, help="a new folder, or a run to replace")
    asked = parser.parse_args(words)
    chosen = scenario.load(asked.scenario)
    if asked.out is not None:
        outcomes.refuse_a_folder_that_is_no_run(asked.out)
    played = _play(chosen, asked)
    page = summary.summary(played, asked.lang)
    if asked.out is not None:
        outcomes.write(played, asked.out, page)
    print(page, end="")
    if asked.out is not None:
        print(f"\n{asked.out}: {len(played.tables)} tables, {outcomes.SUMMARY}, {outcomes.ABOUT}")
    return 0


def _filled(text: str) -> str:
    return textwrap.fill(
        text, 96, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )


def _compare(words: list[str]) -> int:
    parser = asker("lab compare", "Two runs side by side.", COMPARE)
    for name in ("first", "second"):
        parser.add_argument(name, metavar="NAME|DIR", help="a scenario, or a written run")
    _ask_run(parser)
    asked = parser.parse_args(words)
    # Both are read before one is played: a slip of the pen in the second costs no waiting.
    chosen = [_written_or_named(name) for name in (asked.first, asked.second)]
    first, second = (each if isinstance(each, Outcomes) else _play(each, asked) for each in chosen)
    print(summary.side_by_side(first, second, asked.lang), end="")
    return 0


def _written_or_named(name: str) -> Outcomes | Scenario:
    return outcomes.read(Path(name)) if Path(name).is_dir() else scenario.load(name)


def _new(words: list[str]) -> int:
    parser = asker("lab new", "Five questions, and a scenario is written.", NEW)
    parser.add_argument("file", metavar="FILE", type=Path, help="a new file, such as mine.yaml")
    return draft(parser.parse_args(words).file)


def _population(words: list[str]) -> int:
    parser = asker("lab population", "The invented workers, and how well they fit.", POPULATION)
    _ask_people(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, help="write them as Parquet with CSVW")
    asked = parser.parse_args(words)
    share = 1.0 if asked.share is None else asked.share
    people = population.population(asked.seed, share, asked.cache)
    if asked.out is not None:
        publishing.publish(people, asked.out)
    for line in publishing.report(people, rulebooks.current()):
        print(line)
    if asked.out is not None:
        print(f"{asked.out}: {publishing.TABLE}, {publishing.DESCRIPTION}")
    return WRONG if publishing.too_far(people) else 0


def _twin(words: list[str]) -> int:
    parser = asker("lab twin", "The scheme decided again, without behaviour.", TWIN)
    parser.add_argument("folder", metavar="DIR", type=Path, help="an export of the scheme")
    folder: Path = parser.parse_args(words).folder
    if not folder.is_dir():
        raise UnreadableFile(f"{folder}: is no folder; make one with loopbaan export {folder}")
    found = twin.compare(folder)
    for difference in found.differences[:MOST_DIFFERENCES]:
        print(difference)
    if (more := len(found.differences) - MOST_DIFFERENCES) > 0:
        print(f"… and {more:,} more")
    print(
        f"{found.decisions:,} decisions taken again, {found.under_a_cap:,} of them under a cap:"
        f" {len(found.differences):,} differences"
    )
    if found.undecided:
        print(f"{found.undecided:,} orders of the export are not decided yet")
    return WRONG if found.differences else 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "compare": _compare,
    "new": _new,
    "population": _population,
    "twin": _twin,
    "ensemble": lambda words: lab_ensemble.run(words, commit),
    "compare-savings": lambda words: lab_savings.run(words, commit),
    "parts": lambda words: lab_parts.run(words, commit),
    "backtest": lambda words: lab_backtest.run_backtest(words, commit),
    "calibrate": lab_backtest.run_calibrate,
    "report": lambda words: lab_report.run_report(words, commit),
    "replay": lambda words: lab_report.run_replay(words, commit),
    "explain": lab_report.run_explain,
    "try": lab_try.run,
    "pages": lambda words: lab_pages.run(words, commit),
}


def _ask_people(parser: Asker) -> None:
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="default: 1")
    ask_people(parser)


def _ask_run(parser: Asker) -> None:
    _ask_people(parser)
    parser.add_argument("--lang", choices=LANGS, default="en", help="default: en")


def _play(chosen: Scenario, asked: Any) -> Outcomes:
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    played = running.play(
        chosen,
        seed=asked.seed,
        share=asked.share,
        cache=asked.cache,
        commit=commit(),
        tell=tell,
    )
    return played.outcomes


def commit() -> str:
    """Return the commit of the checkout, marked if something was changed; else the version."""
    git = shutil.which("git")
    if git is None or not (CHECKOUT / ".git").exists():
        return __version__
    asked = (git, "-c", "safe.directory=*", "describe", "--always", "--dirty", "--abbrev=40")
    said = subprocess.run(  # noqa: S603 (git alone, and nothing that anybody typed)
        (*asked, "--exclude=*"), cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or __version__
