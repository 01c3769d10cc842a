"""The places of a month under a cap, as rows: one too many has no row to stand in."""

from django.db import models
from django.db.models import Q

from loopbaan.live.models.ordering import Order


class Place(models.Model):
    """A place in a capped month, planned beforehand; taken once, by one order."""

    month = models.DateField()
    number = models.PositiveIntegerField()
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="place")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month", "number"),
                name="place_once",
                violation_error_message="Deze plaats bestaat al.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(month__day=1),
                name="place_of_a_month",
                violation_error_message="Een plaats hoort bij een maand en heeft een nummer.",
            ),
        )
        indexes = (
            models.Index(fields=("month", "number"), condition=Q(order=None), name="free_places"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} plaats {self.number}"
