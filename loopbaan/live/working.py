"""What the worker process does, over and over: decide, read the bank, let lapse, tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Max

from loopbaan.adapters import log_lines
from loopbaan.adapters.bank import Bank, BankAccount, BankDown, BankStatement
from loopbaan.adapters.registers import RegisterDown, Registers
from loopbaan.adapters.statements import read
from loopbaan.adapters.unusable import Unusable
from loopbaan.law.rulebook import Rulebook
from loopbaan.live.deciding import decide_received
from loopbaan.live.models import Statement
from loopbaan.live.moving import Refused
from loopbaan.live.ordering import lapse_unpaid
from loopbaan.live.outbox import Handler, run_due
from loopbaan.live.payment import AlreadyRead, read_file
from loopbaan.live.ready import GONE
from loopbaan.live.refunds import lapse_unstarted
from loopbaan.live.talks import confirm_silent, give_time

ACTOR = "system"
LOOK_BACK_DAYS = 7  # statements are asked again for some days; what is known is passed over


@dataclass(frozen=True)
class Outside:
    """The outside parties of an installation."""

    rulebook: Rulebook
    registers: Registers
    bank: Bank
    account: BankAccount
    handlers: Mapping[str, Handler]


@dataclass(frozen=True)
class Done:
    """How much one round did; `trouble` says who did not answer, or where a fault of ours is."""

    decided: int = 0
    entries: int = 0
    lapsed: int = 0
    silent: int = 0
    told: int = 0
    trouble: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.decided or self.entries or self.lapsed or self.silent or self.told)


class UnusableStatement(ValueError):
    """A statement of the bank cannot be used: the bank has to put it right."""


class Round:
    """The steps of one round. What one of them meets stops no other: it is `trouble`."""

    def __init__(self) -> None:
        self._met: list[str] = []

    @property
    def trouble(self) -> str:
        """What was met, in one line; nothing if all went well."""
        return "; ".join(self._met)

    def step(self, name: str, act: Callable[[], int]) -> int:
        """Do a step and return how much it did. Without a database the whole round ends."""
        try:
            return act()
        except GONE as error:
            if not connection.is_usable():
                raise
            self._fault(name, error)  # it answers: a deadlock, or what took too long
        except RegisterDown:
            self._met.append("the registers do not answer")
        except BankDown:
            self._met.append("the bank does not answer")
        except UnusableStatement:
            # The rest of the scheme does not wait for a file that the bank has to put right.
            self._met.append("a statement of the bank cannot be used")
        except Exception as error:  # noqa: BLE001 (a fault of ours: told, and tried again)
            self._fault(name, error)
        return 0

    def _fault(self, name: str, error: Exception) -> None:
        where = log_lines.where(error.__traceback__)
        self._met.append(f"a fault of ours in {name}: {type(error).__name__} at {where}")


def work(outside: Outside, *, today: date, now: datetime) -> Done:
    """Do one round, each step by itself. Who does not answer now is asked again in the next."""
    book, this = outside.rulebook, Round()

    def decide() -> int:
        return decide_received(rulebook=book, registers=outside.registers, today=today, now=now)

    decided = this.step("deciding", decide)
    entries = this.step("reading the bank", lambda: read_bank(outside, today=today, now=now))
    lapsed = this.step("lapsing", lambda: lapse_unpaid(day=today, now=now))
    lapsed += this.step("lapsing", lambda: lapse_unstarted(today=today, now=now))
    this.step("reminding", lambda: give_time(rulebook=book, day=today, now=now))
    told = this.step("telling", lambda: run_due(outside.handlers, now=now))
    silent = this.step("silence", lambda: confirm_silent(rulebook=book, day=today, now=now))
    return Done(decided, entries, lapsed, silent, told, this.trouble)


def read_bank(outside: Outside, *, today: date, now: datetime) -> int:
    """Read the statements that the bank has and we do not; return how many entries they held.

    They are asked again from some days before the latest one that was read, however long ago.

    Raises:
        BankDown: the bank does not answer.
        UnusableStatement: a file of the bank is wrong; what came before it was read.

    """
    count = 0
    ours = Statement.objects.filter(account=outside.account.iban)
    read_until = ours.aggregate(last=Max("until"))["last"]
    latest = min(today, read_until or outside.rulebook.first_day)
    for raw in outside.bank.statements(since=latest - timedelta(days=LOOK_BACK_DAYS)):
        try:
            held = read(raw, account=outside.account.iban)
            known = set(
                ours.filter(ident__in=[each.ident for each in held]).values_list("ident", flat=True)
            )
            new = [each for each in held if each.ident not in known]
            count += _read_new(outside, new, now) if new else 0
        except (Refused, Unusable) as error:
            raise UnusableStatement from error
    return count


def _read_new(outside: Outside, statements: Sequence[BankStatement], now: datetime) -> int:
    """Read what is new in a file, all or nothing, unless another worker process just did."""
    try:
        lines = read_file(
            statements,
            account=outside.account,
            rulebook=outside.rulebook,
            now=now,
            actor=ACTOR,
        )
    except AlreadyRead:
        return 0
    return len(lines)
