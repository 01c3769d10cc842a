"""The guidance of the demo: what worker and centre do with each voucher, day by day.

Every act goes through the operation that a page calls; what the law refuses is given up or tried
another day, as people do.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np

from loopbaan.adapters.script import BRUSSELS
from loopbaan.adapters.script_guidance import Answer, Course, Ending, Meeting, course
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.transitions import TalkStatus
from loopbaan.live import guidance, opening, plans, talks
from loopbaan.live.filling_centres import House
from loopbaan.live.models import OpeningCode, Talk, Track, Voucher
from loopbaan.live.moving import Refused

DAY = timedelta(days=1)
MORNING, AFTERNOON, EVENING = 10, 17, 20
TRIES_AFTER_DAYS, MOST_TRIES = 15, 4
GOALS = (
    "Overstappen naar een job met meer contact met mensen.",
    "Vier dagen per week werken, zonder de job te verliezen.",
    "Leidinggeven aan een klein team.",
    "Als zelfstandige in bijberoep beginnen.",
)
STEPS = (
    "Tegen eind volgende maand twee mensen spreken die het al doen. Daarna een opleiding kiezen."
)
REMARKS = "Dit gesprek duurde een kwartier korter."
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

Act = Callable[[date, datetime], None]


@dataclass
class Client:
    """A worker with a voucher: who she is, what she means to do, and at which centre."""

    insz: str
    worker_id: int
    voucher: Voucher
    course: Course
    house: House
    chance: np.random.Generator
    talks: int = 0
    tries: int = 0

    @property
    def actor(self) -> str:
        """Who acts in the journal when she does."""
        return f"worker:{self.worker_id}"


@dataclass
class Guiding:
    """What still happens on which day; `again` lets somebody order anew on a day."""

    seed: int
    rulebook: Rulebook
    houses: list[House]
    again: Callable[[str, date], None]
    agenda: dict[date, list[tuple[int, int, Act]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    planned: int = 0
    seen: int = 0  # the highest number of a voucher that has its course

    def live_through(self, day: date) -> None:
        """Do what was meant for a day, in the order of its hours."""
        while self.agenda[day]:
            due, self.agenda[day] = sorted(self.agenda[day], key=lambda each: each[:2]), []
            for hour, place, act in due:
                now = datetime.combine(day, time(hour, place % 60), BRUSSELS).astimezone(UTC)
                act(day, now)
        del self.agenda[day]

    def follow(self, insz_of: dict[int, str], day: date) -> None:
        """Give each voucher that was issued since the last time its course."""
        fresh = Voucher.objects.filter(pk__gt=self.seen).select_related("order").order_by("pk")
        for voucher in fresh:
            self.seen = voucher.pk
            insz = insz_of[voucher.order.worker_id]
            mine = course(self.seed, insz, voucher.order.ordered_on, voucher.order_id)
            chance = np.random.default_rng((self.seed, 1, voucher.order_id))
            house = self._choose(chance, mine.kbo)
            client = Client(insz, voucher.order.worker_id, voucher, mine, house, chance)
            if mine.opens_after_days is not None and not mine.hands_a_code:
                self._plan(day + mine.opens_after_days * DAY, EVENING, self._open, client)
            if mine.starts_after_days is not None:
                on = _working_day(day + mine.starts_after_days * DAY)
                self._plan(on, MORNING, self._start, client)

    def leave(self, house: House, day: date) -> None:
        """Let the clients of a centre that lost its recognition move to others, one by one."""
        self.houses.remove(house)
        running = {
            track.voucher_id: track
            for track in Track.objects.filter(centre=house.centre, ended_on=None)
        }
        for place, track in enumerate(running.values()):
            self._plan(day + (7 + place) * DAY, EVENING, self._move, track)

    def _plan(self, on: date, hour: int, act: Callable[..., None], *given: object) -> None:
        self.planned += 1
        self.agenda[on].append((hour, self.planned, partial(act, *given)))

    def _choose(self, chance: np.random.Generator, kbo: str = "") -> House:
        for house in self.houses:
            if house.centre.kbo == kbo:
                return house
        weights = np.array([each.weight for each in self.houses])
        return self.houses[int(chance.choice(len(weights), p=weights / weights.sum()))]

    def _open(self, client: Client, day: date, now: datetime) -> None:
        if client.house not in self.houses:
            client.house = self._choose(client.chance)
        order, centre = client.voucher.order, client.house.centre
        opening.open_for(order=order, centre=centre, day=day, now=now, actor=client.actor)

    def _start(self, client: Client, day: date, now: datetime) -> None:
        """Let the centre start the voucher; without its recognition another one does, later."""
        numbers: Any = {
            "number": client.voucher.number,
            "client_number": client.voucher.client_number,
        }
        moment: Any = {"day": day, "now": now, "actor": client.house.actor}
        centre = client.house.centre
        if client.house not in self.houses:
            self._open(client, day, now)
            self._plan(_working_day(day + 5 * DAY), MORNING, self._start, client)
            return
        if client.course.hands_a_code:
            opening.ask_code(centre=centre, **numbers, **moment)
            asked = OpeningCode.objects.filter(order=client.voucher.order).latest("pk")
            code = opening.digits_of(asked)  # the worker reads it from the letter
            opening.give_code(centre=centre, code=code, **numbers, **moment)
        guidance.start(centre=centre, rulebook=self.rulebook, **numbers, **moment)
        for meeting in client.course.meetings:
            on = _working_day(day + meeting.after_days * DAY)
            self._plan(on, AFTERNOON, self._talk, client, meeting)
        last = max((each.after_days for each in client.course.meetings), default=0)
        if client.course.ending != Ending.RUNS:
            self._plan(day + (last + 3) * DAY, EVENING, self._keep_plan, client)
            end = self._close if client.course.ending == Ending.CLOSES else self._close_early
            self._plan(_working_day(day + (last + 5) * DAY), AFTERNOON, end, client)

    def _talk(self, client: Client, meeting: Meeting, day: date, now: datetime) -> None:
        """Let the centre register a talk, and plan what the worker does about it."""
        track = _track(client)
        house = self._house_of(track)
        minutes = min(meeting.minutes, track.voucher.free_minutes)
        if not minutes or track.ended_on is not None:
            return
        if house is None:  # it lost its recognition: the talk waits until the worker moved
            self._plan(day + 14 * DAY, AFTERNOON, self._talk, client, meeting)
            return
        # Who is shown of the cast is guided by Dora of De Brug.
        turn = 0 if client.course.kbo else client.voucher.pk
        coach = house.coaches[turn % len(house.coaches)]
        is_remote = client.chance.random() < 0.3
        location = house.locations[client.voucher.pk % len(house.locations)]
        client.talks += 1
        talk = talks.register(
            track=track,
            coach=coach,
            held_on=day,
            minutes=minutes,
            location=None if is_remote else location,
            key=UUID(int=client.voucher.pk << 32 | client.talks),
            rulebook=self.rulebook,
            day=day,
            now=now,
            actor=house.actor,
        )
        act = {Answer.CONFIRMS: self._confirm, Answer.DISPUTES: self._dispute}.get(meeting.answer)
        if act is not None:
            self._plan(day + meeting.answers_after_days * DAY, EVENING, act, client, talk)

    def _confirm(self, client: Client, talk: Talk, _day: date, now: datetime) -> None:
        if _stands(talk, TalkStatus.REGISTERED):
            talks.confirm(talk=talk, now=now, actor=client.actor)

    def _dispute(self, client: Client, talk: Talk, day: date, now: datetime) -> None:
        """Let the worker dispute a talk; half of the centres then see that they were wrong."""
        if not _stands(talk, TalkStatus.REGISTERED):
            return
        talks.dispute(talk=talk, remarks=REMARKS, now=now, actor=client.actor)
        if client.chance.random() < 0.5 and not client.course.kbo:
            self._plan(_working_day(day + 3 * DAY), MORNING, self._put_right, client, talk)

    def _put_right(self, client: Client, talk: Talk, day: date, now: datetime) -> None:
        track = _track(client)
        house = self._house_of(track)
        is_open = track.pk == talk.track_id and track.ended_on is None
        if house is not None and is_open and _stands(talk, TalkStatus.DISPUTED):
            rulebook = self.rulebook
            talks.withdraw(talk=talk, rulebook=rulebook, day=day, now=now, actor=house.actor)
            self._talk(client, Meeting(0, talk.minutes - 15), day, now)

    def _keep_plan(self, client: Client, _day: date, now: datetime) -> None:
        voucher = client.voucher
        if client.course.uploads_plan:
            plans.upload_plan(voucher=voucher, pdf=PDF, now=now, actor=client.actor)
            return
        parts = {"goal": GOALS[voucher.pk % len(GOALS)], "steps": STEPS}
        plans.write_plan(voucher=voucher, parts=parts, now=now, actor=client.actor)

    def _close(self, client: Client, day: date, now: datetime) -> None:
        """Let the centre close the voucher; what is left is talked first, and it tries later."""
        track = _track(client)
        house = self._house_of(track)
        client.tries += 1
        if house is not None:
            try:
                guidance.close(
                    track=track, rulebook=self.rulebook, day=day, now=now, actor=house.actor
                )
            except Refused:
                if track.voucher.free_minutes:
                    self._talk(client, Meeting(0, track.voucher.free_minutes), day, now)
            else:
                self._after_closing(client, day)
                return
        if client.tries < MOST_TRIES:
            again = _working_day(day + TRIES_AFTER_DAYS * DAY)
            self._plan(again, AFTERNOON, self._close, client)

    def _close_early(self, client: Client, day: date, now: datetime) -> None:
        """Let the worker agree, and the centre the next working day."""
        track = _track(client)
        house = self._house_of(track)
        if house is not None and track.ended_on is None:
            self._agree("worker", client.actor, track, day, now)
            self._plan(_working_day(day + DAY), MORNING, self._agree, "centre", house.actor, track)

    def _agree(self, side: str, actor: str, track: Track, day: date, now: datetime) -> None:
        guidance.close_early(
            track=track, side=side, rulebook=self.rulebook, day=day, now=now, actor=actor
        )

    def _after_closing(self, client: Client, day: date) -> None:
        mine = client.course
        if mine.aftercare_after_days is not None:
            on = _working_day(day + mine.aftercare_after_days * DAY)
            self._plan(on, AFTERNOON, self._care, client)
        if mine.orders_again_after_days is not None:
            self.again(client.insz, day + mine.orders_again_after_days * DAY)

    def _care(self, client: Client, day: date, now: datetime) -> None:
        track = _track(client)
        house = self._house_of(track)
        if house is not None:
            plans.note_aftercare(
                track=track,
                coach=house.coaches[0],
                held_on=day,
                rulebook=self.rulebook,
                day=day,
                now=now,
                actor=house.actor,
            )

    def _move(self, track: Track, day: date, now: datetime) -> None:
        """Let a worker whose centre lost its recognition take the minutes left elsewhere."""
        voucher = track.voucher
        if Track.objects.get(pk=track.pk).ended_on is not None:
            return
        house = self._choose(np.random.default_rng((self.seed, 2, voucher.pk)))
        actor = f"worker:{voucher.order.worker_id}"
        guidance.move_to(
            track=track,
            centre=house.centre,
            rulebook=self.rulebook,
            day=day,
            now=now,
            actor=actor,
        )

    def _house_of(self, track: Track) -> House | None:
        return next((each for each in self.houses if each.centre.pk == track.centre_id), None)


def _track(client: Client) -> Track:
    """Return where the voucher of somebody runs now, or ran last."""
    found = Track.objects.filter(voucher=client.voucher).select_related("voucher")
    return found.order_by("-pk")[0]


def _stands(talk: Talk, status: TalkStatus) -> bool:
    return Talk.objects.filter(pk=talk.pk, status=status).exists()


def _working_day(day: date) -> date:
    """Return a day; of a weekend, the Monday after it."""
    return day + (8 - day.isoweekday()) * DAY if day.isoweekday() > 5 else day
