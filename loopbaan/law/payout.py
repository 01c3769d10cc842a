"""What a centre is owed for confirmed talks, with and without VAT, and who owes it.

The fee of a talk is that of its day and excludes VAT; the worker's share includes it. Sources: S42,
S8, S21 (fee), S49 (VAT), S42 (the full value is reimbursed, share and subsidy together).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.law.money import Cents, fee_cents, vat_cents
from loopbaan.law.months import Days
from loopbaan.law.policy import Policy

PAYERS = ("worker", "employer", "sector_fund", "union", "government")

Minutes = NDArray[np.integer]


@dataclass(frozen=True)
class Claims:
    """What each talk adds to what its voucher is owed, in cents, one element a talk.

    `split_cents` has a column for each of `PAYERS`: who owes the fee and the VAT together.
    """

    fee_cents: Cents
    vat_cents: Cents
    split_cents: Cents


def claims(
    minutes: Minutes,
    fee_millicents_per_hour: NDArray[np.integer],
    voucher: NDArray[np.integer],
    parts_cents: NDArray[np.integer],
    vat_percent: int,
) -> Claims:
    """Return the claims of confirmed talks, those of one voucher together and in their order.

    `voucher` gives each talk's row in `parts_cents`, ascending; the rate is that of the talk's day.
    `parts_cents` has a row a voucher and a column for each of `PAYERS` but the last (`parts`).
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
    split = _split(fee + vat, parts_cents[voucher])
    return Claims(
        fee_cents=_steps(fee, is_first),
        vat_cents=_steps(vat, is_first),
        split_cents=np.column_stack([_steps(column, is_first) for column in split.T]),
    )


def split_cents(policy: Policy, minutes: Minutes, share_cents: int | None = None) -> Cents:
    """Return who pays a voucher of so many minutes, VAT included: a column for each of `PAYERS`.

    `share_cents` is one of `shares_cents`; left out, that of those who have no lower one.

    The worker's share counts first, then what employer, sector fund and union put in; the
    government pays the rest. Nobody pays more than is left, so a row adds up to the value.
    """
    _, *others = parts(policy)
    share = policy.share_cents if share_cents is None else share_cents
    return _split(value_cents(policy, minutes), np.array([(share, *others)]))


def shares_cents(policy: Policy) -> tuple[int, ...]:
    """Return the worker's share of one voucher by wage: for those who earn little, more, most.

    In force nobody has a lower share. Hypothetical (SEED): a share by wage is an open debate.
    """
    low, middle = policy.share_low_wage_cents, policy.share_middle_wage_cents
    whole = policy.share_cents
    return (whole if low is None else low, whole if middle is None else middle, whole)


def wage_groups(
    policy: Policy, wage_quintile: NDArray[np.integer] | None
) -> NDArray[np.intp] | np.intp:
    """Return the place of each worker's share in `shares_cents`, by the fifth of all wages.

    1 is the lowest fifth. Who is in none (0: no register knows) has the whole share, and so has
    everybody where nobody asked.
    """
    bounds = np.array([policy.low_wage_quintile, policy.middle_wage_quintile])
    whole = np.intp(len(bounds))
    if wage_quintile is None:
        return whole
    group = np.searchsorted(bounds, wage_quintile, side="left")
    return np.where(wage_quintile == 0, whole, group)


def value_cents(policy: Policy, minutes: Minutes) -> Cents:
    """Return what talks of so many minutes are worth, VAT included."""
    fee = fee_cents(minutes.astype(np.int64) * policy.fee_millicents_per_hour)
    return fee + vat_cents(fee, policy.vat_percent)


def parts(policy: Policy) -> tuple[int, ...]:
    """Return what each of `PAYERS` but the government puts into a voucher, VAT included."""
    return (
        policy.share_cents,
        policy.employer_cents,
        policy.sector_fund_cents,
        policy.union_cents,
    )


def pay_by(policy: Policy, claimed_on: Days) -> Days | None:
    """Return the last day to pay what was claimed on a day (grade D); None: there is no term."""
    if policy.payout_days is None:
        return None
    return claimed_on + np.int32(policy.payout_days)


def _split(value: Cents, parts_cents: NDArray[np.integer]) -> Cents:
    """Return who pays how much of each value: one after the other, and the government the rest."""
    upto = np.minimum(np.cumsum(parts_cents, axis=1), value[:, np.newaxis])
    return np.diff(np.column_stack([upto, value]), axis=1, prepend=0)


def _running(amounts: Cents, is_first: NDArray[np.bool_]) -> Cents:
    """Return the running sums, begun anew at each first element."""
    total = np.cumsum(amounts)
    before = total - amounts
    return total - before[np.maximum.accumulate(np.where(is_first, np.arange(len(total)), 0))]


def _steps(totals: Cents, is_first: NDArray[np.bool_]) -> Cents:
    """Return what each running total adds to the one before it."""
    return totals - np.where(is_first, 0, np.concatenate([totals[:1], totals[:-1]]))
