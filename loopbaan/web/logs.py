"""What the pages write in the log: lines of JSON, with the name of a route and never its path."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn import glogging  # type: ignore[import-untyped]

from loopbaan.adapters.log_lines import Lines

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

log = logging.getLogger("loopbaan.request")


class GunicornLogger(glogging.Logger):  # type: ignore[misc]
    """The web server's own words, as the same lines."""

    def setup(self, cfg: Any) -> None:
        """Set it up as it wants, and give it our lines."""
        super().setup(cfg)
        for each in (*self.error_log.handlers, *self.access_log.handlers):
            each.setFormatter(Lines())


class Middleware:
    """Tells of each request, if asked (LOOPBAAN_LOG_REQUESTS): route, status and time."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        begun = time.perf_counter()
        response = self.get_response(request)
        found = request.resolver_match
        told = {
            "route": found.url_name if found else None,
            "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1_000),
        }
        log.info("request", extra={"told": told})
        return response
