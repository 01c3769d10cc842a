"""The journal: a line for each transition, append-only, by row ids, no personal value in it."""

from django.db import models


class JournalLine(models.Model):
    """Who moved what, when, from where to where, on what ground. A trigger forbids change."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    subject = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    before = models.CharField(max_length=24, blank=True)
    act = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    ground = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=("subject_id", "subject")),)

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.before} {self.act} {self.after}"
