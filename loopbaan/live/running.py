"""A worker process: round after round on the outside parties of this installation."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from loopbaan.adapters.fake_bank import FakeBank
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import batches, notices, parties, webhooks
from loopbaan.live.facts import keyring
from loopbaan.live.posting import Post
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
        handlers=notices.handlers(_post(), parties.account())
        | batches.handlers(parties.bank(), parties.account()),
    )


def _post() -> Post:
    return Post(
        mailbox=parties.mailbox(),
        letters=parties.letters(),
        registers=parties.registers(),
        keys=keyring(),
        site=settings.SITE,
    )


def one_round(*, now: datetime) -> Done:
    """Do one round, whoever does not answer; `trouble` says who that was."""
    today = timezone.localdate(now)
    try:
        if settings.SANDBOX:
            _let_report(parties.bank(), today)
        done = work(outside(), today=today, now=now)
        # Last: whoever is slow there holds up nothing else of this round.
        told = webhooks.deliver(parties.software(), now=now)
        return replace(done, told=done.told + told)
    except GONE:
        return Done(trouble="the database does not answer")
    finally:
        # One that broke is not taken again: the next round asks for another.
        close_old_connections()


def _let_report(bank: FakeBank, today: date) -> None:
    """Let the fake bank write its statements: of the days that are over, and of today so far."""
    bank.report(today - timedelta(days=1))
    bank.report(today, is_over=False)
