"""The order in which formulas are computed, which must not name a cell that has no formula any more."""

from __future__ import annotations

from collections.abc import Container, Mapping

from xlbangfu.ooxml.package import elements


def without(xml: bytes, lost: Mapping[int, Container[str]]) -> bytes | None:
    """The part without the cells lost, by sheet number; the same if it has none of them.

    None if nothing is left, as an empty part is not allowed.
    """
    sheet, kept, found = "", [], False
    for element in elements(xml):
        if element.name != "c":
            continue
        sheet = element.attributes.get("i", sheet)
        if element.attributes.get("r") in lost.get(int(sheet) if sheet.isdecimal() else 0, ()):
            found = True
        else:
            kept.append({**element.attributes, "i": sheet})
    if not found:
        return xml
    if not kept:
        return None
    made = "".join("<c " + " ".join(f'{name}="{value}"' for name, value in cell.items()) + "/>" for cell in kept)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{made}</calcChain>'.encode()
