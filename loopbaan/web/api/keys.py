"""Whose software calls, for what its key serves, and how often it may call."""

import math
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from loopbaan.law import rulebook as rulebooks
from loopbaan.live.members import find_token
from loopbaan.live.models import Centre, Token
from loopbaan.live.models.recognition import SCOPES
from loopbaan.web import clock
from loopbaan.web.api.problems import Problem
from loopbaan.web.limits import address_of

WINDOW_SECONDS = 60
MOST_KNOWN = 10_000
LONGEST = 100  # characters of a key


@dataclass(frozen=True)
class Caller:
    """The software of a centre, at the moment of its call."""

    token: Token
    now: datetime

    @property
    def centre(self) -> Centre:
        """Whose it is."""
        return self.token.centre

    @property
    def day(self) -> date:
        """The day in Flanders."""
        return clock.day_of(self.now)

    @property
    def actor(self) -> str:
        """What the journal writes."""
        return f"token:{self.token.pk}"

    @property
    def moment(self) -> dict[str, Any]:
        """What an operation wants to know of the call."""
        return {"day": self.day, "now": self.now, "actor": self.actor}

    @property
    def by_law(self) -> dict[str, Any]:
        """The same, with the law."""
        return {**self.moment, "rulebook": rulebooks.current()}


class Pace:
    """How often each one called in this minute; kept in memory, in each process by itself."""

    def __init__(self) -> None:
        self.window = 0
        self.calls: Counter[str] = Counter()

    def count(self, who: str, most: int) -> None:
        """Count a call.

        Raises:
            Problem: it was one too many; it says in how many seconds the next may come.

        """
        now = time.monotonic()
        window = int(now) // WINDOW_SECONDS
        if window != self.window or len(self.calls) >= MOST_KNOWN:
            self.window, self.calls = window, Counter()
        self.calls[who] += 1
        if self.calls[who] > most:
            wait = math.ceil((window + 1) * WINDOW_SECONDS - now)
            raise Problem("too_often", retry_after=max(1, wait))


PACE = Pace()


class Key(HttpBearer):
    """A key that serves for one of these scopes."""

    def __init__(self, *scopes: str) -> None:
        assert set(scopes) <= set(SCOPES), f"no such scope among {scopes}"
        self.scopes = scopes
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who calls.

        Raises:
            Problem: the key is none, does not serve for this, or calls too often.

        """
        found = super().__call__(request)
        if found is None:
            PACE.count(f"address:{address_of(request)}", settings.API_CALLS_A_MINUTE)
            raise Problem("no_key")
        assert isinstance(found, Caller), "authenticate returns one, or nothing"
        PACE.count(found.actor, settings.API_CALLS_A_MINUTE)
        if not set(self.scopes) & set(found.token.scopes):
            raise Problem("not_for_this_key")
        return found

    def authenticate(self, _request: HttpRequest, token: str) -> Caller | None:
        """Return whose key this is, if it is one."""
        now = clock.now()
        if len(token) > LONGEST or not token.isascii():
            return None
        found = find_token(token, clock.day_of(now))
        return Caller(found, now) if found else None


def caller(request: HttpRequest) -> Caller:
    """Return whose software calls."""
    found: Any = getattr(request, "auth", None)
    assert isinstance(found, Caller), "every call but the description is made with a key"
    return found
