"""Files from outside as grids of cells: .xlsx, .xlsm, .xls and text tables in the encodings that schools have.

A ``Grid`` is one sheet. ``rows[0]`` is Excel row 1; a cell is a str, float, bool, date, datetime, time or "" if empty.
Merged cells down a column are filled (a class written once for its rows); merged titles across are not. A formula in
error is the text of its error (#N/A), so that it is refused where it matters.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbangfu.errors import NotAWorkbook, UnreadableFile

if TYPE_CHECKING:
    from xlbangfu.ooxml.package import Package

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 1 << 30  # inflated
_MOST_COLUMNS = 2_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",;\t，"


@dataclass(frozen=True)
class Grid:
    """One sheet of one file."""

    file: str
    sheet: str  # empty for a text table
    stem: str  # the file name without its ending
    rows: list[list[Any]]

    @property
    def title(self) -> str:
        return f"{self.file}·{self.sheet}" if self.sheet else self.file


def read_grids(path: Path) -> list[Grid]:
    """The visible, not empty sheets of a file.

    Raises UnreadableFile for what is no table, is encrypted, broken or hostile.
    """
    data = _bytes(path)
    if data.startswith(_ZIP):
        return _workbook(path, data, _package(path, data))
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile(f"“{path.name}”加了打开密码，请先在 Excel 里去掉密码再导入。")
        return _workbook(path, data, None)
    return [Grid(path.name, "", path.stem, _table(path, _decoded(path, data)))]


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"找不到文件“{path}”，请检查名字和所在文件夹。") from error
    except OSError as error:
        raise UnreadableFile(f"打不开“{path.name}”，请先关掉正在用它的程序，并确认它是一个文件。") from error
    if not data.strip():
        raise UnreadableFile(f"“{path.name}”是空文件，请换一份有内容的。")
    return data


def _package(path: Path, data: bytes) -> Package:
    """The parts of the workbook, after the checks against broken and hostile files."""
    from xlbangfu.ooxml.package import Package

    try:
        package = Package(data)
    except NotAWorkbook as error:
        raise UnreadableFile(f"“{path.name}”不能用：{error}") from error
    if sum(member.info.file_size for member in package.archive.members.values()) > _MOST_BYTES:
        raise UnreadableFile(f"“{path.name}”太大，请拆成几份再导入。")
    return package


def _workbook(path: Path, data: bytes, package: Package | None) -> list[Grid]:
    """The sheets by python-calamine; ``package`` tells of formulas in error, where the file is of the new format."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            meta.name
            for meta in book.sheets_metadata
            if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        grids = [_grid(path, book.get_sheet_by_name(name), package) for name in visible]
    except calamine.PasswordError as error:
        raise UnreadableFile(f"“{path.name}”加了打开密码，请先在 Excel 里去掉密码再导入。") from error
    except (calamine.CalamineError, NotAWorkbook, OSError, ValueError) as error:
        raise UnreadableFile(
            f"“{path.name}”不是能读的 Excel 文件或已损坏，请用 Excel 打开后另存为 .xlsx 再导入。"
        ) from error
    return [grid for grid in grids if any(cell != "" for row in grid.rows for cell in row)]


def _grid(path: Path, sheet: Any, package: Package | None) -> Grid:
    rows = _cells(sheet)
    part = package.sheets.get(sheet.name) if package else None
    if package and part:
        from xlbangfu.book.reading.cell_issues import cell_issues_of

        for row, column, error in cell_issues_of(package, part, sheet).errors:
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = error
    return Grid(path.name, sheet.name, path.stem, rows)


def _cells(sheet: Any) -> list[list[Any]]:
    if sheet.total_width > _MOST_COLUMNS:
        raise ValueError("too wide")
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows


def _decoded(path: Path, data: bytes) -> str:
    mark = _MARKS.get(data[:2])
    if mark is None and b"\0" in data[:4096]:
        raise UnreadableFile(f"“{path.name}”不是表格文件，请给 .xlsx、.xls 或 .csv。")
    for encoding in (mark,) if mark else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"“{path.name}”的文字编码认不出，请用 Excel 打开后另存为 .xlsx 再导入。")


def _table(path: Path, text: str) -> list[list[Any]]:
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise UnreadableFile(f"“{path.name}”其实是网页，不是 Excel 文件，请用 Excel 打开后另存为 .xlsx 再导入。")
    separator = _separator(text)
    if not separator:
        raise UnreadableFile(f"“{path.name}”不是表格文件，请给 .xlsx、.xls 或 .csv。")
    try:
        rows: list[list[Any]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise UnreadableFile(f"“{path.name}”读到一半断了，请用 Excel 打开后另存为 .xlsx 再导入。") from error
    return rows


def _separator(text: str) -> str | None:
    """The sign that stands in most of the first lines, most often."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda sign: counts[sign])
    return best if counts[best] else None
