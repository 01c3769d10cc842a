"""From an order to a voucher, at the pages."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from loopbaan.live import ordering, outbox
from loopbaan.live.models import JournalLine, Order, OutboxRow
from tests.live.scheme import Scheme
from tests.web.scene import Page, log_in, order_at, rows

pytestmark = pytest.mark.usefixtures("scheme")


def shown(client: Client, name: str, order: Order) -> str:
    """Return the words of a page about an order."""
    response = client.get(reverse(name, args=[order.pk]))
    assert response.status_code == 200, response
    return Page(response).text()


def test_an_orders_pays_and_has_her_voucher(scheme: Scheme):
    an = log_in("an")
    assert "geen bestelling lopen" in Page(an.get(reverse("mine"))).text()
    order = order_at(an)
    assert "Ontvangen" in shown(an, "order", order)
    scheme.decide()
    words = shown(an, "order", order)
    assert "Te betalen" in words
    assert "Betaal € 45,00 ten laatste op 24 februari 2025" in words
    words = shown(an, "pay", order)
    assert "+++" in words
    assert "24 februari 2025" in words
    an.post(reverse("pay_in_sandbox", args=[order.pk]))
    scheme.read_bank()
    words = shown(an, "order", order)
    assert "Cheque klaar" in words
    assert "10 mei 2025" in words
    voucher = Order.objects.get(pk=order.pk).voucher
    assert voucher.client_number[:4] in shown(an, "voucher", order)
    paper = an.get(reverse("paper", args=[order.pk]))
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


def test_bram_is_refused_and_reads_why_until_when_and_what_was_used(scheme: Scheme):
    bram = log_in("bram")
    order = order_at(bram)
    scheme.decide()
    words = shown(bram, "order", order)
    assert "Geweigerd" in words
    assert "1.687" in words  # his days on 10 February 2025
    assert "28 juni 2027" in words
    assert "betwisten tot en met 24 februari 2025" in words
    words = shown(bram, "facts", order)
    assert "Gewerkte dagen 1.687 volgens de registers van de sociale zekerheid" in words
    assert "Woonplaats Vlaanderen volgens het Rijksregister" in words
    assert "1.687" in Page(bram.get(reverse("data"))).text()


def test_who_is_refused_keeps_the_first_day_in_her_calendar(scheme: Scheme):
    bram = log_in("bram")
    order = order_at(bram)
    scheme.decide()
    response = bram.get(reverse("order", args=[order.pk]))
    page = Page(response)
    assert "Zet 28 juni 2027 in mijn agenda" in page.text()
    days = [values["value"] for values in page.all("input") if values.get("name") == "day"]
    assert days == ["2027-06-28"]
    assert reverse("first_day") in [values["action"] for values in page.all("form")]
    entry = bram.post(reverse("first_day"), {"day": days[0]}).content.decode()
    assert "DTSTART;VALUE=DATE:20270628" in entry
    scheme.go_to(date(2027, 6, 28))
    words = shown(log_in("bram"), "order", order)
    assert "in mijn agenda" not in words
    assert "28 juni 2027" in words


def test_who_waits_in_vain_is_offered_no_day(scheme: Scheme):
    an = log_in("an")
    order = order_at(an, language="other")
    scheme.decide()
    words = shown(an, "order", order)
    assert "Geweigerd" in words
    assert "in mijn agenda" not in words


def test_the_same_form_sent_twice_is_one_order():
    an, key = log_in("an"), uuid4()
    first, second = order_at(an, key), order_at(an, key)
    assert first == second
    assert Order.objects.count() == 1
    assert order_at(an) != first


def test_two_people_with_one_key_have_two_orders():
    key = uuid4()
    assert order_at(log_in("an"), key) != order_at(log_in("bram"), key)


def test_the_form_brings_a_new_key_each_time_and_keeps_it_when_something_is_wrong():
    def key_of(response) -> str:
        fields = Page(response).all("input")
        return next(each["value"] for each in fields if each.get("name") == "key")

    an = log_in("an")
    assert key_of(an.get(reverse("order_new"))) != key_of(an.get(reverse("order_new")))
    key = str(uuid4())
    assert key_of(an.post(reverse("order_new"), {"key": key, "language": "x"})) == key


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"language": "nl"},
        {"language": "nl", "key": "x"},
        {"language": "de", "key": str(uuid4())},
        {"language": "nl", "key": "\x00" * 36},
    ],
)
def test_an_order_of_nonsense_is_none(data):
    an = log_in("an")
    before = rows()
    response = an.post(reverse("order_new"), data)
    assert response.status_code == 400
    assert "Er klopt iets nog niet" in Page(response).text()
    assert rows() == before


def test_a_second_order_is_advised_against_and_refused(scheme: Scheme):
    scheme.granted("an")
    an = log_in("an")
    words = Page(an.get(reverse("order_new"))).text()
    assert "U hebt al een bestelling lopen" in words
    second = order_at(an)
    scheme.decide()
    assert "Eén bestelling tegelijk" in shown(an, "order", second)


def test_an_undecided_order_comes_back_by_itself_ever_slower_and_is_stopped_first_of_all(
    scheme: Scheme,
):
    an = log_in("an")
    order = order_at(an)
    where = reverse("order", args=[order.pk])
    response, waits = an.get(where), []
    while "Refresh" in response.headers:
        assert "vernieuwt zichzelf" in Page(response).text()
        main = Page(response).source.partition("<main")[2]
        assert main.index("Stop met vernieuwen") < main.index("Mijn pagina")
        seconds, _, goal = response.headers["Refresh"].partition("; url=")
        response, waits = an.get(goal), [*waits, int(seconds)]
    assert waits == sorted(waits)
    assert (waits[0], len(waits)) == (2, 8)
    assert waits[3] >= 10  # time to read, and to come to the link without a mouse
    assert "Kijk opnieuw" in Page(response).text()
    assert "Refresh" not in an.get(f"{where}?keer=0").headers
    for nonsense in ("x", "-1", "9" * 400, "²"):
        assert "Refresh" not in an.get(where, {"keer": nonsense}).headers
    scheme.decide()
    assert "Refresh" not in an.get(where).headers
    assert "Refresh" not in an.get(f"{where}?keer=2").headers  # nothing moves until she pays
    assert "Refresh" in an.get(f"{where}?betaald=1").headers  # after the payment in the sandbox


def test_an_order_is_withdrawn_after_a_question(scheme: Scheme):
    order = scheme.granted("an")
    an = log_in("an")
    assert "Ja, trek mijn bestelling in" in shown(an, "withdraw", order)
    assert an.post(reverse("withdraw", args=[order.pk])).status_code == 302
    words = shown(an, "order", order)
    assert "Uw bestelling is ingetrokken" in words
    assert "Opnieuw bestellen" in words
    again = an.post(reverse("withdraw", args=[order.pk]))
    assert again.status_code == 409
    assert "Dat kan niet meer" in Page(again).text()
    assert "kan niet meer ingetrokken worden" in shown(an, "withdraw", order)
    assert an.get(reverse("pay", args=[order.pk])).status_code == 302


def test_a_refusal_is_contested_within_its_term(scheme: Scheme):
    bram = log_in("bram")
    order = order_at(bram)
    assert "niet geweigerd" in shown(bram, "contest", order)
    scheme.decide()
    assert "24 februari 2025" in shown(bram, "contest", order)
    bram.post(reverse("contest", args=[order.pk]))
    words = shown(bram, "order", order)
    assert "Ontvangen" in words
    assert "U betwistte de weigering" in words
    scheme.decide()
    scheme.now += timedelta(days=15)
    words = shown(bram, "order", order)
    assert "U kon deze weigering betwisten tot en met 24 februari 2025" in words
    assert "Ik betwist" not in words
    assert "liep tot en met" in shown(bram, "contest", order)
    assert bram.post(reverse("contest", args=[order.pk])).status_code == 409


def test_a_voucher_is_sent_again_once_a_day(scheme: Scheme):
    order = scheme.paid("an")
    an = log_in("an")
    for _ in range(3):
        assert an.post(reverse("resend", args=[order.pk])).status_code == 302
    resent = OutboxRow.objects.filter(kind="voucher_resend")
    assert resent.count() == 1
    told = an.post(reverse("resend", args=[order.pk]), follow=True).content.decode()
    assert "vandaag al opnieuw" in told
    scheme.now += timedelta(days=1)
    an.post(reverse("resend", args=[order.pk]))
    assert resent.count() == 2


def test_my_mail_is_mine(scheme: Scheme):
    scheme.granted("an")
    scheme.granted("sara")
    scheme.work()
    an = log_in("an")
    page = Page(an.get(reverse("mail")))
    assert len(page.all("article")) == 1
    assert "Schrijf €\u00a045,00 over" in page.source
    outbox.tell("order_granted", Order.objects.get(worker__name__startswith="Sara").pk,
                now=scheme.now, part="x")  # fmt: skip
    assert len(Page(an.get(reverse("mail"))).all("article")) == 1


def test_the_journal_names_nobody():
    order = order_at(log_in("an"))
    line = JournalLine.objects.get(subject="order", subject_id=order.pk)
    assert line.actor == f"worker:{order.worker_id}"


def test_a_voucher_that_lapsed_says_so(scheme: Scheme):
    order = scheme.paid("an")
    scheme.now += timedelta(days=100)
    scheme.bank.report(scheme.today)
    scheme.work()
    an = log_in("an")
    assert "niet op tijd gestart" in shown(an, "order", order)
    assert "U krijgt uw geld terug" in shown(an, "voucher", order)


def test_what_does_not_answer_is_said_and_nothing_is_lost(monkeypatch):
    an = log_in("an")

    def broken(**_: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(ordering, "receive", broken)
    data = {"language": "nl", "key": str(uuid4())}
    response = an.post(reverse("order_new"), data)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "Probeer het over een minuut opnieuw" in Page(response).text()
    assert Order.objects.count() == 0


def test_a_mistake_of_ours_is_a_page_as_well(monkeypatch):
    an = log_in("an")
    an.raise_request_exception = False

    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ordering, "receive", broken)
    response = an.post(reverse("order_new"), {"language": "nl", "key": str(uuid4())})
    assert response.status_code == 500
    assert Page(response).faults == []
    assert "Er liep iets mis bij ons" in Page(response).text()
