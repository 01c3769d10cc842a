"""Where each page is."""

from django.urls import path

from loopbaan.web.api.routes import routes
from loopbaan.web.authority import (
    calculations,
    coaches,
    figures,
    looking,
    outbox,
    payout,
    recognition,
    recoveries,
    refunds,
)
from loopbaan.web.authority import ordering as authority_ordering
from loopbaan.web.authority import payment as authority_payment
from loopbaan.web.authority import talks as authority_talks
from loopbaan.web.centre.routes import routes as centre_routes
from loopbaan.web.public import (
    finding,
    health,
    lab,
    lab_pages,
    login,
    measures,
    ordering,
    site,
)
from loopbaan.web.worker import (
    guidance,
    looks,
    moving,
    opening,
    payment,
    plans,
    start,
    talks,
    voucher,
)
from loopbaan.web.worker import ordering as worker_ordering

urlpatterns = [
    path("", site.home, name="home"),
    path("check", ordering.check, name="check"),
    path("check/eerste-dag.ics", ordering.first_day, name="first_day"),
    path("wie-mag", ordering.conditions, name="conditions"),
    path("cijfers", measures.numbers, name="numbers"),
    path("cijfers/<slug:key>", measures.number, name="number"),
    path("lab", lab.lab, name="lab"),
    path("lab/kaart.yaml", lab.card_file, name="lab_card"),
    path("lab/<slug:name>", lab_pages.page, name="lab_page"),
    path("privacy", site.privacy, name="privacy"),
    path("toegankelijkheid", site.accessibility, name="accessibility"),
    path("taal", site.language, name="language"),
    path("aanmelden", login.login, name="login"),
    path("afmelden", login.logout, name="logout"),
    path("centra", finding.centres, name="find_centre"),
    path("centra/<int:number>", finding.centre, name="found_centre"),
    # The worker
    path("mijn", start.mine, name="mine"),
    path("mijn/post", start.mail, name="mail"),
    path("mijn/gegevens", start.data, name="data"),
    path("mijn/gegevens/wijzigen", start.data_change, name="data_change"),
    path("mijn/wie-keek", looks.looks, name="looks"),
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
    path("bestelling/<int:number>/openen", opening.open_for, name="open_voucher"),
    path("bestelling/<int:number>/sluiten", opening.shut, name="shut_voucher"),
    path("bestelling/<int:number>/begeleiding", guidance.guidance, name="guidance"),
    path("bestelling/<int:number>/afsluiten", guidance.close, name="close"),
    path("bestelling/<int:number>/vroeger-afsluiten", guidance.close_early, name="close_early"),
    path("bestelling/<int:number>/doorgaan", guidance.stay, name="stay"),
    path("bestelling/<int:number>/verplaatsen", moving.move, name="move"),
    path("bestelling/<int:number>/plan", plans.plan, name="plan"),
    path("bestelling/<int:number>/plan/invullen", plans.write, name="plan_write"),
    path("bestelling/<int:number>/plan/pdf", plans.upload, name="plan_upload"),
    path("bestelling/<int:number>/plan/kopie", plans.download, name="plan_file"),
    path("gesprek/<int:number>", talks.talk, name="talk"),
    path("gesprek/<int:number>/bevestigen", talks.confirm, name="confirm_talk"),
    path("gesprek/<int:number>/betwisten", talks.dispute, name="dispute_talk"),
    # The authority
    path("beheer", figures.figures, name="figures"),
    path("beheer/bestellingen", authority_ordering.orders, name="orders"),
    path("beheer/bestellingen/nieuw", authority_ordering.typed, name="typed"),
    path("beheer/bestellingen/<int:number>", authority_ordering.order, name="authority_order"),
    path("beheer/betalingen", authority_payment.payments, name="payments"),
    path("beheer/uittreksels", authority_payment.upload, name="upload"),
    path("beheer/betalingen/<int:line>/nagekeken", authority_payment.explain, name="explain_stray"),
    path("beheer/betalingen/<int:line>/terug", authority_payment.refund, name="refund"),
    path("beheer/terugbetalingen", refunds.refunds, name="refunds"),
    path("beheer/terugbetalingen/<int:number>/annuleren", refunds.cancel, name="cancel_refund"),
    path("beheer/terugbetalingen/<int:first>.xml", refunds.refund_file, name="refund_file"),
    path("beheer/terugbetalingen/<int:first>/bank", refunds.send_in_sandbox, name="send_refunds"),
    path("beheer/centra", recognition.centres, name="authority_centres"),
    path("beheer/centra/nieuw", recognition.enter, name="enter_centre"),
    path("beheer/centra/<int:number>", recognition.centre, name="authority_centre"),
    path("beheer/centra/<int:number>/nummer", recognition.correct_kbo, name="correct_kbo"),
    path("beheer/centra/<int:number>/erkennen", recognition.recognise, name="recognise"),
    path("beheer/centra/<int:number>/einde", recognition.end, name="end_recognition"),
    path("beheer/centra/<int:number>/medewerker", coaches.add_member, name="add_member"),
    path(
        "beheer/centra/<int:number>/medewerkers/<int:member>/einde",
        coaches.end_member,
        name="end_member",
    ),
    path(
        "beheer/centra/<int:number>/medewerkers/<int:member>/terug",
        coaches.rejoin_member,
        name="rejoin_member",
    ),
    path("beheer/centra/<int:number>/inhouden", payout.place_hold, name="place_hold"),
    path("beheer/begeleiders", coaches.coaches, name="coaches"),
    path("beheer/begeleiders/<int:number>", coaches.qualify, name="qualify"),
    path("beheer/begeleiders/<int:number>/weghalen", coaches.remove, name="remove_coach"),
    path("beheer/uitbetalingen", payout.payouts, name="payouts"),
    path("beheer/uitbetalingen/<int:number>", payout.payout, name="payout"),
    path("beheer/uitbetalingen/<int:number>/vrijgeven", payout.release, name="release_payout"),
    path("beheer/uitbetalingen/<int:number>/annuleren", payout.cancel, name="cancel_payout"),
    path("beheer/betalingen-aan-centra/<int:number>", payout.fail, name="fail_payout"),
    path(
        "beheer/betalingen-aan-centra/<int:number>/mislukt",
        payout.confirm_failed,
        name="confirm_failed",
    ),
    path("beheer/uitbetalingen/<int:number>.xml", payout.payout_file, name="payout_file"),
    path("beheer/centra/<int:number>/terugvorderen", recoveries.make, name="make_recovery"),
    path("beheer/terugvorderingen", recoveries.recoveries, name="recoveries"),
    path("beheer/terugvorderingen/<int:number>", recoveries.recovery, name="recovery"),
    path(
        "beheer/terugvorderingen/<int:number>/vrijgeven",
        recoveries.release,
        name="release_recovery",
    ),
    path(
        "beheer/terugvorderingen/<int:number>/annuleren", recoveries.cancel, name="cancel_recovery"
    ),
    path("beheer/inhoudingen", payout.holds, name="holds"),
    path("beheer/inhoudingen/<int:number>/opheffen", payout.lift_hold, name="lift_hold"),
    path("beheer/gesprekken", authority_talks.talks, name="disputes"),
    path("beheer/gesprekken/<int:number>", authority_talks.talk, name="authority_talk"),
    path("beheer/gesprekken/<int:number>/beslissen", authority_talks.settle, name="settle_talk"),
    path("beheer/gesprekken/<int:number>/antwoord", authority_talks.answer, name="answer_talk"),
    path("beheer/gesprekken/<int:number>/verbeteren", authority_talks.correct, name="correct_talk"),
    path("beheer/opzoeken", looking.search, name="search"),
    path("beheer/berichten", outbox.outbox, name="outbox"),
    path("beheer/berichten/<int:row>/opnieuw", outbox.retry, name="retry"),
    path("beheer/post", outbox.sent, name="sent"),
    path("beheer/brieven/<slug:name>.pdf", outbox.letter, name="letter"),
    path("beheer/doorrekeningen", calculations.calculations, name="calculations"),
    path("beheer/doorrekeningen/<int:number>", calculations.calculation, name="calculation"),
    path(
        "beheer/doorrekeningen/<int:number>/annuleren",
        calculations.cancel_calculation,
        name="cancel_calculation",
    ),
    path(
        "beheer/doorrekeningen/<int:number>/<str:name>",
        calculations.calculation_file,
        name="calculation_file",
    ),
    # Who works for a centre, and who guides
    *centre_routes(),
    # A centre's own software, and the program that watches over the installation
    *routes(),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "loopbaan.web.faults.not_understood"
handler403 = "loopbaan.web.faults.forbidden"
handler404 = "loopbaan.web.faults.not_found"
handler500 = "loopbaan.web.faults.broken"
