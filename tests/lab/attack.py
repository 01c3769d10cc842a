"""Whoever wants to know: a linear programme over all that is published together, cell by cell."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from scipy.optimize import linprog

from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.moves import ROOM, Layout
from loopbaan.lab.suppression import LAYOUTS, TOGETHER, joined

Unknown = tuple[str, str, str]  # dimension, category, column


class Attack:
    """What anybody can work out of one period or year of a published table."""

    def __init__(self, layout: Layout, rows: list[dict[str, object]], totals: dict[str, int]):
        self.layout, self.rows, self.totals = layout, rows, totals
        self.untold: set[Unknown] = set()  # of a dimension that is not in a table at all
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
            for counts, bounds in layout.bounds:
                terms = [(row, each, 1) for each in counts] + [(row, each, -1) for each in bounds]
                self._relate(self.below, terms)
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


def attacks(
    tables: Mapping[str, pl.DataFrame],
    raw: Mapping[str, pl.DataFrame],
    layouts: Mapping[str, Layout],
) -> Iterator[Attack]:
    """Yield an attack on each period or year of tables that are published together.

    `raw` says what is told of everybody. A row of one table stands beside that of the other; who is
    in no row of a table is known not to be there.
    """
    layout = joined([layouts[name] for name in tables])
    named = {name: (_named(table), _named(raw[name])) for name, table in tables.items()}
    for key in dict.fromkeys(key for table, _ in named.values() for key in table[layout.key]):
        rows: dict[tuple[str, str], dict[str, object]] = {}
        totals: dict[str, int] = {}
        untold: set[Unknown] = set()
        for name, (table, whole) in named.items():
            here, counted = (each.filter(pl.col(layout.key) == key) for each in (table, whole))
            for row in here.to_dicts():
                who = {"dimension": row["dimension"], "category": row["category"]}
                nobody = who | dict.fromkeys(layout.columns, 0)
                beside = rows.setdefault((row["dimension"], row["category"]), nobody)
                beside.update({column: row[column] for column in layouts[name].columns})
            # What the tables by month and by year tell of everybody.
            counted = counted.filter(pl.col("dimension") == pl.col("dimension").first())
            totals |= {column: int(counted[column].sum()) for column in layouts[name].columns}
        for name, (table, whole) in named.items():
            here, counted = (each.filter(pl.col(layout.key) == key) for each in (table, whole))
            for row in counted.join(here, on=["dimension", "category"], how="anti").to_dicts():
                if beside := rows.get((row["dimension"], row["category"])):
                    beside.update(dict.fromkeys(layouts[name].columns))  # it is not told there
                    who = str(row["dimension"]), str(row["category"])
                    untold |= {(*who, column) for column in layouts[name].columns}
        attack = Attack(layout, list(rows.values()), totals)
        attack.untold = untold
        yield attack


def _named(table: pl.DataFrame) -> pl.DataFrame:
    if "dimension" in table.columns:
        return table
    category = pl.col("centre").cast(pl.String)
    return table.with_columns(dimension=pl.lit("centre"), category=category)


def too_narrow(
    tables: Mapping[str, pl.DataFrame],
    raw: Mapping[str, pl.DataFrame],
    layouts: Mapping[str, Layout] = LAYOUTS,
) -> list[object]:
    """Return every cell that is left out and yet known to within less than three.

    A cell of a dimension that is not told at all may be known as well as everybody's count tells.
    """
    found = []
    for names in TOGETHER:
        own = {name: tables[name] for name in names if name in tables}
        for attack in attacks(own, raw, layouts) if own else ():
            for unknown, width in attack.intervals():
                # Of what is not told by group everybody's count still says how many there can be.
                least = min(ROOM, attack.totals[unknown[2]]) if unknown in attack.untold else ROOM
                if width < least - 1e-6:
                    found.append(("/".join(own), unknown, width))
    return found
