"""Which of the numbers of a range are dates or truth values, asked of LibreOffice in as few calls as can be.

To fetch an object takes ten messages over the pipe, and each of the many formats of a sheet would be one; the columns
that hold numbers are few, and most have one format from the first number to the last.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from xlbangfu.book.libreoffice.areas import Area, Kinds, kinds_in
from xlbangfu.book.libreoffice.bridge import is_mixed
from xlbangfu.book.libreoffice.number_formats import Kind, NumberFormats

Data = Sequence[Sequence[Any]]


class _Glass:
    """A cursor that is moved over the parts of a range: to move it takes a third of the time of fetching each."""

    def __init__(self, sheet: Any, cells: Any) -> None:
        self._cursor = sheet.createCursorByRange(cells)
        self._top = self._left = 0

    def over(self, area: Area) -> Any:
        """The cells of the area, until it is moved on."""
        self._cursor.collapseToSize(1, 1)
        self._cursor.gotoOffset(area.left - self._left, area.top - self._top)
        self._cursor.collapseToSize(len(area.columns), len(area.rows))
        self._top, self._left = area.top, area.left
        return self._cursor


def kinds_of_numbers(sheet: Any, cells: Any, formats: NumberFormats, data: Data) -> Kinds:
    """Areas that hold all numbers of ``data``, the values of the cells, by kind."""
    glass = _Glass(sheet, cells)
    found: defaultdict[Kind, list[Area]] = defaultdict(list)
    for stretch in _stretches(data):
        for kind, areas in _kinds_of_stretch(glass, formats, stretch).items():
            found[kind] += areas
    return found


def _kinds_of_stretch(glass: _Glass, formats: NumberFormats, stretch: list[Area]) -> Kinds:
    """One format for all the columns, else column by column, else whatever formats a column has."""
    whole = Area(
        min(column.top for column in stretch),
        max(column.bottom for column in stretch),
        stretch[0].left,
        stretch[-1].right,
    )
    part = glass.over(whole)
    if not is_mixed(part, "NumberFormat"):
        return {formats.kind(part.NumberFormat): [whole]}
    if len(stretch) == 1:
        inside = kinds_in(part, formats)
        return {kind: [area.moved(whole.top, whole.left) for area in areas] for kind, areas in inside.items()}
    found: defaultdict[Kind, list[Area]] = defaultdict(list)
    for column in stretch:
        for kind, areas in _kinds_of_stretch(glass, formats, [column]).items():
            found[kind] += areas
    return found


def _stretches(data: Data) -> Iterator[list[Area]]:
    """Neighbouring columns that hold numbers, each from its first number to its last.

    >>> list(_stretches([("a", 1.0, ""), ("b", "", "x"), (2.0, 3.0, "")]))
    [[Area(top=2, bottom=2, left=0, right=0), Area(top=0, bottom=2, left=1, right=1)]]
    """
    stretch: list[Area] = []
    for column, values in enumerate(zip(*data, strict=True)):
        kinds = list(map(type, values))
        if float in kinds:
            last = len(kinds) - 1 - kinds[::-1].index(float)
            stretch.append(Area(kinds.index(float), last, column, column))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
