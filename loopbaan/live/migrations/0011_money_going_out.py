"""What goes to the bank is marked, can fail, and what went out without our order is known."""

from django.db import migrations, models
from django.db.models import F, Q

from loopbaan.live.models.payout import fresh_mark

ACCOUNTS = (
    "bank",
    "workers",
    "held",
    "to_refund",
    "unmatched",
    "stray",
    "right",
    "open",
    "lapsed",
    "confirmed",
    "claimed",
    "lost",
    "owed",
    "employer",
    "sector_fund",
    "union",
    "government",
)
MATCHES = (
    "exact",
    "late",
    "double",
    "too_little",
    "too_much",
    "unknown",
    "returned",
    "settled",
    "stray",
    "stray_seen",
    "stray_back",
    "payout_back",
    "recovered",
    "recovered_part",
)
# A recovery keeps the communication that its centre was told: its number after the nines.
REFERENCES = """
UPDATE live_recovery r SET reference = n.number || lpad(
    CASE WHEN n.number % 97 = 0 THEN '97' ELSE (n.number % 97)::text END, 2, '0')
FROM (SELECT id, 9000000000 + id AS number FROM live_recovery) n WHERE n.id = r.id
"""
# What went out and settled nothing was in no ledger.
STRAYS = """
INSERT INTO live_transfer (at, debit, credit, unit, amount, state, about, about_id, key)
SELECT s.read_at, 'stray', 'bank', 'cents', -l.amount_cents, 'posted', 'line', l.id, 'line:' || l.id
FROM live_statementline l JOIN live_statement s ON s.id = l.statement_id
WHERE l.match = 'outgoing' AND l.amount_cents < 0;
UPDATE live_statementline SET match = 'stray' WHERE match = 'outgoing'
"""


def _marked(model: str) -> tuple[migrations.AddField, migrations.AlterField]:
    """Mark what is made from now on: what went to the bank before keeps its reference."""
    none = models.CharField(max_length=8, blank=True, default="")
    fresh = models.CharField(max_length=8, blank=True, default=fresh_mark)
    return migrations.AddField(model, "mark", none), migrations.AlterField(model, "mark", fresh)


class Migration(migrations.Migration):
    dependencies = (("live", "0010_reasons_and_keys"),)
    operations = (
        *(each for model in ("payoutbatch", "payout", "refund") for each in _marked(model)),
        migrations.AddField(
            "recovery", "reference", models.CharField(max_length=12, default=""), False
        ),
        migrations.RunSQL(REFERENCES, migrations.RunSQL.noop),
        migrations.AlterField(
            "recovery", "reference", models.CharField(max_length=12, unique=True)
        ),
        migrations.AddField(
            "payout",
            "return_reason",
            models.CharField(blank=True, default="", max_length=35),
            False,
        ),
        migrations.AddField(
            "payout", "fail_reason", models.CharField(blank=True, default="", max_length=300), False
        ),
        migrations.AddField(
            "payout",
            "fail_asked_by",
            models.CharField(blank=True, default="", max_length=40),
            False,
        ),
        migrations.AddField("payout", "fail_asked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "payout", "failed_by", models.CharField(blank=True, default="", max_length=40), False
        ),
        migrations.AddField("payout", "failed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "payout",
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
        ),
        migrations.AddConstraint(
            "payout",
            models.CheckConstraint(
                condition=Q(failed_by="") | ~Q(fail_asked_by=F("failed_by")),
                name="payout_failed_two_people",
                violation_error_message="Wie zegt dat een betaling mislukte, bevestigt dat niet"
                " zelf.",
            ),
        ),
        migrations.RemoveConstraint("transfer", "transfer_words"),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                condition=Q(debit__in=ACCOUNTS)
                & Q(credit__in=ACCOUNTS)
                & Q(unit__in=("cents", "minutes"))
                & Q(state__in=("pending", "posted", "voided")),
                name="transfer_words",
                violation_error_message="Deze rekening, eenheid of toestand bestaat niet.",
            ),
        ),
        migrations.RemoveConstraint("statementline", "line_match"),
        migrations.AlterField("statementline", "match", models.CharField(max_length=16)),
        migrations.RunSQL(STRAYS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "statementline",
            models.CheckConstraint(
                condition=Q(match__in=MATCHES),
                name="line_match",
                violation_error_message="Deze toewijzing bestaat niet.",
            ),
        ),
    )
