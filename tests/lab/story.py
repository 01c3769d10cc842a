"""A small run, made by hand: the standing cast and the orders that they placed."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from loopbaan.lab import events as logs
from loopbaan.lab import population as populations
from loopbaan.lab.events import CODE, COLUMNS, KINDS, Events
from loopbaan.lab.population import DIMENSIONS, Population
from loopbaan.law import rulebook
from loopbaan.law.months import NO_DAY, day_number
from loopbaan.law.payout import PAYERS
from loopbaan.law.transitions import Status

BOOK = rulebook.current()
RUNS_ON = 32_767
# Who they are: what is not said is the first category. An is high educated and 34 in 2019.
CAST: dict[str, dict[str, str]] = {
    "an": {"sex": "woman", "education": "high", "digital_skill": "above_basic"},
    "bram": {"sex": "man", "education": "mid", "digital_skill": "basic"},
    "cem": {"sex": "man", "education": "low", "origin": "non_eu", "digital_skill": "low"},
    "dora": {"sex": "woman", "education": "low", "health_limitation": "limited"},
}
PEOPLE = tuple(CAST)
BORN = {"an": 1985, "bram": 1996, "cem": 1970, "dora": 1960}


@dataclass
class Order:
    """An order, its days as texts; money and minutes are those of the law of its day."""

    who: str
    on: str
    outcome: Status
    decided: str = ""
    paid: str = ""
    started: str = ""
    closed: str = ""
    voucher: int = 0
    used: int = 0
    reasons: int = 0
    attempt: int = 0
    minute: int = -1
    centre: int = -1
    gave_up: bool = False
    kind: str = "first"


def population() -> Population:
    """The cast as a population of four."""
    columns: dict[str, Any] = {}
    for name in populations.COLUMNS:
        if name in DIMENSIONS:
            codes = [
                DIMENSIONS[name].index(CAST[who].get(name, DIMENSIONS[name][0])) for who in PEOPLE
            ]
            columns[name] = np.array(codes, np.uint8)
        else:
            columns[name] = np.zeros(len(PEOPLE), np.int16)
    columns["born"] = np.array([12 * (BORN[who] - 1900) for who in PEOPLE], np.int16)
    columns["left"][:] = columns["gap_from"][:] = RUNS_ON
    given = {each.name for each in fields(Population)} - set(columns)
    rest = {"cell_starts": np.array([0, 4]), "hash": "the cast", "seed": 1, "share": 1.0}
    return Population(**columns, **{name: rest[name] for name in given})


def events(*orders: Order) -> Events:
    """The orders as a run yields them."""
    count = len(orders)
    columns: dict[str, Any] = {name: np.zeros(count, kind) for name, kind in COLUMNS.items()}
    splits = [(0,) * len(PAYERS)]
    for row, order in enumerate(orders):
        columns["person"][row] = PEOPLE.index(order.who)
        for name, text in (
            ("ordered_on", order.on),
            ("decided_on", order.decided or order.on),
            ("paid_on", order.paid),
            ("started_on", order.started),
            ("closed_on", order.closed),
        ):
            columns[name][row] = day_number(date.fromisoformat(text)) if text else NO_DAY
        columns["kind"][row] = KINDS.index(order.kind)
        columns["outcome"][row] = CODE[order.outcome]
        columns["used_minutes"][row] = order.used
        for name in ("voucher", "reasons", "attempt", "minute", "centre", "gave_up"):
            columns[name][row] = getattr(order, name)
        if order.voucher:
            policy = BOOK.on(date.fromisoformat(order.on))
            share = policy.share_cents
            columns["minutes"][row] = 240 if order.voucher == 1 else 180
            splits.append((share, 0, 0, 0, 60_000))
            columns["price"][row] = len(splits) - 1
    return logs.Events(
        **columns, splits=np.array(splits, np.int32), first_month=1362, last_month=1535
    )


# A year and a half around the cap of March 2025.
STORY = (
    # An has a voucher and a second one, all of it in 2019.
    Order(
        "an",
        "2019-02-01",
        Status.CLOSED,
        paid="2019-02-04",
        started="2019-02-20",
        closed="2019-05-20",
        voucher=1,
        used=240,
        centre=0,
    ),
    Order(
        "an",
        "2019-06-03",
        Status.CLOSED_EARLY,
        paid="2019-06-05",
        started="2019-07-01",
        closed="2019-08-01",
        voucher=2,
        used=60,
        centre=0,
        kind="second",
    ),
    # Bram is too young at work; years later he loses twice and gives up.
    Order("bram", "2021-03-01", Status.REFUSED, reasons=4),
    Order("bram", "2025-04-01", Status.LOST, minute=9),
    Order("bram", "2025-05-02", Status.LOST, minute=12, attempt=1, gave_up=True),
    # Cem is in time in April and does not pay; Dora loses in April, wins in May, starts in June.
    Order("cem", "2025-04-01", Status.LAPSED, minute=7, voucher=1),
    Order("dora", "2025-04-01", Status.LOST, minute=8),
    Order(
        "dora",
        "2025-05-02",
        Status.STARTED,
        paid="2025-05-09",
        started="2025-06-10",
        voucher=1,
        used=120,
        attempt=1,
        minute=5,
        centre=1,
    ),
)
