"""The files of the house, as its tests look at them."""

import ast
import functools
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@functools.cache
def kept() -> tuple[str, ...]:
    """Every file that is committed, or would be, as a path from the root."""
    # safe.directory: a checkout that belongs to someone else, as in a container, is read as well.
    listed = subprocess.run(
        ("git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    names = tuple(sorted({name for name in listed if name and (ROOT / name).is_file()}))
    assert "pyproject.toml" in names, "the house was not found"
    return names


def python(*places: str) -> tuple[str, ...]:
    """The Python files under these places, or all of them."""
    under = tuple(f"{place}/" for place in places)
    # What writes itself, as migrations do, is not read by these tests.
    written = (name for name in kept() if name.endswith(".py") and "/migrations/" not in name)
    found = tuple(name for name in written if not under or name.startswith(under))
    assert found, f"no Python file under {places}"
    return found


@functools.cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text("utf-8"), name)


@functools.cache
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
