"""Rows put in between the rows of a worksheet, as Excel does it: what stands below moves down with everything that refers to it.

What is known is moved; of anything else ``Insertion`` says that it cannot be done, and the file stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.xml_text import unescape

_REFERENCE = late_pattern(
    r"(?<![\w.!:$\[\]'])(?P<sheet>(?:'(?:[^']|'')+'|[\w.]+)!)?"
    r"(?:(?P<cells>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)|(?P<rows>\$?\d+:\$?\d+))(?![\w.(!\[])"
)
_CELL = late_pattern(r"(\$?[A-Z]{0,3}\$?)(\d+)")
_FORMULA = late_pattern(
    rb"(<((?:[\w.-]+:)?(?:f|formula|formula1|formula2|definedName))(?:\s[^>]*[^/>]|)>)([^<]+)(</\2>)"
)
_LAST = 1_048_576


class Insertion:
    """Rows put in above the rows ``above`` (numbers as they were) of the sheet with the name ``sheet``."""

    def __init__(self, sheet: str, above: Iterable[int], *, last: int) -> None:
        self.sheet, self.above, self.last = sheet, sorted(above), last

    def row(self, number: int) -> int:
        """Where a row stands afterwards."""
        return min(number + bisect_right(self.above, number), _LAST)

    def area(self, ref: str) -> str:
        """An area such as B7 or A2:C9 of the sheet; one that reaches below all records, as a whole column does, stays.

        >>> Insertion("设置", [2, 9], last=12).area("B7"), Insertion("设置", [2, 9], last=12).area("A2:C20000")
        ('B8', 'A2:C20000')
        """
        end = _CELL.fullmatch(ref.partition(":")[2])
        if end is not None and int(end[2]) > self.last:
            return ref
        return ":".join(self._shifted(part) for part in ref.split(":"))

    def areas(self, ref: str) -> str:
        return " ".join(self.area(one) for one in ref.split())

    def _shifted(self, cell: str, *, relative: bool = True) -> str:
        def moved(found: re.Match[str]) -> str:
            stays = not (relative or found[1].endswith("$"))
            return found[0] if stays else f"{found[1]}{self.row(int(found[2]))}"

        return _CELL.sub(moved, cell)

    def formula(self, text: str, *, here: bool, relative: bool = True) -> str:
        """A formula; ``here`` says that it stands on the sheet itself, so that what names no sheet is meant, too. Where it is
        a rule for cells that stay, those that it looks at from each, not ``relative`` to move, stay as well.

        >>> Insertion("设置", [2], last=9).formula('设置!$B$3&"设置!B3"&B3', here=False)
        '设置!$B$4&"设置!B3"&B3'
        """

        def moved(found: re.Match[str]) -> str:
            if not (self._is_mine(found["sheet"]) if found["sheet"] else here):
                return found[0]
            parts = (found["cells"] or found["rows"]).split(":")
            return (found["sheet"] or "") + ":".join(self._shifted(part, relative=relative) for part in parts)

        pieces = text.split('"')
        return '"'.join(_REFERENCE.sub(moved, one) if place % 2 == 0 else one for place, one in enumerate(pieces))

    def _is_mine(self, sheet: str) -> bool:
        return sheet[:-1].strip("'").replace("''", "'") == self.sheet

    def formulas_in(self, xml: bytes, *, here: bool, relative: bool = True) -> bytes:
        """A part with its formulas and defined names moved; one in which nothing moves keeps its bytes."""

        def moved(found: re.Match[bytes]) -> bytes:
            old = unescape(found[3].decode())
            new = self.formula(old, here=here, relative=relative)
            return found[0] if new == old else found[1] + escape(new).encode() + found[4]

        return _FORMULA.sub(moved, xml)
