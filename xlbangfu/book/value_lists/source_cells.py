"""Columns of a sheet straight from its part, as the formulas of 名单 see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from xlbangfu.book.reading.headings import cell_text, headings_of, shared_texts
from xlbangfu.book.value_lists.values import Cells, Value
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import Cell, SheetPart

_NAMELESS = late_pattern(rb"<c(?! r=)[\s/>]|<row(?! r=)[\s/>]")
_KIND = late_pattern(rb"""\st=["'](\w+)["']""")
_VALUE = late_pattern(rb"<v\b[^>]*>([^<]*)<")
_WHOLE = late_pattern(rb"-?\d{1,15}")
_TEXTS = (b"inlineStr", b"str", b"s")


class SourceCells:
    """The cells of one sheet; ``letters_of`` where each heading stands, the first where it stands twice."""

    def __init__(self, package: Package, xml: bytes, name: str) -> None:
        self._package, self._part = package, SheetPart(xml, name=name)

    @cached_property
    def letters_of(self) -> Mapping[str, str]:
        headings = headings_of(self._package, self._part)
        return {text.strip(): letters(place) for place, text in sorted(headings.items(), reverse=True)}

    def columns(self, names: tuple[str, ...]) -> list[Cells] | None:
        """The columns with these headings, from row 1 on; None where one is lacking or cells do not say where they stand."""
        wanted = [self.letters_of.get(name, "") for name in names]
        rows = self._part.between(None, None)
        if not all(wanted) or self._part.prefix or _NAMELESS.search(rows):
            return None
        found: dict[str, dict[int, Value]] = {letter: {} for letter in wanted}
        choice = "|".join(found).encode()
        for cell in re.finditer(rb'<c r="(%b)(\d+)"[^>]*?(?:/>|>.*?</c>)' % choice, rows, re.DOTALL):
            found[cell[1].decode()][int(cell[2])] = self._value(Cell(column_index(cell[1].decode()), cell[0]))
        last = max((row for cells in found.values() for row in cells), default=0)
        return [[found[letter].get(row, "") for row in range(1, last + 1)] for letter in wanted]

    def _value(self, cell: Cell) -> Value:
        if not cell.filled:
            return ""
        kind, value = _KIND.search(cell.xml, 0, cell.xml.index(b">")), _VALUE.search(cell.xml)
        if kind and kind[1] == b"s" and value:
            return self._shared[int(value[1])]
        if kind and kind[1] in _TEXTS:
            return cell_text(self._package, cell)
        whole = _WHOLE.fullmatch(value[1]) if value and (kind is None or kind[1] == b"n") else None
        return int(whole[0]) if whole else None if value else ""

    @cached_property
    def _shared(self) -> list[str]:
        path = self._package.part_of("sharedStrings")
        return shared_texts(self._package.archive.read(path)) if path else []
