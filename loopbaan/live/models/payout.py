"""Claims of centres, holds on them, and the payments of them, to a centre or back from it."""

import secrets

from django.db import models
from django.db.models import F, Q

from loopbaan.live.models.guidance import Talk
from loopbaan.live.models.recognition import Centre

KINDS = ("talk", "counter")
BATCH_STATUSES = ("made", "cancelled", "released")


def fresh_mark() -> str:
    """Return eight signs that no other row has.

    Row numbers come again after a backup is put back, and a bank takes each reference once.
    """
    return secrets.token_hex(4).upper()


def marked(kind: str, number: int, mark: str) -> str:
    """Return a reference for the bank, at most 35 signs; rows from before the marks have none."""
    return f"{kind}-{number}-{mark}" if mark else f"{kind}-{number}"


class Claim(models.Model):
    """What a talk adds to what its centre is owed, or a counter-entry to it. Only ever appended.

    Every amount is what the law owes for the voucher after it, less what it owed before: so claims
    add up to the law to the cent. Amounts exclude VAT but for the parts of the payers.
    """

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="claims")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=8)
    minutes = models.SmallIntegerField()
    millicents_per_hour = models.PositiveIntegerField()
    vat_percent = models.PositiveSmallIntegerField()
    fee_cents = models.IntegerField()
    vat_cents = models.IntegerField()
    worker_cents = models.IntegerField()
    employer_cents = models.IntegerField()
    sector_fund_cents = models.IntegerField()
    union_cents = models.IntegerField()
    government_cents = models.IntegerField()
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=40)
    pay_by = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("talk",),
                condition=Q(kind="talk"),
                name="claim_once",
                violation_error_message="Dit gesprek is al gevorderd.",
            ),
            models.CheckConstraint(
                condition=Q(kind="talk", minutes__gt=0) | Q(kind="counter", minutes__lt=0),
                name="claim_or_counter",
                violation_error_message="Een vordering vraagt minuten, een tegenboeking neemt ze"
                " terug.",
            ),
            models.CheckConstraint(
                condition=Q(
                    fee_cents=F("worker_cents")
                    + F("employer_cents")
                    + F("sector_fund_cents")
                    + F("union_cents")
                    + F("government_cents")
                    - F("vat_cents")
                ),
                name="claim_split",
                violation_error_message="De betalers betalen samen de vergoeding en de btw.",
            ),
        )
        indexes = (models.Index(fields=("centre", "claimed_at")),)

    def __str__(self) -> str:
        return f"vordering {self.pk}"

    @property
    def total_cents(self) -> int:
        """What is paid for it, VAT included."""
        return self.fee_cents + self.vat_cents


class Hold(models.Model):
    """A centre, or one claim of it, is not paid for now: on an article, for a reason, to a day."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="holds")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="holds")
    article = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField()
    placed_by = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    lifted_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(article="") & ~Q(reason=""),
                name="hold_on_a_ground",
                violation_error_message="Wie een betaling inhoudt, noemt het artikel en de reden.",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="hold_ends",
                violation_error_message="Een inhouding heeft een einddatum, na de begindatum.",
            ),
        )

    def __str__(self) -> str:
        return f"inhouding {self.pk}"


class PayoutBatch(models.Model):
    """What is paid together: made by one person, released by another, sent to the bank once."""

    mark = models.CharField(max_length=8, blank=True, default=fresh_mark)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    execute_on = models.DateField()
    status = models.CharField(max_length=10, default="made")
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(made_by=F("released_by")),
                name="batch_two_people",
                violation_error_message="Wie een uitbetaling maakt, geeft ze niet zelf vrij.",
            ),
            models.CheckConstraint(
                condition=Q(status="released", released_at__isnull=False)
                | Q(status__in=("made", "cancelled"), released_at=None, released_by=""),
                name="batch_status",
                violation_error_message="Een uitbetaling is vrijgegeven door iemand, of niet.",
            ),
        )

    def __str__(self) -> str:
        return f"uitbetaling {self.pk}"

    @property
    def ident(self) -> str:
        """The name of its file at the bank."""
        return marked("UIT", self.pk, self.mark)


class Payout(models.Model):
    """One payment of a batch: all that a centre is owed in it, to the account that it had then."""

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="payouts")
    mark = models.CharField(max_length=8, blank=True, default=fresh_mark)
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="payouts")
    amount_cents = models.PositiveBigIntegerField()
    name = models.CharField(max_length=120)
    iban = models.CharField(max_length=34)
    paid_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    return_reason = models.CharField(max_length=35, blank=True)  # the code of the bank
    # The bank does not carry it out: asked by one person with a reason, confirmed by another.
    fail_reason = models.CharField(max_length=300, blank=True)
    fail_asked_by = models.CharField(max_length=40, blank=True)
    fail_asked_at = models.DateTimeField(null=True)
    failed_by = models.CharField(max_length=40, blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(failed_at=None, failed_by="")
                | (
                    Q(failed_at__isnull=False, fail_asked_at__isnull=False, paid_on=None)
                    & ~Q(failed_by="")
                    & ~Q(fail_reason="")
                ),
                name="payout_failed_unpaid_for_a_reason",
                violation_error_message="Alleen wat de bank niet betaalde, is mislukt, en iemand"
                " zegt waarom.",
            ),
            models.CheckConstraint(
                condition=Q(failed_by="") | ~Q(fail_asked_by=F("failed_by")),
                name="payout_failed_two_people",
                violation_error_message="Wie zegt dat een betaling mislukte, bevestigt dat niet"
                " zelf.",
            ),
            models.UniqueConstraint(
                fields=("batch", "centre"),
                name="payout_once_a_batch",
                violation_error_message="Een centrum staat één keer in een uitbetaling.",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0),
                name="payout_pays",
                violation_error_message="Een uitbetaling betaalt een bedrag.",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(paid_on__isnull=False),
                name="payout_returned_after_paid",
                violation_error_message="Alleen wat betaald werd, komt terug.",
            ),
        )

    def __str__(self) -> str:
        return f"betaling {self.amount_cents} cent"

    @property
    def end_to_end(self) -> str:
        """The reference under which the bank carries it out, and by which it is found again."""
        return marked("CENTRUM", self.pk, self.mark)


class Recovery(models.Model):
    """Money asked back from a centre that owes more than it claims, under a reference of its own.

    Made by one person with a reason, released by a second; the bank's statement settles it.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="recoveries")
    # The structured communication under which the centre pays; drawn, so that it never comes again.
    reference = models.CharField(max_length=12, unique=True)
    amount_cents = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300)
    due_on = models.DateField()
    status = models.CharField(max_length=10, default="made")
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("centre",),
                condition=Q(status__in=("made", "released"), paid_on=None),
                name="recovery_one_at_a_time",
                violation_error_message="Van dit centrum wordt al geld teruggevraagd.",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(reason=""),
                name="recovery_of_an_amount_for_a_reason",
                violation_error_message="Wie geld terugvraagt, zegt hoeveel en waarom.",
            ),
            models.CheckConstraint(
                condition=~Q(made_by=F("released_by")),
                name="recovery_two_people",
                violation_error_message="Wie geld terugvraagt, geeft dat niet zelf vrij.",
            ),
            models.CheckConstraint(
                # One that was released can still be taken back, while it is not paid.
                condition=Q(status="made", released_at=None, paid_on=None)
                | Q(status="cancelled", paid_on=None)
                | (Q(status="released", released_at__isnull=False) & ~Q(released_by="")),
                name="recovery_status",
                violation_error_message="Alleen wat vrijgegeven is, wordt terugbetaald.",
            ),
        )

    def __str__(self) -> str:
        return f"terugvordering {self.amount_cents} cent"

    @property
    def ident(self) -> str:
        """What people call it by."""
        return f"TV-{self.pk}"


class PayoutLine(models.Model):
    """A claim in a payment, to the centre or back from it. It stands in one that lives, no second.

    So what is asked back is not also set off.
    """

    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="lines")
    recovery = models.ForeignKey(Recovery, models.PROTECT, null=True, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payout_lines")
    # Its batch or recovery was cancelled, or the bank sent the payment back: the claim waits again.
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(is_void=False),
                name="claim_paid_once",
                violation_error_message="Deze vordering staat al in een uitbetaling.",
            ),
            models.CheckConstraint(
                condition=Q(payout__isnull=True, recovery__isnull=False)
                | Q(payout__isnull=False, recovery__isnull=True),
                name="claim_paid_or_recovered",
                violation_error_message="Een vordering wordt uitbetaald of teruggevraagd.",
            ),
        )

    def __str__(self) -> str:
        return f"vordering {self.claim_id} in {self.payout_id or self.recovery}"
