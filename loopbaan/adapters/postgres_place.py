"""Where a local PostgreSQL lives, and as whom it runs.

An ordinary user runs it herself, in her own state folder. Root may not: there the owner of the data
does, if there are data; else the user `postgres`, else `nobody`. What that user cannot reach (in a
home that is closed to others) is placed in the system's state folder, and a sentence says so. The
mode of a folder is only set where we made it.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from loopbaan.adapters import leash

SYSTEM_STATE = Path("/var/lib/loopbaan")
ORDINARY_USERS = ("postgres", "nobody")
SOCKET_NAME = ".s.PGSQL.5432"
MOST_SOCKET_BYTES = 100  # the kernel takes 107


class NoPostgres(RuntimeError):
    """There is no database; the message says why, and what helps."""


class Away(NoPostgres):
    """There is one, and it does not answer now."""


@dataclass(frozen=True)
class Place:
    """Where a server lives. `user` runs it where we are root; `said` is what was put elsewhere."""

    home: Path
    bindir: Path
    user: str = ""
    said: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        """The folder with the rows."""
        return self.home / "data"

    @property
    def tag(self) -> str:
        """What every process of the server carries in its title."""
        return f"loopbaan-{_digest(self.home)}"

    @property
    def short_folder(self) -> Path:
        """Where the socket is if the path of the home is too long for one."""
        return Path(tempfile.gettempdir()) / self.tag

    def command(self, program: str, *arguments: str | Path) -> tuple[str, ...]:
        """Return the words that run one of the binaries, on a leash, as the server's user."""
        return leash.command(self.user, self.home, self.bindir / program, *arguments)

    def make(self) -> None:
        """Make the home, with nothing in it that others can read."""
        if not self.home.exists():
            _make_open(self.home)
        elif not os.access(self.home, os.W_OK):
            raise NoPostgres(f"{self.home} belongs to someone else: set DATABASE_URL")

    def socket_folder(self) -> Path:
        """Return a folder for the socket that only the server's user enters, with a short path."""
        folder = self.home / "socket"
        length = len(os.fsencode(folder / SOCKET_NAME))
        # A comma would be two addresses to whoever connects.
        if length > MOST_SOCKET_BYTES or "," in str(folder):
            folder = self.short_folder
        self.own(folder)
        return folder

    def own(self, folder: Path) -> None:
        """Make a folder of the server's user; one that is there must be just that."""
        entry = pwd.getpwnam(self.user) if self.user else None
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if entry:
                os.chown(folder, entry.pw_uid, entry.pw_gid)
        seen = folder.lstat()
        owner = entry.pw_uid if entry else os.geteuid()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != owner or seen.st_mode & 0o077:
            raise NoPostgres(f"{folder} is not a folder of the server alone: move it away")


def find_place(bindir: Path, state: Path, environ: Mapping[str, str]) -> Place:
    """Return where the server of a state folder lives; what has to be made for that is made.

    Raises:
        NoPostgres: there is no place, or no user to run it.

    """
    state = state.resolve()
    place = Place(state / "postgres", bindir, ordinary_user(state / "postgres" / "data"))
    with suppress(OSError):
        _make_open(state)
    if not _is_open(place, state):
        elsewhere = _system_state(environ) / _digest(state)
        said = f"{state} is closed to {place.user or 'this user'}: the database is in {elsewhere}"
        home = elsewhere / "postgres"
        place = Place(home, bindir, ordinary_user(home / "data"), (said,))
        _make_open(elsewhere)
    fault = _fault(place, place.home.parent) if place.user else 0
    if fault == leash.PROGRAM_SHUT:
        copied = _copied(bindir)
        said = f"{bindir} is closed to {place.user}: a copy is in {copied.parent}"
        place = replace(place, bindir=copied, said=(*place.said, said))
        fault = _fault(place, place.home.parent)
    if fault:
        raise NoPostgres(
            f"the user {place.user} cannot run {place.bindir / 'postgres'} in {place.home}:"
            " set DATABASE_URL, or start as an ordinary user"
        )
    place.make()
    return place


def ordinary_user(data: Path | None = None) -> str:
    """Return who runs the server, if we are root; else nothing.

    Raises:
        NoPostgres: no such user has an entry among the users of this machine.

    """
    if os.geteuid() != 0:
        return ""
    owner = data.stat().st_uid if data and data.exists() else 0
    with suppress(KeyError):
        if owner:
            return pwd.getpwuid(owner).pw_name
    for name in ORDINARY_USERS:
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _system_state(environ: Mapping[str, str]) -> Path:
    if os.geteuid() == 0:
        return SYSTEM_STATE
    home = environ.get("XDG_STATE_HOME") or f"{environ.get('HOME', '')}/.local/state"
    return Path(home) / "loopbaan"


def _is_open(place: Place, state: Path) -> bool:
    if not os.access(place.home if place.home.exists() else state, os.W_OK | os.X_OK):
        return False
    return not place.user or _fault(place, state) != leash.FOLDER_SHUT


def _fault(place: Place, folder: Path) -> int:
    # Tried, not reckoned: modes, lists of access and mounts all have a say.
    words = leash.command(place.user, folder, place.bindir / "postgres", "-V")
    return subprocess.run(words, check=False, capture_output=True).returncode


def _make_open(folder: Path) -> None:
    # Others pass through, for the server is one of them, but see nothing.
    if not folder.exists():
        _make_open(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            if os.geteuid() == 0:
                folder.chmod(0o711)


def _copied(bindir: Path) -> Path:
    # Of the wheel: its package, and the libraries that stand beside it.
    package = bindir.parent.parent
    binary = (bindir / "postgres").stat()
    target = SYSTEM_STATE / f"binaries-{_digest(bindir, binary.st_size, binary.st_mtime_ns)}"
    if not target.exists():
        _make_open(SYSTEM_STATE)
        part = Path(tempfile.mkdtemp(dir=SYSTEM_STATE))
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, part / folder.name)
        for path in (part, *part.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
        try:
            part.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(part)
    return target / bindir.relative_to(package.parent)


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode(errors="replace")).hexdigest()[:12]
