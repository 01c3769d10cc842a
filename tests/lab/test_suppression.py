"""Small cells stay hidden: a linear programme over all published tables finds none of them."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from loopbaan.lab import running, scenario, suppression
from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.suppression import LAYOUTS, LEAST, ROOM, Layout

Unknown = tuple[str, str, str]  # dimension, category, column
NAMES = ["dimension", "category"]


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


def _attacks(name: str, table: pl.DataFrame, raw: pl.DataFrame) -> Iterator[Attack]:
    layout = LAYOUTS[name]
    if name == "centres":
        table = table.with_columns(
            dimension=pl.lit("centre"), category=pl.col("centre").cast(pl.String)
        )
    for key in table[layout.key].unique().sort():
        own = table.filter(pl.col(layout.key) == key).to_dicts()
        # What the tables by month and by year tell of everybody.
        whole = raw.filter(pl.col(layout.key) == key)
        totals = {column: int(whole[column].sum()) for column in layout.elsewhere}
        yield Attack(layout, own, totals)


def _too_narrow(tables: dict[str, pl.DataFrame], raw: dict[str, pl.DataFrame]) -> list[object]:
    found = []
    for name, table in tables.items():
        for attack in _attacks(name, table, raw[name]):
            for unknown, width in attack.intervals():
                if width < ROOM - 1e-6:
                    found.append((name, unknown, width))
    return found


@pytest.fixture(scope="module")
def run():
    return running.play(scenario.load("cap-1000"), seed=1, share=0.01).outcomes


def test_a_linear_programme_leaves_every_cell_of_a_run_an_interval_of_three(run):
    raw = {name: run[name] for name in LAYOUTS}
    tables = suppression.open_tables(run.tables)
    assert set(tables) == set(LAYOUTS)
    hidden = sum(
        table[column].null_count()
        for name, table in tables.items()
        for column in LAYOUTS[name].columns
    )
    assert hidden > 100
    assert _too_narrow(tables, raw) == []


def test_no_small_cell_by_group_is_told(run):
    for name, table in suppression.open_tables(run.tables).items():
        by_group = table
        if "dimension" in table.columns:
            by_group = table.filter(pl.col("dimension") != EVERYBODY)
        for column in LAYOUTS[name].columns:
            assert by_group.filter(pl.col(column).is_between(1, LEAST - 1)).height == 0


def test_what_is_told_is_as_it_was_and_most_of_it_is_told(run):
    for name, table in suppression.open_tables(run.tables).items():
        layout = LAYOUTS[name]
        keys = [layout.key, *(["centre"] if name == "centres" else NAMES)]
        both = table.join(run[name], on=keys, suffix="_raw")
        assert both.height == table.height
        for column in (*layout.columns, *layout.beside):
            told = both.filter(pl.col(column).is_not_null())
            assert told[column].equals(told[f"{column}_raw"].alias(column))
    falling_out = suppression.open_tables(run.tables)["falling_out"]
    share = falling_out["orders"].null_count() / falling_out.height
    assert share < 0.35


def test_without_the_cells_beside_it_a_small_cell_is_found_back():
    """The attack finds what is only blanked, so that its silence above means something."""
    table = _table({"low": (3, 40), "mid": (50, 60), "high": (70, 80)})
    blanked = table.with_columns(
        refused=pl.when(pl.col("refused") == 3).then(None).otherwise("refused")
    )
    narrow = _too_narrow({"falling_out": blanked}, {"falling_out": table})
    assert [(unknown, width) for _, unknown, width in narrow] == [
        (("education", "low", "refused"), 0.0)
    ]
    guarded = suppression.protect(table, LAYOUTS["falling_out"])
    assert _too_narrow({"falling_out": guarded}, {"falling_out": table}) == []


def test_the_parameter_says_what_is_small():
    table = _table({"low": (8, 40), "mid": (50, 60), "high": (70, 80)})
    layout = LAYOUTS["falling_out"]
    assert suppression.protect(table, layout)["refused"].null_count() == 0
    assert suppression.protect(table, layout, least=10)["refused"].null_count() >= 2


def test_a_group_that_cannot_be_hidden_is_not_told_at_all():
    table = _table({"low": (1, 0), "high": (1, 0)})
    guarded = suppression.protect(table, LAYOUTS["falling_out"])
    assert guarded["dimension"].to_list() == [EVERYBODY]
    assert _too_narrow({"falling_out": guarded}, {"falling_out": table}) == []


def _table(groups: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """A period by education: who is refused, and who finishes."""
    layout = LAYOUTS["falling_out"]
    rows = []
    whole = (sum(each[0] for each in groups.values()), sum(each[1] for each in groups.values()))
    for dimension, category, (refused, finished) in [
        (EVERYBODY, "", whole),
        *(("education", name, each) for name, each in groups.items()),
    ]:
        counts = dict.fromkeys(layout.columns, 0)
        counts |= {"refused": refused, "finished": finished, "orders": refused + finished}
        counts |= {"persons": refused + finished, "persons_started": finished}
        rows.append({"period": "2020-01-01", "dimension": dimension, "category": category} | counts)
    return pl.DataFrame(rows)


@st.composite
def _tables(draw: st.DrawFn) -> pl.DataFrame:
    """Any two dimensions of one period, over the same orders, one by one."""
    layout = LAYOUTS["falling_out"]
    steps = layout.sums["orders"]
    orders = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("low", "mid", "high")),
                st.sampled_from(("woman", "man")),
                st.sampled_from(steps),
                st.integers(1, 9),
                st.booleans(),
            ),
            max_size=14,
        )
    )
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for education, sex, step, many, again in orders:
        for row in ((EVERYBODY, ""), ("education", education), ("sex", sex)):
            counts = rows.setdefault(row, dict.fromkeys(layout.columns, 0))
            counts["orders"] += many
            counts[step] += many
            counts["persons"] += (many + 1) // 2 if again else many
            counts["persons_started"] += many // 3
            counts["gave_up"] += many // 2 if step in ("refused", "lost", "withdrew") else 0
    ordered = sorted(rows, key=lambda row: ((EVERYBODY, "education", "sex").index(row[0]), row))
    schema = {"period": pl.String, "dimension": pl.String, "category": pl.String}
    return pl.DataFrame(
        [
            {"period": "2020-01-01", "dimension": row[0], "category": row[1]} | rows[row]
            for row in ordered
        ],
        schema=schema | dict.fromkeys(layout.columns, pl.Int64),
    )


@settings(max_examples=60, deadline=None)
@given(_tables())
def test_no_table_at_all_tells_a_small_cell(table: pl.DataFrame) -> None:
    guarded = suppression.protect(table, LAYOUTS["falling_out"])
    by_group = guarded.filter(pl.col("dimension") != EVERYBODY)
    for column in LAYOUTS["falling_out"].columns:
        assert by_group.filter(pl.col(column).is_between(1, LEAST - 1)).height == 0
    assert _too_narrow({"falling_out": guarded}, {"falling_out": table}) == []
