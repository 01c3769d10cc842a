"""The figures of the allocation: 100,000 orders a window, against sorting and against hashing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import blake2b
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bench.measure import Figure, ratio, seconds
from loopbaan.law import allocation, draws, rulebook
from loopbaan.law.allocation import Entries, Flags
from loopbaan.law.draws import Tickets
from loopbaan.law.policy import BOUNDS, Policy

ORDERS, MOST, MOST_HASHING = 100_000, 8, 2
PLACES = (1_000, ORDERS // 2)  # as many as in 2025, and as many as take longest
SEED = b"a seed for the figures"
POLICY = replace(rulebook.current().on(date(2025, 4, 1)), favours_low_education=True)


def figures() -> Iterator[Figure]:
    """Measure one figure after the other."""
    numbers = np.arange(ORDERS, dtype=np.int64) + 4_000_000
    tickets = draws.tickets(SEED, numbers)
    assert tickets.tolist() == [int.from_bytes(each, "big") for each in _bare(numbers)]
    yield from _methods(numbers, tickets)
    found = seconds(
        {
            "tickets": partial(draws.tickets, SEED, numbers),
            "bare": partial(_bare, numbers),
        }
    )
    name = "tickets of 100,000 orders / a bare hashlib loop"
    yield ratio(name, found, "tickets", "bare", MOST_HASHING)


def _bare(numbers: NDArray[np.int64]) -> list[bytes]:
    return [
        blake2b(str(number).encode(), key=SEED, digest_size=8).digest()
        for number in numbers.tolist()
    ]


def _methods(numbers: NDArray[np.int64], tickets: Tickets) -> Iterator[Figure]:
    generator = np.random.default_rng(1)
    entries = Entries(
        eligible=generator.random(ORDERS) < 0.85,
        arrived=generator.permutation(numbers),
        favoured=generator.random(ORDERS) < 0.3,
        losses=generator.integers(0, 5, ORDERS).astype(np.uint8),
        runs=generator.random(ORDERS) < 0.1,
    )
    keys: dict[str, NDArray[np.generic]] = {
        "first_come": entries.arrived,
        "waiting_list": entries.arrived,
        "draw": tickets,
        "weighted_draw": draws.weighted_keys(tickets, np.ones(ORDERS, np.int64)),
    }
    sides: dict[str, Callable[[], object]] = {
        f"argsort {method}": partial(np.argsort, key) for method, key in keys.items()
    }
    named = {}
    for method, mixed in product(BOUNDS["allocation"].words, ("alone", "mixed")):
        policy = _policy(method, mixed == "mixed")
        _check(policy, entries, tickets)
        for places in PLACES:
            side = f"{method} {mixed} {places}"
            sides[side] = partial(allocation.allocate, policy, entries, places, tickets)
            named[side] = method
    found = seconds(sides)
    for side, method in named.items():
        _, mixed, given = side.split()
        told = f"{ORDERS:,} orders, {method} {mixed}, {int(given):,} places / argsort"
        yield ratio(told, found, side, f"argsort {method}", MOST)


def _policy(method: str, is_mixed: bool) -> Policy:
    weight = 2 if method == "weighted_draw" else 1
    policy = replace(POLICY, allocation=method, weight_favoured=weight)
    if not is_mixed:
        return policy
    return replace(policy, reserved_percent=30, running_first=True, memory="place")


def _check(policy: Policy, entries: Entries, tickets: Tickets) -> None:
    """Compare the winners with those of a full sort, step by step."""
    for places in PLACES:
        wins = allocation.allocate(policy, entries, places, tickets)
        assert np.array_equal(wins, _sorted(policy, entries, places, tickets))


def _sorted(policy: Policy, entries: Entries, places: int, tickets: Tickets) -> Flags:
    key: NDArray[np.generic] = entries.arrived
    if policy.allocation == "draw":
        key = tickets
    elif policy.allocation == "weighted_draw":
        key = draws.weighted_keys(tickets, np.where(entries.favoured, 2, 1))
    losses = -entries.losses.astype(np.int64) if policy.memory == "place" else np.zeros(ORDERS)
    line = np.lexsort((tickets, key, losses))
    line = line[entries.eligible[line]]
    held = places * policy.reserved_percent // 100
    wins = np.zeros(ORDERS, np.bool_)
    if policy.running_first:
        wins[line[entries.runs[line]][:places]] = True
    left = places - np.count_nonzero(wins)
    shared = line[~wins[line] & entries.favoured[line]][: min(held, left)]
    wins[shared] = True
    wins[line[~wins[line]][: left - len(shared)]] = True
    return wins
