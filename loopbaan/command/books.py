"""`loopbaan books`: every invariant of the scheme, recomputed from the rows."""

from collections.abc import Sequence

from loopbaan.command.asking import asker
from loopbaan.command.database import opened
from loopbaan.live import ready

UNCLEAN, BAD = 1, 2
EPILOG = """Starts the local database if it does not run, and then stops it again. Changes nothing.
Exit code 1: a row breaks an invariant. Of each invariant at most 20 rows are named."""


def run(arguments: Sequence[str]) -> int:
    """Print every invariant; return 1 if one of them is broken."""
    asker("books", __doc__ or "", EPILOG).parse_args(arguments)
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
    print(f"books: {broken} invariants broken" if broken else "books: every invariant holds")
    return not broken
