"""The centres of the standing cast, and who works there, under fixed numbers.

Centrum De Brug is recognised and Centrum Zonder is not: a sandbox shows what each may do.
"""

from dataclasses import dataclass
from datetime import date

from loopbaan.adapters import insz

RECOGNISED_ON = date(2022, 1, 3)
WORKS_SINCE = date(2022, 1, 3)
ALL_TASKS = ("check", "start", "talk", "close", "claim", "statement", "data", "members")


@dataclass(frozen=True)
class Colleague:
    """Somebody who works for a centre: with tasks, as a coach, or both."""

    key: str
    name: str
    born_on: date
    serial: int
    nl: str
    en: str
    tasks: tuple[str, ...] = ()
    is_coach: bool = False

    @property
    def insz(self) -> str:
        """The fixed test number."""
        return insz.make(self.born_on, self.serial)


@dataclass(frozen=True)
class House:
    """A centre of the cast: its number, its place in the gazetteer, and who works there."""

    kbo: str
    name: str
    iban_place: int
    email: str
    town: int
    street: str
    themes: tuple[str, ...]
    is_recognised: bool
    colleagues: tuple[Colleague, ...]


DE_BRUG = House(
    kbo="0403019261",
    name="Centrum De Brug",
    iban_place=915,
    email="brug@centrum.example",
    town=2797656,
    street="Brugstraat 1",
    themes=("direction", "growth"),
    is_recognised=True,
    colleagues=(
        Colleague(
            "lieve", "Lieve Molenrode", date(1976, 3, 14), 931,
            "Leidt Centrum De Brug en doet er alles.",
            "Leads Centrum De Brug and does everything there.",
            tasks=ALL_TASKS,
        ),
        Colleague(
            "dora", "Dora Wilgenrode", date(1983, 10, 2), 934,
            "Begeleidt bij Centrum De Brug, start cheques op en registreert gesprekken.",
            "Guides at Centrum De Brug, starts vouchers and registers talks.",
            tasks=("check", "start", "talk"), is_coach=True,
        ),
        Colleague(
            "joris", "Joris Kraanstee", date(1988, 5, 27), 933,
            "Begeleidt bij Centrum De Brug en heeft er geen andere taak.",
            "Guides at Centrum De Brug and has no other task there.",
            is_coach=True,
        ),
    ),
)  # fmt: skip
ZONDER = House(
    kbo="0202239951",
    name="Centrum Zonder",
    iban_place=914,
    email="zonder@centrum.example",
    town=2797656,
    street="Leegstraat 3",
    themes=("balance",),
    is_recognised=False,
    colleagues=(
        Colleague(
            "zeger", "Zeger Nevelbroeck", date(1974, 12, 8), 935,
            "Leidt Centrum Zonder, dat niet erkend is.",
            "Leads Centrum Zonder, which is not recognised.",
            tasks=ALL_TASKS,
        ),
        Colleague(
            "mira", "Mira Heidestee", date(1991, 7, 19), 936,
            "Begeleidt bij Centrum Zonder.",
            "Guides at Centrum Zonder.",
            is_coach=True,
        ),
    ),
)  # fmt: skip
HOUSES = (DE_BRUG, ZONDER)
COLLEAGUES = {each.key: (house, each) for house in HOUSES for each in house.colleagues}
