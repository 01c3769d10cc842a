"""The bank: how a payment is asked for, what a statement says, and how money goes back.

The port hands files over and fetches files, as banks do: statements come as camt.053 (read in
`statements.py`), refunds go as pain.001. Its fake is in `fake_bank.py`. The real one finds its
place beside it: whatever brings these files to and from the bank of the account.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import segno.helpers
import sepaxml  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from stdnum import iban as iban_numbers
from stdnum.be import ogm_vcs
from stdnum.exceptions import ValidationError as NotValid

from loopbaan.adapters.unusable import Unusable

PAIN = "pain.001.001.09"
MOST_COMMUNICATION = 10**10 - 1
MOST_NAME = 70
_COMMUNICATION = re.compile(r"(?<!\d)\d{3}[/ .]?\d{4}[/ .]?\d{5}(?!\d)", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9?:().,'+-]{1,35}", re.ASCII)
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # of no XML
_NO_SIGN = re.compile(r"[^A-Za-z0-9/?:().,'+-]")  # of the signs that every SEPA bank takes


class BankDown(RuntimeError):
    """The bank does not answer: nobody knows whether it took the file."""


class BankRefused(RuntimeError):
    """The bank refused the file as a whole; nothing of it is carried out."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the scheme: the name of its holder as the bank knows it, and its IBAN."""

    name: str
    iban: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment on a statement: positive came in, negative went out.

    `bank_reference` is the bank's own, once in a statement. `communication` is the one valid
    structured communication in the remittance, or empty. The payer is the other side: of what went
    out, who got it. `returned` is the bank's reason where a refund came back.
    """

    bank_reference: str
    booked_on: date
    amount_cents: int
    remittance: str
    communication: str
    payer_name: str
    payer_iban: str
    end_to_end: str
    returned: str


@dataclass(frozen=True, slots=True)
class BankStatement:
    """What the bank says of an account: every entry up to and including `until`."""

    account: str
    ident: str
    sequence: int | None
    until: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to give back: `end_to_end` comes back on the statement, as does the text."""

    end_to_end: str
    amount_cents: int
    name: str
    iban: str
    text: str


class Bank(Protocol):
    """What the scheme asks its bank. Every question may raise `BankDown`."""

    def statements(self, *, since: date) -> Sequence[bytes]:
        """Return the statements made on a day or later, the oldest first; some may be known."""

    def send(self, refunds: bytes) -> None:
        """Hand over a file of refunds. The same file again changes nothing.

        Raises:
            BankRefused: nothing of it will be carried out.

        """


def communication(number: int) -> str:
    """Return the structured communication of a number: ten digits and two check digits."""
    assert 0 < number <= MOST_COMMUNICATION, "a structured communication has ten digits of its own"
    return f"{number:010}{ogm_vcs.calc_check_digits(f'{number:010}')}"


def written_communication(digits: str) -> str:
    """Return twelve digits as they are printed: +++123/4567/89002+++."""
    return f"+++{ogm_vcs.format(digits)}+++"


def communications(text: str) -> tuple[str, ...]:
    """Return the different valid structured communications in a text, in order, as digits."""
    found = (re.sub(r"\D", "", each) for each in _COMMUNICATION.findall(text))
    return tuple(dict.fromkeys(each for each in found if ogm_vcs.is_valid(each)))


def iban(text: str) -> str:
    """Return an IBAN without spaces, in capitals.

    Whether a bank has the code in it is not asked: invented accounts have one that no bank has.

    Raises:
        Unusable: a sentence says that it is none. The number is not in the sentence.

    """
    try:
        return iban_numbers.validate(text, check_country=False)
    except NotValid:
        raise Unusable(
            nl="Dit rekeningnummer klopt niet: kijk het na op uw bankkaart of uittreksel.",
            en="This account number is not right: look at your bank card or statement.",
        ) from None


def payment_qr(account: BankAccount, amount_cents: int, digits: str, title: str) -> str:
    """Return the QR of a transfer as inline SVG, for banking apps (EPC069-12).

    The structured field of that standard takes no Belgian communication, so it goes as text. The
    title is what who cannot see the picture is told; the same data stand beside it in words.
    """
    code = segno.helpers.make_epc_qr(
        name=account.name[:MOST_NAME],
        iban=account.iban,
        amount=Decimal(amount_cents).scaleb(-2),
        text=written_communication(digits),
        encoding="utf-8",
    )
    svg = code.svg_inline(scale=4, light="white", omitsize=True, svgclass="qr", title=title)
    return svg.replace("<svg ", '<svg role="img" ', 1)


def refund_file(
    account: BankAccount,
    refunds: Sequence[Refund],
    *,
    ident: str,
    made_at: datetime,
    execute_on: date,
) -> bytes:
    """Return refunds as pain.001.001.09, valid by its XSD: the same bytes for the same refunds.

    Raises:
        Unusable: a sentence says which refund cannot be written, and why.

    """
    assert refunds, "a file without a refund is refused by every bank"
    ends = [each.end_to_end for each in refunds]
    assert len(set(ends)) == len(ends), "a refund is found again by its reference"
    assert all(_ID.fullmatch(each) for each in (ident, *ends)), "a reference has 35 plain signs"
    settings = {"name": account.name, "IBAN": iban(account.iban), "batch": True, "currency": "EUR"}
    writer = sepaxml.SepaTransfer(settings, schema=PAIN)
    for refund in refunds:
        writer.add_payment(_payment(refund, execute_on))
    root = fromstring(writer.export(validate=False))
    _finish(root, ident, made_at)
    written = ET.tostring(root, "utf-8", xml_declaration=True)
    assert isinstance(written, bytes)
    if not is_payment_file(written):
        raise Unusable(
            nl="Deze terugbetalingen geven geen geldig bestand voor de bank.",
            en="These refunds do not make a valid file for the bank.",
        )
    return written


def is_payment_file(raw: bytes) -> bool:
    """Whether a file is valid by the XSD of what a bank takes."""
    is_valid: bool = _schema().is_valid(raw.decode())
    return is_valid


@cache
def _schema() -> Any:
    # Read once: that takes longer than to hold a file against it.
    import xmlschema

    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / f"{PAIN}.xsd")


def _payment(refund: Refund, execute_on: date) -> dict[str, object]:
    """Return a refund as the writer wants it."""
    assert refund.amount_cents > 0, "a refund gives something back"
    try:
        number = iban(refund.iban)
    except Unusable:
        number = ""
    if not number or not refund.name.strip():
        raise Unusable(
            nl=f"Terugbetaling {refund.end_to_end} heeft geen juiste naam en rekening.",
            en=f"Refund {refund.end_to_end} has no right name and account.",
        )
    return {
        "name": _NO_TEXT.sub(" ", refund.name),
        "IBAN": number,
        "amount": refund.amount_cents,
        "execution_date": execute_on,
        "description": _NO_TEXT.sub(" ", refund.text),
        "endtoend_id": refund.end_to_end,
    }


def _finish(root: ET.Element, ident: str, made_at: datetime) -> None:
    """Put right what the writer makes up: names, the clock, signs that SEPA has not, the agent."""
    given = {
        "MsgId": ident,
        "PmtInfId": ident,
        "CreDtTm": made_at.replace(microsecond=0).isoformat(),
    }
    for element in root.iter():
        space, _, tag = element.tag.rpartition("}")
        if tag in given:
            element.text = given[tag]
        elif tag == "BtchBookg":
            # In one total a payment is not found again: each is booked by itself.
            element.text = "false"
        elif tag in {"Nm", "Ustrd"}:
            element.text = " ".join(_NO_SIGN.sub(" ", element.text or "").split()) or "-"
        elif tag == "FinInstnId":
            other = ET.SubElement(element, f"{space}}}Othr")
            ET.SubElement(other, f"{space}}}Id").text = "NOTPROVIDED"
