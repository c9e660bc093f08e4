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


def kinds_of_numbers(cells: Any, formats: NumberFormats, data: Data) -> Kinds:
    """Areas that hold all numbers of ``data``, the values of the cells, by kind."""
    found: defaultdict[Kind, list[Area]] = defaultdict(list)
    for stretch in _stretches(data):
        for kind, areas in _kinds_of_stretch(cells, formats, stretch).items():
            found[kind] += areas
    return found


def _kinds_of_stretch(cells: Any, formats: NumberFormats, stretch: list[Area]) -> Kinds:
    """One format for all the columns, else column by column, else whatever formats a column has."""
    whole = Area(
        min(column.top for column in stretch),
        max(column.bottom for column in stretch),
        stretch[0].left,
        stretch[-1].right,
    )
    part = cells.getCellRangeByPosition(whole.left, whole.top, whole.right, whole.bottom)
    if not is_mixed(part, "NumberFormat"):
        return {formats.kind(part.NumberFormat): [whole]}
    if len(stretch) == 1:
        inside = kinds_in(part, formats)
        return {kind: [area.moved(whole.top, whole.left) for area in areas] for kind, areas in inside.items()}
    found: defaultdict[Kind, list[Area]] = defaultdict(list)
    for column in stretch:
        for kind, areas in _kinds_of_stretch(cells, formats, [column]).items():
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
