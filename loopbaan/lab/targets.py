"""The published figures that a run is held against: read, and counted from a run in the same words.

`requested` is an order received, `granted` a voucher issued (paid), `used` a voucher started. Rows
of `calibrate` may be fitted; `holdout` rows are only ever predicted, and what fits reads none.
"""

import calendar
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from loopbaan.lab.margins import DATA
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.transitions import Status

FILE = DATA / "calibration_targets.csv"
FITTED, PREDICTED, REPORTED = "fitted", "predicted", "reported"
PARTS = {"calibrate": FITTED, "holdout": PREDICTED, "report": REPORTED}
LAST_FITTED = date(2019, 12, 31)
KINDS = ("relative", "absolute", "factor")
_BEGIN = date(2013, 7, 1)
_OLDER = 55  # from which age VDAB counted a worker among the disadvantaged (grade D)
_MINUTES_A_DAY = 1_440
_CENTS = 100


class HoldoutRead(AssertionError):
    """Something that fits asked for what it has to predict."""


@dataclass(frozen=True)
class Target:
    """One published figure. `part` is fitted, predicted or reported; `kind` says how to miss it."""

    series: str
    period: str
    first: date
    last: date
    value: float
    unit: str
    part: str
    tolerance: float | None
    kind: str
    source: str
    grade: str
    note: str

    @property
    def is_bound(self) -> bool:
        """Whether the figure is a ceiling or a floor rather than a value."""
        return "bound" in self.unit or "more than" in self.unit


def read(path: Path = FILE) -> list[Target]:
    """Read every row.

    Raises:
        UnreadableFile: the file is missing, or a row has a fault.

    """
    return [_target(path, row) for row in _rows(path)]


def to_fit(path: Path = FILE) -> list[Target]:
    """Read the rows that may be fitted. The value of any other row is not even looked at.

    Raises:
        HoldoutRead: a row that may be fitted lies after 2019.

    """
    found = [_target(path, row) for row in _rows(path) if row["use"] == "calibrate"]
    for target in found:
        if target.last > LAST_FITTED:
            raise HoldoutRead(
                f"{path}: {target.series} {target.period} is to be predicted; nothing after"
                f" {LAST_FITTED.year} is fitted"
            )
    return found


def overlaps(targets: Sequence[Target]) -> list[str]:
    """Return a sentence for each series that is fitted and predicted in the same days."""
    fitted, predicted = (
        [target for target in targets if target.part == part] for part in (FITTED, PREDICTED)
    )
    return [
        f"{one.series}: fitted on {one.period}, and predicted for {other.period}: a figure that was"
        " fitted proves nothing; take one of the two out"
        for one in fitted
        for other in predicted
        if one.series == other.series and one.first <= other.last and other.first <= one.last
    ]


def counted(
    orders: pl.DataFrame, persons_a_row: float, targets: Sequence[Target]
) -> Iterator[tuple[str, str, float]]:
    """Yield series, period and the value in a run, for those that the run holds.

    A month of which the places were not gone has no minute.
    """
    for target in targets:
        value = _SERIES[target.series](orders, target)
        if value is not None:
            weight = 1.0 if target.unit in _UNWEIGHTED else persons_a_row
            yield target.series, target.period, value * weight


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path}: cannot be read ({error})") from None


def _target(path: Path, row: dict[str, str]) -> Target:
    series, period = row["series"], row["period"]
    where = f"{path}: {series} {period}"
    if series not in _SERIES or row["use"] not in PARTS:
        raise UnreadableFile(f"{where}: expected a series of {list(_SERIES)}, use of {list(PARTS)}")
    if row["tolerance"] and row["tolerance_kind"] not in KINDS:
        raise UnreadableFile(f"{where}: expected a tolerance_kind of {KINDS}")
    try:
        first, last = _days(series, period)
        value = float(row["value"])
        tolerance = float(row["tolerance"]) if row["tolerance"] else None
    except ValueError as error:
        raise UnreadableFile(f"{where}: {error}") from None
    return Target(
        series=series,
        period=period,
        first=first,
        last=last,
        value=value,
        unit=row["unit"],
        part=PARTS[row["use"]],
        tolerance=tolerance,
        kind=row["tolerance_kind"],
        source=row["source"],
        grade=row["grade"],
        note=row["note"],
    )


def _days(series: str, period: str) -> tuple[date, date]:
    """Return first and last day of a period such as 2018, 2013-07/2013-12 or 'to 2021-06-30'."""
    begin, _, end = period.removeprefix("to ").partition("/")
    first = _BEGIN if period.startswith("to ") else _day(begin, is_last=False)
    last = _day(end or begin, is_last=True)
    for suffix, month in (("_jan_to_may", 5), ("_first_half", 6)):
        if series.endswith(suffix):
            last = _day(f"{last.year}-{month:02d}", is_last=True)
    return first, last


def _day(text: str, *, is_last: bool) -> date:
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII):
        raise ValueError(f"{text!r} is no year, month or day")
    year, month, day = [int(part) for part in text.split("-")] + [0] * (2 - text.count("-"))
    month = month or (12 if is_last else 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if is_last else 1))


Series = Callable[[pl.DataFrame, Target], float | None]


def _within(day: str, target: Target) -> pl.Expr:
    return pl.col(day).is_between(target.first, target.last)


def _count(day: str, which: pl.Expr | None = None) -> Series:
    def count(orders: pl.DataFrame, target: Target) -> float:
        here = _within(day, target)
        return float(orders.select((here if which is None else here & which).sum()).item())

    return count


def _users(which: pl.Expr) -> Series:
    """Return the share of those whose first voucher started in the period."""

    def share(orders: pl.DataFrame, target: Target) -> float | None:
        users = orders.filter(_within("started_on", target) & _FIRST)
        found = users.select(which.mean()).item()
        return None if found is None else float(found)

    return share


def _spend(orders: pl.DataFrame, target: Target) -> float:
    paid = orders.filter(_within("started_on", target))["government_cents"]
    return float(paid.sum()) / _CENTS


def _persons(orders: pl.DataFrame, target: Target) -> float:
    return float(orders.filter(_within("started_on", target))["person"].n_unique())


def _gone(orders: pl.DataFrame, target: Target) -> pl.DataFrame:
    """Return, for each month whose places were gone, the first order that came too late.

    Not the last that got one: a place that lapsed may be given again weeks later. Who was refused
    wrongly at first came before, and is decided on later: that tells nothing of the day.
    """
    came_too_late = (pl.col("outcome") == str(Status.LOST)) & ~pl.col("contested")
    return (
        orders.filter(_within("ordered_on", target), came_too_late)
        .sort("ordered_on", "minute", nulls_last=True)
        .group_by(pl.col("ordered_on").dt.truncate("1mo").alias("month"), maintain_order=True)
        .agg(day=pl.col("ordered_on").first().dt.day(), minute=pl.col("minute").first())
    )


def _sold_out_day(orders: pl.DataFrame, target: Target) -> float | None:
    found = _gone(orders, target)["day"].mean()
    return None if found is None else float(found)  # type: ignore[arg-type]


def _sold_out_minutes(orders: pl.DataFrame, target: Target) -> float | None:
    """Return the minutes until the places were gone: the middle of the minute, in the mean month.

    Minutes are compared by their ratio, so the mean of several months is that of the logarithms.
    """
    day, minute = pl.col("day").cast(pl.Float64), pl.col("minute").cast(pl.Float64)
    minutes = (day - 1) * _MINUTES_A_DAY + minute.fill_null(_MINUTES_A_DAY / 2) + 0.5
    found = _gone(orders, target).select(minutes.log().mean().exp()).item()
    return None if found is None else float(found)


_FIRST, _SECOND = pl.col("voucher") == 1, pl.col("voucher") == 2
_AGE = pl.col("age")
_SERIES: dict[str, Series] = {
    "voucher1_used": _count("started_on", _FIRST),
    "voucher1_used_first_half": _count("started_on", _FIRST),
    "voucher2_used": _count("started_on", _SECOND),
    "total_used": _count("started_on"),
    "used_total": _count("started_on"),
    "requested": _count("ordered_on"),
    "granted": _count("paid_on"),
    "granted_jan_to_may": _count("paid_on"),
    "users_first_12_months": _count("started_on", _FIRST),
    "share_women": _users(pl.col("sex") == "woman"),
    "share_high_educated": _users(pl.col("education") == "high"),
    "share_age_20_29": _users(_AGE.is_between(20, 29)),
    "share_age_30_39": _users(_AGE.is_between(30, 39)),
    "share_age_40_49": _users(_AGE.is_between(40, 49)),
    "share_age_50_plus": _users(_AGE >= 50),
    "share_self_employed": _users(pl.col("status") == "self_employed_main"),
    # "Older, low-educated, migration background, disability" (crevits_2022).
    "share_disadvantaged": _users(
        (_AGE >= _OLDER)
        | (pl.col("education") == "low")
        | (pl.col("origin") == "non_eu")
        | (pl.col("health_limitation") == "limited")
    ),
    "spend": _spend,
    "sold_out_day": _sold_out_day,
    "sold_out_minutes": _sold_out_minutes,
    "persons_ever": _persons,
}
_UNWEIGHTED = ("share", "day of month", "minutes")
