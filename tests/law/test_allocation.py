"""Who gets a place: every method and every mix, against the same rules written out order by order.

The orders of a window are invented, with chances from fixed seeds.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.law import allocation, draws
from loopbaan.law.allocation import Entries, Flags
from loopbaan.law.draws import Tickets
from loopbaan.law.policy import BOUNDS, Policy, faults_between
from tests.law.cast import BOOK

METHODS = BOUNDS["allocation"].words
CAPPED = BOOK.on(date(2025, 4, 1))
FAVOURING = replace(
    CAPPED, favours_low_education=True, favours_limited_health=True, favours_non_eu_origin=True
)
MIXES = [
    replace(
        FAVOURING,
        allocation=method,
        reserved_percent=reserved,
        weight_favoured=2 if method == "weighted_draw" else 1,
        memory=memory,
        running_first=running,
        cap_counts=counts,
        cap_shared_by_vouchers=shared,
    )
    for method, reserved, memory, running, counts, shared in product(
        METHODS,
        (0, 30),
        BOUNDS["memory"].words,
        (False, True),
        BOUNDS["cap_counts"].words,
        (True, False),
    )
    if memory != "weight" or method in ("draw", "weighted_draw")
]
policies = st.sampled_from(MIXES)


@dataclass(frozen=True)
class Window:
    """The orders that compete, their tickets, and the places there are."""

    entries: Entries
    tickets: Tickets
    places: int

    def rows(self, rows: Any) -> "Window":
        """Return a window of some of the rows, or of all in another order."""
        columns = {each.name: getattr(self.entries, each.name)[rows] for each in fields(Entries)}
        return Window(Entries(**columns), self.tickets[rows], self.places)

    def wins(self, policy: Policy, **how: Any) -> Flags:
        """Return who gets a place."""
        return allocation.allocate(policy, self.entries, self.places, self.tickets, **how)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Return a window of at most thirty orders, places for some, for all or for none."""
    count = draw(st.integers(0, 30))
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    entries = Entries(
        eligible=generator.random(count) < draw(st.sampled_from((0.3, 0.9, 1.0))),
        arrived=generator.permutation(count).astype(np.int64) + 100,
        favoured=generator.random(count) < draw(st.sampled_from((0.0, 0.2, 0.8))),
        losses=generator.integers(0, 6, count).astype(np.uint8),
        runs=generator.random(count) < draw(st.sampled_from((0.0, 0.3))),
    )
    tickets = draws.tickets(b"a window", entries.arrived)
    return Window(entries, tickets, draw(st.integers(0, count + 3)))


def _plainly(policy: Policy, window: Window) -> list[bool]:
    """Allocate order by order, as docs/law.md says it."""
    needs = allocation.needs_place(policy, window.entries).tolist()
    e, places = window.entries, window.places
    line = sorted(np.flatnonzero(needs).tolist(), key=lambda row: _key(policy, window, row))
    got: set[int] = set()
    if policy.running_first:
        got = set([row for row in line if e.runs[row]][:places])
    held = min(window.places * policy.reserved_percent // 100, places - len(got))
    free = places - len(got) - held
    for row in line:
        if row not in got and e.favoured[row] and held:
            got.add(row)
            held -= 1
        elif row not in got and free:
            got.add(row)
            free -= 1
    for row in line:
        if row not in got and held + free:
            got.add(row)
            held, free = (held - 1, free) if held else (held, free - 1)
    return [bool(e.eligible[row]) and (row in got or not needs[row]) for row in range(len(e))]


def _key(policy: Policy, window: Window, row: int) -> tuple[float, ...]:
    e = window.entries
    before = -int(e.losses[row]) if policy.memory == "place" else 0
    if policy.allocation in ("first_come", "waiting_list"):
        return (before, int(e.arrived[row]))
    weight = policy.weight_favoured if e.favoured[row] else 1
    if policy.memory == "weight":
        grown = 1 + int(e.losses[row]) * policy.memory_weight_per_loss
        weight *= min(grown, policy.memory_weight_most)
    return (before, float(draws.weighted_keys(window.tickets, np.array([weight]))[row]))


@given(policies, windows())
def test_every_mix_gives_what_the_rules_give_order_by_order(policy: Policy, window: Window) -> None:
    assert window.wins(policy).tolist() == _plainly(policy, window)


@given(policies, windows())
def test_never_above_the_places_and_what_is_given_and_unused_are_all_places(
    policy: Policy, window: Window
) -> None:
    e, places = window.entries, window.places
    takes = allocation.takers(policy, e, places, window.tickets)
    wins, needs = window.wins(policy), allocation.needs_place(policy, e)
    given = np.count_nonzero(wins & needs)
    assert given <= np.count_nonzero(takes) <= places
    assert np.array_equal(wins & needs, takes & e.eligible)
    unused = max(places - np.count_nonzero(needs), 0)
    used_up = np.count_nonzero(takes & ~e.eligible)  # where refused orders count too
    assert given + used_up + unused == places
    assert used_up == 0 or policy.cap_counts == "received"


@given(policies, windows())
def test_each_order_that_is_eligible_gets_a_place_or_waits_or_has_lost_to_others(
    policy: Policy, window: Window
) -> None:
    wins = window.wins(policy)
    waits = allocation.remains(policy, window.entries, wins)
    assert not np.any((wins | waits) & ~window.entries.eligible)
    assert not np.any(wins & waits)
    lost = window.entries.eligible & ~wins & ~waits
    if policy.allocation == "waiting_list" or policy.memory == "place":
        assert not np.any(lost)
    if policy.running_first:
        assert not np.any(lost & window.entries.runs)
    if np.any(lost | waits):
        needs = allocation.needs_place(policy, window.entries)
        assert np.count_nonzero(needs) > window.places


@given(policies, windows(), st.randoms(use_true_random=False))
def test_another_order_of_the_rows_gives_the_same_orders_a_place(
    policy: Policy, window: Window, random: Any
) -> None:
    rows = np.array(random.sample(range(len(window.entries)), len(window.entries)), np.intp)
    assert window.rows(rows).wins(policy).tolist() == window.wins(policy)[rows].tolist()


@given(policies, windows(), st.data())
def test_two_equal_orders_that_change_place_and_ticket_change_what_they_get(
    policy: Policy, window: Window, data: st.DataObject
) -> None:
    alike = Entries.of(np.ones(len(window.entries), np.bool_), arrived=window.entries.arrived)
    whole = Window(alike, window.tickets, window.places)
    if len(alike) < 2:
        return
    one, two = data.draw(st.permutations(range(len(alike))))[:2]
    rows = np.arange(len(alike))
    rows[[one, two]] = two, one
    assert whole.rows(rows).wins(policy).tolist() == whole.wins(policy)[rows].tolist()


@given(policies, windows(), st.randoms(use_true_random=False))
def test_in_a_draw_neither_the_minute_nor_the_channel_changes_anything(
    policy: Policy, window: Window, random: Any
) -> None:
    """An order has no channel at all, and its place in line is read on a tie only."""
    drawn = replace(policy, allocation="draw")
    times = random.sample(range(10**6), len(window.entries))
    later = replace(window.entries, arrived=np.array(times, np.int64))
    assert (
        Window(later, window.tickets, window.places).wins(drawn).tolist()
        == window.wins(drawn).tolist()
    )


@given(windows(), st.lists(st.integers(0, 30), max_size=4), st.sampled_from((0, 30, 100)))
def test_first_come_in_batches_gives_what_it_gives_at_once(
    window: Window, cuts: list[int], reserved: int
) -> None:
    policy = replace(FAVOURING, reserved_percent=reserved)
    line = window.rows(np.argsort(window.entries.arrived))
    got = np.zeros(len(line.entries), np.bool_)
    left, held = line.places, allocation.reserved(policy, line.places)
    edges = sorted({0, *(min(cut, len(got)) for cut in cuts), len(got)})
    for start, end in pairwise(edges):
        batch = replace(line.rows(slice(start, end)), places=left)
        wins = batch.wins(policy, held=held, closes=False)
        waits = allocation.remains(policy, batch.entries, wins, closes=False)
        assert np.array_equal(waits, batch.entries.eligible & ~wins & (reserved > 0))
        got[start:end] = wins
        left -= int(wins.sum())
        held -= min(held, int((wins & batch.entries.favoured).sum()))
    rest = np.flatnonzero(~got)
    got[rest] |= replace(line.rows(rest), places=left).wins(policy, held=0)
    assert got.tolist() == line.wins(policy).tolist()


def test_reserved_places_that_nobody_uses_move_on() -> None:
    policy = replace(FAVOURING, reserved_percent=30)
    few = Entries.of(np.ones(20, np.bool_), favoured=np.arange(20) >= 19)
    assert np.flatnonzero(allocation.allocate(policy, few, 10)).tolist() == [*range(9), 19]
    many = Entries.of(np.ones(20, np.bool_), favoured=np.arange(20) >= 10)
    wins = np.flatnonzero(allocation.allocate(policy, many, 10)).tolist()
    assert wins == [0, 1, 2, 3, 4, 5, 6, 10, 11, 12]
    before = np.flatnonzero(allocation.allocate(policy, few, 10, closes=False)).tolist()
    assert before == [*range(7), 19]


def test_a_running_trajectory_goes_before_the_reserved_places_and_keeps_its_turn() -> None:
    policy = replace(FAVOURING, reserved_percent=50, running_first=True)
    entries = Entries.of(np.ones(6, np.bool_), favoured=np.arange(6) < 3, runs=np.arange(6) >= 3)
    wins = allocation.allocate(policy, entries, 2)
    assert np.flatnonzero(wins).tolist() == [3, 4]
    assert np.flatnonzero(allocation.remains(policy, entries, wins)).tolist() == [5]


def test_memory_that_keeps_the_place_lets_who_lost_most_often_go_first() -> None:
    policy = replace(CAPPED, allocation="draw", memory="place")
    entries = Entries.of(np.ones(5, np.bool_), losses=np.array([0, 2, 0, 1, 2]))
    tickets = draws.tickets(b"memory", entries.arrived)
    wins = allocation.allocate(policy, entries, 3, tickets)
    assert np.flatnonzero(wins).tolist() == [1, 3, 4]
    assert np.flatnonzero(allocation.remains(policy, entries, wins)).tolist() == [0, 2]


def test_a_plain_waiting_list_grows_by_who_finds_no_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    policy, asks, cap = replace(CAPPED, allocation="waiting_list"), 3_782, 1_000
    line = np.zeros(0, np.int64)
    lengths = [0]
    for month in range(12):
        line = np.concatenate([line, np.arange(asks) + month * asks])
        entries = Entries.of(np.ones(len(line), np.bool_), arrived=line)
        left = allocation.places(policy, np.array([len(line)]), np.array([0]))[0]
        wins = allocation.allocate(policy, entries, int(left))
        assert wins.sum() == cap
        line = line[allocation.remains(policy, entries, wins)]
        assert line.min() == (month + 1) * cap  # who came first left first
        lengths.append(len(line))
    growth = np.diff(lengths)
    with capsys.disabled():
        said = f"{asks:,} ask for {cap:,} places a month: it grows by {growth[0]:,} a month"
        print(f"\nwaiting list, {said}")  # noqa: T201 (a figure to be seen)
    assert growth.tolist() == [2_782] * 12


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
    st.integers(0, 40),
    st.integers(0, 30),
    st.sampled_from(BOUNDS["release"].words),
    st.booleans(),
)
def test_month_after_month_never_above_the_cap_but_for_what_stood_before_it_was_known(
    asks: list[int], cap: int, before: int, release: str, carry_over: bool
) -> None:
    policy = replace(CAPPED, cap_per_month=cap, release=release, carry_over=carry_over)
    carried, given, unused = 0, 0, 0
    for month, asked in enumerate(asks):
        stood = before if month == 0 else 0
        taken, quarter = stood, asked // 4
        most = cap + carried
        for day in (3, 9, 21, 31):
            left = allocation.places(policy, np.array([quarter]), np.array([taken]), carried, day)[
                0
            ]
            assert left == min(quarter, max(allocation.released(policy, day) + carried - taken, 0))
            taken += int(left)
        assert taken <= max(stood, most)
        given += taken
        carried = allocation.carried_over(policy, taken, carried)
        unused += 0 if carry_over else max(most - taken, 0)
        assert carried == (max(most - taken, 0) if carry_over else 0)
    assert given + unused + carried == cap * len(asks) + max(before - cap, 0)


def test_places_come_free_by_the_month_or_by_the_week() -> None:
    monthly = [allocation.released(CAPPED, day) for day in (1, 31)]
    weekly = replace(CAPPED, release="week", cap_per_month=1_002)
    days = (1, 7, 8, 14, 15, 21, 22, 31)
    assert monthly == [1_000, 1_000]
    found = [allocation.released(weekly, day) for day in days]
    assert found == [250, 250, 501, 501, 751, 751, 1_002, 1_002]
    carrying = replace(CAPPED, carry_over=True)
    assert allocation.carried_over(carrying, 400) == 600
    assert allocation.carried_over(carrying, 400, 50) == 650
    assert allocation.carried_over(CAPPED, 400, 50) == 0


@pytest.mark.parametrize(
    ("counts", "returns", "expected"),
    [
        ("granted", False, 900),
        ("granted", True, 850),
        ("paid", False, 870),
        ("paid", True, 850),
        ("received", False, 1_300),
        ("received", True, 1_250),
        (None, None, 900),
    ],
)
def test_what_counts_against_the_cap_and_whether_a_lapsed_place_returns(
    counts: str | None, returns: bool | None, expected: int
) -> None:
    policy = replace(CAPPED, cap_counts=counts, lapsed_place_returns=returns)
    found = allocation.taken(
        policy,
        received=np.array([1_300]),
        granted=np.array([900]),
        lapsed=np.array([50]),
        unpaid=np.array([30]),
    )
    assert found.tolist() == [expected]


def test_without_a_cap_everybody_who_is_eligible_gets_a_place() -> None:
    free = replace(CAPPED, cap_per_month=None, cap_counts="received", carry_over=True)
    entries = Entries.of(np.array([False, True, True]))
    left = allocation.places(free, np.array([2]), np.array([9_999]))[0]
    assert allocation.allocate(free, entries, int(left)).tolist() == [False, True, True]
    assert allocation.carried_over(free, 0) == 0


def test_a_refused_order_uses_up_a_place_where_the_cap_counts_what_is_received() -> None:
    entries = Entries.of(np.array([False, True, True]))
    for counts, expected in (("received", [False, True, False]), ("granted", [False, True, True])):
        policy = replace(CAPPED, cap_counts=counts)
        assert allocation.allocate(policy, entries, 2).tolist() == expected
        takes = allocation.takers(policy, entries, 2)
        assert takes.tolist() == ([True, True, False] if counts == "received" else expected)


def test_a_second_voucher_takes_no_place_where_the_cap_is_not_shared() -> None:
    entries = Entries.of(np.ones(3, np.bool_), runs=np.array([False, False, True]))
    for shared, expected in ((False, [True, False, True]), (True, [True, False, False])):
        policy = replace(CAPPED, cap_shared_by_vouchers=shared)
        assert allocation.allocate(policy, entries, 1).tolist() == expected


def test_who_is_favoured_is_in_one_of_the_groups_that_the_policy_names() -> None:
    facts = {
        "low_educated": np.array([True, False, False, False]),
        "limited_health": np.array([False, True, False, False]),
        "non_eu_origin": np.array([False, False, True, False]),
    }
    assert allocation.favoured(FAVOURING, **facts).tolist() == [True, True, True, False]
    names = ("favours_low_education", "favours_limited_health", "favours_non_eu_origin")
    for row, name in enumerate(names):
        found = allocation.favoured(replace(CAPPED, **{name: True}), **facts)
        assert np.flatnonzero(found).tolist() == [row]
    assert not allocation.favoured(CAPPED, **facts).any()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reserved_percent": 30}, "reserved_percent is above 0 while nobody is favoured"),
        ({"weight_favoured": 2}, "weight_favoured is above 1 while nobody is favoured"),
        ({"weight_favoured": 2}, "weight_favoured is above 1 while allocation is not"),
        ({"memory": "weight"}, "memory is weight while allocation is neither draw nor"),
    ],
)
def test_numbers_of_the_allocation_that_do_not_go_together_are_told(
    change: dict[str, Any], told: str
) -> None:
    assert not faults_between(CAPPED)
    assert any(fault.startswith(told) for fault in faults_between(replace(CAPPED, **change)))


def test_every_mix_of_these_tests_is_one_that_the_rulebook_accepts() -> None:
    assert not [fault for policy in MIXES for fault in faults_between(policy)]
    assert {policy.allocation for policy in MIXES} == set(METHODS)
