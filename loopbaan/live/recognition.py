"""Centres are entered and recognised; they keep their locations and coaches."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from stdnum.be import vat as kbo_numbers

from loopbaan.adapters.bank import iban as checked_iban
from loopbaan.adapters.towns import towns
from loopbaan.law import recognition as law
from loopbaan.law.months import calendar_day, day_number
from loopbaan.law.rulebook import Rulebook
from loopbaan.live.models import Centre, Coach, JournalLine, Location, Member, Recognition
from loopbaan.live.models.recognition import LANGUAGES, THEMES, VAT
from loopbaan.live.moving import Refused, record


def enter_centre(
    *,
    kbo: str,
    name: str,
    iban: str,
    now: datetime,
    actor: str,
    vat: str = "liable",
    email: str = "",
    phone: str = "",
    website: str = "",
    themes: Sequence[str] = (),
    languages: Sequence[str] = ("nl",),
) -> Centre:
    """Enter a centre; it is not recognised by that.

    Raises:
        Refused: the number is none, is there already, or a word does not exist.
        Unusable: the account number is none.

    """
    digits = _kbo(kbo)
    known(VAT, [vat])
    known(THEMES, themes)
    known(LANGUAGES, languages)
    with transaction.atomic():
        _free(digits)
        centre = Centre.objects.create(
            kbo=digits,
            name=name,
            vat=vat,
            iban=checked_iban(iban),
            email=email,
            phone=phone,
            website=website,
            themes=list(themes),
            languages=list(languages),
        )
        record(("centre", centre.pk), "", "enter", "entered", now=now, actor=actor)
        return centre


def change_centre(
    *,
    centre: Centre,
    now: datetime,
    actor: str,
    name: str | None = None,
    iban: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    website: str | None = None,
    themes: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    vat: str | None = None,
) -> Centre:
    """Change what a centre says of itself; what is None stays.

    Another account counts for what is gathered from now on: a payment that was made keeps its own.
    The journal names what was changed, and not to what.

    Raises:
        Refused: the name is empty, or a word does not exist.
        Unusable: the account number is none.

    """
    for words, said in ((THEMES, themes), (LANGUAGES, languages), (VAT, vat and [vat])):
        known(words, said or ())
    if name is not None and not name.strip():
        raise Refused("Een centrum heeft een naam.")
    given = {
        "name": None if name is None else name.strip(),
        "iban": None if iban is None else checked_iban(iban),
        "email": email,
        "phone": phone,
        "website": website,
        "themes": None if themes is None else list(themes),
        "languages": None if languages is None else list(languages),
        "vat": vat,
    }
    with transaction.atomic():
        locked = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        new = {each: value for each, value in given.items() if value is not None}
        changed = [each for each, value in new.items() if value != getattr(locked, each)]
        if not changed:
            return locked
        for each in changed:
            setattr(locked, each, new[each])
        locked.save()
        subject, ground = ("centre", centre.pk), ",".join(changed)
        record(subject, "entered", "change", "entered", now=now, actor=actor, ground=ground)
        return locked


def correct_kbo(*, centre: Centre, kbo: str, now: datetime, actor: str) -> Centre:
    """Correct the number of an undertaking that was entered wrongly; the journal says by whom.

    Raises:
        Refused: the number is none, or that of another centre.

    """
    digits = _kbo(kbo)
    with transaction.atomic():
        locked = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        if locked.kbo == digits:
            return locked
        _free(digits)
        locked.kbo = digits
        locked.save()
        subject = ("centre", centre.pk)
        record(subject, "entered", "correct", "entered", now=now, actor=actor, ground="kbo")
        return locked


def _kbo(text: str) -> str:
    digits = text.replace(".", "").replace(" ", "")
    if not kbo_numbers.is_valid(digits):
        raise Refused("Dit ondernemingsnummer klopt niet.")
    return digits


def _free(kbo: str) -> None:
    if Centre.objects.filter(kbo=kbo).exists():
        raise Refused("Dit centrum staat er al.")


def accounts_changed(centre: Centre) -> QuerySet[JournalLine]:
    """Return when a centre got another account and who said so, the latest first."""
    lines = JournalLine.objects.filter(subject="centre", subject_id=centre.pk, act="change")
    return lines.filter(ground__regex=r"(^|,)iban(,|$)").order_by("-pk")


def recognise(
    *, centre: Centre, since: date, rulebook: Rulebook, now: datetime, actor: str
) -> Recognition:
    """Recognise a centre from a day on, for as long as the law of that day says.

    Raises:
        Refused: it is recognised already in that time, or its waiting term is not over.

    """
    policy = rulebook.on(since)
    waits = Recognition.objects.filter(centre=centre, may_ask_on__gt=since).order_by("-may_ask_on")
    if (ended := waits.first()) is not None and ended.may_ask_on is not None:
        raise Refused("Dit centrum kan pas vanaf %(day)s weer erkend worden.", day=ended.may_ask_on)
    until = law.recognised_until(policy, np.array([day_number(since)], np.int32))[0]
    try:
        with transaction.atomic():
            made = Recognition.objects.create(centre=centre, since=since, until=calendar_day(until))
            record(("recognition", made.pk), "", "grant", "granted", now=now, actor=actor)
            return made
    except IntegrityError as error:
        if "recognition_one_at_a_time" in str(error):
            raise Refused("Dit centrum is in die periode al erkend.") from None
        raise


def end_recognition(
    *,
    centre: Centre,
    last_day: date,
    ended_by: str,
    ground: str,
    rulebook: Rulebook,
    day: date,
    now: datetime,
    actor: str,
    before_decision: bool = False,
    may_ask_on: date | None = None,
) -> Recognition:
    """End a centre's recognition before its time: `withdrawn`, or `stopped` by itself.

    The last day still counts, and is today or later: what a centre did while it was recognised
    stands. `before_decision` says that it stops just before a withdrawal. Where the law has it
    wait, `may_ask_on` is the first day on which it can be recognised again.

    Raises:
        Refused: it is not recognised then, the day lies behind us, there is no ground, or it has
            to wait and nobody says until when.

    """
    if last_day < day:
        raise Refused("Een erkenning eindigt niet in het verleden.")
    if ended_by not in ("withdrawn", "stopped") or not ground.strip():
        raise Refused("Wie een erkenning beëindigt, zegt waarom.")
    must_wait = law.must_wait(
        rulebook.on(day),
        withdrawn=np.array([ended_by == "withdrawn"]),
        stopped_before_decision=np.array([before_decision]),
    )[0]
    if must_wait and (may_ask_on is None or may_ask_on <= last_day):
        raise Refused(
            "Zeg vanaf wanneer het centrum weer erkend kan worden: na de laatste dag.",
            code="no_waiting_term",
        )
    with transaction.atomic():
        running = Recognition.objects.select_for_update().filter(centre=centre, ended_by="")
        # With a renewal that was granted ahead: that holds on no day any more.
        held = list(running.filter(until__gt=last_day).order_by("since"))
        if not held:
            raise Refused("Dit centrum is dan niet erkend.")
        for each in held:
            each.until, each.ended_by, each.ground = last_day, ended_by, ground.strip()
            each.may_ask_on = may_ask_on if must_wait else None
            each.save()
            record(("recognition", each.pk), "granted", "end", ended_by, now=now, actor=actor)
        return held[0]


def is_recognised(centre: Centre, day: date) -> bool:
    """Whether a centre is recognised on a day."""
    return Recognition.objects.filter(centre=centre, since__lte=day, until__gte=day).exists()


def recognised_on(centre: Centre, day: date) -> date | None:
    """Return the first day of the recognition that a centre has on a day."""
    found = Recognition.objects.filter(centre=centre, since__lte=day, until__gte=day).first()
    return found.since if found else None


def add_location(
    *, centre: Centre, town: int, street: str, now: datetime, actor: str, free_places: int = 0
) -> Location:
    """Add a location of a centre, in a town of the gazetteer.

    Raises:
        Refused: the town is not known, or the location is there already.

    """
    if town not in towns():
        raise Refused("Deze gemeente kennen we niet.")
    with transaction.atomic():
        made, is_new = Location.objects.get_or_create(
            centre=centre, town=town, street=street.strip(), defaults={"free_places": free_places}
        )
        if not is_new:
            raise Refused("Deze vestiging staat er al.")
        record(("location", made.pk), "", "add", "open", now=now, actor=actor)
        return made


def change_location(
    *,
    location: Location,
    now: datetime,
    actor: str,
    free_places: int,
    is_open: bool = True,
    street: str | None = None,
) -> Location:
    """Say how many places are free at a location, that it is closed, or where exactly it is.

    Raises:
        Refused: the centre has another one at that place.

    """
    with transaction.atomic():
        locked = Location.objects.select_for_update(no_key=True).get(pk=location.pk)
        before = "open" if locked.is_open else "closed"
        if street is not None and street.strip():
            locked.street = street.strip()
        others = Location.objects.filter(centre=locked.centre, town=locked.town)
        if others.filter(street=locked.street).exclude(pk=locked.pk).exists():
            raise Refused("Deze vestiging staat er al.")
        locked.free_places, locked.is_open = free_places if is_open else 0, is_open
        locked.save()
        after = "open" if is_open else "closed"
        record(("location", locked.pk), before, "change", after, now=now, actor=actor)
        return locked


def enter_coach(
    *,
    name: str,
    now: datetime,
    actor: str,
    qualified_on: date | None = None,
    qualified_until: date | None = None,
    key: UUID | None = None,
) -> Coach:
    """Enter a coach, with the days of the qualification if there is one; once for each key."""
    with transaction.atomic():
        days = {"qualified_on": qualified_on, "qualified_until": qualified_until}
        if key is None:
            coach, is_new = Coach.objects.create(name=name, **days), True
        else:
            coach, is_new = Coach.objects.get_or_create(key=key, defaults={"name": name, **days})
        if is_new:
            record(("coach", coach.pk), "", "enter", "entered", now=now, actor=actor)
        return coach


def is_unused(coach: Coach) -> bool:
    """Whether a coach stands on no list, and never held a talk."""
    return not (coach.members.exists() or coach.talks.exists() or coach.aftercare.exists())


def remove_coach(*, coach: Coach, now: datetime, actor: str) -> None:
    """Take a coach away who was entered by mistake; the journal keeps that there was one.

    Raises:
        Refused: she stands on the list of a centre, or held a talk.

    """
    with transaction.atomic():
        locked = Coach.objects.select_for_update().filter(pk=coach.pk).first()
        if locked is None or not is_unused(locked):
            raise Refused("Deze begeleider werkt of werkte voor een centrum, en blijft staan.")
        record(("coach", locked.pk), "entered", "remove", "removed", now=now, actor=actor)
        locked.delete()


def qualify_coach(
    *,
    coach: Coach,
    qualified_on: date | None,
    now: datetime,
    actor: str,
    qualified_until: date | None = None,
) -> Coach:
    """Note from when until when a coach has the qualification."""
    with transaction.atomic():
        locked = Coach.objects.select_for_update(no_key=True).get(pk=coach.pk)
        locked.qualified_on, locked.qualified_until = qualified_on, qualified_until
        locked.save()
        record(("coach", coach.pk), "entered", "qualify", "entered", now=now, actor=actor)
        return locked


def may_guide(*, coach: Coach, centre: Centre, day: date, rulebook: Rulebook) -> bool:
    """Whether a coach works for a centre on a day and may guide then, by the law of that day."""
    since = recognised_on(centre, day)
    member = Member.objects.filter(coach=coach, centre=centre).first()
    if since is None or member is None or not member.worked_on(day):
        return False
    may = law.may_guide(
        rulebook.on(day),
        qualified=np.array([coach.is_qualified(day)]),
        centre_recognised_on=np.array([day_number(since)], np.int32),
        on=np.array([day_number(day)], np.int32),
    )
    return bool(may[0])


def known(words: Collection[str], given: Collection[str]) -> None:
    """Pass if all words given are known.

    Raises:
        Refused: one is not.

    """
    if not set(given) <= set(words):
        raise Refused("Deze keuze bestaat niet.")
