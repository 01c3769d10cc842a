"""A measure that the authority has played out whole, in the background."""

from django.db import models
from django.db.models import F, Q

OPEN = ("waiting", "running")
ENDED = ("done", "cancelled", "failed")


class Calculation(models.Model):
    """Who asked what, how often it is played, and how far it is.

    `content` is that of a scenario's file. What comes of it stands in a folder of its number in the
    state folder, one file a run: what was stopped goes on where it was.
    """

    title = models.CharField(max_length=200)
    content = models.JSONField()
    seeds = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()  # of all workers
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, default="waiting")
    runs_done = models.PositiveSmallIntegerField(default=0)
    # How often it was begun without one run coming of it.
    begun = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=OPEN, ended_at=None)
                | Q(status__in=ENDED, ended_at__isnull=False),
                name="calculation_status",
                violation_error_message="Een doorrekening loopt nog, of is geëindigd.",
            ),
            models.CheckConstraint(
                condition=Q(
                    seeds__gt=0, percent__gt=0, percent__lte=100, runs_done__lte=F("seeds")
                ),
                name="calculation_size",
                violation_error_message="Een doorrekening speelt minstens één keer.",
            ),
            models.UniqueConstraint(
                fields=("status",),
                condition=Q(status="running"),
                name="calculation_one_at_a_time",
                violation_error_message="Er loopt één doorrekening tegelijk.",
            ),
        )

    def __str__(self) -> str:
        return f"doorrekening {self.pk}"
