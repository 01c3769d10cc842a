"""Every page, in both languages: no barrier, fits on a phone, light to send."""

import time
from collections.abc import Callable

import pytest
from django.urls import resolve

from tests.browser import test_authority, test_centre, test_lab, test_life
from tests.browser.looking import glance, look, sent_to
from tests.visitor import Visitor
from tests.web.test_routes import TABLE

MOST_BYTES = 150_000
# Of nobody and the authority a path; of the workers the page of an order of theirs.
PUBLIC = {
    "home": "/",
    "check": "/check",
    "conditions": "/wie-mag",
    "numbers": "/cijfers",
    "numbers-earlier": "/cijfers?op=2018-05-01",
    "number": "/cijfers/share_cents",
    "number-cap": "/cijfers/cap_per_month",
    "privacy": "/privacy",
    "api": "/api",
    "accessibility": "/toegankelijkheid",
    "login": "/aanmelden",
    "find-centre": "/centra",
    "lab": "/lab",
}
WORKER = {
    "granted": {
        "mine-granted": "/mijn",
        "order-granted": "/bestelling/{number}",
        "pay": "/bestelling/{number}/betalen",
        "withdraw": "/bestelling/{number}/intrekken",
        "facts-granted": "/bestelling/{number}/waarom",
        "order-new-running": "/bestellen",
    },
    "issued": {
        "mine-issued": "/mijn",
        "order-issued": "/bestelling/{number}",
        "voucher": "/bestelling/{number}/cheque",
        "mail": "/mijn/post",
        "data": "/mijn/gegevens",
        "data-change": "/mijn/gegevens/wijzigen",
        "withdraw-too-late": "/bestelling/{number}/intrekken",
    },
    "refused": {
        "mine-refused": "/mijn",
        "order-refused": "/bestelling/{number}",
        "facts-refused": "/bestelling/{number}/waarom",
        "contest": "/bestelling/{number}/betwisten",
        "order-new": "/bestellen",
    },
}
AUTHORITY = {
    "figures": "/beheer",
    "orders": "/beheer/bestellingen",
    "orders-refused": "/beheer/bestellingen?stand=refused",
    "typed": "/beheer/bestellingen/nieuw",
    "authority-order": "/beheer/bestellingen/{number}",
    "payments": "/beheer/betalingen",
    "refunds": "/beheer/terugbetalingen",
    "outbox": "/beheer/berichten",
    "sent": "/beheer/post",
    "centres": "/beheer/centra",
    "enter-centre": "/beheer/centra/nieuw",
    "coaches": "/beheer/begeleiders",
    "payouts": "/beheer/uitbetalingen",
    "recoveries": "/beheer/terugvorderingen",
    "holds": "/beheer/inhoudingen",
    "disputes": "/beheer/gesprekken",
    "calculations": "/beheer/doorrekeningen",
}
ALL = [
    *(("nobody", name, path) for name, path in PUBLIC.items()),
    *((who, name, path) for who, pages in WORKER.items() for name, path in pages.items()),
    *(("els", name, path) for name, path in AUTHORITY.items()),
]
# Asked for as a page is, and no page: files to save, and what a program reads. The pages of the
# laboratory bring a style and a script of their own: test_report.py and test_lab.py look at them.
FILES = {
    *("paper", "plan_file", "refund_file", "payout_file", "letter", "calculation_file"),
    *("lab_card", "lab_page"),
    *("centre_plan_paper", "coach_plan_paper", "centre_statement_pdf", "centre_statement_csv"),
    *("healthz", "readyz", "api_openapi"),
}
WHO = {"granted": "koen", "issued": "wim", "refused": "tom"}
ENDS = {"granted": "/betalen", "issued": "/cheque", "refused": "/betwisten"}


@pytest.fixture(scope="module")
def standing(people: Callable[[str], Visitor]) -> dict[str, tuple[Visitor, int]]:
    """A worker whose order is granted, one with a voucher, one refused; and an official."""
    visitors = {stand: people(who) for stand, who in WHO.items()}
    numbers = {stand: visitor.order() for stand, visitor in visitors.items()}
    _wait_for(visitors["issued"], f"/bestelling/{numbers['issued']}/betalen")
    visitors["issued"].post(f"/bestelling/{numbers['issued']}/betaal", {})
    for stand, visitor in visitors.items():
        _wait_for(visitor, f"/bestelling/{numbers[stand]}{ENDS[stand]}")
    found = {stand: (visitor, numbers[stand]) for stand, visitor in visitors.items()}
    return found | {"els": (people("els"), numbers["issued"]), "nobody": (people("nobody"), 0)}


def _wait_for(visitor: Visitor, path: str) -> None:
    deadline = time.monotonic() + 15
    while not visitor.has(path):
        assert time.monotonic() < deadline, path
        time.sleep(0.05)


@pytest.mark.parametrize(("who", "name", "path"), ALL, ids=[name for _, name, _ in ALL])
def test_a_page_has_no_barrier_fits_on_a_phone_and_is_light(opens, site, standing, who, name, path):
    visitor, number = standing[who]
    page = opens(visitor)
    sent = sent_to(page)
    assert page.goto(path.format(number=number)).status == 200
    assert who == "nobody" or "/aanmelden" not in page.url, "nobody is logged in here"
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert 0 < sum(sent) <= MOST_BYTES
    look(page, name)
    page.context.add_cookies([{"name": "taal", "value": "en", "url": site.address}])
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"
    glance(page)


def test_a_page_that_is_not_there_says_so_and_has_no_barrier(opens):
    page = opens(may_fail=True)
    answer = page.goto("/bestaat-niet")
    assert answer.status == 404
    look(page, "not-found")


def test_every_page_there_is_was_looked_at():
    paths = [path for _, _, path in ALL]
    paths += [path for pages in test_centre.PAGES.values() for path in pages.values()]
    numbers = dict.fromkeys(("number", "track", "talk", "member", "location"), 1)
    in_a_table = {resolve(path.partition("?")[0].format(**numbers)).url_name for path in paths}
    # Each of these ends with what it says here that it looks at.
    on_a_way = [each.SEEN for each in (test_life, test_centre, test_authority, test_lab)]
    pages = {name for name, (method, _, _) in TABLE.items() if method == "GET"}
    assert in_a_table.union(*on_a_way) == pages - FILES
    assert pages >= FILES
