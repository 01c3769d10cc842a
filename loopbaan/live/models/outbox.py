"""What must be told to the outside, written in the transaction that decides it."""

from django.db import models
from django.db.models import Q


class OutboxRow(models.Model):
    """One thing to do outside; `done_at` or `dead_at` closes it, `part` tells a second apart."""

    kind = models.CharField(max_length=24)
    about_id = models.BigIntegerField()
    part = models.CharField(max_length=32, blank=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("about_id", "kind", "part"),
                name="outbox_once",
                violation_error_message="Dit bericht staat al klaar.",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dead_at=None),
                name="outbox_done_or_dead",
                violation_error_message="Een bericht is verstuurd of opgegeven, niet beide.",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(done_at=None, dead_at=None),
                name="outbox_due",
            ),
            models.Index(
                fields=("part", "-about_id"),
                condition=Q(kind="webhook_event"),
                name="outbox_of_webhooks",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about_id}"

    @property
    def ident(self) -> str:
        """What the outside knows it by: the same thing has the same name."""
        return f"{self.kind}:{self.about_id}:{self.part}"
