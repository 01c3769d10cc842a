"""What software has to know of its centre before it can act: who guides, and where."""

from django.http import HttpRequest
from ninja import Router

from loopbaan.live.models import Location
from loopbaan.live.models.recognition import SCOPES
from loopbaan.live.recognition import is_recognised
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import MOST_LISTED, coaches_of
from loopbaan.web.api.description import answers
from loopbaan.web.api.keys import Key, caller

router = Router(tags=["centre"])


@router.get("/centre", auth=Key(*SCOPES), response=answers(200, shapes.Centre), url_name="centre")
def centre(request: HttpRequest) -> shapes.Centre:
    """Read whose key this is, for what it serves, and until when.

    Scope: any.
    """
    who = caller(request)
    return shapes.Centre(
        name=who.centre.name,
        kbo=who.centre.kbo,
        is_recognised=is_recognised(who.centre, who.day),
        scopes=who.token.scopes,
        expires_on=who.token.expires_on,
    )


@router.get("/coaches", auth=Key("talk"), response=answers(200, shapes.People), url_name="coaches")
def coaches(request: HttpRequest) -> shapes.People:
    """Read who guides for your centre.

    Scope: talk.
    """
    who = caller(request)
    rows = coaches_of(who.centre)[:MOST_LISTED]
    return shapes.People(items=[telling.person(who, each) for each in rows])


@router.get(
    "/locations", auth=Key("talk"), response=answers(200, shapes.Places), url_name="locations"
)
def locations(request: HttpRequest) -> shapes.Places:
    """Read where your centre gives guidance.

    Scope: talk.
    """
    rows = Location.objects.filter(centre=caller(request).centre).order_by("pk")[:MOST_LISTED]
    return shapes.Places(items=[telling.place(each) for each in rows])
