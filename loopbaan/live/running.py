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
from loopbaan.live.forgetting import forget
from loopbaan.live.posting import Post
from loopbaan.live.ready import GONE
from loopbaan.live.working import Done, Outside, Round, work


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
    """Do one round, whatever it meets; `trouble` says what that was."""
    today = timezone.localdate(now)
    try:
        if settings.SANDBOX:
            _let_report(parties.bank(), today)
        done = work(outside(), today=today, now=now)
        # Last: whoever is slow there holds up nothing else of this round.
        last = Round()
        told = last.step("webhooks", lambda: webhooks.deliver(parties.software(), now=now))
        if _forgetting.is_due(today):
            last.step("forgetting", lambda: _forgetting.do(today, now))
        trouble = "; ".join(filter(None, (done.trouble, last.trouble)))
        return replace(done, told=done.told + told, trouble=trouble)
    except GONE:
        return Done(trouble="the database does not answer")
    finally:
        # One that broke is not taken again: the next round asks for another.
        close_old_connections()


class Forgetting:
    """What served its purpose is forgotten once a day, some in each round until it is done."""

    def __init__(self) -> None:
        self._done_on: date | None = None

    def is_due(self, today: date) -> bool:
        """Whether there may be something to forget today."""
        return self._done_on != today

    def do(self, today: date, now: datetime) -> int:
        """Forget some, and return how much."""
        count = forget(now=now)
        if not count:
            self._done_on = today
        return count


_forgetting = Forgetting()


def _let_report(bank: FakeBank, today: date) -> None:
    """Let the fake bank write its statements: of the days that are over, and of today so far."""
    bank.report(today - timedelta(days=1))
    bank.report(today, is_over=False)
