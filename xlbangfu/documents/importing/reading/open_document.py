"""OpenDocument spreadsheets (.ods, and .fods in one piece of XML).

Read from the XML itself, in one pass: calamine sees here neither hidden rows, merged cells, errors nor what is shown, and a
cell that says to repeat itself to the end of the sheet makes it end the whole process.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from xlbangfu.documents.importing.grid import Area, Grid
from xlbangfu.documents.importing.reading.builder import MOST_COLUMNS, MOST_ROWS, GridBuilder
from xlbangfu.documents.importing.reading.cell_values import ERRORS, NOT_CALCULATED, error
from xlbangfu.documents.importing.reading.refusal import Refusal, broken, password, too_large
from xlbangfu.documents.importing.reading.xml_reader import read_sheets
from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.archive import Archive

_MOST_BYTES = 1 << 28
_NUMBERS = frozenset(("float", "currency", "percentage"))
_DURATION = late_pattern(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_LEADING_ZERO = late_pattern(r"0\d+$")


def read_open_document(file: str, data: bytes) -> Iterator[Grid]:
    """The sheets of a zipped document with something on them, in their order."""
    try:
        archive = Archive(data)
        if archive.members["content.xml"].info.file_size > _MOST_BYTES:
            raise too_large()
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise password()
        xml = archive.read("content.xml")
    except NotAWorkbook as problem:
        raise Refusal(f"不能用：{problem}") from problem
    except KeyError as problem:
        raise broken() from problem
    yield from read_flat_document(file, xml)


def read_flat_document(file: str, xml: bytes) -> Iterator[Grid]:
    """The sheets of the document's XML with something on them, in their order."""
    return read_sheets(_Book(file), xml)


class _Book:
    """Rows and cells that repeat are put as often as they say, if anything is in them."""

    def __init__(self, file: str) -> None:
        self.sheets: list[GridBuilder] = []
        self._file = file
        self._hidden_styles: set[str] = set()  # of sheets that are not displayed
        self._style = ""
        self._row, self._row_times, self._column = 0, 1, 0
        self._columns = 0
        self._cells: list[tuple[int, int, object, str]] = []  # of the row: column, times, value, why there is none
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._in_paragraph = False
        self._aside = 0  # inside of notes and drawings

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("annotation", "shapes", "frame"):
            self._aside += 1
        begin = getattr(self, f"_start_{name.replace('-', '_')}", None)
        if begin and not self._aside:
            begin(attributes)

    def end(self, name: str) -> None:
        finish = getattr(self, f"_end_{name.replace('-', '_')}", None)
        if finish and not self._aside:
            finish()
        if name in ("annotation", "shapes", "frame"):
            self._aside -= 1

    def text(self, data: str) -> None:
        if self._in_paragraph and not self._aside:
            self._paragraphs[-1] += data

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("name", "")

    def _start_table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") == "false":
            self._hidden_styles.add(self._style)

    def _start_table(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get("style-name") in self._hidden_styles
        self.sheets.append(GridBuilder(self._file, attributes.get("name", ""), hidden))
        self._row = self._columns = 0

    def _start_table_column(self, attributes: dict[str, str]) -> None:
        first, self._columns = self._columns, min(self._columns + _times(attributes, "columns"), MOST_COLUMNS)
        if _unseen(attributes):
            self.sheets[-1].hide_columns(first, self._columns - first)

    def _start_table_row(self, attributes: dict[str, str]) -> None:
        self._row_times, self._column = _times(attributes, "rows"), 0
        self._cells = []
        if _unseen(attributes):
            self.sheets[-1].hide_rows(self._row, self._row_times)

    def _end_table_row(self) -> None:
        for row in range(self._row, self._row + self._row_times) if self._cells else ():
            for column, times, value, why in self._cells:
                for place in range(column, column + times):
                    self._put(row, place, value, why)
        self._row += self._row_times

    def _put(self, row: int, column: int, value: object, why: str) -> None:
        if why:
            self.sheets[-1].refuse(row, column, why)
        else:
            self.sheets[-1].put(row, column, value)

    def _start_table_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._paragraphs = attributes, []
        down, right = int(attributes.get("number-rows-spanned", 1)), int(attributes.get("number-columns-spanned", 1))
        if down > 1 or right > 1:
            self.sheets[-1].merge(Area(self._row, self._column, self._row + down - 1, self._column + right - 1))

    def _start_covered_table_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._paragraphs = attributes, []

    def _start_p(self, _: dict[str, str]) -> None:
        self._paragraphs.append("")
        self._in_paragraph = True

    def _end_p(self) -> None:
        self._in_paragraph = False

    def _start_s(self, attributes: dict[str, str]) -> None:
        self.text(" " * min(int(attributes.get("c", 1)), 1_000))

    def _start_tab(self, _: dict[str, str]) -> None:
        self.text("\t")

    def _start_line_break(self, _: dict[str, str]) -> None:
        self.text("\n")

    def _end_table_cell(self) -> None:
        attributes, seen = self._cell or {}, "\n".join(self._paragraphs)
        times = _times(attributes, "columns")
        value = _value(attributes, seen)
        why = error(seen) if seen in ERRORS or attributes.get("value-type") == "error" else ""
        if "formula" in attributes and value is None and "value-type" not in attributes:
            why = NOT_CALCULATED
        if why or value is not None:
            self._cells.append((self._column, times, value, why))
        self._column += times
        self._paragraphs = []

    _end_covered_table_cell = _end_table_cell


def _value(attributes: dict[str, str], seen: str) -> object:
    kind = attributes.get("value-type")
    if kind in _NUMBERS:
        number = float(attributes["value"])
        return seen if _LEADING_ZERO.match(seen) or _is_other_number(seen, number) else number
    if kind == "boolean":
        return attributes.get("boolean-value") == "true"
    if kind == "date":
        return _moment(attributes["date-value"])
    if kind == "time":
        match = _DURATION.match(attributes.get("time-value", ""))
        return _hour(*map(int, match.groups())) if match else seen
    return seen or None


def _is_other_number(seen: str, number: float) -> bool:
    """Whether digits are shown that the number does not have: 20260001 for 1."""
    return seen.isdecimal() and float(seen) != number and number.is_integer()


def _moment(said: str) -> date | datetime:
    return datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)


def _hour(hours: int, minutes: int, seconds: int) -> time | timedelta:
    return time(hours, minutes, seconds) if hours < 24 else timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _times(attributes: dict[str, str], what: str) -> int:
    return max(1, min(int(attributes.get(f"number-{what}-repeated", 1)), MOST_ROWS))


def _unseen(attributes: dict[str, str]) -> bool:
    return attributes.get("visibility", "visible") != "visible"
