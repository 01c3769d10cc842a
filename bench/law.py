"""The figures of the law: millions at once, one worker, careers, the command line."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measure import Figure, ratio, seconds
from loopbaan.command.showing import DAYS, invented
from loopbaan.law import career, ordering, rulebook
from loopbaan.law.career import Spells
from loopbaan.law.months import NO_DAY, Days, calendar_day, day_number
from loopbaan.law.ordering import Decisions, Facts
from loopbaan.law.policy import KINDS, Policy
from loopbaan.law.refusals import Refusal

WORKERS, CAREERS, SPELLS, ROWS = 5_000_000, 1_000_000, 5, 1_000_000
# Days on which changes of the law lie ahead, so that the first day takes longest.
ONE_DAYS = (date(2019, 12, 10), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 20))
BOOK = rulebook.current()

Column = NDArray[np.generic]


def figures() -> Iterator[Figure]:
    """Measure one figure after the other."""
    yield from _everyone()
    yield from _one()
    yield from _careers()
    yield from _command()


def _everyone() -> Iterator[Figure]:
    made = invented(WORKERS, np.random.default_rng(1))
    facts = _starts_on(made, DAYS[3])
    columns = list(_columns(facts).values())
    copies = [np.zeros_like(column) for column in columns]
    each = sum(column.nbytes for column in columns) / WORKERS
    assert each <= 32, "the input is bounded to 32 bytes a worker"

    sides: dict[str, Callable[[], object]] = {"copy": partial(_copy, copies, columns)}
    for day in DAYS:
        own = _starts_on(made, day)
        sides[f"reasons {day}"] = partial(ordering.reasons, BOOK.on(day), own, day)
        sides[f"decide {day}"] = partial(ordering.decide, BOOK, own, ordered_on=day)
    found = seconds(sides)
    _check(facts, DAYS[3])
    for what, goal, name in (
        ("reasons", 6, "all reasons, 5,000,000 workers / copy"),
        ("decide", 16, "whole decision, 5,000,000 workers / copy"),
    ):
        ratios = [ratio(f"{name}, {d}", found, f"{what} {d}", "copy", goal) for d in DAYS]
        yield from ratios
        yield Figure(f"{name}, worst day", max(f.value for f in ratios), "ratio", goal)
    yield Figure("copy of the input", min(found["copy"]), "s", None, f"{each:.0f} bytes a worker")
    yield Figure(f"whole decision, {DAYS[4]}", min(found[f"decide {DAYS[4]}"]), "s", None)


def _copy(targets: Sequence[Column], columns: Sequence[Column]) -> None:
    for target, column in zip(targets, columns, strict=True):
        np.copyto(target, column)


def _check(facts: Facts, day: date) -> None:
    """Compare a sample of the millions with the same workers decided one by one."""
    decided = ordering.decide(BOOK, facts, ordered_on=day)
    for row in random.Random(3).sample(range(WORKERS), 300):
        one = ordering.decide(BOOK, facts.rows(slice(row, row + 1)), ordered_on=day)
        for name in Decisions.__slots__:
            assert np.array_equal(getattr(one, name)[0], getattr(decided, name)[row])


def _one() -> Iterator[Figure]:
    """Time single workers on days before and between changes of the law; the worst day counts."""
    worst = {"reasons, one worker": 0.0, "whole decision, one worker": 0.0}
    refused = 0.0
    for day in ONE_DAYS:
        facts = _starts_on(invented(400, np.random.default_rng(2)), day)
        rows = [facts.rows(slice(i, i + 1)) for i in range(400)]
        policy, number = BOOK.on(day), np.array([day_number(day)], np.int32)
        timed = {
            "reasons, one worker": _times(partial(_reasons_one, policy, number), rows),
            "whole decision, one worker": _times(partial(_decide_one, number), rows),
        }
        for name, took in timed.items():
            worst[name] = max(worst[name], float(np.median(took)))
        waiting = [r for r in rows if ordering.reasons(policy, r, number)[0] == Refusal.EXPERIENCE]
        took = _times(partial(_decide_one, number), waiting)
        refused = max(refused, float(np.median(took)))
    yield Figure("reasons, one worker", worst["reasons, one worker"], "µs", 50)
    yield Figure("whole decision, one worker", worst["whole decision, one worker"], "µs", 150)
    yield Figure("whole decision, one refused for experience", refused, "µs", 150)


def _times(call: Callable[[Facts], object], rows: Sequence[Facts]) -> list[float]:
    took = []
    for one in rows:
        started = time.perf_counter()
        call(one)
        took.append((time.perf_counter() - started) * 1e6)
    return took


def _reasons_one(policy: Policy, day: Days, one: Facts) -> object:
    return ordering.reasons(policy, one, day)


def _decide_one(day: Days, one: Facts) -> Decisions:
    return ordering.decide(BOOK, one, ordered_on=day)


def _careers() -> Iterator[Figure]:
    generator = np.random.default_rng(3)
    count = CAREERS * SPELLS
    day = day_number(date(2025, 4, 1))
    starts = (day - generator.integers(0, 12_000, count)).astype(np.int32)
    ends = (starts + generator.integers(0, 2_500, count)).astype(np.int32)
    spells = Spells(
        offsets=np.arange(CAREERS + 1, dtype=np.int64) * SPELLS,
        starts_on=starts,
        ends_on=np.where(generator.random(count) < 0.1, career.RUNS_ON, ends).astype(np.int32),
        kind=generator.integers(0, len(KINDS), count).astype(np.uint8),
        certified=generator.random(count) < 0.5,
    )
    columns = [getattr(spells, name) for name in Spells.__slots__]
    copies = [np.zeros_like(column) for column in columns]
    policy, ordered_on = BOOK.on(date(2025, 4, 1)), np.array([day], np.int32)
    found = seconds(
        {
            "copy": partial(_copy, copies, columns),
            "count": partial(career.count, policy, spells, ordered_on),
        }
    )
    _check_career(spells, career.count(policy, spells, ordered_on), day)
    name = "a million careers of five spells / copy of the spells"
    yield ratio(name, found, "count", "copy", 80)
    yield Figure("a million careers of five spells", min(found["count"]), "s", None)


def _check_career(spells: Spells, sums: career.Sums, day: int) -> None:
    """Count a sample again the plain way: a set of days."""
    policy = BOOK.on(date(2025, 4, 1))
    for worker in random.Random(4).sample(range(CAREERS), 50):
        days: set[int] = set()
        for i in range(worker * SPELLS, (worker + 1) * SPELLS):
            word = getattr(policy, f"counts_{KINDS[spells.kind[i]]}")
            counts = word not in ("nothing", "employee_if_certified") or (
                word == "employee_if_certified" and spells.certified[i]
            )
            if counts:
                days.update(
                    range(int(spells.starts_on[i]), min(int(spells.ends_on[i]), day - 1) + 1)
                )
        assert len(days) == sums.experience_days[worker]


def _command() -> Iterator[Figure]:
    python = sys.executable
    found = seconds(
        {
            "empty": lambda: subprocess.run([python, "-c", "pass"], check=True),
            "law": lambda: subprocess.run(
                [python, "-m", "loopbaan", "law", "--json"], check=True, stdout=subprocess.DEVNULL
            ),
        }
    )
    yield ratio("loopbaan law --json / an empty Python", found, "law", "empty", 25)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "workers.csv")
        _write_table(path)
        for name, options in (("counts", []), ("--out", ["--out", str(path.with_name("out.csv"))])):
            started = time.perf_counter()
            command = [python, "-m", "loopbaan", "decide", str(path), *options]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            took = time.perf_counter() - started
            assert f"{ROWS:,}".replace(",", ".") in done.stdout, "every row is decided"
            yield Figure(f"a million rows of CSV, {name}", took, "s", 20)


def _write_table(path: Path) -> None:
    """Write a million workers as CSV, their facts as people would write them."""
    day = date(2025, 4, 1)
    facts = _starts_on(invented(ROWS, np.random.default_rng(5)), day)
    columns = {name: column.tolist() for name, column in _columns(facts).items()}
    with path.open("w") as file:
        file.write(
            "id,ordered_on,lives_in,moved_from_eea,works_in,activity,experience_days,"
            "experience_months,months_worked_in_last_24,agency_weeks_unbroken,"
            "vouchers_started_on,last_voucher_closed,open_order,guidance_language\n"
        )
        for i in range(ROWS):
            c = {name: column[i] for name, column in columns.items()}
            started = [c["previous_started_on"], c["last_started_on"]]
            days = ";".join(str(calendar_day(d)) for d in started if d != NO_DAY)
            file.write(
                f"w{i},{day + timedelta(days=i % 30)},{ordering.HOMES[c['lives_in']]},"
                f"{str(c['moved_from_eea']).lower()},{ordering.WORKPLACES[c['works_in']]},"
                f"{ordering.ACTIVITIES[c['activity']]},{c['experience_days']},"
                f"{c['experience_months']},{c['months_worked_in_last_24']},"
                f"{c['agency_weeks_unbroken']},{days},{str(c['last_voucher_closed']).lower()},"
                f"{str(c['open_order']).lower()},{'nl' if c['in_dutch'] else 'fr'}\n"
            )


def _columns(facts: Facts) -> dict[str, Column]:
    """Return each fact by name, without those that no worker has."""
    named = {name: getattr(facts, name) for name in Facts.__slots__}
    return {name: column for name, column in named.items() if column is not None}


def _starts_on(facts: Facts, day: date) -> Facts:
    """Return the facts with their earlier starts counted back from a day."""
    started = (facts.last_started_on, facts.previous_started_on)
    last, previous = (np.where(b == NO_DAY, NO_DAY, b + day_number(day)) for b in started)
    return replace(
        facts,
        last_started_on=last.astype(np.int32),
        previous_started_on=previous.astype(np.int32),
    )
