"""`loopbaan calculate`: plays out whole what the authority asked, one measure after the other."""

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from loopbaan.command import clock
from loopbaan.command.asking import asker
from loopbaan.command.database import ask_state, opened
from loopbaan.command.lab import commit
from loopbaan.lab import ensemble, scenario, sensitivity, telling
from loopbaan.law.checks import RulebookError, UnreadableFile
from loopbaan.law.wording import LANGS
from loopbaan.live import ready

ACTOR = "system"
NICE = 15  # after everything that somebody waits for
RUNS = "runs"
EPILOG = """\
example:
  loopbaan calculate        what was asked at /beheer/doorrekeningen and is not played yet

The worker process starts this when there is something to play. It plays on one core, as
the last of all processes, and one measure at a time, however often it is started. What was stopped
goes on with the runs that are there. What comes of it stands in the state folder, under
lab/calculations.
"""


class Cancelled(Exception):
    """Somebody does not want to know any more."""


class Here(Executor):
    """Plays a run at once, in this process: whoever kills it leaves no other one behind."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Play, and return what is done already."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def run(arguments: Sequence[str]) -> int:
    """Play until nothing is asked any more."""
    parser = asker("calculate", __doc__ or "", EPILOG)
    ask_state(parser)
    parser.parse_args(arguments)
    os.nice(NICE)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    with opened():
        calculating = ready.load("calculating")
        with calculating.alone() as is_alone:
            while is_alone and (found := calculating.take(now=clock.now(), actor=ACTOR)):
                _play(calculating, found)
    return 0


def _play(calculating: Any, asked: Any) -> None:
    """Play one measure to its end, unless it is cancelled on the way."""
    folder: Path = calculating.folder(asked.pk)
    runs = folder / RUNS

    def tell(_text: str) -> None:
        done = len(list((runs / ensemble.MEMBERS).glob("seed-*.parquet")))
        if not calculating.progress(asked.pk, min(done, asked.seeds)):
            raise Cancelled

    try:
        found = _played(asked, runs, folder.parents[1], tell)
        for lang in LANGS:
            ensemble.keep(folder, f"summary.{lang}.txt", telling.ensemble(found, lang))
        ensemble.keep(folder, "bands.csv", found.bands)
        ensemble.keep(folder, "sensitivity.csv", sensitivity.report(found))
        calculating.finish(asked.pk, now=clock.now(), actor=ACTOR)
    except Cancelled:
        shutil.rmtree(folder, ignore_errors=True)
    except (RulebookError, UnreadableFile, ValueError) as error:
        calculating.fail(asked.pk, fault=str(error)[:300], now=clock.now(), actor=ACTOR)


def _played(asked: Any, runs: Path, cache: Path, tell: ensemble.Tell) -> ensemble.Ensemble:
    chosen = scenario.of(asked.content, Path(f"doorrekening-{asked.pk}.yaml"))

    def play() -> ensemble.Ensemble:
        return ensemble.play(
            chosen,
            seeds=range(1, asked.seeds + 1),
            share=asked.percent / 100,
            cache=cache,
            folder=runs,
            executor=Here(),
            at_once=1,
            commit=commit(),
            tell=tell,
        )

    try:
        return play()
    except UnreadableFile:
        # Half of it was played by another release: then all of it is played by this one.
        shutil.rmtree(runs, ignore_errors=True)
        return play()
