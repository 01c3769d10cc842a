"""Small cells of the tables by group are left out, and so many others that none can be found back.

A cell is small from 1 to `least` - 1. It is left out with others along a *move*: a change of some
cells that keeps every published sum. Whoever sees the published table cannot tell it from the same
table moved along, so each cell of a move is unknown within the room that the move has, which is at
least `ROOM`. A zero hides nobody and stays, unless a move needs it. What cannot be hidden so is
not broken down by group at all. Counts of everybody name no group and stay: by month, by year, and
in the row of everybody, which every move leaves as it is.

What is published of the same orders is hidden together: where nothing is scarce every order that is
not refused is a wish of its own, so a table of wishes beside one of orders would tell the refused.
A move then changes both tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import polars as pl

from loopbaan.lab import falling_out, unequal, waiting
from loopbaan.lab.moves import ALL, Block, Layout, Row, hide

LEAST = 5

Rows = dict[Row, tuple[int, dict[str, int]]]  # the place of each in its table, and what it counts


FALLING_OUT = Layout(
    key="period",
    sums={"orders": tuple(falling_out.STEPS)},
    at_most={
        "persons": ("orders",),
        "gave_up": ("refused", "lost", "withdrew"),
        "persons_started": ("persons",),
    },
)
WAITING = Layout(
    key="period",
    sums={"wishes": ("got_a_place", "still_wait", "never")},
    at_most={},
    beside=("mean_days", "median_days", "nine_in_ten_days"),
    of_all=waiting.BINS,
)
REACHED = Layout(
    key="year",
    sums={},
    at_most={"persons_started": ("vouchers",)},
    beside=("used_minutes", "worker_cents"),
    free=("vouchers",),
)
CENTRES = Layout(
    key="year",
    sums={},
    at_most={},
    beside=("income_cents",),
    free=("vouchers",),
)
UNEQUAL = Layout(
    key="period",
    sums={"in_line": ("with_a_place", "without_a_place")},
    at_most={},
    beside=unequal.WORKED_OUT,
)
_PLACED = ("did_not_pay", "did_not_start", "did_not_finish", "under_way", "finished")
_NO_PLACE = ("lost", "withdrew", "waits")
# The first order of a wish, and the first in line of a person, is one that was not refused; whether
# it has a place is told of the order as well.
ACROSS = (
    (("wishes", "refused"), ("orders",)),
    (("still_wait", "never"), (*_NO_PLACE, "under_way")),
    (("in_line", "refused"), ("orders",)),
    (("in_line",), ("persons",)),
    (("with_a_place",), _PLACED),
    (("without_a_place",), _NO_PLACE),
)
# What tells of the same people in the same words, and is hidden together.
TOGETHER = (("falling_out", "waiting", "unequal"), ("reached",), ("centres",))
LAYOUTS = {
    "falling_out": FALLING_OUT,
    "waiting": WAITING,
    "reached": REACHED,
    "centres": CENTRES,
    "unequal": UNEQUAL,
}


def open_tables(tables: Mapping[str, pl.DataFrame], least: int = LEAST) -> dict[str, pl.DataFrame]:
    """Return the tables that break counts down, as they can be published: left out is empty.

    Tables of `LAYOUTS` that are not there are passed over; nothing else is looked at. What is
    published together is opened together: two calls know nothing of each other.
    """
    found: dict[str, pl.DataFrame] = {}
    for names in TOGETHER:
        there = tuple(name for name in names if name in tables)
        if there:
            own = [(tables[name], LAYOUTS[name]) for name in there]
            found |= zip(there, _protected(own, _layout_of(there), least), strict=True)
    return {name: found[name] for name in LAYOUTS if name in found}


def protect(table: pl.DataFrame, layout: Layout, least: int = LEAST) -> pl.DataFrame:
    """Return a table without its small cells, and without what would tell them.

    A dimension that cannot be hidden is not there any more; the row of everybody always is.
    """
    return _protected([(table, layout)], layout, least)[0]


def joined(layouts: Sequence[Layout]) -> Layout:
    """Return the layout of tables that tell of the same rows, side by side."""
    columns = {name for layout in layouts for name in layout.columns}
    across = (each for each in ACROSS if columns.issuperset((*each[0], *each[1])))
    return Layout(
        key=layouts[0].key,
        sums={name: parts for layout in layouts for name, parts in layout.sums.items()},
        at_most={name: bound for layout in layouts for name, bound in layout.at_most.items()},
        across=tuple(across),
        free=tuple(name for layout in layouts for name in layout.free),
    )


@cache
def _layout_of(names: tuple[str, ...]) -> Layout:
    return joined([LAYOUTS[name] for name in names])


def _protected(
    tables: Sequence[tuple[pl.DataFrame, Layout]], layout: Layout, least: int
) -> list[pl.DataFrame]:
    counted = [_counts(table, own) for table, own in tables]
    gone: list[list[tuple[int, str]]] = [[] for _ in tables]
    lines: list[list[int]] = [[] for _ in tables]
    for key in dict.fromkeys(key for each in counted for key in each):
        here = [(own, each.get(key, {})) for (_, own), each in zip(tables, counted, strict=True)]
        block = _hidden(layout, here, least)
        for number, (own, rows) in enumerate(here):
            for row, (place, _) in rows.items():
                lines[number].append(place)
                gone[number] += [(place, name) for name in _empty(block, own, row)]
    return [
        _emptied(table, own, gone[number])[sorted(lines[number])]
        for number, (table, own) in enumerate(tables)
    ]


def _hidden(layout: Layout, here: list[tuple[Layout, Rows]], least: int) -> Block:
    """Return the block of one period or year with its small cells hidden.

    A dimension that cannot be hidden in a table alone goes from that table; one that cannot be
    hidden in all tables together goes from the last that has it. These rows leave `here`.
    """
    for own, rows in here:
        while dimension := hide(_block(own, [rows]), least):
            _take_out(rows, dimension)
    tables = [rows for _, rows in here]
    while dimension := hide(block := _block(layout, tables), least):
        there = (rows for rows in reversed(tables) if any(row[0] == dimension for row in rows))
        _take_out(next(there), dimension)
    return block


def _block(layout: Layout, tables: Sequence[Rows]) -> Block:
    values = {
        (row, column): count
        for rows in tables
        for row, (_, counts) in rows.items()
        for column, count in counts.items()
    }
    return Block(layout, list(dict.fromkeys(row for rows in tables for row in rows)), values)


def _take_out(rows: Rows, dimension: str) -> None:
    for row in [row for row in rows if row[0] == dimension]:
        del rows[row]


def _emptied(table: pl.DataFrame, layout: Layout, gone: list[tuple[int, str]]) -> pl.DataFrame:
    columns = []
    for column in (*layout.columns, *layout.beside, *layout.of_all):
        values = table[column].to_list()
        for place, name in gone:
            if name == column:
                values[place] = None
        columns.append(pl.Series(column, values, table.schema[column]))
    return table.with_columns(columns)


def _counts(table: pl.DataFrame, layout: Layout) -> dict[object, Rows]:
    """Return, by period or year and by row, its place in the table and what it counts."""
    names = ("dimension", "category") if "dimension" in table.columns else ("centre",)
    found: dict[object, Rows] = {}
    for place, line in enumerate(table.select(layout.key, *names, *layout.columns).to_dicts()):
        row = (
            (line["dimension"], line["category"])
            if len(names) == 2
            else ("centre", str(line["centre"]))
        )
        counts = {column: int(line[column] or 0) for column in layout.columns}
        found.setdefault(line[layout.key], {})[row] = place, counts
    return found


def _empty(block: Block, layout: Layout, row: Row) -> Iterator[str]:
    """Yield the columns of a row of a table that are left out, and all that is told beside them."""
    if row != ALL:
        yield from layout.of_all
    hidden = [column for column in layout.columns if (row, column) in block.hidden]
    yield from hidden
    if hidden:
        yield from layout.beside
