"""Tables of a run: frozen dataclasses whose fields are arrays of one length."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Table = TypeVar("Table")


def rows(table: Table, which: NDArray[np.integer] | NDArray[np.bool_]) -> Table:
    """Return some rows of a table."""
    make: Any = type(table)
    found: Table = make(*(getattr(table, each.name)[which] for each in fields(make)))
    return found


def joined(tables: Sequence[Table]) -> Table:
    """Return tables one after the other; at least one."""
    if len(tables) == 1:
        return tables[0]
    make: Any = type(tables[0])
    found: Table = make(
        *(np.concatenate([getattr(t, each.name) for t in tables]) for each in fields(make))
    )
    return found
