"""The effects as the evidence grades them: every study, how sound it is, what the lab makes of it.

Quality 5 is a randomised comparison, 1 no comparison at all. Satisfaction is shown as satisfaction,
and never as an effect. For this scheme itself no causal estimate was found: those rows are empty.
"""

import csv
from functools import cache

import polars as pl

from loopbaan.lab.margins import DATA

FILE = DATA / "effects.csv"
# What an outcome of a run rests on: rows of the file.
RESTS_ON = {
    "more_job_changes_in_a_year": ("voucher_on_wages_and_job_mobility",),
    "job_satisfaction_after_a_year": ("job_satisfaction_after_job_change",),
    "job_satisfaction_after_three_years": ("job_satisfaction_after_job_change",),
    "burnout_symptoms": (
        "burnout_any_controlled_intervention",
        "burnout_prevalence_professional_coaching",
    ),
    "avoided_long_sickness": ("loopbaancheque_on_sickness",),
    "benefits_saved": ("loopbaancheque_on_sickness",),
    "saved_by_the_state": ("loopbaancheque_on_sickness",),
}
NOTHING_FOUND = 0


@cache
def table() -> pl.DataFrame:
    """Return a row a study: outcome, who, against what, estimate and band, quality, grade, source.

    Sorted by quality, the soundest first; `quality` 0: nothing was found.
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [_row(row) for row in csv.DictReader(file)]
    return pl.DataFrame(rows).sort("quality", descending=True, maintain_order=True)


def qualities(outcome: str) -> tuple[int, ...]:
    """Return the quality of each study on which an outcome of a run rests; 0: nothing was found."""
    named = RESTS_ON.get(outcome, ())
    found = dict(table().select("outcome", "quality").iter_rows())
    return tuple(found[name] for name in named)


def found_none(outcome: str) -> bool:
    """Whether every study on which an outcome rests looked for an effect and found none."""
    estimates = dict(table().select("outcome", "estimate").iter_rows())
    return all(estimates[name] == 0 for name in RESTS_ON.get(outcome, ()))


def _row(row: dict[str, str]) -> dict[str, str | int | float | None]:
    numbers = {name: float(row[name]) if row[name] else None for name in ("low", "high")}
    return {
        "outcome": row["outcome"],
        "who": row["population"],
        "comparison": row["comparison"],
        "estimate": float(row["estimate"]) if row["estimate"] else None,
        **numbers,
        "unit": row["unit"],
        "quality": int(row["identification_quality_1_to_5"] or NOTHING_FOUND),
        "grade": row["grade"],
        "source": row["source"],
        "recalled": row["recalled"] == "yes",
        "note": row["note"],
    }
