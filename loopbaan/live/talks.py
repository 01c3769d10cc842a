"""Talks: the centre registers, the worker confirms or disputes, silence confirms in the end.

Each operation locks the voucher first. Minutes are pending in the ledger while a talk is registered
or disputed; they are posted when it is confirmed, and come back when it ends otherwise.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from loopbaan.law import guidance as law
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import TalkAct, TalkStatus
from loopbaan.live import ledger
from loopbaan.live.guidance import Objected, lose_free
from loopbaan.live.models import Coach, Location, OutboxRow, Talk, Track, Voucher
from loopbaan.live.moving import Refused, lock_voucher, move_talk
from loopbaan.live.outbox import early, tell, tell_all
from loopbaan.live.plans import look
from loopbaan.live.recognition import is_recognised, may_guide


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
                raise Refused(
                    "Hiermee is al een ander gesprek geregistreerd: begin opnieuw.",
                    code="key_used_before",
                )
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


def answer_for(
    *, talk: Talk, took_place: bool, remarks: str, reason: str, now: datetime, actor: str
) -> Talk:
    """Confirm or dispute a talk, as the authority, for a worker who phoned or wrote.

    The reason is kept with who looked, where the worker reads it; she is told what was noted.

    Raises:
        Refused: it was answered before, nothing is said, or there is no reason.

    """
    with transaction.atomic():
        worker = talk.track.voucher.order.worker
        if took_place:
            answered = confirm(talk=talk, now=now, actor=actor)
        else:
            answered = dispute(talk=talk, remarks=remarks, now=now, actor=actor)
        look(worker=worker, what="talk", now=now, actor=actor, reason=reason)
        tell("talk_answered", talk.pk, now=now, part=answered.status)
        return answered


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
    """Decide, as the authority, on a talk that is disputed, or whose worker cannot be reached.

    Raises:
        Refused: it is neither, or there is no ground.

    """
    if not ground.strip():
        raise Refused("Wie over een betwisting beslist, zegt waarom.")
    with transaction.atomic():
        current = _locked(talk)
        if not to_settle(day).filter(pk=current.pk).exists():
            raise Refused("Dit gesprek is niet betwist, en de werkende kan er nog op antwoorden.")
        current.ruling = ground.strip()[:300]
        if took_place:
            _confirm(current, TalkAct.UPHOLD, now, actor)
        else:
            move_talk(current, TalkAct.ANNUL, now=now, actor=actor)
            _remind_no_more(current)
            _give_back(current, rulebook, day, now)
        tell_all(
            [
                OutboxRow(kind=kind, about_id=current.pk, due_at=now)
                for kind in ("talk_settled", "talk_decided")
            ]
        )
        return current


def to_settle(day: date) -> QuerySet[Talk]:
    """Return what waits for the authority: a dispute, or a worker who could not be reached.

    A reminder that was given up never lets silence speak: its talk would wait for ever.
    """
    given_up = _reminders().filter(dead_at__isnull=False)
    unreached = Q(Exists(given_up), status=TalkStatus.REGISTERED, answer_by__lt=day)
    return Talk.objects.filter(unreached | Q(status=TalkStatus.DISPUTED))


def give_time(*, rulebook: Rulebook, day: date, now: datetime) -> int:
    """Give who is reminded late the days that she had from a reminder in time; return how many.

    Done before what is due is told, so that each reminder names the day that counts.
    """
    until = day + timedelta(days=law.answer_days(rulebook.on(day)))
    waits = _reminders().filter(done_at=None, dead_at=None, due_at__lte=now)
    late = Talk.objects.filter(Exists(waits), status=TalkStatus.REGISTERED, answer_by__lt=until)
    return late.update(answer_by=until)


def confirm_silent(
    *, rulebook: Rulebook, day: date, now: datetime, actor: str = "system", most: int = 1_000
) -> int:
    """Confirm the talks whose last day to answer is over, and return how many.

    Silence says something only of somebody who was asked: a talk waits while a reminder of it was
    not sent, or was sent less long ago than the law gives to answer it.
    """
    heard = day - timedelta(days=law.answer_days(rulebook.on(day)))
    heard_by = timezone.make_aware(datetime.combine(heard, time()))
    waits = _reminders().filter(Q(done_at=None) | Q(done_at__gte=heard_by))
    count = 0
    for talk in _unanswered(day).exclude(Exists(waits)).order_by("answer_by", "pk")[:most]:
        with transaction.atomic():
            current = _locked(talk)
            if current.status == TalkStatus.REGISTERED:
                _confirm(current, TalkAct.FALL_SILENT, now, actor)
                count += 1
    return count


def _unanswered(day: date) -> QuerySet[Talk]:
    return Talk.objects.filter(status=TalkStatus.REGISTERED, answer_by__lt=day)


def _reminders() -> QuerySet[OutboxRow]:
    """Return the reminders of a talk, for a query on talks."""
    return OutboxRow.objects.filter(kind="talk_reminder", about_id=OuterRef("pk"))


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
            due_at = early(calendar_day(remind_on))
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
        raise Refused("Deze cheque is afgesloten.", code="not_running")
    if current.ended_on is not None:
        raise Refused("Deze cheque loopt nu bij een ander centrum.", code="not_running")
    if not current.began_on <= held_on <= day:
        raise Refused(
            "Een gesprek valt na de opstart en ligt niet in de toekomst.", code="wrong_day"
        )
    if not is_recognised(current.centre, held_on):
        raise Refused("Uw centrum was op die dag niet erkend.", code="centre_not_recognised")
    if not may_guide(coach=coach, centre=current.centre, day=held_on, rulebook=rulebook):
        raise Refused(
            "Deze begeleider mocht op die dag niet begeleiden voor uw centrum.",
            code="coach_may_not_guide",
        )
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
