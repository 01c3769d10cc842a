"""What is held back of a centre, with an article, a reason and an end; and what may be paid."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from loopbaan.live.models import Centre, Claim, Hold, PayoutLine
from loopbaan.live.moving import Refused, record
from loopbaan.live.outbox import tell


def place_hold(
    *,
    centre: Centre,
    article: str,
    reason: str,
    until: date,
    day: date,
    now: datetime,
    actor: str,
    claim: Claim | None = None,
) -> Hold:
    """Hold back what a centre is paid, or one claim of it, from today up to and including a day.

    The very same asked twice is one hold.

    Raises:
        Refused: article, reason or a later end is missing, or the claim is another centre's.

    """
    if not article.strip() or not reason.strip():
        raise Refused("Wie een betaling inhoudt, noemt het artikel en de reden.")
    if until < day:
        raise Refused("Een inhouding heeft een einddatum, na de begindatum.")
    if claim is not None and claim.centre_id != centre.pk:
        raise Refused("Deze vordering is niet van dit centrum.")
    asked = {
        "centre": centre,
        "claim": claim,
        "article": article.strip(),
        "reason": reason.strip(),
        "since": day,
        "until": until,
        "placed_by": actor,
    }
    with transaction.atomic():
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        same = Hold.objects.filter(**asked, lifted_on=None).first()
        if same is not None:
            return same
        hold = Hold.objects.create(**asked, placed_at=now)
        record(("hold", hold.pk), "", "place", "placed", now=now, actor=actor)
        tell("hold_placed", hold.pk, now=now)
        return hold


def lift_hold(*, hold: Hold, day: date, now: datetime, actor: str) -> Hold:
    """Lift a hold before its end: from today it holds nothing.

    Raises:
        Refused: it was lifted before.

    """
    with transaction.atomic():
        locked = Hold.objects.select_for_update().get(pk=hold.pk)
        if locked.lifted_on is not None:
            raise Refused("Deze inhouding is al opgeheven.")
        locked.lifted_on = day
        locked.save()
        record(("hold", locked.pk), "placed", "lift", "lifted", now=now, actor=actor)
        tell("hold_lifted", locked.pk, now=now)
        return locked


def holds_on(day: date) -> QuerySet[Hold]:
    """Return the holds that stand on a day."""
    return Hold.objects.filter(since__lte=day, until__gte=day).filter(
        Q(lifted_on=None) | Q(lifted_on__gt=day)
    )


def unpaid() -> QuerySet[Claim]:
    """Return the claims and counter-entries that stand in no payment."""
    lines = PayoutLine.objects.filter(claim=OuterRef("pk"), is_void=False)
    return Claim.objects.filter(~Exists(lines))


def payable(day: date) -> QuerySet[Claim]:
    """Return what stands in no payment and is not held on a day: paid, set off or asked back.

    A held claim holds its counter-entries too, or what was never paid would be taken back.
    """
    holds = holds_on(day)
    return (
        unpaid()
        .exclude(centre__in=holds.filter(claim=None).values("centre"))
        .exclude(talk__in=holds.filter(claim__isnull=False).values("claim__talk"))
    )


def payable_cents(centre: Centre, day: date) -> int:
    """Return what may be paid to a centre on a day; negative if it has to pay back."""
    total = Sum(F("fee_cents") + F("vat_cents"))
    return int(payable(day).filter(centre=centre).aggregate(cents=total)["cents"] or 0)
