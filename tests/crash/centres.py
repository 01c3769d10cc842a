"""Run on an installation before it serves: centres with confirmed talks, who claim when told.

Says how many centres there are once everything is confirmed. Then each line that it reads lets
each centre claim one talk more, and it says how many claims that made.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from loopbaan.command import clock
from loopbaan.command.database import opened
from loopbaan.live import ready

PEOPLE, ROUNDS, MINUTES = 30, 5, 48


class Centres:
    """Centres that each guide one worker, in as many talks as there will be rounds."""

    def __init__(self, folder: Path) -> None:
        # Django is ready only now: these are no imports of the top.
        self.scenes = import_module("tests.live.scheme")
        self.scheme = self.scenes.Scheme(folder, clock.now())
        tracks = [self._started(place, voucher) for place, voucher in enumerate(self._vouchers())]
        self.rounds = [
            [self.scheme.confirmed(track, MINUTES) for track in tracks] for _ in range(ROUNDS)
        ]
        self.count = len(tracks)

    def claim(self) -> int:
        """Let each centre claim its next talk."""
        payout = ready.load("payout")
        values = {**self.scheme.moment, "now": clock.now(), "actor": "member:1"}
        return len([payout.claim(talk=talk, **values) for talk in self.rounds.pop()])

    def _vouchers(self) -> list[Any]:
        models = ready.load("models")
        orders = [self.scheme.order(number) for number in range(PEOPLE)]
        self.scheme.decide()
        for order in models.Order.objects.filter(pk__in=[each.pk for each in orders]):
            if order.standing.status == "granted":
                self.scheme.pay(order)
        self.scheme.read_bank()
        return list(models.Voucher.objects.select_related("order").order_by("pk"))

    def _started(self, place: int, voucher: Any) -> Any:
        scheme, by = self.scheme, {"now": self.scheme.now, "actor": "official:claes"}
        recognition, opening = ready.load("recognition"), ready.load("opening")
        base = 10_000_000 + place
        centre = recognition.enter_centre(
            kbo=f"{base:08d}{97 - base % 97:02d}",
            name=f"Centrum {place}",
            iban=self.scenes.invented_iban(base),
            **by,
        )
        since = self.scenes.RECOGNISED
        recognition.recognise(centre=centre, since=since, rulebook=self.scenes.BOOK, **by)
        opening.open_for(order=voucher.order, centre=centre, day=scheme.today, **by)
        return scheme.start(voucher, centre)


def _say(count: int) -> None:
    sys.stdout.write(f"{count}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with opened(with_tables=False):
        ready.migrate()
        centres = Centres(Path(sys.argv[1]))
        _say(centres.count)
        for _line in sys.stdin:
            _say(centres.claim())
