"""What software has to know of its centre before it can act: who guides, and where."""

from django.http import HttpRequest
from ninja import Router

from loopbaan.live.models import Location
from loopbaan.live.models.recognition import SCOPES
from loopbaan.live.recognition import is_recognised
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import MOST_ROWS, After, Most, coaches_of, page
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import caller

router = Router(tags=["centre"])


@router.get("/centre", url_name="centre", **call(*SCOPES, answers=shapes.Centre))
def centre(request: HttpRequest) -> shapes.Centre:
    """Read whose key this is, for what it serves, and until when."""
    who = caller(request)
    return shapes.Centre(
        name=who.centre.name,
        kbo=who.centre.kbo,
        is_recognised=is_recognised(who.centre, who.day),
        scopes=who.token.scopes,
        expires_on=who.token.expires_on,
    )


@router.get("/coaches", url_name="coaches", **call("talk", answers=shapes.People))
def coaches(request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS) -> shapes.People:
    """Read who guides, or guided, for your centre."""
    who = caller(request)
    found, rest = page(coaches_of(who.centre), after, limit)
    return shapes.People(items=[telling.person(who, each) for each in found], next=rest)


@router.get("/locations", url_name="locations", **call("talk", answers=shapes.Places))
def locations(request: HttpRequest, after: After = 0, limit: Most = MOST_ROWS) -> shapes.Places:
    """Read where your centre gives guidance."""
    rows = Location.objects.filter(centre=caller(request).centre)
    found, rest = page(rows, after, limit)
    return shapes.Places(items=[telling.place(each) for each in found], next=rest)
