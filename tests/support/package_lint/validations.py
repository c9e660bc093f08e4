"""Drop-downs and the messages beside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from xml.etree.ElementTree import Element

from tests.support.package_lint.opened_package import MAIN, corners, overlap

_LONGEST = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
_LONGEST_LIST, _LONGEST_FORMULA = 255, 8_192
_MOST_COMPARED = 400


def validation_faults(sheet: Element) -> Iterator[str]:
    block = sheet.find(f"{MAIN}dataValidations")
    if block is None:
        return
    if not len(block) or int(block.get("count", len(block))) != len(block):
        yield "the count of drop-downs is wrong, or 0"
    places = []
    for one in block:
        ranges = [corners(part) for part in one.get("sqref", "").split()]
        if not ranges or None in ranges:
            yield f"a drop-down stands on {one.get('sqref')}"
        places += [(place, one) for place in ranges if place]
        yield from _one(one)
    pairs = combinations(places[:_MOST_COMPARED], 2)
    if any(one is not other and overlap(place, there) for (place, one), (there, other) in pairs):
        yield "two drop-downs stand on one cell"


def _one(one: Element) -> Iterator[str]:
    formula = one.findtext(f"{MAIN}formula1") or ""
    if one.get("type") == "list" and not formula:
        yield "a drop-down has no list"
    if formula.startswith('"') and _length(formula.strip('"')) > _LONGEST_LIST:
        yield f"the list {formula[:20]}… is too long"
    if _length(formula) > _LONGEST_FORMULA or "[" in formula.replace("[#", ""):
        yield f"the formula {formula[:20]}… is too long, or names a table"
    for attribute, most in _LONGEST.items():
        if _length(one.get(attribute, "")) > most:
            yield f"the {attribute} “{one.get(attribute, '')[:20]}…” is too long"


def _length(text: str) -> int:
    """In Excel's units, in which rare characters are two."""
    return len(text.encode("utf-16-le")) // 2
