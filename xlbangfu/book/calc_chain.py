"""The order in which formulas are computed, which must not name a cell that has no formula any more."""

from __future__ import annotations

from collections.abc import Mapping

from xlbangfu.book.package import elements


def without(xml: bytes, lost: Mapping[int, set[str]]) -> bytes | None:
    """The part without the cells lost, by sheet number; None if nothing is left, as an empty one is not allowed."""
    sheet, kept = "", []
    for element in elements(xml):
        if element.name != "c":
            continue
        sheet = element.attributes.get("i", sheet)
        if element.attributes["r"] not in lost.get(int(sheet or 0), ()):
            kept.append({**element.attributes, "i": sheet})
    if not kept:
        return None
    made = "".join("<c " + " ".join(f'{name}="{value}"' for name, value in cell.items()) + "/>" for cell in kept)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{made}</calcChain>'.encode()
