"""Every check, one after the other: each is timed, all run, and the exit code says the truth."""

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PYTHON = sys.executable
BIN = Path(PYTHON).parent
PARTS: Mapping[str, Sequence[str]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "lint": (PYTHON, "-m", "ruff", "check", "."),
    "types": (PYTHON, "-m", "mypy"),
    "imports": (str(BIN / "lint-imports"), "--no-logo"),
    "tests": (PYTHON, "-m", "pytest"),
}


def main(parts: Mapping[str, Sequence[str]] = PARTS) -> int:
    """Run the parts, print what each took, and return 0 only if all of them passed."""
    started = time.perf_counter()
    rows = [(name, *_run(name, command)) for name, command in parts.items()]
    print("\ncheck")
    for name, seconds, passed in rows:
        print(f"  {name:<10}{seconds:7.1f} s  {'passed' if passed else 'FAILED'}")
    print(f"  {'total':<10}{time.perf_counter() - started:7.1f} s")
    return 0 if rows and all(passed for _, _, passed in rows) else 1


def _run(name: str, command: Sequence[str]) -> tuple[float, bool]:
    # Flushed, so that a pipe shows the heading above what the part prints.
    print(f"\n--- {name}", flush=True)
    started = time.perf_counter()
    found = shutil.which(command[0]) is not None
    passed = found and subprocess.run(command, check=False).returncode == 0
    return time.perf_counter() - started, passed


if __name__ == "__main__":
    sys.exit(main())
