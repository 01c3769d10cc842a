"""Tickets: anybody can recompute them from the seed and the number of the order, nothing else.

The chances are counted over many draws from fixed seeds: a test fails always or never.
"""

import contextlib
import inspect
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law import allocation, draws
from loopbaan.law.allocation import Entries
from tests.law.cast import BOOK

CAPPED = BOOK.on(date(2025, 4, 1))
PAPER = Path(__file__).parents[2] / "docs" / "law.md"
numbers = st.lists(st.integers(1, 2**62), max_size=20)


def test_what_the_paper_tells_a_citizen_to_compute_is_what_is_drawn() -> None:
    code = re.findall(r"```python\n(from hashlib.*?)```", PAPER.read_text("utf-8"), re.DOTALL)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code[0], {})  # noqa: S102 (our own paper)
    ticket, key = said.getvalue().split()
    drawn = draws.tickets(bytes.fromhex("2f" * 16), np.array([123_456]))
    assert int(ticket) == int(drawn[0])
    assert float(key) == pytest.approx(float(draws.weighted_keys(drawn, np.array([2]))[0]), 1e-14)


@given(st.binary(min_size=1, max_size=64), numbers, st.randoms(use_true_random=False))
def test_a_ticket_depends_on_the_seed_and_its_own_number_only(seed, asked, random) -> None:
    whole = dict(zip(asked, draws.tickets(seed, np.array(asked, np.int64)).tolist(), strict=True))
    some = random.sample(asked, len(asked) // 2)
    again = draws.tickets(seed, np.array(some, np.int64))
    assert again.tolist() == [whole[number] for number in some]
    assert list(inspect.signature(draws.tickets).parameters) == ["seed", "numbers"]


def test_another_seed_or_number_is_another_ticket() -> None:
    drawn = [draws.tickets(seed, np.arange(20_000)) for seed in (b"one", b"two")]
    assert len(np.unique(np.concatenate(drawn))) == 40_000
    assert abs(np.corrcoef(drawn[0].astype(float), drawn[1].astype(float))[0, 1]) < 0.03


def test_tickets_are_spread_evenly() -> None:
    drawn = draws.tickets(b"even", np.arange(64_000))
    found = np.bincount((drawn >> np.uint64(58)).astype(np.int64), minlength=64)
    assert abs(float(((found - 1_000) ** 2 / 1_000).sum()) - 63) < 4 * np.sqrt(2 * 63)


@pytest.mark.parametrize("ticket", [0, 1, 2**11, 2**63, 2**64 - 1])
@pytest.mark.parametrize("weight", [1, 2, 1_000])
def test_every_ticket_has_a_finite_key_that_never_falls_with_the_ticket(ticket, weight) -> None:
    tickets = np.array([ticket, min(ticket + 2**11, 2**64 - 1)], np.uint64)
    keys = draws.weighted_keys(tickets, np.array([weight]))
    assert np.isfinite(keys).all()
    assert 0 <= keys[0] <= keys[1]


@pytest.mark.parametrize("seed", [b"", b"x" * 65])
def test_a_seed_that_is_no_key_is_refused_with_a_sentence(seed: bytes) -> None:
    with pytest.raises(ValueError, match="the seed of a draw has 1 to 64 bytes, not"):
        draws.tickets(seed, np.array([1]))


def test_a_window_without_orders_has_no_tickets() -> None:
    assert draws.tickets(b"none", np.zeros(0, np.int64)).tolist() == []


def test_over_many_draws_early_and_late_orders_win_as_often() -> None:
    drawn, count, places, windows_drawn = replace(CAPPED, allocation="draw"), 100, 20, 3_000
    won = np.zeros(count, np.int64)
    everybody = np.ones(count, np.bool_)
    for number in range(windows_drawn):
        numbers = np.arange(count, dtype=np.int64) + number * count  # in the order of arrival
        entries = Entries.of(everybody, arrived=numbers)
        tickets = draws.tickets(b"%d" % number, numbers)
        won += allocation.allocate(drawn, entries, places, tickets)
    chance = places / count
    expected = windows_drawn * chance
    assert won.sum() == windows_drawn * places
    # The halves differ by a binomial count; four standard deviations are seen once in 16,000.
    spread = np.sqrt(windows_drawn * places / 4)
    assert abs(won[: count // 2].sum() - windows_drawn * places / 2) < 4 * spread
    chi_square = float(((won - expected) ** 2 / (expected * (1 - chance))).sum())
    assert abs(chi_square - count) < 4 * np.sqrt(2 * count)


@pytest.mark.parametrize(
    ("change", "weights"),
    [
        ({"allocation": "weighted_draw", "weight_favoured": 2}, (1, 2, 1, 2)),
        ({"allocation": "draw", "memory": "weight"}, (1, 2, 4, 4)),
        ({"allocation": "weighted_draw", "weight_favoured": 2, "memory": "weight"}, (1, 4, 4, 8)),
        ({"allocation": "draw", "memory": "weight", "memory_weight_per_loss": 2}, (1, 3, 4, 4)),
    ],
)
def test_the_first_two_are_drawn_in_proportion_to_the_weights_of_who_is_left(
    change: dict[str, Any], weights: tuple[int, ...]
) -> None:
    policy, trials = replace(CAPPED, favours_low_education=True, **change), 20_000
    entries = Entries.of(
        np.ones(4, np.bool_),
        favoured=np.array([False, True, False, True]),
        losses=np.array([0, 1, 3, 7]),
    )
    assert allocation.weights(policy, entries).tolist() == list(weights)
    tickets = draws.tickets(b"weights", np.arange(4 * trials)).reshape(trials, 4)
    first = np.zeros((trials, 4), np.bool_)
    both = np.zeros((trials, 4), np.bool_)
    for trial in range(trials):
        first[trial] = allocation.allocate(policy, entries, 1, tickets[trial])
        both[trial] = allocation.allocate(policy, entries, 2, tickets[trial])
    total = sum(weights)
    for row, weight in enumerate(weights):
        others = [(w, total - w) for place, w in enumerate(weights) if place != row]
        one = weight / total
        two = one + sum(w / total * weight / left for w, left in others)
        for chance, found in ((one, first[:, row]), (two, both[:, row])):
            assert abs(found.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / trials)


def test_who_is_drawn_first_stays_in_when_there_are_more_places() -> None:
    drawn = replace(CAPPED, allocation="draw")
    entries = Entries.of(np.ones(50, np.bool_))
    tickets = draws.tickets(b"more", entries.arrived)
    before = np.zeros(50, np.bool_)
    for places in range(51):
        wins = allocation.allocate(drawn, entries, places, tickets)
        assert np.all(wins >= before)
        before = wins


def test_a_weighted_draw_with_equal_weights_is_a_draw() -> None:
    entries = Entries.of(np.ones(500, np.bool_))
    tickets = draws.tickets(b"equal", entries.arrived)
    drawn, weighted = (
        allocation.allocate(replace(CAPPED, allocation=method), entries, 100, tickets)
        for method in ("draw", "weighted_draw")
    )
    assert drawn.tolist() == weighted.tolist()
