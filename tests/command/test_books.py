"""`loopbaan books` and `loopbaan export`: what holds, what does not, and what may leave."""

import csv
import json
from pathlib import Path

import pytest

from loopbaan.adapters.cast import CAST
from loopbaan.adapters.insz import written
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.command import export
from loopbaan.live import settings
from loopbaan.live.leaving import LEAVING
from tests.command.scheme import Installed


def test_the_books_of_a_filled_demo_are_clean(copy: Installed) -> None:
    said = copy.run("books")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[-1] == "books: every invariant holds"
    assert len(lines) > 10
    assert all(line.startswith(("ok ", "warning ")) for line in lines[:-1])


def test_the_demo_is_found_by_its_folder_whatever_the_environment_says(
    demo: Installed, folder: Path
) -> None:
    elsewhere = Installed(folder / "state")
    said = elsewhere.run("books", "--state", demo.state, LOOPBAAN_SANDBOX="0")
    assert (said.code, said.out.splitlines()[-1]) == (0, "books: every invariant holds")
    assert elsewhere.run("export", "out", "--state", demo.state).code == 0
    assert not elsewhere.state.exists()
    found = elsewhere.run("lab", "twin", "out")
    assert found.code == 0
    assert "decisions taken again" in found.out
    said = elsewhere.run("books")
    assert (said.code, said.out) == (2, "")
    assert "that of the demo is found with --state .demo" in said.err


@pytest.mark.parametrize(
    ("breaks", "names"),
    [
        (
            """UPDATE live_standing SET status = 'withdrawn' WHERE order_id =
            (SELECT max(order_id) FROM live_standing WHERE status = 'issued')
            RETURNING 'bestelling ' || order_id""",
            "where an order stands is what the journal says last",
        ),
        (
            """DELETE FROM live_voucher WHERE id = (SELECT min(id) FROM live_voucher)
            RETURNING 'betaling ' || (SELECT l.id FROM live_statementline l
                JOIN live_paymentrequest r ON r.id = l.request_id
                WHERE l.match = 'exact' AND r.order_id = live_voucher.order_id)""",
            "a voucher for each exact payment, and no more",
        ),
        (
            """UPDATE live_place p SET order_id = NULL FROM (
                SELECT min(order_id) AS freed FROM live_place) q
            WHERE p.order_id = q.freed RETURNING 'bestelling ' || q.freed""",
            "every order granted in a planned month stands in a place, or stood before the cap",
        ),
        (
            """DELETE FROM live_payoutline WHERE id = (SELECT max(id) FROM live_payoutline
                WHERE payout_id IS NOT NULL) RETURNING 'betaling ' || payout_id""",
            "every payment is the sum of its claims, and each claim is its centre's",
        ),
    ],
)
def test_a_row_that_breaks_an_invariant_is_named(copy: Installed, breaks: str, names: str) -> None:
    ((row,),) = copy.do(breaks)
    said = copy.run("books")
    assert said.code == 1
    assert f"NOT ok  {names}\n        {row}\n" in said.out
    assert "invariants broken" in said.out.splitlines()[-1]


def test_a_database_without_tables_is_told(copy: Installed) -> None:
    copy.do("DROP TABLE live_order CASCADE")
    for words in (("books",), ("export", "out")):
        said = copy.run(*words)
        assert (said.code, said.out) == (2, "")
        assert "no tables" in said.err
    assert not Path("out").exists()


def test_tables_of_an_older_version_are_told_and_can_be_kept(copy: Installed) -> None:
    copy.do("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    for words in (("books",), ("export", "out"), ("work", "--once")):
        said = copy.run(*words)
        assert (said.code, said.out) == (2, "")
        assert "are of an older version" in said.err
    assert copy.run("backup", "before.dump").code == 0


def test_what_is_exported_tells_everything_but_who(copy: Installed) -> None:
    said = copy.run("export", "out")
    assert (said.code, said.err) == (0, "")
    files = {path.name: path.read_text("utf-8") for path in Path("out").iterdir()}
    tables = {"orders", "decisions", "facts", *(each.name for each in LEAVING.values())}
    assert set(files) == {"csv-metadata.json", *(f"{name}.csv" for name in tables)}
    rows = {name: list(csv.DictReader(text.splitlines())) for name, text in files.items()}
    counts = copy.count("order"), copy.count("decision"), copy.count("decision")
    assert tuple(len(rows[f"{name}.csv"]) for name in ("orders", "decisions", "facts")) == counts
    assert {row["outcome"] for row in rows["decisions.csv"]} >= {"granted", "refused"}
    described = json.loads(files["csv-metadata.json"])["tables"]
    for table in described:
        columns = [column["name"] for column in table["tableSchema"]["columns"]]
        assert next(csv.reader(files[table["url"]].splitlines())) == columns
    people = SandboxRegisters(settings.SANDBOX_SEED, settings.SANDBOX_PEOPLE)
    numbers = [*(each.insz for each in CAST), *people.people(0, people.count)]
    names = [str(value) for row in copy.do("SELECT name, email FROM live_worker") for value in row]
    everything = "\n".join(files.values())
    known = [*numbers, *map(written, numbers), *names, *(each.family_name for each in CAST)]
    assert len(names) > 40
    assert [each for each in known if each in everything] == []


def test_an_export_is_whole_or_not_at_all(copy: Installed, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    said = copy.run("export", "full")
    assert said.code == 2
    assert "holds something" in said.err
    assert [path.name for path in Path("full").iterdir()] == ["mine"]
    with pytest.raises(ZeroDivisionError):
        _interrupted(tmp_path / "out" / "deep")
    assert list((tmp_path / "out").iterdir()) == []
    (tmp_path / "empty").mkdir()
    assert copy.run("export", "empty").code == 0
    assert len(list(Path("empty").iterdir())) == 4 + len(LEAVING)


def _interrupted(folder: Path) -> None:
    with export._whole(folder) as part:
        (part / "orders.csv").write_text("half")
        raise ZeroDivisionError
