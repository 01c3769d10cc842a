"""Every sentence of the pages has its English, and the catalogue that runs is the one written."""

import ast
from datetime import date
from pathlib import Path

from django.utils import translation

from loopbaan.live.moving import Refused
from loopbaan.web.faults import sentence_of
from tools import messages

LIVE = Path(__file__).parents[2] / "loopbaan" / "live"


def test_every_sentence_is_translated_and_the_compiled_catalogue_is_that_of_the_texts():
    known = messages.read(messages.CATALOGUE.read_text("utf-8"))
    assert messages.faults(known, messages.gathered()) == []


def test_a_fault_in_a_catalogue_is_seen():
    asked = [("Dag %(name)s",), ("Ja",)]
    assert "not translated: Ja" in messages.faults({("Dag %(name)s",): ("Hi %(name)s",)}, asked)
    assert "other names in it: Ja" in messages.faults({("Ja",): ("Yes %(x)s",)}, asked)
    assert "no longer used: Nee" in messages.faults({("Nee",): ("No",)}, asked)


def test_what_is_written_is_read_again():
    catalogue = {
        ('Zei "ja"\n',): ('Said "yes"\n',),
        ("%(n)s dag", "%(n)s dagen"): ("%(n)s day", "%(n)s days"),
    }
    assert messages.read(messages.written(catalogue)) == catalogue


def test_every_refusal_of_an_operation_is_gathered():
    trees = [ast.parse(path.read_text("utf-8")) for path in LIVE.glob("**/*.py")]
    nodes = [node for each in trees for node in ast.walk(each)]
    # One that is made of something else than a sentence finds its own in a table of them.
    kinds = {"Refused"} | {
        node.name
        for node in nodes
        if isinstance(node, ast.ClassDef) and "Refused" in map(ast.unparse, node.bases)
        if not any(isinstance(each, ast.FunctionDef) for each in node.body)
    }
    calls = [each for each in nodes if isinstance(each, ast.Call)]
    refusals = [each for each in calls if ast.unparse(each.func) in kinds]
    assert len(refusals) > 10
    assert kinds <= messages.CALLS
    # What is put together from parts cannot be gathered: values go in by name.
    assert [
        ast.unparse(each) for each in refusals if not isinstance(each.args[0], ast.Constant)
    ] == []


def test_a_refusal_is_told_with_its_values_in_the_language_of_the_page():
    refused = Refused("De termijn om te betwisten liep tot en met %(day)s.", day=date(2025, 2, 24))
    assert str(refused) == "De termijn om te betwisten liep tot en met 24 februari 2025."
    with translation.override("en"):
        assert (
            sentence_of(refused) == "The term to contest ran up to and including 24 February 2025."
        )
    assert str(Refused("Dat is 100 % zeker.")) == "Dat is 100 % zeker."
