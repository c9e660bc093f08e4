"""What may go wrong in one expression: each fault is the node and what stands in its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_PAIRS = (
    ("first", "last"),
    ("any", "all"),
    ("min", "max"),
    ("min_horizontal", "max_horizontal"),
    ("is_null", "is_not_null"),
    ("any_horizontal", "all_horizontal"),
)
METHODS = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
WORDS = {"min": "max", "first": "last", "last": "first", "left": "inner", "inner": "left", "none": "first"}
TEXTS = ("lit", "format", "strftime", "join")
NO_STEP = ("alias", "lazy", "collect", "implode", "when", "then")  # without these nothing runs, or nothing changes
MODULES = ("pl", "people", "roll", "words", "behaviour", "ast")
_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    node: ast.expr
    instead: ast.expr
    said: str


def faults(node: ast.expr) -> Iterator[Fault]:
    """The faults of one node itself; those of its children are theirs."""
    for kind in (_comparison, _arithmetic, _sign, _constant, _left_out, _call):
        yield from kind(node)


def _comparison(node: ast.expr) -> Iterator[Fault]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _changed(node, ops=[COMPARISONS[type(node.ops[0])]()])
    if isinstance(node, ast.BoolOp):
        yield _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _arithmetic(node: ast.expr) -> Iterator[Fault]:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield _changed(node, op=OPERATORS[type(node.op)]())


def _sign(node: ast.expr) -> Iterator[Fault]:
    if isinstance(node, ast.UnaryOp):
        yield Fault(node, node.operand, f"`{_text(node)}` without its sign")


def _constant(node: ast.expr) -> Iterator[Fault]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _changed(node, value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield _changed(node, value=node.value + 1 if isinstance(node.value, int) else node.value * 2 or 1.0)


def _left_out(node: ast.expr) -> Iterator[Fault]:
    """One of several values in a literal is missing."""
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        for place, one in enumerate(node.elts):
            rest = [other for at, other in enumerate(node.elts) if at != place]
            yield Fault(node, _copy(node, elts=rest), f"`{_text(one)}` left out of `{_text(node)}`")


def _call(node: ast.expr) -> Iterator[Fault]:
    if isinstance(node, ast.Call):
        yield from _step(node)
        yield from _arguments(node)
        yield from _words(node)


def _step(node: ast.Call) -> Iterator[Fault]:
    """A step of a chain left out, a branch left out, or another step in its place."""
    method = node.func
    if not isinstance(method, ast.Attribute):
        return
    if method.attr in METHODS:
        other = _copy(method, attr=METHODS[method.attr])
        yield Fault(node, _copy(node, func=other), f"`{METHODS[method.attr]}` in place of `{_step_text(node)}`")
    if method.attr == "is_between":
        for closed in ("left", "right"):
            ends = [*node.keywords, ast.keyword("closed", ast.Constant(closed))]
            yield Fault(node, _copy(node, keywords=ends), f"`{_step_text(node)}` closed on the {closed} only")
    on = method.value
    if method.attr == "then" and _is_step(on, "when") and _is_step(_before(on), "then"):
        yield Fault(node, _before(on), f"branch `{_step_text(on)}{_step_text(node)}` left out")
    if method.attr not in NO_STEP and not _is_narrowing(node) and not (isinstance(on, ast.Name) and on.id in MODULES):
        yield Fault(node, on, f"`{_step_text(node)}` left out after `{_text(on, end=True)}`")


def _is_narrowing(node: ast.Call) -> bool:
    """A ``select`` of columns by their names: without it there are more columns, which the last select leaves out."""
    names = (ast.Constant, ast.Name, ast.Starred)
    return _is_step(node, "select") and not node.keywords and all(isinstance(one, names) for one in node.args)


def _is_step(node: ast.expr, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def _before(step: ast.Call) -> ast.expr:
    """What a step of a chain is a step of."""
    assert isinstance(step.func, ast.Attribute)
    return step.func.value


def _arguments(node: ast.Call) -> Iterator[Fault]:
    """One argument left out; a function of our own, or a column that the next step needs, would only stop the run."""
    if len(node.args) > 1 and isinstance(node.func, ast.Attribute) and node.func.attr not in ("select", "col"):
        for place, one in enumerate(node.args):
            rest = [other for at, other in enumerate(node.args) if at != place]
            yield Fault(node, _copy(node, args=rest), f"argument `{_text(one)}` left out of `{_step_text(node)}`")
    for named in node.keywords:
        if named.arg == "dtype":
            continue  # of an empty column, which has the type of its sheet in the end
        rest_named = [other for other in node.keywords if other is not named]
        said = f"argument `{named.arg}={_text(named.value)}` left out of `{_step_text(node)}`"
        yield Fault(node, _copy(node, keywords=rest_named), said)


def _words(node: ast.Call) -> Iterator[Fault]:
    """Another word in a message, or another of the few words that an option takes."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    for place, argument in enumerate(node.args):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            if name == "rank" and argument.value in WORDS:
                yield _with_argument(node, place, WORDS[argument.value])
            elif name in TEXTS and place == 0:
                yield _with_argument(node, place, f"·{argument.value}")
    for place, named in enumerate(node.keywords):
        value = named.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value in WORDS:
            changed = [*node.keywords]
            changed[place] = ast.keyword(named.arg, ast.Constant(WORDS[value.value]))
            said = f"`{named.arg}={WORDS[value.value]}` in `{_step_text(node)}`"
            yield Fault(node, _copy(node, keywords=changed), said)


def _with_argument(node: ast.Call, place: int, text: str) -> Fault:
    arguments = [*node.args]
    arguments[place] = ast.Constant(text)
    return Fault(node, _copy(node, args=arguments), f"`{text}` in `{_step_text(node)}`")


def _changed(node: ast.expr, **fields: Any) -> Fault:
    other = _copy(node, **fields)
    return Fault(node, other, f"`{_text(other)}` in place of `{_text(node)}`")


def _copy(node: Any, **fields: Any) -> Any:
    """The node with some of its fields changed; the node itself stays as it was."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _step_text(node: ast.Call) -> str:
    """The last step of a chain, as .over(_GROUP)."""
    if not isinstance(node.func, ast.Attribute):
        return _text(node)
    arguments = _text(_copy(node, func=ast.Name("f")))[1:]
    return f".{node.func.attr}{arguments}"


def _text(node: ast.expr, *, end: bool = False) -> str:
    text = ast.unparse(node).replace("|", "¦")  # a bar would cut a table of Markdown
    if len(text) <= _SHOWN:
        return text
    return f"…{text[-_SHOWN:]}" if end else f"{text[:_SHOWN]}…"
