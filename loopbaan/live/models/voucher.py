"""The voucher: one for each paid order, and no more."""

from django.db import models
from django.db.models import F, Q

from loopbaan.live.models.ordering import Order


class Voucher(models.Model):
    """A voucher with its number, what it buys and until when it can be started."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="voucher")
    number = models.CharField(max_length=14, unique=True)
    client_number = models.CharField(max_length=10)
    minutes = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    start_by = models.DateField()
    started_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    # Minutes of talks that are registered, disputed or confirmed: never more than were bought.
    taken_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(started_on__lte=F("start_by")),
                name="voucher_started_in_time",
                violation_error_message="De termijn om te starten is voorbij.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(started_on__isnull=False),
                name="voucher_closed_after_start",
                violation_error_message="Alleen een opgestarte cheque wordt afgesloten.",
            ),
            models.CheckConstraint(
                condition=Q(taken_minutes__lte=F("minutes"))
                & (Q(taken_minutes=0) | Q(started_on__isnull=False)),
                name="voucher_minutes_bought",
                violation_error_message="Er zijn niet zoveel minuten meer over op deze cheque.",
            ),
        )

    def __str__(self) -> str:
        return f"cheque {self.number}"

    @property
    def free_minutes(self) -> int:
        """The minutes that no talk has taken: what is left, or was lost at the closing."""
        return self.minutes - self.taken_minutes
