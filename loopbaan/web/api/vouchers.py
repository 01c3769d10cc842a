"""Vouchers at the door of a centre: checked, opened by the worker's code, and started."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from loopbaan.live import guidance, opening
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import ActKey, note_look, once
from loopbaan.web.api.description import answers
from loopbaan.web.api.keys import Key, caller

router = Router(tags=["vouchers"])


@router.post("/check", auth=Key("check"), response=answers(200, shapes.Checked), url_name="check")
def check(request: HttpRequest, body: shapes.Numbers) -> shapes.Checked:
    """Ask whether you can start a voucher, and if not why. Changes nothing, and is noted.

    Scope: check. What misses is a guess; after some guesses you have to wait.
    """
    who = caller(request)
    found = opening.check(
        centre=who.centre, number=body.number, client_number=body.client_number, **who.moment
    )
    if found.order is not None:
        note_look(who, found.order.worker, "check")
    return telling.checked(found)


@router.post("/codes", auth=Key("start"), response=answers(202, shapes.Sentence), url_name="codes")
def ask_code(request: HttpRequest, body: shapes.Numbers, key: ActKey) -> object:
    """Ask that the worker gets a code of six digits for your centre, by mail.

    Scope: start. The answer is the same whatever the numbers are.
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
    "/openings", auth=Key("start"), response=answers(201, shapes.Checked), url_name="openings"
)
def give_code(request: HttpRequest, body: shapes.Code, key: ActKey) -> object:
    """Open a voucher for your centre by the code that its worker handed over.

    Scope: start. Then check it, or start it.
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
        return telling.checked(opening.Checked(None, made.order))

    return Status(201, once(request, "open", key, body.model_dump(), do))


@router.post("/start", auth=Key("start"), response=answers(201, shapes.Track), url_name="start")
def start(request: HttpRequest, body: shapes.Start, key: ActKey) -> object:
    """Start a voucher that is open for your centre: that uses the worker's right.

    Scope: start. The reasons against it are those of a check, or those of the law.
    """
    who = caller(request)

    def do() -> shapes.Track:
        made = guidance.start(centre=who.centre, **body.model_dump(), **who.by_law)
        return telling.track(made)

    return Status(201, once(request, "start", key, body.model_dump(), do))
