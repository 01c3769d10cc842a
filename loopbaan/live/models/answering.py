"""What the software of a centre was answered, by the key that it sent: the same key, the same."""

from django.db import models
from django.db.models import Q

from loopbaan.live.models.recognition import Centre


class Answer(models.Model):
    """An act of a centre's software that was done once, and what it was answered."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="answers")
    key = models.UUIDField()
    act = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    body = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("centre", "key"),
                name="answer_once_per_key",
                violation_error_message="Deze sleutel is al gebruikt.",
            ),
            models.CheckConstraint(
                condition=~Q(act="") & Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="answer_to_an_act",
                violation_error_message="Een antwoord hoort bij een handeling.",
            ),
        )

    def __str__(self) -> str:
        return f"antwoord op {self.act}"
