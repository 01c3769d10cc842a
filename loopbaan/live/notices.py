"""What a worker is told, and when: one notice for each step that waits for a person."""

from collections.abc import Callable
from functools import partial

from loopbaan.adapters.bank import BankAccount, written_communication
from loopbaan.law.transitions import Status
from loopbaan.law.wording import Lang, day_text, euro_text, hours_text
from loopbaan.live import centre_notices, guidance_notices
from loopbaan.live.models import Order, OutboxRow
from loopbaan.live.outbox import Handler
from loopbaan.live.posting import Post, Words

_WITH_ALL = Order.objects.select_related("worker", "standing", "payment_request", "voucher")

REFUSED: Words = {
    "nl": (
        "Uw bestelling is geweigerd",
        (
            "U kunt nu geen loopbaancheque bestellen. Op uw pagina staat waarom, en wat u kunt"
            " doen: {page}"
        ),
    ),
    "en": (
        "Your order is refused",
        "You cannot order a career voucher now. Your page says why, and what you can do: {page}",
    ),
}
LOST: Words = {
    "nl": (
        "Er was geen plaats meer",
        (
            "U hebt recht op een loopbaancheque, maar de cheques van deze maand zijn op. Volgende"
            " maand kunt u opnieuw bestellen: {page}"
        ),
    ),
    "en": (
        "There was no place left",
        (
            "You have the right to a career voucher, but this month's vouchers are gone. You can"
            " order again next month: {page}"
        ),
    ),
}
GRANTED: Words = {
    "nl": (
        "Betaal uw loopbaancheque",
        (
            "Schrijf {amount} over ten laatste op {due}, met als mededeling {reference}. Hoe dat"
            " gaat, staat op uw pagina: {page}"
        ),
    ),
    "en": (
        "Pay for your career voucher",
        (
            "Transfer {amount} by {due}, with the communication {reference}. Your page shows how:"
            " {page}"
        ),
    ),
}
REMINDER: Words = {
    "nl": (
        "Vergeet niet te betalen",
        (
            "Uw betaling van {amount} moet ten laatste op {due} geboekt zijn, met als mededeling"
            " {reference}. Anders vervalt uw bestelling."
        ),
    ),
    "en": (
        "Do not forget to pay",
        (
            "Your payment of {amount} must be booked by {due}, with the communication {reference}."
            " Otherwise your order lapses."
        ),
    ),
}
ISSUED: Words = {
    "nl": (
        "Uw loopbaancheque",
        (
            "Uw betaling is aangekomen. Uw cheque voor {hours} begeleiding heeft nummer {number}."
            " Start ten laatste op {start_by}: {page}"
        ),
    ),
    "en": (
        "Your career voucher",
        (
            "Your payment has arrived. Your voucher for {hours} of guidance has number {number}."
            " Start by {start_by}: {page}"
        ),
    ),
}
START: Words = {
    "nl": (
        "Start uw loopbaanbegeleiding",
        (
            "Uw cheque {number} moet ten laatste op {start_by} opgestart zijn. Daarna vervalt hij"
            " en krijgt u uw geld terug."
        ),
    ),
    "en": (
        "Start your career guidance",
        (
            "Your voucher {number} must be started by {start_by}. After that it lapses and you get"
            " your money back."
        ),
    ),
}
LAPSED: Words = {
    "nl": (
        "Uw bestelling is vervallen",
        "Uw betaling kwam niet op tijd. U kunt opnieuw bestellen: {page}",
    ),
    "en": (
        "Your order has lapsed",
        "Your payment did not arrive in time. You can order again: {page}",
    ),
}
UNSTARTED: Words = {
    "nl": (
        "Uw cheque is vervallen",
        "Uw cheque {number} werd niet op tijd opgestart. Uw geld komt terug en u behoudt uw recht.",
    ),
    "en": (
        "Your voucher has lapsed",
        (
            "Your voucher {number} was not started in time. Your money comes back and you keep your"
            " right."
        ),
    ),
}


def handlers(post: Post, account: BankAccount) -> dict[str, Handler]:
    """Return what to do for each kind of outbox row."""

    def notice(words: Words, still: Status | None = None) -> Handler:
        def send(row: OutboxRow) -> None:
            order = _WITH_ALL.get(pk=row.about_id)
            # A reminder of what is over by now is left out.
            if still is None or order.standing.status == still:
                post.to_worker(row, order, words, partial(_values, order))

        return send

    table: dict[str, Callable[[OutboxRow], None]] = {
        "order_refused": notice(REFUSED),
        "order_lost": notice(LOST),
        "order_granted": notice(GRANTED),
        "payment_reminder": notice(REMINDER, Status.GRANTED),
        "voucher_issued": notice(ISSUED),
        "start_reminder": notice(START, Status.ISSUED),
        "order_lapsed": notice(LAPSED),
        "voucher_lapsed": notice(UNSTARTED),
        "voucher_resend": notice(ISSUED),
    }
    return table | guidance_notices.handlers(post) | centre_notices.handlers(post, account)


def _values(order: Order, lang: Lang) -> dict[str, str]:
    values: dict[str, str] = {}
    request = getattr(order, "payment_request", None)
    if request is not None:
        values["amount"] = euro_text(request.amount_cents, lang)
        values["due"] = day_text(request.due_on, lang)
        values["reference"] = written_communication(request.reference)
    voucher = getattr(order, "voucher", None)
    if voucher is not None:
        values["number"] = voucher.number
        values["hours"] = hours_text(voucher.minutes, lang)
        values["start_by"] = day_text(voucher.start_by, lang)
    return values
