"""The centres of the cast become rows, the first time that somebody comes into the sandbox."""

from datetime import date, datetime

from django.db import connection, transaction

from loopbaan.adapters.cast_centres import HOUSES, RECOGNISED_ON, WORKS_SINCE, Colleague, House
from loopbaan.adapters.fake_bank import invented_iban
from loopbaan.adapters.insz import Keyring
from loopbaan.law.rulebook import Rulebook
from loopbaan.live import members, recognition
from loopbaan.live.models import Centre, Member

ENTERING = 7_204  # advisory lock: whoever comes second finds what the first one entered
SYSTEM = "system"


def enter_cast(*, rulebook: Rulebook, keys: Keyring, day: date, now: datetime) -> None:
    """Enter the centres of the cast and who works there; what is there already stays as it is."""
    houses = [(house, each) for house in HOUSES for each in house.colleagues]
    numbers = [number for _, each in houses for number in keys.lookups(each.insz).values()]
    if Member.objects.filter(insz_lookup__in=numbers).count() == len(houses):
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENTERING])
        for house in HOUSES:
            centre = Centre.objects.filter(kbo=house.kbo).first()
            centre = centre or _enter(house, rulebook, day, now)
            for each in house.colleagues:
                _add(centre, each, keys, day, now)


def _enter(house: House, rulebook: Rulebook, day: date, now: datetime) -> Centre:
    centre = recognition.enter_centre(
        kbo=house.kbo,
        name=house.name,
        iban=invented_iban(house.iban_place),
        email=house.email,
        themes=house.themes,
        now=now,
        actor=SYSTEM,
    )
    recognition.add_location(
        centre=centre, town=house.town, street=house.street, free_places=3, now=now, actor=SYSTEM
    )
    if house.is_recognised:
        since = min(RECOGNISED_ON, day)
        recognition.recognise(centre=centre, since=since, rulebook=rulebook, now=now, actor=SYSTEM)
        if not recognition.is_recognised(centre, day):
            recognition.recognise(
                centre=centre, since=day, rulebook=rulebook, now=now, actor=SYSTEM
            )
    return centre


def _add(centre: Centre, each: Colleague, keys: Keyring, day: date, now: datetime) -> None:
    if Member.objects.filter(
        centre=centre, insz_lookup__in=list(keys.lookups(each.insz).values())
    ).exists():
        return
    since = min(WORKS_SINCE, day)
    coach = None
    if each.is_coach:
        coach = recognition.enter_coach(name=each.name, qualified_on=since, now=now, actor=SYSTEM)
    members.add_member(
        centre=centre,
        insz=each.insz,
        name=each.name,
        since=since,
        keys=keys,
        now=now,
        actor=SYSTEM,
        tasks=each.tasks,
        coach=coach,
    )
