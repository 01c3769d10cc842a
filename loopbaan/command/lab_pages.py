"""`loopbaan lab pages`: the report and the replay in both languages, for the page /lab."""

import sys
import time
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from loopbaan.command.asking import asker
from loopbaan.command.lab_ensemble import Commit, ask_people, ask_seeds
from loopbaan.lab import bands, ensemble, replay, scenario
from loopbaan.lab.ensemble import Tell
from loopbaan.lab.report import files, members, page, replaying, reporting
from loopbaan.law.wording import LANGS

TOLD = ("cap-1000", "no-measure", "draw-1000")
REPORT, REPLAY = "verslag", "zeven-en-een-halve-minuut"
RUNS = 40
PAGES = """\
examples:
  loopbaan lab pages state/lab/pages                       everybody; some minutes
  loopbaan lab pages DIR --share 0.01 --seeds 6            rough ones; less than a minute

Plays cap-1000 against no-measure and draw-1000, and the first of April 2025, once, and writes each
page in Dutch and English. An installation shows those of lab/pages in its state folder at /lab.
"""


def run(words: list[str], commit: Commit) -> int:
    """Play once, and write every page whole."""
    parser = asker("lab pages", "The pages that /lab links to.", PAGES)
    parser.add_argument("folder", metavar="DIR", type=Path, help="where they are written")
    ask_seeds(parser, RUNS, least=bands.FEWEST)
    ask_people(parser, 1.0)
    asked = parser.parse_args(words)
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    asked.folder.mkdir(parents=True, exist_ok=True)
    # The same processes play both, so that the people are read once.
    with ensemble.workers() as pool:
        given = _Given(1, asked.seeds, asked.share, asked.cache, commit(), pool, tell)
        cast = members.play([scenario.load(name) for name in TOLD], **given._asdict())
        rules = [scenario.load(name) for name in replay.RULES]
        morning = replay.play(rules, **given._asdict())
    for lang in LANGS:
        report = page.html(reporting.tell(cast, lang))
        files.write(report, asked.folder / f"{REPORT}.{lang}.html")
        files.write(replaying.html(morning, lang), asked.folder / f"{REPLAY}.{lang}.html")
    print(f"{asked.folder}: {REPORT}, {REPLAY}, in {' and '.join(LANGS)}")
    return 0


class _Given(NamedTuple):
    """What both are played with."""

    seed: int
    runs: int
    share: float
    cache: Path
    commit: str
    executor: Executor
    tell: Tell
