"""The figures of a report: counted over the months in which a measure bites, with their bands.

A figure is named like `started_of_100` or `started_of_100:education=low`. All counts are as for
everybody: a run of one worker in a hundred is multiplied by a hundred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from loopbaan.lab import bands, break_even, differences, falling_out, risks, suppression, waiting
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.differences import Law
from loopbaan.lab.orders import SPENT
from loopbaan.lab.outcomes import ORDERS, Outcomes
from loopbaan.lab.report.content import Band
from loopbaan.law.transitions import Status

COST, NEEDED = "public_cost_of_a_user", "cases_that_pay_for_a_hundred_users"
ASSUMED, SAVED = "cases_avoided_in_a_hundred_users", "saved_by_the_state_for_a_user"
# What becomes of an order: the parts of the bar, and whether the size of each is assumed. What
# started is seen by its day, what did not is the rest.
FATES = {
    "started": False,
    "no_place": False,
    "refused": True,
    "did_not_pay": True,
    "did_not_start": True,
}
_ENDED = {
    "no_place": (Status.LOST, Status.WITHDRAWN, Status.WAITING),
    "refused": (Status.REFUSED,),
    "did_not_pay": (Status.LAPSED,),
}
WAITS: dict[str, tuple[str, ...]] = {
    "same_day": ("same_day",),
    "within_a_month": ("within_a_week", "within_a_month"),
    "within_three_months": ("within_two_months", "within_three_months"),
    "longer": ("within_half_a_year", "longer"),
    "still_waits": ("still_wait",),
    "never": ("never",),
}
AT_RISK = ("under_break_even", "at_risk", "may_stop_within_a_year")
SOLD = ("orders", "got_a_place", "came_too_late")
GONE = "gone"  # minutes after the opening of a month at which the first found no place
FAR = ("places_without_a_centre", "inhabitants_percent")
MINUTES_IN_DAY = 1_440
SINCE = date(2023, 1, 1)  # years and months before it are alike under every measure that is told
MOST_MONTHS = 12  # that are looked at
# Before the end of a run: by then who ordered has paid and started, or never will.
SETTLED_MONTHS = 6
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Window:
    """The months that are counted: of the cap, or from where the laws differ; a year at most.

    They end half a year before the runs do. `is_settled` is false where the measure comes too late
    for that: who ordered last had no time to start.
    """

    first: date
    last: date  # the last day
    has_cap: bool
    is_settled: bool = True

    def holds(self, column: str) -> pl.Expr:
        """Return which days of a column lie in these months."""
        return pl.col(column).is_between(self.first, self.last)


@dataclass(frozen=True)
class Played:
    """A run that a report tells about: its outcomes, and what was assumed in it."""

    outcomes: Outcomes
    behaviour: Behaviour

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return str(self.outcomes.about["scenario"])

    @property
    def share(self) -> float:
        """The part of everybody that was played."""
        return float(self.outcomes.about["share"])

    def orders(self, window: Window) -> pl.DataFrame:
        """Return the orders placed in some months, as if these were one period of the law."""
        own = self.outcomes[ORDERS].filter(window.holds("ordered_on"))
        one = own["period"].dtype.categories[0]  # type: ignore[attr-defined]
        return own.with_columns(period=pl.lit(one, dtype=own["period"].dtype))


def window(runs: Sequence[Played], laws: Sequence[Law]) -> Window:
    """Return the months that are counted for these runs, the first of which is told about."""
    last = min(run.outcomes["by_month"]["month"][-1] for run in runs)
    months = runs[0].outcomes["by_month"]["month"]
    months = months.filter(months <= last)
    settled = months[:-SETTLED_MONTHS] if len(months) > SETTLED_MONTHS else months
    capped = [month for run in runs for month in run.outcomes["sold_out"]["month"]]
    begin = min(capped) if capped else _first_difference(runs, laws, last)
    begin = begin or settled[-MOST_MONTHS:][0]
    is_settled = begin <= settled[-1]
    counted = settled if is_settled else months
    until = counted.filter(counted >= begin)[:MOST_MONTHS][-1]
    until = min([until, max(capped)]) if capped else until
    return Window(begin, _last_day(until), bool(capped), is_settled)


def _first_difference(runs: Sequence[Played], laws: Sequence[Law], last: date) -> date | None:
    """Return the first month in which two laws differ; under one law, in which orders do.

    A fee is a measure, and nobody orders more or less because of it.
    """
    day = differences.first_day(laws, last)
    if day is not None:
        return day.replace(day=1)
    first, *rest = (run.outcomes["by_month"] for run in runs)
    return min(
        (
            month
            for other in rest
            for month, ours, theirs in zip(
                first["month"], first["orders"], other["orders"], strict=False
            )
            if ours != theirs
        ),
        default=None,
    )


def of(run: Played, months: Window) -> dict[str, float]:
    """Return every figure of a run, by name."""
    orders = run.orders(months)
    size = 1 / run.share
    found: dict[str, float] = {}
    for row in fallen_out(run, months).to_dicts():
        end = end_of(row)
        found[f"orders{end}"] = row["orders"] * size
        found[f"persons{end}"] = row["persons"] * size
        found[f"users{end}"] = row["persons_started"] * size
        found[f"started_of_100{end}"] = _of_100(row["persons_started"], row["persons"])
    users = orders.filter(pl.col("started_on").is_not_null())["person"].n_unique()
    found[COST] = float(orders["government_cents"].sum()) / 100 / max(users, 1)
    for name, count in fates(orders).items():
        found[f"fate:{name}"] = _of_100(count, len(orders))
    for row in waited(run, months).to_dicts():
        end = end_of(row)
        found[f"wishes{end}"] = row["wishes"] * size
        found[f"placed_of_100{end}"] = _of_100(row["got_a_place"], row["wishes"])
        if row["mean_days"] is not None:
            found[f"wait_days{end}"] = row["mean_days"]
        if not end:
            for name, bins in WAITS.items():
                found[f"wait:{name}"] = _of_100(sum(row[each] for each in bins), row["wishes"])
    for name in SPENT:
        found[f"{name.removesuffix('_cents')}_million"] = float(orders[name].sum()) * size / 1e8
    by_month = run.outcomes["centres_by_month"].filter(months.holds("month"))
    if risks.is_told(run.share):
        found["centres_at_risk"] = float(by_month["at_risk"].max() or 0)  # type: ignore[arg-type]
    return found | _over_time(run, months)


def fates(orders: pl.DataFrame) -> dict[str, int]:
    """Return how many orders came to each end. A voucher that runs on was started as well."""
    started = orders["started_on"].is_not_null()
    found = {"started": int(started.sum())}
    for name, statuses in _ENDED.items():
        found[name] = int(orders["outcome"].is_in([str(status) for status in statuses]).sum())
    return {**found, "did_not_start": len(orders) - sum(found.values())}


def _over_time(run: Played, months: Window) -> dict[str, float]:
    """Return what is told month by month or year by year: `government_million@2026`."""
    size = 1 / run.share
    found: dict[str, float] = {}
    for year, cents in run.outcomes["by_year"].select("year", "government_cents").iter_rows():
        if year >= SINCE.year:
            found[f"government_million@{year}"] = cents * size / 1e8
    risky = run.outcomes["centres_by_month"].filter(pl.col("month") >= SINCE)
    for row in risky.to_dicts():
        for name in AT_RISK if risks.is_told(run.share) else ():
            found[f"{name}@{row['month']}"] = float(row[name])
    for row in run.outcomes["sold_out"].filter(months.holds("month")).to_dicts():
        for name in SOLD:
            found[f"{name}@{row['month']}"] = (row[name] or 0) * size
        if row["sold_out_on"] is not None:
            found[f"{GONE}@{row['month']}"] = _minutes(row)
    for row in run.outcomes["access"].filter(pl.col("month") >= SINCE).to_dicts():
        for name in FAR:
            found[f"{name}:{far_key(row)}"] = float(row[name])
    return found


def far_key(row: Mapping[str, Any]) -> str:
    """Return what tells apart the figures of who lives out of reach: which centres, how far."""
    return f"{row['centres']}:{row['radius']}@{row['month']}"


def _minutes(row: Mapping[str, Any]) -> float:
    """Return the minutes until the places of a month were gone: the middle of the minute."""
    in_day = MINUTES_IN_DAY / 2 if row["sold_out_minute"] is None else row["sold_out_minute"] + 0.5
    return float((row["sold_out_on"].day - 1) * MINUTES_IN_DAY + in_day)


def opened(run: Played, months: Window) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return who falls out and who waits, without the cells that would tell of few people."""
    tables = {"falling_out": fallen_out(run, months), "waiting": waited(run, months)}
    told = suppression.open_tables(tables)
    return told["falling_out"], told["waiting"]


def fallen_out(run: Played, months: Window) -> pl.DataFrame:
    """Return who falls out of the orders placed in these months, by group."""
    scarce = run.outcomes[ORDERS]["period"].dtype.categories  # type: ignore[attr-defined]
    own = run.orders(months)
    return falling_out.report(own, list(scarce) if has_cap(run, months) else [])


def waited(run: Played, months: Window) -> pl.DataFrame:
    """Return how long those waited who first ordered in these months, by group."""
    scarce = run.outcomes[ORDERS]["period"].dtype.categories  # type: ignore[attr-defined]
    own = run.orders(months)
    return waiting.report(own, list(scarce) if has_cap(run, months) else [])


def has_cap(run: Played, months: Window) -> bool:
    """Return whether places were scarce in a run in some of these months."""
    return bool(run.outcomes["sold_out"].filter(months.holds("month")).height)


def worth(run: Played, months: Window) -> dict[str, Band]:
    """Return, for the orders of these months, the break-even and what is assumed, by name."""
    return {
        row["outcome"]: Band(row["central"], row["low"], row["high"])
        for row in break_even.report(run.orders(months), run.behaviour).to_dicts()
    }


def band(members: Sequence[Figures], central: Figures, name: str) -> Band:
    """Return the median of a figure over many runs, with its band; of few, the central run."""
    return _over([member[name] for member in members if name in member], central[name])


def difference(
    members: tuple[Sequence[Figures], Sequence[Figures]],
    central: tuple[Figures, Figures],
    name: str,
) -> Band:
    """Return how much more the first has than the second, member by member."""
    pairs = zip(*members, strict=False)
    values = [ours[name] - theirs[name] for ours, theirs in pairs if name in ours]
    return _over(values, central[0][name] - central[1][name])


def _over(values: Sequence[float], central: float) -> Band:
    if len(values) < bands.FEWEST:
        return Band(central)
    own = pl.Series(values, dtype=pl.Float64)
    low, middle, high = (own.quantile(end, "linear") for end in (bands.LOW, 0.5, bands.HIGH))
    assert middle is not None
    return Band(middle, low, high)


def end_of(row: Mapping[str, Any]) -> str:
    """Return the end of the name of a figure of a group."""
    if row["dimension"] == falling_out.EVERYBODY:
        return ""
    return f":{row['dimension']}={row['category']}"


def _of_100(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
