"""`loopbaan lab backtest` and `calibrate`: the laboratory beside what was published."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from loopbaan.command.asking import asker, today
from loopbaan.command.lab_ensemble import ask_people, ask_runs, ask_seeds, play
from loopbaan.lab import (
    backtest,
    calibration,
    ensemble,
    fitted,
    member,
    population,
    scenario,
    targets,
    telling,
)
from loopbaan.law.checks import UnreadableFile

WRONG = 1
AS_IT_WAS = "cap-1000"  # the law as it really was
SEEDS = 20
BACKTEST = """\
What the laboratory says of the years that are over, beside what was published. The assumptions were
fitted on 2013-2019; all that came later is predicted. A miss is shown, never tuned away, and the
exit code is 0 whatever the score. Exit code 1: a series is fitted and predicted in the same days,
so that the card would prove nothing.

examples:
  loopbaan lab backtest                       everybody, 20 runs; a minute
  loopbaan lab backtest --share 0.01          a part of the workers: seconds, and more chance
  loopbaan lab backtest --from DIR            an ensemble of cap-1000 that was played already
  loopbaan lab backtest --out DIR             keep the runs, and the card as CSV
"""
CALIBRATE = """\
Only rows of calibration_targets.csv that say calibrate are read, and nothing of 2020 or later. The
same code and population give the same values. Without --write they are shown and nothing changes.
"""


def run_backtest(words: list[str], commit: Callable[[], str]) -> int:
    """Print the score card."""
    parser = asker("lab backtest", "The laboratory beside what was published.", BACKTEST)
    ask_seeds(parser, SEEDS)
    parser.add_argument(
        "--targets",
        metavar="FILE",
        type=Path,
        default=targets.FILE,
        help=f"what was published (default: {targets.FILE.name} of the house)",
    )
    parser.add_argument(
        "--from", metavar="DIR", dest="made", type=Path, help="what lab ensemble --out wrote"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="a new folder, or one to go on in")
    ask_runs(parser)
    asked = parser.parse_args(words)
    wanted = targets.read(asked.targets)
    if faults := targets.overlaps(wanted):
        for fault in faults:
            print(f"{asked.targets}: {fault}", file=sys.stderr)
        return WRONG
    chosen = scenario.load(AS_IT_WAS)
    if asked.made is not None:
        found = _made(asked.made, chosen)
    else:
        found = play(chosen, parser, asked, commit, folder=asked.out, draws=1)
    card = backtest.card(found, wanted)
    has_other_law = fitted.has_other_law(fitted.fitted(), scenario.rulebook(chosen))
    page = telling.score_card(found, card, fitted.fitted(), asked.lang, has_other_law=has_other_law)
    page += telling.uncounted(backtest.uncounted(wanted), asked.lang)
    if asked.out is not None:
        ensemble.keep(asked.out, "backtest.csv", card)
        ensemble.keep(asked.out, "backtest.txt", page)
    print(page, end="")
    return 0


def _made(folder: Path, chosen: scenario.Scenario) -> ensemble.Ensemble:
    """Read an ensemble that was played already.

    Raises:
        UnreadableFile: it is not of what happened, or of another law or fit.

    """
    found = ensemble.read(folder)
    if other := backtest.differs(found, chosen):
        raise UnreadableFile(
            f"{folder}: holds no runs of what happened ({', '.join(other)} differ);"
            " play them with loopbaan lab backtest --out DIR"
        )
    return found


def run_calibrate(words: list[str]) -> int:
    """Fit the assumptions that may be fitted, and show or write them."""
    parser = asker("lab calibrate", "Fit the assumptions on the counts up to 2019.", CALIBRATE)
    ask_people(parser, 1.0)
    parser.add_argument(
        "--rounds", metavar="N", type=int, default=calibration.ROUNDS, help="default: %(default)s"
    )
    parser.add_argument("--write", action="store_true", help=f"replace {fitted.FILE.name}")
    asked = parser.parse_args(words)
    people = population.population(member.PEOPLE_SEED, asked.share, asked.cache)
    law = scenario.rulebook(scenario.load(AS_IT_WAS))
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    found = calibration.fit(people, law, rounds=asked.rounds, tell=tell)
    for row in found.rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    for name, value in found.values.items():
        print(f"{name:<32} {value:g}")
    print(f"misfit {found.misfit:.3f} (1: every row on the edge of its tolerance)")
    if asked.write:
        about = {
            "date": today().isoformat(),
            "rulebook": law.hash,
            "until": targets.LAST_FITTED.isoformat(),
            "law": fitted.law_until(law, targets.LAST_FITTED, law.content["numbers"]),
            "numbers": sorted(law.content["numbers"]),
            "population": people.hash,
            "share": people.share,
            "seeds": list(calibration.SEEDS),
            "misfit": round(found.misfit, 4),
            "rows": found.rows,
        }
        fitted.write(found.values, about)
        print(f"{fitted.FILE}: written")
    return 0
