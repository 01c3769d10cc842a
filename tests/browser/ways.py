"""The ways people go: from the check to a paid voucher, or to a refusal."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.installation import Installation
from tests.visitor import Visitor

Look = Callable[[str], None]
# Who waits sees the page come back by itself every two seconds.
SOON = 8_000


def no_look(_name: str) -> None:
    """Who is on the way, and does not stop to look."""


def colleague(site: Installation, key: str) -> Visitor:
    """Somebody of a centre, logged in without the browser."""
    visitor = Visitor(site.address)
    visitor.log_in(member=key)
    return visitor


def check(hands: Hands, *, years: str, months: str = "0", home: str = "Vlaanderen") -> None:
    """Type the facts of the check."""
    hands.choose("Werkt u nu?", "Ja, als werknemer")
    hands.choose("Waar werkt u?", "Vlaanderen")
    hands.choose("Waar woont u?", home)
    hands.type("Jaren", years)
    hands.type("Maanden", months)
    hands.choose("Bent u al eens met een loopbaancheque gestart?", "Nee, nog nooit")
    hands.press("Toon het antwoord")


def order(hands: Hands, name: str) -> int:
    """Choose who one is, on the way to ordering; order, and return the number."""
    hands.press(name)
    expect(heading(hands.page)).to_have_text("Bestel een loopbaancheque")
    hands.press("Bestelling plaatsen")
    return number_of(hands.page)


def pay(hands: Hands, look: Look = no_look) -> None:
    """Wait for the request to pay, and let the bank of the sandbox pay it."""
    stands(hands.page, "Te betalen")
    look("order-granted")
    hands.press("Toon hoe ik betaal")
    main = hands.page.get_by_role("main")
    expect(main.get_by_role("img", name="QR-code")).to_be_visible()
    expect(main).to_contain_text(re.compile(r"\+\+\+\d{3}/\d{4}/\d{5}\+\+\+"))
    look("pay")
    hands.press("met verzonnen geld")


def stands(page: Page, label: str) -> None:
    """Wait until the page of an order says where it stands: it comes back by itself."""
    expect(page.get_by_role("main").get_by_role("heading", name=label)).to_be_visible(timeout=SOON)


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def number_of(page: Page) -> int:
    found = re.search(r"/bestelling/(\d+)", page.url)
    assert found, page.url
    return int(found[1])
