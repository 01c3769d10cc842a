"""Tracks, talks, plans, aftercare, and who looked: what happens on a started voucher."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from loopbaan.law.transitions import TalkStatus
from loopbaan.live.models.ordering import Worker
from loopbaan.live.models.recognition import Centre, Coach, Location
from loopbaan.live.models.voucher import Voucher

# A talk in one of these takes minutes of its voucher.
TAKING = (TalkStatus.REGISTERED.value, TalkStatus.DISPUTED.value, TalkStatus.CONFIRMED.value)
PLAN_PARTS = {
    "question": _("mijn loopbaanvraag"),
    "strengths": _("wat ik kan en belangrijk vind"),
    "goal": _("waar ik naartoe wil"),
    "steps": _("mijn stappen, met een datum"),
    "help": _("wie of wat mij daarbij helpt"),
}
# Who looks for the authority says why: in words of one's own, or by the file that is dealt with.
REASONED = ("search", "order", "talk")
LOOKS = ("check", "track", "plan", *REASONED)


class Track(models.Model):
    """A started voucher at one centre, from a day on; after a move at another one."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="tracks")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="tracks")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    # Each side agrees by itself to close the voucher early.
    early_by_worker_at = models.DateTimeField(null=True)
    early_by_centre_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("voucher",),
                condition=Q(ended_on=None),
                name="track_at_one_centre",
                violation_error_message="Een cheque loopt bij één centrum.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
                name="track_ends_after_it_began",
                violation_error_message="Een traject eindigt niet voor het begint.",
            ),
        )

    def __str__(self) -> str:
        return f"traject {self.pk}"


class Talk(models.Model):
    """A conversation: registered by the centre, confirmed or disputed by the worker."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="talks")
    coach = models.ForeignKey(Coach, models.PROTECT, related_name="talks")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    # Without a location the talk was held remotely.
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="talks")
    key = models.UUIDField()
    status = models.CharField(max_length=12)
    registered_at = models.DateTimeField()
    answer_by = models.DateField(null=True)
    remarks = models.CharField(max_length=500, blank=True)  # of the worker who disputes it
    ruling = models.CharField(max_length=300, blank=True)  # of the authority, and why

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("track", "key"),
                name="talk_once_per_key",
                violation_error_message="Dit gesprek is al geregistreerd.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=tuple(each.value for each in TalkStatus)),
                name="talk_status",
                violation_error_message="Deze stand van een gesprek bestaat niet.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="talk_lasts",
                violation_error_message="Een gesprek duurt minstens een minuut.",
            ),
        )
        indexes = (
            models.Index(
                fields=("answer_by",), condition=Q(status="registered"), name="unanswered_talks"
            ),
        )

    def __str__(self) -> str:
        return f"gesprek {self.pk}"

    @property
    def is_remote(self) -> bool:
        """Whether it was held by telephone or screen."""
        return self.location_id is None


class Plan(models.Model):
    """A version of a personal development plan; the worker's own. Only ever appended.

    Its content is sealed, as the number of the worker is, and read through `live/plans` alone.
    """

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="plans")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    is_pdf = models.BooleanField()
    content_key = models.CharField(max_length=16)
    content_cipher = models.BinaryField()

    def __str__(self) -> str:
        return f"plan {self.pk}"


class Aftercare(models.Model):
    """A free talk after the closing, at the same centre; noted, and owed nothing."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="aftercare")
    coach = models.ForeignKey(Coach, models.PROTECT, related_name="aftercare")
    held_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("track", "coach", "held_on"),
                name="aftercare_once",
                violation_error_message="Dit nazorggesprek is al genoteerd.",
            ),
        )

    def __str__(self) -> str:
        return f"nazorg {self.held_on}"


class Look(models.Model):
    """Somebody looked at a worker's data: who, when, at what and why. Only ever appended."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, related_name="looks")
    what = models.CharField(max_length=8)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(what__in=LOOKS) & (~Q(what__in=REASONED) | ~Q(reason="")),
                name="look_with_a_reason",
                violation_error_message="Wie iemand opzoekt, zegt waarom.",
            ),
        )
        indexes = (models.Index(fields=("worker", "-at")),)

    def __str__(self) -> str:
        return f"{self.actor} {self.what} {self.at}"
