"""Where each page of a centre is, and of those who guide there."""

from django.urls import URLPattern, path

from loopbaan.web.centre import (
    guidance,
    members,
    opening,
    payout,
    plans,
    recognition,
    talks,
    today,
    webhooks,
)
from loopbaan.web.coach import plans as coach_plans
from loopbaan.web.coach import talks as coach

TRACK = "mijn-centrum/trajecten/<int:number>"
KEY = "mijn-centrum/sleutels/<int:number>"


def routes() -> list[URLPattern]:
    """Return the addresses of the centre and of the coach."""
    return [
        path("mijn-centrum", today.today, name="centre"),
        path("mijn-centrum/op-te-starten", opening.opened, name="centre_openings"),
        path("mijn-centrum/cheque", opening.check, name="centre_check"),
        path("mijn-centrum/cheque/code-vragen", opening.ask_code, name="centre_ask_code"),
        path("mijn-centrum/cheque/code", opening.give_code, name="centre_give_code"),
        path("mijn-centrum/cheque/opstarten", opening.start, name="centre_start"),
        path("mijn-centrum/trajecten", guidance.tracks, name="centre_tracks"),
        path(TRACK, guidance.track, name="centre_track"),
        path(f"{TRACK}/gesprek", talks.new, name="centre_talk_new"),
        path("mijn-centrum/gesprekken", talks.talks, name="centre_talks"),
        path("mijn-centrum/plannen", plans.plans, name="centre_plans"),
        path(
            "mijn-centrum/gesprekken/<int:number>/intrekken",
            talks.withdraw,
            name="centre_talk_withdraw",
        ),
        path(f"{TRACK}/plan", plans.plan, name="centre_plan"),
        path(f"{TRACK}/plan.pdf", plans.paper, name="centre_plan_paper"),
        path(f"{TRACK}/plan/invullen", plans.write, name="centre_plan_write"),
        path(f"{TRACK}/plan/uploaden", plans.upload, name="centre_plan_upload"),
        path(f"{TRACK}/afsluiten", guidance.close, name="centre_close"),
        path(f"{TRACK}/vroeger-afsluiten", guidance.close_early, name="centre_close_early"),
        path(f"{TRACK}/verder", guidance.stay, name="centre_stay"),
        path(f"{TRACK}/nazorg", guidance.aftercare, name="centre_aftercare"),
        path("mijn-centrum/vorderingen", payout.claims, name="centre_claims"),
        path("mijn-centrum/vorderen", payout.claim, name="centre_claim"),
        path("mijn-centrum/afrekening", payout.overview, name="centre_statement"),
        path("mijn-centrum/afrekening/terugbetalen", payout.pay_back, name="centre_pay_back"),
        path("mijn-centrum/afrekening.pdf", payout.paper, name="centre_statement_pdf"),
        path("mijn-centrum/afrekening.csv", payout.table, name="centre_statement_csv"),
        *_of_itself(),
        path("mijn-centrum/sleutels", members.tokens, name="centre_tokens"),
        path("mijn-centrum/sleutels/nieuw", members.token_new, name="centre_token_new"),
        path(f"{KEY}/intrekken", members.token_revoke, name="centre_token_revoke"),
        path(f"{KEY}/webhook", webhooks.webhook, name="centre_webhook"),
        path(f"{KEY}/webhook/einde", webhooks.end, name="centre_webhook_end"),
        path(f"{KEY}/webhook/proef", webhooks.test, name="centre_webhook_test"),
        path(f"{KEY}/webhook/opnieuw", webhooks.again, name="centre_webhook_again"),
        path("begeleider", coach.talks, name="coach"),
        path("begeleider/klanten", coach.clients, name="coach_clients"),
        path("begeleider/klanten/<int:number>/plan", coach_plans.plan, name="coach_plan"),
        path(
            "begeleider/klanten/<int:number>/plan.pdf", coach_plans.paper, name="coach_plan_paper"
        ),
        path("begeleider/gevorderd", coach.claims, name="coach_claims"),
    ]


def _of_itself() -> list[URLPattern]:
    """Return the addresses of what a centre says of itself, and of those who work there."""
    return [
        path("mijn-centrum/medewerkers", members.members, name="centre_members"),
        path("mijn-centrum/medewerkers/nieuw", members.new, name="centre_member_new"),
        path("mijn-centrum/medewerkers/<int:number>", members.one, name="centre_member"),
        path("mijn-centrum/medewerkers/<int:number>/einde", members.end, name="centre_member_end"),
        path(
            "mijn-centrum/medewerkers/<int:number>/terug", members.back, name="centre_member_back"
        ),
        path("mijn-centrum/gegevens", recognition.data, name="centre_data"),
        path("mijn-centrum/gegevens/wijzigen", recognition.change, name="centre_data_change"),
        path("mijn-centrum/gegevens/rekening", recognition.account, name="centre_account"),
        path(
            "mijn-centrum/vestigingen/nieuw", recognition.location_new, name="centre_location_new"
        ),
        path("mijn-centrum/vestigingen/<int:number>", recognition.location, name="centre_location"),
        path("mijn-centrum/begeleiders/nieuw", recognition.coach_new, name="centre_coach_new"),
        path("mijn-centrum/begeleiders/<int:number>", recognition.coach, name="centre_coach"),
    ]
