"""The voucher on paper: tagged, in its language, the same each time, and never markup."""

import json
import re
import threading
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.adapters import documents
from loopbaan.adapters.documents import (
    StatementPaper,
    StatementRow,
    ToPayBack,
    VoucherPaper,
    statement_pdf,
    voucher_pdf,
)

AN = VoucherPaper(
    lang="nl",
    number="12345678901282",
    client_number="87654321",
    code="7F3K9Q2M",
    holder="An Lindenbeke",
    minutes=240,
    share_cents=4505,
    issued_on=date(2025, 3, 5),
    start_by=date(2025, 6, 5),
    issuer="Loopbaancheques",
)


def words(paper: VoucherPaper, selector: str) -> str:
    """The text of some elements of a voucher, as the typesetter sees it."""
    data = {**asdict(paper), "qr": documents.code_qr(paper.code).decode()}
    compiler = typst.Compiler(
        documents._VOUCHER,
        ignore_system_fonts=True,
        sys_inputs={"voucher": json.dumps(data, default=str)},
    )
    return re.sub(r"[\s~]+", " ", _text(json.loads(compiler.query(selector))))


def _text(element: Any) -> str:
    if isinstance(element, list):
        return "".join(map(_text, element))
    if not isinstance(element, dict):
        return ""
    if element.get("func") in ("space", "linebreak"):
        return " "
    return (
        str(element.get("text", ""))
        if isinstance(element.get("text"), str)
        else "".join(
            _text(element[part])
            for part in ("term", "description", "children", "child", "body")
            if part in element
        )
    )


@pytest.mark.parametrize(("lang", "locale"), [("nl", b"nl-BE"), ("en", b"en-GB")])
def test_it_is_a_tagged_pdf_with_a_language_and_a_title(lang, locale):
    made = voucher_pdf(replace(AN, lang=lang))
    assert made.startswith(b"%PDF-1.7")
    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", made)
    assert b"/StructTreeRoot" in made
    assert b"/Lang(" + locale + b")" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert AN.number.encode() in made
    assert b"/DisplayDocTitle true" in made
    assert re.search(rb"/Alt\(QR.code", made)


def test_what_is_not_accessible_is_refused_by_the_typesetter():
    with pytest.raises(typst.TypstError, match="title"):
        typst.compile(b"= Cheque", format="pdf", pdf_standards=["ua-1"])


def test_it_says_what_it_is_good_for_and_until_when():
    terms = words(AN, "terms")
    for said in (
        "Nummer van de cheque1234 5678 9012 82",
        "Klantnummer8765 4321",
        "Goed voor4 uur loopbaanbegeleiding",
        "Betaald€ 45,05",
        "Uitgegeven op5 maart 2025",
        "Starten kan tot en met5 juni 2025",
    ):
        assert said in terms
    assert "Wat doet u nu?" in words(AN, "heading")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("nl", "Open daarom zelf uw cheque voor dat centrum"), ("en", "So open your voucher for")],
)
def test_it_says_that_its_numbers_alone_open_nothing(lang, said):
    assert said in words(replace(AN, lang=lang), "enum")


def test_it_says_the_same_in_english():
    paper = replace(AN, lang="en", minutes=210)
    terms = words(paper, "terms")
    for said in ("3 hours 30 minutes", "€45.05", "5 March 2025", "Start no later than5 June 2025"):
        assert said in terms
    assert "What do you do now?" in words(paper, "heading")


@pytest.mark.parametrize(("lang", "said"), [("nl", "niet geldig"), ("en", "not valid")])
def test_a_sample_says_that_it_is_not_valid(lang, said):
    assert said in words(replace(AN, lang=lang), "strong")
    assert said not in words(replace(AN, lang=lang, sample=False), "strong")


NAMES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(['#panic("x")', "*a* _b_ $x$ = @c <d> \\ `e`", '"]); #import "f"']),
)


@settings(max_examples=25, deadline=None)
@given(NAMES.filter(lambda name: "\r" not in name))
def test_a_name_is_never_markup(name):
    kept = re.sub(r"[\s~]+", " ", name)
    assert kept in words(replace(AN, holder=name), "strong")


@settings(max_examples=15, deadline=None)
@given(NAMES)
def test_whatever_the_name_there_is_a_voucher(name):
    assert voucher_pdf(replace(AN, holder=name)).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["Zoë Łukasz Ångström", "Đỗ Thị Ánh", "Ελένη Βασιλείου", "Ола"])
def test_a_european_name_is_written_as_it_is(name):
    assert voucher_pdf(replace(AN, holder=name)) != voucher_pdf(replace(AN, holder="?"))
    documents._made(replace(AN, holder=name))


def test_the_same_voucher_is_the_same_file_and_another_is_not():
    assert voucher_pdf(AN) == voucher_pdf(AN)
    assert voucher_pdf(AN) != voucher_pdf(replace(AN, code="OTHER"))


def test_many_people_ask_at_once_and_each_gets_her_own():
    papers = [replace(AN, number=f"{number:014}") for number in range(16)]
    made: dict[int, bytes] = {}

    def ask(place: int) -> None:
        made[place] = voucher_pdf(papers[place])

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(papers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[place] for place in range(len(papers))] == [voucher_pdf(each) for each in papers]


STATEMENT = StatementPaper(
    lang="nl",
    centre="Centrum De Brug",
    kbo="0403019261",
    iban="BE85539000201306",
    since=date(2025, 1, 1),
    until=date(2025, 3, 31),
    on=date(2025, 4, 2),
    rows=(
        StatementRow(
            claimed_on=date(2025, 3, 6),
            number=AN.number,
            held_on=date(2025, 3, 5),
            minutes=60,
            fee_cents=150_00,
            vat_cents=31_50,
            total_cents=181_50,
            state="Betaald.",
            day=date(2025, 4, 1),
        ),
    ),
    fee_cents=1_234_150_00,
    vat_cents=31_50,
    paid_cents=181_50,
    owed_cents=-5,
)


@pytest.mark.parametrize(("lang", "locale"), [("nl", b"nl-BE"), ("en", b"en-GB")])
def test_a_statement_is_a_tagged_pdf_and_the_same_each_time(lang, locale):
    made = statement_pdf(replace(STATEMENT, lang=lang))
    assert made.startswith(b"%PDF-1.7")
    assert b"/Lang(" + locale + b")" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert made == statement_pdf(replace(STATEMENT, lang=lang))
    assert made != statement_pdf(replace(STATEMENT, lang=lang, rows=()))


@pytest.mark.parametrize("name", ["東京 Centrum", '#panic("x")', "*a* _b_ $x$", ""])
def test_whatever_a_centre_is_called_there_is_a_statement(name):
    assert statement_pdf(replace(STATEMENT, centre=name)).startswith(b"%PDF")


def test_a_statement_says_amounts_as_people_write_them():
    data = json.dumps(asdict(STATEMENT), default=str)
    compiler = typst.Compiler(
        documents._STATEMENT, ignore_system_fonts=True, sys_inputs={"statement": data}
    )
    said = re.sub(r"[\s~]+", " ", _text(json.loads(compiler.query("terms"))))
    assert "Vergoeding€ 1.234.150,00" in said
    assert "Daarvan betaald€ 181,50" in said
    assert "−€ 0,05" in said
    assert "Mededeling" not in said


def test_a_statement_says_what_is_to_be_paid_back_and_under_which_words():
    asked = ToPayBack(
        amount_cents=18150,
        due_on=date(2025, 4, 2),
        iban="BE85539000201306",
        holder="Loopbaancheque",
        communication="+++900/0000/00123+++",
        reason="gesprek geschrapt *x* 東京",
    )
    paper = replace(STATEMENT, to_pay_back=asked)
    data = json.dumps(asdict(paper), default=str)
    compiler = typst.Compiler(
        documents._STATEMENT, ignore_system_fonts=True, sys_inputs={"statement": data}
    )
    said = re.sub(r"[\s~]+", " ", _text(json.loads(compiler.query("terms"))))
    for words in ("Bedrag€ 181,50", "2 april 2025", "+++900/0000/00123+++", "*x*"):
        assert words in said
    assert statement_pdf(paper).startswith(b"%PDF")
