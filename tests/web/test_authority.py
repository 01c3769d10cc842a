"""What the officials see and do: figures, orders, statements, refunds, notices."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from loopbaan.adapters import insz
from loopbaan.adapters.bank import BankAccount, BankStatement, Entry
from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import FakeBank, How, invented_iban
from loopbaan.law import rulebook
from loopbaan.live import parties
from loopbaan.live.models import Order, OutboxRow, Refund, StatementLine
from tests.adapters.test_statements import joined
from tests.live.scheme import ACCOUNT, Scheme
from tests.web.scene import Page, Scene, log_in, rows


def words(client: Client, name: str, *args: int, **asked: object) -> str:
    """Return the words of a page."""
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return Page(response).text()


def sent(client: Client, content: bytes, name: str = "uittreksel.xml"):
    """Return what the page says to a statement."""
    file = SimpleUploadedFile(name, content, content_type="text/xml")
    return client.post(reverse("upload"), {"file": file})


@pytest.mark.usefixtures("scene")
def test_the_figures_of_today():
    found = words(log_in("els"), "figures")
    assert "Vandaag, 11 februari 2025" in found
    assert "Terugvorderingen vrij te geven 1" in found
    assert "Er is deze maand geen maximum" in found
    assert "Nog te beslissen 1" in found
    assert "Nog te betalen 3" in found  # Koen, and who paid too little or too much
    assert "Nog te starten 1" in found
    assert "Betalingen na te kijken 1" in found
    assert "Terugbetalingen vrij te geven 0" in found
    assert "Berichten die niet vertrokken 1" in found
    assert "Werkervaring 1" in found
    assert "februari 2025 7 5 1 0 1 geen maximum" in found


def test_the_day_on_which_the_places_ran_out(scheme: Scheme, monkeypatch):
    small = _capped(2)
    monkeypatch.setattr("tests.live.scheme.BOOK", small)
    monkeypatch.setattr("loopbaan.law.rulebook.current", lambda: small)
    scheme.go_to(date(2025, 3, 5))
    els = log_in("els")
    assert "2 van 2 over" in words(els, "figures")
    for who in ("an", "koen"):
        scheme.order(who)
    scheme.decide()
    scheme.go_to(date(2025, 3, 7))
    scheme.order("sara")
    scheme.decide()
    found = words(els, "figures")
    assert "0 van 2 over" in found
    assert "Op sinds 7 maart 2025" in found
    assert "maart 2025 3 2 0 1 0 0 7 maart 2025" in found
    sara = Order.objects.latest("pk")
    assert "de cheques van deze maand zijn op" in words(log_in("sara"), "order", sara.pk)


def test_orders_are_found_by_number_and_by_where_they_stand(scene: Scene):
    els = log_in("els")

    def found(**asked: object) -> set[int]:
        links = Page(els.get(reverse("orders"), asked)).all("a")
        start = "/beheer/bestellingen/"
        ends = [each["href"].removeprefix(start) for each in links]
        return {int(each) for each in ends if each.isdecimal()}

    everyone = set(Order.objects.values_list("pk", flat=True))
    assert found() == everyone
    assert found(nummer=scene.orders["bram"]) == {scene.orders["bram"]}
    assert found(nummer=10**11) == set()
    assert found(stand="received") == {scene.orders["claire"]}
    assert found(stand="issued") == {scene.orders["griet"]}
    assert found(stand="refused") == {scene.orders["bram"]}
    assert found(voor=max(everyone)) == everyone - {max(everyone)}
    for nonsense in ({"nummer": "x"}, {"stand": "x"}, {"nummer": "9" * 30}, {"voor": "-1"}):
        assert els.get(reverse("orders"), nonsense).status_code == 400


def test_a_list_of_orders_is_bounded_and_goes_on(scheme: Scheme, monkeypatch):
    monkeypatch.setattr("loopbaan.web.authority.ordering.PAGE", 2)
    for who in ("an", "bram", "koen"):
        scheme.order(who)
    els = log_in("els")
    page = Page(els.get(reverse("orders")))
    assert page.text().count("10 februari 2025") == 2
    older = next(each["href"] for each in page.all("a") if "voor=" in each["href"])
    page = Page(els.get(reverse("orders") + older))
    assert page.text().count("10 februari 2025") == 1
    assert "Oudere bestellingen" not in page.text()


def test_one_order_with_its_decision_its_facts_and_its_journal(scene: Scene):
    found = words(log_in("els"), "authority_order", scene.orders["bram"])
    assert "Bram Van Duinhorst" in found
    assert "Werkervaring" in found
    assert "Besluit van de Vlaamse Regering" in found
    assert "Gewerkte dagen" in found
    assert "de werkende" in found
    assert "het systeem" in found


def test_an_order_by_phone_or_on_paper_follows_the_same_rules(scheme: Scheme):
    els = log_in("els")
    for channel, shown in (("phone", "telefoon"), ("paper", "papier")):
        data = {"insz": BY_KEY["bram"].insz, "channel": channel, "language": "nl"}
        data["key"] = str(uuid4())
        answers = {els.post(reverse("typed"), data).headers["Location"] for _ in range(2)}
        assert len(answers) == 1
        order = Order.objects.latest("pk")
        assert order.channel == channel
        assert f"via {shown}" in words(els, "authority_order", order.pk)
        scheme.decide()
        assert "Geweigerd" in words(els, "authority_order", order.pk)
    assert Order.objects.count() == 2
    assert "Els" in words(els, "authority_order", order.pk)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Vul het nummer in"),
        ("123", "heeft 11 cijfers"),
        ("85073003328", "alleen testnummers"),
        ("85673003328", "bestaat niet"),
        ("x" * 30, "20"),
    ],
)
@pytest.mark.usefixtures("scheme")
def test_a_number_that_is_none_is_no_order(number, sentence):
    els = log_in("els")
    before = rows()
    data = {"insz": number, "channel": "phone", "language": "nl", "key": str(uuid4())}
    response = els.post(reverse("typed"), data)
    assert response.status_code == 400
    assert sentence in Page(response).text()
    assert rows() == before


@pytest.mark.usefixtures("scheme")
def test_a_number_that_nobody_has_is_no_order():
    data = {
        "insz": insz.make(date(1950, 1, 1), 1),
        "channel": "phone",
        "language": "nl",
        "key": str(uuid4()),
    }
    response = log_in("els").post(reverse("typed"), data)
    assert response.status_code == 400
    assert "De registers kennen niemand met dit nummer" in Page(response).text()


@pytest.mark.usefixtures("scheme")
def test_registers_that_do_not_answer_are_said():
    els = log_in("els")
    registers = parties.registers()
    registers.is_down = True
    try:
        data = {"insz": BY_KEY["an"].insz, "channel": "phone", "language": "nl"}
        response = els.post(reverse("typed"), data | {"key": str(uuid4())})
    finally:
        registers.is_down = False
    assert response.status_code == 503
    assert Order.objects.count() == 0


def test_a_statement_is_read_and_what_fits_nothing_goes_back_by_two_people(scheme: Scheme):
    exact, little = scheme.granted("an"), scheme.granted("sara")
    scheme.pay(exact)
    scheme.pay(little, How.TOO_LITTLE)
    els, dirk = log_in("els"), log_in("claes")
    response = sent(els, scheme.bank.report(scheme.today))
    assert response.status_code == 302
    found = words(els, "payments")
    assert "Gelezen: 2 verrichtingen, waarvan 1 toegewezen" in found
    assert "Te weinig betaald" in found
    assert "€ 22,50" in found
    line = StatementLine.objects.get(match="too_little")
    assert els.post(reverse("refund", args=[line.pk])).status_code == 302
    again = els.post(reverse("refund", args=[line.pk]))
    assert again.status_code == 409
    assert "al een terugbetaling" in Page(again).text()
    refund = Refund.objects.get()
    own = els.post(reverse("refunds"), {"refund": [refund.pk]})
    assert own.status_code == 409
    assert "geeft ze niet zelf vrij" in Page(own).text()
    assert "zelf gemaakt" in words(els, "refunds")
    assert "Inspecteur Claes" not in words(dirk, "refunds").split("Vrij te geven")[1]
    assert dirk.post(reverse("refunds"), {"refund": [refund.pk]}).status_code == 302
    assert "door Inspecteur Claes" in words(dirk, "refunds")
    file = dirk.get(reverse("refund_file", args=[refund.pk]))
    assert b"pain.001.001.09" in file.content
    assert file.content == els.get(reverse("refund_file", args=[refund.pk])).content
    assert dirk.post(reverse("send_refunds", args=[refund.pk])).status_code == 302
    scheme.go_to(date(2025, 2, 11))
    sent(els, scheme.bank.report(scheme.today))
    assert "uitgevoerd op" in words(els, "refunds")


def test_a_statement_that_cannot_be_used_changes_nothing_and_is_noted(scheme: Scheme, caplog):
    scheme.pay(scheme.granted("an"))
    good = scheme.bank.report(scheme.today)
    els = log_in("els")
    assert sent(els, good).status_code == 302
    other = FakeBank(BankAccount("Iemand anders", invented_iban(2)), scheme.folder / "other")
    other.report(scheme.today)
    entities = good.replace(b"<Document", b'<!DOCTYPE x [<!ENTITY a "b">]><Document', 1)
    before = rows()
    for content, sentence in (
        (good, "is al ingelezen"),
        (other.statements(since=scheme.today)[0], "niet van"),
        (b"%PDF-1.7 nothing", "xml"),
        (entities, "onveilig"),
        (good[:-60], "xml"),
        (b"", "leeg"),
        (b"<x/>", "camt.053"),
    ):
        response = sent(els, content)
        assert response.status_code == 400, content
        assert sentence.lower() in Page(response).text().lower(), (content, Page(response).text())
    assert els.post(reverse("upload"), {"file": "x"}).status_code == 400
    assert rows() == before
    noted = [each for each in caplog.messages if each.startswith("statement refused: official:els")]
    assert len(noted) == 6
    assert "uittreksel.xml" not in caplog.text


def test_a_file_of_several_statements_is_kept_whole_or_not_at_all(scheme: Scheme):
    files = []
    for who in ("an", "koen"):
        scheme.pay(scheme.granted(who))
        files.append(scheme.bank.report(scheme.today))
        scheme.go_to(scheme.today.replace(day=scheme.today.day + 1))
    els = log_in("els")
    both, before = joined(*files), rows()
    lost = joined(files[0], re.sub(rb"<Ntry>.*</Ntry>", b"", files[1]))
    for content, which in ((lost, "000002 is niet bruikbaar"), (both + b"x", "XML")):
        response = sent(els, content)
        assert response.status_code == 400
        assert which in Page(response).text()
        assert rows() == before
    assert sent(els, files[1]).status_code == 302
    before = rows()
    response = sent(els, both)
    assert "000002 is al ingelezen. Er is nu niets ingelezen." in Page(response).text()
    els.post(reverse("language"), {"taal": "en"})
    assert "000002 was read in already" in Page(sent(els, both)).text()
    assert rows() == before
    assert sent(els, files[0]).status_code == 302
    assert StatementLine.objects.filter(match="exact").count() == 2


@pytest.mark.parametrize("size", [5 * 1_024 * 1_024 + 65 * 1_024, 30_000_000])
@pytest.mark.usefixtures("scheme")
def test_a_statement_that_is_too_large_is_refused_before_it_is_read(size):
    els = log_in("els")
    before = rows()
    response = sent(els, b" " * size)
    assert response.status_code == 413
    assert "hoogstens 5184 kB" in Page(response).text()
    assert rows() == before


@pytest.mark.parametrize("chosen", [[], ["x"], ["987654321"], ["9" * 40], ["-1"]])
@pytest.mark.usefixtures("scene")
def test_only_refunds_that_are_there_are_released(chosen):
    before = rows()
    response = log_in("claes").post(reverse("refunds"), {"refund": chosen})
    assert response.status_code == 409
    assert rows() == before


@pytest.mark.usefixtures("scene")
def test_a_refund_is_made_of_a_line_that_is_there():
    els = log_in("els")
    assert els.post("/beheer/betalingen/987654321/terug").status_code == 404
    exact = StatementLine.objects.filter(match="exact").first()
    assert els.post(reverse("refund", args=[exact.pk])).status_code == 409
    assert els.get(reverse("refund_file", args=[987_654_321])).status_code == 404


def test_what_could_not_be_sent_is_tried_again(scene: Scene):
    els = log_in("els")
    found = words(els, "outbox")
    assert "Cheque opnieuw gestuurd" in found
    assert "MailDown: no" in found
    links = Page(els.get(reverse("outbox"))).source
    assert f'href="{reverse("authority_order", args=[scene.orders["an"]])}"' in links
    for kind, name in (("talk_registered", "authority_talk"), ("payout_send", "payout")):
        OutboxRow.objects.filter(pk=scene.dead).update(kind=kind)
        links = Page(els.get(reverse("outbox"))).source
        about = OutboxRow.objects.get(pk=scene.dead).about_id
        assert f'href="{reverse(name, args=[about])}"' in links
        assert f'href="{reverse("authority_order", args=[about])}"' not in links
    OutboxRow.objects.filter(pk=scene.dead).update(kind="voucher_resend")
    assert els.post(reverse("retry", args=[scene.dead])).status_code == 302
    row = OutboxRow.objects.get(pk=scene.dead)
    assert row.dead_at is None
    assert row.attempts == 0
    assert "Alles is vertrokken" in words(els, "outbox")
    assert els.post(reverse("retry", args=[scene.dead])).status_code == 409
    scene.scheme.work()
    assert "An Lindenbeke" not in words(els, "sent")
    assert "an@example.be" in words(els, "sent")


def _capped(places: int) -> rulebook.Rulebook:
    """Return the law as it is, with so few places in a capped month."""
    book = rulebook.current()
    content = {**book.content, "numbers": {**book.content["numbers"]}}
    cap = content["numbers"]["cap_per_month"]
    lines = [line | {"value": places if line["value"] else None} for line in cap["lines"]]
    content["numbers"]["cap_per_month"] = cap | {"lines": lines}
    return rulebook.Rulebook("0" * 64, content, rulebook.numbers_of(content))


def test_what_went_out_without_an_order_is_listed_until_it_is_explained(scheme: Scheme):
    fee = Entry("X1", scheme.today, -250, "Kosten", "", "De bank", "", "NOTPROVIDED", "")
    scheme.read(BankStatement(ACCOUNT.iban, "X", None, scheme.today, (fee,)))
    els = log_in("els")
    assert "Uitgegaan zonder opdracht" in words(els, "payments")
    line = StatementLine.objects.get()
    where = reverse("explain_stray", args=[line.pk])
    assert els.post(where, {"ground": " "}).status_code == 409
    answer = els.post(where, {"ground": "kosten van de rekening"}, follow=True)
    assert "Genoteerd" in Page(answer).text()
    assert "Uitgegaan zonder opdracht" not in words(els, "payments")
