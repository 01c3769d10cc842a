"""Griet goes from the check to a paid voucher, Bram to a refusal that he understands."""

import re

from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.looking import look
from tests.browser.ways import check, heading, order, pay, stands


def test_griet_goes_from_the_check_to_a_paid_voucher_by_keyboard_and_without_a_script(opens):
    page = opens(script=False)
    hands = Keyboard(page)
    page.goto("/")
    hands.press("Mag ik bestellen?")
    check(hands, years="10")
    expect(heading(page)).to_have_text("Ja, u mag bestellen")
    hands.press("Aanmelden en bestellen")
    number = order(hands, "Griet Lindensloot")
    pay(hands)
    stands(page, "Cheque klaar")
    hands.press("Toon mijn cheque")
    expect(heading(page)).to_have_text("Mijn loopbaancheque")
    expect(page.get_by_role("main")).to_contain_text("Griet Lindensloot")
    paper = page.request.get(f"/bestelling/{number}/cheque.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")


def test_somebody_finds_a_centre_by_keyboard_and_without_a_script(opens):
    page = opens(script=False)
    hands = Keyboard(page)
    page.goto("/centra")
    hands.type("Gemeente", "Aalst")
    hands.press("Zoek")
    expect(page.get_by_role("heading", name="Dicht bij Aalst")).to_be_visible()


def test_bram_reads_why_not_from_when_he_may_and_keeps_the_day(opens):
    page = opens()
    hands = Mouse(page)
    page.goto("/check")
    check(hands, years="4", months="9")
    expect(heading(page)).to_have_text("Nee, u kunt niet bestellen")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d{1,2} \w+ 20\d\d"))
    look(page, "bram-answer")
    with page.expect_download() as saved:
        page.get_by_role("button", name="in mijn agenda").click()
    entry = saved.value.path().read_text("utf-8")
    assert re.search(r"^DTSTART;VALUE=DATE:20\d{6}$", entry, re.MULTILINE)
    hands.press("één jaar langer had gewerkt")
    look(page, "bram-what-if")
    assert page.url.endswith("/check"), "the address carries no facts"
    hands.press("Terug naar mijn eigen antwoord")
    hands.press("Mijn antwoorden aanpassen")
    assert page.get_by_label("Jaren", exact=True).input_value() == "4"


def test_bram_orders_and_is_refused_with_the_reason_the_remedy_and_the_day(opens):
    page = opens()
    hands = Mouse(page)
    page.goto("/bestellen")
    order(hands, "Bram Van Duinhorst")
    stands(page, "Geweigerd")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Waarom niet")
    expect(main).to_contain_text("28 juni 2027")
    look(page, "bram-refused")
    hands.press("Waarom we zo beslisten, en met welke gegevens")
    look(page, "bram-facts")


def test_claire_contests_her_refusal_and_it_is_decided_again(opens):
    page = opens()
    hands = Mouse(page)
    page.goto("/bestellen")
    number = order(hands, "Claire Sparrensteen")
    stands(page, "Geweigerd")
    hands.press("Ik betwist de weigering")
    look(page, "claire-contest")
    hands.press("Ja, kijk alles opnieuw na")
    expect(page.get_by_role("main")).to_contain_text("Uw betwisting is ontvangen")
    stands(page, "Geweigerd")
    expect(page.get_by_role("list").filter(has_text="betwist").first).to_be_visible()
    look(page, "claire-refused-again")
    assert page.url.split("?")[0].endswith(f"/bestelling/{number}")


def test_robin_withdraws_and_may_order_again(opens):
    page = opens()
    hands = Mouse(page)
    page.goto("/bestellen")
    order(hands, "Robin De Hazelsteen")
    stands(page, "Te betalen")
    hands.press("Deze bestelling intrekken")
    look(page, "robin-withdraw")
    hands.press("Ja, trek mijn bestelling in")
    stands(page, "Ingetrokken")
    look(page, "robin-withdrawn")
    hands.press("Opnieuw bestellen")
    expect(heading(page)).to_have_text("Bestel een loopbaancheque")


def test_the_check_says_beside_each_question_what_is_missing(opens):
    page = opens(may_fail=True)
    hands = Mouse(page)
    page.goto("/check")
    hands.press("Toon het antwoord")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Werkt u nu?")
    expect(page).to_have_title(re.compile("^Fout:"))
    look(page, "check-errors")
    alert.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "activity"
