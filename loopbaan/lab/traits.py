"""What people are like: each column is drawn from a table that is fitted to the margins.

A column depends on those in `GIVEN`, and on whether its owner is at work at mid-2015, today, at
both or at neither: so the one list of people has the margins of both dates. Conditionals enter as
odds ratios (`fitting.shifted`); a dimension that no source ties to another is drawn on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import margins
from loopbaan.lab.chance import Chance
from loopbaan.lab.fitting import Table, Target, fit, shifted
from loopbaan.lab.margins import TODAY, Conditional, Margin

Codes = NDArray[np.uint8]

# In the order in which they are drawn, after sex and education. "at_work" is a place in AT_WORK;
# "age_band" is that of today, five years wide.
GIVEN: dict[str, tuple[str, ...]] = {
    "status": ("sex", "education", "age_band"),
    "work_time": ("sex", "education", "age_band"),
    "sector": ("status",),
    "residence": (),
    "work_place": ("residence",),
    "origin": (),
    "health_limitation": (),
    "sick_with_contract": ("sex",),
    "workable_job": ("status",),
    "burnout_symptoms": ("status",),
    "job_search_intent": ("workable_job",),
    "digital_skill": ("education", "health_limitation"),
    "wage_quintile": ("education",),
}
AT_WORK = ("neither", "today", "in_2015", "both")
AGE_BANDS = (*margins.AGES, "65+")
FIRST_AGE, WIDTH = 15, 5
IN_YEAR = {2015: np.array([0, 0, 1, 1], bool), 2025: np.array([0, 1, 0, 1], bool)}


@dataclass(frozen=True)
class Cells:
    """The cells on which a column depends: `codes[name]` is the code of that dimension by cell."""

    codes: dict[str, NDArray[np.int64]]
    persons: Table

    def rows(self, name: str, code_groups: list[list[int]], year: int) -> Table:
        """Return which cells are in which group, of those at work in a year."""
        here = IN_YEAR[year][self.codes["at_work"]]
        return np.array([here & np.isin(self.codes[name], group) for group in code_groups], float)


def names(dimension: str) -> tuple[str, ...]:
    """Return the category names of a column, or of one that follows from others."""
    return {"at_work": AT_WORK, "age_band": AGE_BANDS}.get(
        dimension, margins.dimensions().get(dimension, ())
    )


def age_band(born: NDArray[np.int16]) -> Codes:
    """Return the code in AGE_BANDS of the age today."""
    band = ((TODAY - born) // 12 - FIRST_AGE) // WIDTH
    return np.clip(band, 0, len(AGE_BANDS) - 1).astype(np.uint8)


def draw(chance: Chance, columns: dict[str, Codes]) -> dict[str, Codes]:
    """Add every column of `GIVEN` to those there (sex, education, at_work, age_band)."""
    for dimension, given in GIVEN.items():
        on = ("at_work", *given)
        place = _places(columns, on)
        sizes = [len(names(name)) for name in on]
        persons = np.bincount(place, minlength=prod(sizes)).astype(np.float64)
        codes = dict(zip(on, np.indices(sizes).reshape(len(on), -1), strict=True))
        chances = _chances(dimension, Cells(codes, persons))
        columns[dimension] = _pick(chances, place, _within(chance, place))
    return columns


def _places(columns: Mapping[str, Codes], on: tuple[str, ...]) -> NDArray[np.uint16]:
    place = columns[on[0]].astype(np.uint16)
    for name in on[1:]:
        place *= np.uint16(len(names(name)))
        place += columns[name]
    return place


def _within(chance: Chance, place: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return a number for each row, spread evenly over the rows of its cell."""
    spread = np.empty(len(place), np.float32)
    spread[np.argsort(place, kind="stable")] = chance.each(len(place))
    return spread


def _pick(chances: Table, place: NDArray[np.uint16], drawn: NDArray[np.float32]) -> Codes:
    """Return a category for each row, by the chances of its cell."""
    summed = np.cumsum(chances, axis=1, dtype=np.float64).astype(np.float32)
    code = np.zeros(len(place), np.uint8)
    for column in range(chances.shape[1] - 1):
        code += drawn >= summed[:, column][place]
    return code


def _chances(dimension: str, cells: Cells) -> Table:
    """Return the chance of each category in each cell: (cells, categories), rows add up to 1."""
    categories = names(dimension)
    start = margins.margins()[2025, dimension].shares
    table = np.outer(cells.persons, [start[name] for name in categories])
    targets = [
        target
        for conditional in margins.conditionals()
        if conditional.dimension == dimension
        for target in _of_conditional(conditional, cells)
    ]
    targets += [_of_margin(margins.margins()[year, dimension], cells) for year in (2015, 2025)]
    targets.append(_whole_cells(cells, len(categories)))
    fitted = fit(table, targets)
    # Who is at work at neither date is like those who are at both.
    neither, both = (cells.codes["at_work"] == AT_WORK.index(name) for name in ("neither", "both"))
    chances = np.divide(fitted, cells.persons[:, None], where=cells.persons[:, None] > 0, out=table)
    empty = cells.persons == 0
    chances[empty] = [start[name] for name in categories]
    chances[neither] = chances[both]
    result: Table = chances / chances.sum(axis=1, keepdims=True)
    return result


def _whole_cells(cells: Cells, categories: int) -> Target:
    """Return the target that each cell keeps its persons."""
    return Target(np.eye(len(cells.persons)), np.ones((1, categories)), cells.persons[:, None])


def _of_margin(margin: Margin, cells: Cells) -> Target:
    rows = cells.rows("at_work", [[0, 1, 2, 3]], margin.year)
    parts = _parts(margin.dimension, list(margin.members.values()))
    return Target(rows, parts, (rows @ cells.persons) * np.array([[*margin.shares.values()]]))


def _parts(dimension: str, groups: list[tuple[str, ...]]) -> Table:
    categories = names(dimension)
    return np.array([[name in group for name in categories] for group in groups], np.float64)


def _of_conditional(conditional: Conditional, cells: Cells) -> list[Target]:
    """Return the target for one category in the groups, with the odds ratios as published.

    A group alone has no odds ratio: its share stands.
    """
    given, members = groups(conditional)
    assert given in cells.codes, f"{conditional.dimension} is not drawn given {given}"
    rows = cells.rows(given, members, 2025)
    persons = rows @ cells.persons
    shares = np.array([*conditional.shares.values()])
    mean = margins.margins()[2025, conditional.dimension].shares[conditional.category]
    wanted = persons * (shifted(shares, persons, mean) if len(shares) > 1 else shares)
    part = _parts(conditional.dimension, [(conditional.category,)])
    both = np.column_stack([wanted, persons - wanted])
    return [Target(rows, np.vstack([part, 1 - part]), both)]


def groups(conditional: Conditional) -> tuple[str, list[list[int]]]:
    """Return the dimension that a conditional is given for, and the codes in each of its groups.

    `employee` is every status but self-employed; `flemish_region` every residence but Brussels.
    """
    if conditional.given == "age":
        return "age_band", [list(range(*_band(text))) for text in conditional.shares]
    given = {"residence_region": "residence"}.get(conditional.given, conditional.given)
    all_but = {"employee": "self_employed_main", "flemish_region": "brussels"}
    found = []
    for name in conditional.shares:
        others = all_but.get(name)
        found.append(
            [c for c, category in enumerate(names(given)) if category == name]
            if others is None
            else [c for c, category in enumerate(names(given)) if category != others]
        )
    return given, found


def _band(text: str) -> tuple[int, int]:
    first, last = (int(age) for age in text.split("-"))
    return (first - FIRST_AGE) // WIDTH, (last + 1 - FIRST_AGE) // WIDTH
