"""The life of an order and its voucher, and that of a talk: one table each, walked by all."""

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


TRANSITIONS = (
    Transition(None, Act.RECEIVE, (Status.RECEIVED,), "arrival number"),
    Transition(
        Status.RECEIVED,
        Act.DECIDE,
        (Status.REFUSED, Status.GRANTED, Status.WAITING, Status.LOST),
        "law, then allocation",
    ),
    Transition(Status.RECEIVED, Act.WITHDRAW, (Status.WITHDRAWN,), "worker"),
    Transition(Status.WAITING, Act.WITHDRAW, (Status.WITHDRAWN,), "worker"),
    Transition(
        Status.WAITING, Act.DECIDE, (Status.GRANTED, Status.LOST), "next window, or end of memory"
    ),
    Transition(
        Status.REFUSED, Act.CONTEST, (Status.RECEIVED,), "worker, within contest_days; same place"
    ),
    Transition(
        Status.GRANTED, Act.PAY, (Status.ISSUED,), "the bank's booking day, within payment_days"
    ),
    Transition(Status.GRANTED, Act.WITHDRAW, (Status.WITHDRAWN,), "worker"),
    Transition(Status.GRANTED, Act.LAPSE, (Status.LAPSED,), "the day after payment_days"),
    Transition(
        Status.ISSUED, Act.START, (Status.STARTED,), "centre, within start_months; uses the right"
    ),
    Transition(
        Status.ISSUED, Act.LAPSE, (Status.LAPSED_UNSTARTED,), "the day after; refund, right kept"
    ),
    Transition(
        Status.STARTED, Act.MOVE, (Status.STARTED,), "worker_may_move or authority_may_move"
    ),
    Transition(Status.STARTED, Act.CLOSE, (Status.CLOSED,), "minutes used up, plan there"),
    Transition(
        Status.STARTED, Act.CLOSE_EARLY, (Status.CLOSED_EARLY,), "both sides; the rest is lost"
    ),
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


class TalkStatus(StrEnum):
    """Where a talk stands. Only a confirmed one is owed; its minutes are taken until it ends."""

    REGISTERED = "registered"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"


class TalkAct(StrEnum):
    """What moves a talk."""

    REGISTER = "register"
    CONFIRM = "confirm"
    FALL_SILENT = "fall_silent"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"
    UPHOLD = "uphold"
    CORRECT = "correct"
    ANNUL = "annul"


@dataclass(frozen=True)
class TalkTransition:
    """From a status (None: nothing yet), by an act, to another; and what decides it."""

    before: TalkStatus | None
    act: TalkAct
    after: TalkStatus
    moved_by: str


TALK_TRANSITIONS = (
    TalkTransition(None, TalkAct.REGISTER, TalkStatus.REGISTERED, "centre, within the minutes"),
    TalkTransition(
        TalkStatus.REGISTERED,
        TalkAct.CONFIRM,
        TalkStatus.CONFIRMED,
        "worker; the authority, for those who phone or write",
    ),
    TalkTransition(
        TalkStatus.REGISTERED,
        TalkAct.FALL_SILENT,
        TalkStatus.CONFIRMED,
        "silence_confirms_after_days, after silence_reminders",
    ),
    TalkTransition(
        TalkStatus.REGISTERED,
        TalkAct.DISPUTE,
        TalkStatus.DISPUTED,
        "worker; the authority, for those who phone or write",
    ),
    TalkTransition(
        TalkStatus.REGISTERED,
        TalkAct.UPHOLD,
        TalkStatus.CONFIRMED,
        "authority, after the last day to answer, where a reminder could not be sent",
    ),
    TalkTransition(
        TalkStatus.REGISTERED, TalkAct.ANNUL, TalkStatus.ANNULLED, "authority, as UPHOLD"
    ),
    TalkTransition(TalkStatus.REGISTERED, TalkAct.WITHDRAW, TalkStatus.WITHDRAWN, "centre"),
    TalkTransition(TalkStatus.DISPUTED, TalkAct.CONFIRM, TalkStatus.CONFIRMED, "worker"),
    TalkTransition(TalkStatus.DISPUTED, TalkAct.WITHDRAW, TalkStatus.WITHDRAWN, "centre"),
    TalkTransition(TalkStatus.DISPUTED, TalkAct.UPHOLD, TalkStatus.CONFIRMED, "authority"),
    TalkTransition(TalkStatus.DISPUTED, TalkAct.ANNUL, TalkStatus.ANNULLED, "authority"),
    TalkTransition(
        TalkStatus.CONFIRMED, TalkAct.CORRECT, TalkStatus.CONFIRMED, "authority: fewer minutes"
    ),
    TalkTransition(TalkStatus.CONFIRMED, TalkAct.ANNUL, TalkStatus.ANNULLED, "authority"),
)


def talk_outcome(before: TalkStatus | None, act: TalkAct) -> TalkStatus | None:
    """Return the status to which an act leads a talk; None where it is not possible."""
    for transition in TALK_TRANSITIONS:
        if transition.before == before and transition.act == act:
            return transition.after
    return None
