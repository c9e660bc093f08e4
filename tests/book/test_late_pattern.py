"""No module compiles a pattern when it is imported."""

import ast
import operator
from collections.abc import Iterator
from pathlib import Path

import pytest

import xlbangfu
from xlbangfu.late_pattern import late_pattern

MODULES = sorted(Path(xlbangfu.__file__).parent.rglob("*.py"))


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from run_at_import(child)


def test_modules_ask_for_their_patterns_by_late_pattern() -> None:
    compiled = {
        f"{path.name}:{node.lineno}"
        for path in MODULES
        for node in run_at_import(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    }
    assert not compiled


def test_a_late_pattern_does_what_a_pattern_does_and_fails_where_that_would() -> None:
    word = late_pattern(rb"(?P<word>[a-z]+)")
    assert [found["word"] for found in word.finditer(b"ab 1 c")] == [b"ab", b"c"]
    assert word.pattern == rb"(?P<word>[a-z]+)"
    assert word.search(b"ab", 1) is not None
    with pytest.raises(AttributeError):
        operator.attrgetter("serach")(word)  # a word that is misspelled
