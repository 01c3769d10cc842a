"""Who pays for the same saving under each instrument: every row beside the year without a measure.

Works on the figures of runs, one or many: with many, each run is held against the run of the same
chance and the same assumptions without the measure, so that a band is one of differences.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from loopbaan.lab.bands import HIGH, LOW
from loopbaan.lab.figures import KEYS, VALUE
from loopbaan.lab.instruments import INSTRUMENTS, YEAR
from loopbaan.law.payout import PAYERS

SCENARIOS = {each.name: f"same-saving-by-{each.name}" for each in INSTRUMENTS}
MEMBER = "member"
MILLION_CENTS, HUNDRED = 100_000_000, 100
# The groups that are told: how many fewer of each start, in a hundred.
GROUPS = (
    ("education", ("low", "mid", "high")),
    ("wage_quintile", ("q1", "q2", "q3", "q4", "q5")),
    ("age_band", ("20-29", "30-39", "40-49", "50-59")),
)
SCHEMA = {
    "instrument": pl.String,
    "measure": pl.String,
    "dimension": pl.String,
    "category": pl.String,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
    "runs": pl.Int32,
}

Member = dict[tuple[str, ...], float]  # one run: by table, dimension, category and figure


def table(
    without: pl.DataFrame, with_: Mapping[str, pl.DataFrame], year: int = YEAR
) -> pl.DataFrame:
    """Return a row for each instrument, measure and group: low, central and high over the runs.

    The figures are those of `figures.of`, of one run, or of `Ensemble.values`; `with_` has them by
    instrument. One run has no band: its three values are the same.
    """
    base = _members(without, year)
    rows = []
    for instrument, figures in with_.items():
        members = _members(figures, year)
        assert members.keys() == base.keys(), "each run has its like without a measure"
        found = [_differences(base[member], members[member]) for member in sorted(base)]
        for measure in found[0]:
            values = [each[measure] for each in found if measure in each]
            ends = (np.quantile(values, (LOW, 0.5, HIGH)).round(4) + 0.0).tolist()
            rows.append((instrument, *measure, *ends, len(values)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _members(figures: pl.DataFrame, year: int) -> dict[int, Member]:
    """Return the figures of a year, run by run."""
    if MEMBER not in figures.columns:
        figures = figures.with_columns(pl.lit(0, pl.Int32).alias(MEMBER))
    when = pl.col("when").is_in([str(year), f"{year}-12-01"])
    found: dict[int, Member] = {number: {} for number in figures[MEMBER].unique().to_list()}
    _, _, *keys = KEYS
    for number, name, *key, value in (
        figures.filter(when).select(MEMBER, "table", *keys, VALUE).iter_rows()
    ):
        found[number][name, *key] = value
    return found


def _differences(base: Member, run: Member) -> dict[tuple[str, str, str], float]:
    """Return what a measure changes: by name, dimension and category."""
    found = {
        (name, "", ""): value
        for name, value in _of_everybody(lambda figure: _of(base, figure), lambda f: _of(run, f))
    }
    found |= _more_at_risk(base, run)
    for dimension, categories in GROUPS:
        for category in categories:
            key = ("reached", dimension, category, "persons_started")
            before = base.get(key, 0.0)
            if before > 0:
                fewer = HUNDRED * (before - run.get(key, 0.0)) / before
                found["fewer_in_a_hundred", dimension, category] = fewer
    return found


Get = Callable[[str], float]


def _of_everybody(before: Get, after: Get) -> Iterator[tuple[str, float]]:
    """Yield what changes for everybody together; money in million euro, but for one voucher."""

    def less(name: str) -> float:
        return before(name) - after(name)

    yield "government_saves", less("government_cents") / MILLION_CENTS
    yield "workers_pay_more", -less("worker_cents") / MILLION_CENTS
    yield "centres_earn_less", sum(less(f"{payer}_cents") for payer in PAYERS) / MILLION_CENTS
    ours, theirs = (
        get("worker_cents") / max(get("started"), 1) / HUNDRED for get in (after, before)
    )
    yield "a_worker_pays_more_a_voucher", ours - theirs
    yield "persons_fewer", less("persons_started")
    yield (
        "persons_fewer_in_a_hundred",
        HUNDRED * less("persons_started") / max(before("persons_started"), 1),
    )
    yield "hours_of_talk_fewer", less("used_minutes") / 60
    yield "orders_refused_more", -less("refused")
    yield "orders_without_a_place", after("lost")


def _more_at_risk(base: Member, run: Member) -> dict[tuple[str, str, str], float]:
    """Return how many more centres are at risk; nothing where only a part of everybody ordered."""
    key = ("centres_by_month", "", "", "at_risk")
    if key not in base or key not in run:
        return {}
    return {("centres_at_risk_more", "", ""): run[key] - base[key]}


_TABLE_OF = {"used_minutes": "reached"}
_DIMENSION_OF = {"reached": "all"}


def _of(figures: Member, figure: str) -> float:
    table_ = _TABLE_OF.get(figure, "by_year")
    return figures.get((table_, _DIMENSION_OF.get(table_, ""), "", figure), 0.0)
