"""A file of JSON objects, one a line, that several processes append to and none rewrites."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]


class LineFile:
    """The lines of a file, and how far this process has read them.

    A line counts once its end is written, so a process that dies while it writes leaves no half
    line: the next one to write takes it away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_up_to = 0
        self._mutex = threading.RLock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers out, of this process and of others."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._mutex, self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def read_on(self, take: Callable[[int, Line], None]) -> None:
        """Hand over each line that this object did not hand over before, with its place."""
        with self._mutex:
            try:
                with self.path.open("rb") as file:
                    file.seek(self._read_up_to)
                    fresh = file.read()
            except FileNotFoundError:
                return
            for line in fresh[: fresh.rfind(b"\n") + 1].splitlines(keepends=True):
                take(self._read_up_to, json.loads(line))
                self._read_up_to += len(line)

    def at(self, place: int) -> Line:
        """Return the line at a place."""
        with self.path.open("rb") as file:
            file.seek(place)
            found: Line = json.loads(file.readline())
            return found

    def append(self, line: Line) -> None:
        """Write a line; inside `alone`. What belongs together stands in one line."""
        with self.path.open("r+b") as file:
            file.seek(_whole(file.fileno()))
            file.truncate()
            file.write(f"{json.dumps(line, ensure_ascii=False)}\n".encode())


def _whole(file: int) -> int:
    """Return how many bytes there are up to the end of the last whole line."""
    end = os.fstat(file).st_size
    while end > 0:
        start = max(0, end - 65_536)
        found = os.pread(file, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
