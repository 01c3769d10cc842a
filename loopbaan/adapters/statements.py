"""Statements of the bank: camt.053 of any version from .02 to .13, read bounded and checked.

A file comes from outside: it is read as a stream, never further than the bounds below; a document
type, an entity or another kind of file is refused with a sentence. What is read adds up, or it is
refused: a statement that lost a line is worse than none.
"""

import functools
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import BinaryIO

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from loopbaan.adapters.bank import BankStatement, Entry, communications
from loopbaan.adapters.unusable import Unusable

MOST_BYTES = 20_000_000
MOST_ENTRIES = 20_000  # payments in one file
MOST_PENDING = 200_000  # elements of one entry, or outside any
MOST_DEPTH = 40
VERSIONS = range(2, 14)
_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.(\d\d))\}Document")
_OTHER = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]+\.\d{3})")
_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2})0*)?", re.ASCII)
_NO_REFERENCE = {"", "NONREF", "NOTPROVIDED"}
_OPENING, _CLOSING, _INTERIM = ("OPBD", "PRCD"), "CLBD", "ITBD"


def read(source: bytes | BinaryIO, *, account: str | None = None) -> tuple[BankStatement, ...]:
    """Return the statements in a file; entries that are not booked yet are left out.

    With `account`, statements of any other IBAN are refused.

    Raises:
        Unusable: a sentence says what is wrong with the file.

    """
    stream = _Bounded(io.BytesIO(source) if isinstance(source, bytes) else source)
    try:
        found = tuple(_read(stream))
    except Unusable:
        raise
    except DefusedXmlException:
        raise Unusable(
            nl="Dit bestand bevat een documenttype of entiteiten: dat is onveilig en wordt"
            " geweigerd.",
            en="This file holds a document type or entities: that is unsafe and is refused.",
        ) from None
    except (ET.ParseError, LookupError, ValueError):
        raise _not_xml(stream.head) from None
    if not found:
        raise _wrong("er staat geen uittreksel in", "there is no statement in it")
    for statement in found:
        if account is not None and statement.account != account:
            raise Unusable(
                nl=f"Uittreksel {statement.ident} is van rekening {statement.account}, niet van"
                f" {account}. Er is niets ingelezen.",
                en=f"Statement {statement.ident} is of account {statement.account}, not of"
                f" {account}. Nothing was read in.",
            )
    return found


class _Bounded:
    """A stream that refuses to be read too far, and remembers how it began."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = 0
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size if size >= 0 else MOST_BYTES + 1)
        self.head = self.head or chunk[:200]
        self._read += len(chunk)
        if self._read > MOST_BYTES:
            raise _too_large()
        return chunk


def _read(stream: _Bounded) -> Iterator[BankStatement]:
    """Yield each statement as it ends. Whatever has been read of it is let go."""
    depth = pending = payments = count = 0
    space = ""
    reading: _Statement | None = None
    for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
        if event == "start":
            depth, pending = depth + 1, pending + 1
            if depth == 1:
                space = _space(element.tag)
            elif depth == 3 and element.tag == f"{space}Stmt":
                count += 1
                reading = _Statement(element, space, count)
            if pending > MOST_PENDING or depth > MOST_DEPTH:
                raise _too_large()
            continue
        depth -= 1
        if reading is not None and depth == 3 and element.tag == f"{space}Ntry":
            payments += reading.take(element)
            pending = 0
            if payments > MOST_ENTRIES:
                raise _too_large()
        elif reading is not None and depth == 2:
            yield reading.end()
            reading.root.clear()
            reading, pending = None, 0


def _space(tag: str) -> str:
    """Return the name space of a camt.053 document, in braces."""
    found = _ROOT.fullmatch(tag)
    if found and int(found[2]) in VERSIONS:
        return tag.removesuffix("Document")
    other = found or _OTHER.search(tag)
    what = f" ({other[1]})" if other else ""
    raise Unusable(
        nl=f"Dit is geen uittreksel{what}. Neem een camt.053-bestand van uw bank.",
        en=f"This is no statement{what}. Take a camt.053 file from your bank.",
    )


class _Statement:
    """A statement while it is read; `place` is its number in the file."""

    def __init__(self, root: ET.Element, space: str, place: int) -> None:
        self.root = root
        self._space = space
        self._place = place
        self._entries: list[Entry] = []
        self._references: Counter[str] = Counter()
        self._count = 0

    def take(self, entry: ET.Element) -> int:
        """Take an entry in and let its element go; return how many payments it holds."""
        self._count += 1
        details = list(entry.iterfind(self._path("NtryDtls/TxDtls"))) or [entry]
        status = self._text(entry, "Sts/Cd") or self._text(entry, "Sts")
        if status == "BOOK":
            self._entries += self._payments(entry, details)
        elif not status:
            raise self._faulty("de status ontbreekt", "its status is missing")
        self.root.remove(entry)
        return len(details)

    def end(self) -> BankStatement:
        """Return the statement, if it adds up."""
        self._count = 0
        account = self._text(self.root, "Acct/Id/IBAN")
        if not account or not self._ident:
            raise self._wrong("de rekening of het nummer ontbreekt", "account or number is missing")
        sequence = self._text(self.root, "ElctrncSeqNb") or self._text(self.root, "LglSeqNb")
        return BankStatement(
            account=account[:34],
            ident=self._ident,
            sequence=int(sequence) if re.fullmatch(r"\d{1,18}", sequence, re.ASCII) else None,
            until=self._until(),
            entries=tuple(self._entries),
        )

    def _payments(self, entry: ET.Element, details: list[ET.Element]) -> Iterator[Entry]:
        total = self._cents(entry, entry)
        booked_on = self._day(entry, "BookgDt")
        amounts = [total]
        if len(details) > 1:
            amounts = [self._cents(each, entry) for each in details]
            if sum(amounts) != total:
                raise self._faulty("de delen zijn samen niet het geheel", "its parts do not add up")
        is_reversal = self._text(entry, "RvslInd") == "true"
        for each, amount in zip(details, amounts, strict=True):
            remittance, found = self._remittance(each)
            returned = self._text(each, "RtrInf/Rsn/Cd")[:4]
            # What comes back keeps the sides of the payment that it undoes.
            side = "Dbtr" if (amount >= 0) != (is_reversal or returned != "") else "Cdtr"
            name = self._text(each, f"RltdPties/{side}/Pty/Nm")
            yield Entry(
                bank_reference=self._reference(entry, each),
                booked_on=booked_on,
                amount_cents=amount,
                remittance=remittance,
                communication=found,
                payer_name=(name or self._text(each, f"RltdPties/{side}/Nm"))[:140],
                payer_iban=self._text(each, f"RltdPties/{side}Acct/Id/IBAN")[:34],
                end_to_end=self._text(each, "Refs/EndToEndId")[:35],
                returned=returned,
            )

    def _remittance(self, details: ET.Element) -> tuple[str, str]:
        """Return the remittance as one text, and the one structured communication in it.

        A bank may have cut the payer's text anywhere, so it is also read as if it ran on.
        """
        path = self._path("RmtInf/Strd/CdtrRefInf/Ref")
        references = [each.text or "" for each in details.iterfind(path)]
        lines = [each.text or "" for each in details.iterfind(self._path("RmtInf/Ustrd"))]
        spaced = " ".join(" ".join((*references, *lines)).split())
        run_on = " ".join(" ".join((*references, "".join(lines))).split())
        for text in (spaced, run_on):
            found = communications(text)
            if found:
                return text[:560], found[0] if len(found) == 1 else ""
        return spaced[:560], ""

    def _reference(self, entry: ET.Element, details: ET.Element) -> str:
        """Return the bank's own reference, made to stand once in the statement."""
        own = details is not entry and self._text(details, "Refs/AcctSvcrRef")
        reference = own or self._text(entry, "AcctSvcrRef") or self._text(entry, "NtryRef")
        if reference.upper() in _NO_REFERENCE:
            reference = f"{self._text(self.root, 'Id')[:50]}/{self._count}"
        reference = reference[:60]
        self._references[reference] += 1
        number = self._references[reference]
        return reference if number == 1 else f"{reference}#{number}"

    def _until(self) -> date:
        """Return the last whole day of the statement; what it says in between adds up.

        A closing balance ends its day. An interim one does not: the day before is the last.
        """
        balances: dict[str, tuple[int, date]] = {}
        for balance in self.root.iterfind(self._path("Bal")):
            code = self._text(balance, "Tp/CdOrPrtry/Cd")
            if code in (*_OPENING, _CLOSING, _INTERIM):
                balances[code] = (self._cents(balance, balance), self._day(balance, "Dt"))
        opening = next((balances[code] for code in _OPENING if code in balances), None)
        closing = balances.get(_CLOSING) or balances.get(_INTERIM)
        if opening and closing and self._text(self.root, "StmtPgntn/LastPgInd") != "false":
            booked = sum(each.amount_cents for each in self._entries)
            if opening[0] + booked != closing[0]:
                nl, en = ("eind", "closing") if _CLOSING in balances else ("tussen", "interim")
                raise self._wrong(
                    f"het begin- en het {nl}saldo verschillen niet zoveel als de verrichtingen"
                    " samen: er ontbreekt er een",
                    f"opening and {en} balance do not differ by the entries: one is missing",
                )
        if _CLOSING in balances:
            return balances[_CLOSING][1]
        if closing:
            return closing[1] - timedelta(days=1)
        days = [each.booked_on for each in self._entries]
        return max(days) if days else self._day(self.root, "FrToDt")

    def _cents(self, element: ET.Element, entry: ET.Element) -> int:
        """Return the amount of an element in cents, negative if it went out."""
        amount = element.find(self._path("Amt"))
        if amount is None:
            amount = element.find(self._path("AmtDtls/TxAmt/Amt"))
        found = _AMOUNT.fullmatch((amount.text or "").strip()) if amount is not None else None
        if amount is None or found is None or amount.get("Ccy") != "EUR":
            raise self._faulty("het is geen bedrag in euro", "it is no amount in euros")
        cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        sign = self._text(element, "CdtDbtInd") or self._text(entry, "CdtDbtInd")
        if sign not in ("CRDT", "DBIT"):
            raise self._faulty("in of uit ontbreekt", "it does not say in or out")
        return cents if sign == "CRDT" else -cents

    def _day(self, element: ET.Element, tag: str) -> date:
        for form in ("Dt", "DtTm", "ToDtTm"):
            text = self._text(element, f"{tag}/{form}")
            if re.match(r"(19|20)\d\d-\d\d-\d\d(T|$|[Z+-])", text, re.ASCII):
                try:
                    return date.fromisoformat(text[:10])
                except ValueError:
                    break
        raise self._faulty(
            "een dag ontbreekt of bestaat niet", "a day is missing or does not exist"
        )

    def _text(self, element: ET.Element, path: str) -> str:
        return (element.findtext(self._path(path)) or "").strip()

    def _path(self, path: str) -> str:
        return _path(self._space, path)

    def _faulty(self, nl: str, en: str) -> Unusable:
        if not self._count:
            return self._wrong(nl, en)
        return self._wrong(f"verrichting {self._count}: {nl}", f"entry {self._count}: {en}")

    def _wrong(self, nl: str, en: str) -> Unusable:
        """Say what is wrong, and with which of the statements of the file."""
        if self._ident:
            return _wrong(nl, en, f"Uittreksel {self._ident}", f"Statement {self._ident}")
        place = self._place
        return _wrong(
            nl, en, f"Uittreksel {place} in dit bestand", f"Statement {place} in the file"
        )

    @property
    def _ident(self) -> str:
        """What the bank calls it, on one line."""
        return " ".join(self._text(self.root, "Id").split())[:70]


@functools.cache
def _path(space: str, path: str) -> str:
    return "/".join(f"{space}{part}" for part in path.split("/"))


def _wrong(
    nl: str, en: str, which_nl: str = "Dit bestand", which_en: str = "This file"
) -> Unusable:
    return Unusable(
        nl=f"{which_nl} is niet bruikbaar: {nl}. Er is niets ingelezen.",
        en=f"{which_en} cannot be used: {en}. Nothing was read in.",
    )


def _too_large() -> Unusable:
    nl = f"{MOST_ENTRIES:,}".replace(",", ".")
    return Unusable(
        nl=f"Dit bestand is te groot: hoogstens {nl} verrichtingen en"
        f" {MOST_BYTES // 1_000_000} MB. Vraag uw bank uittreksels per dag.",
        en=f"This file is too large: at most {MOST_ENTRIES:,} entries and"
        f" {MOST_BYTES // 1_000_000} MB. Ask your bank for daily statements.",
    )


def _not_xml(head: bytes) -> Unusable:
    what = ("", "")
    if not head.strip():
        what = (" Het is leeg.", " It is empty.")
    elif head.startswith(b"%PDF"):
        what = (" Het is een pdf.", " It is a PDF.")
    elif head.startswith(b"PK"):
        what = (" Pak het zip-bestand eerst uit.", " Unpack the zip file first.")
    elif re.match(rb"0{5}\d{6}", head):
        what = (" Het is CODA.", " It is CODA.")
    return Unusable(
        nl=f"Dit bestand is geen leesbare XML.{what[0]} Neem een camt.053-bestand van uw bank.",
        en=f"This file is no readable XML.{what[1]} Take a camt.053 file from your bank.",
    )
