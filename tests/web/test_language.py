"""Every sentence of the pages has its English, and the catalogue that runs is the one written."""

import ast
from pathlib import Path

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
    """What is put together from parts cannot be: those are listed, and the list may only shrink."""
    put_together = []
    for path in LIVE.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_refusal = isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused"
            if is_refusal and not isinstance(node.args[0], ast.Constant):
                put_together.append(path.name)
    assert sorted(put_together) == ["ordering.py", "payment.py"]
