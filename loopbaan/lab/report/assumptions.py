"""What each drawn assumption is called, for those who never saw a model; Dutch and English."""

from loopbaan.law.wording import Lang

NAMES: dict[str, tuple[str, str]] = {
    "scope_population": ("hoeveel werkenden er zijn", "how many workers there are"),
    "eligible_share_84_months": (
        "welk deel van de werkenden zeven jaar ervaring heeft",
        "which part of workers has seven years of experience",
    ),
    "relative_hazard_woman": (
        "hoeveel vaker vrouwen bestellen dan mannen",
        "how much more often women order than men",
    ),
    "relative_hazard_high_education": (
        "hoeveel vaker hooggeschoolden bestellen dan middengeschoolden",
        "how much more often the high educated order than the middle",
    ),
    "relative_hazard_low_education": (
        "hoeveel minder laaggeschoolden bestellen dan middengeschoolden",
        "how much less often the low educated order than the middle",
    ),
    "relative_hazard_age_20_29": (
        "hoe vaak twintigers bestellen, tegenover veertigers",
        "how often people of 20 to 29 order, against 40 to 49",
    ),
    "relative_hazard_age_30_39": (
        "hoe vaak dertigers bestellen, tegenover veertigers",
        "how often people of 30 to 39 order, against 40 to 49",
    ),
    "relative_hazard_age_50_plus": (
        "hoe vaak vijftigplussers bestellen, tegenover veertigers",
        "how often people of 50 and over order, against 40 to 49",
    ),
    "relative_hazard_self_employed": (
        "hoe vaak zelfstandigen bestellen, tegenover werknemers",
        "how often the self-employed order, against employees",
    ),
    "relative_hazard_non_eu_origin": (
        "hoe vaak mensen van herkomst buiten de EU bestellen, tegenover de anderen",
        "how often people of origin outside the EU order, against others",
    ),
    "relative_hazard_health_limited": (
        "hoe vaak mensen met een gezondheidsbeperking bestellen, tegenover de anderen",
        "how often people limited by health order, against others",
    ),
    "relative_hazard_burnout_symptoms": (
        "hoe vaak mensen met burn-outklachten bestellen, tegenover de anderen",
        "how often people with burn-out symptoms order, against others",
    ),
    "relative_hazard_not_workable_job": (
        "hoe vaak mensen zonder werkbaar werk bestellen, tegenover de anderen",
        "how often people without a workable job order, against others",
    ),
    "relative_hazard_job_search": (
        "hoe vaak mensen die ander werk zoeken bestellen, tegenover de anderen",
        "how often people who look for other work order, against others",
    ),
    "covid_factor_2020": (
        "hoeveel covid in 2020 van de bestellingen afnam",
        "how much covid took off the orders of 2020",
    ),
    "covid_factor_2021": (
        "hoeveel covid in 2021 van de bestellingen afnam",
        "how much covid took off the orders of 2021",
    ),
    "hours_cut_factor_2020": (
        "hoeveel minder mensen bestellen voor zeven uur dan voor acht",
        "how many fewer order for seven hours than for eight",
    ),
    "season_amplitude": ("hoe sterk de seizoenen spelen", "how strong the seasons are"),
    "condition_spillover_first_year": (
        "hoeveel mensen met recht wegblijven als een voorwaarde strenger wordt",
        "how many with a right stay away when a condition narrows",
    ),
    "price_elasticity": (
        "hoeveel bestellingen een hogere prijs kost",
        "how many orders a higher price costs",
    ),
    "price_sensitivity_lowest_quintile": (
        "hoeveel gevoeliger de laagste lonen zijn voor de prijs",
        "how much more the lowest wages mind the price",
    ),
    "price_sensitivity_highest_quintile": (
        "hoeveel minder gevoelig de hoogste lonen zijn voor de prijs",
        "how much less the highest wages mind the price",
    ),
    "full_price_buyers_share": (
        "wie de volle prijs zelf betaalt als er geen cheque is",
        "who pays the full price where there is no voucher",
    ),
    "third_payer_share": (
        "voor wie werkgever, sectorfonds of vakbond betaalt",
        "for whom employer, sector fund or union pays",
    ),
    "employer_steering_effect": (
        "wie afhaakt omdat de werkgever het dan weet",
        "who drops out because the employer would know",
    ),
    "front_load_total_share": (
        "hoeveel mensen zich haasten voor een aangekondigde verslechtering",
        "how many hurry before an announced worsening",
    ),
    "front_load_decay_weeks": (
        "hoe kort voor de verandering ze zich haasten",
        "how shortly before the change they hurry",
    ),
    "post_change_dip_share": (
        "hoeveel van die haast later ontbreekt",
        "how much of that hurry is missing later",
    ),
    "news_shock_multiplier_week1": (
        "hoeveel meer mensen bestellen in de eerste dagen na slecht nieuws",
        "how many more order in the first days after bad news",
    ),
    "race_share_present_at_opening": (
        "wie klaar zit als de plaatsen opengaan",
        "who is ready when the places open",
    ),
    "race_arrival_minutes_median": (
        "na hoeveel minuten wie klaar zit, binnen is",
        "after how many minutes those who are ready are in",
    ),
    "race_system_capacity_per_minute": (
        "hoeveel bestellingen de site per minuut aankan",
        "how many orders the site can take a minute",
    ),
    "race_odds_low_digital": (
        "hoeveel minder kans wie digitaal zwak is heeft om op tijd te zijn",
        "how much less often the digitally weak are in time",
    ),
    "race_odds_desk_job": (
        "hoeveel meer kans wie aan een scherm zit heeft om op tijd te zijn",
        "how much more often those at a screen are in time",
    ),
    "race_learning_per_loss": (
        "hoeveel wie verloor daaruit leert",
        "how much those who lost learn from it",
    ),
    "retry_next_month": (
        "wie zonder plaats bleef en het de volgende maand opnieuw probeert",
        "who found no place and tries again next month",
    ),
    "retry_decay": (
        "hoe snel mensen het opgeven na nog een weigering",
        "how fast people give up after another refusal",
    ),
    "retry_ratio_low_to_high_education": (
        "hoe vaak laaggeschoolden opnieuw proberen, tegenover hooggeschoolden",
        "how often the low educated try again, against the high educated",
    ),
    "wait_drop_per_month": (
        "wie op de wachtlijst afhaakt, per maand",
        "who leaves the waiting list, a month",
    ),
    "draw_entry_ratio": (
        "hoeveel meer mensen meedoen aan een loting dan aan een race",
        "how many more enter a draw than a race",
    ),
    "draw_entry_ratio_low_education": (
        "hoeveel meer laaggeschoolden meedoen aan een loting dan aan een race",
        "how many more of the low educated enter a draw than a race",
    ),
    "refused_share": ("hoeveel bestellingen geweigerd worden", "how many orders are refused"),
    "false_refusal_share": (
        "hoeveel weigeringen ten onrechte zijn",
        "how many refusals are wrong",
    ),
    "contest_share": (
        "wie een foute weigering betwist",
        "who contests a wrong refusal",
    ),
    "unpaid_share": ("wie niet op tijd betaalt", "who does not pay in time"),
    "unstarted_share": ("wie betaalt en niet start", "who pays and does not start"),
    "start_delay_weeks_median": (
        "hoe lang het duurt tot het eerste gesprek",
        "how long it takes until the first talk",
    ),
    "early_close_share": (
        "wie stopt met uren over",
        "who stops with hours left",
    ),
    "second_voucher_gap_months_median": (
        "hoe lang het duurt tot een tweede cheque",
        "how long it takes until a second voucher",
    ),
    "repeat_after_six_years": (
        "wie na zes jaar terugkomt",
        "who comes back after six years",
    ),
    "no_show_share": ("hoeveel gesprekken gemist worden", "how many talks are missed"),
    "weeks_between_talks": (
        "hoeveel weken tussen twee gesprekken liggen",
        "how many weeks lie between two talks",
    ),
    "effect_job_change_12m": (
        "of begeleiding tot ander werk leidt",
        "whether guidance leads to other work",
    ),
    "effect_job_satisfaction_sd": (
        "of begeleiding tevredener maakt met het werk",
        "whether guidance makes more content with work",
    ),
    "effect_burnout_symptoms_sd": (
        "of begeleiding burn-outklachten vermindert",
        "whether guidance lessens burn-out symptoms",
    ),
    "effect_long_sickness_relative": (
        "of begeleiding langdurige ziekte vermijdt",
        "whether guidance avoids long sickness",
    ),
    "baseline_long_sickness_user_24m": (
        "hoe vaak deelnemers zonder begeleiding langdurig ziek worden",
        "how often users would fall long sick without guidance",
    ),
    "effect_fade_half_life_months": (
        "hoe snel effecten uitdoven",
        "how fast effects fade",
    ),
    "effect_hours_curve": (
        "hoeveel vier uur doet tegenover zeven",
        "how much four hours do against seven",
    ),
    "deadweight_share": (
        "wie zonder cheque even goede hulp had gevonden",
        "who would have found equal help without a voucher",
    ),
    "centre_size_sigma": (
        "hoe ongelijk centra in grootte zijn",
        "how unequal centres are in size",
    ),
    "centre_coach_share_large": (
        "welk deel van de vergoeding in grote centra naar coaches gaat",
        "which part of the fee goes to coaches in large centres",
    ),
    "centre_coach_share_small": (
        "welk deel van de vergoeding in kleine centra naar coaches gaat",
        "which part of the fee goes to coaches in small centres",
    ),
    "centre_fixed_cost_share": (
        "hoe hoog de vaste kosten van centra zijn",
        "how high the fixed costs of centres are",
    ),
    "centre_voucher_income_share_large": (
        "hoe sterk grote centra van cheques leven",
        "how much large centres live from vouchers",
    ),
    "centre_voucher_income_share_small": (
        "hoe sterk kleine centra van cheques leven",
        "how much small centres live from vouchers",
    ),
    "centre_reserve_months": (
        "hoe lang de reserves van centra duren",
        "how long the reserves of centres last",
    ),
    "centre_stop_share_if_income_minus_74": (
        "hoeveel centra stoppen als hun inkomen wegvalt",
        "how many centres stop when their income falls away",
    ),
    "coach_drift_share": (
        "hoeveel coaches dan alleen verder gaan",
        "how many coaches then go on alone",
    ),
    "access_radius_km": (
        "hoe ver mensen willen reizen",
        "how far people will travel",
    ),
    "benefit_year_long_sickness": (
        "wat een jaar ziekte-uitkering kost",
        "what a year of sickness benefit costs",
    ),
    "state_cost_year_long_sickness": (
        "wat een jaar langdurige ziekte de staat kost",
        "what a year of long sickness costs the state",
    ),
    "mean_duration_long_sickness_years": (
        "hoe lang een langdurige ziekte duurt",
        "how long a long sickness lasts",
    ),
}


def assumption_text(name: str, lang: Lang) -> str:
    """Return what an assumption is called; one that is newer than this list keeps its name."""
    return NAMES.get(name, (name, name))[lang == "en"]
