"""The check without logging in: typed, answered, kept nowhere."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from loopbaan.law import rulebook
from loopbaan.law.policy import KINDS
from tests.web.scene import Page, rows

AN = {
    "activity": "employee",
    "works_in": "flanders",
    "lives_in": "flanders",
    "years": "10",
    "months": "5",
    "started": "0",
    "open_order": "no",
    "language": "nl",
    "day": "2025-02-10",
}
BRAM = AN | {"years": "5", "months": "8"}
BEFORE = {"started": "1", "last_started_on": "2021-05-03", "is_closed": "yes"}
TWICE = BEFORE | {"started": "2", "previous_started_on": "2020-03-02"}

pytestmark = pytest.mark.usefixtures("scheme")  # it is 10 February 2025


def answer(facts: dict[str, str], **more: str) -> str:
    """Return the words of the answer."""
    response = Client().post(reverse("check"), facts | more)
    assert response.status_code == 200, Page(response).text()
    return Page(response).text()


def test_an_may_order_and_reads_what_it_costs():
    words = answer(AN)
    assert "Ja, u mag bestellen" in words
    assert "4 uur" in words
    assert "€ 45,00" in words
    assert "Waarom niet" not in words
    assert "Aanmelden en bestellen" in words


def test_bram_reads_every_reason_the_day_and_the_ground():
    words = answer(BRAM)
    assert "Nee, u kunt niet bestellen" in words
    assert "2.068" in words  # 68 months of 365 / 12 days
    assert "487" in words
    assert "12 juni 2026" in words  # 487 days after 10 February 2025
    assert "Besluit van de Vlaamse Regering" in words


def test_who_has_no_order_reads_no_remedy_that_needs_one():
    words = answer(BRAM | TWICE | {"language": "other", "lives_in": "wallonia"})
    assert "betwist" not in words
    assert "leg dan deze week al een bewijs klaar" in words
    assert "laat een fout daarin deze week al verbeteren" in words
    assert "tel hem hier dan niet mee" in words
    words = answer(AN | {"activity": "none", "works_in": ""})
    assert "antwoord dan dat u werkt" in words


def test_all_reasons_are_told_at_once():
    words = answer(BRAM | TWICE | {"open_order": "yes", "language": "other", "is_closed": "no"})
    for title in ("Werkervaring", "Vroegere cheques", "Eén bestelling tegelijk", "Taal van de"):
        assert title in words
    assert "3 mei 2021" in words


@pytest.mark.parametrize(
    ("change", "is_yes"),
    [
        ({"lives_in": "wallonia"}, False),
        ({"lives_in": "wallonia", "moved_from_eea": "on"}, True),
        ({"lives_in": "eea"}, True),
        ({"lives_in": "eea", "works_in": "wallonia"}, False),
        ({"lives_in": "flanders", "moved_from_eea": "on"}, True),
        ({"activity": "none", "works_in": ""}, False),
        ({"activity": "self_employed"}, True),
        (BEFORE, True),
        (BEFORE | {"is_closed": "no"}, False),
        (TWICE, False),
        ({"years": "7", "months": "0"}, True),
        ({"years": "6", "months": "11"}, False),
    ],
)
def test_each_answer_counts(change, is_yes):
    words = answer(AN | change)
    assert ("Ja, u mag bestellen" in words) == is_yes


def test_what_if_supposes_and_goes_back():
    assert "als u één jaar langer had gewerkt" in answer(BRAM | {"years": "6"}, if_more="year")
    assert "Ja, u mag bestellen" in answer(BRAM | {"years": "6"}, if_more="year")
    words = answer(AN, if_home="elsewhere")
    assert "als u in een land buiten de Europese Economische Ruimte woonde" in words
    assert "Nee, u kunt niet bestellen" in words
    assert "Terug naar mijn eigen antwoord" in words


def test_what_was_typed_is_carried_in_the_form_and_in_no_address():
    response = Client().post(reverse("check"), BRAM)
    page = Page(response)
    carried = {
        values["name"]: values["value"]
        for values in page.all("input")
        if values.get("type") == "hidden" and values["name"] in BRAM
    }
    assert carried == BRAM
    links = [values.get("href", "") for values in page.all("a")]
    links += [values["action"] for values in page.all("form")]
    assert [link for link in links if "?" in link] == []
    assert "http://testserver/check bevat niets" in page.text()
    assert not response.cookies.get("sessionid")


def test_who_changes_an_answer_finds_the_others_filled_in():
    page = Page(Client().post(reverse("check"), BRAM | {"edit": "1"}))
    chosen = {
        values["name"]: values["value"] for values in page.all("input") if "checked" in values
    }
    assert chosen["activity"] == "employee"
    assert chosen["lives_in"] == "flanders"
    assert [v["value"] for v in page.all("input") if v.get("name") == "years"] == ["5"]
    assert "Er klopt iets nog niet" not in page.text()


def test_the_check_writes_nothing():
    before = rows()
    for facts in (AN, BRAM, {}):
        Client().post(reverse("check"), facts)
    assert rows() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"activity": ""}, "activity"),
        ({"activity": "king"}, "activity"),
        ({"works_in": ""}, "works_in"),
        ({"lives_in": "mars"}, "lives_in"),
        ({"years": "-1"}, "years"),
        ({"years": "seven"}, "years"),
        ({"years": "9" * 5_000}, "years"),
        ({"months": "12"}, "months"),
        ({"day": "2025-02-30"}, "day"),
        ({"day": "2025-02-09"}, "day"),
        ({"day": "2036-01-01"}, "day"),
        ({"day": "morgen"}, "day"),
        ({"started": "1"}, "last_started_on"),
        (BEFORE | {"last_started_on": "2026-01-01"}, "last_started_on"),
        (BEFORE | {"is_closed": ""}, "is_closed"),
        (TWICE | {"previous_started_on": ""}, "previous_started_on"),
        (TWICE | {"previous_started_on": "2022-01-01"}, "previous_started_on"),
        (TWICE | {"previous_started_on": "0001-01-01"}, "previous_started_on"),
        ({"if_home": "mars"}, "if_home"),
        ({"language": "\x00"}, "language"),
    ],
)
def test_nonsense_is_answered_with_a_sentence_at_its_field(change, field):
    response = Client().post(reverse("check"), AN | change)
    assert response.status_code == 400
    page = Page(response)
    assert page.faults == []
    assert "Er klopt iets nog niet" in page.text()
    assert page.text().startswith("Fout:")
    if not field.startswith("if_"):
        linked = [values["href"] for values in page.all("a") if values["href"].startswith("#id_")]
        assert linked[0].startswith(f"#id_{field}")


def test_a_day_may_be_written_as_people_write_it():
    assert "Ja, op 3 maart 2025" in answer(AN | {"day": "3/3/2025"})


def test_the_first_day_is_an_entry_for_a_calendar_with_nothing_else_in_it():
    response = Client().post(reverse("first_day"), {"day": "2026-06-12"})
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "loopbaancheque.ics" in response.headers["Content-Disposition"]
    entry = response.content.decode()
    assert "DTSTART;VALUE=DATE:20260612\r\nDTEND;VALUE=DATE:20260613\r\n" in entry
    assert entry.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))


@pytest.mark.parametrize("day", ["", "2026-02-30", "x"])
def test_a_day_that_does_not_exist_makes_no_entry(day):
    assert Client().post(reverse("first_day"), {"day": day}).status_code == 302


def test_the_conditions_are_told_with_the_numbers_of_the_day(scheme):
    words = Page(Client().get(reverse("conditions"))).text()
    assert "minstens 7 jaar (2.555 dagen)" in words
    assert "€ 45,00" in words
    assert "per maand" not in words
    book = rulebook.current()
    for kind in KINDS:
        assert book.numbers[f"counts_{kind}"].nl in words
    scheme.go_to(date(2025, 3, 4))
    assert "Hoogstens 1.000 cheques per maand" in Page(Client().get(reverse("conditions"))).text()
    scheme.go_to(date(2026, 6, 1))
    words = Page(Client().get(reverse("conditions"))).text()
    assert "nog nooit met een loopbaancheque" in words
    assert "€ 90,00" in words
    scheme.go_to(date(2015, 6, 1))
    assert "van de laatste 24 maanden" in Page(Client().get(reverse("conditions"))).text()


def test_the_numbers_of_a_day_as_known_on_a_day():
    def cap(**asked: str) -> str:
        words = Page(Client().get(reverse("numbers"), asked)).text()
        return re.search(r"cheques per maand voor heel Vlaanderen (geen maximum|\S+)", words)[1]

    assert cap(op="2025-03-02", bekend="2025-03-02") == "geen maximum"
    assert cap(op="2025-03-02", bekend="2025-03-04") == "1.000"
    assert cap(op="2025-03-10") == "1.000"
    assert cap() == "geen maximum"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"op": "2012-01-01", "bekend": "2012-01-01"}, 404),
        ({"op": "2025-02-30"}, 400),
        ({"bekend": "x"}, 400),
        ({"op": ""}, 200),
    ],
)
def test_a_day_without_law_or_that_is_none_is_said_so(asked, status):
    response = Client().get(reverse("numbers"), asked)
    assert response.status_code == status
    assert Page(response).faults == []


def test_every_number_has_a_page_with_its_sources():
    for key, number in rulebook.current().numbers.items():
        words = Page(Client().get(reverse("number", args=[key]))).text()
        assert number.nl[1:] in words
        for line in number.lines:
            assert all(code in words for code in line.source)
    assert Client().get("/cijfers/nothing").status_code == 404


def test_a_number_that_does_not_exist_says_what_that_means():
    for key, number in rulebook.current().numbers.items():
        page = Page(Client().get(reverse("number", args=[key])))
        assert "–" not in [word for _, word in page.words], key
        missing = [line for line in number.lines if line.value is None]
        assert not missing or re.search(r"\bgeen\b", page.text("nl")), key
    client = Client()
    cap = reverse("number", args=["cap_per_month"])
    assert "geen maximum geldt nu vanaf 1 juli 2013" in Page(client.get(cap)).text()
    client.post(reverse("language"), {"taal": "en"})
    assert "no maximum in force now from 1 July 2013" in Page(client.get(cap)).text()


def test_what_is_english_on_a_dutch_page_says_so_and_a_source_is_an_address_or_words():
    for key, number in rulebook.current().numbers.items():
        page = Page(Client().get(reverse("number", args=[key])))
        for note in filter(None, (number.note, *(line.note for line in number.lines))):
            assert note in page.text("en"), key
            assert note not in page.text("nl"), key
        assert not [each for each in page.all("a") if " " in each["href"]], key
    page = Page(Client().get(reverse("number", args=["cap_per_month"])))
    assert "opinion article" in page.text("en")


def test_the_line_that_holds_today_is_marked(scheme):
    def held() -> str:
        page = Page(Client().get(reverse("number", args=["share_cents"])))
        return re.search(r"(\S+ \S+) incl\. geldt nu vanaf ([\w ]+),", page.text()).groups()

    assert held() == ("€ 45,00", "1 januari 2024")
    scheme.go_to(date(2025, 12, 1))
    assert held() == ("€ 90,00", "1 november 2025")
