"""Iterative proportional fitting: a table is scaled until its sums are the wanted ones.

The routine of Deming and Stephan (1940): each target in turn multiplies the cells it covers by
wanted / got; the ratios that no target speaks of (the odds ratios of the table one starts from)
stay as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
ROUNDS = 500
CLOSE = 1e-9  # of the whole table


@dataclass(frozen=True)
class Target:
    """What sums a table of (cells, categories) must have.

    `rows` is (groups, cells) and `columns` (parts, categories), both of zeros and ones: the sum of
    group g and part p must be `wanted[g, p]`. A cell or category in no group or part is left alone.
    """

    rows: Table
    columns: Table
    wanted: Table


def fit(table: Table, targets: Sequence[Target]) -> Table:
    """Return the table scaled to all targets; the last one holds exactly.

    Stops when a round changes no cell by more than a billionth of the whole, or after 500 rounds:
    targets that contradict each other end in the middle, and the report of the fit shows it.
    """
    fitted = table.copy()
    enough = CLOSE * table.sum()
    for _ in range(ROUNDS):
        before = fitted.copy()
        for target in targets:
            _scale(fitted, target)
        if np.abs(fitted - before).max(initial=0.0) < enough:
            break
    return fitted


def _scale(table: Table, target: Target) -> None:
    got = target.rows @ table @ target.columns.T
    ratio = np.divide(target.wanted, got, out=np.ones_like(got), where=got > 0)
    table *= 1 + target.rows.T @ (ratio - 1) @ target.columns


def shifted(shares: Table, weights: Table, mean: float) -> Table:
    """Return shares with the same odds ratios whose weighted mean is another.

    The log odds of all groups move by one amount, found by halving: published shares of groups
    seldom agree with the published share of all.
    """
    assert 0 < mean < 1, f"a share of {mean} has no odds"
    odds = np.log(shares / (1 - shares))
    low, high = -40.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        got = float(weights @ _share(odds + middle)) / float(weights.sum())
        low, high = (middle, high) if got < mean else (low, middle)
    return _share(odds + low)


def _share(log_odds: Table) -> Table:
    return 1 / (1 + np.exp(-log_odds))
