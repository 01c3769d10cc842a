"""The standing cast as files hold them: An may order, Bram must wait; and their careers."""

import copy
import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from loopbaan.command.cases import EXAMPLE
from loopbaan.command.columns import FACT_NAMES, SUM_NAMES

ROOT = Path(__file__).parents[2]
ABSENT = object()  # given as a change, it takes the key away

AN, BRAM = yaml.safe_load(EXAMPLE)
# Bram as the register counted him: 2,072 of 2,555 days.
COUNTED = {"experience_days": 2_072, "experience_months": 68}
HEADER = ("id", "ordered_on", *FACT_NAMES)
ANSWER = ("id", "may_order", "voucher", "minutes", "share_cents", "refusals", "first_day")
MEMORY = 1_500_000  # kilobytes of address space for a child that reads a hostile file


def case(**changes: Any) -> dict[str, Any]:
    """An's case with some facts, or id, ordered_on, known_on, reading and expect, changed."""
    made = copy.deepcopy(AN)
    del made["expect"]
    for name, value in changes.items():
        place = made["facts"] if name in (*FACT_NAMES, "career") else made
        if value is ABSENT:
            place.pop(name, None)
        else:
            place[name] = value
    return made


def bram(**changes: Any) -> dict[str, Any]:
    """Bram's case with his days already counted."""
    return case(**{"id": "bram", "ordered_on": BRAM["ordered_on"]} | COUNTED | changes)


def with_career(*spells: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An's case with a career instead of sums."""
    return case(career=list(spells), **dict.fromkeys(SUM_NAMES, ABSENT) | changes)


def cell(value: Any) -> str:
    """Return a value as a cell of CSV holds it."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def cells(made: dict[str, Any]) -> dict[str, str]:
    """Return a case as a row of a table holds it; the career is left to the second table."""
    flat = {name: value for name, value in made.items() if name not in ("facts", "expect")}
    flat |= {name: value for name, value in made["facts"].items() if name != "career"}
    return {name: cell(value) for name, value in flat.items()}


class _Plain(yaml.SafeDumper):
    """Writes everything out: an alias is not accepted."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def write_yaml(name: str, *made: dict[str, Any]) -> Path:
    text = yaml.dump(list(made), Dumper=_Plain, sort_keys=False)
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def write_csv(
    name: str, *made: dict[str, Any], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    rows = [cells(each) for each in made]
    header = list(dict.fromkeys(column for row in rows for column in row))
    with Path(name).open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, header, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return Path(name)


def write_parquet(name: str, *made: dict[str, Any]) -> Path:
    rows = [{"id": each["id"], "ordered_on": each["ordered_on"], **each["facts"]} for each in made]
    frame = pl.DataFrame(rows, schema_overrides={"vouchers_started_on": pl.List(pl.Date)})
    frame.write_parquet(name)
    return Path(name)


def write_text(name: str, *lines: str) -> Path:
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Path(name)


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The sentences on standard error."""
        return self.err.splitlines()


def child(*words: object, memory: int | None = None, stdin: str = "") -> Said:
    """Run the command in a process of its own, with so many kilobytes if that is asked."""
    limit = f"ulimit -v {memory} && " if memory else ""
    # One thread of linear algebra: each would reserve address space that no worker needs.
    env = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        ("sh", "-c", f'{limit}exec "$@"', "sh", sys.executable, "-m", "loopbaan", *map(str, words)),
        env=env,
        input=stdin,
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)
