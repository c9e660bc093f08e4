"""The mutants of a module: its source with one small fault each, drawn from how expressions of polars go wrong."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from tests.support.mutation.faults import Fault, faults


@dataclass(frozen=True)
class Mutant:
    """``name`` says where and what; ``code`` stands for the function, or the line of the module, that it changes."""

    name: str
    code: str
    line: int
    source: str


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module's source, in the order of its lines."""
    seen: Counter[str] = Counter()
    found = []
    for function, code, node in _nodes(ast.parse(source)):
        for fault in faults(node):
            name = f"{module}.{function}: {fault.said}"
            seen[name] += 1
            numbered = name if seen[name] == 1 else f"{name} ({seen[name]})"
            found.append(Mutant(numbered, code, node.lineno, _replaced(source, fault)))
    return sorted(found, key=lambda mutant: mutant.line)


def _nodes(tree: ast.Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Every expression that runs, beside the name of the function that it stands in and what stands for its code."""
    for statement in tree.body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)) and not _is_text(statement):
            name = statement.name if isinstance(statement, ast.FunctionDef) else "(module)"
            code = sha256(ast.unparse(statement).encode()).hexdigest()[:12]
            yield from ((name, code, node) for node in _expressions(statement))


def _expressions(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions below a node, without annotations and docstrings."""
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if field in ("annotation", "returns") or not isinstance(child, ast.AST) or _is_text(child):
                continue
            if isinstance(child, ast.expr):
                yield child
            yield from _expressions(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _replaced(source: str, fault: Fault) -> str:
    """The source with the fault in place of its node; columns of ``ast`` count bytes."""
    lines = source.encode().splitlines(keepends=True)
    node, starts = fault.node, [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    first, last = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
    whole = b"".join(lines)
    written = f"({ast.unparse(ast.fix_missing_locations(copy.deepcopy(fault.instead)))})"
    return (whole[:first] + written.encode() + whole[last:]).decode()
