"""The reasons against an order, as bits, in the order in which they are told."""

from enum import IntFlag
from functools import cache


class Refusal(IntFlag):
    """Why a worker may not order. The code of a reason is its name in small letters."""

    RESIDENCE = 1
    ACTIVITY = 2
    EXPERIENCE = 4
    RECENT_VOUCHERS = 8
    LIFETIME = 16
    FIRST_NOT_CLOSED = 32
    OPEN_ORDER = 64
    LANGUAGE = 128

    @property
    def code(self) -> str:
        """The stable code of one reason, as files and other programs use it."""
        assert self.name is not None, "a code belongs to one reason, not to a set of them"
        return self.name.lower()


# Reasons that the calendar alone can lift; the others stay until the worker changes something.
PASSING = Refusal.EXPERIENCE | Refusal.RECENT_VOUCHERS | Refusal.LIFETIME


@cache
def codes(reasons: int) -> tuple[str, ...]:
    """Return the codes of a set of reasons, in the order in which they are told."""
    return tuple(each.code for each in Refusal if each & reasons)
