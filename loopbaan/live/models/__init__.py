"""The rows of the scheme, by act. The database is the referee: invariants are constraints."""

from loopbaan.live.models.allocation import Place
from loopbaan.live.models.answering import Answer
from loopbaan.live.models.calculation import Calculation
from loopbaan.live.models.guidance import Aftercare, Look, Plan, Talk, Track
from loopbaan.live.models.journal import JournalLine
from loopbaan.live.models.ledger import Transfer
from loopbaan.live.models.opening import Attempt, Opening, OpeningCode
from loopbaan.live.models.ordering import Batch, Decision, Order, Progress, Standing, Worker
from loopbaan.live.models.outbox import OutboxRow
from loopbaan.live.models.payment import PaymentRequest, Refund, Statement, StatementLine
from loopbaan.live.models.payout import (
    Claim,
    Hold,
    Payout,
    PayoutBatch,
    PayoutLine,
    Recovery,
)
from loopbaan.live.models.recognition import Centre, Coach, Location, Member, Recognition, Token
from loopbaan.live.models.voucher import Voucher
from loopbaan.live.models.webhook import Webhook

__all__ = [
    "Aftercare",
    "Answer",
    "Attempt",
    "Batch",
    "Calculation",
    "Centre",
    "Claim",
    "Coach",
    "Decision",
    "Hold",
    "JournalLine",
    "Location",
    "Look",
    "Member",
    "Opening",
    "OpeningCode",
    "Order",
    "OutboxRow",
    "PaymentRequest",
    "Payout",
    "PayoutBatch",
    "PayoutLine",
    "Place",
    "Plan",
    "Progress",
    "Recognition",
    "Recovery",
    "Refund",
    "Standing",
    "Statement",
    "StatementLine",
    "Talk",
    "Token",
    "Track",
    "Transfer",
    "Voucher",
    "Webhook",
    "Worker",
]
