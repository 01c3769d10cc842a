"""How far the filling of a demo is: written in the database that it fills, first and last."""

import shutil
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction

from loopbaan.adapters.cast import CAST
from loopbaan.law.transitions import Status
from loopbaan.live.enrolling import find
from loopbaan.live.facts import keyring
from loopbaan.live.models import Order, Progress, Worker
from loopbaan.live.ready import has_tables, migrate

NAME = "demo"
_HALF, _WHOLE = 0, 1
FOLDERS = ("bank", "letters", "mail")
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'live\\_%'
"""


class Stage(StrEnum):
    """What a database holds, as a demo sees it."""

    EMPTY = "empty"
    HALF = "half"
    FILLED = "filled"
    OTHERS = "others"


def stage() -> Stage:
    """Return what the database holds; `OTHERS`: workers, and no demo put them there."""
    if not has_tables():
        return Stage.EMPTY
    mark = Progress.objects.filter(name=NAME).first()
    if mark is None:
        return Stage.OTHERS if Worker.objects.exists() else Stage.EMPTY
    return Stage.FILLED if mark.order_number == _WHOLE else Stage.HALF


def begin() -> None:
    """Empty the database and the folders of bank and mail, and note that the filling began."""
    assert stage() != Stage.OTHERS, "a demo empties what a demo filled"
    _drop()
    migrate()
    for name in FOLDERS:
        shutil.rmtree(settings.STATE / name, ignore_errors=True)
    (settings.STATE / "outage").unlink(missing_ok=True)
    Progress.objects.create(name=NAME, order_number=_HALF)
    _wait_for_the_disk("off")


def finish() -> None:
    """Note that the filling is whole, once all of it is on the disk."""
    _wait_for_the_disk("on")
    Progress.objects.filter(name=NAME).update(order_number=_WHOLE)


def cast_standings() -> list[tuple[str, Status | None]]:
    """Return each of the cast by name, and where the latest order stands; None without one."""
    found: list[tuple[str, Status | None]] = []
    keys = keyring()
    for member in CAST:
        worker = find(member.insz, keys)
        order = Order.objects.filter(worker=worker).order_by("-pk").first() if worker else None
        status = Status.RECEIVED if order else None
        if order is not None and hasattr(order, "standing"):
            status = Status(order.standing.status)
        found.append((f"{member.given_name} {member.family_name}", status))
    return found


def _wait_for_the_disk(word: str) -> None:
    """Say whether each transaction waits for the disk: one that is begun anew need not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [word])


def _drop() -> None:
    """Drop what our migrations made, and nothing else: the database may be shared."""
    quoted = connection.ops.quote_name
    names = connection.introspection.table_names()
    with transaction.atomic(), connection.cursor() as cursor:
        for name in names:
            if name.startswith("live_"):
                cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)} CASCADE")
        cursor.execute(_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")
        if "django_migrations" in names:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'live'")
