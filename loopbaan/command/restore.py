"""`loopbaan restore FILE`: the database of a backup back in its place, and its books looked at."""

import sys
from collections.abc import Sequence
from pathlib import Path

from loopbaan.adapters import postgres_copy
from loopbaan.command import clock
from loopbaan.command.asking import asker
from loopbaan.command.books import UNCLEAN, are_clean
from loopbaan.command.database import ask_state, opened
from loopbaan.live import ready

BAD = 2
EPILOG = """\
examples:
  loopbaan restore monday.dump                 into an installation that is empty
  loopbaan restore monday.dump --replace       over what is there
  loopbaan restore demo.dump --state DIR       a drill, beside what is there

Stop the pages and the worker process first. All of it comes back, or nothing changes.
An older backup is brought up to the tables of this version. Exit code 1: it is back, and its books
are not clean, or the keys of its numbers are not those of this installation.
"""


def run(arguments: Sequence[str]) -> int:
    """Bring it back."""
    parser = asker("restore", __doc__ or "", EPILOG)
    parser.add_argument("file", metavar="FILE", type=Path, help="what `loopbaan backup` wrote")
    parser.add_argument("--replace", action="store_true", help="put it over what is there now")
    ask_state(parser)
    asked = parser.parse_args(arguments)
    if not (asked.file.is_file() and postgres_copy.is_copy(asked.file)):
        print(f"loopbaan: {asked.file} is no backup", file=sys.stderr)
        return BAD
    with opened(with_tables=False) as server:
        why = _against(replace=asked.replace)
        if why:
            print(f"loopbaan: {why}", file=sys.stderr)
            return BAD
        ready.leave()
        postgres_copy.bring_back(server.url, asked.file, server.source, replace=ready.has_tables())
        ready.leave()
        ready.migrate()
        restoring = ready.load("restoring")
        restoring.skip_numbers()
        restoring.note_restored(clock.now())
        has_keys = _has_keys()
        return 0 if are_clean() and has_keys else UNCLEAN


def _against(*, replace: bool) -> str:
    """Return why it cannot be done now, if so."""
    if ready.load("restoring").is_in_use():
        return "something is connected to this database: stop the pages and the worker process"
    if ready.has_tables() and not replace:
        return "this database holds tables: --replace puts the backup over them"
    return ""


def _has_keys() -> bool:
    missing = ready.load("restoring").missing_keys()
    for each in missing:
        print(
            f"loopbaan: numbers were sealed under key {each}, and that is not here: put back the"
            " folder `keys` of the state folder",
            file=sys.stderr,
        )
    return not missing
