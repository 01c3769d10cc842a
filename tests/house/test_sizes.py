"""A function fits a screen, a file has one subject."""

import ast

from tests.house.files import ROOT, python, tree

FUNCTION_LINES = 50
FILE_LINES = 400
LINE_LENGTH = 100

# What is larger, with its size: "file.py" or "file.py::function". The list may only shrink.
EXCEPTIONS: dict[str, int] = {}


def _functions(module: ast.Module) -> dict[str, int]:
    # Of two with one name, as methods may be, the longer counts.
    longest: dict[str, int] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            longest[node.name] = max(lines, longest.get(node.name, 0))
    return longest


def _too_large() -> dict[str, int]:
    large = {}
    for name in python():
        lines = len((ROOT / name).read_text("utf-8").splitlines())
        if lines > FILE_LINES:
            large[name] = lines
        for function, length in _functions(tree(name)).items():
            if length > FUNCTION_LINES:
                large[f"{name}::{function}"] = length
    return large


def test_a_function_has_at_most_fifty_lines_and_a_file_at_most_four_hundred():
    over = {what: size for what, size in _too_large().items() if size > EXCEPTIONS.get(what, 0)}
    assert over == {}


def test_an_exception_that_is_no_longer_needed_leaves_the_list():
    large = _too_large()
    assert {what: large.get(what, 0) for what in EXCEPTIONS} == EXCEPTIONS


def test_a_line_has_at_most_a_hundred_characters():
    over = [
        f"{name}:{number}"
        for name in python()
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1)
        if len(line) > LINE_LENGTH
    ]
    assert over == []


def test_the_measure_counts_the_lines_of_a_function_from_its_def_to_its_end():
    assert _functions(ast.parse("def a():\n    b = 1\n\n    return b\n")) == {"a": 4}
