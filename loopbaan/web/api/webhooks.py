"""Where the software of a centre wants to be told of what happened."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from loopbaan.live import webhooks
from loopbaan.live.models import Webhook
from loopbaan.live.models.recognition import SCOPES
from loopbaan.web.api import shapes, telling
from loopbaan.web.api.asking import ActKey, Number, once, one_of
from loopbaan.web.api.description import call
from loopbaan.web.api.keys import caller

router = Router(tags=["webhooks"])


@router.post(
    "/webhooks",
    url_name="webhooks",
    **call(*SCOPES, answers=shapes.NewHook, status=201, problems=("wrong_address", "has_webhook")),
)
def register_webhook(request: HttpRequest, body: shapes.Address, key: ActKey) -> object:
    """Be told at an address, with numbers only, of what happens to what this key may read.

    The answer holds the secret that signs what is sent. A key has one webhook.
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


@router.get("/webhooks", url_name="webhooks", **call(*SCOPES, answers=shapes.Hooks))
def read_webhooks(request: HttpRequest) -> shapes.Hooks:
    """Read where this key is told."""
    rows = Webhook.objects.filter(token=caller(request).token, ended_at=None)
    return shapes.Hooks(items=[telling.hook(each) for each in rows])


@router.post(
    "/webhooks/{hook}/end",
    url_name="end_webhook",
    **call(*SCOPES, answers=shapes.Hook, problems=("webhook_ended",)),
)
def end_webhook(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """End a webhook: nothing more is sent there."""
    return _do(request, webhooks.end, hook, key)


@router.post(
    "/webhooks/{hook}/test",
    url_name="test_webhook",
    **call(*SCOPES, answers=shapes.Hook, problems=("test_under_way", "webhook_ended")),
)
def test_webhook(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """Be told of a test: the event webhook.test."""
    return _do(request, webhooks.send_test, hook, key)


@router.post(
    "/webhooks/{hook}/send-again",
    url_name="send_webhook_again",
    **call(*SCOPES, answers=shapes.Hook, problems=("nothing_given_up", "webhook_ended")),
)
def send_again(request: HttpRequest, hook: Number, key: ActKey) -> object:
    """Be told again of all that was given up because your software did not take it."""
    return _do(request, webhooks.send_again, hook, key)


def _do(request: HttpRequest, act: Callable[..., object], number: int, key: str) -> object:
    who = caller(request)
    row = one_of(Webhook.objects.filter(token=who.token), number)

    def do() -> shapes.Hook:
        act(webhook=row, now=who.now, actor=who.actor)
        return telling.hook(row)

    return once(request, act.__name__, key, {"hook": number}, do)
