"""`loopbaan lab parts`: what each instrument of a mixed measure adds to the whole."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from loopbaan.command.asking import Asker, asker
from loopbaan.command.lab_ensemble import ask_people
from loopbaan.lab import (
    bands,
    fitted,
    orders,
    parts,
    population,
    running,
    scenario,
    stamps,
    summary,
    world,
)
from loopbaan.lab.parts import TooMany, Values
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.wording import LANGS, Lang

BASELINE, YEAR = "no-measure", 2026
PARTS = """\
examples:
  loopbaan lab parts november-2025-a --share 0.05
  loopbaan lab parts cap-1000 --year 2025 --share 0.05

A measure that changes several numbers is taken apart: price, hours, how often, years of work, fee,
cap and who gets a place. Every mix of them is played, so four of them are sixteen runs. `alone` is
what one does by itself, `last` what it does when all others are there, `part` the mean over every
order in which they can be added; the parts add up to the whole. At most six instruments.
"""
MEASURES = ("government_euro", "persons_started", "orders_without_a_place")
WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "title": "{name} beside {against}, in {year}: what each instrument adds",
        "same": "{name} and {against} are the same law: there is nothing to take apart.",
        "heads": "instrument|alone|part|last",
        "whole": "together",
        "government_euro": "paid by the government, million euro",
        "persons_started": "persons who start",
        "orders_without_a_place": "orders without a place",
        "one": "One run of each mix, at the central values and with the same chance: no band.",
    },
    "nl": {
        "title": "{name} naast {against}, in {year}: wat elk instrument toevoegt",
        "same": "{name} en {against} zijn dezelfde wet: er is niets uit elkaar te halen.",
        "heads": "instrument|alleen|aandeel|als laatste",
        "whole": "samen",
        "government_euro": "betaald door de overheid, miljoen euro",
        "persons_started": "personen die starten",
        "orders_without_a_place": "bestellingen zonder plaats",
        "one": "Eén proef van elke mengeling, bij de centrale waarden en met hetzelfde toeval: geen"
        " band.",
    },
}
DUTCH = {
    "share": "eigen bijdrage",
    "other payers": "andere betalers",
    "hours of the first voucher": "uren van de eerste cheque",
    "second voucher and how often": "tweede cheque en hoe vaak",
    "experience": "ervaring",
    "fee": "vergoeding",
    "cap": "maximum",
    "who gets a place": "wie een plaats krijgt",
    parts.OTHER: "andere getallen",
}


def run(words: list[str], commit: Callable[[], str]) -> int:
    """Take a measure apart and print the parts."""
    parser = asker("lab parts", "The part of each instrument in a mixed measure.", PARTS)
    parser.add_argument("scenario", metavar="NAME", help="a scenario of the house, or a file")
    parser.add_argument("--against", metavar="NAME", default=BASELINE, help=f"default: {BASELINE}")
    parser.add_argument("--year", metavar="YEAR", type=int, default=YEAR, help=f"default: {YEAR}")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="default: 1")
    ask_people(parser, 1.0)
    parser.add_argument("--out", metavar="FILE", type=Path, help="the table as CSV")
    parser.add_argument("--lang", choices=LANGS, default="en", help="default: en")
    asked = parser.parse_args(words)
    chosen, against = scenario.load(asked.scenario), scenario.load(asked.against)
    _check_year(parser, chosen, asked.year)
    law, base = scenario.rulebook(chosen), scenario.rulebook(against)
    try:
        until = date(asked.year, 12, 31)
        table, _ = parts.of(base, law, chosen.reading, until, _player(chosen, asked))
    except TooMany as error:
        parser.error(str(error))
    if asked.out is not None:
        table.write_csv(asked.out)
    people = population.population(asked.seed, asked.share, asked.cache)
    rests_on = stamps.lines(f"{asked.seed}", commit(), people, [chosen, against])
    part = summary.part_of_all(people.share, asked.lang)
    print(_page(table, chosen.name, against.name, asked, [*part, *rests_on]), end="")
    return 0


def _check_year(parser: Asker, chosen: scenario.Scenario, year: int) -> None:
    if not chosen.first.year <= year <= chosen.last.year:
        parser.error(f"--year {year}: the scenario runs {chosen.first.year} to {chosen.last.year}")


def _player(chosen: scenario.Scenario, asked: Any) -> parts.Play:
    people = population.population(asked.seed, asked.share, asked.cache)
    behaviour, _ = running.in_the_middle(chosen, people)
    middle = bands.draw(0, bands.CENTRAL, fitted.fitted().values)
    started = time.perf_counter()

    def play(mix: Rulebook) -> Values:
        law = bands.law_of(mix, middle, people)
        events = world.run(
            people,
            behaviour,
            law,
            seed=asked.seed,
            first=chosen.first,
            last=date(asked.year, 12, 1),
            reading=chosen.reading,
        )
        frame = orders.frame(events, people, law, chosen.reading)
        begun = frame.filter(pl.col("started_on").dt.year() == asked.year)
        lost = frame.filter(
            (pl.col("outcome") == "lost") & (pl.col("decided_on").dt.year() == asked.year)
        )
        counted = (
            int(begun["government_cents"].sum()) / 100,
            begun["person"].n_unique(),
            lost.height,
        )
        print(f"{time.perf_counter() - started:6.1f} s  a mix", file=sys.stderr, flush=True)
        return {
            name: round(value / asked.share) for name, value in zip(MEASURES, counted, strict=True)
        }

    return play


def _page(table: pl.DataFrame, name: str, against: str, asked: Any, rests_on: Sequence[str]) -> str:
    lang: Lang = asked.lang
    words = WORDS[lang]
    if not table.height:
        return "\n".join([words["same"].format(name=name, against=against), *rests_on]) + "\n"
    lines = [words["title"].format(name=name, against=against, year=asked.year), *rests_on]
    head, *ends = words["heads"].split("|")
    for measure in MEASURES:
        own = table.filter(pl.col("measure") == measure)
        if not any((own["whole"] != 0).to_list()) and not any((own["alone"] != 0).to_list()):
            continue
        digits, by = (2, 1_000_000) if measure == "government_euro" else (0, 1)
        lines += ["", words[measure], f"  {head:<30}" + "".join(f"{each:>14}" for each in ends)]
        for row in own.to_dicts():
            label = DUTCH[row["instrument"]] if lang == "nl" else row["instrument"]
            cells = [_text(row[each] / by, digits, lang) for each in ("alone", "part", "last")]
            lines.append(f"  {label:<30}" + "".join(f"{cell:>14}" for cell in cells))
        whole = _text(own["whole"].to_list()[0] / by, digits, lang)
        lines.append(f"  {words['whole']:<30}{'':>14}{whole:>14}")
    return "\n".join([*lines, "", words["one"]]) + "\n"


def _text(number: float, digits: int, lang: Lang) -> str:
    text = f"{round(number, digits) + 0.0:+,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text
