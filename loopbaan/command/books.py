"""`loopbaan books`: every invariant of the scheme, recomputed from the rows."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from loopbaan.command import clock
from loopbaan.command.asking import BRUSSELS, asker
from loopbaan.command.database import ask_state, opened
from loopbaan.live import ready

UNCLEAN, BAD = 1, 2
EPILOG = """\
examples:
  loopbaan books --state .demo        those of `make demo`, while it runs or not

Starts the local database if it does not run, and then stops it again. Changes nothing.
Exit code 1: a row breaks an invariant. A warning breaks none, and asks for somebody. Of each at
most 20 rows are named.
"""


def run(arguments: Sequence[str]) -> int:
    """Print every invariant; return 1 if one of them is broken."""
    parser = asker("books", __doc__ or "", EPILOG)
    ask_state(parser)
    parser.parse_args(arguments)
    with opened():
        return 0 if are_clean() else UNCLEAN


def are_clean() -> bool:
    """Print every invariant, ok or with the rows that break it, and whether all hold."""
    broken = 0
    for name, rows in ready.load("books").offending():
        print(f"{'NOT ok' if rows else 'ok':<8}{name}")
        for row in rows:
            print(f"        {row}")
        broken += bool(rows)
    day = clock.now().astimezone(ZoneInfo(BRUSSELS)).date()
    for name, rows in ready.load("books").warnings(day).items():
        for row in rows:
            print(f"{'warning':<8}not yet: {name}: {row}")
    print(f"books: {broken} invariants broken" if broken else "books: every invariant holds")
    return not broken
