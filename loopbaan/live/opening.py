"""A voucher is opened for one centre: by the worker, or by a code that only the worker gets.

Until then a centre learns nothing of a number, not even whether there is such a voucher. What
misses is a guess: it is kept, and after some guesses a centre has to wait.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from loopbaan.law.transitions import Status
from loopbaan.live.models import Attempt, Centre, Opening, OpeningCode, Order, Voucher
from loopbaan.live.models.opening import MOST_WRONG
from loopbaan.live.moving import Refused, record, standing_of
from loopbaan.live.outbox import tell
from loopbaan.live.recognition import is_recognised

CODE_HOURS = 24
# By letter: printed the next working day, up to three working days on its way, a holiday between,
# and brought along to the next talk. A longer life gives no more guesses: five wrong ones end it.
LETTER_DAYS = 14
# For one voucher while a code lives: of one centre, so that nobody uses up what another one needs;
# and of all, so that no mailbox is flooded.
MOST_CODES, MOST_CODES_OF_ALL = 3, 12
# For one centre. What it asks counts whether or not there is such a voucher: so it learns nothing.
MOST_GUESSES, MOST_ASKS, GUESSES_IN = 20, 20, timedelta(hours=1)
OPENABLE = (Status.GRANTED, Status.ISSUED)
STARTABLE = _("U kunt deze cheque opstarten.")
ASKED = _(
    "Als deze cheque bestaat, krijgt de werkende een code: meteen per e-mail, of binnen enkele"
    " dagen per brief."
)


class Against(StrEnum):
    """Why a centre cannot use a voucher; only `NOT_OPENED` is told of one that is not its own."""

    NOT_RECOGNISED = "centre_not_recognised"
    NOT_OPENED = "not_opened"
    NOT_PAID = "not_paid"
    LAPSED = "lapsed"
    USED = "used"
    OTHER_CENTRE = "other_centre"


AGAINST = {
    Against.NOT_RECOGNISED: _("Uw centrum is vandaag niet erkend."),
    Against.NOT_OPENED: _("Deze cheque staat niet open voor uw centrum."),
    Against.NOT_PAID: _("De werkende heeft deze cheque nog niet betaald."),
    Against.LAPSED: _("Deze cheque is vervallen."),
    Against.USED: _("Deze cheque is al opgestart."),
    Against.OTHER_CENTRE: _("Deze cheque staat nu open voor een ander centrum."),
}


class TooManyGuesses(Refused):
    """A centre missed or asked too often; `again_at` is when it may try again."""

    def __init__(self, again_at: datetime, *, asked: bool = False) -> None:
        self.again_at = again_at
        missed = _("Te veel pogingen die niet klopten. Probeer het vanaf %(time)s opnieuw.")
        super().__init__(
            _("U vroeg te veel codes. Probeer het vanaf %(time)s opnieuw.") if asked else missed,
            code="too_many_guesses",
            time=timezone.localtime(again_at).time(),
        )


class NotYours(Refused):
    """A centre cannot use a voucher; `against` says why, as its check does."""

    def __init__(self, against: Against) -> None:
        self.against = against
        super().__init__(AGAINST[against], code=against.value)


@dataclass(frozen=True)
class Checked:
    """What a centre is told of a number. Without a reason against, it can start the voucher."""

    against: Against | None
    order: Order | None = None

    @property
    def sentence(self) -> str:
        """What to tell who checked."""
        return AGAINST[self.against] if self.against else STARTABLE

    @property
    def voucher(self) -> Voucher | None:
        """The voucher, once there is one and the centre may see it."""
        return getattr(self.order, "voucher", None) if self.order else None


def open_for(*, order: Order, centre: Centre, day: date, now: datetime, actor: str) -> Opening:
    """Open an order of one's own for a centre; for another one it is closed by that.

    Raises:
        Refused: it is not granted or paid (any more), or the centre is not recognised today.

    """
    with transaction.atomic():
        _openable(order)
        if not is_recognised(centre, day):
            raise Refused("Dit centrum is vandaag niet erkend.", code="centre_not_recognised")
        return _open(order, centre, "worker", now, actor)


def shut(*, order: Order, now: datetime, actor: str) -> Opening:
    """Take back that an order is open for a centre, before it is started.

    Raises:
        Refused: it is open for nobody, or started.

    """
    with transaction.atomic():
        _openable(order)
        opening = _opening_of(order)
        if opening is None:
            raise Refused("Uw cheque staat voor geen centrum open.")
        return _end(opening, now, actor)


def check(
    *, centre: Centre, number: str, client_number: str, day: date, now: datetime, actor: str
) -> Checked:
    """Tell a centre whether it can start a voucher, and if not why; the number is noted.

    `number` is that of the voucher; before the payment, that of the payment request.

    Raises:
        TooManyGuesses: the centre has to wait.

    """
    with transaction.atomic():
        return tried(
            "check",
            centre=centre,
            number=number,
            client_number=client_number,
            day=day,
            now=now,
            actor=actor,
        )


def tried(
    act: str,
    *,
    centre: Centre,
    number: str,
    client_number: str,
    day: date,
    now: datetime,
    actor: str,
) -> Checked:
    """Check a number inside a transaction, note that it was tried, and keep the centre locked.

    Raises:
        TooManyGuesses: the centre has to wait.

    """
    _may_guess(centre, now)
    if not is_recognised(centre, day):
        return Checked(Against.NOT_RECOGNISED)
    order = find(number, client_number)
    checked = checked_of(order, centre, day)
    _note(centre, act, order, checked.against == Against.NOT_OPENED, now, actor)
    return checked


def checked_of(order: Order | None, centre: Centre, day: date) -> Checked:
    """Return what a recognised centre is told of an order; nothing is noted."""
    if order is None or not Opening.objects.filter(order=order, centre=centre).exists():
        return Checked(Against.NOT_OPENED)
    current = Opening.objects.filter(order=order, ended_at=None).first()
    if current is None:
        # It was, and the worker took that back.
        return Checked(Against.NOT_OPENED)
    if current.centre_id != centre.pk:
        return Checked(Against.OTHER_CENTRE)
    standing = Status(order.standing.status)
    voucher = getattr(order, "voucher", None)
    if standing in (Status.STARTED, Status.CLOSED, Status.CLOSED_EARLY):
        return Checked(Against.USED, order)
    if standing == Status.GRANTED:
        return Checked(Against.NOT_PAID, order)
    if standing != Status.ISSUED or voucher is None or voucher.start_by < day:
        return Checked(Against.LAPSED, order)
    return Checked(None, order)


def hand_over(*, order: Order, centre: Centre, now: datetime, actor: str) -> Opening:
    """Open an order for the centre to which it moves, inside the transaction of the move."""
    return _open(order, centre, "move", now, actor)


def ask_code(
    *, centre: Centre, number: str, client_number: str, day: date, now: datetime, actor: str
) -> str:
    """Let the worker get a code for a centre; the answer is the same whatever the number is.

    Raises:
        TooManyGuesses: the centre has to wait.
        NotYours: the centre is not recognised today.

    """
    with transaction.atomic():
        _may_guess(centre, now, asks=True)
        if not is_recognised(centre, day):
            raise NotYours(Against.NOT_RECOGNISED)
        order = find(number, client_number)
        is_voucher = order is not None and hasattr(order, "voucher")
        asked = _note(centre, "ask", order, True, now, actor)
        record(("attempt", asked.pk), "", "ask", "asked", now=now, actor=actor)
        if order is not None and is_voucher:
            _make_code(order, centre, now)
        return ASKED


def give_code(
    *,
    centre: Centre,
    number: str,
    client_number: str,
    code: str,
    day: date,
    now: datetime,
    actor: str,
) -> Opening:
    """Open a voucher for a centre by the code that its worker handed over.

    Raises:
        TooManyGuesses: the centre has to wait.
        Refused: the code is not right, too old or used; or the voucher can no longer be opened.

    """
    with transaction.atomic():
        _may_guess(centre, now)
        if not is_recognised(centre, day):
            raise NotYours(Against.NOT_RECOGNISED)
        order = find(number, client_number)
        row = _code_row(order, centre, now)
        is_right = row is not None and hmac.compare_digest(
            digits_of(row).encode(), code.strip().encode()
        )
        _note(centre, "open", order, not is_right, now, actor)
        if row is not None:
            row.wrong += not is_right
            row.used_at = now if is_right else None
            row.save()
        if is_right:
            assert order is not None, "a code belongs to an order"
            _openable(order)
            return _open(order, centre, "code", now, actor)
    # After the transaction, so that the guess is kept.
    raise Refused("Deze code klopt niet of is vervallen.", code="wrong_code")


def digits_of(code: OpeningCode) -> str:
    """Return the six digits of a code, made of its row and the secret of this installation."""
    value = f"{code.pk}:{code.order_id}:{code.centre_id}:{code.asked_at.timestamp()}"
    made = salted_hmac("loopbaan.opening", value, settings.SECRET_KEY, algorithm="sha256")
    return f"{int.from_bytes(made.digest()[:8], 'big') % 10**6:06d}"


def find(number: str, client_number: str) -> Order | None:
    """Return the order of a voucher by both its numbers, or by that of its payment request."""
    digits, client = re.sub(r"\D", "", number), client_number.strip()
    orders = Order.objects.select_related("worker")
    if len(digits) == 14:
        return orders.filter(voucher__number=digits, voucher__client_number=client).first()
    return orders.filter(payment_request__reference=digits, voucher=None).first()


def opened_for(order: Order) -> Centre | None:
    """Return the centre for which an order is open now."""
    opening = _opening_of(order)
    return opening.centre if opening else None


def _open(order: Order, centre: Centre, way: str, now: datetime, actor: str) -> Opening:
    current = _opening_of(order)
    if current is not None and current.centre_id == centre.pk:
        return current
    if current is not None:
        _end(current, now, actor)
    opening = Opening.objects.create(order=order, centre=centre, way=way, opened_at=now)
    record(("opening", opening.pk), "", "open", "open", now=now, actor=actor, ground=way)
    if way != "code":  # that one the centre gave itself
        tell("opened_for", opening.pk, now=now)
    return opening


def _end(opening: Opening, now: datetime, actor: str) -> Opening:
    opening.ended_at = now
    opening.save()
    record(("opening", opening.pk), "open", "shut", "shut", now=now, actor=actor)
    return opening


def _opening_of(order: Order) -> Opening | None:
    return Opening.objects.select_related("centre").filter(order=order, ended_at=None).first()


def _openable(order: Order) -> None:
    """Lock an order, and pass if it can be opened or shut."""
    standing = standing_of(order)
    if standing is None or standing.status not in OPENABLE:
        raise Refused(
            "Deze cheque kan niet meer voor een centrum geopend worden.", code="not_openable"
        )


def _make_code(order: Order, centre: Centre, now: datetime) -> None:
    by_letter = not order.worker.email
    if by_letter and _code_row(order, centre, now) is not None:
        return  # it is on its way: a newer code would make that letter worthless
    life = timedelta(days=LETTER_DAYS) if by_letter else timedelta(hours=CODE_HOURS)
    standing = standing_of(order)
    asked = OpeningCode.objects.filter(order=order, asked_at__gt=now - life)
    if standing is None or standing.status != Status.ISSUED:
        return
    if asked.filter(centre=centre).count() >= MOST_CODES or asked.count() >= MOST_CODES_OF_ALL:
        return
    code = OpeningCode.objects.create(
        order=order, centre=centre, asked_at=now, expires_at=now + life
    )
    tell("opening_code", code.pk, now=now)


def _code_row(order: Order | None, centre: Centre, now: datetime) -> OpeningCode | None:
    """Return the latest code of a centre for an order, locked, while it can still be given."""
    row = (
        OpeningCode.objects.select_for_update()
        .filter(order=order, centre=centre)
        .order_by("-asked_at", "-pk")
        .first()
    )
    if row is None or row.used_at is not None or row.expires_at <= now or row.wrong >= MOST_WRONG:
        return None
    return row


def _may_guess(centre: Centre, now: datetime, *, asks: bool = False) -> None:
    """Pass if a centre did not miss, or ask, too often of late; it tries one number at a time."""
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    counted = Attempt.objects.filter(centre=centre, missed=True, at__gt=now - GUESSES_IN)
    counted = counted.filter(act="ask") if asks else counted.exclude(act="ask")
    most = MOST_ASKS if asks else MOST_GUESSES
    earliest = counted.order_by("-at").values_list("at", flat=True)[most - 1 :].first()
    if earliest is not None:
        raise TooManyGuesses(earliest + GUESSES_IN, asked=asks)


def _note(
    centre: Centre, act: str, order: Order | None, missed: bool, now: datetime, actor: str
) -> Attempt:
    return Attempt.objects.create(
        centre=centre, actor=actor, at=now, act=act, order=order, missed=missed
    )
