"""Reads the clock of the scheme: the real one, moved by the offset of the demo."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

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
