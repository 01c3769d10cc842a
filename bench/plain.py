"""A bare Django page that inserts one row: what the page of an order is measured against."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from loopbaan.live.models import Order
from loopbaan.web.access import for_everyone


@for_everyone
def insert(request: HttpRequest) -> HttpResponse:
    """Insert an order, and nothing else."""
    order = Order.objects.create(
        worker_id=int(request.POST["worker"]),
        received_at=timezone.now(),
        ordered_on="2025-04-01",
        idempotency_key=uuid4(),
    )
    return HttpResponse(str(order.pk))


urlpatterns = [path("", insert)]
