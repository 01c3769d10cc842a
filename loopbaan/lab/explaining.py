"""A figure or an assumption in words, down to the source and the grade of what goes in."""

import textwrap
from collections.abc import Iterator

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab import margins
from loopbaan.lab.behaviour import Assumption
from loopbaan.lab.explained import FIGURES, Explained
from loopbaan.lab.report.assumptions import assumption_text
from loopbaan.law.checks import nearest
from loopbaan.law.wording import Lang

SOURCES = margins.DATA / "SOURCES.md"
WIDTH = 92
GRADES: dict[Lang, dict[str, str]] = {
    "nl": {
        "A": "officieel cijfer",
        "B": "verslag, of pers die het citeert",
        "C": "zwakke bron",
        "D": "eigen aanname of rekenwerk",
    },
    "en": {
        "A": "official figure",
        "B": "report, or press quoting one",
        "C": "weak source",
        "D": "own assumption or arithmetic",
    },
}
WORDS: dict[Lang, dict[str, str]] = {
    "nl": {
        "list": "Cijfers die uitgelegd worden (en elke aanname van behaviour.yaml):",
        "formula": "Formule",
        "sure": "Hoe zeker",
        "assumptions": "Aannames die erin gaan: laag, midden, hoog (graad)",
        "numbers": "Getallen van de wet, met hun bron in `loopbaan law`",
        "places": "Waar het geteld wordt",
        "band": "Laag, midden, hoog",
        "source": "Bron",
        "grade": "Graad",
        "recalled": "uit het geheugen",
        "role": "Rol",
        "sharpened": "Wat het scherper zou maken",
        "used": "Gaat in",
        "calibrate": "afgestemd op 2013–2019, binnen de band",
        "prior": "elke proef trekt een waarde uit de band",
        "check": "wordt vergeleken met de uitkomst; geen proef leest het",
        "aside": "staat ernaast: geen proef leest het, geen cijfer hangt ervan af",
    },
    "en": {
        "list": "Figures that can be explained (and every assumption of behaviour.yaml):",
        "formula": "Formula",
        "sure": "How sure",
        "assumptions": "Assumptions that go in: low, middle, high (grade)",
        "numbers": "Numbers of the law, with their source in `loopbaan law`",
        "places": "Where it is counted",
        "band": "Low, middle, high",
        "source": "Source",
        "grade": "Grade",
        "recalled": "from memory",
        "role": "Role",
        "sharpened": "What would sharpen it",
        "used": "Goes into",
        "calibrate": "fitted on 2013-2019, inside its band",
        "prior": "every run draws a value from the band",
        "check": "is compared with the outcome; no run reads it",
        "aside": "stands aside: no run reads it, and no figure hangs on it",
    },
}


class NoFigure(ValueError):
    """There is no such figure; the message names the nearest."""


def explain(name: str | None, lang: Lang = "en") -> str:
    """Return where a figure or an assumption comes from; without a name, what can be explained.

    Raises:
        NoFigure: there is neither a figure nor an assumption of that name.

    """
    rows = behaviours.assumptions()
    if name is None:
        lines = [f"  {each:<20}{told.meaning[lang]}" for each, told in FIGURES.items()]
        return "\n".join((WORDS[lang]["list"], *lines)) + "\n"
    if name in FIGURES:
        return _page(_figure(name, FIGURES[name], rows, lang))
    if name in rows:
        return _page(_assumption(rows[name], lang))
    known = [*FIGURES, *rows]
    raise NoFigure(f"there is no figure {name!r}{nearest(name, known)}")


def _figure(
    name: str, told: Explained, rows: dict[str, Assumption], lang: Lang
) -> Iterator[tuple[str, str]]:
    words = WORDS[lang]
    yield name, told.meaning[lang]
    yield words["formula"], told.formula[lang]
    yield words["sure"], told.sure[lang]
    if told.assumptions:
        yield (
            words["assumptions"],
            "\n".join(
                f"{assumption_text(each, lang) if lang == 'nl' else rows[each].meaning}"
                f" [{each}]: {_ends(rows[each])} ({rows[each].grade})"
                for each in told.assumptions
            ),
        )
    if told.numbers:
        yield words["numbers"], ", ".join(told.numbers)
    yield words["places"], ", ".join(f"loopbaan/{place}" for place in told.places)


def _assumption(row: Assumption, lang: Lang) -> Iterator[tuple[str, str]]:
    words = WORDS[lang]
    meaning = assumption_text(row.name, lang) if lang == "nl" else row.meaning
    yield row.name, row.meaning if meaning == row.name else meaning
    yield words["band"], f"{_ends(row)} {row.unit}"
    recalled = f", {words['recalled']}" if row.recalled else ""
    yield words["grade"], f"{row.grade}: {GRADES[lang][row.grade]}{recalled}"
    yield words["source"], f"{row.source}: {source(row.source)}"
    yield words["role"], words[row.role]
    if row.sharpened_by:
        yield words["sharpened"], row.sharpened_by
    used = [name for name, told in FIGURES.items() if row.name in told.assumptions]
    if used:
        yield words["used"], ", ".join(used)


def source(key: str) -> str:
    """Return what a source key stands for, as the table of sources has it."""
    for line in SOURCES.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) >= 3 and cells[0] == key:
            return f"{cells[1]} ({cells[2]})"
    return "see the head of behaviour.yaml"


def _ends(row: Assumption) -> str:
    return f"{row.low:g}, {row.value:g}, {row.high:g}"


def _page(parts: Iterator[tuple[str, str]]) -> str:
    lines: list[str] = []
    for place, (head, text) in enumerate(parts):
        if place == 0:
            lines += textwrap.wrap(f"{head}: {text}", WIDTH)
            continue
        lines += ["", head]
        for each in text.split("\n"):
            lines += textwrap.wrap(each, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"
