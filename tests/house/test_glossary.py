"""docs/glossary.md has a word for every public class of the law, every number, every model."""

import ast
import re
from pathlib import PurePath

from django.apps import apps

from loopbaan.law.policy import BOUNDS
from tests.house.files import ROOT, python, tree

LAW = python("loopbaan/law")
MODELS = {model.__name__ for model in apps.get_app_config("live").get_models()}
HEAD = ["code", "Dutch", "meaning", "not"]

# Words that were agreed upon for code and Dutch alike; a row that is missing or drifts is a defect.
AGREED = {
    "voucher": "loopbaancheque",
    "worker": "werkende",
    "order": "bestelling",
    "refusal": "weigeringsgrond",
    "share": "eigen bijdrage",
    "fee": "vergoeding",
    "centre": "loopbaancentrum",
    "coach": "loopbaanbegeleider",
    "recognition": "erkenning",
    "guidance": "loopbaanbegeleiding",
    "talk": "gesprek",
    "minutes": "minuten",
    "start": "opstarten",
    "close": "afsluiten",
    "payment": "betaling",
    "payout": "uitbetaling",
    "refund": "terugbetaling",
    "contest": "betwisting",
    "policy": "beleid",
    "rulebook": "regelboek",
    "reading": "lezing",
    "place": "plaats",
    "look_back": "terugkijkperiode",
}


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in rows if set("".join(row)) != {"-"}]


ROWS = [row for row in _rows() if row != HEAD]
DUTCH = {code: row[1] for row in ROWS for code in re.findall(r"`(\w+)`", row[0])}
UNWANTED = {word for row in ROWS for word in row[3].replace(",", " ").split()}


def _parts(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower())


def _public() -> list[str]:
    """Return the public modules, classes and functions of the law."""
    defined = [
        node.name
        for name in LAW
        for node in tree(name).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    ]
    return [*defined, *(PurePath(name).stem for name in LAW)]


def test_every_row_has_a_code_a_dutch_word_and_a_meaning_once():
    assert HEAD in _rows()
    assert [row for row in ROWS if len(row) != len(HEAD) or not all(row[:3])] == []
    codes = [code for row in ROWS for code in re.findall(r"`(\w+)`", row[0])]
    assert len(codes) == len(set(codes))


def test_every_public_class_of_the_law_has_its_dutch_word():
    classes = {name for name in _public() if name[0].isupper()}
    assert {"Facts", "Policy", "Refusal"} <= classes
    assert classes - set(DUTCH) == set()
    assert {code for code in DUTCH if code[0].isupper()} - classes - MODELS == set()


def test_every_model_of_the_live_scheme_has_its_dutch_word():
    assert {"Order", "Decision", "OutboxRow"} <= MODELS
    assert MODELS - set(DUTCH) == set()


def test_every_number_has_its_noun():
    nouns = [code for code in DUTCH if code.islower()]
    assert [key for key in BOUNDS if not any(re.search(rf"(^|_){n}", key) for n in nouns)] == []


def test_what_was_agreed_upon_is_what_stands_there():
    assert {word: dutch for word, dutch in AGREED.items() if dutch not in DUTCH.get(word, "")} == {}


def test_no_name_of_the_law_uses_a_word_that_is_not_used():
    # An exception is an error by the custom of the language; a refusal is none.
    names = [name for name in (*_public(), *BOUNDS) if not name.endswith("Error")]
    assert UNWANTED
    assert {name for name in names if set(_parts(name)) & (UNWANTED - set(DUTCH))} == set()
