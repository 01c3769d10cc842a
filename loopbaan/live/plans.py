"""What a track ends in and what comes after: the plan, aftercare; and who looked at whom."""

import json
from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from loopbaan.adapters.insz import Keyring
from loopbaan.law import guidance as law
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.rulebook import Rulebook
from loopbaan.live.facts import keyring
from loopbaan.live.models import Aftercare, Centre, Coach, Look, Plan, Track, Voucher, Worker
from loopbaan.live.models.guidance import PLAN_PARTS, REASONED
from loopbaan.live.moving import Refused, lock_voucher, record
from loopbaan.live.recognition import is_recognised, may_guide

MOST_BYTES = 5_000_000
LONGEST_PART = 4_000


def upload_plan(*, voucher: Voucher, pdf: bytes, now: datetime, actor: str) -> Plan:
    """Keep a plan that somebody wrote elsewhere; a later one stands before it.

    Raises:
        Refused: it is no PDF or too large, or the voucher was never started.

    """
    if not pdf.startswith(b"%PDF-"):
        raise Refused("Dit bestand is geen pdf.")
    if len(pdf) > MOST_BYTES:
        raise Refused("Dit bestand is te groot: hoogstens 5 MB.")
    return _keep(voucher, pdf, now, actor, is_pdf=True)


def write_plan(*, voucher: Voucher, parts: Mapping[str, str], now: datetime, actor: str) -> Plan:
    """Keep a plan that was filled in here, part by part (`PLAN_PARTS`).

    Raises:
        Refused: nothing was filled in, a part is too long, or the voucher was never started.

    """
    filled = {name: parts.get(name, "").strip() for name in PLAN_PARTS}
    if not filled["goal"] or not filled["steps"]:
        raise Refused("Vul minstens in waar u naartoe wilt, en uw stappen.")
    if max(map(len, filled.values())) > LONGEST_PART:
        raise Refused("Een deel van het plan is te lang: hoogstens 4000 tekens.")
    return _keep(voucher, json.dumps(filled).encode(), now, actor, is_pdf=False)


def latest_plan(voucher: Voucher) -> Plan | None:
    """Return the plan of a voucher as it was kept last."""
    return Plan.objects.filter(voucher=voucher).order_by("-pk").first()


def pdf_of(plan: Plan) -> bytes | None:
    """Return a plan as it was uploaded; None if it was filled in here."""
    return content_of(plan, keyring()) if plan.is_pdf else None


def parts_of(plan: Plan) -> dict[str, str]:
    """Return what was filled in of a plan, by the names of `PLAN_PARTS`; nothing of a PDF."""
    parts: dict[str, str] = {} if plan.is_pdf else json.loads(content_of(plan, keyring()))
    return parts


def reseal(keys: Keyring, *, most: int = 1_000) -> int:
    """Seal plans under the newest key that still lie under an older one; return how many."""
    old = Plan.objects.exclude(content_key=keys.newest)[:most]
    for each in old:
        content = content_of(each, keys)
        each.content_key, each.content_cipher = keys.seal_content(content, _about(each.voucher_id))
        each.save(update_fields=("content_key", "content_cipher"))
    return len(old)


def note_aftercare(
    *,
    track: Track,
    coach: Coach,
    held_on: date,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
) -> Aftercare:
    """Note a free talk after the closing, at the centre where the voucher was closed.

    Raises:
        Refused: it is not closed there, the term is over, or the coach may not guide then.

    """
    with transaction.atomic():
        voucher = lock_voucher(track.voucher_id)
        current = Track.objects.select_related("centre").get(pk=track.pk)
        closed_on = voucher.closed_on
        latest = Track.objects.filter(voucher=voucher).order_by("-pk").first()
        if closed_on is None or current != latest:
            raise Refused(
                "Nazorg volgt na het afsluiten, bij het centrum dat afsloot.",
                code="not_closed_here",
            )
        closed = np.array([day_number(closed_on)], np.int32)
        last = calendar_day(law.aftercare_until(rulebook.on(closed_on), closed)[0])
        if not closed_on <= held_on <= min(day, last):
            raise Refused("De nazorg valt buiten haar termijn.", code="aftercare_over")
        if not may_guide(coach=coach, centre=current.centre, day=held_on, rulebook=rulebook):
            raise Refused(
                "Deze begeleider mocht op die dag niet begeleiden voor uw centrum.",
                code="coach_may_not_guide",
            )
        made, is_new = Aftercare.objects.get_or_create(
            track=current,
            coach=coach,
            held_on=held_on,
            defaults={"noted_at": now, "noted_by": actor},
        )
        if is_new:
            record(("aftercare", made.pk), "", "note", "noted", now=now, actor=actor)
        return made


def look(
    *,
    worker: Worker,
    what: str,
    now: datetime,
    actor: str,
    centre: Centre | None = None,
    reason: str = "",
) -> Look:
    """Note that somebody looks at a worker's data; called before they are shown.

    Raises:
        Refused: an official looks without saying why.

    """
    if what in REASONED and not reason.strip():
        raise Refused("Wie iemand opzoekt, zegt waarom.")
    return Look.objects.create(
        worker=worker, at=now, actor=actor, centre=centre, what=what, reason=reason.strip()[:200]
    )


def looks_at(worker: Worker) -> QuerySet[Look]:
    """Return who looked at a worker's data, the latest first."""
    return Look.objects.filter(worker=worker).select_related("centre").order_by("-at", "-pk")


def may_read_plan(*, centre: Centre, voucher: Voucher, day: date) -> bool:
    """Whether a centre may read a plan: where the voucher runs or was closed, while recognised.

    The plan is the worker's own; a centre that the voucher left reads it no more.
    """
    latest = Track.objects.filter(voucher=voucher).order_by("-pk").first()
    return latest is not None and latest.centre_id == centre.pk and is_recognised(centre, day)


def _keep(voucher: Voucher, content: bytes, now: datetime, actor: str, *, is_pdf: bool) -> Plan:
    key, cipher = keyring().seal_content(content, _about(voucher.pk))
    with transaction.atomic():
        if lock_voucher(voucher.pk).started_on is None:
            raise Refused("Een plan hoort bij een opgestarte cheque.")
        plan = Plan.objects.create(
            voucher=voucher,
            made_at=now,
            made_by=actor,
            is_pdf=is_pdf,
            content_key=key,
            content_cipher=cipher,
        )
        record(("plan", plan.pk), "", "keep", "kept", now=now, actor=actor)
        return plan


def content_of(plan: Plan, keys: Keyring) -> bytes:
    """Return what a plan holds, opened."""
    return keys.open_content(plan.content_key, bytes(plan.content_cipher), _about(plan.voucher_id))


def _about(voucher_id: int) -> str:
    """Return what a plan is bound to: that of one voucher does not open as that of another."""
    return f"plan:{voucher_id}"
