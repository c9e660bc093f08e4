"""The same sheets written in every format that staff send, each as the programs of that format write it.

A cell is a value, a ``Shown`` number (with the format that shows it), an ``Error``, or a ``Waiting`` formula.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
import xlwt


@dataclass(frozen=True)
class Shown:
    number: float
    code: str
    text: str


@dataclass(frozen=True)
class Error:
    name: str


@dataclass(frozen=True)
class Waiting:
    """A formula that was never calculated."""

    formula: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Merged areas are (top, left, bottom, right); everything counts from 0."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()

    def cells(self):
        for row, line in enumerate(self.rows):
            for column, cell in enumerate(line):
                if cell is not None:
                    yield row, column, cell

    def covers(self, row: int, column: int) -> tuple[int, int, int, int] | None:
        """The merged area that a cell lies in."""
        return next((a for a in self.merged if a[0] <= row <= a[2] and a[1] <= column <= a[3]), None)

    @property
    def width(self) -> int:
        return max(map(len, self.rows))


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for sheet in sheets:
            _xlsx_sheet(book, book.add_worksheet(sheet.name), sheet)
    return _without_waiting_values(data.getvalue())


def _xlsx_sheet(book: Any, target: Any, sheet: Sheet) -> None:
    for top, left, bottom, right in sheet.merged:
        target.merge_range(top, left, bottom, right, "")
    for row, column, cell in sheet.cells():
        match cell:
            case Shown():
                target.write_number(row, column, cell.number, book.add_format({"num_format": cell.code}))
            case Error():
                target.write_formula(row, column, "=NA()", None, cell.name)
            case Waiting():
                target.write_formula(row, column, cell.formula, None, "WAITING")
            case datetime() | date() | time():
                code = "hh:mm" if isinstance(cell, time) else "yyyy-mm-dd hh:mm"
                target.write_datetime(row, column, cell, book.add_format({"num_format": code}))
            case bool():
                target.write_boolean(row, column, cell)
            case str():
                target.write_string(row, column, cell)
            case _:
                target.write_number(row, column, cell)
    for row in sheet.hidden_rows:
        target.set_row(row, None, None, {"hidden": True})
    for column in sheet.hidden_columns:
        target.set_column(column, column, None, None, {"hidden": True})
    if sheet.hidden:
        target.hide()


def _without_waiting_values(data: bytes) -> bytes:
    """XlsxWriter gives every formula a value; programs that do not calculate write none."""

    def change(name: str, xml: bytes) -> bytes:
        xml = xml.replace(b' t="str"><f>1+1</f><v>WAITING</v>', b"><f>1+1</f><v></v>")
        return xml.replace(b' fullCalcOnLoad="1"', b"") if name == "xl/workbook.xml" else xml

    return changed(data, change)


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A zip with its members changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            copy.writestr(info.filename, change(info.filename, source.read(info.filename)))
    return target.getvalue()


_XLS_ERRORS = {"#N/A": 0x2A, "#DIV/0!": 0x07}


def xls(sheets: Sequence[Sheet]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        target = book.add_sheet(sheet.name)
        target.visibility = int(sheet.hidden)
        for top, left, bottom, right in sheet.merged:
            target.merge(top, bottom, left, right)
        for row, column, cell in sheet.cells():
            _xls_cell(target, row, column, cell)
        for row in sheet.hidden_rows:
            target.row(row).hidden = True
        for column in sheet.hidden_columns:
            target.col(column).hidden = True
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _xls_cell(target: Any, row: int, column: int, cell: Any) -> None:
    match cell:
        case Shown():
            target.write(row, column, cell.number, xlwt.easyxf(num_format_str=cell.code))
        case Error():
            target.row(row).set_cell_error(column, _XLS_ERRORS[cell.name])
        case Waiting():
            target.write(row, column, xlwt.Formula(cell.formula.removeprefix("=")))
        case datetime() | date() | time():
            code = "hh:mm" if isinstance(cell, time) else "yyyy-mm-dd hh:mm"
            target.write(row, column, cell, xlwt.easyxf(num_format_str=code))
        case _:
            target.write(row, column, cell)


_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(sheets: Sequence[Sheet]) -> bytes:
    body = "".join(map(_ods_sheet, sheets))
    styles = (
        '<office:automatic-styles><style:style style:name="unseen" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES}>{styles}'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("META-INF/manifest.xml", "<manifest/>")
        target.writestr("content.xml", content)
    return data.getvalue()


def _ods_sheet(sheet: Sheet) -> str:
    style = ' table:style-name="unseen"' if sheet.hidden else ""
    columns = "".join(
        f"<table:table-column{_ods_unseen(column in sheet.hidden_columns)}/>" for column in range(sheet.width)
    )
    rows = "".join(_ods_row(sheet, row) for row in range(len(sheet.rows)))
    rest = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    return f'<table:table table:name="{escape(sheet.name)}"{style}>{columns}{rows}{rest}</table:table>'


def _ods_unseen(unseen: bool) -> str:
    return ' table:visibility="collapse"' if unseen else ""


def _ods_row(sheet: Sheet, row: int) -> str:
    cells = "".join(_ods_cell(sheet, row, column) for column in range(sheet.width))
    return f"<table:table-row{_ods_unseen(row in sheet.hidden_rows)}>{cells}</table:table-row>"


def _ods_cell(sheet: Sheet, row: int, column: int) -> str:
    line = sheet.rows[row]
    cell = line[column] if column < len(line) else None
    area = sheet.covers(row, column)
    if area and area[:2] != (row, column):
        return "<table:covered-table-cell/>"
    span = ""
    if area:
        down, right = area[2] - area[0] + 1, area[3] - area[1] + 1
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
    return f"<table:table-cell{span}{_ods_value(cell)}</table:table-cell>"


def _ods_value(cell: Any) -> str:
    match cell:
        case None:
            return ">"
        case Shown():
            return f' office:value-type="float" office:value="{cell.number:g}"><text:p>{cell.text}</text:p>'
        case Error():
            return f' table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{cell.name}</text:p>'
        case Waiting():
            return f' table:formula="of:{cell.formula}">'
        case bool():
            return f' office:value-type="boolean" office:boolean-value="{str(cell).lower()}"><text:p>{cell}</text:p>'
        case datetime() | date():
            said = cell.isoformat()
            return f' office:value-type="date" office:date-value="{said}"><text:p>{said}</text:p>'
        case time():
            return f' office:value-type="time" office:time-value="PT{cell:%HH%MM%SS}"><text:p>{cell}</text:p>'
        case str():
            lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
            return f' office:value-type="string">{lines}'
        case _:
            return f' office:value-type="float" office:value="{cell}"><text:p>{cell:g}</text:p>'


def xml_2003(sheets: Sequence[Sheet]) -> bytes:
    codes = sorted({cell.code for sheet in sheets for _, _, cell in sheet.cells() if isinstance(cell, Shown)})
    styles = "".join(
        f'<Style ss:ID="s{number}"><NumberFormat ss:Format="{escape(code)}"/></Style>'
        for number, code in enumerate(codes)
    )
    body = "".join(_xml_sheet(sheet, codes) for sheet in sheets)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>{styles}</Styles>{body}</Workbook>'
    ).encode()


def _xml_sheet(sheet: Sheet, codes: Sequence[str]) -> str:
    columns = "".join(f'<Column ss:Index="{column + 1}" ss:Hidden="1"/>' for column in sorted(sheet.hidden_columns))
    rows = ""
    for row, line in enumerate(sheet.rows):
        unseen = ' ss:Hidden="1"' if row in sheet.hidden_rows else ""
        cells = "".join(_xml_cell(sheet, row, column, cell, codes) for column, cell in enumerate(line))
        rows += f'<Row ss:Index="{row + 1}"{unseen}>{cells}</Row>'
    visible = "<x:Visible>SheetHidden</x:Visible>" if sheet.hidden else ""
    return (
        f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>{columns}{rows}</Table>'
        f"<x:WorksheetOptions>{visible}</x:WorksheetOptions></Worksheet>"
    )


def _xml_cell(sheet: Sheet, row: int, column: int, cell: Any, codes: Sequence[str]) -> str:
    area = sheet.covers(row, column)
    if cell is None and not (area and area[:2] == (row, column)):
        return ""
    style = f' ss:StyleID="s{codes.index(cell.code)}"' if isinstance(cell, Shown) else ""
    span = f' ss:MergeAcross="{area[3] - area[1]}" ss:MergeDown="{area[2] - area[0]}"' if area else ""
    formula = ' ss:Formula="=1+1"' if isinstance(cell, Waiting) else ""
    return f'<Cell ss:Index="{column + 1}"{style}{span}{formula}>{_xml_data(cell)}</Cell>'


def _xml_data(cell: Any) -> str:
    match cell:
        case None | Waiting():
            return ""
        case Shown():
            kind, said = "Number", f"{cell.number:g}"
        case Error():
            kind, said = "Error", cell.name
        case bool():
            kind, said = "Boolean", str(int(cell))
        case datetime():
            kind, said = "DateTime", cell.isoformat(timespec="milliseconds")
        case date():
            kind, said = "DateTime", f"{cell.isoformat()}T00:00:00.000"
        case time():
            kind, said = "DateTime", f"1899-12-31T{cell.isoformat(timespec='milliseconds')}"
        case str():
            kind, said = "String", escape(cell).replace("\n", "&#10;")
        case _:
            kind, said = "Number", str(cell)
    return f'<Data ss:Type="{kind}">{said}</Data>'


def text_of(cell: Any) -> str:
    """A cell as a text format has it."""
    match cell:
        case None | Waiting():
            return ""
        case Shown():
            return cell.text
        case Error():
            return cell.name
        case float() | int() if not isinstance(cell, bool):
            return f"{cell:g}" if abs(cell) < 1e6 else f"{cell:.0f}"
        case _:
            return str(cell)


def html(sheets: Sequence[Sheet], encoding: str = "utf-8") -> bytes:
    (sheet,) = sheets
    rows = ""
    for row in range(len(sheet.rows)):
        unseen = ' style="display:none"' if row in sheet.hidden_rows else ""
        rows += f"<tr{unseen}>{''.join(_html_cell(sheet, row, column) for column in range(sheet.width))}</tr>\n"
    return f'<html><head><meta charset="{encoding}"><title>x</title></head><body><table>{rows}</table>'.encode(encoding)


def _html_cell(sheet: Sheet, row: int, column: int) -> str:
    area = sheet.covers(row, column)
    if area and area[:2] != (row, column):
        return ""
    span = f' rowspan="{area[2] - area[0] + 1}" colspan="{area[3] - area[1] + 1}"' if area else ""
    line = sheet.rows[row]
    text = text_of(line[column]) if column < len(line) else ""
    return f"<td{span}>{escape(text).replace(chr(10), '<br>')}</td>"


def separated(separator: str, encoding: str) -> Callable[[Sequence[Sheet]], bytes]:
    """A writer of text tables."""

    def write(sheets: Sequence[Sheet]) -> bytes:
        (sheet,) = sheets
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows([text_of(cell) for cell in row] for row in sheet.rows)
        return text.getvalue().encode(encoding)

    return write


def aligned(sheets: Sequence[Sheet]) -> bytes:
    """A text table as old programs print it: each column as wide as its widest cell."""
    (sheet,) = sheets
    texts = [[text_of(cell).replace("\n", "") for cell in row] for row in sheet.rows]
    records = [row for row in texts if sum(map(bool, row)) > 1]
    width = [max((_places(row[c]) for row in records if c < len(row)), default=0) for c in range(sheet.width)]
    lines = ["  ".join(t + " " * (w - _places(t)) for t, w in zip(row, width, strict=False)).rstrip() for row in texts]
    return "\n".join(lines).encode("gb18030")


def _places(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
