"""Random lives of vouchers, week by week, through the operations alone, beside a plain account.

At the end every batch, refund and recovery is carried out, so that the bank's own ledger is what
became of every cent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import uuid4

from django.db.models import F

from loopbaan.adapters.fake_bank import How, invented_iban
from loopbaan.law.transitions import Status
from loopbaan.live import (
    batches,
    facts,
    holds,
    members,
    ordering,
    recognition,
    recoveries,
    refunds,
    talks,
)
from loopbaan.live.models import (
    Centre,
    Order,
    OutboxRow,
    PayoutBatch,
    Refund,
    StatementLine,
    Voucher,
)
from loopbaan.live.moving import Refused
from loopbaan.live.outbox import run_due
from tests.live.acts import CENTRES, CLAES, ELS, Acts
from tests.live.lives import Life
from tests.live.scheme import ACCOUNT, BOOK, REGISTERS, Scheme

FIRST_DAYS = {
    "P1": date(2015, 3, 2),
    "P2": date(2021, 3, 1),
    "P3": date(2024, 2, 5),
    "P4": date(2025, 5, 5),
    "P5": date(2025, 12, 1),
}
WEEK = timedelta(days=7)
# Vouchers are issued in two months, for a month may be sold out.
WEEKS, WEEKS_BETWEEN_BATCHES, ISSUED_IN, TURNS_IN = 20, 3, (0, 5), 10
MOST_WEEKS_TO_SETTLE = 8
MAY_ORDER = 1.5  # so many people order for each voucher that is wanted: some may not
TWICE = 0.03  # how many pay twice


@dataclass
class Histories:
    """Some weeks of a period: vouchers are issued, live, and are paid for."""

    scheme: Scheme
    random: Random
    wanted: int
    lives: list[Life] = field(default_factory=list)
    acts: Acts = field(init=False)

    def __post_init__(self) -> None:
        self.acts = Acts(self.scheme, self.random)

    @property
    def centres(self) -> list[Centre]:
        """The centres: a third becomes liable for VAT, a third loses its recognition."""
        return self.acts.centres

    def live(self, first: date) -> None:
        """Live through the weeks from a day on, and let all that is owed be paid in the end."""
        self.scheme.go_to(first)
        self._set_up(first)
        for week in range(WEEKS):
            if week in ISSUED_IN:
                self._issue(self.wanted // len(ISSUED_IN))
            if week == TURNS_IN:
                self._turn()
            for life in self.lives:
                self._live_a_week(life)
            self._round()
            if week % WEEKS_BETWEEN_BATCHES == WEEKS_BETWEEN_BATCHES - 1:
                self._pay(cancels=week % 2 == 1)
                if week < WEEKS - WEEKS_BETWEEN_BATCHES:
                    self._hold()
            self.scheme.now += WEEK
        self._pay_all()
        self._inspect()
        self._pay_all()

    def _pay_all(self) -> None:
        """Let weeks go by until nobody is owed anything and the bank booked it all."""
        for _ in range(MOST_WEEKS_TO_SETTLE):
            if not self._pay(cancels=False):
                return
            self.scheme.now += WEEK
            self.scheme.read_bank()
        raise AssertionError("money still moves")

    def _inspect(self) -> None:
        """Let the authority annul talks of which the centres were paid all they are owed."""
        for centre in range(CENTRES):
            told = [each for life in self.lives for each in life.talks if each.centre == centre]
            for each in [each for each in told if each.is_claimed][:2]:
                self.acts.annul(each)

    def _set_up(self, first: date) -> None:
        """Enter centres, one of them with an account that the bank has closed."""
        now = self.scheme.now
        acts = self.acts
        acts.coach = recognition.enter_coach(name="Dora", qualified_on=first, now=now, actor=CLAES)
        for base in range(10_000_000, 10_000_000 + CENTRES):
            centre = recognition.enter_centre(
                kbo=f"{base:08d}{97 - base % 97:02d}",
                name=f"Centrum {base}",
                iban=invented_iban(base),
                vat="liable" if acts.is_liable(len(self.centres)) else "exempt",
                now=now,
                actor=CLAES,
            )
            recognition.recognise(centre=centre, since=first, rulebook=BOOK, now=now, actor=CLAES)
            members.add_member(
                centre=centre,
                insz=REGISTERS.people(19_000, 19_001)[0],
                name="Dora",
                since=first,
                keys=facts.keyring(),
                now=now,
                actor=CLAES,
                coach=acts.coach,
            )
            self.centres.append(centre)
        self.scheme.bank.closed = {self.centres[0].iban}

    def _issue(self, wanted: int) -> None:
        """Let people order and pay, some of them twice; each chooses a centre."""
        scheme, known = self.scheme, Order.objects.count()
        asked = [
            ordering.Asked(
                scheme.worker(known + number).pk, scheme.today, "nl", uuid4(), scheme.now, "w:1"
            )
            for number in range(int(wanted * MAY_ORDER))
        ]
        numbers = ordering.receive_together(asked)
        scheme.decide()
        orders = Order.objects.filter(pk__in=numbers, standing__status=Status.GRANTED)
        for order in orders.select_related("worker", "payment_request").order_by("pk")[:wanted]:
            is_twice = self.random.random() < TWICE
            scheme.pay(order, How.DOUBLE if is_twice else How.EXACT)
            self.acts.done["paid twice"] += is_twice
        scheme.read_bank()
        issued = Voucher.objects.filter(order__in=numbers).select_related("order__payment_request")
        for voucher in issued.order_by("pk"):
            share = voucher.order.payment_request.amount_cents
            self.lives.append(Life(voucher, share, centre=self.random.randrange(CENTRES)))
        scheme.now += timedelta(days=1)

    def _turn(self) -> None:
        """Let a third of the centres lose their recognition, another one become liable for VAT."""
        moment = {"now": self.scheme.now}
        for place, centre in enumerate(self.centres):
            if place % 3 == 1:
                self.centres[place] = recognition.change_centre(
                    centre=centre, vat="liable", actor="member:1", **moment
                )
            if place % 3 == 2:
                recognition.end_recognition(
                    centre=centre,
                    last_day=self.scheme.today,
                    ended_by="withdrawn",
                    ground="controle",
                    may_ask_on=self.scheme.today + timedelta(days=730),
                    actor=CLAES,
                    **self.scheme.moment,
                )
        self.acts.has_turned = True
        self.scheme.now += timedelta(days=1)

    def _live_a_week(self, life: Life) -> None:
        if life.is_lapsed:
            return
        if life.track is None:
            if self.random.random() < 0.25:
                self.acts.start(life)
            return
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            self.acts.on(life)

    def _round(self) -> None:
        """Do what the worker process does when a day is over."""
        scheme = self.scheme
        self._tell()
        self.acts.done["silence"] += talks.confirm_silent(**scheme.moment)
        refunds.lapse_unstarted(today=scheme.today, now=scheme.now)
        for life in self.lives:
            if life.track is None and not life.is_lapsed:
                life.is_lapsed = life.voucher.start_by < scheme.today
                self.acts.done["lapse"] += life.is_lapsed
            for told in life.talks:
                over = told.registered_on + timedelta(days=14) < scheme.today
                if told.status == "registered" and over:
                    told.status = "confirmed"
        scheme.read_bank()

    def _tell(self) -> None:
        """Let every notice be as if told in time: that each is, and once, is shown elsewhere."""
        waiting = OutboxRow.objects.filter(done_at=None, due_at__lte=self.scheme.now)
        waiting.exclude(kind="payout_send").update(done_at=F("due_at"))

    def _pay(self, *, cancels: bool) -> bool:
        """Let money go and be asked back, and centres be paid; False if there was nothing to do."""
        did = [self._refund(), self._recover(), self._batch(cancels=cancels), self._answer()]
        return any(did)

    def _count(self, act: Callable[..., object], count: int = 1) -> bool:
        self.acts.done[act.__name__] += count
        return count > 0

    def _refund(self) -> bool:
        """Give back what was paid twice and what lapsed."""
        scheme, now = self.scheme, self.scheme.now
        for line in StatementLine.objects.filter(match="double", refund=None):
            refunds.make_refund(line=line, now=now, actor=ELS)
        made = list(Refund.objects.filter(released_at=None).values_list("pk", flat=True))
        if made:
            scheme.bank.send(
                refunds.release(
                    refunds=made, account=ACCOUNT, today=scheme.today, now=now, actor=CLAES
                )
            )
        return self._count(refunds.release, len(made))

    def _recover(self) -> bool:
        """Ask centres for what they owe, and let them pay that."""
        scheme, count = self.scheme, 0
        moment = {"day": scheme.today, "now": scheme.now}
        for centre in self.centres:
            if holds.payable_cents(centre, scheme.today) >= 0:
                continue
            due_on = scheme.today + timedelta(days=30)
            made = recoveries.make_recovery(
                centre=centre, reason="controle", due_on=due_on, actor=ELS, **moment
            )
            asked = recoveries.release_recovery(recovery=made, actor=CLAES, **moment)
            part = asked.amount_cents // (1 if count % 2 else 3)
            for cents in filter(None, (part, asked.amount_cents - part)):
                scheme.bank.pay(
                    asked.reference, cents, name=centre.name, on=scheme.today, due_on=due_on
                )
            self.acts.done["paid in parts"] += part < asked.amount_cents
            count += 1
        return self._count(recoveries.make_recovery, count)

    def _hold(self) -> None:
        """Hold what some centres are paid, or one claim of them, over the next batch."""
        scheme = self.scheme
        for place, centre in enumerate(self.centres[::3]):
            some = holds.unpaid().filter(centre=centre).order_by("pk").first()
            holds.place_hold(
                centre=centre,
                claim=some if place % 2 else None,
                article="hoofdstuk 7",
                reason="controle",
                until=scheme.today + WEEKS_BETWEEN_BATCHES * WEEK,
                day=scheme.today,
                now=scheme.now,
                actor=CLAES,
            )
        self._count(holds.place_hold, 3)

    def _batch(self, *, cancels: bool) -> bool:
        scheme = self.scheme
        moment = {"day": scheme.today, "now": scheme.now}
        try:
            batch = batches.make_batch(execute_on=scheme.today, actor=ELS, **moment)
        except Refused:
            return False  # nobody is owed anything
        if cancels:
            batches.cancel_batch(batch=batch, now=scheme.now, actor=ELS)
            return self._count(batches.cancel_batch)
        self._tell()
        batches.release_batch(batch=batch, account=ACCOUNT, actor=CLAES, **moment)
        run_due(batches.handlers(scheme.bank, ACCOUNT), now=scheme.now)
        assert not OutboxRow.objects.filter(done_at=None, kind="payout_send").exists()
        return self._count(batches.release_batch)

    def _answer(self) -> bool:
        """Let a centre whose bank sent a payment back give another account."""
        count = 0
        for place, centre in enumerate(self.centres):
            if batches.refused_account(centre):
                self.centres[place] = recognition.change_centre(
                    centre=centre,
                    iban=invented_iban(1_000 + place),
                    now=self.scheme.now,
                    actor="member:1",
                )
                count += 1
        return (
            self._count(batches.take_back, count)
            or PayoutBatch.objects.filter(payouts__paid_on=None, status="released").exists()
        )
