"""What is a worker's own, and under which name she acts."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from loopbaan.live.models import Order, Worker
from loopbaan.web.access import actor_of


def own(worker: Worker, number: int) -> Order:
    """Return an order of this worker; that of somebody else does not exist."""
    mine = worker.orders.select_related("standing", "payment_request", "voucher")
    return get_object_or_404(mine, pk=number)


def acting(request: HttpRequest) -> str:
    """Return the name under which the journal writes who acts."""
    actor = actor_of(request)
    assert actor is not None, "the guard let nobody in who is not logged in"
    return actor.journal_name
