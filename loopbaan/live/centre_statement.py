"""The statement of a centre: each claim, and the day on which it is paid or why it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_noop as _

from loopbaan.live.batches import late_recoveries, refused_account
from loopbaan.live.holds import holds_on, payable_cents, unpaid
from loopbaan.live.models import Centre, Claim, Hold, PayoutLine, Recovery

MOST_DAYS = 366  # of a statement that is asked


class Paid(StrEnum):
    """How far the payment of a claim is."""

    PAID = "paid"
    AT_THE_BANK = "at_the_bank"
    TO_RELEASE = "to_release"
    DUE = "due"
    OVERDUE = "overdue"
    HELD = "held"
    ACCOUNT_REFUSED = "account_refused"
    SET_OFF = "set_off"
    RECOVERY_LATE = "recovery_late"
    ASKED_BACK = "asked_back"
    RECOVERED = "recovered"


SENTENCES = {
    Paid.PAID: _("Betaald."),
    Paid.AT_THE_BANK: _("Vrijgegeven, om op deze dag te betalen."),
    Paid.TO_RELEASE: _("Klaar om te betalen: een tweede persoon geeft nog vrij."),
    Paid.DUE: _("Wordt ten laatste op deze dag betaald."),
    Paid.OVERDUE: _("Te laat: dit moest ten laatste op deze dag betaald zijn."),
    Paid.HELD: _("Ingehouden tot en met deze dag."),
    Paid.ACCOUNT_REFUSED: _("De bank stuurde een betaling terug: geef een andere rekening op."),
    Paid.SET_OFF: _("Wordt verrekend: uw centrum moet meer terugbetalen dan het vordert."),
    Paid.RECOVERY_LATE: _("Wacht: uw centrum moest tegen deze dag terugbetalen, en deed dat niet."),
    Paid.ASKED_BACK: _("Teruggevraagd: uw centrum betaalt ten laatste op deze dag."),
    Paid.RECOVERED: _("Terugbetaald door uw centrum."),
}


@dataclass(frozen=True)
class Line:
    """A claim, how far it is, and the day of that: paid on, paid by, or held until. None: open."""

    claim: Claim
    state: Paid
    day: date | None
    hold: Hold | None = None

    @property
    def sentence(self) -> str:
        """What to tell the centre."""
        return SENTENCES[self.state]


@dataclass(frozen=True)
class CentreStatement:
    """The claims of a centre in some days, with sums in cents, and all that it is still owed.

    `asked_back` is what it has to pay now, of all days.
    """

    centre: Centre
    since: date
    until: date
    lines: tuple[Line, ...]
    fee_cents: int
    vat_cents: int
    paid_cents: int
    owed_cents: int
    asked_back: Recovery | None

    @property
    def total_cents(self) -> int:
        """What was claimed in these days, VAT included."""
        return self.fee_cents + self.vat_cents


def statement(
    *,
    centre: Centre,
    since: date,
    until: date,
    day: date,
    after: int = 0,
    most: int | None = None,
) -> CentreStatement:
    """Return the statement of a centre over the claims of some days, as it stands today.

    `after` and `most` cut its lines by the numbers of the claims; the sums are of all those days.
    """
    claims = Claim.objects.filter(centre=centre, claimed_at__date__range=(since, until))
    shown = claims.select_related("talk__coach", "talk__track__voucher", "talk__location")
    found = list(shown.filter(pk__gt=after).order_by("pk")[:most])
    sums = claims.aggregate(fee=Sum("fee_cents"), vat=Sum("vat_cents"))
    is_paid = Q(payout__paid_on__isnull=False) | Q(recovery__paid_on__isnull=False)
    paid = PayoutLine.objects.filter(is_paid, claim__in=claims, is_void=False).aggregate(
        cents=Sum(F("claim__fee_cents") + F("claim__vat_cents"))
    )
    return CentreStatement(
        centre=centre,
        since=since,
        until=until,
        lines=tuple(lines_of(centre=centre, claims=found, day=day)),
        fee_cents=int(sums["fee"] or 0),
        vat_cents=int(sums["vat"] or 0),
        paid_cents=int(paid["cents"] or 0),
        owed_cents=owed_cents(centre),
        asked_back=asked_back(centre),
    )


def lines_of(*, centre: Centre, claims: Sequence[Claim], day: date) -> list[Line]:
    """Tell of each claim of a centre on which day it is paid, or why it is not."""
    found = {
        line.claim_id: line
        for line in PayoutLine.objects.filter(
            claim__in=[each.pk for each in claims], is_void=False
        ).select_related("payout__batch", "recovery")
    }
    holds = list(
        holds_on(day).filter(centre=centre).select_related("claim").order_by("-until", "pk")
    )
    other = _of_the_centre(centre, day)
    return [_line(each, found.get(each.pk), holds, other, day) for each in claims]


def owed_cents(centre: Centre) -> int:
    """Return what a centre claimed and is in no payment yet; negative if it owes."""
    total = Sum(F("fee_cents") + F("vat_cents"))
    return int(unpaid().filter(centre=centre).aggregate(cents=total)["cents"] or 0)


def asked_back(centre: Centre) -> Recovery | None:
    """Return what a centre is asked to pay back, once somebody released that."""
    return Recovery.objects.filter(centre=centre, status="released", paid_on=None).first()


def _of_the_centre(centre: Centre, day: date) -> tuple[Paid, date | None] | None:
    """Return why nothing that waits is paid to a centre now, with the day of that; None if it is.

    As `batches.make_batch` chooses.
    """
    if refused_account(centre):
        return Paid.ACCOUNT_REFUSED, None
    late = late_recoveries(day).filter(centre=centre).first()
    if late is not None:
        return Paid.RECOVERY_LATE, late.due_on
    return (Paid.SET_OFF, None) if payable_cents(centre, day) <= 0 else None


def _line(
    claim: Claim,
    paying: PayoutLine | None,
    holds: Sequence[Hold],
    other: tuple[Paid, date | None] | None,
    day: date,
) -> Line:
    if paying is not None and paying.recovery is not None:
        return _recovered(claim, paying.recovery)
    if paying is not None:
        payout = paying.payout
        assert payout is not None, "a claim is paid, or recovered"
        if payout.paid_on is not None:
            return Line(claim, Paid.PAID, payout.paid_on)
        is_released = payout.batch.status == "released"
        state = Paid.AT_THE_BANK if is_released else Paid.TO_RELEASE
        return Line(claim, state, payout.batch.execute_on)
    for hold in holds:
        if hold.claim is None or hold.claim.talk_id == claim.talk_id:
            return Line(claim, Paid.HELD, hold.until, hold)
    if other is not None:
        return Line(claim, *other)
    if claim.pay_by is not None and claim.pay_by < day:
        return Line(claim, Paid.OVERDUE, claim.pay_by)
    return Line(claim, Paid.DUE, claim.pay_by)


def _recovered(claim: Claim, recovery: Recovery) -> Line:
    if recovery.paid_on is not None:
        return Line(claim, Paid.RECOVERED, recovery.paid_on)
    if recovery.status == "released":
        return Line(claim, Paid.ASKED_BACK, recovery.due_on)
    # Nobody released it yet, so the centre was told nothing.
    return Line(claim, Paid.SET_OFF, None)
