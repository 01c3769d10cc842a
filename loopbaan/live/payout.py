"""What a centre claims for confirmed talks, and counter-entries where a talk was shorter.

A claim is what the law owes for the voucher with it, less what it owed without it, so that claims
and counter-entries together are the law's amount to the cent, whatever their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from numpy.typing import NDArray

from loopbaan.law import payout as law
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.payout import PAYERS
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import TalkAct, TalkStatus
from loopbaan.live import ledger
from loopbaan.live.guidance import lose_free
from loopbaan.live.models import Centre, Claim, Decision, Talk, Voucher
from loopbaan.live.moving import Refused, lock_voucher, move_talk, record
from loopbaan.live.outbox import tell

Amounts = NDArray[np.int64]  # fee, VAT, and a part for each of PAYERS
MOST = 200  # claimed at once; each locks a voucher until all are made
# Of the worker's part the money came in before; who else pays is asked by it.
ACCOUNT_OF = {"worker": "held"}


@dataclass(frozen=True)
class Entry:
    """Minutes of one talk that are owed: at which centre's track, at which rate, with what VAT."""

    talk_id: int
    track_id: int
    vat_percent: int
    millicents_per_hour: int
    minutes: int


def claim(*, talk: Talk, rulebook: Rulebook, day: date, now: datetime, actor: str) -> Claim:
    """Claim a confirmed talk: the fee of the talk's day, and VAT if the centre is liable.

    Raises:
        Refused: it is not confirmed, or was claimed before.

    """
    with transaction.atomic():
        voucher = lock_voucher(talk.track.voucher_id)
        current = Talk.objects.select_related("track__centre").get(pk=talk.pk)
        if current.status != TalkStatus.CONFIRMED:
            raise Refused(
                "Alleen een bevestigd gesprek wordt gevorderd.", code="talk_not_confirmed"
            )
        if Claim.objects.filter(talk=current, kind="talk").exists():
            raise Refused("Dit gesprek is al gevorderd.", code="claimed_before")
        policy = rulebook.on(current.held_on, max(day, current.held_on))
        is_liable = current.track.centre.vat == "liable"
        entry = Entry(
            talk_id=current.pk,
            track_id=current.track_id,
            vat_percent=policy.vat_percent if is_liable else 0,
            millicents_per_hour=policy.fee_millicents_per_hour,
            minutes=current.minutes,
        )
        before = entries_of(voucher)
        parts = parts_of(voucher, rulebook)
        added = totals([*before, entry], parts) - totals(before, parts)
        made = _write(current, "talk", entry, added, rulebook, day, now, actor)
        _move_minutes(voucher, "claimed", "confirmed", current.minutes, f"claim:{made.pk}", now)
        return made


def claim_all(
    *, centre: Centre, rulebook: Rulebook, day: date, now: datetime, actor: str
) -> list[Claim]:
    """Claim the confirmed talks of a centre that were not claimed yet, a bounded number at once.

    Voucher by voucher, whoever asks: two centres of which one has what the other had do not wait
    for each other.
    """
    made = []
    for talk in unclaimed(centre).select_related("track").order_by("track__voucher", "pk")[:MOST]:
        try:
            made.append(claim(talk=talk, rulebook=rulebook, day=day, now=now, actor=actor))
        except Refused:
            continue  # somebody else was first
    return made


def unclaimed(centre: Centre) -> QuerySet[Talk]:
    """Return the confirmed talks of a centre that were not claimed yet."""
    return Talk.objects.filter(track__centre=centre, status=TalkStatus.CONFIRMED, claims=None)


def correct(
    *,
    talk: Talk,
    minutes: int,
    ground: str,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
) -> Talk:
    """Correct, as the authority, a confirmed talk to fewer minutes, or to none (it never was).

    What was claimed for it is taken back by a counter-entry, and set off against what is paid next.

    Raises:
        Refused: it is not confirmed, the minutes are not fewer, or there is no ground.

    """
    if not ground.strip():
        raise Refused("Wie een gesprek verbetert, zegt waarom.")
    with transaction.atomic():
        voucher = lock_voucher(talk.track.voucher_id)
        current = Talk.objects.select_related("track__centre").get(pk=talk.pk)
        if current.status != TalkStatus.CONFIRMED:
            raise Refused("Alleen een bevestigd gesprek wordt verbeterd.")
        if not 0 <= minutes < current.minutes:
            raise Refused("Een verbetering maakt een gesprek korter.")
        less = current.minutes - minutes
        current.ruling = ground.strip()[:300]
        claimed = Claim.objects.filter(talk=current, kind="talk").first()
        act = TalkAct.CORRECT if minutes else TalkAct.ANNUL
        if minutes:
            current.minutes = minutes
        move_talk(current, act, now=now, actor=actor, ground=f"{less} minutes less")
        if claimed is not None:
            _counter(current, claimed, less, voucher, rulebook, day, now, actor)
        source = "confirmed" if claimed is None else "claimed"
        key = f"correct:{current.pk}:{minutes}"
        _move_minutes(voucher, "open", source, less, key, now)
        voucher.taken_minutes -= less
        voucher.save()
        if voucher.closed_on is not None:
            lose_free(voucher, rulebook.on(day), f"lost:{key}", now=now)
        tell("talk_corrected", current.pk, now=now, part=str(minutes))
        tell("talk_shortened", current.pk, now=now, part=str(minutes))
        return current


def entries_of(voucher: Voucher) -> list[Entry]:
    """Return what is claimed of a voucher now: its talks in the order of their claims."""
    found: dict[int, Entry] = {}
    rows = Claim.objects.filter(talk__track__voucher=voucher).select_related("talk").order_by("pk")
    for row in rows:
        earlier = found[row.talk_id].minutes if row.talk_id in found else 0
        found[row.talk_id] = Entry(
            talk_id=row.talk_id,
            track_id=row.talk.track_id,
            vat_percent=row.vat_percent,
            millicents_per_hour=row.millicents_per_hour,
            minutes=earlier + row.minutes,
        )
    return [each for each in found.values() if each.minutes]


def parts_of(voucher: Voucher, rulebook: Rulebook) -> tuple[int, ...]:
    """Return what each payer but the government puts into a voucher: the share is as decided."""
    decisions = Decision.objects.filter(order=voucher.order_id).select_related("order")
    decision = decisions.order_by("-pk")[0]
    policy = rulebook.on(decision.order.ordered_on)
    return (decision.share_cents, *law.parts(policy)[1:])


def totals(entries: Sequence[Entry], parts: tuple[int, ...]) -> Amounts:
    """Return what is owed for talks of one voucher by the law: fee, VAT, and who pays how much.

    The law counts a voucher at one centre under one VAT rate. Where a voucher moved, or the centre
    changed, each stretch counts by itself, and what an earlier one used of the parts is used.
    """
    total = np.zeros(2 + len(PAYERS), np.int64)
    left = np.array(parts, np.int64)
    stretches = sorted({(each.track_id, each.vat_percent) for each in entries})
    for track_id, vat_percent in stretches:
        mine = [e for e in entries if (e.track_id, e.vat_percent) == (track_id, vat_percent)]
        owed = law.claims(
            np.array([each.minutes for each in mine], np.int64),
            np.array([each.millicents_per_hour for each in mine], np.int64),
            np.zeros(len(mine), np.int64),
            left[np.newaxis],
            vat_percent,
        )
        split = owed.split_cents.sum(axis=0)
        left -= split[:-1]
        total += np.concatenate([[owed.fee_cents.sum(), owed.vat_cents.sum()], split])
    return total


def _counter(
    talk: Talk,
    claimed: Claim,
    less: int,
    voucher: Voucher,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
) -> Claim:
    before, parts = entries_of(voucher), parts_of(voucher, rulebook)
    after = [
        Entry(e.talk_id, e.track_id, e.vat_percent, e.millicents_per_hour, e.minutes - less)
        if e.talk_id == talk.pk
        else e
        for e in before
    ]
    entry = Entry(talk.pk, talk.track_id, claimed.vat_percent, claimed.millicents_per_hour, -less)
    change = totals([e for e in after if e.minutes], parts) - totals(before, parts)
    return _write(talk, "counter", entry, change, rulebook, day, now, actor)


def _write(
    talk: Talk,
    kind: str,
    entry: Entry,
    amounts: Amounts,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
) -> Claim:
    """Write a claim or a counter-entry, and book who owes it."""
    fee, vat, *split = (int(each) for each in amounts)
    last = law.pay_by(rulebook.on(day), np.array([day_number(day)], np.int32))
    made = Claim.objects.create(
        talk=talk,
        centre=talk.track.centre,
        kind=kind,
        minutes=entry.minutes,
        millicents_per_hour=entry.millicents_per_hour,
        vat_percent=entry.vat_percent,
        fee_cents=fee,
        vat_cents=vat,
        claimed_at=now,
        claimed_by=actor,
        pay_by=None if last is None else calendar_day(last[0]),
        **{f"{payer}_cents": cents for payer, cents in zip(PAYERS, split, strict=True)},
    )
    record(("claim", made.pk), "", kind, "claimed", now=now, actor=actor)
    for payer, cents in zip(PAYERS, split, strict=True):
        account = ACCOUNT_OF.get(payer, payer)
        debit, credit = (account, "owed") if cents > 0 else ("owed", account)
        if cents:
            ledger.post(
                f"claim:{made.pk}:{payer}",
                debit=debit,
                credit=credit,
                amount=abs(cents),
                about=("claim", made.pk),
                now=now,
            )
    return made


def _move_minutes(
    voucher: Voucher, debit: str, credit: str, amount: int, key: str, now: datetime
) -> None:
    ledger.post(
        key,
        debit=debit,
        credit=credit,
        amount=amount,
        about=("voucher", voucher.pk),
        now=now,
        unit="minutes",
    )
