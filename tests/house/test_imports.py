"""What each room may reach for. The layers themselves are contracts in pyproject.toml."""

import ast
import sys
from collections.abc import Iterator
from pathlib import PurePath

import pytest

from tests.house.files import ROOT, python, settings, tree

# No clock, no file, no chance, no line outside: these would let one in by the back door.
IMPURE = {"http", "io", "os", "pathlib", "random", "socket", "subprocess", "time", "urllib"}
LAW = (set(sys.stdlib_module_names) - IMPURE) | {"numpy"}
RULEBOOK = set(sys.stdlib_module_names) | {"numpy", "yaml"}

# Where a module may be imported late, and why. One that is no longer needed leaves the list.
LATE = {
    "loopbaan/adapters/bank.py": (
        "xmlschema",
        "it takes a while, and only a file for a bank needs it",
    ),
    "loopbaan/command/__init__.py": ("import_module", "a subcommand is imported when it is called"),
    "loopbaan/command/lab_ensemble.py": ("import_module", "Dask is an extra"),
    "loopbaan/command/tables.py": ("polars", "it takes a while, and only Parquet needs it"),
    "loopbaan/lab/__init__.py": ("import_module", "a page reads a scenario without data frames"),
    "loopbaan/live/ready.py": ("import_module", "there are no models before Django is set up"),
    "tests/crash/centres.py": ("import_module", "there are no models before Django is set up"),
    "tests/web/fill_for_api.py": ("import_module", "there are no models before Django is set up"),
}

NAMELESS = {"base", "common", "helper", "helpers", "manager", "managers", "misc"}
NAMELESS |= {"service", "services", "util", "utils"}


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        start = ".".join([*above, *([node.module] if node.module else [])])
        return [f"{start}.{alias.name}" for alias in node.names]
    return []


def _imports(module: ast.AST, package: str) -> list[str]:
    return [name for node in ast.walk(module) for name in _imported(node, package)]


def _late(module: ast.AST) -> Iterator[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    for function in (node for node in ast.walk(module) if isinstance(node, functions)):
        for node in ast.walk(function):
            yield from _imported(node, "")
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                if called in {"import_module", "__import__"}:
                    yield called


def test_the_law_imports_numpy_and_the_pure_part_of_the_standard_library_only():
    strangers = {}
    for name in python("loopbaan/law"):
        known = RULEBOOK if name == "loopbaan/law/rulebook.py" else LAW
        for imported in _imports(tree(name), ".".join(PurePath(name).parent.parts)):
            own = imported == "loopbaan.law" or imported.startswith("loopbaan.law.")
            if not own and imported.split(".")[0] not in known:
                strangers.setdefault(name, []).append(imported)
    assert strangers == {}


def test_only_the_two_files_that_measure_a_peer_import_it():
    # They are licensed under the AGPL: docs/decisions/0011.
    peers = {"openfisca_core", "policyengine_core"}
    found = {
        name
        for name in python()
        for imported in _imports(tree(name), ".".join(PurePath(name).parent.parts))
        if imported.split(".")[0] in peers
    }
    assert found == {"bench/peers_openfisca.py", "bench/peers_policyengine.py"}


def test_the_law_opens_no_file_outside_the_rulebook():
    opened = [
        f"{name}:{node.lineno}"
        for name in python("loopbaan/law")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "open"
    ]
    assert [place for place in opened if not place.startswith("loopbaan/law/rulebook.py")] == []


def test_an_import_stands_at_the_top_of_its_file():
    late = {name: sorted(set(_late(tree(name)))) for name in python()}
    allowed = {name: [what] for name, (what, _) in LATE.items() if (ROOT / name).exists()}
    assert {name: found for name, found in late.items() if found} == allowed


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import numpy\ndef a(): pass", []),
        ("def a():\n    import numpy", ["numpy"]),
        ("class A:\n    async def a(self):\n        from . import b", [".b"]),
        ("def a(): return importlib.import_module('numpy')", ["import_module"]),
        ("a = lambda: __import__('numpy')", ["__import__"]),
    ],
)
def test_a_late_import_is_seen_in_every_form(code, found):
    assert [name.strip(".") for name in _late(ast.parse(code))] == [n.strip(".") for n in found]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import a.b, c", ["a.b", "c"]),
        ("from a import b", ["a.b"]),
        ("from . import months", ["loopbaan.law.months"]),
        ("from .months import add", ["loopbaan.law.months.add"]),
        ("from ..live import orders", ["loopbaan.live.orders"]),
    ],
)
def test_an_import_is_read_in_every_form(code, found):
    assert _imports(ast.parse(code), "loopbaan.law") == found


def test_no_module_has_a_name_that_says_nothing():
    parts = {name: set(PurePath(name).with_suffix("").parts) for name in python()}
    assert [name for name, words in parts.items() if words & NAMELESS] == []


def test_every_room_that_runs_without_django_is_under_the_contract_that_says_so():
    contracts = settings()["tool"]["importlinter"]["contracts"]
    without, not_by_itself = [c for c in contracts if c.get("forbidden_modules") == ["django"]]
    files = python("loopbaan")
    rooms = {
        f"loopbaan.{room}"
        for room in ("adapters", "lab", "law")
        if any(name.startswith(f"loopbaan/{room}/") for name in files)
    }
    assert "loopbaan.law" in rooms
    assert set(without["source_modules"]) == rooms | {
        f"loopbaan.command.{name}" for name in ("decide", "explain", "lab", "law")
    }
    assert not_by_itself["source_modules"] == ["loopbaan.command"]
    assert not_by_itself["allow_indirect_imports"] is True
