"""What is looked at before and after a backup is put back."""

from datetime import datetime

from django.db import connection

from loopbaan.adapters.insz import BadSeal, UnknownKey
from loopbaan.live.facts import keyring
from loopbaan.live.models import JournalLine, Member, Plan, Worker
from loopbaan.live.moving import record
from loopbaan.live.plans import content_of

# More rows than a table gets between two backups.
SKIPPED = 1_000_000


def is_in_use() -> bool:
    """Whether somebody else is connected to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (count,) = cursor.fetchone()
    return bool(count)


def note_restored(now: datetime) -> JournalLine:
    """Note that a backup was put back: what the bank did since is not known here."""
    before = JournalLine.objects.filter(subject="database").order_by("-pk").first()
    stood = before.after if before is not None else ""
    return record(("database", 1), stood, "restore", "restored", now=now, actor="system")


def skip_numbers() -> None:
    """Let no number go out twice: what was made since the backup had one, and is not known here.

    A payment's communication is made of the order's number, and a centre's software keeps those of
    its talks and claims.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
            " coalesce(last_value, 0) + %s) FROM pg_sequences"
            " WHERE schemaname = 'public' AND sequencename LIKE 'live\\_%%'",
            [SKIPPED],
        )


def missing_keys() -> list[str]:
    """Return the ids of the keys under which something was sealed that cannot be opened here."""
    keys, missing = keyring(), set()
    for model in (Worker, Member):
        for key_id in model.objects.values_list("insz_key", flat=True).distinct():
            row = model.objects.filter(insz_key=key_id)[:1].get()
            try:
                keys.open(key_id, bytes(row.insz_cipher))
            except (BadSeal, UnknownKey):
                missing.add(key_id)
    for key_id in Plan.objects.values_list("content_key", flat=True).distinct():
        try:
            content_of(Plan.objects.filter(content_key=key_id)[:1].get(), keys)
        except (BadSeal, UnknownKey):
            missing.add(key_id)
    return sorted(missing)
