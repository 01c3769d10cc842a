"""The cast in the live scheme: orders, decides and pays through the operations themselves."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from loopbaan.adapters.bank import BankAccount, BankStatement
from loopbaan.adapters.cast import CAST
from loopbaan.adapters.fake_bank import FakeBank, How, invented_iban
from loopbaan.adapters.mailbox import FolderMailbox
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.adapters.statements import read
from loopbaan.law import rulebook
from loopbaan.live import books, deciding, enrolling, facts, notices, ordering, payment, working
from loopbaan.live.models import Order, StatementLine, Worker

BOOK = rulebook.current()
REGISTERS = SandboxRegisters(1, 20_000)
ACCOUNT = BankAccount("Loopbaan Vlaanderen", invented_iban(1))
INSZ = {member.key: member.insz for member in CAST}


@dataclass
class Scheme:
    """The scheme on a day. Time moves only when it is told to."""

    folder: Path
    now: datetime = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
    bank: FakeBank = field(init=False)
    mailbox: FolderMailbox = field(init=False)

    def __post_init__(self) -> None:
        self.bank = FakeBank(ACCOUNT, self.folder)
        self.mailbox = FolderMailbox(self.folder / "mail")

    @property
    def today(self) -> date:
        """The day in Flanders."""
        return self.now.astimezone(ZoneInfo("Europe/Brussels")).date()

    def go_to(self, day: date) -> None:
        """Let it become nine in the morning of a day."""
        self.now = datetime.combine(day, time(8), UTC)

    def worker(self, who: str | int) -> Worker:
        """Return a member of the cast, or one of the invented people by number."""
        insz = INSZ[who] if isinstance(who, str) else REGISTERS.people(who, who + 1)[0]
        return enrolling.enrol(
            insz=insz,
            registers=REGISTERS,
            keys=facts.keyring(),
            today=self.today,
            email=f"{who}@example.be",
        )

    def order(self, who: str | int, **changes: object) -> Order:
        """Let somebody order."""
        worker = self.worker(who)
        values = {
            "worker_id": worker.pk,
            "day": self.today,
            "language": "nl",
            "key": uuid4(),
            "now": self.now,
            "actor": f"worker:{worker.pk}",
        }
        return ordering.receive(**(values | changes))

    def decide(self) -> int:
        """Decide what was received, batch after batch, and return how many."""
        count = 0
        while done := deciding.decide_received(
            rulebook=BOOK, registers=REGISTERS, today=self.today, now=self.now
        ):
            count += done
        return count

    def granted(self, who: str | int = "an") -> Order:
        """Let somebody order and be granted."""
        order = self.order(who)
        self.decide()
        assert order.standing.status == "granted"
        return order

    def pay(self, order: Order, how: How = How.EXACT, on: date | None = None) -> None:
        """Let the worker pay at the bank; the money is booked when the bank says so."""
        request = order.payment_request
        self.bank.pay(
            request.reference,
            request.amount_cents,
            name=order.worker.name,
            on=on or self.today,
            due_on=request.due_on,
            how=how,
        )

    def read_bank(self, on: date | None = None) -> list[StatementLine]:
        """Let the bank close a day, and read its statement."""
        raw = self.bank.report(on or self.today)
        assert raw is not None
        return [line for each in read(raw) for line in self.read(each)]

    def read(self, statement: BankStatement) -> list[StatementLine]:
        """Read a statement."""
        return payment.read_statement(
            statement, account=ACCOUNT, rulebook=BOOK, now=self.now, actor="system"
        )

    def paid(self, who: str | int = "an") -> Order:
        """Let somebody order, be granted and pay: a voucher is issued."""
        order = self.granted(who)
        self.pay(order)
        self.read_bank()
        return Order.objects.get(pk=order.pk)

    def work(self) -> working.Done:
        """Let the worker process do one round."""
        outside = working.Outside(
            rulebook=BOOK,
            registers=REGISTERS,
            bank=self.bank,
            account=ACCOUNT,
            handlers=notices.handlers(self.mailbox, "https://example.be"),
        )
        return working.work(outside, today=self.today, now=self.now)

    def go_on(self, days: int) -> None:
        """Let days go by, the bank closing each, the worker process at work."""
        for _ in range(days):
            self.bank.report(self.today)
            self.work()
            self.now += timedelta(days=1)
        self.work()


def unclean() -> dict[str, list[str]]:
    """Return the invariants that the rows break."""
    return {name: rows for name, rows in books.offending() if rows}
