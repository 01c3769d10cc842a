"""Who asks the laboratory for a page: one child that plays, a short line, and what it answered.

The laboratory is never loaded by the process that answers pages: it would start later, and a run
would keep others waiting. The child starts when somebody comes to `/lab`, is polite to what decides
on orders, and ends with us, for its input then ends.
"""

import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

log = logging.getLogger("loopbaan.web")
MOST_KEPT = 200  # answers, some ten kB each
MOST_IN_LINE = 2  # threads that wait or play; the other threads of a process answer other pages
ANSWER_SECONDS, WAKE_SECONDS, ASLEEP_SECONDS = 12.0, 8.0, 120.0
COME_BACK_SECONDS = 5
CHUNK = 65_536

Answer = dict[str, Any]


class Busy(Exception):
    """The laboratory has no time now; come back in some seconds."""


class Laboratory:
    """The child of one process of the pages."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._line = threading.BoundedSemaphore(MOST_IN_LINE)
        self._playing = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_awake, self._began = False, 0.0

    def wake(self) -> None:
        """Start the child if nobody did, so that it is ready when a card comes; do not wait."""
        if self._playing.acquire(blocking=False):
            try:
                self._start()
            finally:
                self._playing.release()

    def answer(self, asked: dict[str, Any]) -> Answer:
        """Return what comes of a scenario, asked by its name or content: kept, or played.

        Who finds the line full costs no more than a look: the law of a card is checked by the
        child.

        Raises:
            Busy: too many wait already, or it takes too long.
            ValueError: the law cannot be so.

        """
        key = json.dumps(asked, sort_keys=True)
        found = self._known(key)
        if found is not None:
            return found
        if not self._line.acquire(blocking=False):
            raise Busy
        try:
            with self._playing:
                # Whoever was before us in the line may have asked the same.
                found = self._known(key) or self._play(asked)
        finally:
            self._line.release()
        self._kept[key] = found
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def _known(self, key: str) -> Answer | None:
        with suppress(KeyError):
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _play(self, asked: dict[str, Any]) -> Answer:
        child = self._start()
        assert child.stdin is not None
        try:
            self._wait_until_awake(child)
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            child.stdin.flush()
            said = json.loads(_line_of(child, time.monotonic() + ANSWER_SECONDS))
        except (OSError, json.JSONDecodeError) as error:
            log.warning("the laboratory does not answer: %s", type(error).__name__)
            self._stop()
            raise Busy from None
        if "fault" in said:
            raise ValueError(said["fault"])
        answer: Answer = said["answer"]
        return answer

    def _wait_until_awake(self, child: subprocess.Popen[bytes]) -> None:
        """Wait some seconds for the line that says that the child is ready.

        Raises:
            Busy: it is not ready yet.
            OSError: it ended, or it should have been ready long ago.

        """
        if self._is_awake:
            return
        try:
            _line_of(child, time.monotonic() + WAKE_SECONDS)
        except TimeoutError:
            if time.monotonic() > self._began + ASLEEP_SECONDS:
                raise
            raise Busy from None
        self._is_awake = True

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            cache = Path(settings.STATE) / "lab"
            words = (sys.executable, "-m", "loopbaan", "lab", "try", "--cache", str(cache))
            # One thread of Polars: there are other processes on this machine.
            environ = os.environ | {"POLARS_MAX_THREADS": "1"}
            self._child = subprocess.Popen(  # noqa: S603 (our own program)
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
            )
            self._is_awake, self._began = False, time.monotonic()
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            self._child = None


def _line_of(child: subprocess.Popen[bytes], deadline: float) -> bytes:
    """Return the next line of a child; it writes one line an answer, and nothing else."""
    assert child.stdout is not None
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
            raise TimeoutError
        part = os.read(child.stdout.fileno(), CHUNK)
        if not part:
            raise OSError("it ended")
        line += part
    return line


laboratory = Laboratory()
