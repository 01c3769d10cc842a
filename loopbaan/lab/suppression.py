"""Small cells of the tables by group are left out, and so many others that none can be found back.

A cell is small from 1 to `least` - 1. It is left out with others along a *move*: a change of some
cells that keeps every published sum. Whoever sees the published table cannot tell it from the same
table moved along, so each cell of a move is unknown within the room that the move has, which is at
least `ROOM`. A zero hides nobody and stays, unless a move needs it. What cannot be hidden so is
not broken down by group at all. Counts of everybody name no group and stay: by month, by year, and
in the row of everybody, which every move leaves as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from loopbaan.lab import falling_out, unequal, waiting
from loopbaan.lab.falling_out import EVERYBODY

LEAST = 5
ROOM = 3  # every cell that is left out keeps an interval of at least this
ENDLESS = 1 << 40  # more than anybody counts: nothing stops a move

Row = tuple[str, str]  # dimension and category
Cell = tuple[Row, str]
Move = dict[Cell, int]
ALL: Row = (EVERYBODY, "")


@dataclass(frozen=True)
class Layout:
    """How the columns of a table hang together.

    `sums`: a column is the sum of others. `at_most`: a count is no more than the sum of others.
    `beside`: what is told of the same people, and goes where any count of them goes. `of_all`: what
    is told of everybody only, in columns too fine for a group.
    """

    key: str
    sums: Mapping[str, tuple[str, ...]]
    at_most: Mapping[str, tuple[str, ...]]
    beside: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    of_all: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that count."""
        inside = (name for parts in self.sums.values() for name in parts)
        return tuple(dict.fromkeys((*self.sums, *inside, *self.at_most, *self.free)))

    @property
    def root(self) -> str | None:
        """The column of which all parts are parts, if there is one."""
        return next(iter(self.sums), None)

    def leaves(self, column: str) -> tuple[str, ...]:
        """Return the parts of a column that have no parts; of a part without any, itself."""
        if column not in self.sums:
            return (column,)
        return tuple(leaf for part in self.sums[column] for leaf in self.leaves(part))

    def above(self, leaf: str) -> tuple[str, ...]:
        """Return a leaf and every sum that it is in."""
        return (leaf, *(name for name in self.sums if leaf in self.leaves(name)))


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
LAYOUTS = {
    "falling_out": FALLING_OUT,
    "waiting": WAITING,
    "reached": REACHED,
    "centres": CENTRES,
    "unequal": UNEQUAL,
}


@dataclass
class Block:
    """The counts of one period or year, and the cells of it that are left out."""

    layout: Layout
    rows: list[Row]
    values: dict[Cell, int]
    hidden: set[Cell] = field(default_factory=set)

    @cached_property
    def of(self) -> dict[str, list[Row]]:
        """The rows of each dimension."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row[0], []).append(row)
        return found


def open_tables(tables: Mapping[str, pl.DataFrame], least: int = LEAST) -> dict[str, pl.DataFrame]:
    """Return the tables that break counts down, as they can be published: left out is empty.

    Tables of `LAYOUTS` that are not there are passed over; nothing else is looked at.
    """
    return {
        name: protect(tables[name], layout, least)
        for name, layout in LAYOUTS.items()
        if name in tables
    }


def protect(table: pl.DataFrame, layout: Layout, least: int = LEAST) -> pl.DataFrame:
    """Return a table without its small cells, and without what would tell them.

    A dimension that cannot be hidden is not there any more; the row of everybody always is.
    """
    names = ("dimension", "category") if "dimension" in table.columns else ("centre",)
    gone: list[tuple[int, str]] = []
    lines: list[int] = []
    for numbers, rows, block in _blocks(table, layout, names):
        kept = _hide(block, least)
        for place, row in zip(numbers, rows, strict=True):
            if row not in kept:
                continue
            lines.append(place)
            gone += [(place, column) for column in _empty(block, row)]
    columns = []
    for column in (*layout.columns, *layout.beside, *layout.of_all):
        values = table[column].to_list()
        for place, name in gone:
            if name == column:
                values[place] = None
        columns.append(pl.Series(column, values, table.schema[column]))
    return table.with_columns(columns)[sorted(lines)]


def _blocks(
    table: pl.DataFrame, layout: Layout, names: tuple[str, ...]
) -> Iterator[tuple[list[int], list[Row], Block]]:
    """Yield each period's or year's places in the table, its rows and its counts."""
    counts = table.select(layout.key, *names, *layout.columns).to_dicts()
    places: dict[object, list[int]] = {}
    for place, row in enumerate(counts):
        places.setdefault(row[layout.key], []).append(place)
    for numbers in places.values():
        rows: list[Row] = [
            (counts[place]["dimension"], counts[place]["category"])
            if len(names) == 2
            else ("centre", str(counts[place]["centre"]))
            for place in numbers
        ]
        values = {
            (row, column): int(counts[place][column] or 0)
            for place, row in zip(numbers, rows, strict=True)
            for column in layout.columns
        }
        yield numbers, rows, Block(layout, rows, values)


def _empty(block: Block, row: Row) -> Iterator[str]:
    """Yield the columns of a row that are left out, and all that is told beside them."""
    if row != ALL:
        yield from block.layout.of_all
    hidden = [column for column in block.layout.columns if (row, column) in block.hidden]
    yield from hidden
    if hidden:
        yield from block.layout.beside


def _hide(block: Block, least: int) -> set[Row]:
    """Leave out the small cells of a block and return the rows that can be told at all."""
    kept = set(block.rows)
    for row in block.rows:
        for column in block.layout.columns:
            is_small = 0 < block.values[row, column] < least
            if row not in kept - {ALL} or not is_small or (row, column) in block.hidden:
                continue
            move = _cheapest(block, (row, column))
            if move is None:
                kept -= {each for each in kept if each[0] == row[0]}
            else:
                block.hidden |= move.keys()
    block.hidden = {cell for cell in block.hidden if cell[0] in kept}
    return kept


def _cheapest(block: Block, cell: Cell) -> Move | None:
    """Return the move through a cell that has room and leaves out the least that is told so far."""
    best: tuple[int, Move] | None = None
    for move in _within(block, cell):
        cost = sum(1 + block.values[each] for each in move if each not in block.hidden)
        if (best is None or cost < best[0]) and room(block, move) >= ROOM:
            best = cost, move
            if cost <= 1 + block.values[cell]:  # nothing is left out but the cell itself
                break
    return None if best is None else best[1]


def room(block: Block, move: Move) -> int:
    """Return how far a table can be moved along, both ways together, with no count below zero."""
    return _reach(block, move) + _reach(block, {cell: -step for cell, step in move.items()})


def _reach(block: Block, move: Move) -> int:
    most = [block.values[cell] // -step for cell, step in move.items() if step < 0]
    for row in {row for row, _ in move}:
        for count, bounds in block.layout.at_most.items():
            slack = sum(block.values[row, name] for name in bounds) - block.values[row, count]
            change = sum(move.get((row, name), 0) for name in bounds) - move.get((row, count), 0)
            if change < 0:
                most.append(slack // -change)
    return min(most, default=ENDLESS)


def _within(block: Block, cell: Cell) -> Iterator[Move]:
    """Yield moves through a cell that change two categories of one dimension, and no sum of it."""
    row, column = cell
    for steps in _steps(block.layout, column):
        for other in block.of[row[0]]:
            if other != row:
                move = {(row, name): step for name, step in steps.items()}
                yield move | {(other, name): -step for name, step in steps.items()}


def _steps(layout: Layout, column: str) -> Iterator[dict[str, int]]:
    """Yield changes of one row, through a column, that keep what its columns say of each other."""
    inside = {name for parts in layout.sums.values() for name in parts}
    if column in inside and layout.root is not None:
        # A part: exchanged with another part.
        for leaf in layout.leaves(column):
            for other in layout.leaves(layout.root):
                if other not in layout.leaves(column):
                    yield _exchange(layout, leaf, other)
        return
    if column == layout.root:
        # Everything: one more of one part, and the person with it where no person has two.
        for leaf in layout.leaves(column):
            steps = dict.fromkeys(layout.above(leaf), 1)
            yield steps
            yield from (
                steps | {name: 1} for name, above in layout.at_most.items() if above == (column,)
            )
        return
    # A count beside the sums: alone, or together with what it can be no more than.
    yield {column: 1}
    for bound in layout.at_most.get(column, ()):
        yield from (steps | {column: 1} for steps in _steps(layout, bound) if steps.get(bound) == 1)


def _exchange(layout: Layout, leaf: str, other: str) -> dict[str, int]:
    steps = dict.fromkeys(layout.above(leaf), 1)
    for name in layout.above(other):
        steps[name] = steps.get(name, 0) - 1
    return {name: step for name, step in steps.items() if step}
