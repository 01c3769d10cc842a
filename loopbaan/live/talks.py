"""Talks: the centre registers, the worker confirms or disputes, silence confirms in the end.

Each operation locks the voucher first. Minutes are pending in the ledger while a talk is registered
or disputed; they are posted when it is confirmed, and come back when it ends otherwise.
"""

from datetime import UTC, date, datetime, time
from uuid import UUID

import numpy as np
from django.db import transaction

from loopbaan.law import guidance as law
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import TalkAct, TalkStatus
from loopbaan.live import ledger
from loopbaan.live.guidance import Objected, lose_free
from loopbaan.live.models import Coach, Location, OutboxRow, Talk, Track, Voucher
from loopbaan.live.moving import Refused, lock_voucher, move_talk
from loopbaan.live.outbox import tell, tell_all
from loopbaan.live.recognition import is_recognised, may_guide

EARLY = time(6)  # the hour, in UTC, from which a reminder of a day is sent


def register(
    *,
    track: Track,
    coach: Coach,
    held_on: date,
    minutes: int,
    location: Location | None,
    key: UUID,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
    is_conversation: bool = True,
    charged_cents: int = 0,
) -> Talk:
    """Register a talk that was held, at a location or remotely (None). The worker is asked.

    The same key again returns the talk that it made first.

    Raises:
        Objected: the law speaks against it: too many minutes, no conversation, an extra charge.
        Refused: the day, the centre, the coach or the location cannot be; or another talk was
            registered with this key.

    """
    with transaction.atomic():
        voucher = lock_voucher(track.voucher_id)
        made = Talk.objects.filter(track=track, key=key).first()
        if made is not None:
            asked = (coach.pk, held_on, minutes, location.pk if location else None)
            if asked != (made.coach_id, made.held_on, made.minutes, made.location_id):
                raise Refused("Hiermee is al een ander gesprek geregistreerd: begin opnieuw.")
            return made
        _could_be_held(voucher, track, coach, held_on, location, rulebook, day)
        _ask_the_law(rulebook.on(held_on), voucher, minutes, is_conversation, charged_cents)
        talk = Talk(
            track=track,
            coach=coach,
            held_on=held_on,
            minutes=minutes,
            location=location,
            key=key,
            registered_at=now,
        )
        return _register(talk, voucher, rulebook.on(day), day, now, actor)


def confirm(*, talk: Talk, now: datetime, actor: str) -> Talk:
    """Confirm, as the worker, that a talk took place as registered.

    Raises:
        Refused: it was confirmed before, or is gone.

    """
    with transaction.atomic():
        current = _locked(talk)
        return _confirm(current, TalkAct.CONFIRM, now, actor)


def dispute(*, talk: Talk, remarks: str, now: datetime, actor: str) -> Talk:
    """Say, as the worker, that a talk was not as registered: that talk alone is frozen.

    Raises:
        Refused: it was settled before, or nothing is said.

    """
    if not remarks.strip():
        raise Refused("Zeg in één zin wat er niet klopt.")
    with transaction.atomic():
        current = _locked(talk)
        current.remarks = remarks.strip()[:500]
        move_talk(current, TalkAct.DISPUTE, now=now, actor=actor)
        _remind_no_more(current)
        tell("talk_disputed", current.pk, now=now)
        return current


def withdraw(*, talk: Talk, rulebook: Rulebook, day: date, now: datetime, actor: str) -> Talk:
    """Withdraw, as the centre, a talk that is not confirmed: its minutes come back.

    Raises:
        Refused: it was settled before.

    """
    with transaction.atomic():
        current = _locked(talk)
        move_talk(current, TalkAct.WITHDRAW, now=now, actor=actor)
        _remind_no_more(current)
        _give_back(current, rulebook, day, now)
        tell("talk_withdrawn", current.pk, now=now)
        return current


def settle(
    *,
    talk: Talk,
    took_place: bool,
    ground: str,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
) -> Talk:
    """Decide, as the authority, on a talk that is disputed.

    Raises:
        Refused: it is not disputed, or there is no ground.

    """
    if not ground.strip():
        raise Refused("Wie over een betwisting beslist, zegt waarom.")
    with transaction.atomic():
        current = _locked(talk)
        if current.status != TalkStatus.DISPUTED:
            raise Refused("Dit gesprek is niet betwist.")
        current.ruling = ground.strip()[:300]
        if took_place:
            _confirm(current, TalkAct.UPHOLD, now, actor)
        else:
            move_talk(current, TalkAct.ANNUL, now=now, actor=actor)
            _give_back(current, rulebook, day, now)
        tell("talk_settled", current.pk, now=now)
        return current


def confirm_silent(*, day: date, now: datetime, actor: str = "system", most: int = 1_000) -> int:
    """Confirm the talks whose last day to answer is over, and return how many.

    Without all its reminders a talk waits: silence says something only to who was asked.
    """
    due = Talk.objects.filter(status=TalkStatus.REGISTERED, answer_by__lt=day)
    told = set(
        OutboxRow.objects.filter(
            kind="talk_reminder", about_id__in=due.values("pk"), done_at=None
        ).values_list("about_id", flat=True)
    )
    count = 0
    for talk in due.exclude(pk__in=told).order_by("pk")[:most]:
        with transaction.atomic():
            current = _locked(talk)
            if current.status == TalkStatus.REGISTERED:
                _confirm(current, TalkAct.FALL_SILENT, now, actor)
                count += 1
    return count


def _ask_the_law(
    policy: Policy, voucher: Voucher, minutes: int, is_conversation: bool, charged_cents: int
) -> None:
    """Pass if the law of the talk's day has nothing against it."""
    if minutes < 1:
        raise Refused("Een gesprek duurt minstens een minuut.")
    against = law.against_talk(
        policy,
        minutes=np.array([minutes]),
        minutes_left=np.array([voucher.free_minutes]),
        is_conversation=np.array([is_conversation]),
        charged_cents=np.array([charged_cents]),
    )[0]
    if against:
        raise Objected(int(against))


def _register(
    talk: Talk, voucher: Voucher, policy: Policy, day: date, now: datetime, actor: str
) -> Talk:
    """Register a talk that can be, take its minutes, and plan what its worker is told."""
    registered = np.array([day_number(day)], np.int32)
    silent_by = law.silent_by(policy, registered)
    if silent_by is not None:
        talk.answer_by = calendar_day(silent_by[0])
    move_talk(talk, TalkAct.REGISTER, now=now, actor=actor)
    _take(voucher, talk, now)
    told = [OutboxRow(kind="talk_registered", about_id=talk.pk, due_at=now)]
    if silent_by is not None:
        for place, remind_on in enumerate(law.reminded_on(policy, registered)[0], start=1):
            due_at = datetime.combine(calendar_day(remind_on), EARLY, UTC)
            told.append(
                OutboxRow(kind="talk_reminder", about_id=talk.pk, part=str(place), due_at=due_at)
            )
    tell_all(told)
    return talk


def _could_be_held(
    voucher: Voucher,
    track: Track,
    coach: Coach,
    held_on: date,
    location: Location | None,
    rulebook: Rulebook,
    day: date,
) -> None:
    current = Track.objects.select_related("centre").get(pk=track.pk)
    if voucher.closed_on is not None:
        raise Refused("Deze cheque is afgesloten.")
    if current.ended_on is not None:
        raise Refused("Deze cheque loopt nu bij een ander centrum.")
    if not current.began_on <= held_on <= day:
        raise Refused("Een gesprek valt na de opstart en ligt niet in de toekomst.")
    if not is_recognised(current.centre, held_on):
        raise Refused("Uw centrum was op die dag niet erkend.")
    if not may_guide(coach=coach, centre=current.centre, day=held_on, rulebook=rulebook):
        raise Refused("Deze begeleider mocht op die dag niet begeleiden voor uw centrum.")
    if location is not None and location.centre_id != current.centre_id:
        raise Refused("Deze vestiging is niet van uw centrum.")


def _locked(talk: Talk) -> Talk:
    """Return a talk as it stands now, its voucher locked."""
    lock_voucher(talk.track.voucher_id)
    return Talk.objects.select_related("track").get(pk=talk.pk)


def _take(voucher: Voucher, talk: Talk, now: datetime) -> None:
    voucher.taken_minutes += talk.minutes
    voucher.save()
    ledger.pend(
        f"talk:{talk.pk}",
        debit="confirmed",
        credit="open",
        amount=talk.minutes,
        about=("voucher", voucher.pk),
        now=now,
        unit="minutes",
    )


def _confirm(talk: Talk, act: TalkAct, now: datetime, actor: str) -> Talk:
    move_talk(talk, act, now=now, actor=actor)
    if act == TalkAct.CONFIRM:
        _remind_no_more(talk)
    ledger.settle(f"talk:{talk.pk}", now=now)
    return talk


def _remind_no_more(talk: Talk) -> None:
    """Drop the reminders that were not sent yet of a talk that was answered."""
    OutboxRow.objects.filter(kind="talk_reminder", about_id=talk.pk, done_at=None).delete()


def _give_back(talk: Talk, rulebook: Rulebook, day: date, now: datetime) -> None:
    """Give the minutes of a talk that was not confirmed back to its voucher."""
    ledger.void(f"talk:{talk.pk}", now=now)
    voucher = lock_voucher(talk.track.voucher_id)
    voucher.taken_minutes -= talk.minutes
    voucher.save()
    if voucher.closed_on is not None:
        lose_free(voucher, rulebook.on(day), f"lost:{talk.pk}", now=now)
