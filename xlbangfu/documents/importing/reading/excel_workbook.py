"""Workbooks of today (.xlsx, .xlsm): values by openpyxl, what they do not tell by a look at the XML of each sheet.

Sheets of more than ``LARGE`` bytes of XML (about 100,000 cells) get their values from calamine, in a tenth of the time. It
sees neither hidden rows, formats nor formulas, and errors as blanks; the look sees them all, so nothing is missed.
Openpyxl reads row by row: a merged area or a stray cell at the far end of the sheet costs nothing.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xlbangfu.documents.importing.grid import Grid
from xlbangfu.documents.importing.reading.builder import GridBuilder
from xlbangfu.documents.importing.reading.refusal import SAVE_AGAIN, Refusal, broken, too_large
from xlbangfu.documents.importing.reading.sheet_look import Look, look_at
from xlbangfu.documents.importing.reading.shown_formats import CHINESE_DATE, CHINESE_DATES, changes, show
from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.one_reading import check_one_reading, is_panic, reach
from xlbangfu.ooxml.package import Package, elements

LARGE = 3 << 20  # bytes of a sheet's XML
MOST_BYTES = 1 << 27  # of all parts, inflated
MOST_SHEETS = 1_000
_MOST_BYTES_BESIDES = 1 << 25  # of the texts or the styles
_MOST_PLACES = 20_000_000  # of the rectangles that calamine fills
_BOOK_TYPE = late_pattern(rb"""<(?:[\w.-]+:)?Override\s[^>]*?sheet(?:\.macroEnabled)?\.main\+xml[^>]*>""")
_PART_NAME = late_pattern(rb"""PartName=["']/?([^"']*)["']""")


def read_workbook(file: str, data: bytes) -> Iterator[Grid]:
    """The sheets with something on them, in their order."""
    try:
        package = Package(data)
        _check(package)
        builders = {part.name: GridBuilder(file, part.name, part.hidden) for part in package.sheets.values()}
        looks = _looks(package, builders)
    except NotAWorkbook as problem:
        raise Refusal(f"不能用：{problem}") from problem
    except (LookupError, ValueError) as problem:
        raise broken() from problem

    for name, rows in _values(package, data, looks).items():
        builder = builders[name]
        builder.put_rows(rows)
        _show(builder, looks[name], package.date1904)
        grid = builder.grid()
        if grid:
            yield grid


def _check(package: Package) -> None:
    """Refuse a package that is too large, or in which readers find another workbook than the one that Excel opens."""
    members = package.archive.members
    sizes = {name: member.info.file_size for name, member in members.items()}
    besides = [path for kind in ("styles", "sharedStrings") if (path := package.part_of(kind))]
    if (
        len(package.sheets) > MOST_SHEETS
        or sum(sizes.values()) > MOST_BYTES
        or any(sizes[path] > _MOST_BYTES_BESIDES for path in besides)
    ):
        raise too_large()
    types = package.archive.read("[Content_Types].xml")
    books = [name[1].decode() for kind in _BOOK_TYPE.findall(types) if (name := _PART_NAME.search(kind))]
    other = package.workbook_part != "xl/workbook.xml" and "xl/workbook.xml" in members
    if other or books not in ([], [package.workbook_part]):
        raise Refusal(f"里面有两份内容，不知道该读哪一份，{SAVE_AGAIN}")


def _looks(package: Package, builders: Mapping[str, GridBuilder]) -> dict[str, Look]:
    codes, recalculates = _codes(package), _recalculates(package)
    return {
        name: look_at(package.archive.read(package.sheets[name].path), builder, codes, recalculates=recalculates)
        for name, builder in builders.items()
    }


def _codes(package: Package) -> dict[str, str]:
    """The format codes that change what is seen, by the number of the cell style."""
    path = package.part_of("styles")
    codes: dict[str, str] = {}
    styles: dict[str, str] = {}
    in_cells = False
    for element in elements(package.archive.read(path)) if path else ():
        attributes = element.attributes
        if element.name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element.name == "cellXfs":
            in_cells = True
        elif element.name in ("cellStyles", "dxfs"):
            in_cells = False
        elif element.name == "xf" and in_cells:
            styles[str(len(styles))] = attributes.get("numFmtId", "0")
    return {style: code for style, number in styles.items() if changes(code := _code(number, codes))}


def _code(number: str, codes: Mapping[str, str]) -> str:
    if number in codes:
        return codes[number]
    return CHINESE_DATE if number.isdecimal() and int(number) in CHINESE_DATES else ""


def _recalculates(package: Package) -> bool:
    book = elements(package.archive.read(package.workbook_part))
    return any(one.name == "calcPr" and one.attributes.get("fullCalcOnLoad") in ("1", "true") for one in book)


Rows = Iterable[Iterable[object]]


def _values(package: Package, data: bytes, looks: Mapping[str, Look]) -> Mapping[str, Rows]:
    """The rows of each sheet; from calamine too where openpyxl stumbles, as it does over styles that no Excel minds."""
    large = any(package.archive.members[package.sheets[name].path].info.file_size > LARGE for name in looks)
    if large and _suits_calamine(package):
        return _by_calamine(data, looks)
    try:
        return _by_openpyxl(data, looks)
    except Refusal:
        raise
    except Exception as problem:  # openpyxl has no base class for what it raises
        if _suits_calamine(package):
            return _by_calamine(data, looks)
        raise broken() from problem


def _suits_calamine(package: Package) -> bool:
    """Whether it reads what was checked and can hold it: it ends the process where a cell stands too far out."""
    try:
        check_one_reading(package)
        places = (reach(package.archive.read(part.path), _MOST_PLACES) for part in package.sheets.values())
        return sum(places) <= _MOST_PLACES
    except NotAWorkbook:
        return False


def _by_openpyxl(data: bytes, names: Iterable[str]) -> Mapping[str, Rows]:
    import openpyxl  # noqa: TID251 -- files from outside are its place

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it would drop at saving
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}  # book[name] looks through all of them
        return {name: _openpyxl_rows(sheets[name]) for name in names}


def _openpyxl_rows(sheet: Any) -> list[tuple[object, ...]]:
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    return list(sheet.iter_rows(values_only=True))


def _by_calamine(data: bytes, names: Iterable[str]) -> Mapping[str, Rows]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except BaseException as problem:
        if not isinstance(problem, calamine.CalamineError | OSError | ValueError | KeyError) and not is_panic(problem):
            raise
        raise broken() from problem


def _show(builder: GridBuilder, look: Look, date1904: bool) -> None:
    """Put what is seen in place of the numbers under formats that change them."""
    for (row, column), code in look.formats.items():
        line = builder.rows[row] if row < len(builder.rows) else []
        value = line[column] if column < len(line) else None
        if isinstance(value, float):
            line[column] = show(value, code, date1904=date1904)
