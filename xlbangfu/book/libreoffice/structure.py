"""What changes the build of a sheet: insert, delete, copy, move, merge, clear; and what hangs on cells."""

import re
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice.a1_notation import COLUMNS, ROWS, parse, show
from xlbangfu.book.libreoffice.areas import found_in
from xlbangfu.book.libreoffice.bridge import enum, is_mixed
from xlbangfu.book.libreoffice.cell_areas import Cells
from xlbangfu.book.libreoffice.defined_names import Name
from xlbangfu.book.libreoffice.formulas import quoted, unquoted
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking
from xlbangfu.book.libreoffice.notes import Note
from xlbangfu.book.libreoffice.table_objects import Table
from xlbangfu.late_pattern import late_pattern

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.ranges import Range

CONTENTS = 1 | 2 | 4 | 16  # CellFlags: numbers, dates, texts, formulas
_EVERYTHING = CONTENTS | 8 | 32 | 64 | 256 | 512  # and notes, formats of cells and of single letters
_INSERT = "sheet.CellInsertMode"
_DELETE = "sheet.CellDeleteMode"
_FORMATS = (
    *(
        f"Char{what}{script}"
        for what in ("FontName", "Height", "Weight", "Posture")
        for script in ("", "Asian", "Complex")
    ),
    *("CharColor", "CharUnderline", "CharStrikeout", "CharContoured", "CharShadowed"),
    *("NumberFormat", "CellBackColor", "IsCellBackgroundTransparent", "IsTextWrapped", "ShrinkToFit"),
    *(
        "HoriJustify",
        "HoriJustifyMethod",
        "VertJustify",
        "VertJustifyMethod",
        "ParaIndent",
        "RotateAngle",
        "Orientation",
    ),
    *("TopBorder", "BottomBorder", "LeftBorder", "RightBorder", "DiagonalTLBR", "DiagonalBLTR", "CellProtection"),
)
_PLACE = late_pattern(r"#\$?(?P<sheet>'(?:[^']|'')+'|[^'.!]+)[.!](?P<cells>[$A-Z0-9:]+)", re.IGNORECASE)


class Structure(Cells):
    def clear_contents(self) -> None:
        if self.xl is not None:
            self.check_writable(contents_only=True)
            self.xl.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        """Drop-downs stay, as in Excel."""
        if self.xl is None:
            return
        self.check_writable()
        if is_mixed(self.xl, "IsMerged") or self.xl.getIsMerged():
            self.xl.merge(False)
        self.xl.CellStyle = "Default"
        for name in _FORMATS:
            self.xl.setPropertyToDefault(name)
        self._drop_conditional_formats()

    def _drop_conditional_formats(self) -> None:
        conditions = self.xl.ConditionalFormat
        if conditions.getCount() or is_mixed(self.xl, "ConditionalFormat"):
            conditions.clear()
            self.xl.ConditionalFormat = conditions

    def clear(self) -> None:
        if self.xl is not None:
            self.check_writable()
            self.xl.merge(False)
            self.xl.clearContents(_EVERYTHING)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Without a shift, a wide block pushes down and a tall one right."""
        if copy_origin not in (None, "format_from_left_or_above"):
            raise lacking("Inserting cells with the format from the right or below")
        _, _, rows, columns = self.block
        mode = {"down": "DOWN", "right": "RIGHT"}[shift or ("down" if columns >= rows else "right")]
        self._shift(self.sheet.xl.insertCells, _INSERT, mode)

    def delete(self, shift: str | None = None) -> None:
        """Without a shift, a tall or square block pulls left and a wide one up."""
        _, _, rows, columns = self.block
        mode = {"up": "UP", "left": "LEFT"}[shift or ("left" if rows >= columns else "up")]
        self._shift(self.sheet.xl.removeRange, _DELETE, mode)

    def _shift(self, change: Any, kind: str, mode: str) -> None:
        self.check_writable()
        if self.block[3] == COLUMNS:
            mode = "ROWS"
        elif self.block[2] == ROWS:
            mode = "COLUMNS"
        change(self.xl.getRangeAddress(), enum(kind, mode))

    def copy(self, destination: Any = None) -> None:
        if destination is None:
            raise lacking("Copying to the clipboard")
        self._transfer(destination.impl, self.sheet.xl.copyRange)

    def move(self, destination: Any) -> None:
        self.check_writable()
        self._transfer(destination.impl, self.sheet.xl.moveRange)

    def _transfer(self, destination: Cells, transfer: Any) -> None:
        if destination.sheet.book.xl != self.sheet.book.xl:
            raise lacking("Copying cells into another book")
        destination.check_writable()
        transfer(destination.first_cell.getCellAddress(), self.xl.getRangeAddress())

    @property
    def merge_area(self) -> "Range":
        cursor = self.sheet.xl.createCursorByRange(self.first_cell)
        cursor.collapseToMergedArea()
        return self.sheet.at(cursor.getRangeAddress())

    @property
    def merge_cells(self) -> bool | None:
        """None where only some of the cells are merged."""
        if self.block[2:] != (1, 1) and not self.xl.getIsMerged():
            return False  # no merged area begins in it
        area = self.merge_area.block
        if self.block[2:] == (1, 1) or area == self.block:
            return area[2:] != (1, 1)
        if is_mixed(self.xl, "IsMerged"):
            return None
        return bool(self.xl.getIsMerged())

    def merge(self, across: bool = False) -> None:
        """The first cell that holds something gives the merged cell its content."""
        self.check_writable()
        _, _, rows, columns = self.block
        for part in (
            [self.part(row, 0, 1, columns) for row in range(rows)] if across else [self.part(0, 0, rows, columns)]
        ):
            part.xl.merge(False)
            part.keep_first_content()
            part.xl.merge(True)

    def keep_first_content(self) -> None:
        filled = found_in(self.xl, self.xl.queryContentCells(CONTENTS))
        if not filled:
            return
        row, column = min((area.top, area.left) for area in filled)
        _, _, rows, columns = self.block
        if (row, column) != (0, 0):
            source = self.part(row, column).xl.getRangeAddress()
            self.sheet.xl.copyRange(self.first_cell.getCellAddress(), source)
        for down, right, height, width in ((0, 1, 1, columns - 1), (1, 0, rows - 1, columns)):
            if height and width:
                self.part(down, right, height, width).xl.clearContents(CONTENTS)

    def unmerge(self) -> None:
        self.check_writable()
        self.xl.merge(False)

    @property
    def hyperlink(self) -> str:
        fields = self.first_cell.getTextFields()
        for index in range(fields.getCount()):
            field = fields.getByIndex(index)
            if field.getPropertySetInfo().hasPropertyByName("URL"):
                return _place_in_excel(field.URL)
        raise OfficeError("The cell doesn't seem to contain a hyperlink!")

    def add_hyperlink(self, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
        """LibreOffice shows the address as the tip of a link and has no other."""
        if screen_tip is not None and not screen_tip.startswith(address):
            raise lacking("A screen tip on a hyperlink")
        self.check_writable()
        for row in range(self.block[2]):
            for column in range(self.block[3]):
                self.part(row, column).put_link(_place_in_office(address), text_to_display or address)

    def put_link(self, url: str, text: str) -> None:
        cell = self.first_cell
        cell.setString("")
        field = self.sheet.book.xl.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = url, text
        cell.insertTextContent(cell.createTextCursor(), field, False)

    @property
    def note(self) -> Note | None:
        at = self.first_cell.getCellAddress()
        notes = self.sheet.xl.getAnnotations()
        positions = (notes.getByIndex(index).getPosition() for index in range(notes.getCount()))
        return Note(self.part(0, 0)) if any(position == at for position in positions) else None

    def add_note(self, text: str) -> Note:
        self.check_writable()
        self.sheet.xl.getAnnotations().insertNew(self.first_cell.getCellAddress(), text)
        return Note(self.part(0, 0))

    @property
    def name(self) -> Name | None:
        """The name that refers to exactly these cells."""
        if self.xl is None:
            return None
        here = self.xl.getRangeAddress()
        return next((name for name in self.sheet.book.names if name.address == here), None)

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={quoted(self.sheet.name)}!{show(self.block)}")

    @property
    def table(self) -> Table | None:
        """The table that the first cell is in."""
        row, column, *_ = self.block
        for table in self.sheet.tables:
            first_row, first_column, rows, columns = table.range.block
            if first_row <= row < first_row + rows and first_column <= column < first_column + columns:
                return table
        return None


def _place_in_office(address: str) -> str:
    found = _PLACE.fullmatch(address)
    if not found or not parse(found["cells"]):
        return address
    sheet = unquoted(found["sheet"]).replace("'", "''")
    return f"#'{sheet}'.{found['cells']}"


def _place_in_excel(url: str) -> str:
    found = _PLACE.fullmatch(url)
    if not found or not parse(found["cells"]):
        return url
    return f"#{quoted(unquoted(found['sheet']))}!{found['cells']}"
