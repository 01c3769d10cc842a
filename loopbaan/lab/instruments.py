"""Five ways to save the same money, each by one number of the law alone, and how large it must be.

The size is found by halving: the law of a size is played, the saving of one year is counted beside
the year without a measure, and the half that holds the target is kept. Nothing is drawn anew, so
the same seed, part of the workers and target give the same size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from loopbaan.law import rulebook as rulebooks
from loopbaan.law.policy import Policy

FROM, TOLD = "2025-04-01", "2025-03-04"  # in force four weeks after it was told
UNTIL = "2025-02-28"  # nothing else that was announced later comes
YEAR = 2026  # the first whole year in which no voucher of before the measure is left
TARGET_CENTS = 1_000_000_000
BASELINE = "no-measure"

Lines = dict[str, dict[str, Any]]
Played = Callable[[dict[str, Any]], int]


@dataclass(frozen=True)
class Instrument:
    """One number that is moved: its `unit`, where it may lie, and the law of a size.

    `start` saves nothing and `end` the most; a size is a whole multiple of `step` from the start.
    """

    name: str
    unit: str
    start: int
    end: int
    step: int
    policy: Callable[[int], Lines]

    def scenario(self, size: int) -> dict[str, Any]:
        """Return the content of the scenario of a size."""
        return {
            "title": f"{self.name} {size}",
            "author": "Loopbaan",
            "source": "hypothetical",
            "law_known_until": UNTIL,
            "policy": self.policy(size),
        }


@dataclass(frozen=True)
class Found:
    """The size that comes nearest to the target, what it saves, and how many sizes were played."""

    instrument: str
    size: int
    saved_cents: int
    played: int


def law_before() -> Policy:
    """Return the law on the last day before any measure: what each instrument starts from."""
    return rulebooks.current().on(date.fromisoformat(UNTIL))


_BEFORE = law_before()
MINUTES_FIRST, MINUTES_SECOND = _BEFORE.first_voucher_minutes, _BEFORE.second_voucher_minutes or 0


def line(unit: str, value: int | bool | str | None) -> dict[str, Any]:
    """Return a number that holds a new value since the measure."""
    return {"unit": unit, "lines": [{"from": FROM, "announced": TOLD, "value": value}]}


def _share(cents: int) -> Lines:
    return {"share_cents": line("cents", cents)}


def _hours(minutes: int) -> Lines:
    second = minutes * MINUTES_SECOND // MINUTES_FIRST
    return {
        "first_voucher_minutes": line("minutes", minutes),
        "second_voucher_minutes": line("minutes", second),
    }


def _fee(millicents: int) -> Lines:
    return {"fee_millicents_per_hour": line("millicents_per_hour", millicents)}


def _cap(places: int) -> Lines:
    return {
        "cap_per_month": line("count", places),
        "cap_counts": line("word", "granted"),
        "lapsed_place_returns": line("yes_no", value=False),
        "cap_shared_by_vouchers": line("yes_no", value=True),
    }


def _experience(days: int) -> Lines:
    return {"least_experience_days": line("days", days)}


# Each starts from the law, but the cap: there is none, and so many places hold everybody back from
# nothing. Steps are such as a government would write down: a euro, four minutes, ten cents an hour,
# ten places, a fifth of a year.
INSTRUMENTS = (
    Instrument("share", "cents", _BEFORE.share_cents, 60_500, 100, _share),
    Instrument("hours", "minutes", MINUTES_FIRST, 20, 4, _hours),
    Instrument(
        *("fee", "millicents_per_hour", _BEFORE.fee_millicents_per_hour, 1_000_000, 10_000, _fee)
    ),
    Instrument("cap", "count", 6_000, 0, 10, _cap),
    Instrument("experience", "days", _BEFORE.least_experience_days or 0, 18_250, 73, _experience),
)


def find(instrument: Instrument, spent: Played, target_cents: int = TARGET_CENTS) -> Found:
    """Return the size whose saving comes nearest to the target.

    `spent` plays a scenario and returns what the government pays in the year, for everybody.

    Raises:
        ValueError: not even the largest size saves so much.

    """
    steps = abs(instrument.end - instrument.start) // instrument.step
    sign = 1 if instrument.end > instrument.start else -1

    def size(place: int) -> int:
        return instrument.start + sign * place * instrument.step

    before = spent({})
    saved = {0: 0, steps: before - spent(instrument.scenario(size(steps)))}
    if saved[steps] < target_cents:
        most = saved[steps] / 100
        raise ValueError(f"{instrument.name}: saves {most:,.0f} euro at most, whatever its size")
    low, high = 0, steps
    while high - low > 1:
        middle = (low + high) // 2
        saved[middle] = before - spent(instrument.scenario(size(middle)))
        low, high = (middle, high) if saved[middle] < target_cents else (low, middle)
    best = min((low, high), key=lambda place: abs(saved[place] - target_cents))
    return Found(instrument.name, size(best), saved[best], len(saved))
