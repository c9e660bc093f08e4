"""The look of this version on sheets that an older one made: headings, cells of the program's own sheets, print set-up, theme.

What still looks as an older version made it is the program's; what staff have given another look keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.styles import Styles
from xlbangfu.book.sheet_transfer.workbook_part import WorkbookPart
from xlbangfu.book.upgrade import added_columns, column_widths
from xlbangfu.book.upgrade.existing import Sheet
from xlbangfu.house_look import FONT
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import Kind

OLD_HEADINGS = {b"DDEBF7", b"E2EFDA", b"EDEDED", b"FFF2CC", b"2E75B6", b"70AD47", b"7F7F7F", b"BF9000"}
_OLD_HEADER = "内部资料 &amp;D".encode()  # in the print set-up until 0.2.0
_SET_UP = ("printOptions", "pageMargins", "pageSetup", "headerFooter")
_OLD_LATIN = late_pattern(rb'(<a:latin\s[^>]*?typeface=")(?:Calibri|Cambria)(?=")')
_OLD_HANS = late_pattern('(<a:font\\s[^>]*?script="Hans"[^>]*?typeface=")宋体(?=")'.encode())
_STRIPES = late_pattern(rb'(<tableStyleInfo\s[^>]*?name="TableStyleLight1"[^>]*?showRowStripes=")1(?=")')


def renew(sheet: Sheet, fresh: SheetPart, styles: Styles) -> bool:
    """Give a sheet's part the look of ``fresh``, in the workbook's style numbers; whether that changed anything."""
    headings = _looks(sheet, fresh, 1, lambda look: styles.fill_of(look) in OLD_HEADINGS)
    cells = {} if sheet.table.kind is Kind.INPUT else _looks(sheet, fresh, 2, styles.is_bare)
    put_styles(sheet.part, 1, headings)
    put_styles(sheet.part, 2, cells)
    tags = {place: column_widths.tag_of(sheet.part, place) for place in cells}
    column_widths.put(sheet.part, [column_widths.with_look(tag, cells[place]) for place, tag in tags.items() if tag])
    return bool(headings or cells) | _renew_set_up(sheet.part, fresh)


def _looks(sheet: Sheet, fresh: SheetPart, row: int, ours: Callable[[int], bool]) -> dict[int, int]:
    """The new style of each of the program's columns in a row, where the old one is the program's."""
    old, new = added_columns.styles_of(sheet.part, row), added_columns.styles_of(fresh, row)
    known = (place for place, column in enumerate(sheet.columns) if column.name in sheet.table and new.get(place))
    return {
        place: int(new[place])
        for place in known
        if old.get(place) and ours(int(old[place])) and old[place] != new[place]
    }


def _renew_set_up(part: SheetPart, fresh: SheetPart) -> bool:
    """The print set-up, where the header is the program's."""
    old = part.tail
    if _OLD_HEADER not in old:
        return False
    for name in _SET_UP:
        new = _element(name).search(fresh.tail)
        if new and (there := _element(name).search(part.tail)):
            part.tail = part.tail[: there.start()] + new[0] + part.tail[there.end() :]
    return part.tail != old


def renew_print_area(workbook: WorkbookPart, fresh: Package, name: str) -> None:
    """What is printed of a sheet whose print set-up was made anew."""
    wanted = WorkbookPart(fresh.archive.read(fresh.workbook_part)).print_names(name)
    if wanted != workbook.print_names(name):
        workbook.set_print_names(name, wanted)


def renew_theme(draft: Draft) -> None:
    """The face of the house in the theme, where that has those of the program's library."""
    path = draft.package.part_of("theme")
    if path is not None:
        face = FONT.encode()
        old = draft.read(path)
        new = _OLD_HANS.sub(rb"\g<1>" + face, _OLD_LATIN.sub(rb"\g<1>" + face, old))
        if new != old:
            draft.put(path, new)


def without_stripes(table: bytes) -> bytes:
    """The part of an Excel table whose rows are all of one ground."""
    return _STRIPES.sub(rb"\g<1>0", table)


def _element(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<%b\b(?:[^>]*/>|.*?</%b>)" % (name.encode(), name.encode()), re.DOTALL)


def put_styles(part: SheetPart, number: int, looks: dict[int, int]) -> None:
    """Other styles for some cells of a row."""
    row = part.row(number)
    if row and looks:
        cells = {cell.column: part.placed(cell, number) for cell in part.cells(row) if cell.column in looks}
        made = {place: _with_style(xml, looks[place]) for place, xml in cells.items()}
        part.splice({number: lambda row: part.row_with(row, number, made)})


def _with_style(cell: bytes, look: int) -> bytes:
    opening, rest = cell.split(b">", 1)
    opening = re.sub(rb'\ss="\d+"', b"", opening)
    end = b"/" if opening.endswith(b"/") else b""
    return opening.removesuffix(b"/") + b' s="%d"' % look + end + b">" + rest
