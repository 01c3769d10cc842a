"""Small cells stay hidden: a linear programme over all published tables finds none of them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.lab import running, scenario, suppression
from loopbaan.lab.falling_out import EVERYBODY
from loopbaan.lab.suppression import LAYOUTS, LEAST
from tests.lab.attack import too_narrow

NAMES = ["dimension", "category"]


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
    assert too_narrow(tables, raw) == []


def test_tables_that_are_each_hidden_alone_tell_each_other(run):
    """Where nothing is scarce an order is refused or a wish: apart, each table tells the other."""
    names = suppression.TOGETHER[0]
    raw = {name: run[name] for name in names}
    apart = {name: suppression.protect(run[name], LAYOUTS[name]) for name in names}
    found = {unknown for _, unknown, width in too_narrow(apart, raw) if width < 1e-6}
    assert ("education", "low", "refused") in found
    both = apart["falling_out"].join(apart["waiting"], on=["period", *NAMES])
    both = both.join(run["falling_out"], on=["period", *NAMES], suffix="_raw")
    back = both.filter(pl.col("refused").is_null(), pl.col("orders") - pl.col("wishes") < LEAST)
    assert (back["orders"] - back["wishes"] == back["refused_raw"]).any()
    assert suppression.open_tables(raw)["waiting"]["wishes"].null_count() > 0


def test_what_holds_across_the_tables_holds_in_a_run(run):
    names = suppression.TOGETHER[0]
    sides = run[names[0]]
    for name in names[1:]:
        counts = run[name].select("period", *NAMES, *LAYOUTS[name].columns)
        sides = sides.join(counts, on=["period", *NAMES], how="left")
    sides = sides.fill_null(0)
    for counts, bounds in suppression.ACROSS:
        left, right = (sum(sides[each].cast(pl.Int64) for each in own) for own in (counts, bounds))
        assert (left <= right).all(), (counts, bounds)


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
    narrow = too_narrow({"falling_out": blanked}, {"falling_out": table})
    assert [(unknown, width) for _, unknown, width in narrow] == [
        (("education", "low", "refused"), 0.0)
    ]
    guarded = suppression.protect(table, LAYOUTS["falling_out"])
    assert too_narrow({"falling_out": guarded}, {"falling_out": table}) == []


def test_the_parameter_says_what_is_small():
    table = _table({"low": (8, 40), "mid": (50, 60), "high": (70, 80)})
    layout = LAYOUTS["falling_out"]
    assert suppression.protect(table, layout)["refused"].null_count() == 0
    assert suppression.protect(table, layout, least=10)["refused"].null_count() >= 2


def test_a_group_that_cannot_be_hidden_is_not_told_at_all():
    table = _table({"low": (1, 0), "high": (1, 0)})
    guarded = suppression.protect(table, LAYOUTS["falling_out"])
    assert guarded["dimension"].to_list() == [EVERYBODY]
    assert too_narrow({"falling_out": guarded}, {"falling_out": table}) == []


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
    assert too_narrow({"falling_out": guarded}, {"falling_out": table}) == []
