"""An order opened for one centre, the code that opens it, and what centres tried."""

from django.db import models
from django.db.models import F, Q

from loopbaan.live.models.ordering import Order
from loopbaan.live.models.recognition import Centre

MOST_WRONG = 5  # wrong codes, after which another one must be asked
WAYS = ("worker", "code", "move")


class Opening(models.Model):
    """From now on this centre may see the voucher and start it. One centre at a time."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="openings")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="openings")
    way = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(ended_at=None),
                name="opening_for_one_centre",
                violation_error_message="De cheque staat al open voor een ander centrum.",
            ),
            models.CheckConstraint(
                condition=Q(way__in=WAYS),
                name="opening_way",
                violation_error_message="Deze manier om te openen bestaat niet.",
            ),
        )
        indexes = (models.Index(fields=("centre", "order")),)

    def __str__(self) -> str:
        return f"bestelling {self.order_id} open voor {self.centre_id}"


class OpeningCode(models.Model):
    """A code that a centre asked and the worker got; the digits are nowhere kept.

    They follow from this row and a secret of the installation (`live/opening.py`).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="codes")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="codes")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(wrong__lte=MOST_WRONG),
                name="code_guesses",
                violation_error_message="Deze code is te vaak fout ingegeven.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")),
                name="code_expires",
                violation_error_message="Een code vervalt nadat ze gevraagd is.",
            ),
        )
        indexes = (models.Index(fields=("order", "centre", "-asked_at")),)

    def __str__(self) -> str:
        return f"code {self.pk}"


class Attempt(models.Model):
    """What a centre tried with a number; only ever appended. What missed counts as a guess.

    Each code that is asked counts, by itself, so that a count tells nothing.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="attempts")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()
    act = models.CharField(max_length=8)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="attempts")
    missed = models.BooleanField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(act__in=("check", "ask", "open", "start")),
                name="attempt_act",
                violation_error_message="Deze handeling bestaat niet.",
            ),
        )
        indexes = (models.Index(fields=("centre", "at"), condition=Q(missed=True), name="guesses"),)

    def __str__(self) -> str:
        return f"{self.centre_id} {self.act} {self.at}"
