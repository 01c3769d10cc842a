"""Fills an empty database with the year of the demo, day by day, through the operations alone.

Time is handed to each operation as anywhere else, and what nobody does here happens by itself: the
bank reports, the worker process decides, lets lapse and sends. An interrupted fill is begun anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

import numpy as np
from django.db.models import Sum

from loopbaan.adapters.fake_bank import FakeBank, how_of
from loopbaan.adapters.insz import Keyring
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.adapters.script import BRUSSELS, FIRST_DAY, LAST_DAY, Then, Visit, visits
from loopbaan.law import ordering as law
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Status, TalkStatus
from loopbaan.live import facts, ordering, parties, refunds
from loopbaan.live.deciding import Received, decide_received
from loopbaan.live.enrolling import enrol
from loopbaan.live.filling_centres import enter_centres
from loopbaan.live.filling_guidance import Guiding
from loopbaan.live.filling_payout import MAKES, RELEASES, Paying
from loopbaan.live.models import (
    Decision,
    Order,
    Payout,
    Refund,
    Standing,
    StatementLine,
    Talk,
    Voucher,
)
from loopbaan.live.models.payment import UNUSED
from loopbaan.live.moving import Refused
from loopbaan.live.outbox import run_together
from loopbaan.live.running import outside
from loopbaan.live.talks import confirm_silent
from loopbaan.live.working import Outside, read_bank

SEED = 2013
ASKED_ON = date(2025, 3, 1)  # the day for which people look up whether they may order
LAST_DESK_DAY = date(2025, 9, 25)  # after it, what comes in waits for whoever looks at the demo
DESK_EVERY_DAYS = 28  # refunds are made and released every fourth Thursday
PEOPLE, CENTRES, FEWEST_CENTRES = 2_600, 250, 8  # fewer people, fewer centres
TOLD = (1, 8, 15, 22)  # days of a month before which it is told how far the fill is
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reached:
    """How far the fill is, at the end of a day."""

    day: date
    is_month_over: bool
    orders: int
    granted: int
    vouchers: int
    talks: int
    paid_cents: int


def fill(*, people: int, tell: Callable[[Reached], None], first: date = FIRST_DAY) -> None:
    """Live through the year with so many invented people, besides the cast.

    A later first day leaves out what came before it.
    """
    registers, keys = parties.registers(), facts.keyring()
    likely, others = _who_expects(registers, keys, outside().rulebook, people * 2)
    year = _Year(outside(), parties.bank(), registers, keys)
    for visit in visits(SEED, people, likely, others):
        if visit.on >= first:
            year.visits[visit.on].append(visit)
    day = first
    year.enter_centres(max(FEWEST_CENTRES, min(CENTRES, people * CENTRES // PEOPLE)), day)
    while day <= LAST_DAY:
        year.live_through(day)
        if (day + DAY).day in TOLD:
            tell(year.reached(day))
        day += DAY


def _who_expects(
    registers: SandboxRegisters, keys: Keyring, rulebook: Rulebook, most: int
) -> tuple[list[str], list[str]]:
    """Return who may order by the law, and who may not: they looked it up beforehand."""
    people = registers.people(0, min(most, registers.count))
    sealed = [keys.seal(insz) for insz in people]
    asked = [Received(0, 0, ASKED_ON, "nl", each.key_id, each.cipher, False) for each in sealed]
    found = facts.gather(asked, registers, rulebook, ASKED_ON).facts
    days = np.full(len(people), facts.day_numbers([ASKED_ON])[0])
    may = law.decide(rulebook, found, ordered_on=days, known_on=ASKED_ON).may_order
    return (
        [people[row] for row in np.flatnonzero(may)],
        [people[row] for row in np.flatnonzero(~may)],
    )


@dataclass
class _Year:
    """The year, and what people still mean to do in it."""

    outside: Outside
    bank: FakeBank
    registers: SandboxRegisters
    keys: Keyring
    visits: dict[date, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    plans: dict[date, list[tuple[int, Visit]]] = field(default_factory=lambda: defaultdict(list))
    orders: int = 0
    insz_of: dict[int, str] = field(default_factory=dict)
    guiding: Guiding = field(init=False)
    paying: Paying = field(init=False)

    def enter_centres(self, count: int, day: date) -> None:
        """Enter so many centres, before the first day."""
        rulebook = self.outside.rulebook
        houses = enter_centres(
            SEED,
            count,
            registers=self.registers,
            keys=self.keys,
            rulebook=rulebook,
            now=_at(day, 5),
            day=day,
        )
        self.guiding = Guiding(SEED, rulebook, list(houses), self._come_back)
        self.paying = Paying(self.outside, self.bank, houses, self.guiding)

    def live_through(self, day: date) -> None:
        """Live through a day, from the bank's statement in the morning to the evening's mail."""
        morning, evening = _at(day, 6), _at(day, 23) + timedelta(minutes=30)
        self.bank.report(day - DAY)
        read_bank(self.outside, today=day, now=morning)
        ordering.lapse_unpaid(day=day, now=morning)
        refunds.lapse_unstarted(today=day, now=morning)
        confirm_silent(rulebook=self.outside.rulebook, day=day, now=morning)
        self.guiding.follow(self.insz_of, day)
        self.paying.live_through(day)
        if day <= LAST_DESK_DAY and (LAST_DESK_DAY - day).days % DESK_EVERY_DAYS == 0:
            self._at_the_desk(day, _at(day, 9))
            self.paying.at_the_desk(day)
        for together in _soon_after_each_other(self.visits.pop(day, [])):
            self._order(day, together)
        plans = self.plans.pop(day, ())
        contested = sum(
            self._go_on(Order.objects.get(pk=number), visit, day, _at(day, 23))
            for number, visit in plans
        )
        self._decide(day, evening, contested)
        self.guiding.live_through(day)
        while run_together(self.outside.handlers, now=evening):
            pass

    def reached(self, day: date) -> Reached:
        """Count what came of the orders up to now."""
        granted = Decision.objects.filter(outcome=Status.GRANTED).count()
        is_month_over = (day + DAY).month != day.month
        talks = Talk.objects.filter(status=TalkStatus.CONFIRMED).count()
        paid = Payout.objects.filter(paid_on__isnull=False, returned_on=None)
        return Reached(
            day,
            is_month_over,
            self.orders,
            granted,
            Voucher.objects.count(),
            talks,
            paid.aggregate(sum=Sum("amount_cents"))["sum"] or 0,
        )

    def _decide(self, day: date, now: datetime, count: int) -> None:
        """Decide so many orders: in one batch, unless somebody ordered twice."""
        outside = self.outside
        while count:
            count -= decide_received(
                rulebook=outside.rulebook, registers=outside.registers, today=day, now=now
            )

    def _order(self, day: date, together: list[Visit]) -> None:
        """Let some people order, and see what they are told a second after the last of them."""
        numbers = ordering.receive_together([self._asked(visit) for visit in together])
        self._decide(day, together[-1].at + timedelta(seconds=1), len(numbers))
        found = dict(Standing.objects.filter(pk__in=numbers).values_list("pk", "status"))
        for number, visit in zip(numbers, together, strict=True):
            self._plan(number, visit, Status(found[number]))

    def _asked(self, visit: Visit) -> ordering.Asked:
        worker = enrol(
            insz=visit.insz,
            registers=self.registers,
            keys=self.keys,
            today=visit.on,
            email=parties.sandbox_address(self.registers, visit.insz, visit.on),
        )
        self.orders += 1
        self.insz_of[worker.pk] = visit.insz
        return ordering.Asked(
            worker_id=worker.pk,
            day=visit.on,
            language=visit.language,
            key=UUID(int=SEED << 64 | self.orders),
            now=visit.at,
            actor=f"worker:{worker.pk}" if visit.channel == "web" else MAKES,
            channel=visit.channel,
        )

    def _plan(self, number: int, visit: Visit, status: Status) -> None:
        """Note what somebody means to do about the answer."""
        if status == Status.GRANTED:
            self.plans[visit.on + visit.days * DAY].append((number, visit))
            if visit.stubborn and visit.then == Then.FORGETS:
                self._again(visit, visit.on + 3 * DAY)
        elif visit.stubborn and status == Status.REFUSED:
            self.plans[visit.on + 2 * DAY].append((number, visit))
        elif visit.stubborn and status == Status.LOST:
            self._again(visit, (visit.on.replace(day=1) + 32 * DAY).replace(day=1))

    def _come_back(self, insz: str, day: date) -> None:
        """Let somebody whose voucher was closed order a second one."""
        if day <= LAST_DAY:
            at = _at(day, 12) + timedelta(seconds=self.orders)
            self.visits[day].append(Visit(at, insz))

    def _again(self, visit: Visit, day: date) -> None:
        if day <= LAST_DAY:
            later = visit.at + (day - visit.on)
            self.visits[day].append(replace(visit, at=later, stubborn=False))

    def _go_on(self, order: Order, visit: Visit, day: date, now: datetime) -> bool:
        """Let somebody do what she does about the answer; whether it is to be decided again."""
        actor = f"worker:{order.worker_id}"
        try:
            if order.standing.status == Status.REFUSED:
                ordering.contest(
                    order=order, day=day, rulebook=self.outside.rulebook, now=now, actor=actor
                )
                return True
            elif visit.then == Then.WITHDRAWS:
                ordering.withdraw(order=order, now=now, actor=actor)
            elif visit.then == Then.PAYS:
                self._pay(order, visit, day)
        except Refused:
            pass  # it is too late by now, as it may be for anybody
        return False

    def _pay(self, order: Order, visit: Visit, day: date) -> None:
        asked = order.payment_request
        self.bank.pay(
            asked.reference,
            asked.amount_cents,
            name=order.worker.name,
            on=day,
            due_on=asked.due_on,
            how=visit.how or how_of(asked.reference),
        )

    def _at_the_desk(self, day: date, now: datetime) -> None:
        """Let one official release what stands open, and another give back what matched nothing."""
        account = self.outside.account
        waiting = list(
            Refund.objects.filter(released_at=None)
            .exclude(made_by=RELEASES)
            .values_list("pk", flat=True)
        )
        if waiting:
            self.bank.send(
                refunds.release(
                    refunds=waiting, account=account, today=day, now=now, actor=RELEASES
                )
            )
        unused = StatementLine.objects.filter(match__in=UNUSED, refund=None)
        for line in unused.order_by("pk"):
            refunds.make_refund(line=line, now=now + timedelta(hours=1), actor=MAKES)


def _soon_after_each_other(visits: list[Visit]) -> Iterator[list[Visit]]:
    """Yield the visits of a day in order, those of the same ten minutes together."""
    visits.sort(key=lambda each: each.at)
    for _, together in groupby(visits, lambda each: each.at.timestamp() // 600):
        yield list(together)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), BRUSSELS).astimezone(UTC)
