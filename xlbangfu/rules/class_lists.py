"""A cell that names several classes: 七1、2班 is two, 物理/化学班 may be one."""

from __future__ import annotations

import re

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_texts import class_texts
from xlbangfu.rules.numerals import half_width

_SIGN = late_pattern("[、,，;；/\n]+")
_RANGE = late_pattern(r"(.*?[(]?)([0-9]{1,2})[)]?-[(]?([0-9]{1,2})([)]?班?)")
_MOST = 40
_NUMBERS_IN_BRACKETS = late_pattern(r"(?<=[)班])(?=[(])")


def split_classes(cell: str, known: frozenset[str]) -> list[str]:
    """The classes named in a cell; ``known`` are names in half width that stay whole. 2班 after 七1 is 七2班."""
    parts = [part for part in _SIGN.split(cell) if part.strip()]
    signs = _SIGN.findall(cell)
    if half_width(cell) in known or len(parts) < 2:
        return _in_brackets(cell.strip(), known)
    whole: list[str] = []
    while parts:
        taken = _longest(parts, signs, known)
        name = cell_of(parts[:taken], signs)
        whole.extend(_with_grade(name.strip(), whole, known))
        parts, signs = parts[taken:], signs[taken:]
    return whole


def cell_of(parts: list[str], signs: list[str]) -> str:
    """Parts put together again with the signs that stood between them."""
    return "".join(part + sign for part, sign in zip(parts, [*signs[: len(parts) - 1], ""], strict=True))


def _longest(parts: list[str], signs: list[str], known: frozenset[str]) -> int:
    """How many parts at the beginning make one known class; 1 if none does."""
    sizes = range(len(parts), 1, -1)
    return next((size for size in sizes if half_width(cell_of(parts[:size], signs)) in known), 1)


def _in_brackets(text: str, known: frozenset[str]) -> list[str]:
    """七(1)(2)班 is 七(1) and 七(2)班, 七年级1-3班 three; 7-1班 is one."""
    if half_width(text) not in known and (several := _range(half_width(text))):
        return several
    pieces = _NUMBERS_IN_BRACKETS.split(half_width(text))
    if half_width(text) in known or len(pieces) < 2:
        return [text] if text else []
    whole: list[str] = []
    for piece in pieces:
        whole.extend(_with_grade(piece, whole, known))
    return whole


def _range(plain: str) -> list[str]:
    """The classes from one number to another, where a 年级 stands before them."""
    found = _RANGE.fullmatch(plain)
    if not found or not any(way.grade for way in class_texts(f"{found[1]}{found[2]}{found[4]}")):
        return []
    first, last = int(found[2]), int(found[3])
    return [f"{found[1]}{number}{found[4]}" for number in range(first, last + 1)] if first < last <= _MOST else []


def _with_grade(part: str, before: list[str], known: frozenset[str]) -> list[str]:
    """A part that is a number only takes the 年级 of the part before it."""
    plain = half_width(part)
    if plain in known or not before:
        return [part]
    if not any(way.grade is None and way.label.isdigit() for way in class_texts(plain)):
        return [part]
    grade = re.match(".*?(?=[(]?[0-9]+[)]?班?$)", half_width(before[-1]))
    return [grade[0] + part if grade else part]
