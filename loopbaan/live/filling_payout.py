"""The payout of the demo: centres claim, two officials pay, some claims are held or corrected."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import FakeBank, invented_iban
from loopbaan.adapters.script import BRUSSELS, LAST_DAY
from loopbaan.law.transitions import TalkStatus
from loopbaan.live import batches, holds, members, payout, plans, recognition, talks
from loopbaan.live.enrolling import find
from loopbaan.live.facts import keyring
from loopbaan.live.filling_centres import FIRST_ACCOUNT, House
from loopbaan.live.filling_guidance import Guiding
from loopbaan.live.models import Centre, Claim, Hold, PayoutBatch, Talk
from loopbaan.live.moving import Refused
from loopbaan.live.working import Outside

MAKES, RELEASES, INSPECTS = "official:els", "official:dirk", "official:claes"
DAY = timedelta(days=1)
TUESDAY, FRIDAY = 2, 5
BATCH_EVERY_DAYS, RELEASED_AFTER, BOOKED_AFTER = 14, 2 * DAY, 9 * DAY
SETTLED_AFTER = 7 * DAY
WAITS = 730 * DAY  # who lost its recognition: how long is for the authority to say
# What happens once, to which centre: places in the list, De Brug is 0.
ACCOUNT_CLOSED, HELD, WITHDRAWN, CLOSED_LAST, HELD_NOW = 1, 2, 3, 4, 5
ARTICLE = "Besluit van 17 mei 2013, artikel niet gezien"
SHORTER = "Volgens de agenda van het centrum duurde dit gesprek korter."
DECIDED = "Beide kanten werden gehoord; de agenda van het centrum geeft de doorslag."


@dataclass
class Paying:
    """What centres and officials do about money, in the morning of a day."""

    outside: Outside
    bank: FakeBank
    houses: list[House]
    guiding: Guiding

    def live_through(self, day: date) -> None:
        """Do what a day brings: batches before claims, so that some always wait."""
        self._once(day)
        since = (LAST_DAY - day).days % BATCH_EVERY_DAYS
        if day == LAST_DAY or since == BATCH_EVERY_DAYS // 2:
            self._make(day, _at(day, 9))
        if since == BATCH_EVERY_DAYS // 2 - RELEASED_AFTER.days:
            self._release(day, _at(day, 9))
        if day.isoweekday() in (TUESDAY, FRIDAY):
            self._claim(day, _at(day, 10))

    def at_the_desk(self, day: date) -> None:
        """Decide on disputes, put one talk right, and let a centre give another account."""
        now = _at(day, 11)
        old = Talk.objects.filter(status=TalkStatus.DISPUTED, registered_at__lt=now - SETTLED_AFTER)
        for talk in old.select_related("track").order_by("pk"):
            talks.settle(
                talk=talk,
                took_place=talk.pk % 2 == 0,
                ground=DECIDED,
                rulebook=self.outside.rulebook,
                day=day,
                now=now,
                actor=INSPECTS,
            )
        self._correct(day, now)
        house = self.houses[ACCOUNT_CLOSED]
        if batches.refused_account(Centre.objects.get(pk=house.centre.pk)):
            another = invented_iban(FIRST_ACCOUNT - 1)
            recognition.change_centre(centre=house.centre, iban=another, now=now, actor=house.actor)

    def _once(self, day: date) -> None:
        """Let the bank close an account, the authority hold and withdraw: each on its day."""
        happens = {
            date(2025, 1, 6): self._close_account,
            date(2025, 2, 3): self._hold,
            date(2025, 3, 17): self._lift,
            date(2025, 5, 15): self._withdraw,
            date(2025, 8, 11): self._close_another,
            date(2025, 8, 18): self._look_closer,
            date(2025, 9, 22): self._hold_a_claim,
        }.get(day)
        if happens is not None:
            happens(day, _at(day, 8))

    def _close_account(self, _day: date, _now: datetime) -> None:
        self.bank.closed = {self.houses[ACCOUNT_CLOSED].centre.iban}

    def _close_another(self, _day: date, _now: datetime) -> None:
        self.bank.closed = {*self.bank.closed, self.houses[CLOSED_LAST].centre.iban}

    def _hold(self, day: date, now: datetime) -> None:
        _hold(self.houses[HELD], day, date(2025, 4, 30), "controle ter plaatse", now)

    def _lift(self, day: date, now: datetime) -> None:
        for hold in Hold.objects.filter(centre=self.houses[HELD].centre, lifted_on=None):
            holds.lift_hold(hold=hold, day=day, now=now, actor=INSPECTS)

    def _withdraw(self, day: date, now: datetime) -> None:
        house = self.houses[WITHDRAWN]
        recognition.end_recognition(
            centre=house.centre,
            last_day=day,
            ended_by="withdrawn",
            may_ask_on=day + WAITS,
            rulebook=self.outside.rulebook,
            ground="Voldoet niet meer aan de voorwaarden.",
            day=day,
            now=now,
            actor=INSPECTS,
        )
        self.guiding.leave(house, day)

    def _look_closer(self, day: date, now: datetime) -> None:
        """Hold what one centre is paid, and give the software of De Brug a key."""
        _hold(self.houses[HELD_NOW], day, date(2025, 12, 31), "gesprekken zonder agenda", now)
        members.make_token(
            centre=self.houses[0].centre,
            name="Agenda",
            scopes=["check", "start", "talk"],
            expires_on=date(2026, 6, 30),
            day=day,
            now=now,
            actor=self.houses[0].actor,
        )

    def _hold_a_claim(self, day: date, now: datetime) -> None:
        """Hold one claim of De Brug, and look An up, who called."""
        house = self.houses[0]
        claim = holds.unpaid().filter(centre=house.centre, minutes__gt=0).order_by("-pk").first()
        if claim is not None:
            _hold(house, day, date(2025, 11, 30), "nagaan of het gesprek plaatsvond", now, claim)
        an = find(BY_KEY["an"].insz, keyring())
        if an is not None:
            reason = "An belde: wanneer is haar gesprek bevestigd?"
            plans.look(worker=an, what="search", reason=reason, now=now, actor=INSPECTS)

    def _claim(self, day: date, now: datetime) -> None:
        waiting = Talk.objects.filter(status=TalkStatus.CONFIRMED, claims=None)
        found = set(waiting.values_list("track__centre", flat=True))
        for house in self.houses:
            if house.centre.pk in found:
                payout.claim_all(
                    centre=house.centre,
                    rulebook=self.outside.rulebook,
                    day=day,
                    now=now,
                    actor=house.actor,
                )

    def _make(self, day: date, now: datetime) -> None:
        last = batches.last_day(day)
        if last is not None:  # None: nobody is owed anything yet
            on = min(day + BOOKED_AFTER, last)
            batches.make_batch(execute_on=on, day=day, now=now, actor=MAKES)

    def _release(self, day: date, now: datetime) -> None:
        for batch in PayoutBatch.objects.filter(status="made").order_by("pk"):
            account = self.outside.account
            try:
                batches.release_batch(
                    batch=batch, account=account, day=day, now=now, actor=RELEASES
                )
            except Refused:  # something changed since it was made: they make it again
                batches.cancel_batch(batch=batch, now=now, actor=MAKES)
                again = batches.make_batch(execute_on=day, day=day, now=now, actor=MAKES)
                batches.release_batch(
                    batch=again, account=account, day=day, now=now, actor=RELEASES
                )

    def _correct(self, day: date, now: datetime) -> None:
        """Correct a talk that was paid: in July one of De Brug, else that of the day."""
        paid = Claim.objects.filter(
            kind="talk",
            talk__status=TalkStatus.CONFIRMED,
            talk__ruling="",
            minutes__gte=60,
            payout_lines__is_void=False,
            payout_lines__payout__paid_on__isnull=False,
        )
        if day.month == 7:
            paid = paid.filter(centre=self.houses[0].centre)
        claim = paid.order_by("-pk").first()
        if claim is not None:
            payout.correct(
                talk=claim.talk,
                minutes=claim.minutes - 15,
                ground=SHORTER,
                rulebook=self.outside.rulebook,
                day=day,
                now=now,
                actor=INSPECTS,
            )


def _hold(
    house: House, day: date, until: date, reason: str, now: datetime, claim: Claim | None = None
) -> None:
    holds.place_hold(
        centre=house.centre,
        claim=claim,
        article=ARTICLE,
        reason=reason,
        until=until,
        day=day,
        now=now,
        actor=INSPECTS,
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), BRUSSELS).astimezone(UTC)
