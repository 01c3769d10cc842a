"""A report as files: the page, the sheet, and its tables as CSV and Parquet, described in CSVW."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from loopbaan.lab.report.content import Report, Table
from loopbaan.law.checks import UnreadableFile

ABOUT = "csv-metadata.json"
_TYPES = {pl.String: "string", pl.Float64: "number"}


def refuse_a_place_for_no_file(file: Path) -> None:
    """Refuse before anything is played.

    Raises:
        UnreadableFile: a folder stands there, or the folder that it should stand in does not.

    """
    if file.is_dir():
        raise UnreadableFile(f"{file}: is a folder; name a file")
    if not file.absolute().parent.is_dir():
        raise UnreadableFile(f"{file}: there is no folder {file.parent}; make it first")


def write(content: str | bytes, file: Path) -> int:
    """Write a file whole or not at all; return its size in bytes."""
    refuse_a_place_for_no_file(file)
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        size = half.write_bytes(content.encode() if isinstance(content, str) else content)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return size


def write_tables(report: Report, folder: Path) -> int:
    """Write every table of a report as CSV and Parquet; return how many. Whole or not at all.

    Raises:
        UnreadableFile: the folder holds something that is no tables of a report.

    """
    if folder.exists() and (not folder.is_dir() or _holds_another(folder)):
        raise UnreadableFile(f"{folder}: holds something else; name a new folder")
    tables = {exhibit.table.name: exhibit.table for exhibit in report.exhibits()}
    part = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}")
    part.mkdir(parents=True)
    try:
        for name, table in tables.items():
            (part / f"{name}.csv").write_text(table.frame.write_csv(), "utf-8")
            table.frame.write_parquet(
                part / f"{name}.parquet", compression="zstd", statistics=False
            )
        about = json.dumps(_described(report, tables), indent=1, ensure_ascii=False)
        (part / ABOUT).write_text(about + "\n", "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return len(tables)


def _holds_another(folder: Path) -> bool:
    return any(folder.iterdir()) and not (folder / ABOUT).exists()


def _described(report: Report, tables: dict[str, Table]) -> dict[str, Any]:
    """Return what the tables hold, in the words of CSVW."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": report.lang}],
        "dc:title": report.title,
        "dc:description": report.sentence,
        "dc:provenance": {name: str(value) for name, value in report.about.items()},
        "tables": [
            {
                "url": f"{name}.csv",
                "dc:title": table.caption,
                "tableSchema": {"columns": [_column(table, each) for each in table.frame.columns]},
            }
            for name, table in tables.items()
        ],
    }


def _column(table: Table, name: str) -> dict[str, str]:
    shown = {each: column.label for column in table.columns for each in column.names}
    title = shown.get(name, name)
    kind = _TYPES[type(table.frame.schema[name])]
    return {"name": name, "titles": name, "dc:description": title, "datatype": kind}
