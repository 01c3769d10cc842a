"""A worker process: round after round on the outside parties of this installation."""

from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from loopbaan.adapters.fake_bank import FakeBank
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import notices, parties
from loopbaan.live.ready import GONE
from loopbaan.live.working import Done, Outside, work


@cache
def outside() -> Outside:
    """Return the outside parties of this installation, as a round needs them."""
    return Outside(
        rulebook=rulebooks.current(),
        registers=parties.registers(),
        bank=parties.bank(),
        account=parties.account(),
        handlers=notices.handlers(parties.mailbox(), settings.SITE),
    )


def one_round(*, now: datetime) -> Done:
    """Do one round, whoever does not answer; `trouble` says who that was."""
    today = timezone.localdate(now)
    try:
        if settings.SANDBOX:
            _let_report(parties.bank(), today)
        return work(outside(), today=today, now=now)
    except GONE:
        return Done(trouble="the database does not answer")
    finally:
        # One that broke is not taken again: the next round asks for another.
        close_old_connections()


def _let_report(bank: FakeBank, today: date) -> None:
    """Let the fake bank write its statements: of the days that are over, and of today so far."""
    bank.report(today - timedelta(days=1))
    bank.report(today, is_over=False)
