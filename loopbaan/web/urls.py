"""Where each page is."""

from django.urls import path

from loopbaan.web.authority import figures, outbox, refunds
from loopbaan.web.authority import ordering as authority_ordering
from loopbaan.web.authority import payment as authority_payment
from loopbaan.web.public import login, measures, ordering, site
from loopbaan.web.worker import ordering as worker_ordering
from loopbaan.web.worker import payment, start, voucher

urlpatterns = [
    path("", site.home, name="home"),
    path("check", ordering.check, name="check"),
    path("check/eerste-dag.ics", ordering.first_day, name="first_day"),
    path("wie-mag", ordering.conditions, name="conditions"),
    path("cijfers", measures.numbers, name="numbers"),
    path("cijfers/<slug:key>", measures.number, name="number"),
    path("privacy", site.privacy, name="privacy"),
    path("toegankelijkheid", site.accessibility, name="accessibility"),
    path("taal", site.language, name="language"),
    path("aanmelden", login.login, name="login"),
    path("afmelden", login.logout, name="logout"),
    # The worker
    path("mijn", start.mine, name="mine"),
    path("mijn/post", start.mail, name="mail"),
    path("mijn/gegevens", start.data, name="data"),
    path("bestellen", worker_ordering.new, name="order_new"),
    path("bestelling/<int:number>", worker_ordering.order, name="order"),
    path("bestelling/<int:number>/waarom", worker_ordering.facts, name="facts"),
    path("bestelling/<int:number>/intrekken", worker_ordering.withdraw, name="withdraw"),
    path("bestelling/<int:number>/betwisten", worker_ordering.contest, name="contest"),
    path("bestelling/<int:number>/betalen", payment.pay, name="pay"),
    path("bestelling/<int:number>/betaal", payment.pay_in_sandbox, name="pay_in_sandbox"),
    path("bestelling/<int:number>/cheque", voucher.voucher, name="voucher"),
    path("bestelling/<int:number>/cheque.pdf", voucher.paper, name="paper"),
    path("bestelling/<int:number>/cheque/opnieuw", voucher.resend, name="resend"),
    # The authority
    path("beheer", figures.figures, name="figures"),
    path("beheer/bestellingen", authority_ordering.orders, name="orders"),
    path("beheer/bestellingen/nieuw", authority_ordering.typed, name="typed"),
    path("beheer/bestellingen/<int:number>", authority_ordering.order, name="authority_order"),
    path("beheer/betalingen", authority_payment.payments, name="payments"),
    path("beheer/uittreksels", authority_payment.upload, name="upload"),
    path("beheer/betalingen/<int:line>/terug", authority_payment.refund, name="refund"),
    path("beheer/terugbetalingen", refunds.refunds, name="refunds"),
    path("beheer/terugbetalingen/<int:first>.xml", refunds.refund_file, name="refund_file"),
    path("beheer/terugbetalingen/<int:first>/bank", refunds.send_in_sandbox, name="send_refunds"),
    path("beheer/berichten", outbox.outbox, name="outbox"),
    path("beheer/berichten/<int:row>/opnieuw", outbox.retry, name="retry"),
    path("beheer/post", outbox.sent, name="sent"),
]

handler403 = "loopbaan.web.faults.forbidden"
handler404 = "loopbaan.web.faults.not_found"
handler500 = "loopbaan.web.faults.broken"
