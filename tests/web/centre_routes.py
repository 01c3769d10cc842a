"""The routes of a centre and of a coach: how each is asked, and what who works there gets."""

from typing import Any

OK, GO, NO, NONE = 200, 302, 403, 404
# Lieve may do everything at De Brug, where An is guided; Zeger at Centrum Zonder, where nobody is;
# Joris guides at De Brug and has no other task.
CENTRE_ROLES = ("lieve", "zeger", "joris")

CENTRE_TABLE: dict[str, tuple[str, dict[str, Any], tuple[int, int, int]]] = {
    "centre": ("GET", {}, (OK, OK, NO)),
    "centre_check": ("GET", {}, (OK, OK, NO)),
    "centre_ask_code": ("POST", {}, (400, 400, NO)),
    "centre_give_code": ("POST", {}, (400, 400, NO)),
    "centre_start": ("POST", {}, (400, 400, NO)),
    "centre_tracks": ("GET", {}, (OK, OK, NO)),
    "centre_openings": ("GET", {}, (OK, OK, NO)),
    "centre_talks": ("GET", {}, (OK, OK, NO)),
    "centre_plans": ("GET", {}, (OK, OK, NO)),
    "centre_track": ("GET", {}, (OK, NONE, NO)),
    "centre_talk_new": ("GET", {}, (OK, NONE, NO)),
    "centre_talk_withdraw": ("GET", {}, (OK, NONE, NO)),
    "centre_plan": ("GET", {}, (OK, NONE, NO)),
    "centre_plan_paper": ("GET", {}, (NONE, NONE, NO)),  # An filled hers in
    "centre_plan_write": ("GET", {}, (OK, NONE, NO)),
    "centre_plan_upload": ("GET", {}, (OK, NONE, NO)),
    "centre_close": ("GET", {}, (OK, NONE, NO)),
    "centre_close_early": ("GET", {}, (OK, NONE, NO)),
    "centre_stay": ("POST", {}, (409, NONE, NO)),
    "centre_aftercare": ("GET", {}, (OK, NONE, NO)),
    "centre_claims": ("GET", {}, (OK, OK, NO)),
    "centre_claim": ("POST", {}, (GO, GO, NO)),
    "centre_statement": ("GET", {}, (OK, OK, NO)),
    "centre_statement_pdf": ("GET", {}, (OK, OK, NO)),
    "centre_statement_csv": ("GET", {}, (OK, OK, NO)),
    "centre_members": ("GET", {}, (OK, OK, NO)),
    "centre_member_new": ("GET", {}, (OK, OK, NO)),
    "centre_member": ("GET", {}, (OK, NONE, NO)),
    "centre_member_end": ("POST", {}, (GO, NONE, NO)),
    "centre_member_back": ("POST", {}, (409, NONE, NO)),
    "centre_data": ("GET", {}, (OK, OK, NO)),
    "centre_data_change": ("GET", {}, (OK, OK, NO)),
    "centre_account": ("GET", {}, (OK, OK, NO)),
    "centre_location_new": ("GET", {}, (OK, OK, NO)),
    "centre_location": ("GET", {}, (OK, NONE, NO)),
    "centre_coach_new": ("GET", {}, (OK, OK, NO)),
    "centre_coach": ("GET", {}, (OK, NONE, NO)),
    "centre_pay_back": ("POST", {}, (NONE, NONE, NO)),  # nothing is asked yet
    "centre_tokens": ("GET", {}, (OK, OK, NO)),
    "centre_token_new": ("GET", {}, (OK, OK, NO)),
    "centre_token_revoke": ("POST", {}, (GO, NONE, NO)),
    "centre_webhook": ("GET", {}, (OK, NONE, NO)),
    "centre_webhook_end": ("POST", {}, (GO, NONE, NO)),
    "centre_webhook_test": ("POST", {}, (GO, NONE, NO)),
    "centre_webhook_again": ("POST", {}, (409, NONE, NO)),
    "coach": ("GET", {}, (NO, NO, OK)),
    "coach_clients": ("GET", {}, (NO, NO, OK)),
    "coach_plan": ("GET", {}, (NO, NO, NONE)),  # Dora talked with An, Joris did not
    "coach_plan_paper": ("GET", {}, (NO, NO, NONE)),
    "coach_claims": ("GET", {}, (NO, NO, OK)),
}
CENTRE_SENT: dict[str, tuple[dict[str, Any], tuple[int, int, int]]] = {
    "centre_check": ({}, (400, 400, NO)),
    "centre_talk_new": ({}, (400, NONE, NO)),
    "centre_talk_withdraw": ({}, (GO, NONE, NO)),
    "centre_plan_write": ({}, (400, NONE, NO)),
    "centre_plan_upload": ({}, (400, NONE, NO)),
    "centre_close": ({}, (409, NONE, NO)),
    "centre_close_early": ({}, (GO, NONE, NO)),
    "centre_aftercare": ({}, (400, NONE, NO)),
    "centre_member_new": ({}, (400, 400, NO)),
    "centre_member": ({}, (GO, NONE, NO)),
    "centre_data_change": ({}, (400, 400, NO)),
    "centre_account": ({}, (400, 400, NO)),
    "centre_location_new": ({}, (400, 400, NO)),
    "centre_location": ({}, (400, NONE, NO)),
    "centre_coach_new": ({}, (400, 400, NO)),
    "centre_coach": ({"qualified_on": "x"}, (400, NONE, NO)),
    "centre_token_new": ({}, (400, 400, NO)),
    "centre_webhook": ({}, (400, NONE, NO)),
}


def what_a_centre_gets(role: str, name: str, others: tuple[int, ...]) -> int:
    """Return what somebody of a centre gets: of others' pages what everybody gets, or nothing."""
    if name in CENTRE_TABLE:
        return CENTRE_TABLE[name][2][CENTRE_ROLES.index(role)]
    return others[0] if others[0] == others[1] == others[3] else NO


def what_is_answered(role: str, name: str, others: tuple[int, ...]) -> int:
    """Return what somebody of a centre gets who sends something to a page."""
    if name in CENTRE_SENT:
        return CENTRE_SENT[name][1][CENTRE_ROLES.index(role)]
    return others[0] if others[0] == others[1] == others[3] else NO
