"""Each page as a machine reads it: one heading, named fields, landmarks, plain words."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.law.ordering import ACTIVITIES
from loopbaan.law.policy import COUNTS_AS
from loopbaan.law.refusals import Refusal
from loopbaan.law.transitions import Status
from tests.web.scene import Page, Scene, log_in, unlabelled
from tests.web.test_check import AN
from tests.web.test_routes import TABLE, address

WEB = Path(__file__).parents[2] / "loopbaan" / "web"
FILES = {"centre_statement_pdf", "centre_statement_csv", "centre_plan_paper"}
FILES |= {"lab_card", "lab_page", "calculation_file"}
FILES |= {"paper", "refund_file", "plan_file", "payout_file", "api_openapi", "healthz", "readyz"}
WORKERS = ("an", "bram", "claire", "koen", "griet")
# Words of the code that a person should never meet; some of them are English words as well.
CODES = {each.value for each in Status} | {each.code for each in Refusal} | set(COUNTS_AS)
CODES |= {*ACTIVITIES, "too_little", "official", "worker", "None", "True", "False"}
DUTCH = re.compile(r"\b(het|een|wordt|uw|bestelling|kunt|zijn|niet|voor|deze)\b", re.IGNORECASE)
# Dutch words that stand on English pages with reason: names of laws and services.
NAMES = ("Loopbaancheque zandbak",)


_READ: dict[str, Page] = {}


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> dict[str, Page]:
    """Every page, read once: what stands on it does not change from test to test."""
    if not _READ:
        _READ.update(_pages(request.getfixturevalue("scene")))
    return _READ


def _pages(scene: Scene) -> dict[str, Page]:
    """Return every page, as whoever may see it sees it, in each state of an order."""
    found = {}
    clients = {"nobody": Client(), **{who: log_in(who) for who in WORKERS}}
    clients |= {who: log_in(who) for who in ("els", "lieve", "zeger", "joris")}
    for role, client in clients.items():
        own = scene.orders.get(role)
        for name, (method, _, expected) in TABLE.items():
            if method != "GET" or name in FILES:
                continue
            if own and "/bestelling/" in address(name, scene):
                where = reverse(name, args=[own])
            else:
                where = address(name, scene)
            response = client.get(where)
            if response.status_code == 200 and (role != "nobody" or expected[0] == 200):
                found[f"{role} {where}"] = Page(response)
    for number in scene.orders.values():
        where = reverse("authority_order", args=[number])
        found[f"els {where}"] = Page(clients["els"].get(where))
    found["nobody /x"] = Page(clients["nobody"].get("/x"))
    found["an /beheer"] = Page(clients["an"].get("/beheer"))
    found["check with faults"] = Page(clients["nobody"].post(reverse("check"), {"years": "x"}))
    found["typed with faults"] = Page(clients["els"].post(reverse("typed"), {"insz": "1"}))
    found["upload of nothing"] = Page(clients["els"].post(reverse("upload")))
    today = {"day": str(scene.scheme.today)}
    found["check answered"] = Page(clients["nobody"].post(reverse("check"), AN | today))
    found["refused"] = Page(clients["an"].post(address("contest", scene)))
    return found


def test_every_page_is_well_formed_and_named(pages: dict[str, Page]):
    titles = {}
    for where, page in pages.items():
        assert page.faults == [], where
        assert len(page.all("h1")) == 1, where
        assert page.all("html") == [{"lang": "nl"}], where
        assert [each.get("content") for each in page.all("meta")][1] == (
            "width=device-width, initial-scale=1"
        )
        for landmark in ("header", "main", "footer"):
            assert len(page.all(landmark)) == 1, (where, landmark)
        assert page.all("nav")[0]["aria-label"]
        assert page.all("a")[0]["href"] == "#inhoud"
        assert "inhoud" in page.ids
        titles[where] = page.text()
        assert len(page.ids) == len(set(page.ids)), (where, page.ids)
    assert len(titles) > 60


def test_every_page_has_a_title_of_its_own(pages: dict[str, Page]):
    titles: dict[str, set[str]] = {}
    for where, page in pages.items():
        words = [text for _, text in page.words]
        assert words[0].endswith("– Loopbaancheque"), where
        assert len(words[0]) > len("– Loopbaancheque") + 3, where
        path = re.sub(r"\d+", "N", where.rpartition(" ")[2])
        titles.setdefault(words[0], set()).add(path)
    several = {title: paths for title, paths in titles.items() if len(paths) > 1}
    # An order is one thing, whoever looks at it.
    assert all("Bestelling" in title for title in several), several


def test_every_field_has_a_label_and_every_reference_leads_somewhere(pages: dict[str, Page]):
    for where, page in pages.items():
        assert unlabelled(page) == [], where
        for tag, values in page.elements:
            for name in ("aria-labelledby", "aria-describedby"):
                for each in values.get(name, "").split():
                    assert each in page.ids, (where, tag, each)
            if tag == "a" and values["href"].startswith("#"):
                assert values["href"][1:] in page.ids, (where, values)
            if tag == "label" and "for" in values:
                assert values["for"] in page.ids, (where, values)
            if tag == "img":
                assert "alt" in values
            if tag == "fieldset":
                assert len(page.all("legend")) >= len(page.all("fieldset"))


def test_every_table_scrolls_in_a_region_that_is_named_and_reached_by_keyboard(
    pages: dict[str, Page],
):
    count = 0
    for where, page in pages.items():
        elements = page.elements
        for place, (tag, _) in enumerate(elements):
            if tag == "table":
                count += 1
                (_, hint), (_, region) = elements[place - 2 : place]
                assert hint == {"class": "aside"}, where
                assert (region["role"], region["tabindex"]) == ("region", "0"), where
                assert region.get("aria-label") or region.get("aria-labelledby"), where
    assert count > 10


def test_no_page_has_a_script_or_a_style_of_its_own_or_loads_from_elsewhere(pages: dict[str, Page]):
    for where, page in pages.items():
        assert not page.all("script"), where
        assert not page.all("style"), where
        for tag, values in page.elements:
            assert not {name for name in values if name.startswith("on")}, (where, tag)
            assert "style" not in values, (where, tag)
            if tag in ("link", "img"):
                assert (values.get("href") or values.get("src", "")).startswith("/static/"), where


def test_headings_skip_no_level(pages: dict[str, Page]):
    for where, page in pages.items():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, where
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_no_page_shows_a_word_of_the_code(pages: dict[str, Page]):
    for where, page in pages.items():
        shown = set(re.findall(r"[A-Za-z]+(?:_[A-Za-z]+)*", page.text("nl")))
        assert shown & CODES == set(), where


def test_who_reads_english_gets_english(scene: Scene):
    for who in (*WORKERS, "els", "lieve", "joris"):
        client = log_in(who)
        client.post(reverse("language"), {"taal": "en"})
        for name, (method, _, _) in TABLE.items():
            if method != "GET" or name in FILES:
                continue
            where = address(name, scene)
            if who in scene.orders and "/bestelling/" in where:
                where = reverse(name, args=[scene.orders[who]])
            response = client.get(where)
            if response.status_code == 302:
                continue
            page = Page(response)
            assert page.all("html") == [{"lang": "en"}], where
            assert response.headers["Content-Language"] == "en"
            found = {m.group() for m in DUTCH.finditer(page.text("en"))}
            assert not found, (where, found)


@pytest.mark.usefixtures("scheme")
def test_the_language_is_dutch_whatever_a_browser_prefers_until_the_reader_chooses():
    client = Client(headers={"accept-language": "en-GB,fr"})
    assert 'lang="nl"' in client.get("/").content.decode()
    answer = client.post(reverse("language"), {"taal": "en", "naar": "/wie-mag"})
    assert answer.headers["Location"] == "/wie-mag"
    assert "Who may order a career voucher?" in client.get("/wie-mag").content.decode()
    client.post(reverse("language"), {"taal": "xx"})
    assert '<html lang="en">' in client.get("/").content.decode()


@pytest.mark.usefixtures("scheme")
def test_the_switch_of_language_leads_to_no_other_site():
    for goal in ("https://example.org", "//example.org/x", "/\\example.org", ""):
        answer = Client().post(reverse("language"), {"taal": "nl", "naar": goal})
        assert answer.headers["Location"] == "/"


def test_the_day_of_a_demo_is_on_every_page(scene: Scene, settings):
    settings.CLOCK_OFFSET_SECONDS = -1.0
    for where, page in _pages(scene).items():
        assert "In deze demo is het 11 februari 2025 ." in page.text(), where


def test_every_template_is_used():
    code = "".join(path.read_text("utf-8") for path in WEB.glob("**/*.py"))
    templates = {str(p.relative_to(WEB / "templates")): p for p in WEB.glob("templates/**/*.html")}
    everything = code + "".join(path.read_text("utf-8") for path in templates.values())
    assert [name for name in templates if f'"{name}"' not in everything] == []


def test_the_pages_are_small(pages: dict[str, Page]):
    shared = sum((WEB / "static" / n).stat().st_size for n in ("site.css", "theme.css", "logo.svg"))
    for where, page in pages.items():
        assert len(page.source) > 1_000, where
        assert len(page.source) + shared < 150_000, where


def test_no_amount_is_broken_over_two_lines(pages: dict[str, Page]):
    for where, page in pages.items():
        assert not re.search(r"[€−] ", re.sub(r"<[^>]*>", "", page.source)), where
    assert sum("€\u00a0" in page.source for page in pages.values()) > 12


def test_every_class_of_the_pages_is_in_the_style_sheet(pages: dict[str, Page]):
    styled = set(re.findall(r"\.([a-z][\w-]*)", (WEB / "static" / "site.css").read_text("utf-8")))
    used = {
        word
        for page in pages.values()
        for _, values in page.elements
        for word in values.get("class", "").split()
    }
    assert used - styled - {"segno", "qrline"} == set()  # those of the drawing of a QR


def test_every_property_that_the_style_sheet_asks_for_is_in_the_theme():
    site = (WEB / "static" / "site.css").read_text("utf-8")
    theme = (WEB / "static" / "theme.css").read_text("utf-8")
    asked = set(re.findall(r"var\((--[\w-]+)", site))
    given = set(re.findall(r"(--[\w-]+):", theme)) | set(re.findall(r"(--[\w-]+):", site))
    assert asked - given == set()
    assert not re.findall(
        r"#[0-9a-f]{3,8}\b(?!f)", site.replace("#ffffff", "").split("@media p")[0]
    )


@pytest.mark.parametrize("scheme_of_colours", ["light", "dark"])
def test_words_stand_out_from_their_ground(scheme_of_colours):
    theme = (WEB / "static" / "theme.css").read_text("utf-8")
    light, dark = theme.split("@media", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    if scheme_of_colours == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))
    pairs = [("ink", "ground"), ("ink", "card"), ("ink-soft", "ground"), ("ink-soft", "card")]
    pairs += [("link", "ground"), ("link", "card"), ("accent-ink", "accent"), ("stop", "ground")]
    pairs += [("accent-ink", "accent-strong"), ("focus-ink", "focus"), ("accent", "ground")]
    pairs += [("link", "accent-ground"), ("stop", "card")]
    for tone in ("good", "act", "wait", "stop", "done"):
        grounds = (f"{tone}-ground",)
        pairs += [(ink, ground) for ink in (tone, "ink", "link", "ink-soft") for ground in grounds]
    weak = {pair: round(contrast(colours, *pair), 2) for pair in pairs}
    assert {pair: found for pair, found in weak.items() if found < 4.5} == {}
    assert contrast(colours, "field-line", "ground") >= 3
    assert contrast(colours, "field-line", "card") >= 3


def contrast(colours: dict[str, str], one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG counts it."""
    light, dark = sorted((_luminance(colours[one]), _luminance(colours[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
