"""Moves of a table that keep every sum of it: along them small cells are hidden.

Whoever sees a published table cannot tell it from the same table moved along a move, so each cell
that the move changes is unknown within the room that the move has. Tables of the same rows, side by
side, are one table with what holds across them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from loopbaan.lab.falling_out import EVERYBODY

ROOM = 3  # every cell that is left out keeps an interval of at least this
ENDLESS = 1 << 40  # more than anybody counts: nothing stops a move

Row = tuple[str, str]  # dimension and category
Cell = tuple[Row, str]
Move = dict[Cell, int]
Steps = dict[str, int]  # a change of one row, by column
Bound = tuple[tuple[str, ...], tuple[str, ...]]  # columns that are no more than columns
ALL: Row = (EVERYBODY, "")


@dataclass(frozen=True)
class Layout:
    """How the columns of a table hang together.

    `sums`: a column is the sum of others. `at_most`: a count is no more than the sum of others;
    `across`: some counts of one table together are no more than some of another.
    `beside`: what is told of the same people, and goes where any count of them goes. `of_all`: what
    is told of everybody only, in columns too fine for a group.
    """

    key: str
    sums: Mapping[str, tuple[str, ...]]
    at_most: Mapping[str, tuple[str, ...]]
    across: tuple[Bound, ...] = ()
    beside: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    of_all: tuple[str, ...] = ()

    @cached_property
    def bounds(self) -> tuple[Bound, ...]:
        """What is no more than what: columns, and columns."""
        return (*(((count,), bound) for count, bound in self.at_most.items()), *self.across)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that count."""
        inside = (name for parts in self.sums.values() for name in parts)
        return tuple(dict.fromkeys((*self.sums, *inside, *self.at_most, *self.free)))

    @cached_property
    def wholes(self) -> tuple[str, ...]:
        """The columns of which others are parts, and which are no part themselves."""
        inside = {part for parts in self.sums.values() for part in parts}
        return tuple(name for name in self.sums if name not in inside)

    def whole(self, column: str) -> str | None:
        """Return the column of which this is a part, if there is one."""
        return self._whole.get(column)

    def leaves(self, column: str) -> tuple[str, ...]:
        """Return the parts of a column that have no parts; of a part without any, itself."""
        return self._leaves.get(column, (column,))

    @cached_property
    def _leaves(self) -> dict[str, tuple[str, ...]]:
        def leaves(column: str) -> tuple[str, ...]:
            parts = self.sums.get(column)
            return (
                (column,)
                if parts is None
                else tuple(leaf for part in parts for leaf in leaves(part))
            )

        return {name: leaves(name) for name in self.sums}

    @cached_property
    def _whole(self) -> dict[str, str]:
        return {
            column: whole
            for whole in self.wholes
            for column in (*self.sums, *self._leaves[whole])
            if set(self.leaves(column)) <= set(self._leaves[whole])
        }

    def ways(self, column: str) -> list[Steps]:
        """Return the changes of one row through a column, each with what must go along."""
        if column not in self._ways:
            alone = _steps(self, column)
            found = [steps for each in alone for steps in _carried(self, each)]
            once = {frozenset(steps.items()): steps for steps in found}
            self._ways[column] = sorted(once.values(), key=len)
        return self._ways[column]

    @cached_property
    def _ways(self) -> dict[str, list[Steps]]:
        return {}

    def above(self, leaf: str) -> tuple[str, ...]:
        """Return a leaf and every sum that it is in."""
        return (leaf, *(name for name in self.sums if leaf in self.leaves(name)))


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


def hide(block: Block, least: int) -> str | None:
    """Leave out the small cells of a block, or return a dimension in which that cannot be done."""
    for row in block.rows:
        for column in block.layout.columns if row != ALL else ():
            is_small = 0 < block.values.get((row, column), 0) < least
            if not is_small or (row, column) in block.hidden:
                continue
            move = _cheapest(block, (row, column))
            if move is None:
                return row[0]
            block.hidden |= move.keys()
    return None


def _cheapest(block: Block, cell: Cell) -> Move | None:
    """Return the move through a cell that has room and leaves out the least that is told so far."""
    best: tuple[int, Move] | None = None
    for move in _within(block, cell):
        if any(each not in block.values for each in move):
            continue  # who is in none of the rows of a table is known not to be there
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
        for counts, bounds in block.layout.bounds:
            if (row, bounds[0]) not in block.values:
                continue  # of which nothing is told
            change = _sum(move, row, bounds) - _sum(move, row, counts)
            if change < 0:
                slack = _sum(block.values, row, bounds) - _sum(block.values, row, counts)
                most.append(slack // -change)
    return min(most, default=ENDLESS)


def _sum(counts: Mapping[Cell, int], row: Row, columns: tuple[str, ...]) -> int:
    return sum(counts.get((row, name), 0) for name in columns)


def _within(block: Block, cell: Cell) -> Iterator[Move]:
    """Yield moves through a cell that change two categories of one dimension, and no sum of it."""
    row, column = cell
    for steps in block.layout.ways(column):
        for other in block.of[row[0]]:
            if other != row:
                move = {(row, name): step for name, step in steps.items()}
                yield move | {(other, name): -step for name, step in steps.items()}


def _carried(layout: Layout, steps: Steps) -> Iterator[Steps]:
    """Yield changes of one row, alone and with changes of the other tables that go with them.

    Another table goes along where what holds across the tables would leave no room.
    """
    yield steps
    touched = {layout.whole(name) for name in steps}
    for counts, bounds in layout.across:
        off = _change(steps, bounds) - _change(steps, counts)
        for more in _goes_along(layout, (*counts, *bounds), steps, touched) if off else ():
            if _change(more, bounds) - _change(more, counts) == -off:
                yield from _carried(layout, steps | more)


def _goes_along(
    layout: Layout, columns: tuple[str, ...], steps: Mapping[str, int], touched: set[str | None]
) -> Iterator[Steps]:
    """Yield the changes of what some columns are of, and no step has touched yet."""
    for whole in dict.fromkeys(layout.whole(name) for name in columns):
        if whole is not None and whole not in touched:
            yield from _changes(layout, whole)
    for name in columns:
        if layout.whole(name) is None and name not in steps:
            yield from ({name: 1}, {name: -1})


def _change(steps: Mapping[str, int], columns: tuple[str, ...]) -> int:
    return sum(steps.get(name, 0) for name in columns)


def _changes(layout: Layout, whole: str) -> Iterator[Steps]:
    """Yield the changes of one row of one table: one part more or less, or two exchanged."""
    for leaf in layout.leaves(whole):
        yield dict.fromkeys(layout.above(leaf), 1)
        yield dict.fromkeys(layout.above(leaf), -1)
        for other in layout.leaves(whole):
            if other != leaf:
                yield _exchange(layout, leaf, other)


def _steps(layout: Layout, column: str) -> Iterator[Steps]:
    """Yield changes of one row, through a column, that keep what its columns say of each other."""
    whole = layout.whole(column)
    if whole is not None and whole != column:
        # A part: exchanged with another part, or one more of it in all.
        for leaf in layout.leaves(column):
            for other in layout.leaves(whole):
                if other not in layout.leaves(column):
                    yield _exchange(layout, leaf, other)
            yield dict.fromkeys(layout.above(leaf), 1)
        return
    if whole == column:
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


def _exchange(layout: Layout, leaf: str, other: str) -> Steps:
    steps = dict.fromkeys(layout.above(leaf), 1)
    for name in layout.above(other):
        steps[name] = steps.get(name, 0) - 1
    return {name: step for name, step in steps.items() if step}
