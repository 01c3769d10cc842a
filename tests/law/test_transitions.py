"""The life of an order and its voucher, and that of a talk: one table each."""

from loopbaan.law.transitions import (
    TALK_TRANSITIONS,
    TRANSITIONS,
    Act,
    Status,
    TalkAct,
    TalkStatus,
    acts,
    outcomes,
    talk_outcome,
)

END = {
    Status.LOST,
    Status.WITHDRAWN,
    Status.LAPSED,
    Status.LAPSED_UNSTARTED,
    Status.CLOSED,
    Status.CLOSED_EARLY,
}


def test_every_status_is_reached_and_only_the_end_ones_are_never_left() -> None:
    reached = {after for each in TRANSITIONS for after in each.after}
    left = {each.before for each in TRANSITIONS if each.before}
    assert reached == set(Status)
    assert set(Status) - left == END


def test_every_act_stands_in_the_table_and_none_twice_from_the_same_status() -> None:
    pairs = [(each.before, each.act) for each in TRANSITIONS]
    assert {act for _, act in pairs} == set(Act)
    assert len(set(pairs)) == len(pairs)


def test_a_refusal_that_is_contested_is_received_again() -> None:
    assert outcomes(Status.REFUSED, Act.CONTEST) == (Status.RECEIVED,)


def test_an_unpaid_order_lapses_and_a_paid_one_is_a_voucher() -> None:
    assert set(acts(Status.GRANTED)) == {Act.PAY, Act.WITHDRAW, Act.LAPSE}
    assert outcomes(Status.GRANTED, Act.PAY) == (Status.ISSUED,)


def test_what_is_not_in_the_table_is_not_possible() -> None:
    assert outcomes(Status.REFUSED, Act.PAY) == ()
    assert outcomes(Status.STARTED, Act.WITHDRAW) == ()
    assert acts(Status.CLOSED) == ()


def test_every_status_and_act_of_a_talk_stands_in_its_table_once() -> None:
    pairs = [(each.before, each.act) for each in TALK_TRANSITIONS]
    assert {each.after for each in TALK_TRANSITIONS} == set(TalkStatus)
    assert {act for _, act in pairs} == set(TalkAct)
    assert len(set(pairs)) == len(pairs)


def test_a_talk_that_ended_stays_so_and_silence_answers_no_dispute() -> None:
    for end in (TalkStatus.WITHDRAWN, TalkStatus.ANNULLED):
        assert all(talk_outcome(end, act) is None for act in TalkAct)
    assert talk_outcome(TalkStatus.DISPUTED, TalkAct.FALL_SILENT) is None
    assert talk_outcome(TalkStatus.CONFIRMED, TalkAct.WITHDRAW) is None
