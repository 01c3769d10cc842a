"""`loopbaan export DIR`: the rows of the scheme as CSV, without INSZ and names of people."""

import csv
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loopbaan.command.asking import asker
from loopbaan.command.database import ask_state, opened
from loopbaan.command.progress import Progress
from loopbaan.live import ready

BAD = 2
TELL_EVERY = 1_000
EPILOG = """\
examples:
  loopbaan export DIR
  loopbaan export DIR --state .demo       what `make demo` filled; then: loopbaan lab twin DIR

DIR is made, and must not hold anything yet. What is written is the state of one moment,
and all of it or nothing. csv-metadata.json says what the columns mean (W3C, CSV on the Web).
"""


def run(arguments: Sequence[str]) -> int:
    """Write the tables."""
    parser = asker("export", __doc__ or "", EPILOG)
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or an empty one")
    ask_state(parser)
    folder: Path = parser.parse_args(arguments).folder
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        print(f"loopbaan: {folder} holds something: name a new folder", file=sys.stderr)
        return BAD
    with opened(), _whole(folder) as part:
        counts = _write(part)
    print(f"{folder}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return 0


def _write(part: Path) -> dict[str, int]:
    progress = Progress("export")
    counts, described = {}, []
    with ready.load("exporting").snapshot() as tables:
        for table in tables:
            with (part / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(table.columns)
                count = 0
                for count, row in enumerate(table.rows, 1):
                    writer.writerow([_cell(value) for value in row])
                    if count % TELL_EVERY == 0:
                        progress.add(TELL_EVERY)
            counts[table.name] = count
            described.append(_described(table))
    progress.close()
    metadata = {"@context": "http://www.w3.org/ns/csvw", "tables": described}
    text = json.dumps(metadata, indent=1, ensure_ascii=False)
    (part / "csv-metadata.json").write_text(text + "\n", "utf-8")
    return counts


def _cell(value: Any) -> Any:
    """Return a moment in one form, whatever the time zone of the reader."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def _described(table: Any) -> dict[str, Any]:
    columns = [
        {"name": name, "titles": name, "dc:description": meaning}
        for name, meaning in table.columns.items()
    ]
    return {"url": f"{table.name}.csv", "tableSchema": {"columns": columns}}


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant, and put it in its place once it is whole."""
    place = folder.resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}")
    part.mkdir(parents=True)
    try:
        yield part
        part.replace(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
