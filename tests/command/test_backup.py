"""The drill: a backup is made, the database destroyed, the backup put back, the books are clean."""

import stat
from pathlib import Path

import psycopg
import pytest

from tests.command.scheme import Installed


def _contents(copy: Installed) -> dict[str, object]:
    """Return what is in the tables; that a backup was put back stands in the journal."""
    rows = copy.do(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'live_journalline' ORDER BY 1"
    )
    words = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM"
    return {str(name): copy.do(f"{words} {name} t") for (name,) in rows}


def _destroy(copy: Installed) -> None:
    copy.do("DROP SCHEMA public CASCADE")
    copy.do("CREATE SCHEMA public")


def test_backup_destroy_restore_and_the_books_are_clean(copy: Installed, tmp_path: Path) -> None:
    file, before = tmp_path / "all.backup", _contents(copy)
    said = copy.run("backup", file)
    assert (said.code, said.err) == (0, "")
    assert "the keys are not in it" in said.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".backup"] == ["all.backup"]
    _destroy(copy)
    assert copy.run("books").code == 2
    said = copy.run("restore", file)
    assert (said.code, said.err) == (0, ""), said.out
    assert said.out.splitlines()[-1] == "books: every invariant holds"
    assert _contents(copy) == before
    noted = copy.do("SELECT act, actor FROM live_journalline ORDER BY id DESC LIMIT 1")
    assert noted == [("restore", "system")]
    assert copy.run("books").code == 0
    # What may only be appended still may not be changed.
    with pytest.raises(psycopg.errors.RestrictViolation):
        copy.do("UPDATE live_journalline SET act = 'x'")


def test_no_number_that_went_out_after_the_backup_is_given_again(
    copy: Installed, tmp_path: Path
) -> None:
    assert copy.run("backup", tmp_path / "all").code == 0
    copy.order(3)
    ((last,),) = copy.do("SELECT max(id) FROM live_order")
    assert copy.run("restore", tmp_path / "all", "--replace").code == 0
    copy.order(1)
    ((following,),) = copy.do("SELECT max(id) FROM live_order")
    assert isinstance(last, int)
    assert isinstance(following, int)
    assert last + 100_000 < following


def test_a_backup_goes_over_what_is_there_only_if_asked(copy: Installed, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    assert copy.run("backup", file).code == 0
    assert copy.run("backup", file).code == 2, "nothing is written over"
    before = _contents(copy)
    copy.order(3)
    said = copy.run("restore", file)
    assert said.code == 2
    assert "--replace" in said.err
    assert _contents(copy) != before
    with psycopg.connect(copy.url):
        said = copy.run("restore", file, "--replace")
        assert said.code == 2
        assert "stop the pages" in said.err
    said = copy.run("restore", file, "--replace")
    assert (said.code, said.err) == (0, ""), said.out
    assert _contents(copy) == before


def test_a_backup_goes_over_tables_that_it_does_not_know(copy: Installed, tmp_path: Path) -> None:
    assert copy.run("backup", tmp_path / "all").code == 0
    before = _contents(copy)
    # As a newer version leaves it: a table that points at one of the backup, a type, a function.
    copy.do("CREATE TABLE newer (centre_id bigint REFERENCES live_centre (id))")
    copy.do("INSERT INTO newer SELECT id FROM live_centre")
    copy.do("CREATE TYPE kind AS ENUM ('a')")
    said = copy.run("restore", tmp_path / "all", "--replace")
    assert (said.code, said.err) == (0, ""), said.out
    assert _contents(copy) == before


def test_what_is_no_backup_or_half_of_one_changes_nothing(copy: Installed, tmp_path: Path) -> None:
    before = _contents(copy)
    (tmp_path / "other").write_text("something else")
    for name in ("other", "gone"):
        said = copy.run("restore", tmp_path / name, "--replace")
        assert said.code == 2
        assert "is no backup" in said.err
    assert copy.run("backup", tmp_path / "whole").code == 0
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    said = copy.run("restore", tmp_path / "half", "--replace")
    assert said.code == 2
    assert "pg_restore could not" in said.err
    assert _contents(copy) == before


def test_a_backup_whose_keys_are_elsewhere_is_told(copy: Installed, tmp_path: Path) -> None:
    assert copy.run("backup", tmp_path / "all").code == 0
    (copy.state / "keys" / "insz.key").unlink()
    said = copy.run("restore", tmp_path / "all", "--replace")
    assert said.code == 1
    assert "put back the folder `keys`" in said.err
