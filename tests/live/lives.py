"""The plain account beside random histories: what it believes of each voucher, and which acts.

It is kept by hand, talk by talk, and never read from the database.
"""

from dataclasses import dataclass, field
from datetime import date

from loopbaan.live.models import Talk, Track, Voucher

TAKING = ("registered", "disputed", "confirmed")


@dataclass
class Told:
    """A talk as the account has it; `claimed_as` is rate and VAT percent, `place` when."""

    talk: Talk
    minutes: int
    registered_on: date
    track: int
    centre: int
    status: str = "registered"
    claimed_as: tuple[int, int] | None = None
    place: int = 0

    @property
    def is_claimed(self) -> bool:
        """Whether its centre is owed for it."""
        return self.status == "confirmed" and self.claimed_as is not None


@dataclass
class Life:
    """A voucher as the account has it."""

    voucher: Voucher
    share_cents: int
    centre: int
    track: Track | None = None
    talks: list[Told] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    is_closed: bool = False
    has_plan: bool = False
    is_lapsed: bool = False

    @property
    def taken(self) -> int:
        """The minutes that its talks take."""
        return sum(each.minutes for each in self.talks if each.status in TAKING)

    @property
    def left(self) -> int:
        """The minutes that no talk takes."""
        return self.voucher.minutes - self.taken

    @property
    def is_used(self) -> bool:
        """Whether all its minutes were confirmed."""
        return self.minutes("confirmed") == self.voucher.minutes

    def minutes(self, status: str, *, claimed: bool | None = None) -> int:
        """The minutes of talks that stand somewhere; of those that were claimed, or not."""
        return sum(
            each.minutes
            for each in self.talks
            if each.status == status and claimed in (None, each.claimed_as is not None)
        )
