"""What every call shares: an act is done once for its key, and rows are those of the centre."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Header, Path
from pydantic import Field

from loopbaan.live import answering, plans
from loopbaan.live.models import Centre, Coach, Location, Look, Talk, Track, Worker
from loopbaan.web.api import shapes
from loopbaan.web.api.keys import Caller, caller
from loopbaan.web.api.problems import Problem

MOST_ROWS = 100
Row = TypeVar("Row", bound=Model)

Number = Annotated[int, Field(ge=1, le=shapes.MOST_ID), Path()]
After = Annotated[int, Field(ge=0, le=shapes.MOST_ID)]
Most = Annotated[int, Field(ge=1, le=MOST_ROWS)]
ActKey = Annotated[
    str,
    Field(pattern=shapes.UUID),
    Header(
        alias="Idempotency-Key",
        description="A UUID that you choose for this act. Sent again, the act is not done again:"
        " you get the answer that it got.",
    ),
]


def once(
    request: HttpRequest, name: str, key: str, asked: Mapping[str, Any], do: Callable[[], Any]
) -> dict[str, Any]:
    """Do an act once for its key, and return what it is answered."""
    who = caller(request)

    def answered() -> dict[str, Any]:
        made: dict[str, Any] = do().model_dump(mode="json")
        return made

    return answering.once(
        centre=who.centre, key=UUID(key), act=name, asked=asked, do=answered, now=who.now
    )


def tracks_of(centre: Centre) -> QuerySet[Track]:
    """Return the tracks of a centre: those of others do not exist."""
    return Track.objects.filter(centre=centre).select_related("voucher__order__worker", "centre")


def talks_of(centre: Centre) -> QuerySet[Talk]:
    """Return the talks of a centre, with their claims."""
    return Talk.objects.filter(track__centre=centre).select_related("track__centre")


def track_of(who: Caller, number: int) -> Track:
    """Return a track of the centre that calls."""
    return one_of(tracks_of(who.centre), number)


def talk_of(who: Caller, number: int) -> Talk:
    """Return a talk of the centre that calls."""
    return one_of(talks_of(who.centre), number)


def coaches_of(centre: Centre) -> QuerySet[Coach]:
    """Return who guides, or guided, for a centre."""
    return Coach.objects.filter(members__centre=centre)


def coach_of(who: Caller, number: int) -> Coach:
    """Return a coach of the centre that calls."""
    return one_of(coaches_of(who.centre), number)


def location_of(who: Caller, number: int | None) -> Location | None:
    """Return a location of the centre that calls; None: remotely."""
    return None if number is None else one_of(Location.objects.filter(centre=who.centre), number)


def note_look(who: Caller, worker: Worker, what: str) -> None:
    """Note that data of a worker are looked at: once a day for each key."""
    seen = Look.objects.filter(
        worker=worker, centre=who.centre, actor=who.actor, what=what, at__date=who.day
    )
    if not seen.exists():
        plans.look(worker=worker, what=what, now=who.now, actor=who.actor, centre=who.centre)


def page(rows: QuerySet[Row], after: int, most: int) -> tuple[list[Row], int | None]:
    """Return rows after a number, and the number after which there are more."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: most + 1])
    return found[:most], found[most - 1].pk if len(found) > most else None


def one_of(rows: QuerySet[Row], number: int) -> Row:
    """Return the row with a number, if it is among these."""
    found = rows.filter(pk=number).first()
    if found is None:
        raise Problem("not_found")
    return found
