"""`loopbaan decide` on tables: the same answers whatever the file, and what --out writes."""

import csv
import json
import tempfile
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.command import main, tables
from loopbaan.command.columns import SUM_NAMES
from loopbaan.command.writing import COLUMNS
from tests.command.cast import (
    ABSENT,
    HEADER,
    bram,
    case,
    cells,
    write_csv,
    write_parquet,
    write_text,
    write_yaml,
)

WRITERS = {"x.yaml": write_yaml, "x.csv": write_csv, "x.parquet": write_parquet}
TABLES = ["x.csv", "x.parquet"]
ROW = ",".join(cells(case()).get(name, "") for name in HEADER)
ODD = 'aé,;"-: '  # what a table may hold in an id


def _answers(said):
    return [json.loads(line) for line in said.out.splitlines()]


def _rows(name):
    with Path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_answered_with_counts_per_reason_and_its_first_twenty(loopbaan, name):
    made = [case(id=f"an {n}") for n in range(15)] + [bram(id=f"bram {n}") for n in range(15)]
    said = loopbaan("decide", WRITERS[name](name, *made))
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == ["id", "may_order", "voucher", "first_day", "refusals"]
    assert lines[1] == f"{'an 0':<24} true      1       2025-02-10"
    assert lines[20] == f"{'bram 4':<24} false             2027-06-28  experience"
    assert lines[21:23] == ["", f"{name}: 30 beslist: 15 ja, 15 nee"]
    assert lines[23].split() == ["15", "Werkervaring", "(experience)"]


@st.composite
def _workers(draw):
    """An, or somebody who differs in any fact, one to four times in one file."""
    places = st.sampled_from("flanders brussels wallonia eea elsewhere".split())
    day = st.dates(date(2013, 7, 1), date(2030, 12, 31))
    made = []
    for number in range(draw(st.integers(1, 4))):
        ordered_on = draw(day)
        started = st.lists(st.dates(date(2013, 7, 1), ordered_on), max_size=3, unique=True)
        made.append(
            case(
                id=f"{number} {draw(st.text(ODD, max_size=3))}".strip(),
                ordered_on=ordered_on,
                lives_in=draw(places),
                moved_from_eea=draw(st.booleans()),
                works_in=draw(places | st.just("none")),
                activity=draw(st.sampled_from("employee self_employed agency none".split())),
                experience_days=draw(st.integers(0, 40_000)),
                experience_months=draw(st.integers(0, 1_300)),
                months_worked_in_last_24=draw(st.integers(0, 24)),
                agency_weeks_unbroken=draw(st.integers(0, 104)),
                vouchers_started_on=draw(started),
                last_voucher_closed=draw(st.booleans()),
                guidance_language=draw(st.sampled_from(["nl", "nl-BE", "fr"])),
                open_order=draw(st.booleans()),
            )
        )
    return made


@settings(max_examples=40, deadline=None)
@given(made=_workers())
def test_the_same_workers_are_decided_alike_in_yaml_csv_and_parquet(made):
    said = []
    for name, write in WRITERS.items():
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()) as out:
            path = write(f"{folder}/{name}", *made)
            assert main(["decide", str(path), "--json"]) == 0
        said.append(out.getvalue())
    assert said == [said[0]] * 3
    assert len(said[0].splitlines()) == len(made)


@pytest.mark.parametrize("name", TABLES)
def test_a_row_beats_the_options(loopbaan, name):
    own = case(id="own", reading="B", known_on=date(2025, 10, 5), ordered_on=date(2025, 12, 1))
    none = case(id="none", reading="", known_on=None, ordered_on=None)
    if name == "x.parquet":
        columns = [cells(own), cells(none)]
        pl.DataFrame(columns).write_parquet(name)
    else:
        write_csv(name, own, none)
    words = ("--on", "2025-12-01", "--known-on", "2025-12-02", "--reading", "months", "--json")
    own, none = _answers(loopbaan("decide", name, *words))
    assert (own["share_cents"], none["share_cents"]) == (4_500, 9_000)


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_written_holds_all_input_and_is_decided_again_to_the_same(loopbaan, name):
    made = [case(), bram(), case(id="again", vouchers_started_on=[date(2016, 1, 4)] * 2)]
    path = WRITERS[name](name, *made)
    first = loopbaan("decide", path, "--json", "--out", f"once-{name}")
    assert (first.code, first.err) == (0, "")
    again = loopbaan("decide", f"once-{name}", "--json", "--out", f"twice-{name}")
    assert again == first
    assert Path(f"twice-{name}").read_bytes() == Path(f"once-{name}").read_bytes()


def test_a_csv_written_holds_every_cell_the_decision_and_the_error(loopbaan):
    bad = case(id="bad", lives_in="mars", note="kept, with a comma")
    path = write_csv("x.csv", case(note="é"), bram(), bad)
    said = loopbaan("decide", path, "--out", "out.csv")
    assert (said.code, said.out.splitlines()[1]) == (2, "x.csv: 2 beslist: 1 ja, 1 nee")
    given_rows, wrote = _rows("x.csv"), _rows("out.csv")
    assert [list(row)[-len(COLUMNS) :] for row in wrote] == [list(COLUMNS)] * 3
    assert [{name: row[name] for name in given_rows[0]} for row in wrote] == given_rows
    an, waiting, wrong = ({name: row[name] for name in COLUMNS} for row in wrote)
    assert an | {"rulebook_hash": ""} == {
        "may_order": "true",
        "voucher": "1",
        "minutes": "240",
        "share_cents": "4500",
        "refusals": "",
        "first_day": "2025-02-10",
        "rulebook_hash": "",
        "error": "",
    }
    assert (waiting["may_order"], waiting["refusals"]) == ("false", "experience")
    assert wrong.pop("error").startswith("lives_in: expected one of flanders,")
    assert set(wrong.values()) == {""}


def test_a_parquet_written_keeps_the_types_of_the_input(loopbaan):
    path = write_parquet("x.parquet", case(), bram(), case(id="bad", activity="pilot"))
    assert loopbaan("decide", path, "--out", "out.parquet").code == 2
    before, after = pl.read_parquet("x.parquet"), pl.read_parquet("out.parquet")
    assert after.columns == [*before.columns, *COLUMNS]
    assert after.select(before.columns).equals(before)
    assert after["may_order"].to_list() == [True, False, None]
    assert after["share_cents"].to_list() == [4_500, None, None]
    assert after["error"][2].startswith("activity: expected one of employee,")


def test_a_table_from_a_dutch_spreadsheet_with_semicolons_and_a_mark_is_read(loopbaan):
    made = [case(vouchers_started_on=[date(2016, 1, 4), date(2018, 1, 4)]), bram()]
    plain = loopbaan("decide", write_csv("x.csv", *made), "--json")
    path = write_csv("dutch.csv", *made, delimiter=";", encoding="utf-8-sig")
    dutch = loopbaan("decide", path, "--json", "--out", "out.csv")
    assert (dutch.code, dutch.out) == (0, plain.out)
    assert loopbaan("decide", "out.csv", "--json").out == plain.out


def test_lines_that_end_as_in_windows_and_empty_lines_are_read_and_rows_keep_their_number(loopbaan):
    lines = [",".join(HEADER), "", ROW, "", ROW.replace("flanders", "mars")]
    Path("x.csv").write_bytes("\r\n".join(lines).encode())
    said = loopbaan("decide", "x.csv", "--json")
    assert (said.code, len(said.out.splitlines())) == (2, 1)
    assert said.faults[0].startswith("x.csv, row 5 (an): lives_in: expected one of")


def test_columns_may_stand_in_any_order_beside_others_and_capitals_are_booleans_too(loopbaan):
    row = cells(case()) | {"moved_from_eea": "FALSE", "last_voucher_closed": "True"}
    names = ["remark", *reversed(row)]
    values = ["hello", *reversed(row.values())]
    path = write_text("x.csv", ",".join(names), ",".join(values))
    assert _answers(loopbaan("decide", path, "--json"))[0]["may_order"] is True


def test_a_row_with_too_few_or_too_many_cells_is_bad_and_nothing_else_is_said_of_it(loopbaan):
    lines = [",".join(HEADER), ROW + ",more", "b,2025-02-10", ROW.replace("an,", "c,", 1)]
    said = loopbaan("decide", write_text("x.csv", *lines), "--json")
    width = len(HEADER)
    assert (said.code, said.faults) == (
        2,
        [
            f"x.csv, row 2 (an): expected {width} cells, found {width + 1}",
            f"x.csv, row 3 (b): expected {width} cells, found 2",
        ],
    )
    assert [each["id"] for each in _answers(said)] == ["c"]


def test_a_quote_that_is_not_closed_is_one_bad_row_told_on_one_line(loopbaan):
    bad, last = ROW.replace("an,", '"b,', 1), ROW.replace("an,", "c,", 1)
    said = loopbaan("decide", write_text("x.csv", ",".join(HEADER), ROW, bad, last), "--json")
    assert said.code == 2
    assert said.faults == ["x.csv, row 3 (b): expected quotes that close on the same line"]
    assert [each["id"] for each in _answers(said)] == ["an", "c"]


HEAD = ",".join(HEADER)
FILES = {
    "empty": (b"", "x.csv: is empty; the first row names the columns: id, lives_in,"),
    "a header only": (HEAD.encode(), "x.csv: has no rows below its header"),
    "without a column": (
        HEAD.replace("works_in", "work_in").encode() + b"\n" + ROW.encode(),
        "x.csv: column is missing: works_in; did you mean work_in?; needed are id, lives_in,",
    ),
    "without two columns": (
        HEAD.replace("activity,experience_days,", "").encode(),
        "x.csv: columns are missing: activity, experience_days; needed are",
    ),
    "with a column twice": (
        HEAD.encode() + b",id\n" + ROW.encode() + b",an",
        "x.csv: the column 'id' stands there twice",
    ),
    "in sixteen bits": (
        f"{HEAD}\n{ROW}\n".encode("utf-16"),
        "x.csv: the first row is not text in UTF-8; save the table as CSV UTF-8",
    ),
    "with zero bytes": (
        f"{HEAD}\n{ROW}\0\n".encode(),
        "x.csv: is not text: it holds zero bytes",
    ),
    "with an endless cell": (
        f"{HEAD}\n{ROW.replace('flanders', 'v' * 200_000)}\n".encode(),
        "x.csv: is no CSV: field larger than field limit",
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_csv_is_refused_that_is(loopbaan, what):
    content, sentence = FILES[what]
    Path("x.csv").write_bytes(content)
    said = loopbaan("decide", "x.csv", "--out", "out.csv")
    assert (said.code, len(said.faults)) == (2, 1)
    assert said.err.startswith(sentence)
    assert sorted(path.name for path in Path().iterdir()) == ["x.csv"]


def test_a_csv_without_sums_is_told_that_careers_come_as_a_second_table(loopbaan):
    path = write_csv("x.csv", case(**dict.fromkeys(SUM_NAMES, ABSENT)))
    said = loopbaan("decide", path)
    assert said.code == 2
    assert "columns are missing: activity, experience_days," in said.err
    assert said.err.endswith("careers of spells come as a second table with --careers FILE\n")


def test_an_id_that_comes_again_in_a_later_part_of_a_long_table_is_told(loopbaan):
    lines = [HEAD, *(ROW.replace("an,", f"w{n},", 1) for n in range(tables.PART + 1))]
    path = write_text("long.csv", *lines, ROW.replace("an,", "w0,", 1))
    said = loopbaan("decide", path)
    row = tables.PART + 3
    assert said.code == 2
    # On a slow machine a line of progress stands beside it.
    assert [told for told in said.faults if " rows in " not in told] == [
        f"long.csv, row {row} (w0): id: expected a text of its own; 'w0' stands in the file twice"
    ]
    assert "50.001 beslist: 50.001 ja, 0 nee" in said.out


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_decided_alike_whatever_its_parts(loopbaan, name, monkeypatch):
    made = [case(id=f"an {n}") for n in range(4)] + [bram(id=f"bram {n}") for n in range(3)]
    path = WRITERS[name](name, *made)
    whole = loopbaan("decide", path, "--json", "--out", f"whole-{name}")
    monkeypatch.setattr(tables, "PART", 2)
    parts = loopbaan("decide", path, "--json", "--out", f"parts-{name}")
    assert (parts.code, parts.out) == (0, whole.out)
    read = pl.read_parquet if name == "x.parquet" else pl.read_csv
    assert read(f"parts-{name}").equals(read(f"whole-{name}"))


@pytest.mark.parametrize(
    ("slip", "meant"), [("orderd_on", "ordered_on"), ("open_ordr", "open_order")]
)
def test_a_slip_in_the_name_of_a_column_that_may_be_left_out_is_refused(loopbaan, slip, meant):
    path = Path(write_csv("x.csv", case()))
    path.write_text(path.read_text("utf-8").replace(meant, slip, 1), "utf-8")
    said = loopbaan("decide", path)
    assert said.code == 2
    assert said.faults == [f"x.csv: the column {slip!r} is unknown; is it {meant}?"]


def test_letters_of_a_former_age_spoil_their_row_alone_and_are_written_back(loopbaan):
    other = ROW.replace("an,", "caf\xe9,", 1).encode("latin-1")
    Path("x.csv").write_bytes(f"{HEAD}\n{ROW}\n".encode() + other + b"\n")
    said = loopbaan("decide", "x.csv", "--out", "out.csv")
    assert said.code == 2
    assert said.faults == [
        "x.csv, row 3 (caf\\udce9): is not text in UTF-8; save the table as CSV UTF-8"
    ]
    assert b"caf\xe9," in Path("out.csv").read_bytes()
