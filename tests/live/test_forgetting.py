"""Old answers and what was told long ago are forgotten; what is still needed is not."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings

from loopbaan.live import answering, forgetting, running, talks
from loopbaan.live.models import Answer, OutboxRow
from tests.live.scheme import Scheme


def _told() -> set[str]:
    return set(OutboxRow.objects.exclude(done_at=None).values_list("kind", flat=True))


def test_an_answer_to_software_is_kept_for_a_term_and_not_longer(scheme: Scheme) -> None:
    answering.once(
        centre=scheme.centre(), key=uuid4(), act="claim", asked={}, do=dict, now=scheme.now
    )
    scheme.now += timedelta(days=settings.KEEP_ANSWERS_DAYS)
    assert forgetting.forget(now=scheme.now) == 0
    scheme.now += timedelta(seconds=1)
    assert forgetting.forget(now=scheme.now) == 1
    assert not Answer.objects.exists()


def test_what_was_told_long_ago_is_forgotten_but_not_what_silence_rests_on(
    scheme: Scheme,
) -> None:
    talk = scheme.talk(scheme.started(), 60)
    scheme.go_on(10)
    OutboxRow.objects.create(
        kind="payout_send", about_id=1, due_at=scheme.now, done_at=scheme.now, attempts=1
    )
    scheme.now += timedelta(days=settings.KEEP_TOLD_DAYS + 1)
    assert forgetting.forget(now=scheme.now, most=1) == 1
    while forgetting.forget(now=scheme.now):
        pass
    assert _told() == {"talk_reminder", "payout_send"}
    talks.confirm(talk=talk, now=scheme.now, actor="worker:1")
    assert forgetting.forget(now=scheme.now) == 2
    OutboxRow.objects.all().delete()


def test_a_worker_process_forgets_once_a_day(scheme: Scheme) -> None:
    seen = running.Forgetting()
    assert seen.is_due(scheme.today)
    assert seen.do(scheme.today, scheme.now) == 0
    assert not seen.is_due(scheme.today)
    assert seen.is_due(scheme.today + timedelta(days=1))
