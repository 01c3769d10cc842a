"""The bank of the demo: workers pay at it in every way people pay, and it writes the statements.

It keeps a ledger in a folder, which only grows, so that several processes use one bank and each
statement can be asked for again. It reads no clock: every day is handed in.
"""

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from stdnum import iban as iban_numbers
from stdnum.be import ogm_vcs

from loopbaan.adapters.bank import (
    PAIN,
    BankAccount,
    BankRefused,
    is_payment_file,
    written_communication,
)
from loopbaan.adapters.line_file import Line, LineFile

CAMT = "camt.053.001.08"
NO_BANK = "539"  # a bank code that no bank has: an account with it is nobody's
DAY = timedelta(days=1)


class How(StrEnum):
    """How someone pays what is asked."""

    EXACT = "exact"
    DOUBLE = "double"
    LATE = "late"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    UNKNOWN = "unknown"


_HABITS = (*[How.EXACT] * 45, *(how for how in How if how != How.EXACT))


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of the ledger of the bank."""

    day: str
    cents: int
    name: str
    iban: str
    text: str = ""
    structured: str = ""
    end_to_end: str = "NOTPROVIDED"
    returned: str = ""


@dataclass(frozen=True)
class _Statement:
    number: int
    day: date
    is_over: bool
    opening_cents: int
    bookings: tuple[tuple[int, Booking], ...]

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(booking.cents for _, booking in self.bookings)


@dataclass
class FakeBank:
    """A bank with one account. Refunds to an account that is `closed` come back the day after."""

    account: BankAccount
    folder: Path
    closed: Collection[str] = ()
    _pending: list[tuple[int, Booking]] = field(init=False, repr=False, default_factory=list)
    _made: list[_Statement] = field(init=False, repr=False, default_factory=list)
    _files: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    _count: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        self._ledger = LineFile(self.folder / "bank.jsonl")

    def pay(
        self,
        communication: str,
        cents: int,
        *,
        name: str,
        on: date,
        due_on: date,
        how: How = How.EXACT,
    ) -> None:
        """Let a worker pay what is asked: on a day, or after the last one if she is late.

        A day that the bank has closed books on the next one.
        """
        day = max(on, due_on + 2 * DAY) if how == How.LATE else on
        amount = {How.TOO_LITTLE: cents // 2, How.TOO_MUCH: cents + cents // 2}.get(how, cents)
        text = structured = ""
        if how == How.UNKNOWN:
            text = "Mijn bijdrage"
        elif int(communication) % 2:
            text = written_communication(communication)  # as a banking app sends a scanned QR
        else:
            structured = communication
        payer = invented_iban(int(communication[:10]))
        days = [day, day + DAY] if how == How.DOUBLE else [day]
        with self._ledger.alone():
            self._ledger.read_on(self._note)
            self._book(*(Booking(str(d), amount, name, payer, text, structured) for d in days))

    def send(self, refunds: bytes) -> None:
        """Take a file of refunds, each booked on the day asked; the same file again does nothing.

        Raises:
            BankRefused: it is no such file, of another account, or another one of the same name.

        """
        ident, bookings = self._read_refunds(refunds)
        digest = hashlib.sha256(refunds).hexdigest()
        with self._ledger.alone():
            self._ledger.read_on(self._note)
            if self._files.get(ident, digest) != digest:
                raise BankRefused(f"another file named {ident} was taken before")
            if ident not in self._files:
                self._book(*bookings, file=ident, digest=digest)

    def report(self, on: date, *, is_over: bool = True) -> bytes | None:
        """Write the statement of what was booked up to a day and on no statement yet.

        At the end of a day there is one even if nothing was booked. While the day runs
        (`is_over=False`) there is one only if something was. None if there is nothing to write.
        """
        with self._ledger.alone():
            self._ledger.read_on(self._note)
            has_news = any(booking.day <= str(on) for _, booking in self._pending)
            if on <= self._closed_on or not (is_over or has_news):
                return None
            self._ledger.append({"statement": len(self._made) + 1, "day": str(on), "over": is_over})
            self._ledger.read_on(self._note)
            return _camt(self.account, self._made[-1])

    def statements(self, *, since: date) -> list[bytes]:
        """Return the statements made on a day or later, the oldest first."""
        self._ledger.read_on(self._note)
        return [_camt(self.account, each) for each in self._made if each.day >= since]

    @property
    def _closed_on(self) -> date:
        return max((each.day for each in self._made if each.is_over), default=date.min)

    def _book(self, *bookings: Booking, **more: str) -> None:
        first = str(self._closed_on + DAY)
        booked = [{**asdict(each), "day": max(each.day, first)} for each in bookings]
        self._ledger.append({**more, "booked": booked})

    def _note(self, _place: int, line: Line) -> None:
        """Take in a line of the ledger: a statement, or bookings and the file they came in."""
        if "statement" in line:
            told = sorted(
                (each for each in self._pending if each[1].day <= line["day"]),
                key=lambda each: (each[1].day, each[0]),
            )
            self._pending = [each for each in self._pending if each[1].day > line["day"]]
            opening = self._made[-1].closing_cents if self._made else 0
            day = date.fromisoformat(line["day"])
            statement = _Statement(line["statement"], day, line["over"], opening, tuple(told))
            self._made.append(statement)
            return
        if "file" in line:
            self._files[line["file"]] = line["digest"]
        for booking in line["booked"]:
            self._count += 1
            self._pending.append((self._count, Booking(**booking)))

    def _read_refunds(self, refunds: bytes) -> tuple[str, list[Booking]]:
        try:
            root = fromstring(refunds, forbid_dtd=True)
            is_valid = is_payment_file(refunds)
        except (ET.ParseError, DefusedXmlException, UnicodeDecodeError):
            is_valid = False
        if not is_valid:
            raise BankRefused(f"the file is no valid {PAIN}")
        if _text(root, ".//{*}DbtrAcct/{*}Id/{*}IBAN") != self.account.iban:
            raise BankRefused("the file is of another account")
        bookings: list[Booking] = []
        for payments in root.iterfind(".//{*}PmtInf"):
            day = _text(payments, "{*}ReqdExctnDt/{*}Dt")
            for payment in payments.iterfind("{*}CdtTrfTxInf"):
                bookings += self._settlement(payment, day)
        total = -sum(each.cents for each in bookings if not each.returned)
        if _text(root, "./*/{*}GrpHdr/{*}CtrlSum") != f"{total // 100}.{total % 100:02}":
            raise BankRefused("the sum in the file is not that of its payments")
        return _text(root, "./*/{*}GrpHdr/{*}MsgId"), bookings

    def _settlement(self, payment: ET.Element, day: str) -> list[Booking]:
        """Return what is booked for a refund; to a closed account it goes out and comes back."""
        whole, _, part = _text(payment, "{*}Amt/{*}InstdAmt").partition(".")
        values: dict[str, Any] = {
            "name": _text(payment, "{*}Cdtr/{*}Nm"),
            "iban": _text(payment, "{*}CdtrAcct/{*}Id/{*}IBAN"),
            "text": _text(payment, "{*}RmtInf/{*}Ustrd"),
            "end_to_end": _text(payment, "{*}PmtId/{*}EndToEndId"),
        }
        cents = int(whole) * 100 + int(part.ljust(2, "0"))
        out = Booking(day, -cents, **values)
        if out.iban not in self.closed:
            return [out]
        return [out, Booking(str(date.fromisoformat(day) + DAY), cents, **values, returned="AC04")]


def how_of(communication: str) -> How:
    """Return how the payer of a request pays: nine in ten pay exactly."""
    number = int(communication[:10]) * 0x9E3779B97F4A7C15 % 2**64
    return _HABITS[(number >> 32) % len(_HABITS)]


def invented_iban(number: int) -> str:
    """Return an account that is nobody's, as its bank code is no bank's."""
    ten = f"{NO_BANK}{number % 10**7:07}"
    account = f"{ten}{int(ten) % 97 or 97:02}"
    return f"BE{iban_numbers.calc_check_digits(f'BE00{account}')}{account}"


def _text(element: ET.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _camt(account: BankAccount, statement: _Statement) -> bytes:
    """Return a statement as camt.053; of a day that is not over, the closing is an interim one."""
    ident = f"{account.iban}-{statement.number:06}"
    made = f"{statement.day}T{'23:59:59' if statement.is_over else '12:00:00'}"
    first = statement.bookings[0][1].day if statement.bookings else str(statement.day)
    closing = "CLBD" if statement.is_over else "ITBD"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{CAMT}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{ident}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{ident}</Id><ElctrncSeqNb>{statement.number}</ElctrncSeqNb>"
        f"<CreDtTm>{made}</CreDtTm>"
        f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{made}</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{account.iban}</IBAN></Id><Ccy>EUR</Ccy>"
        f"<Ownr><Nm>{escape(account.name)}</Nm></Ownr></Acct>"
        f"{_balance('OPBD', statement.opening_cents, first)}"
        f"{_balance(closing, statement.closing_cents, str(statement.day))}"
        f"{''.join(_entry(number, booking) for number, booking in statement.bookings)}"
        f"</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _balance(code: str, cents: int, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(cents)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(number: int, booking: Booking) -> str:
    side = "Dbtr" if booking.cents >= 0 and not booking.returned else "Cdtr"
    remittance = f"<Ustrd>{escape(booking.text)}</Ustrd>" if booking.text else ""
    if booking.structured:
        assert ogm_vcs.is_valid(booking.structured)
        remittance = (
            "<Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>BBA</Prtry></CdOrPrtry></Tp>"
            f"<Ref>{booking.structured}</Ref></CdtrRefInf></Strd>"
        )
    returned = (
        f"<RtrInf><Rsn><Cd>{booking.returned}</Cd></Rsn></RtrInf>" if booking.returned else ""
    )
    return (
        f"<Ntry>{_amount(booking.cents)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{booking.day}</Dt></BookgDt><ValDt><Dt>{booking.day}</Dt></ValDt>"
        f"<AcctSvcrRef>FB{number:010}</AcctSvcrRef><BkTxCd/>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(booking.end_to_end)}</EndToEndId></Refs>"
        f"{_amount(booking.cents)}"
        f"<RltdPties><{side}><Pty><Nm>{escape(booking.name)}</Nm></Pty></{side}>"
        f"<{side}Acct><Id><IBAN>{booking.iban}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf>{remittance}</RmtInf>{returned}</TxDtls></NtryDtls></Ntry>"
    )


def _amount(cents: int) -> str:
    sign = "CRDT" if cents >= 0 else "DBIT"
    whole, part = divmod(abs(cents), 100)
    return f'<Amt Ccy="EUR">{whole}.{part:02}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
