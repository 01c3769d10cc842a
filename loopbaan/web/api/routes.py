"""Where the API is: each call as a route of the site, guarded and bounded as the others are."""

import json
from collections.abc import Iterator
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.operation import Operation

from loopbaan.web.access import SOFTWARE, View, for_everyone
from loopbaan.web.api import (
    description,
    guiding,
    paying,
    reading,
    told,
    vouchers,
    webhooks,
)
from loopbaan.web.api.problems import Problem, codes
from loopbaan.web.api.refusing import handle

MOST_BYTES = 16 * 1_024  # of a body
ROUTERS = (
    reading.router,
    vouchers.router,
    guiding.router,
    paying.router,
    webhooks.router,
)


class Api(NinjaAPI):
    """The API: a call is named as its function is."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of a call."""
        return str(operation.view_func.__name__)


api = Api(
    title=description.TITLE,
    version=description.VERSION,
    description=description.TEXT,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for _router in ROUTERS:
    api.add_router("", _router)
handle(api)


@cache
def described() -> dict[str, Any]:
    """Return the description of the API (OpenAPI 3.1)."""
    schema = api.get_openapi_schema(path_prefix="api/")
    # A plain copy: what was made shares parts.
    made: dict[str, Any] = description.finished(json.loads(json.dumps(schema)))
    return made | {"servers": [{"url": settings.SITE}], "webhooks": told.described()}


@for_everyone
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """Give the description of the API to a program."""
    text = json.dumps(described(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json")


@for_everyone
@require_GET
def manual(request: HttpRequest) -> HttpResponse:
    """Give the description of the API to a person: a page of ours, without scripts."""
    schema = described()
    context = {
        "calls": description.shown(schema),
        "text": description.TEXT,
        "codes": codes(),
        "schema": schema,
        "told": told,
        "events": [(name, each["post"]) for name, each in schema["webhooks"].items()],
    }
    return render(request, "public/api.html", context)


def routes() -> Iterator[URLPattern]:
    """Yield the routes of the API, for the table of the site."""
    yield path("api", manual, name="api")
    yield path("api/openapi.json", openapi, name="api_openapi")
    for each in api.urls[0]:
        if isinstance(each, URLPattern) and each.name != "api-root":
            yield path(f"api/{each.pattern}", _guarded(each.callback), name=f"api_{each.name}")


def _guarded(call: Any) -> View:
    """Return a call as a view of the site: for software, bounded, and answering in its way."""

    @csrf_exempt
    @wraps(call)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = call(request, *args, **kwargs)
        if answer.status_code == 405:
            allowed = answer.headers["Allow"]
            answer = Problem("not_this_way").answer()
            answer.headers["Allow"] = allowed
        return answer

    view.open_to = SOFTWARE  # type: ignore[attr-defined]
    view.most_bytes = MOST_BYTES  # type: ignore[attr-defined]
    return view
