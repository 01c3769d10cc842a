"""The ledger: cents and minutes move between accounts: pending, then posted or voided."""

from django.db import models
from django.db.models import Q

ACCOUNTS = {
    "bank": "bankrekening",
    "workers": "werkenden",
    "held": "aangehouden eigen bijdragen",
    "to_refund": "terug te betalen",
    "unmatched": "niet toegewezen",
    "stray": "uitgegaan zonder opdracht",
    "right": "recht",
    "open": "uitgegeven minuten",
    "lapsed": "vervallen minuten",
    "confirmed": "bevestigde minuten",
    "claimed": "gevorderde minuten",
    "lost": "minuten verloren bij afsluiten",
    "owed": "verschuldigd aan centra",
    "employer": "deel van werkgevers",
    "sector_fund": "deel van sectorfondsen",
    "union": "deel van vakbonden",
    "government": "deel van de Vlaamse overheid",
}
STATES = ("pending", "posted", "voided")
UNITS = ("cents", "minutes")


class Transfer(models.Model):
    """An amount that moves between two accounts: so every entry has its counter-entry."""

    at = models.DateTimeField()
    debit = models.CharField(max_length=16)
    credit = models.CharField(max_length=16)
    unit = models.CharField(max_length=8)
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8)
    settles = models.OneToOneField("self", models.PROTECT, null=True, related_name="settled_by")
    about = models.CharField(max_length=16)
    about_id = models.BigIntegerField()
    key = models.CharField(max_length=60, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(debit=models.F("credit")),
                name="transfer_moves_something",
                violation_error_message="Een boeking verplaatst een bedrag tussen twee rekeningen.",
            ),
            models.CheckConstraint(
                condition=Q(debit__in=tuple(ACCOUNTS))
                & Q(credit__in=tuple(ACCOUNTS))
                & Q(unit__in=UNITS)
                & Q(state__in=STATES),
                name="transfer_words",
                violation_error_message="Deze rekening, eenheid of toestand bestaat niet.",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", settles=None) | ~Q(state="pending"),
                name="transfer_pending_settles_nothing",
                violation_error_message="Een voorlopige boeking sluit niets af.",
            ),
        )
        indexes = (models.Index(fields=("about", "about_id")),)

    def __str__(self) -> str:
        return f"{self.debit} → {self.credit} {self.amount} {self.unit} ({self.state})"
