"""One month of orders: placed, decided by the law, given a place, and followed to their end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loopbaan.lab import columns, journeys, keyed, line, opening, race, rights
from loopbaan.lab.events import CODE, RETURN, SECOND
from loopbaan.lab.histories import FOR_EVER, NOTHING
from loopbaan.lab.journeys import Journey
from loopbaan.lab.line import Line
from loopbaan.lab.outlook import Outlook
from loopbaan.lab.state import World
from loopbaan.lab.wishes import Wishes
from loopbaan.law import terms
from loopbaan.law.months import NO_DAY, Days, calendar_day, first_of
from loopbaan.law.ordering import Decisions, Facts
from loopbaan.law.periods import periods
from loopbaan.law.transitions import Act, Status, outcomes

Flags = NDArray[np.bool_]

assert {Status.REFUSED, Status.GRANTED, Status.WAITING, Status.LOST} == set(
    outcomes(Status.RECEIVED, Act.DECIDE)
)
assert outcomes(Status.WAITING, Act.WITHDRAW) == (Status.WITHDRAWN,)
assert outcomes(Status.REFUSED, Act.CONTEST) == (Status.RECEIVED,)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Orders placed: who, on what facts of the registers, and the true ones."""

    wishes: Wishes
    minute: NDArray[np.int16]
    given: Facts
    truly: Decisions
    wrong: Flags


def play(world: World, seen: Outlook, wanted: Wishes) -> None:
    """Play the orders of one month, of those who want one and of those who still wait."""
    parts = [*world.contested.pop(seen.month, []), *_still_waiting(world, seen)]
    placed = _place(world, seen, wanted)
    if len(placed.wishes):
        parts.append(_decide(world, placed))
        parts.extend(_contest(world, seen, placed, parts[-1]))
    parts = [each for each in parts if len(each)]
    if not parts:
        return
    together = columns.joined(parts)
    if not seen.is_scarce:
        _grant(world, columns.rows(together, together.eligible), None)
        return
    lost, waits, world.carried = line.pass_days(
        seen,
        together,
        world.population,
        seed=world.seed,
        carried=world.carried,
        grant=lambda won, on: _grant(world, won, on),
    )
    _lose(world, seen, lost)
    _wait(world, waits)


def _place(world: World, seen: Outlook, wanted: Wishes) -> _Placed:
    """Return the orders that are placed, in the order of their arrival."""
    wishes, minute = opening.arrive(
        world.population, world.behaviour, seen, wanted, world.rulebook, world.seed, world.reading
    )
    given = rights.facts(
        world.population, world.histories, world.rulebook, wishes.person, wishes.day, world.reading
    )
    decided = rights.decide(world.rulebook, given, wishes.day, world.reading)
    asks = keyed.uniform(world.seed, "ask", seen.month, wishes.person)
    stays = np.flatnonzero(decided.may_order | (asks < world.asking.share_without_right))
    wishes = columns.rows(wishes, stays)
    wrong = rights.has_error(world.seed, world.asking, wishes.person)
    truly = columns.rows(decided, stays)
    return _Placed(wishes, minute[stays], given.rows(stays), truly, wrong & truly.may_order)


def _decide(world: World, placed: _Placed) -> Line:
    """Let the law decide on what registers know; write every order down, and return the line."""
    decided = placed.truly
    wrong = np.flatnonzero(placed.wrong)
    if len(wrong):
        blank = rights.unknown_to_registers(placed.given.rows(wrong))
        days = placed.wishes.day[wrong]
        decided = _with(decided, wrong, rights.decide(world.rulebook, blank, days, world.reading))
    wishes = placed.wishes
    rows = world.log.add(
        person=wishes.person,
        ordered_on=wishes.day,
        minute=placed.minute,
        attempt=wishes.attempt,
        kind=wishes.kind,
        reasons=decided.reasons,
        outcome=np.where(decided.may_order, CODE[Status.RECEIVED], CODE[Status.REFUSED]),
        decided_on=wishes.day,
        voucher=decided.voucher,
        minutes=decided.minutes,
        price=world.log.price_of(decided.split_cents),
        false_refusal=placed.wrong & ~decided.may_order,
    )
    return Line(
        row=rows,
        person=wishes.person,
        kind=wishes.kind,
        losses=wishes.attempt,
        voucher=decided.voucher,
        minutes=decided.minutes,
        ordered_on=wishes.day,
        enters_on=wishes.day,
        eligible=decided.may_order,
    )


def _contest(world: World, seen: Outlook, placed: _Placed, decided: Line) -> list[Line]:
    """Let the wrongly refused contest; return who is decided again this month, on the true facts.

    They keep their place in line: `row` is that of the order.
    """
    wrong = np.flatnonzero(placed.wrong & ~decided.eligible)
    if not len(wrong):
        return []
    refused = columns.rows(decided, wrong)
    chance = keyed.uniform(world.seed, "contest", seen.month, refused.person)
    wait = np.minimum(-np.log1p(-chance) / max(world.spread.contest_rate, 1e-9), 1e6)
    on = refused.ordered_on + wait.astype(np.int32)
    until = np.empty(len(on), np.int32)
    for period in periods(world.rulebook, refused.ordered_on, None, world.reading, len(on)):
        until[period.rows] = terms.contest_by(period.policy, period.ordered_on)
    in_time = np.flatnonzero(on <= until)
    truly = columns.rows(placed.truly, wrong[in_time])
    again = Line(
        row=refused.row[in_time],
        person=refused.person[in_time],
        kind=refused.kind[in_time],
        losses=refused.losses[in_time],
        voucher=truly.voucher,
        minutes=truly.minutes,
        ordered_on=refused.ordered_on[in_time],
        enters_on=on[in_time],
        eligible=truly.may_order,
    )
    world.log.change(
        again.row,
        contested=np.True_,
        outcome=CODE[Status.RECEIVED],
        reasons=truly.reasons,
        voucher=truly.voucher,
        minutes=truly.minutes,
        price=world.log.price_of(truly.split_cents),
    )
    world.histories.receive(again.person, again.enters_on + np.int32(1))
    here = again.enters_on <= seen.days[-1]
    if not here.all():
        later = columns.rows(again, ~here)
        world.contested.setdefault(seen.month + 1, []).append(later)
    return [columns.rows(again, here)]


def _grant(world: World, won: Line, on: Days | None) -> Days:
    """Follow orders that got a place: payment, start, talks, closing, and the next wish.

    Return the day on which each lapses unpaid, `NO_DAY` where it is paid.
    """
    granted_on = won.enters_on if on is None else on.astype(np.int32)
    journey = journeys.follow(
        world.rulebook,
        world.behaviour,
        world.spread,
        seed=world.seed,
        persons=won.person,
        ordered_on=won.ordered_on,
        granted_on=granted_on,
        minutes=won.minutes,
        reading=world.reading,
    )
    world.log.change(
        won.row,
        outcome=journey.outcome,
        decided_on=granted_on,
        paid_on=journey.paid_on,
        started_on=journey.started_on,
        closed_on=np.where(journey.started_on == NO_DAY, journey.until, journey.closed_on),
        used_minutes=journey.used_minutes,
    )
    world.histories.grant(won.person, journey.started_on, journey.closed_on, journey.until)
    _plan(world, won, journey)
    return np.where(journey.paid_on == NO_DAY, journey.until, NO_DAY)


def _plan(world: World, won: Line, journey: Journey) -> None:
    """Put the wishes for a second voucher, and for a return after the look-back, in the queue."""
    first = np.flatnonzero((won.voucher == 1) & (journey.started_on != NO_DAY))
    if not len(first):
        return
    persons, begun = won.person[first], columns.rows(journey, first)
    policy = world.rulebook.on(calendar_day(int(won.ordered_on.max())), None, world.reading)
    wants, due = journeys.seconds(
        world.rulebook,
        world.behaviour,
        world.spread,
        seed=world.seed,
        persons=persons,
        journey=begun,
        ordered_on=won.ordered_on[first],
        attrition=journeys.attrition(world.behaviour, world.asking.register_error),
        waits_for_closing=policy.closed_before_next,
        reading=world.reading,
    )
    world.queue.put(Wishes.of(persons[wants], SECOND, 0, due[wants]))
    again = journeys.returns(
        world.behaviour, policy, seed=world.seed, persons=persons, started_on=begun.started_on
    )
    world.queue.put(Wishes.of(persons, RETURN, 0, again))


def _lose(world: World, seen: Outlook, lost: Line) -> None:
    """Write down who lost; some try again next month, the others give up."""
    if not len(lost):
        return
    again = race.tries_again(
        world.behaviour,
        world.population,
        seed=world.seed,
        month=seen.month,
        persons=lost.person,
        losses=lost.losses,
    )
    drawn = any(each.allocation in ("draw", "weighted_draw") for each in seen.policies)
    decided_on = seen.days[-1] if drawn else lost.enters_on
    world.log.change(lost.row, outcome=CODE[Status.LOST], gave_up=~again, decided_on=decided_on)
    world.histories.receive(lost.person, NOTHING)
    tries = columns.rows(lost, again)
    world.histories.expect(tries.person, int(first_of(seen.month + 1)) + 1)
    losses = np.minimum(tries.losses, 254) + 1
    world.queue.put_in(seen.month + 1, Wishes.of(tries.person, tries.kind, losses.astype(np.uint8)))


def _wait(world: World, waits: Line) -> None:
    world.waiting = waits if len(waits) else None
    if len(waits):
        world.log.change(waits.row, outcome=CODE[Status.WAITING], decided_on=NO_DAY)
        world.histories.receive(waits.person, FOR_EVER)


def _still_waiting(world: World, seen: Outlook) -> list[Line]:
    """Let some of those who wait give up; return the others, who enter on the first day."""
    if world.waiting is None:
        return []
    waits = world.waiting
    chance = keyed.uniform(world.seed, "wait", seen.month, waits.person)
    drops = chance < world.behaviour.wait_drop_per_month
    gone = columns.rows(waits, drops)
    world.log.change(
        gone.row,
        outcome=CODE[Status.WITHDRAWN],
        gave_up=np.True_,
        decided_on=seen.days[0],
    )
    world.histories.receive(gone.person, NOTHING)
    kept = columns.rows(waits, ~drops)
    world.waiting = None
    more = np.minimum(kept.losses, 254) + 1
    return [
        Line(
            row=kept.row,
            person=kept.person,
            kind=kept.kind,
            losses=more.astype(np.uint8),
            voucher=kept.voucher,
            minutes=kept.minutes,
            ordered_on=kept.ordered_on,
            enters_on=np.full(len(kept), seen.days[0], np.int32),
            eligible=kept.eligible,
        )
    ]


def _with(all_: Decisions, rows: NDArray[np.int64], some: Decisions) -> Decisions:
    """Return the decisions with those of some rows replaced."""
    changed = {}
    for name in Decisions.__slots__:
        column = getattr(all_, name).copy()
        column[rows] = getattr(some, name)
        changed[name] = column
    return Decisions(**changed)
