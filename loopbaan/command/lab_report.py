"""`loopbaan lab report`, `replay` and `explain`: what a run says, for those who read no tables."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loopbaan.command.asking import Asker, asker
from loopbaan.command.lab_ensemble import ask_people, ask_seeds
from loopbaan.lab import bands, explaining, replay, scenario
from loopbaan.lab.report import files, members, page, replaying, reporting, sheet
from loopbaan.lab.scenario import Scenario
from loopbaan.law.wording import LANGS

Commit = Callable[[], str]
RUNS, RUNS_OF_REPLAY = 40, 12
REPORT = """\
examples:
  loopbaan lab report cap-1000 --against no-measure draw-1000 --out report.html
  loopbaan lab report draw-1000 --against cap-1000 --share 0.01 --seeds 12 --out rough.html
  loopbaan lab report price-90 --against no-measure --lang en --out report.pdf --tables DIR

One file that fetches nothing: the minister's one page, then every chart with its table. A name that
ends on .pdf gives a sheet, any other a page. --tables also writes every table as CSV and Parquet.
Each scenario is played once with every assumption in the middle, and --seeds times with another
chance and other assumptions: that is where the bands come from. The same seed, code, rulebook,
scenario, population and runs give the same bytes.
"""
REPLAY = """\
examples:
  loopbaan lab replay --out minutes.html                  everybody, 12 runs for the bands
  loopbaan lab replay --share 0.01 --seeds 4 --out FILE   a rough one, on one worker in a hundred

The first of April 2025, minute by minute, under first come, draw, reserved shares and waiting list:
one page that fetches nothing, works without JavaScript, and may be passed on. It tells of groups,
so it asks for at least four runs.
"""
EXPLAIN = """\
examples:
  loopbaan lab explain                    the figures that can be explained
  loopbaan lab explain break_even         formula, what goes in, and how sure each of that is
  loopbaan lab explain price_elasticity   one assumption
"""


def run_report(words: list[str], commit: Commit) -> int:
    """Write the report of a scenario."""
    parser = asker("lab report", "One page for a minister, and all behind it.", REPORT)
    parser.add_argument("scenario", metavar="NAME", help="a scenario of the house, or a file")
    parser.add_argument(
        "--against",
        metavar="NAME",
        nargs="+",
        default=[],
        help="compare; the first in the sentence",
    )
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=".html or .pdf")
    parser.add_argument("--tables", metavar="DIR", type=Path, help="CSV and Parquet of every table")
    _ask(parser, RUNS, least=0)
    asked = parser.parse_args(words)
    names = [asked.scenario, *asked.against]
    chosen = [scenario.load(name) for name in names]
    if len({each.name for each in chosen}) < len(chosen):
        parser.error("a scenario is named twice")
    files.refuse_a_place_for_no_file(asked.out)
    cast = members.play(
        chosen,
        seed=asked.seed,
        runs=asked.seeds,
        share=_share(chosen, asked),
        cache=asked.cache,
        commit=commit(),
        tell=_teller(),
    )
    report = reporting.tell(cast, asked.lang)
    is_sheet = asked.out.suffix == ".pdf"
    size = files.write(sheet.pdf(report) if is_sheet else page.html(report), asked.out)
    print(report.sentence)
    print(f"\n{asked.out}: {size:,} bytes")
    if asked.tables is not None:
        print(f"{asked.tables}: {files.write_tables(report, asked.tables)} tables")
    return 0


def run_replay(words: list[str], commit: Commit) -> int:
    """Write the page of the seven and a half minutes."""
    parser = asker("lab replay", "The first of April 2025, minute by minute.", REPLAY)
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="a page, .html")
    _ask(parser, RUNS_OF_REPLAY, least=bands.FEWEST)
    asked = parser.parse_args(words)
    files.refuse_a_place_for_no_file(asked.out)
    chosen = [scenario.load(name) for name in replay.RULES]
    morning = replay.play(
        chosen,
        seed=asked.seed,
        runs=asked.seeds,
        share=_share(chosen, asked),
        cache=asked.cache,
        commit=commit(),
        tell=_teller(),
    )
    size = files.write(replaying.html(morning, asked.lang), asked.out)
    print(replaying.sentence(morning, asked.lang))
    print(f"\n{asked.out}: {size:,} bytes")
    return 0


def run_explain(words: list[str]) -> int:
    """Tell where a figure comes from."""
    parser = asker("lab explain", "Where a figure comes from, and how sure it is.", EXPLAIN)
    parser.add_argument("figure", metavar="FIGURE", nargs="?", help="a figure, or an assumption")
    parser.add_argument("--lang", choices=LANGS, default="en", help="default: en")
    asked = parser.parse_args(words)
    try:
        print(explaining.explain(asked.figure, asked.lang), end="")
    except explaining.NoFigure as error:
        parser.error(str(error))
    return 0


def _ask(parser: Asker, runs: int, *, least: int) -> None:
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="the first (default: 1)")
    ask_seeds(parser, runs, least=least)
    ask_people(parser)
    parser.add_argument("--lang", choices=LANGS, default="nl", help="default: nl")


def _share(chosen: list[Scenario], asked: Any) -> float:
    return (
        min(each.population_percent for each in chosen) / 100
        if asked.share is None
        else asked.share
    )


def _teller() -> Callable[[str], None]:
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    return tell
