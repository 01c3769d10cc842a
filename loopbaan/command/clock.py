"""Reads the clock of the scheme: the real one, moved by the offset of the demo."""

import os
from datetime import UTC, datetime, timedelta

OFFSET = "LOOPBAAN_OFFSET"  # in seconds


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC) + timedelta(seconds=float(os.environ.get(OFFSET, "0")))
