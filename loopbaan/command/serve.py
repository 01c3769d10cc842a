"""`loopbaan serve`: the database, the worker process and the pages, until Ctrl-C."""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from loopbaan.adapters.postgres import NoPostgres, Server
from loopbaan.command.asking import Asker, asker
from loopbaan.command.children import Child, Children, GaveUp
from loopbaan.command.database import ask_state, opened, refuse_without_account
from loopbaan.live import ready

HOST, PORT = "127.0.0.1", 8000
SITE = "LOOPBAAN_SITE"
ANSWER_SECONDS, LOOK_SECONDS = 60.0, 0.5
GAVE_UP = 1
GUNICORN = (
    *("-m", "gunicorn", "loopbaan.web.wsgi:application", "--worker-class", "gthread"),
    *("--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"),
    *("--preload", "--log-level", "warning"),
    *("--logger-class", "loopbaan.web.logs.GunicornLogger"),
    # Whether a proxy is believed is a setting (LOOPBAAN_PROXY), wherever the proxy is.
    "--forwarded-allow-ips=",
)
EPILOG = """\
examples:
  LOOPBAAN_SANDBOX=1 loopbaan serve           an empty scheme to try on this machine: everybody can
                                              log in as anybody, so never where others can come
  LOOPBAAN_ACCOUNT=IBAN:NAME loopbaan serve   a real one; see docs/operating.md
  loopbaan demo                               serves an invented year, with a calendar of its own

Starts the local database, or joins it if it runs; with DATABASE_URL, takes that one.
The tables are brought up to date. What dies is started again, at most 5 times a minute. Ctrl-C
or SIGTERM stops everything that was started. Settings: see loopbaan/live/settings.py.
"""


def run(arguments: Sequence[str]) -> int:
    """Serve until told to stop."""
    parser = asker("serve", __doc__ or "", EPILOG)
    ask_address(parser)
    ask_state(parser)
    asked = parser.parse_args(arguments)
    refuse_without_account(parser)
    stop_on_signals()
    with listening(parser, asked.host, asked.port) as door:
        os.environ.setdefault(SITE, address_of(door))
        with opened(with_tables=False) as server:
            ready.migrate()
            return serve(server, door, greet=lambda: _greet(door))


def ask_address(parser: Asker) -> None:
    """Add the options that say where the pages are served."""
    parser.add_argument("--host", default=HOST, help=f"default: {HOST}")
    parser.add_argument("--port", type=_port, default=PORT, help=f"default: {PORT}; 0: a free one")


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; it is a number up to 65535")
    return int(text)


def stop_on_signals() -> None:
    """Let SIGTERM and a closed terminal end us as Ctrl-C does."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) != signal.SIG_IGN:  # as nohup wants it
            signal.signal(each, signal.default_int_handler)


def listening(parser: Asker, host: str, port: int) -> socket.socket:
    """Return the socket at which the pages are served; it stays open while a child restarts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=511)
    except OSError as error:
        reason = error.strerror or error
        parser.error(f"nothing can be served at {host}, port {port} ({reason}): try --port 0")
        raise AssertionError("the parser ends the process") from error


def address_of(door: socket.socket) -> str:
    """Return the address of the pages."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greet(door: socket.socket) -> bool:
    print(f"loopbaan: {address_of(door)}/  (Ctrl-C stops everything)")
    ready.leave()
    return True


def serve(
    server: Server, door: socket.socket, *, greet: Callable[[], bool], logs: Path | None = None
) -> int:
    """Run the worker process and the pages; once they answer, greet, and end if that fails."""
    bind = f"fd://{door.fileno()}"
    web = Child("web", (*GUNICORN, "--bind", bind), (door.fileno(),), _log(logs, "web"))
    worker = Child("worker", ("-m", "loopbaan", "work"), (), _log(logs, "work"))
    try:
        with Children(web, worker) as children:
            _wait_for_answer(door, children)
            if not greet():
                return GAVE_UP
            sys.stdout.flush()
            while True:
                _keep(server)
                children.watch()
                time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        print("\nloopbaan: stopped", file=sys.stderr)
        return 0
    except GaveUp as error:
        print(f"loopbaan: {error}", file=sys.stderr)
        return GAVE_UP


def _log(folder: Path | None, name: str) -> Path | None:
    return folder / f"{name}.log" if folder else None


def _wait_for_answer(door: socket.socket, children: Children) -> None:
    """Wait until a page answers; whatever it says, the web process is there."""
    host, port = door.getsockname()[:2]
    known = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (not bound to: asked)
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        connection = http.client.HTTPConnection(known.get(host, host), port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise GaveUp("the pages do not answer") from None
            children.watch()
            time.sleep(0.02)
        finally:
            connection.close()


def _keep(server: Server) -> None:
    """Bring the database back if it has gone; while it cannot come, the pages say so."""
    try:
        server.start()
    except NoPostgres as error:
        print(f"loopbaan: {error}", file=sys.stderr)
