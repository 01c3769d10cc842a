"""Makes Django ready for a process of ours: settings, database, migrations."""

import os
from importlib import import_module
from typing import Any

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# What is raised when the database does not answer, or goes while it is asked.
_seen: list[bool] = []
GONE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def ready() -> None:
    """Set Django up from the environment. Called once, before any model is imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loopbaan.live.settings")
    django.setup()
    # A command has one thread: one connection, made again at once when it broke, and no pool.
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.settings_dict["CONN_MAX_AGE"] = None


def load(name: str) -> Any:
    """Return a module of this room, for a command.

    A command cannot import one at its top: there are no models before Django is set up, and that
    waits until the command knows which database and which folder are meant.
    """
    ready()
    return import_module(f"loopbaan.live.{name}")


def migrate() -> None:
    """Bring the tables up to date."""
    ready()
    call_command("migrate", interactive=False, verbosity=0)


def has_tables() -> bool:
    """Whether the tables were ever made."""
    ready()
    return "live_order" in connection.introspection.table_names()


def is_current() -> bool:
    """Whether the tables are those of this version; nothing is asked again once they are."""
    if not _seen:
        executor = MigrationExecutor(connection)
        _seen.extend([] if executor.migration_plan(executor.loader.graph.leaf_nodes()) else [True])
    return bool(_seen)


def leave() -> None:
    """Give the connection back, before the database stops."""
    if apps.ready:
        connection.close()
