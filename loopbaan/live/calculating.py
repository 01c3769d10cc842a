"""Measures that the authority has played out whole: asked, played one at a time, cancelled.

Nothing of the laboratory is imported here: the process that plays (`command/calculate.py`) asks
what is to be played, and tells how far it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from loopbaan.live.models import Calculation
from loopbaan.live.models.calculation import OPEN
from loopbaan.live.moving import Refused, record
from loopbaan.live.ready import GONE

ASKING, PLAYING = 7_211, 7_212  # advisory locks
MOST_OPEN, MOST_SEEDS = 5, 200
PERCENTS = (1, 10, 100)
MOST_BEGUN = 3  # times, without one run coming of it
SUBJECT = "calculation"


def ask(
    *,
    title: str,
    content: dict[str, Any],
    seeds: int,
    percent: int,
    now: datetime,
    actor: str,
) -> Calculation:
    """Put a calculation in the queue.

    Raises:
        Refused: there are enough of them, or it is too large.

    """
    if not 1 <= seeds <= MOST_SEEDS:
        raise Refused("Een doorrekening speelt 1 tot %(most)s keer.", most=MOST_SEEDS)
    if percent not in PERCENTS:
        raise Refused("Kies 1, 10 of 100 procent van de werkenden.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ASKING])
        if Calculation.objects.filter(status__in=OPEN).count() >= MOST_OPEN:
            raise Refused(
                "Er wachten al %(most)s doorrekeningen. Wacht tot er een klaar is, of annuleer er"
                " een.",
                most=MOST_OPEN,
            )
        made = Calculation.objects.create(
            title=title,
            content=content,
            seeds=seeds,
            percent=percent,
            asked_by=actor,
            asked_at=now,
        )
        record((SUBJECT, made.pk), "", "ask", "waiting", now=now, actor=actor)
    return made


def cancel(*, calculation: Calculation, now: datetime, actor: str) -> Calculation:
    """Cancel a calculation that has not ended; one that is played stops after the run under way.

    Raises:
        Refused: it has ended.

    """
    return _end(calculation.pk, "cancelled", "cancel", now=now, actor=actor)


def finish(number: int, *, now: datetime, actor: str) -> None:
    """Say that a calculation was played to its end."""
    _end(number, "done", "finish", now=now, actor=actor)


def fail(number: int, *, fault: str, now: datetime, actor: str) -> None:
    """Say why a calculation cannot be played."""
    _end(number, "failed", "fail", now=now, actor=actor, fault=fault)


def is_due() -> bool:
    """Whether something is to be played; False as well if the database does not answer now."""
    try:
        return Calculation.objects.filter(status__in=OPEN).exists()
    except GONE:
        return False


@contextmanager
def alone() -> Iterator[bool]:
    """Give whether nobody else plays on this database, and keep it so until the `with` is over.

    The lock is that of the connection: who is killed leaves none behind.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [PLAYING])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PLAYING])


def take(*, now: datetime, actor: str) -> Calculation | None:
    """Return what is to be played now: what was left half done, or the oldest that waits.

    Called by who is `alone`, so what is said to run, runs nowhere any more.
    """
    while True:
        found = Calculation.objects.filter(status__in=OPEN).order_by("status", "pk").first()
        if found is None:
            return None
        if found.begun >= MOST_BEGUN:
            fault = "it stopped each time before one run was done: ask for a smaller part"
            fail(found.pk, fault=fault, now=now, actor=actor)
            continue
        with transaction.atomic():
            locked = Calculation.objects.select_for_update().get(pk=found.pk)
            if locked.status not in OPEN:
                continue
            if locked.status == "waiting":
                line = (SUBJECT, locked.pk)
                record(line, "waiting", "begin", "running", now=now, actor=actor)
            locked.status, locked.begun = "running", locked.begun + 1
            locked.save()
        return locked


def progress(number: int, runs_done: int) -> bool:
    """Keep how many runs are done; return whether to go on."""
    running = Calculation.objects.filter(pk=number, status="running")
    return bool(running.update(runs_done=runs_done, **({"begun": 0} if runs_done else {})))


def folder(number: int) -> Path:
    """Return where what comes of a calculation stands."""
    return Path(settings.STATE) / "lab" / "calculations" / str(number)


def _end(
    number: int, to: str, act: str, *, now: datetime, actor: str, fault: str = ""
) -> Calculation:
    with transaction.atomic():
        locked = Calculation.objects.select_for_update().get(pk=number)
        if locked.status not in OPEN:
            raise Refused("Deze doorrekening is al geëindigd.")
        before, locked.status = locked.status, to
        locked.ended_at, locked.fault = now, fault
        locked.save()
        record((SUBJECT, locked.pk), before, act, to, now=now, actor=actor)
    return locked
