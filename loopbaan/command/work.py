"""`loopbaan work`: the worker process, which decides, reads the bank, lets lapse and sends."""

import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, Self

import structlog

from loopbaan.adapters import log_lines
from loopbaan.adapters.postgres import Away, NoPostgres, Server
from loopbaan.command import clock
from loopbaan.command.asking import asker
from loopbaan.command.children import Child
from loopbaan.command.database import ask_state, opened, refuse_without_account
from loopbaan.live import ready

# Seconds between two rounds: none while there is something to do, more while something is away.
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_AWAY, LONGEST_FAULT = 0.05, 0.5, 5.0, 30.0
CALCULATE_SECONDS = 2.0  # between two looks at what is asked of the laboratory
TROUBLED = 1
AWAY = "the database does not answer"
EPILOG = """\
examples:
  loopbaan work               until it is stopped; `loopbaan serve` starts one by itself
  loopbaan work --once        one round, and what was met is in the exit code

A line of JSON on standard error tells of each round that did something, and of each
trouble when it begins and when it is over. SIGTERM and Ctrl-C end the process after its round.
A database at DATABASE_URL that does not answer is asked again until it does. Several of these
processes may run at once. Exit code 1: `--once` met a trouble.
"""


def run(arguments: Sequence[str]) -> int:
    """Work until told to stop."""
    parser = asker("work", __doc__ or "", EPILOG)
    parser.add_argument("--once", action="store_true", help="do one round, and end")
    ask_state(parser)
    asked = parser.parse_args(arguments)
    refuse_without_account(parser)
    _write_json()
    log = structlog.get_logger()
    if asked.once:
        with opened():
            done = ready.load("running").one_round(now=clock.now())
        _tell(log, done, "")
        return TROUBLED if done.trouble else 0
    stop = _Stop()
    log.info("begins")
    _work(log, stop)
    log.info("ends")
    return 0


def _work(log: Any, stop: "_Stop") -> None:
    """Work on the database as soon as it answers, however long that takes."""
    pause, trouble = FIRST_PAUSE, ""
    while not stop.is_asked:
        try:
            with opened() as server:
                _loop(server, log, stop, trouble)
        except Away as error:
            if trouble != AWAY:
                trouble = AWAY
                log.warning("trouble", what=trouble, why=str(error))
            pause = min(pause * 2, LONGEST_AWAY)
            stop.pause(pause)


class _Stop:
    """Whether somebody asked us to stop."""

    def __init__(self) -> None:
        self.is_asked = False
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True

    def pause(self, seconds: float) -> None:
        """Wait, unless we are to stop."""
        end = time.monotonic() + seconds
        while not self.is_asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, FIRST_PAUSE))


def _loop(server: Server, log: Any, stop: _Stop, trouble: str) -> None:
    """Do round after round; `trouble` is what was told of before."""
    running, pause = ready.load("running"), FIRST_PAUSE
    with _Calculator() as calculator:
        while not stop.is_asked:
            _keep(server)
            try:
                done = running.one_round(now=clock.now())
            except Exception as error:  # noqa: BLE001 (a defect is told, and tried again later)
                log.critical("defect", kind=type(error).__name__, where=_where(error))
                pause = min(max(1.0, pause * 2), LONGEST_FAULT)
                stop.pause(pause)
                continue
            _tell(log, done, trouble)
            trouble = done.trouble
            idle = done.is_idle or trouble
            longest = LONGEST_AWAY if trouble else LONGEST_PAUSE
            pause = min(pause * 2, longest) if idle else FIRST_PAUSE
            if idle:
                calculator.look()
                stop.pause(pause)


class _Calculator:
    """Who plays out whole what the authority asked: a process of its own, polite to everybody.

    Decisions never wait for it, and it is looked at only when there is nothing else to do.
    """

    def __init__(self) -> None:
        self._child = Child("calculate", ("-m", "loopbaan", "calculate"))
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What is under way is kept run by run, and goes on when somebody works again.
        self._child.ask_to_stop()
        self._child.stop(time.monotonic())

    def look(self) -> None:
        """Start it if there is something to play and nobody does."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + CALCULATE_SECONDS
        if not self._child.is_running and ready.load("calculating").is_due():
            self._child.start()


def _keep(server: Server) -> None:
    """Start the database again if it has gone and nobody else did; one at an address is others'."""
    if server.source.kind != "url":
        with suppress(NoPostgres):  # the round says so
            server.start()


def _tell(log: Any, done: Any, earlier: str) -> None:
    """Write a line about a round, if there is anything to say."""
    if done.trouble and done.trouble != earlier:
        log.warning("trouble", what=done.trouble)
    if earlier and not done.trouble:
        log.info("trouble over", what=earlier)
    if not done.is_idle:
        did = {
            name: getattr(done, name) for name in ("decided", "entries", "lapsed", "silent", "told")
        }
        log.info("round", **did)


def _where(error: Exception) -> str:
    return log_lines.where(error.__traceback__)


def _write_json() -> None:
    structlog.configure(
        processors=log_lines.PROCESSORS,
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
