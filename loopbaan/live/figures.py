"""What the authority sees of a day: orders by month, places, reasons, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from loopbaan.law.refusals import Refusal
from loopbaan.law.rulebook import Rulebook

MOST_MONTHS = 24

_LATEST = """
    SELECT DISTINCT ON (order_id) order_id, outcome, reasons, decided_at
    FROM live_decision ORDER BY order_id, id DESC
"""
_MONTHS = f"""
SELECT date_trunc('month', o.ordered_on)::date AS month, count(*),
       count(*) FILTER (WHERE d.outcome = 'granted'), count(*) FILTER (WHERE d.outcome = 'refused'),
       count(*) FILTER (WHERE d.outcome = 'lost'), count(*) FILTER (WHERE d.outcome = 'waiting'),
       count(*) FILTER (WHERE d.order_id IS NULL),
       min(o.ordered_on) FILTER (WHERE d.outcome = 'lost')
FROM live_order o LEFT JOIN ({_LATEST}) d ON d.order_id = o.id
WHERE o.ordered_on <= %s
GROUP BY 1 ORDER BY 1 DESC LIMIT {MOST_MONTHS}
"""  # noqa: S608 (put together from our own words only, as are the others)
_TODAY = f"""
SELECT count(*) FILTER (WHERE o.ordered_on = %(today)s),
       count(*) FILTER (WHERE d.decided_at >= %(since)s),
       count(*) FILTER (WHERE d.decided_at >= %(since)s AND d.outcome = 'granted'),
       count(*) FILTER (WHERE d.decided_at >= %(since)s AND d.outcome = 'refused'),
       count(*) FILTER (WHERE d.decided_at >= %(since)s AND d.outcome = 'lost')
FROM live_order o LEFT JOIN ({_LATEST}) d ON d.order_id = o.id
WHERE o.ordered_on = %(today)s OR d.decided_at >= %(since)s
"""  # noqa: S608
_WAITING = """
SELECT (SELECT count(*) FROM live_order o LEFT JOIN live_standing s ON s.order_id = o.id
        WHERE s.order_id IS NULL OR s.status = 'received'),
       (SELECT count(*) FROM live_standing WHERE status = 'granted'),
       (SELECT count(*) FROM live_standing WHERE status = 'issued'),
       (SELECT count(*) FROM live_statementline l LEFT JOIN live_refund r ON r.line_id = l.id
        WHERE l.match = ANY(%s) AND r.id IS NULL),
       (SELECT count(*) FROM live_refund WHERE released_at IS NULL),
       (SELECT count(*) FROM live_outboxrow WHERE dead_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Month:
    """The orders of a month by their latest decision, and its places if it has a cap."""

    month: date
    received: int
    granted: int
    refused: int
    lost: int
    waiting: int
    undecided: int
    cap: int | None
    ran_out_on: date | None

    @property
    def left(self) -> int | None:
        """How many places are left; None where there is no cap."""
        return None if self.cap is None else max(self.cap - self.granted, 0)


@dataclass(frozen=True)
class Today:
    """What came in and was decided today."""

    received: int
    decided: int
    granted: int
    refused: int
    lost: int


@dataclass(frozen=True)
class Waiting:
    """What waits: for the decider, for a worker, or for a person of the authority."""

    undecided: int
    unpaid: int
    unstarted: int
    unmatched: int
    unreleased: int
    dead: int


def months(rulebook: Rulebook, today: date) -> list[Month]:
    """Return the months up to today, the newest first."""
    return [
        Month(month, received, granted, refused, lost, waiting, undecided, cap, ran_out)
        for month, received, granted, refused, lost, waiting, undecided, ran_out in _all(
            _MONTHS, [today]
        )
        for cap in [rulebook.on(max(month, rulebook.first_day), today).cap_per_month]
    ]


def of_today(today: date, since: Any) -> Today:
    """Return what happened on a day; `since` is the moment at which it began."""
    return Today(*_all(_TODAY, {"today": today, "since": since})[0])


def waiting(unused: Sequence[str]) -> Waiting:
    """Return what waits; `unused` are the matches of a payment that somebody must look at."""
    return Waiting(*_all(_WAITING, [list(unused)])[0])


def refusals(month: date) -> list[tuple[Refusal, int]]:
    """Return how often each reason was told on orders of a month; one refusal may have several."""
    columns = ", ".join(f"count(*) FILTER (WHERE d.reasons & {int(each)} > 0)" for each in Refusal)
    query = (
        f"SELECT {columns} FROM live_order o JOIN ({_LATEST}) d ON d.order_id = o.id"  # noqa: S608
        " WHERE o.ordered_on >= %s AND o.ordered_on < %s + interval '1 month'"
    )
    counts = _all(query, [month, month])[0]
    return [(each, count) for each, count in zip(Refusal, counts, strict=True) if count]


def _all(query: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
