"""What the worker process does, over and over: decide, read the bank, let lapse, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
from loopbaan.live.refunds import lapse_unstarted
from loopbaan.live.talks import confirm_silent

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
    """How much one round did; `trouble` says who did not answer."""

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


def work(outside: Outside, *, today: date, now: datetime) -> Done:
    """Do one round. Who does not answer now is asked again in the next."""
    trouble, decided, entries = "", 0, 0
    try:
        decided = decide_received(
            rulebook=outside.rulebook, registers=outside.registers, today=today, now=now
        )
    except RegisterDown:
        trouble = "the registers do not answer"
    try:
        entries = read_bank(outside, today=today, now=now)
    except BankDown:
        trouble = "the bank does not answer"
    except (Refused, Unusable):
        # The rest of the scheme does not wait for a file that the bank has to put right.
        trouble = "a statement of the bank cannot be used"
    lapsed = lapse_unpaid(day=today, now=now) + lapse_unstarted(today=today, now=now)
    told = run_due(outside.handlers, now=now)
    silent = confirm_silent(day=today, now=now)
    return Done(decided, entries, lapsed, silent, told, trouble)


def read_bank(outside: Outside, *, today: date, now: datetime) -> int:
    """Read the statements that the bank has and we do not; return how many entries they held.

    They are asked again from some days before the latest one that was read, however long ago.
    """
    count = 0
    ours = Statement.objects.filter(account=outside.account.iban)
    known = dict(ours.values_list("ident", "until"))
    latest = min(today, max(known.values(), default=outside.rulebook.first_day))
    for raw in outside.bank.statements(since=latest - timedelta(days=LOOK_BACK_DAYS)):
        new = [each for each in read(raw, account=outside.account.iban) if each.ident not in known]
        count += _read_new(outside, new, now) if new else 0
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
