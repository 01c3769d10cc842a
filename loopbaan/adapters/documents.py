"""Documents on paper: tagged PDF (PDF/UA-1), made when asked for, the same bytes for the same data.

The typesetter refuses what is not accessible. It uses the fonts it brings along and no others, and
gets its data as JSON, so that a name is never markup.
"""

import functools
import io
import json
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import segno
import typst

from loopbaan.adapters.unusable import Lang

_VOUCHER = Path(__file__).parent / "paper" / "voucher.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherPaper:
    """What stands on a voucher. `code` goes into the QR: it says nothing to who cannot look it up.

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


def code_qr(code: str) -> bytes:
    """Return a code as a QR, an SVG document."""
    out = io.BytesIO()
    segno.make_qr(code, error="m").save(out, kind="svg", border=2, light="white", xmldecl=False)
    return out.getvalue()


def _made(paper: VoucherPaper) -> bytes:
    data = {**asdict(paper), "qr": code_qr(paper.code).decode()}
    # Not a compiler that is kept: it holds one document at a time and refuses a second thread.
    return typst.compile(
        _VOUCHER,
        font_paths=_fonts(),
        sys_inputs={"voucher": json.dumps(data, default=str)},
        format="pdf",
        pdf_standards=["ua-1"],
    )


def _in_plain_letters(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    plain = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in plain)


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
