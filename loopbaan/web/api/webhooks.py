"""Where the software of a centre wants to be told of what happened."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from loopbaan.live import webhooks
from loopbaan.live.models import Webhook
from loopbaan.live.models.recognition import SCOPES
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import ActKey, once, one_of
from loopbaan.web.api.description import answers
from loopbaan.web.api.guiding import Number
from loopbaan.web.api.keys import Key, caller

router = Router(tags=["webhooks"])


@router.post(
    "/webhooks", auth=Key(*SCOPES), response=answers(201, shapes.NewHook), url_name="webhooks"
)
def register_webhook(request: HttpRequest, body: shapes.Address, key: ActKey) -> object:
    """Be told at an address, with numbers only, of what happens to what this key may read.

    Scope: any. The answer holds the secret that signs what is sent. A key has one webhook.
    """
    who = caller(request)

    def do() -> shapes.Hook:
        made = webhooks.register(
            token=who.token, address=body.address, now=who.now, actor=who.actor
        )
        return telling.hook(made)

    # An answer with a secret is for the key that asked: another of the centre gets none of it.
    asked = {"token": who.token.pk, **body.model_dump()}
    found: dict[str, Any] = once(request, "webhook", key, asked, do)
    # The secret is kept nowhere, so neither in the answer that is kept.
    secret = webhooks.secret_of(Webhook.objects.get(pk=found["id"]))
    return Status(201, {**found, "secret": secret})


@router.get(
    "/webhooks", auth=Key(*SCOPES), response=answers(200, shapes.Hooks), url_name="webhooks"
)
def read_webhooks(request: HttpRequest) -> shapes.Hooks:
    """Read where this key is told.

    Scope: any.
    """
    rows = Webhook.objects.filter(token=caller(request).token, ended_at=None)
    return shapes.Hooks(items=[telling.hook(each) for each in rows])


@router.post(
    "/webhooks/{hook}/end",
    auth=Key(*SCOPES),
    response=answers(200, shapes.Hook),
    url_name="end_webhook",
)
def end_webhook(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """End a webhook: nothing more is sent there.

    Scope: any.
    """
    return _do(request, webhooks.end, hook, key)


@router.post(
    "/webhooks/{hook}/test",
    auth=Key(*SCOPES),
    response=answers(200, shapes.Hook),
    url_name="test_webhook",
)
def test_webhook(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """Be told of a test: the event webhook.test.

    Scope: any.
    """
    return _do(request, webhooks.send_test, hook, key)


@router.post(
    "/webhooks/{hook}/send-again",
    auth=Key(*SCOPES),
    response=answers(200, shapes.Hook),
    url_name="send_webhook_again",
)
def send_again(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """Be told again of all that was given up because your software did not take it.

    Scope: any.
    """
    return _do(request, webhooks.send_again, hook, key)


def _do(request: HttpRequest, act: Callable[..., object], number: int, key: str) -> object:
    who = caller(request)
    row = one_of(Webhook.objects.filter(token=who.token), number)

    def do() -> shapes.Hook:
        act(webhook=row, now=who.now, actor=who.actor)
        return telling.hook(row)

    return once(request, act.__name__, key, {"hook": number}, do)
