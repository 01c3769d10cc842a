"""What happens on a started voucher: talks, the closing, aftercare."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from loopbaan.live import guidance, plans, talks
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import (
    MOST_ROWS,
    ActKey,
    After,
    Most,
    Number,
    coach_of,
    location_of,
    note_look,
    once,
    page,
    talk_of,
    talks_of,
    track_of,
    tracks_of,
)
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import caller

router = Router(tags=["guidance"])
READS = ("start", "talk", "close", "claim")
TalkState = Literal["registered", "confirmed", "disputed", "withdrawn", "annulled"]


@router.get("/tracks", url_name="tracks", **call(*READS, answers=shapes.Tracks))
def read_tracks(
    request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS, running: bool = False
) -> shapes.Tracks:
    """Read the tracks of your centre, or only those that run."""
    rows = tracks_of(caller(request).centre)
    found, rest = page(rows.filter(ended_on=None) if running else rows, after, limit)
    return shapes.Tracks(items=[telling.track(each) for each in found], next=rest)


@router.get("/tracks/{track}", url_name="track", **call(*READS, answers=shapes.Track))
def read_track(request: HttpRequest, track: Number) -> shapes.Track:
    """Read a track of your centre. The worker sees that you did."""
    who = caller(request)
    row = track_of(who, track)
    note_look(who, row.voucher.order.worker, "track")
    return telling.track(row)


@router.get("/talks", url_name="talks", **call(*READS, answers=shapes.Talks))
def read_talks(
    request: HttpRequest,
    after: After = 0,
    limit: Most = MOST_ROWS,
    track: Annotated[int | None, Field(ge=1, le=shapes.MOST_ID)] = None,
    status: TalkState | None = None,
) -> shapes.Talks:
    """Read the talks of your centre, or only those of a track or of a status."""
    rows = talks_of(caller(request).centre)
    rows = rows if track is None else rows.filter(track=track)
    rows = rows if status is None else rows.filter(status=status)
    found, rest = page(rows, after, limit)
    return shapes.Talks(items=[telling.talk(each) for each in found], next=rest)


@router.get("/talks/{talk}", url_name="talk", **call(*READS, answers=shapes.Talk))
def read_talk(request: HttpRequest, talk: Number) -> shapes.Talk:
    """Read a talk of your centre."""
    return telling.talk(talk_of(caller(request), talk))


@router.post(
    "/tracks/{track}/talks",
    url_name="track_talks",
    **call(
        "talk",
        answers=shapes.Talk,
        status=201,
        problems=(
            "wrong_day",
            "coach_may_not_guide",
            "centre_not_recognised",
            "not_running",
            "not_a_talk",
            "too_many_minutes",
            "extra_charge",
        ),
    ),
)
def register(request: HttpRequest, track: Number, body: shapes.NewTalk, key: ActKey) -> object:
    """Register a talk that was held: its worker is asked to confirm it."""
    who = caller(request)
    row = track_of(who, track)
    coach, location = coach_of(who, body.coach), location_of(who, body.location)

    def do() -> shapes.Talk:
        made = talks.register(
            track=row,
            coach=coach,
            held_on=body.held_on,
            minutes=body.minutes,
            location=location,
            key=UUID(key),
            is_conversation=body.is_conversation,
            charged_cents=body.charged_cents,
            **who.by_law,
        )
        return telling.talk(made)

    asked = {"track": track, **body.model_dump(mode="json")}
    return Status(201, once(request, "talk", key, asked, do))


@router.post(
    "/talks/{talk}/withdraw",
    url_name="withdraw_talk",
    **call("talk", answers=shapes.Talk, problems=("talk_settled",)),
)
def withdraw(request: HttpRequest, talk: Number, key: ActKey) -> object:
    """Withdraw a talk that is not confirmed: its minutes come back."""
    who = caller(request)
    row = talk_of(who, talk)

    def do() -> shapes.Talk:
        return telling.talk(talks.withdraw(talk=row, **who.by_law))

    return once(request, "withdraw", key, {"talk": talk}, do)


@router.post(
    "/tracks/{track}/close",
    url_name="close",
    **call("close", answers=shapes.Track, problems=("minutes_left", "plan_missing", "not_running")),
)
def close(request: HttpRequest, track: Number, key: ActKey) -> object:
    """Close a voucher whose minutes were all talked and confirmed, once its plan is there."""
    act = partial(guidance.close, **caller(request).by_law)
    return _done(request, "close", track, key, act)


@router.post(
    "/tracks/{track}/close-early",
    url_name="close_early",
    **call("close", answers=shapes.Track, problems=("agreed_before", "not_running")),
)
def close_early(request: HttpRequest, track: Number, key: ActKey) -> object:
    """Agree, as the centre, to close early. Once the worker agrees too, the rest is lost."""
    act = partial(guidance.close_early, side="centre", **caller(request).by_law)
    return _done(request, "close_early", track, key, act)


@router.post(
    "/tracks/{track}/stay",
    url_name="stay",
    **call("close", answers=shapes.Track, problems=("not_agreed", "not_running")),
)
def stay(request: HttpRequest, track: Number, key: ActKey) -> object:
    """Take back that the centre agreed to close early."""
    who = caller(request)
    act = partial(guidance.stay, side="centre", now=who.now, actor=who.actor)
    return _done(request, "stay", track, key, act)


@router.post(
    "/tracks/{track}/aftercare",
    url_name="aftercare",
    **call(
        "talk",
        answers=shapes.Aftercare,
        status=201,
        problems=("not_closed_here", "aftercare_over", "coach_may_not_guide"),
    ),
)
def aftercare(
    request: HttpRequest, track: Number, body: shapes.NewAftercare, key: ActKey
) -> object:
    """Note a free talk after the closing."""
    who = caller(request)
    row, coach = track_of(who, track), coach_of(who, body.coach)

    def do() -> shapes.Aftercare:
        made = plans.note_aftercare(track=row, coach=coach, held_on=body.held_on, **who.by_law)
        return shapes.Aftercare(id=made.pk, track=track, coach=coach.pk, held_on=made.held_on)

    asked = {"track": track, **body.model_dump(mode="json")}
    return Status(201, once(request, "aftercare", key, asked, do))


def _done(
    request: HttpRequest, name: str, track: int, key: str, act: Callable[..., object]
) -> object:
    """Do something once with a track, and return how that is now."""
    who = caller(request)
    row = track_of(who, track)

    def do() -> shapes.Track:
        act(track=row)
        return telling.track(track_of(who, track))

    return once(request, name, key, {"track": track}, do)
