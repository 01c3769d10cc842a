"""The orders of a run as a Polars frame: one row an order, with who ordered and what came of it.

Every outcome is counted from this frame. Nobody in it is real.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab.events import KINDS, NO_CENTRE, NO_MINUTE, STATUSES, Events
from loopbaan.lab.population import DIMENSIONS, Population
from loopbaan.law import payout
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.months import NO_DAY, Days, day_number
from loopbaan.law.payout import PAYERS
from loopbaan.law.periods import periods
from loopbaan.law.refusals import codes
from loopbaan.law.rulebook import Rulebook

TRAITS = (
    "sex",
    "education",
    "status",
    "sector",
    "residence",
    "origin",
    "health_limitation",
    "workable_job",
    "burnout_symptoms",
    "job_search_intent",
    "digital_skill",
    "wage_quintile",
)
AGE_BANDS = ("under 20", "20-29", "30-39", "40-49", "50-59", "60 and over")
_AGE_STEPS = (20, 30, 40, 50, 60)
DAYS = ("ordered_on", "decided_on", "paid_on", "started_on", "closed_on")
SPENT = tuple(f"{payer}_cents" for payer in PAYERS)
MONTHS_A_YEAR = 12


def frame(
    events: Events, population: Population, rulebook: Rulebook, reading: str = DEFAULT_READING
) -> pl.DataFrame:
    """Return one row an order, in the order in which they were decided.

    `period` is the first day of the law's period of the order day. The `…_cents` of the payers are
    what they pay for the confirmed talks of a started voucher, VAT included; cents have 64 bits,
    because what everybody pays in a few years does not fit into 32.
    """
    columns = {
        "order": pl.Series(np.arange(len(events), dtype=np.int32)),
        "person": pl.Series(events.person),
        **{name: _days(getattr(events, name)) for name in DAYS},
        "minute": _filled(events.minute, events.minute != NO_MINUTE),
        "period": _periods(events.ordered_on, rulebook, reading),
        "attempt": pl.Series(events.attempt),
        "kind": _words(events.kind, KINDS),
        "outcome": _words(events.outcome, tuple(str(status) for status in STATUSES)),
        "reasons": _reasons(events.reasons),
        "voucher": pl.Series(events.voucher),
        "minutes": pl.Series(events.minutes),
        "used_minutes": pl.Series(events.used_minutes),
        "share_cents": pl.Series(events.share_cents.astype(np.int64)),
        "centre": _filled(events.centre, events.centre != NO_CENTRE),
        "gave_up": pl.Series(events.gave_up),
        "false_refusal": pl.Series(events.false_refusal),
        "contested": pl.Series(events.contested),
        **dict(_spent(events, rulebook, reading)),
        **dict(_who(events, population)),
    }
    return pl.DataFrame(columns)


def _days(days: Days) -> pl.Series:
    return _filled(days, days != NO_DAY).cast(pl.Date)


def _filled(values: NDArray[np.generic], is_there: NDArray[np.bool_]) -> pl.Series:
    """Return a series that is empty where a value is not there."""
    series = pl.Series(np.where(is_there, values, 0).astype(values.dtype))
    return series if is_there.all() else series.set(pl.Series(~is_there), None)


def _words(codes_: NDArray[np.integer], words: tuple[str, ...]) -> pl.Series:
    return pl.Series(codes_.astype(np.uint8)).cat.to(pl.Enum(list(words)))


def _periods(ordered_on: Days, rulebook: Rulebook, reading: str) -> pl.Series:
    starts = rulebook.change_days(reading)
    numbers = np.array([day_number(day) for day in starts], np.int32)
    places = np.searchsorted(numbers, ordered_on, side="right") - 1
    return _words(places, tuple(day.isoformat() for day in starts))


def _reasons(reasons: NDArray[np.uint16]) -> pl.Series:
    found, places = np.unique(reasons, return_inverse=True)
    words = tuple(";".join(codes(int(bits))) for bits in found)
    return pl.Series(places.astype(np.uint16)).cat.to(pl.Enum(list(words)))


def _spent(events: Events, rulebook: Rulebook, reading: str) -> Iterator[tuple[str, pl.Series]]:
    """Yield what each payer pays: all talks of a voucher at the fee of the day of its start."""
    spent = np.zeros((len(events), len(PAYERS)), np.int64)
    begun = np.flatnonzero((events.started_on != NO_DAY) & (events.used_minutes > 0))
    if len(begun):
        starts, used = events.started_on[begun], events.used_minutes[begun]
        parts = events.split_cents[begun, :-1].astype(np.int64)
        for period in periods(rulebook, starts, None, reading, len(begun)):
            rows = np.arange(len(begun))[period.rows]
            rate = np.full(len(rows), period.policy.fee_millicents_per_hour)
            claims = payout.claims(
                used[rows], rate, np.arange(len(rows)), parts[rows], period.policy.vat_percent
            )
            spent[begun[rows]] = claims.split_cents
    for place, name in enumerate(SPENT):
        yield name, pl.Series(spent[:, place].copy())


def _who(events: Events, population: Population) -> Iterator[tuple[str, pl.Series]]:
    born = population.born[events.person].astype(np.int32)
    ordered = (events.ordered_on.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int32)
    since_1900 = ordered + 70 * MONTHS_A_YEAR
    age = ((since_1900 - born) // MONTHS_A_YEAR).astype(np.uint8)
    yield "age", pl.Series(age)
    yield "age_band", _words(np.searchsorted(_AGE_STEPS, age, side="right"), AGE_BANDS)
    for name in TRAITS:
        yield name, _words(getattr(population, name)[events.person], DIMENSIONS[name])
