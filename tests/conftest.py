"""The database of the tests: a server of our own, started when the first test asks for it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

from loopbaan.adapters import postgres

# A machine that is busy breaks no property.
examples.register_profile("patient", examples.default, deadline=None)
examples.load_profile("patient")


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of a server that ends with the tests."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with postgres.server(Path(os.environ["LOOPBAAN_STATE"])) as server:
        yield server.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Point Django to that server."""
    named = postgres.settings(database_url)
    settings = connections["default"].settings_dict
    options = {**settings["OPTIONS"], **named.pop("OPTIONS")}
    options.pop("pool")  # so that each thread of a race has a connection of its own
    settings.update(named, OPTIONS=options)
    # On a server that was given, those who test side by side have a database each.
    settings["TEST"]["NAME"] = (
        f"test_{named['NAME']}_{os.environ.get('PYTEST_XDIST_WORKER', 'all')}"
    )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the database of the tests, also where only tests ask for it that commit their rows."""
    assert django_test_environment is django_db_modify_db_settings is None
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set()
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def pytest_unconfigure() -> None:
    """Take the state folder of the tests away."""
    shutil.rmtree(os.environ["LOOPBAAN_STATE"], ignore_errors=True)
