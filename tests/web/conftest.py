"""Pages on a scheme of their own, on a day that stands still."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopbaan.live import parties
from loopbaan.web import clock
from tests.live.scheme import Scheme, unclean
from tests.web.scene import Scene


@pytest.fixture
def scheme(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Scheme]:
    """A scheme whose clock is that of the pages, and whose parties are those of the pages."""
    assert db is None
    made = Scheme(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    settings.ACCOUNT_IBAN, settings.ACCOUNT_NAME = made.bank.account.iban, "Zandbak"
    for name, party in (("mailbox", made.mailbox), ("bank", made.bank)):
        monkeypatch.setattr(parties, name, lambda party=party: party)
    yield made
    assert unclean() == {}


@pytest.fixture
def scene(scheme: Scheme) -> Scene:
    """A day on which a lot has happened."""
    return Scene(scheme).set()
