"""Workers, their orders, the decisions on them, and where each order stands.

What the decider writes by the hundred thousand names its order without a foreign key: it was read
in the same transaction, orders are never removed, and the books look whether one is missing.
"""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from loopbaan.law.transitions import Status
from loopbaan.live import kept

OPEN = tuple(each.value for each in (Status.WAITING, Status.GRANTED, Status.ISSUED))
MOVING = (Status.RECEIVED.value, *OPEN)
OUTCOMES = tuple(
    each.value for each in (Status.REFUSED, Status.GRANTED, Status.WAITING, Status.LOST)
)
CHANNELS = {"web": "web", "phone": "telefoon", "paper": "papier"}


class Worker(models.Model):
    """A person who orders. The only row that holds who it is; the INSZ is encrypted at rest."""

    insz_key = models.CharField(max_length=16)
    insz_cipher = models.BinaryField()
    insz_lookup = models.BinaryField(unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="nl")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(language__in=("nl", "en")),
                name="worker_language",
                violation_error_message="Kies Nederlands of Engels.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """An order as it was received; its number is its place in line. Never rewritten."""

    # No index of its own: that of `order_once_per_key` begins with the worker.
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="orders", db_index=False)
    received_at = models.DateTimeField()
    ordered_on = models.DateField()
    guidance_language = models.CharField(max_length=8, default="nl")
    channel = models.CharField(max_length=8, default="web")
    idempotency_key = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("worker", "idempotency_key"),
                name="order_once_per_key",
                violation_error_message="Deze bestelling is al ontvangen.",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=tuple(CHANNELS)),
                name="order_channel",
                violation_error_message="Een bestelling komt via web, telefoon of papier.",
            ),
        )
        # Days come in their order, so a note per some pages finds them.
        indexes = (BrinIndex(fields=("ordered_on",), pages_per_range=16, name="order_day"),)

    def __str__(self) -> str:
        return f"bestelling {self.pk}"


class Batch(models.Model):
    """One call of the law: under which rulebook and reading, knowing what was known on a day."""

    known_on = models.DateField()
    reading = models.CharField(max_length=16)
    rulebook_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"beslissingen {self.pk}"


class Decision(models.Model):
    """What was decided on an order, and on which facts. Only ever appended."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="decisions", db_constraint=False)
    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="decisions", db_constraint=False, db_index=False
    )
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    reasons = models.PositiveIntegerField()
    voucher = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    share_cents = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    facts_kept = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reasons=0, voucher__gte=1)
                | Q(reasons__gt=0, outcome=Status.REFUSED.value),
                name="decision_has_reasons_if_and_only_if_refused",
                violation_error_message="Wie geweigerd wordt, krijgt de redenen.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=OUTCOMES),
                name="decision_outcome",
                violation_error_message="Een beslissing weigert, kent toe, of laat wachten.",
            ),
        )

    def __str__(self) -> str:
        return f"beslissing over bestelling {self.order_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that were used, by name."""
        return kept.read(self.facts_kept)


class Standing(models.Model):
    """Where a decided order stands; the one row of an order that moves."""

    order = models.OneToOneField(
        Order, models.PROTECT, primary_key=True, related_name="standing", db_constraint=False
    )
    worker = models.ForeignKey(
        Worker, models.PROTECT, related_name="standings", db_constraint=False, db_index=False
    )
    status = models.CharField(max_length=24)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("worker",),
                condition=Q(status__in=OPEN),
                name="one_open_order",
                violation_error_message="U hebt al een bestelling lopen.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=tuple(each.value for each in Status)),
                name="standing_status",
                violation_error_message="Deze stand bestaat niet.",
            ),
        )
        indexes = (
            # What still moves; what ended is by far the most.
            models.Index(fields=("status", "order"), condition=Q(status__in=MOVING), name="moving"),
        )

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"


class Progress(models.Model):
    """How far the decider is: every order up to this number was decided at least once."""

    name = models.CharField(max_length=16, primary_key=True)
    order_number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.order_number}"
