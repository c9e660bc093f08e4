"""Parts of a range by the kind of their number format. Offsets count from 0 at the range's top left cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from xlbangfu.book.libreoffice.bridge import is_mixed, struct
from xlbangfu.book.libreoffice.number_formats import Kind, NumberFormats

Offset = tuple[int, int]


class Area(NamedTuple):
    """A block of cells; `bottom` and `right` lie inside it."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)

    @property
    def columns(self) -> range:
        return range(self.left, self.right + 1)

    def cells(self) -> Iterator[Offset]:
        return ((row, column) for row in self.rows for column in self.columns)

    def moved(self, rows: int, columns: int) -> "Area":
        return Area(self.top + rows, self.bottom + rows, self.left + columns, self.right + columns)

    def within(self, other: "Area") -> "Area | None":
        """What both have in common."""
        common = Area(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )
        return common if common.top <= common.bottom and common.left <= common.right else None


Kinds = dict[Kind, list[Area]]


def kinds_in(cells: Any, formats: NumberFormats) -> Kinds:
    """The areas of each kind; the calls depend on the number of formats, not of cells."""
    origin = cells.getRangeAddress()
    if not is_mixed(cells, "NumberFormat"):
        return {formats.kind(cells.NumberFormat): areas_of([origin], origin)}
    found: defaultdict[Kind, list[Area]] = defaultdict(list)
    groups = cells.getUniqueCellFormatRanges()
    for index in range(groups.getCount()):
        group = groups.getByIndex(index)
        found[formats.kind(group.NumberFormat)].extend(areas_of(group.getRangeAddresses(), origin))
    return found


def found_in(cells: Any, found: Any) -> list[Area]:
    """The areas of a query, cut to the range: where nothing matches, LibreOffice 7.4 looks through the whole sheet."""
    origin = cells.getRangeAddress()
    whole = areas_of([origin], origin)[0]
    return [part for area in areas_of(found.getRangeAddresses(), origin) if (part := area.within(whole))]


def areas_of(addresses: Iterable[Any], origin: Any) -> list[Area]:
    top, left = origin.StartRow, origin.StartColumn
    return [
        Area(address.StartRow - top, address.EndRow - top, address.StartColumn - left, address.EndColumn - left)
        for address in addresses
    ]


def runs(cells: Iterable[Offset]) -> list[Area]:
    """Cells as runs down a column.

    >>> runs([(0, 0), (1, 0), (2, 0), (0, 1)])
    [Area(top=0, bottom=2, left=0, right=0), Area(top=0, bottom=0, left=1, right=1)]
    """
    found: list[Area] = []
    for column, row in sorted((column, row) for row, column in cells):
        if found and found[-1].left == column and found[-1].bottom == row - 1:
            found[-1] = found[-1]._replace(bottom=row)
        else:
            found.append(Area(row, row, column, column))
    return found


def addresses_of(areas: Iterable[Area], origin: Any) -> tuple[Any, ...]:
    sheet, top, left = origin.Sheet, origin.StartRow, origin.StartColumn
    return tuple(
        struct(
            "table.CellRangeAddress",
            Sheet=sheet,
            StartColumn=left + area.left,
            EndColumn=left + area.right,
            StartRow=top + area.top,
            EndRow=top + area.bottom,
        )
        for area in areas
    )
