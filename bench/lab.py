"""The figures of the laboratory: against a loop over everyone, a copy, and its own growth."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import yardstick
from bench.measure import Figure, ratio, seconds
from loopbaan.lab import behaviour, population, running, world
from loopbaan.lab.population import Population
from loopbaan.law import rulebook

SEED = 1
WHOLE, QUARTER = 1.0, 0.25
BOOK = rulebook.current()
HAZARD = "first_order_hazard_month_aware"
# The months of every regime: before a rule, under it, a scarce year, and after.
GROWTH = (date(2018, 1, 1), date(2020, 12, 31))
# What the law reads of a worker, as a population holds it.
READ = ("entered", "left", "gap_from", "gap_months", "status", "residence", "work_place")
LEAST_TIMES_PLAIN, MOST_COPIES = 35, 7
MOST_SAME_ACTORS, MOST_GROWTH, LEAST_OF_TWO = 1.5, 4.5, 1.8
MOST_SECONDS, MOST_BYTES = 5, 10
_MEMORY = "import sys; from bench.lab import peak; print(*peak(int(sys.argv[1])))"


def figures() -> Iterator[Figure]:
    """Measure one figure after the other."""
    yield from _yardstick()
    yield from _whole()
    yield from _growth()
    yield from _processes()
    yield from _memory()


@cache
def people(share: float) -> Population:
    """Return the population, built once for all figures."""
    return population.population(SEED, share, running.default_cache())


def play(
    share: float,
    first: date = world.FIRST_DAY,
    last: date = world.LAST_DAY,
    seed: int = SEED,
    changes: Mapping[str, float | str] | None = None,
) -> int:
    """Play a run and return how many orders it has."""
    assumed = behaviour.load(changes=changes)
    return len(world.run(people(share), assumed, BOOK, seed=seed, first=first, last=last))


def _yardstick() -> Iterator[Figure]:
    made = yardstick.people()
    found = seconds(
        {
            "plain": partial(yardstick.plain, made),
            "askers": partial(yardstick.askers, made),
            "jumps": partial(yardstick.jumps, made),
        }
    )
    _check(made)
    what = f"{yardstick.PERSONS:,} persons x {yardstick.MONTHS} months"
    # How many times slower the loop is: the ratio turned round, so that a goal is a most.
    turned = ratio(f"from actor to actor / loop over everyone, {what}", found, "jumps", "plain", 1)
    yield Figure(turned.name, turned.value, "ratio", 1 / LEAST_TIMES_PLAIN, turned.spread)
    yield ratio("the same / a draw for everyone", found, "jumps", "askers", 1)


def _check(made: yardstick.People) -> None:
    """Compare winners where draws are equal, and the number who would win where they are not."""
    plain, askers = yardstick.plain(made), yardstick.askers(made)
    assert all(np.array_equal(one, other) for one, other in zip(plain, askers, strict=True))
    jumps = yardstick.jumps(made)
    assert [len(each) for each in plain] == [len(each) for each in jumps]
    groups = [np.bincount(made.group[np.concatenate(w)], minlength=32) for w in (plain, jumps)]
    apart = np.abs(groups[0] - groups[1]) / np.sqrt(groups[0] + groups[1])
    assert apart.max() < 5, "the winners come from the same groups, up to chance"


def _whole() -> Iterator[Figure]:
    everyone = people(WHOLE)
    columns = [np.array(getattr(everyone, name)) for name in READ]
    copies = [np.zeros_like(column) for column in columns]
    found = seconds({"run": partial(play, WHOLE), "copy": partial(_copy, copies, columns)})
    months = 174
    each = [took / months for took in found["run"]]
    name = "a month of the whole laboratory / a copy of the law's columns"
    yield ratio(name, {"run": each, "copy": found["copy"]}, "run", "copy", MOST_COPIES)
    told = f"{len(everyone):,} workers, {months} months"
    yield Figure("a run, 2013 to 2027", statistics.median(found["run"]), "s", MOST_SECONDS, told)


def _copy(targets: list[NDArray[np.generic]], columns: list[NDArray[np.generic]]) -> None:
    for target, column in zip(targets, columns, strict=True):
        np.copyto(target, column)


def _growth() -> Iterator[Figure]:
    hazard = behaviour.load().first_order_hazard_month_aware
    first, last = GROWTH
    sides: dict[str, Callable[[], object]] = {
        "quarter": partial(play, QUARTER, first, last),
        "whole": partial(play, WHOLE, first, last),
        "same": partial(play, WHOLE, first, last, changes={HAZARD: hazard * QUARTER}),
    }
    orders = {name: call() for name, call in sides.items()}
    assert abs(int(str(orders["same"])) / int(str(orders["quarter"])) - 1) < 0.05
    found = seconds(sides)
    yield ratio("4 x persons, as many actors", found, "same", "quarter", MOST_SAME_ACTORS)
    yield ratio("4 x persons and actors", found, "whole", "quarter", MOST_GROWTH)


def _processes() -> Iterator[Figure]:
    """Compare two processes that play a seed each with one that plays both."""
    people(WHOLE)
    seeds = (1, 2)
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        turn = partial(_play_seed, WHOLE)
        alone = [turn(seed) for seed in seeds]
        assert list(pool.map(turn, seeds)) == alone, "the same results, seed by seed"
        found = seconds(
            {
                "one": lambda: [turn(seed) for seed in seeds],
                "two": lambda: list(pool.map(turn, seeds)),
            }
        )
    name = "two seeds, two processes / one process"
    figure = ratio(name, found, "two", "one", 1 / LEAST_OF_TWO)
    load = f"{figure.spread}, load {os.getloadavg()[0]:.1f}"
    yield Figure(figure.name, figure.value, figure.unit, figure.goal, load)


def _play_seed(share: float, seed: int) -> int:
    return play(share, seed=seed)


def _memory() -> Iterator[Figure]:
    """Measure in a fresh process what a run needs beside the population, which is mapped."""
    for months in (24, 174):
        command = [sys.executable, "-c", _MEMORY, str(months)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        taken, orders = (int(number) for number in done.stdout.split())
        each = taken / len(people(WHOLE))
        told = f"{taken / 1e6:.0f} MB, of which {orders / 1e6:.0f} MB orders"
        name = f"bytes a person beside the population, {months} months"
        yield Figure(name, each, "bytes", MOST_BYTES, told)


def peak(months: int) -> tuple[int, int]:
    """Return the most memory that a run took beside what stood there before, and its orders'."""
    everyone, assumed = people(WHOLE), behaviour.load()
    last = date(2013 + (6 + months - 1) // 12, (6 + months - 1) % 12 + 1, 1)
    world.run(population.build(SEED, 0.001), assumed, BOOK, seed=SEED)  # imports, first touches
    before, most = _own_memory(), 0
    made = world.begin(everyone, assumed, BOOK, seed=SEED, last_month=1362 + months - 1)
    for month in range(1362, 1362 + months):
        world.step(made, month)
        most = max(most, _own_memory())
    assert last.year <= world.LAST_DAY.year
    events = made.log.finish(1362, 1362 + months - 1)
    return max(most, _own_memory()) - before, events.nbytes


def _own_memory() -> int:
    """Return the memory that is this process's own, the mapped population left out."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        found = next(line for line in status if line.startswith("RssAnon"))
    return int(found.split()[1]) * 1024


def main() -> None:
    """Print the figures of the laboratory alone."""
    started = time.perf_counter()
    for figure in figures():
        print(figure.line(), flush=True)
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
