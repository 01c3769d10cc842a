"""Where the software of a centre wants to be told of what happened."""

from django.db import models
from django.db.models import Q

from loopbaan.live.models.recognition import Token


class Webhook(models.Model):
    """An address that is told of what its key may see, as long as the key holds.

    The secret that signs what is sent is nowhere kept: it follows from this row and a secret of the
    installation (`live/webhooks.py`).
    """

    token = models.ForeignKey(Token, models.PROTECT, related_name="webhooks")
    address = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("token",),
                condition=Q(ended_at=None),
                name="webhook_one_a_key",
                violation_error_message="Een sleutel heeft één webhook.",
            ),
            models.CheckConstraint(
                condition=Q(address__regex=r"^https?://"),
                name="webhook_address",
                violation_error_message="Een webhook is een adres dat met https:// begint.",
            ),
        )

    def __str__(self) -> str:
        return f"webhook {self.pk}"
