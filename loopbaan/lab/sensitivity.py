"""Which assumption matters most for a figure: read off the draws of the ensemble itself.

The measure is the rank correlation (Spearman's): of all members, those with a higher draw of an
assumption have a higher figure (1), a lower one (-1), or neither (0). It asks for no straight line
and for no further run. With many assumptions and few members some correlate by accident: the
largest that accident alone would bring is told beside it, and below that nothing is claimed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab.bands import TAIL
from loopbaan.lab.ensemble import Ensemble
from loopbaan.lab.figures import KEYS, VALUE

Floats = NDArray[np.float64]
LEAST_MEMBERS = 10
ONCE_IN = 0.05

SCHEMA = {
    **dict.fromkeys(KEYS, pl.String),
    "place": pl.Int32,
    "assumption": pl.String,
    "grade": pl.String,
    "rank_correlation": pl.Float64,
    "by_accident": pl.Float64,
    "at_low": pl.Float64,
    "at_high": pl.Float64,
}


@dataclass(frozen=True)
class Headline:
    """A figure that is told first. A word that is empty fits any."""

    table: str
    figure: str
    when: str = ""
    dimension: str = ""
    category: str = ""

    def rows(self, table: pl.DataFrame, scarce: Sequence[str]) -> pl.DataFrame:
        """Return the rows of a table with `KEYS` that this names.

        Of what is told by period of the law, only the periods with a cap are.
        """
        words = {"when": self.when, "dimension": self.dimension, "category": self.category}
        named = [pl.col(name) == word for name, word in words.items() if word]
        if self.table in _BY_PERIOD:
            named.append(pl.col("when").is_in(list(scarce)))
        return table.filter(pl.col("table") == self.table, pl.col("figure") == self.figure, *named)


_BY_PERIOD = ("waiting", "falling_out")
HEADLINES = (
    Headline("by_year", "started", "2025"),
    Headline("by_year", "started", "2026"),
    Headline("by_year", "government_cents", "2025"),
    Headline("by_year", "government_cents", "2026"),
    Headline("by_year", "refused", "2026"),
    Headline("by_year", "lost", "2025"),
    Headline("waiting", "got_a_place_share", dimension="all"),
    Headline("waiting", "mean_days", dimension="all"),
    Headline("falling_out", "persons_started_share", dimension="education", category="low"),
    Headline("falling_out", "persons_started_share", dimension="education", category="high"),
    Headline("sold_out", "sold_out_minute", "2025-04-01"),
    Headline("centres_by_month", "at_risk", "2026-12-01"),
    Headline("effects", "avoided_long_sickness"),
    Headline("effects", "break_even_long_sickness"),
)


def report(found: Ensemble, headlines: Sequence[Headline] = HEADLINES) -> pl.DataFrame:
    """Return, for each headline figure, every assumption that was drawn, the weightiest first.

    `at_low` and `at_high` are the figure on the straight line through all members at the low and
    the high end of the assumption's band. With too few members, or no draws, there are no rows.
    """
    draws, shown = _drawn(found.draws), []
    if found.draws.height < LEAST_MEMBERS or not draws:
        return pl.DataFrame(schema=SCHEMA)
    for headline in headlines:
        own = headline.rows(found.values, scarce(found))
        for key, rows in own.group_by(KEYS, maintain_order=True):
            values = np.full(found.draws.height, np.nan)
            values[rows["member"].to_numpy()] = rows[VALUE].to_numpy()
            shown += _of_figure(key, values, draws)
    return pl.DataFrame(shown, schema=SCHEMA, orient="row")


def scarce(found: Ensemble) -> tuple[str, ...]:
    """Return the first days of the periods of the law that have a cap."""
    return tuple(str(found.about["scarce"]).split())


def most(table: pl.DataFrame) -> pl.DataFrame:
    """Return the first row of each figure, if it is more than accident brings."""
    is_clear = pl.col("rank_correlation").abs() > pl.col("by_accident")
    return table.filter(pl.col("place") == 1, is_clear)


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation; 0 if either never changes."""
    first, second = (_ranks(each) - (len(each) + 1) / 2 for each in (one, other))
    spread = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / spread if spread > 0 else 0.0


def by_accident(members: int, assumptions: int) -> float:
    """Return what the largest correlation of so many assumptions exceeds once in twenty times.

    That is, if none of them has anything to do with the figure.
    """
    reach = NormalDist().inv_cdf(1 - ONCE_IN / (2 * max(assumptions, 1)))
    return min(reach / math.sqrt(max(members - 1, 1)), 1.0)


def _drawn(draws: pl.DataFrame) -> Mapping[str, Floats]:
    """Return the assumptions that were really drawn; the level follows from the others."""
    rows = behaviours.assumptions()
    return {
        name: draws[name].to_numpy()
        for name in draws.columns
        if name in rows and rows[name].role != "calibrate" and draws[name].n_unique() > 1
    }


def _of_figure(
    key: tuple[object, ...], values: Floats, draws: Mapping[str, Floats]
) -> list[tuple[object, ...]]:
    there = np.isfinite(values)
    if there.sum() < LEAST_MEMBERS or np.ptp(values[there]) == 0:
        return []
    rows = behaviours.assumptions()
    noise = by_accident(int(there.sum()), len(draws))
    found = {name: rank_correlation(drawn[there], values[there]) for name, drawn in draws.items()}
    ordered = sorted(found, key=lambda name: (-abs(found[name]), name))
    lines = []
    for place, name in enumerate(ordered, 1):
        low, high = _line(draws[name][there], values[there])
        rounded = (round(found[name], 3), round(noise, 3))
        lines.append((*key, place, name, rows[name].grade, *rounded, low, high))
    return lines


def _line(drawn: Floats, values: Floats) -> tuple[float, float]:
    """Return the straight line through all members at both ends of the band: a tenth from each."""
    ranks = (_ranks(drawn) - 0.5) / len(drawn)
    off = ranks - 0.5
    slope = float(off @ (values - values.mean())) / float(off @ off)
    middle = float(values.mean())
    return middle - slope * (0.5 - TAIL), middle + slope * (0.5 - TAIL)


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2)[place]
    return ranks
