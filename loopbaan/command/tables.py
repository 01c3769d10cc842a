"""Tables of workers in CSV or Parquet, read a part at a time, so that memory stays bounded."""

import csv
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from loopbaan.command.batch import ANSWER, Texts
from loopbaan.command.columns import (
    FACTS,
    SPELL,
    SUM_NAMES,
    Reader,
    note_short_spells,
    spells_of,
)
from loopbaan.law.career import Spells
from loopbaan.law.checks import UnreadableFile, nearest

PART = 50_000  # rows read, decided and written at a time
MOST_WORKERS = 10_000_000
MOST_SPELLS = 50_000_000
MOST_LINE = 1_000_000  # characters of one line of CSV
KEEP_BYTES = "surrogateescape"
OPTIONAL = ("ordered_on", "known_on", "reading", "open_order")
SPELL_OPTIONAL = ("to", "certified")
SHORT = 3  # letters of a name that is like too many others
KNOWN = (*OPTIONAL, *ANSWER, *(column.name for column in (*FACTS, *SPELL)))
NEEDED = ("id", *(column.name for column in FACTS if column.needed))

# A part of a table: the number of its first row, its columns as texts, its rows as they stand.
Part = tuple[Sequence[int], dict[str, list[str]], dict[int, list[str]], Any]
Watch = Callable[[int], None]


def read_workers(path: Path, careers: "Careers | None") -> Iterator[Texts]:
    """Yield a table of workers part by part.

    Raises:
        UnreadableFile: the file is no table of workers; the message says what is missing.

    """
    needed = NEEDED if careers is None else tuple(n for n in NEEDED if n not in SUM_NAMES)
    for numbers, columns, faults, raw in _parts(path, needed, MOST_WORKERS):
        texts = Texts(str(path), numbers, columns, faults, set(faults), raw=raw)
        if careers is not None:
            careers.give(texts)
        yield texts


def check_columns(path: Path, header: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a table whose columns are not all there, or that has one with a slip of the pen.

    Raises:
        UnreadableFile: naming the column and what was expected.

    """
    missing = [name for name in needed if name not in header]
    if not missing:
        optional = SPELL_OPTIONAL if "kind" in needed else OPTIONAL
        absent = [name for name in optional if name not in header]
        for name in header:
            meant = get_close_matches(name, absent, n=1, cutoff=0.8)
            if name not in KNOWN and len(name) > SHORT and meant:
                raise UnreadableFile(f"{path}: the column {name!r} is unknown; is it {meant[0]}?")
        return
    strangers = [name for name in header if name not in needed]
    listed = ", ".join(f"{name}{nearest(name, strangers)}" for name in missing)
    hint = ""
    if set(missing) & set(SUM_NAMES):
        hint = "; careers of spells come as a second table with --careers FILE"
    noun = "column is" if len(missing) == 1 else "columns are"
    raise UnreadableFile(f"{path}: {noun} missing: {listed}; needed are {', '.join(needed)}{hint}")


class Careers:
    """The second table: every worker's spells (id, from, to, kind, certified), kept as arrays."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self.path = path
        self._places: dict[str, int] = {}
        self._faults: dict[int, list[str]] = {}
        parts: list[tuple[NDArray[np.int64], Spells]] = []
        reader = Reader(SPELL)
        for numbers, columns, faults, _ in _parts(path, ("id", "from", "kind"), MOST_SPELLS):
            read = reader.read(columns, len(numbers))
            note_short_spells(read)
            places = self._places
            owner = [places.setdefault(name.strip(), len(places)) for name in columns["id"]]
            for row in sorted({*faults, *read.faults}):
                where = f"career ({path}, row {numbers[row]}), "
                told = faults.get(row, []) + read.faults.get(row, [])
                self._faults.setdefault(owner[row], []).extend(where + each for each in told)
            parts.append((np.array(owner), spells_of(read, np.zeros(1, np.int64))))
            watch(len(numbers))
        self._spells = self._gather(parts)
        self._asked = np.zeros(len(self._places) + 1, np.bool_)

    def give(self, texts: Texts) -> None:
        """Add the spells of a part's workers to it, with whatever is wrong in them."""
        columns, count = dict(texts.columns), len(texts)
        for name in SUM_NAMES:
            for row, cell in enumerate(columns.pop(name, ())):
                if cell.strip():
                    what = f"{name}: expected either a career or {name}, not both"
                    texts.faults.setdefault(row, []).append(what)
        nobody = len(self._places)
        owners = [self._places.get(name.strip(), nobody) for name in columns["id"]]
        for row, owner in enumerate(owners):
            if owner in self._faults:
                texts.faults.setdefault(row, []).extend(self._faults[owner])
        rows = np.array(owners, np.int64)
        self._asked[rows] = True
        texts.columns = columns
        texts.spells = self._spells.workers(rows)
        texts.has_career = np.ones(count, np.bool_)

    def left_over(self) -> Iterator[str]:
        """Yield a sentence for each id whose spells belong to no worker of the table."""
        for name, place in self._places.items():
            if not self._asked[place]:
                yield f"{self.path}: id {name!r} has spells but is no worker of the table"

    def _gather(self, parts: list[tuple[NDArray[np.int64], Spells]]) -> Spells:
        """Return all spells by worker, and after the last worker one who has none."""
        owner = np.concatenate([part for part, _ in parts])
        order = np.argsort(owner, kind="stable")
        starts_on, ends_on, kind, certified = (
            np.concatenate([getattr(spells, name) for _, spells in parts])[order]
            for name in ("starts_on", "ends_on", "kind", "certified")
        )
        counts = np.bincount(owner, minlength=len(self._places) + 1)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Spells(offsets, starts_on, ends_on, kind, certified)


def _parts(path: Path, needed: Sequence[str], most: int) -> Iterator[Part]:
    parts = _parquet_parts if path.suffix.lower() == ".parquet" else _csv_parts
    total = 0
    for part in parts(path, needed):
        total += len(part[0])
        if total > most:
            raise UnreadableFile(f"{path}: more than {most:,} rows; split it")
        yield part
    if not total:
        raise UnreadableFile(f"{path}: has no rows below its header")


def _csv_parts(path: Path, needed: Sequence[str]) -> Iterator[Part]:
    try:
        # What is no UTF-8 spoils its row alone, and is written back as it was read.
        with path.open(encoding="utf-8-sig", errors=KEEP_BYTES, newline="") as file:
            yield from _csv_rows(path, file, needed)
    except csv.Error as error:
        raise UnreadableFile(f"{path}: is no CSV: {error}") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None


def _csv_rows(path: Path, file: IO[str], needed: Sequence[str]) -> Iterator[Part]:
    spoilt: dict[int, str] = {}
    lines = _lines(path, file, spoilt)
    first = next(lines, "")
    if spoilt:
        raise UnreadableFile(f"{path}: the first row {spoilt[1]}")
    if not first.strip():
        raise UnreadableFile(
            f"{path}: is empty; the first row names the columns: {', '.join(needed)}"
        )
    # A spreadsheet set to Dutch (Belgium) parts its cells with ; instead of ,
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise UnreadableFile(f"{path}: the column {twice!r} stands there twice")
    check_columns(path, header, needed)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=2):
        if any(row):
            rows.append(row)
            numbers.append(number)
        if len(rows) == PART:
            yield _csv_part(header, numbers, rows, delimiter, spoilt)
            rows, numbers = [], []
    if rows:
        yield _csv_part(header, numbers, rows, delimiter, spoilt)


def _csv_part(
    header: list[str],
    numbers: list[int],
    rows: list[list[str]],
    delimiter: str,
    spoilt: dict[int, str],
) -> Part:
    width = len(header)
    faults = {}
    whole = list(rows)
    for place, row in enumerate(whole):
        if len(row) != width:
            faults[place] = [f"expected {width} cells, found {len(row)}"]
            rows[place] = (row + [""] * width)[:width]
    for number, what in spoilt.items():
        place = bisect_left(numbers, number)
        if place < len(numbers) and numbers[place] == number:
            faults[place] = [what]
    spoilt.clear()
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    return numbers, columns, faults, (header, whole, delimiter)


def _lines(path: Path, file: IO[str], spoilt: dict[int, str]) -> Iterator[str]:
    """Yield the lines; what is wrong with one is noted by its number, and stops no other."""
    number = 0
    while line := file.readline(MOST_LINE):
        number += 1
        if len(line) == MOST_LINE:
            raise UnreadableFile(f"{path}: a line of over {MOST_LINE:,} characters; is it a table?")
        if '"' in line and line.count('"') % 2:
            spoilt[number] = "expected quotes that close on the same line"
            line = line.replace('"', "")
        if not line.isascii() and not _is_utf8(line):
            spoilt[number] = "is not text in UTF-8; save the table as CSV UTF-8"
        elif "\0" in line:
            raise UnreadableFile(f"{path}: is not text: it holds zero bytes")
        yield line


def _is_utf8(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def polars() -> Any:
    """Return the library that reads Parquet; who reads none does not wait for its import."""
    import polars as pl

    return pl


def _parquet_parts(path: Path, needed: Sequence[str]) -> Iterator[Part]:
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                raise UnreadableFile(f"{path}: is no Parquet file")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None
    library = polars()
    try:
        table = library.scan_parquet(path, glob=False)
        header = table.collect_schema().names()
        count = table.select(library.len()).collect().item()
        check_columns(path, header, needed)
        for start in range(0, count, PART):
            frame = table.slice(start, PART).collect()
            columns = {name: _parquet_texts(library, frame[name]) for name in header}
            yield range(start + 1, start + 1 + len(frame)), columns, {}, frame
    except library.exceptions.PolarsError as error:
        raise UnreadableFile(f"{path}: cannot be read as Parquet: {error}") from None
    except library.exceptions.PanicException:
        raise UnreadableFile(f"{path}: cannot be read as Parquet: it is damaged") from None


def _parquet_texts(library: Any, column: Any) -> list[str]:
    if isinstance(column.dtype, library.List):
        # As in a case: an empty place among the days is no day, and never overlooked.
        texts_of = column.cast(library.List(library.String)).list
        column = texts_of.eval(library.element().fill_null("?")).list.join(";")
    elif isinstance(column.dtype, library.Datetime):
        column = column.dt.date()
    elif column.dtype.is_float():
        # A table that passed through a program whose whole numbers cannot be missing.
        whole = column.cast(library.Int64, strict=False)
        column = whole if (whole == column).all() else column
    texts: list[str] = column.cast(library.String).fill_null("").to_list()
    return texts
