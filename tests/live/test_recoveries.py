"""A centre that owes more than it claims is asked for it, by two people; the bank settles it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from loopbaan.adapters.fake_bank import How
from loopbaan.live import batches, centre_statement, holds, payout, recoveries, refunds, webhooks
from loopbaan.live.centre_statement import Paid
from loopbaan.live.events import KIND
from loopbaan.live.models import (
    Centre,
    Claim,
    OutboxRow,
    PayoutLine,
    Recovery,
    StatementLine,
    Track,
)
from loopbaan.live.moving import Refused
from tests.live.scheme import ACCOUNT, Scheme, unclean

CLAES, ELS = "official:claes", "official:els"
HOUR = 18_150  # an hour of 2025, VAT included


def _owing(scheme: Scheme) -> Centre:
    """Let De Brug be paid for an hour that turns out never to have been."""
    talk = scheme.confirmed(scheme.started(), 60)
    payout.claim(talk=talk, actor="member:1", **scheme.moment)
    scheme.now += timedelta(days=1)
    moment = {"day": scheme.today, "now": scheme.now}
    batch = batches.make_batch(execute_on=scheme.today, actor=ELS, **moment)
    batches.release_batch(batch=batch, account=ACCOUNT, actor=CLAES, **moment)
    scheme.work()
    scheme.now += timedelta(days=1)
    scheme.read_bank()
    payout.correct(talk=talk, minutes=0, ground="nooit gehouden", actor=CLAES, **scheme.moment)
    return scheme.centre()


def _made(scheme: Scheme, centre: Centre, **changes: object) -> Recovery:
    values = {
        "centre": centre,
        "reason": "gesprek van 10 februari geschrapt",
        "due_on": scheme.today + timedelta(days=30),
        "day": scheme.today,
        "now": scheme.now,
        "actor": ELS,
    }
    return recoveries.make_recovery(**(values | changes))


def _asked(scheme: Scheme, centre: Centre) -> Recovery:
    made = _made(scheme, centre)
    return recoveries.release_recovery(recovery=made, day=scheme.today, now=scheme.now, actor=CLAES)


def _pay(scheme: Scheme, asked: Recovery, how: How = How.EXACT) -> list[StatementLine]:
    """Let the centre pay, and the bank book it the day after."""
    scheme.now += timedelta(days=1)
    scheme.bank.pay(
        asked.reference,
        asked.amount_cents,
        name=asked.centre.name,
        on=scheme.today,
        due_on=asked.due_on,
        how=how,
    )
    return scheme.read_bank()


def _state(scheme: Scheme, claim: Claim) -> tuple[Paid, date | None]:
    lines = centre_statement.lines_of(centre=claim.centre, claims=[claim], day=scheme.today)
    return lines[0].state, lines[0].day


def test_what_a_centre_owes_is_asked_back_and_settled_by_the_bank(scheme: Scheme) -> None:
    centre = _owing(scheme)
    counter = Claim.objects.get(kind="counter")
    assert _state(scheme, counter) == (Paid.SET_OFF, None)
    made = _made(scheme, centre)
    assert made.amount_cents == HOUR
    assert _state(scheme, counter) == (Paid.SET_OFF, None)
    assert centre_statement.asked_back(centre) is None
    asked = recoveries.release_recovery(
        recovery=made, day=scheme.today, now=scheme.now, actor=CLAES
    )
    assert _state(scheme, counter) == (Paid.ASKED_BACK, asked.due_on)
    assert centre_statement.asked_back(centre) == asked
    assert [line.match for line in _pay(scheme, asked)] == ["recovered"]
    assert _state(scheme, counter) == (Paid.RECOVERED, scheme.today)
    assert centre_statement.owed_cents(centre) == 0
    told = centre_statement.statement(
        centre=centre, since=date(2025, 1, 1), until=scheme.today, day=scheme.today
    )
    assert (told.total_cents, told.paid_cents, told.asked_back) == (0, 0, None)


def test_the_centre_is_told_how_much_why_until_when_and_under_which_words(scheme: Scheme) -> None:
    asked = _asked(scheme, _owing(scheme))
    scheme.work()
    (letter,) = (each for each in scheme.mailbox.newest() if each.subject.startswith("Betaal € "))
    digits = asked.reference
    for words in ("€ 181,50", "gesprek van 10 februari geschrapt", ACCOUNT.iban):
        assert words in letter.body.replace("\u00a0", " ")
    assert f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" in letter.body
    recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)
    scheme.work()
    assert "hoeft niet" in scheme.mailbox.newest(1, to="brug@centrum.example")[0].body


def test_software_hears_nothing_of_what_was_taken_back_before_its_release(scheme: Scheme) -> None:
    token, _text = scheme.key("statement")
    webhooks.register(
        token=token, address="https://planning.example/", now=scheme.now, actor="member:1"
    )
    centre = _owing(scheme)
    told = OutboxRow.objects.filter(kind=KIND)
    before = told.count()
    recoveries.cancel_recovery(recovery=_made(scheme, centre), now=scheme.now, actor=CLAES)
    assert told.count() == before
    recoveries.cancel_recovery(recovery=_asked(scheme, centre), now=scheme.now, actor=CLAES)
    assert told.count() == before + 2


def test_two_people_ask_back(scheme: Scheme) -> None:
    made = _made(scheme, _owing(scheme))
    moment = {"day": scheme.today, "now": scheme.now}
    with pytest.raises(Refused, match="niet zelf vrij"):
        recoveries.release_recovery(recovery=made, actor=ELS, **moment)
    with pytest.raises(IntegrityError, match="recovery_two_people"), transaction.atomic():
        Recovery.objects.update(released_by=ELS)
    recoveries.release_recovery(recovery=made, actor=CLAES, **moment)
    with pytest.raises(Refused, match="niet meer open"):
        recoveries.release_recovery(recovery=made, actor=CLAES, **moment)


def test_only_what_is_owed_is_asked_back_once_and_for_a_reason(scheme: Scheme) -> None:
    with pytest.raises(Refused, match="niets terugbetalen"):
        _made(scheme, scheme.centre())
    centre = _owing(scheme)
    with pytest.raises(Refused, match="waarom"):
        _made(scheme, centre, reason=" ")
    with pytest.raises(Refused, match="verleden"):
        _made(scheme, centre, due_on=scheme.today - timedelta(days=1))
    _made(scheme, centre)
    with pytest.raises(Refused, match="al geld teruggevraagd"):
        _made(scheme, centre)


def test_what_is_asked_back_is_not_set_off_until_that_is_taken_back(scheme: Scheme) -> None:
    centre = _owing(scheme)
    asked = _asked(scheme, centre)
    scheme.now += timedelta(days=1)
    scheme.go_on(1)
    talk = scheme.confirmed(scheme.started(7), 120)
    payout.claim(talk=talk, actor="member:1", **scheme.moment)
    assert centre_statement.owed_cents(centre) == 2 * HOUR
    recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)
    assert centre_statement.owed_cents(centre) == HOUR
    assert PayoutLine.objects.filter(recovery=asked, is_void=False).count() == 0
    with pytest.raises(Refused, match="al betaald of geannuleerd"):
        recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)


@pytest.mark.parametrize(
    ("how", "matches"),
    [
        (How.TOO_MUCH, ["too_much"]),
        (How.UNKNOWN, ["unknown"]),
    ],
)
def test_a_payment_that_does_not_fit_waits_for_a_person(
    scheme: Scheme, how: How, matches: list[str]
) -> None:
    asked = _asked(scheme, _owing(scheme))
    assert [line.match for line in _pay(scheme, asked, how)] == matches
    assert Recovery.objects.get(paid_on=None) == asked
    assert [line.match for line in _pay(scheme, asked)] == ["recovered"]


def test_what_is_paid_twice_or_after_it_was_taken_back_waits_for_a_person(scheme: Scheme) -> None:
    asked = _asked(scheme, _owing(scheme))
    _pay(scheme, asked)
    assert [line.match for line in _pay(scheme, asked)] == ["double"]
    with pytest.raises(Refused, match="al betaald"):
        recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)


def test_a_recovery_that_was_taken_back_is_paid_by_nothing(scheme: Scheme) -> None:
    asked = _asked(scheme, _owing(scheme))
    recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)
    assert [line.match for line in _pay(scheme, asked)] == ["late"]
    assert Recovery.objects.get().paid_on is None


def test_what_is_held_is_not_set_off_in_what_is_asked_back(scheme: Scheme) -> None:
    centre = _owing(scheme)
    claim = payout.claim(
        talk=scheme.confirmed(Track.objects.get(), 30), actor="member:1", **scheme.moment
    )
    holds.place_hold(
        centre=centre,
        claim=claim,
        article="hoofdstuk 7",
        reason="controle",
        until=scheme.today + timedelta(days=60),
        day=scheme.today,
        now=scheme.now,
        actor=CLAES,
    )
    made = _made(scheme, centre)
    assert made.amount_cents == HOUR
    assert claim.pk not in made.lines.values_list("claim", flat=True)


def test_who_does_not_pay_back_in_time_is_not_paid_until_then(scheme: Scheme) -> None:
    asked = _asked(scheme, _owing(scheme))
    claim = payout.claim(
        talk=scheme.confirmed(Track.objects.get(), 30), actor="member:1", **scheme.moment
    )
    assert batches.last_day(asked.due_on) is not None
    scheme.go_to(asked.due_on + timedelta(days=1))
    assert _state(scheme, claim) == (Paid.RECOVERY_LATE, asked.due_on)
    moment = {"day": scheme.today, "now": scheme.now, "actor": ELS}
    with pytest.raises(Refused, match="niets uit te betalen"):
        batches.make_batch(execute_on=scheme.today, **moment)
    assert [line.match for line in _pay(scheme, asked)] == ["recovered"]
    assert _state(scheme, claim)[0] == Paid.OVERDUE
    assert batches.last_day(scheme.today) == scheme.today


def _part(scheme: Scheme, asked: Recovery, cents: int) -> str:
    """Let the centre pay some of what it is asked, and return how that matches."""
    some = Recovery(reference=asked.reference, amount_cents=cents, due_on=asked.due_on)
    some.centre = asked.centre
    (line,) = _pay(scheme, some)
    assert unclean() == {}
    return line.match


def test_a_centre_pays_back_in_parts_until_all_of_it_is_there(scheme: Scheme) -> None:
    centre = _owing(scheme)
    asked = _asked(scheme, centre)
    assert _part(scheme, asked, 10_000) == "recovered_part"
    assert _part(scheme, asked, HOUR) == "too_much"
    assert _part(scheme, asked, 8_000) == "recovered_part"
    assert recoveries.left_cents(asked) == 150
    assert Recovery.objects.get().paid_on is None
    assert _part(scheme, asked, 150) == "recovered"
    assert Recovery.objects.get().paid_on == scheme.today
    assert centre_statement.owed_cents(centre) == 0
    assert _part(scheme, asked, 150) == "double"


def test_a_part_of_what_is_no_longer_asked_can_go_back(scheme: Scheme) -> None:
    centre = _owing(scheme)
    asked = _asked(scheme, centre)
    _part(scheme, asked, 10_000)
    recoveries.cancel_recovery(recovery=asked, now=scheme.now, actor=ELS)
    assert centre_statement.owed_cents(centre) == -HOUR
    line = StatementLine.objects.get(recovery=asked)
    assert line.match == "late"
    refunds.make_refund(line=line, now=scheme.now, actor=ELS)
    assert unclean() == {}
