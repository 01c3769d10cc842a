"""A report and a replay of a small part of everybody, each played once for all tests."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from loopbaan.lab import bands, replay, scenario
from loopbaan.lab.replay import Morning
from loopbaan.lab.report import members
from loopbaan.lab.report.members import Cast

SHARE = 0.01
COMMIT = "0" * 40
RUNS = 10  # the fewest for which anything is said of assumptions


@cache
def cache_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="loopbaan-lab-"))


@cache
def cast(*names: str, runs: int = RUNS) -> Cast:
    """What happened against no measure, unless other scenarios are named."""
    chosen = [scenario.load(name) for name in names or ("cap-1000", "no-measure")]
    with ThreadPoolExecutor(1) as here:
        return members.play(
            chosen,
            seed=1,
            runs=runs,
            share=SHARE,
            cache=cache_folder(),
            commit=COMMIT,
            executor=here,
        )


@cache
def morning() -> Morning:
    with ThreadPoolExecutor(1) as here:
        return replay.play(
            [scenario.load(rule) for rule in replay.RULES],
            seed=1,
            runs=bands.FEWEST,
            share=SHARE,
            cache=cache_folder(),
            commit=COMMIT,
            executor=here,
        )
