"""A copy of a whole database in one file, and back: by the programs that come with PostgreSQL."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from loopbaan.adapters.postgres_binaries import DISTRIBUTIONS, Source, find_source
from loopbaan.adapters.postgres_place import NoPostgres

MARK = b"PGDMP"  # how such a file begins
PLAIN = ("--no-owner", "--no-privileges")
OVER = b"""BEGIN;
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""


def save(url: str, file: Path, source: Source) -> int:
    """Write the database at an address to a new file, as of one moment; return its bytes.

    The file is whole and on the disk, or it is not there. Only its owner can read it.

    Raises:
        NoPostgres: the program is missing, or says that it cannot.

    """
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _run(source, "pg_dump", url, "--format=custom", *PLAIN, written=out.fileno())
            out.flush()
            os.fsync(out.fileno())
        # A link fails if there is such a file by now: nothing is written over.
        file.hardlink_to(part)
        return file.stat().st_size
    finally:
        part.unlink(missing_ok=True)


def bring_back(url: str, file: Path, source: Source, *, replace: bool) -> None:
    """Bring the database of a file back to an address: all of it or nothing.

    Raises:
        NoPostgres: the program is missing, or says that it cannot; then nothing has changed.

    """
    if replace:
        _put_over(url, file, source)
        return
    whole = ("--single-transaction", "--exit-on-error")
    _run(source, "pg_restore", url, *whole, *PLAIN, str(file))


def _put_over(url: str, file: Path, source: Source) -> None:
    """Put a copy in the place of all that is there, also of what a newer version made.

    `pg_restore --clean` drops what it knows, and stops at a newer table that points at one of
    those. So its script is run after all is dropped, and committed once it was whole.
    """
    words, environ = _reached(url)
    script = (str(_found(source, "pg_restore")), "--file=-", *PLAIN, str(file))
    psql = (str(_found(source, "psql")), *words, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with (
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as read,
        subprocess.Popen(
            psql,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environ,
        ) as write,
    ):
        assert read.stdout is not None
        assert write.stdin is not None
        with suppress(BrokenPipeError), write.stdin as into:  # psql says why below
            into.write(OVER)
            shutil.copyfileobj(read.stdout, into)
            if read.wait() == 0:
                into.write(b"COMMIT;\n")
        read.stdout.close()  # who still writes to it, ends
        said = [each.stderr.read() for each in (read, write) if each.stderr is not None]
        if read.wait() > 0:
            raise _failed("pg_restore", said[0])
        if write.wait() or read.returncode:
            raise _failed("psql", said[1])


def is_copy(file: Path) -> bool:
    """Whether a file looks like one that `save` wrote."""
    with file.open("rb") as read:
        return read.read(len(MARK)) == MARK


def _run(source: Source, name: str, url: str, *words: str, written: int | None = None) -> None:
    reached, environ = _reached(url)
    done = subprocess.run(
        (str(_found(source, name)), *reached, *words),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if written is None else written,
        stderr=subprocess.PIPE,
        env=environ,
    )
    if done.returncode:
        raise _failed(name, done.stderr)


def _reached(url: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the words and the environment by which a program reaches a database."""
    known = conninfo_to_dict(url)
    # A password on a command line is read by everybody on the machine.
    password = known.pop("password", None)
    environ = {each: value for each, value in os.environ.items() if not each.startswith("PG")}
    environ |= {"PGPASSWORD": str(password)} if password else {}
    return (f"--dbname={make_conninfo('', **known)}", "--no-password"), environ


def _failed(name: str, stderr: bytes) -> NoPostgres:
    said = stderr.decode("utf-8", "replace").strip().splitlines()
    return NoPostgres(f"{name} could not: {said[0][:300] if said else 'it says no reason'}")


def _found(source: Source, name: str) -> Path:
    """Return a program: that of our own server, or for one at an address the newest here."""
    places = [source.bindir] if source.kind != "url" else list(_places(os.environ))
    for place in places:
        if (place / name).is_file():
            return place / name
    raise NoPostgres(f"there is no {name} here: install the client programs of PostgreSQL")


def _places(environ: Mapping[str, str]) -> Iterator[Path]:
    found = [place for pattern in DISTRIBUTIONS for place in Path("/").glob(pattern)]
    yield from sorted(found, key=_version, reverse=True)
    on_path = shutil.which("pg_dump", path=environ.get("PATH", ""))
    if on_path:
        yield Path(on_path).parent
    yield find_source({**environ, "DATABASE_URL": ""}).bindir


def _version(place: Path) -> int:
    digits = re.search(r"\d+", str(place))
    return int(digits[0]) if digits else 0
