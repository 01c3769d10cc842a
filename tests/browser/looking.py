"""Looks at a page as it stands: for whom is it a wall, does it fit, and what it looks like."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
NARROW, WIDE = 320, 1200
HEIGHT = 900
# The rule on how large a target is, of WCAG 2.2, is off unless asked for.
OPTIONS = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
# The names of the pages that were looked at so far.
looked_at: set[str] = set()


def look(page: Page, name: str) -> None:
    """Keep the page as two pictures; assert that it has no barrier and fits on a small screen."""
    page.screenshot(path=SHOTS / f"{name}-{WIDE}.png", full_page=True)
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.screenshot(path=SHOTS / f"{name}-{NARROW}.png", full_page=True)
    barriers, width = faults(page), width_of(page)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    assert width <= NARROW, f"{page.url} is {width} pixels wide"
    assert barriers == [], page.url


def glance(page: Page) -> None:
    """Assert the same of a large screen, without keeping a picture."""
    barriers = faults(page)
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert width_of(page) <= NARROW, f"{page.url} is {width_of(page)} pixels wide"
    assert barriers == [], page.url


def width_of(page: Page) -> int:
    """How wide the page is, in pixels; wider than the screen, and one has to scroll sideways."""
    width: int = page.evaluate("document.scrollingElement.scrollWidth")
    return width


def faults(page: Page) -> list[str]:
    """What axe finds: every rule of WCAG 2.2 A and AA, and the good practices.

    A page of the installation has no script at all: what works here, works without.
    """
    _note(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8") + ";0")
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {OPTIONS})")
    return [
        f"{each['id']}: {node['target']} {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def _note(page: Page) -> None:
    where = urlsplit(page.url)
    if where.scheme == "http":
        assert page.locator("script").count() == 0, page.url
        with suppress(Resolver404):
            looked_at.add(resolve(where.path).url_name)


def sent_to(page: Page) -> list[int]:
    """The bytes of each answer that this page gets from now on, as they went over the line."""
    sent: list[int] = []
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    session.send("Network.enable")
    return sent
