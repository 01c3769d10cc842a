"""What gives the same bytes again: the five inputs, of one scenario or of several together."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from loopbaan.lab.report.content import Column, Table, decimal_text
from loopbaan.lab.report.naming import laid_out
from loopbaan.lab.report.words import WORDS
from loopbaan.law.wording import Lang

About = Mapping[str, Any]


def told(
    about: Sequence[About], seeds: Sequence[int], commit: str, lang: Lang
) -> tuple[tuple[str, str], ...]:
    """Return seed, code, rulebook, scenario and population in words; all seeds, all scenarios."""
    words = WORDS[lang]
    first, last = seeds[0], seeds[-1]
    share = decimal_text(100 * float(about[0]["share"]), 4, lang).rstrip("0").rstrip(",.")
    return (
        (
            words["seed"],
            f"{first}" if first == last else words["seeds"].format(first=first, last=last),
        ),
        (words["commit"], commit),
        (words["rulebook"], together(about, "rulebook")),
        (words["scenario_hash"], together(about, "scenario_hash")),
        (words["population"], words["people"].format(hash=about[0]["population"], percent=share)),
    )


def together(about: Sequence[About], stamp: str) -> str:
    """Return one hash over a stamp of all scenarios, in their order; of one, its own."""
    found = [str(each[stamp]) for each in about]
    return found[0] if len(found) == 1 else hashlib.sha256(" ".join(found).encode()).hexdigest()


def table(about: Sequence[About], lang: Lang) -> Table:
    """Return the scenario and the rulebook of each, of which the hashes above are made."""
    words = WORDS[lang]
    rows = [
        (str(each["scenario"]), words[stamp], str(each[stamp]))
        for each in about
        for stamp in ("scenario_hash", "rulebook")
    ]
    heads = (("scenario", "scenario"), ("what", "card_what"), ("hash", "hash_head"))
    columns = tuple(Column(name, words[label], "text") for name, label in heads)
    return laid_out("stamps", words["stamps_table"], rows, columns)
