"""The laboratory in a browser: a card is played, told and shared; by keyboard, without a script."""

import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.looking import look, looked_at
from tests.browser.ways import heading
from tests.installation import Installation
from tests.visitor import Visitor

PLAYED = 25_000  # ms: the first card waits until the laboratory is awake
# The pages that are looked at here, and not in a table of test_pages.py.
SEEN = {"calculation"}
PAIR = "/lab?a-scenario=cap-1000&b-scenario=draw-1000"
REPORT = (
    "<!doctype html><html lang='nl'><head><meta charset='utf-8'><title>Verslag</title>"
    "<style>h1 { color: rgb(1, 2, 3) }</style></head><body><main><h1>Verslag</h1></main>"
    "<script>document.title = 'Geladen'</script></body></html>"
)


@pytest.fixture(scope="module", autouse=True)
def _awake(site: Installation) -> None:
    """The laboratory of each process of the pages has played what comes before every measure."""
    somebody = Visitor(site.address)
    deadline, answered = time.monotonic() + 150, 0
    # Each process of the pages has its own: several answers in a row, and both have one.
    while answered < 8 and time.monotonic() < deadline:
        with suppress(OSError):
            answered = answered + 1 if somebody.get(PAIR).status == 302 else 0
        time.sleep(0.1)
    assert answered == 8


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_card_is_played_beside_no_measure_and_the_link_holds_it(opens, hands, script):
    page = opens(script=script) if hands is Mouse else opens()
    page.set_default_timeout(PLAYED)
    page.goto("/lab")
    if script and hands is Mouse:
        look(page, "lab")
    person = hands(page)
    mine = page.get_by_role("group", name="Uw maatregel")
    _type(person, mine, "Hoogstens zoveel cheques per maand", "1.000")
    _type(person, mine, "Eigen bijdrage, in euro per cheque", "22,50")
    person.press("Speel")
    expect(heading(page)).to_have_text("Wat komt ervan?")
    assert re.search(r"[?&]a-bijdrage=22%2C50&.*inhoud=[0-9a-f]{8}(-[0-9a-f]{8}){3}$", page.url)
    main = page.get_by_role("main")
    cells = main.get_by_role("row", name="Mensen die starten").first.get_by_role("cell")
    ours, theirs = (_central(each) for each in cells.all_inner_texts())
    assert 0 < ours < theirs / 2, "a thousand a month is less than half of what goes on without it"
    expect(main).to_contain_text("loopbaan lab ensemble kaart.yaml --seeds 100 --out MAP")
    expect(main).to_contain_text("aangenomen patroon")
    if script and hands is Mouse:
        look(page, "lab-card")
        again = opens()
        again.goto(page.url)
        told = again.get_by_role("row", name="Mensen die starten").first.get_by_role("cell")
        assert _central(told.first.inner_text()) == ours


def test_two_scenarios_stand_side_by_side_and_a_changed_link_says_so(opens):
    page = opens()
    page.set_default_timeout(PLAYED)
    page.goto(PAIR)
    look(page, "lab-pair")
    expect(page.get_by_role("main")).not_to_contain_text("niet meer wat de link toonde")
    page.goto(re.sub(r"inhoud=\w{8}", "inhoud=00000000", page.url))
    expect(page.get_by_role("main")).to_contain_text("de kaart of het scenario")
    page.goto("/lab?a-scenario=cap-1000&b-scenario=")
    assert page.get_by_role("columnheader").count() > 0
    look(page, "lab-alone")


def test_nonsense_gets_a_sentence_that_names_the_field_and_the_remedy(opens):
    page = opens(may_fail=True)
    rest = "a-verdeling=draw&a-bijdrage=&a-ervaring=7&a-uren=4"
    page.goto(f"/lab?a-scenario=kaart&a-maximum=veel&{rest}")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Hoogstens zoveel cheques per maand – Vul een geheel getal in")
    expect(alert).to_contain_text("Eigen bijdrage, in euro per cheque – Vul een bedrag in")
    look(page, "lab-nonsense")


def test_a_page_that_was_made_shows_with_its_own_style_and_script(opens, site: Installation):
    folder = site.state / "lab" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "verslag.nl.html"
    file.write_text(REPORT, "utf-8")
    try:
        page = opens()
        page.goto("/lab")
        look(page, "lab-with-pages")
        page.get_by_role("link", name="Het verslag").click()
        expect(page).to_have_title("Geladen")
        colour = "getComputedStyle(document.querySelector('h1')).color"
        assert page.evaluate(colour) == "rgb(1, 2, 3)"
    finally:
        file.unlink()


def test_an_official_has_a_measure_played_whole_and_reads_it(
    opens, people: Callable[[str], Visitor]
):
    page = opens(people("els"))
    hands = Mouse(page)
    page.goto("/beheer/doorrekeningen")
    look(page, "calculations")
    page.get_by_label("Wat wilt u proberen?").select_option("cap-1000")
    hands.type("Zoveel keer spelen", "3")
    page.get_by_label("Op hoeveel werkenden").select_option("1")
    hands.press("Vraag deze doorrekening")
    expect(page.get_by_role("status").first).to_contain_text("Gevraagd")
    look(page, "calculation-waits")
    expect(page.get_by_role("heading", name="Klaar")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("3 proeven met")
    look(page, "calculation-done")
    assert looked_at >= SEEN
    with page.expect_download() as saved:
        page.get_by_role("link", name="banden.csv").click()
    assert saved.value.path().read_text("utf-8").startswith("table,when,dimension")


def _type(person, group, label: str, text: str) -> None:
    """Type into a field of one of the two cards."""
    field = group.get_by_label(label, exact=True)
    if isinstance(person, Mouse):
        field.fill(text)
        return
    person._go_to(field)
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(text)


def _central(text: str) -> int:
    return int(text.partition(" (")[0].replace(".", ""))
