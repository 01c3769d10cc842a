"""What several subcommands ask alike: days, readings, languages; and the clock that they read."""

import argparse
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

from loopbaan.law.checks import DEFAULT_READING, EARLIEST, LATEST, day_of, nearest
from loopbaan.law.rulebook import Rulebook

BRUSSELS = "Europe/Brussels"


class Asker(argparse.ArgumentParser):
    """A parser of the command line that says in one sentence what is wrong."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the sentence and stop with exit code 2."""
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def asker(command: str, description: str, epilog: str = "") -> Asker:
    """Return the parser of one subcommand."""
    return Asker(
        prog=f"loopbaan {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def ask_days(parser: Asker, on: str) -> None:
    """Add the options that choose the law: --on, --known-on, --reading."""
    parser.add_argument("--on", metavar="DAY", type=a_day, help=on)
    parser.add_argument(
        "--known-on",
        metavar="DAY",
        type=a_day,
        help="the law as it was known on this day (default: the same day)",
    )
    parser.add_argument(
        "--reading",
        metavar="NAME",
        default=DEFAULT_READING,
        help="the reading where sources conflict: A (default), B or months",
    )


def a_day(text: str) -> date:
    """Return the day that an option names."""
    found = day_of(text)
    if found is None or not EARLIEST <= found < LATEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2025-03-01")
    return found


def check_reading(parser: Asker, rulebook: Rulebook, reading: str) -> None:
    """Stop with a sentence if there is no such reading."""
    if reading not in rulebook.readings:
        known = ", ".join(rulebook.readings)
        hint = nearest(reading, rulebook.readings)
        parser.error(f"there is no reading {reading!r}{hint} (readings: {known})")


def today() -> date:
    """Return the day in Flanders."""
    return datetime.now(ZoneInfo(BRUSSELS)).date()
