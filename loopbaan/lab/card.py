"""A card: five numbers of the law that anybody can move, and the scenario that they make.

A number that stays as it is makes no line, so two cards that change the same have one hash.
"""

from dataclasses import dataclass
from typing import Any

from loopbaan.lab.instruments import MINUTES_FIRST, MINUTES_SECOND, UNTIL, line
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.checks import day_of
from loopbaan.law.policy import Policy

TITLE = "A card of five numbers"
ALLOCATIONS = ("first_come", "draw", "waiting_list")
LAST = "2026-12"  # the last month that is played: the first whole year after the measure


@dataclass(frozen=True)
class Card:
    """Five numbers: places a month (`None`: no cap), how they are given out, the worker's share,
    the days of work that are asked, and the minutes of the first voucher. A second voucher keeps
    its part of the first.
    """

    cap_per_month: int | None
    allocation: str
    share_cents: int
    experience_days: int
    minutes: int


def as_it_was() -> Card:
    """Return the card that changes nothing: the law of the day before the measure was told."""
    policy = law_before()
    assert policy.least_experience_days is not None, "asked for since 2013"
    return Card(
        policy.cap_per_month,
        policy.allocation,
        policy.share_cents,
        policy.least_experience_days,
        policy.first_voucher_minutes,
    )


def law_before() -> Policy:
    """Return the numbers of the law that a card changes."""
    day = day_of(UNTIL)
    assert day is not None, "a day of the calendar"
    return rulebooks.current().on(day, day)


def comes_too_late(content: dict[str, Any]) -> bool:
    """Return whether all that a scenario changes begins after the last month that is played."""
    changed = (content.get("policy") or {}).values()
    days = [line["from"] for change in changed for line in change["lines"]]
    return bool(days) and str(min(days)) > f"{LAST}-31"


def content(card: Card) -> dict[str, Any]:
    """Return the content of the scenario of a card, as its file has it."""
    before = as_it_was()
    policy: dict[str, Any] = {}
    if card.cap_per_month != before.cap_per_month:
        policy |= {
            "cap_per_month": line("count", card.cap_per_month),
            "cap_counts": line("word", "granted"),
            "lapsed_place_returns": line("yes_no", value=False),
            "cap_shared_by_vouchers": line("yes_no", value=True),
        }
        # Without a cap nobody asks how places are given out.
        if card.allocation != before.allocation:
            policy["allocation"] = line("word", card.allocation)
    if card.share_cents != before.share_cents:
        policy["share_cents"] = line("cents", card.share_cents)
    if card.experience_days != before.experience_days:
        policy["least_experience_days"] = line("days", card.experience_days)
    if card.minutes != before.minutes:
        second = card.minutes * MINUTES_SECOND // MINUTES_FIRST
        policy["first_voucher_minutes"] = line("minutes", card.minutes)
        policy["second_voucher_minutes"] = line("minutes", second)
    made = {
        "title": TITLE,
        "author": "a card",
        "source": "hypothetical",
        "last": LAST,
        "law_known_until": UNTIL,
    }
    return made | ({"policy": policy} if policy else {})
