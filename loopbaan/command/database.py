"""The database of an installation, started or joined for as long as a command needs it."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from loopbaan.adapters import postgres
from loopbaan.adapters.bank import iban
from loopbaan.adapters.postgres import Away, NoPostgres, Server
from loopbaan.adapters.unusable import Unusable
from loopbaan.command.asking import Asker
from loopbaan.live import ready
from loopbaan.live.state import account, folder

ADDRESS, STATE = "DATABASE_URL", "LOOPBAAN_STATE"


class _Choose(argparse.Action):
    """Names the state folder as the environment does: for us, and for the processes we start."""

    def __call__(self, _parser: Any, asked: Any, value: Any, _option: Any = None) -> None:
        os.environ[STATE] = str(value.resolve())
        setattr(asked, self.dest, value)


def ask_state(parser: Asker) -> None:
    """Add the option that says which installation is meant."""
    parser.add_argument(
        "--state",
        metavar="DIR",
        type=Path,
        action=_Choose,
        help="the state folder; that of `make demo` is .demo (default: $LOOPBAAN_STATE or state)",
    )


def refuse_without_account(parser: Asker) -> None:
    """Stop with a sentence if nobody said on which account workers pay their share."""
    # From the environment, not the settings: those are read once, when the database is known.
    number, name = account(os.environ)
    with suppress(Unusable):
        if iban(number) == number and name:
            return
    parser.error(
        "LOOPBAAN_ACCOUNT must hold the account on which workers pay, as IBAN:NAME without spaces"
        " in the IBAN; or, to try it out on this machine alone, set LOOPBAAN_SANDBOX=1"
    )


@contextmanager
def opened(*, with_tables: bool = True, of_any_version: bool = False) -> Iterator[Server]:
    """Start or join the database, for us and for the processes that we start.

    The state folder is the one that the environment names. What was started here stops here.

    Raises:
        NoPostgres: there is none, it does not start, or it has not the tables that are needed.
        Away: it does not answer now, or goes away.

    """
    with postgres.server(folder(os.environ)) as server:
        given = os.environ.get(ADDRESS)
        os.environ[ADDRESS] = server.url
        try:
            if with_tables and not ready.has_tables():
                raise NoPostgres(
                    "this database has no tables yet: `loopbaan serve` makes them; that of the demo"
                    " is found with --state .demo"
                )
            if with_tables and not of_any_version and not ready.is_current():
                raise NoPostgres(
                    "the tables of this database are of an older version: `loopbaan serve` brings"
                    " them up to date, and `loopbaan demo` those of the demo"
                )
            yield server
        except ready.GONE as error:
            raise Away("the database does not answer any more") from error
        finally:
            ready.leave()
            if given is None:
                del os.environ[ADDRESS]
