"""The report and the replay from a file, without a network: on a telephone, a screen and paper."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from loopbaan.lab.report import page as pages
from loopbaan.lab.report import replaying, reporting
from loopbaan.law.wording import LANGS
from tests.browser.looking import HEIGHT, NARROW, SHOTS, WIDE, faults, glance, look, width_of
from tests.lab.pages import cast, morning

MOST = 3_000_000
LATER = re.compile(r"^([3-9]|\d\d)$")  # three ticks on, or more
OpensFile = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    for lang in LANGS:
        report = reporting.tell(cast(), lang)
        (made / f"report-{lang}.html").write_text(pages.html(report), "utf-8")
        (made / f"replay-{lang}.html").write_text(replaying.html(morning(), lang), "utf-8")
    SHOTS.mkdir(parents=True, exist_ok=True)
    return made


@pytest.fixture
def opens_file(browser: Browser, folder: Path) -> Iterator[OpensFile]:
    """Opens a file in a window without a network; at the end nothing was asked of anybody."""
    contexts, said = [], []

    def ask(asked: Request) -> None:
        if not asked.url.startswith("file://"):
            said.append(asked.url)

    def new(name: str, *, script: bool = True, calm: bool = False, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": 1200, "height": 900},
            offline=True,
            java_script_enabled=script,
            reduced_motion="reduce" if calm else "no-preference",
            color_scheme=scheme,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text))
        page.on("request", ask)
        page.goto((folder / name).as_uri())
        return page

    yield new
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_replay_has_no_barrier_and_fits_a_telephone(opens_file, lang):
    look(opens_file(f"replay-{lang}.html"), f"lab-replay-{lang}")


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_has_no_barrier_and_fits_a_telephone(opens_file, lang):
    page = opens_file(f"report-{lang}.html")
    for wide in (WIDE, NARROW):
        page.set_viewport_size({"width": wide, "height": HEIGHT})
        # Part by part: the whole page is too tall for one picture.
        for place, part in enumerate(page.locator(".onepage, section.part").all()):
            part.screenshot(path=SHOTS / f"lab-report-{lang}-{wide}-{place:02}.png")
    assert faults(page) == []
    assert width_of(page) <= NARROW


@pytest.mark.parametrize("name", ["report", "replay"])
def test_it_has_no_barrier_in_the_dark(opens_file, name):
    page = opens_file(f"{name}-nl.html", scheme="dark")
    page.screenshot(path=SHOTS / f"lab-{name}-dark.png")
    glance(page)


@pytest.mark.parametrize("name", ["report-nl", "report-en", "replay-nl", "replay-en"])
def test_it_is_small(folder, name):
    assert (folder / f"{name}.html").stat().st_size < MOST


@pytest.mark.parametrize("name", ["report", "replay"])
def test_printed_it_keeps_its_tables(opens_file, name):
    page = opens_file(f"{name}-nl.html")
    page.emulate_media(media="print")
    tables = page.locator("table")
    assert tables.count() >= 4
    for place in range(tables.count()):
        assert tables.nth(place).bounding_box()["height"] > 0
    sheet = page.pdf(format="A4")
    assert sheet.startswith(b"%PDF")
    assert len(sheet) < MOST
    (SHOTS / f"lab-{name}.pdf").write_bytes(sheet)


def test_the_one_page_is_one_sheet(opens_file):
    page = opens_file("report-nl.html")
    first = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    rest = "main > :not(.onepage) { display: none }"
    page.add_style_tag(content=rest + " .onepage { break-after: auto !important }")
    assert first > 2
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


@pytest.mark.parametrize("name", ["report", "replay"])
def test_it_is_all_there_without_javascript(opens_file, name):
    page = opens_file(f"{name}-nl.html", script=False)
    assert page.locator("table").count() >= 4
    assert page.locator("svg").count() > 4
    if name == "replay":
        assert not page.locator("#control").is_visible()
        assert "1.000 van 1.000" in page.locator("[data-rule=cap-1000] .state").inner_text()


def test_the_scrubber_goes_by_key_and_tells_where_it_is(opens_file):
    page = opens_file("replay-nl.html")
    slider, given = page.locator("#tick"), page.locator("[data-rule=cap-1000] [data-given]")
    slider.focus()
    page.keyboard.press("Home")
    assert given.inner_text() == "0"
    assert slider.get_attribute("aria-valuetext") == "0 min 00 s"
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert page.locator("#clock").inner_text() == "2 min 00 s"
    assert 0 < int(given.inner_text()) < 1_000
    page.screenshot(path=SHOTS / "lab-replay-minute-2.png")
    page.keyboard.press("End")
    assert given.inner_text() == "1.000"
    draw = page.locator("[data-rule=draw-1000] [data-given]")
    assert draw.inner_text() == "1.000"


def test_it_plays_pauses_and_goes_on(opens_file):
    page = opens_file("replay-nl.html")
    button, slider = page.locator("#play"), page.locator("#tick")
    button.click()
    expect(button).to_have_text("Pauzeer")
    expect(slider).to_have_value(LATER)
    button.click()
    held = slider.input_value()
    page.wait_for_timeout(400)
    assert (slider.input_value(), button.inner_text()) == (held, "Speel af")
    slider.focus()
    page.keyboard.press("Space")
    expect(slider).not_to_have_value(held)


def test_who_asks_for_less_motion_gets_steps(opens_file):
    page = opens_file("replay-nl.html", calm=True)
    slider = page.locator("#tick")
    page.locator("#play").click()
    expect(slider).to_have_value("4")
    page.wait_for_timeout(300)
    assert slider.input_value() == "4"
    expect(slider).to_have_value("12")
