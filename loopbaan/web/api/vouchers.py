"""Vouchers at the door of a centre: checked, opened by the worker's code, and started."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from loopbaan.live import guidance, opening
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import ActKey, note_look, once
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import caller

router = Router(tags=["vouchers"])
# Who may check at the counter may open there too, as on the pages of the centre.
DOOR = ("check", "start")


@router.post(
    "/check",
    url_name="check",
    **call(*DOOR, answers=shapes.Checked, problems=("too_many_guesses",)),
)
def check(request: HttpRequest, body: shapes.Numbers) -> shapes.Checked:
    """Ask whether you can start a voucher, and if not why. Changes nothing, and is noted.

    What misses is a guess; after some guesses you have to wait.
    """
    who = caller(request)
    found = opening.check(
        centre=who.centre, number=body.number, client_number=body.client_number, **who.moment
    )
    if found.order is not None:
        note_look(who, found.order.worker, "check")
    return telling.checked(found)


@router.post(
    "/codes",
    url_name="codes",
    **call(
        *DOOR,
        answers=shapes.Sentence,
        status=202,
        problems=("centre_not_recognised", "too_many_guesses"),
    ),
)
def ask_code(request: HttpRequest, body: shapes.Numbers, key: ActKey) -> object:
    """Ask that the worker gets a code of six digits for your centre, by mail.

    The answer is the same whatever the numbers are.
    """
    who = caller(request)

    def do() -> shapes.Sentence:
        said = opening.ask_code(
            centre=who.centre, number=body.number, client_number=body.client_number, **who.moment
        )
        return shapes.Sentence(sentence=said)

    found = once(request, "ask_code", key, body.model_dump(), do)
    return Status(202, {"sentence": _(found["sentence"])})


@router.post(
    "/openings",
    url_name="openings",
    **call(
        *DOOR,
        answers=shapes.Checked,
        status=201,
        problems=("wrong_code", "not_openable", "centre_not_recognised", "too_many_guesses"),
    ),
)
def give_code(request: HttpRequest, body: shapes.Code, key: ActKey) -> object:
    """Open a voucher for your centre by the code that its worker handed over.

    The answer is that of a check: whether you can start it now.
    """
    who = caller(request)

    def do() -> shapes.Checked:
        made = opening.give_code(
            centre=who.centre,
            number=body.number,
            client_number=body.client_number,
            code=body.code,
            **who.moment,
        )
        note_look(who, made.order.worker, "check")
        # Open is not all: it may be lapsed, or not be paid yet.
        return telling.checked(opening.checked_of(made.order, who.centre, who.day))

    return Status(201, once(request, "open", key, body.model_dump(), do))


@router.post(
    "/start",
    url_name="start",
    **call(
        "start",
        answers=shapes.Track,
        status=201,
        problems=(
            "not_opened",
            "not_paid",
            "lapsed",
            "used",
            "other_centre",
            "centre_not_recognised",
            "not_own_initiative",
            "part_of_other_guidance",
            "single_test",
            "too_many_guesses",
        ),
    ),
)
def start(request: HttpRequest, body: shapes.Start, key: ActKey) -> object:
    """Start a voucher that is open for your centre: that uses the worker's right.

    The reasons against it are those of a check, or those of the law.
    """
    who = caller(request)

    def do() -> shapes.Track:
        made = guidance.start(centre=who.centre, **body.model_dump(), **who.by_law)
        return telling.track(made)

    return Status(201, once(request, "start", key, body.model_dump(), do))
