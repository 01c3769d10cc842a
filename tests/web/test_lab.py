"""The laboratory at its pages: a card with nonsense, a link that holds it, too many at once."""

import base64
import hashlib
import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from django.test import Client

from loopbaan.lab import card, scenario
from loopbaan.lab.card import Card
from loopbaan.law.rulebook import read_yaml
from loopbaan.web import laboratory as lab
from loopbaan.web.laboratory import Busy, laboratory
from loopbaan.web.public import lab_form
from tests.web.scene import CARD, REPORT, Page, Scene

pytestmark = pytest.mark.django_db
TOLD = re.compile(r'<li><a href="#[^"]*">(.*?)</a></li>')


def played(content: dict[str, Any]) -> dict[str, Any]:
    """An answer as the laboratory gives it, without playing."""
    ends = {"low": 80.0, "central": 90.0, "high": 100.0}
    figures = ("orders", "refused", "lost", "persons_started", "started")
    money = {"low": 4e8, "central": 5e8, "high": 6e8}
    years = [
        *({"when": year, "figure": name, **ends} for year in ("2025", "2026") for name in figures),
        *(
            {"when": year, "figure": f"{payer}_cents", **money}
            for year in ("2025", "2026")
            for payer in ("worker", "government")
        ),
    ]
    steps = ("refused", "lost", "did_not_pay", "did_not_start")
    groups = [
        {"dimension": "all", "category": "", "evidence": "published margin", **ends},
        {
            "dimension": "education",
            "category": "low",
            "evidence": "assumed pattern",
            **dict.fromkeys(ends),
        },
    ]
    names = ("scenario_hash", "rulebook", "population", "assumptions", "fitted", "code")
    return {
        "stamps": {name: f"{name} of {content}" for name in names},
        "seeds": 10,
        "share": 0.01,
        "years": years,
        "steps": [{"step": step, **ends} for step in steps],
        "groups": groups,
        "changes": [] if content == {"name": "no-measure"} else ["2025-03-01", "2025-11-01"],
    }


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was asked of the laboratory, which answers at once."""
    asked: list[dict[str, Any]] = []

    def answer(what: dict[str, Any]) -> dict[str, Any]:
        asked.append(what)
        return played(what)

    monkeypatch.setattr(laboratory, "answer", answer)
    return asked


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("a-maximum", "een miljoen", "cheques per maand – Vul een geheel getal in van 100 tot"),
        ("a-maximum", "1,5", "cheques per maand – Vul een geheel getal in van 100 tot 10.000"),
        ("a-maximum", "99", "cheques per maand – Vul een geheel getal in van 100 tot 10.000"),
        ("a-verdeling", "wie ik wil", "verdeeld? – Kies een van de drie manieren om te verdelen"),
        ("a-bijdrage", "-3", "euro per cheque – Vul een bedrag in van 0 tot 150 euro"),
        ("a-bijdrage", "22.505", "euro per cheque – Vul een bedrag in van 0 tot 150 euro"),
        ("a-bijdrage", "22,505", "euro per cheque – Vul een bedrag in van 0 tot 150 euro"),
        ("a-bijdrage", "", "euro per cheque – Vul een bedrag in van 0 tot 150 euro"),
        ("a-ervaring", "honderd", "werkervaring – Vul een aantal jaren in van 0 tot 40"),
        ("a-uren", "4,3", "eerste cheque – Vul een aantal uren in van 1 tot 10, per kwartier"),
        ("a-uren", "١", "eerste cheque – Vul een aantal uren in van 1 tot 10, per kwartier"),
        ("a-scenario", "bestaat-niet", "proberen? – Kies een kaart of een scenario uit de lijst"),
    ],
)
def test_a_card_with_nonsense_gets_a_sentence_with_field_and_remedy(quick, field, typed, sentence):
    asked = {name: values[0] for name, values in parse_qs(CARD).items()}
    response = Client().get("/lab", asked | {field: typed})
    assert response.status_code == 400
    told = TOLD.findall(response.content.decode())
    assert len(told) == 1
    assert sentence in told[0]
    assert quick == []


def test_numbers_are_read_as_people_in_flanders_write_them_and_as_the_english_do(quick):
    wanted = Card(1_000, "draw", 2_250, 912, 135)
    for amount, years, hours in (("€ 22,50", "2,5", "2,25"), ("22.50", "2.5", "2.25")):
        asked = f"a-maximum=1.000&a-verdeling=draw&a-bijdrage={amount}&a-ervaring={years}"
        assert Client().get(f"/lab?{asked}&a-uren={hours}").status_code == 302
        assert quick.pop() == {"content": card.content(wanted)}


def test_every_amount_in_cents_is_a_number(quick):
    asked = "a-maximum=&a-verdeling=first_come&a-ervaring=7&a-uren=4&a-bijdrage="
    answers = [Client().get(f"/lab?{asked}{each}") for each in ("1,10", "16,1", "64,10", "0,29")]
    assert {each.status_code for each in answers} == {302}
    assert [each["content"] for each in quick] == [
        card.content(Card(None, "first_come", cents, 7 * 365, 240))
        for cents in (110, 1_610, 6_410, 29)
    ]


@pytest.mark.usefixtures("quick")
def test_a_link_holds_the_card_and_says_what_changed_since():
    client = Client()
    goes_to = client.get(f"/lab?{CARD}&b-scenario=no-measure").headers["Location"]
    assert parse_qs(urlsplit(goes_to).query)["a-bijdrage"] == ["22,50"]
    page = client.get(goes_to).content.decode()
    assert "niet meer wat de link toonde" not in page
    assert "loopbaan lab ensemble kaart.yaml --seeds 100" in page
    assert "loopbaan lab try kaart.yaml no-measure" in page
    assert "loopbaan lab report kaart.yaml --against no-measure" in page
    said = parse_qs(urlsplit(goes_to).query)["inhoud"][0]
    card_hash, _, population, _ = said.split("-")
    earlier = f"{card_hash}-00000000-{population}-00000000"
    text = Page(client.get(goes_to.replace(said, earlier))).text()
    assert "er iets veranderd: het regelboek, het model of zijn aannames" in text
    nonsense = Page(client.get(goes_to.replace(said, "x"))).text()
    assert "de verzonnen bevolking" in nonsense


@pytest.mark.usefixtures("quick")
def test_what_is_assumed_and_what_is_left_out_stand_on_the_page():
    client = Client()
    page = Page(client.get(client.get("/lab?a-scenario=cap-1000").headers["Location"])).text()
    assert "Kortgeschoold * aangenomen patroon" in page
    assert "Iedereen 90 (80–100) gepubliceerd voor 2018" in page
    assert "gepubliceerde marge" not in page
    assert "5,0 (4,0–6,0)" in page
    assert "geen oorzakelijk bewijs" in page


@pytest.mark.usefixtures("quick")
def test_the_page_says_from_which_days_the_rules_are_others():
    client = Client()
    asked = client.get("/lab?a-scenario=cap-1000&b-scenario=no-measure").headers["Location"]
    page = Page(client.get(asked)).text()
    assert "andere regels vanaf 1 maart 2025 en 1 november 2025." in page
    assert "Geen maatregel: de regels van februari 2025 blijven: de regels van februari" in page


@pytest.mark.usefixtures("quick")
def test_a_scenario_that_begins_after_the_last_month_is_not_offered():
    """It would be shown as if nothing had been changed."""
    page = Client().get("/lab").content.decode()
    offered = set(re.findall(r'<option value="([^"]*)"', page)) - {"", "kaart"}
    late = {
        name
        for name in scenario.names()
        if card.comes_too_late(read_yaml(scenario.FOLDER / f"{name}.yaml"))
    }
    assert late == {"career-credit-2027"}
    assert offered - set(lab_form.WAYS) == set(scenario.names()) - late
    assert "vanaf zijn eigen dag" in page
    assert Client().get("/lab?a-scenario=career-credit-2027").status_code == 400


@pytest.mark.usefixtures("quick")
def test_two_cards_of_ones_own_are_two_files():
    client = Client()
    other = CARD.replace("a-", "b-") + "&b-scenario=kaart"
    page = client.get(client.get(f"/lab?{CARD}&{other}").headers["Location"]).content.decode()
    assert "loopbaan lab report kaart.yaml --against kaart-2.yaml" in page
    second = unescape(re.findall(r'href="(/lab/kaart\.yaml\?[^"]*)"', page)[1])
    given = client.get(second)
    assert given.headers["Content-Disposition"] == 'attachment; filename="kaart-2.yaml"'


def test_a_card_is_saved_as_the_file_that_the_command_line_reads(tmp_path):
    response = Client().get(f"/lab/kaart.yaml?{CARD}")
    assert response.headers["Content-Disposition"] == 'attachment; filename="kaart.yaml"'
    file = tmp_path / "kaart.yaml"
    file.write_bytes(response.content)
    wanted = scenario.of(card.content(Card(1_000, "draw", 2_250, 2_555, 240)), file)
    assert scenario.load(file).hash == wanted.hash
    assert yaml.safe_load(response.content)["last"] == "2026-12"
    for nonsense in ("", "?a-maximum=x", "?a-scenario=cap-1000"):
        assert Client().get(f"/lab/kaart.yaml{nonsense}").status_code == 404


def test_who_comes_while_others_wait_is_told_when_to_come_back(monkeypatch):
    def busy(*_: Any) -> None:
        raise Busy

    monkeypatch.setattr(laboratory, "answer", busy)
    response = Client().get(f"/lab?{CARD}")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "over 5 seconden opnieuw" in response.content.decode()


def test_the_line_is_short_and_what_was_answered_is_kept_within_bounds(monkeypatch):
    mine = lab.Laboratory()
    monkeypatch.setattr(mine, "_play", played)
    monkeypatch.setattr(lab, "MOST_KEPT", 3)
    asked = [{"name": name} for name in scenario.names()[:5]]
    for each in asked:
        mine.answer(each)
    assert list(mine._kept) == [json.dumps(each) for each in asked[-3:]]
    for _ in range(lab.MOST_IN_LINE):
        assert mine._line.acquire(blocking=False)
    with pytest.raises(Busy):
        mine.answer(asked[0])
    # What is kept asks for no place in the line.
    assert mine.answer(asked[-1]) == played(asked[-1])


def test_a_page_that_was_made_may_do_what_it_brings_itself_and_no_more(scene: Scene):
    assert scene.calculation
    response = Client().get("/lab/verslag")
    assert response.content.decode() == REPORT
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", REPORT, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    for name in ("geheim", "made"):
        assert Client().get(f"/lab/{name}").status_code == 404
    assert "Het verslag" in Client().get("/lab").content.decode()
