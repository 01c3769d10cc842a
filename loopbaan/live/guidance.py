"""A voucher is started, closed, closed early by both sides, and moved to another centre."""

from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_noop as _

from loopbaan.law import guidance as law
from loopbaan.law.guidance import Objection
from loopbaan.law.months import day_number
from loopbaan.law.policy import Policy
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import Act, Status
from loopbaan.live import ledger, opening
from loopbaan.live.models import Centre, Order, Plan, Talk, Track, Voucher
from loopbaan.live.moving import (
    Refused,
    hold_off_deciding,
    lock_voucher,
    move,
    record,
    standing_of,
)
from loopbaan.live.outbox import tell
from loopbaan.live.recognition import is_recognised

SIDES = ("worker", "centre")
OBJECTIONS = {
    Objection.LAPSED: _("De termijn om deze cheque op te starten is voorbij."),
    Objection.CENTRE_NOT_RECOGNISED: _("Uw centrum is vandaag niet erkend."),
    Objection.NOT_OWN_INITIATIVE: _("De werkende kiest zelf voor begeleiding: niemand stuurt."),
    Objection.PART_OF_OTHER_GUIDANCE: _("Begeleiding is geen outplacement, therapie of opleiding."),
    Objection.SINGLE_TEST: _("Eén test of één methode is geen loopbaanbegeleiding."),
    Objection.NOT_A_TALK: _("Alleen gesprekstijd telt, geen voorbereiding en geen verslag."),
    Objection.TOO_MANY_MINUTES: _("Er zijn niet zoveel minuten meer over op deze cheque."),
    Objection.EXTRA_CHARGE: _("U mag niets extra aanrekenen: alles zit in de vergoeding."),
}


class Objected(Refused):
    """The law speaks against an act; `objections` are all its reasons, the first is told."""

    def __init__(self, bits: int) -> None:
        self.objections = tuple(each for each in Objection if each & bits)
        super().__init__(OBJECTIONS[self.objections[0]], code=self.objections[0].code)

    @property
    def sentences(self) -> list[str]:
        """Every reason as a sentence."""
        return [OBJECTIONS[each] for each in self.objections]


def start(
    *,
    centre: Centre,
    number: str,
    client_number: str,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
    own_initiative: bool = True,
    part_of_other_guidance: bool = False,
    single_test: bool = False,
) -> Track:
    """Start a voucher that is open for a centre: that uses the right. The centre declares the rest.

    Raises:
        opening.NotYours: it cannot be used, with the reason that a check gives.
        Objected: the law speaks against it.
        TooManyGuesses: the centre has to wait.

    """
    declared = {
        "own_initiative": np.array([own_initiative]),
        "part_of_other_guidance": np.array([part_of_other_guidance]),
        "single_test": np.array([single_test]),
    }
    with transaction.atomic():
        checked = opening.tried(
            "start",
            centre=centre,
            number=number,
            client_number=client_number,
            day=day,
            now=now,
            actor=actor,
        )
    # After its transaction, so that the guess is kept; and who guesses waits for no decision.
    if checked.against is not None:
        raise opening.NotYours(checked.against)
    assert checked.voucher is not None, "only a voucher can be started"
    with transaction.atomic():
        hold_off_deciding()
        return _start(checked.voucher.pk, centre, rulebook, day, now, actor, declared)


def close(*, track: Track, rulebook: Rulebook, day: date, now: datetime, actor: str) -> Voucher:
    """Close a voucher whose minutes were all talked and confirmed, once its plan is there.

    Raises:
        Refused: minutes are left or not confirmed yet, the plan is missing, or it is not started.

    """
    with transaction.atomic():
        voucher = lock_voucher(track.voucher_id)
        current = _running(voucher, track)
        policy = rulebook.on(day)
        if not may_close(voucher, policy):
            if voucher.minutes - _confirmed(voucher):
                raise Refused(
                    "Er zijn nog minuten over, of nog niet bevestigd.", code="minutes_left"
                )
            raise Refused("Het persoonlijk ontwikkelingsplan ontbreekt nog.", code="plan_missing")
        return _end(voucher, current, Act.CLOSE, policy, day, now, actor)


def close_early(
    *, track: Track, side: str, rulebook: Rulebook, day: date, now: datetime, actor: str
) -> Track:
    """Agree, as worker or as centre, to close a voucher early; with both, the rest is lost.

    Talks that are not settled keep their minutes: what becomes of them is decided later.

    Raises:
        Refused: it is not started any more, or this side agreed before.

    """
    assert side in SIDES, f"no such side: {side}"
    with transaction.atomic():
        voucher = lock_voucher(track.voucher_id)
        current = _running(voucher, track)
        if getattr(current, f"early_by_{side}_at") is not None:
            raise Refused(
                "U stemde hier al mee in: we wachten op de andere kant.", code="agreed_before"
            )
        setattr(current, f"early_by_{side}_at", now)
        current.save()
        agreed = record(("track", current.pk), "running", "agree", "running", now=now, actor=actor)
        if current.early_by_worker_at is not None and current.early_by_centre_at is not None:
            _end(voucher, current, Act.CLOSE_EARLY, rulebook.on(day), day, now, actor)
        else:
            # Told each time: who agreed, took it back and agrees again asks anew.
            tell("track_early", current.pk, now=now, part=f"{side}:{agreed.pk}")
        return Track.objects.get(pk=current.pk)


def stay(*, track: Track, side: str, now: datetime, actor: str) -> Track:
    """Take back that one agreed to close early.

    Raises:
        Refused: it is closed by now, or this side did not agree.

    """
    assert side in SIDES, f"no such side: {side}"
    with transaction.atomic():
        current = _running(lock_voucher(track.voucher_id), track)
        if getattr(current, f"early_by_{side}_at") is None:
            raise Refused("U stemde hier niet mee in.", code="not_agreed")
        setattr(current, f"early_by_{side}_at", None)
        current.save()
        record(("track", current.pk), "running", "stay", "running", now=now, actor=actor)
        return current


def move_to(
    *, track: Track, centre: Centre, rulebook: Rulebook, day: date, now: datetime, actor: str
) -> Track:
    """Move the minutes left to another centre, as far as the law of the day allows it.

    Raises:
        Refused: the law does not allow it, the other centre is not recognised, or it is the same.

    """
    with transaction.atomic():
        voucher = lock_voucher(track.voucher_id)
        current = _running(voucher, track)
        if centre.pk == current.centre_id:
            raise Refused("De cheque loopt al bij dit centrum.")
        if not is_recognised(centre, day):
            raise Refused("Dit centrum is vandaag niet erkend.", code="centre_not_recognised")
        lost = np.array([not is_recognised(current.centre, day)])
        if not law.may_move(rulebook.on(day), recognition_withdrawn=lost)[0]:
            raise Refused("Een opgestarte cheque blijft bij het centrum waar hij loopt.")
        current.ended_on = day
        current.save()
        made = Track.objects.create(voucher=voucher, centre=centre, began_on=day)
        order = Order.objects.get(pk=voucher.order_id)
        ground = f"track {current.pk} to {made.pk}"
        move(order, Act.MOVE, Status.STARTED, now=now, actor=actor, ground=ground)
        record(("track", current.pk), "running", "move", "moved", now=now, actor=actor)
        record(("track", made.pk), "", "move", "running", now=now, actor=actor)
        opening.hand_over(order=order, centre=centre, now=now, actor=actor)
        tell("track_moved", made.pk, now=now)
        return made


def _start(
    voucher_id: int,
    centre: Centre,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
    declared: dict[str, np.ndarray],
) -> Track:
    voucher = lock_voucher(voucher_id)
    if voucher.started_on is not None:
        raise opening.NotYours(opening.Against.USED)
    order = Order.objects.get(pk=voucher.order_id)
    # Its worker may have shut it, or opened it for another, since it was checked: not from here on.
    standing_of(order)
    if opening.opened_for(order) != centre:
        raise opening.NotYours(opening.Against.NOT_OPENED)
    against = int(
        law.against_start(
            rulebook.on(day),
            issued_on=np.array([day_number(voucher.issued_on)], np.int32),
            on=np.array([day_number(day)], np.int32),
            centre_recognised=np.array([is_recognised(centre, day)]),
            **declared,
        )[0]
    )
    # The term is the one that was promised when the voucher was issued.
    lapsed = Objection.LAPSED if day > voucher.start_by else 0
    against = against & ~int(Objection.LAPSED) | int(lapsed)
    if against:
        raise Objected(against)
    voucher.started_on = day
    voucher.save()
    track = Track.objects.create(voucher=voucher, centre=centre, began_on=day)
    move(order, Act.START, Status.STARTED, now=now, actor=actor, ground=f"centre {centre.pk}")
    record(("track", track.pk), "", "start", "running", now=now, actor=actor)
    tell("voucher_started", order.pk, now=now)
    return track


def _running(voucher: Voucher, track: Track) -> Track:
    """Return a track as it stands now, if its locked voucher still runs there."""
    current = Track.objects.select_related("centre").get(pk=track.pk)
    if current.ended_on is not None or voucher.closed_on is not None:
        raise Refused("Dit traject is al afgesloten of verplaatst.", code="not_running")
    return current


def may_close(voucher: Voucher, policy: Policy) -> bool:
    """Whether the law lets a voucher be closed, with its talks and its plan as they are now."""
    left = voucher.minutes - _confirmed(voucher)
    has_plan = Plan.objects.filter(voucher=voucher).exists()
    may = law.may_close(policy, minutes_left=np.array([left]), has_plan=np.array([has_plan]))
    return bool(may[0])


def has_moved_on(track: Track) -> bool:
    """Whether a voucher moved on from a track: what happens after that is another centre's."""
    return Track.objects.filter(voucher=track.voucher_id, pk__gt=track.pk).exists()


def _confirmed(voucher: Voucher) -> int:
    talks = Talk.objects.filter(track__voucher=voucher, status="confirmed")
    return sum(talks.values_list("minutes", flat=True))


def _end(
    voucher: Voucher,
    track: Track,
    act: Act,
    policy: Policy,
    day: date,
    now: datetime,
    actor: str,
) -> Voucher:
    """Close a locked voucher: what no talk has taken is lost, if the law says so."""
    to = Status.CLOSED if act == Act.CLOSE else Status.CLOSED_EARLY
    track.ended_on = voucher.closed_on = day
    track.save()
    voucher.save()
    order = Order.objects.get(pk=voucher.order_id)
    move(order, act, to, now=now, actor=actor, ground=f"track {track.pk}")
    record(("track", track.pk), "running", act, to, now=now, actor=actor)
    lose_free(voucher, policy, f"closed:{voucher.pk}", now=now)
    tell("voucher_closed", order.pk, now=now)
    return voucher


def lose_free(voucher: Voucher, policy: Policy, key: str, *, now: datetime) -> None:
    """Note what a closed voucher loses: the minutes that no talk takes and are not lost yet."""
    lost = law.lost_minutes(policy, np.array([voucher.minutes]), np.array([voucher.taken_minutes]))[
        0
    ]
    more = int(lost) - ledger.balance("lost", ("voucher", voucher.pk))
    if more > 0:
        ledger.post(
            key,
            debit="lost",
            credit="open",
            amount=more,
            about=("voucher", voucher.pk),
            now=now,
            unit="minutes",
        )
