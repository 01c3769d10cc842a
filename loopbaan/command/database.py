"""The database of an installation, started or joined for as long as a command needs it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from loopbaan.adapters import postgres
from loopbaan.adapters.postgres import Away, NoPostgres, Server
from loopbaan.live import ready
from loopbaan.live.state import folder

ADDRESS = "DATABASE_URL"


@contextmanager
def opened(*, with_tables: bool = True) -> Iterator[Server]:
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
                raise NoPostgres("this database has no tables yet: `loopbaan serve` makes them")
            yield server
        except ready.GONE as error:
            raise Away("the database does not answer any more") from error
        finally:
            ready.leave()
            if given is None:
                del os.environ[ADDRESS]
