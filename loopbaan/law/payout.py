"""What a centre is owed for confirmed talks, with and without VAT, and who owes it.

The fee of a talk is that of its day and excludes VAT; the worker's share includes it. Sources: S42,
S8, S21 (fee), S49 (VAT), S42 (the full value is reimbursed, share and subsidy together).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.money import Cents, fee_cents, vat_cents
from loopbaan.law.policy import Policy

PAYERS = ("worker", "employer", "sector_fund", "union", "government")

Minutes = NDArray[np.integer]


@dataclass(frozen=True)
class Claims:
    """What each talk adds to what its voucher is owed, in cents, one element a talk."""

    fee_cents: Cents
    vat_cents: Cents
    share_cents: Cents
    government_cents: Cents


def claims(
    minutes: Minutes,
    fee_millicents_per_hour: NDArray[np.integer],
    voucher: NDArray[np.integer],
    share_cents: NDArray[np.integer],
    vat_percent: int,
) -> Claims:
    """Return the claims of confirmed talks, those of one voucher together and in their order.

    `voucher` gives each talk's row in `share_cents`, ascending; the rate is that of the talk's day.
    A talk is owed the difference that it makes to its voucher's rounded total, so that the claims
    add up to confirmed minutes x fee to the cent; VAT likewise, on that total. The worker's share
    counts first and the government owes the rest, never below zero.
    """
    assert np.all(np.diff(voucher) >= 0), "the talks of a voucher stand together"
    assert np.all(minutes > 0), "a talk lasts at least a minute"
    owed = minutes.astype(np.int64) * fee_millicents_per_hour
    is_first = np.diff(voucher, prepend=-1) != 0
    fee = fee_cents(_running(owed, is_first))
    vat = vat_cents(fee, vat_percent)
    paid_by_worker = np.minimum(fee + vat, share_cents[voucher])
    return Claims(
        fee_cents=_steps(fee, is_first),
        vat_cents=_steps(vat, is_first),
        share_cents=_steps(paid_by_worker, is_first),
        government_cents=_steps(fee + vat - paid_by_worker, is_first),
    )


def split_cents(policy: Policy, minutes: Minutes) -> Cents:
    """Return who pays a voucher of so many minutes, VAT included: a column for each of `PAYERS`.

    The worker's share counts first, then what employer, sector fund and union put in; the
    government pays the rest. Nobody pays more than is left, so a row adds up to the value.
    """
    value = value_cents(policy, minutes)
    left, columns = value, []
    for part in _parts(policy):
        columns.append(np.minimum(left, part))
        left = left - columns[-1]
    return np.column_stack([*columns, left])


def value_cents(policy: Policy, minutes: Minutes) -> Cents:
    """Return what talks of so many minutes are worth, VAT included."""
    fee = fee_cents(minutes.astype(np.int64) * policy.fee_millicents_per_hour)
    return fee + vat_cents(fee, policy.vat_percent)


def _parts(policy: Policy) -> Sequence[int]:
    return (
        policy.share_cents,
        policy.employer_cents,
        policy.sector_fund_cents,
        policy.union_cents,
    )


def _running(amounts: Cents, is_first: NDArray[np.bool_]) -> Cents:
    """Return the running sums, begun anew at each first element."""
    total = np.cumsum(amounts)
    before = total - amounts
    return total - before[np.maximum.accumulate(np.where(is_first, np.arange(len(total)), 0))]


def _steps(totals: Cents, is_first: NDArray[np.bool_]) -> Cents:
    """Return what each running total adds to the one before it."""
    return totals - np.where(is_first, 0, np.concatenate([totals[:1], totals[:-1]]))
