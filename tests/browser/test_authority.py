"""The authority: an order from the phone, a refund by two people, and who may guide."""

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from loopbaan.adapters.bank import BankAccount
from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import FakeBank, How
from loopbaan.live import settings
from tests.browser.hands import Mouse
from tests.browser.looking import NARROW, look, looked_at
from tests.browser.ways import SOON, heading

DAY = date(2025, 2, 10)
# The pages that are looked at here, and not in a table of test_pages.py.
SEEN = {
    *("authority_centre", "recognise", "end_recognition", "add_member", "place_hold"),
    *("qualify", "correct_kbo"),
}


def test_an_order_from_the_phone_is_typed_in_and_decided_like_any_other(opens, people):
    page = opens(people("els"))
    hands = Mouse(page)
    page.goto("/beheer/bestellingen")
    hands.press("Bestelling van telefoon of papier")
    hands.type("Rijksregisternummer", BY_KEY["ine"].insz)
    hands.choose("Hoe kwam de bestelling?", "telefoon")
    hands.press("Ontvang deze bestelling")
    expect(heading(page)).to_contain_text("Bestelling")
    expect(page.get_by_role("main")).to_contain_text("Ine Van Roerbeke")
    expect(page.get_by_role("main")).to_contain_text("via telefoon")
    page.wait_for_timeout(1_000)
    page.reload()
    expect(page.get_by_role("heading", name="Beslissing van")).to_be_visible()
    look(page, "els-order-typed")
    _ine_is_told_by_letter(page)
    ine = opens(people("ine"))
    ine.goto("/mijn")
    expect(ine.get_by_role("main").get_by_role("heading", name="Te betalen")).to_be_visible()


def _ine_is_told_by_letter(page) -> None:
    """Find what the post office printed: who orders by telephone has no mailbox here."""
    letter = page.get_by_role("listitem").filter(has_text="Ine Van Roerbeke").first
    for _ in range(SOON // 500):
        page.goto("/beheer/post")
        if letter.count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Brieven")).to_be_visible()
    look(page, "els-letters")
    with page.expect_download() as saved:
        letter.get_by_role("link").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def test_a_number_that_is_none_is_refused_with_a_sentence(opens, people):
    page = opens(people("els"), may_fail=True)
    hands = Mouse(page)
    page.goto("/beheer/bestellingen/nieuw")
    hands.type("Rijksregisternummer", "12345678901")
    hands.choose("Hoe kwam de bestelling?", "papier")
    hands.press("Ontvang deze bestelling")
    expect(page.get_by_role("alert")).to_contain_text("Rijksregisternummer")
    look(page, "els-typed-wrong")


def test_a_statement_is_read_and_els_makes_a_refund_that_dirk_releases(opens, people, tmp_path):
    els = opens(people("els"))
    hands = Mouse(els)
    els.goto("/beheer/betalingen")
    els.get_by_label("Rekeninguittreksel").set_input_files(_statement(tmp_path))
    hands.press("Lees in")
    expect(els.get_by_role("status")).to_contain_text("Gelezen: 1 verrichting")
    row = els.get_by_role("row").filter(has_text="Pieter Zonderling")
    expect(row).to_contain_text("Mededeling niet herkend")
    look(els, "els-payments")
    row.get_by_role("button").click()
    expect(els.get_by_role("status")).to_contain_text("Een collega moet ze vrijgeven")
    els.goto("/beheer/terugbetalingen")
    mine = els.get_by_role("row").filter(has_text="Pieter Zonderling")
    expect(mine).to_contain_text("zelf gemaakt")
    expect(mine.get_by_role("checkbox")).to_have_count(0)
    look(els, "els-refunds")
    dirk = opens(people("official dirk"))
    dirk.goto("/beheer/terugbetalingen")
    row = dirk.get_by_role("row").filter(has_text="Pieter Zonderling")
    expect(row.get_by_role("checkbox")).to_be_checked()
    look(dirk, "dirk-refunds")
    Mouse(dirk).press("Geef de gekozen terugbetalingen vrij")
    expect(dirk.get_by_role("status")).to_contain_text("Vrijgegeven")
    with dirk.expect_download() as saved:
        dirk.get_by_role("link", name="pain.001").first.click()
    written = saved.value.path().read_text("utf-8")
    assert "pain.001.001.09" in written
    assert "Pieter Zonderling" in written
    dirk.get_by_role("button", name="bank van de zandbak").first.click()
    expect(dirk.get_by_role("status")).to_contain_text("heeft het bestand")
    _wait_for_settlement(dirk)
    look(dirk, "dirk-released")


def test_a_file_that_is_no_statement_is_refused_with_a_sentence(opens, people, tmp_path):
    page = opens(people("els"), may_fail=True)
    wrong = tmp_path / "uittreksel.xml"
    wrong.write_text("<dit>is geen uittreksel</dit>")
    page.goto("/beheer/betalingen")
    page.get_by_label("Rekeninguittreksel").set_input_files(wrong)
    Mouse(page).press("Lees in")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "els-upload-wrong")


def test_els_looks_after_centres_and_coaches(opens, people):
    page = opens(people("els"))
    hands = Mouse(page)
    page.goto("/beheer/centra")
    hands.press("Centrum De Brug")
    look(page, "els-centre")
    here = page.url
    for name in ("einde", "erkennen", "medewerker", "nummer"):
        page.goto(f"{here}/{name}")
        look(page, f"els-centre-{name}")
    page.goto("/beheer/begeleiders")
    page.get_by_role("link", name="Dora").first.click()
    look(page, "els-coach")
    _els_holds_money(page)
    assert looked_at >= SEEN


def _els_holds_money(page) -> None:
    """Hold what Centrum Zonder would get, with an article, a reason and a last day; and lift it."""
    hands = Mouse(page)
    page.goto("/beheer/centra")
    hands.press("Centrum Zonder")
    hands.press("Hou betalingen in")
    hands.type("Artikel", "art. 14")
    hands.type("Reden", "controle ter plaatse")
    hands.type("Tot en met", "2025-03-31")
    look(page, "els-centre-inhouden")
    hands.press("Hou in")
    expect(page.get_by_role("main")).to_contain_text("controle ter plaatse")
    page.goto("/beheer/inhoudingen")
    look(page, "els-hold")
    hands.press("Hef nu op Centrum Zonder")
    expect(page.get_by_role("status").first).to_contain_text("De inhouding is opgeheven.")


def test_a_table_that_is_wider_than_the_screen_says_so_and_is_scrolled_by_keyboard(opens, people):
    page = opens(people("els"))
    page.goto("/beheer")
    hint = page.get_by_text("Deze tabel is breder dan uw scherm")
    expect(hint).to_be_hidden()
    page.set_viewport_size({"width": NARROW, "height": 900})
    expect(hint).to_be_visible()
    region = page.get_by_role("region", name="Per maand")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert region.evaluate("it => it === document.activeElement && it.scrollLeft > 0")


def _wait_for_settlement(page) -> None:
    """The worker process reads in the next statement that the bank carried the refund out."""
    for _ in range(SOON // 500):
        page.goto("/beheer/terugbetalingen")
        if page.get_by_text(re.compile("uitgevoerd op")).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the refund was not carried out")


def _statement(folder: Path) -> Path:
    """A statement of our account that the fake bank of the installation never wrote."""
    account = BankAccount(settings.ACCOUNT_NAME, settings.ACCOUNT_IBAN)
    bank = FakeBank(account, folder / "bank")
    bank.pay("000000000097", 4_500, name="Pieter Zonderling", on=DAY, due_on=DAY, how=How.UNKNOWN)
    written = bank.report(DAY)
    assert written is not None
    path = folder / "uittreksel.xml"
    path.write_bytes(written.replace(b"-000001<", b"-900001<"))
    return path
