"""What may leave the database as tables, without INSZ, names of people and what they wrote.

Orders, decisions and facts are put together here; of all other tables `leaving` says what leaves.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from loopbaan.law.refusals import codes
from loopbaan.law.transitions import Status
from loopbaan.live import kept
from loopbaan.live.leaving import LEAVING, ROLES, Leaving
from loopbaan.live.models import Decision, Order

Row = tuple[Any, ...]
AT_ONCE = 5_000  # rows in memory

NUMBER = {"id": "number of the row"}
ORDERS = {
    "order": "number of the order: its place in line",
    "worker": "number of the row of the worker, which says nothing of who it is",
    "received_at": "moment at which it was received",
    "ordered_on": "day of the order in Flanders",
    "guidance_language": "language of the guidance that was asked",
    "channel": "web, phone or paper",
    "status": "where it stands now",
    "since": "moment since which it stands there; empty: since it was received",
}
DECISIONS = {
    "decision": "number of the decision; of several on one order, the last one holds",
    "order": "the order that was decided on",
    "decided_at": "moment of the decision",
    "known_on": "day whose knowledge of the law was used",
    "reading": "reading of the law where sources conflict",
    "rulebook_hash": "which rulebook decided: `loopbaan law` shows its own",
    "outcome": "granted, refused, waiting or lost (no place was left)",
    "reasons": "codes of all reasons against, parted by ;",
    "voucher": "which voucher of the worker it would be; 0: none",
    "minutes": "minutes of guidance that it buys",
    "share_cents": "own share of the worker, in cents, VAT included",
    "first_day": "first day from which the answer would be yes by time alone",
}
FACTS = {
    "decision": "the decision that used the facts",
    "order": "the order",
    **{name: name.replace("_", " ") for name in kept.NAMES},
}


@dataclass(frozen=True)
class Table:
    """A table that leaves: what each column means, and its rows, read as they are asked for."""

    name: str
    columns: dict[str, str]
    rows: Iterable[Row]


@contextmanager
def snapshot() -> Iterator[tuple[Table, ...]]:
    """Give the tables as they stand at one moment; the rows last as long as the `with`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield (
            Table("orders", ORDERS, _orders()),
            Table("decisions", DECISIONS, _decisions()),
            Table("facts", FACTS, _facts()),
            *(
                Table(each.name, NUMBER | each.columns, _plain(model, each))
                for model, each in LEAVING.items()
            ),
        )


def _plain(model: type[Model], leaving: Leaving) -> Iterator[Row]:
    """Yield the rows of a table, as they are; of those who did something only the role."""
    names = (*NUMBER, *leaving.columns)
    roles = [place for place, name in enumerate(names) if name in ROLES]
    for row in QuerySet(model).order_by("pk").values_list(*names).iterator(AT_ONCE):
        cells = [";".join(cell) if isinstance(cell, list) else cell for cell in row]
        for place in roles:
            cells[place] = str(cells[place]).partition(":")[0]
        yield tuple(cells)


def _orders() -> Iterator[Row]:
    fields = ("pk", "worker_id", "received_at", "ordered_on", "guidance_language", "channel")
    rows = Order.objects.order_by("pk").values_list(*fields, "standing__status", "standing__since")
    for row in rows.iterator(AT_ONCE):
        *received, status, since = row
        yield (*received, status or Status.RECEIVED.value, since)


def _decisions() -> Iterator[Row]:
    batch = ("batch__known_on", "batch__reading", "batch__rulebook_hash")
    rows = Decision.objects.order_by("pk").values_list(
        *("pk", "order_id", "decided_at", *batch, "outcome", "reasons"),
        *("voucher", "minutes", "share_cents", "first_day"),
    )
    for row in rows.iterator(AT_ONCE):
        *decided, reasons, voucher, minutes, share, first = row
        yield (*decided, ";".join(codes(reasons)), voucher, minutes, share, first)


def _facts() -> Iterator[Row]:
    rows = Decision.objects.order_by("pk").values_list("pk", "order_id", "facts_kept")
    for decision, order, line in rows.iterator(AT_ONCE):
        yield (decision, order, *line.split(","))
