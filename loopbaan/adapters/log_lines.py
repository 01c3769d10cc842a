"""Lines of JSON for a log, in which no number of a person stands, whoever wrote them.

Of an exception only its kind and our last line are told: its message may quote a row.
"""

import logging
import re
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

ROOM = str(Path(__file__).parents[1])
_NUMBER = re.compile(r"\d(?:[\s.\-/]?\d){10}")

Event = MutableMapping[str, Any]


def without_numbers(_log: Any, _name: str, event: Event) -> Event:
    """Take out whatever looks like the number of a person."""
    return {
        key: _NUMBER.sub("…", value) if isinstance(value, str) and key != "timestamp" else value
        for key, value in event.items()
    }


def where(trace: TracebackType | None) -> str:
    """Return the last line of ours that an exception went through."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if frame.filename.startswith(ROOM)]
    last = (ours or frames or [traceback.FrameSummary("?", 0, "?")])[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


PROCESSORS = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_numbers,
    structlog.processors.JSONRenderer(),
)


class Lines(logging.Formatter):
    """Writes what Python's own logging is told, as the same lines."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        event: dict[str, Any] = {"event": record.getMessage(), "logger": record.name}
        event |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0] is not None:
            event |= {"kind": record.exc_info[0].__name__, "where": where(record.exc_info[2])}
        line: Any = event
        for each in PROCESSORS:
            line = each(None, record.levelname.lower(), line)
        return str(line)
