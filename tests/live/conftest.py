"""A scheme of its own for each test, and the books looked at after each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from loopbaan.law import rulebook
from tests.live import scheme as scenes
from tests.live.scheme import Scheme, unclean


@pytest.fixture
def scheme(db: None, tmp_path: Path) -> Iterator[Scheme]:
    """A scheme whose rows are never committed."""
    assert db is None
    yield Scheme(tmp_path)
    assert unclean() == {}


@pytest.fixture
def committed(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Scheme]:
    """A scheme whose rows are committed, for several connections at once."""
    assert django_db_setup is None
    with django_db_blocker.unblock():
        try:
            yield Scheme(tmp_path)
            assert unclean() == {}
        finally:
            _empty()


@pytest.fixture
def small_cap(monkeypatch: pytest.MonkeyPatch) -> int:
    """The law as it is, but with ten places in a capped month, so that few workers fill it."""
    book = rulebook.current()
    content = {**book.content, "numbers": {**book.content["numbers"]}}
    cap = content["numbers"]["cap_per_month"]
    lines = [line | {"value": 10 if line["value"] else None} for line in cap["lines"]]
    content["numbers"]["cap_per_month"] = cap | {"lines": lines}
    small = rulebook.Rulebook("0" * 64, content, rulebook.numbers_of(content))
    monkeypatch.setattr(scenes, "BOOK", small)
    return 10


def _empty() -> None:
    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("live").get_models())
    with connection.cursor() as cursor:
        # What is append-only is emptied here alone, with its triggers asleep.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")
