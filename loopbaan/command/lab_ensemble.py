"""`loopbaan lab ensemble`: a scenario played many times, so that every figure has its band."""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loopbaan.command.asking import Asker, asker
from loopbaan.lab import ensemble, running, scenario, sensitivity, telling
from loopbaan.law.wording import LANGS

SEEDS = 100
INSTALL = ".venv/bin/pip install --require-hashes --requirement requirements/cluster.txt"
Commit = Callable[[], str]
ENSEMBLE = """\
examples:
  loopbaan lab ensemble cap-1000 --seeds 20 --share 0.01   a part of the workers: half a minute
  loopbaan lab ensemble cap-1000 --out DIR                 everybody, 100 times; some minutes
  loopbaan lab ensemble draw-1000 --out DIR --cluster tcp://10.0.0.1:8786

Each run has its own seed and its own draw of every assumption from its band. Ctrl-C stops: what is
under way is ended and kept in DIR, and the same command goes on with the rest. More seeds, or more
draws a seed, are added to what is there.

With --cluster the runs go to the workers of a Dask cluster, all in a checkout of the same commit
(docs/uncertainty.md says how). The results are the same, seed by seed, to the byte.

DIR then holds bands (Parquet and CSV: low, middle and high of every figure), draws (what each run
assumed), sensitivity (which assumption matters for which figure), summary.txt, ensemble.json with
the stamps, and members: one file a run.
"""


def run(words: list[str], commit: Commit) -> int:
    """Play an ensemble and tell it on a page."""
    parser = asker("lab ensemble", "Play one scenario many times.", ENSEMBLE)
    parser.add_argument("scenario", metavar="NAME", help="a scenario of the house, or a file")
    ask_seeds(parser, SEEDS)
    parser.add_argument(
        "--draws",
        metavar="N",
        type=int,
        default=1,
        help="draws of the assumptions with each seed; 0: central values only (default: 1)",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="a new folder, or one to go on in")
    ask_runs(parser)
    asked = parser.parse_args(words)
    chosen = scenario.load(asked.scenario)
    found = play(chosen, parser, asked, commit, folder=asked.out, draws=max(asked.draws, 0))
    page = telling.ensemble(found, asked.lang)
    if asked.out is not None:
        ensemble.keep(asked.out, "sensitivity.parquet", sensitivity.report(found))
        ensemble.keep(asked.out, "sensitivity.csv", sensitivity.report(found))
        ensemble.keep(asked.out, "summary.txt", page)
    print(page, end="")
    return 0


def ask_people(parser: Asker, share: float | None = None) -> None:
    """Add the options of whatever plays with the workers: how many, and where they are kept."""
    parser.add_argument(
        "--share",
        metavar="PART",
        type=float,
        default=share,
        help="part of the workers, as 0.01 (default: all)",
    )
    ask_cache(parser)


def ask_cache(parser: Asker) -> None:
    """Add the option of whatever reads a population."""
    parser.add_argument(
        "--cache",
        metavar="DIR",
        type=Path,
        default=running.default_cache(),
        help="where populations are kept (default: .lab in the checkout)",
    )


def ask_seeds(parser: Asker, seeds: int, *, least: int = 1) -> None:
    """Add the option that says how many runs; `least` is 0 where there may be none."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} up")
        return int(text)

    none = "" if least else "; 0: none, and no bands"
    what = f"how many runs, each with a seed of its own{none} (default: {seeds})"
    parser.add_argument("--seeds", metavar="N", type=number, default=seeds, help=what)
    # As it was called where the runs make a page.
    hidden = argparse.SUPPRESS
    parser.add_argument("--runs", dest="seeds", type=number, default=hidden, help=hidden)


def ask_runs(parser: Asker) -> None:
    """Add the options of whatever plays many runs."""
    ask_people(parser)
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler, as tcp://127.0.0.1:8786"
    )
    parser.add_argument("--lang", choices=LANGS, default="en", help="default: en")


def play(
    chosen: scenario.Scenario,
    parser: Asker,
    asked: Any,
    commit: Commit,
    *,
    folder: Path | None,
    draws: int,
) -> ensemble.Ensemble:
    """Play what was asked, here or on a cluster."""
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    with _where(parser, asked.cluster) as (executor, at_once):
        return ensemble.play(
            chosen,
            seeds=range(1, asked.seeds + 1),
            draws=draws,
            share=asked.share,
            cache=asked.cache,
            folder=folder,
            executor=executor,
            at_once=at_once,
            commit=commit(),
            tell=tell,
        )


@contextmanager
def _where(parser: Asker, address: str | None) -> Iterator[tuple[Executor | None, int | None]]:
    """Give who plays the runs: nobody in particular, or a cluster, with two runs a thread."""
    if address is None:
        yield None, None
        return
    try:
        make: Callable[..., Any] = importlib.import_module("distributed").Client
    except ImportError:
        parser.error(f"--cluster needs Dask; in the checkout: {INSTALL}")
    try:
        client = make(address, timeout=10)
    except (OSError, ValueError) as error:
        parser.error(f"no cluster answers at {address} ({error})")
    with client:
        yield client.get_executor(), 2 * max(sum(client.ncores().values()), 1)
