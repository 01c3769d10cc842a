"""The rule of bench/yardstick.py as a peer's engine holds it, played in a process of its own.

Run by the Python of .venv-peers, which has the engines and nothing of ours: this file imports
neither loopbaan nor the rest of the bench. It reads what bench/peers.py hands over in a folder,
plays at each line on standard input, and answers each with a line.

The reading is kind to the engine: the formulas hold no reasons, and arrays need not be copied. It
draws from the same streams as ours and looks up the hazard of each group, month by month; or it is
handed both ready made. What a month no longer needs is deleted by hand, for the engines keep every
month that they computed.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
FIRST_YEAR = 2020  # month 0 is January of this year
# The type of each column: those of a person's life are known for ever, the others each month.
FOR_EVER = {"group": int, "resident": bool, "entered": int, "left": int}
EACH_MONTH = {"draw": float, "last": int, "previous": int, "vouchers": int}


@dataclass(frozen=True)
class Engine:
    """The parts of an engine that are needed; two of them name and use these alike."""

    entities: ModuleType
    periods: ModuleType
    simulations: ModuleType
    taxbenefitsystems: ModuleType
    variables: ModuleType


@dataclass(frozen=True)
class Given:
    """What is handed over: the numbers of the rule, the columns, and the draws of each month.

    `hazard` has one element a group.
    """

    rule: dict[str, int]
    hazard: NDArray[np.float32]
    columns: dict[str, NDArray[np.generic]]
    draws: list[NDArray[np.float32]]

    @classmethod
    def read(cls, folder: Path) -> "Given":
        """Read it all into memory."""
        rule = json.loads((folder / "rule.json").read_text(encoding="utf-8"))
        columns = {name: np.load(folder / f"{name}.npy") for name in FOR_EVER}
        months = range(rule["months"])
        draws = [np.load(folder / f"draw-{month}.npy") for month in months]
        return cls(rule, np.load(folder / "hazard.npy"), columns, draws)


def serve(engine: Engine) -> None:
    """Play at each line that comes, and answer with the memory it took beside the people.

    A line is "handed" or "drawn", after where draws and hazards are from, and a file for the
    winners if they are asked for. The first answer says that it is ready.
    """
    given = Given.read(Path(sys.argv[1]))
    hazard = given.hazard[given.columns["group"]]
    simulation = _simulation(engine, given)
    # From here on the system keeps the most memory anew.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _memory("VmRSS")
    print("ready", flush=True)
    for line in sys.stdin:
        how, kept = line.rstrip("\n").split(" ", 1)
        is_handed = how == "handed"
        draws = given.draws if is_handed else _drawn(given)
        winners = play(simulation, given, draws, hazard if is_handed else None)
        if kept:
            np.savez(kept, *winners)
        print(_memory("VmHWM") - before, flush=True)


def _drawn(given: Given) -> Iterator[NDArray[np.float32]]:
    for month in range(given.rule["months"]):
        stream = np.random.Generator(np.random.SFC64([given.rule["seed"], month]))
        yield stream.random(len(given.columns["entered"])).astype(np.float32)


def play(
    simulation: Any,
    given: Given,
    draws: Iterable[NDArray[np.float32]],
    hazard: NDArray[np.float32] | None,
) -> list[Rows]:
    """Play every month; return the winners of each, in the order in which they come.

    Without everybody's `hazard` the engine looks it up by group.
    """
    count = len(given.columns["entered"])
    last, previous, vouchers = (np.zeros(count, np.int32) for _ in range(3))
    winners = []
    for month, draw in enumerate(draws):
        period = f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02}"
        state = {"draw": draw, "last": last, "previous": previous, "vouchers": vouchers}
        if hazard is not None:
            state["hazard"] = hazard
        for name, column in state.items():
            simulation.set_input(name, period, column)
        orders = simulation.calculate("asks", period) & simulation.calculate("may", period)
        winners.append(_first(np.flatnonzero(orders), draw, given.rule["places"]))
        for name in {*state, "hazard", "asks", "may"}:
            simulation.delete_arrays(name, period)
        previous[winners[-1]] = last[winners[-1]]
        last[winners[-1]] = month + given.rule["never"]
        vouchers[winners[-1]] += 1
    return winners


def _simulation(engine: Engine, given: Given) -> Any:
    """Return the engine with its variables and its people, ready to play."""
    person = engine.entities.build_entity("person", "people", "a worker", is_person=True)
    system = engine.taxbenefitsystems.TaxBenefitSystem([person])
    forever, monthly = engine.periods.ETERNITY, engine.periods.MONTH

    def add(name: str, kind: type, period: object, formula: Callable[..., Any] | None) -> None:
        holds = {"value_type": kind, "entity": person, "definition_period": period, "label": name}
        body = holds if formula is None else holds | {"formula": formula}
        system.add_variable(type(name, (engine.variables.Variable,), body))

    for name, kind in FOR_EVER.items():
        add(name, kind, forever, None)
    for name, kind in EACH_MONTH.items():
        add(name, kind, monthly, None)
    for name, formula in _formulas(given).items():
        add(name, float if name == "hazard" else bool, monthly, formula)
    count = len(given.columns["entered"])
    simulation = engine.simulations.SimulationBuilder().build_default_simulation(system, count)
    for name, column in given.columns.items():
        simulation.set_input(name, forever, column)
    return simulation


def _formulas(given: Given) -> dict[str, Callable[..., Any]]:
    """Return the behaviour and the law, as formulas over everybody."""
    rule = given.rule
    never, recent = rule["never"], rule["recent"]

    def hazard(person: Any, period: Any) -> Any:
        return given.hazard[person("group", period)]

    def asks(person: Any, period: Any) -> Any:
        is_recent = _month(period) + never - person("last", period) < recent
        usual = person("hazard", period)
        return person("draw", period) < np.where(is_recent, usual / 2, usual)

    def may(person: Any, period: Any) -> Any:
        month, entered = _month(period), person("entered", period)
        at_work = (entered <= month) & (month < person("left", period))
        return (
            person("resident", period)
            & at_work
            & (month - entered >= rule["least_months"])
            & (month + never - person("previous", period) >= rule["look_back"])
            & (person("vouchers", period) < rule["lifetime"])
        )

    return {"hazard": hazard, "asks": asks, "may": may}


def _month(period: Any) -> int:
    return int(period.start.year - FIRST_YEAR) * 12 + int(period.start.month) - 1


def _first(rows: Rows, draw: NDArray[np.float32], places: int) -> Rows:
    """Return those who come first; the time of the day follows from the draw, as in ours."""
    moment = draw[rows].astype(np.float64) * 1e6 % 1
    return rows[np.argsort(moment, kind="stable")[:places]]


def _memory(name: str) -> int:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        found = next(line for line in status if line.startswith(name))
    return int(found.split()[1]) * 1024
