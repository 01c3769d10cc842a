"""The standing cast: people with a name and a story, under fixed test numbers.

An may order and Bram must wait; the others are the documented cases that a check goes wrong on. A
story tells facts only: what follows from them is for the law to say.
"""

from dataclasses import dataclass
from datetime import date

from loopbaan.adapters import insz
from loopbaan.adapters.registers import Person, Spell


@dataclass(frozen=True)
class Home:
    """Where someone lives from a day on; None is always."""

    since: date | None
    lives_in: str
    moved_from_eea: bool = False


@dataclass(frozen=True)
class Member:
    """One of the cast: `case` is the number of the documented case, if it is one."""

    key: str
    given_name: str
    family_name: str
    born_on: date
    serial: int
    homes: tuple[Home, ...]
    spells: tuple[Spell, ...]
    nl: str
    en: str
    language: str = "nl"
    case: int | None = None

    @property
    def insz(self) -> str:
        """The fixed test number."""
        return insz.make(self.born_on, self.serial)

    def person(self, on: date) -> Person:
        """Return who it is, and where she lives on a day."""
        home = [each for each in self.homes if each.since is None or each.since <= on][-1]
        return Person(
            self.given_name,
            self.family_name,
            self.born_on,
            self.language,
            home.lives_in,
            home.moved_from_eea,
        )


FLANDERS = (Home(None, "flanders"),)
BRUSSELS = (Home(None, "brussels"),)
WALLONIA = (Home(None, "wallonia"),)
EEA = (Home(None, "eea"),)


def _spell(
    starts: str,
    ends: str | None,
    kind: str = "employee",
    works_in: str = "flanders",
    *,
    certified: bool = False,
) -> Spell:
    last = date.fromisoformat(ends) if ends else None
    return Spell(date.fromisoformat(starts), last, kind, certified, works_in)


def _school_years(first: int, last: int) -> tuple[Spell, ...]:
    """Return the years of a temporary teacher: from September to June, and the summer after."""
    spells: list[Spell] = []
    for year in range(first, last):
        spells.append(_spell(f"{year}-09-01", f"{year + 1}-06-30"))
        spells.append(_spell(f"{year + 1}-07-01", f"{year + 1}-08-31", "teacher_summer"))
    return tuple(spells)


CAST = (
    Member(
        "an", "An", "Lindenbeke", date(1990, 4, 12), 902, FLANDERS,
        (_spell("2014-09-01", None),),
        "Werkt sinds september 2014 in Gent, bij dezelfde werkgever.",
        "Has worked in Ghent since September 2014, for the same employer.",
    ),
    Member(
        "bram", "Bram", "Van Duinhorst", date(1996, 2, 8), 901, FLANDERS,
        (
            _spell("2017-07-01", "2017-08-31", "student_job", "brussels"),
            _spell("2018-01-08", "2019-12-20", "abroad", "eea"),
            _spell("2020-01-06", "2020-06-28", "unemployed", "none"),
            _spell("2020-06-29", "2020-10-31", works_in="brussels"),
            _spell("2020-11-01", "2021-01-31", "economic_unemployment", "brussels"),
            _spell("2021-02-01", "2021-05-09", works_in="brussels"),
            _spell("2021-05-10", None, works_in="brussels"),
        ),
        "Werkte twee jaar in het buitenland, zonder attest, en sinds 2020 in Brussel.",
        "Worked abroad for two years, without a certificate, and in Brussels since 2020.",
    ),
    Member(
        "claire", "Claire", "Sparrensteen", date(1985, 9, 30), 904, WALLONIA,
        (_spell("2009-03-02", None),),
        "Woont in Wallonië en werkt in Vlaanderen.",
        "Lives in Wallonia and works in Flanders.",
        case=1,
    ),
    Member(
        "mathieu", "Mathieu", "Roervelde", date(1983, 1, 17), 903,
        (Home(None, "eea"), Home(date(2012, 6, 1), "wallonia", moved_from_eea=True)),
        (_spell("2012-09-03", None, works_in="brussels"),),
        "Verhuisde van Frankrijk naar Wallonië en werkt in Brussel.",
        "Moved from France to Wallonia and works in Brussels.",
        language="fr", case=2,
    ),
    Member(
        "sanne", "Sanne", "Brembroeck", date(1988, 11, 5), 906, EEA,
        (_spell("2013-02-04", None),),
        "Woont in Nederland en werkt in Vlaanderen.",
        "Lives in the Netherlands and works in Flanders.",
        case=3,
    ),
    Member(
        "koen", "Koen", "Eikenrode", date(1972, 6, 21), 905, FLANDERS,
        (_spell("1998-10-01", None, works_in="wallonia"),),
        "Woont in Vlaanderen en werkt in Wallonië.",
        "Lives in Flanders and works in Wallonia.",
        case=4,
    ),
    Member(
        "luc", "Luc", "De Molenakker", date(1979, 3, 3), 907, EEA,
        (_spell("2005-05-02", None, works_in="wallonia"),),
        "Woont in Frankrijk en werkt in Wallonië.",
        "Lives in France and works in Wallonia.",
        language="fr", case=5,
    ),
    Member(
        "elena", "Elena", "Hazelwinckel", date(1984, 8, 14), 908, BRUSSELS,
        (_spell("2015-01-16", None, "eu_institution", "brussels"),),
        "Werkt bij een Europese instelling en woont in Brussel.",
        "Works for a European institution and lives in Brussels.",
        language="en", case=6,
    ),
    Member(
        "kevin", "Kevin", "Vinksloot", date(2000, 5, 19), 909, FLANDERS,
        (
            _spell("2023-10-02", "2024-03-29", "agency"),
            _spell("2024-05-13", None, "agency"),
        ),
        "Werkt sinds eind 2023 als uitzendkracht.",
        "Has been a temporary agency worker since the end of 2023.",
        case=8,
    ),
    Member(
        "yusuf", "Yusuf", "Van den Meerhove", date(1991, 12, 2), 911, FLANDERS,
        (
            _spell("2013-01-07", "2025-02-14", "agency"),
            _spell("2025-03-24", "2025-09-21", "agency"),
            _spell("2025-11-03", None, "agency"),
        ),
        "Uitzendkracht sinds 2013, soms enkele weken zonder contract.",
        "Agency worker since 2013, now and then some weeks without a contract.",
        case=9,
    ),
    Member(
        "katrien", "Katrien", "Wilgendonck", date(1981, 7, 27), 910, FLANDERS,
        (
            _spell("2013-09-02", "2024-01-14"),
            _spell("2024-01-15", None, "sick_contract"),
        ),
        "Is ziek sinds januari 2024 en heeft nog een arbeidscontract.",
        "Has been ill since January 2024 and still has a contract of employment.",
        case=16,
    ),
    Member(
        "patrick", "Patrick", "Kraanweghe", date(1970, 10, 9), 913, FLANDERS,
        (
            _spell("2008-03-03", "2021-12-31"),
            _spell("2022-01-01", None, "sick_no_contract", "none"),
        ),
        "Is langdurig ziek; het contract is beëindigd.",
        "Has been ill for long; the contract has ended.",
        case=17,
    ),
    Member(
        "nadia", "Nadia", "Zomerhorst", date(1986, 2, 23), 912, FLANDERS,
        (
            _spell("2012-04-02", "2025-02-28"),
            _spell("2025-03-01", "2026-02-28", "notice"),
            _spell("2026-03-01", None, "unemployed", "none"),
        ),
        "Werkt haar opzeggingstermijn uit, van maart 2025 tot februari 2026.",
        "Serves her notice, from March 2025 to February 2026.",
        case=18,
    ),
    Member(
        "tom", "Tom", "Heidebroeck", date(1978, 4, 4), 915, FLANDERS,
        (
            _spell("2001-09-03", "2024-11-30"),
            _spell("2024-12-01", None, "unemployed", "none"),
        ),
        "Is sinds december 2024 werkzoekend.",
        "Has been looking for work since December 2024.",
        case=20,
    ),
    Member(
        "leen", "Leen", "Elzenakker", date(1989, 6, 16), 914, FLANDERS,
        (*_school_years(2013, 2026), _spell("2026-09-01", None)),
        "Staat voor de klas met een contract van september tot juni.",
        "Teaches under contracts from September to June.",
        case=22,
    ),
    Member(
        "griet", "Griet", "Lindensloot", date(1982, 1, 29), 916, FLANDERS,
        (_spell("2016-03-01", None),),
        "Werkt sinds maart 2016 één dag per week.",
        "Has worked one day a week since March 2016.",
        case=24,
    ),
    Member(
        "ine", "Ine", "Van Roerbeke", date(1987, 8, 8), 918, FLANDERS,
        (
            _spell("2016-02-01", "2021-01-31", "abroad", "eea", certified=True),
            _spell("2022-01-03", None),
        ),
        "Werkte vijf jaar in Duitsland, met attest, en daarna in Vlaanderen.",
        "Worked in Germany for five years, with a certificate, and then in Flanders.",
        case=25,
    ),
    Member(
        "robin", "Robin", "De Hazelsteen", date(1995, 3, 11), 917, FLANDERS,
        (
            _spell("2017-03-06", "2017-09-01", "ibo"),
            _spell("2017-09-02", None),
        ),
        "Begon in 2017 met een opleiding in de onderneming (IBO).",
        "Began with training in a company (IBO) in 2017.",
        case=26,
    ),
    Member(
        "fatima", "Fatima", "Sparrenvelde", date(1980, 12, 18), 920, FLANDERS,
        (
            _spell("2010-03-01", "2023-06-30"),
            _spell("2015-01-01", None, "side_job"),
            _spell("2023-07-01", None, "unemployed", "none"),
        ),
        "Is werkzoekend en zelfstandige in bijberoep.",
        "Is looking for work and self-employed in a side job.",
        case=27,
    ),
    Member(
        "sara", "Sara", "Bremrode", date(1985, 5, 25), 922, FLANDERS,
        (_spell("2012-07-01", None, "self_employed"),),
        "Is sinds 2012 zelfstandige.",
        "Has been self-employed since 2012.",
    ),
    Member(
        "wim", "Wim", "Duinweghe", date(1984, 9, 9), 919,
        (Home(None, "wallonia"), Home(date(2025, 2, 1), "flanders")),
        (_spell("2011-11-07", None),),
        "Verhuisde op 1 februari 2025 van Wallonië naar Vlaanderen.",
        "Moved from Wallonia to Flanders on 1 February 2025.",
    ),
)  # fmt: skip
BY_INSZ = {member.insz: member for member in CAST}
BY_KEY = {member.key: member for member in CAST}
