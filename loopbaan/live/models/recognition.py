"""Centres, their recognitions, locations, coaches and members, and the keys of their software."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_noop as _

VAT = {"liable": _("btw-plichtig"), "exempt": _("vrijgesteld van btw")}
THEMES = {
    "direction": _("een andere richting"),
    "balance": _("werk en privé in evenwicht"),
    "growth": _("groeien in mijn job"),
    "return": _("terug aan het werk na ziekte of pauze"),
    "business": _("zelfstandig worden"),
    "end": _("de laatste jaren van mijn loopbaan"),
}
# The guidance itself is in Dutch; a centre may say in what else it can explain something.
LANGUAGES = {
    "nl": _("Nederlands"),
    "en": _("Engels"),
    "fr": _("Frans"),
    "vgt": _("Vlaamse Gebarentaal"),
}
TASKS = {
    "check": _("cheques nakijken"),
    "start": _("cheques opstarten"),
    "talk": _("gesprekken registreren"),
    "close": _("cheques afsluiten"),
    "claim": _("vorderen"),
    "statement": _("de afrekening zien"),
    "data": _("de gegevens en de rekening van het centrum wijzigen"),
    "members": _("medewerkers en sleutels beheren"),
}
SCOPES = ("check", "start", "talk", "close", "claim", "statement")
ENDINGS = ("", "withdrawn", "stopped")


def _within(name: str, allowed: dict[str, str] | tuple[str, ...]) -> Q:
    return Q(**{f"{name}__contained_by": list(allowed)})


class CentreQuerySet(models.QuerySet["Centre"]):
    """Centres as they are looked for."""

    def recognised_on(self, day: date) -> "CentreQuerySet":
        """Keep those that are recognised on a day."""
        holding = Recognition.objects.filter(since__lte=day, until__gte=day)
        return self.filter(pk__in=holding.values("centre"))


class Centre(models.Model):
    """An undertaking that gives guidance for vouchers, while it is recognised."""

    kbo = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    vat = models.CharField(max_length=8)
    iban = models.CharField(max_length=34)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    website = models.URLField(blank=True)
    themes = ArrayField(models.CharField(max_length=12), default=list)
    languages = ArrayField(models.CharField(max_length=4), default=list)

    objects = CentreQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kbo__regex=r"^[01][0-9]{9}$"),
                name="centre_kbo",
                violation_error_message="Een ondernemingsnummer heeft tien cijfers.",
            ),
            models.CheckConstraint(
                condition=Q(vat__in=tuple(VAT)),
                name="centre_vat",
                violation_error_message="Een centrum is btw-plichtig of vrijgesteld.",
            ),
            models.CheckConstraint(
                condition=_within("themes", THEMES) & _within("languages", LANGUAGES),
                name="centre_words",
                violation_error_message="Dit thema of deze taal bestaat niet.",
            ),
            models.CheckConstraint(
                condition=Q(website="") | Q(website__regex="^https?://"),
                name="centre_website",
                violation_error_message="Een website begint met https://.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Recognition(models.Model):
    """A recognition from a day up to and including another; ended early or not."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="recognitions")
    since = models.DateField()
    until = models.DateField()
    ended_by = models.CharField(max_length=10, blank=True)
    ground = models.CharField(max_length=200, blank=True)
    # Where the law has it wait: the first day on which it can be recognised again.
    may_ask_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                # One that is withdrawn on its first day holds on none.
                condition=Q(until__gte=F("since")) | ~Q(ended_by=""),
                name="recognition_lasts",
                violation_error_message="Een erkenning eindigt niet voor ze begint.",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__in=ENDINGS) & (Q(ended_by="") | ~Q(ground="")),
                name="recognition_ended_on_a_ground",
                violation_error_message="Wie een erkenning beëindigt, zegt waarom.",
            ),
            ExclusionConstraint(
                name="recognition_one_at_a_time",
                expressions=(
                    (
                        Func(F("centre"), F("centre"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("since"), F("until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                condition=Q(until__gte=F("since")),
                violation_error_message="Dit centrum is in die periode al erkend.",
            ),
        )

    def __str__(self) -> str:
        return f"erkenning {self.since} tot {self.until}"


class Location(models.Model):
    """Where a centre gives guidance; `town` is a number of the gazetteer of `adapters/towns`."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="locations")
    town = models.PositiveIntegerField()
    street = models.CharField(max_length=120)
    free_places = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("centre", "town", "street"),
                name="location_once",
                violation_error_message="Deze vestiging staat er al.",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(free_places=0),
                name="location_closed_has_no_places",
                violation_error_message="Een gesloten vestiging heeft geen vrije plaatsen.",
            ),
        )
        indexes = (
            models.Index(fields=("town",), condition=Q(is_open=True), name="open_locations"),
        )

    def __str__(self) -> str:
        return f"vestiging {self.pk}"


class Coach(models.Model):
    """Who gives the guidance, for one centre or several; qualified from a day, or not yet."""

    name = models.CharField(max_length=120)
    qualified_on = models.DateField(null=True)
    qualified_until = models.DateField(null=True)
    # Of the form on which the authority entered the coach.
    key = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(qualified_until=None) | Q(qualified_until__gte=F("qualified_on")),
                name="coach_qualified_from_and_until",
                violation_error_message="De kwalificatie eindigt niet voor ze begint.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_qualified(self, day: date) -> bool:
        """Whether the coach has the qualification on a day."""
        if self.qualified_on is None or self.qualified_on > day:
            return False
        return self.qualified_until is None or self.qualified_until >= day


class Member(models.Model):
    """Who works for a centre from a day on, with the tasks that it lists; a coach or not.

    The INSZ by which somebody logs in is sealed, as that of a worker.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="members")
    coach = models.ForeignKey(Coach, models.PROTECT, null=True, related_name="members")
    insz_key = models.CharField(max_length=16)
    insz_cipher = models.BinaryField()
    insz_lookup = models.BinaryField(db_index=True)
    name = models.CharField(max_length=120)
    tasks = ArrayField(models.CharField(max_length=12), default=list)
    since = models.DateField()
    until = models.DateField(null=True)
    # Of who came back: first and last day of each earlier time, one after the other.
    earlier = ArrayField(models.DateField(), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("centre", "insz_lookup"),
                name="member_once",
                violation_error_message="Deze persoon is al medewerker van dit centrum.",
            ),
            models.UniqueConstraint(
                fields=("centre", "coach"),
                name="member_coach_once",
                violation_error_message="Deze loopbaanbegeleider werkt al voor dit centrum.",
            ),
            models.CheckConstraint(
                condition=_within("tasks", TASKS),
                name="member_tasks",
                violation_error_message="Deze taak bestaat niet.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="member_since_and_until",
                violation_error_message="Een medewerker eindigt niet voor het begin.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_active(self, day: date) -> bool:
        """Whether she may still do something; an end counts at once, the talks of its day too."""
        return self.since <= day and (self.until is None or self.until > day)

    def worked_on(self, day: date) -> bool:
        """Whether she worked for the centre on a day, now or before she left and came back."""
        last = self.until or day
        times = [(self.since, last), *zip(self.earlier[::2], self.earlier[1::2], strict=True)]
        return any(first <= day <= last for first, last in times)


class Token(models.Model):
    """A key of a centre's own software: shown once, kept as a hash, for some acts and some time."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=12))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_within("scopes", SCOPES) & Q(scopes__len__gt=0),
                name="token_scopes",
                violation_error_message="Een sleutel dient voor minstens één handeling.",
            ),
        )

    def __str__(self) -> str:
        return f"sleutel {self.name}"
