"""What served its purpose is not kept for ever: answers to software, and that something was told.

What somebody did or looked at is only ever appended, and is not forgotten here.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from loopbaan.law.transitions import TalkStatus
from loopbaan.live.models import Answer, OutboxRow, Talk

# A page of the authority shows when a payment went to the bank.
STAYS = ("payout_send",)


def forget(*, now: datetime, most: int = 1_000) -> int:
    """Delete old answers and what was told long ago, at most so many of each; return how many."""
    answers = Answer.objects.filter(at__lt=now - timedelta(days=settings.KEEP_ANSWERS_DAYS))
    open_talks = Talk.objects.filter(pk=OuterRef("about_id"), status=TalkStatus.REGISTERED)
    told = (
        OutboxRow.objects.filter(done_at__lt=now - timedelta(days=settings.KEEP_TOLD_DAYS))
        .exclude(kind__in=STAYS)
        # Silence says something only to who was reminded: that must be known until it does.
        .exclude(Exists(open_talks), kind="talk_reminder")
    )
    gone, _ = Answer.objects.filter(
        pk__in=list(answers.values_list("pk", flat=True)[:most])
    ).delete()
    done, _ = OutboxRow.objects.filter(
        pk__in=list(told.values_list("pk", flat=True)[:most])
    ).delete()
    return gone + done
