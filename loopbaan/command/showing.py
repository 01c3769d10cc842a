"""Shows the law: the documented cases, and a million invented workers under each period's law."""

import textwrap
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from loopbaan.command import batch as batches
from loopbaan.command.asking import today
from loopbaan.command.batch import Checker, Defaults
from loopbaan.command.cases import read_cases
from loopbaan.command.decide import differences
from loopbaan.law import ordering
from loopbaan.law import rulebook as rulebooks
from loopbaan.law.months import NO_DAY, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Decisions, Facts
from loopbaan.law.refusals import PASSING, Refusal
from loopbaan.law.rulebook import Rulebook
from loopbaan.law.sentences import CONDITIONS, TITLES
from loopbaan.law.wording import Lang, number_text

CASES = Path(__file__).parents[2] / "tests" / "cases" / "ordering"
WORKERS, SEED = 1_000_000, 2013
# A day in each period of the scheme, from the start to the planned credit.
DAYS = (
    date(2016, 6, 1),
    date(2021, 6, 1),
    date(2024, 6, 3),
    date(2025, 4, 1),
    date(2026, 6, 1),
    date(2027, 6, 1),
)
IN_FORCE = DAYS[:-1]  # the last one is planned
DAYS_IN_MONTH = 30.44


def show_law(lang: Lang) -> int:
    """Show what the law does; returns how many documented cases are decided otherwise."""
    rulebook = rulebooks.current()
    words = _WORDS[lang]
    wrong = _show_cases(rulebook, words)
    facts = invented(WORKERS, np.random.default_rng(SEED))
    started = time.perf_counter()
    decided = {day: _decide(rulebook, facts, day) for day in DAYS}
    seconds = time.perf_counter() - started
    print(
        words["workers"].format(
            workers=number_text(WORKERS, lang),
            decisions=number_text(WORKERS * len(DAYS), lang),
            seconds=f"{seconds:.2f}".replace(".", "," if lang == "nl" else "."),
        )
    )
    print("\n".join(_table(decided, words, lang)))
    print("\n".join(_remedies(decided, words, lang)))
    print(words["try"])
    return wrong


def invented(count: int, generator: np.random.Generator) -> Facts:
    """Return workers made up by a few plain shares: enough to show the law, no statistic.

    Earlier starts are days before the order day; `_decide` moves them to it.
    """
    choice = generator.choice
    chance = generator.random
    last = np.where(chance(count) < 0.16, -generator.integers(1, 3_650, count), NO_DAY)
    is_second = (last != NO_DAY) & (chance(count) < 0.35)
    previous = np.where(is_second, last - generator.integers(30, 1_500, count), NO_DAY)
    has_long = chance(count) < 0.8
    experience = np.where(
        has_long, generator.integers(2_000, 14_000, count), generator.integers(0, 2_700, count)
    )
    return Facts(
        lives_in=choice(len(HOMES), count, p=(0.9, 0.06, 0.02, 0.015, 0.005)).astype(np.uint8),
        moved_from_eea=chance(count) < 0.05,
        works_in=choice(len(WORKPLACES), count, p=(0.83, 0.1, 0.02, 0.01, 0.005, 0.035)).astype(
            np.uint8
        ),
        activity=choice(len(ACTIVITIES), count, p=(0.82, 0.12, 0.03, 0.03)).astype(np.uint8),
        experience_days=experience.astype(np.int32),
        experience_months=(experience * 12 // 365).astype(np.int16),
        months_worked_in_last_24=np.minimum(experience // 30, generator.integers(8, 33, count))
        .clip(0, 24)
        .astype(np.int8),
        agency_weeks_unbroken=np.where(
            chance(count) < 0.06, generator.integers(0, 30, count), 0
        ).astype(np.int16),
        last_started_on=last.astype(np.int32),
        previous_started_on=previous.astype(np.int32),
        last_voucher_closed=chance(count) < 0.93,
        open_order=chance(count) < 0.01,
        in_dutch=chance(count) < 0.98,
    )


def _decide(rulebook: Rulebook, facts: Facts, day: date) -> Decisions:
    """Decide on a day, the earlier starts counted back from it, none before the scheme began."""
    first = day_number(rulebook.first_day)
    starts = {}
    for name in ("last_started_on", "previous_started_on"):
        back = getattr(facts, name)
        moved = np.where(back == NO_DAY, NO_DAY, back + day_number(day))
        starts[name] = np.where(moved < first, NO_DAY, moved).astype(np.int32)
    columns = {name: getattr(facts, name) for name in Facts.__slots__} | starts
    return ordering.decide(rulebook, Facts(**columns), ordered_on=day)


def _show_cases(rulebook: Rulebook, words: dict[str, str]) -> int:
    """Decide the documented cases and return how many differ from what is documented."""
    paths = sorted(CASES.glob("*.yaml"))
    if not paths:
        print(words["no_cases"].format(folder=CASES))
        return 0
    decided = wrong = 0
    for path in paths:
        texts = read_cases(path)
        batch = Checker(rulebook, Defaults(today())).check(texts)
        answers = batches.answers(rulebook, batch, batches.decide(rulebook, batch))
        decided += len(answers)
        found = dict(differences(texts, batch, answers))
        wrong += len(batch.faults) + sum(bool(each) for each in found.values())
    print(words["cases"].format(decided=decided, agree=decided - wrong))
    return wrong


def _table(decided: dict[date, Decisions], words: dict[str, str], lang: Lang) -> Iterator[str]:
    def row(title: str, cells: list[str]) -> str:
        return f"{title:<32}" + "".join(f"{cell:>11}" for cell in cells)

    yield row(words["period"], [f"P{place}" for place in range(1, len(decided) + 1)])
    yield row(words["ordered"], [day.isoformat() for day in decided])
    granted = [int(each.may_order.sum()) for each in decided.values()]
    yield row(words["granted"], [number_text(count, lang) for count in granted])
    yield words["refused"]
    for reason in Refusal:
        counts = [int(((each.reasons & reason) != 0).sum()) for each in decided.values()]
        cells = [number_text(count, lang) if count else "–" for count in counts]
        yield row(f"  {TITLES[reason][lang]}", cells)


def _remedies(decided: dict[date, Decisions], words: dict[str, str], lang: Lang) -> Iterator[str]:
    """Yield what would change each reason, in the latest period of law in force that knows it.

    For those that pass: how many need time alone, and how soon half of these are there.
    """
    yield words["change"]
    told = set()
    for condition in CONDITIONS:
        reason = condition.refusal
        known = [day for day in IN_FORCE if (decided[day].reasons & reason).any()]
        if reason in told or not known:
            continue
        told.add(reason)
        text = condition.words[lang].stays
        if reason & PASSING:
            text = _waiting(decided[known[-1]], known[-1], reason, words)
        period = f"P{DAYS.index(known[-1]) + 1}"
        line = f"{condition.words[lang].title} ({period}): {text}"
        yield from textwrap.wrap(line, 98, initial_indent="  ", subsequent_indent="    ")


def _waiting(decisions: Decisions, day: date, reason: Refusal, words: dict[str, str]) -> str:
    has = (decisions.reasons & reason) != 0
    passing = has & (decisions.first_day != NO_DAY)
    if not passing.any():
        return words["stays"]
    wait = decisions.first_day[passing] - day_number(day)
    return words["passes"].format(
        share=round(100 * passing.sum() / has.sum()),
        months=round(float(np.median(wait)) / DAYS_IN_MONTH),
    )


_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "cases": "Documented cases: {decided} decided, {agree} as documented.",
        "no_cases": "The documented cases stand in the source tree; not here ({folder}).",
        "workers": "\n{workers} invented workers (no statistic of Flanders), under each period's"
        " law:\n{decisions} decisions with every reason in {seconds} s.\n",
        "period": "period",
        "ordered": "ordered on",
        "granted": "may order",
        "refused": "refused (maybe for several reasons)",
        "change": "\nWhat would change it",
        "stays": "time alone changes nothing.",
        "passes": "for {share} % time alone is enough, for half of them within {months} months; the"
        " others miss something else too.",
        "try": "\nTry: .venv/bin/loopbaan explain tests/cases/ordering/cast.yaml --id bram"
        "\n     .venv/bin/loopbaan law --diff 2025-10-31 2025-11-01",
    },
    "nl": {
        "cases": "Gedocumenteerde gevallen: {decided} beslist, {agree} zoals gedocumenteerd.",
        "no_cases": "De gedocumenteerde gevallen staan in de broncode, niet hier ({folder}).",
        "workers": "\n{workers} verzonnen werkenden (geen statistiek van Vlaanderen), onder de wet"
        " van elke periode:\n{decisions} beslissingen met elke reden in {seconds} s.\n",
        "period": "periode",
        "ordered": "besteld op",
        "granted": "mag bestellen",
        "refused": "geweigerd (soms om meerdere)",
        "change": "\nWat het zou veranderen",
        "stays": "wachten alleen verandert niets.",
        "passes": "voor {share} % volstaat wachten, voor de helft daarvan {months} maanden of"
        " minder; de anderen missen ook iets anders.",
        "try": "\nProbeer: .venv/bin/loopbaan explain tests/cases/ordering/cast.yaml --id bram"
        "\n         .venv/bin/loopbaan law --diff 2025-10-31 2025-11-01 --lang nl",
    },
}
