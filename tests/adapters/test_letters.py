"""A letter is a PDF with its address, the same each time, posted once, and never markup."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.adapters.documents import LetterPaper, letter_pdf
from loopbaan.adapters.letters import FolderLetters, Letter

AN = Letter(
    ident="opening_code:1:",
    to=("An Lindenbeke", "Verzonnen straat 7", "Gent"),
    lang="nl",
    subject="Uw code voor Centrum De Brug",
    body="Centrum De Brug vraagt om uw cheque te openen.\nUw code: 123456.",
    sent_at=datetime(2025, 3, 3, 9, 30, tzinfo=UTC),
)


def test_a_letter_is_kept_once_as_a_paper(tmp_path: Path) -> None:
    office = FolderLetters(tmp_path, "Loopbaancheque")
    office.post(AN)
    office.post(replace(AN, body="another text under the same name"))
    office.post(replace(AN, ident="order_granted:2:", lang="en"))
    assert [each.ident for each in office.newest()] == ["order_granted:2:", AN.ident]
    assert [each.ident for each in office.newest(1)] == ["order_granted:2:"]
    paper = office.paper(office.newest()[1].name)
    assert paper is not None
    assert paper.startswith(b"%PDF")
    assert paper == letter_pdf(
        LetterPaper(
            lang="nl",
            sender="Loopbaancheque",
            to=AN.to,
            on=AN.sent_at.date(),
            subject=AN.subject,
            body=AN.body,
        )
    )
    assert office.newest()[1].name == "opening_code-1"
    for name in ("opening_code-9", "../letters", AN.ident):
        assert office.paper(name) is None


def test_what_the_list_keeps_of_a_letter_is_not_what_it_says(tmp_path: Path) -> None:
    FolderLetters(tmp_path, "Loopbaancheque").post(AN)
    assert "123456" not in (tmp_path / "letters.jsonl").read_text("utf-8")


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), min_size=2, max_size=4), st.text(min_size=1, max_size=60))
def test_whatever_a_name_holds_makes_a_letter(to: list[str], name: str) -> None:
    made = letter_pdf(
        LetterPaper(
            lang="en",
            sender="#panic()",
            to=tuple(to),
            on=AN.sent_at.date(),
            subject=f"Your code for {name}",
            body=f"{name} *asks* #panic() to open\nyour voucher.",
        )
    )
    assert made.startswith(b"%PDF")
