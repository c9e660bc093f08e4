"""XML-2003 spreadsheets (SpreadsheetML), which many platforms export under an .xls name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from xlbangfu.documents.importing.grid import Area, Grid
from xlbangfu.documents.importing.reading.builder import MOST_COLUMNS, MOST_ROWS, GridBuilder
from xlbangfu.documents.importing.reading.cell_values import NOT_CALCULATED, error
from xlbangfu.documents.importing.reading.shown_formats import changes, show
from xlbangfu.documents.importing.reading.xml_reader import read_sheets

_NO_DAY = date(1899, 12, 31)


def read_spreadsheet_xml(file: str, xml: bytes) -> Iterator[Grid]:
    """The sheets with something on them, in their order."""
    return read_sheets(_Book(file), xml)


class _Book:
    """Rows and cells count on from the one before unless they say their index."""

    def __init__(self, file: str) -> None:
        self.sheets: list[GridBuilder] = []
        self._file = file
        self._formats: dict[str, str] = {}
        self._style = ""  # whose format is being read
        self._row = self._column = -1
        self._rows_more = self._cells_more = self._columns = 0
        self._cell: dict[str, str] = {}
        self._kind = self._data = ""  # of the cell
        self._gathered: list[str] = []
        self._in_comment = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        begin = getattr(self, f"_start_{name.lower()}", None)
        if begin:
            begin(attributes)

    def end(self, name: str) -> None:
        finish = getattr(self, f"_end_{name.lower()}", None)
        if finish:
            finish()

    def text(self, data: str) -> None:
        self._gathered.append(data)

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("ID", "")

    def _start_numberformat(self, attributes: dict[str, str]) -> None:
        self._formats[self._style] = attributes.get("Format", "")

    def _start_worksheet(self, attributes: dict[str, str]) -> None:
        self.sheets.append(GridBuilder(self._file, attributes.get("Name", "")))
        self._row, self._rows_more, self._columns = -1, 0, 0

    def _start_visible(self, _: dict[str, str]) -> None:
        self._gathered.clear()

    def _end_visible(self) -> None:
        self.sheets[-1].hidden = "".join(self._gathered).strip() in ("SheetHidden", "SheetVeryHidden")

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = int(attributes.get("Index", self._columns + 1))
        self._columns = min(first + int(attributes.get("Span", 0)), MOST_COLUMNS)
        if attributes.get("Hidden") == "1" or attributes.get("Width") == "0":
            self.sheets[-1].hide_columns(first - 1, self._columns + 1 - first)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["Index"]) - 1 if "Index" in attributes else self._row + 1 + self._rows_more
        self._rows_more = min(int(attributes.get("Span", 0)), MOST_ROWS)
        self._column, self._cells_more = -1, 0
        if attributes.get("Hidden") == "1" or attributes.get("Height") == "0":
            self.sheets[-1].hide_rows(self._row, self._rows_more + 1)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column = int(attributes["Index"]) - 1 if "Index" in attributes else self._column + 1 + self._cells_more
        self._cells_more = right = int(attributes.get("MergeAcross", 0))
        down = int(attributes.get("MergeDown", 0))
        if right or down:
            area = Area(self._row, self._column, self._row + down, self._column + right)
            self.sheets[-1].merge(area)
        self._cell, self._kind, self._data = attributes, "", ""

    def _start_comment(self, _: dict[str, str]) -> None:
        self._in_comment = True

    def _end_comment(self) -> None:
        self._in_comment = False

    def _start_data(self, attributes: dict[str, str]) -> None:
        if not self._in_comment:
            self._kind = attributes.get("Type", "String")
            self._gathered.clear()

    def _end_data(self) -> None:
        if not self._in_comment:
            self._data = "".join(self._gathered)

    def _end_cell(self) -> None:
        sheet = self.sheets[-1]
        if self._kind == "Error":
            sheet.refuse(self._row, self._column, error(self._data))
        elif self._data:
            sheet.put(self._row, self._column, self._value(self._data))
        elif "Formula" in self._cell and self._kind != "String":
            sheet.refuse(self._row, self._column, NOT_CALCULATED)

    def _value(self, said: str) -> object:
        if self._kind == "Number":
            code = self._formats.get(self._cell.get("StyleID", ""), "")
            return show(float(said), code) if changes(code) else float(said)
        if self._kind == "Boolean":
            return said == "1"
        return _moment(said) if self._kind == "DateTime" else said


def _moment(said: str) -> datetime | time:
    moment = datetime.fromisoformat(said)
    return moment.time() if moment.date() == _NO_DAY else moment
