"""A centre: from the check of a number to a claim, what it says of itself, and its software."""

import re
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from loopbaan.adapters import insz
from loopbaan.adapters.fake_bank import invented_iban
from tests.adapters.listeners import listener
from tests.browser.hands import Keyboard, Mouse
from tests.browser.looking import glance, look, looked_at
from tests.browser.ways import colleague, heading
from tests.visitor import Visitor

TRACK = "/mijn-centrum/trajecten/{track}"
PAGES = {
    "lieve": {
        "centre": "/mijn-centrum",
        "centre-openings": "/mijn-centrum/op-te-starten",
        "centre-check": "/mijn-centrum/cheque",
        "centre-tracks": "/mijn-centrum/trajecten",
        "centre-tracks-ended": "/mijn-centrum/trajecten?stand=afgelopen",
        "centre-talks": "/mijn-centrum/gesprekken",
        "centre-plans": "/mijn-centrum/plannen",
        "centre-track": TRACK,
        "centre-talk-new": f"{TRACK}/gesprek",
        "centre-talk-withdraw": "/mijn-centrum/gesprekken/{talk}/intrekken",
        "centre-plan": f"{TRACK}/plan",
        "centre-plan-write": f"{TRACK}/plan/invullen",
        "centre-plan-upload": f"{TRACK}/plan/uploaden",
        "centre-close": f"{TRACK}/afsluiten",
        "centre-close-early": f"{TRACK}/vroeger-afsluiten",
        "centre-aftercare": f"{TRACK}/nazorg",
        "centre-claims": "/mijn-centrum/vorderingen",
        "centre-statement": "/mijn-centrum/afrekening",
        "centre-members": "/mijn-centrum/medewerkers",
        "centre-member-new": "/mijn-centrum/medewerkers/nieuw",
        "centre-member": "/mijn-centrum/medewerkers/{member}",
        "centre-tokens": "/mijn-centrum/sleutels",
        "centre-token-new": "/mijn-centrum/sleutels/nieuw",
        "centre-data": "/mijn-centrum/gegevens",
        "centre-data-change": "/mijn-centrum/gegevens/wijzigen",
        "centre-account": "/mijn-centrum/gegevens/rekening",
        "centre-location-new": "/mijn-centrum/vestigingen/nieuw",
        "centre-location": "/mijn-centrum/vestigingen/{location}",
        "centre-coach-new": "/mijn-centrum/begeleiders/nieuw",
        "centre-coach": "/mijn-centrum/begeleiders/{member}",
    },
    "dora": {
        "coach": "/begeleider",
        "coach-clients": "/begeleider/klanten",
        "coach-plan": "/begeleider/klanten/{track}/plan",
        "coach-claims": "/begeleider/gevorderd",
    },
    "zeger": {"centre-not-recognised": "/mijn-centrum"},
}
# Looked at on the way, for it needs a key.
SEEN = {"centre_webhook"}

Numbers = dict[str, str]


def voucher_of(visitor: Visitor) -> Numbers:
    """Order, pay, and return both numbers of the voucher."""
    number = visitor.order()
    _wait_for(visitor, f"/bestelling/{number}/betalen")
    visitor.post(f"/bestelling/{number}/betaal", {})
    _wait_for(visitor, f"/bestelling/{number}/cheque")
    text = visitor.get(f"/bestelling/{number}/cheque").text
    found = re.findall(r'<dd class="big digits copy">([^<]+)</dd>', text)
    return {"number": found[0], "client_number": found[1].replace(" ", ""), "order": str(number)}


def code_of(official: Visitor, before: set[str]) -> str:
    """Return the code that was mailed since."""
    deadline = time.monotonic() + 15
    while not (new := codes(official) - before):
        assert time.monotonic() < deadline, "no code was mailed"
        time.sleep(0.1)
    return new.pop()


def codes(official: Visitor) -> set[str]:
    """Return what looks like a code in the mail that was sent."""
    return set(re.findall(r"\b(\d{6})\b", official.get("/beheer/post").text))


@pytest.fixture(scope="module")
def guided(site, people: Callable[[str], Visitor]) -> dict[str, str]:
    """Leen at De Brug: one talk claimed, one that waits for her answer; and a plan. Sara comes."""
    worker, lieve = people("leen"), colleague(site, "lieve")
    voucher = voucher_of(worker)
    centre = re.search(r"/centra/(\d+)", worker.get("/centra").text)
    assert centre is not None
    sara = people("sara")
    for who, order in ((worker, voucher["order"]), (sara, voucher_of(sara)["order"])):
        opened = who.post(f"/bestelling/{order}/openen", {"centrum": centre[1]})
        assert opened.status == 302, opened.text
    said = {"own_initiative": "on", "apart": "on", "whole": "on"}
    started = lieve.post("/mijn-centrum/cheque/opstarten", voucher | said)
    track = started.goes_to.rsplit("/", 1)[1]
    first = _talk(lieve, track, "60")
    assert worker.post(f"/gesprek/{first}/bevestigen", {}).status == 302
    lieve.post("/mijn-centrum/vorderen", {})
    plan = {"goal": "Leerkracht blijven.", "steps": "In mei naar de infodag."}
    lieve.post(f"/mijn-centrum/trajecten/{track}/plan/invullen", plan)
    dora = re.search(r'medewerkers/(\d+)">Dora', lieve.get("/mijn-centrum/medewerkers").text)
    assert dora is not None
    location = re.search(r"vestigingen/(\d+)", lieve.get("/mijn-centrum/gegevens").text)
    assert location is not None
    waits = _talk(lieve, track, "45")
    return {"track": track, "talk": waits, "member": dora[1], "location": location[1]}


def test_de_brug_starts_a_voucher_with_a_code_and_claims_the_talk(opens, site, people):
    worker, els = people("katrien"), people("els")
    voucher = voucher_of(worker)
    page = opens(colleague(site, "lieve"))
    hands = Mouse(page)

    def see(what: str) -> None:
        look(page, f"brug-{what}")

    main = page.get_by_role("main")
    page.goto("/mijn-centrum")
    hands.press("Kijk een cheque na")
    hands.type("Nummer van de cheque", voucher["number"])
    hands.type("Klantnummer", voucher["client_number"])
    hands.press("Kijk na")
    expect(main).to_contain_text("Deze cheque staat niet open voor uw centrum.")
    see("not-opened")
    before = codes(els)
    hands.press("Vraag een code")
    expect(heading(page)).to_have_text("De code van de werkende")
    see("code")
    hands.type("Code van de werkende", code_of(els, before))
    hands.press("Open de cheque")
    expect(main).to_contain_text("U kunt deze cheque opstarten.")
    for declared in ("koos zelf", "geen deel van", "meer dan één test"):
        hands.tick(declared)
    see("may-start")
    hands.press("Start de begeleiding op")
    expect(main).to_contain_text("De begeleiding is opgestart.")
    see("started")
    hands.press("Registreer een gesprek")
    hands.type("Hoeveel minuten?", "90")
    page.get_by_label("Waar?").select_option(index=1)
    see("talk-filled-in")
    hands.press("Registreer het gesprek")
    expect(main).to_contain_text("Wacht op bevestiging")
    see("talk-registered")
    track = page.url
    talk = re.search(r"gesprekken/(\d+)/intrekken", page.content())
    assert talk is not None
    assert worker.post(f"/gesprek/{talk[1]}/bevestigen", {}).status == 302
    page.goto(track)
    expect(main.get_by_text("Bevestigd", exact=True)).to_be_visible()
    page.goto("/mijn-centrum/vorderingen")
    see("to-claim")
    hands.press("Vorder alles wat bevestigd is")
    expect(main).to_contain_text("Gevorderd: 1 gesprek.")
    expect(main).to_contain_text("Wordt ten laatste op deze dag betaald.")
    see("claimed")


def test_a_centre_keeps_its_own_data_by_keyboard(opens, site):
    page = opens(colleague(site, "zeger"), may_fail=True)
    hands, main = Keyboard(page), page.get_by_role("main")
    page.goto("/mijn-centrum/gegevens")
    hands.press("Wijzig de gegevens")
    hands.type("Telefoon", "bel ons")
    hands.press("Bewaar")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf het telefoonnummer als 09")
    look(page, "zonder-data-wrong")
    hands.type("Telefoon", "09 123 45 67")
    hands.tick("Engels")
    hands.press("Bewaar")
    for said in ("De gegevens zijn bewaard.", "09 123 45 67", "Engels"):
        expect(main).to_contain_text(said)
    hands.press("Wijzig de rekening")
    hands.type("Nieuwe rekening (IBAN)", "BE00 0000 0000 0000")
    hands.press("Wijzig de rekening")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "zonder-account-wrong")
    hands.type("Nieuwe rekening (IBAN)", invented_iban(913))
    hands.press("Wijzig de rekening")
    expect(main).to_contain_text("door: Zeger Nevelbroeck")
    _moves_and_grows(hands)
    look(page, "zonder-data")


def _moves_and_grows(hands: Keyboard) -> None:
    """Open a location and close it, and let somebody guide for the centre."""
    page, main = hands.page, hands.page.get_by_role("main")
    hands.press("Voeg een vestiging toe")
    hands.type("Straat en nummer", "Kerkstraat 5")
    hands.type("Gemeente", "Aalst")
    hands.type("Vrije plaatsen", "2")
    hands.press("Voeg toe")
    expect(main).to_contain_text("De vestiging staat erbij.")
    hands.press("Kerkstraat 5")
    hands.choose("Wordt hier begeleid?", "Nee, niet meer")
    hands.press("Bewaar")
    expect(main.get_by_role("listitem").filter(has_text="Kerkstraat 5")).to_contain_text("gesloten")
    hands.press("Voeg een begeleider toe")
    hands.press("Voeg toe")
    expect(page.get_by_role("alert")).to_contain_text("Vul de naam in.")
    look(page, "zonder-coach-wrong")
    hands.type("Naam", "Hilde Meersloot")
    hands.type("Rijksregisternummer", insz.make(date(1990, 2, 2), 938))
    hands.press("Voeg toe")
    expect(main).to_contain_text("Hilde Meersloot begeleidt nu voor uw centrum.")
    hands.press("Hilde Meersloot")
    # How a day is typed differs from browser to browser; what is sent does not.
    page.get_by_label("Bekwaam vanaf").fill("2025-01-06")
    hands.press("Bewaar")
    expect(main).to_contain_text("De bekwaamheid is genoteerd.")


def test_a_code_that_is_wrong_and_a_form_that_is_empty_say_what_to_do(opens, site):
    page = opens(colleague(site, "lieve"), may_fail=True)
    hands = Mouse(page)
    page.goto("/mijn-centrum/cheque")
    hands.press("Kijk na")
    expect(page.get_by_role("alert")).to_contain_text("Vul het nummer van de cheque in.")
    look(page, "brug-check-errors")
    page.goto("/mijn-centrum/sleutels/nieuw")
    hands.press("Maak de sleutel")
    expect(page.get_by_role("alert")).to_contain_text("Geef de sleutel een naam.")
    look(page, "brug-token-errors")


def test_the_language_is_changed_where_something_was_sent_and_a_fault_leads_back(opens, site):
    page = opens(colleague(site, "lieve"), may_fail=True)
    hands = Mouse(page)
    page.goto("/mijn-centrum/cheque")
    hands.type("Nummer van de cheque", "1" * 14)
    hands.type("Klantnummer", "12345678")
    hands.press("Kijk na")
    hands.press("Vraag een code")
    page.get_by_role("button", name="English").click()
    expect(heading(page)).to_have_text("Check a voucher")
    page.get_by_role("button", name="Nederlands").click()
    assert page.goto("/mijn-centrum/cheque/code-vragen").status == 405
    look(page, "brug-not-a-page")
    hands.press("Terug naar de pagina")
    expect(heading(page)).to_have_text("Een cheque nakijken")


def test_a_key_is_shown_once(opens, site):
    page = opens(colleague(site, "lieve"))
    hands = Mouse(page)
    page.goto("/mijn-centrum/sleutels/nieuw")
    hands.type("Waarvoor dient de sleutel?", "Agenda")
    page.get_by_label("Cheques nakijken").check()
    hands.press("Maak de sleutel")
    expect(page.get_by_role("main")).to_contain_text("lb_")
    look(page, "brug-token-made")
    hands.press("Ik heb hem bewaard")
    expect(page.get_by_role("main")).not_to_contain_text("lb_")
    look(page, "brug-tokens")


def test_the_software_of_a_key_is_told_and_the_centre_sees_what_arrived(opens, site):
    page = opens(colleague(site, "lieve"), may_fail=True)
    hands, main = Mouse(page), page.get_by_role("main")
    page.goto("/mijn-centrum/sleutels/nieuw")
    hands.type("Waarvoor dient de sleutel?", "Planning")
    page.get_by_label("Cheques nakijken").check()
    hands.press("Maak de sleutel")
    hands.press("Ik heb hem bewaard")
    page.get_by_role("link", name="Webhook Planning").click()
    look(page, "brug-webhook-new")
    hands.press("Maak de webhook")
    expect(page.get_by_role("alert")).to_contain_text("Vul het adres in.")
    look(page, "brug-webhook-errors")
    with listener() as there:
        hands.type("Adres van uw programma", there.address)
        hands.press("Maak de webhook")
        expect(main).to_contain_text("whsec_")
        look(page, "brug-webhook-made")
        hands.press("Ik heb het bewaard")
        expect(main).not_to_contain_text("whsec_")
        hands.press("Verstuur een proefbericht")
        for _ in range(50):
            page.reload()
            if "Aangekomen" in main.inner_text():
                break
            page.wait_for_timeout(200)
        expect(main).to_contain_text("webhook.test")
        expect(main).to_contain_text("Aangekomen")
        look(page, "brug-webhook")
        assert len(there.heard) == 1
    page.context.add_cookies([{"name": "taal", "value": "en", "url": site.address}])
    page.reload()
    expect(main).to_contain_text("Send a test")
    glance(page)
    assert looked_at >= SEEN


@pytest.mark.parametrize("who", PAGES)
def test_no_page_of_a_centre_has_a_barrier_and_each_fits_on_a_phone(opens, site, guided, who):
    page = opens(colleague(site, who))
    for name, path in PAGES[who].items():
        assert page.goto(path.format(**guided)).status == 200, path
        look(page, name)
    page.context.add_cookies([{"name": "taal", "value": "en", "url": site.address}])
    for path in PAGES[who].values():
        page.goto(path.format(**guided))
        assert page.evaluate("document.documentElement.lang") == "en"
        glance(page)


def _talk(lieve: Visitor, track: str, minutes: str) -> str:
    """Register a talk of today, and return its number."""
    where = reverse("centre_talk_new", args=[track])
    form = lieve.get(where).text
    day = re.search(r'name="held_on" value="([^"]+)"', form)
    key = re.search(r'name="key" value="([^"]+)"', form)
    coach = re.search(r'<option value="(\d+)"[^>]*>Dora', form)
    assert day is not None
    assert key is not None
    assert coach is not None
    talk = {"held_on": day[1], "key": key[1], "coach": coach[1], "minutes": minutes}
    assert lieve.post(where, talk).status == 302
    found = re.findall(r"gesprekken/(\d+)/intrekken", lieve.get(where.rsplit("/", 1)[0]).text)
    return max(found, key=int)


def _wait_for(visitor: Visitor, path: str) -> None:
    deadline = time.monotonic() + 15
    while not visitor.has(path):
        assert time.monotonic() < deadline, path
        time.sleep(0.05)
