"""Who orders becomes a row: known by the INSZ alone, which is sealed before it is stored."""

from datetime import date, datetime

from django.db import transaction

from loopbaan.adapters.insz import Keyring
from loopbaan.adapters.registers import Registers
from loopbaan.live.models import Member, Worker
from loopbaan.live.moving import Refused, record
from loopbaan.live.plans import reseal


def find(insz: str, keys: Keyring) -> Worker | None:
    """Return the worker with this number, under whichever key it was sealed."""
    found: Worker | None = Worker.objects.filter(
        insz_lookup__in=list(keys.lookups(insz).values())
    ).first()
    return found


def enrol(
    *, insz: str, registers: Registers, keys: Keyring, today: date, email: str = ""
) -> Worker:
    """Return the worker with this number, made from the registers if it is the first time.

    Raises:
        Refused: the registers know nobody with this number.
        RegisterDown: the registers do not answer.

    """
    known = find(insz, keys)
    if known is not None:
        return known
    person = registers.person(insz, on=today)
    if person is None:
        raise Refused("De registers kennen niemand met dit nummer.")
    sealed = keys.seal(insz)
    with transaction.atomic():
        worker, _ = Worker.objects.get_or_create(
            insz_lookup=sealed.lookup,
            defaults={
                "insz_key": sealed.key_id,
                "insz_cipher": sealed.cipher,
                "name": person.name,
                "email": email,
                "language": person.language if person.language in ("nl", "en") else "nl",
            },
        )
    return worker


def reach(*, worker: Worker, email: str, language: str, now: datetime, actor: str) -> Worker:
    """Note where and in which language a worker is written to; without an address, by letter.

    The journal names what was changed, and not to what.
    """
    with transaction.atomic():
        locked = Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
        new = {"email": email, "language": language}
        changed = [name for name, value in new.items() if value != getattr(locked, name)]
        if changed:
            locked.email, locked.language = email, language
            locked.save(update_fields=changed)
            subject, ground = ("worker", locked.pk), ",".join(changed)
            record(subject, "enrolled", "change", "enrolled", now=now, actor=actor, ground=ground)
        return locked


def rotate(keys: Keyring, *, most: int = 1_000) -> int:
    """Seal numbers and plans under the newest key that lie under an older one; return how many."""
    workers = Worker.objects.exclude(insz_key=keys.newest)[:most]
    members = Member.objects.exclude(insz_key=keys.newest)[:most]
    old: list[Worker | Member] = [*workers, *members]
    for each in old:
        sealed = keys.seal(keys.open(each.insz_key, bytes(each.insz_cipher)))
        each.insz_key, each.insz_cipher = sealed.key_id, sealed.cipher
        each.insz_lookup = sealed.lookup
        each.save(update_fields=("insz_key", "insz_cipher", "insz_lookup"))
    return len(old) + reseal(keys, most=most)
