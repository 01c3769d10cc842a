"""The centres of the demo become rows: entered, recognised, with locations, members and coaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from loopbaan.adapters.cast_centres import ALL_TASKS, DE_BRUG
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.adapters.insz import Keyring
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.adapters.script_centres import MOST, Practice, practices
from loopbaan.law.rulebook import Rulebook
from loopbaan.live import members, recognition
from loopbaan.live.cast_centres import enter_cast
from loopbaan.live.models import Centre, Coach, Location, Member

ACTOR = "official:claes"
WEIGHT_OF_DE_BRUG = 0.02
FIRST_ACCOUNT = 5_000_000  # of the invented account numbers
GUIDING = ("check", "start", "talk")


@dataclass(frozen=True)
class House:
    """A centre as the demo plays it: who leads it, who guides there and where; its share."""

    centre: Centre
    lead: Member
    coaches: tuple[Coach, ...]
    locations: tuple[Location, ...]
    weight: float

    @property
    def actor(self) -> str:
        """Who acts for it in the journal."""
        return f"member:{self.lead.pk}"


def enter_centres(
    seed: int,
    count: int,
    *,
    registers: SandboxRegisters,
    keys: Keyring,
    rulebook: Rulebook,
    now: datetime,
    day: date,
) -> list[House]:
    """Enter so many centres, Centrum De Brug first, then the invented ones, the largest first."""
    assert 1 < count <= MOST, "De Brug is one of them"
    enter_cast(rulebook=rulebook, keys=keys, day=day, now=now)
    found = practices(seed, count - 1)
    entering = _Entering(registers, keys, rulebook, now, day)
    return [_de_brug(), *(entering.enter(place, each) for place, each in enumerate(found))]


@dataclass
class _Entering:
    """Who works at the invented centres are the last ones of the registers."""

    registers: SandboxRegisters
    keys: Keyring
    rulebook: Rulebook
    now: datetime
    day: date
    taken: int = 0

    def enter(self, place: int, practice: Practice) -> House:
        """Enter one centre, recognised as long ago as the script says, or since today."""
        moment: Any = {"now": self.now, "actor": ACTOR}
        centre = recognition.enter_centre(
            kbo=practice.kbo,
            name=practice.name,
            iban=invented_iban(FIRST_ACCOUNT + place),
            vat=practice.vat,
            email=practice.email,
            themes=practice.themes,
            languages=practice.languages,
            **moment,
        )
        since = min(practice.recognised_on, self.day)
        recognition.recognise(centre=centre, since=since, rulebook=self.rulebook, **moment)
        locations = tuple(
            recognition.add_location(
                centre=centre,
                town=site.town,
                street=site.street,
                free_places=site.free_places,
                **moment,
            )
            for site in practice.sites
        )
        people = self._people(practice.coaches)
        lead, *others = (
            self._member(centre, insz, name, since, tasks=GUIDING if row else ALL_TASKS)
            for row, (insz, name) in enumerate(people)
        )
        coaches = tuple(each.coach for each in (lead, *others) if each.coach)
        return House(centre, lead, coaches, locations, practice.weight)

    def _member(
        self, centre: Centre, insz: str, name: str, since: date, tasks: Sequence[str]
    ) -> Member:
        moment: Any = {"now": self.now, "actor": ACTOR}
        coach = recognition.enter_coach(name=name, qualified_on=since, **moment)
        return members.add_member(
            centre=centre,
            insz=insz,
            name=name,
            since=since,
            keys=self.keys,
            tasks=tasks,
            coach=coach,
            **moment,
        )

    def _people(self, count: int) -> list[tuple[str, str]]:
        last = self.registers.count - self.taken
        self.taken += count
        found = []
        for insz in self.registers.people(last - count, last):
            person = self.registers.person(insz, on=self.day)
            assert person is not None, "the sandbox knows whom it invented"
            found.append((insz, person.name))
        return found


def _de_brug() -> House:
    centre = Centre.objects.get(kbo=DE_BRUG.kbo)
    found = list(Member.objects.filter(centre=centre).select_related("coach").order_by("pk"))
    return House(
        centre,
        next(each for each in found if "claim" in each.tasks),
        tuple(each.coach for each in found if each.coach),
        tuple(Location.objects.filter(centre=centre).order_by("pk")),
        WEIGHT_OF_DE_BRUG,
    )
