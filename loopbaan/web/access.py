"""Who is logged in, and who may see a page.

The one seam where an identity provider comes: whatever it says ends in `log_in`. What is kept is a
signed cookie with a role, a row id and a name. Each view is open to one of three; a view that does
not say to whom is open to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from loopbaan.live.models import Worker

EVERYONE, WORKER, AUTHORITY = "everyone", "worker", "authority"
# The officials of the sandbox, by the key that the journal keeps.
OFFICIALS = {"claes": "Inspecteur Claes", "dirk": "Dirk", "els": "Els"}
_KEPT = "actor"

Rest = ParamSpec("Rest")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Actor:
    """Who is logged in: a worker by the id of her row, or an official by a key."""

    role: str
    key: str
    name: str

    @property
    def journal_name(self) -> str:
        """What the journal writes: no personal value."""
        return f"{'worker' if self.role == WORKER else 'official'}:{self.key}"


def log_in(request: HttpRequest, actor: Actor) -> None:
    """Remember who is logged in, and forget whoever was."""
    request.session.flush()
    request.session[_KEPT] = [actor.role, actor.key, actor.name]


def log_out(request: HttpRequest) -> None:
    """Forget who was logged in."""
    request.session.flush()


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is logged in, if anybody is."""
    kept = request.session.get(_KEPT)
    return Actor(*kept) if kept else None


def for_everyone(view: View) -> View:
    """Open a view to everyone, logged in or not."""
    return _open_to(EVERYONE, view)


def for_worker(view: Callable[Concatenate[HttpRequest, Worker, Rest], HttpResponse]) -> View:
    """Open a view to workers, and hand it the one who is logged in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        actor = _actor(request, WORKER)
        worker = Worker.objects.filter(pk=int(actor.key)).first() if actor else None
        if worker is None:
            return _to_login(request)
        return view(request, worker, *args, **kwargs)

    return _open_to(WORKER, guarded)


def for_authority(view: Callable[Concatenate[HttpRequest, str, Rest], HttpResponse]) -> View:
    """Open a view to officials, and hand it the journal's name of the one who is logged in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        actor = _actor(request, AUTHORITY)
        if actor is None:
            return _to_login(request)
        return view(request, actor.journal_name, *args, **kwargs)

    return _open_to(AUTHORITY, guarded)


class Middleware:
    """Shuts every view that is not opened, and keeps personal pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = request.resolver_match
        is_public = found is None or getattr(found.func, "open_to", None) == EVERYONE
        is_personal = not is_public or request.method != "GET" or actor_of(request) is not None
        response.headers.setdefault("Cache-Control", "no-store" if is_personal else "no-cache")
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Refuse a view that says nothing of who may see it."""
        if getattr(view, "open_to", None) not in (EVERYONE, WORKER, AUTHORITY):
            raise PermissionDenied


def _open_to(role: str, view: View) -> View:
    view.open_to = role  # type: ignore[attr-defined]
    return view


def _actor(request: HttpRequest, role: str) -> Actor | None:
    actor = actor_of(request)
    if actor is not None and actor.role != role:
        raise PermissionDenied
    return actor


def _to_login(request: HttpRequest) -> HttpResponse:
    log_out(request)
    query = urlencode({"naar": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse('login')}?{query}" if query else reverse("login"))
