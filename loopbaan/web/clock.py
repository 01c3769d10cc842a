"""Reads the clock of the scheme: the real one, moved by the offset of the demo."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from loopbaan.law import rulebook as rulebooks

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def day_of(moment: datetime) -> date:
    """Return the day in Flanders of a moment."""
    return moment.astimezone(BRUSSELS).date()


def today() -> date:
    """Return the day in Flanders."""
    return day_of(now())


def moment() -> dict[str, Any]:
    """Return what an operation needs to know of this moment: its law, its day, and when it is."""
    at = now()
    return {"rulebook": rulebooks.current(), "day": day_of(at), "now": at}
