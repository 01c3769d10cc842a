"""The assumptions that were fitted on the counts of 2013-2019, as `fitted.yaml` holds them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from loopbaan.lab import behaviour as behaviours
from loopbaan.lab.behaviour import BehaviourError
from loopbaan.law.rulebook import Rulebook, canonical, read_yaml

FILE = Path(__file__).with_name("fitted.yaml")
_HEAD = """\
# Made by `loopbaan lab calibrate`: what was fitted on the published counts up to 2019, and on what.
# Nothing that was counted in 2020 or later was read. `misfit` is the mean squared error of all
# rows, each in its tolerance (1: on the edge of it); `rows` tells each one's error.
"""


@dataclass(frozen=True)
class Fitted:
    """Fitted values by name, and under which law and on which people they came out."""

    values: dict[str, float]
    about: dict[str, Any]

    @property
    def hash(self) -> str:
        """Return what tells one fit from another."""
        return hashlib.sha256(canonical(dict(self.values)).encode()).hexdigest()


@cache
def fitted(path: Path = FILE) -> Fitted:
    """Read the fitted values; without the file nothing was fitted and central values hold.

    Raises:
        BehaviourError: a value is of no assumption that may be fitted, or lies outside its band.

    """
    if not path.exists():
        return Fitted({}, {})
    content = read_yaml(path)
    values = {name: float(value) for name, value in content.pop("values").items()}
    rows = behaviours.assumptions()
    for name, value in values.items():
        row = rows.get(name)
        if row is None or row.role != "calibrate":
            raise BehaviourError(f"{path}: {name} is no assumption that may be fitted")
        if not row.low <= value <= row.high:
            raise BehaviourError(
                f"{path}: {name} is {value:g}; its band is {row.low:g} to {row.high:g}"
            )
    return Fitted(values, content)


def law_until(rulebook: Rulebook, last: date, names: Iterable[str]) -> str:
    """Return a digest of what some numbers of the law came to until a day.

    Numbers and lines that came later changed nothing that a fit could read.
    """
    numbers = rulebook.content["numbers"]
    found = {
        name: [
            [str(line["from"]), str(line.get("announced")), line["value"], line.get("reading")]
            for line in numbers[name]["lines"]
            if str(line["from"]) <= last.isoformat()
        ]
        for name in sorted(names)
        if name in numbers
    }
    return hashlib.sha256(canonical(found).encode()).hexdigest()


def has_other_law(fit: Fitted, rulebook: Rulebook) -> bool:
    """Whether the law of the years that were fitted is another than that of the fit."""
    last = date.fromisoformat(str(fit.about["until"]))
    return bool(law_until(rulebook, last, fit.about["numbers"]) != fit.about["law"])


def write(values: Mapping[str, float], about: Mapping[str, Any], path: Path = FILE) -> None:
    """Write fitted values and what they rest on."""
    text = yaml.safe_dump({**about, "values": dict(values)}, sort_keys=False, allow_unicode=True)
    path.write_text(_HEAD + text, "utf-8")
    fitted.cache_clear()
