"""Whoever wants to know: a linear programme over published tables, cell by cell."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from scipy.optimize import linprog

from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.suppression import LAYOUTS, ROOM, Layout

Unknown = tuple[str, str, str]  # dimension, category, column


class Attack:
    """What anybody can work out of one period or year of a published table."""

    def __init__(self, layout: Layout, rows: list[dict[str, object]], totals: dict[str, int]):
        self.layout, self.rows, self.totals = layout, rows, totals
        self.place = {
            (str(row["dimension"]), str(row["category"]), column): place
            for place, (row, column) in enumerate(
                (row, column) for row in rows for column in layout.columns if row[column] is None
            )
        }
        self.equal: list[tuple[dict[int, float], float]] = []
        self.below: list[tuple[dict[int, float], float]] = []
        for row in rows:
            for whole, parts in layout.sums.items():
                self._relate(self.equal, [(row, part, 1) for part in parts] + [(row, whole, -1)])
            for count, bounds in layout.at_most.items():
                self._relate(self.below, [(row, count, 1)] + [(row, each, -1) for each in bounds])
        everybody = next((row for row in rows if row["dimension"] == EVERYBODY), None)
        for dimension in {row["dimension"] for row in rows} - {EVERYBODY}:
            for column in layout.columns:
                terms = [(row, column, 1) for row in rows if row["dimension"] == dimension]
                if everybody is not None:
                    self._relate(self.equal, [*terms, (everybody, column, -1)])
                elif column in totals:
                    self._relate(self.equal, terms, totals[column])

    def _relate(self, into, terms, right=0.0):
        left: dict[int, float] = {}
        for row, column, factor in terms:
            if row[column] is None:
                place = self.place[row["dimension"], str(row["category"]), column]
                left[place] = left.get(place, 0) + factor
            else:
                right -= factor * row[column]
        if left:
            into.append((left, right))
        else:
            assert right == 0 or into is self.below, "a published sum does not add up"

    def intervals(self) -> Iterator[tuple[Unknown, float]]:
        if not self.place:
            return
        count = len(self.place)
        for unknown, place in self.place.items():
            goal = np.zeros(count)
            goal[place] = 1
            ends = []
            for sign in (1, -1):
                found = linprog(sign * goal, **self._rows(count), bounds=(0, None), method="highs")
                assert found.status in (0, 3), found.message  # 3: there is no end to it
                ends.append(sign * found.fun if found.status == 0 else np.inf)
            yield unknown, ends[1] - ends[0]

    def _rows(self, count: int) -> dict[str, np.ndarray]:
        named = {}
        for left, right, relations in (("A_eq", "b_eq", self.equal), ("A_ub", "b_ub", self.below)):
            if relations:
                matrix = np.zeros((len(relations), count))
                for number, (factors, _) in enumerate(relations):
                    for place, factor in factors.items():
                        matrix[number, place] = factor
                named[left] = matrix
                named[right] = np.array([known for _, known in relations])
        return named


def attacks(name: str, table: pl.DataFrame, raw: pl.DataFrame, layout: Layout) -> Iterator[Attack]:
    """Yield an attack on each period or year of a table; `raw` says what is told of everybody."""
    if name == "centres":
        table = table.with_columns(
            dimension=pl.lit("centre"), category=pl.col("centre").cast(pl.String)
        )
    for key in table[layout.key].unique().sort():
        own = table.filter(pl.col(layout.key) == key).to_dicts()
        # What the tables by month and by year tell of everybody.
        whole = raw.filter(pl.col(layout.key) == key)
        totals = {column: int(whole[column].sum()) for column in layout.columns}
        yield Attack(layout, own, totals)


def too_narrow(
    tables: Mapping[str, pl.DataFrame],
    raw: Mapping[str, pl.DataFrame],
    layouts: Mapping[str, Layout] = LAYOUTS,
) -> list[object]:
    """Return every cell that is left out and yet known to within less than three."""
    found = []
    for name, table in tables.items():
        for attack in attacks(name, table, raw[name], layouts[name]):
            for unknown, width in attack.intervals():
                if width < ROOM - 1e-6:
                    found.append((name, unknown, width))
    return found
