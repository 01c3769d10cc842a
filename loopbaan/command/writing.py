"""Writes the input again with the decision's columns and an `error`, whole or not at all."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from loopbaan.command.batch import ANSWER, Batch
from loopbaan.command.tables import KEEP_BYTES, polars

COLUMNS = (*ANSWER[1:], "error")

Answer = dict[str, Any]


class Writer:
    """Writes beside the file and puts it in place at the end, so that no half file is left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._file = self._part.open("w", encoding="utf-8", errors=KEEP_BYTES, newline="")
        self._cases: list[Any] = []
        self._frames: list[Any] = []
        self._has_header = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._file:
                if kind is None:
                    self._finish()
            if kind is None:
                self._part.replace(self.path)
        finally:
            self._part.unlink(missing_ok=True)

    def write(self, batch: Batch, answers: Sequence[Answer]) -> None:
        """Add a batch: a row with faults keeps what it had, and its `error` says what is wrong."""
        errors = ["; ".join(batch.faults.get(row, ())) for row in range(len(answers))]
        if self.path.suffix.lower() == ".parquet":
            self._add_frame(batch.texts.raw, answers, errors)
        elif self.path.suffix.lower() == ".csv":
            self._add_rows(batch.texts.raw, answers, errors)
        else:
            for entry, answer, error in zip(batch.texts.raw, answers, errors, strict=True):
                decision = None if error else {name: answer[name] for name in ANSWER[1:]}
                whole = entry if isinstance(entry, dict) else {"entry": entry}
                self._cases.append({**whole, "decision": decision, "error": error or None})

    def _add_rows(self, raw: Any, answers: Sequence[Answer], errors: Sequence[str]) -> None:
        header, rows, delimiter = raw
        # Columns of an earlier decision are replaced, so that a file can be decided again.
        kept = [place for place, name in enumerate(header) if name not in COLUMNS]
        writer = csv.writer(self._file, delimiter=delimiter, lineterminator="\n")
        if not self._has_header:
            writer.writerow([*(header[place] for place in kept), *COLUMNS])
            self._has_header = True
        all_kept = len(kept) == len(header)
        for row, answer, error in zip(rows, answers, errors, strict=True):
            cells = row if all_kept else [row[place] for place in kept]
            writer.writerow([*cells, *_cells(answer, error)])

    def _add_frame(self, frame: Any, answers: Sequence[Answer], errors: Sequence[str]) -> None:
        library = polars()
        rows = [_values(answer, error) for answer, error in zip(answers, errors, strict=True)]
        text, whole, yes_no = library.String, library.Int64, library.Boolean
        schema = dict(
            zip(COLUMNS, (yes_no, whole, whole, whole, text, text, text, text), strict=True)
        )
        decided = library.DataFrame(rows, schema=schema, orient="row")
        kept = [name for name in frame.columns if name not in COLUMNS]
        self._frames.append(frame.select(kept).hstack(decided))

    def _finish(self) -> None:
        if self._frames:
            polars().concat(self._frames).write_parquet(self._part)
        if self._cases:
            yaml.safe_dump(self._cases, self._file, allow_unicode=True, sort_keys=False, width=100)


def json_line(answer: Answer) -> str:
    """Return an answer as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False)


def _values(answer: Answer, error: str) -> tuple[Any, ...]:
    if error:
        return (*(None for _ in ANSWER[1:]), error)
    refusals = ";".join(answer["refusals"])
    return (*(refusals if n == "refusals" else answer[n] for n in ANSWER[1:]), None)


def _cells(answer: Answer, error: str) -> list[str]:
    texts = []
    for value in _values(answer, error):
        is_flag = isinstance(value, bool)
        texts.append("" if value is None else str(value).lower() if is_flag else str(value))
    return texts
