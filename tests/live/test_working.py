"""A round of the worker process: what one step meets stops no other."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from loopbaan.live import working
from loopbaan.live.models import OutboxRow
from tests.live.scheme import Scheme


def _break(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    def broken(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(working, name, broken)


@pytest.mark.parametrize("name", ["decide_received", "lapse_unpaid", "lapse_unstarted"])
def test_a_fault_of_ours_is_told_and_mail_leaves_all_the_same(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scheme.granted()
    _break(monkeypatch, name, KeyError("85.07.30-033.28"))
    done = scheme.work()
    assert done.told == 1
    assert not OutboxRow.objects.filter(due_at__lte=scheme.now, done_at=None).exists()
    assert done.trouble.startswith("a fault of ours in ")
    assert "KeyError at test_working.py" in done.trouble or "KeyError at working.py" in done.trouble
    assert "85.07" not in done.trouble


def test_a_deadlock_is_met_by_its_own_step_alone(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme.granted()
    _break(monkeypatch, "decide_received", OperationalError("deadlock detected"))
    assert scheme.work().told == 1


def test_without_a_database_the_round_ends(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, "decide_received", OperationalError("gone"))
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError, match="gone"):
        scheme.work()


def test_only_what_a_file_names_is_looked_up(
    scheme: Scheme, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        scheme.bank.report(scheme.today)
        scheme.go_on(1)
    with django_assert_max_num_queries(30) as asked:
        scheme.work()
    statements = [each["sql"] for each in asked if 'FROM "live_statement"' in each["sql"]]
    assert statements
    assert all("MAX(" in sql or " IN (" in sql or "LIMIT 1" in sql for sql in statements)
