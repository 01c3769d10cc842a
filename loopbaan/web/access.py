"""Who is logged in, and who may see a page.

The one seam where an identity provider comes: whatever it says ends in `log_in`. What is kept is a
signed cookie with a role, a row id and a name. Each view is open to one of these; a view that does
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
from django.utils.translation import gettext_noop as _

from loopbaan.live.members import must
from loopbaan.live.models import Member, Worker
from loopbaan.live.moving import Refused
from loopbaan.web import clock

EVERYONE, WORKER, AUTHORITY = "everyone", "worker", "authority"
# Somebody on the list of a centre: the pages of the centre for those with a task, those of the
# coach for those who guide.
MEMBER, CENTRE, COACH = "member", "centre", "coach"
# The software of a centre, which comes with a key and has no cookie (`web/api`).
SOFTWARE = "software"
ROLES = (EVERYONE, WORKER, AUTHORITY, CENTRE, COACH, SOFTWARE)
# The officials of the sandbox, by the key that the journal keeps.
OFFICIALS = {"claes": "Inspecteur Claes", "dirk": "Dirk", "els": "Els"}
_KEPT = "actor"
NO_TASKS = _("U hebt nog geen taken: vraag ze aan wie bij uw centrum de medewerkers beheert.")

Rest = ParamSpec("Rest")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Actor:
    """Who is logged in: a worker or a member by the id of the row, or an official by a key."""

    role: str
    key: str
    name: str

    @property
    def journal_name(self) -> str:
        """What the journal writes: no personal value."""
        return f"{'official' if self.role == AUTHORITY else self.role}:{self.key}"


def log_in(request: HttpRequest, actor: Actor) -> None:
    """Remember who is logged in, and forget whoever was."""
    request.session.flush()
    request.session[_KEPT] = [actor.role, actor.key, actor.name]


def log_out(request: HttpRequest) -> None:
    """Forget who was logged in."""
    request.session.flush()


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is logged in, if anybody is."""
    # A request that is refused before it has a session is nobody's.
    kept = request.session.get(_KEPT) if hasattr(request, "session") else None
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


def for_centre(
    *tasks: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Member, Rest], HttpResponse]], View]:
    """Open a view to the members of centres who have one of these tasks, and hand it who it is.

    Without a word of tasks any will do; the law of what a member may do is the centre's own list.
    """

    def opened(
        view: Callable[Concatenate[HttpRequest, Member, Rest], HttpResponse],
    ) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            _actor(request, MEMBER)
            member = member_of(request)
            if member is None:
                return _to_login(request)
            if not member.tasks:
                raise PermissionDenied(NO_TASKS)
            _must(member, tasks)
            return view(request, member, *args, **kwargs)

        return _open_to(CENTRE, guarded)

    return opened


def for_coach(view: Callable[Concatenate[HttpRequest, Member, Rest], HttpResponse]) -> View:
    """Open a view to the members of centres who guide, and hand it the one who is logged in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        _actor(request, MEMBER)
        member = member_of(request)
        if member is None:
            return _to_login(request)
        if member.coach_id is None:
            raise PermissionDenied("" if member.tasks else NO_TASKS)
        return view(request, member, *args, **kwargs)

    return _open_to(COACH, guarded)


def member_of(request: HttpRequest) -> Member | None:
    """Return the member who is logged in, while she is on the list of her centre; asked once."""
    actor = actor_of(request)
    if actor is None or actor.role != MEMBER:
        return None
    if not hasattr(request, "member"):
        # Whoever asks again while the database is away, does not wait for it again.
        request.member = None  # type: ignore[attr-defined]
        found = Member.objects.select_related("centre", "coach").filter(pk=int(actor.key)).first()
        is_active = found is not None and found.is_active(clock.today())
        request.member = found if is_active else None  # type: ignore[attr-defined]
    kept: Member | None = request.member  # type: ignore[attr-defined]
    return kept


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
        if getattr(view, "open_to", None) not in ROLES:
            raise PermissionDenied


def _open_to(role: str, view: View) -> View:
    view.open_to = role  # type: ignore[attr-defined]
    return view


def _actor(request: HttpRequest, role: str) -> Actor | None:
    actor = actor_of(request)
    if actor is not None and actor.role != role:
        raise PermissionDenied
    return actor


def _must(member: Member, tasks: tuple[str, ...]) -> None:
    """Pass if a member may do one of these tasks; the list of the centre says so."""
    last = None
    for task in tasks:
        try:
            must(member, task, clock.today())
        except Refused as error:
            last = error
        else:
            return
    if last is not None:
        raise PermissionDenied(last.sentence)


def name_of(member: Member) -> str:
    """Return what the journal writes for a member: no personal value."""
    return f"{MEMBER}:{member.pk}"


def _to_login(request: HttpRequest) -> HttpResponse:
    log_out(request)
    query = urlencode({"naar": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse('login')}?{query}" if query else reverse("login"))
