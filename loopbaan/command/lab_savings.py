"""`loopbaan lab compare-savings`: the same ten million, saved by each instrument alone."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from loopbaan.command.asking import Asker, asker
from loopbaan.command.lab_ensemble import ask_runs, ask_seeds, play
from loopbaan.lab import (
    figures,
    instruments,
    orders,
    population,
    running,
    savings,
    scenario,
    stamps,
    summary,
    world,
)
from loopbaan.lab import who_pays as pages
from loopbaan.lab.instruments import BASELINE, INSTRUMENTS, YEAR, Instrument

Commit = Callable[[], str]
SEED = 1
SAVINGS = """\
examples:
  loopbaan lab compare-savings --share 0.01              one run each: some seconds
  loopbaan lab compare-savings --share 0.05 --seeds 20   with bands
  loopbaan lab compare-savings --find share              how large the share must be, found anew

Ten million euro less in 2026, beside `no-measure`, by a dearer voucher, fewer hours, a lower fee, a
cap, or more years of work: who stays away, who pays more, what the centres lose. The sizes stand in
the scenarios same-saving-by-…, with how they were found. With --seeds above 1 each run has its own
draw of every assumption. With --find nothing is compared: a size is looked for by halving.
"""


def run(words: list[str], commit: Commit) -> int:
    """Compare the five ways, or find the size of one of them."""
    parser = asker("lab compare-savings", "The same saving by each instrument.", SAVINGS)
    ask_seeds(parser, 1)
    names = tuple(each.name for each in INSTRUMENTS)
    parser.add_argument("--find", metavar="INSTRUMENT", choices=names, help=", ".join(names))
    parser.add_argument("--out", metavar="FILE", type=Path, help="the table as CSV")
    ask_runs(parser)
    asked = parser.parse_args(words)
    if asked.find:
        return _find(next(each for each in INSTRUMENTS if each.name == asked.find), asked, commit)
    chosen = {name: scenario.load(file) for name, file in savings.SCENARIOS.items()}
    without = _figures(scenario.load(BASELINE), parser, asked, commit)
    with_ = {name: _figures(each, parser, asked, commit) for name, each in chosen.items()}
    table = savings.table(without, with_)
    if asked.out is not None:
        table.write_csv(asked.out)
    day = date(YEAR, 1, 1)
    laws = {name: scenario.rulebook(each).on(day) for name, each in chosen.items()}
    rests_on = _rests_on([scenario.load(BASELINE), *chosen.values()], asked, commit())
    print(pages.page(table, laws, asked.lang, rests_on), end="")
    return 0


def _figures(chosen: scenario.Scenario, parser: Asker, asked: Any, commit: Commit) -> pl.DataFrame:
    if asked.seeds > 1:
        return play(chosen, parser, asked, commit, folder=None, draws=1).values
    played = running.play(chosen, seed=SEED, share=asked.share, cache=asked.cache, tell=_tell)
    return figures.of(played.outcomes, 1 / float(played.outcomes.about["share"]))


def _rests_on(chosen: Sequence[scenario.Scenario], asked: Any, commit: str) -> list[str]:
    """Return what a comparison rests on: the part of the workers, and the five stamps."""
    share = 1.0 if asked.share is None else asked.share
    people = population.population(SEED, share, asked.cache)
    seeds = f"{SEED}" if asked.seeds == 1 else f"{SEED}-{asked.seeds}"
    part = summary.part_of_all(people.share, asked.lang)
    return [*part, *stamps.lines(seeds, commit, people, chosen)]


def _find(instrument: Instrument, asked: Any, commit: Commit) -> int:
    share = 1.0 if asked.share is None else asked.share
    people = population.population(SEED, share, asked.cache)
    base = scenario.load(BASELINE)
    started = time.perf_counter()

    def spent(content: dict[str, Any]) -> int:
        chosen = scenario.of(content, Path("size.yaml")) if content else base
        behaviour, law = running.in_the_middle(chosen, people)
        events = world.run(
            people,
            behaviour,
            law,
            seed=SEED,
            first=base.first,
            last=date(YEAR, 12, 1),
        )
        frame = orders.frame(events, people, law)
        year = frame.filter(pl.col("started_on").dt.year() == YEAR)
        cents = round(int(year["government_cents"].sum()) / share)
        _tell(f"{time.perf_counter() - started:6.1f} s  {cents / 100:,.0f} euro in {YEAR}")
        return cents

    found = instruments.find(instrument, spent)
    print(
        f"{found.instrument}: {found.size:,} {instrument.unit} saves"
        f" {found.saved_cents / 100:,.0f} euro in {YEAR} ({found.played} sizes were played)"
    )
    for row in _rests_on([base], asked, commit()):
        print(row)
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
