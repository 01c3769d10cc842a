"""The bank of the demo: people pay in every way, refunds are settled, and every statement stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from mockbank import schema

from loopbaan.adapters import bank, statements
from loopbaan.adapters.bank import Bank, BankAccount, BankRefused, BankStatement, Refund
from loopbaan.adapters.fake_bank import FakeBank, How, how_of, invented_iban

ACCOUNT = BankAccount("Loopbaancheques", invented_iban(1))
AN, BRAM = bank.communication(902), bank.communication(901)
DAY = date(2025, 3, 3)
DUE = DAY + timedelta(days=14)
DAYS = [DAY + timedelta(days=i) for i in range(20)]
REFUND = Refund("TERUG-1", 4500, "An Lindenbeke", invented_iban(902), "TERUG-1")


@pytest.fixture
def fake(tmp_path):
    return FakeBank(ACCOUNT, tmp_path, closed=[invented_iban(901)])


def told(made: bytes | None) -> BankStatement:
    assert made is not None
    (found,) = statements.read(made, account=ACCOUNT.iban)
    return found


def refunds(*refunds: Refund, ident: str = "LBC-1", on: date = DAY) -> bytes:
    made_at = datetime(2025, 3, 3, 9, tzinfo=UTC)
    return bank.refund_file(ACCOUNT, refunds, ident=ident, made_at=made_at, execute_on=on)


def pay(fake: FakeBank, communication: str = AN, how: How = How.EXACT, on: date = DAY) -> None:
    fake.pay(communication, 4500, name="An Lindenbeke", on=on, due_on=DUE, how=how)


@pytest.mark.parametrize(
    ("how", "paid"),
    [
        (How.EXACT, [(DAY, 4500)]),
        (How.DOUBLE, [(DAY, 4500), (DAYS[1], 4500)]),
        (How.LATE, [(DAYS[16], 4500)]),
        (How.TOO_LITTLE, [(DAY, 2250)]),
        (How.TOO_MUCH, [(DAY, 6750)]),
        (How.UNKNOWN, [(DAY, 4500)]),
    ],
)
@pytest.mark.parametrize("communication", [AN, BRAM])
def test_a_worker_pays_in_one_of_the_ways_people_pay(fake, communication, how, paid):
    pay(fake, communication, how)
    entries = [entry for day in DAYS for entry in told(fake.report(day)).entries]
    assert [(entry.booked_on, entry.amount_cents) for entry in entries] == paid
    expected = "" if how == How.UNKNOWN else communication
    assert {entry.communication for entry in entries} == {expected}
    assert {entry.payer_name for entry in entries} == {"An Lindenbeke"}
    assert {entry.payer_iban for entry in entries} == {invented_iban(int(communication[:10]))}


def test_every_day_has_one_statement_and_they_follow_on_each_other(fake):
    pay(fake)
    pay(fake, BRAM, on=DAYS[2])
    made = [told(fake.report(day)) for day in DAYS[:4]]
    assert [len(each.entries) for each in made] == [1, 0, 1, 0]
    assert [each.sequence for each in made] == [1, 2, 3, 4]
    assert [each.until for each in made] == DAYS[:4]
    assert len({each.ident for each in made}) == 4
    assert fake.report(DAYS[3]) is None


def test_while_a_day_runs_there_is_a_statement_only_if_there_is_news(fake):
    assert fake.report(DAY, is_over=False) is None
    pay(fake)
    assert told(fake.report(DAY, is_over=False)).until == DAY - timedelta(days=1)
    assert fake.report(DAY, is_over=False) is None
    pay(fake, BRAM)
    closing = told(fake.report(DAY))
    assert (closing.until, [entry.communication for entry in closing.entries]) == (DAY, [BRAM])


def test_what_is_paid_on_a_day_that_is_over_books_on_the_next(fake):
    fake.report(DAY)
    pay(fake)
    assert [entry.booked_on for entry in told(fake.report(DAYS[1])).entries] == [DAYS[1]]


def test_two_processes_use_one_bank_and_every_statement_can_be_asked_for_again(fake, tmp_path):
    web, worker = fake, FakeBank(ACCOUNT, tmp_path)
    pay(web)
    first = worker.report(DAY)
    pay(worker, BRAM, on=DAYS[1])
    second = web.report(DAYS[1])
    for each in (web, worker, FakeBank(ACCOUNT, tmp_path)):
        assert each.statements(since=DAY) == [first, second]
        assert each.statements(since=DAYS[1]) == [second]


def test_a_bank_that_was_killed_while_it_wrote_goes_on(fake, tmp_path):
    pay(fake)
    with (tmp_path / "bank.jsonl").open("a") as ledger:
        ledger.write('{"booked": [{"day": "2025-03-03", "cents": 1')
    pay(fake, BRAM)
    pay(FakeBank(ACCOUNT, tmp_path), BRAM)
    assert [entry.communication for entry in told(fake.report(DAY)).entries] == [AN, BRAM, BRAM]


def test_a_refund_is_settled_in_a_later_statement_once(fake):
    port: Bank = fake
    fake.report(DAY)
    port.send(refunds(REFUND))
    port.send(refunds(REFUND))
    (entry,) = told(fake.report(DAYS[1])).entries
    assert (entry.amount_cents, entry.end_to_end, entry.remittance, entry.payer_iban) == (
        -4500,
        "TERUG-1",
        "TERUG-1",
        REFUND.iban,
    )


def test_a_refund_to_a_closed_account_comes_back_the_day_after(fake):
    fake.send(refunds(replace(REFUND, iban=invented_iban(901)), on=DAYS[1]))
    entries = [entry for day in DAYS for entry in told(fake.report(day)).entries]
    assert [(e.booked_on, e.amount_cents, e.returned, e.end_to_end) for e in entries] == [
        (DAYS[1], -4500, "", "TERUG-1"),
        (DAYS[2], 4500, "AC04", "TERUG-1"),
    ]
    assert {entry.payer_iban for entry in entries} == {invented_iban(901)}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"<a", "no valid pain"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "no valid pain"),
        (b"<a/>", "no valid pain"),
        (
            refunds(REFUND).replace(ACCOUNT.iban.encode(), invented_iban(9).encode()),
            "another account",
        ),
        (refunds(REFUND).replace(b">45.00</I", b">vijf</I"), "no valid pain"),
        (refunds(REFUND).replace(b'"EUR">45.00', b'"EUR">46.00'), "sum"),
    ],
)
def test_a_file_that_no_bank_takes_is_refused_and_books_nothing(fake, file, said):
    with pytest.raises(BankRefused, match=said):
        fake.send(file)
    assert told(fake.report(DAY)).entries == ()


def test_another_file_under_a_name_that_was_used_is_refused(fake):
    fake.send(refunds(REFUND))
    with pytest.raises(BankRefused, match="LBC-1"):
        fake.send(refunds(replace(REFUND, amount_cents=1)))
    assert len(told(fake.report(DAY)).entries) == 1


def test_a_bank_that_we_did_not_write_finds_nothing_wrong_with_a_statement(fake):
    for how in How:
        pay(fake, bank.communication(list(How).index(how) + 1), how)
    fake.send(refunds(REFUND))
    root = fromstring(fake.report(DAY) or b"")
    assert schema.check(schema.identify(root), root) == []


@given(st.integers(1, bank.MOST_COMMUNICATION).map(bank.communication))
def test_a_payer_always_pays_in_the_same_way(communication):
    assert how_of(communication) == how_of(communication)


def test_nine_in_ten_pay_exactly_and_every_other_way_is_among_the_rest():
    ways = [how_of(bank.communication(number)) for number in range(1, 2_001)]
    assert 0.85 < ways.count(How.EXACT) / len(ways) < 0.95
    assert set(ways) == set(How)
