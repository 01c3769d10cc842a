"""Who works for a centre and may do what, and the keys of its own software."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import connection, transaction

from loopbaan.adapters.insz import Keyring
from loopbaan.live.models import Centre, Coach, Member, Token
from loopbaan.live.models.recognition import SCOPES, TASKS
from loopbaan.live.moving import Refused, record
from loopbaan.live.recognition import enter_coach, known, qualify_coach

LONGEST_TOKEN_DAYS = 366


def add_member(
    *,
    centre: Centre,
    insz: str,
    name: str,
    since: date,
    keys: Keyring,
    now: datetime,
    actor: str,
    tasks: Collection[str] = (),
    coach: Coach | None = None,
) -> Member:
    """Put somebody on the list of a centre, with tasks; a coach guides, whatever the tasks.

    A coach is one person: with one number, at whichever centre.

    Raises:
        Refused: a task does not exist, the person stands on the list already, or is another coach.

    """
    known(TASKS, tasks)
    sealed = keys.seal(insz)
    lookups = list(keys.lookups(insz).values())
    with transaction.atomic():
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        if Member.objects.filter(centre=centre, insz_lookup__in=lookups).exists():
            raise Refused("Deze persoon is al medewerker van dit centrum.")
        _lock_number(min(lookups))
        if coach is not None:
            _same_person(coach, lookups)
        member = Member.objects.create(
            centre=centre,
            coach=coach,
            insz_key=sealed.key_id,
            insz_cipher=sealed.cipher,
            insz_lookup=sealed.lookup,
            name=name,
            tasks=sorted(tasks),
            since=since,
        )
        ground = ",".join(member.tasks)
        record(("member", member.pk), "", "add", "active", now=now, actor=actor, ground=ground)
        return member


def _lock_number(lookup: bytes) -> None:
    """Let nobody else enter somebody with this number until the transaction ends, at any centre."""
    number = int.from_bytes(lookup[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _same_person(coach: Coach, lookups: list[bytes]) -> None:
    """Pass if a coach has no other number than this one, and the number no other coach.

    Raises:
        Refused: two people would be one, or one would be two.

    """
    Coach.objects.select_for_update(no_key=True).get(pk=coach.pk)
    if Member.objects.filter(coach=coach).exclude(insz_lookup__in=lookups).exists():
        raise Refused("Deze begeleider heeft een ander rijksregisternummer: kies iemand anders.")
    others = Member.objects.filter(insz_lookup__in=lookups, coach__isnull=False)
    if others.exclude(coach=coach).exists():
        raise Refused("Dit nummer is al van een andere begeleider: kies die, of verbeter het.")


def give_tasks(*, member: Member, tasks: Collection[str], now: datetime, actor: str) -> Member:
    """Give a member these tasks and no others.

    Raises:
        Refused: a task does not exist, or it is no member any more.

    """
    known(TASKS, tasks)
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if locked.until is not None:
            raise Refused("Deze persoon werkt niet meer voor dit centrum.")
        locked.tasks = sorted(tasks)
        locked.save()
        ground = ",".join(locked.tasks)
        record(
            ("member", locked.pk),
            "active",
            "give_tasks",
            "active",
            now=now,
            actor=actor,
            ground=ground,
        )
        return locked


def end_member(*, member: Member, last_day: date, now: datetime, actor: str) -> Member:
    """Take somebody off the list of a centre: on her last day she may do nothing any more.

    The talks that she held on it count.

    Raises:
        Refused: it is no member any more, or that day lies before the first.

    """
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if locked.until is not None:
            raise Refused("Deze persoon werkt niet meer voor dit centrum.")
        if last_day < locked.since:
            raise Refused("Een medewerker eindigt niet voor het begin.")
        locked.until = last_day
        locked.save()
        record(("member", locked.pk), "active", "end", "ended", now=now, actor=actor)
        return locked


def rejoin(*, member: Member, day: date, now: datetime, actor: str) -> Member:
    """Put somebody back on the list: as if she had not left, or anew from a day on.

    Raises:
        Refused: she is on the list.

    """
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if locked.until is None:
            raise Refused("Deze persoon werkt nog voor dit centrum.")
        if locked.until < day:
            locked.earlier = [*locked.earlier, locked.since, locked.until]
            locked.since = day
        locked.until = None
        locked.save()
        record(("member", locked.pk), "ended", "rejoin", "active", now=now, actor=actor)
        return locked


def add_coach(
    *,
    centre: Centre,
    insz: str,
    name: str,
    since: date,
    keys: Keyring,
    now: datetime,
    actor: str,
    qualified_on: date | None = None,
    qualified_until: date | None = None,
) -> Member:
    """Let somebody guide for a centre, on its list already or not.

    Who guides elsewhere too is the same coach, known by her number, and keeps the days of
    qualification that are noted there.

    Raises:
        Refused: she guides here already, or left this centre.

    """
    lookups = list(keys.lookups(insz).values())
    with transaction.atomic():
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        _lock_number(min(lookups))
        here = Member.objects.filter(centre=centre, insz_lookup__in=lookups).first()
        if here is not None and (here.coach_id is not None or here.until is not None):
            raise Refused(
                "Deze persoon staat al als begeleider op de lijst, of werkte hier vroeger."
            )
        elsewhere = Member.objects.filter(insz_lookup__in=lookups, coach__isnull=False).first()
        coach = elsewhere.coach if elsewhere else None
        coach = coach or enter_coach(
            name=name,
            qualified_on=qualified_on,
            qualified_until=qualified_until,
            now=now,
            actor=actor,
        )
        here = here or add_member(
            centre=centre, insz=insz, name=name, since=since, keys=keys, now=now, actor=actor
        )
        here.coach = coach
        here.save()
        record(("member", here.pk), "active", "guide", "active", now=now, actor=actor)
        return here


def qualify_own(
    *,
    member: Member,
    qualified_on: date | None,
    qualified_until: date | None,
    day: date,
    now: datetime,
    actor: str,
) -> Coach:
    """Note, as her centre, from when until when a coach has the qualification.

    Raises:
        Refused: she is no coach, or works elsewhere too: then only the authority changes it.

    """
    if member.coach is None:
        raise Refused("Deze persoon begeleidt niet.")
    others = Member.objects.filter(coach=member.coach, since__lte=day).exclude(until__lt=day)
    if others.exclude(centre=member.centre).exists():
        raise Refused(
            "Deze begeleider werkt ook elders: vraag de overheid om de dagen te wijzigen."
        )
    return qualify_coach(
        coach=member.coach,
        qualified_on=qualified_on,
        qualified_until=qualified_until,
        now=now,
        actor=actor,
    )


def members_of(insz: str, keys: Keyring, day: date) -> list[Member]:
    """Return where somebody may do something, whichever key the number was sealed under."""
    found = Member.objects.filter(
        insz_lookup__in=list(keys.lookups(insz).values()), since__lte=day
    ).exclude(until__lte=day)
    return list(found.select_related("centre", "coach").order_by("centre__name", "pk"))


def must(member: Member, task: str, day: date) -> None:
    """Pass if a member may do a task on a day.

    Raises:
        Refused: the centre's list does not say so.

    """
    assert task in TASKS, f"no such task: {task}"
    current = Member.objects.get(pk=member.pk)
    if not current.is_active(day) or task not in current.tasks:
        raise Refused("Dat is geen taak van u: vraag het aan wie de medewerkers beheert.")


def make_token(
    *,
    centre: Centre,
    name: str,
    scopes: Collection[str],
    expires_on: date,
    day: date,
    now: datetime,
    actor: str,
) -> tuple[Token, str]:
    """Make a key for a centre's own software; the text is returned once and never kept.

    Raises:
        Refused: a scope does not exist, there is none, the key would hold too long, or one of this
            name works.

    """
    known(SCOPES, scopes)
    if not scopes:
        raise Refused("Een sleutel dient voor minstens één handeling.")
    if not 0 <= (expires_on - day).days <= LONGEST_TOKEN_DAYS:
        raise Refused("Een sleutel vervalt ten laatste na een jaar.")
    text = f"lb_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        working = Token.objects.filter(centre=centre, revoked_at=None, expires_on__gte=day)
        if working.filter(name=name).exists():
            raise Refused("Er is al een sleutel met deze naam. Zag u hem niet? Trek hem dan in.")
        token = Token.objects.create(
            centre=centre,
            name=name,
            digest=_digest(text),
            scopes=sorted(scopes),
            made_at=now,
            made_by=actor,
            expires_on=expires_on,
        )
        record(("token", token.pk), "", "make", "made", now=now, actor=actor)
        return token, text


def find_token(text: str, day: date) -> Token | None:
    """Return the key with this text, unless it was revoked or has expired."""
    found = Token.objects.filter(digest=_digest(text), revoked_at=None, expires_on__gte=day)
    return found.select_related("centre").first()


def revoke_token(*, token: Token, now: datetime, actor: str) -> Token:
    """Revoke a key: from now on it lets nobody in.

    Raises:
        Refused: it was revoked before.

    """
    with transaction.atomic():
        locked = Token.objects.select_for_update().get(pk=token.pk)
        if locked.revoked_at is not None:
            raise Refused("Deze sleutel is al ingetrokken.")
        locked.revoked_at = now
        locked.save()
        record(("token", locked.pk), "made", "revoke", "revoked", now=now, actor=actor)
        return locked


def _digest(text: str) -> str:
    # A long random text: a slow hash would add nothing to it.
    return hashlib.sha256(text.encode()).hexdigest()
