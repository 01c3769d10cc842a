"""Where each figure of a report comes from: formula, what goes in, and how sure it is.

`assumptions` are names of `behaviour.yaml`, `numbers` are names of `law/policy.yaml`, `places` are
the files of the code that counts it.
"""

from dataclasses import dataclass

from loopbaan.law.wording import Lang

Two = dict[Lang, str]
_HAZARDS = ("first_order_hazard_month_aware", "awareness_2013", "awareness_half_years")
_RACE = (
    "race_share_present_at_opening",
    "race_arrival_minutes_median",
    "race_system_capacity_per_minute",
    "race_odds_low_digital",
    "race_odds_desk_job",
    "race_learning_per_loss",
)
_RETRY = ("retry_next_month", "retry_decay", "retry_ratio_low_to_high_education")
_DRAW = ("draw_entry_ratio", "draw_entry_ratio_low_education", "wait_drop_per_month")
_LOST = ("refused_share", "unpaid_share", "unstarted_share")
_CASE = ("state_cost_year_long_sickness", "mean_duration_long_sickness_years")
_CAP = ("cap_per_month", "cap_counts", "allocation", "reserved_percent", "release")


@dataclass(frozen=True)
class Explained:
    """A figure. `sure` says what was counted, what is assumed, and what nobody knows."""

    meaning: Two
    formula: Two
    sure: Two
    assumptions: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


_RACES: Two = {
    "nl": "Aangenomen patroon onder een maximum: de richting komt uit andere landen, de grootte is"
    " aangenomen. Niemand publiceerde wie een plaats kreeg.",
    "en": "Assumed pattern under a cap: direction from other countries, size assumed. Nobody"
    " published who got a place.",
}
_NO_CAUSAL: Two = {
    "nl": "Geen causaal bewijs. Nul ligt in de band.",
    "en": "No causal evidence. Zero lies inside the band.",
}

FIGURES: dict[str, Explained] = {
    "users": Explained(
        {
            "nl": "mensen die een cheque startten, van wie in de getelde maanden bestelde",
            "en": "people who started a voucher, of those who ordered in the months that count",
        },
        {
            "nl": "personen met minstens één bestelling in die maanden die tot een start kwam",
            "en": "persons with at least one order in those months that came to a start",
        },
        {
            "nl": "Afgestemd op gepubliceerde aantallen tot en met 2019; daarna voorspeld.",
            "en": "Fitted on published counts up to 2019; predicted after that.",
        },
        (*_HAZARDS, *_LOST, "second_voucher_share", *_RETRY),
        ("least_experience_days", "vouchers_per_look_back", "share_cents", *_CAP),
        ("lab/hazards.py", "law/ordering.py", "law/allocation.py", "lab/journeys.py"),
    ),
    "started_of_100": Explained(
        {
            "nl": "van elke 100 personen die bestelden: hoeveel startten",
            "en": "of every 100 persons who ordered: how many started",
        },
        {
            "nl": "100 × personen die startten / personen die bestelden, in de getelde maanden",
            "en": "100 × persons who started / persons who ordered, in the months that count",
        },
        _RACES,
        (*_LOST, *_RACE, *_RETRY, *_DRAW),
        ("least_experience_days", "payment_days", "start_months", *_CAP),
        ("lab/falling_out.py", "lab/race.py", "lab/journeys.py"),
    ),
    "placed_of_100": Explained(
        {
            "nl": "van elke 100 wensen met recht: hoeveel kregen een plaats",
            "en": "of every 100 wishes with a right: how many got a place",
        },
        {
            "nl": "100 × wensen met een plaats / wensen; een wens zijn bestellingen van één persoon"
            " die op elkaar volgen",
            "en": "100 × wishes with a place / wishes; a wish is the orders of one person that"
            " follow"
            " from one another",
        },
        _RACES,
        (*_RACE, *_RETRY, *_DRAW),
        _CAP,
        ("lab/waiting.py", "lab/line.py", "law/allocation.py"),
    ),
    "wait_days": Explained(
        {
            "nl": "dagen van de eerste bestelling tot een plaats, gemiddeld",
            "en": "days from the first order to a place, mean",
        },
        {
            "nl": "som van de dagen / wensen met een plaats; wie er nooit een kreeg telt niet mee",
            "en": "sum of the days / wishes with a place; who never got one does not count",
        },
        _RACES,
        (*_RETRY, "wait_drop_per_month"),
        _CAP,
        ("lab/waiting.py",),
    ),
    "government_million": Explained(
        {
            "nl": "wat de Vlaamse overheid betaalt voor de bestellingen van de getelde maanden",
            "en": "what the Flemish government pays for the orders of the months that count",
        },
        {
            "nl": "minuten gesprek × vergoeding per uur × (1 + btw) − eigen bijdrage − andere"
            " betalers",
            "en": "minutes of talk × fee an hour × (1 + VAT) − own share − other payers",
        },
        {
            "nl": "De bedragen staan in de wet; de aantallen zijn die van `users`. Het model geeft"
            " 2019 te laag: volle uren geven 25,5 miljoen, gepubliceerd is 27,4.",
            "en": "The amounts stand in the law; the counts are those of `users`. The model is too"
            " low"
            " for 2019: full hours give 25.5 million, 27.4 was published.",
        },
        (*_HAZARDS, "early_close_share", "no_show_share"),
        ("fee_millicents_per_hour", "vat_percent", "share_cents", "first_voucher_minutes"),
        ("law/payout.py", "lab/orders.py"),
    ),
    "break_even": Explained(
        {
            "nl": "vermeden gevallen van langdurige ziekte waarmee 100 deelnemers zich"
            " terugbetalen",
            "en": "avoided cases of long sickness that would pay for 100 users",
        },
        {
            "nl": "100 × kost per deelnemer / (kost van een ziektejaar × jaren per geval)",
            "en": "100 × cost of a user / (cost of a year of sickness × years a case)",
        },
        {
            "nl": "Rekenwerk, wat begeleiding ook doet; de band is die van de kost van een geval.",
            "en": "Arithmetic, whatever guidance does; the band is that of the cost of a case.",
        },
        _CASE,
        ("fee_millicents_per_hour", "vat_percent", "share_cents"),
        ("lab/break_even.py",),
    ),
    "avoided_cases": Explained(
        {
            "nl": "vermeden gevallen van langdurige ziekte per 100 deelnemers, zoals aangenomen",
            "en": "avoided cases of long sickness per 100 users, as assumed",
        },
        {
            "nl": "100 × kans op langdurige ziekte zonder begeleiding × daling door begeleiding"
            " × het deel van die daling dat de gevolgde uren geven",
            "en": "100 × chance of long sickness without guidance × fall due to guidance × the part"
            " of that fall that the hours give",
        },
        _NO_CAUSAL,
        ("baseline_long_sickness_user_24m", "effect_long_sickness_relative", "effect_hours_curve"),
        ("first_voucher_minutes", "second_voucher_minutes"),
        ("lab/break_even.py", "lab/effects.py"),
    ),
    "centres_at_risk": Explained(
        {
            "nl": "centra waarvan de cheques de vaste kosten langer niet dekken dan de reserves"
            " duren",
            "en": "centres whose vouchers do not cover fixed costs for longer than reserves last",
        },
        {
            "nl": "zes maanden inkomen < vaste kosten / (1 − deel voor coaches), langer dan"
            " reserve /"
            " deel van het inkomen uit cheques",
            "en": "six months of income < fixed costs / (1 − part of coaches), for longer than"
            " reserve"
            " / part of the income from vouchers",
        },
        {
            "nl": "Aangenomen patroon: kosten en reserves zijn nergens gepubliceerd. In gevaar is"
            " niet"
            " gesloten.",
            "en": "Assumed pattern: costs and reserves are published nowhere. At risk is not"
            " closed.",
        },
        (
            "centre_fixed_cost_share",
            "centre_coach_share_large",
            "centre_coach_share_small",
            "centre_reserve_months",
            "centre_voucher_income_share_large",
            "centre_voucher_income_share_small",
            "centre_size_sigma",
        ),
        ("fee_millicents_per_hour",),
        ("lab/risks.py", "lab/centres.py"),
    ),
    "sold_out_minute": Explained(
        {
            "nl": "minuut waarin de laatste plaats van een maand ging",
            "en": "minute in which the last place of a month went",
        },
        {
            "nl": "aankomst van wie klaar zit, daarna de rij van de site; de plaatsen in die"
            " volgorde",
            "en": "arrival of those who are ready, then the queue of the site; places in that"
            " order",
        },
        {
            "nl": "Gezet met de Nederlandse wachtkamer, niet met april 2025 (dat wordt voorspeld:"
            " `loopbaan lab backtest`).",
            "en": "Set by the Dutch waiting room, not by April 2025 (that is predicted: `loopbaan"
            " lab backtest`).",
        },
        _RACE,
        _CAP,
        ("lab/race.py", "lab/opening.py", "lab/line.py"),
    ),
}
