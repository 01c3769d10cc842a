"""The whole life: An from the check to a second voucher, De Brug from the check to its money.

An points and clicks; De Brug and who releases use the keyboard alone, and no script runs there.
"""

import re
import time
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from loopbaan.adapters.cast import BY_KEY
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.browser.looking import glance, look, looked_at
from tests.browser.ways import check, colleague, heading, order, pay, stands
from tests.visitor import Visitor

# The pages that are looked at on the way, and not in a table of test_pages.py: they need talks,
# money, or money that comes back.
SEEN = {
    *("found_centre", "guidance", "talk", "plan", "plan_write", "close", "close_early", "move"),
    *("looks", "authority_talk", "search", "payout", "fail_payout", "make_recovery", "recovery"),
}
TALKED, DISPUTED = "60", "45"
TOO_LONG = "Het duurde een kwartier, zegt de agenda."


@pytest.fixture(scope="module")
def logged_in(site, people) -> Callable[[str], Visitor]:
    """Somebody of the cast, of a centre or of the authority."""
    return lambda who: colleague(site, who) if who in ("lieve", "dora") else people(who)


def test_an_goes_from_the_check_to_a_second_voucher_and_de_brug_to_its_money(opens, logged_in):
    an, lieve = Mouse(opens()), Keyboard(opens(logged_in("lieve"), script=False))
    els = Mouse(opens(logged_in("els")))
    dirk = Keyboard(opens(logged_in("official dirk"), script=False))
    number, *numbers = _orders_and_pays(an)
    _opens_it(an, number)
    track = _starts(lieve, *numbers)
    for minutes in (TALKED, DISPUTED):
        _registers(lieve, track, minutes)
    talk = _answers(an, number)
    _decides(els)
    _registers(lieve, track, _minutes_left(lieve, track))
    _confirms_the_rest(an, number)
    _writes_her_plan(an, number)
    _reads_it(opens(logged_in("dora")))
    _closes(an, number)
    _claims(lieve)
    _pays(els, dirk)
    _reads_the_statement(lieve)
    _asks_back(els, dirk, talk)
    _pays_back(lieve, els, opens(logged_in("lieve")))
    _orders_a_second_voucher(an, number)
    assert looked_at >= SEEN


def _orders_and_pays(an: Hands) -> tuple[int, str, str]:
    """Return the number of the order, and both numbers of the voucher."""
    page, main = an.page, an.page.get_by_role("main")
    see = _sees(page)
    page.goto("/")
    see("home")
    an.press("Mag ik bestellen?")
    check(an, years="10")
    expect(heading(page)).to_have_text("Ja, u mag bestellen")
    see("answer")
    an.press("Aanmelden en bestellen")
    see("login")
    number = order(an, "An Lindenbeke")
    pay(an, see)
    stands(page, "Cheque klaar")
    see("order-issued")
    an.press("Toon mijn cheque")
    expect(heading(page)).to_have_text("Mijn loopbaancheque")
    expect(main).to_contain_text("Nog voor geen centrum open")
    see("voucher-shut")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Bewaar als pdf").click()
    assert saved.value.suggested_filename == "loopbaancheque.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
    an.press("Stuur opnieuw per e-mail")
    expect(page.get_by_role("status").first).to_contain_text("We sturen uw cheque opnieuw")
    digits, client = main.locator("dd.copy").all_inner_texts()
    page.goto("/mijn/post")
    _until(page, lambda: main.get_by_role("article").count() == 3)
    see("mail")
    return number, digits, client


def _opens_it(an: Hands, number: int) -> None:
    page, see = an.page, _sees(an.page)
    page.goto(f"/bestelling/{number}/cheque")
    an.press("Vind een centrum")
    an.type("Gemeente", "Gent")
    an.press("Zoek")
    expect(page.get_by_role("main")).to_contain_text("in uw gemeente")
    see("centres")
    an.press("Centrum De Brug")
    see("centre")
    an.press("Open mijn cheque voor dit centrum")
    expect(page.get_by_role("status").first).to_contain_text("staat nu open voor Centrum De Brug")
    see("voucher-open")


def _starts(lieve: Hands, digits: str, client: str) -> str:
    """Check and start the voucher, and return where the guidance is."""
    main = lieve.page.get_by_role("main")
    lieve.page.goto("/mijn-centrum")
    lieve.press("Kijk een cheque na")
    lieve.type("Nummer van de cheque", digits)
    lieve.type("Klantnummer", client)
    lieve.press("Kijk na")
    expect(main).to_contain_text("U kunt deze cheque opstarten.")
    for declared in ("koos zelf", "geen deel van", "meer dan één test"):
        lieve.tick(declared)
    lieve.press("Start de begeleiding op")
    expect(main).to_contain_text("De begeleiding is opgestart.")
    return lieve.page.url


def _registers(lieve: Hands, track: str, minutes: str) -> None:
    lieve.page.goto(track)
    lieve.press("Registreer een gesprek")
    lieve.type("Hoeveel minuten?", minutes)
    lieve.pick("Begeleider", "Dora Wilgenrode")
    lieve.press("Registreer het gesprek")
    main = lieve.page.get_by_role("main")
    expect(main.get_by_text("Wacht op bevestiging").first).to_be_visible()


def _minutes_left(lieve: Hands, track: str) -> str:
    lieve.page.goto(f"{track}/gesprek")
    left = re.search(r"nog (\d+) minuten over", lieve.page.get_by_role("main").inner_text())
    assert left is not None
    return left[1]


def _answers(an: Hands, number: int) -> str:
    """Confirm the first talk, dispute the second, and return the number of the first."""
    page, main, see = an.page, an.page.get_by_role("main"), _sees(an.page)
    page.goto("/mijn")
    see("mine-started")
    an.press("Mijn begeleiding")
    expect(main).to_contain_text("2 gesprekken wachten op uw antwoord")
    see("guidance")
    an.press("Klopt dit? 1 uur")
    expect(main).to_contain_text("Daarna kunt u dit gesprek niet meer betwisten.")
    an.press("Ja, dit klopt")
    expect(page.get_by_role("status").first).to_contain_text("het gesprek is bevestigd")
    expect(main).to_contain_text("Eén gesprek wacht")
    an.press("Klopt dit? 45 minuten")
    expect(heading(page)).to_contain_text("Gesprek van")
    see("talk")
    an.type("Wat klopt er niet?", "Dat duurde maar een kwartier.")
    an.press("Ik betwist dit gesprek")
    expect(main).to_contain_text("Alleen dit gesprek wacht")
    see("talk-disputed")
    page.goto(f"/bestelling/{number}/begeleiding")
    see("guidance-answered")
    where = main.get_by_role("link", name="1 uur").get_attribute("href")
    assert where is not None
    return where.rsplit("/", 1)[1]


def _decides(els: Hands) -> None:
    """Look An up with a reason, and strike the talk that she disputes."""
    page, see = els.page, _sees(els.page, "els")
    page.goto("/beheer/opzoeken")
    see("search")
    els.type("Rijksregisternummer of nummer van een cheque", BY_KEY["an"].insz)
    els.type("Waarom zoekt u deze persoon op?", "klacht 12")
    els.press("Zoek op")
    expect(page.get_by_role("main")).to_contain_text("An Lindenbeke")
    see("found")
    page.goto("/beheer/gesprekken")
    see("disputes")
    page.get_by_role("row").filter(has_text="Centrum De Brug").get_by_role("link").click()
    see("talk")
    els.choose("Wat besluit u?", "Het gesprek vond niet zo plaats: het wordt geschrapt")
    els.type("Waarom", "De agenda toont een kwartier.")
    els.press("Beslis")
    expect(page.get_by_role("status").first).to_contain_text("Er is beslist")
    see("talk-settled")


def _confirms_the_rest(an: Hands, number: int) -> None:
    an.page.goto(f"/bestelling/{number}/begeleiding")
    an.press("Klopt dit?")
    an.press("Ja, dit klopt")
    expect(an.page.get_by_role("status").first).to_contain_text("het gesprek is bevestigd")
    for name in ("vroeger-afsluiten", "verplaatsen", "afsluiten"):
        an.page.goto(f"/bestelling/{number}/{name}")
        look(an.page, f"an-{name}")
    expect(an.page.get_by_role("main")).to_contain_text("Uw plan ontbreekt nog.")


def _writes_her_plan(an: Hands, number: int) -> None:
    page, see = an.page, _sees(an.page)
    page.goto(f"/bestelling/{number}/plan")
    see("plan-none")
    an.press("Vul mijn plan hier in")
    see("plan-write")
    an.type("Waar ik naartoe wil", "Leerkracht worden in het middelbaar.")
    an.type("Mijn stappen, met een datum", "In maart naar de infodag.\nIn mei inschrijven.")
    an.press("Bewaar mijn plan")
    expect(page.get_by_role("main")).to_contain_text("In mei inschrijven.")
    see("plan")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Bewaar een kopie").click()
    assert "Leerkracht worden" in saved.value.path().read_text("utf-8")


def _reads_it(page: Page) -> None:
    """Let Dora, who guides An, find her talks and read the plan."""
    dora, main, see = Mouse(page), page.get_by_role("main"), _sees(page, "dora")
    page.goto("/begeleider")
    expect(main).to_contain_text("An Lindenbeke")
    see("talks")
    page.goto("/begeleider/klanten")
    see("clients")
    dora.press("Lees het plan van An Lindenbeke")
    expect(main).to_contain_text("In maart naar de infodag.")
    see("plan")


def _closes(an: Hands, number: int) -> None:
    page, see = an.page, _sees(an.page)
    page.goto(f"/bestelling/{number}/afsluiten")
    see("may-close")
    an.press("Ja, sluit mijn cheque af")
    expect(page.get_by_role("main")).to_contain_text("gratis nazorg")
    see("guidance-closed")
    page.goto("/mijn/wie-keek")
    for what in ("klacht 12", "Centrum De Brug las uw plan"):
        expect(page.get_by_role("main")).to_contain_text(what)
    see("looks")


def _claims(lieve: Hands) -> None:
    main = lieve.page.get_by_role("main")
    lieve.page.goto("/mijn-centrum/vorderingen")
    lieve.press("Vorder alles wat bevestigd is")
    expect(main).to_contain_text(re.compile(r"Gevorderd: \d+ gesprekken\."))
    expect(main).to_contain_text("Wordt ten laatste op deze dag betaald.")


def _pays(els: Hands, dirk: Hands) -> None:
    """Let Els make a batch and Dirk release it, until the bank has carried it out."""
    page, see = els.page, _sees(els.page, "els")
    page.goto("/beheer/uitbetalingen")
    see("payouts")
    els.press("Maak een uitbetaling")
    expect(page.get_by_role("main")).to_contain_text("een collega geeft ze vrij")
    expect(page.get_by_role("button", name="vrij")).to_have_count(0)
    see("payout-made")
    dirk.page.goto(page.url)
    dirk.press("vrij")
    expect(dirk.page.get_by_role("status").first).to_contain_text("Vrijgegeven")
    failed = dirk.page.get_by_role("link", name="mislukt?").get_attribute("href")
    made = page.url
    page.goto(urljoin(made, failed or ""))
    see("payout-failed")
    page.goto(made)
    with page.expect_download() as saved:
        page.get_by_role("link", name="pain.001").click()
    assert "pain.001.001.09" in saved.value.path().read_text("utf-8")
    _until(page, _says(page, "1 van de 1 betalingen"))
    see("payout-settled")


def _reads_the_statement(lieve: Hands) -> None:
    """See that all is paid, and keep it on paper and as a table."""
    page, main = lieve.page, lieve.page.get_by_role("main")
    page.goto("/mijn-centrum")
    expect(main).to_contain_text("Alles wat u vorderde, is betaald.")
    page.goto("/mijn-centrum/afrekening")
    talk = main.get_by_role("row").filter(has_text="Dora Wilgenrode").first
    expect(talk).to_contain_text("Betaald")
    for name, begins in (("Bewaar als pdf", b"%PDF-1.7"), ("csv", "\ufeffgevorderd_op;".encode())):
        with page.expect_download() as saved:
            main.get_by_role("link", name=name).press("Enter")
        assert saved.value.path().read_bytes().startswith(begins)


def _asks_back(els: Hands, dirk: Hands, talk: str) -> None:
    """Correct a talk that was paid, and ask back what was too much."""
    page, main, see = els.page, els.page.get_by_role("main"), _sees(els.page, "els")
    page.goto("/beheer/gesprekken")
    els.type("Nummer van het gesprek", talk)
    els.press("Open")
    see("talk-paid")
    els.type("Minuten die wel kloppen", "15")
    els.type("Waarom", TOO_LONG)
    els.press("Verbeter dit gesprek")
    expect(page.get_by_role("status").first).to_contain_text("Verbeterd")
    see("talk-corrected")
    page.goto("/beheer/terugvorderingen")
    see("recoveries-owing")
    els.press("Centrum De Brug")
    expect(main).to_contain_text("Dit centrum moet nu")
    see("recovery-make")
    els.type("Reden", TOO_LONG)
    els.press("Maak de terugvordering")
    expect(main).to_contain_text("een collega geeft ze vrij")
    expect(page.get_by_role("button", name="vrij")).to_have_count(0)
    see("recovery-made")
    dirk.page.goto(page.url)
    dirk.press("vrij")
    expect(dirk.page.get_by_role("status").first).to_contain_text("Vrijgegeven")


def _pays_back(lieve: Hands, els: Hands, eyes: Page) -> None:
    """Let De Brug read what is asked and why, and pay it; the bank's statement settles it."""
    page, main = lieve.page, lieve.page.get_by_role("main")
    page.goto("/mijn-centrum/afrekening")
    eyes.goto(page.url)
    look(eyes, "brug-asked-back")
    expect(main).to_contain_text(TOO_LONG)
    expect(main).to_contain_text(re.compile(r"\+\+\+\d{3}/\d{4}/\d{5}\+\+\+"))
    lieve.press("met verzonnen geld")
    expect(main).to_contain_text("schreef het bedrag over")
    els.page.reload()
    _until(els.page, _says(els.page, "Terugbetaald op"))
    look(els.page, "els-recovery-paid")
    page.goto("/mijn-centrum/afrekening")
    expect(main).not_to_contain_text("met verzonnen geld")
    expect(main.get_by_role("row").filter(has_text="tegenboeking")).to_contain_text("Terugbetaald")
    eyes.reload()
    look(eyes, "brug-paid-back")
    els.page.goto("/beheer/terugvorderingen")
    look(els.page, "els-recoveries")


def _orders_a_second_voucher(an: Hands, number: int) -> None:
    page, see = an.page, _sees(an.page)
    page.goto(f"/bestelling/{number}/begeleiding")
    an.press("Bestel een tweede cheque")
    see("order-second")
    an.press("Bestelling plaatsen")
    pay(an)
    stands(page, "Cheque klaar")
    an.press("Toon mijn cheque")
    expect(page.get_by_role("main")).to_contain_text("3 uur loopbaanbegeleiding")
    glance(page)


def _sees(page: Page, who: str = "an") -> Callable[[str], None]:
    return lambda what: look(page, f"{who}-{what}")


def _says(page: Page, text: str) -> Callable[[], bool]:
    return lambda: text in page.get_by_role("main").inner_text()


def _until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait until a page is so: the worker process, or the bank, comes to it by itself."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, f"{page.url} did not come to that"
        page.wait_for_timeout(200)
        page.reload()
