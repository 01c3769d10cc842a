"""Documents on paper: tagged PDF (PDF/UA-1), made when asked for, the same bytes for the same data.

The typesetter refuses what is not accessible. It uses the fonts it brings along and no others, and
gets its data as JSON, so that a name is never markup.
"""

import functools
import io
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import segno
import typst

from loopbaan.adapters.unusable import Lang

_VOUCHER = Path(__file__).parent / "paper" / "voucher.typ"
_STATEMENT = Path(__file__).parent / "paper" / "statement.typ"
_LETTER = Path(__file__).parent / "paper" / "letter.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherPaper:
    """What stands on a voucher. `code` goes into the QR: it says nothing to whoever cannot look it
    up.

    A `sample` says on its face that it is not valid.
    """

    lang: Lang
    number: str
    client_number: str
    code: str
    holder: str
    minutes: int
    share_cents: int
    issued_on: date
    start_by: date
    issuer: str
    sample: bool = True


def voucher_pdf(paper: VoucherPaper) -> bytes:
    """Return the voucher as a tagged PDF.

    What no font can show is not accessible: a name in another script is written with ? for its
    letters, rather than no voucher.
    """
    try:
        return _made(paper)
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        return _made(replace(paper, holder=_in_plain_letters(paper.holder)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A claim on the statement of a centre; `state` tells how far it is, `day` on which day."""

    claimed_on: date
    number: str
    held_on: date
    minutes: int
    fee_cents: int
    vat_cents: int
    total_cents: int
    state: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPayBack:
    """What a centre is asked to pay back: to which account, with which communication as printed."""

    amount_cents: int
    due_on: date
    iban: str
    holder: str
    communication: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPaper:
    """What stands on the statement of a centre over some days, as it is on a day."""

    lang: Lang
    centre: str
    kbo: str
    iban: str
    since: date
    until: date
    on: date
    rows: tuple[StatementRow, ...]
    fee_cents: int
    vat_cents: int
    paid_cents: int
    owed_cents: int
    to_pay_back: ToPayBack | None = None


def statement_pdf(paper: StatementPaper) -> bytes:
    """Return the statement of a centre as a tagged PDF; its name is written as on a voucher."""
    try:
        return _compiled(_STATEMENT, {"statement": asdict(paper)})
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        asked = paper.to_pay_back
        plain = replace(
            paper,
            centre=_in_plain_letters(paper.centre),
            to_pay_back=asked and replace(asked, reason=_shown(asked.reason)),
        )
        return _compiled(_STATEMENT, {"statement": asdict(plain)})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper:
    """What stands in a letter; `to` is the name, and the lines of the address below it."""

    lang: Lang
    sender: str
    to: tuple[str, ...]
    on: date
    subject: str
    body: str


def letter_pdf(paper: LetterPaper) -> bytes:
    """Return a letter as a tagged PDF; what no font can show is written as on a voucher."""
    try:
        return _compiled(_LETTER, {"letter": asdict(paper)})
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        to = tuple(_in_plain_letters(line) for line in paper.to)
        plain = replace(paper, to=to, subject=_shown(paper.subject), body=_shown(paper.body))
        return _compiled(_LETTER, {"letter": asdict(plain)})


def code_qr(code: str) -> bytes:
    """Return a code as a QR, an SVG document."""
    out = io.BytesIO()
    segno.make_qr(code, error="m").save(out, kind="svg", border=2, light="white", xmldecl=False)
    return out.getvalue()


def _made(paper: VoucherPaper) -> bytes:
    data = {**asdict(paper), "qr": code_qr(paper.code).decode()}
    return _compiled(_VOUCHER, {"voucher": data})


def _compiled(source: Path, inputs: Mapping[str, Mapping[str, Any]]) -> bytes:
    # Not a compiler that is kept: it holds one document at a time and refuses a second thread.
    return typst.compile(
        source,
        font_paths=_fonts(),
        sys_inputs={name: json.dumps(value, default=str) for name, value in inputs.items()},
        format="pdf",
        pdf_standards=["ua-1"],
    )


def _in_plain_letters(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    plain = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in plain)


def _shown(text: str) -> str:
    """Keep what the fonts of the typesetter surely show; the name of a centre may hold more."""
    return "".join(
        sign if (sign.isprintable() and ord(sign) < 0x180) or sign in "\n\u00a0–—‘’“”€…" else "?"
        for sign in text
    )


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
