"""Finding a centre: by town, theme, language and free places, the nearest location first."""

from dataclasses import dataclass
from datetime import date

from loopbaan.adapters.towns import Town, towns
from loopbaan.live.models import Centre, Location


@dataclass(frozen=True)
class Found:
    """A location of a recognised centre, its town, and how far that lies from where one asked."""

    location: Location
    town: Town
    km: float

    @property
    def centre(self) -> Centre:
        """The centre whose location it is."""
        return self.location.centre


def find_centres(
    *,
    day: date,
    town: int | None = None,
    within_km: float = 25.0,
    theme: str = "",
    language: str = "",
    with_places: bool = False,
    most: int = 200,
) -> list[Found]:
    """Return open locations of the centres that are recognised on a day, the nearest first.

    Without a town all of them, by name of their town and centre. An unknown town finds nothing.
    """
    places = towns()
    if town is not None and town not in places:
        return []
    rows = Location.objects.filter(
        is_open=True, centre__in=Centre.objects.recognised_on(day)
    ).select_related("centre")
    if town is not None:
        near = [each.number for each in places.values() if each.km_to(places[town]) <= within_km]
        rows = rows.filter(town__in=near)
    if theme:
        rows = rows.filter(centre__themes__contains=[theme])
    if language:
        rows = rows.filter(centre__languages__contains=[language])
    if with_places:
        rows = rows.filter(free_places__gt=0)
    found = [
        Found(row, places[row.town], places[row.town].km_to(places[town]) if town else 0.0)
        for row in rows
    ]
    found.sort(key=lambda each: (each.km, each.town.name, each.centre.name, each.location.pk))
    return found[:most]
