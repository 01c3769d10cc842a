"""The towns in which centres have their locations.

From the GeoNames gazetteer (https://www.geonames.org, CC BY 4.0: name it where a town is shown):
populated places with at least 5,000 inhabitants in the Flemish and Brussels regions. Parts of a
municipality stand beside the whole.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = "GeoNames, CC BY 4.0"
PROVINCES = {
    "antwerp": "Antwerpen",
    "brussels": "Brussel",
    "east_flanders": "Oost-Vlaanderen",
    "flemish_brabant": "Vlaams-Brabant",
    "limburg": "Limburg",
    "west_flanders": "West-Vlaanderen",
}
FILE = Path(__file__).parent / "gazetteer" / "places.csv"
# The gazetteer has the English or the French name of some.
_IN_DUTCH = {
    "Antwerp": "Antwerpen",
    "Brussels": "Brussel",
    "Auderghem": "Oudergem",
    "Berchem-Sainte-Agathe": "Sint-Agatha-Berchem",
    "Forest": "Vorst",
    "Ixelles": "Elsene",
    "Molenbeek-Saint-Jean": "Sint-Jans-Molenbeek",
    "Ostend": "Oostende",
    "Saint-Gilles": "Sint-Gillis",
    "Saint-Josse-ten-Noode": "Sint-Joost-ten-Node",
    "Schaerbeek": "Schaarbeek",
    "Uccle": "Ukkel",
    "Watermael-Boitsfort": "Watermaal-Bosvoorde",
    "Woluwe-Saint-Lambert": "Sint-Lambrechts-Woluwe",
}
_EARTH_KM = 6_371


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its number in the gazetteer, its Dutch name, and where it lies."""

    number: int
    name: str
    province: str
    latitude: float
    longitude: float
    population: int

    def km_to(self, other: "Town") -> float:
        """Return the distance as the crow flies."""
        y, x = math.radians(self.latitude), math.radians(self.longitude)
        v, u = math.radians(other.latitude), math.radians(other.longitude)
        half = math.sin((v - y) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((u - x) / 2) ** 2
        return 2 * _EARTH_KM * math.asin(math.sqrt(half))


@cache
def towns() -> dict[int, Town]:
    """Return every town by its number."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Town(
                int(row["geoname_id"]),
                _IN_DUTCH.get(row["name"], row["name"]),
                row["province"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
            )
            for row in csv.DictReader(file)
        ]
    return {town.number: town for town in rows}
