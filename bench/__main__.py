"""`make bench`: measures what is asked, prints it with its spread, and writes build/bench.json.

A ratio compares two things measured in the same run, their trials shuffled; ratios bind. Seconds
are printed for orientation. What is computed is checked too: a fast wrong answer is no answer.
"""

import json
import os
import sys
from itertools import chain
from pathlib import Path

from bench import allocation, lab, law, live
from bench.measure import Figure

REPORT = Path("build/bench.json")


def main() -> int:
    """Run every figure; return 1 if a ratio that binds does not hold."""
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}\n")
    figures: list[Figure] = []
    for measured in chain(law.figures(), allocation.figures(), lab.figures(), live.figures()):
        print(measured.line(), flush=True)
        figures.append(measured)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([each.record() for each in figures], indent=1) + "\n")
    missed = [each.name for each in figures if not each.holds]
    print(f"\n{REPORT}: {len(figures)} figures; missed: {', '.join(missed) or 'none'}")
    return 1 if any(each.binds and not each.holds for each in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
