"""Who has no mailbox is told by letter; a code in a letter lives long enough for the post."""

from datetime import timedelta

import pytest

from loopbaan.adapters.letters import FolderLetters, Letter
from loopbaan.live import opening
from loopbaan.live.models import OpeningCode, OutboxRow, Voucher, Worker
from loopbaan.live.moving import Refused
from tests.live.scheme import INSZ, REGISTERS, Scheme


def _without_mailbox(scheme: Scheme) -> Voucher:
    voucher = scheme.paid().voucher
    Worker.objects.update(email="")
    return voucher


def _ask(scheme: Scheme, voucher: Voucher, code: str | None = None) -> object:
    values = scheme.asking(voucher)
    return opening.ask_code(**values) if code is None else opening.give_code(code=code, **values)


class Watched(FolderLetters):
    """A post office of which we see what is handed to it."""

    def post(self, letter: Letter) -> None:
        """Look at a letter, and post it."""
        self.seen = letter
        super().post(letter)


def test_who_has_no_mailbox_gets_the_code_by_letter_at_the_address_of_the_registers(
    scheme: Scheme,
) -> None:
    voucher = _without_mailbox(scheme)
    scheme.letters = office = Watched(scheme.folder / "letters", "Loopbaan Vlaanderen")
    scheme.work()
    _ask(scheme, voucher)
    scheme.work()
    assert scheme.mailbox.newest() == []
    address = REGISTERS.address(INSZ["an"], on=scheme.today)
    assert address is not None
    assert office.seen.to == (voucher.order.worker.name, *address)
    digits = opening.digits_of(OpeningCode.objects.get())
    assert digits in office.seen.body
    paper = office.paper(office.newest(1)[0].name)
    assert paper is not None
    assert paper.startswith(b"%PDF")
    scheme.go_on(13)
    _ask(scheme, voucher, digits)


def test_a_code_by_letter_dies_of_age_too(scheme: Scheme) -> None:
    voucher = _without_mailbox(scheme)
    _ask(scheme, voucher)
    digits = opening.digits_of(OpeningCode.objects.get())
    scheme.now += timedelta(days=opening.LETTER_DAYS)
    with pytest.raises(Refused, match="klopt niet"):
        _ask(scheme, voucher, digits)


def test_a_code_that_is_on_its_way_by_letter_is_not_made_worthless_by_a_newer_one(
    scheme: Scheme,
) -> None:
    voucher = _without_mailbox(scheme)
    _ask(scheme, voucher)
    first = opening.digits_of(OpeningCode.objects.get())
    scheme.now += timedelta(days=2)
    _ask(scheme, voucher)
    assert OpeningCode.objects.count() == 1
    _ask(scheme, voucher, first)


def test_whose_address_nobody_knows_waits_in_view_for_a_person(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    voucher = _without_mailbox(scheme)
    _ask(scheme, voucher)
    monkeypatch.setattr(REGISTERS, "address", lambda *_, **__: None)
    scheme.work()
    row = OutboxRow.objects.get(kind="opening_code")
    assert row.done_at is None
    assert "NoAddress" in row.fault


def test_a_letter_is_posted_once(scheme: Scheme) -> None:
    voucher = _without_mailbox(scheme)
    _ask(scheme, voucher)
    scheme.work()
    posted = scheme.letters.newest()
    OutboxRow.objects.filter(kind="opening_code").update(done_at=None)
    scheme.work()
    assert posted[0].ident.startswith("opening_code")
    # Another process sees the same.
    assert FolderLetters(scheme.letters.folder, "").newest() == posted
