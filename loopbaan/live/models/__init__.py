"""The rows of the scheme, by act. The database is the referee: invariants are constraints."""

from loopbaan.live.models.allocation import Place
from loopbaan.live.models.journal import JournalLine
from loopbaan.live.models.ledger import Transfer
from loopbaan.live.models.ordering import Batch, Decision, Order, Progress, Standing, Worker
from loopbaan.live.models.outbox import OutboxRow
from loopbaan.live.models.payment import PaymentRequest, Refund, Statement, StatementLine
from loopbaan.live.models.voucher import Voucher

__all__ = [
    "Batch",
    "Decision",
    "JournalLine",
    "Order",
    "OutboxRow",
    "PaymentRequest",
    "Place",
    "Progress",
    "Refund",
    "Standing",
    "Statement",
    "StatementLine",
    "Transfer",
    "Voucher",
    "Worker",
]
