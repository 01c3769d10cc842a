"""`loopbaan explain`: the whole reasoning for one worker, in Dutch or English."""

from datetime import date
from pathlib import Path

import pytest

from loopbaan.command import tables
from loopbaan.law import phrases, rulebook
from loopbaan.law.career import Note
from loopbaan.law.refusals import Refusal
from tests.command.cast import (
    ABSENT,
    AN,
    BRAM,
    ROOT,
    bram,
    case,
    with_career,
    write_csv,
    write_parquet,
    write_text,
    write_yaml,
)

CAST = ROOT / "tests" / "cases" / "ordering" / "cast.yaml"


def _flat(said):
    return " ".join(said.out.split())


def test_bram_reads_on_which_fact_it_was_decided_until_when_and_what_he_can_do(loopbaan):
    said = loopbaan("explain", CAST, "--id", "bram", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    answer, against = _flat(said).split(" Why not ")
    assert answer.startswith("bram No, on 2 March 2026 ")
    assert "28 June 2027" in answer
    assert against.startswith("Work experience. ")
    for fact in ("2,072 days", "2,555", "483", "28 June 2027", "16 March 2026", "article not seen"):
        assert fact in against.split("What is in order")[0]


def test_the_conditions_that_are_met_are_told_too(loopbaan):
    told = _flat(loopbaan("explain", CAST, "--id", "bram", "--lang", "en"))
    _, met = told.split(" What is in order ")
    met, _ = met.split(" Periods of the career that need attention ")
    assert met.count("✓ ") == 5
    for fact in ("Flanders", "Brussels", "an employee", "never started", "in Dutch"):
        assert fact in met


def test_the_spells_that_do_not_count_are_told_with_their_reason_and_what_proof_brings(loopbaan):
    told = _flat(loopbaan("explain", CAST, "--id", "bram", "--lang", "en"))
    _, spells = told.split(" Periods of the career that need attention ")
    student, abroad, unemployed = (
        f"{days}, {rulebook.current().numbers[f'counts_{kind}'].en}: {phrases.WHY['en'][why]}"
        for days, kind, why in (
            ("1 July 2017 – 31 August 2017", "student_job", Note.KIND),
            ("8 January 2018 – 20 December 2019", "abroad", Note.NO_CERTIFICATE),
            ("6 January 2020 – 28 June 2020", "unemployed", Note.KIND),
        )
    )
    assert spells.startswith(f"{student} {abroad} {unemployed} ")
    proof = spells.removeprefix(f"{student} {abroad} {unemployed} ")
    assert "712 days" in proof
    assert proof.endswith(" 2 March 2026.")


def test_a_spell_that_begins_later_and_one_in_doubt_are_told(loopbaan):
    later = {"from": date(2026, 3, 2), "kind": "employee"}
    doubtful = {"from": date(2014, 9, 1), "kind": "side_job"}
    path = write_yaml("x.yaml", with_career(later, doubtful, ordered_on=BRAM["ordered_on"]))
    told = _flat(loopbaan("explain", path, "--id", "an", "--lang", "en"))
    assert f"2 March 2026 – {phrases.NO_END['en']}, " in told
    assert phrases.WHY["en"][Note.NOT_YET] in told
    assert phrases.WHY["en"][Note.DOUBTFUL] in told


def test_dutch_is_the_language_unless_english_is_asked(loopbaan):
    said = loopbaan("explain", CAST, "--id", "bram")
    assert said == loopbaan("explain", CAST, "--id", "bram", "--lang", "nl")
    told = _flat(said)
    assert told.startswith("bram Nee, op 2 maart 2026 ")
    for heading in ("Waarom niet Werkervaring.", "Wat wel in orde is ✓", "Periodes in de loopbaan"):
        assert heading in told
    assert "2.072 dagen" in told


def test_an_reads_what_she_gets_and_the_terms(loopbaan):
    told = _flat(loopbaan("explain", write_yaml("x.yaml", AN), "--id", "an", "--lang", "en"))
    for fact in ("Yes, on 10 February 2025 ", "4 hours", "€45.00", "14 days", "3 months"):
        assert fact in told
    assert "Why not" not in told


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_reason_has_its_legal_place_and_nobody_reads_a_code_word(loopbaan, lang):
    worst = case(
        ordered_on=date(2024, 6, 3),
        lives_in="wallonia",
        works_in="none",
        activity="none",
        experience_days=10,
        vouchers_started_on=[date(2020, 1, 6), date(2022, 2, 28)],
        last_voucher_closed=False,
        open_order=True,
        guidance_language="fr",
    )
    said = loopbaan("explain", write_yaml("x.yaml", worst), "--id", "an", "--lang", lang)
    assert said.out.count("[") == len(Refusal) - 1  # one voucher in a lifetime is of later years
    assert "_" not in said.out
    assert max(map(len, said.out.splitlines())) <= 92


@pytest.mark.parametrize(("name", "write"), [("x.csv", write_csv), ("x.parquet", write_parquet)])
def test_a_table_explains_as_a_case_does(loopbaan, name, write, monkeypatch):
    expected = loopbaan("explain", write_yaml("x.yaml", bram()), "--id", "bram").out
    monkeypatch.setattr(tables, "PART", 2)
    path = write(name, AN, case(id="b"), case(id="c"), bram())
    said = loopbaan("explain", path, "--id", "bram")
    assert (said.code, said.out) == (0, expected)


def test_a_table_with_careers_explains_as_a_case_with_its_career_does(loopbaan):
    expected = loopbaan("explain", write_yaml("x.yaml", BRAM), "--id", "bram").out
    assert "712 dagen" in expected
    spells = [
        "id,from,to,kind,certified",
        "bram,2018-01-08,2019-12-20,abroad,false",
        "bram,2020-06-29,,employee,",
    ]
    path = write_csv("x.csv", BRAM, BRAM | {"id": "other"})
    words = ("--careers", write_text("spells.csv", *spells), "--id", "bram")
    assert loopbaan("explain", path, *words).out == expected


def test_a_name_that_nobody_has_is_told_with_the_nearest(loopbaan):
    path = write_yaml("x.yaml", AN, BRAM)
    said = loopbaan("explain", path, "--id", "brm")
    assert (said.code, said.out) == (2, "")
    assert said.err == "x.yaml: has no worker with the id 'brm'; did you mean bram?\n"
    said = loopbaan("explain", path, "--id", "zzz")
    assert said.err == "x.yaml: has no worker with the id 'zzz'\n"


def test_a_bad_row_is_told_and_a_bad_neighbour_is_no_matter(loopbaan):
    path = write_csv("x.csv", AN, bram(lives_in="walonia", activity="pilot"))
    said = loopbaan("explain", path, "--id", "bram")
    assert (said.code, said.out, len(said.faults)) == (2, "", 2)
    assert said.faults[0].startswith("x.csv, row 3 (bram): lives_in: expected one of flanders,")
    assert said.faults[1].startswith("x.csv, row 3 (bram): activity: expected one of employee,")
    assert loopbaan("explain", path, "--id", "an").code == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.yaml", None, "x.yaml: cannot be read: No such file or directory"),
        ("x.csv", "", "x.csv: is empty; the first row names the columns"),
        ("x.yaml", "id: an", "x.yaml: expected a list of cases"),
        ("x.parquet", "hello", "x.parquet: is no Parquet file"),
        ("x.txt", "hello", "loopbaan explain: x.txt: expected a name that ends in .yaml, .csv"),
    ],
)
def test_a_bad_file_is_told(loopbaan, name, content, sentence):
    if content is not None:
        Path(name).write_text(content, "utf-8")
    said = loopbaan("explain", name, "--id", "an")
    assert (said.code, said.out, len(said.faults)) == (2, "", 1)
    assert said.err.startswith(sentence)


def test_the_day_the_knowledge_and_the_reading_may_be_asked(loopbaan):
    path = write_yaml("x.yaml", case(ordered_on=ABSENT))
    words = ("explain", path, "--id", "an", "--lang", "en", "--on", "2025-12-01")
    assert "€90.00" in _flat(loopbaan(*words))
    assert "€45.00" in _flat(loopbaan(*words, "--known-on", "2025-10-05"))
    assert "100 months" in _flat(loopbaan(*words, "--reading", "months"))
    said = loopbaan(*words, "--reading", "C")
    assert (said.code, len(said.faults)) == (2, 1)


def test_what_is_explained_is_what_decide_decides(loopbaan):
    path = write_yaml("x.yaml", AN, BRAM)
    decided = loopbaan("decide", path, "--lang", "en").out
    for name in ("an", "bram"):
        first = loopbaan("explain", path, "--id", name, "--lang", "en").out.split("\n\n")[0]
        assert first in decided
