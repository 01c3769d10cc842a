"""Random histories: every cent and minute is accounted for, and equal to the law called directly.

LOOPBAAN_HISTORIES says how many vouchers are issued in all (unset: enough for a minute), and lets
each period tell how often what was done.
"""

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from django.db import connection
from django.db.models import Sum

from loopbaan.law import payout as law
from loopbaan.live.models import Claim, StatementLine, Transfer, Voucher
from loopbaan.live.payout import Entry, totals
from tests.live.histories import FIRST_DAYS, Histories
from tests.live.lives import Life, Told
from tests.live.scheme import BOOK, Scheme

ASKED = os.environ.get("LOOPBAAN_HISTORIES", "")
VOUCHERS = int(ASKED or 1000)
MANY = 10_000
RATES = (13_750_000, 14_025_600, 15_000_000)
ACCOUNTS = ("open", "confirmed", "claimed", "lost", "lapsed")
# How many of each there are at least, for each voucher that is issued; then, in a period.
LEAST = {
    "open_for": 0.8,
    "start": 0.8,
    "register": 1.3,
    "confirm": 0.4,
    "silence": 0.3,
    "dispute": 0.1,
    "settle": 0.03,
    "withdraw": 0.1,
    "claim": 0.6,
    "correct": 0.2,
    "close": 0.01,
    "close_early": 0.1,
    "closed early": 0.02,
    "move_to": 0.03,
    "lapse": 0.005,
    "paid twice": 0.01,
    "release": 0.02,  # of refunds
}
LEAST_OFTEN = {
    "release_batch": 3,
    "cancel_batch": 2,
    "make_recovery": 5,
    "paid in parts": 1,
    "place_hold": 3,
    "take_back": 1,
}
_BALANCES = """
SELECT about_id, account, sum(amount) FROM (
    SELECT about_id, debit AS account, amount FROM live_transfer
    WHERE unit = 'minutes' AND state = 'posted'
    UNION ALL
    SELECT about_id, credit, -amount FROM live_transfer WHERE unit = 'minutes' AND state = 'posted'
) t GROUP BY 1, 2
"""
Owed = dict[int, np.ndarray]


@pytest.fixture
def unhurried(committed: Scheme) -> Iterator[Scheme]:
    """A scheme of which each act is committed, and no act waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        yield committed
        cursor.execute("SET synchronous_commit = DEFAULT")


@pytest.mark.parametrize("period", FIRST_DAYS)
def test_every_minute_and_cent_of_random_histories_is_accounted_for(
    unhurried: Scheme, period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = VOUCHERS // len(FIRST_DAYS)
    histories = Histories(unhurried, Random(list(FIRST_DAYS).index(period)), wanted)
    histories.live(FIRST_DAYS[period])
    lives, done, refused = histories.lives, histories.acts.done, histories.acts.refused
    if ASKED:
        with capsys.disabled():
            sys.stdout.write(f"\n{period}: {len(lives)} vouchers; {done}; refused {refused}\n")
    assert len(lives) >= wanted
    least = {name: share * len(lives) for name, share in LEAST.items()} | LEAST_OFTEN
    few = {name: done[name] for name, count in least.items() if done[name] < count}
    assert few == {}, "each act is really done"
    assert refused.total() > len(lives) // 4, "bad acts were tried too"
    _minutes_are_those_of_the_account(lives)
    owed = _owed(lives)
    _cents_are_those_of_the_law(lives, owed)
    _every_cent_went_where_it_belongs(histories, owed)


def _minutes_are_those_of_the_account(lives: list[Life]) -> None:
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ACCOUNTS, 0))
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES)
        for voucher, account, minutes in cursor.fetchall():
            found[voucher][account] = int(minutes)
    taken = dict(Voucher.objects.values_list("pk", "taken_minutes"))
    for life in lives:
        bought, left = life.voucher.minutes, life.left
        confirmed = life.minutes("confirmed", claimed=False)
        claimed = life.minutes("confirmed", claimed=True)
        waiting = life.taken - confirmed - claimed
        assert {name: found[life.voucher.pk][name] for name in ACCOUNTS} == {
            "open": waiting if life.is_closed else 0 if life.is_lapsed else left + waiting,
            "confirmed": confirmed,
            "claimed": claimed,
            "lost": left if life.is_closed else 0,
            "lapsed": bought if life.is_lapsed else 0,
        }
        assert taken[life.voucher.pk] == life.taken


def _owed(lives: list[Life]) -> Owed:
    """Call the law, on the talks of all vouchers together: fee and VAT of each claimed stretch."""
    stretches = [each for life in lives for each in _stretches(life)]
    return {**_called(stretches, 0), **_called(stretches, 21)}


def _cents_are_those_of_the_law(lives: list[Life], owed: Owed) -> None:
    names = ("fee", "vat", *law.PAYERS)
    sums = {
        row.pop("talk__track__voucher"): [row[name] for name in names]
        for row in Claim.objects.values("talk__track__voucher").annotate(
            **{name: Sum(f"{name}_cents") for name in names}
        )
    }
    for life in lives:
        total = np.zeros(2, np.int64)
        for _, mine in _stretches(life):
            total += owed[id(mine[0])]
        value = int(total.sum())
        worker = min(value, life.share_cents)
        expected = [*total.tolist(), worker, 0, 0, 0, value - worker]
        assert sums.get(life.voucher.pk, [0] * len(names)) == expected


def _called(stretches: list[tuple[int, list[Told]]], vat_percent: int) -> Owed:
    rows = [mine for vat, mine in stretches if vat == vat_percent]
    if not rows:
        return {}
    talks = [(place, told) for place, mine in enumerate(rows) for told in mine]
    voucher = np.array([place for place, _ in talks])
    claims = law.claims(
        np.array([told.minutes for _, told in talks]),
        np.array([told.claimed_as[0] for _, told in talks]),
        voucher,
        np.zeros((len(rows), 4), np.int64),
        vat_percent,
    )
    sums = np.column_stack(
        [
            np.bincount(voucher, column).astype(np.int64)
            for column in (claims.fee_cents, claims.vat_cents)
        ]
    )
    return {id(mine[0]): sums[place] for place, mine in enumerate(rows)}


def _stretches(life: Life) -> list[tuple[int, list[Told]]]:
    """Return what is claimed of a voucher now, by track and VAT, in the order of the claims."""
    found: dict[tuple[int, int], list[Told]] = defaultdict(list)
    for told in sorted(life.talks, key=lambda each: each.place):
        if told.is_claimed:
            found[told.track, told.claimed_as[1]].append(told)
    return [(vat, mine) for (_, vat), mine in found.items()]


def _every_cent_went_where_it_belongs(histories: Histories, owed: Owed) -> None:
    """Look at the bank's own ledger: each centre has what the law owes it, each worker her rest."""
    lives, done = histories.lives, histories.acts.done
    path = histories.scheme.folder / "bank.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    booked = [each for line in lines for each in line.get("booked", [])]
    got: Counter[str] = Counter()
    for each in booked:
        got[each["name"]] -= each["cents"]
    due = Counter({centre.name: 0 for centre in histories.centres})
    for life in lives:
        for _, mine in _stretches(life):
            due[histories.centres[mine[0].centre].name] += int(owed[id(mine[0])].sum())
    assert {name: got[name] for name in due} == dict(due)
    shares = sum(life.share_cents for life in lives if not life.is_lapsed)
    assert sum(each["cents"] for each in booked) == shares - due.total()
    assert StatementLine.objects.count() == len(booked)
    assert StatementLine.objects.filter(match="exact").count() == len(lives)
    assert done["release"] == done["paid twice"] + done["lapse"]
    assert [_credit(name) for name in ("owed", "unmatched", "to_refund")] == [0, 0, 0]
    assert -_credit("bank") == shares - due.total()


def _credit(account: str) -> int:
    posted = Transfer.objects.filter(state="posted", unit="cents")
    credit = posted.filter(credit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    debit = posted.filter(debit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(credit - debit)


def test_claims_and_counter_entries_of_ten_thousand_vouchers_are_the_law_called_once() -> None:
    """Claims in any order, some taken back in part or whole: together what the law owes at last."""
    rng = np.random.default_rng(2013)
    sums, at_last = np.zeros((MANY, 2), np.int64), []
    for place in range(MANY):
        entries: list[Entry] = []
        parts = (int(rng.choice((4_000, 4_500, 9_000))), 0, 0, 0)
        split = np.zeros(len(law.PAYERS), np.int64)
        for talk in range(rng.integers(1, 6)):
            after = [*entries, Entry(talk, 1, 21, int(rng.choice(RATES)), int(rng.integers(1, 90)))]
            if rng.random() < 0.4:
                change = int(rng.integers(len(after)))
                shorter = replace(after[change], minutes=int(rng.integers(after[change].minutes)))
                after = [*after[:change], shorter, *after[change + 1 :]]
            after = [each for each in after if each.minutes]
            added = totals(after, parts) - totals(entries, parts)
            assert added[:2].sum() == added[2:].sum()
            sums[place] += added[:2]
            split += added[2:]
            entries = after
        at_last.append(entries)
        value = sums[place].sum()
        assert split.tolist() == [min(value, parts[0]), 0, 0, 0, max(value - parts[0], 0)]
    flat = [(place, each) for place, mine in enumerate(at_last) for each in mine]
    voucher = np.array([place for place, _ in flat])
    owed = law.claims(
        np.array([each.minutes for _, each in flat]),
        np.array([each.millicents_per_hour for _, each in flat]),
        voucher,
        np.zeros((MANY, 4), np.int64),
        21,
    )
    for column, cents in enumerate((owed.fee_cents, owed.vat_cents)):
        expected = np.bincount(voucher, cents, MANY).astype(np.int64)
        assert (sums[:, column] == expected).all()


def test_the_periods_are_those_of_the_law() -> None:
    fees = [BOOK.on(day).fee_millicents_per_hour for day in FIRST_DAYS.values()]
    assert fees == [13_750_000, 14_025_600, 15_000_000, 15_000_000, 15_000_000]
    assert BOOK.on(FIRST_DAYS["P4"]).cap_per_month is not None
    assert BOOK.on(FIRST_DAYS["P5"]).share_cents == 9_000
