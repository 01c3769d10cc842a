"""The parts of a mixed measure add up, and are those that Shapley's definition gives."""

from datetime import date
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopbaan.lab import parts, scenario
from loopbaan.law.rulebook import Rulebook
from tests.lab import runs

NAMES = ("a", "b", "c")
MIXES = [frozenset(mix) for size in range(4) for mix in combinations(NAMES, size)]
UNTIL = date(2026, 12, 31)


@given(st.lists(st.integers(-1_000, 1_000), min_size=len(MIXES), max_size=len(MIXES)))
def test_a_part_is_the_mean_of_what_is_added_over_all_orders(numbers: list[int]) -> None:
    values = dict(zip(MIXES, map(Fraction, numbers), strict=True))
    found = parts.shapley(NAMES, values)
    orders = list(permutations(NAMES))
    for name in NAMES:
        added = Fraction(0)
        for order in orders:
            before = frozenset(order[: order.index(name)])
            added += values[before | {name}] - values[before]
        assert found[name] == added / len(orders)
    assert sum(found.values()) == values[frozenset(NAMES)] - values[frozenset()]


def test_the_instruments_of_a_measure_are_those_in_which_the_laws_differ():
    base = _law("no-measure")
    found = parts.instruments(base, _law("november-2025-a"), "A", UNTIL)
    assert list(found) == ["share", "second voucher and how often"]
    later = parts.instruments(base, _law("november-2025-a"), "A", date(2027, 12, 31))
    assert "hours of the first voucher" in later
    assert "cap" in parts.instruments(base, _law("cap-1000"), "A", UNTIL)
    drawn = parts.instruments(base, _law("draw-1000"), "A", UNTIL)
    assert {"cap", "who gets a place"} <= set(drawn)
    assert parts.instruments(base, base, "A", UNTIL) == {}


def test_every_number_belongs_to_one_instrument_at_most():
    named = [key for keys in parts.INSTRUMENTS.values() for key in keys]
    assert len(named) == len(set(named))


def test_a_mix_has_some_numbers_of_each_law():
    base, law = _law("no-measure"), _law("november-2025-a")
    day = date(2026, 6, 1)
    policy = parts.mixed(base, law, parts.INSTRUMENTS["share"]).on(day)
    assert (policy.share_cents, policy.vouchers_per_look_back) == (9_000, 2)
    keys = parts.INSTRUMENTS["second voucher and how often"]
    other = parts.mixed(base, law, keys).on(day)
    assert (other.share_cents, other.vouchers_per_look_back) == (4_500, 1)


def test_the_parts_of_a_played_measure_add_up_to_the_whole():
    base, law = _law("no-measure"), _law("november-2025-a")

    def play(book: Rulebook) -> parts.Values:
        played = runs.play("2025-01-01", "2026-06-30", book=book, share=0.01)
        return {"started": int((played.used_minutes > 0).sum())}

    table, played = parts.of(base, law, "A", UNTIL, play)
    assert len(played) == 4
    rows = table.to_dicts()
    assert {row["instrument"] for row in rows} == {"share", "second voucher and how often"}
    assert sum(row["part"] for row in rows) == pytest.approx(rows[0]["whole"])
    assert rows[0]["whole"] < 0
    for row in rows:
        assert row["alone"] < 0


def test_too_many_instruments_are_refused_with_their_names(monkeypatch):
    monkeypatch.setattr(parts, "MOST", 1)
    with pytest.raises(parts.TooMany, match=r"2 instruments \(share, second voucher"):
        parts.of(_law("no-measure"), _law("november-2025-a"), "A", UNTIL, lambda _: {})


def _law(name: str) -> Rulebook:
    return scenario.rulebook(scenario.load(name))
