"""Processes that we start, watch over and take along when we end, however we end.

Each is a direct child on a leash (`adapters/leash.py`): it ends when we do, even if we are killed.
It leads a session of its own, so that Ctrl-C reaches it through us, and in order.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from loopbaan.adapters import leash

MOST_DEATHS, WITHIN_SECONDS = 5, 60.0
PATIENCE_SECONDS = 8.0


class GaveUp(RuntimeError):
    """A child died again and again."""


@dataclass
class Child:
    """A Python program that runs until we end; `log` is where it writes, ours if there is none."""

    name: str
    words: Sequence[str]
    files: Sequence[int] = ()
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    _deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, from the main thread: it hangs on the one that starts it."""
        command = leash.command("", Path.cwd(), Path(sys.executable), *self.words)
        with self.log.open("ab") if self.log else nullcontext() as told:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                pass_fds=self.files,
                start_new_session=True,
            )

    def watch(self) -> None:
        """Start it again if it died.

        Raises:
            GaveUp: it died too often.

        """
        if self.process is None or self.process.poll() is None:
            return
        code = self.process.returncode
        self._sweep()
        now = time.monotonic()
        self._deaths = [*(each for each in self._deaths if each > now - WITHIN_SECONDS), now]
        where = f"; see {self.log}" if self.log else ""
        if len(self._deaths) > MOST_DEATHS:
            raise GaveUp(f"{self.name} died {len(self._deaths)} times within a minute{where}")
        print(f"loopbaan: {self.name} ended with {code} and is started again", file=sys.stderr)
        # At once the first time; later it may be what it needs that is not there yet.
        time.sleep((len(self._deaths) - 1) * 0.5)
        self.start()

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask it to end what it is doing, and then itself."""
        if self.process is not None and self.is_running:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until it ended; what is left at the deadline is killed."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._sweep()
        self.process.wait()
        self.process = None

    def _sweep(self) -> None:
        """Kill whatever is left of its session."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Children:
    """Several children: a `with` starts them, and stops them together."""

    def __init__(self, *children: Child) -> None:
        self._children = children

    def __enter__(self) -> Self:
        try:
            for child in self._children:
                child.start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def watch(self) -> None:
        """Start again who died.

        Raises:
            GaveUp: one of them died too often.

        """
        for child in self._children:
            child.watch()

    def _stop(self) -> None:
        # Whoever presses Ctrl-C twice means the same thing.
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self._children:
            child.stop(deadline)
