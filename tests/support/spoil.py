"""A master workbook spoiled as staff, or another program, would spoil it: by editing the XML of its parts.

Openpyxl is not used for it: it drops much of what a master holds, and the tests are to see what the program loses.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import python_calamine

from tests.support.workbooks_made import parts
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import LEDGERS, NOTHING, OUTPUTS

OURS = {table.name for table in (*OUTPUTS, *LEDGERS)}


def text(value: str) -> str:
    """The inside of a cell that holds text."""
    return f't="inlineStr"><is><t xml:space="preserve">{escape(value, quote=False)}</t></is>'


def number(value: float) -> str:
    return f"><v>{value}</v>"


def error(formula: str, value: str = "#N/A") -> str:
    return f't="e"><f>{escape(formula)}</f><v>{value}</v>'


def formula(source: str, value: float) -> str:
    return f"><f>{escape(source)}</f><v>{value}</v>"


EMPTY = ">"


def rebuild(book: Path, changed: Mapping[str, bytes]) -> Path:
    """The book with members changed; quickly, so not small."""
    there = parts(book) | dict(changed)
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, data in there.items():
            target.writestr(name, data)
    return book


def part_of(book: Path, sheet: str) -> str:
    """The part of a sheet, by the name on its tab."""
    return Package(book.read_bytes()).sheets[sheet].path


def edit_sheet(book: Path, sheet: str, change: Callable[[str], str]) -> Path:
    """The book with the XML of one sheet changed."""
    path = part_of(book, sheet)
    before = parts(book)[path].decode()
    after = change(before)
    assert after != before, "the test changed nothing"
    return rebuild(book, {path: after.encode()})


def set_cells(book: Path, sheet: str, cells: dict[str, str]) -> Path:
    """The book with the inside of cells replaced; their formats stay."""

    def change(xml: str) -> str:
        for address, inside in cells.items():
            xml = _with_cell(xml, address, inside)
        return xml

    return edit_sheet(book, sheet, change)


def _with_cell(xml: str, address: str, inside: str) -> str:
    found = re.search(rf'<c r="{address}"(?: s="\d+")?([^>]*?)(/>|>.*?</c>)', xml)
    if found:
        style = re.search(r' s="\d+"', found[0].partition(">")[0])
        cell = f'<c r="{address}"{style[0] if style else ""} {inside}</c>'
        return xml[: found.start()] + cell + xml[found.end() :]
    row = re.sub(r"\D", "", address)
    closing = re.search(rf'(<row r="{row}"(?=[ >])[^>]*>.*?)</row>', xml)
    assert closing, f"there is no row {row}"
    return xml[: closing.end(1)] + f'<c r="{address}" {inside}</c>' + xml[closing.end(1) :]


def put_on_sheets(book: Path, sheets: Sequence[str], texts: dict[str, str]) -> Path:
    """The book with whole cells of these texts replaced on these sheets, and the texts among others split by 、."""
    package, there = Package(book.read_bytes()), parts(book)
    changed = {}
    for sheet in sheets:
        xml = there[package.sheets[sheet].path].decode()
        for old, new in texts.items():
            inside = escape(new, quote=False)
            xml = xml.replace(f">{old}<", f">{inside}<").replace(f">{old}、", f">{inside}、")
            xml = xml.replace(f"、{old}<", f"、{inside}<").replace(f"、{old}、", f"、{inside}、")
        changed[package.sheets[sheet].path] = xml.encode()
    rebuild(book, changed)
    return book


def rename_sheet(book: Path, sheet: str, name: str) -> Path:
    workbook = parts(book)["xl/workbook.xml"].decode()
    assert f'name="{sheet}"' in workbook
    renamed = workbook.replace(f'<sheet name="{sheet}"', f'<sheet name="{name}"').replace(f">{sheet}!", f">{name}!")
    return rebuild(book, {"xl/workbook.xml": renamed.encode()})


def rows_of(book: Path, sheet: str) -> list[list[Any]]:
    """The values of a sheet."""
    found: list[list[Any]] = (
        python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    )
    return found


def sheets_of(book: Path) -> list[str]:
    """The names on the tabs."""
    names: list[str] = python_calamine.CalamineWorkbook.from_path(str(book)).sheet_names
    return names


def records(book: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by its headings, without what it says where it has none."""
    head, *rows = rows_of(book, sheet)
    said = [row for row in rows if any(cell != "" for cell in row) and not any(is_empty_note(cell) for cell in row)]
    return [dict(zip(head, row, strict=True)) for row in said]


def is_empty_note(cell: Any) -> bool:
    """Whether it is the sentence of a sheet that has no record."""
    return str(cell or "").startswith(NOTHING)


def staff_parts(book: Path) -> dict[str, bytes]:
    """Every part that is not the program's to write: all but output sheets, ledgers, their tables and 名单.

    That an output sheet is hidden or shown is the program's too.
    """
    package, there = Package(book.read_bytes()), parts(book)
    ours = {"xl/calcChain.xml"}
    for name, part in package.sheets.items():
        if name in OURS or name == LISTS:
            folder, _, base = part.path.rpartition("/")
            ours |= {part.path, f"{folder}/_rels/{base}.rels", *part.tables}
    there["xl/workbook.xml"] = there["xl/workbook.xml"].replace(b' state="hidden"', b"")
    return {name: data for name, data in there.items() if name not in ours}
