"""How a payment is asked for, and how money goes back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import segno
import sepaxml
import xmlschema
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as iban_numbers
from stdnum.be import ogm_vcs

from loopbaan.adapters import bank
from loopbaan.adapters.bank import BankAccount, Refund, refund_file
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.adapters.unusable import Unusable

ACCOUNT = BankAccount("Loopbaancheques", invented_iban(1))
AN = Refund("TERUG-1", 4500, "An Lindenbeke", invented_iban(2), "TERUG-1 loopbaancheque")
BRAM = Refund("TERUG-2", 9000, "Bram Van Duinhorst", invented_iban(3), "TERUG-2 loopbaancheque")
MADE_AT, TUESDAY = datetime(2025, 3, 3, 10, 30, 59, 123, UTC), date(2025, 3, 4)
XSD = Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"
NUMBERS = st.integers(1, bank.MOST_COMMUNICATION)
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def _file(*refunds: Refund, ident: str = "LBC-1") -> bytes:
    return refund_file(ACCOUNT, refunds, ident=ident, made_at=MADE_AT, execute_on=TUESDAY)


def test_a_communication_is_printed_as_on_every_belgian_transfer():
    assert bank.communication(1234567890) == "123456789002"
    assert bank.written_communication("123456789002") == "+++123/4567/89002+++"


@given(NUMBERS)
def test_the_check_digits_are_the_rest_by_97_and_97_for_none(number):
    digits = bank.communication(number)
    assert digits == f"{number:010}{number % 97 or 97:02}"
    assert ogm_vcs.validate(bank.written_communication(digits)) == digits


@given(NUMBERS, st.sampled_from(["{}", "+++{}+++", "***{}***", "voor An {}, dank u", "({})"]))
def test_a_communication_is_found_in_whatever_a_payer_writes(number, text):
    digits = bank.communication(number)
    for written in (digits, ogm_vcs.format(digits), ogm_vcs.format(digits).replace("/", " ")):
        assert bank.communications(text.format(written)) == (digits,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "loopbaancheque",
        "123456789003",  # a wrong check digit
        "0123456789002",  # thirteen digits
        "BE68 5390 0754 7034",
        "12345678900",
        "000/0000/00000",  # no number at all
        "１２３４５６７８９００２",
    ],
)
def test_what_is_no_communication_is_not_found(text):
    assert bank.communications(text) == ()


def test_each_different_communication_in_a_text_is_found_once():
    text = "+++123/4567/89002+++ 010/8068/17183 123456789002"
    assert bank.communications(text) == ("123456789002", "010806817183")


@given(st.integers(0, 10**7 - 1))
def test_an_invented_account_is_well_formed_and_at_no_bank(number):
    invented = invented_iban(number)
    assert bank.iban(f" {invented[:4]} {invented[4:].lower()} ") == invented
    assert not iban_numbers.is_valid(invented)  # asks which bank has the code


@pytest.mark.parametrize("text", ["", "BE", "BE00 5390 0754 7034", "An", f"{invented_iban(2)}0"])
def test_an_account_number_that_is_not_right_is_refused_with_a_sentence(text):
    with pytest.raises(Unusable, match="not right") as refused:
        bank.iban(text)
    assert "klopt niet" in refused.value.nl


@pytest.mark.parametrize(("cents", "written"), [(4500, "EUR45"), (4550, "EUR45.5"), (1, "EUR0.01")])
def test_the_qr_holds_a_transfer_as_the_standard_writes_it(cents, written):
    digits = bank.communication(1234567890)
    lines = ["BCD", "002", "1", "SCT", "", "Loopbaancheques", ACCOUNT.iban, written, "", ""]
    expected = segno.make_qr(
        "\n".join([*lines, "+++123/4567/89002+++"]).encode(), error="m", boost_error=False
    )
    path = fromstring(bank.payment_qr(ACCOUNT, cents, digits, "QR")).find(".//path[@stroke]")
    wanted = fromstring(expected.svg_inline(scale=4, omitsize=True)).find(".//path[@stroke]")
    assert path is not None
    assert wanted is not None
    assert path.get("d") == wanted.get("d")


def test_the_qr_is_one_picture_with_a_name_and_nothing_of_it_is_markup():
    svg = fromstring(
        bank.payment_qr(ACCOUNT, 4500, bank.communication(1), 'Betaal </title><script>"')
    )
    assert svg.get("role") == "img"
    assert [title.text for title in svg.iter("title")] == ['Betaal </title><script>"']
    assert list(svg.iter("script")) == []


def test_refunds_are_valid_by_the_schema_of_the_bank_and_add_up():
    written = _file(AN, BRAM)
    xmlschema.XMLSchema(XSD).validate(written.decode())
    root = fromstring(written)

    def texts(tag: str) -> list[str | None]:
        return [element.text for element in root.iter(f"{PAIN}{tag}")]

    assert texts("MsgId") == texts("PmtInfId") == ["LBC-1"]
    assert texts("CreDtTm") == ["2025-03-03T10:30:59+00:00"]
    assert texts("Dt") == ["2025-03-04"]
    assert texts("NbOfTxs") == ["2", "2"]
    assert texts("CtrlSum") == ["135.00", "135.00"]
    assert texts("InstdAmt") == ["45.00", "90.00"]
    assert texts("EndToEndId") == ["TERUG-1", "TERUG-2"]
    assert texts("IBAN") == [ACCOUNT.iban, AN.iban, BRAM.iban]
    assert texts("Ustrd") == [AN.text, BRAM.text]
    assert texts("BtchBookg") == ["false"]  # each is booked, and found again, by itself
    assert texts("AdrLine") == []  # no address is better than an unstructured one


def test_the_same_refunds_give_the_same_bytes():
    assert _file(AN, BRAM) == _file(AN, BRAM)
    assert _file(AN, BRAM) != _file(AN, BRAM, ident="LBC-2")


def test_a_name_keeps_only_signs_that_every_bank_takes():
    written = _file(
        replace(AN, name="Zoë Łukasz & Zn. <b>" + "x" * 90, text="€ 45 – dank\x07 u; 日")
    )
    root = fromstring(written)
    name = [element.text for element in root.iter(f"{PAIN}Nm")][-1]
    text = next(root.iter(f"{PAIN}Ustrd")).text
    assert name is not None
    assert name.startswith("Zoe Lukasz Zn. b xxx")
    assert len(name) <= 70
    assert text is not None
    assert text.isascii()
    assert "45 - dank u" in text


@pytest.mark.parametrize("wrong", [{"iban": "BE00"}, {"iban": ""}, {"name": "  "}])
def test_a_refund_without_a_name_or_an_account_is_refused_by_its_reference(wrong):
    with pytest.raises(Unusable, match="TERUG-1") as refused:
        _file(replace(AN, **wrong), BRAM)
    assert "Terugbetaling TERUG-1" in refused.value.nl
    assert not wrong.get("iban") or wrong["iban"] not in refused.value.nl


def test_what_the_schema_does_not_take_is_refused():
    with pytest.raises(Unusable, match="valid file"):
        _file(replace(AN, amount_cents=10**20))


@pytest.mark.parametrize(
    "refunds", [(), (AN, AN), (replace(AN, amount_cents=0),), (replace(AN, end_to_end="x" * 36),)]
)
def test_a_file_that_no_operation_may_ask_for_is_a_defect(refunds):
    with pytest.raises(AssertionError):
        _file(*refunds)
