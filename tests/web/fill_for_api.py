"""Run on an installation: a centre with a key, a started voucher, talks, and one to be started.

Says as JSON what its software knows: the key, and the numbers of the voucher that can be started.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from loopbaan.command.database import opened
from loopbaan.live import ready


def fill(folder: Path) -> dict[str, str]:
    """Fill the database of this environment, and return the key and the numbers."""
    # Django is ready only once the database is known: until then there are no models to import.
    payout = ready.load("payout")
    scheme = import_module("tests.live.scheme").Scheme(folder, datetime(2025, 2, 8, 9, tzinfo=UTC))
    track = scheme.started("an")
    scheme.location()
    scheme.talk(track, 20)
    for minutes in (30, 60):
        talk = scheme.confirmed(track, minutes)
    payout.claim(talk=talk, actor="member:1", **scheme.moment)
    scheme.now += timedelta(days=1)  # the bank closes a day once
    voucher = scheme.opened("mathieu")
    _token, text = scheme.key(days=300)
    return {"key": text, "number": voucher.number, "client_number": voucher.client_number}


if __name__ == "__main__":
    with opened():
        sys.stdout.write(json.dumps(fill(Path(sys.argv[1]))))
