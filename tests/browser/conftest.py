"""A real browser, Debian's Chromium, before an installation that really runs."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from loopbaan.adapters.cast import BY_KEY
from tests.browser.looking import SHOTS
from tests.installation import Installation, installation
from tests.visitor import Visitor

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = os.environ.get("LOOPBAAN_BROWSER") == "required"
WIDE = {"width": 1200, "height": 900}
# Nothing of Chromium's own goes out to look for its maker.
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def program() -> str:
    """The browser of this machine; without one these tests are skipped, or fail if they must."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        sentence = "there is no Chromium here: `sh tools/browser.sh` brings it in"
        if REQUIRED:
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="session")
def site(program: str) -> Iterator[Installation]:
    """An installation that serves, without a single order at first."""
    assert program
    SHOTS.mkdir(parents=True, exist_ok=True)
    with installation() as made:
        made.start()
        yield made


# For one module: as long as it runs, this thread has an event loop, and Django's own tests
# rightly refuse to touch the database from such a thread.
@pytest.fixture(scope="module")
def browser(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def opens(browser: Browser, site: Installation) -> Iterator[Opens]:
    """Opens a page in a new window of its own: a cold cache, and whoever is logged in.

    At the end no page wrote to the console or met an error. `may_fail` is for who types nonsense:
    a browser reports each answer of 400 and more.
    """
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def new(
        visitor: Visitor | None = None, lang: str = "nl", *, script: bool = True, may_fail=False
    ) -> Page:
        context = browser.new_context(
            base_url=site.address, viewport=WIDE, locale="nl-BE", java_script_enabled=script
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        cookies = {each.name: each.value or "" for each in visitor.cookies} if visitor else {}
        for name, value in {**cookies, "taal": lang}.items():
            context.add_cookies([{"name": name, "value": value, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        if not may_fail:
            page.on("console", lambda line: said.append(f"{page.url}: {line.text}"))
        page.on("requestfailed", lambda asked: said.extend(_trouble(asked)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture(scope="session")
def people(site: Installation) -> Callable[[str], Visitor]:
    """Someone of the cast by key, or an official by name, logged in without the browser."""
    return logins(site)


def logins(site: Installation) -> Callable[[str], Visitor]:
    """What logs somebody in at an installation."""

    def log_in(who: str) -> Visitor:
        visitor = Visitor(site.address)
        if who in BY_KEY:
            visitor.log_in(person=BY_KEY[who].insz)
        elif who != "nobody":
            visitor.log_in(official=who.removeprefix("official "))
        return visitor

    return log_in


def _trouble(asked: Request) -> Iterator[str]:
    # What is saved instead of shown is "aborted", and so is a page that one leaves.
    if asked.failure != "net::ERR_ABORTED":
        yield f"{asked.url}: {asked.failure}"
