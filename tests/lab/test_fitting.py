"""Proportional fitting: the wanted sums come out, and nobody's odds change for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.lab.chance import RUN, Chance
from loopbaan.lab.fitting import Target, fit, shifted

SHARES = st.lists(st.floats(0.02, 0.98), min_size=2, max_size=6)


def _odds(table: np.ndarray) -> float:
    return float(table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]))


def _targets(rows: list[float], columns: list[float]) -> list[Target]:
    return [
        Target(np.eye(2), np.ones((1, 2)), np.array(rows)[:, None]),
        Target(np.ones((1, 2)), np.eye(2), np.array(columns)[None, :]),
    ]


def test_both_margins_come_out_and_the_odds_ratio_stays():
    start = np.array([[4.0, 1.0], [2.0, 3.0]])
    fitted = fit(start, _targets([70, 30], [45, 55]))
    assert fitted.sum(axis=1) == pytest.approx([70, 30])
    assert fitted.sum(axis=0) == pytest.approx([45, 55])
    assert _odds(fitted) == pytest.approx(_odds(start))
    assert start[0, 0] == 4.0


def test_a_cell_in_no_target_is_left_alone():
    start = np.array([[4.0, 1.0], [2.0, 3.0]])
    target = Target(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]), np.array([[8.0]]))
    assert fit(start, [target]).tolist() == [[8.0, 1.0], [2.0, 3.0]]


def test_targets_that_contradict_each_other_end_with_the_last_one():
    fitted = fit(np.ones((2, 2)), _targets([70, 30], [40, 40]))
    assert fitted.sum(axis=0) == pytest.approx([40, 40])


def test_an_empty_cell_stays_empty():
    fitted = fit(np.array([[0.0, 1.0], [1.0, 1.0]]), _targets([1, 2], [1, 2]))
    assert fitted[0, 0] == 0
    assert np.isfinite(fitted).all()


@given(SHARES, st.floats(0.05, 0.95))
def test_shifted_shares_have_the_mean_and_keep_their_odds_ratios(shares, mean):
    before = np.array(shares)
    weights = np.arange(1.0, len(shares) + 1)
    after = shifted(before, weights, mean)
    assert weights @ after / weights.sum() == pytest.approx(mean, abs=1e-6)
    ratio = (after / (1 - after)) / (before / (1 - before))
    assert ratio == pytest.approx(np.full(len(shares), ratio[0]), rel=1e-6)


def test_chance_is_spread_evenly_over_each_run():
    drawn = Chance(5).each(10 * RUN + 7)
    places = (drawn[: 10 * RUN].reshape(10, RUN) * RUN).astype(int)
    assert (np.sort(places, axis=1) == np.arange(RUN)).all()
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert not (places[0] == places[1]).all()


def test_chance_follows_its_seed():
    assert (Chance(5).each(1000) == Chance(5).each(1000)).all()
    assert (Chance(5).each(1000) != Chance(6).each(1000)).any()
    bell = Chance(5).bell(100_000)
    assert bell.mean() == pytest.approx(0, abs=0.02)
    assert bell.std() == pytest.approx(1, abs=0.02)
