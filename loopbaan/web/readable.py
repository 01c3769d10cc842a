"""Which page can be read where something was sent: the way back, and where a language is changed.

What is sent goes to the address of a page, or to one below it: `/gesprek/7/betwisten`. So the
nearest address above it that can be read is the page of the thing that it was about.
"""

import inspect
from functools import cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from loopbaan.web.access import View


def page_of(request: HttpRequest) -> str:
    """Return the address of this page; where it cannot be read, of the nearest one above it."""
    path = request.path
    if request.method == "GET" and _is_readable(path) is not False:
        return request.get_full_path()
    while path and _is_readable(path) is not True:
        path = path.rpartition("/")[0]
    return path or "/"


def _is_readable(path: str) -> bool | None:
    """Whether a page can be looked at; None where nothing is."""
    try:
        return _is_shown(resolve(path).func)
    except Resolver404:
        return None


@cache
def _is_shown(view: View) -> bool:
    """Whether a view takes a GET: what `require_http_methods` was given, what it returns keeps."""
    methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
    if methods is not None:
        return "GET" in methods
    inner = getattr(view, "__wrapped__", None)
    return inner is None or _is_shown(inner)
