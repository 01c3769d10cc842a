"""What may happen to one voucher, each act done through its operation alone.

The account says beforehand whether an act may be done; now and then one is tried that may not.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from loopbaan.live import guidance, opening, payout, talks
from loopbaan.live.models import Centre, Coach
from loopbaan.live.moving import Refused
from tests.live.lives import Life, Told
from tests.live.scheme import BOOK, Scheme

CENTRES = 9
CLAES, ELS = "official:claes", "official:els"
BOLD = 0.08  # how often something is tried that the account says is refused


@dataclass
class Acts:
    """The acts on vouchers at some centres, with a count of what was done and what was refused."""

    scheme: Scheme
    random: Random
    centres: list[Centre] = field(default_factory=list)
    coach: Coach | None = None
    has_turned: bool = False
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def on(self, life: Life) -> None:
        """Let something happen to a started voucher."""
        often = [self._register, self._register, self._register, self._confirm, self._confirm]
        money = [self._claim, self._claim, self._claim, self._correct]
        rest = [self._dispute, self._settle, self._withdraw, self._close, self._early, self._move]
        self.random.choice([*often, *money, *rest])(life)

    def start(self, life: Life) -> None:
        """Open a voucher for its centre, and let that start it."""
        scheme, centre = self.scheme, self.centres[life.centre]
        is_known = self._is_recognised(life.centre)
        self._try(
            opening.open_for,
            may=is_known,
            order=life.voucher.order,
            centre=centre,
            day=scheme.today,
            now=scheme.now,
            actor="worker:1",
        )
        may = is_known and scheme.today <= life.voucher.start_by
        life.track = self._try(scheme.start, may=may, voucher=life.voucher, centre=centre)
        if life.track is None:
            life.centre = 0  # she finds another one

    def annul(self, told: Told) -> None:
        """Let the authority find that a confirmed talk never was."""
        self._shorten(told, 0, may=True)

    def is_liable(self, centre: int) -> bool:
        """Whether a centre is liable for VAT now: some were exempt until things turned."""
        return centre % 3 != 1 or self.has_turned

    def _try(self, act: Callable[..., Any], *, may: bool, **values: Any) -> Any:
        """Do an act that the account says may be done, or must be refused."""
        done, sentence = None, ""
        try:
            done = act(**values)
        except Refused as refused:
            sentence = str(refused)
        assert (not sentence) == may, f"{act.__name__}: {sentence or 'it was not refused'}"
        (self.done if may else self.refused)[act.__name__] += 1
        return done

    def _is_bold(self) -> bool:
        return self.random.random() < BOLD

    def _is_recognised(self, centre: int) -> bool:
        """Whether a centre is recognised: some are not any more once things turned."""
        return centre % 3 != 2 or not self.has_turned

    def _one(self, life: Life, *right: str) -> Told | None:
        """Return a talk of a voucher that stands in one of these; now and then in another."""
        is_bold = self._is_bold()
        found = [each for each in life.talks if (each.status in right) != is_bold]
        return self.random.choice(found or [None])

    def _register(self, life: Life) -> None:
        assert life.track is not None
        minutes = self.random.choice((20, 45, 60, 60, 75, 80, 90))
        if self.random.random() < 0.3 and life.left:
            minutes = life.left
        may = not life.is_closed and minutes <= life.left and self._is_recognised(life.centre)
        if not may and not self._is_bold():
            return
        talk = self._try(
            talks.register,
            may=may,
            track=life.track,
            coach=self.coach,
            held_on=self.scheme.today,
            minutes=minutes,
            location=None,
            key=UUID(int=self.random.getrandbits(128)),
            actor="member:1",
            **self.scheme.moment,
        )
        if talk is not None:
            today = self.scheme.today
            life.talks.append(Told(talk, minutes, today, life.track.pk, life.centre))

    def _confirm(self, life: Life) -> None:
        told = self._one(life, "registered", "disputed")
        if told is None:
            return
        may = told.status in ("registered", "disputed")
        values = {"talk": told.talk, "now": self.scheme.now, "actor": "worker:1"}
        if self._try(talks.confirm, may=may, **values):
            told.status = "confirmed"

    def _dispute(self, life: Life) -> None:
        told = self._one(life, "registered")
        if told is None:
            return
        values = {"talk": told.talk, "remarks": "Nee.", "now": self.scheme.now}
        may = told.status == "registered"
        if self._try(talks.dispute, may=may, actor="worker:1", **values):
            told.status = "disputed"

    def _settle(self, life: Life) -> None:
        told = self._one(life, "disputed")
        if told is None:
            return
        took_place = self.random.random() < 0.5
        values = {"talk": told.talk, "took_place": took_place, "ground": "agenda", "actor": CLAES}
        if self._try(talks.settle, may=told.status == "disputed", **values, **self.scheme.moment):
            told.status = "confirmed" if took_place else "annulled"

    def _withdraw(self, life: Life) -> None:
        told = self._one(life, "registered", "disputed")
        if told is None or (told.status == "registered" and self.random.random() < 0.5):
            return
        may = told.status in ("registered", "disputed")
        values = {"talk": told.talk, "actor": "member:1", **self.scheme.moment}
        if self._try(talks.withdraw, may=may, **values):
            told.status = "withdrawn"

    def _claim(self, life: Life) -> None:
        is_bold = self._is_bold()
        found = [
            each
            for each in life.talks
            if (each.status == "confirmed" and each.claimed_as is None) != is_bold
        ]
        if not found:
            return
        told = self.random.choice(found)
        values = {"talk": told.talk, "actor": "member:1", **self.scheme.moment}
        if self._try(payout.claim, may=not is_bold, **values) is not None:
            policy = BOOK.on(told.registered_on, self.scheme.today)
            vat = policy.vat_percent if self.is_liable(told.centre) else 0
            told.claimed_as = (policy.fee_millicents_per_hour, vat)
            told.place = self.done["claim"]

    def _correct(self, life: Life) -> None:
        told = self._one(life, "confirmed")
        if told is None:
            return
        minutes = self.random.choice((0, told.minutes // 2, told.minutes - 1))
        if self._is_bold():
            minutes = told.minutes
        may = told.status == "confirmed" and minutes < told.minutes
        self._shorten(told, minutes, may=may)

    def _shorten(self, told: Told, minutes: int, *, may: bool) -> None:
        values = {"talk": told.talk, "minutes": minutes, "ground": "agenda", "actor": CLAES}
        if self._try(payout.correct, may=may, **values, **self.scheme.moment):
            told.status = "confirmed" if minutes else "annulled"
            told.minutes = minutes or told.minutes

    def _close(self, life: Life) -> None:
        assert life.track is not None
        may = life.is_used and not life.is_closed
        if not may and not self._is_bold():
            return
        if not life.has_plan and self.random.random() < 0.7:
            self.scheme.plan(life.track)
            life.has_plan = True
        values = {"track": life.track, "actor": "member:1", **self.scheme.moment}
        if self._try(guidance.close, may=may and life.has_plan, **values):
            life.is_closed = True

    def _early(self, life: Life) -> None:
        side = self.random.choice(("worker", "centre"))
        may = not life.is_closed and side not in life.agreed
        if self.random.random() < 0.6 or (not may and not self._is_bold()):
            return
        values = {"track": life.track, "side": side, "actor": f"{side}:1", **self.scheme.moment}
        if self._try(guidance.close_early, may=may, **values):
            life.agreed.add(side)
            life.is_closed = life.agreed == {"worker", "centre"}
            self.done["closed early"] += life.is_closed

    def _move(self, life: Life) -> None:
        to = self.random.randrange(len(self.centres))
        may = (
            not life.is_closed
            and to != life.centre
            and not self._is_recognised(life.centre)
            and self._is_recognised(to)
        )
        if not may and not self._is_bold():
            return
        values = {"track": life.track, "actor": CLAES, **self.scheme.moment}
        track = self._try(guidance.move_to, may=may, centre=self.centres[to], **values)
        if track is not None:
            life.track, life.centre, life.agreed = track, to, set()
