"""Payment requests, the bank's statements, and refunds that two people make and release."""

from django.db import models
from django.db.models import F, Q

from loopbaan.live.models.ordering import Order
from loopbaan.live.models.payout import Recovery, fresh_mark, marked

# Came in and could not be used: a person looks at it, and can give it back.
UNUSED = ("late", "double", "too_little", "too_much", "unknown", "returned")
# Went out, and we ordered no such payment, or ordered it once: a person asks the bank.
STRAY = "stray"
STRAYS = (STRAY, "stray_seen", "stray_back")
# Came back from a centre: all that was still asked, or a part of it.
RECOVERED = ("recovered", "recovered_part")
MATCHES = ("exact", *UNUSED, "settled", *STRAYS, "payout_back", *RECOVERED)
REFUND_GROUNDS = ("lapsed", *UNUSED)


class PaymentRequest(models.Model):
    """The share that a worker is asked to pay for a granted order, with its reference."""

    order = models.OneToOneField(
        Order, models.PROTECT, related_name="payment_request", db_constraint=False
    )
    reference = models.CharField(max_length=12, unique=True)
    amount_cents = models.PositiveIntegerField()
    requested_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(due_on__gte=F("requested_on")),
                name="request_due_after_request",
                violation_error_message="De vervaldag ligt voor het betaalverzoek.",
            ),
        )

    def __str__(self) -> str:
        return f"betaalverzoek {self.reference}"


class Statement(models.Model):
    """A statement of the bank, read once."""

    account = models.CharField(max_length=34)
    ident = models.CharField(max_length=70)
    until = models.DateField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "ident"),
                name="statement_once",
                violation_error_message="Dit rekeninguittreksel is al ingelezen.",
            ),
        )

    def __str__(self) -> str:
        return f"uittreksel {self.ident}"


class StatementLine(models.Model):
    """An entry of a statement, and what it was matched with."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    bank_reference = models.CharField(max_length=70)
    booked_on = models.DateField()
    amount_cents = models.BigIntegerField()
    remittance = models.CharField(max_length=280, blank=True)
    communication = models.CharField(max_length=12, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    payer_name = models.CharField(max_length=140, blank=True)
    payer_iban = models.CharField(max_length=34, blank=True)
    match = models.CharField(max_length=16)
    request = models.ForeignKey(PaymentRequest, models.PROTECT, null=True, related_name="lines")
    recovery = models.ForeignKey(Recovery, models.PROTECT, null=True, related_name="bank_lines")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(match__in=MATCHES),
                name="line_match",
                violation_error_message="Deze toewijzing bestaat niet.",
            ),
            models.UniqueConstraint(
                fields=("statement", "bank_reference"),
                name="line_once",
                violation_error_message="Deze verrichting staat twee keer op het uittreksel.",
            ),
            models.UniqueConstraint(
                fields=("request",),
                condition=Q(match="exact"),
                name="request_paid_once",
                violation_error_message="Dit betaalverzoek is al betaald.",
            ),
            models.UniqueConstraint(
                fields=("recovery",),
                condition=Q(match="recovered"),
                name="recovery_paid_once",
                violation_error_message="Deze terugvordering is al betaald.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount_cents} cent"


class Refund(models.Model):
    """Money that goes back. Made by one person, released by a second."""

    line = models.OneToOneField(StatementLine, models.PROTECT, related_name="refund")
    mark = models.CharField(max_length=8, blank=True, default=fresh_mark)
    ground = models.CharField(max_length=12)
    amount_cents = models.PositiveIntegerField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(made_by=F("released_by")),
                name="refund_two_people",
                violation_error_message="Wie een terugbetaling maakt, geeft ze niet zelf vrij.",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=REFUND_GROUNDS) & Q(amount_cents__gt=0),
                name="refund_ground",
                violation_error_message="Een terugbetaling heeft een grond en een bedrag.",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(released_at__isnull=False),
                name="refund_released_before_paid",
                violation_error_message="Een terugbetaling wordt eerst vrijgegeven.",
            ),
        )

    def __str__(self) -> str:
        return f"terugbetaling {self.amount_cents} cent"

    @property
    def end_to_end(self) -> str:
        """The reference under which the bank carries it out, and by which it is found again."""
        return marked("TERUG", self.pk, self.mark)
