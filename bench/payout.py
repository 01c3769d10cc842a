"""The figures of the second half: a batch that pays, a voucher that starts, a long statement."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client

from bench.measure import Figure, ratio, seconds
from loopbaan.law import rulebook
from loopbaan.live import ready

CENTRES, CLAIMS, TIMES, STARTS = 50, 5_000, 10, 30
MOST_STARTS = 18 * STARTS  # each trial uses its own, and a wide spread is measured again
DAY, NOW = date(2025, 4, 1), datetime(2025, 4, 1, 8, tzinfo=UTC)
BOOK = rulebook.current()
CLAIM = {
    "kind": "talk",
    "minutes": 60,
    "millicents_per_hour": 15_000_000,
    "vat_percent": 21,
    "fee_cents": 15_000,
    "vat_cents": 3_150,
    "worker_cents": 0,
    "employer_cents": 0,
    "sector_fund_cents": 0,
    "union_cents": 0,
    "government_cents": 18_150,
}
_NOTE = """
INSERT INTO live_journalline (at, actor, subject, subject_id, before, act, after, ground)
VALUES (%s, 'member:1', 'bare', %s, '', 'start', 'started', '')
"""


def figures() -> Iterator[Figure]:
    """Fill an empty scheme with centres, vouchers and claims, and measure.

    One centre has as many claims as all others together. A batch and a statement are measured
    with a tenth of the claims first.
    """
    models = ready.load("models")
    visitor = Client(SERVER_NAME="127.0.0.1")
    visitor.post("/aanmelden", {"member": "lieve"})
    long = models.Centre.objects.order_by("pk")[0]
    others = models.Centre.objects.bulk_create(
        models.Centre(kbo=f"{number:010d}", name=f"Centrum {number}", vat="liable", iban=long.iban)
        for number in range(CENTRES)
    )
    vouchers = _vouchers(models)
    yield _starting(models, long, vouchers[CENTRES + 1 :])
    tracks = models.Track.objects.bulk_create(
        models.Track(voucher=voucher, centre=centre, began_on=DAY)
        for voucher, centre in zip(vouchers, (long, *others), strict=False)
    )
    _claim(models, tracks, CLAIMS // TIMES)
    small, short = _paying(models), _reading(models, visitor, long)
    _claim(models, tracks, CLAIMS - CLAIMS // TIMES)
    great, whole = _paying(models), _reading(models, visitor, long)
    name = f"{2 * CLAIMS:,} claims into a batch / bare insert of its rows"
    yield ratio(name, great, "batch", "bare", 4)
    both = {"great": great["batch"], "small": small["batch"]}
    yield ratio(f"a batch of {TIMES} x claims", both, "great", "small", 12)
    name = f"statement of {CLAIMS:,} claims as a table / reading and writing them bare"
    yield ratio(name, whole, "table", "bare", 4)
    both = {"whole": whole["table"], "short": short["table"]}
    yield ratio(f"a statement of {TIMES} x claims", both, "whole", "short", 12)


def _vouchers(models: Any) -> list[Any]:
    """Issue vouchers that nobody started, each to somebody else."""
    many = CENTRES + 1 + MOST_STARTS
    workers = models.Worker.objects.bulk_create(
        models.Worker(insz_key="", insz_cipher=b"", insz_lookup=uuid4().bytes, name="")
        for _ in range(many)
    )
    orders = models.Order.objects.bulk_create(
        models.Order(worker=each, received_at=NOW, ordered_on=DAY, idempotency_key=uuid4())
        for each in workers
    )
    models.Standing.objects.bulk_create(
        models.Standing(order=each, worker=each.worker, status="issued", since=NOW)
        for each in orders
    )
    made: list[Any] = models.Voucher.objects.bulk_create(
        models.Voucher(
            order=each,
            number=f"{place:014d}",
            client_number="1",
            minutes=240,
            issued_on=DAY,
            start_by=DAY + timedelta(days=90),
        )
        for place, each in enumerate(orders)
    )
    return made


def _starting(models: Any, centre: Any, vouchers: Sequence[Any]) -> Figure:
    """Check and start vouchers, against one bare transaction each that takes and notes it."""
    guidance, opening = ready.load("guidance"), ready.load("opening")
    models.Opening.objects.bulk_create(
        models.Opening(order=each.order, centre=centre, way="worker", opened_at=NOW)
        for each in vouchers
    )
    fresh = iter(vouchers)
    values = {"centre": centre, "day": DAY, "now": NOW, "actor": "member:1"}

    def start() -> None:
        for _ in range(STARTS):
            numbers = {"number": next(fresh).number, "client_number": "1"}
            assert opening.check(**numbers, **values).against is None
            guidance.start(**numbers, **values, rulebook=BOOK)

    def bare() -> None:
        for place in range(STARTS):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE live_voucher SET started_on = NULL WHERE id = %s", [place])
                cursor.execute(_NOTE, [NOW, place])

    found = seconds({"start": start, "bare": bare})
    return ratio("a voucher checked and started / a bare transaction", found, "start", "bare", 40)


def _claim(models: Any, tracks: Sequence[Any], count: int) -> None:
    """Let the first centre have so many claims more, and all others together as many."""
    (coach, *_) = models.Coach.objects.all()[:1]
    per_centre = [count, *[count // CENTRES] * CENTRES]
    talks = models.Talk.objects.bulk_create(
        models.Talk(
            track=track,
            coach=coach,
            held_on=DAY,
            minutes=60,
            key=uuid4(),
            status="confirmed",
            registered_at=NOW,
        )
        for track, many in zip(tracks, per_centre, strict=True)
        for _ in range(many)
    )
    models.Claim.objects.bulk_create(
        models.Claim(talk=each, centre=each.track.centre, claimed_at=NOW, pay_by=DAY, **CLAIM)
        for each in talks
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _paying(models: Any) -> dict[str, list[float]]:
    """Make a batch of all that is claimed, and insert its rows bare; neither stays."""
    batches = ready.load("batches")
    claims = models.Claim.objects.order_by("centre", "pk")
    pairs = list(claims.values_list("centre", "pk"))

    def batch() -> None:
        with transaction.atomic():
            made = batches.make_batch(execute_on=DAY, day=DAY, now=NOW, actor="official:els")
            assert made.payouts.count() == CENTRES + 1
            transaction.set_rollback(True)

    def bare() -> None:
        with transaction.atomic():
            made = models.PayoutBatch.objects.create(made_by="els", made_at=NOW, execute_on=DAY)
            payouts = models.Payout.objects.bulk_create(
                models.Payout(batch=made, centre_id=each, amount_cents=1, name="", iban="")
                for each in dict.fromkeys(centre for centre, _ in pairs)
            )
            payout = {each.centre_id: each for each in payouts}
            models.PayoutLine.objects.bulk_create(
                models.PayoutLine(payout=payout[centre], claim_id=claim) for centre, claim in pairs
            )
            transaction.set_rollback(True)

    return seconds({"batch": batch, "bare": bare})


def _reading(models: Any, visitor: Client, centre: Any) -> dict[str, list[float]]:
    """Ask for the statement of a centre, and read and write out its claims with nothing else."""
    claims = models.Claim.objects.filter(centre=centre)
    many = claims.count()

    def table() -> None:
        answer = visitor.get("/mijn-centrum/afrekening.csv", {"van": str(DAY), "tot": str(DAY)})
        assert answer.status_code == HTTPStatus.OK
        assert answer.content.count(b"\r\n") == many + 1

    def bare() -> None:
        found = claims.select_related("talk__coach", "talk__track__voucher").order_by("pk")
        rows = "".join(f"<tr><td>{each.talk.held_on}<td>{each.total_cents}" for each in found)
        assert rows.count("<tr>") == many

    return seconds({"table": table, "bare": bare})
