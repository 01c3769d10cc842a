"""Tells on standard error how far long work is, so that nobody wonders."""

import sys
import time

FIRST_AFTER, EVERY, EVERY_WHEN_LOGGED = 1.0, 0.5, 10.0


class Progress:
    """Counts rows; says nothing about work that is over within a second."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.count = 0
        self._is_screen = sys.stderr.isatty()
        self._started = time.monotonic()
        self._next = self._started + FIRST_AFTER
        self._told = False

    def add(self, count: int) -> None:
        """Note that so many more rows are done."""
        self.count += count
        now = time.monotonic()
        if now >= self._next:
            self._next = now + (EVERY if self._is_screen else EVERY_WHEN_LOGGED)
            self._told = True
            seconds = now - self._started
            end = "\r" if self._is_screen else "\n"
            text = f"{self.what}: {self.count:,} rows in {seconds:.0f} s"
            print(text.ljust(60), end=end, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Wipe the line from the screen."""
        if self._told and self._is_screen:
            print(" " * 60, end="\r", file=sys.stderr, flush=True)
