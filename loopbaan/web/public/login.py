"""Logging in and out. In the sandbox one chooses a person; an identity provider takes its place."""

from datetime import date
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from loopbaan.adapters.cast import CAST
from loopbaan.adapters.cast_centres import COLLEAGUES
from loopbaan.law import rulebook as rulebooks
from loopbaan.live import parties
from loopbaan.live.cast_centres import enter_cast
from loopbaan.live.enrolling import enrol
from loopbaan.live.facts import keyring
from loopbaan.live.members import members_of
from loopbaan.web import clock
from loopbaan.web.access import (
    AUTHORITY,
    MEMBER,
    OFFICIALS,
    WORKER,
    Actor,
    for_everyone,
    log_in,
    log_out,
)
from loopbaan.web.language import lang
from loopbaan.web.limits import at_most_a_minute
from loopbaan.web.public.site import inside

MOST_LOGINS = 600
INVENTED = 20


@for_everyone
@at_most_a_minute(MOST_LOGINS)
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let somebody of the sandbox be chosen, and be that person from now on."""
    if not settings.SANDBOX:
        return render(request, "public/login_closed.html", status=503)
    goal = inside(request.POST.get("naar") or request.GET.get("naar", ""), "")
    if request.method == "POST":
        return _enter(request, goal)
    cast = [(each.insz, each.person(clock.today()).name, each.en, each.nl) for each in CAST]
    context = {
        "goal": goal,
        "cast": [(insz, name, en if lang() == "en" else nl) for insz, name, en, nl in cast],
        "invented": _invented(clock.today()),
        "officials": OFFICIALS.items(),
        "colleagues": [
            (key, each.name, each.en if lang() == "en" else each.nl)
            for key, (_house, each) in COLLEAGUES.items()
        ],
    }
    return render(request, "public/login.html", context)


@for_everyone
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Be nobody again."""
    log_out(request)
    return redirect("home")


def _enter(request: HttpRequest, goal: str) -> HttpResponse:
    now = clock.now()
    enter_cast(rulebook=rulebooks.current(), keys=keyring(), day=clock.day_of(now), now=now)
    if request.POST.get("member"):
        return _enter_centre(request, request.POST["member"], goal)
    official = request.POST.get("official", "")
    if official:
        if official not in OFFICIALS:
            raise Http404
        log_in(request, Actor(AUTHORITY, official, OFFICIALS[official]))
        return HttpResponseRedirect(goal or reverse("figures"))
    insz = request.POST.get("person", "")
    registers = parties.registers()
    if insz not in {each.insz for each in CAST} | set(registers.people(0, _count())):
        raise Http404
    worker = enrol(
        insz=insz,
        registers=registers,
        keys=keyring(),
        today=clock.today(),
        email=parties.sandbox_address(registers, insz, clock.today()),
    )
    log_in(request, Actor(WORKER, str(worker.pk), worker.name))
    return HttpResponseRedirect(goal or reverse("mine"))


def _enter_centre(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """Be somebody who works for a centre of the cast, as long as she stands on its list."""
    if key not in COLLEAGUES:
        raise Http404
    house, colleague = COLLEAGUES[key]
    found = members_of(colleague.insz, keyring(), clock.today())
    member = next((each for each in found if each.centre.kbo == house.kbo), None)
    if member is None:
        raise Http404
    log_in(request, Actor(MEMBER, str(member.pk), f"{member.name}, {member.centre.name}"))
    return HttpResponseRedirect(goal or reverse("centre" if member.tasks else "coach"))


@cache
def _invented(today: date) -> list[tuple[str, str]]:
    """Return the first of the invented people: number and name."""
    registers = parties.registers()
    people = ((insz, registers.person(insz, on=today)) for insz in registers.people(0, _count()))
    return [(insz, person.name) for insz, person in people if person]


def _count() -> int:
    return min(INVENTED, parties.registers().count)
