"""The career centres of an invented Flanders: some 250, a few very large and most very small.

Counts are those of `data/centres.csv`; how cost, reserve and coaches go with size is judgement
(grade D) and stands among the behaviour. Sizes follow a lognormal whose spread fits two published
points: 42 firms take four fifths of the money, seven take a third.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import margins
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.chance import Chance

Floats = NDArray[np.float64]

LARGE = 42  # the firms that take four fifths
STREAM = 0xCE27  # keeps these draws apart from those of the population with the same seed


@dataclass(frozen=True)
class Centres:
    """One element a centre, the largest first.

    `size` is its share of all vouchers, which add up to 1; `place` is the row of `places.csv` of
    its seat. `coach_share` is the part of the fee that goes to coaching, `fixed_cost_share` the
    fixed cost as a part of normal voucher income, `voucher_income_share` the vouchers' part in all
    it earns; for `reserve_months` it can bear a loss.
    """

    size: Floats
    place: NDArray[np.uint16]
    coaches: NDArray[np.int32]
    coach_share: Floats
    fixed_cost_share: Floats
    voucher_income_share: Floats
    reserve_months: Floats

    def __len__(self) -> int:
        return len(self.size)


def build(seed: int, behaviour: Behaviour) -> Centres:
    """Invent the centres from a seed and the assumptions about them."""
    count = round(_fact("legal_persons_paid"))
    chance = Chance(seed ^ STREAM)
    bell = NormalDist()
    # One from each equal part of the lognormal, so that the largest firm of a seed is no accident.
    parts = (np.arange(count)[::-1] + chance.each(count) * 0.5 + 0.25) / count
    size = np.exp(behaviour.centre_size_sigma * np.array([bell.inv_cdf(part) for part in parts]))
    size = np.sort(size / size.sum())[::-1]
    is_large = np.arange(count) < LARGE
    reserve = -np.log((1 - chance.each(count)) * (1 - chance.each(count))) / 2
    return Centres(
        size=size,
        place=_seats(chance, count),
        coaches=np.maximum(np.round(size * _fact("coaches")), 1).astype(np.int32),
        coach_share=np.where(
            is_large, behaviour.centre_coach_share_large, behaviour.centre_coach_share_small
        ),
        fixed_cost_share=np.full(count, behaviour.centre_fixed_cost_share),
        voucher_income_share=np.where(
            is_large,
            behaviour.centre_voucher_income_share_large,
            behaviour.centre_voucher_income_share_small,
        ),
        reserve_months=behaviour.centre_reserve_months * reserve,
    )


def _fact(quantity: str) -> float:
    """Return the newest value of one quantity of `centres.csv`."""
    found = [row for row in margins.rows("centres") if row["quantity"] == quantity]
    return float(max(found, key=lambda row: int(row["year"]))["value"])


def _seats(chance: Chance, count: int) -> NDArray[np.uint16]:
    """Return a seat for each: a town, by the working people of its province."""
    provinces = margins.margins()[2025, "residence"].shares
    names = [row["province"] for row in margins.rows("places")]
    people = np.array([float(row["population"]) for row in margins.rows("places")])
    of_province = {name: people[[name == other for other in names]].sum() for name in set(names)}
    weights = [
        provinces[name] * inhabitants / of_province[name]
        for name, inhabitants in zip(names, people, strict=True)
    ]
    summed = np.cumsum(weights)
    seats = np.searchsorted(summed / summed[-1], chance.each(count))
    return np.minimum(seats, len(names) - 1).astype(np.uint16)
