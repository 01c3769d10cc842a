"""Statements from outside: of any version, in full or not at all, and never read too far."""

import io
import time
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.adapters import bank, statements
from loopbaan.adapters.bank import BankAccount, BankStatement
from loopbaan.adapters.fake_bank import Booking, FakeBank, invented_iban
from loopbaan.adapters.unusable import Unusable

IBAN, AN = invented_iban(1), invented_iban(2)
ACCOUNT = BankAccount("Loopbaancheques", IBAN)
DIGITS = bank.communication(1234567890)
DAY = date(2025, 3, 3)


def entry(
    cents: str = "45.00",
    remittance: str = f"<Strd><CdtrRefInf><Ref>{DIGITS}</Ref></CdtrRefInf></Strd>",
    *,
    sign: str = "CRDT",
    status: str = "<Cd>BOOK</Cd>",
    day: str = "<Dt>2025-03-03</Dt>",
    currency: str = "EUR",
    reference: str = "REF1",
    payer: str = "<Pty><Nm>An Lindenbeke</Nm></Pty>",
    parts: str = "",
    more: str = "",
) -> str:
    parts = parts or part(cents, remittance, sign=sign, payer=payer)
    return (
        f'<Ntry><Amt Ccy="{currency}">{cents}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}'
        f"<Sts>{status}</Sts><BookgDt>{day}</BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
        f"<NtryDtls>{parts}</NtryDtls></Ntry>"
    )


def part(
    cents: str,
    remittance: str = "",
    *,
    sign: str = "CRDT",
    payer: str = "<Pty><Nm>An Lindenbeke</Nm></Pty>",
    more: str = "",
) -> str:
    side = "Dbtr" if sign == "CRDT" else "Cdtr"
    return (
        f'<TxDtls><Refs><EndToEndId>E2E</EndToEndId></Refs><Amt Ccy="EUR">{cents}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><RltdPties><{side}>{payer}</{side}>"
        f"<{side}Acct><Id><IBAN>{AN}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf>{remittance}</RmtInf>{more}</TxDtls>"
    )


def balance(code: str, cents: str, day: str = "2025-03-03") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{cents}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def file(*entries: str, version: str = "08", head: str = "", before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id>"
        "<ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2025-03-04T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{head}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def joined(first: bytes, second: bytes) -> bytes:
    """Put the statements of two files into one."""
    start, end = second.index(b"<Stmt>"), second.index(b"</BkToCstmrStmt>")
    return first.replace(b"</BkToCstmrStmt>", second[start:end] + b"</BkToCstmrStmt>")


def one(*entries: str, head: str = "") -> BankStatement:
    (found,) = statements.read(file(*entries, head=head), account=IBAN)
    return found


def refused(source: bytes | io.BytesIO, **options: str) -> Unusable:
    with pytest.raises(Unusable) as said:
        statements.read(source, **options)
    assert said.value.nl != said.value.en
    assert said.value.nl.endswith(".")
    return said.value


def test_a_payment_is_read_with_all_that_finds_its_order():
    found = one(entry())
    assert (found.account, found.ident, found.sequence, found.until) == (IBAN, "S1", 7, DAY)
    (payment,) = found.entries
    assert payment == bank.Entry("REF1", DAY, 4500, DIGITS, DIGITS, "An Lindenbeke", AN, "E2E", "")


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_every_version_says_the_same(version):
    old = int(version) < 8
    written = entry(
        status="BOOK" if old else "<Cd>BOOK</Cd>",
        payer="<Nm>An Lindenbeke</Nm>" if old else "<Pty><Nm>An Lindenbeke</Nm></Pty>",
        day="<DtTm>2025-03-03T23:59:00+01:00</DtTm>" if old else "<Dt>2025-03-03</Dt>",
    )
    (found,) = statements.read(file(written, version=version))
    assert found == one(entry())


def test_the_oldest_version_keeps_the_parts_of_a_batch_elsewhere():
    parts = "".join(
        f"<TxDtls><Refs><EndToEndId>{i}</EndToEndId></Refs><AmtDtls><TxAmt>"
        f'<Amt Ccy="EUR">{cents}</Amt></TxAmt></AmtDtls></TxDtls>'
        for i, cents in enumerate(("45", "90.5"))
    )
    found = one(entry("135.50", parts=parts)).entries
    assert [(e.bank_reference, e.amount_cents, e.end_to_end) for e in found] == [
        ("REF1", 4500, "0"),
        ("REF1#2", 9050, "1"),
    ]


def test_parts_that_are_not_the_whole_are_refused():
    said = refused(file(entry("100.00", parts=part("45.00") + part("45.00"))))
    assert "verrichting 1: de delen" in said.nl


@pytest.mark.parametrize(
    "lines",
    [
        ["loopbaancheque +++123/4567/89002+++ dank u"],
        ["loopbaancheque dank u +++123/4567/8", "9002+++"],  # cut by a bank at 35 signs
        ["+++123/4567/89002+++", "+++123/4567/89002+++"],
        ["An Lindenbeke", "123456789002"],
    ],
)
def test_a_communication_in_free_text_is_found_however_the_bank_cut_it(lines):
    text = "".join(f"<Ustrd>{line}</Ustrd>" for line in lines)
    (payment,) = one(entry(remittance=text)).entries
    assert payment.communication == DIGITS
    assert bank.communications(payment.remittance) == (DIGITS,)


def test_two_communications_are_for_a_person_to_look_at():
    text = "<Ustrd>123456789002 010806817183</Ustrd>"
    assert one(entry(remittance=text)).entries[0].communication == ""


def test_money_that_went_out_names_who_got_it():
    (payment,) = one(entry(sign="DBIT")).entries
    assert (payment.amount_cents, payment.payer_name, payment.payer_iban) == (
        -4500,
        "An Lindenbeke",
        AN,
    )


def test_a_refund_that_comes_back_says_why_and_names_who_did_not_get_it():
    returned = part("45.00", sign="DBIT", more="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")
    (payment,) = one(entry(parts=returned.replace("DBIT", "CRDT"))).entries
    assert (payment.amount_cents, payment.returned, payment.end_to_end) == (4500, "AC04", "E2E")
    assert (payment.payer_name, payment.payer_iban) == ("An Lindenbeke", AN)


def test_what_is_not_booked_yet_is_left_out():
    found = one(entry(status="<Cd>PDNG</Cd>"), entry("90.00"), entry(status="<Cd>INFO</Cd>"))
    assert [payment.amount_cents for payment in found.entries] == [9000]


def test_entries_without_a_reference_of_the_bank_are_told_apart():
    found = one(*[entry(reference=name) for name in ("", "NONREF", "A", "A", "B")]).entries
    assert [e.bank_reference for e in found] == ["S1/1", "S1/2", "A", "A#2", "B"]


def test_a_closing_balance_ends_its_day_and_an_interim_one_does_not():
    opening = balance("OPBD", "10.00")
    assert one(entry(), head=opening + balance("CLBD", "55.00")).until == DAY
    assert one(entry(), head=opening + balance("ITBD", "55.00")).until == date(2025, 3, 2)
    assert one(head=opening + balance("CLBD", "10.00", "2025-03-05")).until == date(2025, 3, 5)


def test_a_statement_that_lost_a_line_is_refused():
    head = balance("OPBD", "10.00") + balance("CLBD", "100.00")
    assert len(one(entry(), entry(), head=head).entries) == 2
    assert "ontbreekt er een" in refused(file(entry(), head=head)).nl


def test_a_file_of_several_says_which_of_them_cannot_be_used():
    first = file(entry()).replace(b"<Id>S1</Id>", b"<Id>S0</Id>")
    bad = file(entry("45,00"))
    assert refused(joined(first, bad)).nl.startswith(
        "Uittreksel S1 is niet bruikbaar: verrichting 1"
    )
    nameless = bad.replace(b"<Id>S1</Id>", b"")
    assert "Uittreksel 2 in dit bestand is niet" in refused(joined(first, nameless)).nl
    other = file(entry()).replace(IBAN.encode(), AN.encode())
    with pytest.raises(Unusable) as caught:
        statements.read(joined(first, other), account=IBAN)
    assert caught.value.en.startswith(f"Statement S1 is of account {AN}, not of {IBAN}")


def test_an_interim_balance_is_not_called_the_last_one():
    head = balance("OPBD", "10.00") + balance("ITBD", "100.00")
    assert "het begin- en het tussensaldo" in refused(file(entry(), head=head)).nl


def test_a_page_of_a_longer_statement_need_not_add_up():
    pages = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
    head = pages + balance("OPBD", "10.00") + balance("CLBD", "100.00")
    assert len(one(entry(), head=head).entries) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (entry("45,00"), "geen bedrag"),
        (entry("45.001"), "geen bedrag"),
        (entry("-45.00"), "geen bedrag"),
        (entry("1e3"), "geen bedrag"),
        (entry(currency="USD"), "geen bedrag in euro"),
        (entry(sign="BOTH"), "in of uit"),
        (entry(status=""), "status"),
        (entry(day="<Dt>2025-02-30</Dt>"), "dag"),
        (entry(day="<Dt>3 maart</Dt>"), "dag"),
        (entry(day=""), "dag"),
    ],
)
def test_an_entry_that_is_not_right_refuses_the_whole_with_its_place(written, said):
    found = refused(file(entry(), written))
    assert said in found.nl
    assert "verrichting 2" in found.nl
    assert "Er is niets ingelezen" in found.nl


def test_the_statement_of_another_account_is_refused():
    said = refused(file(entry()), account=AN)
    assert f"van rekening {IBAN}, niet van {AN}" in said.nl


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "Het is leeg"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"00000030325 ...", "CODA"),
        (b"naam;bedrag\nAn;45", "geen leesbare XML"),
        (b"\xff\xfe\x00\xd8", "geen leesbare XML"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "geen leesbare XML"),
        (b"<html></html>", "geen uittreksel."),
        (file(version="01"), "geen uittreksel (camt.053.001.01)"),
        (file(version="14"), "geen uittreksel (camt.053.001.14)"),
        (file().replace(b"camt.053.001", b"camt.054.001"), "geen uittreksel (camt.054)"),
        (file().replace(b"<Stmt>", b"<Xtmt>").replace(b"</Stmt>", b"</Xtmt>"), "geen uittreksel"),
        (file().replace(b"<Id>S1</Id>", b""), "rekening of het nummer"),
        (file(entry())[:-20], "geen leesbare XML"),
        (file(entry()) + b"<a/>", "geen leesbare XML"),
    ],
)
def test_a_wrong_file_is_told_from_a_statement(source, said):
    assert said in refused(source).nl.replace("er staat geen uittreksel", "geen uittreksel")


LAUGHS = '<!DOCTYPE a [<!ENTITY b "hahahahaha">' + "".join(
    f'<!ENTITY b{i} "{f"&b{i - 1 or str()};" * 10}">' for i in range(1, 10)
)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b">%b;]>',
        f"{LAUGHS}]>",
        "<!DOCTYPE a>",
    ],
)
def test_a_document_type_is_refused_and_nothing_of_it_is_fetched_or_blown_up(before):
    started = time.perf_counter()
    said = refused(file(entry(remittance="<Ustrd>&b;</Ustrd>"), before=before))
    assert "onveilig" in said.nl
    assert time.perf_counter() - started < 1.0


class Endless(io.RawIOBase):
    """A statement of a million lines, made while it is read; it knows how far it was read."""

    def __init__(self, line: bytes) -> None:
        self.parts = self._parts(line)
        self.given = 0

    def _parts(self, line: bytes) -> Iterator[bytes]:
        yield file().partition(b"</Stmt>")[0]
        for _ in range(1_000_000):
            yield line

    def read(self, size: int = -1) -> bytes:
        chunk = b"".join(next(self.parts) for _ in range(max(1, size // 1000)))
        self.given += len(chunk)
        return chunk


@pytest.mark.parametrize(
    "line",
    [entry().encode(), b"<Ntry>" + b"<a/>" * 500, b"<a>" * 300, b"<a/>" * 300, b" " * 4_000],
)
def test_a_million_lines_are_refused_long_before_their_end(line):
    source = Endless(line)
    started = time.perf_counter()
    assert "te groot: hoogstens 20.000 verrichtingen en 20 MB" in refused(source).nl
    assert source.given < 21_000_000
    assert time.perf_counter() - started < 10.0


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9).filter(bool), TEXTS, TEXTS, st.integers(0, 9)),
        max_size=8,
    )
)
def test_what_the_fake_bank_writes_is_what_is_read(tmp_path_factory, rows):
    fake = FakeBank(ACCOUNT, tmp_path_factory.mktemp("bank"))
    bookings = [
        Booking(f"2025-03-{day + 1:02}", cents, name, AN, text) for cents, name, text, day in rows
    ]
    with fake._ledger.alone():
        fake._book(*bookings)
    made = fake.report(date(2025, 3, 31))
    assert made is not None
    (found,) = statements.read(made, account=IBAN)
    assert found.until == date(2025, 3, 31)
    assert [(str(e.booked_on), e.amount_cents, e.payer_name) for e in found.entries] == [
        (b.day, b.cents, b.name.strip()) for b in sorted(bookings, key=lambda b: b.day)
    ]
    assert [e.remittance for e in found.entries] == [
        " ".join(b.text.split()) for b in sorted(bookings, key=lambda b: b.day)
    ]
