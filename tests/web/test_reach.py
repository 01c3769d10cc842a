"""How a worker is reached: with or without a mailbox; and what one press does not do."""

from django.urls import reverse

from loopbaan.live import opening
from loopbaan.live.models import JournalLine, Order, Worker
from tests.live.scheme import Scheme
from tests.web.scene import Page, log_in


def test_who_gives_no_address_reads_of_letters_everywhere(scheme: Scheme) -> None:
    an = log_in("an")
    worker = Worker.objects.get()
    to_pay = scheme.granted("an")
    asked = reverse("data_change")
    assert worker.email in an.get(asked).content.decode()
    page = Page(an.post(asked, {"email": "", "language": "nl"}, follow=True))
    assert "Dat is bewaard." in page.text()
    assert "Daarom schrijven we u brieven." in page.text()
    line = JournalLine.objects.get(subject="worker")
    assert (line.act, line.ground, line.actor) == ("change", "email", f"worker:{worker.pk}")
    assert "ook per brief" in Page(an.get(reverse("pay", args=[to_pay.pk]))).text()
    scheme.pay(to_pay)
    scheme.read_bank()
    opening.ask_code(**scheme.asking(Order.objects.get().voucher))
    voucher = Page(an.get(reverse("voucher", args=[to_pay.pk]))).text()
    assert "De code komt binnen enkele dagen per brief." in voucher
    assert "Stuur opnieuw per brief" in voucher
    sent = an.post(reverse("resend", args=[to_pay.pk]), follow=True)
    assert "We sturen uw cheque opnieuw per brief." in Page(sent).text()
    scheme.work()
    assert scheme.mailbox.newest(9, to=worker.email) == []


def test_who_gives_an_address_and_a_language_is_written_to_there(scheme: Scheme) -> None:
    an = log_in("an")
    asked = reverse("data_change")
    wrong = an.post(asked, {"email": "an bij voorbeeld", "language": "nl"})
    assert wrong.status_code == 400
    assert "Schrijf het zoals naam@voorbeeld.be." in Page(wrong).text()
    an.post(asked, {"email": "an@nieuw.example", "language": "en"})
    scheme.paid("an")
    scheme.work()
    letter = scheme.mailbox.newest(1, to="an@nieuw.example")[0]
    assert letter.lang == "en"


def test_one_press_does_not_confirm_a_talk_for_good(scheme: Scheme) -> None:
    talk = scheme.talk(scheme.started("an"), 45)
    an = log_in("an")
    page = Page(an.get(reverse("guidance", args=[talk.track.voucher.order_id])))
    assert reverse("confirm_talk", args=[talk.pk]) not in page.source
    page = Page(an.get(reverse("talk", args=[talk.pk])))
    assert "Daarna kunt u dit gesprek niet meer betwisten." in page.text()
    assert reverse("confirm_talk", args=[talk.pk]) in page.source
