"""The figures of a report: counted over the months in which a measure bites, with their bands.

A figure is named like `started_of_100` or `started_of_100:education=low`. All counts are as for
everybody: a run of one worker in a hundred is multiplied by a hundred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from loopbaan.lab import break_even, falling_out, suppression, waiting
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.orders import SPENT
from loopbaan.lab.outcomes import ORDERS, Outcomes
from loopbaan.lab.report.content import Band

COST, NEEDED = "public_cost_of_a_user", "cases_that_pay_for_a_hundred_users"
ASSUMED, SAVED = "cases_avoided_in_a_hundred_users", "saved_by_the_state_for_a_user"
# What becomes of an order: the steps that are one part of the bar, and whether its size is assumed.
FATES: dict[str, tuple[tuple[str, ...], bool]] = {
    "started": (("finished", "did_not_finish"), False),
    "no_place": (("lost", "withdrew", "waits"), False),
    "refused": (("refused",), True),
    "did_not_pay": (("did_not_pay",), True),
    "did_not_start": (("did_not_start", "under_way"), True),
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
SOLD = ("orders", "came_too_late")
SINCE = date(2023, 1, 1)  # years and months before it are alike under every measure that is told
LOW_END, HIGH_END = 0.1, 0.9  # an 80 % band
FEWEST = 4  # runs, below which there is no band
MONTHS_WITHOUT_CAP = 12  # looked at, where no month has a cap
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Window:
    """The months that are counted: of the cap, or the first year in which runs differ."""

    first: date
    last: date  # the last day
    has_cap: bool

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


def window(runs: Sequence[Played]) -> Window:
    """Return the months that are counted for these runs, the first of which is told about."""
    capped = [month for run in runs for month in run.outcomes["sold_out"]["month"]]
    if capped:
        return Window(min(capped), _last_day(max(capped)), has_cap=True)
    first, *others = (run.outcomes["by_month"] for run in runs)
    months = first["month"]
    differ = [
        month
        for other in others
        for month, ours, theirs in zip(months, first["orders"], other["orders"], strict=False)
        if ours != theirs
    ]
    begin = min(differ) if differ else months[-MONTHS_WITHOUT_CAP]
    until = months.filter(months >= begin)[:MONTHS_WITHOUT_CAP][-1]
    return Window(begin, _last_day(until), has_cap=False)


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
        if not end:
            fates = {name: steps for name, (steps, _) in FATES.items()}
            found |= _parts("fate", row, fates, "orders")
    for row in waited(run, months).to_dicts():
        end = end_of(row)
        found[f"wishes{end}"] = row["wishes"] * size
        found[f"placed_of_100{end}"] = _of_100(row["got_a_place"], row["wishes"])
        if row["mean_days"] is not None:
            found[f"wait_days{end}"] = row["mean_days"]
        if not end:
            found |= _parts("wait", row, WAITS, "wishes")
    for name in SPENT:
        found[f"{name.removesuffix('_cents')}_million"] = float(orders[name].sum()) * size / 1e8
    by_month = run.outcomes["centres_by_month"].filter(months.holds("month"))
    found["centres_at_risk"] = float(by_month["at_risk"].max() or 0)  # type: ignore[arg-type]
    return found | _over_time(run, months)


def _parts(
    name: str, row: Mapping[str, Any], parts: Mapping[str, Sequence[str]], whole: str
) -> dict[str, float]:
    """Return what becomes of 100 orders, or wishes, of everybody."""
    return {
        f"{name}:{part}": _of_100(sum(row[each] for each in columns), row[whole])
        for part, columns in parts.items()
    }


def _over_time(run: Played, months: Window) -> dict[str, float]:
    """Return what is told month by month or year by year: `government_million@2026`."""
    size = 1 / run.share
    found: dict[str, float] = {}
    for year, cents in run.outcomes["by_year"].select("year", "government_cents").iter_rows():
        if year >= SINCE.year:
            found[f"government_million@{year}"] = cents * size / 1e8
    risky = run.outcomes["centres_by_month"].filter(pl.col("month") >= SINCE)
    for row in risky.to_dicts():
        for name in AT_RISK:
            found[f"{name}@{row['month']}"] = float(row[name])
    for row in run.outcomes["sold_out"].filter(months.holds("month")).to_dicts():
        for name in SOLD:
            found[f"{name}@{row['month']}"] = (row[name] or 0) * size
    return found


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
    if len(values) < FEWEST:
        return Band(central)
    own = pl.Series(values, dtype=pl.Float64)
    low, middle, high = (own.quantile(end, "linear") for end in (LOW_END, 0.5, HIGH_END))
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
