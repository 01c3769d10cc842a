"""The life of an order and of a voucher: one table, walked by the scheme and the laboratory."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where an order, or the voucher that came of it, stands."""

    RECEIVED = "received"
    REFUSED = "refused"
    WAITING = "waiting"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    LAPSED = "lapsed"
    ISSUED = "issued"
    LAPSED_UNSTARTED = "lapsed_unstarted"
    STARTED = "started"
    CLOSED = "closed"
    CLOSED_EARLY = "closed_early"


class Act(StrEnum):
    """What moves it."""

    RECEIVE = "receive"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    CONTEST = "contest"
    PAY = "pay"
    LAPSE = "lapse"
    START = "start"
    MOVE = "move"
    CLOSE = "close"
    CLOSE_EARLY = "close_early"


@dataclass(frozen=True)
class Transition:
    """From a status (None: nothing yet), by an act, to one of some; and what decides it."""

    before: Status | None
    act: Act
    after: tuple[Status, ...]
    moved_by: str


_S, _A = Status, Act
TRANSITIONS = (
    Transition(None, _A.RECEIVE, (_S.RECEIVED,), "arrival number"),
    Transition(
        _S.RECEIVED,
        _A.DECIDE,
        (_S.REFUSED, _S.GRANTED, _S.WAITING, _S.LOST),
        "law, then allocation",
    ),
    Transition(_S.RECEIVED, _A.WITHDRAW, (_S.WITHDRAWN,), "worker"),
    Transition(_S.WAITING, _A.WITHDRAW, (_S.WITHDRAWN,), "worker"),
    Transition(_S.WAITING, _A.DECIDE, (_S.GRANTED, _S.LOST), "next window, or end of memory"),
    Transition(_S.REFUSED, _A.CONTEST, (_S.RECEIVED,), "worker, within contest_days; same place"),
    Transition(_S.GRANTED, _A.PAY, (_S.ISSUED,), "the bank's booking day, within payment_days"),
    Transition(_S.GRANTED, _A.WITHDRAW, (_S.WITHDRAWN,), "worker"),
    Transition(_S.GRANTED, _A.LAPSE, (_S.LAPSED,), "the day after payment_days"),
    Transition(_S.ISSUED, _A.START, (_S.STARTED,), "centre, within start_months; uses the right"),
    Transition(_S.ISSUED, _A.LAPSE, (_S.LAPSED_UNSTARTED,), "the day after; refund, right kept"),
    Transition(_S.STARTED, _A.MOVE, (_S.STARTED,), "worker_may_move or authority_may_move"),
    Transition(_S.STARTED, _A.CLOSE, (_S.CLOSED,), "minutes used up, plan there"),
    Transition(_S.STARTED, _A.CLOSE_EARLY, (_S.CLOSED_EARLY,), "both sides; the rest is lost"),
)


def outcomes(before: Status | None, act: Act) -> tuple[Status, ...]:
    """Return the statuses to which an act may lead; empty where the act is not possible."""
    for transition in TRANSITIONS:
        if transition.before == before and transition.act == act:
            return transition.after
    return ()


def acts(before: Status | None) -> tuple[Act, ...]:
    """Return the acts that are possible from a status; an end status has none."""
    return tuple(each.act for each in TRANSITIONS if each.before == before)
