"""What rows look like to software: the operations' own words, and no name of a worker."""

from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from loopbaan.adapters.towns import towns
from loopbaan.live import centre_statement, models, opening, parties, recoveries, webhooks
from loopbaan.live.guidance import has_moved_on
from loopbaan.live.recognition import may_guide
from loopbaan.web.api import money, shapes
from loopbaan.web.api.keys import Caller


def checked(found: opening.Checked) -> shapes.Checked:
    """Tell what a check says."""
    voucher = found.voucher
    return shapes.Checked(
        may_start=found.against is None,
        reason=cast(Any, found.against.value) if found.against else None,
        sentence=_(found.sentence),
        minutes=voucher.minutes if voucher else None,
        issued_on=voucher.issued_on if voucher else None,
        start_by=voucher.start_by if voucher else None,
    )


def track(row: models.Track) -> shapes.Track:
    """Tell of a track. What happens after a move is another centre's."""
    voucher = models.Voucher.objects.get(pk=row.voucher_id)
    is_closed = row.ended_on is not None and not has_moved_on(row)
    is_here = row.ended_on is None or is_closed
    has_plan = models.Plan.objects.filter(voucher=voucher).exists()
    state = "running" if row.ended_on is None else "closed" if is_closed else "moved"
    return shapes.Track(
        id=row.pk,
        voucher=voucher.number,
        state=cast(Any, state),
        began_on=row.began_on,
        ended_on=row.ended_on,
        minutes=voucher.minutes if is_here else None,
        taken_minutes=voucher.taken_minutes if is_here else None,
        free_minutes=voucher.free_minutes if is_here else None,
        has_plan=has_plan if is_here else None,
        early_by_worker=row.early_by_worker_at is not None,
        early_by_centre=row.early_by_centre_at is not None,
    )


def talk(row: models.Talk) -> shapes.Talk:
    """Tell of a talk."""
    claim = models.Claim.objects.filter(talk=row, kind="talk").first()
    return shapes.Talk(
        id=row.pk,
        track=row.track_id,
        coach=row.coach_id,
        held_on=row.held_on,
        minutes=row.minutes,
        location=row.location_id,
        status=cast(Any, str(row.status)),
        answer_by=row.answer_by,
        remarks=row.remarks,
        claim=claim.pk if claim else None,
    )


def claims(who: Caller, rows: Sequence[models.Claim]) -> list[money.Claim]:
    """Tell of claims: on which day each is paid, or why it is not."""
    lines = centre_statement.lines_of(centre=who.centre, claims=rows, day=who.day)
    return [line_of(each) for each in lines]


def line_of(line: centre_statement.Line) -> money.Claim:
    """Tell of a line of a statement."""
    row = line.claim
    return money.Claim(
        id=row.pk,
        talk=row.talk_id,
        kind=cast(Any, row.kind),
        minutes=row.minutes,
        vat_percent=row.vat_percent,
        fee_cents=row.fee_cents,
        vat_cents=row.vat_cents,
        total_cents=row.total_cents,
        claimed_at=row.claimed_at,
        state=cast(Any, line.state.value),
        day=line.day,
        sentence=_(line.sentence),
        hold=hold(line.hold) if line.hold else None,
    )


def hold(row: models.Hold) -> money.Hold:
    """Tell of a hold."""
    return money.Hold(
        id=row.pk,
        claim=row.claim_id,
        article=row.article,
        reason=row.reason,
        since=row.since,
        until=row.until,
        lifted_on=row.lifted_on,
    )


def payment(row: models.Payout) -> money.Payment:
    """Tell of a payment that was released."""
    state = "paid" if row.paid_on else "failed" if row.failed_at else "at_the_bank"
    return money.Payment(
        id=row.pk,
        state=cast(Any, "returned" if row.returned_on else state),
        total_cents=row.amount_cents,
        iban=row.iban,
        reference=row.end_to_end,
        execute_on=row.batch.execute_on,
        paid_on=row.paid_on,
        returned_on=row.returned_on,
    )


def recovery(row: models.Recovery) -> money.Recovery:
    """Tell of what is asked back, once it is released."""
    state = "cancelled" if row.status == "cancelled" else "paid" if row.paid_on else "asked"
    return money.Recovery(
        id=row.pk,
        state=cast(Any, state),
        total_cents=row.amount_cents,
        left_cents=recoveries.left_cents(row) if state == "asked" else 0,
        reason=row.reason,
        due_on=row.due_on,
        iban=parties.account().iban,
        reference=row.reference,
        paid_on=row.paid_on,
    )


def person(who: Caller, row: models.Coach) -> shapes.Person:
    """Tell of a coach, and whether that coach may guide for the centre today."""
    rulebook = who.by_law["rulebook"]
    may = may_guide(coach=row, centre=who.centre, day=who.day, rulebook=rulebook)
    return shapes.Person(id=row.pk, name=row.name, may_guide=may)


def place(row: models.Location) -> shapes.Place:
    """Tell of a location."""
    town = towns().get(row.town)
    return shapes.Place(
        id=row.pk,
        street=row.street,
        town=town.name if town else "",
        is_open=row.is_open,
        free_places=row.free_places,
    )


def hook(row: models.Webhook) -> shapes.Hook:
    """Tell of a webhook, and of what it was not told."""
    waiting, given_up = webhooks.waiting(row).count(), webhooks.given_up(row).count()
    return shapes.Hook(id=row.pk, address=row.address, waiting=waiting, given_up=given_up)
