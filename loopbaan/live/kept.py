"""The facts that were used, as they are kept with a decision: one short line, in a fixed order."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Facts

NAMES = (
    "lives_in",
    "moved_from_eea",
    "works_in",
    "activity",
    "experience_days",
    "experience_months",
    "months_worked_in_last_24",
    "agency_weeks_unbroken",
    "vouchers_started_on",
    "last_voucher_closed",
    "open_order",
    "in_dutch",
)
_NO_YES = ("false", "true")


def write(facts: Facts, starts: Sequence[Sequence[date]]) -> list[str]:
    """Return the line of each order: the facts in the order of `NAMES`, parted by commas."""
    columns = (
        [HOMES[code] for code in facts.lives_in.tolist()],
        [_NO_YES[flag] for flag in facts.moved_from_eea.tolist()],
        [WORKPLACES[code] for code in facts.works_in.tolist()],
        [ACTIVITIES[code] for code in facts.activity.tolist()],
        facts.experience_days.tolist(),
        facts.experience_months.tolist(),
        facts.months_worked_in_last_24.tolist(),
        facts.agency_weeks_unbroken.tolist(),
        [";".join(map(str, days)) if days else "" for days in starts],
        [_NO_YES[flag] for flag in facts.last_voucher_closed.tolist()],
        [_NO_YES[flag] for flag in facts.open_order.tolist()],
        [_NO_YES[flag] for flag in facts.in_dutch.tolist()],
    )
    return [",".join(map(str, row)) for row in zip(*columns, strict=True)]


def read(line: str) -> dict[str, Any]:
    """Return the facts of a line by name: texts, whole numbers, truths, and days as texts."""
    values: dict[str, Any] = dict(zip(NAMES, line.split(","), strict=True))
    for name in NAMES[4:8]:
        values[name] = int(values[name])
    for name in ("moved_from_eea", "last_voucher_closed", "open_order", "in_dutch"):
        values[name] = values[name] == "true"
    values["vouchers_started_on"] = [day for day in values["vouchers_started_on"].split(";") if day]
    return values
