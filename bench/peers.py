"""`make bench-peers`: the rule of bench/yardstick.py as two other engines play it, and as we do.

Each engine is a process of its own, run by .venv-peers, and gets the same people and the same draws
in files. A trial is a line to the process and its answer; trials of all sides are shuffled in one
run. Both engines are licensed under the AGPL: they stay beside us (docs/decisions/0011).
"""

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import yardstick
from bench.measure import Figure, ratio, seconds

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-peers/bin/python"
REPORT = Path("build/bench-peers.json")
PEERS = {"OpenFisca-core": "bench.peers_openfisca", "PolicyEngine-core": "bench.peers_policyengine"}
LEAST_TIMES = 25
# An engine draws and looks up hazards as we do, in its own time: that binds. Or it is handed both
# ready made, and has the law left: told, without a goal.
HOW = ("drawn", "handed")
RULE = {
    "seed": yardstick.SEED,
    "months": yardstick.MONTHS,
    "places": yardstick.PLACES,
    "never": yardstick.NEVER,
    "recent": yardstick.RECENT,
    "least_months": yardstick.LEAST_MONTHS,
    "look_back": yardstick.LOOK_BACK,
    "lifetime": yardstick.LIFETIME,
}


class Peer:
    """An engine in a process of its own."""

    def __init__(self, module: str, folder: Path) -> None:
        """Start it; it reads the folder while we go on."""
        command = (PYTHON, "-m", module, folder)
        self.module, self.memory = module, 0
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self) -> str:
        """Wait for its next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.module} stopped, for the reason above")
        return line.strip()

    def play(self, how: str, kept: str = "") -> None:
        """Have it play once, as one of `HOW`; with a name, keep the winners in that file."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{how} {kept}\n")
        self.process.stdin.flush()
        self.memory = int(self.answer())

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


def figures(persons: int = yardstick.PERSONS) -> Iterator[Figure]:
    """Hand over the people, check the winners of each engine, and measure all of them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = _people(persons)
        hand_over(made, folder)
        draws = _handed(folder)
        peers = {name: Peer(module, folder) for name, module in PEERS.items()}
        try:
            _check(made, draws, peers, folder)
            found = seconds(
                {f"{n}, {how}": partial(p.play, how) for n, p in peers.items() for how in HOW}
                | {"plain": partial(yardstick.plain, made, draws)}
                | {"jumps": partial(yardstick.jumps, made)}
            )
        finally:
            for peer in peers.values():
                peer.stop()
    for name, peer in peers.items():
        for how in HOW:
            side = f"{name}, {how}"
            yield _compared(f"from actor to actor / {side}", found, side, binds=how == "drawn")
        memory = f"{peer.memory / 2**20:.0f} MiB beside the people"
        # Told, and without a goal: how much of the ratio is not a better loop.
        alike = ratio(
            f"same work: loop over everyone / {name}", found, "plain", f"{name}, drawn", 1
        )
        yield Figure(alike.name, alike.value, "ratio", None, f"{alike.spread} {memory}")


def _compared(name: str, found: Mapping[str, list[float]], to: str, binds: bool) -> Figure:
    """Return the ratio turned round, so that the goal is a most; the spread tells how many times.

    The extremes are those of the trials: the fastest of one side against the slowest of the other.
    """
    side = "jumps"
    figure = ratio(name, found, side, to, 1 / LEAST_TIMES)
    times = statistics.median(found[to]) / statistics.median(found[side])
    least, most = min(found[to]) / max(found[side]), max(found[to]) / min(found[side])
    told = f"{times:.1f} x [{least:.1f}-{most:.1f}] {figure.spread}"
    return Figure(figure.name, figure.value, "ratio", figure.goal if binds else None, told)


def hand_over(made: yardstick.People, folder: Path) -> None:
    """Write the numbers of the rule, the people and their draws, as the engines read them."""
    (folder / "rule.json").write_text(json.dumps(RULE), encoding="utf-8")
    columns = {
        "resident": made.resident,
        "group": made.group.astype(np.int32),
        "entered": made.entered.astype(np.int32),
        "left": made.left.astype(np.int32),
        "hazard": made.hazard.astype(np.float32),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    for month in range(yardstick.MONTHS):
        draw = yardstick.drawn(month, len(made.group)).astype(np.float32)
        np.save(folder / f"draw-{month}.npy", draw)


def _people(persons: int) -> yardstick.People:
    # The engines know numbers of four bytes: rounded to those, ours and theirs compare alike.
    made = yardstick.people(persons)
    return dataclasses.replace(made, hazard=made.hazard.astype(np.float32).astype(np.float64))


def _handed(folder: Path) -> yardstick.Draws:
    held: list[NDArray[np.float32]] = [
        np.load(folder / f"draw-{month}.npy") for month in range(yardstick.MONTHS)
    ]

    def draws(month: int, count: int) -> NDArray[np.float64]:
        assert len(held[month]) == count
        return held[month].astype(np.float64)

    return draws


def _check(
    made: yardstick.People, draws: yardstick.Draws, peers: Mapping[str, Peer], folder: Path
) -> None:
    """Compare the winners: the same ones in the same order; jumps, that draw apart, as many."""
    ours = yardstick.plain(made, draws)
    totals = [sum(map(len, winners)) for winners in (ours, yardstick.jumps(made))]
    assert abs(totals[0] - totals[1]) < 5 * sum(totals) ** 0.5, "as many winners, up to chance"
    for name, peer in peers.items():
        assert peer.answer() == "ready"
        for how in HOW:
            kept = folder / f"{name}.npz"
            peer.play(how, str(kept))
            with np.load(kept) as theirs:
                months = [theirs[f"arr_{month}"] for month in range(yardstick.MONTHS)]
            same = [np.array_equal(one, other) for one, other in zip(ours, months, strict=True)]
            assert all(same), f"{name} has the same winners in the same order"


def main() -> int:
    """Print the figures and add them to the report; return 1 if a ratio that binds is missed."""
    load = round(os.getloadavg()[0], 2)
    print(f"load of the machine before: {load}")
    print(
        f"{yardstick.PERSONS:,} persons x {yardstick.MONTHS} months, {yardstick.PLACES:,} places\n"
    )
    measured = list(figures())
    for figure in measured:
        print(figure.line())
    run = {"on": datetime.now(UTC).isoformat(timespec="seconds"), "load": load}
    records = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else []
    records += [each.record() | {"spread": each.spread} | run for each in measured]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    print(f"\n{REPORT}: {len(measured)} figures added; the winners were equal")
    return 1 if any(each.binds and not each.holds for each in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
