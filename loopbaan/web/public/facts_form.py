"""The questions of the check, in plain words, and how the answers become facts of the law."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loopbaan.law import phrases
from loopbaan.law.checks import DEFAULT_READING
from loopbaan.law.explanation import Worker
from loopbaan.law.ordering import HOMES, LOOK_AHEAD_YEARS
from loopbaan.law.policy import Policy
from loopbaan.live.explaining import facts_of
from loopbaan.web.forms import DayField, PlainForm, choice, whole_number
from loopbaan.web.language import lang

Choices = list[tuple[str, str]]
MONTHS_IN_YEAR = 12
RECENT_MONTHS = 24
NEVER, ONCE, MORE = "0", "1", "2"
YES_NO = [("yes", _("Ja")), ("no", _("Nee"))]
ACTIVITIES = [
    ("employee", _("Ja, als werknemer")),
    ("agency", _("Ja, als uitzendkracht")),
    ("self_employed", _("Ja, als zelfstandige")),
    ("none", _("Nee")),
]
STARTS = [
    (NEVER, _("Nee, nog nooit")),
    (ONCE, _("Ja, één keer")),
    (MORE, _("Ja, twee keer of meer")),
]
LANGUAGES = [("nl", _("Nederlands")), ("other", _("Een andere taal"))]


def homes() -> Choices:
    """Return where one can live, in the words of the law."""
    return [
        (home, words[0].upper() + words[1:])
        for home, words in zip(HOMES, phrases.PLACES[lang()], strict=True)
    ]


class FactsForm(PlainForm):
    """What a person says about herself; nothing of it is kept."""

    activity = choice(
        _("Werkt u nu?"),
        ACTIVITIES,
        hint=_("Bent u ziek, met verlof of in opzeg, en hebt u nog een contract? Kies dan ja."),
    )
    lives_in = choice(_("Waar woont u?"), homes)
    moved_from_eea = forms.BooleanField(
        label=_("Ik verhuisde naar Wallonië uit een ander land van de Europese Economische Ruimte"),
        required=False,
    )
    works_in = forms.ChoiceField(
        label=_("Waar werkt u?"),
        choices=homes,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Werkt u op verschillende plaatsen? Kies waar u het meest werkt."),
    )
    years = whole_number(_("Jaren"), 60)
    months = whole_number(_("Maanden"), 11, initial=0)
    started = choice(_("Bent u al eens met een loopbaancheque gestart?"), STARTS)
    last_started_on = DayField(
        label=_("Wanneer startte u met de laatste cheque?"),
        required=False,
        help_text=_("Weet u de dag niet meer? Kies de eerste dag van die maand."),
    )
    previous_started_on = DayField(
        label=_("Wanneer startte u met de cheque daarvoor?"), required=False
    )
    is_closed = forms.ChoiceField(
        label=_("Is die laatste begeleiding afgesloten?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Uw loopbaancentrum sluit een begeleiding af als ze klaar is."),
    )
    open_order = choice(
        _("Hebt u nu een bestelling lopen, of een cheque die nog niet gestart is?"),
        YES_NO,
        initial="no",
    )
    language = choice(_("In welke taal wilt u de begeleiding?"), LANGUAGES, initial="nl")
    day = DayField(label=_("Op welke dag wilt u bestellen?"))
    if_more = forms.ChoiceField(choices=[("year", "")], required=False)
    if_home = forms.ChoiceField(choices=homes, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].initial = today

    def clean_day(self) -> date:
        """Return a day that is neither over nor too far away."""
        day: date = self.cleaned_data["day"]
        if not self.today <= day <= self._far():
            raise forms.ValidationError(gettext("Kies vandaag of een dag in de komende tien jaar."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for what the other answers make necessary."""
        said = super().clean() or {}
        if said.get("activity") not in (None, "none") and not said.get("works_in"):
            self._ask("works_in", gettext("Kies een antwoord."))
        if said.get("started") in (ONCE, MORE):
            if not said.get("is_closed"):
                self._ask("is_closed", gettext("Kies een antwoord."))
            self._check_start("last_started_on")
        if said.get("started") == MORE:
            self._check_start("previous_started_on")
            last, previous = said.get("last_started_on"), said.get("previous_started_on")
            if last and previous and previous > last:
                sentence = gettext("Deze dag ligt na die van de laatste cheque.")
                self._ask("previous_started_on", sentence)
        return said

    def typed(self) -> Choices:
        """Return the answers as they were typed, to be carried in a form and nowhere else."""
        names = [name for name in self.fields if not name.startswith("if_")]
        return [(name, self.data[name]) for name in names if self.data.get(name)]

    def worker(self, policy: Policy) -> Worker:
        """Return the person as the law sees her, with what she supposes ("what if")."""
        said = self.cleaned_data
        months = said["years"] * MONTHS_IN_YEAR + said["months"]
        if said["if_more"]:
            months += MONTHS_IN_YEAR
        is_working = said["activity"] != "none"
        home = said["if_home"] or said["lives_in"]
        started_on = self._started_on()
        kept = {
            "lives_in": home,
            "moved_from_eea": home == "wallonia" and said["moved_from_eea"],
            "works_in": said["works_in"] if is_working else "none",
            "activity": said["activity"],
            "experience_days": months * policy.experience_year_days // MONTHS_IN_YEAR,
            "experience_months": months,
            # Only the law before 2020 asks for these; who works now is taken to have done so.
            "months_worked_in_last_24": min(months, RECENT_MONTHS) if is_working else 0,
            "agency_weeks_unbroken": 0,
            "last_voucher_closed": not started_on or said["is_closed"] == "yes",
            "open_order": said["open_order"] == "yes",
            "in_dutch": said["language"] == "nl",
        }
        return Worker(
            ordered_on=said["day"],
            known_on=self.today,
            reading=DEFAULT_READING,
            facts=facts_of(kept, started_on),
            started_on=started_on,
            only_checks=True,
        )

    def supposed(self) -> str:
        """Return in words what is supposed; empty if nothing is."""
        if self.cleaned_data["if_more"]:
            return gettext("u één jaar langer had gewerkt")
        if self.cleaned_data["if_home"]:
            place = phrases.PLACES[lang()][HOMES.index(self.cleaned_data["if_home"])]
            return gettext("u in %(place)s woonde") % {"place": place}
        return ""

    def _started_on(self) -> tuple[date, ...]:
        said = self.cleaned_data
        days = {NEVER: (), ONCE: ("last_started_on",)}.get(
            said["started"], ("previous_started_on", "last_started_on")
        )
        return tuple(said[name] for name in days)

    def _check_start(self, name: str) -> None:
        if name in self.errors:
            return
        day = self.cleaned_data.get(name)
        if day is None:
            self._ask(name, gettext("Vul een dag in."))
        elif day > self.today:
            self._ask(name, gettext("Deze dag moet nog komen."))

    def _ask(self, name: str, sentence: str) -> None:
        self.add_error(name, sentence)

    def _far(self) -> date:
        # The day of the month stops at the 28th, so that it exists in every year.
        return self.today.replace(
            year=self.today.year + LOOK_AHEAD_YEARS, day=min(self.today.day, 28)
        )
