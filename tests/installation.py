"""A whole installation for a test: `loopbaan serve` as people start it, with a state of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from zoneinfo import ZoneInfo

from loopbaan.adapters import leash
from loopbaan.command import clock

ROOT = Path(__file__).parents[1]
# A day on which the law has no cap: who may order, gets a voucher.
OPENS = datetime(2025, 2, 10, 10, tzinfo=ZoneInfo("Europe/Brussels"))
PATIENCE_SECONDS = 60.0


@dataclass
class Installation:
    """An installation at a fixed address. What `serve` says, and its children, is in `log`."""

    folder: Path
    port: int
    offset: float
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def environ(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        ours.pop("LOOPBAAN_SITE", None)
        return ours | {
            "LOOPBAAN_STATE": str(self.state),
            "LOOPBAAN_SANDBOX": "1",
            "LOOPBAAN_OFFSET": str(self.offset),
            "LOOPBAAN_PEOPLE": "200",
        }

    def start(self) -> None:
        """Start serving; at return the pages answer."""
        # On a leash: it ends when the tests do, even if they are killed.
        words = ("-m", "loopbaan", "serve", "--port", str(self.port))
        with self.log.open("ab") as told:
            self.process = subprocess.Popen(
                leash.command("", ROOT, Path(sys.executable), *words),
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
        self.wait_until_it_answers()

    def stop(self) -> None:
        """Stop as Ctrl-C does, with everything that was started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            finally:
                self.process.kill()
                self.process.wait()
                self.process = None

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None, "it was not started"
            assert self.process.poll() is None, self.log.read_text("utf-8")
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"no answer:\n{self.log.read_text('utf-8')}")

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, HTTPException), closing(connection):
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        return False

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on this installation."""
        return subprocess.run(
            (sys.executable, "-m", "loopbaan", *words),
            cwd=ROOT,
            env=self.environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


@contextmanager
def installation(opens: datetime = OPENS) -> Iterator[Installation]:
    """Make an installation that is empty and whose clock begins at a moment; not started yet."""
    # Open to look into, so that the database finds its place in it even if we are root.
    folder = Path(tempfile.mkdtemp(prefix="loopbaan-serves-")).resolve()
    folder.chmod(0o755)
    made = Installation(folder, _free_port(), (opens - clock.now()).total_seconds())
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port
