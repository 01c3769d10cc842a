"""`loopbaan decide` on cases: what is answered, what is compared, which law is asked."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from loopbaan.command import asking
from loopbaan.command.cases import EXAMPLE
from loopbaan.law import rulebook
from tests.command.cast import (
    ABSENT,
    AN,
    ANSWER,
    BRAM,
    ROOT,
    bram,
    case,
    with_career,
    write_text,
    write_yaml,
)

HASH = rulebook.current().hash
AN_SAYS = {
    "id": "an",
    "may_order": True,
    "voucher": 1,
    "minutes": 240,
    "share_cents": 4_500,
    "refusals": [],
    "first_day": "2025-02-10",
    "rulebook_hash": HASH,
}
BRAM_SAYS = {
    "id": "bram",
    "may_order": False,
    "voucher": None,
    "minutes": None,
    "share_cents": None,
    "refusals": ["experience"],
    "first_day": "2027-06-28",
    "rulebook_hash": HASH,
}


def _answers(said):
    return [json.loads(line) for line in said.out.splitlines()]


def test_an_may_order_and_bram_must_wait_each_in_one_json_object_a_line(loopbaan):
    said = loopbaan("decide", write_yaml("cast.yaml", AN, BRAM), "--json")
    assert (said.code, said.err) == (0, "")
    assert _answers(said) == [AN_SAYS, BRAM_SAYS]


def test_the_keys_of_an_answer_stand_in_their_order_and_have_their_types(loopbaan):
    said = loopbaan("decide", write_yaml("cast.yaml", AN, BRAM), "--json")
    for answer in _answers(said):
        assert tuple(answer) == (*ANSWER, "rulebook_hash")
        assert isinstance(answer["may_order"], bool)
        assert isinstance(answer["refusals"], list)
        assert answer["first_day"] == date.fromisoformat(answer["first_day"]).isoformat()
        for name in ("voucher", "minutes", "share_cents"):
            assert type(answer[name]) is (int if answer["may_order"] else type(None))


def test_every_reason_against_is_told_in_the_order_of_the_law(loopbaan):
    worst = case(
        ordered_on=date(2026, 3, 2),
        lives_in="wallonia",
        activity="none",
        experience_days=10,
        vouchers_started_on=[date(2025, 12, 1)],
        last_voucher_closed=False,
        open_order=True,
        guidance_language="fr",
    )
    (answer,) = _answers(loopbaan("decide", write_yaml("worst.yaml", worst), "--json"))
    codes = "residence activity experience lifetime first_not_closed open_order language"
    assert answer["refusals"] == codes.split()
    assert answer["first_day"] is None


def test_the_example_can_be_decided_as_it_is(loopbaan):
    printed = loopbaan("decide", "--example")
    assert (printed.code, printed.out) == (0, EXAMPLE)
    said = loopbaan("decide", write_text("example.yaml", printed.out), "--lang", "en")
    assert said.code == 0
    assert "2 with an expectation, 0 of them different" in said.out


def test_the_documented_cases_are_decided_as_documented(loopbaan):
    paths = sorted((ROOT / "tests" / "cases" / "ordering").glob("*.yaml"))
    assert paths
    said = loopbaan("decide", *paths, "--json")
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize(
    ("lang", "answer", "summary"),
    [
        ("nl", "Ja, op 10 februari 2025 mag u", "1 beslist: 1 ja, 0 nee"),
        ("en", "Yes, on 10 February 2025 you may", "1 decided: 1 yes, 0 no"),
    ],
)
def test_cases_are_told_with_their_reasons_in_both_languages(loopbaan, lang, answer, summary):
    said = loopbaan("decide", write_yaml("an.yaml", AN), "--lang", lang)
    assert answer in said.out
    assert f"an.yaml: {summary}" in said.out


def test_dutch_is_the_language_unless_another_is_asked(loopbaan):
    path = write_yaml("bram.yaml", BRAM)
    assert loopbaan("decide", path).out == loopbaan("decide", path, "--lang", "nl").out


def test_an_expectation_that_differs_is_exit_one_and_names_expected_and_found(loopbaan):
    wrong = bram(expect={"may_order": True, "refusals": [], "first_day": "2027-06-28"})
    said = loopbaan("decide", write_yaml("bram.yaml", AN, wrong))
    assert said.code == 1
    assert said.faults == [
        "bram.yaml, row 2 (bram): expected may_order true, found false",
        "bram.yaml, row 2 (bram): expected refusals [], found [experience]",
    ]
    assert "2 met een verwachting, 1 daarvan anders" in said.out


@pytest.mark.parametrize(
    ("name", "wanted", "sentence"),
    [
        ("voucher", [1], "expected voucher [1], found 1"),
        ("voucher", True, "expected voucher true, found 1"),
        ("may_order", 1, "expected may_order 1, found true"),
        ("minutes", None, "expected minutes null, found 240"),
        ("share_cents", {"euro": 45}, "expected share_cents {'euro': 45}, found 4500"),
        ("first_day", "2025-02-11", "expected first_day 2025-02-11, found 2025-02-10"),
        ("rulebook_hash", "abc", f"expected rulebook_hash abc, found {HASH}"),
    ],
)
def test_any_key_of_the_answer_may_be_expected(loopbaan, name, wanted, sentence):
    said = loopbaan("decide", write_yaml("an.yaml", case(expect={name: wanted})))
    assert (said.code, said.faults) == (1, [f"an.yaml, row 1 (an): {sentence}"])


def test_refusals_are_compared_as_a_set_and_only_what_stands_there_is_compared(loopbaan):
    both = bram(lives_in="wallonia", expect={"refusals": ["experience", "residence"]})
    assert loopbaan("decide", write_yaml("both.yaml", both)).code == 0
    one = bram(lives_in="wallonia", expect={"refusals": ["experience"]})
    said = loopbaan("decide", write_yaml("one.yaml", one))
    assert said.code == 1
    assert "expected refusals [experience], found [residence, experience]" in said.err


def test_a_bad_row_weighs_more_than_an_expectation_that_differs(loopbaan):
    differs, bad = case(id="differs", expect={"voucher": 2}), case(id="bad", lives_in="mars")
    path = write_yaml("both.yaml", differs, bad)
    assert loopbaan("decide", path).code == 2
    good, wrong = write_yaml("good.yaml", AN), write_yaml("wrong.yaml", differs)
    assert loopbaan("decide", good, wrong).code == 1
    assert loopbaan("decide", wrong, "gone.yaml", good).code == 2


def test_what_a_bad_row_expected_is_not_compared(loopbaan):
    said = loopbaan("decide", write_yaml("x.yaml", case(lives_in="x", expect={"voucher": 9})))
    assert (said.code, len(said.faults)) == (2, 1)


def test_the_order_day_of_the_option_holds_where_the_row_names_none(loopbaan):
    path = write_yaml("two.yaml", case(id="own"), case(id="none", ordered_on=ABSENT))
    own, none = _answers(loopbaan("decide", path, "--json", "--on", "2026-03-02"))
    assert (own["first_day"], own["share_cents"]) == ("2025-02-10", 4_500)
    assert (none["first_day"], none["share_cents"]) == ("2026-03-02", 9_000)


def test_without_an_order_day_anywhere_the_day_is_today_in_flanders(loopbaan, monkeypatch):
    monkeypatch.setattr(asking, "datetime", _Clock)
    path = write_yaml("an.yaml", case(ordered_on=ABSENT))
    (answer,) = _answers(loopbaan("decide", path, "--json"))
    assert answer["first_day"] == "2026-01-01"


class _Clock(datetime):
    """Half past eleven in the evening in Greenwich: in Brussels the year is already over."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2025, 12, 31, 23, 30, tzinfo=UTC).astimezone(tz)


def test_today_is_the_day_in_brussels(monkeypatch):
    monkeypatch.setattr(asking, "datetime", _Clock)
    assert _Clock.now(ZoneInfo("UTC")).date() == date(2025, 12, 31)
    assert asking.today() == date(2026, 1, 1)


def test_what_was_known_is_the_row_s_own_before_the_option_s_before_the_order_day(loopbaan):
    # The law of November 2025 was announced on 6 October: before, €45; since, €90.
    day, before = date(2025, 12, 1), date(2025, 10, 5)
    path = write_yaml(
        "known.yaml",
        case(id="own", ordered_on=day, known_on=before),
        case(id="none", ordered_on=day),
        case(id="null", ordered_on=day, known_on=None),
    )
    shares = [each["share_cents"] for each in _answers(loopbaan("decide", path, "--json"))]
    assert shares == [4_500, 9_000, 9_000]
    said = loopbaan("decide", path, "--json", "--known-on", "2025-10-05")
    assert [each["share_cents"] for each in _answers(said)] == [4_500, 4_500, 4_500]
    said = loopbaan("decide", path, "--json", "--known-on", "2025-10-06")
    assert [each["share_cents"] for each in _answers(said)] == [4_500, 9_000, 9_000]


def test_the_reading_of_the_row_beats_that_of_the_option(loopbaan):
    # 84 months of 2,555 days: the reading `months` counts months, the others days.
    facts = {"ordered_on": date(2024, 6, 3), "experience_days": 2_000, "experience_months": 84}
    path = write_yaml(
        "readings.yaml",
        case(id="days", reading="A", **facts),
        case(id="months", reading="months", **facts),
        case(id="none", **facts),
    )
    said = [each["may_order"] for each in _answers(loopbaan("decide", path, "--json"))]
    assert said == [False, True, False]
    said = loopbaan("decide", path, "--json", "--reading", "months")
    assert [each["may_order"] for each in _answers(said)] == [False, True, True]


def test_a_spell_without_an_end_runs_on_and_only_certified_work_abroad_counts(loopbaan):
    home = {"from": date(2020, 6, 29), "kind": "employee"}
    abroad = {"from": date(2018, 1, 8), "to": date(2019, 12, 20), "kind": "abroad"}
    day = BRAM["ordered_on"]
    path = write_yaml(
        "careers.yaml",
        with_career(home, id="home", ordered_on=day),
        with_career(home, abroad, id="abroad", ordered_on=day),
        with_career(home, abroad | {"certified": True}, id="certified", ordered_on=day),
        with_career(id="nothing", ordered_on=day),
    )
    said = {each["id"]: each["refusals"] for each in _answers(loopbaan("decide", path, "--json"))}
    assert said == {
        "home": ["experience"],
        "abroad": ["experience"],
        "certified": [],
        "nothing": ["activity", "experience"],
    }


@pytest.mark.parametrize(("language", "refusals"), [("nl-BE", []), ("nds", ["language"])])
def test_dutch_of_any_country_is_dutch_and_no_other_language_is(loopbaan, language, refusals):
    path = write_yaml("x.yaml", case(guidance_language=language))
    assert _answers(loopbaan("decide", path, "--json"))[0]["refusals"] == refusals


def test_the_open_order_may_be_left_out(loopbaan):
    path = write_yaml("open.yaml", case(open_order=ABSENT), case(id="b", open_order=True))
    an, other = _answers(loopbaan("decide", path, "--json"))
    assert (an["may_order"], other["refusals"]) == (True, ["open_order"])


def test_cases_written_with_out_hold_all_that_was_given_the_decision_and_the_error(loopbaan):
    bad = case(id="bad", lives_in="walonia", note="keep me")
    path = write_yaml("cast.yaml", case(title="An orders"), BRAM, bad)
    said = loopbaan("decide", path, "--out", "decided.yaml")
    assert said.code == 2
    assert said.out.startswith("\ncast.yaml: 2 beslist: 1 ja, 1 nee\n")
    given, wrote = rulebook.read_yaml(path), rulebook.read_yaml(Path("decided.yaml"))
    decisions = [each.pop("decision") for each in wrote]
    errors = [each.pop("error") for each in wrote]
    assert wrote == given
    assert decisions == [_without_id(AN_SAYS), _without_id(BRAM_SAYS), None]
    assert errors[:2] == [None, None]
    assert errors[2].startswith("lives_in: expected one of flanders, brussels")


def _without_id(answer):
    return {name: value for name, value in answer.items() if name != "id"}


def test_cases_that_were_written_can_be_decided_again_to_the_same(loopbaan):
    path = write_yaml("cast.yaml", AN, BRAM, case(id="007"), case(id="yes: no"))
    first = loopbaan("decide", path, "--json", "--out", "once.yaml")
    assert first.code == 0
    again = loopbaan("decide", "once.yaml", "--json", "--out", "twice.yaml")
    assert again == first
    assert Path("twice.yaml").read_text("utf-8") == Path("once.yaml").read_text("utf-8")


def test_an_id_is_a_text_and_keeps_its_zeros(loopbaan):
    path = write_text("ids.yaml", yaml.safe_dump([AN, BRAM]).replace("id: an", "id: 007"))
    assert [each["id"] for each in _answers(loopbaan("decide", path, "--json"))] == ["007", "bram"]
