"""The twin: an export decided again, places included, and what comes out otherwise is named."""

import csv
from pathlib import Path
from typing import Any

import pytest

from loopbaan.lab import twin
from loopbaan.law import rulebook
from loopbaan.law.checks import UnreadableFile

HASH = rulebook.current().hash
AN = {
    "lives_in": "flanders",
    "moved_from_eea": "false",
    "works_in": "flanders",
    "activity": "employee",
    "experience_days": "4000",
    "experience_months": "131",
    "months_worked_in_last_24": "24",
    "agency_weeks_unbroken": "0",
    "vouchers_started_on": "",
    "last_voucher_closed": "true",
    "open_order": "false",
    "in_dutch": "true",
}
BRAM = AN | {"experience_days": "2072", "experience_months": "68"}
GRANTED = {"outcome": "granted", "reasons": "", "voucher": "1", "minutes": "240"}
REFUSED = {"outcome": "refused", "reasons": "experience", "voucher": "0", "minutes": "0"}
CAP = 1_000


class Export:
    """What the scheme would have written: rows are added in the order of their decisions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders: list[dict[str, Any]] = []
        self.decisions: list[dict[str, Any]] = []
        self.facts: list[dict[str, Any]] = []

    def add(self, day: str, facts: dict[str, str], decided: dict[str, str], **more: Any) -> None:
        number = len(self.orders) + 1
        self.orders.append({"order": number, "worker": number, "ordered_on": day})
        self.decide(number, day, facts, decided, **more)

    def decide(
        self, order: int, day: str, facts: dict[str, str], decided: dict[str, str], **more: Any
    ) -> None:
        number = len(self.decisions) + 1
        price = {"share_cents": "4500" if decided["voucher"] != "0" else "0"}
        first_day = {"first_day": day if decided["voucher"] != "0" else "2026-07-28"}
        told = {"decided_at": f"{day}T10:00:00Z", "known_on": day, "reading": "A"}
        row = {"decision": number, "order": order, **told, "rulebook_hash": HASH}
        self.decisions.append(row | decided | price | first_day | more)
        self.facts.append({"decision": number, **facts})

    def write(self) -> Path:
        for name in ("orders", "decisions", "facts"):
            rows = getattr(self, name)
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return self.folder


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


def test_an_may_order_bram_must_wait_and_the_twin_says_so_too(export):
    export.add("2025-02-10", AN, GRANTED)
    export.add("2025-04-01", BRAM, REFUSED)
    found = twin.compare(export.write())
    assert [str(each) for each in found.differences] == []
    assert (found.decisions, found.undecided, found.under_a_cap) == (2, 0, 1)


def test_the_places_of_a_month_are_counted_and_the_last_comers_lose(export):
    for _ in range(CAP + 2):
        export.add("2025-04-01", AN, GRANTED)
    for row in export.decisions[CAP:]:
        row["outcome"] = "lost"
    assert twin.compare(export.write()).differences == []
    export.decisions[-1]["outcome"] = "granted"
    (difference,) = twin.compare(export.write()).differences
    assert str(difference) == (
        "decision 1002, order 1002: outcome is granted in the scheme and lost here"
    )


def test_what_was_granted_before_the_cap_was_known_stands_and_counts(export):
    for place in range(CAP + 5):
        day = "2025-03-02" if place < CAP + 3 else "2025-03-05"
        export.add(day, AN, GRANTED)
    for row in export.decisions[CAP + 3 :]:
        row["outcome"] = "lost"
    assert twin.compare(export.write()).differences == []


def test_a_contested_order_is_decided_twice_and_takes_one_place(export):
    export.add("2025-04-01", BRAM, REFUSED)
    export.add("2025-04-01", AN, GRANTED)
    export.decide(1, "2025-04-03", AN, GRANTED, first_day="2025-04-01")
    found = twin.compare(export.write())
    assert [str(each) for each in found.differences] == []
    assert found.decisions == 3


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reasons", "language"),
        ("voucher", "2"),
        ("minutes", "180"),
        ("share_cents", "4000"),
        ("first_day", ""),
        ("outcome", "refused"),
    ],
)
def test_whatever_differs_is_named(column, value, export):
    export.add("2025-02-10", AN, GRANTED)
    export.decisions[0][column] = value
    (difference,) = twin.compare(export.write()).differences
    assert (difference.column, difference.live) == (column, value)


def test_an_order_that_is_not_decided_yet_is_counted(export):
    export.add("2025-02-10", AN, GRANTED)
    export.orders.append({"order": 2, "worker": 2, "ordered_on": "2025-02-10"})
    assert twin.compare(export.write()).undecided == 1


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("facts", "lives_in", "paris", "'paris'"),
        ("facts", "open_order", "maybe", "'maybe' is not true or false"),
        ("facts", "decision", "9", "its order or its facts are not in the export"),
        ("decisions", "rulebook_hash", "0" * 64, "no rulebook was kept under the hash"),
        ("decisions", "known_on", "soon", "soon"),
        ("orders", "ordered_on", "2025-02-30", "day"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(table, column, value, said, export):
    export.add("2025-02-10", AN, GRANTED)
    getattr(export, table)[0][column] = value
    with pytest.raises(UnreadableFile, match=said):
        twin.compare(export.write())


def test_a_folder_that_is_no_export_is_refused(export, tmp_path):
    with pytest.raises(UnreadableFile, match=r"orders.csv: cannot be read"):
        twin.compare(tmp_path)
    export.add("2025-02-10", AN, GRANTED)
    del export.decisions[0]["outcome"]
    with pytest.raises(UnreadableFile, match="column is missing: outcome"):
        twin.compare(export.write())
    (tmp_path / "decisions.csv").write_text(",".join(twin.DECISIONS) + "\n")
    with pytest.raises(UnreadableFile, match="holds no decision"):
        twin.compare(tmp_path)
