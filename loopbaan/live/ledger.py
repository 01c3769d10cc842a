"""Double entry in cents and minutes: pending, then posted or voided; never changed or removed."""

from datetime import datetime

from django.db.models import Case, F, Sum, When

from loopbaan.live.models import Transfer


def pend(
    key: str,
    *,
    debit: str,
    credit: str,
    amount: int,
    about: tuple[str, int],
    now: datetime,
    unit: str = "cents",
) -> Transfer:
    """Announce a transfer; `key` says what it is, and makes a second one impossible."""
    return _write(key, debit, credit, amount, about, now, unit, "pending", None)


def post(
    key: str,
    *,
    debit: str,
    credit: str,
    amount: int,
    about: tuple[str, int],
    now: datetime,
    unit: str = "cents",
) -> Transfer:
    """Move an amount at once."""
    return _write(key, debit, credit, amount, about, now, unit, "posted", None)


def settle(key: str, *, now: datetime) -> Transfer:
    """Post the transfer that was announced under a key."""
    return _close(key, "posted", now)


def void(key: str, *, now: datetime) -> Transfer:
    """Take the transfer back that was announced under a key."""
    return _close(key, "voided", now)


def balance(account: str, about: tuple[str, int]) -> int:
    """Return what was posted to an account about one row: debits less credits, in its unit."""
    posted = Transfer.objects.filter(about=about[0], about_id=about[1], state="posted")
    sign = Case(When(debit=account, then=F("amount")), When(credit=account, then=-F("amount")))
    return int(posted.aggregate(sum=Sum(sign))["sum"] or 0)


def _close(key: str, state: str, now: datetime) -> Transfer:
    pending = Transfer.objects.select_for_update().get(key=key, state="pending")
    return _write(
        f"{key}:{state}",
        pending.debit,
        pending.credit,
        pending.amount,
        (pending.about, pending.about_id),
        now,
        pending.unit,
        state,
        pending,
    )


def _write(
    key: str,
    debit: str,
    credit: str,
    amount: int,
    about: tuple[str, int],
    now: datetime,
    unit: str,
    state: str,
    settles: Transfer | None,
) -> Transfer:
    return Transfer.objects.create(
        key=key,
        at=now,
        debit=debit,
        credit=credit,
        unit=unit,
        amount=amount,
        state=state,
        settles=settles,
        about=about[0],
        about_id=about[1],
    )
