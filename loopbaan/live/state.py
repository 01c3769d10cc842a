"""What an installation keeps outside the database: its keys, and how the database is reached."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loopbaan.adapters import postgres


def folder(environ: Mapping[str, str]) -> Path:
    """Return the state folder: of the local database, the mail and the keys."""
    return Path(environ.get("LOOPBAAN_STATE", "state")).resolve()


def secret(state: Path, name: str) -> str:
    """Return a secret of this installation, made on first use and readable by its owner only."""
    path = state / "keys" / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        # A link fails if another process was first; then its secret is the one that counts.
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii").strip()


def account(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return IBAN and name of the account of the scheme, empty where nobody named them.

    In the sandbox it is one that no bank has.
    """
    invented = "BE85539000201306:Loopbaancheque zandbak"
    otherwise = invented if environ.get("LOOPBAAN_SANDBOX") == "1" else ""
    iban, _, name = environ.get("LOOPBAAN_ACCOUNT", otherwise).partition(":")
    return iban, name


def database(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings for the database that DATABASE_URL names, with a pool."""
    named = postgres.settings(environ.get("DATABASE_URL", "postgresql:///loopbaan"))
    pool = {"min_size": 1, "max_size": 20, "timeout": 10}
    options = {**named["OPTIONS"], "pool": pool}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
