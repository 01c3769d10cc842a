"""What software is told when something cannot be done: problem+json (RFC 9457), with stable codes.

`code` is for the program, `detail` for the person behind it, in Dutch or in English as asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from loopbaan.law.wording import LANGS, Lang

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
# The status of each code that is ours, and what it says; those of the law say their own sentence.
OURS: dict[str, tuple[int, dict[Lang, str]]] = {
    "no_key": (
        401,
        {
            "nl": "Stuur een geldige sleutel mee: Authorization: Bearer lb_….",
            "en": "Send a valid key along: Authorization: Bearer lb_….",
        },
    ),
    "not_for_this_key": (
        403,
        {
            "nl": "Deze sleutel dient niet voor deze handeling.",
            "en": "This key does not serve for this act.",
        },
    ),
    "not_found": (
        404,
        {
            "nl": "Dit is er niet, of het is niet van uw centrum.",
            "en": "This does not exist, or it is not your centre's.",
        },
    ),
    "not_this_way": (
        405,
        {"nl": "Zo wordt dit adres niet gevraagd.", "en": "This address is not asked that way."},
    ),
    "refused": (409, {"nl": "Dat kan nu niet.", "en": "That cannot be done now."}),
    "wrong_period": (
        422,
        {
            "nl": "Een afrekening gaat over hoogstens een jaar, en eindigt niet voor ze begint.",
            "en": "A statement is of a year at most, and does not end before it begins.",
        },
    ),
    "too_large": (
        413,
        {"nl": "Wat u verstuurde is te groot.", "en": "What you sent is too large."},
    ),
    "not_understood": (
        422,
        {
            "nl": "Wat u verstuurde, klopt niet met de beschrijving: zie errors.",
            "en": "What you sent does not fit the description: see errors.",
        },
    ),
    "key_used_before": (
        409,
        {
            "nl": "Deze Idempotency-Key werd al gebruikt voor iets anders.",
            "en": "This Idempotency-Key was used before, for something else.",
        },
    ),
    "too_many_guesses": (
        429,
        {"nl": "Te veel pogingen die niet klopten.", "en": "Too many attempts that missed."},
    ),
    "too_often": (
        429,
        {
            "nl": "U vraagt te vaak. Retry-After zegt wanneer u opnieuw mag vragen.",
            "en": "You ask too often. Retry-After says when you may ask again.",
        },
    ),
    "broken": (
        500,
        {
            "nl": "Er liep iets mis bij ons. De fout is genoteerd.",
            "en": "Something went wrong with us. The fault is noted.",
        },
    ),
    "away": (
        503,
        {
            "nl": "Dit werkt nu even niet. Probeer het over een minuut opnieuw.",
            "en": "This does not work just now. Try again in a minute.",
        },
    ),
}
# The codes of the law and of the operations, each with 409: what each means. Their sentences are
# those of the pages.
OF_LAW: dict[str, str] = {
    "centre_not_recognised": "Your centre is, or was, not recognised on that day.",
    "not_opened": "Its worker did not open this voucher for your centre, or it does not exist.",
    "not_paid": "The worker did not pay for this voucher yet.",
    "lapsed": "The term in which this voucher could be started is over.",
    "used": "This voucher was started before.",
    "other_centre": "Its worker opened this voucher for another centre.",
    "wrong_code": "The code is not right, was used, or is too old. It counts as a guess.",
    "not_openable": "This voucher can no longer be opened: started, lapsed or refunded.",
    "not_own_initiative": "You declare that somebody else steers the guidance.",
    "part_of_other_guidance": "You declare that it is part of outplacement, treatment or training.",
    "single_test": "You declare that it is one test or one method.",
    "not_running": "The voucher was closed, or moved to another centre.",
    "wrong_day": "A talk lies between the start of the track and today.",
    "coach_may_not_guide": "On that day this coach was not qualified or did not work for you.",
    "not_a_talk": "Only conversation counts: no preparation, no report.",
    "too_many_minutes": "The voucher has fewer minutes left.",
    "extra_charge": "Nothing may be charged besides the voucher.",
    "talk_settled": "The talk was confirmed, withdrawn or annulled meanwhile.",
    "minutes_left": "Minutes are left, or not confirmed yet.",
    "plan_missing": "There is no personal development plan yet.",
    "agreed_before": "Your centre agreed before: the worker has to agree too.",
    "not_agreed": "Your centre did not agree to close early.",
    "not_closed_here": "Aftercare follows on a closing, at the centre where it was closed.",
    "aftercare_over": "The day lies outside the term of the aftercare.",
    "talk_not_confirmed": "Only a confirmed talk is claimed.",
    "claimed_before": "This talk was claimed before.",
    "wrong_address": "A webhook is an address that begins with https://, of a public machine.",
    "has_webhook": "This key has a webhook: end that one first.",
    "test_under_way": "The last test is still on its way.",
    "nothing_given_up": "Nothing was given up: what waits is sent by itself.",
    "webhook_ended": "This webhook was ended before.",
}
OF_STATUS = {
    403: "not_for_this_key",
    404: "not_found",
    405: "not_this_way",
    409: "refused",
    413: "too_large",
    429: "too_often",
    500: "broken",
    503: "away",
}
WAIT_SECONDS = 60


def codes() -> dict[str, tuple[int, str]]:
    """Return every code there is: its status, and what it means to those who write software."""
    ours = {code: (status, told["en"]) for code, (status, told) in OURS.items()}
    return ours | {code: (409, meaning) for code, meaning in OF_LAW.items()}


class Problem(Exception):
    """A call cannot be done; `code` is one of `OURS`."""

    def __init__(
        self,
        code: str,
        *,
        retry_after: int | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        self.code, self.retry_after, self.errors = code, retry_after, errors
        super().__init__(code)

    def answer(self) -> JsonResponse:
        """Return it as software reads it."""
        status, sentences = OURS[self.code]
        reasons = [(self.code, sentences[_lang()])]
        return made(status, reasons, retry_after=self.retry_after, errors=self.errors)


def is_asked(request: HttpRequest) -> bool:
    """Whether software asks, and not a person."""
    return request.path.startswith(PREFIX)


def of_status(status: int) -> JsonResponse:
    """Return the problem of a status that a part before the API answers with."""
    is_later = status in (429, 503)
    return Problem(OF_STATUS[status], retry_after=WAIT_SECONDS if is_later else None).answer()


def made(
    status: int,
    reasons: Sequence[tuple[str, str]],
    *,
    retry_after: int | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> JsonResponse:
    """Return a problem with its reasons: code and sentence of each, the first one first."""
    code, sentence = reasons[0]
    body: dict[str, Any] = {
        "type": f"/api#{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": sentence,
        "reasons": [{"code": each, "detail": told} for each, told in reasons],
        "errors": list(errors),
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="loopbaan"'
    return response


def _lang() -> Lang:
    return next((each for each in LANGS if each == get_language()), "nl")
